"""Calls of EC2 that change networks: security groups, flow logs, subnets, endpoints.

Holes: ``document`` (an endpoint's policy as JSON text), ``group_id``, ``group_name``,
``description``, ``vpc``, ``rule`` (``sgr-...``), ``protocol``, ``from_port``, ``to_port``,
``cidr``, ``flow_log``, ``bucket``, ``eni``, ``subnet``, ``address``, ``mac``, ``zone``,
``route_table``, ``gateway``, ``endpoint``.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.ec2_change import ANSWERED, DONE, XMLNS
from siemlab.simulate.calls.ec2_making import ec2
from siemlab.simulate.calls.making import items
from siemlab.simulate.shapes import Hole

__all__ = [
    "AUTHORIZE_SECURITY_GROUP_INGRESS",
    "AUTHORIZE_SECURITY_GROUP_INGRESS_DESCRIBED",
    "CREATE_FLOW_LOGS",
    "CREATE_NETWORK_INTERFACE",
    "CREATE_ROUTE",
    "CREATE_SECURITY_GROUP",
    "DELETE_FLOW_LOGS",
    "DELETE_NETWORK_INTERFACE",
    "DELETE_ROUTE",
    "DELETE_SECURITY_GROUP",
    "MODIFY_SECURITY_GROUP_RULES",
    "MODIFY_VPC_ENDPOINT",
    "REVOKE_SECURITY_GROUP_INGRESS",
    "REVOKE_SECURITY_GROUP_INGRESS_BY_RULE",
]

_NO_GROUP = Fault(
    "Client.InvalidGroup.NotFound", f"The security group '{Hole('group_id')}' does not exist"
)

# --- security groups -----------------------------------------------------------------------------

CREATE_SECURITY_GROUP = ec2(
    "CreateSecurityGroup",
    {
        "groupName": Hole("group_name"),
        "groupDescription": Hole("description"),
        "vpcId": Hole("vpc"),
    },
    {**DONE, "groupId": Hole("group_id")},
    faults=(
        Fault(
            "Client.InvalidGroup.Duplicate",
            f"The security group '{Hole('group_name')}' already exists for VPC '{Hole('vpc')}'",
        ),
    ),
)
DELETE_SECURITY_GROUP = ec2(
    "DeleteSecurityGroup",
    {"groupId": Hole("group_id")},
    DONE,
    faults=(
        Fault(
            "Client.DependencyViolation",
            f"resource {Hole('group_id')} has a dependent object",
        ),
    ),
)


def _permission(described: bool) -> dict[str, Any]:
    block = {"cidrIp": Hole("cidr")}
    if described:
        block["description"] = Hole("description")
    return items(
        {
            "ipProtocol": Hole("protocol"),
            "fromPort": Hole("from_port", raw=True),
            "toPort": Hole("to_port", raw=True),
            "groups": {},
            "ipRanges": items(block),
            "ipv6Ranges": {},
            "prefixListIds": {},
        }
    )


def _ingress(name: str, described: bool) -> Call:
    rule = {
        "groupOwnerId": Hole("account"),
        "groupId": Hole("group_id"),
        "securityGroupRuleId": Hole("rule"),
        "isEgress": False,
        "ipProtocol": Hole("protocol"),
        "fromPort": Hole("from_port", raw=True),
        "toPort": Hole("to_port", raw=True),
        "cidrIpv4": Hole("cidr"),
    }
    if described:
        rule["description"] = Hole("description")
    return ec2(
        name,
        {"groupId": Hole("group_id"), "ipPermissions": _permission(described)},
        {**DONE, "securityGroupRuleSet": items(rule)},
        faults=(
            _NO_GROUP,
            Fault(
                "Client.InvalidPermission.Duplicate",
                f'the specified rule "peer: {Hole("cidr")}, TCP, from '
                f'port: {Hole("from_port")}, to port: {Hole("to_port")}, ALLOW" already exists',
            ),
        ),
        defaults={"protocol": "tcp"},
    )


AUTHORIZE_SECURITY_GROUP_INGRESS = _ingress("AuthorizeSecurityGroupIngress", described=False)
AUTHORIZE_SECURITY_GROUP_INGRESS_DESCRIBED = _ingress(
    "AuthorizeSecurityGroupIngress", described=True
)
"""With a ``description``, as the console asks for."""

_NO_RULE = Fault(
    "Client.InvalidPermission.NotFound",
    "The specified rule does not exist in this security group.",
)
REVOKE_SECURITY_GROUP_INGRESS = ec2(
    "RevokeSecurityGroupIngress",
    {"groupId": Hole("group_id"), "ipPermissions": _permission(described=False)},
    DONE,
    faults=(_NO_GROUP, _NO_RULE),
    defaults={"protocol": "tcp"},
)
REVOKE_SECURITY_GROUP_INGRESS_BY_RULE = ec2(
    "RevokeSecurityGroupIngress",
    {
        "groupId": Hole("group_id"),
        "securityGroupRuleIds": items({"securityGroupRuleId": Hole("rule")}),
    },
    DONE,
    faults=(_NO_GROUP,),
)
"""By the rule's own id, as the console does."""

