"""A tiny mission on the sample logs, which tests break in one place at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from siemlab.editions.master import HEADINGS
from siemlab.missions import Mission, Option, Part, Question, Text
from siemlab.proofs import Evidence, Proven, prove_mission
from siemlab.store.base import Store

FOLDER = "data/sample"


def text(en: str, ja: str = "日本語の文章") -> Text:
    return Text(en, ja)


def question(number: int, prompt: str, *parts: Part, **more: object) -> Question:
    asked = Question(
        *("TOY", number, 30, "analysis", ()),
        text(prompt),
        parts,
        (text("Where"), text("What to leave out"), text("Which field")),
        {"half": text("You took half of it."), "other": text("That is another one.")},
    )
    return replace(asked, **more)  # type: ignore[arg-type]  # names of its own fields


WHY = (Option("habit", text("a habit")), Option("attack", text("an attack")))

QUESTIONS = (
    question(
        *(1, "How many calls, failed ones included, until eleven in Japan (JST)?"),
        Part("count", example="12"),
        states={"utc": text("(JST)"), "failed": text("failed ones included")},
    ),
    question(
        *(2, "From which addresses of others did calls fail in that time?"),
        Part("ip", many=True, field="source.ip"),
        states={"utc": text("in that time"), "failed": text("fail")},
    ),
    question(3, "And why?", Part("choice", options=WHY)),
)

CELLS: Mapping[str, str] = {
    "start": (
        "from siemlab import Lab\n"
        'lab = Lab(lang=lang, store="sample")\n'
        'calls = lab.events("log-aws-cloudtrail-*")\n'
        'calls = calls.time("2022-11-14T09:00", "2022-11-14T11:00", tz="Asia/Tokyo")\n'
        "d = lab.discover(calls)"
    ),
    "solution 1": 'assert lab.question("TOY.1", answer=calls.count()).right',
    "proof 1": (
        'early = [r for r in raw("cloudtrail") if jst(r["eventTime"]) < jst("2022-11-14T02:00Z")]\n'
        'prove("TOY.1", len(early), truth=TRUTH)\n'
        'foil("TOY.1", "half", len(early) // 2)\n'
        'foil("TOY.1", "other", 1_000)\n'
        'given(noon=jst("2022-11-14T03:00:00Z"))'
    ),
    "solution 2": (
        'failed = calls.include("event.outcome", "failure")\n'
        'failed = failed.exclude("source.ip", "203.0.113.0/24")\n'
        'found = {row.key for row in failed.top("source.ip")}\n'
        'assert lab.question("TOY.2", answer=found).right'
    ),
    "proof 2": (
        'failed = [r for r in early if "errorCode" in r or "errorMessage" in r]\n'
        'ours = ipaddress.ip_network("203.0.113.0/24")\n'
        'seen = {r["sourceIPAddress"] for r in failed}\n'
        'prove("TOY.2", {one for one in seen if ipaddress.ip_address(one) not in ours})\n'
        'foil("TOY.2", "half", {"203.0.113.77"})\n'
        'foil("TOY.2", "other", {"192.0.2.1"})'
    ),
    "solution 3": 'assert lab.question("TOY.3", answer="attack").right',
}

TRUE = 8
"""How many calls the sample has until eleven."""


def master(cells: Mapping[str, str]) -> str:
    """Return the source of a mission with these cells."""
    blocks = ["---\nmission: toy\n---\n"]
    blocks.append(":::{en}\n# A toy\n:::\n:::{ja}\n# 練習\n:::\n")
    blocks.append('```{code-cell} python\n:tags: [parameters]\nlang = "{lang}"\nteam = ""\n```\n')
    for en, ja in zip(HEADINGS["en"], HEADINGS["ja"], strict=True):
        blocks.append(f":::{{en}}\n## {en}\n:::\n:::{{ja}}\n## {ja}\n:::\n")
    for name, code in cells.items():
        kind, _, number = name.partition(" ")
        if kind == "solution":
            asked = f'lab.question("TOY.{number}")'
            blocks.append(f"```{{code-cell}} python\n:tags: [learner]\n{asked}\n```\n")
        tags = "" if kind == "start" else f":tags: [{kind}]\n"
        blocks.append(f"```{{code-cell}} python\n{tags}{code}\n```\n")
    return "\n".join(blocks)


@dataclass
class Toy:
    """The mission, in a folder, with the store that answers."""

    folder: Path
    store: Store
    cells: dict[str, str]
    mission: Mission

    @classmethod
    def of(cls, folder: Path, store: Store) -> Toy:
        cells = {name: code.replace("TRUTH", str(TRUE)) for name, code in CELLS.items()}
        words = text("A toy", "練習")
        return cls(
            folder, store, cells, Mission("TOY", "", 0, 5, words, words, QUESTIONS, (), words)
        )

    def change(self, cell: str, old: str, new: str) -> None:
        assert old in self.cells[cell]
        self.cells[cell] = self.cells[cell].replace(old, new)

    def ask(self, number: int, **changed: object) -> None:
        """Change a question."""
        asked = list(self.mission.questions)
        asked[number - 1] = replace(asked[number - 1], **changed)  # type: ignore[arg-type]
        self.mission = replace(self.mission, questions=tuple(asked))

    def prove(self) -> Proven:
        path = self.folder / "toy.md"
        path.write_text(master(self.cells), encoding="utf-8")
        evidence = Evidence("", self.store, Path(FOLDER))
        return prove_mission(path, self.mission, evidence, {"duckdb": self.store})

    def found(self) -> list[tuple[str, str]]:
        """Return what is wrong: question and kind."""
        return [(each.question, each.what) for each in self.prove().findings]
