"""Calls of SNS about topics; messages are not logged.

Holes: ``value`` (the topic's display name), ``topic`` (its name), ``subscription`` (an id).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_SUBSCRIPTION_ATTRIBUTES",
    "GET_TOPIC_ATTRIBUTES",
    "LIST_SUBSCRIPTIONS",
    "LIST_SUBSCRIPTIONS_BY_TOPIC",
    "LIST_TOPICS",
    "SET_TOPIC_ATTRIBUTES",
]

SNS = Family(service="sns")

ARN = f"arn:aws:sns:{Hole('region')}:{Hole('account')}:{Hole('topic')}"
_TOPIC = {"topicArn": ARN}
_MISSING = Fault("NotFoundException", "Topic does not exist")

GET_SUBSCRIPTION_ATTRIBUTES = SNS(
    "GetSubscriptionAttributes", {"subscriptionArn": f"{ARN}:{Hole('subscription')}"}, on=ARN
)
GET_TOPIC_ATTRIBUTES = SNS("GetTopicAttributes", _TOPIC, on=ARN, faults=(_MISSING,))
LIST_SUBSCRIPTIONS = SNS("ListSubscriptions")
LIST_SUBSCRIPTIONS_BY_TOPIC = SNS("ListSubscriptionsByTopic", _TOPIC, on=ARN, faults=(_MISSING,))
LIST_TOPICS = SNS("ListTopics")
SET_TOPIC_ATTRIBUTES = SNS(
    "SetTopicAttributes",
    {**_TOPIC, "attributeName": "DisplayName", "attributeValue": Hole("value")},
    on=ARN,
    faults=(_MISSING,),
)
