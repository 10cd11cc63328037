"""The field map at work: values of a raw record, copied to fields of the Elastic Common Schema."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from siemlab.logs.model import Envelope, LogType
from siemlab.logs.paths import Path, dig, split_path

__all__ = ["FieldMap", "Place", "Stringifier", "is_address"]

ACCOUNT_IN_KEY = re.compile(r"\W([0-9]{12})/")
REGION_IN_KEY = re.compile(r"global|(?:us|ap|ca|eu|il|me|mx|sa|af|cn)-(?:gov-)?[a-zA-Z]+-[0-9]")
OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = re.compile(rf"{OCTET}(?:\.{OCTET}){{3}}")
LONGEST_ADDRESS = 64


def is_address(text: str) -> bool:
    """Tell whether text is an IPv4 or IPv6 address.

    Parameters
    ----------
    text
        The text as the record has it.

    Examples
    --------
    >>> is_address("2001:db8::7"), is_address("ec2.amazonaws.com"), is_address("10.0.0.256")
    (True, False, False)
    """
    return _is_known_address(text) if len(text) <= LONGEST_ADDRESS else _parses(text)


@lru_cache(maxsize=65536)
def _is_known_address(text: str) -> bool:
    return IPV4.fullmatch(text) is not None or _parses(text)


def _parses(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class Stringifier:
    """Replaces what stands at some paths by its text, as the SIEM writes it: in Python's way.

    Zero, false, and what is empty stay as they are. Text that holds a brace gains quotes.

    Parameters
    ----------
    paths
        Dotted paths of objects' fields.

    Examples
    --------
    >>> record = {"asked": {"filter": {"a": True}, "scope": ["x"], "target": 75.5, "sort": 0}}
    >>> Stringifier(("asked.filter", "asked.scope", "asked.target", "asked.sort")).apply(record)
    >>> record["asked"]
    {'filter': "{'a': True}", 'scope': "['x']", 'target': '75.5', 'sort': 0}
    """

    def __init__(self, paths: Iterable[str]) -> None:
        groups: dict[str, list[str]] = {}
        for path in paths:
            top, _, below = path.partition(".")
            groups.setdefault(top if below else "", []).append(below or top)
        self._names = frozenset(groups.pop("", ()))
        self._below = tuple((top, Stringifier(below)) for top, below in groups.items())

    def apply(self, source: dict[str, Any]) -> None:
        """Replace the values in a record.

        Parameters
        ----------
        source
            The raw record, changed in place.
        """
        for top, below in self._below:
            holder = source.get(top)
            if type(holder) is dict:
                below.apply(holder)
        if not self._names.isdisjoint(source):
            for name in self._names.intersection(source):
                value = source[name]
                if value:
                    is_container = isinstance(value, str | list | dict)
                    source[name] = repr(value) if is_container and "{" in value else str(value)


class Place(NamedTuple):
    """What an object's key and a record's envelope say of account and region; None if nothing."""

    account: str | None
    region: str | None

    @classmethod
    def of_key(cls, key: str) -> Place:
        """Return what a key says, URL-encoded or not.

        Examples
        --------
        >>> Place.of_key("AWSLogs/111122223333/GuardDuty/us-east-1/2022/11/18/a.jsonl.gz")
        Place(account='111122223333', region='us-east-1')
        """
        if "%" in key:
            key = unquote_plus(key)
        account, region = ACCOUNT_IN_KEY.search(key), REGION_IN_KEY.search(key)
        return cls(account and account[1], region and region[0])

    def within(self, envelope: Envelope) -> Place:
        """Return this place with what an envelope knows better."""
        return Place(envelope.account or self.account, envelope.region or self.region)


class _Place(NamedTuple):
    """Where a value goes: the object it stands in, one within it or none, its name, its kind."""

    top: str
    middle: str
    leaf: str
    is_address: bool = False
    is_list: bool = False

    @classmethod
    def of(cls, target: str, is_list: bool = False) -> _Place:
        top, _, rest = target.partition(".")
        middle, _, leaf = rest.rpartition(".")
        return cls(top, middle, leaf, ".ip" in target, is_list)

    def put(self, source: dict[str, Any], value: Any) -> None:
        """Put a value here; what stands in the way and is no object goes."""
        holder = source.get(self.top)
        if type(holder) is not dict:
            holder = source[self.top] = {}
        if self.middle:
            inner = holder.get(self.middle)
            if type(inner) is not dict:
                inner = holder[self.middle] = {}
            holder = inner
        holder[self.leaf] = value

    def fitting(self, value: Any) -> Any:
        """Return what the place takes of a value, None if nothing."""
        kind = type(value)
        if kind is str:
            if self.is_address and not is_address(value):
                return None
            return [value] if self.is_list else value
        if self.is_list:
            return _texts(value, self.is_address) or None
        if kind is dict or kind is list:
            return value.copy() or None
        return str(value)


class FieldMap:
    """A log type's field map, made ready once.

    Most targets have one candidate, a field of the record itself; these are taken field by field,
    each to all of its places. The others are taken target by target.

    Parameters
    ----------
    log_type
        Whose map and static fields these are.

    Examples
    --------
    >>> from siemlab.logs import LOG_TYPES
    >>> resolver = next(kind for kind in LOG_TYPES if kind.index == "log-aws-r53resolver")
    >>> record = {"srcaddr": "10.0.0.5", "region": "us-east-1", "query_name": "example.com."}
    >>> FieldMap(resolver).apply(record, Place("111122223333", None))
    >>> record["source"], record["cloud"]["account"], record["dns"]["question"]
    ({'address': '10.0.0.5', 'ip': '10.0.0.5'}, {'id': '111122223333'}, {'name': 'example.com.'})
    """

    def __init__(self, log_type: LogType) -> None:
        plain: dict[str, list[_Place]] = {}
        self._searched: list[tuple[_Place, tuple[_Route, ...]]] = []
        for target, candidates in log_type.ecs.items():
            several = (candidates,) if isinstance(candidates, str) else tuple(candidates)
            place = _Place.of(target, is_list=isinstance(candidates, list))
            if len(several) == 1 and "." not in several[0]:
                plain.setdefault(several[0], []).append(place)
            else:
                self._searched.append((place, tuple(map(_route, several))))
        self._plain = tuple((name, tuple(places)) for name, places in plain.items())
        self._static = tuple((_Place.of(name), value) for name, value in log_type.static.items())

    def apply(self, source: dict[str, Any], place: Place) -> None:
        """Add the mapped, the cloud's, and the static fields to a record.

        Parameters
        ----------
        source
            The raw record, changed in place.
        place
            Account and region, for what the record does not say.
        """
        has_account = has_region = False
        if type(cloud := source.get("cloud")) is dict:
            has_account = bool(dig(cloud, ("account", "id")))
            has_region = bool(cloud.get("region"))
        self._spread(source)
        for target, routes in self._searched:
            value = _collect(source, routes) if target.is_list else _first(source, routes)
            fitting = None if value is None else target.fitting(value)
            if fitting is not None:
                target.put(source, fitting)
        _set_cloud(source, place, has_account, has_region)
        for target, value in self._static:
            target.put(source, value if isinstance(value, str) else list(value))

    def _spread(self, source: dict[str, Any]) -> None:
        """Copy each field of the record that is a target's only candidate to all of its places.

        Most of a log's fields go this way, so `put` and `fitting` are written out for plain text.
        """
        get = source.get
        for name, places in self._plain:
            value = get(name)
            if value is None or value == "":
                continue
            is_text = type(value) is str
            for target in places:
                top, middle, leaf, wants_address, wants_list = target
                fitting = value
                if wants_address or wants_list or not is_text:
                    fitting = target.fitting(value)
                    if fitting is None:
                        continue
                holder = get(top)
                if type(holder) is not dict:
                    holder = source[top] = {}
                if middle:
                    inner = holder.get(middle)
                    if type(inner) is not dict:
                        inner = holder[middle] = {}
                    holder = inner
                holder[leaf] = fitting


_Route = tuple[str, Path]
"""A path: the field of the record, and the steps below it."""


def _route(dotted: str) -> _Route:
    top, _, below = dotted.partition(".")
    return top, split_path(below) if below else ()


def _first(source: dict[str, Any], routes: tuple[_Route, ...]) -> Any:
    """Return the first value that is neither null nor empty text."""
    for top, below in routes:
        value: Any = source.get(top)
        if value is None:
            continue
        for step in below:
            if type(value) is dict:
                value = value.get(step)
            elif type(value) is list and type(step) is int and step < len(value):
                value = value[step]
            else:
                value = None
                break
        if value is not None and value != "":
            return value
    return None


def _collect(source: dict[str, Any], routes: tuple[_Route, ...]) -> list[Any]:
    """Return what stands at some paths, lists spread out."""
    found: list[Any] = []
    for top, below in routes:
        value = source.get(top)
        if value is None:
            continue
        value = dig(value, below)
        if type(value) is list:
            found += value
        else:
            found.append(value)
    return found


def _texts(values: Any, want_addresses: bool) -> list[str]:
    """Return the texts of a list, once each, sorted."""
    found = {
        text
        for text in (values if type(values) is list else ())
        if type(text) is str and text and (not want_addresses or is_address(text))
    }
    return sorted(found)


def _set_cloud(source: dict[str, Any], place: Place, has_account: bool, has_region: bool) -> None:
    cloud = source.get("cloud")
    if type(cloud) is not dict:
        cloud = source["cloud"] = {}
    if not cloud.get("provider"):
        cloud["provider"] = "aws"
    if not has_account:
        account = cloud.get("account")
        mapped = account.get("id") if type(account) is dict else None
        if not mapped:
            cloud["account"] = {"id": place.account or "unknown"}
        elif mapped == "unknown":
            del cloud["account"]
            if place.account:
                cloud["account"] = {"id": place.account}
    if not has_region and not cloud.get("region"):
        cloud["region"] = place.region or "unknown"
