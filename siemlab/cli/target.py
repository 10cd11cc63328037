"""Which store a command works with, and how it gets in."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from siemlab.charts.plain import clean
from siemlab.cli.command import option
from siemlab.cli.language import Say
from siemlab.errors import SiemlabError
from siemlab.lab.opening import is_url, open_target
from siemlab.lab.places import default_store, opensearch_url

if TYPE_CHECKING:
    from siemlab.store.base import Store

__all__ = ["ENGINES", "Target", "store_options"]

F = TypeVar("F", bound=Callable[..., Any])

ENGINES = ("duckdb", "opensearch", "pandas")


@dataclass(frozen=True, slots=True)
class Target:
    """A store that is not open yet.

    Parameters
    ----------
    place
        A folder or a URL; None is the default: the store of ``siemlab load``, or with the engine
        ``opensearch`` the server of ``siemlab opensearch up``.
    engine
        The engine, or None to find it from the place.
    user
        Who signs in at a server. The password is never an argument: it comes from
        ``SIEMLAB_PASSWORD``, or is asked for.
    ca_certs
        A file of certificates that a server is checked against.
    aws_region
        The region of an Amazon OpenSearch Service; requests are signed with the AWS credentials
        of the environment.
    """

    place: str | None
    engine: str | None
    user: str | None = None
    ca_certs: str | None = None
    aws_region: str | None = None

    @property
    def where(self) -> str:
        """The folder or URL."""
        if self.place is not None:
            return self.place
        return opensearch_url() if self.engine == "opensearch" else default_store()

    def open(self, say: Say, *, read_only: bool) -> Store:
        """Open the store.

        Parameters
        ----------
        say
            The voice of the run; it asks for the password.
        read_only
            Whether nothing will be added: then the store must be there.

        Raises
        ------
        StoreError
            When there is no such store or server.
        """
        if is_url(self.where):
            return open_target(self.where, engine=self.engine, **self._access(say))
        if self.engine == "opensearch":
            raise SiemlabError(
                f"{clean(self.where)} is no URL; an OpenSearch has one: http://127.0.0.1:9201",
                f"{clean(self.where)} は URL ではありません。"
                "http://127.0.0.1:9201 のように指定してください",
            )
        return open_target(self.where, engine=self.engine, read_only=read_only)

    def _access(self, say: Say) -> dict[str, Any]:
        """Return how to get into a server."""
        if urlsplit(self.where).username is not None:
            raise SiemlabError(
                "a URL must not hold a user name or password, which others could see; "
                "give --user, and the password when asked or in SIEMLAB_PASSWORD",
                "URL にユーザー名やパスワードを書くと他人に見られます。"
                "--user を使い、パスワードは SIEMLAB_PASSWORD か入力で渡してください",
            )
        access: dict[str, Any] = {"ca_certs": self.ca_certs, "aws_region": self.aws_region}
        if self.user is not None:
            password = os.environ.get("SIEMLAB_PASSWORD")
            if password is None:
                words = say(f"Password of {self.user}", f"{self.user} のパスワード")
                password = click.prompt(words, hide_input=True, err=True, default="")
            access |= {"user": self.user, "password": password}
        return {name: value for name, value in access.items() if value is not None}


def store_options(
    *names: str, en: str, ja: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command a ``target``, and the options that name it.

    Parameters
    ----------
    names
        The spellings of the option for the place.
    en, ja
        What the place is for, in English and Japanese; the default is told behind it.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def with_target(*args: Any, **settings: Any) -> Any:
            parts = {name: settings.pop(name) for name in Target.__slots__}
            return function(*args, target=Target(**parts), **settings)

        wrapped: Callable[..., Any] = with_target
        for decorator in reversed(_options(names, en, ja)):
            wrapped = decorator(wrapped)
        return wrapped

    return decorate


def _options(names: tuple[str, ...], en: str, ja: str) -> list[Callable[[Any], Any]]:
    return [
        option(
            *names,
            "place",
            metavar="DIR|URL",
            en=f"{en}; default: SIEMLAB_STORE, else data/store.",
            ja=f"{ja}。既定は SIEMLAB_STORE、なければ data/store。",
        ),
        option(
            "--engine",
            type=click.Choice(ENGINES),
            en="The engine; default: duckdb for a folder, opensearch for a URL.",
            ja="エンジン。既定はフォルダーなら duckdb、URL なら opensearch。",
        ),
        option(
            "--user",
            envvar="SIEMLAB_USER",
            show_envvar=True,
            en="Who signs in at a server; the password is SIEMLAB_PASSWORD, or asked for.",
            ja="サーバーのユーザー名。パスワードは SIEMLAB_PASSWORD か入力。",
        ),
        option(
            "--ca-certs",
            type=click.Path(exists=True, dir_okay=False),
            en="Certificates to check a server against.",
            ja="サーバー証明書を検証する CA 証明書ファイル。",
        ),
        option(
            "--aws-region",
            metavar="REGION",
            en="Amazon OpenSearch Service: sign requests (SigV4) for this region.",
            ja="Amazon OpenSearch Service のリージョン (SigV4 署名)。",
        ),
    ]
