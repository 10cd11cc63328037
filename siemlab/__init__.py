"""Learn incident investigation in AWS logs, in Jupyter notebooks, with include and exclude.

Examples
--------
>>> import siemlab
>>> siemlab.Query("log-aws-cloudtrail-*").include("user.name", "alice").pills()
['user.name: alice']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siemlab.errors import SiemlabError
    from siemlab.lab import Lab
    from siemlab.query import Query, TimeRange
    from siemlab.store.base import Hits

    __version__: str

__all__ = ["Hits", "Lab", "Query", "SiemlabError", "TimeRange", "__version__"]

# Where each name lives; it is loaded when it is used first, so that importing siemlab is quick.
_HOMES = {
    "Hits": "siemlab.store.base",
    "Lab": "siemlab.lab",
    "Query": "siemlab.query",
    "SiemlabError": "siemlab.errors",
    "TimeRange": "siemlab.query",
}


def __getattr__(name: str) -> Any:
    """Load a public name."""
    from importlib import import_module, metadata

    if name == "__version__":
        return metadata.version("siemlab")
    if name not in _HOMES:
        raise AttributeError(f"module 'siemlab' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
