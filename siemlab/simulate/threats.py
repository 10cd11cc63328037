"""The finding types of GuardDuty that may occur, as they were in 2022: severity, words, shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from siemlab.simulate.calendar import millis

__all__ = ["THREATS", "ResourceType", "Threat"]

ResourceType = Literal["AccessKey", "Instance", "S3Bucket"]

LOW, MEDIUM, HIGH = 2.0, 5.0, 8.0
S3_ANOMALIES_SINCE = millis("2022-07-06T00:00:00Z")
ALWAYS, NEVER = 0, 1 << 62


@dataclass(frozen=True)
class Threat:
    """A finding type.

    Parameters
    ----------
    name
        ``ThreatPurpose:Resource/Family.Mechanism!Artifact``.
    resource
        What ``resourceType`` says.
    severity
        The default.
    asff
        The type that Security Hub shows.
    title, text
        Title and description, with ``{user}``, ``{api}``, ``{remote}``, ``{instance}``, ``{port}``,
        ``{domain}``, ``{bucket}``, ``{tactic}``.
    role
        ``resourceRole``.
    threat_list, threat_name
        The threat list that knows the far end, and how it calls it.
    since, until
        When the type existed, epoch milliseconds, half-open.
    """

    name: str
    resource: ResourceType
    severity: float
    asff: str
    title: str
    text: str
    role: Literal["TARGET", "ACTOR"] = "TARGET"
    threat_list: str = ""
    threat_name: str = ""
    since: int = ALWAYS
    until: int = NEVER

    @property
    def anomalous(self) -> bool:
        """Whether a model of normal behavior judges, and says what is unusual."""
        return "/AnomalousBehavior" in self.name

    def exists(self, at: int) -> bool:
        """Tell whether GuardDuty had the type at a time (epoch milliseconds)."""
        return self.since <= at < self.until


def _iam_anomaly(purpose: str, severity: float, tactic: str) -> Threat:
    """Return an anomaly of an identity: Security Hub leaves the purpose to its own category."""
    return Threat(
        f"{purpose}:IAMUser/AnomalousBehavior",
        "AccessKey",
        severity,
        f"TTPs/{tactic}/IAMUser-AnomalousBehavior",
        "User {user} is anomalously invoking APIs commonly used in {tactic} tactics.",
        "APIs commonly used in {tactic} tactics were invoked by user {user} under anomalous "
        "circumstances. Such activity is not typically seen from this user.",
    )


def _s3_anomaly(purpose: str, severity: float, mechanism: str = "") -> Threat:
    family = f"AnomalousBehavior{mechanism}"
    return Threat(
        f"{purpose}:S3/{family}",
        "S3Bucket",
        severity,
        f"TTPs/{purpose}:S3-{family}",
        "The user {user} is anomalously invoking S3 APIs commonly used in {tactic} tactics.",
        "S3 APIs commonly used in {tactic} tactics were invoked by user {user} on bucket {bucket} "
        "under anomalous circumstances.",
        since=S3_ANOMALIES_SINCE,
    )


def _s3_unusual(purpose: str, family: str, severity: float) -> Threat:
    """Return one of the types that the S3 anomalies replaced in July 2022."""
    return Threat(
        f"{purpose}:S3/{family}.Unusual",
        "S3Bucket",
        severity,
        f"TTPs/{purpose}:S3-{family}.Unusual",
        "{user} invoked S3 API {api} in an unusual way.",
        "{user} invoked the S3 API {api} on bucket {bucket} from the unusual IP address {remote}.",
        until=S3_ANOMALIES_SINCE,
    )


_KINDS = (
    _iam_anomaly("CredentialAccess", MEDIUM, "Credential Access"),
    _iam_anomaly("DefenseEvasion", MEDIUM, "Defense Evasion"),
    _iam_anomaly("Discovery", LOW, "Discovery"),
    _iam_anomaly("Exfiltration", HIGH, "Exfiltration"),
    _iam_anomaly("Impact", HIGH, "Impact"),
    _iam_anomaly("InitialAccess", MEDIUM, "Initial Access"),
    _iam_anomaly("Persistence", MEDIUM, "Persistence"),
    _iam_anomaly("PrivilegeEscalation", MEDIUM, "Privilege Escalation"),
    _s3_anomaly("Discovery", LOW),
    _s3_anomaly("Exfiltration", HIGH),
    _s3_anomaly("Impact", HIGH, ".Delete"),
    _s3_anomaly("Impact", MEDIUM, ".Write"),
    _s3_unusual("Discovery", "BucketEnumeration", LOW),
    _s3_unusual("Exfiltration", "ObjectRead", MEDIUM),
    _s3_unusual("Impact", "ObjectDelete", MEDIUM),
    _s3_unusual("Impact", "PermissionsModification", MEDIUM),
    Threat(
        "Behavior:EC2/NetworkPortUnusual",
        "Instance",
        MEDIUM,
        "Unusual Behaviors/VM/Behavior:EC2-NetworkPortUnusual",
        "Unusual outbound communication seen from EC2 instance {instance} on server port {port}.",
        "EC2 instance {instance} is communicating with a remote host {remote} on an unusual server "
        "port {port}.",
        role="ACTOR",
    ),
    Threat(
        "Behavior:EC2/TrafficVolumeUnusual",
        "Instance",
        MEDIUM,
        "Unusual Behaviors/VM/Behavior:EC2-TrafficVolumeUnusual",
        "Unusually large amount of network traffic from EC2 instance {instance} to {remote}.",
        "EC2 instance {instance} is generating an unusually large amount of network traffic to "
        "remote host {remote}.",
        role="ACTOR",
    ),
    Threat(
        "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "Instance",
        HIGH,
        "TTPs/Command and Control/CryptoCurrency:EC2-BitcoinTool.B!DNS",
        "A Bitcoin-related domain name was queried by EC2 instance {instance}.",
        "EC2 instance {instance} is querying a domain name that is associated with "
        "cryptocurrency-related activity.",
        role="ACTOR",
        threat_list="Amazon",
        threat_name="CryptoCurrency",
    ),
    Threat(
        "Impact:EC2/MaliciousDomainRequest.Reputation",
        "Instance",
        HIGH,
        "TTPs/Impact:EC2-MaliciousDomainRequest.Reputation",
        "The EC2 instance {instance} queried a malicious domain.",
        "The EC2 instance {instance} queried the domain {domain}, which has a reputation for being "
        "malicious.",
        role="ACTOR",
        threat_list="Amazon",
    ),
    Threat(
        "Impact:EC2/SuspiciousDomainRequest.Reputation",
        "Instance",
        LOW,
        "TTPs/Impact:EC2-SuspiciousDomainRequest.Reputation",
        "The EC2 instance {instance} queried a suspicious domain.",
        "The EC2 instance {instance} queried the domain {domain}, which has a low reputation score "
        "because of its age or low popularity.",
        role="ACTOR",
        threat_list="Amazon",
    ),
    Threat(
        "PenTest:IAMUser/KaliLinux",
        "AccessKey",
        MEDIUM,
        "TTPs/PenTest:IAMUser/KaliLinux",
        "API {api} was invoked from a Kali Linux computer.",
        "API {api} was invoked from a remote host at IP address {remote} that is potentially "
        "running the Kali Linux penetration testing software.",
    ),
    Threat(
        "Policy:IAMUser/RootCredentialUsage",
        "AccessKey",
        LOW,
        "TTPs/Policy:IAMUser-RootCredentialUsage",
        "API {api} was invoked using root credentials.",
        "API {api} was invoked using root credentials from IP address {remote}.",
    ),
    Threat(
        "Policy:S3/BucketAnonymousAccessGranted",
        "S3Bucket",
        HIGH,
        "TTPs/Policy:S3-BucketAnonymousAccessGranted",
        "Amazon S3 bucket {bucket} was granted public anonymous access.",
        "Amazon S3 bucket {bucket} was granted public anonymous access by {user} calling {api}. "
        "If this is not expected, the data in it may be exposed to anybody.",
    ),
    Threat(
        "Policy:S3/BucketBlockPublicAccessDisabled",
        "S3Bucket",
        LOW,
        "TTPs/Policy:S3-BucketBlockPublicAccessDisabled",
        "Amazon S3 Block Public Access was disabled for S3 bucket {bucket}.",
        "Amazon S3 Block Public Access was disabled for S3 bucket {bucket} by {user} calling "
        "{api}.",
    ),
    Threat(
        "Recon:EC2/PortProbeUnprotectedPort",
        "Instance",
        LOW,
        "TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort",
        "Unprotected port on EC2 instance {instance} is being probed.",
        "EC2 instance {instance} has an unprotected port which is being probed by a known "
        "malicious host.",
        threat_list="ProofPoint",
        threat_name="Scanner",
    ),
    Threat(
        "Recon:IAMUser/MaliciousIPCaller.Custom",
        "AccessKey",
        MEDIUM,
        "TTPs/Discovery/Recon:IAMUser-MaliciousIPCaller.Custom",
        "Reconnaissance API {api} was invoked from an IP address on a custom threat list.",
        "API {api}, commonly used in reconnaissance attacks, was invoked from IP address {remote} "
        "on the custom threat list {list}.",
        threat_list="sz-csirt-threat-list",
    ),
    Threat(
        "Stealth:IAMUser/CloudTrailLoggingDisabled",
        "AccessKey",
        LOW,
        "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled",
        "AWS CloudTrail trail was disabled.",
        "AWS CloudTrail trail was disabled by {user} calling {api} under unusual circumstances.",
    ),
    Threat(
        "Stealth:IAMUser/PasswordPolicyChange",
        "AccessKey",
        LOW,
        "TTPs/Defense Evasion/Stealth:IAMUser-PasswordPolicyChange",
        "Account password policy was weakened by calling {api}.",
        "Account password policy was weakened by {user} calling {api} from IP address {remote}.",
    ),
    Threat(
        "Stealth:S3/ServerAccessLoggingDisabled",
        "S3Bucket",
        LOW,
        "TTPs/Defense Evasion/Stealth:S3-ServerAccessLoggingDisabled",
        "Amazon S3 server access logging was disabled for bucket {bucket}.",
        "Amazon S3 server access logging was disabled for bucket {bucket} by {user} calling {api}.",
    ),
    Threat(
        "UnauthorizedAccess:EC2/MaliciousIPCaller.Custom",
        "Instance",
        MEDIUM,
        "TTPs/Command and Control/UnauthorizedAccess:EC2-MaliciousIPCaller.Custom",
        "EC2 instance {instance} is communicating with an IP address on a custom threat list.",
        "EC2 instance {instance} is communicating with the IP address {remote} on the custom "
        "threat list {list}.",
        role="ACTOR",
        threat_list="sz-csirt-threat-list",
    ),
    Threat(
        "UnauthorizedAccess:EC2/SSHBruteForce",
        "Instance",
        LOW,
        "TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce",
        "{attacker} is performing SSH brute force attacks against {victim}.",
        "{attacker} is performing SSH brute force attacks against {victim}. Brute force attacks "
        "are used to gain unauthorized access to an instance by guessing its SSH password.",
    ),
    Threat(
        "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
        "AccessKey",
        HIGH,
        "Effects/Data Exfiltration/UnauthorizedAccess:IAMUser-"
        "InstanceCredentialExfiltration.OutsideAWS",
        "Credentials for the EC2 instance role {user} were used from an external IP address.",
        "Credentials created exclusively for an EC2 instance using instance role {user} have been "
        "used from external IP address {remote}.",
    ),
)

THREATS: Mapping[str, Threat] = MappingProxyType({threat.name: threat for threat in _KINDS})
"""The finding types by name."""
