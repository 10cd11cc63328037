"""Charts: plain specifications, drawings in which all text is text, and stable text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.charts import Chart, Mark, dashboard, histogram, timeline, top_bar
from siemlab.charts.chart import VEGA_LITE
from siemlab.charts.scale import Span, count_ticks

MONDAY = datetime(2022, 11, 14, tzinfo=UTC)

HOSTILE = [
    "<script>window.__pwned = 1</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload="alert(1)">',
    "]]></title><script>alert(1)</script>",
    "javascript:alert(1)",
    "invoice\u202egpj.exe\u2066",
    "bell\u0007 nul\u0000 line\u2028end \ufffe\uffff \ud83d",
    "datum.value + 1",
    "x" * 1_000_000,
]


@dataclass(frozen=True)
class Row:
    key: object
    count: int


def hours(*counts: int) -> list[Row]:
    return [Row(MONDAY + timedelta(hours=at), count) for at, count in enumerate(counts)]


def charts(text: str) -> dict[str, Chart]:
    """Every kind of chart, with a text wherever a log can put one."""
    bars = top_bar([Row(text, 3), Row("alice", 1)], field=text, title=text)
    return {
        "histogram": histogram(hours(1, 0, 2), title=text),
        "top_bar": bars,
        "timeline": timeline([Mark(MONDAY, text, text), Mark(MONDAY, "b", "c")], title=text),
        "dashboard": dashboard([bars, bars], title=text),
    }


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("kind", ["histogram", "top_bar", "timeline", "dashboard"])
def test_log_text_is_text_in_every_form_of_a_chart(kind: str, text: str) -> None:
    chart = charts(text)[kind]
    tags = {node.tag.rpartition("}")[2] for node in ET.fromstring(chart.svg).iter()}
    assert tags <= {"svg", "g", "rect", "line", "text", "title", "circle"}
    names = {name for node in ET.fromstring(chart.svg).iter() for name in node.attrib}
    assert not {name for name in names if name.startswith("on") or name.endswith("href")}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", chart.svg + repr(chart))
    assert len(chart.svg) < 60_000
    assert len(json.dumps(chart.spec)) < 60_000


@given(st.text(max_size=80), st.integers(0, 10**9))
def test_any_value_makes_a_drawing_that_is_xml_and_a_specification_that_is_json(
    text: str, count: int
) -> None:
    for chart in charts(text).values():
        ET.fromstring(chart.svg)
    chart = top_bar([Row(text, count)], field=text)
    ET.fromstring(chart.svg)
    assert json.loads(json.dumps(chart.spec, allow_nan=False)) == chart.spec


def test_a_specification_holds_no_expression_and_no_address_but_the_name_of_its_language() -> None:
    for chart in charts("datum.x").values():
        text = json.dumps(chart.spec)
        assert re.findall(r"https?://[^\"]+", text) == [chart.spec["$schema"]]
        assert not re.search(r'"(expr|signal|url|href|calculate|labelExpr|transform)":', text)


def test_a_time_axis_in_japanese_names_no_month_in_english() -> None:
    for lang, found in (("en", 0), ("ja", 2)):
        monday = Mark(datetime(2022, 11, 14, 9, tzinfo=UTC), "datum.x", "datum.y")
        drawn = histogram(hours(4, 2), title="datum.x", lang=lang), timeline([monday], lang=lang)
        labels = [chart.spec["encoding"]["x"].get("axis", {}).get("labelExpr") for chart in drawn]
        assert sum("月" in (label or "") for label in labels) == found
        assert not any("datum.x" in (label or "") for label in labels)  # no log text is run


def test_values_that_are_cut_to_the_same_text_stay_two_bars() -> None:
    chart = top_bar([Row("x" * 1000 + "a", 2), Row("x" * 1000 + "b", 1)])
    values = [row["value"] for row in chart.spec["data"]["values"]]
    assert len(set(values)) == 2


def test_a_histogram_shows_the_wall_clock_of_the_zone_whatever_the_browser_has() -> None:
    chart = histogram(hours(4, 2), tz="Asia/Tokyo")
    first = chart.spec["data"]["values"][0]
    assert (first["from"], first["to"]) == ("2022-11-14T09:00:00.000", "2022-11-14T10:00:00.000")
    assert chart.spec["encoding"]["x"]["scale"] == {"type": "utc"}
    assert chart.spec["encoding"]["x"]["title"] == "time (Asia/Tokyo)"
    assert "2022-11-14 09:00: 4" in chart.svg


def test_bars_are_as_high_as_their_counts() -> None:
    drawn = ET.fromstring(histogram(hours(10, 5, 0)).svg)
    bars = [node for node in drawn.iter() if node.tag.endswith("rect") and len(node)]
    high = [float(bar.get("height", 0)) for bar in bars]
    assert len(high) == 2
    assert high[0] == pytest.approx(2 * high[1], abs=0.2)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_counted_is_said_and_drawn(lang: str) -> None:
    for chart in (histogram([], lang=lang), top_bar([], field="x", lang=lang), timeline([])):
        assert repr(chart)
        ET.fromstring(chart.svg)


def test_text_of_many_buckets_is_cut_and_says_how_many_are_left() -> None:
    assert repr(histogram(hours(*range(100)))).endswith("... 52 more")


def test_the_text_of_a_chart_is_the_same_each_time() -> None:
    first, second = charts("alice"), charts("alice")
    assert {name: repr(chart) for name, chart in first.items()} == {
        name: repr(chart) for name, chart in second.items()
    }
    assert first == second


def test_a_notebook_gets_every_form_and_no_menu_that_leads_out_of_it() -> None:
    forms, options = histogram(hours(1))._repr_mimebundle_()
    assert set(forms) == {VEGA_LITE, "image/svg+xml", "text/plain"}
    assert options == {VEGA_LITE: {"embed_options": {"actions": False}}}


def test_a_chart_is_saved_as_a_drawing(tmp_path: object) -> None:
    chart = top_bar([Row("東京", 1)])
    path = chart.save(tmp_path / "chart.svg")
    assert path.read_text(encoding="utf-8") == chart.svg
    assert "東京" in chart.svg


def test_moments_that_would_touch_share_a_dot() -> None:
    close = [Mark(MONDAY + timedelta(seconds=at), "call", "cloudtrail") for at in range(5)]
    chart = timeline([*close, Mark(MONDAY + timedelta(days=1), "later", "guardduty")])
    texts = [node.text for node in ET.fromstring(chart.svg).iter() if node.tag.endswith("text")]
    assert "1-5" in texts
    assert "6" in texts


def test_a_timeline_is_sorted_and_keeps_the_order_of_equal_times() -> None:
    marks = [Mark(MONDAY, "b"), Mark(MONDAY, "a"), Mark(MONDAY - timedelta(days=1), "first")]
    labels = [row["label"] for row in timeline(marks).spec["data"]["values"]]
    assert labels == ["first", "b", "a"]


@given(st.integers(0, 10**12))
def test_ticks_of_counts_are_few_and_reach_the_highest_bar(most: int) -> None:
    ticks = count_ticks(most)
    assert 2 <= len(ticks) <= 6
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert ticks[-1] <= max(2 * most, 1)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.integers(1, 40 * 365 * 86400),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"]),
)
def test_ticks_of_time_lie_on_the_axis_in_order(start: datetime, seconds: int, tz: str) -> None:
    axis = Span(start, start + timedelta(seconds=seconds), tz, 0, 700)
    places = [x for x, _ in axis.ticks()]
    assert places == sorted(places)
    assert len(places) <= 10
    assert all(0 <= x <= 700 for x in places)
    if seconds >= 60:
        assert places


def test_ticks_of_days_are_midnights_of_the_zone() -> None:
    axis = Span(MONDAY, MONDAY + timedelta(days=5), "Asia/Tokyo", 0, 600)
    texts = [text for _, text in axis.ticks()]
    assert texts == ["2022-11-15", "11-16", "11-17", "11-18", "11-19"]
