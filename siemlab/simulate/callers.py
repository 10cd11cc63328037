"""Who calls: the userIdentity of CloudTrail in each of its forms, with address and user agent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

__all__ = [
    "Caller",
    "Role",
    "aws_account",
    "aws_service",
    "console_user",
    "portal_user",
    "role_session",
    "saml_user",
    "service_event",
    "stamp",
    "unknown_user",
    "user_key",
]

INTERNAL = "AWS Internal"


@dataclass(frozen=True)
class Caller:
    """A caller as CloudTrail shows it, the same for every call of a session.

    Parameters
    ----------
    account
        The account that the caller belongs to, and whose trail records the call.
    identity
        ``userIdentity``, as JSON.
    address, agent
        ``sourceIPAddress`` and ``userAgent``.
    key
        The access key in use, empty where there is none.
    tls
        The TLS version of a direct call, ``"1.2"`` or ``"1.3"``; empty where a service calls.
    console
        Whether the session's credentials come from the console.
    endpoint
        The VPC endpoint that the call goes through, if any.

    Examples
    --------
    >>> hana = user_key("111122223333", "hana", "AIDAEXAMPLE", "AKIAEXAMPLE",
    ...                 address="203.0.113.5", agent="aws-cli/2.8.5")
    >>> hana.via_console().agent
    'AWS Internal'
    """

    account: str
    identity: bytes
    address: str
    agent: str
    key: str = ""
    tls: str = "1.2"
    console: bool = False
    endpoint: str = ""

    @property
    def arn(self) -> str:
        """The ARN that messages name; empty where the identity has none (a service)."""
        return str(msgspec.json.decode(self.identity).get("arn", ""))

    def using(self, agent: str) -> Caller:
        """Return the same caller with another tool."""
        return replace(self, agent=agent)

    def at(self, address: str, endpoint: str = "") -> Caller:
        """Return the same credentials at another address."""
        return replace(self, address=address, endpoint=endpoint)

    def via_console(self) -> Caller:
        """Return the caller as a console's back end passes the calls on: from the same address."""
        return replace(self, agent=INTERNAL, tls="", console=True)

    def via_service(self, service: str, agent: str = "") -> Caller:
        """Return the caller as a service calls in its name (``invokedBy``).

        Parameters
        ----------
        service
            A service's domain, or ``AWS Internal``.
        agent
            The user agent where it is not the same.
        """
        identity = msgspec.json.decode(self.identity)
        identity["invokedBy"] = service
        return replace(
            self,
            identity=msgspec.json.encode(identity),
            address=service,
            agent=agent or service,
            tls="",
            endpoint="",
        )


def stamp(milliseconds: int) -> str:
    """Return a time as CloudTrail writes it.

    Examples
    --------
    >>> stamp(1668264429000)
    '2022-11-12T14:47:09Z'
    """
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _caller(
    account: str, identity: dict[str, Any], address: str, agent: str, **more: Any
) -> Caller:
    return Caller(account, msgspec.json.encode(identity), address, agent, **more)


def user_key(
    account: str, user: str, user_id: str, key: str, *, address: str, agent: str, tls: str = "1.2"
) -> Caller:
    """Return an IAM user with a long-lived key.

    Parameters
    ----------
    account, user, user_id
        The account, the user's name (path included), and the ``AIDA`` id.
    key
        The ``AKIA`` key.
    address, agent, tls
        From where, with what.
    """
    identity = {
        "type": "IAMUser",
        "principalId": user_id,
        "arn": f"arn:aws:iam::{account}:user/{user}",
        "accountId": account,
        "accessKeyId": key,
        "userName": user.rpartition("/")[2],
    }
    return _caller(account, identity, address, agent, key=key, tls=tls)


def _attributes(since: int, *, mfa: bool) -> dict[str, str]:
    return {"creationDate": stamp(since), "mfaAuthenticated": "true" if mfa else "false"}


def console_user(
    account: str,
    user: str,
    user_id: str,
    key: str,
    *,
    since: int,
    mfa: bool,
    address: str,
    agent: str = INTERNAL,
) -> Caller:
    """Return an IAM user in the console; without a key it is the sign-in itself.

    Parameters
    ----------
    account, user, user_id
        The account, the user's name, and the ``AIDA`` id.
    key
        The ``ASIA`` key of the console session; empty for the ConsoleLogin event.
    since
        When the session began, epoch milliseconds.
    mfa
        Whether a second factor was asked for.
    address, agent
        From where; the browser for a sign-in, ``AWS Internal`` for the calls of the console.
    """
    identity: dict[str, Any] = {
        "type": "IAMUser",
        "principalId": user_id,
        "arn": f"arn:aws:iam::{account}:user/{user}",
        "accountId": account,
    }
    if key:
        identity["accessKeyId"] = key
    identity["userName"] = user.rpartition("/")[2]
    if not key:
        return _caller(account, identity, address, agent, tls="1.3")
    identity["sessionContext"] = {
        "sessionIssuer": {},
        "webIdFederationData": {},
        "attributes": _attributes(since, mfa=mfa),
    }
    internal = agent == INTERNAL
    return _caller(
        account, identity, address, agent, key=key, tls="" if internal else "1.2", console=True
    )


