"""Where and when "Passport preview" happens."""

from __future__ import annotations

from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import clock
from siemlab.simulate.calendar import millis

__all__ = ["ACCOUNT", "DOCS", "EXCHANGE", "HOST", "HOSTS", "ROLE", "START", "at"]

T0 = "2022-12-19T04:08:11Z"
START = millis(T0)
ACCOUNT = "sz-prod"
HOST = "sz-prod-web-01"
HOSTS = (HOST, "sz-prod-web-02")
ROLE = "sz-web-ec2-role"
DOCS, EXCHANGE = "sz-prod-customer-docs", "sz-prod-partner-exchange"


def at(knobs: Knobs, time: str) -> int:
    """Return a clock time (UTC) of the written story, moved to where this team's story begins.

    Examples
    --------
    >>> at(Knobs(START), "04:08:12") - START
    1000
    """
    return clock(knobs.start, T0, f"2022-12-19T{time}Z")
