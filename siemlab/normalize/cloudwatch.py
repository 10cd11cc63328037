"""CloudWatch Logs subscriptions: JSON objects one after another, each with some log events.

Firehose joins the objects without anything between them; each may be packed on its own. A log event
holds one line of the host's log, which the type's pattern takes apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siemlab.logs.model import Envelope, LogType, Record
from siemlab.normalize.document import Refused
from siemlab.normalize.jsonvalue import written
from siemlab.normalize.jsonwalk import JsonReader
from siemlab.normalize.reading import Reading, is_text

__all__ = ["frame_cloudwatch"]

EVENTS = "logEvents"
DATA = "DATA_MESSAGE"
PARTS: tuple[tuple[str, tuple[type, ...], str, str], ...] = (
    ("message", (str,), "message", "メッセージ"),
    ("id", (str, int), "id", " id "),
    ("timestamp", (int,), "time", "時刻"),
)


def frame_cloudwatch(reading: Reading, log_type: LogType) -> Iterator[Record | Refused]:
    """Read a record a log event.

    Parameters
    ----------
    reading
        The text.
    log_type
        Its pattern is matched from the beginning of an event's message.

    Yields
    ------
    Record | Refused
        Refused: what is no JSON object, events that are none, messages that do not fit the
        pattern. Control messages and objects without log events hold no records.
    """
    reader = JsonReader(reading, EVENTS)
    while char := reader.skip():
        if char != "{":
            yield _no_object(reader)
        elif (outer := reader.whole()) is not None:
            yield from _events(reading, log_type, outer)
        else:
            yield from _broken_object(reader, log_type)
    if reading.failure and not reading.over:
        yield reading.refuse_rest("", "")


def _no_object(reader: JsonReader) -> Refused:
    found = reader.value()
    if isinstance(found, Refused):
        return found
    return reader.reading.refuse(
        "a message of CloudWatch Logs is a JSON object, and this is none",
        "CloudWatch Logs のメッセージ（JSON オブジェクト）ではありません",
        found[1],
    )


def _events(
    reading: Reading, log_type: LogType, outer: dict[str, Any]
) -> Iterator[Record | Refused]:
    if outer.get("messageType") != DATA or EVENTS not in outer:
        return
    events = outer[EVENTS]
    if type(events) is not list:
        yield reading.refuse(
            "the log events are not a list",
            "ログイベントがリストではありません",
            written(outer),
            EVENTS,
        )
        return
    for event in events:
        yield _record(reading, log_type, outer, event)


def _broken_object(reader: JsonReader, log_type: LogType) -> Iterator[Record | Refused]:
    """Read an object in which something is wrong, so that only those events are refused."""
    outer: dict[str, Any] = {}
    for refused in reader.entries(outer):
        if refused:
            yield refused
            continue
        for wrong in reader.members():
            found = wrong or reader.value()
            if isinstance(found, Refused):
                yield found
            elif outer.get("messageType", DATA) == DATA:
                yield _record(reader.reading, log_type, outer, found[0])


def _record(
    reading: Reading, log_type: LogType, outer: dict[str, Any], event: Any
) -> Record | Refused:
    problem = _problem(event)
    if problem:
        en, ja, field = problem
        return reading.refuse(en, ja, written(event), field)
    message = event["message"]
    pattern = log_type.pattern
    found = pattern.match(message) if pattern else None
    if not found:
        return reading.refuse(
            f"the line is not one of {log_type.name}",
            f"{log_type.name} の行として読めません",
            message,
        )
    reading.number += 1
    envelope = Envelope(
        id=str(event["id"]),
        account=_text(outer, "owner"),
        log_group=_text(outer, "logGroup"),
        log_stream=_text(outer, "logStream"),
        timestamp=event["timestamp"],
    )
    return Record(reading.number, found.groupdict(), message, envelope)


def _problem(event: Any) -> tuple[str, str, str] | None:
    """Tell what keeps a value from being a log event, and the field to blame."""
    if type(event) is not dict:
        return (
            "the log event is not a JSON object",
            "ログイベントが JSON オブジェクトではありません",
            "",
        )
    for field, kinds, en, ja in PARTS:
        if type(event.get(field)) not in kinds:
            return f"the log event has no {en}", f"ログイベントに{ja}がありません", field
    if "\0" in event["message"]:
        return "the line holds a NUL byte", "行に NUL バイトがあります", "message"
    if not is_text(f"{event['message']}{event['id']}"):
        return (
            "the line holds bytes that are no UTF-8",
            "行に UTF-8 でないバイトがあります",
            "message",
        )
    return None


def _text(outer: dict[str, Any], name: str) -> str:
    value = outer.get(name)
    return value if type(value) is str and is_text(value) else ""
