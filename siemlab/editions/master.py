"""The master format: Markdown with English and Japanese side by side, and each code cell once.

::

    ---
    mission: first-look
    ---
    % a line for authors; no edition shows it

    :::{en}
    # First look at a SIEM
    :::
    :::{ja}
    # はじめての SIEM
    :::

    ```{code-cell} python
    :tags: [parameters]
    lang = "{lang}"
    ```

docs/authoring.md explains it to authors. What is wrong is refused with file and line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from siemlab.errors import MissionFileError

__all__ = ["HEADINGS", "LANGS", "TAGS", "Cell", "Master", "read_master"]

LANGS = ("en", "ja")

HEADINGS = {
    "en": (
        "Briefing",
        "What we know",
        "Investigate",
        "Answer",
        "What happened",
        "What to log next",
    ),
    "ja": ("状況", "分かっていること", "調べる", "答える", "何が起きたか", "次に残すべきログ"),
}
"""The headings of a mission, the same in each one."""

TAGS = frozenset(
    {
        *("parameters", "raises-exception", "nbval-skip"),
        *("learner", "solution", "instructor", "proof"),
    }
)
"""Every tag that a cell can have. A misspelt "solution" would give the answer away."""

_OPENING = re.compile(r":::\{(en|ja)\}$|```\{(code)-cell\} python$")
_WIDE = "[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
_BREAK = re.compile(rf"(?<={_WIDE})\n *(?={_WIDE})")
_TAG_LINE = re.compile(r":tags: \[([a-z, -]*)\]$")


@dataclass(frozen=True)
class Cell:
    """One cell of a mission, before it becomes a cell of an edition.

    Parameters
    ----------
    number
        Its number in the master, from 1: the same in every edition.
    kind
        ``"text"`` or ``"code"``.
    source
        What it holds, by language. For code both are the same text.
    tags
        Where it belongs, and how it is run.
    line
        The line of the master on which it begins.

    Examples
    --------
    >>> Cell(1, "text", {"en": "Good", "ja": "良い"}, (), 5).source["ja"]
    '良い'
    """

    number: int
    kind: str
    source: dict[str, str]
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Master:
    """A mission's source, read and found sound.

    Parameters
    ----------
    mission
        Its id, which is also the name of its file.
    cells
        Its cells in order.

    Examples
    --------
    >>> Master("first-look", ()).mission
    'first-look'
    """

    mission: str
    cells: tuple[Cell, ...]

    @property
    def answering(self) -> tuple[str, ...]:
        """The code that answers the questions, and proves it: of no learner or instructor alone."""
        hidden = {"learner", "instructor"}
        cells = (cell for cell in self.cells if cell.kind == "code")
        return tuple(cell.source["en"] for cell in cells if not hidden & {*cell.tags})


@dataclass(frozen=True)
class _Block:
    kind: str
    body: tuple[str, ...]
    tags: tuple[str, ...]
    line: int


def read_master(path: Path) -> Master:
    """Read a mission's source and check that editions can be made of it.

    Parameters
    ----------
    path
        The master, ``<mission>.md``.

    Returns
    -------
    Master
        The mission, with both languages of each text.

    Raises
    ------
    MissionFileError
        When the file cannot be read as a master. The error names the line.

    Examples
    --------
    >>> read_master(Path("nowhere.md"))
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: nowhere.md: there is no such file
    """
    if not path.is_file():
        raise MissionFileError(
            "there is no such file", "ファイルがありません", file=path.name
        ) from None
    lines = path.read_text(encoding="utf-8").splitlines()
    mission, first = _front_matter(lines, path)
    cells = tuple(_cells(_blocks(lines, first, path.name), path.name))
    _check_parameters(cells, path.name)
    _check_headings(cells, path.name)
    return Master(mission, cells)


def _front_matter(lines: list[str], path: Path) -> tuple[str, int]:
    """Return the mission's id, and the index of the first line after the front matter."""
    if lines[:1] != ["---"] or lines[2:3] != ["---"] or lines[1] != f"mission: {path.stem}":
        raise MissionFileError(
            f'begin the file with three lines: "---", "mission: {path.stem}", "---"',
            f"先頭に「---」「mission: {path.stem}」「---」の 3 行を書いてください",
            file=path.name,
            line=1,
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        raise MissionFileError(
            "name a mission in small letters, digits and dashes",
            "ミッションの名前には英小文字、数字、ハイフンだけを使ってください",
            file=path.name,
            line=2,
        )
    return path.stem, 3


def _blocks(lines: list[str], first: int, file: str) -> Iterator[_Block]:
    """Cut the lines into blocks; between them only empty lines and authors' lines may stand."""
    at = first
    while at < len(lines):
        opening = _OPENING.match(lines[at])
        if opening is None:
            if lines[at].strip() and not lines[at].startswith("%"):
                raise MissionFileError(
                    'this line is in no block: put text in ":::{en}" and ":::{ja}", '
                    'code in "```{code-cell} python"',
                    "この行はどのブロックにも入っていません。文章は「:::{en}」と「:::{ja}」、"
                    "コードは「```{code-cell} python」の中に書いてください",
                    file=file,
                    line=at + 1,
                )
            at += 1
            continue
        fence = lines[at][:3]
        try:
            end = lines.index(fence, at + 1)
        except ValueError:
            raise MissionFileError(
                f'this block has no end: close it with "{fence}"',
                f"このブロックは閉じられていません。「{fence}」で閉じてください",
                file=file,
                line=at + 1,
            ) from None
        yield _block(opening[1] or opening[2], lines[at + 1 : end], at + 1, file)
        at = end + 1


def _block(kind: str, body: list[str], line: int, file: str) -> _Block:
    """Take the tags off a block and check what is left."""
    tag_line = _TAG_LINE.match(body[0]) if body else None
    tags = tuple(tag for tag in (tag_line[1].split(", ") if tag_line else ()) if tag)
    for tag in tags:
        if tag not in TAGS:
            raise MissionFileError(
                f'no tag is called "{tag}"; the tags are {", ".join(sorted(TAGS))}',
                f"「{tag}」というタグはありません。使えるタグ: {', '.join(sorted(TAGS))}",
                file=file,
                line=line + 1,
            )
    rest = tuple(body[1:] if tag_line else body)
    if not any(part.strip() for part in rest):
        raise MissionFileError("this block is empty", "このブロックは空です", file=file, line=line)
    if kind == "code":
        _check_code("\n".join(rest), line + len(body) - len(rest), file)
    return _Block(kind, rest, tags, line)


def _check_code(code: str, line: int, file: str) -> None:
    """Refuse code that is no Python: a learner would be the first to see it."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise MissionFileError(
            f"this code is no Python: {error.msg}",
            f"Python として読めないコードです: {error.msg}",
            file=file,
            line=line + (error.lineno or 1),
        ) from None


def _cells(blocks: Iterator[_Block], file: str) -> Iterator[Cell]:
    """Make cells of blocks: a code block is one, an English and a Japanese block are one."""
    number = 0
    for block in blocks:
        number += 1
        source = "\n".join(block.body).strip("\n")
        if block.kind == "code":
            yield Cell(number, "code", dict.fromkeys(LANGS, source), block.tags, block.line)
            continue
        other = next(blocks, None)
        if block.kind != "en" or other is None or other.kind != "ja" or other.tags != block.tags:
            raise MissionFileError(
                'write each text as ":::{en}" and, right after it, ":::{ja}" with the same tags',
                "文章は「:::{en}」と、そのすぐ後の「:::{ja}」を組にし、タグも同じにしてください",
                file=file,
                line=block.line,
            )
        # A browser shows a line's end as a blank, which Japanese text does not have.
        japanese = _BREAK.sub("", "\n".join(other.body).strip("\n"))
        texts = {"en": source, "ja": japanese}
        yield Cell(number, "text", texts, block.tags, block.line)


def _check_parameters(cells: tuple[Cell, ...], file: str) -> None:
    """Check the one cell that papermill fills: it reads one assignment a line, no more."""
    found = [cell for cell in cells if "parameters" in cell.tags]
    source = found[0].source["en"] if found else ""
    lines = source.splitlines()
    assignments = [part.lineno for part in ast.parse(source).body if isinstance(part, ast.Assign)]
    if (
        len(found) == 1
        and 'lang = "{lang}"' in lines
        and assignments == [*range(1, len(lines) + 1)]
    ):
        return
    raise MissionFileError(
        'one code cell has the tag "parameters", one assignment a line, '
        'and the line: lang = "{lang}"',
        "「parameters」タグのコードセルを 1 つ置き、1 行に代入を 1 つずつ書き、"
        'その中に lang = "{lang}" を入れてください',
        file=file,
        line=found[-1].line if found else 0,
    )


def _check_headings(cells: tuple[Cell, ...], file: str) -> None:
    """Check that both languages have a title and the headings of a mission, in order."""
    for lang in LANGS:
        texts = [cell.source[lang] for cell in cells if cell.kind == "text"]
        found = tuple(re.findall(r"^## (.*)$", "\n".join(texts), re.MULTILINE))
        if not (texts and texts[0].startswith("# ") and found == HEADINGS[lang]):
            wanted = ", ".join(HEADINGS[lang])
            raise MissionFileError(
                f'in "{lang}" the first text begins with "# ", and the "## " headings are '
                f"{wanted}, in this order",
                f"「{lang}」では最初の文章を「# 」で始め、「## 」の見出しをこの順に置いて"
                f"ください: {wanted}",
                file=file,
            )
