"""The command line."""

from __future__ import annotations

import io
import os
import sys

from siemlab.cli import (
    build,
    editions,
    info,
    load,
    normalize,
    prepare,
    prove,
    query,
    server,
    verify,
)
from siemlab.cli.program import program

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    build.build_command,
    editions.editions,
    info.info,
    load.load,
    normalize.normalize,
    prepare.prepare_command,
    prove.prove,
    query.query,
    server.server,
    verify.verify,
)
"""All commands; to import them is to hang them on the program."""


def main() -> None:
    """Run the program with the arguments of the process."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: >&-
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not Unicode
    program(prog_name="siemlab")
