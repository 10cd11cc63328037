"""R6: what one source says, the others say too. Joins of web, S3, WAF and role sessions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from siemlab.realism.figures import NOTHING, Figure, Verdict, Violation, Violations, share
from siemlab.realism.keys import moment
from siemlab.realism.reading import Seen
from siemlab.realism.spans import Spans, Times, day_number
from siemlab.realism.values import integer, mapping

__all__ = ["Join", "RoleJoin", "S3Join", "WafJoin", "WebJoin"]

Event = dict[str, Any]
Place = tuple[str, int]

WEB_PORTS = frozenset({"80", "443"})
FLOWS_OFF, FLOWS_ON = "DeleteFlowLogs", "CreateFlowLogs"
LONGEST_WINDOW = 600  # seconds over which a flow log adds up
AGGREGATION = 60  # seconds that a flow may begin after its first packet is logged elsewhere
ROLE_ACCOUNT = re.compile(r"arn:aws:iam::(\d{12}):role/")
ON_OBJECTS = re.compile(r"REST\.(?:COPY|DELETE|GET|HEAD|POST|PUT)\.OBJECT$")


class Join:
    """What the joins have in common: a rule, its least share, and what breaks it.

    Parameters
    ----------
    rules
        Each rule's letter, what it says in English and Japanese, and the least share.
    """

    test = "R6"

    def __init__(self, rules: dict[str, tuple[str, str, float]]) -> None:
        self._rules = rules
        self._found = Violations()
        self._is_closed = False

    def close(self) -> None:
        """Join what was collected; called once, when all records have been seen."""

    def figures(self) -> list[Figure]:
        """Return, for each rule, which part of the records has its counterpart."""
        self._close_once()
        return [self._figure(rule) for rule in self._rules]

    @property
    def violations(self) -> list[Violation]:
        """The first records without a counterpart."""
        self._close_once()
        return self._found.kept

    def _close_once(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.close()

    def _figure(self, rule: str) -> Figure:
        en, ja, least = self._rules[rule]
        applied = self._found.applied(rule)
        threshold = f">= {least:.1%}" if least < 1 else "100 %"
        if not applied:
            return Figure(self.test, (en, ja), NOTHING, threshold)
        part = share(applied - self._found.count(rule), applied)
        verdict: Verdict = "pass" if part >= least else "fail"
        return Figure(self.test, (en, ja), f"{part:.2%} of {applied:,}", threshold, verdict, part)

    def _judge(self, rule: str, holds: bool, place: Place, what: str) -> None:
        self._found.checked(rule)
        if not holds:
            self._found.add(rule, *place, what)


class WebJoin(Join):
    """Every request that a load balancer logs came in an accepted flow to one of its nodes.

    What came while the trail shows that a flow log was deleted, and not yet made again, is not
    judged: whoever did that wanted no flows.
    """

    reads = frozenset({"alb", "cloudtrail", "vpcflowlogs"})

    def __init__(self) -> None:
        en, ja = "ALB requests with an accepted flow", "許可されたフローがある ALB リクエスト"
        super().__init__({"alb": (en, ja, 0.999)})
        self._flows = Spans()
        self._days: set[int] = set()
        self._requests: list[tuple[str, int, Place]] = []
        self._turned: list[tuple[int, str]] = []

    def see(self, seen: Seen) -> None:
        """Take a request or a flow into account."""
        raw = seen.record.raw
        if seen.log_type.name == "cloudtrail":
            if raw.get("eventName") in (FLOWS_OFF, FLOWS_ON) and "errorCode" not in raw:
                turned = moment(str(raw.get("eventTime")))
                self._turned += [(turned, raw["eventName"])] if turned is not None else []
            return
        if seen.log_type.name == "vpcflowlogs":
            if raw.get("dstport") in WEB_PORTS and raw.get("action") == "ACCEPT":
                start, end = integer(raw.get("start")), integer(raw.get("end"))
                if start is not None and end is not None:
                    self._flows.add(raw.get("srcaddr"), start, end)
                    self._days.update((day_number(start), day_number(end)))
            return
        when = moment(str(raw.get("timestamp")))
        if when is not None:
            place = (seen.key, seen.record.number)
            self._requests.append((str(raw.get("client_ip")), when, place))

    def close(self) -> None:
        """Join them, on the days that have flows."""
        self._turned.sort()
        for client, when, place in self._requests:
            if day_number(when) in self._days and not self._is_blind(when):
                holds = self._flows.holds(client, when, AGGREGATION)
                self._judge("alb", holds, place, f"no accepted flow of {client} then")
        self._requests = []

    def _is_blind(self, when: int) -> bool:
        """Tell whether a flow log was missing then; its last window is lost with it."""
        before = [turn for turn in self._turned if turn[0] - LONGEST_WINDOW <= when]
        if not before:
            return False
        turned, what = before[-1]
        return what == FLOWS_OFF or when < turned + LONGEST_WINDOW


class WafJoin(Join):
    """Every request that the firewall blocked was answered 403 by the load balancer."""

    reads = frozenset({"alb", "waf"})

    def __init__(self) -> None:
        en, ja = "WAF blocks that the ALB answered 403", "ALB が 403 で応答した WAF のブロック"
        super().__init__({"waf": (en, ja, 1.0)})
        self._answers: dict[str, str] = {}
        self._blocks: list[tuple[str, Place]] = []

    def see(self, seen: Seen) -> None:
        """Take a line or a decision into account."""
        raw = seen.record.raw
        if seen.log_type.name == "alb":
            if "waf" in str(raw.get("actions_executed")) and raw.get("elb_status_code") == "403":
                self._answers[str(raw.get("trace_id")).removeprefix("Root=")] = "403"
        elif raw.get("action") == "BLOCK" and raw.get("httpSourceName") == "ALB":
            request = mapping(raw.get("httpRequest"))
            place = (seen.key, seen.record.number)
            self._blocks.append((str(request.get("requestId")), place))

    def close(self) -> None:
        """Join them by trace id; without any load balancer's line there is nothing to join."""
        if self._answers:
            for request, place in self._blocks:
                self._judge("waf", request in self._answers, place, f"no 403 for {request}")


