"""CloudWatch Logs subscriptions, as Firehose writes them: messages of some log events each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from siemlab.logs.columns import Columns, Table
from siemlab.logs.jsontext import encode_json

if TYPE_CHECKING:
    from siemlab.logs.rows import Order

__all__ = ["EVENT_FIELDS", "Events", "event_id", "event_rows", "message_of"]

EVENT_FIELDS = ("message", "timestamp", "id", "log_stream", "log_group", "owner")
PLACE = ("owner", "log_group", "log_stream")
FLUSHED = 5_000  # milliseconds: how long an agent gathers lines before it sends them


@dataclass(frozen=True, eq=False, slots=True)
class Events:
    """Log events of one or more hosts; what a host sent at once is one message.

    Parameters
    ----------
    heads
        What a message with the event begins with.
    events
        The event.
    flushes
        When it was sent, as a number that events which are sent together share.

    Examples
    --------
    >>> Events([b"A[", b"A[", b"B["], [b"1", b"2", b"3"], [7, 7, 7]).join(0, 3, b"")
    b'A[1,2]}B[3]}'
    """

    heads: Sequence[bytes]
    events: Sequence[bytes]
    flushes: Sequence[int]

    def __len__(self) -> int:
        return len(self.events)

    def take(self, order: Order) -> Events:
        """Return the events at some places, in that order."""
        places = order.tolist()
        return Events(
            [self.heads[at] for at in places],
            [self.events[at] for at in places],
            [self.flushes[at] for at in places],
        )

    def join(self, start: int, stop: int, between: bytes) -> bytes:
        """Return the messages of some events."""
        rows = zip(
            self.heads[start:stop], self.flushes[start:stop], self.events[start:stop], strict=True
        )
        return between.join(
            head + b",".join([event for *_, event in together]) + b"]}"
            for (head, _), together in groupby(rows, key=lambda row: row[:2])
        )

    def records(self) -> list[bytes]:
        """Return each event in a message of its own."""
        pairs = zip(self.heads, self.events, strict=True)
        return [head + event + b"]}" for head, event in pairs]

    def followed_by(self, others: Sequence[Events]) -> Events:
        """Return these events and those of others, one after another."""
        parts = (self, *others)
        return Events(
            [head for part in parts for head in part.heads],
            [event for part in parts for event in part.events],
            [flush for part in parts for flush in part.flushes],
        )


def event_rows(columns: Columns, *, subscription: str, group: str) -> Events:
    """Render log events.

    Parameters
    ----------
    columns
        A column for each of the `EVENT_FIELDS`: the line; milliseconds since 1970; what the log
        stream is called; whose account it is. Ids follow from the others where they are not given.
    subscription
        The name of the subscription filter.
    group
        The log group where no column is given.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = event_rows({"message": ["a", "b"], "timestamp": [5, 6], "id": ["1", "2"],
    ...     "log_stream": "i-0a", "owner": "111122223333"}, subscription="s", group="/g")
    >>> print(rows.join(0, 2, b"").decode())
    {"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/g","logStream":"i-0a",...
    >>> rows.events[1]
    b'{"id":"2","timestamp":6,"message":"b"}'
    """
    table = Table({"log_group": group, **columns}, EVENT_FIELDS)
    messages, stamps = table.series("message").to_list(), table.series("timestamp").to_list()
    places = list(zip(*(table.series(name).to_list() for name in PLACE), strict=True))
    ids = table.series("id").to_list()
    if None in ids:
        ids = [
            found or event_id(at, f"{place}{number}{message}")
            for number, (found, at, place, message) in enumerate(
                zip(ids, stamps, places, messages, strict=True)
            )
        ]
    heads = {place: message_of(*place, subscription=subscription) for place in {*places}}
    events = zip(ids, stamps, messages, strict=True)
    return Events(
        [heads[place] for place in places],
        [encode_json({"id": id_, "timestamp": at, "message": line}) for id_, at, line in events],
        [at // FLUSHED for at in stamps],
    )


def event_id(timestamp: int, content: str) -> str:
    """Return the id of a log event: its time, then what tells it from others of that time.

    Parameters
    ----------
    timestamp
        Milliseconds since 1970.
    content
        What no other event has.

    Examples
    --------
    >>> event_id(1668416404113, "a")[:12] == str(1668416404113 * 2**144)[:12]
    True
    """
    digest = hashlib.blake2b(content.encode(), digest_size=18).digest()
    return str((timestamp << 144) | int.from_bytes(digest))


def message_of(owner: str, log_group: str, log_stream: str, *, subscription: str) -> bytes:
    """Return what a message begins with, up to its first log event.

    Parameters
    ----------
    owner, log_group, log_stream
        The account, and where in it the events lie.
    subscription
        The name of the subscription filter.

    Examples
    --------
    >>> message_of("111122223333", "/g", "i-0a", subscription="s")[-41:]
    b'"subscriptionFilters":["s"],"logEvents":['
    """
    begun = {
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": log_group,
        "logStream": log_stream,
        "subscriptionFilters": [subscription],
        "logEvents": [],
    }
    return encode_json(begun)[:-2]
