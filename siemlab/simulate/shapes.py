"""JSON with holes: a record's shape is written once, and its holes are filled column by column.

A shape is compiled to the bytes between its holes; filling it for a thousand rows is a thousand
joins. No record is ever a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

import msgspec
import numpy as np

__all__ = ["Column", "Hole", "Shape", "compile_shape", "json_text"]

Column = Any
"""What fills a hole: one value for all rows (str, bytes, int), or one per row (list, array).

Text is escaped as JSON asks. Bytes are JSON already: of a text hole the inside of the quotes, of a
raw hole a whole value. Numbers fill as they are.
"""

MARK = "\x00"
ESCAPED_MARK = b"\\u0000"
RAW = "!"


@dataclass(frozen=True)
class Hole:
    r"""A place in a shape that is filled later.

    It can be a whole value, or a part of a text: ``f"arn:aws:s3:::{Hole('bucket')}"``.

    Parameters
    ----------
    name
        The column that fills it.
    raw
        Whether the column holds JSON values (numbers, objects) and not texts.

    Examples
    --------
    >>> shape = compile_shape({"who": f"user/{Hole('user')}", "n": Hole("n", raw=True)})
    >>> shape.rows(2, {"user": ["hana", 'a"b'], "n": [1, 2]})
    [b'{"who":"user/hana","n":1}', b'{"who":"user/a\\"b","n":2}']
    """

    name: str
    raw: bool = False

    def __str__(self) -> str:
        return f"{MARK}{RAW if self.raw else ''}{self.name}{MARK}"

    def __format__(self, spec: str) -> str:
        return str(self)


@dataclass(frozen=True)
class Shape:
    """A compiled shape: ``segments`` has one more piece than ``holes`` has names."""

    segments: tuple[bytes, ...]
    holes: tuple[str, ...]

    def rows(self, count: int, columns: Mapping[str, Column]) -> list[bytes]:
        """Return the shape ``count`` times, its holes filled.

        Parameters
        ----------
        count
            The number of rows.
        columns
            A column for each hole; others are left unused.

        Raises
        ------
        KeyError
            A hole has no column.
        ValueError
            A column has another number of rows.
        """
        return join_parts(count, self.parts(count, columns))

    def parts(self, count: int, columns: Mapping[str, Column]) -> list[bytes | list[bytes]]:
        """Return the pieces of ``count`` rows in order: bytes for all rows, or a list of bytes."""
        parts: list[bytes | list[bytes]] = [self.segments[0]]
        for name, segment in zip(self.holes, self.segments[1:], strict=True):
            parts.append(fill(count, name, columns[name]))
            parts.append(segment)
        return parts


def join_parts(count: int, parts: Iterable[bytes | list[bytes]]) -> list[bytes]:
    """Return the rows that the pieces make; constant neighbors are joined once, not per row."""
    merged: list[bytes | list[bytes]] = []
    for part in parts:
        if isinstance(part, bytes) and merged and isinstance(merged[-1], bytes):
            merged[-1] += part
        else:
            merged.append(part)
    if len(merged) == 1 and isinstance(merged[0], bytes):
        return [merged[0]] * count
    columns = [repeat(part) if isinstance(part, bytes) else part for part in merged]
    return list(map(b"".join, zip(*columns, strict=False)))


def fill(count: int, name: str, column: Column) -> bytes | list[bytes]:
    """Return a column as bytes for all rows, or as a list of bytes.

    Raises
    ------
    ValueError
        The column has another number of rows than ``count``.
    """
    if isinstance(column, str | bytes | int):
        return value_bytes(column)
    if isinstance(column, np.ndarray):
        column = column.tolist()
    if len(column) != count:
        raise ValueError(f"column {name!r} has {len(column)} rows, not {count}")
    if not column:
        return []
    if isinstance(column[0], bytes):
        return list(column)
    if isinstance(column[0], int):
        return [b"%d" % value for value in column]
    return json_text(column)


def value_bytes(value: str | bytes | int) -> bytes:
    """Return one value as it stands in a hole."""
    if isinstance(value, bytes):
        return value
    return b"%d" % value if isinstance(value, int) else _escaped(value)


def json_text(texts: Sequence[str]) -> list[bytes]:
    r"""Return texts as they stand between the quotes of JSON.

    Examples
    --------
    >>> json_text(['a"b', "さざなみ"])[0]
    b'a\\"b'
    """
    # Encoded all at once: inside a text a quote is never without its backslash.
    return msgspec.json.encode(texts)[2:-2].split(b'","') if texts else []


@lru_cache(maxsize=65536)
def _escaped(text: str) -> bytes:
    return msgspec.json.encode(text)[1:-1]


def _visible(template: Any) -> Any:
    """Return a template whose holes are marked texts."""
    if isinstance(template, Hole):
        return str(template)
    if isinstance(template, Mapping):
        return {str(key): _visible(value) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [_visible(value) for value in template]
    return template


def compile_shape(template: Any) -> Shape:
    """Return the shape of a template: JSON values (dict, list, text, number, None) with holes.

    Keys keep their order. Objects are written without blanks, as AWS writes them.

    Examples
    --------
    >>> compile_shape({"a": None, "b": [True, Hole("x")]}).segments
    (b'{"a":null,"b":[true,"', b'"]}')
    """
    pieces = msgspec.json.encode(_visible(template)).split(ESCAPED_MARK)
    segments, holes = list(pieces[0::2]), []
    for index, name in enumerate(pieces[1::2]):
        raw = name.startswith(RAW.encode())
        if raw:
            segments[index] = segments[index].removesuffix(b'"')
            segments[index + 1] = segments[index + 1].removeprefix(b'"')
        holes.append(name.decode().removeprefix(RAW))
    return Shape(tuple(segments), tuple(holes))
