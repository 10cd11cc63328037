"""Sentences for the answers that another reading of a question gives: which step to look at."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from siemlab.missions.mission import Text

__all__ = ["READINGS", "STATED", "reading_text"]

READINGS: Mapping[str, Text] = MappingProxyType(
    {
        "utc": Text(
            "This is the answer for days in UTC, and the question means Japan time. Look at the "
            "time range again, and at its time zone.",
            "UTC の 1 日で数えたときの答えです。この問いの日付と時刻は日本時間です。期間の指定と、"
            "そのタイムゾーンをもう一度確認してください。",
        ),
        "month-before": Text(
            "This is the answer for the month before. Look at the time range again.",
            "1 か月前の期間で調べたときの答えです。期間の指定をもう一度確認してください。",
        ),
        "month-after": Text(
            "This is the answer for the month after. Look at the time range again.",
            "1 か月後の期間で調べたときの答えです。期間の指定をもう一度確認してください。",
        ),
        "all-time": Text(
            "This is the answer for all logs there are. The question names a span of time: set "
            "the time range.",
            "全期間のログから出した答えです。この問いには期間の条件があります。期間を指定して"
            "ください。",
        ),
        "end": Text(
            "The day at the end of the time range is in this answer. A time range does not "
            "include its end: look at its last day again.",
            "期間の終わりの日まで含めたときの答えです。期間は「終わり」を含みません。最後の日を"
            "もう一度確認してください。",
        ),
        "only-success": Text(
            "Only calls that succeeded are in this answer. Read in the question which calls "
            "count, and look at the filter on event.outcome.",
            "成功した呼び出しだけで出した答えです。どの呼び出しを数えるのか問いを読み直し、"
            "event.outcome のフィルターを確認してください。",
        ),
        "only-failure": Text(
            "Only calls that failed are in this answer. Read in the question which calls count, "
            "and look at the filter on event.outcome.",
            "失敗した呼び出しだけで出した答えです。どの呼び出しを数えるのか問いを読み直し、"
            "event.outcome のフィルターを確認してください。",
        ),
        "services": Text(
            "What AWS services did on their own is counted differently here than in the question. "
            "Look again at who the callers are (userIdentity.type, userIdentity.invokedBy).",
            "AWS のサービス自身による呼び出しの扱いが、問いと違います。呼び出し元"
            "（userIdentity.type、userIdentity.invokedBy）をもう一度確認してください。",
        ),
        "substring": Text(
            "Values that only contain the word you looked for are in this answer. Look at the "
            "filter again: a keyword field is compared as a whole.",
            "探した文字列を「含む」だけの値まで入れたときの答えです。フィルターを確認してください。"
            "keyword 型は値全体で一致を調べます。",
        ),
        "kept:": Text(
            "Something is in this answer that should have been left out. Look again at what you "
            "exclude on {field}.",
            "除くべきものが残っているときの答えです。{field} で何を除くのか、もう一度確認して"
            "ください。",
        ),
        "missed:": Text(
            "More is in this answer than the question asks about. Look again at what you include "
            "on {field}.",
            "問いの対象より広く拾ったときの答えです。{field} を何で絞るのか、もう一度確認して"
            "ください。",
        ),
    }
)
"""The sentence of each reading by its id. Two ids are prefixes that a field's name follows."""

STATED = ("end", "failed", "name", "services", "substring", "utc")
"""The readings that a prompt can decide in its own words, under ``states``."""


def reading_text(reading: str) -> Text | None:
    """Return the sentence of a reading, the field's name filled in.

    Parameters
    ----------
    reading
        ``"utc"``, or ``"kept:source.ip"``: the id that a key has for a foil.

    Returns
    -------
    Text or None
        None where this is no reading but one of the author's own foils.

    Examples
    --------
    >>> reading_text("kept:source.ip")["en"].endswith("what you exclude on source.ip.")
    True
    >>> reading_text("runner-kept") is None
    True
    """
    name, colon, field = reading.partition(":")
    text = READINGS.get(name + colon)
    if text is None or not (colon and field):
        return text if not colon else None
    return Text(text.en.replace("{field}", field), text.ja.replace("{field}", field))
