"""Which language the program speaks, and the one sentence in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import click

from siemlab.charts.plain import clean
from siemlab.errors import SiemlabError

__all__ = ["LANGUAGES", "Say", "language"]

LANGUAGES = ("en", "ja")


def language(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language to speak: ``--lang``, else ``SIEMLAB_LANG``, else the locale.

    Parameters
    ----------
    args
        The arguments of the program, not parsed yet: help and errors of parsing need it, too.
    environ
        The environment.

    Returns
    -------
    str
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> language(["query", "--lang", "ja"], {}), language(["info"], {"LANG": "ja_JP.UTF-8"})
    ('ja', 'ja')
    >>> language(["info"], {"SIEMLAB_LANG": "en", "LANG": "ja_JP.UTF-8"})
    'en'
    """
    words = list(args[: args.index("--")] if "--" in args else args)
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    locale = next((environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(n)), "")
    for wish in (*reversed(asked), environ.get("SIEMLAB_LANG", ""), locale[:2]):
        if wish in LANGUAGES:
            return wish
    return "en"


@dataclass(frozen=True, slots=True)
class Say:
    """Speaks one language, on standard error; standard output is for answers alone.

    Examples
    --------
    >>> Say("ja")("done", "終わりました")
    '終わりました'
    """

    lang: str = "en"

    def __call__(self, en: str, ja: str) -> str:
        """Return the sentence in the language."""
        return ja if self.lang == "ja" else en

    def note(self, en: str, ja: str) -> None:
        """Write the sentence on standard error.

        Parameters
        ----------
        en, ja
            The sentence in English and Japanese.
        """
        text = "\n".join(clean(line) for line in self(en, ja).split("\n"))
        with _beside_the_bar():
            click.echo(text, err=True)

    def error(self, error: SiemlabError) -> None:
        """Write what went wrong on standard error.

        Parameters
        ----------
        error
            The error; it speaks both languages.
        """
        self.note(f"Error: {error.message('en')}", f"エラー: {error.message('ja')}")


@contextmanager
def _beside_the_bar() -> Iterator[None]:
    """Clear a progress bar for a moment, where one is shown."""
    if "tqdm" not in sys.modules:
        yield
        return
    from tqdm import tqdm

    with tqdm.external_write_mode(file=sys.stderr):
        yield
