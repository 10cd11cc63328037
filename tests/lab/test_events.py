import pytest

from siemlab.errors import QuerySyntaxError
from siemlab.query import Query

CLOUDTRAIL = "log-aws-cloudtrail-*"


def test_each_verb_returns_new_events_and_leaves_the_old_ones(lab):
    events = lab.events(CLOUDTRAIL)
    before = events.query
    steps = [
        events.time("2022-11-14", "2022-11-15", tz="Asia/Tokyo"),
        events.include("event.outcome", "failure"),
        events.exclude("event.outcome", "failure"),
        events.exists("error.code"),
        events.missing("error.code"),
        events.between("sourceIPAddress", "1", "2"),
        events.not_between("sourceIPAddress", "1", "2"),
        events.lucene("event.action:Create*"),
    ]
    assert events.query == before == Query(CLOUDTRAIL)
    assert len({step.query for step in steps}) == len(steps)
    assert all(step.store is events.store for step in steps)


def test_include_and_exclude_part_the_events(lab):
    events = lab.events()
    for field, value in (("event.outcome", "failure"), ("source.ip", "203.0.113.0/24")):
        parts = events.include(field, value), events.exclude(field, value)
        assert sum(part.count() for part in parts) == events.count()
        assert all(part.count() for part in parts)


def test_a_whole_query_can_be_bound(lab):
    query = Query(CLOUDTRAIL).include("event.outcome", "failure")
    assert (
        lab.events(query).count()
        == lab.events(CLOUDTRAIL).include("event.outcome", "failure").count()
    )


def test_answers_agree_with_each_other(lab):
    events = lab.events(CLOUDTRAIL)
    count = events.count()
    assert sum(bucket.count for bucket in events.top("event.action", 1000)) == count
    assert sum(bucket.count for bucket in events.histogram("1d")) == count
    assert events.newest(1).total == count
    assert len(list(events.scan())) == count
    assert len(events.to_pandas()) == count
    frame = events.to_pandas(3, ["event.action"])
    assert len(frame) == 3
    assert "event.action" in frame


def test_newest_shows_the_zone_of_the_question(lab):
    hit = repr(lab.events(CLOUDTRAIL).time(tz="Asia/Tokyo").newest(1))
    assert "2022-11-16 19:00:08+09:00" in hit


def test_a_histogram_may_have_a_zone_of_its_own(lab):
    days = lab.events().histogram("1d", tz="Asia/Tokyo")
    assert all(bucket.key.hour == 15 for bucket in days)
    assert repr(days).count("00:00:00+09:00") == len(days)


def test_fields_say_type_and_number(lab):
    fields = {field.name: field for field in lab.events(CLOUDTRAIL).fields()}
    assert fields["source.ip"].types == ("ip",)
    assert fields["@timestamp"].documents == 48


def test_the_same_query_is_explained_in_four_languages(lab):
    explanation = lab.events(CLOUDTRAIL).include("user.name", "alice").explain()
    assert 'user.name:"alice"' in explanation.lucene
    assert "alice" in explanation.dsl


def test_the_short_form_is_one_clean_line(lab):
    events = lab.events().lucene("a\n\x1b[2J").time("2022-11-14").include("user.name", "\u202ex")
    assert "\n" not in repr(events)
    assert not {"\x1b", "\u202e"} & {*repr(events)}


def test_a_text_that_cannot_be_read_is_said_when_it_is_asked(lab):
    events = lab.events().lucene("(a OR")
    with pytest.raises(QuerySyntaxError):
        events.count()


def test_a_text_field_is_not_counted(lab):
    from siemlab.errors import SiemlabError

    with pytest.raises(SiemlabError, match="@message"):
        lab.events().top("@message")


def test_headings_follow_the_language_of_the_lab(lab):
    from siemlab.lab import Lab

    japanese = Lab("ja", store=lab.store, quiet=True)
    assert "件数" in repr(japanese.events().top("event.module"))
    assert "インデックス" in repr(japanese.indexes())
    assert "件のうち" in repr(japanese.events().newest(1))
