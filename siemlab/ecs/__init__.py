"""Which field exists, its type (ip, keyword, text, date...), and what it means in two languages."""

from __future__ import annotations

from siemlab.ecs.known import FIELDS, Field, field

__all__ = ["FIELDS", "Field", "field"]  # the index templates lie beside, in template.json
