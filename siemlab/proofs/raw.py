"""The raw files again, read as plainly as can be: a second path to each answer.

Nothing of `siemlab.logs`, `siemlab.normalize` or the stores is used here, on purpose. Where both
paths come to the same answer, a mistake in one of them cannot have made it.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

__all__ = ["KINDS", "RawFiles"]

Record = dict[str, Any]

KINDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "alb": r"/elasticloadbalancing/",
        "cloudtrail": r"/CloudTrail/",
        "config-history": r"_ConfigHistory_",
        "config-rules": r"/Config/Rules/",
        "config-snapshot": r"_ConfigSnapshot_",
        "guardduty": r"/GuardDuty/",
        "linux-secure": r"/[Ll]inux/[Ss]ecure/",
        "route53resolver": r"/vpcdnsquerylogs/",
        "s3accesslog": r"/s3accesslog/|/\d{4}(-\d\d){5}-[0-9A-Z]{16}$",
        "securityhub": r"/SecurityHub/",
        "vpcflowlogs": r"/vpcflowlogs/",
        "waf": r"/WAFLogs/|_waflogs_",
    }.items()
}
"""The kinds of log, and what their keys hold."""

_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})[/-]")
_TOKEN = re.compile(r'\[([^\]]*)\]|"((?:[^"]|"(?! |$))*)"|(\S+)')
_GZIP = b"\x1f\x8b"

# The columns of the AWS documentation; an address and its port are two here.
ALB_COLUMNS = (
    *("type", "time", "elb", "client", "target", "request_processing_time"),
    *("target_processing_time", "response_processing_time", "elb_status_code"),
    *("target_status_code", "received_bytes", "sent_bytes", "request", "user_agent"),
    *("ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id", "domain_name"),
    *("chosen_cert_arn", "matched_rule_priority", "request_creation_time", "actions_executed"),
    *("redirect_url", "error_reason", "target_port_list", "target_status_code_list"),
    *("classification", "classification_reason"),
)
S3_COLUMNS = (
    *("bucketowner", "bucket", "time", "remoteip", "requester", "requestid", "operation", "key"),
    *("requesturi", "httpstatus", "errorcode", "bytessent", "objectsize", "totaltime"),
    *("turnaroundtime", "referrer", "useragent", "versionid", "hostid", "sigv", "ciphersuite"),
    *("authtype", "endpoint", "tlsversion", "accesspointarn"),
)


class RawFiles:
    """The records of a bucket, by kind and days.

    Parameters
    ----------
    folder
        The folder that stands for the bucket; it holds ``AWSLogs``.
    keep
        How many records may be kept in memory, so that a proof can ask twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> raw = RawFiles(Path("data/sample"))
    >>> sum(1 for record in raw("waf"))
    4
    >>> sorted({record["eventName"] for record in raw("cloudtrail", "2022-11-14", "2022-11-14")})[0]
    'AddTagsToStream'
    """

    def __init__(self, folder: Path, keep: int = 60_000) -> None:
        self.folder = folder
        self._keep = keep
        self._index: dict[str, list[tuple[date, str]]] | None = None
        self._kept: dict[tuple[str, str | None, str | None], list[Record]] = {}

    def __call__(
        self, kind: str, first: str | None = None, last: str | None = None
    ) -> Iterator[Record]:
        """Go through the records of one kind, in the order of their objects' keys.

        Parameters
        ----------
        kind
            A log type's name: ``"cloudtrail"``, ``"vpcflowlogs"`` ...
        first, last
            Days of Japan, ``"2022-11-12"``, both included. They bound which objects are opened, by
            the time in their keys and with a day's margin; records are not compared with them.

        Returns
        -------
        Iterator[dict]
            JSON records as they are: those of GuardDuty, the findings inside Security Hub's events,
            the details inside events of Config rules. Lines as text by column: an ALB's client and
            target are ``client_ip``, ``client_port`` and so on. Lines of ``linux-secure`` have
            ``time`` (ISO, UTC), ``message`` and ``instance``.

        Raises
        ------
        KeyError
            When there is no such kind.
        """
        asked = (kind, first, last)
        if asked in self._kept:
            self._kept[asked] = self._kept.pop(asked)  # the latest stands last
            return iter(self._kept[asked])
        return self._keeping(asked)

    def _keeping(self, asked: tuple[str, str | None, str | None]) -> Iterator[Record]:
        """Yield the records, and keep them when all were wanted and they are not too many."""
        seen: list[Record] | None = []
        for record in self._records(*asked):
            if seen is not None:
                seen.append(record)
                if len(seen) > self._keep:
                    seen = None
            yield record
        if seen is not None:
            self._kept[asked] = seen
            while sum(map(len, self._kept.values())) > self._keep:
                del self._kept[next(iter(self._kept))]

    def _records(self, kind: str, first: str | None, last: str | None) -> Iterator[Record]:
        if kind not in KINDS:
            raise KeyError(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
        for key in self._keys(kind, first, last):
            content = (self.folder / key).read_bytes()
            if content.startswith(_GZIP):
                content = gzip.decompress(content)
            yield from _read(kind, content.decode())

    def _keys(self, kind: str, first: str | None, last: str | None) -> Iterator[str]:
        """Yield the keys of a kind whose day is near enough, sorted."""
        margin = timedelta(days=1)
        least = date.fromisoformat(first) - margin if first else date.min
        most = date.fromisoformat(last) + margin if last else date.max
        if self._index is None:
            self._index = _index(self.folder)
        return (key for day, key in self._index[kind] if least <= day <= most)


def _index(folder: Path) -> dict[str, list[tuple[date, str]]]:
    """Return the keys of each kind with their days."""
    found: dict[str, list[tuple[date, str]]] = {kind: [] for kind in KINDS}
    keys = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for key in sorted(keys):
        kind = next((kind for kind, pattern in KINDS.items() if pattern.search(f"/{key}")), None)
        dated = _DATE.search(f"/{key}")
        if kind is not None and dated is not None:
            found[kind].append((date(int(dated[1]), int(dated[2]), int(dated[3])), key))
    return found


def _read(kind: str, text: str) -> Iterable[Record]:
    """Return the records of one object."""
    if kind == "vpcflowlogs":
        return csv.DictReader(text.splitlines(), delimiter=" ")
    if kind == "alb":
        return map(_alb, csv.reader(text.splitlines(), delimiter=" "))
    if kind == "s3accesslog":
        return map(_s3, text.splitlines())
    return _unwrapped(kind, _documents(text))


def _documents(text: str) -> Iterator[Record]:
    """Yield JSON objects that stand one after another, on lines of their own or not."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        record, at = decoder.raw_decode(text, at)
        yield record


def _unwrapped(kind: str, objects: Iterator[Record]) -> Iterator[Record]:
    """Yield what is a record; the objects around it are how it came."""
    for one in objects:
        if kind == "cloudtrail":
            yield from one["Records"]
        elif kind in ("config-history", "config-snapshot"):
            yield from one["configurationItems"]
        elif kind == "linux-secure":
            yield from map(_exported, one["logEvents"], [one["logStream"]] * len(one["logEvents"]))
        elif kind == "securityhub" and "detail" in one:
            yield from one["detail"]["findings"]
        elif kind == "config-rules" and "detail" in one:
            yield one["detail"]
        else:
            yield one


def _exported(event: Record, stream: str) -> Record:
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {
        "time": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "message": event["message"],
        "instance": stream,
    }


def _alb(values: list[str]) -> Record:
    record: Record = dict(zip(ALB_COLUMNS, values, strict=False))
    for side in ("client", "target"):
        address, _, port = record[side].rpartition(":")
        record |= {f"{side}_ip": address or "-", f"{side}_port": port}
    return record


def _s3(line: str) -> Record:
    tokens = ("".join(groups) for groups in _TOKEN.findall(line))
    return dict(zip(S3_COLUMNS, tokens, strict=False))
