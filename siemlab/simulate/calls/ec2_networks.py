"""Calls of EC2 that only read: networks.

Holes: ``vpc``, ``subnet``, ``group_id``, ``eni``, ``route_table``, ``flow_log``.

The program that asks shows in the request: an SDK leaves lists empty, the console asks for pages.
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.ec2_making import PAGE, ec2, filters, missing
from siemlab.simulate.calls.making import items
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_ADDRESSES",
    "DESCRIBE_ADDRESSES_ATTRIBUTE",
    "DESCRIBE_CUSTOMER_GATEWAYS",
    "DESCRIBE_DHCP_OPTIONS",
    "DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS",
    "DESCRIBE_FLOW_LOGS",
    "DESCRIBE_FLOW_LOGS_BY_ID",
    "DESCRIBE_INTERNET_GATEWAYS",
    "DESCRIBE_MANAGED_PREFIX_LISTS",
    "DESCRIBE_NAT_GATEWAYS",
    "DESCRIBE_NETWORK_ACLS",
    "DESCRIBE_NETWORK_INTERFACES",
    "DESCRIBE_NETWORK_INTERFACES_BY_ID",
    "DESCRIBE_ROUTE_TABLES",
    "DESCRIBE_ROUTE_TABLES_BY_ID",
    "DESCRIBE_SECURITY_GROUPS",
    "DESCRIBE_SECURITY_GROUPS_BY_ID",
    "DESCRIBE_SECURITY_GROUP_RULES",
    "DESCRIBE_SUBNETS",
    "DESCRIBE_SUBNETS_BY_ID",
    "DESCRIBE_TRANSIT_GATEWAYS",
    "DESCRIBE_VPCS",
    "DESCRIBE_VPCS_BY_ID",
    "DESCRIBE_VPC_ATTRIBUTE",
    "DESCRIBE_VPC_ENDPOINTS",
    "DESCRIBE_VPC_PEERING_CONNECTIONS",
    "DESCRIBE_VPN_CONNECTIONS",
    "DESCRIBE_VPN_GATEWAYS",
]

# --- networks ------------------------------------------------------------------------------------

DESCRIBE_VPCS = ec2("DescribeVpcs", {"vpcSet": {}, "filterSet": {}})
DESCRIBE_VPCS_BY_ID = ec2(
    "DescribeVpcs",
    {"vpcSet": items({"vpcId": Hole("vpc")}), "filterSet": {}},
    faults=(missing("VpcID", "vpc ID", "vpc"),),
)
DESCRIBE_VPC_ATTRIBUTE = ec2("DescribeVpcAttribute", {"vpcId": Hole("vpc")}, encoded=True)
DESCRIBE_VPC_ENDPOINTS = ec2(
    "DescribeVpcEndpoints", {"DescribeVpcEndpointsRequest": {"MaxResults": 1000}}
)
DESCRIBE_VPC_PEERING_CONNECTIONS = ec2(
    "DescribeVpcPeeringConnections", {**PAGE, "vpcPeeringConnectionIdSet": {}, "filterSet": {}}
)
DESCRIBE_SUBNETS = ec2("DescribeSubnets", {"subnetSet": {}, "filterSet": {}})
DESCRIBE_SUBNETS_BY_ID = ec2(
    "DescribeSubnets",
    {"subnetSet": items({"subnetId": Hole("subnet")}), "filterSet": {}},
    faults=(
        Fault(
            "Client.InvalidSubnetID.NotFound",
            f"The subnet ID '{Hole('subnet')}' does not exist",
        ),
    ),
)
DESCRIBE_ROUTE_TABLES = ec2(
    "DescribeRouteTables", {"routeTableIdSet": {}, "filterSet": filters(vpc_id=Hole("vpc"))}
)
DESCRIBE_ROUTE_TABLES_BY_ID = ec2(
    "DescribeRouteTables",
    {"routeTableIdSet": items({"routeTableId": Hole("route_table")}), "filterSet": {}},
    faults=(missing("RouteTableID", "routeTable ID", "route_table"),),
)
DESCRIBE_INTERNET_GATEWAYS = ec2(
    "DescribeInternetGateways", {"internetGatewayIdSet": {}, "filterSet": {}}
)
DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS = ec2(
    "DescribeEgressOnlyInternetGateways", {"DescribeEgressOnlyInternetGatewaysRequest": ""}
)
DESCRIBE_NAT_GATEWAYS = ec2(
    "DescribeNatGateways", {"DescribeNatGatewaysRequest": {"MaxResults": 1000}}
)
DESCRIBE_TRANSIT_GATEWAYS = ec2(
    "DescribeTransitGateways", {"DescribeTransitGatewaysRequest": {"MaxResults": 1000}}
)
DESCRIBE_NETWORK_ACLS = ec2(
    "DescribeNetworkAcls", {"networkAclIdSet": {}, "filterSet": filters(vpc_id=Hole("vpc"))}
)
DESCRIBE_NETWORK_INTERFACES = ec2(
    "DescribeNetworkInterfaces", {**PAGE, "networkInterfaceIdSet": {}, "filterSet": {}}
)
DESCRIBE_NETWORK_INTERFACES_BY_ID = ec2(
    "DescribeNetworkInterfaces",
    {
        "networkInterfaceIdSet": items({"networkInterfaceId": Hole("eni")}),
        "filterSet": {},
    },
    faults=(missing("NetworkInterfaceID", "networkInterface ID", "eni"),),
)
DESCRIBE_SECURITY_GROUPS = ec2(
    "DescribeSecurityGroups",
    {**PAGE, "securityGroupSet": {}, "securityGroupIdSet": {}, "filterSet": {}},
)
DESCRIBE_SECURITY_GROUPS_BY_ID = ec2(
    "DescribeSecurityGroups",
    {
        "securityGroupSet": {},
        "securityGroupIdSet": items({"groupId": Hole("group_id")}),
        "filterSet": {},
    },
    faults=(
        Fault(
            "Client.InvalidGroup.NotFound",
            f"The security group '{Hole('group_id')}' does not exist",
        ),
    ),
)
DESCRIBE_SECURITY_GROUP_RULES = ec2(
    "DescribeSecurityGroupRules",
    {
        "DescribeSecurityGroupRulesRequest": {
            "Filter": {
                "Value": {"tag": 1, "content": Hole("group_id")},
                "tag": 1,
                "Name": "group-id",
            },
            "MaxResults": 1000,
        }
    },
)
DESCRIBE_FLOW_LOGS = ec2("DescribeFlowLogs", {"DescribeFlowLogsRequest": {"MaxResults": 1000}})
DESCRIBE_FLOW_LOGS_BY_ID = ec2(
    "DescribeFlowLogs",
    {"DescribeFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": Hole("flow_log")}}},
)
DESCRIBE_ADDRESSES = ec2(
    "DescribeAddresses", {"publicIpsSet": {}, "filterSet": {}, "allocationIdsSet": {}}
)
DESCRIBE_ADDRESSES_ATTRIBUTE = ec2(
    "DescribeAddressesAttribute",
    {"DescribeAddressesAttributeRequest": {"Attribute": "domain-name", "MaxResults": 100}},
)
DESCRIBE_DHCP_OPTIONS = ec2("DescribeDhcpOptions", {**PAGE, "dhcpOptionsSet": {}, "filterSet": {}})
DESCRIBE_CUSTOMER_GATEWAYS = ec2(
    "DescribeCustomerGateways", {"customerGatewaySet": {}, "filterSet": {}}
)
DESCRIBE_VPN_CONNECTIONS = ec2("DescribeVpnConnections", {"vpnConnectionSet": {}, "filterSet": {}})
DESCRIBE_VPN_GATEWAYS = ec2("DescribeVpnGateways", {"vpnGatewaySet": {}, "filterSet": {}})
DESCRIBE_MANAGED_PREFIX_LISTS = ec2(
    "DescribeManagedPrefixLists", {"DescribeManagedPrefixListsRequest": {"MaxResults": 100}}
)
