"""Nothing that a learner opens holds an answer in plain text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from siemlab.missions import Question, load_missions, unseal

ROOT = Path(__file__).resolve().parents[2]
TOURS = ("first-look", "discover")  # about other logs, whose addresses are other machines
OPENED = [
    *(
        path
        for lang in ("en", "ja")
        for path in sorted((ROOT / "notebooks" / lang).glob("*.ipynb"))
        if path.stem not in TOURS
    ),
    *sorted((ROOT / "siemlab" / "missions").rglob("*.yaml")),
    *sorted((ROOT / "siemlab" / "missions").rglob("*.json")),
    *sorted((ROOT / "siemlab" / "missions").rglob("*.py")),
    *sorted((ROOT / "data").glob("*.json")),
]
SHORTEST = 8
"""A shorter answer, a count or a port, stands everywhere by chance."""

PUBLIC_TYPES = ("account", "event-name", "cidr")
"""Names of AWS's own calls, and what stands on the company's sheet."""

PUBLIC = {
    "L0.11": "us-east-1",  # a region of AWS
    "L1-C.11": "sz-batch-ec2-role",  # told again at the start of L2-C, its sequel
    "L2-B.8": "AWSAccount",  # a word of CloudTrail
}


def answers(question: Question) -> set[str]:
    """The answers of a question that cannot stand anywhere by chance."""
    found: set[str] = set()
    for at, part in enumerate(question.parts):
        if part.key and not part.options and part.type not in PUBLIC_TYPES:
            found |= {*unseal(part.key.sealed, question.team, question.id, at).split(", ")}
    return {text for text in found if len(text) >= SHORTEST} - {PUBLIC.get(question.id, "")}


@pytest.mark.parametrize("team", ["", "t07", "t13"])
def test_no_answer_stands_in_what_a_learner_opens(team: str) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in OPENED}
    shown = [
        f"{question.id} in {path.relative_to(ROOT)}"
        for mission in load_missions(team)
        for question in mission.questions
        for answer in answers(question)
        for path, text in texts.items()
        if re.search(rf"(?<![\w.]){re.escape(answer)}(?![\w.])", text)
    ]
    assert shown == []


def test_the_search_would_find_an_answer() -> None:
    [mission] = [each for each in load_missions("") if each.id == "L1-A"]
    known = set().union(*(answers(question) for question in mission.questions))
    assert len(known) >= 4
