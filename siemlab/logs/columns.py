"""Columns of many records on their way into lines: one length, one type, escaped where needed.

A column is what a caller has at hand: a polars Series, a numpy array, a list, or one value for all
records. ``None`` stands for what a record does not have, which text logs write as ``-``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from siemlab.errors import LogFormatError
from siemlab.logs.rows import Frame

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "IN_JSON",
    "IN_LINE",
    "Columns",
    "Escaping",
    "Table",
    "filled",
    "holes",
    "listed",
    "quoted",
    "together",
]

Columns = Mapping[str, Any]
"""Field name to column: a polars Series, a numpy array, a list, or one value for all records."""

HOLE = re.compile(r"\$(\w+)")


class Escaping(NamedTuple):
    """Which texts have to be escaped, and how."""

    special: str
    escape: Callable[[str], str]


def _hex_escaped(text: str) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}"
        for byte in text.encode()
    )


IN_JSON = Escaping(r'["\\\x00-\x1f]', lambda text: json.dumps(text, ensure_ascii=False)[1:-1])
r"""Between the quotes of a JSON string, where other characters stay as they are."""

IN_LINE = Escaping(r'["\\\x00-\x1f\x7f-\x{10ffff}]', _hex_escaped)
r"""Between the quotes of an access log, which writes ``\xHH`` for each special byte."""


class Table:
    """Columns of one length, as polars expressions of the kinds that are asked for.

    Parameters
    ----------
    columns
        The columns.
    fields
        The names that there may be.

    Raises
    ------
    LogFormatError
        A column that the log type does not have, or columns of different lengths.

    Examples
    --------
    >>> table = Table({"port": [22, None], "action": "ACCEPT"}, ("port", "action", "bytes"))
    >>> import polars as pl
    >>> pl.select(**{name: table.text(name) for name in ("port", "action", "bytes")}).rows()
    [('22', 'ACCEPT', None), (None, 'ACCEPT', None)]
    """

    def __init__(self, columns: Columns, fields: Sequence[str]) -> None:
        unknown = sorted(columns.keys() - {*fields})
        if unknown:
            raise LogFormatError(
                f"no such column; there are {', '.join(fields)}",
                f"この列はありません。あるのは {', '.join(fields)} です",
                field=unknown[0],
            )
        self._columns = columns
        lengths = {name: len(column) for name, column in columns.items() if _is_many(column)}
        self.height = next(iter(lengths.values()), 1)
        for name, length in lengths.items():
            if length != self.height:
                raise LogFormatError(
                    f"the column has {length} values, others have {self.height}",
                    f"列の値が {length} 個で、ほかの列の {self.height} 個と合いません",
                    field=name,
                )

    def series(self, name: str) -> pl.Series:
        """Return a column as it was given, a value for each record; null where none is given.

        Parameters
        ----------
        name
            The field.
        """
        import polars as pl

        column: Any = self._columns.get(name)
        if not _is_many(column):
            return pl.Series(name, [column]).new_from_index(0, self.height)
        if getattr(getattr(column, "dtype", None), "kind", "") == "S":  # bytes of numpy
            column = column.tolist()
        return pl.Series(name, column)

    def _given(self, name: str) -> pl.Expr:
        """Return a column as it was given; what is one value stays one."""
        import polars as pl

        column = self._columns.get(name)
        return pl.lit(self.series(name) if _is_many(column) else column)

    def text(self, name: str) -> pl.Expr:
        """Return a column of text; bytes are UTF-8."""
        import polars as pl

        return self._given(name).cast(pl.String)

    def whole(self, name: str) -> pl.Expr:
        """Return a column of whole numbers; where text says ``-``, there is none."""
        import polars as pl

        if self._is_text(name):
            return self.text(name).replace("-", None).cast(pl.Int64)
        return self._given(name).cast(pl.Int64)

    def time(self, name: str, form: str, unit: Literal["ms", "us"]) -> pl.Expr:
        """Return a column of times as text.

        Parameters
        ----------
        name
            The field: whole numbers since 1970, or text, which stays as it is.
        form
            The codes of ``strftime``.
        unit
            What the numbers count.
        """
        import polars as pl

        if self._is_text(name):
            return self.text(name)
        return self._given(name).cast(pl.Int64).cast(pl.Datetime(unit)).dt.strftime(form)

    def seconds(self, name: str) -> pl.Expr:
        """Return a column of milliseconds as seconds (``0.043``), below 0 and null as ``-1``.

        Text stays as it is.
        """
        import polars as pl

        if self._is_text(name):
            return self.text(name).fill_null("-1")
        found = self._given(name).cast(pl.Int64)
        shown = together(
            (found // 1000).cast(pl.String), ".", (found % 1000).cast(pl.String).str.zfill(3)
        )
        return pl.when(found >= 0).then(shown).otherwise(pl.lit("-1"))

    def escaped(self, names: Sequence[str], escaping: Escaping) -> dict[str, pl.Expr]:
        r"""Return columns of text, escaped.

        Parameters
        ----------
        names
            The fields.
        escaping
            `IN_JSON` or `IN_LINE`.

        Examples
        --------
        >>> import polars as pl
        >>> table = Table({"agent": ["curl", 'a "b"\\c', "é", None]}, ("agent",))
        >>> pl.select(table.escaped(["agent"], IN_LINE)["agent"]).to_series().to_list()
        ['curl', 'a \\x22b\\x22\\x5Cc', '\\xC3\\xA9', None]
        >>> pl.select(table.escaped(["agent"], IN_JSON)["agent"]).to_series().to_list()
        ['curl', 'a \\"b\\"\\\\c', 'é', None]
        """
        import polars as pl

        given = {name: self._columns.get(name) for name in names}
        found = {
            name: (self.series(name) if _is_many(column) else pl.Series([column])).cast(pl.String)
            for name, column in given.items()
        }
        hostile = [
            pl.lit(column).str.contains(escaping.special).any().alias(name)
            for name, column in found.items()
        ]
        for name, is_hostile in pl.select(hostile).to_dict(as_series=False).items():
            if is_hostile == [True]:
                found[name] = _escape(found[name], escaping)
        return {
            name: pl.lit(column if _is_many(given[name]) else column[0], dtype=pl.String)
            for name, column in found.items()
        }

    def _is_text(self, name: str) -> bool:
        import polars as pl

        column = self._columns.get(name)
        if not _is_many(column):
            return column is None or isinstance(column, str | bytes)
        return self.series(name).dtype in (pl.String, pl.Binary)


def _is_many(column: Any) -> bool:
    return column is not None and not isinstance(column, str | bytes) and hasattr(column, "__len__")


def _escape(column: pl.Series, escaping: Escaping) -> pl.Series:
    texts = column.filter(column.str.contains(escaping.special)).unique().to_list()
    return column.replace(texts, [escaping.escape(text) for text in texts])


def quoted(column: pl.Expr, null: str | None = "-") -> pl.Expr:
    """Put quotes around texts.

    Parameters
    ----------
    column
        The texts.
    null
        What stands between the quotes for null; None leaves it without any.

    Examples
    --------
    >>> import polars as pl
    >>> column = pl.lit(pl.Series(["a", None]))
    >>> pl.select(dash=quoted(column), none=quoted(column, None)).rows()
    [('"a"', '"a"'), ('"-"', None)]
    """
    return together('"', column if null is None else column.fill_null(null), '"')


def together(*parts: pl.Expr | str) -> pl.Expr:
    """Put the parts of each record together; where one is null, all are.

    Parameters
    ----------
    parts
        Columns, and the text between them.

    Examples
    --------
    >>> import polars as pl
    >>> pl.select(together("a=", pl.lit(pl.Series([1, None])), ";")).to_series().to_list()
    ['a=1;', None]
    """
    import polars as pl

    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in parts])


def listed(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Put the values of each record into a list, with commas between; nulls are left out.

    Examples
    --------
    >>> import polars as pl
    >>> columns = [pl.lit(pl.Series(["a", None])), pl.lit("b")]
    >>> pl.select(listed(columns)).to_series().to_list()
    ['a,b', 'b']
    """
    import polars as pl

    if not columns:
        return pl.lit("")
    return pl.concat_str(columns, separator=",", ignore_nulls=True)


