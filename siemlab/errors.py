"""The error tree. Every error says what, where, and what to do next, in English and Japanese.

::

    SiemlabError
    ├── LogFormatError         a raw record that cannot become a document  (file, record, field)
    ├── QuerySyntaxError       a query text or filter value that cannot be read  (text, column)
    │   └── QueryNotSupportedError   it can be read, but siemlab does not answer it
    ├── UnknownFieldError      a field that no searched index has
    ├── StoreError             a store or server that is missing, broken, or says no
    ├── AnswerFormatError      an answer that is not of the wanted type; it costs nothing
    └── MissionFileError       a mission's source that cannot be read  (file, line, field)
"""

from __future__ import annotations

__all__ = [
    "AnswerFormatError",
    "LogFormatError",
    "MissionFileError",
    "QueryNotSupportedError",
    "QuerySyntaxError",
    "SiemlabError",
    "StoreError",
    "UnknownFieldError",
]


class SiemlabError(Exception):
    """Any error that siemlab raises on purpose.

    Parameters
    ----------
    en, ja
        The sentence for the reader, in English and Japanese. Without ``ja`` the English one
        serves for both.

    Examples
    --------
    >>> error = SiemlabError("no such store", "ストアがありません")
    >>> str(error), error.message("ja")
    ('no such store', 'ストアがありません')
    """

    def __init__(self, en: str, ja: str = "") -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja or en

    def message(self, lang: str = "en") -> str:
        """Return the sentence in a language, ``"en"`` or ``"ja"``."""
        return self.ja if lang == "ja" else self.en

    def __str__(self) -> str:
        return self.message("en")


class LogFormatError(SiemlabError, ValueError):
    """A raw record that cannot become a document.

    Parameters
    ----------
    en, ja
        What is wrong, and what to do about it.
    file
        The object it lies in: the S3 key, or the path below the folder that was given.
    record
        The number of the record in its file, from 1; 0 where the file as a whole is meant.
    field
        The field that is to blame, empty where none is.

    Examples
    --------
    >>> print(LogFormatError("is no time", file="a.json.gz", record=3, field="eventTime"))
    a.json.gz, record 3, eventTime: is no time
    """

    def __init__(
        self, en: str, ja: str = "", *, file: str = "", record: int = 0, field: str = ""
    ) -> None:
        super().__init__(en, ja)
        self.file = file
        self.record = record
        self.field = field

    def message(self, lang: str = "en") -> str:
        """Return the place and the sentence."""
        number = f"レコード {self.record}" if lang == "ja" else f"record {self.record}"
        place = (self.file, number if self.record else "", self.field)
        return f"{', '.join(part for part in place if part)}: {super().message(lang)}".lstrip(": ")


class QuerySyntaxError(SiemlabError, ValueError):
    """A query text that cannot be read, or a filter value that its field cannot hold.

    Parameters
    ----------
    en, ja
        What is wrong, with a hint: "quote the CIDR", "AND must be upper case".
    text
        The whole query text.
    column
        Where in ``text`` it went wrong, from 1; 0 where no place is known.

    Examples
    --------
    >>> print(QuerySyntaxError("a parenthesis is not closed", text="(a OR b", column=1))
    a parenthesis is not closed (column 1)
      (a OR b
      ^
    """

    def __init__(self, en: str, ja: str = "", *, text: str = "", column: int = 0) -> None:
        super().__init__(en, ja)
        self.text = text
        self.column = column

    def message(self, lang: str = "en") -> str:
        """Return the sentence, and below it the text with a mark under the column."""
        sentence = super().message(lang)
        if not self.column:
            return sentence
        place = f"（{self.column} 文字目）" if lang == "ja" else f" (column {self.column})"
        return f"{sentence}{place}\n  {self.text}\n  {' ' * (self.column - 1)}^"


class QueryNotSupportedError(QuerySyntaxError, NotImplementedError):
    """A query text that OpenSearch answers and siemlab does not: fuzzy words, proximity."""


class UnknownFieldError(SiemlabError, KeyError):
    """A field that no searched index has, or that cannot be aggregated."""


class StoreError(SiemlabError, RuntimeError):
    """A store or a server that is missing, broken, busy, or refuses a request."""


class AnswerFormatError(SiemlabError, ValueError):
    """An answer that is not of the type that the question wants. It says what is wanted."""


class MissionFileError(SiemlabError, ValueError):
    """A mission's source that cannot be read.

    Parameters
    ----------
    en, ja
        What is wrong, and what to do about it.
    file
        The source file.
    line
        The line in it, from 1; 0 where the file as a whole is meant.
    field
        The field that is to blame, ``questions[2].hints[1].ja``; empty where none is.

    Examples
    --------
    >>> print(MissionFileError("this block has no end", file="first-look.md", line=7))
    first-look.md, line 7: this block has no end
    """

    def __init__(
        self, en: str, ja: str = "", *, file: str = "", line: int = 0, field: str = ""
    ) -> None:
        super().__init__(en, ja)
        self.file = file
        self.line = line
        self.field = field

    def message(self, lang: str = "en") -> str:
        """Return the place and the sentence."""
        number = f"{self.line} 行目" if lang == "ja" else f"line {self.line}"
        place = (self.file, number if self.line else "", self.field)
        return f"{', '.join(part for part in place if part)}: {super().message(lang)}".lstrip(": ")
