"""The door to the widgets: what the lab gives them, and which exclusions it offers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from siemlab import Lab, Query
from siemlab.errors import QuerySyntaxError
from siemlab.normalize import Document
from siemlab.store import open_store


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(store="sample", lang="ja", quiet=True) as opened:
        yield opened


def lab_of(account: str) -> Lab:
    store = open_store(engine="pandas")
    source = {"@timestamp": "2022-10-03T00:00:00Z", "cloud": {"account": {"id": account}}}
    store.add([Document("log-aws-cloudtrail-2022-10", "1", source)])
    return Lab(store=store, quiet=True)


@pytest.mark.parametrize("begin", ["pattern", "query", "events"])
def test_discover_begins_where_one_says(lab: Lab, begin: str) -> None:
    query = Query("log-aws-waf-*").include("event.action", "BLOCK")
    given = {"pattern": "log-aws-waf-*", "query": query, "events": lab.events(query)}[begin]
    d = lab.discover(given)
    assert d.query == (Query("log-aws-waf-*") if begin == "pattern" else query)
    assert d.whole_view["total"] == lab.events(d.query).count()


def test_the_widgets_speak_the_language_of_the_lab(lab: Lab) -> None:
    assert lab.discover().page["lang"] == "ja"
    assert lab.dashboard().view["board"]["title"] == "概要"
    assert lab.discover(lang="en").page["lang"] == "en"


def test_events_of_another_store_are_discovered_there(lab: Lab) -> None:
    other = lab_of("777788889999")
    assert lab.discover(other.events()).whole_view["total"] == 1


def test_what_is_known_good_at_the_company_is_offered_for_its_logs() -> None:
    company = next(iter(lab_of("0").baseline.accounts.values())).id
    offered = lab_of(company).discover().whole_view["exclusions"]
    assert [one["id"] for one in offered][:2] == ["office", "operations-hosts"]


def test_it_is_not_offered_for_other_logs_where_it_would_hide_an_attacker(lab: Lab) -> None:
    assert lab.discover().whole_view["exclusions"] == []
    assert lab_of("1").discover().whole_view["exclusions"] == []
    assert (
        Lab(store=open_store(engine="pandas"), quiet=True).discover().whole_view["exclusions"] == []
    )


def test_ones_own_exclusions_are_offered_instead(lab: Lab) -> None:
    known = lab.baseline.exclusions[:1]
    assert [one["id"] for one in lab.discover(exclusions=known).whole_view["exclusions"]] == [
        "office"
    ]


def test_the_baseline_is_loaded_once(lab: Lab) -> None:
    assert lab.baseline is lab.baseline


def test_a_dashboard_that_is_not_there_is_refused(lab: Lab) -> None:
    with pytest.raises(QuerySyntaxError):
        lab.dashboard("nothing")