def holes(shape: str) -> tuple[str, ...]:
    """Return the names of the holes in a shape: ``{"a":"$text","b":$value}``.

    Examples
    --------
    >>> holes('{"a":"$text","b":$value}')
    ('text', 'value')
    """
    return tuple(HOLE.findall(shape))


def filled(shape: str, table: Table, made: Mapping[str, pl.Expr]) -> Frame:
    r"""Fill the holes of a shape for each record.

    Parameters
    ----------
    shape
        JSON with holes: in quotes they take text, which is escaped, elsewhere JSON values.
    table
        A column for each hole. Text that is null is empty, a JSON value is null.
    made
        Columns that are not in the table, as they stand in the record.

    Examples
    --------
    >>> table = Table({"text": ['a"b', None], "value": [7, None]}, ("text", "value"))
    >>> filled('{"a":"$text","b":$value}', table, {}).join(0, 2, b" ")
    b'{"a":"a\\"b","b":7} {"a":"","b":null}'
    """
    import polars as pl

    literals, names = HOLE.split(shape)[::2], holes(shape)
    pairs = list(zip(names, literals, strict=False))
    texts = table.escaped(
        [name for name, before in pairs if name not in made and before.endswith('"')], IN_JSON
    )
    parts: list[pl.Expr | str] = []
    for name, before in pairs:
        parts.append(before)
        if name in made:
            parts.append(made[name])
        elif name in texts:
            parts.append(texts[name].fill_null(""))
        else:
            parts.append(table.text(name).fill_null("null"))
    return Frame(pl.select(together(*parts, literals[-1]).alias("record")))
