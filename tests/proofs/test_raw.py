"""The raw files are read without the code that loads them."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path

import pytest

import siemlab.proofs.raw
from siemlab.proofs.raw import KINDS, RawFiles
from siemlab.query import Query
from siemlab.store.base import Store

SAMPLE = Path("data/sample")


def test_nothing_of_the_other_path_is_imported() -> None:
    tree = ast.parse(Path(siemlab.proofs.raw.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in imports for alias in node.names if isinstance(node, ast.Import)}
    names |= {node.module for node in imports if isinstance(node, ast.ImportFrom) and node.module}
    assert {name.partition(".")[0] for name in names} <= {
        *("__future__", "collections", "csv", "datetime", "gzip", "json", "pathlib", "re", "typing")
    }


@pytest.mark.parametrize(
    ("kinds", "index"),
    [
        pytest.param(("alb",), "log-aws-elb", id="alb"),
        pytest.param(("cloudtrail",), "log-aws-cloudtrail", id="cloudtrail"),
        pytest.param(
            ("config-history", "config-rules", "config-snapshot"), "log-aws-config", id="config"
        ),
        pytest.param(("guardduty",), "log-aws-guardduty", id="guardduty"),
        pytest.param(("linux-secure",), "log-linux-secure", id="linux-secure"),
        pytest.param(("route53resolver",), "log-aws-r53resolver", id="route53resolver"),
        pytest.param(("securityhub",), "log-aws-securityhub", id="securityhub"),
        pytest.param(("vpcflowlogs",), "log-aws-vpcflowlogs", id="vpcflowlogs"),
        pytest.param(("waf",), "log-aws-waf", id="waf"),
    ],
)
def test_as_many_records_as_the_store_has_documents(
    sample_store: Store, kinds: tuple[str, ...], index: str
) -> None:
    raw = RawFiles(SAMPLE)
    records = sum(1 for kind in kinds for _ in raw(kind))
    assert records == sample_store.count(Query(f"{index}-*"))


def test_every_kind_that_siemlab_loads_can_be_read() -> None:
    from siemlab.logs import LOG_TYPES

    assert {*KINDS} == {log_type.name for log_type in LOG_TYPES}


def test_lines_have_the_column_names_of_aws() -> None:
    raw = RawFiles(SAMPLE)
    request = next(raw("alb"))
    assert request["client_ip"].count(".") == 3
    assert request["elb_status_code"].isdigit()
    assert request["request"].split()[0].isupper()
    flow = next(raw("vpcflowlogs"))
    assert {"srcaddr", "dstaddr", "action", "log-status"} <= {*flow}
    access = next(raw("s3accesslog"))
    assert access["bucket"] == "example-docs"
    assert access["time"].endswith("+0000")
    assert access["httpstatus"].isdigit()
    said = next(raw("linux-secure"))
    assert said["time"].endswith("Z")
    assert said["message"]


def test_a_user_agent_with_quotes_and_brackets_stays_whole(tmp_path: Path) -> None:
    folder = tmp_path / "AWSLogs/1/s3accesslog/r/b"
    folder.mkdir(parents=True)
    line = (
        'o b [12/Nov/2022:01:14:42 +0000] 192.0.2.1 - ID REST.GET.OBJECT k "GET /k HTTP/1.1" 200 - '
        '1 1 1 1 "-" "[S3 x"y z/1.0]" - h\n'
    )
    (folder / "2022-11-12-04-00-17-2AB3C18C666BF975").write_text(line, encoding="utf-8")
    [record] = RawFiles(tmp_path)("s3accesslog")
    assert record["useragent"] == '[S3 x"y z/1.0]'
    assert record["hostid"] == "h"


def test_days_bound_the_files_that_are_opened_with_a_day_of_margin(tmp_path: Path) -> None:
    for day in range(10, 20):
        folder = tmp_path / f"AWSLogs/1/CloudTrail/r/2022/11/{day}"
        folder.mkdir(parents=True)
        content = json.dumps({"Records": [{"day": day}]}).encode()
        (folder / "a.json.gz").write_bytes(gzip.compress(content))
    raw = RawFiles(tmp_path)
    assert [r["day"] for r in raw("cloudtrail", "2022-11-13", "2022-11-14")] == [12, 13, 14, 15]
    assert len([*raw("cloudtrail")]) == 10


def test_what_was_read_is_kept_and_read_again_when_it_was_too_much() -> None:
    small, large = RawFiles(SAMPLE, keep=5), RawFiles(SAMPLE)
    for raw in (small, large):
        first = [*raw("cloudtrail")]
        again = [*raw("cloudtrail")]
        assert first == again
        assert (first[0] is again[0]) == (raw is large)


def test_an_unknown_kind_names_those_that_there_are() -> None:
    with pytest.raises(KeyError, match="cloudtrail"):
        next(iter(RawFiles(SAMPLE)("cloudtrial")))
