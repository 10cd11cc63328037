"""All calls, by service and name."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from types import ModuleType

from siemlab.simulate import calls
from siemlab.simulate.call import Call

__all__ = ["CATALOG", "NAMED"]


def _modules() -> list[ModuleType]:
    # This module itself is among them, but half made: it has no calls.
    names = sorted(found.name for found in pkgutil.iter_modules(calls.__path__))
    return [
        importlib.import_module(f"{calls.__name__}.{name}") for name in names if name != "catalog"
    ]


def _named() -> dict[str, Call]:
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in _modules()
        for name, value in vars(module).items()
        if isinstance(value, Call) and name.isupper() and not name.startswith("_")
    }


def _by_event() -> dict[tuple[str, str], tuple[Call, ...]]:
    found: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in NAMED.values():
        found[call.service, call.name].append(call)
    return {event: tuple(known) for event, known in found.items()}


NAMED: dict[str, Call] = _named()
"""The calls by module and constant: ``iam.CREATE_USER``."""

CATALOG: dict[tuple[str, str], tuple[Call, ...]] = _by_event()
"""The calls by service and event name, ``("iam", "CreateUser")``: many have more than one shape."""
