"""What ``lab.answer`` gives before a question is solved: a value that finds nothing, and says why.

Cells below a question use its answer. Run from top to bottom before anything is solved, they must
show an empty result, not an error: ``"?"`` is no address, and a field of addresses refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["ASKED", "Unanswered", "asked"]

ASKED = "answer"
"""The field that no document has: ``answer: L1-A.2`` in a query says what is missing."""


class Unanswered(str):
    """The answer of a question that is still open: ``"?"``, as often as one takes a part of it.

    Parameters
    ----------
    question
        The question's id.
    parts
        How many values its answer has.

    Examples
    --------
    >>> waiting = Unanswered("L1-A.2", 2)
    >>> waiting, waiting == "?", [*waiting]
    ('?', True, ['?', '?'])
    >>> waiting[1].question
    'L1-A.2'
    """

    __slots__ = ("parts", "question")

    question: str
    parts: int

    def __new__(cls, question: str, parts: int = 1) -> Unanswered:
        """Make the text."""
        made = super().__new__(cls, "?")
        made.question = question
        made.parts = parts
        return made

    def __getitem__(self, at: Any) -> Unanswered:
        """Return any part of it, which is as open as the whole."""
        return Unanswered(self.question)

    def __iter__(self) -> Iterator[Unanswered]:
        """Go through its parts."""
        return iter([Unanswered(self.question) for _ in range(self.parts)])


def asked(field: str, value: object) -> tuple[str, object]:
    """Return the field and value to filter by: what waits for an answer asks for that instead.

    Parameters
    ----------
    field, value
        What is given to ``include`` or ``exclude``.

    Examples
    --------
    >>> asked("source.ip", "192.0.2.7"), asked("source.ip", ["192.0.2.7", Unanswered("L1-A.2")])
    (('source.ip', '192.0.2.7'), ('answer', 'L1-A.2'))
    """
    several = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    waiting = (each.question for each in several if isinstance(each, Unanswered))
    question = next(waiting, None)
    return (field, value) if question is None else (ASKED, question)
