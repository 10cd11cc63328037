"""A mission's notebook asks each of its questions: once of the learner, once of the solution."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from siemlab.editions.master import Cell, Master
from siemlab.errors import MissionFileError

__all__ = ["check_questions", "questions_asked"]


def check_questions(master: Master, file: str, content: Path) -> None:
    """Check that a master asks what its mission's YAML holds; one without a YAML asks nothing.

    Parameters
    ----------
    master
        The master.
    file
        The name of its file.
    content
        The folder of the missions' YAML.

    Raises
    ------
    MissionFileError
        When a question is missing, asked twice, or out of order. The error names file and line.

    Examples
    --------
    >>> check_questions(Master("first-look", ()), "first-look.md", Path("nowhere"))
    """
    from siemlab.missions import read_mission

    path = content / f"{master.mission}.yaml"
    if not path.is_file():
        return
    wanted = [question.id for question in read_mission(path).questions]
    for tag, what, which in (
        ("learner", "a learner", "学習者用"),
        ("solution", "a solution", "解答"),
    ):
        asked = [found for cell in master.cells if tag in cell.tags for found in _asked(cell)]
        for at, question_id in enumerate(wanted):
            if at < len(asked) and asked[at][0] == question_id:
                continue
            found, line = asked[at] if at < len(asked) else ("", 0)
            raise MissionFileError(
                f'in cells of {what} the question "{question_id}" comes next: ask each once, '
                f"in the order of the YAML{f' (here is {found})' if found else ''}",
                f"{which}セルの次の問いは {question_id} です。YAML の順に 1 回ずつ問うてください"
                f"{f'（ここにあるのは {found}）' if found else ''}",
                file=file,
                line=line,
            )
        for found, line in asked[len(wanted) :]:
            raise MissionFileError(
                f'"{found}" is asked in cells of {what} once too often',
                f"{which}セルで {found} が余分に問われています",
                file=file,
                line=line,
            )


def questions_asked(code: str) -> list[tuple[str, int]]:
    """Return the questions that code asks, with the lines on which it does, from 1.

    Examples
    --------
    >>> questions_asked('lab.question("L1-A.3")')
    [('L1-A.3', 1)]
    """
    found = [
        (node.args[0].value, node.lineno)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "question"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    return sorted(((str(name), line) for name, line in found), key=lambda pair: pair[1])


def _asked(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the questions of a cell, with the lines of the master."""
    if cell.kind == "code":
        above = cell.line + bool(cell.tags)
        yield from ((name, above + line) for name, line in questions_asked(cell.source["en"]))
