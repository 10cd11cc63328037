"""What is logged where: trails, flow logs, query logs, detectors, and the policy they make up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["ANY", "Detector", "FlowLog", "LoggedSource", "ResolverLog", "Trail"]

ANY = "*"


@dataclass(frozen=True)
class LoggedSource:
    """One line of the policy: what is not named by any line leaves no log.

    Parameters
    ----------
    log_type
        A log type's name. ``cloudtrail`` stands for management events; the data events of a
        bucket are ``s3-data-events`` (they are delivered as CloudTrail).
    account, region
        The account's name and the region, or ``*``.
    name
        The bucket, VPC, balancer, web ACL or host; ``*`` for all of them.
    since
        From when on; None: always.
    """

    log_type: str
    account: str
    region: str = ANY
    name: str = ANY
    since: datetime | None = None

    def covers(self, account: str, region: str, name: str, at: datetime | None) -> bool:
        """Tell whether something in this place (at this time) is logged by this line."""
        return (
            self.account in (ANY, account)
            and self.region in (ANY, region)
            and self.name in (ANY, name)
            and (self.since is None or at is None or self.since <= at)
        )


@dataclass(frozen=True)
class Trail:
    """A CloudTrail trail.

    Parameters
    ----------
    name, account, home_region
        What and where.
    organization, multi_region
        Whether it covers all accounts, and all regions.
    management
        Whether it records management events.
    data_buckets
        The buckets whose data events it records.
    bucket, prefix
        Where it delivers.
    """

    name: str
    account: str
    home_region: str
    organization: bool
    multi_region: bool
    management: bool
    data_buckets: tuple[str, ...]
    bucket: str
    prefix: str = ""


@dataclass(frozen=True)
class FlowLog:
    """A flow log of a VPC, and over how many seconds it adds up (Nitro instances: 60)."""

    name: str
    account: str
    region: str
    vpc: str
    aggregation_seconds: int
    bucket: str


@dataclass(frozen=True)
class ResolverLog:
    """A query log of Route 53 Resolver, and the VPCs that it covers."""

    name: str
    account: str
    region: str
    vpcs: tuple[str, ...]
    bucket: str


@dataclass(frozen=True)
class Detector:
    """A GuardDuty detector: one in each account and region; findings go to ``administrator``."""

    name: str
    account: str
    region: str
    administrator: str
