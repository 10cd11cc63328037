"""Text logs: a record a line, taken apart by a pattern or by the columns of a header line."""

from __future__ import annotations

from collections.abc import Iterator

from siemlab.logs.model import LogType, Record
from siemlab.normalize.document import Refused
from siemlab.normalize.reading import RAW, Reading, is_text

__all__ = ["frame_lines", "frame_table"]


def frame_lines(reading: Reading, log_type: LogType) -> Iterator[Record | Refused]:
    """Read a record a line, the fields by the type's pattern.

    Parameters
    ----------
    reading
        The text.
    log_type
        Its pattern is matched from the beginning of a line.

    Yields
    ------
    Record | Refused
        Refused: lines that do not fit the pattern.
    """
    pattern = log_type.pattern
    if pattern is None:
        raise AssertionError(f"{log_type.name} has no pattern")
    match = pattern.match
    for line in _lines(reading):
        if isinstance(line, Refused):
            yield line
        elif found := match(line):
            reading.number += 1
            yield Record(reading.number, found.groupdict(), line)
        else:
            yield reading.refuse(
                f"the line is not one of {log_type.name}",
                f"{log_type.name} の行として読めません",
                line,
            )


def frame_table(reading: Reading, _log_type: LogType) -> Iterator[Record | Refused]:
    """Read a record a line, its columns named by the first line.

    Parameters
    ----------
    reading
        The text. Where the first line stands again (files put together), it is no record.

    Yields
    ------
    Record | Refused
        Refused: lines with more or fewer columns than the first one has.
    """
    lines = _lines(reading)
    header = next(lines, None)
    if header is None or isinstance(header, Refused):
        yield from (header,) if header else ()
        yield from (_without_header(reading, line) for line in lines)
        return
    names = header.replace("-", "_").split()
    twice = next((name for name in names if names.count(name) > 1), "")
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        columns = line.split(maxsplit=len(names))
        if twice and line != header:
            yield reading.refuse(
                f"the first line names the column {twice} twice",
                f"先頭行に列 {twice} が 2 回あります",
                line,
                twice,
            )
        elif len(columns) == len(names):
            if line != header:
                reading.number += 1
                yield Record(reading.number, dict(zip(names, columns, strict=True)), line)
        else:
            few = len(columns) < len(names)
            yield reading.refuse(
                f"the line has {'fewer' if few else 'more'} than the first line's"
                f" {len(names)} columns",
                f"列の数が先頭行の {len(names)} 個より{'少ない' if few else '多い'}行です",
                line,
            )


def _without_header(reading: Reading, line: str | Refused) -> Refused:
    if isinstance(line, Refused):
        return line
    return reading.refuse(
        "the first line, which names the columns, cannot be read",
        "列名を示す先頭行が読めません",
        line,
    )


def _lines(reading: Reading) -> Iterator[str | Refused]:
    """Yield lines without the white space around them; empty lines are none."""
    while reading.more():
        whole, end = _whole_lines(reading)
        reading.at = end
        clean = is_text(whole) and "\0" not in whole
        for line in whole.split("\n"):
            stripped = line.strip()
            if stripped:
                yield stripped if clean else _checked(reading, stripped)
        if len(reading.text) - reading.at > reading.limits.record:
            yield _too_long(reading)
    if reading.failure and not reading.over:
        yield reading.refuse_rest("", "")
    elif last := reading.text[reading.at :].strip():
        yield _checked(reading, last)


def _whole_lines(reading: Reading) -> tuple[str, int]:
    r"""Return the lines that are read whole, with ``\n`` between them, and where they end."""
    text = reading.text
    if "\r" not in text:
        end = text.rfind("\n", reading.at) + 1 or reading.at
        return text[reading.at : end], end
    # A \r that is read last may be the first half of a \r\n.
    last = len(text) if reading.ended else len(text) - 1
    end = max(text.rfind("\n", reading.at), text.rfind("\r", reading.at, last)) + 1 or reading.at
    return text[reading.at : end].replace("\r\n", "\n").replace("\r", "\n"), end


def _checked(reading: Reading, line: str) -> str | Refused:
    if len(line) > reading.limits.record:
        return reading.refuse(*_length(reading), line)
    if "\0" in line:
        return reading.refuse("the line holds a NUL byte", "行に NUL バイトがあります", line)
    if not is_text(line):
        return reading.refuse(
            "the line holds bytes that are no UTF-8", "行に UTF-8 でないバイトがあります", line
        )
    return line


def _too_long(reading: Reading) -> Refused:
    """Refuse the line that begins here, and read on to its end without keeping it."""
    raw = reading.text[reading.at : reading.at + RAW]
    while True:
        end = reading.text.find("\n", reading.at)
        reading.at = len(reading.text) if end < 0 else end + 1
        if end >= 0:
            return reading.refuse(*_length(reading), raw)
        if not reading.more():
            return reading.refuse_rest(*_length(reading), raw)


def _length(reading: Reading) -> tuple[str, str]:
    limit = reading.limits.record
    return (
        f"the record is longer than {limit:,} bytes; raise the limit if you trust it",
        f"レコードが {limit:,} バイトを超えています。信頼できるなら上限を上げてください",
    )
