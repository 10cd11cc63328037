"""A chart: one picture in three forms, each a plain value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from siemlab.charts.svg import Drawing

__all__ = ["SCHEMA", "VEGA_LITE", "Chart", "Counted"]

VEGA_LITE = "application/vnd.vegalite.v5+json"
"""The type under which JupyterLab draws a specification itself, without a download."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
"""The name of the language of a specification; nobody loads it."""


class Counted(Protocol):
    """A row of the table that a chart is made of: a key and its count, such as a `Bucket`."""

    @property
    def key(self) -> Any:
        """A value, or for a histogram a time."""

    @property
    def count(self) -> int:
        """How many documents it has."""


@dataclass(frozen=True, repr=False)
class Chart:
    """A chart as JupyterLab, GitHub, a report and a terminal show it.

    Parameters
    ----------
    body
        A Vega-Lite v5 specification, without its ``$schema``.
    drawing
        The same as a static drawing.
    text
        The same as text; it says nothing that changes from run to run.

    Examples
    --------
    >>> chart = Chart({"mark": "bar"}, Drawing(10, 10, "", "nothing"), "nothing counted")
    >>> chart
    nothing counted
    >>> chart.spec["mark"], chart.svg[:4]
    ('bar', '<svg')
    """

    body: dict[str, Any]
    drawing: Drawing
    text: str

    @property
    def spec(self) -> dict[str, Any]:
        """The whole Vega-Lite specification: plain values, its data in it."""
        return {"$schema": SCHEMA, **self.body}

    @property
    def svg(self) -> str:
        """The static drawing, an SVG document: for a report, for GitHub, for a browser."""
        return self.drawing.svg()

    def save(self, path: str | Path) -> Path:
        """Write the static drawing to a file.

        Parameters
        ----------
        path
            The file, ``chart.svg``.

        Returns
        -------
        Path
            The file.
        """
        target = Path(path)
        target.write_text(self.svg, encoding="utf-8")
        return target

    def __repr__(self) -> str:
        """Return the chart as text; the same for the same values."""
        return self.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Return every form; each front end takes the best that it knows."""
        forms = {VEGA_LITE: self.spec, "image/svg+xml": self.svg, "text/plain": self.text}
        return forms, {VEGA_LITE: {"embed_options": {"actions": False}}}
