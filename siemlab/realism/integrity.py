"""R5: what the records say of each other is possible. Exact: not one violation may be."""

from __future__ import annotations

import array
import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

from siemlab.realism.figures import Figure, Violation, Violations
from siemlab.realism.inventory import Inventory
from siemlab.realism.keys import KeyLedger, account_of_key, moment
from siemlab.realism.reading import Seen
from siemlab.realism.resources import ResourceLedger
from siemlab.realism.values import mapping

__all__ = ["RULES", "IntegrityCheck"]

Event = dict[str, Any]
Place = tuple[str, int]

RULES: dict[str, tuple[str, str]] = {
    "a": ("keys that carry another account", "別のアカウントを示すキー ID"),
    "b": ("temporary keys used unissued or expired", "未発行・期限切れの一時キーの使用"),
    "c": ("long-lived keys used before or after their life", "存在期間外の長期キーの使用"),
    "d": ("resources used while they do not exist", "存在しない時点でのリソースの使用"),
    "e": ("sessions created after their events", "イベントより後に作られたセッション"),
    "f": ("caller addresses of nobody", "誰のものでもない送信元アドレス"),
    "g": ("event ids that repeat, and false pairs", "重複するイベント ID と誤った組"),
    "h": ("recipient accounts that cannot be", "ありえない受信アカウント"),
}
"""The rules by their letters, each with what breaks it."""

FILE_ACCOUNT = re.compile(r"(?:^|/)(\d{12})_CloudTrail_")
UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class IntegrityCheck:
    """Keeps a small ledger while the CloudTrail events pass, and closes it at the end.

    Parameters
    ----------
    inventory
        What existed when the logs begin.
    """

    reads = frozenset({"cloudtrail"})

    def __init__(self, inventory: Inventory | None = None) -> None:
        self._inventory = inventory or Inventory()
        self._found = Violations()
        self._keys = KeyLedger(self._inventory.access_keys, self._inventory.whole)
        self._resources = ResourceLedger(self._inventory.resources)
        self._ids = array.array("Q")
        self._shared: defaultdict[str, list[tuple[str, str, Place]]] = defaultdict(list)
        self._is_closed = False

    def see(self, seen: Seen) -> None:
        """Take an event into account."""
        event, place = seen.record.raw, (seen.key, seen.record.number)
        when = moment(event.get("eventTime"))
        identity = event.get("userIdentity")
        if when is None or not isinstance(identity, dict):
            self._found.add("e", *place, "the event has no time or no identity")
            return
        self._keys.see(event, when, place)
        self._resources.see(event, when, place)
        self._account_of_key(identity, place)
        self._session(identity, when, place)
        self._address(event, identity, place)
        self._ids_of(event, place)
        self._recipient(event, identity, place)

    def _account_of_key(self, identity: Event, place: Place) -> None:
        key = identity.get("accessKeyId")
        if not isinstance(key, str) or not key or key in self._inventory.replaced:
            return
        self._found.checked("a")
        found = account_of_key(key)
        if found is None:
            self._found.add("a", *place, f"{key} is no key id")
        elif self._inventory.account(found) != identity.get("accountId"):
            self._found.add("a", *place, f"{key} is of {found}, not {identity.get('accountId')}")

    def _session(self, identity: Event, when: int, place: Place) -> None:
        attributes = mapping(mapping(identity.get("sessionContext")).get("attributes"))
        if "creationDate" not in attributes:
            return
        self._found.checked("e")
        created = moment(attributes["creationDate"])
        if created is None or created > when:
            self._found.add("e", *place, f"created {attributes['creationDate']}")

    def _address(self, event: Event, identity: Event, place: Place) -> None:
        """Callers have an address that somebody has; a service's own calls show its name."""
        address = event.get("sourceIPAddress")
        if not isinstance(address, str):
            self._found.add("f", *place, "there is no sourceIPAddress")
            return
        if not address[-1:].isdigit() and ":" not in address:
            self._found.checked("f")
            if address != "AWS Internal" and not address.endswith(".amazonaws.com"):
                self._found.add("f", *place, f"{address} is no address and no service")
            elif identity.get("type") == "AWSService" and identity.get("invokedBy") != address:
                self._found.add("f", *place, f"{identity.get('invokedBy')} calls from {address}")
        elif self._inventory.networks:
            self._found.checked("f")
            if not self._inventory.knows(address):
                self._found.add("f", *place, f"{address} belongs to nobody known")

    def _ids_of(self, event: Event, place: Place) -> None:
        identity = str(event.get("eventID"))
        self._found.checked("g")
        if not UUID.fullmatch(identity):
            self._found.add("g", *place, f"{identity} is no event id")
            return
        self._ids.append(int(identity.replace("-", ""), 16) & ((1 << 64) - 1))
        shared = event.get("sharedEventID")
        if isinstance(shared, str):
            recipient = str(event.get("recipientAccountId"))
            kind = f"{event.get('eventName')} {event.get('eventTime')}"
            self._shared[shared].append((recipient, kind, place))

    def _recipient(self, event: Event, identity: Event, place: Place) -> None:
        self._found.checked("h")
        recipient, account = event.get("recipientAccountId"), identity.get("accountId")
        written = FILE_ACCOUNT.search(place[0])
        if written and self._inventory.account(written[1]) != recipient:
            self._found.add("h", *place, f"{recipient} in a file of {written[1]}")
        crosses = bool(account) and account != recipient
        if crosses and identity.get("type") != "AWSAccount" and "sharedEventID" not in event:
            self._found.add("h", *place, f"{account} is the caller's, {recipient} receives")
        accounts = self._inventory.accounts
        if accounts is not None and not {recipient, account} - {None, ""} <= accounts:
            self._found.add("h", *place, f"{recipient} or {account} is of nobody known")

    def _close(self) -> None:
        """Say what only the end of the logs shows."""
        if self._is_closed:
            return
        self._is_closed = True
        self._found.checked("b", self._keys.used("ASIA"))
        self._found.checked("c", self._keys.used("AKIA"))
        self._found.checked("d", len(self._resources))
        for rule, wrong in (
            ("b", self._keys.temporary()),
            ("c", self._keys.permanent()),
            ("d", self._resources.wrong()),
        ):
            for place, what in wrong:
                self._found.add(rule, *place, what)
        ids = sorted(self._ids)
        repeated = sum(one == other for one, other in pairwise(ids))
        for _ in range(repeated):
            self._found.add("g", "all objects", 0, "an event id occurs twice")
        self._ids = array.array("Q")
        self._close_pairs()

    def _close_pairs(self) -> None:
        for shared, events in self._shared.items():
            recipients = [recipient for recipient, _, _ in events]
            if len(set(recipients)) < len(recipients):
                self._found.add("g", *events[0][2], f"{shared} pairs events of one account")
            if len({kind for _, kind, _ in events}) > 1:
                self._found.add("g", *events[0][2], f"{shared} pairs events that differ")

    def figures(self) -> list[Figure]:
        """Return how often each rule is broken."""
        self._close()
        return [
            self._found.figure("R5", rule, (f"{rule}) {name[0]}", f"{rule}) {name[1]}"))
            for rule, name in RULES.items()
        ]

    @property
    def violations(self) -> list[Violation]:
        """The first records that break a rule."""
        self._close()
        return self._found.kept
