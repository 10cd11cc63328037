"""Genuine logs, our own data set, and records to break rules with."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from siemlab.logs import LOG_TYPES, LogType
from siemlab.logs.model import Record
from siemlab.realism.calls import CANONICAL_ORDER
from siemlab.realism.inventory import Inventory
from siemlab.realism.reading import Check, Seen

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real" / "cloudtrail"

COMPANY, OTHER = "444455556666", "777788889999"
KINDS = {log_type.name: log_type for log_type in LOG_TYPES}

Event = dict[str, Any]

# The genuine set names its account in file names and keys, and another one in its records; the
# key of its main caller was overwritten with text that is no key.
GENUINE = Inventory(
    renamed={"218007301253": "123837392027"},
    replaced=frozenset({"AKIATFQR7NSC8Q4X20BJ", "AKIATFQZ7NSC8Q4X21BJ"}),
)


def absent(reason: str) -> None:
    """Fail in CI for what must be there; elsewhere say what is missing, and go on."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The genuine CloudTrail files, in the folders that CloudTrail had put them in."""
    files = sorted(REAL.glob("*.json"))
    if not files:
        absent("the genuine CloudTrail files are missing: ../shared/real/cloudtrail/*.json")
    root = tmp_path_factory.mktemp("genuine")
    for file in files:
        account, _, region, time, _ = file.name.split("_")
        day = f"{time[:4]}/{time[4:6]}/{time[6:8]}"
        folder = root / "AWSLogs" / account / "CloudTrail" / region / day
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder)
    return root


@pytest.fixture(scope="session")
def genuine_events(genuine: Path) -> list[Event]:
    files = sorted(genuine.rglob("*.json"))
    return [event for file in files for event in json.loads(file.read_bytes())["Records"]]


def event_id(number: int) -> str:
    return str(uuid.UUID(int=(number + 1) * 7919, version=4))


def api_call(number: int = 0, **changes: Any) -> Event:
    """An event as CloudTrail writes it, with some fields changed; ``"away"`` takes one away."""
    event: Event = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAW7777777777777777",
            "arn": f"arn:aws:iam::{COMPANY}:user/hana",
            "accountId": COMPANY,
            "accessKeyId": key_of(COMPANY, "AKIA"),
            "userName": "hana",
        },
        "eventTime": "2022-11-18T07:00:01Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "GetUser",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.8.5 Python/3.9.11 Linux/5.10 exe/x86_64 prompt/off command/iam.get",
        "requestParameters": {"userName": "hana"},
        "responseElements": None,
        "requestID": event_id(number + 500_000),
        "eventID": event_id(number),
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": COMPANY,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.2"},
    }
    merged = event | changes
    names = sorted(merged, key=CANONICAL_ORDER.index)
    return {name: merged[name] for name in names if merged[name] != "away"}


def key_of(account: str, prefix: str = "ASIA", free: int = 1) -> str:
    """A key id that carries an account, put together bit by bit."""
    import base64

    number = (1 << 79) | (int(account) << 39) | free
    return prefix + base64.b32encode(number.to_bytes(10, "big")).decode()


def session(account: str, created: str, *, free: int = 1, **changes: Any) -> Event:
    """The identity of a role's session."""
    role = {
        "type": "Role",
        "principalId": "AROAW7777777777777777",
        "arn": f"arn:aws:iam::{account}:role/sz-web-ec2-role",
        "accountId": account,
        "userName": "sz-web-ec2-role",
    }
    identity = {
        "type": "AssumedRole",
        "principalId": "AROAW7777777777777777:i-0aa1b2c3d4e5f6071",
        "arn": f"arn:aws:sts::{account}:assumed-role/sz-web-ec2-role/i-0aa1b2c3d4e5f6071",
        "accountId": account,
        "accessKeyId": key_of(account, "ASIA", free),
        "sessionContext": {
            "sessionIssuer": role,
            "webIdFederationData": {},
            "attributes": {"creationDate": created, "mfaAuthenticated": "false"},
        },
    }
    return identity | changes


KEYS = {
    "cloudtrail": "AWSLogs/{0}/CloudTrail/us-east-1/2022/11/18/{0}_CloudTrail_us-east-1_"
    "20221118T0705Z_abcdefghijklmnop.json.gz",
    "alb": f"AWSLogs/{COMPANY}/elasticloadbalancing/ap-northeast-1/2022/11/18/a.log.gz",
    "vpcflowlogs": f"AWSLogs/{COMPANY}/vpcflowlogs/ap-northeast-1/2022/11/18/a.log.gz",
}


def seen(kind: str, raw: Event, *, number: int = 1, account: str = COMPANY) -> Seen:
    """A record as the tests of truth get it."""
    log_type: LogType = KINDS[kind]
    key = KEYS.get(kind, f"AWSLogs/{{0}}/{kind}/a.log.gz").format(account)
    return Seen(log_type, key, Record(number, raw, ""))


def show(check: Check, kind: str, raws: Iterable[Event]) -> Check:
    """Show records of one type to a test of truth."""
    for number, raw in enumerate(raws, 1):
        account = raw.get("recipientAccountId", COMPANY)
        check.see(seen(kind, raw, number=number, account=account))
    return check


def figure_of(check: Check, text: str) -> tuple[str, str]:
    """Value and verdict of the figure whose English name has a text in it."""
    found = [figure for figure in check.figures() if text in figure.name[0]]
    assert len(found) == 1, [figure.name[0] for figure in check.figures()]
    return found[0].value, found[0].verdict
