"""Calls of AWS Config.

Holes: ``expression`` (a query), ``compliance`` (``COMPLIANT`` unless given), ``recorder``,
``rule``, ``resource_type``, ``resource``.
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_COMPLIANCE_BY_CONFIG_RULE",
    "DESCRIBE_CONFIGURATION_RECORDERS",
    "DESCRIBE_CONFIGURATION_RECORDER_STATUS",
    "DESCRIBE_CONFIG_RULE",
    "DESCRIBE_CONFIG_RULES",
    "DESCRIBE_CONFIG_RULE_EVALUATION_STATUS",
    "DESCRIBE_CONFORMANCE_PACKS",
    "DESCRIBE_DELIVERY_CHANNELS",
    "DESCRIBE_DELIVERY_CHANNEL_STATUS",
    "DESCRIBE_RETENTION_CONFIGURATIONS",
    "GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE",
    "GET_COMPLIANCE_SUMMARY_BY_CONFIG_RULE",
    "GET_DISCOVERED_RESOURCE_COUNTS",
    "GET_RESOURCE_CONFIG_HISTORY",
    "LIST_DISCOVERED_RESOURCES",
    "PUT_EVALUATIONS",
    "SELECT_RESOURCE_CONFIG",
    "START_CONFIGURATION_RECORDER",
    "START_CONFIG_RULES_EVALUATION",
    "STOP_CONFIGURATION_RECORDER",
]

CONFIG = Family(service="config")

_NO_RULE = Fault(
    "NoSuchConfigRuleException",
    f"The ConfigRule '{Hole('rule')}' provided in the request is invalid. Please check the "
    "configRule name",
)
_RECORDER = {"configurationRecorderName": Hole("recorder")}

DESCRIBE_CONFIGURATION_RECORDERS = CONFIG("DescribeConfigurationRecorders")
DESCRIBE_CONFIGURATION_RECORDER_STATUS = CONFIG("DescribeConfigurationRecorderStatus")
DESCRIBE_DELIVERY_CHANNELS = CONFIG("DescribeDeliveryChannels")
DESCRIBE_DELIVERY_CHANNEL_STATUS = CONFIG("DescribeDeliveryChannelStatus")
DESCRIBE_CONFIG_RULES = CONFIG("DescribeConfigRules")
DESCRIBE_CONFIG_RULE = CONFIG(
    "DescribeConfigRules", {"configRuleNames": [Hole("rule")]}, faults=(_NO_RULE,)
)
"""One rule by its name."""

DESCRIBE_CONFIG_RULE_EVALUATION_STATUS = CONFIG(
    "DescribeConfigRuleEvaluationStatus", {"configRuleNames": [Hole("rule")]}, faults=(_NO_RULE,)
)
DESCRIBE_COMPLIANCE_BY_CONFIG_RULE = CONFIG(
    "DescribeComplianceByConfigRule", {"complianceTypes": ["NON_COMPLIANT"]}
)
DESCRIBE_CONFORMANCE_PACKS = CONFIG("DescribeConformancePacks", {"limit": 20})
DESCRIBE_RETENTION_CONFIGURATIONS = CONFIG("DescribeRetentionConfigurations")
GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE = CONFIG(
    "GetComplianceDetailsByConfigRule",
    {"configRuleName": Hole("rule"), "limit": 100},
    faults=(_NO_RULE,),
)
GET_COMPLIANCE_SUMMARY_BY_CONFIG_RULE = CONFIG("GetComplianceSummaryByConfigRule")
GET_DISCOVERED_RESOURCE_COUNTS = CONFIG("GetDiscoveredResourceCounts", {"limit": 100})
GET_RESOURCE_CONFIG_HISTORY = CONFIG(
    "GetResourceConfigHistory",
    {"resourceType": Hole("resource_type"), "resourceId": Hole("resource"), "limit": 10},
    faults=(
        Fault(
            "ResourceNotDiscoveredException",
            f"Resource {Hole('resource')} of resourceType:{Hole('resource_type')} is unknown or "
            "has not been discovered",
        ),
    ),
)
LIST_DISCOVERED_RESOURCES = CONFIG(
    "ListDiscoveredResources",
    {"resourceType": Hole("resource_type"), "limit": 100, "includeDeletedResources": False},
)
SELECT_RESOURCE_CONFIG = CONFIG(
    "SelectResourceConfig", {"expression": Hole("expression"), "limit": 100}
)
PUT_EVALUATIONS = CONFIG(
    "PutEvaluations",
    {
        "evaluations": [
            {
                "complianceResourceType": Hole("resource_type"),
                "complianceResourceId": Hole("resource"),
                "complianceType": Hole("compliance"),
                "orderingTimestamp": Hole("made_comma"),
            }
        ],
        "resultToken": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "testMode": False,
    },
    {"failedEvaluations": []},
    defaults={"compliance": "COMPLIANT"},
)
START_CONFIG_RULES_EVALUATION = CONFIG(
    "StartConfigRulesEvaluation", {"configRuleNames": [Hole("rule")]}, faults=(_NO_RULE,)
)
STOP_CONFIGURATION_RECORDER = CONFIG("StopConfigurationRecorder", _RECORDER)
START_CONFIGURATION_RECORDER = CONFIG("StartConfigurationRecorder", _RECORDER)
