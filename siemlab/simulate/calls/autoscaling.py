"""Calls of Auto Scaling, of instances and of other services.

Holes: ``scaling_group``, ``capacity`` (raw), ``namespace`` (``ecs``, ``dynamodb``).
"""

from __future__ import annotations

from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_ACCOUNT_LIMITS",
    "DESCRIBE_AUTO_SCALING_GROUPS",
    "DESCRIBE_AUTO_SCALING_INSTANCES",
    "DESCRIBE_LAUNCH_CONFIGURATIONS",
    "DESCRIBE_LIFECYCLE_HOOKS",
    "DESCRIBE_POLICIES",
    "DESCRIBE_SCALABLE_TARGETS",
    "DESCRIBE_SCALING_ACTIVITIES",
    "DESCRIBE_SCALING_POLICIES",
    "DESCRIBE_SCHEDULED_ACTIONS",
    "DESCRIBE_TAGS",
    "SET_DESIRED_CAPACITY",
    "UPDATE_AUTO_SCALING_GROUP",
]

AUTOSCALING = Family(service="autoscaling")
APPLICATION = Family(service="application-autoscaling")

_GROUP = {"autoScalingGroupName": Hole("scaling_group")}
ON_GROUP = (
    f"arn:aws:autoscaling:{Hole('region')}:{Hole('account')}:autoScalingGroup:*:"
    f"autoScalingGroupName/{Hole('scaling_group')}"
)

DESCRIBE_ACCOUNT_LIMITS = AUTOSCALING("DescribeAccountLimits")
DESCRIBE_AUTO_SCALING_GROUPS = AUTOSCALING("DescribeAutoScalingGroups", {"maxRecords": 100})
DESCRIBE_AUTO_SCALING_INSTANCES = AUTOSCALING("DescribeAutoScalingInstances", {"maxRecords": 50})
DESCRIBE_LAUNCH_CONFIGURATIONS = AUTOSCALING("DescribeLaunchConfigurations", {"maxRecords": 100})
DESCRIBE_LIFECYCLE_HOOKS = AUTOSCALING("DescribeLifecycleHooks", _GROUP)
DESCRIBE_POLICIES = AUTOSCALING("DescribePolicies", _GROUP)
DESCRIBE_SCALING_ACTIVITIES = AUTOSCALING(
    "DescribeScalingActivities", {**_GROUP, "maxRecords": 100}
)
DESCRIBE_SCHEDULED_ACTIONS = AUTOSCALING("DescribeScheduledActions", _GROUP)
DESCRIBE_TAGS = AUTOSCALING("DescribeTags")
SET_DESIRED_CAPACITY = AUTOSCALING(
    "SetDesiredCapacity",
    {**_GROUP, "desiredCapacity": Hole("capacity", raw=True), "honorCooldown": True},
    on=ON_GROUP,
)
UPDATE_AUTO_SCALING_GROUP = AUTOSCALING(
    "UpdateAutoScalingGroup",
    {**_GROUP, "minSize": Hole("capacity", raw=True)},
    on=ON_GROUP,
)

DESCRIBE_SCALABLE_TARGETS = APPLICATION(
    "DescribeScalableTargets", {"serviceNamespace": Hole("namespace")}
)
DESCRIBE_SCALING_POLICIES = APPLICATION(
    "DescribeScalingPolicies", {"serviceNamespace": Hole("namespace")}
)
