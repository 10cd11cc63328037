"""The API calls that are made in the company, one module per family of services."""

from __future__ import annotations

__all__: list[str] = []
