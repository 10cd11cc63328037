"""Security Hub: findings (ASFF) in EventBridge envelopes, as Firehose writes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from siemlab.logs.findings import MALWARE_SCANS, exchange_sides, is_malware, trim_title
from siemlab.logs.jsontext import encode_event, whole_seconds
from siemlab.logs.keys import firehose_key
from siemlab.logs.model import NO_ENVELOPE, Draft, Envelope, LogType
from siemlab.logs.times import EnvelopeTime
from siemlab.logs.writing import Writer

__all__ = ["SECURITYHUB"]

# namespace/[category/][purpose:]resource, one of / - . before the family, then as GuardDuty's own
ASFF_TYPE = re.compile(
    r"(?P<namespace>[^/]*)(?:/(?P<category>[^/]*))?/(?:(?P<purpose>\w*):)?(?P<resource>\w*)"
    r"[/.-](?P<family>[\w&]*)(?:\.(?P<mechanism>\w*))?(?:!(?P<artifact>\w*))?"
)
PLAIN_TYPE = re.compile(
    r"(?P<purpose>\w+):(?P<resource>\w*)/(?P<family>[\w&]*)"
    r"(?:\.(?P<mechanism>\w*))?(?:!(?P<artifact>\w*))?"
)

ACTION = "aws/guardduty/service/action"
PRODUCT_ACTION = f"ProductFields.{ACTION}"
CONNECTION = f"{PRODUCT_ACTION}/networkConnectionAction"
LOCAL_ADDRESS = f"{CONNECTION}/localIpDetails/ipAddressV4"
REMOTE = tuple(
    f"{PRODUCT_ACTION}/{action}/remoteIpDetails"
    for action in ("awsApiCallAction", "networkConnectionAction", "kubernetesApiCallAction")
)
SOURCE_ADDRESSES = tuple(f"{remote}/ipAddressV4" for remote in REMOTE[:2])


class _Threat(NamedTuple):
    purpose: str
    resource: str
    family: str
    mechanism: str | None
    artifact: str | None


def _threat(finding_type: str) -> _Threat | None:
    found = ASFF_TYPE.match(finding_type) or PLAIN_TYPE.match(finding_type)
    if found is None:
        return None
    parts = found.groupdict()
    purpose = parts["purpose"] or parts.get("category")
    if purpose is None:
        return None
    if not parts["purpose"]:
        purpose = purpose.replace(" ", "")
    return _Threat(
        purpose, parts["resource"], parts["family"], parts["mechanism"], parts["artifact"]
    )


def _guardduty_direction(fields: Any, threat: _Threat) -> str | None:
    action = fields.get(f"{ACTION}/actionType", "") if isinstance(fields, dict) else ""
    if action == "NETWORK_CONNECTION":
        direction: str = fields[f"{ACTION}/networkConnectionAction/connectionDirection"]
        return direction.lower()
    if action == "DNS_REQUEST":
        return "outbound"
    return None if threat.family in MALWARE_SCANS else "inbound"


def _finish_guardduty(source: dict[str, Any], threat: _Threat) -> None:
    source["event"]["category"] = "intrusion_detection"
    direction = _guardduty_direction(source["ProductFields"], threat)
    if direction:
        source.setdefault("network", {})["direction"] = direction
    if direction == "outbound":
        exchange_sides(source)
    if is_malware(threat.purpose, threat.family):
        source["event"]["category"] = "malware"


def _finish_control(source: dict[str, Any]) -> None:
    generator = source["GeneratorId"]
    source["rule"]["id"] = generator
    control = source.get("Compliance", {}).get("SecurityControlId")
    source["consolidated_controls_view"] = bool(control)
    source["consolidated_control_findings"] = generator.startswith("security-control")


def _finish_inspector(source: dict[str, Any]) -> None:
    rule_id: Any = source["Types"]
    first_version = source["ProductFields"].get("aws/inspector/id")
    if first_version:
        source["rule"]["name"] = first_version
    else:
        if isinstance(rule_id, list):
            rule_id = rule_id[0]
        rule_id = rule_id.split("/CVE")[0]
        if "Vulnerabilities" in rule_id:
            rule_id = f"{rule_id}/{source['Title'].split()[0]}"
    source["rule"]["id"] = rule_id
    if "Vulnerabilities" in rule_id:
        source["event"]["category"] = "package"


def _finish_product(source: dict[str, Any], module: str) -> None:
    """Do what only findings of one product need."""
    threat = None
    if module in ("guardduty", "macie"):
        threat = _threat(str(source["Types"][0]))
        if threat is None:
            raise ValueError("a finding type of an unknown form")
        source["ThreatPurpose"] = threat.purpose
        source["ResourceTypeAffected"] = threat.resource
        source["ThreatFamilyName"] = threat.family
        source["DetectionMechanism"] = threat.mechanism
        source["Artifact"] = threat.artifact
    if "security hub" in module:
        _finish_control(source)
    elif threat and module == "guardduty":
        _finish_guardduty(source, threat)
    elif "inspector" in module:
        _finish_inspector(source)
    elif module == "macie":
        source["event"]["category"] = "intrusion_detection"


class _Affected(NamedTuple):
    """What the affected resources say; of several instances or users the last one counts."""

    instance: str | None
    user: dict[str, Any] | None
    addresses: list[Any]


def _volume_instance(resource: dict[str, Any]) -> Any:
    try:
        return resource["Details"]["AwsEc2Volume"]["Attachments"][0]["InstanceId"]
    except (KeyError, IndexError, TypeError):
        return None


def _key_owner(resource: dict[str, Any]) -> dict[str, Any]:
    key = resource["Id"].rpartition(":")[2]
    details = resource["Details"]["AwsIamAccessKey"]
    if key == "null":
        key = details["PrincipalId"].partition(":")[0]
    return {"id": key, "name": details["PrincipalName"]}


def _affected(resources: list[dict[str, Any]]) -> _Affected:
    instance, user = None, None
    addresses: list[Any] = []
    for resource in resources:
        kind = resource["Type"]
        if kind == "AwsEc2Instance":
            instance = resource["Id"].rpartition("/")[2]
            details = resource.get("Details", {}).get("AwsEc2Instance", {})
            addresses += details.get("IpV4Addresses", [])
            addresses += details.get("IpV6Addresses", [])
        elif kind == "AwsEc2Volume":
            instance = _volume_instance(resource) or instance
        elif kind == "AwsIamAccessKey":
            user = _key_owner(resource)
        elif kind == "AwsIamRole":
            user = {"name": resource["Id"].rpartition("/")[2]}
    return _Affected(instance, user, addresses)


def _relate(source: dict[str, Any], affected: _Affected) -> None:
    related = source.setdefault("related", {})
    if affected.instance:
        source["cloud"]["instance"] = {"id": affected.instance}
        related["hosts"] = [affected.instance]
    if affected.user:
        source["user"] = affected.user
        names = (affected.user.get("id"), affected.user.get("name"))
        related["user"] = [name for name in names if name]
    if affected.addresses:
        related["ip"] = sorted({*related.get("ip", ()), *affected.addresses})


def finish(draft: Draft) -> None:
    """Take module, id, product's fields, instance, user and addresses out of a finding.

    Each stage needs the one before: a custom finding without a product name gets none of them.

    Examples
    --------
    >>> draft = Draft({"ProductFields": {"aws/securityhub/ProductName": "Config"}, "event": {}})
    >>> finish(draft)
    Traceback (most recent call last):
        ...
    KeyError: 'Workflow'
    >>> draft.source["event"]
    {'module': 'config'}
    """
    source = draft.source
    module = source["ProductFields"]["aws/securityhub/ProductName"].lower()
    source["event"]["module"] = module
    status = source["Workflow"]["Status"]
    if status == "NEW":
        source["@timestamp"] = source["UpdatedAt"].replace("Z", "+00:00")
    state = f"{source['@timestamp']}{status}"
    draft.id_suffix = hashlib.md5(state.encode(), usedforsecurity=False).hexdigest()
    _finish_product(source, module)
    source["rule"]["name"] = trim_title(source["rule"]["name"])
    _relate(source, _affected(source["Resources"]))


def encode(raw: Mapping[str, Any], envelope: Envelope = NO_ENVELOPE) -> bytes:
    """Write a finding in an EventBridge event of its own.

    Parameters
    ----------
    raw
        The finding.
    envelope
        The event; what it lacks is taken from the finding.

    Examples
    --------
    >>> finding = {"Id": "f", "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/config",
    ...            "AwsAccountId": "111122223333", "UpdatedAt": "2022-11-18T07:00:01.123Z"}
    >>> encode(finding, Envelope(id="1", region="us-east-1")).decode()
    '{"version":"0","id":"1","detail-type":"Security Hub Findings - Imported",...}'
    """
    event = envelope._replace(
        account=envelope.account or raw["AwsAccountId"],
        region=envelope.region or raw["ProductArn"].split(":")[3],
        time=envelope.time or whole_seconds(raw["UpdatedAt"]),
    )
    return encode_event(
        {"findings": [raw]},
        event,
        source="aws.securityhub",
        kind="Security Hub Findings - Imported",
        resources=[f"{raw['ProductArn']}/{raw['Id']}"],
    )


SECURITYHUB = LogType(
    name="securityhub",
    index="log-aws-securityhub",
    key=re.compile("SecurityHub|securityhub"),
    framing="json",
    wrapper="findings",
    time=EnvelopeTime("cwe_timestamp", "UpdatedAt"),
    doc_id="Id",
    # Paths through ProductFields keys that hold a dot (portProbeDetails.0_/...) would lead nowhere,
    # in the SIEM too: they are left out.
    ecs={
        "cloud.account.id": "AwsAccountId",
        "cloud.region": "Resources.0.Region",
        "destination.address": LOCAL_ADDRESS,
        "destination.ip": LOCAL_ADDRESS,
        "destination.port": f"{CONNECTION}/localPortDetails/port",
        "dns.question.name": f"{PRODUCT_ACTION}/dnsRequestAction/domain",
        "event.severity": "Severity.Product",
        "event.risk_score_norm": "Severity.Normalized",
        "related.ip": [
            LOCAL_ADDRESS,
            *(f"{remote}/{kind}" for kind in ("ipAddressV4", "ipAddressV6") for remote in REMOTE),
        ],
        "rule.id": "Types",
        "rule.name": "Title",
        "rule.description": "Description",
        "source.address": SOURCE_ADDRESSES,
        "source.ip": SOURCE_ADDRESSES,
        "source.port": f"{CONNECTION}/remotePortDetails/port",
    },
    static={"event.kind": "alert", "event.category": ["intrusion_detection"]},
    finish=finish,
    geoip=("source", "destination"),
    writer=Writer(key=firehose_key("SecurityHub", ".gz"), encode=encode, between=b"", tail=b""),
)
