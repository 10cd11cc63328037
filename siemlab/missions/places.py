"""YAML with the place of everything in it: so that an error can name the line and the field."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from siemlab.errors import MissionFileError

__all__ = ["Source", "read_yaml"]

_Path = tuple[str | int, ...]

_LARGEST = 1_000_000  # bytes; a mission has some 50,000
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class Source:
    """A YAML file as plain values, and the line of each.

    Parameters
    ----------
    file
        Its name.
    value
        What it holds.
    lines
        The line by path: ``("questions", 2, "hints", 1, "ja")``.
    """

    def __init__(self, file: str, value: Any, lines: Mapping[_Path, int]) -> None:
        self.file = file
        self.value = value
        self._lines = lines

    def error(self, path: _Path, en: str, ja: str) -> MissionFileError:
        """Return an error about what stands at a path, or above it where nothing does."""
        place = path
        while place and place not in self._lines:
            place = place[:-1]
        return MissionFileError(
            en, ja, file=self.file, line=self._lines.get(place, 1), field=_written(path)
        )

    def path_of(self, place: str) -> _Path:
        """Return the path that msgspec writes as ``$.questions[2].ja``; ``[...]`` is any key."""
        parts = _STEP.findall(place.removeprefix("$"))
        return tuple(name or (int(at) if at.isdigit() else at) for name, at in parts)

    def texts(self) -> Iterator[tuple[_Path, str]]:
        """Yield what is written in one of the languages, with its path."""
        found: list[tuple[_Path, Any]] = [((), self.value)]
        for path, value in found:
            if isinstance(value, str) and path[-1:] in (("en",), ("ja",)):
                yield path, value
            if isinstance(value, dict):
                found += [((*path, key), each) for key, each in value.items()]
            elif isinstance(value, list):
                found += [((*path, at), each) for at, each in enumerate(value)]


def read_yaml(path: Path) -> Source:
    """Read a YAML file: safe, without aliases, each key once.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    MissionFileError
        It is missing, no UTF-8, or no YAML; the error names the line.
    """
    text = _text(path)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if getattr(event, "anchor", None):
                raise MissionFileError(
                    "anchors and aliases (& and *) are not read here: write the value again, or "
                    "put a text in quotes",
                    "アンカーとエイリアス（& と *）は使えません。値をもう一度書くか、文章なら"
                    "引用符で囲んでください",
                    file=path.name,
                    line=event.start_mark.line + 1 if event.start_mark else 0,
                )
        root = yaml.compose(text, Loader=loader)
        lines: dict[_Path, int] = {}
        value = None if root is None else _plain(root, (), lines, path.name)
    except (yaml.YAMLError, RecursionError) as error:
        raise _no_yaml(path.name, error) from None
    if root is None:
        raise MissionFileError("the file is empty", "ファイルが空です", file=path.name)
    return Source(path.name, value, lines)


def _text(path: Path) -> str:
    """Return what a file holds as text."""
    try:
        content = path.read_bytes()
    except OSError:
        raise MissionFileError(
            "there is no such file", "ファイルがありません", file=path.name
        ) from None
    if len(content) > _LARGEST:
        raise MissionFileError(
            f"the file is larger than {_LARGEST:,} bytes",
            f"ファイルが {_LARGEST:,} バイトを超えています",
            file=path.name,
        )
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise MissionFileError(
            "save the file as UTF-8 without a byte order mark (BOM)",
            "BOM なしの UTF-8 で保存してください",
            file=path.name,
            line=1,
        )
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MissionFileError(
            "the file is not UTF-8: save it as UTF-8",
            "UTF-8 として読めません。UTF-8 で保存してください",
            file=path.name,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None


def _plain(node: yaml.Node, path: _Path, lines: dict[_Path, int], file: str) -> Any:
    """Return a node as plain values, and note the line of everything in it."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, at), lines, file) for at, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, file)
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind == "int" and node.value.isdecimal():
        return int(node.value)
    if kind == "bool":
        return node.value.lower() in ("true", "yes", "on")
    # Everything else is text as it stands: a date here is a word, not a moment.
    return None if kind == "null" else str(node.value)


def _mapping(node: yaml.MappingNode, path: _Path, lines: dict[_Path, int], file: str) -> Any:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or name in found:
            raise MissionFileError(
                f'the key "{name}" stands here twice, or is no word',
                f"キー「{name}」が 2 回書かれているか、単語ではありません",
                file=file,
                line=line,
                field=_written((*path, name)),
            )
        found[name] = _plain(value, (*path, name), lines, file)
        # The key is what an author looks for; its value may begin a line below.
        lines[(*path, name)] = line
    return found


def _written(path: _Path) -> str:
    """Return a path as text: ``questions[2].hints[1].ja``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _no_yaml(file: str, error: Exception) -> MissionFileError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "a character that cannot stand here, or too deep"
    return MissionFileError(
        f"this is no YAML: {problem}. Look at the indentation (blanks, no tabs), and put a text "
        "with a colon, a brace or a # in quotes",
        f"YAML として読めません: {problem}。字下げ（タブは不可）を確認し、コロン、波かっこ、# を"
        "含む文章は引用符で囲んでください",
        file=file,
        line=mark.line + 1 if mark else 0,
    )
