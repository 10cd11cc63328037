"""R7: every object lies where its service would put it, and the SIEM knows it by its key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from siemlab.logs import KEY_ORDER, LogType
from siemlab.realism.figures import Figure, Violation, Violations

__all__ = ["LAYOUTS", "LayoutCheck", "problems_of_key"]

HOME = r"AWSLogs/(?:o-[a-z0-9]{10,32}/)?(?P<account>\d{12})"
REGION = r"(?P<region>[a-z]{2}(?:-gov)?-[a-z]+-\d)"
DAY = r"(?P<year>20\d\d)/(?P<month>[01]\d)/(?P<day>[0-3]\d)"
PLAIN_DAY = r"(?P<year>20\d\d)/(?P<month>[1-9]|1[0-2])/(?P<day>[1-9]|[12]\d|3[01])"
STAMP = r"(?P=year)(?P=month)(?P=day)T[0-2]\d[0-5]\dZ"
LONG_STAMP = r"20\d\d[01]\d[0-3]\dT[0-2]\d[0-5]\d[0-5]\dZ"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
FIREHOSE = (
    rf"{REGION}/{DAY}/(?P<hour>[0-2]\d)/[A-Za-z0-9._-]+-\d+"
    rf"-(?P=year)-(?P=month)-(?P=day)-(?P=hour)-[0-5]\d-[0-5]\d-{UUID}(?:\.gz)?"
)
ITEM = r"_ConfigHistory_AWS::\w+::\w+_"
CONFIG = (
    rf"{HOME}/Config/{REGION}/{PLAIN_DAY}/(?:ConfigHistory|ConfigSnapshot)/(?P=account)_Config_"
)

LAYOUTS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "alb": rf"{HOME}/elasticloadbalancing/{REGION}/{DAY}/(?P=account)_elasticloadbalancing_"
        rf"(?P=region)_app\.[A-Za-z0-9-]+\.[0-9a-f]{{16}}_{STAMP}_(?:\d{{1,3}}\.){{3}}\d{{1,3}}"
        r"_[0-9a-z]{8}\.log\.gz",
        "cloudtrail": rf"{HOME}/CloudTrail/{REGION}/{DAY}/(?P=account)_CloudTrail_(?P=region)_"
        rf"{STAMP}_[0-9A-Za-z]{{16}}\.json(?:\.gz)?",
        "config-history": rf"{CONFIG}(?P=region){ITEM}{LONG_STAMP}_{LONG_STAMP}_\d+\.json\.gz",
        "config-rules": rf"{HOME}/Config/Rules/{FIREHOSE}",
        "config-snapshot": rf"{CONFIG}(?P=region)_ConfigSnapshot_{LONG_STAMP}_{UUID}\.json\.gz",
        "guardduty": rf"{HOME}/GuardDuty/{REGION}/{DAY}/{UUID}\.jsonl\.gz",
        "linux-secure": rf"{HOME}/EC2/Linux/Secure/{FIREHOSE}",
        "route53resolver": rf"{HOME}/vpcdnsquerylogs/(?P<vpc>vpc-[0-9a-f]{{8,17}})/{DAY}/(?P=vpc)"
        rf"_vpcdnsquerylogs_(?P=account)_{STAMP}_[0-9a-f]{{8}}\.log\.gz",
        "s3accesslog": rf"{HOME}/s3accesslog/{REGION}/[a-z0-9][a-z0-9.-]{{2,62}}/"
        r"20\d\d-[01]\d-[0-3]\d-[0-2]\d-[0-5]\d-[0-5]\d-[0-9A-Z]{16}",
        "securityhub": rf"{HOME}/SecurityHub/{FIREHOSE}",
        "vpcflowlogs": rf"{HOME}/vpcflowlogs/{REGION}/{DAY}/(?P=account)_vpcflowlogs_(?P=region)"
        rf"_fl-[0-9a-f]{{8,17}}_{STAMP}_[0-9a-f]{{8}}\.log\.gz",
        "waf": rf"{HOME}/WAFLogs/{REGION}/(?P<acl>[A-Za-z0-9_-]+)/{DAY}/[0-2]\d/[0-5]\d/"
        rf"(?P=account)_waflogs_(?P=region)_(?P=acl)_{STAMP}_[0-9a-f]{{8}}\.log\.gz",
    }.items()
}
"""How a whole key of each log type looks, as its service writes it."""


def problems_of_key(key: str) -> list[str]:
    """Return what is wrong with the key of an object.

    Parameters
    ----------
    key
        The S3 key.

    Returns
    -------
    list[str]
        Nothing, for a key that one log type knows, no other claims, and its service would write.

    Examples
    --------
    >>> folder = "AWSLogs/111122223333/GuardDuty/ap-northeast-1/2022/11/18"
    >>> problems_of_key(f"{folder}/8feee4c2-5e27-4857-8475-bfa7e7b6d791.jsonl.gz")
    []
    >>> problems_of_key(f"{folder}/findings.json")
    ['it is no key as guardduty objects have it']
    """
    claims = [kind for kind in KEY_ORDER if kind.key.search(key)]
    if not claims:
        return ["no log type knows it"]
    first = claims[0]
    problems = [f"{kind.name} claims it, too" for kind in claims[1:]]
    if not isinstance(first, LogType):
        return [f"{first.name} captures it", *problems]
    if not LAYOUTS[first.name].fullmatch(key):
        problems.append(f"it is no key as {first.name} objects have it")
    return problems


class LayoutCheck:
    """Holds keys against the layouts.

    Examples
    --------
    >>> check = LayoutCheck()
    >>> check.see_keys(["AWSLogs/111122223333/GuardDuty/findings.json"])
    >>> [(figure.value, figure.verdict) for figure in check.figures()]
    [('1 of 1', 'fail')]
    """

    def __init__(self) -> None:
        self._found = Violations()

    def see_keys(self, keys: Iterable[str]) -> None:
        """Check the keys of objects.

        Parameters
        ----------
        keys
            Each once.
        """
        for key in keys:
            self._found.checked("key")
            problems = problems_of_key(key)
            if problems:
                self._found.add("key", key, 0, "; ".join(problems))

    def figures(self) -> list[Figure]:
        """Return how many keys are wrong."""
        words = ("keys that no service would write", "どのサービスも書かないキー")
        return [self._found.figure("R7", "key", words)]

    @property
    def violations(self) -> list[Violation]:
        """The first keys that are wrong."""
        return self._found.kept
