"""Index templates, read the way the server reads them: which one an index gets, and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

__all__ = [
    "composed",
    "default_template",
    "flat_settings",
    "matching_template",
    "template_fields",
]


@cache
def default_template() -> dict[str, Any]:
    """Return siemlab's own index templates: ``component_template`` and ``index_template``.

    Returns
    -------
    dict
        Name to body, in each of the two groups, as ``PUT _component_template/NAME`` and
        ``PUT _index_template/NAME`` take them. Shared: do not change it.

    Examples
    --------
    >>> sorted(default_template())
    ['component_template', 'index_template']
    """
    text = files("siemlab.ecs").joinpath("template.json").read_bytes()
    template: dict[str, Any] = orjson.loads(text)
    return template


def matching_template(template: Mapping[str, Any], index: str) -> str | None:
    """Return the name of the index template that a new index gets.

    Parameters
    ----------
    template
        Index templates, as `default_template` returns them.
    index
        The name of the index.

    Returns
    -------
    str or None
        The matching template of the highest priority; None where none matches.

    Examples
    --------
    >>> matching_template(default_template(), "log-aws-waf-2022-11")
    'siemlab-log-aws-waf'
    >>> matching_template(default_template(), "log-aws-waf-2022-11-spill")
    'siemlab-log-aws-spill'
    """
    fitting = [
        (body.get("priority", 0), name)
        for name, body in template.get("index_template", {}).items()
        if any(fnmatchcase(index, pattern) for pattern in _patterns(body))
    ]
    return max(fitting)[1] if fitting else None


def template_fields(template: Mapping[str, Any], index: str) -> dict[str, dict[str, Any]]:
    """Return the fields that an index has before any document, objects included.

    Parameters
    ----------
    template
        Index templates, as `default_template` returns them.
    index
        The name of the index.

    Returns
    -------
    dict
        Path to mapping. An object stands there as ``{"type": "object"}`` or with its own type,
        without the fields in it, which have rows of their own.

    Examples
    --------
    >>> fields = template_fields(default_template(), "log-aws-waf-2022-11")
    >>> fields["httpRequest"], fields["httpRequest.clientIp"]
    ({'type': 'object'}, {'type': 'ip'})
    """
    name = matching_template(template, index)
    if name is None:
        return {}
    body = template["index_template"][name]
    parts = [template["component_template"][part] for part in body.get("composed_of", ())]
    found: dict[str, dict[str, Any]] = {}
    for part in (*parts, body):
        mappings = part.get("template", {}).get("mappings", {})
        found.update(_flatten(mappings.get("properties", {}), ""))
    return found


def composed(
    template: Mapping[str, Any], index: str, pins: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the body that index templates give a new index.

    Parameters
    ----------
    template
        Index templates, as `default_template` returns them.
    index
        The name of the index.
    pins
        Path to mapping, set last.

    Examples
    --------
    >>> composed(default_template(), "log-aws-waf-2022-11")["settings"]["index.number_of_shards"]
    1
    """
    name = matching_template(template, index)
    parts = []
    if name is not None:
        body = template["index_template"][name]
        parts = [template["component_template"][part] for part in body.get("composed_of", ())]
        parts.append(body)
    settings: dict[str, Any] = {}
    mappings: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for part in parts:
        inner = part.get("template", {})
        settings.update(flat_settings(inner.get("settings", {})))
        mappings.update(inner.get("mappings", {}))
        properties.update(inner.get("mappings", {}).get("properties", {}))
    properties.update(pins or {})
    return {"settings": settings, "mappings": {**mappings, "properties": properties}}


def flat_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their full names, ``index.`` in front.

    Parameters
    ----------
    settings
        Settings as an index is created with: nested or with dots, with ``index`` or without.

    Examples
    --------
    >>> flat_settings({"mapping": {"ignore_malformed": True}})
    {'index.mapping.ignore_malformed': True}
    """
    return dict(_settings(settings, ""))


def _settings(settings: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _settings(value, f"{prefix}{key}.")
        else:
            path = f"{prefix}{key}"
            yield path if path.startswith("index.") else f"index.{path}", value


def _patterns(body: Mapping[str, Any]) -> list[str]:
    patterns = body.get("index_patterns", [])
    return [patterns] if isinstance(patterns, str) else list(patterns)


def _flatten(properties: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, mapping in properties.items():
        parts = name.split(".")
        for end in range(1, len(parts)):
            yield prefix + ".".join(parts[:end]), {"type": "object"}
        path = prefix + name
        inner = mapping.get("properties")
        own = {key: value for key, value in mapping.items() if key != "properties"}
        yield path, own if "type" in own else {"type": "object", **own}
        if inner:
            yield from _flatten(inner, f"{path}.")
