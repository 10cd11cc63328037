"""Loading into a real OpenSearch: nothing lost, nothing twice, every refusal with its reason."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from opensearchpy import OpenSearch

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store.mapping import Mapping
from siemlab.store.opensearch import OpenSearchStore

INDEX = "log-aws-cloudtrail-2022-11"
FAMILY = "log-aws-cloudtrail"
EVERYTHING = Query("log-*")
KANJI = "\u6f22" * 12_000

# Each clashes with another one; what a server refuses of them hangs on their order.
CLASHING: list[dict[str, Any]] = [
    {"requestParameters": {"a": "text"}},
    {"requestParameters": {"a": {"b": 1}}},
    {"requestParameters": {"a": 7}},
    {"requestParameters": {"a": [True, "x"]}},
    {"requestParameters": {"c": {"d": {"e": "deep"}}}},
    {"requestParameters": {"c": {"d": "shallow"}}},
    {"requestParameters": {"c": [{"d": 1}, {"d": False}]}},
    {"responseElements": {"f": True}},
    {"responseElements": {"f": "yes"}},
    {"responseElements": {"g": 12345678901234567890}},
    {"responseElements": {"g": 1}},
    {"responseElements": {"h": KANJI}},
    {"responseElements": {"h": ["short", KANJI]}},
    {"additionalEventData": {"i": [1, 0.5]}},
    {"additionalEventData": {"j": ["2022-11-12", "soon"]}},
    {"additionalEventData": {"j": [{"k": 1}, "mixed"]}},
]


def document(number: int, source: dict[str, Any], index: str = INDEX) -> Document:
    stamp = f"2022-11-12T00:00:{number % 60:02}Z"
    return Document(index, f"d{number}", {"@id": f"d{number}", "@timestamp": stamp, **source})


@pytest.fixture
def client(empty_opensearch: str) -> Iterator[OpenSearch]:
    with OpenSearch(empty_opensearch, timeout=60) as client:
        yield client


@pytest.fixture
def store(empty_opensearch: str) -> Iterator[OpenSearchStore]:
    with OpenSearchStore(empty_opensearch) as store:
        yield store


def field_type(client: OpenSearch, path: str, index: str = INDEX) -> dict[str, Any]:
    (types,) = client.indices.get_field_mapping(index=index, fields=path).values()
    (body,) = types["mappings"][path]["mapping"].values()
    return body


@pytest.mark.parametrize("seed", range(4))
def test_documents_that_clash_are_all_taken_in_any_order(
    store: OpenSearchStore, client: OpenSearch, seed: int
) -> None:
    documents = [document(number, source) for number, source in enumerate(CLASHING)]
    random.Random(seed).shuffle(documents)

    report = store.add(documents)

    assert (report.created, report.spilled, report.refusals) == (len(CLASHING), (), ())
    assert report.pins[FAMILY] == {
        "additionalEventData.i": ("fraction", "num"),
        "additionalEventData.j": ("date", "object", "str"),
        "requestParameters.a": ("bool", "num", "object", "str"),
        "requestParameters.c.d": ("bool", "num", "object", "str"),
        "responseElements.f": ("bool", "str"),
        "responseElements.g": ("integer beyond long", "num"),
        "responseElements.h": ("long string", "str"),
    }
    assert store.count(Query(INDEX).lucene("requestParameters.a:7")) == 1
    assert store.count(Query(INDEX).include("responseElements.g", "12345678901234567890")) == 1
    assert store.count(Query(INDEX).between("additionalEventData.i", 0.4, 0.6)) == 1
    assert field_type(client, "responseElements.h") == {"type": "keyword", "ignore_above": 8191}


def test_the_same_documents_again_change_nothing(
    store: OpenSearchStore, client: OpenSearch
) -> None:
    documents = [document(number, {"user": {"name": "alice"}}) for number in range(30)]
    store.add(documents)
    before = client.indices.stats(index=INDEX)["_all"]["primaries"]["indexing"]["index_total"]

    report = store.add(documents)

    after = client.indices.stats(index=INDEX)["_all"]["primaries"]["indexing"]["index_total"]
    assert (report.documents, report.unchanged) == (30, 30)
    assert after == before


def test_a_corrected_document_replaces_the_old_one(store: OpenSearchStore) -> None:
    store.add([document(1, {"user": {"name": "alice"}}), document(2, {})])

    report = store.add([document(1, {"user": {"name": "bob"}}), document(2, {}), document(3, {})])

    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
    assert store.count(Query(INDEX).include("user.name", "bob")) == 1
    assert store.count(EVERYTHING) == 3


def test_a_document_twice_in_one_load_is_one_document(store: OpenSearchStore) -> None:
    twice = [document(1, {"n": 1}), document(1, {"n": 1}), document(1, {"n": 2})]

    report = store.add(twice)

    assert (report.documents, report.created, report.updated, report.unchanged) == (3, 1, 1, 1)
    assert [hit.source["n"] for hit in store.newest(EVERYTHING)] == [2]


def test_what_an_index_refuses_goes_to_its_spill_index_and_is_found(store: OpenSearchStore) -> None:
    store.add([document(1, {"requestParameters": {"x": {"y": 1}}})])

    late = document(2, {"eventName": "Late", "requestParameters": {"x": "a text"}})
    report = store.add([late])

    assert report.spilled == ((f"{INDEX}-spill", "d2"),)
    assert (report.created, report.refusals) == (1, ())
    (hit,) = store.newest(Query(f"{FAMILY}-*").include("eventName", "Late"))
    assert (hit.index, hit.source) == (f"{INDEX}-spill", late.source)
    assert store.add([late]).unchanged == 1
    assert store.count(EVERYTHING) == 2


def test_a_document_moves_between_index_and_spill_index_and_is_never_in_both(
    store: OpenSearchStore,
) -> None:
    bad = document(2, {"requestParameters": {"x": "a text"}})
    good = document(2, {"requestParameters": {"x": {"y": 2}}})
    store.add([document(1, {"requestParameters": {"x": {"y": 1}}}), good])

    for version, where in ((bad, f"{INDEX}-spill"), (good, INDEX), (bad, f"{INDEX}-spill")):
        store.add([version])
        (hit,) = store.newest(EVERYTHING.include("@id", "d2"))
        assert (hit.index, hit.source) == (where, version.source)


def test_what_even_the_spill_index_refuses_is_named_with_the_server_s_reason(
    store: OpenSearchStore,
) -> None:
    store.add([document(1, {"extra": {"y": 1}})])

    report = store.add([document(2, {"extra": "a text"}), document(3, {"": 1}), document(4, {})])

    # Alone, the first of these has a spill index to itself, and fits there.
    assert report.spilled == ((f"{INDEX}-spill", "d2"),)
    ((index, name, reason),) = report.refusals
    assert (index, name) == (INDEX, "d3")
    assert "field name cannot be an empty string" in reason
    assert (report.documents, report.refused) == (3, 1)


@pytest.mark.parametrize("name", ["", "x" * 513, "\u6f22" * 171])
def test_an_id_that_no_server_takes_is_refused_alone(store: OpenSearchStore, name: str) -> None:
    report = store.add([Document(INDEX, name, {"n": 1}), document(2, {"n": 2})])

    assert [(index, id_) for index, id_, _ in report.refusals] == [(INDEX, name)]
    assert store.count(EVERYTHING) == 1


def test_an_index_name_that_no_server_takes_is_refused_alone(store: OpenSearchStore) -> None:
    report = store.add([document(1, {}, "log-AWS-2022-11"), document(2, {})])

    ((index, name, reason),) = report.refusals
    assert (index, name) == ("log-AWS-2022-11", "d1")
    assert "lowercase" in reason
    assert store.count(EVERYTHING) == 1


def test_a_later_load_pins_what_is_new_to_an_index_and_keeps_older_pins(
    store: OpenSearchStore, client: OpenSearch
) -> None:
    store.add([document(1, {"p": 1}), document(2, {"p": "a"}), document(3, {"old": 7})])

    report = store.add(
        [
            document(4, {"q": 1}),
            document(5, {"q": "a"}),
            document(6, {"old": 8}),
            document(7, {"p": 1, "q": 2}, "log-aws-cloudtrail-2022-12"),
        ]
    )

    assert (report.created, report.spilled) == (4, ())
    assert field_type(client, "old") == {"type": "long"}
    for path, index in itertools.product(("p", "q"), (INDEX, "log-aws-cloudtrail-2022-12")):
        assert field_type(client, path, index) == {"type": "keyword"}


def test_a_pin_inside_a_nested_object_of_the_template_is_possible(
    store: OpenSearchStore, client: OpenSearch
) -> None:
    index = "log-aws-config-2022-11"
    inside = "configuration.AWS:Network.Content"
    nested = [
        document(number, {"configuration": {"AWS:Network": {"Content": content}}}, index)
        for number, content in enumerate([[{"x": 1}], {"x": "a"}])
    ]

    report = store.add(nested)

    assert (report.created, report.refusals) == (2, ())
    assert list(report.pins["log-aws-config"]) == [f"{inside}.x"]
    assert field_type(client, f"{inside}.x", index) == {"type": "keyword"}


def test_an_index_has_the_fields_that_the_embedded_engines_reckon_with(
    store: OpenSearchStore, client: OpenSearch
) -> None:
    sources = [
        {"s": "a", "n": 1, "f": 0.5, "b": True, "when": "2022-11-12", "o": {"p": {"q": 1}}},
        {"late": [{"x": 1}], "source": {"ip": "10.0.0.5"}, "requestParameters": {"filter": "x"}},
    ]
    store.add([document(number, source) for number, source in enumerate(sources)])
    body = client.indices.get_mapping(index=INDEX)[INDEX]

    expected = Mapping.for_index(INDEX)
    for number, source in enumerate(sources):
        expected.index(document(number, source).source)

    assert Mapping.from_body(body).fields == expected.fields


def test_templates_are_put_once(store: OpenSearchStore, client: OpenSearch) -> None:
    store.add([document(1, {"p": 1}), document(2, {"p": "a"})])
    version = client.cluster.state()["version"]

    store.add([document(3, {"p": 2})])

    assert client.cluster.state()["version"] == version


def test_a_template_of_one_s_own_is_followed_to_the_letter(
    empty_opensearch: str, client: OpenSearch
) -> None:
    body = {
        "settings": {"refresh_interval": "5s"},
        "mappings": {"properties": {"n": {"type": "long"}, "t": {"type": "text"}}},
    }
    with OpenSearchStore(empty_opensearch, template=body) as store:
        report = store.add([document(1, {"n": 1, "x": 1}), document(2, {"n": "7", "x": "a"})])

    settings = client.indices.get_settings(index=INDEX)[INDEX]["settings"]["index"]
    assert settings["refresh_interval"] == "5s"
    assert report.pins == {}
    assert field_type(client, "x") == {"type": "long"}
    assert report.spilled == ((f"{INDEX}-spill", "d2"),)


def test_a_template_that_no_server_takes_is_an_error(empty_opensearch: str) -> None:
    body = {"mappings": {"properties": {"n": {"type": "no-such-type"}}}}
    refusal = pytest.raises(StoreError, match="no-such-type")
    with OpenSearchStore(empty_opensearch, template=body) as store, refusal:
        store.add([document(1, {})])


def test_nothing_to_add_is_no_error(store: OpenSearchStore) -> None:
    assert store.add([]).documents == 0


def test_progress_tells_of_every_document(store: OpenSearchStore) -> None:
    done: list[int] = []

    store.add((document(number, {}) for number in range(2_500)), progress=done.append)

    assert (sum(done), len(done)) == (2_500, 3)


def test_values_that_json_has_and_our_writer_has_not_arrive(store: OpenSearchStore) -> None:
    store.add([document(1, {"big": 2**70, "half": "a\ud800b"})])

    (hit,) = store.newest(EVERYTHING)

    assert hit.source["big"] == 2**70


def test_an_index_closed_to_writing_is_an_error_and_not_a_refusal(
    store: OpenSearchStore, client: OpenSearch
) -> None:
    store.add([document(1, {})])
    client.indices.put_settings(index=INDEX, body={"index.blocks.write": True})

    with pytest.raises(StoreError, match="does not take documents"):
        store.add([document(2, {})])


def test_what_was_interrupted_is_completed_by_the_same_load(store: OpenSearchStore) -> None:
    documents = [document(number, {"n": number}) for number in range(2_000)]

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add(documents, progress=stop)
    report = store.add(documents)

    assert report.documents == report.unchanged + report.created == 2_000
    assert report.unchanged == 1_000
    assert store.count(EVERYTHING) == 2_000
