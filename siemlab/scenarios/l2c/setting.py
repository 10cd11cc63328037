"""Where and when "Ransom note on a Saturday" happens."""

from __future__ import annotations

from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import clock
from siemlab.simulate.calendar import millis

__all__ = [
    "ACCOUNT",
    "BACKUP",
    "DOCS",
    "EXCHANGE",
    "FOREIGNER",
    "GO",
    "HOST",
    "ROLE",
    "START",
    "at",
    "public_policy",
]

T0 = "2023-01-20T17:05:00Z"
START = millis(T0)
ACCOUNT, FOREIGNER = "sz-prod", "attacker-b"
ROLE, HOST = "sz-batch-ec2-role", "sz-prod-batch-01"
DOCS, BACKUP = "sz-prod-customer-docs", "sz-prod-db-backup"
EXCHANGE = "sz-prod-partner-exchange"
GO = "aws-sdk-go-v2/1.17.3 os/linux lang/go/1.19.4 md/GOOS/linux md/GOARCH/amd64 api/"
"""The intruder's own program."""


def at(knobs: Knobs, time: str) -> int:
    """Return a clock time (UTC) of the written night, moved to where this team's story begins.

    Examples
    --------
    >>> at(Knobs(START), "17:05:01") - START
    1000
    """
    return clock(knobs.start, T0, f"2023-01-20T{time}Z")


def public_policy(bucket: str) -> bytes:
    """Return a policy that lets anybody read a bucket."""
    text = (
        '{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow",'
        f'"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}'
    )
    return text.encode()
