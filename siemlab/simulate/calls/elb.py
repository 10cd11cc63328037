"""Calls of Elastic Load Balancing: it tells the version of its API.

Holes: ``balancer`` (its ARN), ``listener`` (its ARN), ``targets`` (a target group's ARN),
``instance``.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DEREGISTER_TARGETS",
    "DESCRIBE_LISTENERS",
    "DESCRIBE_LISTENER_CERTIFICATES",
    "DESCRIBE_LOAD_BALANCERS",
    "DESCRIBE_LOAD_BALANCERS_CLASSIC",
    "DESCRIBE_LOAD_BALANCERS_PAGE",
    "DESCRIBE_LOAD_BALANCER_ATTRIBUTES",
    "DESCRIBE_RULES",
    "DESCRIBE_SSL_POLICIES",
    "DESCRIBE_TAGS",
    "DESCRIBE_TARGET_GROUPS",
    "DESCRIBE_TARGET_GROUP_ATTRIBUTES",
    "DESCRIBE_TARGET_HEALTH",
    "REGISTER_TARGETS",
]

ELB = Family(service="elasticloadbalancing", api_version="2015-12-01")
CLASSIC = Family(service="elasticloadbalancing", api_version="2012-06-01")

_BALANCER = {"loadBalancerArn": Hole("balancer")}
_TARGETS = {"targetGroupArn": Hole("targets")}
_NO_BALANCER = Fault(
    "LoadBalancerNotFoundException",
    f"Load balancers '[{Hole('balancer')}]' not found",
)


def _of_balancer(name: str) -> Call:
    return ELB(name, _BALANCER, on=str(Hole("balancer")), faults=(_NO_BALANCER,))


DESCRIBE_LISTENERS = _of_balancer("DescribeListeners")
DESCRIBE_LISTENER_CERTIFICATES = ELB(
    "DescribeListenerCertificates", {"listenerArn": Hole("listener")}
)
DESCRIBE_LOAD_BALANCERS = ELB("DescribeLoadBalancers")
DESCRIBE_LOAD_BALANCERS_PAGE = ELB("DescribeLoadBalancers", {"pageSize": 400})
DESCRIBE_LOAD_BALANCERS_CLASSIC = CLASSIC("DescribeLoadBalancers")
"""Those of the older kind, of which there are none: the console still asks."""

DESCRIBE_LOAD_BALANCER_ATTRIBUTES = _of_balancer("DescribeLoadBalancerAttributes")
DESCRIBE_RULES = ELB("DescribeRules", {"listenerArn": Hole("listener")})
DESCRIBE_SSL_POLICIES = ELB("DescribeSSLPolicies", {"pageSize": 100})
DESCRIBE_TAGS = ELB("DescribeTags", {"resourceArns": [Hole("balancer")]})
DESCRIBE_TARGET_GROUPS = ELB("DescribeTargetGroups", {"pageSize": 400})
DESCRIBE_TARGET_GROUP_ATTRIBUTES = ELB("DescribeTargetGroupAttributes", _TARGETS)
DESCRIBE_TARGET_HEALTH = ELB("DescribeTargetHealth", _TARGETS)
DEREGISTER_TARGETS = ELB("DeregisterTargets", {**_TARGETS, "targets": [{"id": Hole("instance")}]})
REGISTER_TARGETS = ELB("RegisterTargets", {**_TARGETS, "targets": [{"id": Hole("instance")}]})
