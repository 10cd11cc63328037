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
from siemlab.missions.notebook import cell, notebook, notebook_text

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

    made = _notebook(mission, edition)
    nbformat.validate(made)
    return notebook_text(made).encode()


def _notebook(mission: Master, edition: str) -> dict[str, Any]:
    """Return an edition, which says where it comes from."""
    source = {
        "mission": mission.mission,
        "edition": edition,
        "generated": f"by `siemlab editions` from master/{mission.mission}.md: edit that",
    }
    cells = (
        _cell(mission.mission, each, edition)
        for each in mission.cells
        if not EDITIONS[edition].intersection(each.tags)
    )
    return notebook(cells, {"siemlab": source})


def _cell(mission: str, given: Cell, edition: str) -> dict[str, Any]:
    """Return a cell as a notebook holds it."""
    langs = LANGS if edition not in LANGS and given.kind == "text" else (edition,)
    source = "\n\n".join(given.source.get(lang, given.source["en"]) for lang in langs)
    if "parameters" in given.tags:
        source = source.replace("{lang}", edition if edition in LANGS else "en")
    kind = "markdown" if given.kind == "text" else "code"
    tags = {"tags": list(given.tags)} if given.tags else {}
    return cell(kind, f"{mission}-{given.number}", source, tags)
