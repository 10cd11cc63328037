"""Questions with keys, made by hand from their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from siemlab.check import canonical
from siemlab.missions import Option, Part, PartKey, Question, Text, digest

TEXT = Text("What is it?", "何ですか。")
OPTIONS = (
    Option("made", Text("It was made new.", "新しく作られた"), Text("A note.", "補足です。")),
    Option("existed", Text("It was there before.", "前からあった")),
    Option("borrowed", Text("It was borrowed", "借りたもの")),
)


def question(
    *parts: tuple[Part, Any],
    foils: Mapping[str, Any] | None = None,
    said: Mapping[str, Text] | None = None,
    team: str = "t07",
    number: int = 3,
    value: int = 60,
    domain: int | None = None,
) -> Question:
    """Return a question of parts and their answers; its foils are those of the first part."""
    name = f"L1-A.{number}"
    keyed = []
    for at, (part, answer) in enumerate(parts):
        wrong = foils if foils and at == 0 else {}
        keyed.append(
            replace(
                part,
                label=part.label or Text(f"Part {at + 1}", f"その {at + 1}"),
                key=PartKey(
                    (digest(canonical(part, answer), team, name, at),),
                    {digest(canonical(part, w), team, name, at): f for f, w in wrong.items()},
                    "",
                    domain,
                ),
            )
        )
    return Question(
        "L1-A", number, value, "analysis", (), TEXT, tuple(keyed), (TEXT,) * 3, said or {},
        team=team,
    )  # fmt: skip


def ids(values: Sequence[object]) -> list[str]:
    """Return names for a table's rows."""
    return [repr(value)[:40] for value in values]
