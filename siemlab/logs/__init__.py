"""One module per AWS log type: record shape, reader, S3 key, field map, finish step."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from siemlab.logs.alb import ALB
from siemlab.logs.cloudtrail import CLOUDTRAIL
from siemlab.logs.config_history import CONFIG_HISTORY
from siemlab.logs.config_rules import CONFIG_RULES
from siemlab.logs.config_snapshot import CONFIG_SNAPSHOT
from siemlab.logs.guardduty import GUARDDUTY
from siemlab.logs.linux_secure import LINUX_SECURE
from siemlab.logs.model import LogType, OtherType
from siemlab.logs.route53resolver import ROUTE53RESOLVER
from siemlab.logs.s3accesslog import S3ACCESSLOG
from siemlab.logs.securityhub import SECURITYHUB
from siemlab.logs.vpcflowlogs import VPCFLOWLOGS
from siemlab.logs.waf import WAF

__all__ = ["KEY_ORDER", "LOG_TYPES", "LogType", "OtherType", "recognize"]


def _other(name: str, key: str) -> OtherType:
    return OtherType(name, re.compile(key))


# The order in which the SIEM tries its types. Those that siemlab does not read stand in it too: an
# object that one of them captures must not be read as the type that comes after.
KEY_ORDER: tuple[LogType | OtherType, ...] = (
    _other("securitylake", r"[0-9a-f]{32}\.gz\.parquet|[Ss]ecurity[Ll]ake/"),
    _other("ocsf-json", "ocsf-json/"),
    VPCFLOWLOGS,
    CLOUDTRAIL,
    _other("networkfirewall", "_network-firewall_"),
    GUARDDUTY,
    _other("inspector", "Inspector2_Finding"),
    SECURITYHUB,
    _other("nlb", r"elasticloadbalancing_.*T\d{4}Z_[0-9a-z]{8}\.log\.gz$"),
    ALB,
    _other("clb", r"elasticloadbalancing_.*T\d{4}Z_(?:\d{1,3}\.){3}\d{1,3}_\w*\.log$"),
    S3ACCESSLOG,
    CONFIG_HISTORY,
    CONFIG_SNAPSHOT,
    CONFIG_RULES,
    _other("cloudfront-realtime", "CloudFront/.*/realtime/"),
    _other(
        "cloudfront-standard", r"(?:^|/)[0-9A-Z]{12,14}\.20\d\d-\d\d-\d\d-\d\d.[0-9a-z]{8}\.gz$"
    ),
    WAF,
    ROUTE53RESOLVER,
    _other("clientvpn", "/ClientVPN/"),
    _other("rds-postgresql", "[Pp]ostgre"),
    _other("rds-mysql", "(?:MySQL|mysql|MariaDB|mariadb).*(?:audit|general|error|slowquery)"),
    _other("elasticache-redis-slowlog", "(?:redis|Redis).*(?:slow|SLOW)"),
    _other("msk", "KafkaBrokerLogs"),
    _other("cloudhsm", "/CloudHSM/"),
    _other("opensearch-audit", "(?:OpenSearch|opensearch).*(?:Audit|audit)"),
    _other("workspaces", "(?:WorkSpaces|workspaces).*(?:Event|event|Inventory|inventory)"),
    _other("trustedadvisor", "/TrustedAdvisor/"),
    _other("directory-service", "/DirectoryService/MicrosoftAD/"),
    _other("fsx-win", "/aws-fsx-"),
    _other("windows-event", "/[Ww]indows.*[Ee]vent"),
    LINUX_SECURE,
)

LOG_TYPES: tuple[LogType, ...] = tuple(kind for kind in KEY_ORDER if isinstance(kind, LogType))


def recognize(key: str) -> LogType | OtherType | None:
    """Return the type that an object's key speaks of, the first that fits, or None.

    A file that lies outside the folders that AWS made for it is known by its name, if that says it.

    Parameters
    ----------
    key
        The S3 key, URL-encoded or not; for a file on disk its path below the folder that was given.

    Examples
    --------
    >>> recognize("AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json.gz").name
    'cloudtrail'
    >>> recognize("AWSLogs%2F111122223333%2FCloudTrail%2Fus-east-1%2Fa.json.gz").name
    'cloudtrail'
    >>> recognize("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2022/11/18/a.json.gz") is None
    True
    """
    if "%" in key:
        key = unquote_plus(key)
    for kind in KEY_ORDER:
        if kind.key.search(key):
            return kind
    name = key.rpartition("/")[2]
    for log_type in LOG_TYPES:
        if log_type.file_name is not None and log_type.file_name.search(name):
            return log_type
    return None
