"""Golden cases, and the one form in which documents are compared."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siemlab.normalize import Document, normalize_object
from siemlab.normalize.sources import LogObject

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "logs"
BUCKET = "demo-log-bucket"
IGNORED = (("event", "ingested"), ("@log_s3bucket",))
UNORDERED = (("event", "category"), ("event", "type"), ("related",))


@dataclass(frozen=True)
class Case:
    """A raw object and the documents to make of it."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.relative_to(CASES).as_posix()

    @property
    def key(self) -> str:
        return (self.folder / "key.txt").read_text(encoding="utf-8").rstrip("\n")

    @property
    def raw(self) -> bytes:
        return next(self.folder.glob("raw*")).read_bytes()

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.raw) if self.raw.startswith(b"\x1f\x8b") else self.raw

    @property
    def expected(self) -> dict[tuple[str, str], Any]:
        right = self.folder / "expected-right.ndjson"
        found = right if right.exists() else self.folder / "expected.ndjson"
        return read_expected(found.read_text(encoding="utf-8"))


GOLDEN = sorted((Case(path.parent) for path in CASES.rglob("key.txt")), key=lambda case: case.name)


def log_object(key: str, data: bytes) -> LogObject:
    return LogObject(key, BUCKET, lambda: io.BytesIO(data), len(data))


def documents_of(key: str, data: bytes) -> dict[tuple[str, str], Any]:
    """The documents of an object by index and id, as a reader of JSON gets them."""
    return {
        (outcome.index, outcome.id): comparable(json.loads(json.dumps(outcome.source)))
        for outcome in normalize_object(log_object(key, data))
        if isinstance(outcome, Document)
    }


def read_expected(text: str) -> dict[tuple[str, str], Any]:
    found = map(json.loads, text.splitlines())
    return {(one["_index"], one["_id"]): comparable(one["_source"]) for one in found}


def comparable(source: dict[str, Any]) -> dict[str, Any]:
    """Without what may differ: the time of loading, dots in keys, the order of sets."""
    source = nested(source)
    for *parents, leaf in IGNORED:
        holder = source
        for name in parents:
            holder = holder[name]
        holder.pop(leaf, None)
    for *parents, leaf in UNORDERED:
        holder = source
        for name in parents:
            holder = holder[name]
        if leaf in holder:
            holder[leaf] = as_sets(holder[leaf])
    return source


def nested(value: Any) -> Any:
    if isinstance(value, list):
        return [nested(item) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key in sorted(value, key=lambda key: "." in key):
        first, dot, rest = key.partition(".")
        holder = made.setdefault(first, {}) if dot else None
        if isinstance(holder, dict):
            holder.update(nested({rest: value[key]}))
        else:
            made[key] = nested(value[key])
    return made


def as_sets(value: Any) -> Any:
    """Lists of scalars without their order; a text alone is a list of one."""
    if isinstance(value, dict):
        return {name: as_sets(item) for name, item in value.items()}
    if isinstance(value, str):
        return [value]
    return sorted(value, key=repr) if isinstance(value, list) else value
