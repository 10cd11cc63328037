"""Bad input of every kind, in files of every log type: what becomes of it.

    python tests/normalize/bad_input_table.py

prints a line a case: type, case, documents, refused, skipped, and checks them against what is
expected. Each file holds three good records, and something bad between the second and the third.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from siemlab.normalize import NormalizeOptions, Refused, Tally, normalize, normalize_object
from siemlab.normalize.decompress import Limits
from siemlab.normalize.sources import LogObject

GOOD = 3
LIMITS = Limits(ratio=50, free=1 << 16, record=1 << 18)
LOGS = "AWSLogs/111122223333"
DAY = "2022/11/18"


@dataclass(frozen=True)
class Kind:
    """A log type: its key, a good record by number, and the file that some records make.

    ``timed`` makes a record with another time; the time is JSON or text, as it stands in the file.
    """

    name: str
    key: str
    good: Callable[[int], str]
    timed: Callable[[str], str]
    file: Callable[[list[bytes], bytes], bytes]
    years: tuple[str, str] = ('"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"')
    is_json: bool = True


def lines(records: list[bytes], end: bytes) -> bytes:
    return b"".join(record + end for record in records)


def listed(begin: bytes) -> Callable[[list[bytes], bytes], bytes]:
    """Records in a list, below a key."""
    return lambda records, end: begin + (b"," + end.strip(b"\n")).join(records) + b"]}" + end


def of_json(
    time: str, good_time: Callable[[int], str], more: str = ""
) -> tuple[Callable[[int], str], Callable[[str], str]]:
    """A maker of good records, and one of records with another time; empty: without."""

    def make(number: int, value: str) -> str:
        timed = f'"{time}":{value},' if value else ""
        text = json.dumps({"eventID": f"e{number}", "id": f"f{number}", "note": "text"})
        return f'{text[:-1]},{timed}{more}"last":{{"number":{number}}}}}'

    return (lambda number: make(number, good_time(number))), (lambda value: make(900, value))


def iso(number: int) -> str:
    return f'"2022-11-18T07:00:{number % 60:02}Z"'


def hub_event(number: int, time: str) -> str:
    timed = f'"time":{time},' if time else ""
    finding = f'{{"Id":"f{number}","Title":"text","Severity":{{"Normalized":{number % 100}}}}}'
    return (
        f'{{"version":"0","id":"e{number}","detail-type":"Security Hub Findings - Imported",'
        f'"source":"aws.securityhub","account":"111122223333",{timed}"region":"us-east-1",'
        f'"resources":[],"detail":{{"findings":[{finding}]}}}}'
    )


def log_event(number: int, time: str) -> str:
    timed = f'"timestamp":{time},' if time else ""
    line = f"Nov 18 07:00:{number % 60:02} web-01 sshd[{number}]: Accepted none for text from x"
    return f'{{"id":"{number}",{timed}"message":"{line}"}}'


def flow(number: int, end: str) -> str:
    return (
        f"2 111122223333 eni-text 10.0.0.{number % 256} 10.0.1.1 4000 443 6 1 40 1668754800"
        f" {end} ACCEPT OK"
    )


def balanced(number: int, time: str) -> str:
    return (
        f"http {time} app/web/1 198.51.100.7:{2000 + number} 10.0.1.21:80 0.001 0.037 0.000 200 200"
        ' 34 366 "GET http://www.example.com:80/text HTTP/1.1" "curl/7.79.1" - - arn:aws:x'
        ' "Root=1-2" "-" "-" 0 2022-11-18T07:00:00.000000Z "forward" "-" "-" "10.0.1.21:80" "200"'
        ' "-" "-"'
    )


def access(number: int, time: str) -> str:
    return (
        f"79a5 my-bucket [{time}] 198.51.100.7 - {number:016X} REST.GET.OBJECT text"
        ' "GET /text HTTP/1.1" 200 - 113 1130 7 6 "-" "curl/7.79.1" - s9lz SigV4 ECDHE AuthHeader'
        " my-bucket.s3.us-east-1.amazonaws.com TLSv1.2 - -"
    )


FLOW_HEADER = (
    b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    b" start end action log-status"
)
ENVELOPE = (
    b'{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/secure",'
    b'"logStream":"i-0123456789abcdef0","subscriptionFilters":[],"logEvents":['
)

CLOUDTRAIL = of_json("eventTime", iso, '"userAgent":"text",')
EPOCH_YEARS = ("-62135596800000", "253402300799000")

KINDS = (
    Kind(
        "alb",
        f"{LOGS}/elasticloadbalancing/us-east-1/{DAY}/111122223333_elasticloadbalancing_us-east-1"
        "_app.web.1_20221118T0705Z_203.0.113.9_abc.log.gz",
        lambda number: balanced(number, f"2022-11-18T07:00:{number % 60:02}.000001Z"),
        lambda time: balanced(900, time),
        lines,
        years=("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        is_json=False,
    ),
    Kind(
        "cloudtrail",
        f"{LOGS}/CloudTrail/us-east-1/{DAY}/111122223333_CloudTrail_us-east-1_x.json.gz",
        *CLOUDTRAIL,
        listed(b'{"Records":['),
    ),
    Kind(
        "config-history",
        f"{LOGS}/Config/us-east-1/2022/11/18/ConfigHistory/111122223333_Config_us-east-1_Config"
        "History_AWS::S3::Bucket_20221118T070000Z_20221118T080000Z_1.json.gz",
        *of_json("configurationItemCaptureTime", iso),
        listed(b'{"fileVersion":"1.0","configurationItems":['),
    ),
    Kind(
        "config-rules",
        f"{LOGS}/Config/Rules/us-east-1/{DAY}/rules-1-2022-11-18-07-00-00-x.gz",
        *of_json("notificationCreationTime", iso),
        lines,
    ),
    Kind(
        "config-snapshot",
        f"{LOGS}/Config/us-east-1/2022/11/18/ConfigSnapshot/111122223333_Config_us-east-1_Config"
        "Snapshot_20221118T070001Z_x.json.gz",
        *of_json("configurationItemCaptureTime", iso),
        listed(b'{"fileVersion":"1.0","configurationItems":['),
    ),
    Kind(
        "guardduty",
        f"{LOGS}/GuardDuty/us-east-1/{DAY}/x.jsonl.gz",
        *of_json("updatedAt", iso),
        lines,
    ),
    Kind(
        "linux-secure",
        f"{LOGS}/EC2/Linux/Secure/us-east-1/{DAY}/07/secure-1-2022-11-18-07-00-00-x",
        lambda number: log_event(number, "1668754860000"),
        lambda time: log_event(900, time),
        listed(ENVELOPE),
        years=EPOCH_YEARS,
    ),
    Kind(
        "route53resolver",
        f"{LOGS}/vpcdnsquerylogs/vpc-1/{DAY}/vpc-1_vpcdnsquerylogs_111122223333_x.log.gz",
        *of_json("query_timestamp", iso),
        lines,
    ),
    Kind(
        "s3accesslog",
        f"{LOGS}/S3/us-east-1/my-bucket/2022-11-18-07-17-06-E568B2907131C0C0",
        lambda number: access(number, f"18/Nov/2022:07:00:{number % 60:02} +0000"),
        lambda time: access(900, time),
        lines,
        years=("01/Jan/0001:00:00:00 +0000", "31/Dec/9999:23:59:59 +0000"),
        is_json=False,
    ),
    Kind(
        "securityhub",
        f"{LOGS}/SecurityHub/us-east-1/{DAY}/07/hub-1-2022-11-18-07-00-00-x.gz",
        lambda number: hub_event(number, iso(number)),
        lambda time: hub_event(900, time),
        lines,
    ),
    Kind(
        "vpcflowlogs",
        f"{LOGS}/vpcflowlogs/us-east-1/{DAY}/111122223333_vpcflowlogs_us-east-1_fl-1_20221118T0705Z"
        "_x.log.gz",
        lambda number: flow(number, str(1668754800 + number)),
        lambda time: flow(900, time),
        lambda records, end: lines([FLOW_HEADER, *records], end),
        years=("-62135596800", "253402300799"),
        is_json=False,
    ),
    Kind(
        "waf",
        f"{LOGS}/WAFLogs/us-east-1/acl/{DAY}/07/00/111122223333_waflogs_us-east-1_acl_x.log.gz",
        *of_json("timestamp", lambda number: str(1668754800000 + number)),
        lines,
        years=EPOCH_YEARS,
    ),
)


@dataclass(frozen=True)
class Case:
    """A file with something bad in it, and the numbers of documents, refused, and skipped."""

    kind: Kind
    name: str
    data: bytes
    expected: tuple[int, int, int] = (GOOD, 1, 0)
    key: str = ""
    limits: Limits = field(default=LIMITS)

    @property
    def id(self) -> str:
        return f"{self.kind.name}-{self.name}"

    def run(self) -> tuple[Tally, list[Refused]]:
        """Count what becomes of it, and collect what was refused."""
        tally, refused = Tally(), []
        for outcome in self._outcomes():
            tally.see(outcome)
            if isinstance(outcome, Refused):
                refused.append(outcome)
        return tally, refused

    def _outcomes(self) -> Iterator[object]:
        options = NormalizeOptions(limits=self.limits)
        key = self.key or self.kind.key
        if not key.startswith(".."):
            yield from normalize_object(
                LogObject(key, "bucket", lambda: io.BytesIO(self.data), len(self.data)), options
            )
            return
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "logs.zip"
            with zipfile.ZipFile(archive, "w") as made:
                made.writestr(self.kind.key, self.data)
                made.writestr(key, self.data)
            yield from normalize([archive], options)


def good(kind: Kind, bad: bytes | None = None, end: bytes = b"\n") -> bytes:
    """The file of three good records, with something bad before the last."""
    first, second, last = (kind.good(number).encode() for number in range(1, GOOD + 1))
    middle = [] if bad is None else [bad]
    return kind.file([first, second, *middle, last], end)


def cases_of(kind: Kind) -> Iterator[Case]:
    nine = kind.good(9).encode()
    plain = good(kind)

    def bad(name: str, record: bytes, *expected: int) -> Case:
        return Case(kind, name, good(kind, record), expected or (GOOD, 1, 0))  # type: ignore[arg-type]

    stored = gzip.compress(plain, 0)
    cut = stored.index(kind.good(GOOD).encode()) + 20
    yield Case(kind, "truncated gzip", stored[:cut], (GOOD - 1, 1, 0))
    long = nine.replace(b"text", b"a" * 9_000_000)
    yield Case(kind, "decompression bomb", gzip.compress(good(kind, long)), (GOOD - 1, 1, 0))
    yield bad("record too long", nine.replace(b"text", b"a" * (1 << 19)))
    yield bad("broken in the middle", nine[: len(nine) // 2])
    yield bad("invalid UTF-8", nine.replace(b"text", b"te\xff\xfext"))
    for name in ("null", "[]", "7", '"text"'):
        yield bad(f"record is {name}", name.encode())
    yield from times(kind)
    yield bad("wrong column count", b"2 111122223333 eni-1")
    yield duplicate(kind)
    yield bad("nesting 1,000 deep", nested(kind, 1000))
    yield bad("nesting 100,000 deep", nested(kind, 100_000))
    yield bad("NUL byte", nine.replace(b"text", b"te\0xt"))
    for name in ("NaN", "Infinity", "1e400"):
        yield bad(f"value {name}", with_value(kind, name.encode()))
    yield Case(kind, "byte order mark", b"\xef\xbb\xbf" + plain, (GOOD, 0, 0))
    yield Case(kind, "CRLF", good(kind, end=b"\r\n"), (GOOD, 0, 0))
    yield Case(kind, "garbage after gzip", gzip.compress(plain) + b"garbage")
    yield Case(kind, "key climbs out", plain, key=f"../../{kind.key}")
    if kind.name in OWN:
        yield bad("the loader's own call", OWN[kind.name](nine), GOOD, 0, 1)


OWN: dict[str, Callable[[bytes], bytes]] = {
    "cloudtrail": lambda record: record.replace(
        b'"userAgent":"text"', b'"userAgent":"Boto3 siem-es-loader/2"'
    ),
    "s3accesslog": lambda record: record.replace(b"curl/7.79.1", b"Boto3 siem-es-loader/2"),
}


def times(kind: Kind) -> Iterator[Case]:
    """Times that are missing or absurd; that of a snapshot stands in its name, for all records."""
    year_1, year_9999 = kind.years
    negative = "-1" if kind.is_json or kind.name == "vpcflowlogs" else "-"
    named = {
        "time missing": "" if kind.is_json else "-",
        "time in year 1": year_1,
        "time in year 9999": year_9999,
        "time negative": negative,
        "time NaN": "NaN",
        "time 1e400": "1e400",
    }
    for name, time in named.items():
        if kind.name != "config-snapshot":
            yield Case(kind, name, good(kind, kind.timed(time).encode()))
            continue
        written = "".join(letter for letter in time if letter.isalnum())
        key = kind.key.replace("20221118T070001Z", written)
        yield Case(kind, name, good(kind), (0, GOOD, 0), key=key)


def duplicate(kind: Kind) -> Case:
    """A key twice in an object; in a table, a column twice in its header."""
    record = kind.good(9)
    if kind.name == "vpcflowlogs":
        data = good(kind).replace(b" end ", b" end end ").replace(b" ACCEPT", b" 1 ACCEPT")
        return Case(kind, "duplicate keys", data, (0, GOOD, 0))
    bad = record[:-1] + ',"twice":1,"twice":2}' if kind.is_json else '{"twice":1,"twice":2}'
    return Case(kind, "duplicate keys", good(kind, bad.encode()))


def nested(kind: Kind, depth: int) -> bytes:
    return with_value(kind, b"[" * depth + b"]" * depth)


def with_value(kind: Kind, value: bytes) -> bytes:
    if not kind.is_json:
        return value
    return kind.good(9).encode()[:-1] + b',"more":' + value + b"}"


CASES = tuple(case for kind in KINDS for case in cases_of(kind))


def main() -> int:
    """Print the table; 1 where a case is not as expected."""
    print(f"{'type':<16} {'case':<24} {'documents':>9} {'refused':>8} {'skipped':>8}")
    wrong = 0
    for case in CASES:
        total = case.run()[0].total
        found = (total.documents, total.refused, total.skipped)
        note = "" if found == case.expected else f"   expected {case.expected}"
        wrong += bool(note)
        print("{:<16} {:<24} {:>9} {:>8} {:>8}".format(case.kind.name, case.name, *found) + note)
    print(f"{len(CASES)} cases of {len(KINDS)} log types, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
