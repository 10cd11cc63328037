"""Why a server died: the runner does not say, but the Java log of exceptions does."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Final

__all__ = ["why_it_died"]

_EXCEPTION = re.compile(r"Exception <a '([^']+)'\{0x[0-9a-f]+\}: (.*?)>(?: \(0x[0-9a-f]+\))?\s*$")
_FINAL: Final = ("OpenSearchRunnerException", "CmdLineException")
# Thrown and caught in every good start.
_NOISE: Final = ("ClassNotFoundException", "ClassCastException", "InterruptedException")
_LINES_BEFORE: Final = 60
_SHOWN: Final = 3
_LONGEST: Final = 400


def why_it_died(home: Path) -> str:
    """Return the reason of a failed start, in OpenSearch's own words.

    Parameters
    ----------
    home
        The folder with ``exceptions.log`` and ``server.log``.

    Returns
    -------
    str
        The last distinct messages before the runner gave up; of ``server.log`` the last cause
        where the Java log knows nothing; a sentence that names the log where neither does.
    """
    texts = _before_the_end(home / "exceptions.log") or _last_cause(home / "server.log")
    if not texts:
        return f"no reason given; see {home / 'server.log'}"
    return "; ".join(text[:_LONGEST] for text in texts)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _before_the_end(path: Path) -> list[str]:
    lines = _lines(path)
    for number, line in enumerate(lines):
        found = _EXCEPTION.search(line)
        if found and found[1].endswith(_FINAL):
            return _distinct(lines[max(0, number - _LINES_BEFORE) : number + 1])
    return []


def _distinct(lines: list[str]) -> list[str]:
    found = (_EXCEPTION.search(line) for line in reversed(lines))
    texts = (
        match[2].strip() for match in found if match and not match[1].endswith(_NOISE) and match[2]
    )
    return list(reversed(list(islice(dict.fromkeys(texts), _SHOWN))))


def _last_cause(path: Path) -> list[str]:
    lines = [line.strip() for line in _lines(path) if line.strip()]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    if causes:
        return [causes[-1].removeprefix("Caused by: ")]
    for number, line in enumerate(lines):
        if "Exception" in line or line.startswith("Error"):
            return lines[number : number + 2]  # Java's own words go on in the next line
    return lines[-1:]
