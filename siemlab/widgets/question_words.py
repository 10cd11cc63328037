"""What a question and the bar of a mission say, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["PHASES", "WORDS", "Say", "speaker"]

Say = Callable[..., str]
"""Says a word, its gaps filled in."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Question {id}", "問題 {id}"),
    "worth_open": ("{value} points", "{value} 点"),
    "worth_less": ("{remaining} of {value} points left", "残り {remaining} 点（満点 {value} 点）"),
    "worth_done": ("{points} of {value} points", "{points} / {value} 点"),
    "submit": ("Answer", "回答する"),
    "your_answer": ("Your answer", "回答"),
    "example": ("e.g. {example}", "例: {example}"),
    "zone": ("Time zone: {zone}", "タイムゾーン: {zone}"),
    "many_help": (
        "Several values: separate them with commas or new lines (Shift+Enter).",
        "複数の値は、コンマまたは改行（Shift+Enter）で区切ってください。",
    ),
    "place": ("Place {n}", "{n} 番目"),
    "choose": ("choose", "選択してください"),
    "hint": ("Hint {n}", "ヒント {n}"),
    "open_hint": ("Open hint {n} of 3", "ヒント {n} / 3 を開く"),
    "hint_price": (
        "costs {price}; {left} points are left then",
        "{price} 点減ります（開くと残り {left} 点）",
    ),
    "hint_free": ("free", "無料で開けます"),
    "show": ("Show me the answer", "答えを見る"),
    "show_price": (
        "0 points; the story goes on",
        "得点は 0 点になりますが、先へ進めます",
    ),
    "show_later": (
        "possible after all hints, or after a while",
        "ヒントをすべて開くか、しばらくたつと使えます",
    ),
    "wrong": ("Not this one", "不正解です"),
    "foil": ("Not this one; one step to look at again", "不正解です。見直す手順があります"),
    "unreadable": ("Not readable as an answer", "回答として読み取れません"),
    "wait": ("Please wait a moment", "少し待ってください"),
    "wait_text": (
        "The next answer is taken in {n} s. This try did not count.",
        "次の回答は {n} 秒後に送れます。今の回答は数えていません。",
    ),
    "empty": ("Nothing is filled in yet", "まだ入力されていません"),
    "empty_text": ("Fill in every part, then answer.", "すべての欄を埋めてから回答してください。"),
    "shown": ("The answer was shown", "答えを表示しました"),
    "shown_text": (
        "No points for this one. Go on with the next.",
        "この問題は 0 点です。次へ進みましょう。",
    ),
    "solved": ("Right", "正解です"),
    "solved_text": ("{points} of {value} points.", "得点: {points} / {value} 点"),
    "no_key": ("This question has no key", "この問題の採点データがありません"),
    "no_key_text": (
        "Keys of this team are missing; tell your instructor.",
        "このチームの採点データがありません。講師に知らせてください。",
    ),
    "answer": ("Answer:", "答え:"),
    "key_point": ("Key point", "ポイント"),
    "hints": ("Opened hints", "開いたヒント"),
    "tries": ("Your tries", "これまでの回答"),
    "try_right": ("right", "正解"),
    "try_wrong": ("not right", "不正解"),
    "try_foil": ("not right", "不正解"),
    "try_unreadable": ("not readable, not counted", "読み取れず（数えません）"),
    "try_again": ("the same again, not counted", "前と同じ（数えません）"),
    "unsaved": (
        "Your progress cannot be saved: {why}. You can go on; it lasts until the kernel stops.",
        "進捗を保存できません（{why}）。続けられますが、カーネルを止めると失われます。",
    ),
    "unread": (
        "Your earlier progress cannot be read: {why}. You can go on with a new start.",
        "これまでの進捗を読めません（{why}）。最初からの状態で続けられます。",
    ),
    "slow": ("Still waiting: the kernel is busy.", "応答を待っています。カーネルが処理中です。"),
    "silent": (
        "No answer. If the kernel was restarted, run this cell again.",
        "応答がありません。カーネルを再起動した場合は、このセルをもう一度実行してください。",
    ),
    "gone": (
        "The kernel behind this question is gone. Run this cell again.",
        "この問題につながるカーネルがなくなりました。このセルをもう一度実行してください。",
    ),
    "unexpected": (
        "An unexpected error; the log of Jupyter has the details.",
        "予期しないエラーです。詳細は Jupyter のログにあります。",
    ),
    "mission": ("Mission {id}: {title}", "ミッション {id}: {title}"),
    "points_of": ("{points} of {value} points", "{points} / {value} 点"),
    "summary": (
        "{solved} of {all} solved, {shown} shown, {open} open",
        "{all} 問中 正解 {solved}、答えを表示 {shown}、未解答 {open}",
    ),
    "questions": ("Questions", "問題の一覧"),
    "state_solved": (
        "{id}: solved, {points} of {value} points",
        "{id}: 正解、{points} / {value} 点",
    ),
    "state_shown": ("{id}: answer shown, 0 of {value} points", "{id}: 答えを表示、0 / {value} 点"),
    "state_open": ("{id}: open, {value} points", "{id}: 未解答、{value} 点"),
}

PHASES: Final[dict[str, tuple[str, str]]] = {
    "preparation": ("Preparation", "準備"),
    "detection": ("Detection", "検知"),
    "analysis": ("Analysis", "分析"),
    "containment": ("Containment", "封じ込め"),
    "eradication": ("Eradication", "根絶"),
    "recovery": ("Recovery", "復旧"),
    "lessons": ("Lessons learned", "教訓"),
}
"""The phases of NIST SP 800-61, as a question names them."""


def speaker(lang: str) -> Say:
    """Return a function that says a word in a language.

    Parameters
    ----------
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> speaker("ja")("title", id="L1-A.3")
    '問題 L1-A.3'
    """
    at = 1 if lang == "ja" else 0

    def say(word: str, **given: object) -> str:
        return WORDS[word][at].format(**given)

    return say
