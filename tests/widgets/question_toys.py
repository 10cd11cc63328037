"""A tiny mission with keys, and a hostile one: made by hand, about no real data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from siemlab.check import as_text, canonical
from siemlab.missions import Mission, Option, Part, PartKey, Question, Text, digest, seal
from siemlab.score import Ledger
from siemlab.widgets import MissionBar, QuestionBox
from siemlab.widgets.question_play import Play

TOKYO = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
FOIL = Text(
    "The runner of the build is in your answer: exclude it and look again.",
    "ビルド用のホストが回答に含まれています。除外してもう一度調べてください。",
)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **given: float) -> None:
        self.now += timedelta(**given)


def option(name: str, en: str, ja: str, note: bool = False) -> Option:
    said = Text(f"About {en}.", f"{ja}についての説明です。") if note else None
    return Option(name, Text(en, ja), said)


ACTIONS = (
    option("create", "A user was created", "ユーザーが作成された", note=True),
    option("delete", "A user was deleted", "ユーザーが削除された", note=True),
    option("list", "Buckets were listed", "バケットの一覧が取得された", note=True),
    option("stop", "Logging was stopped", "ログの記録が停止された", note=True),
)
IPS = Part("ip", many=True, example="192.0.2.7, 192.0.2.8", field="source.ip")
PAIR = (
    Part("ip", example="192.0.2.7", label=Text("Address", "アドレス")),
    Part(
        "time",
        example="21:05",
        label=Text("Time", "時刻"),
        zone="Asia/Tokyo",
        days=("2026-03-31",),
        tolerance=60,
    ),
)


def keyed(
    question: Question, answers: Sequence[Any], foils: dict[str, Any] | None = None
) -> Question:
    """Return the question with the key of its answers."""
    parts = []
    for at, (part, answer) in enumerate(zip(question.parts, answers, strict=True)):
        right = digest(canonical(part, answer), question.team, question.id, at)
        wrong = {
            digest(canonical(part, value), question.team, question.id, at): name
            for name, value in (foils or {}).items()
        }
        sealed = seal(as_text(answer), question.team, question.id, at)
        parts.append(replace(part, key=PartKey((right,), wrong, sealed, None)))
    return replace(question, parts=tuple(parts))


def ask(number: int, prompt: Text, *parts: Part, **more: Any) -> Question:
    hints = tuple(
        Text(
            f"Hint {at} for {number}: see `user.id`.",
            f"問題 {number} のヒント {at}: `user.id` を見ます。",
        )
        for at in (1, 2, 3)
    )
    return Question("L9-T", number, 40, "analysis", ("T1078.004",), prompt, parts, hints, **more)


def mission() -> Mission:
    """Return five questions, one of each shape."""
    choice = Part("choice", options=ACTIONS)
    questions = (
        keyed(
            ask(
                1,
                Text(
                    "From **which addresses** was the key used? Look at `source.ip`.",
                    "キーは**どのアドレス**から使われましたか。`source.ip` を見てください。",
                ),
                IPS,
                foils={"runner": FOIL},
                key_point=Text(
                    "A key that is used from two places is a key to look at.",
                    "2 か所から使われるキーは、調べる価値があります。",
                ),
            ),
            [{"198.51.100.7", "203.0.113.9"}],
            {"runner": {"198.51.100.7", "203.0.113.9", "192.0.2.50"}},
        ),
        keyed(ask(2, Text("What came first?", "最初に起きたことは何ですか。"), choice), ["create"]),
        keyed(
            ask(
                3,
                Text("Which of these are seen?", "ログにあるものをすべて選んでください。"),
                Part("choices", options=ACTIONS),
            ),
            [["create", "stop"]],
        ),
        keyed(
            ask(
                4,
                Text("In which order?", "起きた順に並べてください。"),
                Part("order", options=ACTIONS[:3]),
            ),
            [["list", "create", "delete"]],
        ),
        keyed(
            ask(5, Text("Who, and when (JST)?", "どこから、いつ（日本時間）ですか。"), *PAIR),
            ["203.0.113.9", datetime(2026, 3, 31, 21, 5, tzinfo=TOKYO)],
        ),
    )
    title = Text("A key in two places", "2 か所にあるキー")
    return Mission("L9-T", "", 1, 20, title, title, questions, (), title, team="")


def hostile(text: str) -> Mission:
    """Return a question whose every text is hostile."""
    both = Text(text, f"ひらがな {text}")
    options = tuple(Option(f"o{at}", both, both) for at in range(3))
    parts = (replace(IPS, example=text, label=both), Part("choice", options=options, label=both))
    asked = replace(ask(1, both, *parts, key_point=both), hints=(both,) * 3, mission="L9-H")
    made = keyed(asked, [{"203.0.113.9"}, "o1"])
    return Mission("L9-H", "", 1, 20, both, both, (made,), (), both, team="")


class Table:
    """A learner at a notebook: boxes and a bar over one ledger."""

    def __init__(self, file: Path, lang: str = "ja", *, given: Mission | None = None) -> None:
        self.mission = given or mission()
        self.lang = lang
        self.clock = Clock()
        self.ledger = Ledger(file)
        self.play = Play(self.ledger, [self.mission], clock=self.clock)

    def box(self, number: int = 1) -> QuestionBox:
        question = self.mission.questions[number - 1]
        return QuestionBox(question, self.ledger, [self.mission], lang=self.lang, play=self.play)

    def bar(self) -> MissionBar:
        return MissionBar(self.mission, self.ledger, [self.mission], lang=self.lang, play=self.play)