MODIFY_SECURITY_GROUP_RULES = ec2(
    "ModifySecurityGroupRules",
    {
        "ModifySecurityGroupRulesRequest": {
            "GroupId": Hole("group_id"),
            "SecurityGroupRule": {
                "SecurityGroupRule": {
                    "IpProtocol": "tcp",
                    "FromPort": Hole("from_port", raw=True),
                    "ToPort": Hole("to_port", raw=True),
                    "CidrIpv4": Hole("cidr"),
                    "Description": Hole("description"),
                },
                "tag": 1,
                "SecurityGroupRuleId": Hole("rule"),
            },
        }
    },
    {"ModifySecurityGroupRulesResponse": {**XMLNS, **ANSWERED, "return": True}},
)

# --- flow logs -----------------------------------------------------------------------------------

CREATE_FLOW_LOGS = ec2(
    "CreateFlowLogs",
    {
        "CreateFlowLogsRequest": {
            "ResourceId": {"tag": 1, "content": Hole("vpc")},
            "MaxAggregationInterval": 600,
            "ResourceType": "VPC",
            "LogDestination": f"arn:aws:s3:::{Hole('bucket')}",
            "LogDestinationType": "s3",
            "TrafficType": "ALL",
        }
    },
    {
        "CreateFlowLogsResponse": {
            **XMLNS,
            **ANSWERED,
            "clientToken": Hole("client_token"),
            "unsuccessful": "",
            "flowLogIdSet": {"item": Hole("flow_log")},
        }
    },
)
"""To the ``bucket`` of the archive."""

DELETE_FLOW_LOGS = ec2(
    "DeleteFlowLogs",
    {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": Hole("flow_log")}}},
    {"DeleteFlowLogsResponse": {**XMLNS, **ANSWERED, "unsuccessful": ""}},
)

# --- interfaces, routes, endpoints ---------------------------------------------------------------

CREATE_NETWORK_INTERFACE = ec2(
    "CreateNetworkInterface",
    {
        "subnetId": Hole("subnet"),
        "description": Hole("description"),
        "groupSet": items({"groupId": Hole("group_id")}),
        "privateIpAddressesSet": {},
        "ipv6AddressCount": 0,
        "clientToken": Hole("client_token"),
    },
    {
        **ANSWERED,
        "networkInterface": {
            "networkInterfaceId": Hole("eni"),
            "subnetId": Hole("subnet"),
            "vpcId": Hole("vpc"),
            "availabilityZone": Hole("zone"),
            "description": Hole("description"),
            "ownerId": Hole("account"),
            "requesterManaged": False,
            "status": "pending",
            "macAddress": Hole("mac"),
            "privateIpAddress": Hole("address"),
            "sourceDestCheck": True,
            "interfaceType": "interface",
            "groupSet": items({"groupId": Hole("group_id"), "groupName": Hole("group_name")}),
            "privateIpAddressesSet": {
                "item": [{"privateIpAddress": Hole("address"), "primary": True}]
            },
            "ipv6AddressesSet": {},
            "tagSet": {},
        },
    },
)
DELETE_NETWORK_INTERFACE = ec2(
    "DeleteNetworkInterface",
    {"networkInterfaceId": Hole("eni")},
    DONE,
    faults=(
        Fault(
            "Client.InvalidNetworkInterfaceID.NotFound",
            f"The networkInterface ID '{Hole('eni')}' does not exist",
        ),
        Fault(
            "Client.InvalidParameterValue",
            f"Network interface '{Hole('eni')}' is currently in use.",
        ),
    ),
)

_ROUTE = {"routeTableId": Hole("route_table"), "destinationCidrBlock": Hole("cidr")}

CREATE_ROUTE = ec2("CreateRoute", {**_ROUTE, "gatewayId": Hole("gateway")}, DONE)
DELETE_ROUTE = ec2("DeleteRoute", _ROUTE, DONE)
MODIFY_VPC_ENDPOINT = ec2(
    "ModifyVpcEndpoint",
    {
        "ModifyVpcEndpointRequest": {
            "VpcEndpointId": Hole("endpoint"),
            "PolicyDocument": Hole("document"),
        }
    },
    {"ModifyVpcEndpointResponse": {**XMLNS, **ANSWERED, "return": True}},
)
