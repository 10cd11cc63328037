"""Reads the company's YAML files into frozen values; a wrong key is named with its file."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from siemlab.errors import SiemlabError

__all__ = ["BaselineFileError", "build", "read_yaml"]

T = TypeVar("T")


class BaselineFileError(SiemlabError, ValueError):
    """A file of the company's data that cannot be read.

    Parameters
    ----------
    place
        The file and the key in it: ``network.yaml, hosts.sz-prod-web-01.subnet``.
    en, ja
        What is wrong, and what to do about it.

    Examples
    --------
    >>> print(BaselineFileError("data.yaml, buckets", "is missing", "がありません"))
    data.yaml, buckets: is missing
    """

    def __init__(self, place: str, en: str, ja: str) -> None:
        super().__init__(f"{place}: {en}", f"{place}: {ja}")
        self.place = place


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    BaselineFileError
        It is missing, is no YAML, or holds no mapping.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BaselineFileError(
            path.name,
            f"cannot be read: {error}. Install siemlab again, or mend the file.",
            f"読めません: {error}。siemlab を入れ直すか、ファイルを直してください。",
        ) from error
    if not isinstance(found, dict):
        raise BaselineFileError(
            path.name, "must hold keys and values.", "キーと値の形で書いてください。"
        )
    return found


def build(cls: type[T], values: Any, place: str) -> T:
    """Make a frozen value of what a file says, its types checked.

    Parameters
    ----------
    cls
        A dataclass.
    values
        Its fields by name.
    place
        Where this stands, for errors.

    Raises
    ------
    BaselineFileError
        A field is missing, unknown, or of the wrong type.

    Examples
    --------
    >>> from siemlab.baseline.network import Subnet
    >>> build(Subnet, {"name": "a", "cidr": "10.0.0.0/24", "zone": "z", "kind": "app"}, "x").zone
    'z'
    """
    if not isinstance(values, Mapping):
        raise BaselineFileError(
            place, "must hold keys and values.", "キーと値の形で書いてください。"
        )
    hints = _hints(typing.cast(Hashable, cls))
    if unknown := [key for key in values if key not in hints]:
        raise BaselineFileError(
            f"{place}.{unknown[0]}",
            f"is no field. The fields are {', '.join(hints)}.",
            f"という項目はありません。使えるのは {', '.join(hints)} です。",
        )
    made = {key: _convert(hints[key], value, f"{place}.{key}") for key, value in values.items()}
    missing = [
        field.name
        for field in dataclasses.fields(typing.cast(Any, cls))
        if field.name not in made
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise BaselineFileError(
            f"{place}.{missing[0]}", "is missing. Add it.", "がありません。追加してください。"
        )
    return cls(**made)


@lru_cache(maxsize=64)
def _hints(cls: Any) -> dict[str, Any]:
    names = {field.name for field in dataclasses.fields(cls)}
    return {key: hint for key, hint in typing.get_type_hints(cls).items() if key in names}


def _convert(hint: Any, value: Any, place: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _convert(arguments[0], value, place)
    if origin is tuple and isinstance(value, list):
        return tuple(
            _convert(arguments[0], item, f"{place}[{number}]") for number, item in enumerate(value)
        )
    if origin is typing.Literal and value in arguments:
        return value
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return value if isinstance(value, hint) else build(hint, value, place)
    return _scalar(hint, value, place)


def _scalar(hint: Any, value: Any, place: str) -> Any:
    if hint is datetime and isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if hint is date and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    # A date is never taken for text, nor a truth value for a number.
    if hint in (str, int, bool) and type(value) is hint:
        return value
    wanted = typing.get_args(hint) or (getattr(hint, "__name__", hint),)
    shown = ", ".join(str(item) for item in wanted)
    raise BaselineFileError(
        place,
        f"holds {value!r}, where {shown} is wanted. (Times need a zone: 2022-11-24T04:00:00Z.)",
        f"の値 {value!r} は使えません。{shown} を書いてください。"
        "（時刻にはゾーンが必要です。例: 2022-11-24T04:00:00Z）",
    )
