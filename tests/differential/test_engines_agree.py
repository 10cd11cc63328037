"""Random queries on random documents: every engine gives the same answers.

``make test`` asks 500 questions, the same each time; ``make differential N=5000`` asks others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from siemlab.store.base import Store
from tests.differential.engines import Question, answers, difference, parted
from tests.differential.queries import questions
from tests.differential.sets import Engines, filled

EXAMPLES = int(os.environ.get("SIEMLAB_DIFFERENTIAL", "0"))
NUMBER = int(os.environ.get("SIEMLAB_DIFFERENTIAL_NUMBER", "1"))
USUAL = 500

ask = settings(
    max_examples=EXAMPLES or USUAL,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def plain(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    folder = tmp_path_factory.mktemp("plain")
    with filled(folder, [NUMBER, NUMBER + 1, NUMBER + 2], url=opensearch_url) as engines:
        yield engines


@pytest.fixture(scope="module")
def house(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    folder = tmp_path_factory.mktemp("house")
    with filled(folder, [NUMBER, NUMBER + 3], url=opensearch_url, house=True) as engines:
        yield engines


def _check(engines: Engines, question: Question) -> None:
    found = {name: answers(store, question) for name, store in engines.stores.items()}
    wrong = difference(question, found)
    assert not wrong, f"{wrong}{_sources(engines, found)}"
    duckdb: Store = engines.stores["duckdb"]
    assert not parted(duckdb, question.query)


def _sources(engines: Engines, found: dict[str, dict[str, object]]) -> str:
    """Return the documents that only some engines found, to make a regression case of."""
    ids = [set(answer["ids"]) for answer in found.values() if isinstance(answer["ids"], list)]
    apart = set.union(*ids) - set.intersection(*ids) if ids else set()
    lines = [f"\n  {place}: {engines.documents[place].source}" for place in sorted(apart)[:2]]
    return "".join(lines)


@ask
@given(data=st.data())
def test_engines_agree_on_documents_under_one_plain_mapping(
    plain: Engines, data: st.DataObject
) -> None:
    _check(plain, data.draw(questions(plain.patterns)))


@settings(ask, max_examples=max((EXAMPLES or USUAL) // 5, 1))
@given(data=st.data())
def test_engines_agree_on_documents_under_the_templates_of_the_house(
    house: Engines, data: st.DataObject
) -> None:
    _check(house, data.draw(questions(house.patterns)))
