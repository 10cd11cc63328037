"""The timeline: documents on one axis, in a zone, as a drawing, as Markdown and as text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from siemlab.errors import QuerySyntaxError
from siemlab.store.base import Hit
from siemlab.widgets import Timeline


def hit(name: str, time: str | None, action: str = "GetObject", **more: object) -> Hit:
    source = {"@log_type": "cloudtrail", "event": {"action": action}, **more}
    if time is not None:
        source["@timestamp"] = time
    return Hit("log-aws-cloudtrail-2022-11", name, source)


PICKED = (
    hit("late", "2022-11-14T11:00:06Z"),
    hit("early", "2022-11-14T20:00:05+09:00"),
    hit("never", None),
)


def test_documents_are_sorted_by_time_and_those_without_one_are_left_out() -> None:
    assert [one.id for one in Timeline(PICKED).hits] == ["early", "late"]


@pytest.mark.parametrize(
    ("tz", "time"), [("UTC", "2022-11-14 11:00:05"), ("Asia/Tokyo", "2022-11-14 20:00:05")]
)
def test_times_are_those_of_the_zone_in_every_form(tz: str, time: str) -> None:
    shown = Timeline(PICKED, tz=tz)
    for form in (repr(shown), shown.to_markdown(), shown.to_svg()):
        assert time in form
    assert f"time ({tz})" in shown.to_markdown()


def test_markdown_holds_log_text_as_code() -> None:
    action = "![x](http://evil.example/) | <b>`"
    text = Timeline((hit("1", "2022-11-14T11:00:00Z", action),), title="a|b").to_markdown()
    row = text.splitlines()[-1]
    assert "`` ![x](http://evil.example/) \\| <b>` ``" in row
    assert text.startswith("### `a\\|b`")


def test_hostile_documents_are_text_in_drawing_and_page() -> None:
    evil = '"><svg onload=alert(1)><script>alert(2)</script>'
    forms = Timeline((hit(evil, "2022-11-14T11:00:00Z", evil),), title=evil)._repr_mimebundle_()
    for name in ("text/html", "image/svg+xml"):
        assert "<script" not in forms[name]
        assert "<svg onload" not in forms[name]
    ET.fromstring(forms["image/svg+xml"])


@pytest.mark.parametrize(("lang", "said"), [("en", "picked"), ("ja", "選ばれていません")])
def test_a_timeline_of_nothing_says_so(lang: str, said: str) -> None:
    shown = Timeline((), lang=lang)
    assert said in shown.to_markdown()
    assert shown._repr_mimebundle_()["text/plain"]


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(QuerySyntaxError):
        Timeline(PICKED, tz="Tokyo")
