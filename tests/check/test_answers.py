"""Each type reads what people type, generously, and says what is wanted where it cannot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.check import ANSWER_TYPES, as_text, canonical, read
from siemlab.errors import AnswerFormatError
from siemlab.missions import PART_TYPES, Part
from tests.check.asking import OPTIONS

KEY = "AKIA3KF6UTOHSEXAMPLE"
ROLE = "arn:aws:iam::210987654321:role/ops/sz-app"
SESSION = "arn:aws:sts::210987654321:assumed-role/sz-app/akiyama"
DAYS = ("2022-11-24",)

READABLE = {
    "count": [
        ("1286", "1286"),
        ("1,286", "1286"),
        ("１，２８６", "1286"),
        ("1、286", "1286"),
        ("1 286", "1286"),
        (" 007 ", "7"),
        ("1286 件", "1286"),
        ("1286 events", "1286"),
        ("「12」", "12"),
        ("①", "1"),
    ],
    "ip": [
        ("192.0.2.7", "192.0.2.7"),
        ("１９２．０．２．７", "192.0.2.7"),
        ('"192.0.2.7"', "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7\u200b", "192.0.2.7"),
    ],
    "cidr": [
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.9/24", "192.0.2.0/24"),
        ("192.0.2.0 / 24", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("192.0.2.0 - 192.0.2.255", "192.0.2.0/24"),
        ("2001:DB8::/32", "2001:db8::/32"),
    ],
    "ip-port": [
        ("192.0.2.7:443", "192.0.2.7:443"),
        ("192.0.2.7 port 443", "192.0.2.7:443"),
        ("192.0.2.7 443", "192.0.2.7:443"),
        ("192.0.2.7：４４３", "192.0.2.7:443"),
        ("192.0.2.7 ポート 443", "192.0.2.7:443"),
        ("[2001:db8::1]:443", "[2001:db8::1]:443"),
    ],
    "time": [
        ("20:06", "2022-11-24T11:06:00Z"),
        ("20:06:10", "2022-11-24T11:06:10Z"),
        ("２０：０６", "2022-11-24T11:06:00Z"),
        ("20時06分10秒", "2022-11-24T11:06:10Z"),
        ("20 時 6 分", "2022-11-24T11:06:00Z"),
        ("午後8時6分", "2022-11-24T11:06:00Z"),
        ("8:06 pm", "2022-11-24T11:06:00Z"),
        ("午前0時6分", "2022-11-23T15:06:00Z"),
        ("11/24 20:06", "2022-11-24T11:06:00Z"),
        ("11月24日 20時6分", "2022-11-24T11:06:00Z"),
        ("11月24日(木) 20:06", "2022-11-24T11:06:00Z"),
        ("2022-11-24 20:06:10", "2022-11-24T11:06:10Z"),
        ("2022/11/24 20:06", "2022-11-24T11:06:00Z"),
        ("2022−11−24 20:06", "2022-11-24T11:06:00Z"),
        ("2022ー11ー24 20:06", "2022-11-24T11:06:00Z"),
        ("2022年11月24日 20時6分10秒", "2022-11-24T11:06:10Z"),
        ("2022-11-24T20:06:10.123+09:00", "2022-11-24T11:06:10Z"),
        ("2022-11-24T11:06:10Z", "2022-11-24T11:06:10Z"),
        ("Nov 24, 2022 @ 20:06:10.000", "2022-11-24T11:06:10Z"),
        ("November 24, 2022 20:06", "2022-11-24T11:06:00Z"),
        ("11:06 UTC", "2022-11-24T11:06:00Z"),
        ("15:06Z", "2022-11-23T15:06:00Z"),
        ("20:06 JST", "2022-11-24T11:06:00Z"),
        ("20:06（日本時間）", "2022-11-24T11:06:00Z"),
    ],
    "arn": [(ROLE, ROLE), (f"`{ROLE}`", ROLE)],
    "access-key": [(KEY, KEY), (KEY.lower(), KEY), (f" '{KEY}' ", KEY)],
    "iam-name": [
        ("sz-app", "sz-app"),
        ("SZ-App", "sz-app"),
        (ROLE, "sz-app"),
        ("role/sz-app", "sz-app"),
        ("AROA3KF6UTOHSEXAMPLE:akiyama", "akiyama"),
        ("arn:aws:iam::210987654321:root", "root"),
        ("a.b@example.com", "a.b@example.com"),
    ],
    "event-name": [
        ("RunInstances", "runinstances"),
        ("runinstances", "runinstances"),
        ("ec2.amazonaws.com:RunInstances", "runinstances"),
        ("ec2.amazonaws.com:runinstances", "runinstances"),
        ("ec2:RunInstances", "runinstances"),
        ("UpdateFunctionCode20150331v2", "updatefunctioncode"),
        ("CreateFunction20150331", "createfunction"),
        ("REST.GET.OBJECT", "rest.get.object"),
    ],
    "account": [
        ("210987654321", "210987654321"),
        ("2109-8765-4321", "210987654321"),
        ("2109 8765 4321", "210987654321"),
        ("２１０９８７６５４３２１", "210987654321"),
    ],
    "choice": [
        ("existed", "existed"),
        ("It was there before.", "existed"),
        ("前からあった", "existed"),
        ("2", "existed"),
        ("B", "existed"),
        ("(b)", "existed"),
        ("ｂ", "existed"),
    ],
    "choices": [
        ("made, borrowed", "borrowed, made"),
        ("3、1", "borrowed, made"),
        ("a c", "borrowed, made"),
        ("It was borrowed", "borrowed"),
        ("made, made", "made"),
    ],
    "order": [
        ("made > borrowed > existed", "made, borrowed, existed"),
        ("1→3→2", "made, borrowed, existed"),
        ("a, c, b", "made, borrowed, existed"),
        ("a c b", "made, borrowed, existed"),
    ],
    "text": [
        ("Pool.Example.", "pool.example"),
        ("pool.example", "pool.example"),
        ("「Ｔｒｕｆｆｌｅ Ｈｏｇ」", "trufflehog"),
        ("秋山　太郎", "秋山太郎"),
    ],
}
UNREADABLE = {
    "count": ["", "twelve", "-3", "1.5", "12,34", "9" * 40],
    "ip": ["", "300.1.1.1", "192.0.2", "192.0.2.7:443", "example.com"],
    "cidr": ["192.0.2.0", "192.0.2.0/33", "192.0.2.1 - 192.0.2.9"],
    "ip-port": ["192.0.2.7", "192.0.2.7:70000", "443", "2001:db8::1"],
    "time": ["yesterday", "25:00", "20", "2022-02-31 10:00", "13:06 pm", "2022-11-24"],
    "arn": ["sz-app", "arn:", "arn:aws:iam: :x"],
    "access-key": ["AKIA", "AROA3KF6UTOHSEXAMPLE", KEY + "X"],
    "iam-name": ["", "two words", "<b>"],
    "event-name": ["", "3", "what happened?"],
    "account": ["1234", "2109876543210", "sz-dev"],
    "choice": ["", "d", "4", "0", "made, existed"],
    "choices": ["", "made, lost"],
    "order": ["made > existed", "a, a, b, c", ""],
    "text": ["", "  ", "「」", "."],
}


def part(kind: str, *, many: bool = False, tolerance: int = 0) -> Part:
    options = OPTIONS if kind in ("choice", "choices", "order") else ()
    zone, days = ("Asia/Tokyo", DAYS) if kind == "time" else ("", ())
    example = "" if options else "EXAMPLE"
    return Part(kind, many, example, zone=zone, days=days, tolerance=tolerance, options=options)


def test_every_type_of_a_mission_is_read_here() -> None:
    assert [each.name for each in ANSWER_TYPES] == sorted(PART_TYPES)
    assert set(READABLE) == set(UNREADABLE) == set(PART_TYPES)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [(kind, text, wanted) for kind, rows in READABLE.items() for text, wanted in rows],
)
def test_what_people_type_has_one_spelling(kind: str, text: str, wanted: str) -> None:
    assert read(text, part(kind)).candidates[0] == wanted


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in UNREADABLE.items() for text in texts]
)
def test_what_is_no_answer_is_told_what_is_wanted(kind: str, text: str) -> None:
    with pytest.raises(AnswerFormatError) as caught:
        read(text, part(kind))
    wanted = next(each.wanted for each in ANSWER_TYPES if each.name == kind)
    for lang in ("en", "ja"):
        assert wanted[lang] in caught.value.message(lang)
        assert kind in ("choice", "choices", "order") or "EXAMPLE" in caught.value.message(lang)
        assert text not in caught.value.message(lang) or len(text) < 3


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("ip", "192.0.2.8, 192.0.2.7", "192.0.2.7, 192.0.2.8"),
        ("ip", "192.0.2.8、192.0.2.7；192.0.2.8", "192.0.2.7, 192.0.2.8"),
        ("ip", "192.0.2.8 192.0.2.7\n", "192.0.2.7, 192.0.2.8"),
        ("ip", "192.0.2.8 and 192.0.2.7", "192.0.2.7, 192.0.2.8"),
        ("ip", "192.0.2.8と192.0.2.7", "192.0.2.7, 192.0.2.8"),
        ("ip", "['192.0.2.8', '192.0.2.7']", "192.0.2.7, 192.0.2.8"),
        ("cidr", "192.0.2.0/24 10.0.0.0/8", "10.0.0.0/8, 192.0.2.0/24"),
        ("ip-port", "192.0.2.8 443, 192.0.2.7:22", "192.0.2.7:22, 192.0.2.8:443"),
        ("count", "12; 7", "12, 7"),
        ("time", "20:06、21:07", "2022-11-24T11:06:00Z, 2022-11-24T12:07:00Z"),
        ("event-name", "ec2:RunInstances, ListBuckets", "listbuckets, runinstances"),
        ("iam-name", f"{ROLE}, b", "b, sz-app"),
        ("iam-name", "b,a", "a, b"),
        ("arn", f"{ROLE},{SESSION}", f"{ROLE}, {SESSION}"),
        ("text", "b c、A", "a, bc"),
        ("access-key", f"{KEY}\n{KEY}", KEY),
        ("account", "2109-8765-4321", "210987654321"),
    ],
)
def test_a_set_has_no_order_no_duplicates_and_any_separator(
    kind: str, text: str, wanted: str
) -> None:
    assert read(text, part(kind, many=True)).candidates == (wanted,)


@pytest.mark.parametrize("text", ["", ",", "192.0.2.7, and more"])
def test_a_set_is_read_whole_or_not_at_all(text: str) -> None:
    with pytest.raises(AnswerFormatError, match="a list: an IP address after another"):
        read(text, part("ip", many=True))


def test_a_tolerance_lists_what_is_near_the_plain_reading_first() -> None:
    assert read("1", part("count", tolerance=2)).candidates == ("1", "0", "2", "3")
    found = read("20:06", part("time", tolerance=60)).candidates
    assert found[0] == "2022-11-24T11:06:00Z"
    assert len(found) == len(set(found)) == 121
    assert {"2022-11-24T11:05:00Z", "2022-11-24T11:07:00Z"} <= set(found)


def test_a_bare_clock_time_means_any_of_the_days() -> None:
    two = Part("time", zone="Asia/Tokyo", days=("2022-11-12", "2022-11-13"))
    assert read("00:10", two).candidates == ("2022-11-11T15:10:00Z", "2022-11-12T15:10:00Z")
    assert read("15:10Z", two).candidates == ("2022-11-12T15:10:00Z", "2022-11-11T15:10:00Z")


def test_a_bare_clock_time_needs_a_day_that_the_question_names() -> None:
    with pytest.raises(AnswerFormatError):
        read("20:06", Part("time", zone="Asia/Tokyo"))


def test_of_a_session_both_the_role_and_the_name_may_be_meant() -> None:
    assert read(SESSION, part("iam-name")).candidates == ("akiyama", "sz-app")


@pytest.mark.parametrize("kind", PART_TYPES)
def test_a_very_long_text_is_refused_politely(kind: str) -> None:
    with pytest.raises(AnswerFormatError) as caught:
        read("1" * 2001, part(kind))
    assert "2,000" in str(caught.value)
    assert "2,000" in caught.value.message("ja")


def test_what_is_shown_is_one_short_line_without_control_characters() -> None:
    shown = read("a\x1b[31m\u202eb\n\tc" + "d" * 900, part("text")).shown
    assert shown.isprintable()
    assert len(shown) <= 201


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        ({"b", "a"}, "a, b"),
        (["b", "a"], "b, a"),
        (datetime(2022, 11, 24, 11, 6, 10, 999, tzinfo=UTC), "2022-11-24 11:06:10Z"),
        (
            datetime(2022, 11, 24, 20, 6, tzinfo=timezone(timedelta(hours=9))),
            "2022-11-24 11:06:00Z",
        ),
    ],
)
def test_a_python_value_is_written_as_a_learner_would(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_python_value_and_what_is_typed_are_one_answer() -> None:
    moment = datetime(2022, 11, 24, 20, 6, tzinfo=timezone(timedelta(hours=9)))
    assert canonical(part("time"), moment) == canonical(part("time"), "20:06")
    assert canonical(part("ip", many=True), {"192.0.2.8", "192.0.2.7"}) == "192.0.2.7, 192.0.2.8"


@given(st.sampled_from(PART_TYPES), st.booleans(), st.text(max_size=60))
def test_any_text_is_read_or_refused_and_its_spelling_is_stable(
    kind: str, many: bool, text: str
) -> None:
    asked = part(kind, many=many and kind not in ("choice", "choices", "order"))
    try:
        found = read(text, asked)
    except AnswerFormatError:
        return
    assert found.shown.isprintable()
    assert read(found.candidates[0], asked).candidates[0] == found.candidates[0]


@given(st.permutations(["192.0.2.7", "192.0.2.8", "2001:db8::1"]), st.sampled_from(",;、\n "))
def test_a_set_in_any_order_is_the_same(values: list[str], between: str) -> None:
    assert read(between.join(values), part("ip", many=True)).candidates == (
        "192.0.2.7, 192.0.2.8, 2001:db8::1",
    )
