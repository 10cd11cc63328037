"""What is said about a query text that cannot be read: one sentence per kind of mistake.

Each says what is wrong and what to write instead, in English and Japanese.
"""

from __future__ import annotations

from enum import Enum

from siemlab.errors import QueryNotSupportedError, QuerySyntaxError

__all__ = ["Mistake", "mistake"]


class Mistake(Enum):
    """A kind of mistake, with its sentence in English and Japanese."""

    OPEN_QUOTE = (
        'a quotation mark is not closed; close it, or write \\" for one that is meant',
        "引用符が閉じていません。閉じるか、文字として使うなら \\" + '" と書いてください',
    )
    OPEN_SLASH = (
        "a slash starts a regular expression and no second one ends it; "
        'put the value in quotes ("10.0.0.0/8") or write \\/',
        "スラッシュは正規表現の始まりですが、終わりのスラッシュがありません。"
        '値を引用符で囲む（"10.0.0.0/8"）か \\/ と書いてください',
    )
    CIDR = (
        'quote the CIDR: write "{0}"; a bare slash starts a regular expression',
        'CIDR は引用符で囲んで "{0}" と書いてください。スラッシュは正規表現の始まりになります',
    )
    LONE_BACKSLASH = (
        "a backslash stands at the end with nothing to escape; write \\\\ for one that is meant",
        "末尾の \\ のあとに文字がありません。文字として使うなら \\\\ と書いてください",
    )
    STRAY_BRACKET = (
        "this bracket closes nothing; put it in quotes or write \\ before it",
        "対応する開き括弧がありません。引用符で囲むか、前に \\ を付けてください",
    )
    UNICODE_ESCAPE = (
        "\\u must be followed by four hexadecimal digits, as in \\u3042",
        "\\u のあとには \\u3042 のように 16 進数 4 桁が必要です",
    )
    BOOST = (
        "^ must be followed by a number; to search for the character write \\^",
        "^ のあとには数値が必要です。文字として検索するなら \\^ と書いてください",
    )
    COLON = (
        'a second colon; put the value in quotes ("...") or write \\: for each colon in it',
        'コロンが余分です。値を引用符で囲む（"..."）か、値の中のコロンを \\: と書いてください',
    )
    COLON_FIRST = (
        "a field name must stand before the colon; "
        'to search for a colon put the text in quotes ("...")',
        "コロンの前にフィールド名が必要です。"
        'コロンを含む文字列を検索するなら引用符で囲んでください（"..."）',
    )
    FIELD_PATTERN = (
        "in a field name the wildcard is written \\*: {0}:",
        "フィールド名のワイルドカードは \\* と書きます: {0}:",
    )
    FIELD_QUOTED = (
        "a field name is written without quotes: {0}:",
        "フィールド名は引用符なしで書きます: {0}:",
    )
    NO_VALUE = (
        "a value is missing after the colon; "
        "documents that have the field: {0}:*, documents without it: NOT {0}:*",
        "コロンのあとに値がありません。"
        "フィールドを持つ文書は {0}:*、持たない文書は NOT {0}:* で検索できます",
    )
    SIGNED_VALUE = (
        'a value that begins with {0} must be in quotes, or written with \\{0}: "{0}{1}"',
        '{0} で始まる値は引用符で囲むか \\{0} と書いてください: "{0}{1}"',
    )
    OPERATOR_VALUE = (
        '{0} is an operator; as a value write "{0}"',
        '{0} は演算子です。値として使うなら "{0}" と書いてください',
    )
    OPERATOR_FIRST = (
        "{0} needs a clause on both sides; there is none before it",
        "{0} の前に条件がありません。両側に条件が必要です",
    )
    OPERATOR_TWICE = (
        "{0} cannot stand after {1}; as a word write it in quotes or in lower case",
        "{1} のあとに {0} は置けません。単語として使うなら引用符で囲むか小文字にしてください",
    )
    OPERATOR_LAST = (
        "{0} needs a clause after it",
        "{0} のあとに条件がありません",
    )
    NOTHING = (
        "a parenthesis with nothing in it; write a clause between ( and )",
        "括弧の中が空です。( と ) の間に条件を書いてください",
    )
    OPEN_PARENTHESIS = (
        "a parenthesis is not closed; close it, or write \\( for one that is meant",
        "括弧が閉じていません。閉じるか、文字として使うなら \\( と書いてください",
    )
    STRAY_PARENTHESIS = (
        "this parenthesis closes nothing; remove it, or write \\) for one that is meant",
        "対応する ( がありません。削除するか、文字として使うなら \\) と書いてください",
    )
    OPEN_RANGE = (
        "a range is not closed; write [low TO high] or {{low TO high}}",
        "範囲が閉じていません。[下限 TO 上限] または {{下限 TO 上限}} と書いてください",
    )
    RANGE = (
        "a range is written [low TO high], with * for an open end; "
        "an end with blanks or brackets in it needs quotes",
        "範囲は [下限 TO 上限] と書きます。端を開くには * を使い、"
        "空白や括弧を含む値は引用符で囲んでください",
    )
    RANGE_TO = (
        "TO must be upper case: [low TO high]",
        "TO は大文字で書いてください: [下限 TO 上限]",
    )
    FUZZY_TWICE = (
        "~ cannot stand here; to search for the character write \\~",
        "ここに ~ は置けません。文字として検索するなら \\~ と書いてください",
    )
    CARET = (
        "^ must stand directly behind a word, a quoted text or a parenthesis; "
        "to search for the character write \\^",
        "^ は単語、引用符、括弧の直後にだけ置けます。文字として検索するなら \\^ と書いてください",
    )
    EMPTY = (
        "there is nothing to search for in this text",
        "検索する内容がありません",
    )
    TOO_LONG = (
        "the text has {0:,} characters; OpenSearch reads at most {1:,}. "
        "For a long list of values use include(field, values)",
        "検索文が {0:,} 文字あります。OpenSearch が読めるのは {1:,} 文字までです。"
        "値が多いときは include(field, values) を使ってください",
    )
    FUZZY_WORD = (
        "fuzzy words (~) are not supported; use wildcards such as {0}*",
        "あいまい検索（~）には対応していません。{0}* のようなワイルドカードを使ってください",
    )
    PROXIMITY = (
        "proximity (~ after quotes) is not supported; "
        "write the words with AND, or the exact phrase in quotes",
        "近接検索（引用符のあとの ~）には対応していません。"
        "単語を AND でつなぐか、正確なフレーズを引用符で囲んでください",
    )
    TOO_DEEP = (
        "parentheses are nested more than {0} deep",
        "括弧の入れ子が {0} 段を超えています",
    )
    TOO_MANY = (
        "there are more than {0:,} clauses; for a list of values use include(field, values)",
        "条件が {0:,} 個を超えています。値が多いときは include(field, values) を使ってください",
    )


_NOT_SUPPORTED = frozenset(
    {Mistake.FUZZY_WORD, Mistake.PROXIMITY, Mistake.TOO_DEEP, Mistake.TOO_MANY}
)


def mistake(kind: Mistake, text: str, at: int, *details: object) -> QuerySyntaxError:
    """Return the error for a mistake.

    Parameters
    ----------
    kind
        Which mistake.
    text
        The whole query text.
    at
        Where it lies in the text, from 0.
    details
        What the sentence speaks of.

    Returns
    -------
    QuerySyntaxError
        To be raised; a `QueryNotSupportedError` for what OpenSearch would answer.

    Examples
    --------
    >>> print(mistake(Mistake.OPERATOR_LAST, "a AND", 2, "AND"))
    AND needs a clause after it (column 3)
      a AND
        ^
    """
    error = QueryNotSupportedError if kind in _NOT_SUPPORTED else QuerySyntaxError
    en, ja = (sentence.format(*details) for sentence in kind.value)
    return error(en, ja, text=text, column=at + 1)