@dataclass(frozen=True)
class Role:
    """A role that is taken.

    Parameters
    ----------
    account, name
        The account's id, and the role's name.
    id
        Its ``AROA`` id.
    path
        Its path: ``/``, or ``/aws-service-role/config.amazonaws.com/``.
    """

    account: str
    name: str
    id: str
    path: str = "/"

    @property
    def arn(self) -> str:
        """The role's own ARN."""
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"

    def taken(self, session: str, key: str) -> dict[str, str]:
        """Return what fills the holes of a call that takes the role.

        Parameters
        ----------
        session, key
            The session's name, and the ``ASIA`` key that it gets.
        """
        return {
            "role_arn": self.arn,
            "role_id": self.id,
            "role_name": self.name,
            "role_account": self.account,
            "session": session,
            "access_key": key,
        }

    def session_arn(self, session: str) -> str:
        """Return the ARN of a session."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{session}"


def role_session(
    role: Role,
    session: str,
    key: str,
    *,
    since: int,
    address: str,
    agent: str,
    delivery: str = "",
    **manner: Any,
) -> Caller:
    """Return a session of a role.

    Parameters
    ----------
    role
        The role.
    session
        The session's name: an instance id, a function's name, a person.
    key
        The ``ASIA`` key; empty for a sign-in.
    since
        When the session began, epoch milliseconds.
    address, agent
        From where, with what.
    delivery
        ``ec2RoleDelivery`` of an instance's credentials: ``"1.0"`` is IMDSv1, ``"2.0"`` IMDSv2.
    manner
        ``tls``, ``console``, ``endpoint``: see `Caller`.
    """
    context: dict[str, Any] = {
        "sessionIssuer": {
            "type": "Role",
            "principalId": role.id,
            "arn": role.arn,
            "accountId": role.account,
            "userName": role.name,
        },
        "webIdFederationData": {},
        "attributes": _attributes(since, mfa=False),
    }
    if delivery:
        context["ec2RoleDelivery"] = delivery
    identity: dict[str, Any] = {
        "type": "AssumedRole",
        "principalId": f"{role.id}:{session}",
        "arn": role.session_arn(session),
        "accountId": role.account,
    }
    if key:
        identity["accessKeyId"] = key
    identity["sessionContext"] = context
    return _caller(role.account, identity, address, agent, key=key, **manner)


def saml_user(account: str, subject: str, qualifier: str, *, address: str, agent: str) -> Caller:
    """Return a person whom an identity provider has named, before there is a session.

    Parameters
    ----------
    account
        The account of the role that is asked for.
    subject
        How the provider names the person.
    qualifier
        Which provider that is: a hash that STS makes of it.
    address, agent
        From where, with which browser.
    """
    identity = {
        "type": "SAMLUser",
        "principalId": f"{qualifier}:{subject}",
        "userName": subject,
        "identityProvider": qualifier,
    }
    return _caller(account, identity, address, agent)


def portal_user(account: str, name: str, *, address: str, agent: str) -> Caller:
    """Return a person at the portal of IAM Identity Center, who is no principal of IAM yet.

    Parameters
    ----------
    account
        The account where Identity Center is.
    name
        The person's name there.
    address, agent
        From where, with which browser.
    """
    identity = {
        "type": "Unknown",
        "principalId": account,
        "arn": "",
        "accountId": account,
        "accessKeyId": "",
        "userName": name,
    }
    return _caller(account, identity, address, agent)


def unknown_user(account: str, *, address: str, agent: str) -> Caller:
    """Return somebody who tries to sign in by a name that no user has: the log hides it.

    Parameters
    ----------
    account
        The account.
    address, agent
        From where, with which browser.
    """
    identity = {
        "type": "IAMUser",
        "accountId": account,
        "accessKeyId": "",
        "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    return _caller(account, identity, address, agent, tls="1.3")


def aws_service(account: str, service: str) -> Caller:
    """Return an AWS service that acts for itself, in an account's trail.

    Parameters
    ----------
    account
        The account whose trail records it.
    service
        The service's domain, ``ec2.amazonaws.com``.
    """
    identity = {"type": "AWSService", "invokedBy": service}
    return _caller(account, identity, service, service, tls="")


def service_event(account: str, service: str) -> Caller:
    """Return the origin of an event that no call made (``AwsServiceEvent``): it has no type."""
    return _caller(account, {"accountId": account, "invokedBy": service}, service, service, tls="")


def aws_account(
    recorded_in: str, caller_account: str, principal: str, *, address: str, agent: str
) -> Caller:
    """Return a caller of another account, as the trail of the account that is called shows it.

    Parameters
    ----------
    recorded_in
        The account whose trail records the call.
    caller_account, principal
        The caller's account and principal id (``AROA...:session`` or ``AIDA...``).
    address, agent
        From where, with what.
    """
    identity = {"type": "AWSAccount", "principalId": principal, "accountId": caller_account}
    return _caller(recorded_in, identity, address, agent)
