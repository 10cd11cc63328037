"""Is this text the right answer, and if not, is it at least well formed?"""

from __future__ import annotations

from siemlab.check.answers import ANSWER_TYPES, AnswerType, as_text, canonical, read
from siemlab.check.tidy import Reading
from siemlab.check.verdict import Verdict, check

__all__ = [
    "ANSWER_TYPES",
    "AnswerType",
    "Reading",
    "Verdict",
    "as_text",
    "canonical",
    "check",
    "read",
]
