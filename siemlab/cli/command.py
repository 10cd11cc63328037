"""click, with help in two languages and examples that tests can run."""

from __future__ import annotations

import os
from collections.abc import Callable
from textwrap import indent
from typing import Any, TypeVar

import click

from siemlab.cli.guard import guarded
from siemlab.cli.language import LANGUAGES, Say, language

__all__ = ["Command", "Option", "Program", "Section", "command", "in_language", "option"]

F = TypeVar("F", bound=Callable[..., Any])


def _say(ctx: click.Context | None = None) -> Say:
    """Return the voice of this run; English where nothing runs."""
    ctx = ctx or click.get_current_context(silent=True)
    return ctx.obj if ctx is not None and isinstance(ctx.obj, Say) else Say()


class Option(click.Option):
    """An option whose help stands in both languages."""

    def __init__(self, *args: Any, ja: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.ja = ja

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help in the language of the run."""
        record = super().get_help_record(ctx)
        if record is None or not (self.help and self.ja and _say(ctx).lang == "ja"):
            return record
        return record[0], record[1].replace(self.help, self.ja, 1)


class _Bilingual(click.Command):
    """What commands and groups have in common."""

    def __init__(
        self, *args: Any, ja: str = "", examples: tuple[str, ...] = (), **settings: Any
    ) -> None:
        super().__init__(*args, **settings)
        self.ja = ja
        self.examples = examples

    def _text(self, ctx: click.Context | None = None) -> str:
        return (_say(ctx)(self.help or "", self.ja or self.help or "")).strip()

    def get_short_help_str(self, limit: int = 79) -> str:
        """Return the first sentence."""
        return self._text().split("\n\n", maxsplit=1)[0].replace("\n", " ")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, _say(ctx)("Usage: ", "使い方: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            if _say(ctx).lang == "ja":  # no blanks between words: the lines stand as written
                formatter.write(indent(f"{self._text(ctx)}\n", "  "))
            else:
                formatter.write_text(self._text(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of options, and the examples below it."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for param in options if (record := param.get_help_record(ctx))]
        with formatter.section(_say(ctx)("Options", "オプション")):
            formatter.write_dl(records)
        if self.examples:
            with formatter.section(_say(ctx)("Examples", "例")):
                formatter.write("".join(f"  {line}\n" for line in self.examples))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, explained in both languages."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _say(ctx)("Show this help.", "このヘルプを表示します。")
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is wrong with them is said in the language of the run."""
        with guarded(_say(ctx)):
            return super().parse_args(ctx, args)


class Command(_Bilingual):
    """A command."""


class Section(_Bilingual, click.Group):
    """A command that has commands of its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        _Bilingual.format_options(self, ctx, formatter)
        names = self.list_commands(ctx)
        found = [(name, self.get_command(ctx, name)) for name in names]
        with formatter.section(_say(ctx)("Commands", "コマンド")):
            formatter.write_dl([(n, c.get_short_help_str()) for n, c in found if c is not None])


class Program(Section):
    """The whole program: finds the language first, and turns every error into a sentence."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Make the context, with the language of the run in it."""
        extra.setdefault("obj", Say(language(args, os.environ)))
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with guarded(_say(ctx)):
            return super().invoke(ctx)


def option(*names: str, en: str, ja: str, **settings: Any) -> Callable[[F], F]:
    """Return a decorator that gives a command an option.

    Parameters
    ----------
    names
        Its spellings.
    en, ja
        Its help in English and Japanese.
    settings
        What ``click.option`` takes.
    """
    return click.option(*names, cls=Option, help=en, ja=ja, **settings)


def in_language(function: F) -> F:
    """Let ``--lang`` stand behind a command or section as well; the program itself reads it."""
    return option(
        "--lang",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        en="Language of messages.",
        ja="メッセージの言語。",
    )(function)


def command(
    section: click.Group, name: str, *, en: str, ja: str, examples: tuple[str, ...]
) -> Callable[[Callable[..., Any]], Command]:
    """Return a decorator that makes a function a command of a section.

    Parameters
    ----------
    section
        Where the command belongs.
    name
        Its name.
    en, ja
        What it does, in English and Japanese. The first paragraph is the short help.
    examples
        Command lines as one would type them. Tests run them.
    """

    def decorate(function: Callable[..., Any]) -> Command:
        spoken = in_language(function)
        made = click.command(name, cls=Command, help=en, ja=ja, examples=examples)(spoken)
        section.add_command(made)
        return made

    return decorate
