"""Calls of SES: what may be sent by mail."""

from __future__ import annotations

from siemlab.simulate.call import Call
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_SEND_QUOTA",
    "LIST_IDENTITIES",
]

SES = Family(service="ses", host=f"email.{Hole('region')}.amazonaws.com")


GET_SEND_QUOTA: Call = SES("GetSendQuota")
"""How many mails a day; thieves of keys always ask."""
LIST_IDENTITIES: Call = SES("ListIdentities")
