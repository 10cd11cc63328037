"""R5a-c: access keys. Of which account, issued by whom, used when."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from siemlab.realism.values import mapping

__all__ = ["IssuedKey", "KeyLedger", "account_of_key", "moment"]

Event = dict[str, Any]

KEY_ID = re.compile("(?:AKIA|ASIA)[A-Z2-7]{16}")
SESSION = 12 * 3600  # seconds: no console session is longer
SLACK = 5  # seconds between a sign-in and the session that it says it created
ISSUING = frozenset(
    {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot"}
    | {"GetFederationToken", "GetSessionToken"}
)
ENTERING = frozenset({"ConsoleLogin", "SwitchRole", "RenewRole", "GetSigninToken"})


def account_of_key(key: str) -> str | None:
    """Return the account that an access key id carries; None if it is no key id.

    Parameters
    ----------
    key
        ``AKIA`` or ``ASIA`` and 16 of A-Z2-7: ten bytes, whose bits 1 to 40 are the account.

    Examples
    --------
    >>> account_of_key("AKIA3KF6UTOHQAAAAMBZ"), account_of_key("AKIA0189")
    ('777788889999', None)
    """
    if not KEY_ID.fullmatch(key):
        return None
    try:
        data = base64.b32decode(key[4:])
    except binascii.Error:
        return None
    return f"{(int.from_bytes(data, 'big') >> 39) & ((1 << 40) - 1):012d}"


def moment(text: object) -> int | None:
    """Return a time of an event in epoch seconds; None if it is none.

    Parameters
    ----------
    text
        ``2022-11-18T07:00:01Z``, or an expiration, ``Nov 18, 2022, 8:00:01 AM``.

    Examples
    --------
    >>> moment("2022-11-18T07:00:01Z"), moment("Nov 18, 2022, 8:00:01 AM"), moment(None)
    (1668754801, 1668758401, None)
    """
    if not isinstance(text, str):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:
        pass
    plain = text.replace("\u202f", " ")  # newer Javas write a narrow space before AM
    for form in ("%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p"):
        try:
            return int(datetime.strptime(plain, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    return None


@dataclass(slots=True)
class IssuedKey:
    """What is known of one key: when it was issued, until when, and when it was used."""

    first_use: int = 1 << 62
    last_use: int = -1
    place: tuple[str, int] = ("", 0)
    principal: str = ""
    created: int | None = None
    identity: str = ""
    issued: int | None = None
    expires: int | None = None
    deleted: int | None = None
    inactive: list[tuple[int, bool]] = field(default_factory=list)


class KeyLedger:
    """Collects who issued a key and who used it, in any order; says at the end what was wrong.

    Parameters
    ----------
    known
        Long-lived keys that existed at the start; None where that is not known.
    whole
        Whether the logs are whole, so that who issued a key must be found in them: a role's
        session or the sign-in at the console.
    """

    def __init__(self, known: frozenset[str] | None, whole: bool) -> None:
        self._known = known
        self._whole = whole
        self._keys: dict[str, IssuedKey] = {}
        self._entries: dict[str, list[int]] = {}
        self._covered: set[int] = set()
        self._first = 1 << 62

    def see(self, event: Event, when: int, place: tuple[str, int]) -> None:
        """Take an event into account.

        Parameters
        ----------
        event
            The raw record.
        when
            Its time, epoch seconds.
        place
            Its object and record number.
        """
        self._first = min(self._first, when)
        if event.get("readOnly") is True and event.get("eventSource") != "sts.amazonaws.com":
            self._covered.add(_day(when))
        name, identity = event.get("eventName"), mapping(event.get("userIdentity"))
        if name in ENTERING:
            self._entries.setdefault(str(identity.get("principalId")), []).append(when)
        if name in ISSUING or name in ("CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey"):
            self._issue(event, name, when)
        key = identity.get("accessKeyId")
        expired = str(event.get("errorCode", "")).startswith("ExpiredToken")
        if isinstance(key, str) and key and "invokedBy" not in identity and not expired:
            self._use(key, identity, when, place)

    def _of(self, key: str) -> IssuedKey:
        return self._keys.setdefault(key, IssuedKey())

    def _issue(self, event: Event, name: str, when: int) -> None:
        answer, asked = event.get("responseElements"), event.get("requestParameters")
        if "errorCode" in event:
            return
        if isinstance(answer, dict):
            given = answer.get("credentials") or answer.get("accessKey")
            if isinstance(given, dict) and isinstance(given.get("accessKeyId"), str):
                found = self._of(given["accessKeyId"])
                found.issued = when if found.issued is None else min(found.issued, when)
                found.expires = moment(given.get("expiration"))
        if isinstance(asked, dict) and isinstance(asked.get("accessKeyId"), str):
            found = self._of(asked["accessKeyId"])
            if name == "DeleteAccessKey":
                found.deleted = when
            elif name == "UpdateAccessKey":
                found.inactive.append((when, asked.get("status") == "Inactive"))

    def _use(self, key: str, identity: Event, when: int, place: tuple[str, int]) -> None:
        found = self._of(key)
        if when < found.first_use:
            found.first_use, found.place = when, place
        found.last_use = max(found.last_use, when)
        found.principal = str(identity.get("principalId"))
        found.identity = str(identity.get("type"))
        attributes = mapping(mapping(identity.get("sessionContext")).get("attributes"))
        found.created = moment(attributes.get("creationDate"))

    def temporary(self) -> list[tuple[tuple[str, int], str]]:
        """Return what is wrong with temporary keys: place and reason."""
        wrong = []
        for key, found in sorted(self._keys.items()):
            if not key.startswith("ASIA") or found.last_use < 0:
                continue
            reason = self._of_temporary(found)
            if reason:
                wrong.append((found.place, f"{key} {reason}"))
        return wrong

    def _of_temporary(self, found: IssuedKey) -> str:
        if found.issued is not None:
            if found.first_use < found.issued:
                return "is used before it is issued"
            late = found.expires is not None and found.last_use > found.expires
            return "is used after it has expired" if late else ""
        if found.created is None:
            return "has no session and was never issued"
        if found.last_use > found.created + SESSION:
            return "is used longer than any session lasts"
        if not self._whole or not self._is_covered(found.created):
            return ""
        near = (abs(found.created - when) for when in self._entries.get(found.principal, []))
        return "" if min(near, default=SESSION) <= SLACK else "was issued by nobody"

    def _is_covered(self, when: int) -> bool:
        """Tell whether the logs hold what happened at a time: that day's reads are in them."""
        return when >= self._first and _day(when) in self._covered

    def permanent(self) -> list[tuple[tuple[str, int], str]]:
        """Return what is wrong with long-lived keys: place and reason."""
        wrong = []
        for key, found in sorted(self._keys.items()):
            if not key.startswith("AKIA") or found.last_use < 0:
                continue
            reason = self._of_permanent(key, found)
            if reason:
                wrong.append((found.place, f"{key} {reason}"))
        return wrong

    def _of_permanent(self, key: str, found: IssuedKey) -> str:
        if found.issued is not None and found.first_use < found.issued:
            return "is used before it is created"
        if found.deleted is not None and found.last_use > found.deleted:
            return "is used after it is deleted"
        if found.inactive:
            last, off = max(found.inactive)
            if off and found.last_use > last:
                return "is used after it is deactivated"
        if found.issued is None and self._known is not None and key not in self._known:
            return "was never created, and did not exist at the start"
        return ""

    def used(self, prefix: str) -> int:
        """Return how many keys of a kind, ``AKIA`` or ``ASIA``, have been used."""
        return sum(
            key.startswith(prefix) and found.last_use >= 0 for key, found in self._keys.items()
        )


def _day(when: int) -> int:
    """Return the number of the day in Japan."""
    return (when + 9 * 3600) // 86_400
