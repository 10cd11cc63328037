import errno

import click
import pytest
from click.exceptions import Exit

from siemlab.cli.guard import guarded
from siemlab.cli.language import Say
from siemlab.errors import (
    LogFormatError,
    MissionFileError,
    QueryNotSupportedError,
    QuerySyntaxError,
    SiemlabError,
    StoreError,
    UnknownFieldError,
)

CODES = [
    (QuerySyntaxError("en", "ja"), 2),
    (QueryNotSupportedError("en", "ja"), 2),
    (UnknownFieldError("en", "ja"), 2),
    (SiemlabError("en", "ja"), 2),
    (click.UsageError("en"), 2),
    (LogFormatError("en", "ja"), 3),
    (StoreError("en", "ja"), 4),
    (MissionFileError("en", "ja"), 1),
    (OSError(errno.ENOSPC, "No space left on device"), 1),
    (ModuleNotFoundError("no module", name="opensearchpy"), 1),
    (KeyboardInterrupt(), 130),
]


@pytest.mark.parametrize(("error", "code"), CODES, ids=[type(e).__name__ for e, _ in CODES])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_error_is_one_sentence_and_an_exit_code(error, code, lang, capsys):
    with pytest.raises(Exit) as ended, guarded(Say(lang)):
        raise error
    assert ended.value.exit_code == code
    said = capsys.readouterr().err
    assert said
    assert "Traceback" not in said
    if isinstance(error, SiemlabError):
        assert said == ("Error: en\n" if lang == "en" else "エラー: ja\n")


def test_a_missing_package_is_named_with_what_to_do(capsys):
    with pytest.raises(Exit), guarded(Say()):
        raise ModuleNotFoundError("no module", name="psutil")
    assert "psutil" in capsys.readouterr().err


def test_a_mistake_of_our_own_is_not_hidden():
    with pytest.raises(ZeroDivisionError), guarded(Say()):
        _ = 1 / 0
