"""The shape of one API call in CloudTrail: what is asked, what is answered, how it can fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from siemlab.simulate.fillers import FILLERS
from siemlab.simulate.shapes import Column, Hole, Shape, compile_shape

__all__ = ["SCRAMBLED", "Call", "Fault", "holes_of"]

RequestId = Literal["uuid", "s3", "none"]

SCRAMBLED = "HIDDEN_DUE_TO_SECURITY_REASONS"

REGIONAL_HOST = f"{Hole('service')}.{Hole('region')}.amazonaws.com"

# What the stage fills: from the call and its caller, and what services make up.
STAGED = frozenset(
    {"account", "caller_arn", "cipher", "epoch_ms", "event_id", "region", "request_id", "service"}
    | {"time"}
    | FILLERS.keys()
)


@dataclass(frozen=True)
class Fault:
    """How a call fails: the error's code, its message (with holes), and whether the request shows.

    IAM, STS and many others leave ``requestParameters`` null when access is denied; EC2 and S3
    show them. ``defaults`` fill holes that the caller leaves open, as those of a `Call` do.
    """

    code: str
    message: str | None = None
    shows_request: bool = True
    defaults: Mapping[str, Column] = field(default_factory=dict)

    @cached_property
    def text(self) -> Shape | None:
        """The compiled message."""
        return None if self.message is None else compile_shape(self.message)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One kind of API call, as CloudTrail records it.

    Templates are JSON values with holes (`siemlab.simulate.shapes.Hole`). The holes ``account``,
    ``service``, ``region``, ``request_id``, ``event_id``, ``time`` (as ``eventTime``),
    ``epoch_ms``, ``caller_arn``, ``cipher`` and those of `siemlab.simulate.fillers` are filled by
    the stage; all others by whoever makes the call (`holes_of`).

    Parameters
    ----------
    service
        The event source without its domain: ``iam`` for ``iam.amazonaws.com``.
    name
        The event name, version suffix included: ``UpdateFunctionCode20150331v2``.
    read_only
        Whether the call only reads, as CloudTrail says.
    request, response
        Templates of ``requestParameters`` and ``responseElements``; None is null.
    additional, resources
        Templates of ``additionalEventData`` and ``resources``; None leaves them out.
    faults
        How it can fail, by error code.
    home
        The region that records it whatever the caller's region is: ``us-east-1`` for IAM.
    host
        The host header that a client sends, a template; empty for none.
    data
        Whether it is a data event (``eventCategory`` Data).
    event_type
        ``AwsApiCall``, ``AwsConsoleSignIn``, ``AwsServiceEvent``.
    request_id
        How the service's request ids look.
    api_version
        What ``apiVersion`` says, where the service tells.
    brackets
        Whether the user agent stands in square brackets, as S3 writes it.
    defaults
        What fills a hole that whoever makes the call leaves open.

    Examples
    --------
    >>> Call(service="sts", name="GetCallerIdentity", read_only=True).source
    'sts.amazonaws.com'
    """

    service: str
    name: str
    read_only: bool
    request: Any = None
    response: Any = None
    additional: Any = None
    resources: Any = None
    service_details: Any = None
    faults: tuple[Fault, ...] = ()
    home: str = ""
    host: str = REGIONAL_HOST
    data: bool = False
    event_type: Literal["AwsApiCall", "AwsConsoleSignIn", "AwsServiceEvent"] = "AwsApiCall"
    request_id: RequestId = "uuid"
    api_version: str = ""
    brackets: bool = False
    defaults: Mapping[str, Column] = field(default_factory=dict)
    _by_code: Mapping[str, Fault] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {fault.code: fault for fault in self.faults})

    def fault(self, code: str) -> Fault | None:
        """Return how the call fails with an error code.

        Parameters
        ----------
        code
            The code; empty for success. A failed sign-in has a message, but no code: a call with a
            `Fault` of an empty code always fails in that way.

        Raises
        ------
        KeyError
            The call does not fail in that way.
        """
        return self._by_code[code] if code else self._by_code.get("")

    @property
    def source(self) -> str:
        """The event source, a domain name."""
        return f"{self.service}.amazonaws.com"

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The compiled templates by field name (and ``host``); what is left out is not in it."""
        templates = {
            "requestParameters": self.request,
            "responseElements": self.response,
            "additionalEventData": self.additional,
            "resources": self.resources,
            "serviceEventDetails": self.service_details,
            "host": self.host or None,
        }
        return {
            name: compile_shape(template)
            for name, template in templates.items()
            if template is not None
        }

    @cached_property
    def holes(self) -> frozenset[str]:
        """The holes of all templates, whoever fills them."""
        return frozenset(hole for shape in self.shapes.values() for hole in shape.holes)


def holes_of(call: Call, error: str = "") -> set[str]:
    """Return the holes that whoever makes a call has to fill.

    Parameters
    ----------
    call
        The kind of call.
    error
        The error code with which it fails: the message has holes too.

    Raises
    ------
    KeyError
        The call does not fail in that way.

    Examples
    --------
    >>> who = Call(service="iam", name="GetUser", read_only=True,
    ...            request={"userName": str(Hole("user"))})
    >>> holes_of(who)
    {'user'}
    """
    fault = call.fault(error)
    if fault is None:
        return set(call.holes - call.defaults.keys() - STAGED)
    found = call.holes.union(fault.text.holes if fault.text else ())
    return set(found - call.defaults.keys() - fault.defaults.keys() - STAGED)
