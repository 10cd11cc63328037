"""Calls of SQS about queues; messages are not logged.

Holes: ``seconds`` (until a message shows again), ``queue`` (its name).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_QUEUE_ATTRIBUTES",
    "GET_QUEUE_URL",
    "LIST_QUEUES",
    "LIST_QUEUE_TAGS",
    "SET_QUEUE_ATTRIBUTES",
]

SQS = Family(service="sqs")

ARN = f"arn:aws:sqs:{Hole('region')}:{Hole('account')}:{Hole('queue')}"
_QUEUE = {
    "queueUrl": (f"https://sqs.{Hole('region')}.amazonaws.com/{Hole('account')}/{Hole('queue')}")
}
_MISSING = Fault("QueueDoesNotExist", "The specified queue does not exist for this wsdl version.")

GET_QUEUE_ATTRIBUTES = SQS(
    "GetQueueAttributes", {**_QUEUE, "attributeNames": ["All"]}, on=ARN, faults=(_MISSING,)
)
GET_QUEUE_URL = SQS("GetQueueUrl", {"queueName": Hole("queue")}, on=ARN, faults=(_MISSING,))
LIST_QUEUES = SQS("ListQueues", {"maxResults": 1000})
LIST_QUEUE_TAGS = SQS("ListQueueTags", _QUEUE, on=ARN)
SET_QUEUE_ATTRIBUTES = SQS(
    "SetQueueAttributes",
    {**_QUEUE, "attributes": {"VisibilityTimeout": Hole("seconds")}},
    on=ARN,
    faults=(_MISSING,),
)
