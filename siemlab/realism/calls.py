"""R1 and R1b: every CloudTrail event is a call that AWS's service models know; and its envelope."""

from __future__ import annotations

import math
from typing import Any

from siemlab.realism.botocore_oracle import CallOracle
from siemlab.realism.figures import NOTHING, Figure, Verdict, Violation, Violations, share
from siemlab.realism.reading import Seen

__all__ = ["CANONICAL_ORDER", "CallCheck", "EnvelopeCheck", "in_order"]

CLOUDTRAIL = frozenset({"cloudtrail"})

CANONICAL_ORDER = (
    *("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion"),
    *("sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters"),
    *("responseElements", "additionalEventData", "requestID", "eventID", "readOnly", "resources"),
    *("eventType", "apiVersion", "managementEvent", "recipientAccountId", "sharedEventID"),
    *("vpcEndpointId", "serviceEventDetails", "eventCategory", "tlsDetails"),
    *("sessionCredentialFromConsole",),
)
"""The fields of an event in the one order in which CloudTrail writes them."""

RANK = {name: rank for rank, name in enumerate(CANONICAL_ORDER)}
SOMETIMES = frozenset(
    {"additionalEventData", "apiVersion", "errorCode", "errorMessage", "requestID", "resources"}
    | {"serviceEventDetails", "sessionCredentialFromConsole", "sharedEventID", "tlsDetails"}
    | {"vpcEndpointId"}
)
ALWAYS = frozenset(CANONICAL_ORDER) - SOMETIMES
KINDS = {"readOnly": bool, "managementEvent": bool, "eventTime": str, "userIdentity": dict}


def in_order(event: dict[str, Any]) -> bool:
    """Tell whether an event's fields are known and stand in CloudTrail's order.

    Examples
    --------
    >>> in_order({"eventVersion": "1.08", "eventTime": "2022-11-18T07:00:01Z", "eventID": "1"})
    True
    >>> in_order({"eventID": "1", "eventVersion": "1.08"})
    False
    """
    last = -1
    for name in event:
        rank = RANK.get(name, -1)
        if rank <= last:
            return False
        last = rank
    return True


class CallCheck:
    """Shows every CloudTrail event to an oracle.

    Parameters
    ----------
    oracle
        With the service models to ask.
    test
        ``R1`` for the models of now, ``R1b`` for those of the logs' time.
    name
        What the figure is called, in English and Japanese.
    """

    reads = CLOUDTRAIL

    def __init__(self, oracle: CallOracle, test: str, name: tuple[str, str]) -> None:
        self._oracle = oracle
        self._test = test
        self._name = name
        self._found = Violations()

    def see(self, seen: Seen) -> None:
        """Check an event."""
        self._found.checked(self._test)
        problems = self._oracle.problems(seen.record.raw)
        if problems:
            what = f"{seen.record.raw.get('eventSource')} {seen.record.raw.get('eventName')}"
            text = f"{what}: {'; '.join(problems)}"
            self._found.add(self._test, seen.key, seen.record.number, text)

    def figures(self) -> list[Figure]:
        """Return which part of the events can be."""
        applied = self._found.applied()
        if not applied:
            return [Figure(self._test, self._name, NOTHING, "100 %")]
        valid = share(applied - self._found.count(), applied)
        verdict: Verdict = "pass" if valid == 1 else "fail"
        percent = math.floor(valid * 10_000) / 100  # never rounded up to 100
        value = f"{percent:.2f}% of {applied:,} ({self._oracle.signatures:,} distinct)"
        return [Figure(self._test, self._name, value, "100 %", verdict, valid)]

    @property
    def violations(self) -> list[Violation]:
        """The first events that cannot be."""
        return self._found.kept


class EnvelopeCheck:
    """The frame of every CloudTrail event: fields in order, none missing, kinds as they are."""

    reads = CLOUDTRAIL

    def __init__(self) -> None:
        self._found = Violations()

    def see(self, seen: Seen) -> None:
        """Check an event."""
        event = seen.record.raw
        self._found.checked("order")
        self._found.checked("fields")
        if not in_order(event):
            self._found.add("order", seen.key, seen.record.number, " ".join(event))
        missing = sorted(ALWAYS - event.keys())
        wrong = [name for name, kind in KINDS.items() if not isinstance(event.get(name), kind)]
        if missing or wrong:
            text = f"missing {missing}, of another kind {wrong}"
            self._found.add("fields", seen.key, seen.record.number, text)

    def figures(self) -> list[Figure]:
        """Return how many events have another frame."""
        order = ("CloudTrail events out of field order", "フィールド順が違うイベント")
        fields = ("CloudTrail events with fields missing", "必須フィールドがないイベント")
        return [
            self._found.figure("R1", "order", order),
            self._found.figure("R1", "fields", fields),
        ]

    @property
    def violations(self) -> list[Violation]:
        """The first events with another frame."""
        return self._found.kept
