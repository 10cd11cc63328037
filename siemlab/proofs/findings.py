"""What is wrong with a question, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a question.

    Parameters
    ----------
    question
        Its id.
    what
        ``raw``, ``truth``, an engine's name; ``ambiguous``, ``guessable``, ``foils``, ``field``,
        ``told``, ``numbers``, ``key``.
    en, ja
        What is wrong, and what to do. For authors: where engines differ, answers stand in it.

    Examples
    --------
    >>> print(Finding("L1-A.3", "raw", "no proof cell proves it", "証明セルがありません"))
    L1-A.3 [raw] no proof cell proves it
    """

    question: str
    what: str
    en: str
    ja: str

    def message(self, lang: str = "en") -> str:
        """Return the place and the sentence."""
        return f"{self.question} [{self.what}] {self.ja if lang == 'ja' else self.en}"

    def __str__(self) -> str:
        return self.message()
