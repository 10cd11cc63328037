"""A team's key: digests of right and wrong answers, the answers sealed, and the given facts.

A key is a courtesy, not a secret. Nobody reads an answer by chance, or sees one while looking for
something else. Whoever wants to can try every count up to a thousand against a digest, or call
`unseal`, for all that is needed lies on the learner's machine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from siemlab.errors import MissionFileError
from siemlab.missions.mission import PartKey

__all__ = ["TeamKey", "digest", "file_of_team", "read_team_key", "seal", "unseal", "write_team_key"]

_TEAM = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# What a text could be broken with once a value is put into it: markup, code spans, control codes.
_UNSAFE = re.compile(r"[<>`\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class TeamKey:
    """What one team's answers are checked with.

    Parameters
    ----------
    team
        The team; empty for the base data.
    given
        The facts that texts are filled with, by mission id and slot. A time is ISO text.
    questions
        What is known of each part of a question, by question id.
    stamps
        By mission id, what its proof was good for: where that is another now, the key is old.

    Examples
    --------
    >>> TeamKey("t07", {"L1-A": {"nights": 3}}, {}).given["L1-A"]["nights"]
    3
    """

    team: str
    given: Mapping[str, Mapping[str, str | int]]
    questions: Mapping[str, tuple[PartKey, ...]]
    stamps: Mapping[str, str] = field(default_factory=dict)


class _PartFile(msgspec.Struct, forbid_unknown_fields=True):
    right: list[str]
    sealed: str
    foils: dict[str, str] = {}
    domain: int | None = None


class _KeyFile(msgspec.Struct, forbid_unknown_fields=True):
    team: str
    given: dict[str, dict[str, str | int]]
    questions: dict[str, list[_PartFile]]
    stamps: dict[str, str] = {}


def digest(canonical: str, team: str, question_id: str, part_index: int = 0) -> str:
    """Return the keyed digest of an answer.

    The same answer has another digest for another team, question or part, so that one solved
    question says nothing about another. That is a courtesy: see the head of this module.

    Parameters
    ----------
    canonical
        The answer in its one spelling, as `siemlab.check.canonical` gives it.
    team
        The team; empty for the base data.
    question_id
        ``"L1-A.3"``.
    part_index
        Which part of the question, from 0.

    Examples
    --------
    >>> digest("42", "t07", "L1-A.3") == digest("42", "t08", "L1-A.3")
    False
    >>> len(digest("42", "t07", "L1-A.3"))
    20
    """
    message = canonical.encode("utf-8", "surrogatepass")
    key = _secret(team, question_id, part_index)
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:20]


def seal(text: str, team: str, question_id: str, part_index: int = 0) -> str:
    """Return an answer in a form that does not read as one.

    This hides it from a glance and from a search. It is no secret: `unseal` needs nothing that
    a learner does not have, since "show me" must work without a server.

    Parameters
    ----------
    text
        The answer.
    team, question_id, part_index
        What it belongs to, as for `digest`.

    Examples
    --------
    >>> unseal(seal("192.0.2.7", "", "L1-A.3"), "", "L1-A.3")
    '192.0.2.7'
    """
    mixed = _mixed(text.encode(), team, question_id, part_index)
    return base64.b64encode(mixed).decode("ascii")


def unseal(sealed: str, team: str, question_id: str, part_index: int = 0) -> str:
    """Return the answer that `seal` has hidden.

    Parameters
    ----------
    sealed
        What `seal` returned.
    team, question_id, part_index
        What it belongs to, as for `digest`.

    Raises
    ------
    MissionFileError
        It was sealed for something else, or is damaged.

    Examples
    --------
    >>> unseal(seal("42", "t07", "L1-A.3"), "t07", "L1-A.3")
    '42'
    """
    try:
        mixed = base64.b64decode(sealed, validate=True)
        return _mixed(mixed, team, question_id, part_index).decode()
    except ValueError:
        raise MissionFileError(
            f"the answer of {question_id} cannot be read: make the keys again with "
            "`siemlab prove --keys`",
            f"{question_id} の答えを読み取れません。"
            "`siemlab prove --keys` でキーを作り直してください",
        ) from None


def _secret(team: str, question_id: str, part_index: int) -> bytes:
    return f"siemlab/{team}/{question_id}/{part_index}".encode()


def _mixed(text: bytes, team: str, question_id: str, part_index: int) -> bytes:
    """Mix a text with a stream that its place decides; twice gives it back."""
    stream = hashlib.shake_256(b"seal/" + _secret(team, question_id, part_index))
    return bytes(a ^ b for a, b in zip(text, stream.digest(len(text)), strict=True))


def file_of_team(team: str) -> str:
    """Return the name of a team's key file.

    Parameters
    ----------
    team
        The team; empty for the base data.

    Raises
    ------
    MissionFileError
        This can be no team's name.

    Examples
    --------
    >>> file_of_team(""), file_of_team("t07")
    ('base.json', 't07.json')
    """
    if team == "":
        return "base.json"
    if team == "base" or not _TEAM.fullmatch(team):
        raise MissionFileError(
            f'"{team}" can be no team: use up to 32 small letters, digits and dashes '
            '("" is the base data)',
            f"「{team}」はチームの名前に使えません。英小文字、数字、ハイフンで 32 文字までに"
            'してください（"" は基本データです）',
        )
    return f"{team}.json"


def read_team_key(path: Path) -> TeamKey:
    """Read a team's key.

    Parameters
    ----------
    path
        The JSON file that `siemlab prove --keys` wrote.

    Raises
    ------
    MissionFileError
        There is none, or it is no key; the error names the command that makes one.

    Examples
    --------
    >>> read_team_key(Path("blue.json"))
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: blue.json: there is no key for this team: make it with
    `siemlab prove --keys --team blue`
    """
    stem = path.name.removesuffix(".json")
    team = "" if stem == "base" else stem
    command = f"siemlab prove --keys --team {team}" if team else "siemlab prove --keys"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
    except OSError:
        raise MissionFileError(
            f"there is no key for this team: make it with `{command}`",
            f"このチームのキーがありません。`{command}` で作ってください",
            file=path.name,
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MissionFileError(
            f"this is no key ({error}): make it again with `{command}`",
            f"キーとして読めません（{error}）。`{command}` で作り直してください",
            file=path.name,
        ) from None
    _check(found, team, path.name, command)
    questions = {
        name: tuple(PartKey(tuple(p.right), p.foils, p.sealed, p.domain) for p in parts)
        for name, parts in found.questions.items()
    }
    return TeamKey(team, found.given, questions, found.stamps)


def _check(found: _KeyFile, team: str, file: str, command: str) -> None:
    """Check what a key's types do not say: whose it is, and that its facts are harmless."""
    if found.team != team:
        raise MissionFileError(
            f'this is the key of team "{found.team}": make this one with `{command}`',
            f"チーム「{found.team}」のキーです。`{command}` で作り直してください",
            file=file,
            field="team",
        )
    for mission, facts in found.given.items():
        for name, value in facts.items():
            if isinstance(value, str) and _UNSAFE.search(value):
                raise MissionFileError(
                    "a given fact may hold no <, >, ` and no control character",
                    "given の値に <、>、` や制御文字は使えません",
                    file=file,
                    field=f"given.{mission}.{name}",
                )


def write_team_key(path: Path, key: TeamKey) -> None:
    """Write a team's key, the same bytes for the same key.

    Parameters
    ----------
    path
        The JSON file; its folder must be there.
    key
        The key.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_team_key(Path(folder) / "t07.json", TeamKey("t07", {}, {}))
    ...     read_team_key(Path(folder) / "t07.json").team
    't07'
    """
    content = {
        "team": key.team,
        "stamps": dict(key.stamps),
        "given": {mission: dict(facts) for mission, facts in key.given.items()},
        "questions": {
            name: [
                {
                    "right": sorted(part.right),
                    "foils": dict(part.foils),
                    "domain": part.domain,
                    "sealed": part.sealed,
                }
                for part in parts
            ]
            for name, parts in key.questions.items()
        },
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
