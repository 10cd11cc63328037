"""The type that a field gets from the first value seen in it ("first shape wins")."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from siemlab.store.dates import DEFAULT_FORMATS, DETECTED_FORMATS, parse
from siemlab.store.numeric import as_double

__all__ = ["Dynamic"]


class Dynamic:
    """The rules of an index for fields that it does not know yet.

    Parameters
    ----------
    mappings
        The ``mappings`` of the index; ``dynamic_templates``, ``date_detection`` and
        ``dynamic_date_formats`` are looked at.

    Examples
    --------
    >>> rules = Dynamic({})
    >>> rules.leaf("n", 7), rules.leaf("when", "2023-02-01")
    ({'type': 'long'}, {'type': 'date'})
    """

    def __init__(self, mappings: dict[str, Any]) -> None:
        entries = mappings.get("dynamic_templates") or []
        self._templates: list[dict[str, Any]] = [
            rule for entry in entries for rule in entry.values()
        ]
        self._dates = mappings.get("date_detection", True) not in (False, "false")
        self._formats = mappings.get("dynamic_date_formats")
        self._given: dict[tuple[str, str], dict[str, Any] | None] = {}

    def leaf(self, path: str, value: str | float) -> dict[str, Any]:
        """Return the mapping of a new field from its first value, a scalar.

        Parameters
        ----------
        path
            The field's whole path.
        value
            A text, number, or boolean.
        """
        kind, plain = self._kind(value)
        if (path, kind) not in self._given:
            self._given[path, kind] = self._template(path, kind)
        return self._given[path, kind] or plain

    def object(self, path: str) -> dict[str, Any]:
        """Return the mapping of a new object."""
        return self._template(path, "object") or {}

    def _kind(self, value: str | float) -> tuple[str, dict[str, Any]]:
        if isinstance(value, bool):
            return "boolean", {"type": "boolean"}
        if isinstance(value, int):
            return "long", {"type": "long"}
        if isinstance(value, float):
            return "double", {"type": "float"}
        formats = self._date_formats(value)
        if formats == DEFAULT_FORMATS:
            return "date", {"type": "date"}
        if formats is not None:
            return "date", {"type": "date", "format": "||".join(formats)}
        keyword = {"type": "keyword", "ignore_above": 256}
        return "string", {"type": "text", "fields": {"keyword": keyword}}

    def _date_formats(self, text: str) -> tuple[str, ...] | None:
        if not self._dates or not text or not text[-1].isalnum():
            return None  # nothing that ends otherwise is a date: most texts leave here
        if self._formats is None:
            if not text[0].isdigit() and text[0] not in "+-":
                return None
            candidates = [DEFAULT_FORMATS, DETECTED_FORMATS]
        else:
            candidates = [tuple(entry.split("||")) for entry in self._formats]
        if _is_number(text):
            return None
        for formats in candidates:
            try:
                parse(text, formats)
            except ValueError:
                continue
            return formats
        return None

    def _template(self, path: str, kind: str) -> dict[str, Any] | None:
        for rule in self._templates:
            if _applies(rule, path, kind):
                name = path.rpartition(".")[2]
                filled: dict[str, Any] = _filled(rule.get("mapping", {}), name, kind)
                return filled
        return None


def _applies(rule: dict[str, Any], path: str, kind: str) -> bool:
    if rule.get("match_mapping_type", "*") not in ("*", kind):
        return False
    regex = rule.get("match_pattern") == "regex"
    name = path.rpartition(".")[2]
    wanted = [
        (rule.get("match"), name, True, regex),
        (rule.get("unmatch"), name, False, regex),
        (rule.get("path_match"), path, True, False),
        (rule.get("path_unmatch"), path, False, False),
    ]
    return all(
        pattern is None or _fits(pattern, text, regex=by_regex) is fits
        for pattern, text, fits, by_regex in wanted
    )


def _fits(pattern: str | list[str], text: str, *, regex: bool) -> bool:
    patterns = [pattern] if isinstance(pattern, str) else pattern
    if regex:
        return any(re.fullmatch(one, text) for one in patterns)
    escaped = (one.replace("[", "[[]").replace("?", "[?]") for one in patterns)
    return any(fnmatchcase(text, one) for one in escaped)


def _filled(mapping: Any, name: str, kind: str) -> Any:
    """Return a template's mapping with ``{name}`` and ``{dynamic_type}`` filled in."""
    default = {"string": "text"}.get(kind, kind)
    if isinstance(mapping, dict):
        return {key: _filled(value, name, kind) for key, value in mapping.items()}
    if isinstance(mapping, str):
        return mapping.replace("{name}", name).replace("{dynamic_type}", default)
    return mapping


def _is_number(text: str) -> bool:
    try:
        as_double(text)
    except ValueError:
        return False
    return True
