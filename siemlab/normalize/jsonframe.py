"""JSON logs: objects one after another, or the members of a list in them, read as they come.

AWS writes one object a line, many in a row without any line ends, or a single object whose list
holds all records of the file. All of it is read through the same window, so that a list of a
million records needs no more memory than one of ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siemlab.logs.model import NO_ENVELOPE, Envelope, LogType, Record
from siemlab.normalize.document import Refused
from siemlab.normalize.jsonvalue import MOST_LEVELS, is_deep, quick, written
from siemlab.normalize.jsonwalk import JsonReader
from siemlab.normalize.reading import NO_TEXT, Reading, is_text

__all__ = ["frame_json"]

KINDS = {
    bool: ("a truth value", "真偽値"),
    dict: ("an object", "オブジェクト"),
    list: ("a list", "リスト"),
    str: ("text", "文字列"),
    type(None): ("null", "null"),
}


def frame_json(reading: Reading, log_type: LogType) -> Iterator[Record | Refused]:
    """Read the records of a JSON log.

    Parameters
    ----------
    reading
        The text.
    log_type
        Its wrapper is the key whose list holds the records; objects without that key hold none.
        Without a wrapper each object is a record. An EventBridge event (it has ``detail-type``
        and ``resources``) stands around its ``detail``, which is then what the object is.

    Yields
    ------
    Record | Refused
        Refused: what is no JSON object, keys that stand twice, NaN, bytes that are no UTF-8, what
        is nested too deep or too long.
    """
    reader = JsonReader(reading, log_type.wrapper)
    while char := reader.skip():
        if log_type.wrapper and (char == "{" or reader.begins_list()):
            yield from _wrapped(reader, log_type.wrapper)
        else:
            yield _line(reader) or _one(reader)
    if reading.failure and not reading.over:
        yield reading.refuse_rest("", "")


def _line(reader: JsonReader) -> Record | Refused | None:
    """Read an object that fills its line, quickly; None where that is not sure to be right."""
    line = reader.line()
    found = quick(f"[{line}]") if line else None
    if found is None or len(found[0]) != 1:
        reader.slow_down(len(line))
        return None
    reader.reading.at += len(line)
    value, message = found[0][0], found[1][0]
    if type(value) is dict and "detail-type" not in value:
        return _checked(reader.reading, value, message, line, NO_ENVELOPE)
    return _record(reader.reading, *_opened(value), line)


def _one(reader: JsonReader) -> Record | Refused:
    """Read an object, surely."""
    found = reader.value()
    if isinstance(found, Refused):
        return found
    value, envelope = _opened(found[0])
    return _record(reader.reading, value, envelope, found[1])


def _opened(value: Any) -> tuple[Any, Envelope]:
    """Take a record out of its EventBridge event, where it stands in one."""
    if type(value) is not dict or "detail-type" not in value or "resources" not in value:
        return value, NO_ENVELOPE
    id_, account, region, time = (
        found if type(found := value.get(name)) is str and is_text(found) else ""
        for name in ("id", "account", "region", "time")
    )
    return value.get("detail"), Envelope(id_, account, region, time)


def _record(reading: Reading, value: Any, envelope: Envelope, raw: str) -> Record | Refused:
    try:
        message = written(value)
    except RecursionError:
        return _too_deep(reading, raw)
    if not (is_text(message) and is_text(raw)):
        return reading.refuse(*NO_TEXT, raw)
    return _checked(reading, value, message, raw, envelope)


def _checked(
    reading: Reading, value: Any, message: str, raw: str, envelope: Envelope
) -> Record | Refused:
    if type(value) is not dict:
        en, ja = KINDS.get(type(value), ("a number", "数値"))
        return reading.refuse(
            f"the record is {en}, not a JSON object",
            f"レコードが JSON オブジェクトではなく{ja}です",
            raw,
        )
    if is_deep(value, message):
        return _too_deep(reading, raw)
    reading.number += 1
    return Record(reading.number, value, message, envelope)


def _too_deep(reading: Reading, raw: str) -> Refused:
    return reading.refuse(
        f"the record has more than {MOST_LEVELS} levels",
        f"入れ子が {MOST_LEVELS} 段を超えています",
        raw,
    )


# ---------------------------------------------------------------- records in a list


def _wrapped(reader: JsonReader, wrapper: str) -> Iterator[Record | Refused]:
    """Read the records of one object, which stand in a list of its own or of its ``detail``."""
    outer: dict[str, Any] = {}
    whole = True
    for refused in reader.entries(outer):
        if refused:
            whole = False
            yield refused
        else:
            yield from _members(reader)
    inner, envelope = _opened(outer)
    if not whole or inner is outer or type(inner) is not dict or wrapper not in inner:
        return
    members = inner[wrapper]
    if type(members) is not list:
        yield reader.no_list(written(inner))
        return
    for member in members:
        yield _record(reader.reading, member, envelope, written(member))


def _members(reader: JsonReader) -> Iterator[Record | Refused]:
    """Read the members of a list from behind its opening bracket to its closing one."""
    for refused in reader.members():
        if refused:
            yield refused
            continue
        text = reader.batch()
        found = quick(f"[{text}]") if text else None
        if found is None:
            reader.slow_down(len(text))
            yield _member(reader)
            continue
        reader.reading.at += len(text)
        for value, message in zip(*found, strict=True):
            yield _checked(reader.reading, value, message, message, NO_ENVELOPE)


def _member(reader: JsonReader) -> Record | Refused:
    found = reader.value()
    if isinstance(found, Refused):
        return found
    return _record(reader.reading, found[0], NO_ENVELOPE, found[1])
