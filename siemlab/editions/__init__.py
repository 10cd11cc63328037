"""One text source per mission in, its notebooks out: English, Japanese, and the solution."""

from __future__ import annotations

from siemlab.editions.build import build_editions

__all__ = ["build_editions"]
