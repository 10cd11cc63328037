"""The types of answers: how each is read, generously, and what is said where it cannot be."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from siemlab.check.tidy import QUOTES, Reading, pieces, tidy
from siemlab.check.times import moments
from siemlab.errors import AnswerFormatError
from siemlab.missions import Part, Text

__all__ = ["ANSWER_TYPES", "AnswerType", "as_text", "canonical", "read"]

_COUNT = re.compile(
    r"(\d{1,3}(?:[,_ 、]\d{3})+|\d{1,18})\s*[a-z件個回本台分秒名人社つ%]*", re.IGNORECASE
)
_PORT = re.compile(
    r"\[?(?P<ip>[0-9a-f:.]+?)\]?\s*(?:[:/,]|\bport\b|ポート|\s)+\s*(?P<port>\d{1,5})", re.I
)
_PREFIX = re.compile(r"^(?:[A-Za-z0-9-]+\.amazonaws\.com\s*[:/ ]\s*|[a-z0-9-]+[:/.]\s*(?=[A-Z]))")
_VERSION = re.compile(r"\d{8}(?:v\d+)?$")
_NAME = re.compile(r"[\w+=,.@:/-]{1,200}", re.ASCII)

_GLANCE = 200

_Read = Callable[[str, Part], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A type of answer.

    Parameters
    ----------
    name
        How a mission names it, ``"ip-port"``.
    wanted
        What a text must be, said to whom typed another thing.
    candidates
        Returns the canonical spellings of a tidy text, the plainest first; none when it is not
        of this type.
    blanks
        Whether a value may hold a blank; else blanks part the values of a list.

    Examples
    --------
    >>> [each.wanted.en for each in ANSWER_TYPES if each.name == "ip"]
    ['an IP address']
    """

    name: str
    wanted: Text
    candidates: _Read
    blanks: bool = False


def _count(text: str, part: Part) -> tuple[str, ...]:
    found = _COUNT.fullmatch(text)
    if found is None:
        return ()
    number = int(re.sub(r"\D", "", found[1]))
    near = (number + step * sign for step in range(1, part.tolerance + 1) for sign in (-1, 1))
    return (str(number), *(str(each) for each in near if each >= 0))


def _ip(text: str, part: Part) -> tuple[str, ...]:
    address = _address(text.strip("[]"))
    return (address,) if address else ()


