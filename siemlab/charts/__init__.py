"""A table in, a picture out: Vega-Lite v5 specifications, static SVG, and stable text."""

from __future__ import annotations

from siemlab.charts.bars import histogram, top_bar
from siemlab.charts.board import dashboard
from siemlab.charts.chart import Chart
from siemlab.charts.moments import Mark, timeline

__all__ = ["Chart", "Mark", "dashboard", "histogram", "timeline", "top_bar"]
