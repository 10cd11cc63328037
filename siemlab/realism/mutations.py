"""Is the oracle awake? Errors are planted in events that pass, and most of them must be found."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from siemlab.realism.botocore_oracle import CallOracle
from siemlab.realism.exceptions import MEMBERS, OPERATIONS
from siemlab.realism.figures import Figure, Verdict, Violation
from siemlab.realism.reading import Seen
from siemlab.realism.wire import HIDDEN

__all__ = ["GATED", "LEAST", "MUTATIONS", "Power", "PowerCheck", "power"]

Event = dict[str, Any]
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Power(NamedTuple):
    """How many planted errors of a kind were found."""

    found: int
    planted: int

    @property
    def share(self) -> float:
        """The part that was found, 0 of none."""
        return self.found / self.planted if self.planted else 0.0


def _pick(event: Event, choices: list[str], purpose: str) -> str | None:
    """Choose one, the same each time, as the event's id says."""
    if not choices:
        return None
    text = f"{event.get('eventID')} {purpose}".encode()
    return choices[int.from_bytes(hashlib.sha256(text).digest()[:4], "big") % len(choices)]


def _members(event: Event, kind: type | tuple[type, ...] = object) -> list[str]:
    """Return the members of a request that the oracle judges."""
    asked = event.get("requestParameters")
    excepted = {(source, path.rpartition(".")[2]) for source, _, path in MEMBERS}
    return [
        name
        for name, value in (asked.items() if isinstance(asked, dict) else ())
        if isinstance(value, kind)
        and not (isinstance(value, str) and value in HIDDEN)
        and (event["eventSource"], name) not in excepted
    ]


def _with_request(event: Event, old: str, new: str, value: Any) -> Event:
    asked = {
        (new if name == old else name): (value if name == old else inner)
        for name, inner in event["requestParameters"].items()
    }
    return event | {"requestParameters": asked}


def _operation_typo(event: Event, other: Event) -> Event:
    name = event["eventName"]
    at = len(name) // 2
    return event | {"eventName": name[:at] + name[at + 1 :]}


def _wrong_service(event: Event, other: Event) -> Event | None:
    if other["eventSource"] == event["eventSource"]:
        return None
    return event | {"eventSource": other["eventSource"]}


def _member_renamed(event: Event, other: Event) -> Event | None:
    name = _pick(event, _members(event), "renamed")
    if name is None:
        return None
    return _with_request(event, name, f"{name}Value", event["requestParameters"][name])


def _foreign_member(event: Event, other: Event) -> Event | None:
    asked = event.get("requestParameters")
    if not isinstance(asked, dict) or other["eventSource"] == event["eventSource"]:
        return None
    known = {member.lower() for member in asked}
    foreign = [name for name in _members(other) if name.lower() not in known]
    name = _pick(event, foreign, "foreign")
    if name is None:
        return None
    return event | {"requestParameters": asked | {name: other["requestParameters"][name]}}


def _list_of_scalar(event: Event, other: Event) -> Event | None:
    name = _pick(event, _members(event, (str, int)), "list")
    if name is None:
        return None
    return _with_request(event, name, name, [event["requestParameters"][name]])


def _number_of_text(event: Event, other: Event) -> Event | None:
    name = _pick(event, _members(event, str), "number")
    return None if name is None else _with_request(event, name, name, 7)


def _snake_case(event: Event, other: Event) -> Event | None:
    name = _pick(event, _members(event), "snake")
    if name is None:
        return None
    return _with_request(
        event, name, CAMEL.sub("_", name).lower(), event["requestParameters"][name]
    )


def _capitalized(event: Event, other: Event) -> Event | None:
    name = _pick(event, _members(event), "capital")
    if name is None:
        return None
    return _with_request(event, name, name[:1].upper() + name[1:], event["requestParameters"][name])


MUTATIONS: dict[str, Callable[[Event, Event], Event | None]] = {
    "operation typo": _operation_typo,
    "wrong service": _wrong_service,
    "member renamed": _member_renamed,
    "foreign member": _foreign_member,
    "scalar to list": _list_of_scalar,
    "text to number": _number_of_text,
    "snake_case": _snake_case,
    "Capitalized": _capitalized,
}
"""Kinds of planted errors: an event and another one in, the event with the error out."""

GATED = ("operation typo", "wrong service", "member renamed", "foreign member")
"""The kinds of which most must be found; the others are only told."""

LEAST = 0.95
"""Which part of them, at least."""

EACH = 5  # events of an operation that errors are planted in


def power(oracle: CallOracle, events: Iterable[Event]) -> dict[str, Power]:
    """Plant one error of each kind in each event, and count those that the oracle finds.

    Parameters
    ----------
    oracle
        The oracle on trial.
    events
        Events that it passes; what is no API call, or on the list of exceptions, is left out.

    Returns
    -------
    dict[str, Power]
        For each kind of error, found and planted.

    Examples
    --------
    >>> from siemlab.realism.botocore_models import ServiceModels
    >>> def call(service, name, **asked):
    ...     return {"eventSource": f"{service}.amazonaws.com", "eventName": name, "eventID": name,
    ...             "eventType": "AwsApiCall", "requestParameters": asked}
    >>> events = [call("iam", "GetUser", userName="hana"), call("kms", "DescribeKey", keyId="k")]
    >>> power(CallOracle(ServiceModels.installed()), events)["member renamed"]
    Power(found=2, planted=2)
    """
    usable = [
        event
        for event in events
        if event.get("eventType") == "AwsApiCall"
        and (event["eventSource"], event["eventName"]) not in OPERATIONS
    ]
    counts = {}
    for name, mutate in MUTATIONS.items():
        found = planted = 0
        for at, event in enumerate(usable):
            changed = mutate(event, _other(usable, at))
            if changed is not None and changed != event:
                planted += 1
                found += bool(oracle.problems(changed))
        counts[name] = Power(found, planted)
    return counts


class PowerCheck:
    """Keeps a few events of each operation, and lets the oracle find the errors planted in them.

    Parameters
    ----------
    oracle
        The oracle on trial.
    """

    reads = frozenset({"cloudtrail"})

    def __init__(self, oracle: CallOracle) -> None:
        self._oracle = oracle
        self._counts: Counter[tuple[str, str]] = Counter()
        self._events: list[Event] = []

    def see(self, seen: Seen) -> None:
        """Keep an event, if few of its operation are kept and the oracle passes it."""
        event = seen.record.raw
        key = (str(event.get("eventSource")), str(event.get("eventName")))
        if self._counts[key] < EACH and not self._oracle.problems(event):
            self._counts[key] += 1
            self._events.append(dict(event))

    def figures(self) -> list[Figure]:
        """Return which part of the planted errors was found, kind by kind."""
        figures = []
        for name, found in power(self._oracle, self._events).items():
            words = (f"planted errors found: {name}", f"埋め込んだ誤りの発見: {name}")
            gated = name in GATED and found.planted > 0
            verdict: Verdict = "told"
            if gated:
                verdict = "pass" if found.share >= LEAST else "fail"
            value = f"{found.share:.1%} of {found.planted:,}"
            threshold = f">= {LEAST:.0%}" if gated else ""
            figures.append(Figure("R1", words, value, threshold, verdict, found.share))
        return figures

    @property
    def violations(self) -> list[Violation]:
        """None: the errors are our own."""
        return []


def _other(events: list[Event], at: int) -> Event:
    """Return the next event of another service, or the same one where there is none."""
    source = events[at]["eventSource"]
    for step in range(1, min(len(events), 500)):
        other = events[(at + step) % len(events)]
        if other["eventSource"] != source:
            return other
    return events[at]
