from datetime import UTC, datetime

import pytest

from siemlab.lab.answers import Buckets, FieldList, IndexList, NewestHits, value_of
from siemlab.store.base import Bucket, FieldInfo, Hit, IndexInfo

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.mark.parametrize(
    ("source", "field", "expected"),
    [
        pytest.param({"user": {"name": "a"}}, "user.name", "a", id="nested"),
        pytest.param({"user.name": "a"}, "user.name", "a", id="dotted"),
        pytest.param({"a": {"b.c": {"d": 1}}}, "a.b.c.d", 1, id="dotted within"),
        pytest.param({"a": [{"b": 1}, {"b": 2}, {}]}, "a.b", [1, 2], id="a list of objects"),
        pytest.param({"a": [{}, "text"]}, "a.b", None, id="a list without it"),
        pytest.param({"a": {"x": 1}, "a.b": 2}, "a.b", 2, id="the dotted key beside an object"),
        pytest.param({"a": "text"}, "a.b", None, id="text where an object would be"),
        pytest.param({}, "a", None, id="nothing"),
        pytest.param({"a": {"b": False}}, "a.b", False, id="false is a value"),
    ],
)
def test_the_value_of_a_field_is_found_however_its_keys_are_written(source, field, expected):
    assert value_of(source, field) == expected


def test_buckets_are_a_sequence_of_plain_values():
    buckets = Buckets((Bucket("a", 2), Bucket("b", 1)), "user.name")
    assert list(buckets) == [Bucket("a", 2), Bucket("b", 1)]
    assert buckets[-1].count == 1
    assert buckets[:1] == (Bucket("a", 2),)
    assert Bucket("b", 1) in buckets
    assert buckets == Buckets((Bucket("a", 2), Bucket("b", 1)), "user.name")


def test_times_are_shown_in_the_zone_of_the_question_and_stay_utc_inside():
    hour = Bucket(datetime(2022, 11, 14, 15, tzinfo=UTC), 1)
    buckets = Buckets((hour,), "@timestamp", "Asia/Tokyo")
    assert "2022-11-15 00:00:00+09:00" in repr(buckets)
    assert buckets[0].key == hour.key
    assert str(buckets.to_pandas()["@timestamp"][0]) == "2022-11-15 00:00:00+09:00"


def test_a_key_that_looks_like_a_time_stays_the_text_that_it_is():
    buckets = Buckets((Bucket("2022-11-14T15:00:00Z", 1),), "user.name", "Asia/Tokyo")
    assert "2022-11-14T15:00:00Z" in repr(buckets)


def test_headings_are_in_the_language_of_the_lab_and_those_of_frames_are_not():
    buckets = Buckets((Bucket("a", 2),), "user.name", lang="ja")
    assert repr(buckets).splitlines()[0] == "user.name  件数"
    assert list(buckets.to_pandas()) == ["user.name", "count"]
    indexes = IndexList((IndexInfo("log-a", 1, None, None),), "ja")
    assert repr(indexes).split()[:4] == ["インデックス", "ドキュメント数", "最初", "最後"]
    assert list(indexes.to_pandas()) == ["index", "documents", "first", "last"]
    fields = FieldList((FieldInfo("a", ("ip", "keyword"), 3),), "ja")
    assert repr(fields).splitlines()[1].split("  ")[0] == "a"
    assert list(fields.to_pandas().iloc[0]) == ["a", "ip, keyword", 3]


def hits(**sources):
    return tuple(Hit("log-a", name, source) for name, source in sources.items())


def test_hits_show_the_usual_columns_that_they_have():
    found = NewestHits(7, hits(x={"@timestamp": "2022-11-14T00:00:00Z", "user": {"name": "a"}}))
    assert repr(found).splitlines() == [
        "newest 1 of 7",
        "@timestamp                 user.name",
        "2022-11-14 00:00:00+00:00  a",
    ]


def test_hits_show_the_columns_that_are_asked_for():
    found = NewestHits(1, hits(x={"a": {"b": [1, 2]}}), ("_index", "_id", "a.b", "c"))
    assert repr(found).splitlines()[1:] == ["_index  _id  a.b   c", "log-a   x    1, 2  -"]


def test_hits_without_any_usual_field_show_where_they_lie():
    assert repr(NewestHits(1, hits(x={"a": 1}))).splitlines()[2] == "log-a   x"


def test_a_time_that_is_none_is_shown_as_it_is():
    found = NewestHits(1, hits(x={"@timestamp": "yesterday"}), tz="Asia/Tokyo")
    assert "yesterday" in repr(found)


def test_hostile_values_are_text_in_every_answer():
    answers = [
        Buckets((Bucket(HOSTILE, 1),), HOSTILE),
        NewestHits(1, hits(x={"user": {"name": HOSTILE}})),
        IndexList((IndexInfo(HOSTILE, 1, None, None),)),
        FieldList((FieldInfo(HOSTILE, ("ip",), 1),)),
    ]
    for answer in answers:
        shown = answer._repr_html_()
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown
        assert "\u202e" not in shown + repr(answer)


def test_hits_give_a_frame_of_all_their_fields():
    found = NewestHits(1, hits(x={"user": {"name": "a"}, "n": 1}))
    frame = found.to_pandas()
    assert list(frame.columns[:2]) == ["_index", "_id"]
    assert frame["user.name"][0] == "a"
