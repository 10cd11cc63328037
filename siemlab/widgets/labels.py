"""What a step is called, in the words of Discover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from siemlab.charts.plain import clean
from siemlab.query.timerange import TimeRange
from siemlab.widgets.state import Look, Step

__all__ = ["label_of"]

_LONGEST = 160


def label_of(step: Step, lang: str = "en") -> str:
    """Return what a step did, on one line; characters that show nothing are written out.

    Parameters
    ----------
    step
        The step.
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> from siemlab.query import Query
    >>> label_of(Step(None, Look(Query("log-aws-*"))))
    'start: log-aws-*'
    """
    words = _JA if lang == "ja" else _EN
    if step.event is None:
        return _short(words["start"].format(step.look.query.pattern))
    given = step.event.given
    say = _SAY.get(step.event.kind)
    told = step.event.kind if say is None else say(words, given, step.look)
    return _short(told)


def _short(text: str) -> str:
    line = clean(text[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_Words = Mapping[str, str]
_EN: _Words = {
    "start": "start: {}",
    "pattern": "index pattern {}",
    "time": "time {}",
    "all": "all time",
    "text": "search {}",
    "no text": "no search text",
    "include": "include {}",
    "exclude": "exclude {}",
    "has": "{} exists",
    "lacks": "{} does not exist",
    "not": "not {}",
    "column": "column {}",
    "no column": "without the column {}",
    "known": "known good: {}",
    "no known": "known good again among the hits: {}",
    "open": "open {}",
    "toggle": "switch on or off: {}",
    "negate": "invert: {}",
    "edit": "edit: {}",
    "remove": "remove the filter {}",
    "pin": "pin or unpin: {}",
}
_JA: _Words = {
    "start": "開始: {}",
    "pattern": "インデックスパターン {}",
    "time": "期間 {}",
    "all": "全期間",
    "text": "検索 {}",
    "no text": "検索文なし",
    "include": "{} を含める",
    "exclude": "{} を除外",
    "has": "{} が存在する",
    "lacks": "{} が存在しない",
    "not": "{} の否定",
    "column": "列 {} を表示",
    "no column": "列 {} を外す",
    "known": "既知の正常を除外: {}",
    "no known": "既知の正常を戻す: {}",
    "open": "{} を開く",
    "toggle": "有効・無効の切り替え: {}",
    "negate": "条件の反転: {}",
    "edit": "編集: {}",
    "remove": "フィルター {} を削除",
    "pin": "ピン留めの切り替え: {}",
}


def _pattern(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return words["pattern"].format(look.query.pattern)


def _time(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    span = look.query.time_range
    shown = replace(span, tz=look.tz) if span else TimeRange(None, None, look.tz)
    return words["time"].format(shown) if span else f"{words['all']} ({look.tz})"


def _text(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return words["text"].format(look.query.text) if look.query.text else words["no text"]


def _value(words: _Words, verb: str, given: Mapping[str, Any]) -> str:
    value = given["value"]
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return words[verb].format(f"{given['field']}: {shown}")


def _include(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return _value(words, "include", given)


def _exclude(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return _value(words, "exclude", given)


def _exists(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return words["has"].format(given["field"])


def _missing(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return words["lacks"].format(given["field"])


def _one_of(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    verb = "exclude" if given.get("negate") else "include"
    return _value(words, verb, {"field": given["field"], "value": given["values"]})


def _between(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    low, high = (given.get(name) for name in ("low", "high"))
    verb = "exclude" if given.get("negate") else "include"
    ends = ["…" if end is None else end for end in (low, high)]
    return words[verb].format(f"{given['field']}: {ends[0]} – {ends[1]}")


def _column(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    verb = "column" if given["field"] in look.columns else "no column"
    return words[verb].format(given["field"])


def _exclusion(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    values = tuple(given["values"])
    on = any(pill.negate and pill.values == values for pill in look.query.active)
    return words["known" if on else "no known"].format(given.get("label") or given.get("id") or "")


def _open(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    return words["open"].format(given.get("name") or look.query.pattern)


def _pill(words: _Words, given: Mapping[str, Any], look: Look) -> str:
    told = str(given.get("label") or given["index"])
    return words[given["action"]].format(told)


_SAY: Mapping[str, Callable[[_Words, Mapping[str, Any], Look], str]] = {
    "pattern": _pattern,
    "time": _time,
    "zoom": _time,
    "text": _text,
    "include": _include,
    "exclude": _exclude,
    "exists": _exists,
    "missing": _missing,
    "one_of": _one_of,
    "between": _between,
    "column": _column,
    "exclusion": _exclusion,
    "open": _open,
    "pill": _pill,
}
