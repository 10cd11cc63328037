"""What fields mean, in English and Japanese, and which type the SIEM maps them to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["FIELDS", "Field", "field"]

_PARTS = (".keyword", ".text")
"""Ways in which a field is indexed once more: the meaning is that of the field."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the SIEM knows.

    Parameters
    ----------
    name
        Its dotted name, or a family of names: ``requestParameters.*``.
    type
        How it is mapped: ``keyword``, ``ip``, ``date``, ``long``... Empty for a family.
    en, ja
        What it says, in a few words.

    Examples
    --------
    >>> field("source.ip").type
    'ip'
    """

    name: str
    type: str
    en: str
    ja: str

    def meaning(self, lang: str = "en") -> str:
        """Return what the field says, in a language.

        Parameters
        ----------
        lang
            ``"en"`` or ``"ja"``.

        Examples
        --------
        >>> field("source.ip").meaning("ja")
        '送信元のアドレス'
        """
        return self.ja if lang == "ja" else self.en


class _Fields(Mapping[str, Field]):
    """The known fields by name; read from their file when one is looked up first."""

    def __getitem__(self, name: str) -> Field:
        return _known()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_known())

    def __len__(self) -> int:
        return len(_known())

    def __repr__(self) -> str:
        """Return how many there are."""
        return f"<{len(self)} known fields>"


FIELDS: Mapping[str, Field] = _Fields()
"""Every known field by its name; families (``requestParameters.*``) are among them."""


def field(name: str) -> Field | None:
    """Return what is known of a field.

    Parameters
    ----------
    name
        Its dotted name.

    Returns
    -------
    Field or None
        The field; else the nearest family above it; None where neither is known.

    Examples
    --------
    >>> field("eventName").en
    'the API that was called'
    >>> field("requestParameters.filterSet.items").name
    'requestParameters.*'
    >>> field("user_agent.original.text").name
    'user_agent.original'
    >>> field("favorite.color") is None
    True
    """
    known = _known()
    if name in known:
        return known[name]
    for part in _PARTS:
        if name.endswith(part) and (whole := known.get(name.removesuffix(part))):
            return whole
    while "." in name:
        name = name.rpartition(".")[0]
        if family := known.get(f"{name}.*"):
            return family
    return None


@cache
def _known() -> dict[str, Field]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("siemlab.ecs").joinpath("fields.yaml").read_bytes()
    rows = yaml.load(text, Loader=loader)  # noqa: S506 - a safe one
    types = _types()
    return {
        name: Field(name, _type(name, row, types), row["en"], row["ja"])
        for name, row in rows.items()
    }


def _type(name: str, row: Mapping[str, str], types: Mapping[str, str]) -> str:
    if name.endswith(".*"):
        return ""
    return row.get("type") or types.get(name, "keyword")


@cache
def _types() -> dict[str, str]:
    """Return the types that index templates map fields to; where they differ, the first one."""
    import orjson

    found: dict[str, str] = {}
    template = orjson.loads(files("siemlab.ecs").joinpath("template.json").read_bytes())
    for part in template["component_template"].values():
        for name, kind in _leaves(part["template"].get("mappings", {}).get("properties", {}), ""):
            found.setdefault(name, kind)
    return found


def _leaves(properties: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, mapping in properties.items():
        if "properties" in mapping:
            yield from _leaves(mapping["properties"], f"{prefix}{name}.")
        elif "type" in mapping:
            yield f"{prefix}{name}", mapping["type"]
