"""Exit codes, and every error as a sentence in the reader's language: never a traceback.

====  =======================================================================
 0    fine
 1    the machine said no: a full disk, a file that may not be read, a missing package
 2    usage: an option, a query text, or a field that does not exist
 3    something was refused
 4    no such store or server
130   Ctrl-C
====  =======================================================================
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import click
from click.exceptions import Exit, NoArgsIsHelpError

from siemlab.cli.language import Say
from siemlab.errors import (
    LogFormatError,
    MissionFileError,
    QuerySyntaxError,
    SiemlabError,
    StoreError,
    UnknownFieldError,
)

__all__ = ["INTERRUPTED", "NO_STORE", "REFUSED", "USAGE", "guarded"]

FAILED, USAGE, REFUSED, NO_STORE, INTERRUPTED = 1, 2, 3, 4, 130

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (LogFormatError, REFUSED),
    (QuerySyntaxError, USAGE),
    (UnknownFieldError, USAGE),
    (StoreError, NO_STORE),
    (MissionFileError, FAILED),
    (SiemlabError, USAGE),  # an argument that does not hold what it should
)


@contextlib.contextmanager
def guarded(say: Say) -> Iterator[None]:
    """Turn what may go wrong inside into one sentence and an exit code.

    Parameters
    ----------
    say
        The voice of the run.
    """
    try:
        yield
    except SiemlabError as error:
        say.error(error)
        raise Exit(next(code for kind, code in _CODES if isinstance(error, kind))) from error
    except BrokenPipeError as error:
        _let_go_of_stdout()
        raise Exit(0) from error
    except KeyboardInterrupt as error:
        say.note("Stopped by Ctrl-C.", "Ctrl-C で中断しました。")
        raise Exit(INTERRUPTED) from error
    except NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "siemlab"
        say.note(f"Error: {error.format_message()}", f"エラー: {_japanese(error)}")
        say.note(f"Help: {path} --help", f"ヘルプ: {path} --help")
        raise Exit(USAGE) from error
    except ModuleNotFoundError as error:
        say.note(
            f"Error: the package {error.name} is missing: pip install 'siemlab[opensearch,s3]'",
            f"エラー: パッケージ {error.name} がありません: pip install 'siemlab[opensearch,s3]'",
        )
        raise Exit(FAILED) from error
    except OSError as error:
        reason = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        say.note(f"Error: {reason}", f"エラー: {reason}")
        raise Exit(FAILED) from error


def _let_go_of_stdout() -> None:
    """Point standard output nowhere: whoever read it has left, and the last flush must not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _japanese(error: click.UsageError) -> str:
    """Return a usage error of click's in Japanese; what has no translation stays as it is."""
    param = getattr(error, "param", None)
    hint = param.get_error_hint(error.ctx) if param is not None else ""
    if isinstance(error, click.NoSuchOption):
        return f"オプション {error.option_name} はありません。"
    if isinstance(error, click.MissingParameter):
        return f"{hint} を指定してください。"
    if isinstance(error, click.BadOptionUsage):
        return f"オプション {error.option_name} の使い方が正しくありません。"
    if isinstance(error, click.BadParameter) and hint:
        return f"{hint} の値が正しくありません: {_wanted(error, param)}"
    return error.format_message().replace("No such command", "コマンドがありません:")


def _wanted(error: click.BadParameter, param: click.Parameter | None) -> str:
    """Return what a parameter takes, in Japanese; else what click says of the value."""
    kind = param.type if param is not None else None
    given = error.message.partition(" is not ")[0]
    if isinstance(kind, click.Choice):
        return f"{given} ではなく、{'、'.join(kind.choices)} のどれかを指定してください。"
    if isinstance(kind, click.types.IntParamType):
        ends = ((getattr(kind, "min", None), "以上"), (getattr(kind, "max", None), "以下"))
        bounds = " ".join(f"{end} {word}" for end, word in ends if end is not None)
        return f"{given} ではなく、{bounds and f'{bounds}の'}整数を指定してください。"
    return error.message
