"""The fields that drawn documents and queries speak of, and values at the edges of their types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

__all__ = ["BY_TYPE", "FIELDS", "INSTANTS", "KINDS", "PATTERNS", "WORDS", "ZONES", "Kind"]

INSTANTS: Final = (
    "2023-01-31T14:59:59.999Z",  # the last millisecond of January in Tokyo
    "2023-01-31T15:00:00.000Z",
    "2023-01-31T23:59:59.999Z",
    "2023-02-01T00:00:00.000Z",
    "2023-02-14T11:59:59.999Z",
    "2023-02-14T12:00:00.000Z",
    "2023-02-14T12:00:00.001Z",
    "2023-02-28T15:00:00.000Z",
    "2023-03-12T06:59:59.999Z",  # clocks go forward in New York
    "2023-03-12T07:00:00.000Z",
    "2023-11-05T05:30:00.000Z",  # 01:30 in New York, twice
    "2023-11-05T06:30:00.000Z",
    "2024-02-28T15:00:00.000Z",  # February 29 in Tokyo
    "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00.000Z",
)
ZONES: Final = ("UTC", "Asia/Tokyo", "+09:00", "America/New_York")
WORDS: Final = (
    *(
        "quick",
        "Quick",
        "brown",
        "fox",
        "role",
        "roleName",
        "1",
        "3",
        "not",
        "AND",
        "iam:CreateUser",
    ),
    *("arn:aws:iam", "10.0.0.5", "s3.amazonaws.com", "a_b", "don't", "日本語", "東京", "カタカナ"),
    *("ログイン", "３回", "é", "é", "😀", "...", "aws-cli/2.9", "STRASSE", "straße"),
)


@dataclass(frozen=True)
class Kind:
    """Values of a type of field, the first ones more often; those it cannot hold; what is asked."""

    values: tuple[Any, ...]
    malformed: tuple[Any, ...]
    asked: tuple[str, ...]


_KEYWORDS = (
    *("alice", "Alice", "x*y", "x", "", "x?y", "bob", "alice smith", "ALICE", "*", "x😀y", "y"),
    *("z", "x y", "AND", "null", "7", "10", "9", "true", "10.0.0.5", "a\\b", 'a"b', "-x", "a/b"),
    *("a:b", "[x TO y]", "日本語", "日本", "東京　リージョン", "ｘ", "é", "é", "ß", "ss"),
    *("\ue000", "😀", "sixteen-chars-ok", "seventeen-chars-x", "AWS Internal", "%", "_", "100%"),
    *("line\nbreak", "データの一覧", "ÿx\x7fy"),
)
_ADDRESSES = (
    *("10.0.0.5", "10.0.0.0", "10.0.0.255", "2001:db8::", "::ffff:10.0.0.5", "203.0.113.7"),
    *("10.0.1.0", "9.255.255.255", "255.255.255.255", "0.0.0.0", "::", "::1", "2001:db8::ffff"),
    *("fe80::1", "2001:db9::", "2001:DB8:0:0::1", "1fff:ffff::"),
)
_NETWORKS = (
    *("10.0.0.0/8", "10.0.0.0/24", "10.0.0.5/31", "10.0.0.0/32", "0.0.0.0/0", "::/0", "::1/128"),
    *("2001:db8::/32", "2001:db8::/127"),
)
_LONGS = (7, 8, 9, 0, -7, "7", 7.9, -7.9, "7.9", "1e3", 1000, 2**53 + 1, 2**63 - 1, -(2**63), 1e2)
_DATES = (
    *("2023-02-01", INSTANTS[1], "2023-02-14", INSTANTS[5], INSTANTS[3], *INSTANTS),
    *("2023-02", "2023", "2023-02-14T21:00:00+09:00", 1676376000000),
    *("2023-02-14T12:00Z", 0, -1, "1676376000001"),
)
_DATE_MATH = (
    *("2023-02-14", "2023-02-01", "2023-02", "2023", "2023-02-14T12:00:00Z", "2023-02-14T21"),
    *("2023-02-14T12:00", "1676376000000", "now", "now-1y/y", "2023-02-14||/M", "2023-02-14||+1d"),
    "2023-02-14T12:00:00.001+09:00",
)

KINDS: Final = {
    "keyword": Kind(
        _KEYWORDS, (7, 7.0, 7.9, 1e-7, True, 10**18, {"a": 1}, {}), ("smith", "nobody")
    ),
    "text": Kind(("quick brown fox", "", 7, True), ({"a": 1},), WORDS),
    "ip": Kind(
        _ADDRESSES,
        ("AWS Internal", "", "10.0.0.256", "10.0.0", "010.0.0.1", "10.0.0.0/33", 7, {"a": "b"}),
        _NETWORKS,
    ),
    "long": Kind(
        _LONGS, (" 7 ", "abc", "", "9007199254740993x", True, 2**63), ("7.0", "07", "7.5")
    ),
    "integer": Kind(
        (443, 22, 0, -1, "443", 22.9, 2**31 - 1), (3_000_000_000, "x"), ("443.0", "NaN")
    ),
    "short": Kind((200, 404, 500, "404", 404.5, -1, 32767), (32768, 2**31), ("404.0", "40000")),
    "float": Kind(
        (0.1, 7.9, 5, "0.1", -0.5, 0.0, -0.0, 16777217, 3.5, 0.30000000000000004),
        ("abc", "1e39"),
        ("16777216", "5.0", ".5", "0.10000000149011612", "-0"),
    ),
    "boolean": Kind((True, False, "true", "false", ""), ("TRUE", "yes", 1, 0), ()),
    "date": Kind(_DATES, ("yesterday", "", "2023-02-30", "2023-2-14", {"a": 1}), _DATE_MATH),
}

FIELDS: Final = {
    "user.name": "keyword",
    "event.action": "keyword",
    "labels.color": "keyword",
    "labels.short": "keyword",
    "source.address": "keyword",
    "user_agent.original": "keyword",
    "@message": "text",
    "error.message": "text",
    "source.ip": "ip",
    "related.ip": "ip",
    "labels.n": "long",
    "source.bytes": "long",
    "source.port": "integer",
    "http.response.status_code": "short",
    "event.risk_score": "float",
    "labels.flag": "boolean",
    "labels.when": "date",
    # not in the mapping: the first value that an index sees decides
    "requestParameters.name": "keyword",
    "requestParameters.max": "long",
    "requestParameters.force": "boolean",
    "requestParameters.until": "date",
    "labels.a-b": "keyword",
    "labels.my key": "keyword",
    "_tag": "keyword",  # as the server names its own
}
BY_TYPE: Final = {
    kind: tuple(name for name, its in FIELDS.items() if its == kind) for kind in KINDS
}
PATTERNS: Final = (
    *("user.*", "*.name", "labels.*", "source.*", "*", "nosuch.*", "user_agent*", "*.message"),
    *("requestParameters.*", "**", "_t*", "*g", "*d", "_s*"),
)
