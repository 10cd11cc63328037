"""A notebook as its file holds it: the same bytes for the same cells, no outputs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["cell", "notebook", "notebook_text"]

_FORMAT = {"nbformat": 4, "nbformat_minor": 5}
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def cell(
    kind: str, name: str, source: str, metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a cell.

    Parameters
    ----------
    kind
        ``"markdown"`` or ``"code"``.
    name
        Its id: up to 64 letters, digits, dashes.
    source
        What it holds.
    metadata
        Its tags, say.

    Examples
    --------
    >>> cell("markdown", "tour-1", "# A tour")["source"]
    ['# A tour']
    """
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    lines = source.splitlines(keepends=True)
    return {"cell_type": kind, "id": name, "metadata": {**(metadata or {})}, "source": lines} | code


def notebook(
    cells: Iterable[Mapping[str, Any]], metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a notebook of format 4.5 for a Python kernel.

    Parameters
    ----------
    cells
        What `cell` returned.
    metadata
        What its metadata hold besides.

    Examples
    --------
    >>> notebook([cell("code", "tour-1", "1 + 1")])["nbformat_minor"]
    5
    """
    return {**_FORMAT, "metadata": {**_METADATA, **(metadata or {})}, "cells": [*cells]}


def notebook_text(notebook: Mapping[str, Any]) -> str:
    """Return a notebook as its file's text.

    Examples
    --------
    >>> notebook_text(notebook([])).splitlines()[1]
    ' "cells": [],'
    """
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
