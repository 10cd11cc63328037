"""A key says what an object holds: the first type that fits, those we do not read included."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from siemlab.logs import KEY_ORDER, LOG_TYPES, recognize
from siemlab.logs.model import LogType

ROOT = Path(__file__).resolve().parents[2]
A = "AWSLogs/111122223333"
ELB = f"{A}/elasticloadbalancing/us-east-1/2022/11/18/111122223333_elasticloadbalancing_us-east-1"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (
            f"{A}/vpcflowlogs/us-east-1/2022/11/18/x_vpcflowlogs_us-east-1_fl-1.log.gz",
            "vpcflowlogs",
        ),
        (f"{A}/CloudTrail/us-east-1/2022/11/18/a.json.gz", "cloudtrail"),
        ("AWSLogs/o-x/111122223333/CloudTrail-Insight/us-east-1/a.json.gz", "cloudtrail"),
        (f"{A}/CloudTrail-Digest/us-east-1/2022/11/18/a.json.gz", None),
        (f"{A}/GuardDuty/us-east-1/2022/11/18/a.jsonl.gz", "guardduty"),
        ("GuardDuty/us-east-1/2022/11/18/a.jsonl.gz", None),
        (f"{A}/SecurityHub/us-east-1/2022/11/18/07/firehose-1.gz", "securityhub"),
        ("x/securityhub-stream-1-2022", "securityhub"),
        (f"{ELB}_app.web.1_20221118T1005Z_203.0.113.10_a1b2c3d4.log.gz", "alb"),
        (f"{ELB}_app.web.1_20221118T1005Z_203.0.113.10_a1b2c3d4.log", "clb"),
        (f"{ELB}_net.web.1_20221118T1005Z_a1b2c3d4.log.gz", "nlb"),
        ("logs/2022-11-18-07-00-01-0123456789ABCDEF", "s3accesslog"),
        ("logs/2022-11-18-07-00-01-0123456789ABCDEF.gz", None),
        (
            f"{A}/Config/us-east-1/2022/11/8/ConfigHistory/x_ConfigHistory_AWS::EC2.json.gz",
            "config-history",
        ),
        (
            f"{A}/Config/us-east-1/2022/11/8/ConfigSnapshot/x_ConfigSnapshot_1.json.gz",
            "config-snapshot",
        ),
        (f"{A}/Config/Rules/us-east-1/2022/11/18/firehose-1", "config-rules"),
        (f"{A}/WAFLogs/us-east-1/web/2022/11/18/07/00/x_waflogs_us-east-1_web_1.log.gz", "waf"),
        ("aws-waf-logs-web-1-2022-11-18", "waf"),
        (f"{A}/vpcdnsquerylogs/vpc-1/2022/11/18/a.log.gz", "route53resolver"),
        (f"{A}/EC2/Linux/Secure/us-east-1/2022/11/18/07/firehose-1", "linux-secure"),
        ("Linux/Secure/a", None),
        (
            f"{A}/network-firewall/alert/x_network-firewall_alert_us-east-1.log.gz",
            "networkfirewall",
        ),
        (f"{A}/Macie/a.jsonl.gz", None),
        ("E2ABCDEFGHIJKL.2022-11-18-07.a1b2c3d4.gz", "cloudfront-standard"),
        # An early word anywhere in the key captures the object.
        (f"my-vpcflowlogs-bucket/{A}/CloudTrail/us-east-1/a.json.gz", "vpcflowlogs"),
        (f"{A}/CloudTrail/us-east-1/2022/11/18/aws-waf-logs-x.json.gz", "cloudtrail"),
        ("SecurityLake/x/CloudTrail/a.json", "securitylake"),
        (f"mysql-audit/{A}/EC2/Linux/Secure/us-east-1/a", "rds-mysql"),
        # Files that have lost their folders.
        ("111122223333_CloudTrail_us-east-1_20221118T0705Z_aBc.json.gz", "cloudtrail"),
        ("evidence/111122223333_CloudTrail_us-east-1_20221118T0705Z_aBc.json.gz", "cloudtrail"),
        ("111122223333_CloudTrail-Digest_us-east-1_x_us-east-1_20221118T0705Z.json.gz", None),
        ("notes.txt", None),
    ],
)
def test_the_first_type_that_fits_a_key_has_the_object(key: str, name: str | None) -> None:
    found = recognize(key)
    assert (found.name if found else None) == name


def test_twelve_types_are_read_and_all_names_differ() -> None:
    assert len(LOG_TYPES) == 12
    assert all(isinstance(kind, LogType) for kind in LOG_TYPES)
    names = [kind.name for kind in KEY_ORDER]
    assert len(names) == len({*names})


# Security Hub names the products whose findings it passes on.
PRODUCTS = {"guardduty": {"securityhub.py"}}


def strings(path: Path) -> set[str]:
    """The texts in a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


# What a story tells, a behavior leaves or a test of truth joins is a record of one certain log; all
# others read, keep and write whatever type comes, by its `LogType` alone.
ALIKE = ("cli", "datasets", "editions", "lab", "logs", "normalize", "query", "server", "store")


@pytest.mark.parametrize("log_type", LOG_TYPES, ids=lambda kind: kind.name)
def test_no_room_that_handles_all_log_types_alike_names_one(log_type: LogType) -> None:
    home = f"{log_type.name.replace('-', '_')}.py"
    modules = [path for room in ALIKE for path in (ROOT / "siemlab" / room).rglob("*.py")]
    named = [path.name for path in modules if log_type.name in strings(path)]
    assert {*named} - PRODUCTS.get(log_type.name, set()) == {home}