class S3Join(Join):
    """In buckets that have both logs, data events and access lines are the same requests."""

    reads = frozenset({"cloudtrail", "s3accesslog"})

    def __init__(self) -> None:
        there = ("S3 data events with an access line", "アクセスログの行がある S3 データイベント")
        back = ("S3 access lines with a data event", "データイベントがある S3 アクセスログの行")
        super().__init__({"event": (*there, 1.0), "line": (*back, 1.0)})
        self._events: dict[str, dict[str, tuple[int, Place]]] = defaultdict(dict)
        self._lines: dict[str, dict[str, tuple[int, Place, bool]]] = defaultdict(dict)
        self._trail_changes: list[tuple[int, bool]] = []
        self._log_changes: Times = Times()

    def see(self, seen: Seen) -> None:
        """Take an event or a line into account."""
        place, raw = (seen.key, seen.record.number), seen.record.raw
        if seen.log_type.name == "s3accesslog":
            when = _access_time(raw.get("RequestDateTime"))
            request, bucket = str(raw.get("RequestID")), str(raw.get("Bucket"))
            is_object = ON_OBJECTS.match(str(raw.get("Operation"))) is not None
            known = self._lines[bucket].get(request)
            is_object = is_object or (known is not None and known[2])
            self._lines[bucket][request] = (when, place, is_object)
            return
        when = moment(raw.get("eventTime")) or 0
        self._changes(raw, when)
        if raw.get("eventCategory") == "Data" and raw.get("eventSource") == "s3.amazonaws.com":
            asked = mapping(raw.get("requestParameters"))
            bucket = str(asked.get("bucketName"))
            self._events[bucket][str(raw.get("requestID"))] = (when, place)

    def _changes(self, event: Event, when: int) -> None:
        """Note when somebody turned a log off, or on again."""
        if "errorCode" in event:
            return
        name, asked = event.get("eventName"), mapping(event.get("requestParameters"))
        if name in ("StopLogging", "DeleteTrail", "PutEventSelectors"):
            self._trail_changes.append((when, False))
        elif name in ("StartLogging", "CreateTrail"):
            self._trail_changes.append((when, True))
        elif name == "PutBucketLogging":
            self._log_changes.add(asked.get("bucketName"), when)

    def close(self) -> None:
        """Join them by request id, where both logs were on."""
        off = _off(self._trail_changes)
        for bucket in sorted(self._events.keys() & self._lines.keys()):
            events, lines = self._events[bucket], self._lines[bucket]
            changed = self._log_changes.first(bucket)
            for request, (when, place) in events.items():
                if changed is None or when < changed:
                    what = f"{bucket}: no access line {request}"
                    self._judge("event", request in lines, place, what)
            for request, (when, place, is_object) in lines.items():
                if is_object and not any(start <= when <= end for start, end in off):
                    what = f"{bucket}: no data event {request}"
                    self._judge("line", request in events, place, what)


class RoleJoin(Join):
    """Who takes a role of another account leaves an event in both."""

    reads = frozenset({"cloudtrail"})

    def __init__(self) -> None:
        en, ja = "roles taken across accounts, in both", "両アカウントに記録されたロール引き受け"
        super().__init__({"sts": (en, ja, 1.0)})
        self._accounts: set[str] = set()
        self._taken: dict[str, tuple[set[str], set[str], Place]] = {}

    def see(self, seen: Seen) -> None:
        """Take an event into account."""
        event = seen.record.raw
        recipient = str(event.get("recipientAccountId"))
        self._accounts.add(recipient)
        if event.get("eventName") != "AssumeRole" or "errorCode" in event:
            return
        asked, identity = (
            mapping(event.get("requestParameters")),
            mapping(event.get("userIdentity")),
        )
        role = ROLE_ACCOUNT.match(str(asked.get("roleArn")))
        caller, shared = identity.get("accountId"), event.get("sharedEventID")
        if role and isinstance(caller, str) and role[1] != caller:
            key = shared if isinstance(shared, str) else f"alone {event.get('eventID')}"
            place = (seen.key, seen.record.number)
            _, recipients, _ = self._taken.setdefault(key, ({role[1], caller}, set(), place))
            recipients.add(recipient)

    def close(self) -> None:
        """See whether both accounts have it, as far as their logs are here."""
        for accounts, recipients, place in self._taken.values():
            missing = sorted((accounts & self._accounts) - recipients)
            self._judge("sts", not missing, place, f"not in the logs of {missing}")


def _access_time(text: object) -> int:
    """Return the time of an access line, ``18/Nov/2022:07:00:01 +0000``, 0 where it is none."""
    try:
        return int(datetime.strptime(str(text), "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC).timestamp())
    except ValueError:
        return 0


def _off(changes: Iterable[tuple[int, bool]]) -> list[tuple[int, int]]:
    """Return the spans in which something was turned off: until it is turned on, or for good."""
    spans: list[tuple[int, int]] = []
    since: int | None = None
    for when, is_on in sorted(changes):
        if is_on and since is not None:
            spans.append((since, when))
            since = None
        elif not is_on and since is None:
            since = when
    return spans if since is None else [*spans, (since, 1 << 62)]
