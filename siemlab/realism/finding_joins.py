"""R6: findings, configuration items and lookups agree with the events and flows behind them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from siemlab.realism.joins import Join
from siemlab.realism.keys import moment
from siemlab.realism.reading import Seen
from siemlab.realism.resources import MAKING, ids_in
from siemlab.realism.spans import DAY, JST, Spans, Times, day_number
from siemlab.realism.values import integer, mapping, rows

__all__ = ["ConfigJoin", "CopyJoin", "DnsJoin", "FindingJoin", "addresses_of"]

Finding = dict[str, Any]
Place = tuple[str, int]

LONGEST = 600  # seconds that a flow record may sum up


class FindingJoin(Join):
    """A GuardDuty finding has its calls, its flows or its lookups in the other logs.

    Parameters
    ----------
    watched
        The addresses that findings name (`addresses_of`): flows with others are let go. When left
        out, all flows are kept.
    """

    reads = frozenset({"cloudtrail", "guardduty", "route53resolver", "vpcflowlogs"})

    def __init__(self, watched: frozenset[str] | None = None) -> None:
        self._watched = watched
        words = {
            "api": ("findings with their API calls", "API 呼び出しがある検出"),
            "flow": ("findings with their flows", "フローがある検出"),
            "dns": ("findings with their lookups", "DNS クエリがある検出"),
        }
        super().__init__({rule: (*text, 1.0) for rule, text in words.items()})
        self._calls, self._queries = Times(), Times()
        self._flows = Spans()
        self._days: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._buckets: set[str] = set()
        self._findings: list[tuple[str, Finding, Place]] = []

    def see(self, seen: Seen) -> None:
        """Take a finding, or what one may rest on, into account."""
        raw = seen.record.raw
        place = (seen.key, seen.record.number)
        getattr(self, f"_see_{seen.log_type.name}")(raw, place)

    def _see_cloudtrail(self, event: Finding, place: Place) -> None:
        when = moment(event.get("eventTime"))
        if when is None:
            return
        address = event.get("sourceIPAddress")
        self._calls.add((event.get("eventName"), address), when)
        if event.get("readOnly") is True and event.get("eventSource") != "sts.amazonaws.com":
            self._days["cloudtrail", ""].add(day_number(when))
        if event.get("eventCategory") == "Data":
            self._buckets.add(str(mapping(event.get("requestParameters")).get("bucketName")))

    def _see_vpcflowlogs(self, flow: Finding, place: Place) -> None:
        start, end = integer(flow.get("start")), integer(flow.get("end"))
        if start is None or end is None:
            return
        account, region = str(flow.get("account_id")), _region(place[0])
        self._days["vpcflowlogs", f"{account} {region}"].add(day_number(start))
        if self._watched is not None and self._watched.isdisjoint(_ends(flow)):
            return
        pair = frozenset(_ends(flow))
        self._flows.add(pair, start, end)

    def _see_route53resolver(self, query: Finding, place: Place) -> None:
        when = moment(query.get("query_timestamp"))
        if when is not None:
            self._queries.add(str(query.get("query_name")).rstrip("."), when)
            name = f"{query.get('account_id')} {query.get('region')}"
            self._days["route53resolver", name].add(day_number(when))

    def _see_guardduty(self, finding: Finding, place: Place) -> None:
        service = mapping(finding.get("service"))
        action = mapping(service.get("action"))
        kept = {
            "action": action,
            "first": moment(service.get("eventFirstSeen")),
            "last": moment(service.get("eventLastSeen")),
            "where": f"{finding.get('accountId')} {finding.get('region')}",
            "resource": mapping(finding.get("resource")),
        }
        self._findings.append((str(action.get("actionType")), kept, place))

    def close(self) -> None:
        """Look for what each finding rests on, where it is logged."""
        for kind, finding, place in self._findings:
            if finding["first"] is None or finding["last"] is None:
                continue
            if kind == "AWS_API_CALL":
                self._join_api(finding, place)
            elif kind in ("NETWORK_CONNECTION", "PORT_PROBE"):
                self._join_flow(finding, place)
            elif kind == "DNS_REQUEST":
                self._join_dns(finding, place)

    def _is_logged(self, source: str, finding: Finding) -> bool:
        name = "" if source == "cloudtrail" else finding["where"]
        days = self._days.get((source, name), set())
        return day_number(finding["first"]) in days and day_number(finding["last"]) in days

    def _join_api(self, finding: Finding, place: Place) -> None:
        call = mapping(finding["action"].get("awsApiCallAction"))
        buckets = {str(row.get("name")) for row in rows(finding["resource"].get("s3BucketDetails"))}
        if not self._is_logged("cloudtrail", finding) or (
            _is_on_objects(str(call.get("api"))) and not buckets & self._buckets
        ):
            return
        address = mapping(call.get("remoteIpDetails")).get("ipAddressV4")
        key = (call.get("api"), address)
        holds = self._calls.within(key, finding["first"], finding["last"])
        self._judge("api", holds, place, f"no {key[0]} from {address} between first and last")

    def _join_flow(self, finding: Finding, place: Place) -> None:
        if not self._is_logged("vpcflowlogs", finding):
            return
        own = _own_addresses(finding["resource"])
        remote = _remote_addresses(finding["action"])
        pairs = [frozenset((one, other)) for one in own for other in remote]
        if pairs:
            times = (finding["first"], finding["last"])
            holds = any(self._flows.holds(pair, when, LONGEST) for pair in pairs for when in times)
            self._judge("flow", holds, place, f"no flow between {own} and {remote}")

    def _join_dns(self, finding: Finding, place: Place) -> None:
        if not self._is_logged("route53resolver", finding):
            return
        name = str(mapping(finding["action"].get("dnsRequestAction")).get("domain")).rstrip(".")
        holds = self._queries.within(name, finding["first"], finding["last"])
        self._judge("dns", holds, place, f"no query of {name} between first and last")


class CopyJoin(Join):
    """Security Hub has a copy of each GuardDuty finding, and of no other."""

    reads = frozenset({"guardduty", "securityhub"})

    def __init__(self) -> None:
        there = ("GuardDuty findings with their copy", "Security Hub に写しがある GuardDuty 検出")
        back = ("copies with their GuardDuty finding", "元の GuardDuty 検出がある写し")
        super().__init__({"there": (*there, 1.0), "back": (*back, 1.0)})
        self._findings: dict[str, Place] = {}
        self._copies: dict[str, Place] = {}

    def see(self, seen: Seen) -> None:
        """Take a finding or a copy into account."""
        raw, place = seen.record.raw, (seen.key, seen.record.number)
        if seen.log_type.name == "guardduty":
            if not mapping(raw.get("service")).get("archived"):
                self._findings.setdefault(str(raw.get("arn")), place)
        elif str(raw.get("ProductArn")).endswith("product/aws/guardduty"):
            self._copies.setdefault(str(raw.get("Id")), place)

    def close(self) -> None:
        """Join them by arn, where both are logged."""
        if not self._findings or not self._copies:
            return
        for arn, place in self._findings.items():
            self._judge("there", arn in self._copies, place, f"no copy of {arn}")
        for arn, place in self._copies.items():
            self._judge("back", arn in self._findings, place, f"no finding {arn}")


class ConfigJoin(Join):
    """A configuration item comes after the call that made its resource."""

    reads = frozenset({"cloudtrail", "config-history"})

    def __init__(self) -> None:
        words = ("configuration items after what made them", "作成より後の構成アイテム")
        super().__init__({"config": (*words, 1.0)})
        self._made: dict[str, int] = {}
        self._items: list[tuple[str, int, Place]] = []

    def see(self, seen: Seen) -> None:
        """Take an event or an item into account."""
        raw, place = seen.record.raw, (seen.key, seen.record.number)
        if seen.log_type.name == "cloudtrail":
            kinds = MAKING.get(str(raw.get("eventName")))
            when = moment(raw.get("eventTime"))
            if kinds and when is not None and "errorCode" not in raw:
                for found in ids_in(raw.get("responseElements")):
                    if found.startswith(kinds):
                        self._made[found] = min(when, self._made.get(found, when))
            return
        when = moment(raw.get("configurationItemCaptureTime"))
        if when is not None:
            self._items.append((str(raw.get("resourceId")), when, place))

    def close(self) -> None:
        """Join them by resource id."""
        for found, when, place in self._items:
            if found in self._made:
                self._judge("config", when >= self._made[found], place, f"{found} is older")


class DnsJoin(Join):
    """An address that was looked up is connected to afterwards, not before.

    On the first of some days with lookups there may be connections from the day before: that day
    is not judged.
    """

    reads = frozenset({"route53resolver", "vpcflowlogs"})

    def __init__(self) -> None:
        words = ("flows after the lookup of their address", "名前解決の後に始まるフロー")
        super().__init__({"dns": (*words, 0.99)})
        self._answers = Times()
        self._days: set[int] = set()
        self._flows: dict[tuple[str, str, int], tuple[int, Place]] = {}

    def see(self, seen: Seen) -> None:
        """Take a lookup, or the first flow of a pair on its day, into account."""
        raw = seen.record.raw
        if seen.log_type.name == "route53resolver":
            self._look_up(raw)
            return
        end = integer(raw.get("end"))
        if end is None or raw.get("flow_direction") == "ingress" or raw.get("action") != "ACCEPT":
            return
        key = (*_ends(raw), day_number(end))
        if key not in self._flows or end < self._flows[key][0]:
            self._flows[key] = (end, (seen.key, seen.record.number))

    def _look_up(self, raw: Finding) -> None:
        when = moment(raw.get("query_timestamp"))
        if when is None:
            return
        self._days.add(day_number(when))
        for answer in rows(raw.get("answers")):
            if answer.get("Type") in ("A", "AAAA"):
                self._answers.add((str(raw.get("srcaddr")), str(answer.get("Rdata"))), when)

    def close(self) -> None:
        """See whether a pair's first flow of a day ends after a lookup in that run of days."""
        for (source, target, day), (end, place) in self._flows.items():
            begin = self._begin_of_run(day)
            if begin < day and (source, target) in self._answers:
                start = (begin * DAY) - JST
                if self._answers.within((source, target), start, start + (day - begin + 1) * DAY):
                    holds = self._answers.within((source, target), start, end)
                    self._judge("dns", holds, place, f"{source} looks {target} up later")

    def _begin_of_run(self, day: int) -> int:
        """Return the first of the days with lookups that lead to a day without a gap."""
        while day - 1 in self._days:
            day -= 1
        return day


