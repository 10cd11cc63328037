"""Every control of Discover, by mouse, in a real JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from siemlab.query import Query
from siemlab.store import open_store
from siemlab.store.base import Store
from tests.browser.conftest import every_document
from tests.browser.discovering import RUN, Widget, patiently

pytestmark = pytest.mark.browser

TRAILS = Query("log-aws-cloudtrail-*")
CELL = """
from pathlib import Path
from siemlab import Lab
from siemlab.baseline import Exclusion
from siemlab.widgets import Discover
lab = Lab(store={store!r}, quiet=True)
known = [Exclusion("office", "office", "オフィス", "source.ip", ("10.0.0.0/16",))]
d = Discover(lab.store, pattern="log-aws-cloudtrail-*", columns=["user.name", "event.action"],
             exclusions=known, saved=Path("searches.json"))
d
"""


@pytest.fixture(scope="module")
def reference() -> Store:
    """The same documents on the plain engine, which says what must be found."""
    store = open_store(engine="pandas")
    store.add(every_document())
    return store


@pytest.fixture(scope="module")
def opened(browser: Browser, lab_server: Any, notebook: Any, logs: Path) -> Iterator[Widget]:
    path = notebook("mouse.ipynb", CELL.format(store=str(logs)))
    widget = Widget.open(
        browser, lab_server, path, permissions=["clipboard-read", "clipboard-write"]
    )
    yield widget
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


@pytest.fixture
def widget(opened: Widget) -> Widget:
    """Discover as it is when the cell has just run."""
    opened.run_again()
    return opened


def test_it_opens_on_all_documents_newest_first(widget: Widget, reference: Store) -> None:
    assert widget.total == reference.count(TRAILS) == 2000
    newest = reference.newest(TRAILS, 50)
    assert widget.column("user.name") == [hit.source["user"]["name"] for hit in newest]


@pytest.mark.parametrize(("verb", "label"), [("include", "Include"), ("exclude", "Exclude")])
def test_a_click_beside_a_value_in_a_cell_keeps_or_drops_it(
    widget: Widget, reference: Store, verb: str, label: str
) -> None:
    name = widget.column("user.name")[0]
    cell = widget.root.locator("td .siem-value").first
    cell.hover()
    widget.click(f"{label} user.name: {name}", within=cell)
    asked = getattr(TRAILS, verb)("user.name", name)
    assert widget.total == reference.count(asked)
    assert widget.pills == asked.pills()
    assert (name in widget.column("user.name")) == (verb == "include")
    assert widget.python("print(d.query == d.query.from_json(d.query.to_json()))") == "True"
    assert widget.python(f"from siemlab import Query; print(d.query == {asked!r})") == "True"


def test_a_field_opens_to_its_top_values_and_a_click_on_one_keeps_it(
    widget: Widget, reference: Store
) -> None:
    widget.click("Top values of event.module", exact=False)
    rows = widget.root.locator(".siem-top li .siem-line").all_inner_texts()
    expected = reference.top(TRAILS, "event.module", 10)
    found = [re.split(r"\s+", row)[:2] for row in rows]
    assert found == [[str(bucket.key), f"{bucket.count:,}"] for bucket in expected[: len(found)]]
    assert len(found) >= 5
    widget.click(f"Exclude event.module: {expected[0].key}")
    assert widget.total == 2000 - expected[0].count
    # What is open stays open, and is counted anew.
    again = widget.root.locator(".siem-top li .siem-line").all_inner_texts()
    assert again[0].startswith(str(expected[1].key))


def test_fields_are_found_by_name_and_shown_as_columns(widget: Widget) -> None:
    widget.root.get_by_label("Find a field").fill("cloud.reg")
    names = widget.root.locator(".siem-fields").last.locator("li .siem-name").all_inner_texts()
    assert names == ["cloud.region"]
    widget.root.locator(".siem-fields").last.locator("li").first.hover()
    widget.click("Show cloud.region as a column")
    assert set(widget.column("cloud.region")) <= {
        *("us-east-1", "ap-northeast-1", "us-west-2", "eu-west-1", "ap-northeast-3")
    }
    widget.click("Remove the column user.name", within=widget.root.locator("thead"))
    assert "user.name" not in widget.heads
    assert {"event.action", "cloud.region"} <= set(widget.heads)


def test_has_and_lacks_part_the_documents(widget: Widget, reference: Store) -> None:
    with_it = reference.count(TRAILS.exists("error.code"))
    search = widget.root.get_by_label("Find a field")
    search.fill("error.code")
    item = widget.root.locator(".siem-fields").last.locator("li").first
    item.hover()
    widget.click("Only documents with error.code", within=item)
    assert widget.total == with_it
    widget.click("Undo")
    item.hover()
    widget.click("Only documents without error.code", within=item)
    assert widget.total == 2000 - with_it


def test_a_pill_is_switched_off_inverted_pinned_edited_and_removed(
    widget: Widget, reference: Store
) -> None:
    name = widget.column("user.name")[0]
    count = reference.count(TRAILS.include("user.name", name))
    widget.root.locator("td .siem-value").first.hover()
    widget.click(f"Include user.name: {name}")
    pill = f"user.name: {name}"
    widget.click(f"Disable: {pill}")
    assert widget.total == 2000
    assert widget.root.locator(".siem-pill.siem-off").count() == 1
    widget.click(f"Enable: {pill}")
    widget.click(f"Invert: {pill}")
    assert widget.total == 2000 - count
    widget.click(f"Pin, so that it stays when a saved search is opened: NOT {pill}")
    assert widget.root.locator(".siem-pill", has_text="pinned").count() == 1
    widget.button(f"Edit: NOT {pill}").click()
    widget.root.get_by_label("Operator").select_option("exists")
    widget.click("Change")
    assert widget.pills == ["user.name: exists"]
    widget.click("Remove: user.name: exists")
    assert widget.pills == []
    assert widget.total == 2000


FORM = [
    ("is", {"Value": "AccessDenied"}, lambda q: q.include("error.code", "AccessDenied")),
    ("is_not", {"Value": "AccessDenied"}, lambda q: q.exclude("error.code", "AccessDenied")),
    (
        "one_of",
        {"Values, one a line": "AccessDenied\nNoSuchBucket\n"},
        lambda q: q.include("error.code", ["AccessDenied", "NoSuchBucket"]),
    ),
    (
        "not_one_of",
        {"Values, one a line": "AccessDenied\nNoSuchBucket"},
        lambda q: q.exclude("error.code", ["AccessDenied", "NoSuchBucket"]),
    ),
    (
        "between",
        {"From (included)": "2023-02-01", "To (not included)": "2023-02-11"},
        lambda q: q.between("@timestamp", "2023-02-01", "2023-02-11"),
    ),
    (
        "not_between",
        {"From (included)": "2023-02-01", "To (not included)": ""},
        lambda q: q.not_between("@timestamp", "2023-02-01", None),
    ),
    ("exists", {}, lambda q: q.exists("error.code")),
    ("missing", {}, lambda q: q.missing("error.code")),
]


@pytest.mark.parametrize(("operator", "values", "step"), FORM, ids=[row[0] for row in FORM])
def test_the_form_offers_every_operator_of_a_query(
    widget: Widget, reference: Store, operator: str, values: dict[str, str], step: Any
) -> None:
    asked = step(TRAILS)
    widget.button("Add filter").click()
    form = widget.root.get_by_role("form", name="Add filter")
    form.get_by_label("Field").fill(asked.filters[0].field)
    form.get_by_label("Operator").select_option(operator)
    for label, text in values.items():
        form.get_by_label(label).fill(text)
    widget.click("Add", within=form)
    assert widget.pills == asked.pills()
    assert widget.total == reference.count(asked)


def test_the_time_is_narrowed_by_words_by_its_ends_and_in_another_zone(
    widget: Widget, reference: Store
) -> None:
    root = widget.root
    with widget.step():
        root.get_by_label("Time range").select_option("7d")
    assert 0 < widget.total < 2000
    root.get_by_label("From", exact=True).fill("2023-02-01")
    root.get_by_label("To (not included)", exact=True).fill("2023-02-02")
    widget.click("Apply")
    assert widget.total == reference.count(TRAILS.time("2023-02-01", "2023-02-02"))
    with widget.step():
        root.get_by_label("Zone").select_option("Asia/Tokyo")
    tokyo = TRAILS.time("2023-02-01", "2023-02-02", tz="Asia/Tokyo")
    assert widget.total == reference.count(tokyo)
    assert "Time (JST)" in root.locator("thead").inner_text()
    times = root.locator("td.siem-time").all_inner_texts()
    assert all(time.startswith("2023-02-01") for time in times)


def test_dragging_over_the_histogram_narrows_the_time(widget: Widget, reference: Store) -> None:
    bars = widget.root.locator("rect.siem-bar")
    count = bars.count()
    first, last = bars.nth(count // 3), bars.nth(count // 2)
    sums = [
        int(
            re.search(r": ([\d,]+)$", bars.nth(at).get_attribute("aria-label") or "")[1].replace(
                ",", ""
            )
        )  # type: ignore[index]
        for at in range(count // 3, count // 2 + 1)
    ]
    start, end = first.bounding_box(), last.bounding_box()
    assert start
    assert end
    with widget.step():
        widget.page.mouse.move(start["x"] + 1, start["y"])
        widget.page.mouse.down()
        widget.page.mouse.move(end["x"] + 1, end["y"], steps=5)
        widget.page.mouse.up()
    assert widget.total == sum(sums)


def test_a_query_text_that_is_wrong_is_marked_where_it_is_wrong(widget: Widget) -> None:
    box = widget.root.get_by_label("Search (Lucene)")
    box.fill("event.action:Get* AND (user.name:alice")
    widget.click("Search")
    alert = widget.root.get_by_role("alert")
    assert "column" in alert.inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    assert box.input_value() == "event.action:Get* AND (user.name:alice"
    box.fill("event.action:Get*")
    widget.click("Search")
    assert widget.root.get_by_role("alert").count() == 0
    assert 0 < widget.total < 2000


def test_the_index_pattern_is_chosen(widget: Widget) -> None:
    chooser = widget.root.get_by_label("Index pattern")
    assert "log-aws-vpcflowlogs-*" in chooser.locator("option").all_inner_texts()
    with widget.step():
        chooser.select_option("log-aws-vpcflowlogs-*")
    assert widget.total == 40


def test_a_document_opens_to_a_table_and_to_json(widget: Widget, reference: Store) -> None:
    newest = reference.newest(TRAILS, 1).hits[0]
    widget.click("Details of document 1")
    detail = widget.root.locator(".siem-detail")
    names = detail.locator("th .siem-name").all_inner_texts()
    assert {"event.action", "user.name", "cloud.account.id"} <= set(names)
    row = detail.locator("tr", has=widget.page.get_by_text("event.module", exact=True)).first
    assert newest.source["event"]["module"] in row.inner_text()
    widget.button("JSON", within=detail).click()
    assert newest.source["eventID"] in detail.locator("pre").inner_text()
    widget.button("Table", within=detail).click()
    widget.picture("discover-en-light.png")
    widget.click(f"Exclude event.module: {newest.source['event']['module']}", within=detail)
    assert widget.pills == [f"NOT event.module: {newest.source['event']['module']}"]


def test_surrounding_documents_a_single_one_and_a_pick(widget: Widget, reference: Store) -> None:
    third = reference.newest(TRAILS, 3).hits[2]
    widget.click("Details of document 3")
    detail = widget.root.locator(".siem-detail")
    detail.get_by_role("spinbutton").fill("2")
    widget.click("Surrounding documents", within=detail)
    around = detail.locator(".siem-around tr")
    assert around.count() == 5
    assert "this document" in around.nth(2).inner_text()
    widget.click("Put on the timeline", within=detail)
    assert widget.button("Take off the timeline", within=detail).is_visible()
    widget.click("Only this document", within=detail)
    assert widget.total == 1
    assert third.id in widget.pills[0]


def test_load_more_shows_the_next_page(widget: Widget) -> None:
    assert widget.root.locator(".siem-documents > tbody > tr").count() == 50
    widget.click("Load more (50 of 2,000)")
    assert widget.root.locator(".siem-documents > tbody > tr").count() == 100


def test_steps_are_undone_done_again_and_jumped_to(widget: Widget) -> None:
    totals = [widget.total]
    for _ in range(3):
        name = widget.column("user.name")[0]
        widget.root.locator("td .siem-value").first.hover()
        widget.click(f"Exclude user.name: {name}")
        totals.append(widget.total)
    widget.click("Undo")
    widget.click("Undo")
    assert widget.total == totals[1]
    widget.click("Redo")
    assert widget.total == totals[2]
    widget.button("Trail").click()
    steps = widget.root.locator(".siem-trail button")
    assert steps.count() == 4
    with widget.step():
        steps.nth(3).click()
    assert widget.total == totals[3]
    widget.click("Code")
    code = widget.root.get_by_role("textbox", name="Code", exact=True).input_value()
    assert code.count("exclude(") == 3
    widget.click("Report")
    assert (
        f"{totals[3]:,}"
        in widget.root.get_by_role("textbox", name="Report", exact=True).input_value()
    )


def test_the_query_is_shown_in_five_languages_and_copied(widget: Widget) -> None:
    name = widget.column("user.name")[0]
    widget.root.locator("td .siem-value").first.hover()
    widget.click(f"Exclude user.name: {name}")
    widget.click("Show as")
    shown = {
        label: widget.root.get_by_label(label, exact=True).input_value()
        for label in ("Lucene", "OpenSearch DSL", "SQL", "pandas", "Query code")
    }
    assert all(name in text or "?" in text for text in shown.values())
    assert '"must_not"' in shown["OpenSearch DSL"]
    widget.button("Copy: Lucene").click()
    assert widget.page.evaluate("() => navigator.clipboard.readText()") == shown["Lucene"]


def test_a_search_is_saved_opened_and_shared_as_text(widget: Widget) -> None:
    name = widget.column("user.name")[0]
    widget.root.locator("td .siem-value").first.hover()
    widget.click(f"Include user.name: {name}")
    total = widget.total
    widget.button("Save and export").click()
    widget.root.get_by_label("Name", exact=True).fill("my user")
    widget.click("Save")
    widget.click("Undo")
    assert widget.total == 2000
    widget.click("Open: my user")
    assert widget.total == total
    widget.click("Share as text")
    shared = widget.root.get_by_role("textbox", name="Share as text").input_value()
    assert name in shared
    widget.click("Undo")
    widget.root.get_by_label("A shared text").fill(shared)
    widget.click("Open", within=widget.root.locator(".siem-panels"))
    assert widget.total == total
    assert widget.pills == [f"user.name: {name}"]


@pytest.mark.parametrize("form", ["CSV", "NDJSON"])
def test_hits_are_exported_to_a_file_and_can_be_downloaded(
    widget: Widget, lab_server: Any, form: str
) -> None:
    name = widget.column("user.name")[0]
    widget.root.locator("td .siem-value").first.hover()
    widget.click(f"Include user.name: {name}")
    total = widget.total
    widget.button("Save and export").click()
    widget.click(f"Export {form}")
    said = widget.root.locator(".siem-panels [role=status]").inner_text()
    assert said.startswith(f"{total} documents: ")
    with widget.page.expect_download() as download:
        widget.button("Download", exact=False).click()
    file = Path(lab_server.root) / download.value.suggested_filename
    text = file.read_text(encoding="utf-8-sig")
    assert download.value.path().read_bytes() == file.read_bytes()
    assert text.count(name) >= total
    assert len(text.splitlines()) == total + (form == "CSV")


def test_what_is_known_to_be_good_goes_with_one_click(widget: Widget, reference: Store) -> None:
    left = reference.count(TRAILS.exclude("source.ip", "10.0.0.0/16"))
    chip = widget.button("office", exact=False)
    chip.get_by_text("→").wait_for()
    assert chip.inner_text().split() == ["office", "2,000", "→", f"{left:,}"]
    widget.click("office", exact=False)
    assert widget.total == left
    assert chip.get_attribute("aria-pressed") == "true"
    widget.click("office", exact=False)
    assert widget.total == 2000


def test_the_presentation_view_has_large_type_and_a_theme(widget: Widget) -> None:
    size = "root => parseFloat(getComputedStyle(root).fontSize)"
    ground = "root => getComputedStyle(root).backgroundColor"
    before = widget.root.evaluate(size)
    widget.button("Large type").click()
    assert widget.root.evaluate(size) > 1.3 * before
    widget.root.get_by_label("Theme").select_option("dark")
    dark = widget.root.evaluate(ground)
    widget.picture("discover-presentation-dark.png")
    widget.root.get_by_label("Theme").select_option("light")
    assert widget.root.evaluate(ground) != dark


def test_a_saved_trail_is_replayed_one_step_at_a_time(opened: Widget) -> None:
    widget = opened
    widget.run_again()
    widget.python("d.do('exclude', field='user.name', value='user000')")
    widget.python("d.do('include', field='event.outcome', value='failure')")
    totals = [int(n) for n in widget.python("print(*[s.hits for s in d.trail.steps])").split()]
    widget.page.evaluate(
        """code => { const cell = window.notebook.content.widgets[0].model.sharedModel;
          window.before = cell.getSource(); cell.setSource(code); }""",
        "shown = Discover.replay(lab.store, d.trail.to_json(), page={'size': 'large'})\nshown",
    )
    widget.page.evaluate(patiently(RUN))
    widget.root.get_by_role("group", name="Steps").wait_for()
    widget.settle()
    assert widget.total == totals[0]
    for at in (1, 2):
        widget.click("Next")
        assert widget.total == totals[at]
        steps = widget.root.get_by_role("group", name="Steps").inner_text()
        assert f"Step {at} of 2" in steps
        assert f"{totals[at - 1]:,} → {totals[at]:,}" in steps
    assert widget.button("Next").is_disabled()
    widget.picture("discover-steps-large.png")
    widget.click("Previous")
    assert widget.total == totals[1]
    widget.page.evaluate(
        "() => window.notebook.content.widgets[0].model.sharedModel.setSource(window.before)"
    )
