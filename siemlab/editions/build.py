"""Editions of a mission as Jupyter notebooks, the same bytes at each build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from siemlab.editions.asking import check_questions
from siemlab.editions.master import LANGS, Cell, Master, read_master
from siemlab.errors import MissionFileError
from siemlab.missions.loading import CONTENT

__all__ = ["EDITIONS", "build_editions"]

EDITIONS: Mapping[str, frozenset[str]] = {
    **{lang: frozenset({"solution", "instructor", "proof"}) for lang in LANGS},
    "solutions": frozenset({"learner", "instructor", "proof"}),
    "instructor": frozenset({"learner", "proof"}),
}
"""The folders of the editions, and the tags of cells that each leaves out.

The last two show both languages. A proof is in none: `siemlab prove` runs it.
"""


def build_editions(
    master: Path, out: Path, *, check: bool = False, content: Path | None = None
) -> list[Path]:
    """Build the notebooks of every mission from its one source.

    Parameters
    ----------
    master
        The folder of the sources, ``<mission>.md``.
    out
        The folder that holds one folder per edition: ``en``, ``ja``, ``solutions``,
        ``instructor``.
    check
        Write nothing, only tell what would change.
    content
        The folder of the missions' YAML; the package's own where None.

    Returns
    -------
    list of Path
        The notebooks that changed, or with `check` would change, sorted. A notebook whose
        source is gone is among them; it is deleted.

    Raises
    ------
    MissionFileError
        When `master` holds no source, or a source is wrong. The error names file and line.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     build_editions(Path(folder), Path(folder))
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: ...: no mission lies here: put a <mission>.md into it
    """
    sources = sorted(master.glob("*.md"))
    if not sources:
        raise MissionFileError(
            "no mission lies here: put a <mission>.md into it",
            "ミッションがありません。<mission>.md を置いてください",
            file=str(master),
        )
    fresh = {}
    for source in sources:
        mission = read_master(source)
        check_questions(mission, source.name, content or CONTENT)
        for edition in EDITIONS:
            fresh[out / edition / f"{source.stem}.ipynb"] = _text(mission, edition)
    stale = [path for path in _built(out) if path not in fresh]
    changed = [path for path, text in fresh.items() if not _holds(path, text)]
    if not check:
        for path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fresh[path])
        for path in stale:
            path.unlink()
    return sorted(changed + stale)


def _built(out: Path) -> Iterator[Path]:
    """Yield the notebooks that an earlier build made; a learner's own ones are none of them."""
    for edition in EDITIONS:
        for path in sorted((out / edition).glob("*.ipynb")):
            try:
                note = json.loads(path.read_bytes())["metadata"]["siemlab"]
            except (ValueError, KeyError, TypeError):
                continue
            if note.get("mission") == path.stem and note.get("edition") == edition:
                yield path


def _holds(path: Path, text: bytes) -> bool:
    """Tell whether a file is there and holds exactly this."""
    return path.is_file() and path.read_bytes() == text


def _text(mission: Master, edition: str) -> bytes:
    """Return a notebook as its file's bytes."""
    import nbformat

    notebook = _notebook(mission, edition)
    nbformat.validate(notebook)
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _notebook(mission: Master, edition: str) -> dict[str, Any]:
    """Return a notebook in format 4.5: fixed metadata, no outputs."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "siemlab": {
                "mission": mission.mission,
                "edition": edition,
                "generated": f"by `siemlab editions` from master/{mission.mission}.md: edit that",
            },
        },
        "cells": [
            _cell(mission.mission, cell, edition)
            for cell in mission.cells
            if not EDITIONS[edition].intersection(cell.tags)
        ],
    }


def _cell(mission: str, cell: Cell, edition: str) -> dict[str, Any]:
    """Return a cell as a notebook holds it."""
    langs = LANGS if edition not in LANGS and cell.kind == "text" else (edition,)
    source = "\n\n".join(cell.source.get(lang, cell.source["en"]) for lang in langs)
    if "parameters" in cell.tags:
        source = source.replace("{lang}", edition if edition in LANGS else "en")
    common = {
        "id": f"{mission}-{cell.number}",
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "source": source.splitlines(keepends=True),
    }
    if cell.kind == "text":
        return {**common, "cell_type": "markdown"}
    return {**common, "cell_type": "code", "execution_count": None, "outputs": []}
