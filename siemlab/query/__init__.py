"""The value a learner builds: index pattern, time range, include/exclude, query_string text."""

from __future__ import annotations

from siemlab.query.filters import Filter
from siemlab.query.notes import Note, notes
from siemlab.query.parser import parse_query_string
from siemlab.query.printer import to_text
from siemlab.query.timerange import TimeRange
from siemlab.query.value import Query

__all__ = ["Filter", "Note", "Query", "TimeRange", "notes", "parse_query_string", "to_text"]
