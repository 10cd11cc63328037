"""Our own data set passes every test of truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.realism import Report, open_folder, verify

pytestmark = pytest.mark.slow

HEAVY = {"alb", "cloudtrail", "route53resolver", "s3accesslog", "vpcflowlogs", "waf"}


@pytest.fixture(scope="module")
def report(small: Path) -> Report:
    known = open_folder(small)
    return verify(known.sources, inventory=known.inventory, labels=known.labels)


def test_the_small_data_set_is_true(report: Report) -> None:
    shown = [f"{one.test} {one.name[0]}: {one.value} ({one.threshold})" for one in report.failed]
    assert shown == [], "\n".join(map(str, report.violations[:20]))


def test_the_small_data_set_has_all_that_is_judged(report: Report) -> None:
    assert report.counts.keys() >= HEAVY | {"guardduty", "securityhub", "config-history"}
    tests = {figure.test for figure in report.figures if figure.verdict == "pass"}
    assert tests >= {"R1", "R1b", "R2", "R2b", "R3", "R3b", "R4", "R5", "R6", "R7", "R9"}