def _address(text: str) -> str:
    """Return an address in its shortest spelling; empty where it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _cidr(text: str, part: Part) -> tuple[str, ...]:
    """Read a block; one with host bits stands for its network, a range for the block it fills."""
    ends = re.split(r"\s*(?:-|~|から)\s*", text)
    try:
        if len(ends) == 2:
            first, last = (ipaddress.IPv4Address(end) for end in ends)
            blocks = [*ipaddress.summarize_address_range(first, last)]
            return (str(blocks[0]),) if len(blocks) == 1 else ()
        return (
            (str(ipaddress.ip_network(text.replace(" ", ""), strict=False)),) if "/" in text else ()
        )
    except (ValueError, TypeError):
        return ()


def _ip_port(text: str, part: Part) -> tuple[str, ...]:
    found = _PORT.fullmatch(text)
    address = _address(found["ip"]) if found else ""
    if not found or not address or int(found["port"]) > 65535:
        return ()
    shown = f"[{address}]" if ":" in address else address
    return (f"{shown}:{int(found['port'])}",)


def _time(text: str, part: Part) -> tuple[str, ...]:
    found = moments(text, part)
    near = [
        moment + timedelta(seconds=step * sign)
        for step in range(1, part.tolerance + 1)
        for sign in (-1, 1)
        for moment in found
    ]
    return tuple(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (*found, *near))


def _arn(text: str, part: Part) -> tuple[str, ...]:
    return (text,) if re.fullmatch(r"arn:aws[a-z-]*:[^\s]+", text) else ()


def _access_key(text: str, part: Part) -> tuple[str, ...]:
    # AWS has capitals only, so that small letters can mean nothing else.
    key = text.upper()
    return (key,) if re.fullmatch(r"(?:AKIA|ASIA)[A-Z0-9]{16}", key) else ()


def _iam_name(text: str, part: Part) -> tuple[str, ...]:
    """Read a name, or an ARN or path, of which each part may be the name: role and session.

    IAM does not tell names apart by case.
    """
    if not _NAME.fullmatch(text):
        return ()
    names = text.split("/")
    if text.startswith("arn:"):
        names = names[1:] or text.split(":")[-1:]  # without the kind, ``user``; ``root`` has none
    # An id may stand before the session: ``AROA...:session``.
    bare = [name.rpartition(":")[2].casefold() for name in reversed(names)]
    return tuple(name for name in bare if name)


def _event_name(text: str, part: Part) -> tuple[str, ...]:
    name = _VERSION.sub("", _PREFIX.sub("", text))
    return (name.casefold(),) if re.fullmatch(r"[A-Za-z][A-Za-z0-9._]{1,80}", name) else ()


def _account(text: str, part: Part) -> tuple[str, ...]:
    digits = re.sub(r"[\s-]", "", text)
    return (digits,) if re.fullmatch(r"\d{12}", digits, re.ASCII) else ()


def _choice(text: str, part: Part) -> tuple[str, ...]:
    """Read an option: by its id, its text in either language, its number or its letter."""
    key = text.casefold()
    for option in part.options:
        names = (option.id, tidy(option.text.en), tidy(option.text.ja))
        if key in (name.casefold() for name in names):
            return (option.id,)
    place = key.strip("().")
    for at, option in enumerate(part.options):
        if place in (str(at + 1), chr(ord("a") + at)):
            return (option.id,)
    return ()


def _text(text: str, part: Part) -> tuple[str, ...]:
    plain = re.sub(r"\s+", "", text)
    for _ in range(2):  # each of the two can undo the other, once
        plain = unicodedata.normalize("NFKC", plain.casefold())
    plain = re.sub(r"\s+", "", plain).rstrip(".。" + QUOTES)
    return (plain,) if plain else ()


ANSWER_TYPES: tuple[AnswerType, ...] = (
    AnswerType("access-key", Text("an access key id", "アクセスキー ID"), _access_key),
    AnswerType("account", Text("an account id of 12 digits", "12 桁のアカウント ID"), _account),
    AnswerType("arn", Text("an ARN", "ARN"), _arn),
    AnswerType("choice", Text("one of the options", "選択肢のどれか 1 つ"), _choice, blanks=True),
    AnswerType("choices", Text("some of the options", "選択肢（複数可）"), _choice, blanks=True),
    AnswerType("cidr", Text("an address block", "アドレス範囲（CIDR）"), _cidr),
    AnswerType("count", Text("a whole number", "整数"), _count, blanks=True),
    AnswerType(
        "event-name", Text("the name of an API call", "API の名前（eventName）"), _event_name
    ),
    AnswerType(
        "iam-name",
        Text("the name of a user, role or session", "ユーザー、ロール、セッションの名前"),
        _iam_name,
    ),
    AnswerType("ip", Text("an IP address", "IP アドレス"), _ip),
    AnswerType("ip-port", Text("an address and a port", "アドレスとポート"), _ip_port, blanks=True),
    AnswerType("order", Text("the options in order", "順に並べた選択肢"), _choice, blanks=True),
    AnswerType("text", Text("a word or a name", "語句または名前"), _text, blanks=True),
    AnswerType("time", Text("a time", "時刻"), _time, blanks=True),
)
"""Every type, by name."""

_TYPES = {each.name: each for each in ANSWER_TYPES}


def read(text: str, part: Part) -> Reading:
    """Return what a text means as the answer to a part of a question.

    Parameters
    ----------
    text
        What was typed.
    part
        What is asked for.

    Raises
    ------
    AnswerFormatError
        When it is no answer of this type; the message says what is wanted, with an example.

    Examples
    --------
    >>> read("１，２８６ 件", Part("count")).candidates
    ('1286',)
    >>> read("198.51.100.41、198.51.100.23", Part("ip", many=True)).shown
    '198.51.100.23, 198.51.100.41'
    >>> read("yesterday", Part("ip", example="192.0.2.7"))
    Traceback (most recent call last):
    ...
    siemlab.errors.AnswerFormatError: this wants an IP address, such as 192.0.2.7
    """
    kind = _TYPES[part.type]
    plain = tidy(text)
    if not part.several:
        found = kind.candidates(plain, part)
        if not found:
            raise _wanted(kind, part)
        return Reading(found, _shown(plain, found[0], part))
    # A name or an ARN may hold a comma, but in a list it parts two of them.
    whole = () if part.type in ("arn", "iam-name", "text") else kind.candidates(plain, part)
    listed = [whole] if whole else _listed(plain, part, kind)
    if not listed or not all(listed):
        raise _wanted(kind, part)
    values: Iterable[str] = [each[0] for each in listed]
    if part.type != "order":
        values = sorted(set(values))
    elif sorted(values) != sorted(option.id for option in part.options):
        raise _wanted(kind, part)
    joined = ", ".join(values)
    return Reading((joined,), _short(joined))


def _listed(text: str, part: Part, kind: AnswerType) -> list[tuple[str, ...]]:
    """Return the values of a list; times and options may hold blanks, addresses do not."""
    if kind.name == "order":
        text = re.sub(r"\s*(?:->|→|>)\s*", ",", text)
    listed = [kind.candidates(each, part) for each in pieces(text, blank=not kind.blanks)]
    if kind.blanks and kind.name != "text" and not all(listed):  # "a c d", typed with blanks only
        listed = [kind.candidates(each, part) for each in pieces(text, blank=True)]
    return listed


def _shown(plain: str, first: str, part: Part) -> str:
    if part.type == "time":
        moment = datetime.fromisoformat(first).astimezone(ZoneInfo(part.zone))
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    return _short(plain if part.type in ("text", "iam-name", "event-name") else first)


def _short(text: str) -> str:
    """Return a text on one line, and no longer than can be read at a glance."""
    line = " ".join(text.split())
    return line if len(line) <= _GLANCE else f"{line[:_GLANCE]}…"


def _wanted(kind: AnswerType, part: Part) -> AnswerFormatError:
    en, ja = kind.wanted.en, kind.wanted.ja
    if part.several and not part.chosen:
        en, ja = f"a list: {en} after another", f"{ja}のリスト"
    if part.example:
        en, ja = f"{en}, such as {part.example}", f"{ja}（例: {part.example}）"
    return AnswerFormatError(f"this wants {en}", f"{ja}を入力してください")


def as_text(value: Any) -> str:
    """Return a Python value as a learner would type it.

    Parameters
    ----------
    value
        A text, number, address, time, or several in a set, list or tuple.

    Examples
    --------
    >>> as_text({"b", "a"}), as_text(8.0), as_text(datetime(2022, 11, 24, 11, 6, tzinfo=UTC))
    ('a, b', '8', '2022-11-24 11:06:00Z')
    """
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(as_text(each) for each in value))
    if isinstance(value, (list, tuple)):
        return ", ".join(as_text(each) for each in value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"{aware.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def canonical(part: Part, value: Any) -> str:
    """Return the one spelling of an answer, of which the digest is made.

    Parameters
    ----------
    part
        What is asked for.
    value
        The answer: a text as typed, or a Python value.

    Raises
    ------
    AnswerFormatError
        When it is no answer of this type.

    Examples
    --------
    >>> canonical(Part("event-name"), "lambda.amazonaws.com:UpdateFunctionCode20150331v2")
    'updatefunctioncode'
    """
    return read(as_text(value), part).candidates[0]
