"""Synthetic CloudTrail documents for the benchmarks: as many as asked for, always the same ones.

About 2,000 bytes each, 800 of them ``@message``; 90 days; some 600 distinct keys below
``requestParameters`` with frequencies that fall as Zipf's law says; one source address in seven is
no address but a service's name; one event in ten is an error.
"""

from __future__ import annotations

import json
import random
import uuid
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from siemlab.normalize.document import Document

__all__ = ["documents"]

START = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 90
KEYS = 600
ACCOUNTS = ("111122223333", "444455556666", "777788889999", "123456789012")
REGIONS = ("us-east-1", "ap-northeast-1", "us-west-2", "eu-west-1", "ap-northeast-3")
SERVICES = ("s3", "ec2", "iam", "sts", "kms", "lambda", "dynamodb", "logs", "config", "ssm")
VERBS = ("Get", "List", "Describe", "Create", "Put", "Delete", "Update", "Attach", "Assume", "Tag")
NOUNS = (
    *("Object", "Bucket", "Instances", "User", "Role", "Key", "Function", "Table", "LogGroup"),
    *("Policy", "Parameters", "Snapshot", "SecurityGroups", "Volumes", "Queue", "Topic", "Stack"),
)
AGENTS = (
    "aws-cli/2.9.{} Python/3.9.11 Linux/5.10.{} exe/x86_64.amzn.2 prompt/off command/s3.ls",
    "Boto3/1.26.{} Python/3.10.6 Linux/5.15.{} Botocore/1.29.50",
    "aws-sdk-go/1.44.{} (go1.19.5; linux; amd64) build/{}",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{}.0.{} Safari/537.36",
    "APN/1.0 HashiCorp/1.0 Terraform/1.3.{} aws-sdk-go/1.44.{}",
)
ERRORS = ("AccessDenied", "NoSuchBucket", "ThrottlingException", "UnauthorizedOperation")


def zipf(chance: random.Random, size: int) -> Callable[[], int]:
    """Return a draw of 0 .. size - 1 in which number n is n + 1 times rarer than number 0."""
    weights = list(accumulate(1 / (number + 1) for number in range(size)))
    return lambda: bisect(weights, chance.random() * weights[-1])


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """Yield documents in the order of time.

    Parameters
    ----------
    count
        How many.
    seed
        Another seed gives other documents.
    """
    chance = random.Random(seed)
    pick = {
        "user": zipf(chance, 400),
        "action": zipf(chance, len(VERBS) * len(NOUNS)),
        "service": zipf(chance, len(SERVICES)),
        "host": zipf(chance, 20_000),
        "agent": zipf(chance, 1_000),
        "key": zipf(chance, KEYS),
        "value": zipf(chance, 5_000),
    }
    step = timedelta(days=DAYS) / count
    for number in range(count):
        time = START + step * number + timedelta(milliseconds=chance.randrange(1000))
        yield _document(chance, pick, time)


def _document(
    chance: random.Random, pick: dict[str, Callable[[], int]], time: datetime
) -> Document:
    event = _event(chance, pick, time)
    identity = event["userIdentity"]
    address = event["sourceIPAddress"]
    source: dict[str, Any] = {"address": address}
    if address[0].isdigit():
        source["ip"] = address
    failed = "errorCode" in event
    fields = {
        **event,
        "@message": json.dumps(event),
        "@timestamp": event["eventTime"],
        "@log_type": "cloudtrail",
        "@id": event["eventID"],
        "event": {
            "module": event["eventSource"],
            "action": event["eventName"],
            "outcome": "failure" if failed else "success",
            "category": ["iam"] if event["eventSource"].startswith("iam") else ["web", "file"],
        },
        "cloud": {"account": {"id": identity["accountId"]}, "region": event["awsRegion"]},
        "source": source,
        "user": {"id": identity["accessKeyId"], "name": identity["userName"]},
        "user_agent": {"original": event["userAgent"]},
    }
    if failed:
        fields["error"] = {"code": event["errorCode"], "message": event["errorMessage"]}
    return Document("log-aws-cloudtrail-2023", event["eventID"], fields)


def _event(
    chance: random.Random, pick: dict[str, Callable[[], int]], time: datetime
) -> dict[str, Any]:
    user = pick["user"]()
    account = ACCOUNTS[user % len(ACCOUNTS)]
    action = pick["action"]()
    service = f"{SERVICES[pick['service']()]}.amazonaws.com"
    host = pick["host"]()
    agent = pick["agent"]()
    parameters = {
        f"parameter{key % 7}Name{key}": f"value-{key % 11}-{pick['value']()}"
        for key in {pick["key"]() for _ in range(chance.choice((1, 2, 3, 4, 6)))}
    }
    event: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{account}:user/user{user:03d}",
            "accountId": account,
            "accessKeyId": f"AKIA{user:03d}{(user * 7919) % 1_000_000:06d}EXAMPLE",
            "userName": f"user{user:03d}",
        },
        "eventTime": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventSource": service,
        "eventName": VERBS[action // len(NOUNS)] + NOUNS[action % len(NOUNS)],
        "awsRegion": REGIONS[user % len(REGIONS)],
        "sourceIPAddress": service
        if chance.random() < 0.14
        else f"{(10, 198, 203)[host % 3]}.{host % 251}.{host // 251}.{host % 241}",
        "userAgent": AGENTS[agent % len(AGENTS)].format(agent % 90, agent % 180),
        "requestParameters": parameters,
        "requestID": f"{chance.getrandbits(80):020X}",
        "eventID": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "readOnly": action // len(NOUNS) < 3,
        "recipientAccountId": account,
    }
    if chance.random() < 0.1:
        event["errorCode"] = ERRORS[pick["value"]() % len(ERRORS)]
        event["errorMessage"] = f"user{user:03d} is not authorized to perform {event['eventName']}"
    return event
