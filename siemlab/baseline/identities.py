"""Accounts, people, and the machine identities that act in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

__all__ = ["Account", "Person", "PersonKind", "Role", "RoleKind", "User"]

PersonKind = Literal["iam-user", "sso"]
RoleKind = Literal["instance", "lambda", "ci", "service", "service-linked", "sso", "external"]


@dataclass(frozen=True)
class Account:
    """An AWS account.

    Parameters
    ----------
    name, id
        What the company calls it, and its twelve digits (from AWS's documentation).
    purpose_en, purpose_ja
        What it is for.
    organization
        Whether it belongs to the company.
    on_sheet
        Whether learners are told of it.
    logged_en, logged_ja
        What is logged there, in words.
    allowed_regions, denied_regions
        What the organization's service control policy says, as patterns (``eu-*``): only these,
        and none of those. Without patterns it says nothing.

    Examples
    --------
    >>> Account("dev", "0", "", "", True, denied_regions=("eu-*",)).permits("eu-west-1")
    False
    """

    name: str
    id: str
    purpose_en: str
    purpose_ja: str
    organization: bool
    on_sheet: bool = True
    logged_en: str = ""
    logged_ja: str = ""
    allowed_regions: tuple[str, ...] = ()
    denied_regions: tuple[str, ...] = ()

    def permits(self, region: str) -> bool:
        """Tell whether the service control policy lets the account use a region."""
        allowed = self.allowed_regions or ("*",)
        return any(fnmatchcase(region, pattern) for pattern in allowed) and not any(
            fnmatchcase(region, pattern) for pattern in self.denied_regions
        )

    @property
    def purpose(self) -> str:
        """What it is for, in English."""
        return self.purpose_en


@dataclass(frozen=True)
class Person:
    """One of the staff who use AWS.

    Parameters
    ----------
    name
        The short name: an IAM user's name, or the part of the mail address before the ``@``.
    full_name_en, full_name_ja, title_en, title_ja
        Who that is.
    accounts
        The accounts where the person works.
    kind
        An IAM user, or a session of IAM Identity Center (``sso``).
    permission_set
        The permission set, or the policies of an IAM user.
    mfa
        Whether AWS itself asks for a second factor. Sessions of ``sso`` never show one: it is
        the identity provider that asks.
    office
        ``tokyo`` or ``osaka``.
    rota
        The table of `Baseline.rota` that says when the person works.
    browser
        Browser and system, a key of `Baseline.browsers`.
    office_ip, vpn_ip
        The address by which the person leaves the office, and the VPN.
    agent
        The browser's user agent of late 2022.
    email
        The mail address.
    """

    name: str
    full_name_en: str
    full_name_ja: str
    title_en: str
    title_ja: str
    accounts: tuple[str, ...]
    kind: PersonKind
    permission_set: str
    mfa: bool
    office: Literal["tokyo", "osaka"]
    rota: str
    browser: str
    office_ip: str
    vpn_ip: str
    agent: str
    email: str

    @property
    def session(self) -> str:
        """How the person is named in a session: the mail address for ``sso``."""
        return self.email if self.kind == "sso" else self.name

    @property
    def account(self) -> str:
        """The account of most of the person's work."""
        return self.accounts[0]


@dataclass(frozen=True)
class Role:
    """An IAM role of one account.

    Parameters
    ----------
    name, account
        Its name in IAM, and the account.
    kind
        What sort of caller takes it.
    trusted
        Services, account names or roles (``account/role``) that its trust policy names.
    path
        Its path, ``/`` as a rule.
    hosts, functions
        Who bears it.
    permission_set
        Of an ``sso`` role: the permission set that made it.
    external_id
        The external id that the trust policy asks for, if any.
    policies
        The policies attached.
    note_en, note_ja
        What it does.
    since
        When it came, where that lies within the data.
    """

    name: str
    account: str
    kind: RoleKind
    trusted: tuple[str, ...]
    path: str = "/"
    hosts: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    permission_set: str = ""
    external_id: str = ""
    policies: tuple[str, ...] = ()
    note_en: str = ""
    note_ja: str = ""
    since: datetime | None = None

    @property
    def qualified(self) -> str:
        """``account/name``, which is unique."""
        return f"{self.account}/{self.name}"


@dataclass(frozen=True)
class User:
    """An IAM user: a machine's, or one of the people who still have one.

    Parameters
    ----------
    name, account, kind
        Who and where.
    key
        Whether it has had an access key.
    key_since, key_until
        When the key was made and when it went out of use; None: outside the data.
    console, mfa
        Whether it has a password, and a second factor.
    policies
        The policies attached.
    sources
        The addresses from which it normally acts.
    note_en, note_ja
        What it does.
    since, until
        The user's life; None: outside the data.
    """

    name: str
    account: str
    kind: Literal["person", "machine"]
    key: bool = False
    key_since: datetime | None = None
    key_until: datetime | None = None
    console: bool = False
    mfa: bool = False
    policies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note_en: str = ""
    note_ja: str = ""
    since: datetime | None = None
    until: datetime | None = None
