"""Every call that can be made is one that AWS's own service models know, now and in late 2022."""

from __future__ import annotations

from itertools import groupby

import pytest

from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.botocore_oracle import CallOracle
from tests.simulate.call_samples import endings, event

MODULES = [
    (module, [(name, call, error) for name, call, error in rows])
    for module, rows in groupby(endings(), key=lambda row: row[0].partition(".")[0])
]


@pytest.fixture(scope="module", params=["now", "late 2022"])
def oracle(request: pytest.FixtureRequest) -> CallOracle:
    load = ServiceModels.installed if request.param == "now" else ServiceModels.late_2022
    return CallOracle(load())


@pytest.mark.parametrize("rows", [rows for _, rows in MODULES], ids=[name for name, _ in MODULES])
def test_requests_and_answers_are_those_of_the_service(rows: list, oracle: CallOracle) -> None:
    found = {(name, error): oracle.problems(event(call, error)) for name, call, error in rows}
    assert {key: problems for key, problems in found.items() if problems} == {}