def addresses_of(finding: Finding) -> list[str]:
    """Return the addresses of others that a GuardDuty finding names.

    Parameters
    ----------
    finding
        The raw record.

    Examples
    --------
    >>> remote = {"remoteIpDetails": {"ipAddressV4": "198.51.100.7"}}
    >>> addresses_of({"service": {"action": {"networkConnectionAction": remote}}})
    ['198.51.100.7']
    """
    return _remote_addresses(mapping(mapping(finding.get("service")).get("action")))


def _ends(flow: Finding) -> tuple[str, str]:
    return (str(flow.get("srcaddr")), str(flow.get("dstaddr")))


def _region(key: str) -> str:
    """Return the region that a flow log's key names."""
    parts = key.split("/")
    at = parts.index("vpcflowlogs") if "vpcflowlogs" in parts else -1
    return parts[at + 1] if 0 <= at < len(parts) - 1 else ""


def _is_on_objects(api: str) -> bool:
    return api in {"ListObjects", "ListObjectsV2"} or api.endswith(("Object", "Objects"))


def _own_addresses(resource: Finding) -> list[str]:
    interfaces = rows(mapping(resource.get("instanceDetails")).get("networkInterfaces"))
    return [str(row.get("privateIpAddress")) for row in interfaces]


def _remote_addresses(action: Finding) -> list[str]:
    found = [mapping(action.get("networkConnectionAction"))]
    found += rows(mapping(action.get("portProbeAction")).get("portProbeDetails"))
    texts = [mapping(row.get("remoteIpDetails")).get("ipAddressV4") for row in found]
    return [text for text in texts if isinstance(text, str)]
