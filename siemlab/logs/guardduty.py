"""GuardDuty: findings as exported to S3 (JSON lines), or in EventBridge envelopes."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.findings import MALWARE_SCANS, exchange_sides, is_malware, trim_title
from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import aws_logs, uuid
from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Delivery, Writer

__all__ = ["GUARDDUTY"]

# purpose:resource/family.mechanism!artifact, the last two optional
FINDING_TYPE = re.compile(
    r"(?P<ThreatPurpose>\w*):(?P<ResourceTypeAffected>\w*)/(?P<ThreatFamilyName>[\w&]*)"
    r"(?:\.(?P<DetectionMechanism>\w*))?(?:!(?P<Artifact>\w*))?"
)
# The upper ends of the labels; AWS calls what lies above critical (since November 2024).
SEVERITY_LABELS = ((3.9, "low"), (6.9, "medium"), (8.9, "high"))

INTERFACE = "resource.instanceDetails.networkInterfaces.0"
CONNECTION = "service.action.networkConnectionAction"
REMOTE = tuple(
    f"service.action.{action}.remoteIpDetails"
    for action in (
        "awsApiCallAction",
        "networkConnectionAction",
        "portProbeAction.portProbeDetails.0",
        "kubernetesApiCallAction",
    )
)
REMOTE_ADDRESSES = tuple(
    f"{remote}.{kind}" for kind in ("ipAddressV4", "ipAddressV6") for remote in REMOTE
)
LOCAL_ADDRESSES = (f"{INTERFACE}.privateIpAddress", f"{CONNECTION}.localIpDetails.ipAddressV4")


def _direction(source: dict[str, Any], family: str) -> str | None:
    """Return the direction as the finding writes it, in capital letters, or None."""
    try:
        action = source["service"]["action"]["actionType"]
    except KeyError:
        action = ""
    if action == "NETWORK_CONNECTION":
        direction: str | None = source["service"]["action"]["networkConnectionAction"][
            "connectionDirection"
        ]
        return direction
    if action == "DNS_REQUEST":
        return "OUTBOUND"
    return None if family in MALWARE_SCANS else "INBOUND"


def finish(draft: Draft) -> None:
    """Label the severity, take the finding's type apart, and set direction and sides.

    Examples
    --------
    >>> draft = Draft({"type": "Recon:EC2/PortProbe", "severity": 2, "rule": {"name": "Probe."},
    ...                "service": {}, "event": {}})
    >>> finish(draft)
    >>> [draft.source[name] for name in ("severitylabel", "ThreatPurpose", "network")]
    ['low', 'Recon', {'direction': 'inbound'}]
    """
    source = draft.source
    source["rule"]["name"] = trim_title(source["rule"]["name"])
    severity = source["severity"]
    label = next((name for top, name in SEVERITY_LABELS if severity <= top), "critical")
    kind = FINDING_TYPE.match(source["type"])
    if kind is None:
        return
    parts = kind.groupdict()
    direction = _direction(source, parts["ThreatFamilyName"])
    if direction:
        source.setdefault("network", {})["direction"] = direction.lower()
    source["severitylabel"] = label
    source.update(parts)
    if direction == "OUTBOUND":
        exchange_sides(source)
    if is_malware(parts["ThreatPurpose"], parts["ThreatFamilyName"]):
        source["event"]["category"] = "malware"


def _key(delivery: Delivery) -> str:
    place = f"GuardDuty/{delivery.stream.region}/{delivery.time:%Y/%m/%d}"
    return f"{aws_logs(delivery)}/{place}/{uuid(delivery.token)}.jsonl.gz"


GUARDDUTY = LogType(
    name="guardduty",
    index="log-aws-guardduty",
    key=re.compile("/GuardDuty/"),
    framing="json",
    time=Iso8601("updatedAt"),
    doc_id="id",
    id_suffix="service.count",
    ecs={
        "cloud.instance.id": "resource.instanceDetails.instanceId",
        "destination.address": LOCAL_ADDRESSES,
        "destination.ip": LOCAL_ADDRESSES,
        "destination.nat.ip": f"{INTERFACE}.publicIp",
        "destination.port": f"{CONNECTION}.localPortDetails.port",
        "dns.question.name": "service.action.dnsRequestAction.domain",
        "event.severity": "severity",
        "related.ip": [
            *LOCAL_ADDRESSES,
            f"{INTERFACE}.publicIp",
            *REMOTE_ADDRESSES,
            "service.action.kubernetesApiCallAction.sourceIPs",
        ],
        "related.user": ["resource.accessKeyDetails.userName"],
        "rule.id": "type",
        "rule.name": "title",
        "rule.description": "description",
        "source.address": REMOTE_ADDRESSES,
        "source.ip": REMOTE_ADDRESSES,
        "source.geo.location": tuple(f"{remote}.geoLocation" for remote in REMOTE[:3]),
        "source.geo.city_name": tuple(f"{remote}.city.cityName" for remote in REMOTE[:2]),
        "source.geo.country_name": tuple(f"{remote}.country.countryName" for remote in REMOTE),
        "source.port": f"{CONNECTION}.remotePortDetails.port",
        "user.id": "resource.accessKeyDetails.accessKeyId",
        "user.name": "resource.accessKeyDetails.userName",
    },
    static={"event.kind": "alert", "event.category": ["intrusion_detection"]},
    stringified=("service.additionalInfo.unusual",),
    finish=finish,
    geoip=("source", "destination"),
    writer=Writer(key=_key, encode=encode_json),
)
