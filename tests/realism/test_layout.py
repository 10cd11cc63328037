"""R7 and R8: where objects lie, and a hash over what is in them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from siemlab.errors import SiemlabError
from siemlab.logs import LOG_TYPES, LogType
from siemlab.logs.writing import Delivery, Stream
from siemlab.realism.determinism import content_hash
from siemlab.realism.layout import LAYOUTS, LayoutCheck, problems_of_key

from .conftest import COMPANY

REGION = "ap-northeast-1"
NOON = datetime(2022, 1, 8, 7, 5, tzinfo=UTC)
NAMES = {
    "alb": "app/sz-prod-alb/50dc6c495c0c9188",
    "config-history": "AWS::EC2::Instance",
    "linux-secure": "siem-linux-secure",
    "route53resolver": "vpc-0a51c0de00000001a",
    "s3accesslog": "sz-prod-customer-docs",
    "securityhub": "siem-securityhub",
    "config-rules": "siem-config-rules",
    "waf": "sz-prod-webacl",
}
PARTS = {"alb": "10.20.0.77", "vpcflowlogs": "fl-0f00d5e3000000031", "cloudtrail": "o-a1b2c3d4e5"}


def written(log_type: LogType) -> str:
    """The key under which the type's writer delivers an object."""
    assert log_type.writer is not None
    name, part = NAMES.get(log_type.name, ""), PARTS.get(log_type.name, "")
    stream = Stream(log_type.name, COMPANY, REGION, name, part)
    return log_type.writer.key(Delivery(stream, NOON, "0123456789abcdef" * 2))


@pytest.mark.parametrize("log_type", LOG_TYPES, ids=lambda kind: kind.name)
def test_what_the_writers_deliver_lies_where_the_service_puts_it(log_type: LogType) -> None:
    assert problems_of_key(written(log_type)) == []


def test_every_log_type_has_its_layout() -> None:
    assert LAYOUTS.keys() == {log_type.name for log_type in LOG_TYPES}


HOME = f"AWSLogs/{COMPANY}"
TRAIL = f"{HOME}/CloudTrail/{REGION}/2022/11/18/{COMPANY}_CloudTrail_{REGION}"
FLOWS = f"{HOME}/vpcflowlogs/{REGION}/2022/11/18/{COMPANY}_vpcflowlogs_{REGION}"

WRONG = {
    "nobody's": ("notes.txt", "no log type knows it"),
    "digest": (f"{HOME}/CloudTrail-Digest/{REGION}/a.json.gz", "no log type knows it"),
    "other account": (
        f"AWSLogs/111122223333/CloudTrail/{REGION}/2022/11/18/{COMPANY}_CloudTrail_{REGION}"
        "_20221118T0705Z_abcdefghijklmnop.json.gz",
        "no key as cloudtrail",
    ),
    "other day": (f"{TRAIL}_20221119T0705Z_abcdefghijklmnop.json.gz", "no key as cloudtrail"),
    "other hour": (f"{TRAIL}_20221118T3305Z_abcdefghijklmnop.json.gz", "no key as cloudtrail"),
    "short ending": (f"{TRAIL}_20221118T0705Z_abcdef.json.gz", "no key as cloudtrail"),
    "capital hex": (
        f"{FLOWS}_fl-0f00d5e3_20221118T0705Z_0A0B0C0D.log.gz",
        "no key as vpc",
    ),
    "padded Config day": (
        f"{HOME}/Config/{REGION}/2022/01/08/ConfigHistory/{COMPANY}_Config_{REGION}_ConfigHistory"
        "_AWS::EC2::Instance_20220108T070000Z_20220108T130000Z_1.json.gz",
        "no key as config-history",
    ),
    "packed access log": (
        f"{HOME}/s3accesslog/{REGION}/docs/2022-11-18-07-05-00-0123456789ABCDEF.gz",
        "no log type knows it",
    ),
    "of two types": (
        f"{HOME}/GuardDuty/{REGION}/2022/11/18/SecurityHub.jsonl.gz",
        "securityhub claims it, too",
    ),
    "of a type not read": (f"{HOME}/CloudHSM/{REGION}/a.gz", "cloudhsm captures it"),
}


@pytest.mark.parametrize(("key", "why"), WRONG.values(), ids=WRONG)
def test_an_object_elsewhere_is_told_with_its_reason(key: str, why: str) -> None:
    assert any(why in text for text in problems_of_key(key)), problems_of_key(key)


def test_wrong_keys_are_counted() -> None:
    check = LayoutCheck()
    check.see_keys([written(LOG_TYPES[0]), "notes.txt"])
    [figure] = check.figures()
    assert (figure.value, figure.verdict) == ("1 of 2", "fail")
    assert [violation.key for violation in check.violations] == ["notes.txt"]


def tree(root: Path, files: dict[str, bytes]) -> Path:
    for key, data in files.items():
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)
    return root


FILES = {"AWSLogs/a.json.gz": gzip.compress(b"{}"), "AWSLogs/b/c.json": b"[]"}


def test_a_tree_has_one_hash_however_it_was_packed_and_in_whatever_order(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", FILES)
    packed = {key: gzip.compress(b"{}", 1) if "a" in key[8:] else FILES[key] for key in FILES}
    other = tree(tmp_path / "other", dict(reversed(packed.items())))
    assert content_hash([one]) == content_hash([other])


CHANGES: dict[str, dict[str, bytes]] = {
    "content": FILES | {"AWSLogs/b/c.json": b"[ ]"},
    "key": {"AWSLogs/a.json.gz": FILES["AWSLogs/a.json.gz"], "AWSLogs/b/d.json": b"[]"},
    "one more": FILES | {"AWSLogs/d.json": b"[]"},
    "one less": {"AWSLogs/b/c.json": b"[]"},
}


@pytest.mark.parametrize("files", CHANGES.values(), ids=CHANGES)
def test_another_tree_has_another_hash(files: dict[str, bytes], tmp_path: Path) -> None:
    one, other = tree(tmp_path / "one", FILES), tree(tmp_path / "other", files)
    assert content_hash([one]) != content_hash([other])


def test_a_tree_that_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    (tmp_path / "out.json").symlink_to(Path(__file__))
    with pytest.raises(SiemlabError):
        content_hash([tmp_path])
    with pytest.raises(SiemlabError):
        content_hash([tmp_path / "nowhere"])
