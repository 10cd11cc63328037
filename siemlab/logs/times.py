"""Where a record's time stands, and how it is written: one small value per way.

Each rule is called with a record and the key of its object, and returns a `Moment`. A time that
cannot be read is a `LogFormatError` that names the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from siemlab.errors import LogFormatError
from siemlab.logs.model import NO_ENVELOPE, Moment, Record

__all__ = ["EnvelopeTime", "Epoch", "FileNameTime", "Iso8601", "TextTime", "moment", "no_time"]

# What a date column of every engine can hold; a log record outside is a mistake, not history.
FIRST_YEAR, LAST_YEAR = 1970, 2261
MILLISECONDS_ABOVE, MICROSECONDS_ABOVE = 1e12, 1e15
FILE_NAME_TIME = re.compile(
    r"_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})Z_"
)


def moment(time: datetime) -> Moment:
    """Return a time with its text and the month of its index; UTC where it has no zone.

    Parameters
    ----------
    time
        The time, in the zone in which the document shall show it.

    Raises
    ------
    ValueError, OverflowError
        The year, in UTC, is one that no log record has.

    Examples
    --------
    >>> moment(datetime.fromisoformat("2022-12-01T08:59:59+09:00"))[1:]
    ('2022-12-01T08:59:59+09:00', '2022-11')
    """
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    utc = time.astimezone(UTC)
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError("no year of a log record")
    return Moment(time, time.isoformat(), f"{utc.year:04}-{utc.month:02}")


def no_time(field: str, value: Any) -> LogFormatError:
    """Return the error for a value that is no time, to be raised.

    Examples
    --------
    >>> print(no_time("eventTime", "soon"))
    eventTime: no time can be read from 'soon'
    """
    shown = repr(value)[:80]
    if value is None or value == "":
        return LogFormatError("the record has no time", "レコードに時刻がありません", field=field)
    return LogFormatError(
        f"no time can be read from {shown}", f"{shown} は時刻として読めません", field=field
    )


@lru_cache(maxsize=8192)
def _iso8601(text: str) -> Moment:
    return moment(datetime.fromisoformat(text))


@lru_cache(maxsize=8192)
def _epoch(value: str | float) -> Moment:
    seconds = float(value)
    if seconds > MICROSECONDS_ABOVE:
        seconds /= 1_000_000
    elif MILLISECONDS_ABOVE < seconds < MICROSECONDS_ABOVE:
        seconds /= 1_000
    return moment(datetime.fromtimestamp(seconds, tz=UTC))


@lru_cache(maxsize=8192)
def _text_time(text: str, form: str) -> Moment:
    return moment(datetime.strptime(text, form))


@dataclass(frozen=True, slots=True)
class Iso8601:
    """ISO 8601 text in a field; its zone is kept.

    Examples
    --------
    >>> Iso8601("eventTime")(Record(1, {"eventTime": "2023-01-20T03:00:00Z"}, ""), "").text
    '2023-01-20T03:00:00+00:00'
    """

    field: str

    def __call__(self, record: Record, _key: str) -> Moment:
        """Return the time of a record."""
        value = record.raw.get(self.field)
        try:
            return _iso8601(value)
        except (ValueError, OverflowError, TypeError):
            raise no_time(self.field, value) from None


@dataclass(frozen=True, slots=True)
class Epoch:
    """Seconds since 1970 in a field, or milliseconds or microseconds where they are that many.

    Examples
    --------
    >>> Epoch("end")(Record(1, {"end": "1669852799"}, ""), "").month
    '2022-11'
    """

    field: str

    def __call__(self, record: Record, _key: str) -> Moment:
        """Return the time of a record."""
        value = record.raw.get(self.field)
        if type(value) is bool:
            raise no_time(self.field, value)
        try:
            return _epoch(value)
        except (ValueError, OverflowError, TypeError, OSError):
            raise no_time(self.field, value) from None


@dataclass(frozen=True, slots=True)
class TextTime:
    """Text in a field, in a form of its own (the codes of ``strptime``).

    Examples
    --------
    >>> rule = TextTime("RequestDateTime", "%d/%b/%Y:%H:%M:%S %z")
    >>> rule(Record(1, {"RequestDateTime": "06/Nov/2022:03:10:24 +0000"}, ""), "").text
    '2022-11-06T03:10:24+00:00'
    """

    field: str
    form: str

    def __call__(self, record: Record, _key: str) -> Moment:
        """Return the time of a record."""
        value = record.raw.get(self.field)
        try:
            return _text_time(value, self.form)
        except (ValueError, OverflowError, TypeError):
            raise no_time(self.field, value) from None


@dataclass(frozen=True, slots=True)
class EnvelopeTime:
    """The time of the EventBridge envelope, which the document keeps in a field too.

    Where the envelope's own time is empty, the record's ``fallback`` field counts. A record without
    an envelope has no time: only findings that come through EventBridge are read.
    """

    field: str
    fallback: str

    def __call__(self, record: Record, key: str) -> Moment:
        """Return the time of a record."""
        if record.envelope is NO_ENVELOPE:
            raise LogFormatError(
                "no EventBridge envelope stands around the record",
                "EventBridge の封筒（envelope）がありません",
                field="detail-type",
            )
        record.raw[self.field] = record.envelope.time
        return Iso8601(self.field if record.envelope.time else self.fallback)(record, key)


@dataclass(frozen=True, slots=True)
class FileNameTime:
    """The time in the object's name, ``_20221118T070001Z_``, the same for all of its records."""

    def __call__(self, _record: Record, key: str) -> Moment:
        """Return the time of an object."""
        found = FILE_NAME_TIME.search(key)
        try:
            return _iso8601("{}-{}-{}T{}:{}:{}".format(*found.groups()))  # type: ignore[union-attr]  # a miss is an AttributeError
        except (AttributeError, ValueError):
            raise LogFormatError(
                "the file's name holds no time such as _20221118T070001Z_",
                "ファイル名に _20221118T070001Z_ のような時刻がありません",
            ) from None
