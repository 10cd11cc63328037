"""What was built: counts and content hashes, per day while it is built, then for the whole."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from siemlab.errors import StoreError
from siemlab.simulate.run import StoredFile

__all__ = ["DayRecord", "Manifest", "read_manifest", "write_json"]


@dataclass(frozen=True)
class DayRecord:
    """What was built of one day.

    Parameters
    ----------
    date
        The day, ``2022-10-03``.
    counts
        Records by log type.
    files
        How many files were written.
    hashes
        By log type, a SHA-256 over the keys and plain contents of its files.
    """

    date: str
    counts: dict[str, int]
    files: int
    hashes: dict[str, str]

    @classmethod
    def of(cls, date: str, stored: Iterable[StoredFile]) -> DayRecord:
        """Return the record of a day's files."""
        counts: Counter[str] = Counter()
        lines: dict[str, list[str]] = {}
        files = 0
        for file in stored:
            files += 1
            counts[file.log_type] += file.records
            lines.setdefault(file.log_type, []).append(f"{file.key} {file.sha256}")
        hashes = {name: _digest(sorted(each)) for name, each in sorted(lines.items())}
        return cls(date, dict(sorted(counts.items())), files, hashes)


@dataclass(frozen=True)
class Manifest:
    """What a whole data set holds: committed for the ones that siemlab offers.

    Parameters
    ----------
    name, seed, team, month
        The plan.
    first, last, dense
        The first and last day, and the dense ones.
    records, files
        How many, of all log types.
    counts
        Records by log type.
    hashes
        By log type, a SHA-256 over the hashes of its days.
    """

    name: str
    seed: int
    team: str
    month: str
    first: str
    last: str
    dense: list[str]
    records: int
    files: int
    counts: dict[str, int]
    hashes: dict[str, str]

    @classmethod
    def of(cls, plan: dict[str, str | int], dense: list[str], days: list[DayRecord]) -> Manifest:
        """Return the manifest of the days that were built."""
        counts: Counter[str] = Counter()
        for day in days:
            counts.update(day.counts)
        hashes = {
            name: _digest(f"{day.date} {day.hashes[name]}" for day in days if name in day.hashes)
            for name in sorted(counts)
        }
        return cls(
            name=str(plan["name"]),
            seed=int(plan["seed"]),
            team=str(plan["team"]),
            month=str(plan["month"]),
            first=days[0].date,
            last=days[-1].date,
            dense=dense,
            records=counts.total(),
            files=sum(day.files for day in days),
            counts=dict(sorted(counts.items())),
            hashes=hashes,
        )

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        write_json(path, asdict(self))


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in a file.

    Raises
    ------
    StoreError
        There is none, or it is damaged.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "manifest.json")
    >>> plan = {"name": "small", "seed": 1, "team": "", "month": ""}
    >>> day = DayRecord("2022-10-03", {"waf": 7}, files=1, hashes={"waf": "ab12"})
    >>> Manifest.of(plan, [day.date], [day]).write(path)
    >>> read_manifest(path).counts
    {'waf': 7}
    """
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            f"{path} is no manifest of a data set: build it again with siemlab build",
            f"{path} はデータセットのマニフェストではありません。"
            "siemlab build で作り直してください",
        ) from error


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, whole or not at all."""
    partial = path.with_name(path.name + ".part")
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
