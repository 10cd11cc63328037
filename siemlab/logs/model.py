"""What a log type is, and what its records look like on the way to a document.

A module of this package describes one log type by one `LogType` value; reading, normalizing, tests
and documentation iterate over these values and know no log type by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from siemlab.logs.writing import Writer

__all__ = [
    "NO_ENVELOPE",
    "Draft",
    "EcsMap",
    "Envelope",
    "Framing",
    "LogType",
    "Moment",
    "OtherType",
    "Record",
    "TimeRule",
]

Framing = Literal["json", "table", "lines", "cloudwatch"]
"""How the bytes of an object hold records.

``json``: JSON objects one after another; ``table``: columns split at blanks under a header line;
``lines``: a record a line, read by the type's pattern; ``cloudwatch``: JSON objects of a CloudWatch
Logs subscription, whose log events hold a line each, read by the type's pattern.
"""


class Envelope(NamedTuple):
    """What stands around a record: an EventBridge event, or a log event of CloudWatch Logs.

    ``id`` is the event's own, and goes into the document's id. ``time`` is EventBridge's text,
    ``timestamp`` that of CloudWatch Logs in epoch milliseconds. What an envelope lacks is empty.
    """

    id: str = ""
    account: str = ""
    region: str = ""
    time: str = ""
    log_group: str = ""
    log_stream: str = ""
    timestamp: int | None = None


NO_ENVELOPE = Envelope()


class Record(NamedTuple):
    """A raw record: its number in the file (from 1), its fields, its text, what stood around it.

    ``message`` is the record as ``@message`` shows it: the line of a text log, or the JSON object
    written again with ``", "`` and ``": "``. The fields belong to the receiver, who may change
    them.
    """

    number: int
    raw: dict[str, Any]
    message: str
    envelope: Envelope = NO_ENVELOPE


class Moment(NamedTuple):
    """A point in time, as a document holds it, and the month (``2022-11``, UTC) of its index."""

    time: datetime
    text: str
    month: str


@dataclass(slots=True)
class Draft:
    """A document in the making, as a finish step gets it: the fields, and what its id ends with."""

    source: dict[str, Any]
    id_suffix: str = ""


TimeRule = Callable[[Record, str], Moment]
"""A record and the key of its object in, its time out; without a time, a `LogFormatError`."""

EcsMap = Mapping[str, str | tuple[str, ...] | list[str]]
"""Target field to raw paths (``a.0.b``): one, a tuple whose first value wins, a list to collect."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LogType:
    """All there is to know of a log type.

    Parameters
    ----------
    name
        The name that ``@log_type`` shows, ``config-rules``.
    index
        The index name without the month, ``log-aws-config``.
    key
        Searched in an object's key; the first type in the order of ``KEY_ORDER`` has the object.
    file_name
        Searched in a file's name when no type has its key: a file that was moved out of its folders
        is still known by the name that AWS gave it.
    framing, wrapper, pattern
        How the bytes hold records; the key whose list holds the records of a JSON object, if any;
        the pattern whose named groups are the raw fields of a line.
    time
        Where a record's time stands and how it is written.
    doc_id, id_suffix
        The raw field that is the ``@id`` (else a digest of the text), and the dotted path whose
        value the ``_id`` ends with.
    ecs, static
        The field map, and the fields that are the same in all documents.
    stringified
        Dotted paths whose values become text, as their kinds differ from record to record.
    is_own
        Tells whether a record is the loader's own doing, which is left out.
    finish
        What no table can say; where it fails, the document stays as far as it came.
    geoip
        The objects whose ``ip`` is looked up, ``source`` and ``destination``.
    user_agent
        Whether ``user_agent.original`` is taken apart.
    writer
        How records of the type are written to objects, and under which keys.

    Examples
    --------
    >>> from siemlab.logs import LOG_TYPES
    >>> [log_type.index for log_type in LOG_TYPES if log_type.name == "alb"]
    ['log-aws-elb']
    """

    name: str
    index: str
    key: re.Pattern[str]
    framing: Framing
    time: TimeRule
    ecs: EcsMap
    static: Mapping[str, str | list[str]]
    writer: Writer
    file_name: re.Pattern[str] | None = None
    wrapper: str = ""
    pattern: re.Pattern[str] | None = None
    doc_id: str = ""
    id_suffix: str = ""
    stringified: tuple[str, ...] = ()
    is_own: Callable[[dict[str, Any]], bool] | None = None
    finish: Callable[[Draft], None] | None = None
    geoip: tuple[str, ...] = ()
    user_agent: bool = field(default=False)


@dataclass(frozen=True, eq=False, slots=True)
class OtherType:
    """A log type that the SIEM knows and siemlab does not read: its objects are skipped."""

    name: str
    key: re.Pattern[str]
