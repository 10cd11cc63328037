"""The values of a mission: texts, questions, their parts, and what a team's key adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from siemlab.errors import MissionFileError

__all__ = [
    "PART_TYPES",
    "PHASES",
    "Mission",
    "Moment",
    "Option",
    "Part",
    "PartKey",
    "PartType",
    "Phase",
    "Question",
    "Text",
]

PartType = Literal[
    "access-key",
    "account",
    "arn",
    "choice",
    "choices",
    "cidr",
    "count",
    "event-name",
    "iam-name",
    "ip",
    "ip-port",
    "order",
    "text",
    "time",
]

PART_TYPES: tuple[str, ...] = get_args(PartType)
"""The kinds of answers that a part can ask for."""

Phase = Literal[
    "preparation",
    "detection",
    "analysis",
    "containment",
    "eradication",
    "recovery",
    "lessons",
]

PHASES: tuple[str, ...] = get_args(Phase)
"""The phases of an incident after NIST SP 800-61, its last one in short."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages.

    Parameters
    ----------
    en, ja
        The text in English and in Japanese; neither is empty.

    Examples
    --------
    >>> Text("Midnight bill", "真夜中の請求書")["ja"]
    '真夜中の請求書'
    """

    en: str
    ja: str

    def __post_init__(self) -> None:
        if not (self.en.strip() and self.ja.strip()):
            raise MissionFileError(
                "a text needs words in English and in Japanese",
                "文章には英語と日本語の両方が必要です",
            )

    def __getitem__(self, lang: str) -> str:
        """Return the text in a language, ``"en"`` or ``"ja"``."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a choice offers.

    Parameters
    ----------
    id
        Its short name, the answer that it stands for.
    text
        What a learner reads.
    note
        A neutral fact about it, told after it was chosen wrongly.

    Examples
    --------
    >>> Option("trail", Text("CloudTrail", "CloudTrail")).note is None
    True
    """

    id: str
    text: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class PartKey:
    """What a team's key holds about one part of a question: digests, no answer in plain text.

    Parameters
    ----------
    right
        Digests of the answers that are right.
    foils
        The foil's id by the digest of the wrong answer that it explains.
    sealed
        The answer for "show me", see `siemlab.missions.unseal`.
    domain
        How many values a guesser would choose from; None where nobody can count them.

    Examples
    --------
    >>> PartKey(("6f1c",), {"0a2b": "utc"}, "", 57).foils["0a2b"]
    'utc'
    """

    right: tuple[str, ...]
    foils: Mapping[str, str]
    sealed: str
    domain: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question asks for; a pair has two.

    Parameters
    ----------
    type
        One of `PART_TYPES`.
    many
        Whether a set of values is wanted, in any order.
    example
        An answer of the right shape with other values; empty for choices.
    field
        The field whose visible values a guesser would choose from; empty where there is none.
    label
        What the input is called, where a question has several parts.
    zone
        The time zone in which a time is read; empty for every other type.
    days
        The days, ``2022-11-12`` in `zone`, that a bare clock time can mean.
    tolerance
        Seconds for a time, units for a count.
    options
        What a choice offers, in this order.
    key
        What the team's key says; None before a key is attached.

    Examples
    --------
    >>> Part("ip", many=True, example="192.0.2.7, 192.0.2.8").tolerance
    0
    """

    type: str
    many: bool = False
    example: str = ""
    field: str = ""
    label: Text | None = None
    zone: str = ""
    days: tuple[str, ...] = ()
    tolerance: int = 0
    options: tuple[Option, ...] = ()
    key: PartKey | None = None

    @property
    def chosen(self) -> bool:
        """Whether the answer is picked from what is offered; else it is typed."""
        return self.type in ("choice", "choices", "order")

    @property
    def several(self) -> bool:
        """Whether the answer is more than one value."""
        return self.many or self.type in ("choices", "order")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a mission.

    Parameters
    ----------
    mission
        The id of its mission, ``"L1-A"``.
    number
        Its number in the mission, from 1.
    value
        Its points.
    phase
        The phase of the incident that it belongs to, one of `PHASES`.
    techniques
        MITRE ATT&CK ids.
    prompt
        What is asked.
    parts
        What is to be filled in.
    hints
        Three: where to look, what to exclude, which field.
    foils
        The author's own wrong answers: the sentence for each, by the foil's id.
    states
        The choices of reading that the prompt states, with the words that state them.
    key_point
        The general lesson, shown once it is solved.
    team
        The team whose data it is about; empty for the base data.
    guessable
        Whether its author knows that a few tries may find the answer by chance.

    Examples
    --------
    >>> text = Text("How many?", "何件ですか。")
    >>> Question("L1-A", 3, 40, "analysis", (), text, (Part("count"),), (text,) * 3).id
    'L1-A.3'
    """

    mission: str
    number: int
    value: int
    phase: str
    techniques: tuple[str, ...]
    prompt: Text
    parts: tuple[Part, ...]
    hints: tuple[Text, ...]
    foils: Mapping[str, Text] = field(default_factory=dict)
    states: Mapping[str, Text] = field(default_factory=dict)
    key_point: Text | None = None
    team: str = ""
    guessable: bool = False

    @property
    def id(self) -> str:
        """The id, ``"L1-A.3"``."""
        return f"{self.mission}.{self.number}"


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of what happened, told after the mission.

    Parameters
    ----------
    at
        When: a slot, filled once a key is attached.
    text
        What. It may still hold ``{answer[3]}``, see `siemlab.missions.fill_answers`.
    phase
        The phase that it belongs to; empty where none is meant.
    techniques
        MITRE ATT&CK ids.

    Examples
    --------
    >>> Moment("02:20", Text("A key is tested.", "キーが試されます。")).phase
    ''
    """

    at: str
    text: Text
    phase: str = ""
    techniques: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mission:
    """One lesson: a story with questions.

    Parameters
    ----------
    id
        ``"L1-A"``.
    scenario
        The scenario that it tells; empty in Level 0.
    level
        0, 1 or 2.
    minutes
        How long it takes.
    title, briefing
        Its name, and how it begins (Markdown).
    questions
        Its questions in order.
    happened
        The timeline that is told in the end, in order of time.
    log_next
        What to log next (Markdown).
    also
        Other scenarios whose days its questions look at.
    team
        The team whose data it is about; None before a key is attached.
    given
        The facts that its texts are filled with, as the key holds them.

    Examples
    --------
    >>> text = Text("A tour", "見学")
    >>> Mission("L0", "", 0, 30, text, text, (), (), text).stem
    'l0'
    """

    id: str
    scenario: str
    level: int
    minutes: int
    title: Text
    briefing: Text
    questions: tuple[Question, ...]
    happened: tuple[Moment, ...]
    log_next: Text
    also: tuple[str, ...] = ()
    team: str | None = None
    given: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name of its files without the ending, ``"l1-a"``."""
        return self.id.lower()

    def question(self, question_id: str) -> Question:
        """Return one of its questions.

        Parameters
        ----------
        question_id
            ``"L1-A.3"``.

        Raises
        ------
        MissionFileError
            The mission has no such question; the error lists those that it has.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        known = ", ".join(question.id for question in self.questions)
        raise MissionFileError(
            f'there is no question "{question_id}"; the questions are {known}',
            f"「{question_id}」という問いはありません。問い: {known}",
            file=f"{self.stem}.yaml",
        )
