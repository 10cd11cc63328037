"""R3: does the form of a record give the incident away? A classifier tries, and must fail.

It sees nothing but what the writing program leaves behind (`features`). To prove that it is awake,
the same classifier must find artefacts that are planted in the background.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from siemlab.errors import SiemlabError
from siemlab.realism.features import FEATURES, Row, cloudtrail_row
from siemlab.realism.figures import Figure, Verdict, Violation
from siemlab.realism.labels import Labels
from siemlab.realism.reading import Seen

__all__ = ["CONTROLS", "LeakCheck", "auc", "control_auc", "null_auc"]

Event = dict[str, Any]

GATE_ALL, GATE_STORY, GATE_CONTROL, GATE_TLS = 0.58, 0.65, 0.95, 0.85
ENOUGH_ALL, ENOUGH_STORY = 1000, 150  # scenario events, for a gate to mean anything
BACKGROUND = 20_000  # rows of a type that are kept
EXAMPLES = 3_000  # whole events that are kept, to plant controls in
PLANTED = 20  # every 20th is altered: 5 %


def auc(rows: Sequence[Row], labels: Sequence[bool]) -> float:
    """Return how well a classifier tells labelled rows from the others, out of fold.

    Parameters
    ----------
    rows
        The features.
    labels
        For each row, whether it belongs to the incident; at least five of each kind.

    Returns
    -------
    float
        The area under the curve over five folds: 0.5 is a coin, 1.0 tells all.

    Raises
    ------
    SiemlabError
        scikit-learn is not installed.

    Examples
    --------
    >>> rows = [(float(number % 7),) for number in range(400)]
    >>> round(auc(rows, [row == (3.0,) for row in rows]), 2)
    1.0
    """
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise SiemlabError(
            "scikit-learn is not installed; run: pip install scikit-learn",
            "scikit-learn がありません。pip install scikit-learn を実行してください",
        ) from error
    import numpy as np

    features, truth = np.asarray(rows, dtype=float), np.asarray(labels, dtype=int)
    model = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    with threadpool_limits(1):  # on a busy machine its threads wait for each other
        guesses = cross_val_predict(model, features, truth, cv=folds, method="predict_proba")
    return float(roc_auc_score(truth, guesses[:, 1]))


def _hex(event: Event) -> str:
    return hashlib.sha256(str(event.get("eventID")).encode()).hexdigest()


def _uuid1(event: Event, number: int) -> Event:
    """An id made of clock and network card, as Python's ``uuid1`` is."""
    text = _hex(event)
    return event | {"eventID": f"{text[:8]}-{text[8:12]}-11ed-8f3a-0242ac120002"}


def _sequential(event: Event, number: int) -> Event:
    return event | {"eventID": f"{number:08x}-0000-4000-8000-{number:012x}"}


def _milliseconds(event: Event, number: int) -> Event:
    return event | {"eventTime": str(event.get("eventTime")).replace("Z", ".000Z")}


def _texts(event: Event, number: int) -> Event:
    return event | {"readOnly": str(event.get("readOnly")).lower(), "managementEvent": "true"}


CONTROLS: dict[str, Callable[[Event, int], Event]] = {
    "uuid1": _uuid1,
    "sorted keys": lambda event, number: dict(sorted(event.items())),
    "string booleans": _texts,
    "upper-case ids": lambda event, number: event | {"eventID": str(event.get("eventID")).upper()},
    "millisecond times": _milliseconds,
    "sequential ids": _sequential,
    "missing tlsDetails": lambda event, number: {
        name: value for name, value in event.items() if name != "tlsDetails"
    },
}
"""Artefacts that are planted in one event of twenty: an event and its number in, the other out."""


def control_auc(events: Sequence[Event], name: str) -> float:
    """Plant an artefact in one event of twenty, and return how well it is found.

    Parameters
    ----------
    events
        Genuine events, or background.
    name
        Which artefact, of `CONTROLS`.

    Returns
    -------
    float
        As `auc` does. ``missing tlsDetails`` is planted where a direct call has them.
    """
    usable = list(events)
    if name == "missing tlsDetails":
        fit = [_had_tls(event) for event in usable]
    else:
        fit = [True] * len(usable)
    alter, rows, labels, seen = CONTROLS[name], [], [], 0
    for number, event in enumerate(usable):
        seen += fit[number]
        planted = fit[number] and seen % PLANTED == 0
        rows.append(cloudtrail_row(alter(event, number) if planted else event))
        labels.append(planted)
    return auc(rows, labels)


def _had_tls(event: Event) -> bool:
    without = {name: value for name, value in event.items() if name != "tlsDetails"}
    return "tlsDetails" in event and cloudtrail_row(without)[-1] == 1.0


class _Sample:
    """Keeps the rows of a type: all of the stories, of the background those with small digests."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, Row]] = []
        self._limit = 1 << 64

    def add(self, digest: int, story: str, row: Row) -> None:
        if not story and digest >= self._limit:
            return
        self.rows.append((digest, story, row))
        if len(self.rows) > 2 * BACKGROUND:
            self._limit //= 2
            self.rows = [found for found in self.rows if found[1] or found[0] < self._limit]


class LeakCheck:
    """Collects what the classifier sees, and lets it try.

    Parameters
    ----------
    labels
        Which records belong to a story.
    """

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._samples = {name: _Sample() for name in FEATURES}
        self._examples: list[Event] = []

    @property
    def reads(self) -> frozenset[str]:
        """The log types that are judged."""
        return frozenset(FEATURES)

    def see(self, seen: Seen) -> None:
        """Take the features of a record."""
        name, raw = seen.log_type.name, seen.record.raw
        digest = _digest(f"{seen.key} {seen.record.number}")
        story = self._labels.of(seen)
        self._samples[name].add(digest, story, FEATURES[name](raw))
        if name == "cloudtrail" and not story and len(self._examples) < EXAMPLES:
            self._examples.append(dict(raw))

    def figures(self) -> list[Figure]:
        """Return what the classifier reached, on the stories and on the planted artefacts."""
        return self.stories() + self.controls()

    def stories(self) -> list[Figure]:
        """Return how well it tells the records of all stories, and of each, from the others."""
        return [
            figure
            for name, sample in self._samples.items()
            for figure in self._of_type(name, sample.rows)
        ]

    @property
    def violations(self) -> list[Violation]:
        """None: no single record leaks."""
        return []

    def _of_type(self, name: str, rows: list[tuple[int, str, Row]]) -> list[Figure]:
        stories = sorted({story for _, story, _ in rows if story})
        figures = []
        for story in ["", *stories]:
            chosen = [(label, row) for _, label, row in rows if not label or label == story]
            chosen = [(label, row) for _, label, row in rows] if not story else chosen
            labels = [bool(label) for label, _ in chosen]
            count = sum(labels)
            if min(count, len(labels) - count) < 50:
                continue
            value = auc([row for _, row in chosen], labels)
            gate, enough = (GATE_STORY, ENOUGH_STORY) if story else (GATE_ALL, ENOUGH_ALL)
            gated = name == "cloudtrail" and count >= enough
            figures.append(_figure(name, story, value, count, gate if gated else None))
        return figures

    def controls(self) -> list[Figure]:
        """Return how well it finds what is planted in the background, to prove it is awake."""
        if len(self._examples) < 1000:
            return []
        figures = []
        for name in CONTROLS:
            gate = GATE_TLS if name == "missing tlsDetails" else GATE_CONTROL
            value = control_auc(self._examples, name)
            verdict: Verdict = "pass" if value >= gate else "fail"
            words = (f"planted artefact: {name}", f"埋め込んだ痕跡: {name}")
            figures.append(Figure("R3", words, f"{value:.3f}", f">= {gate}", verdict, value))
        return figures


def _figure(name: str, story: str, value: float, count: int, gate: float | None) -> Figure:
    what = f"{name} {story}".strip()
    words = (f"AUC, {what} ({count:,} records)", f"AUC、{what}（{count:,} 件）")
    verdict: Verdict = "told" if gate is None else "pass" if value <= gate else "fail"
    threshold = "" if gate is None else f"<= {gate}"
    return Figure("R3", words, f"{value:.3f}", threshold, verdict, value)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def null_auc(rows: Sequence[Row], draws: int = 12) -> list[float]:
    """Return what the classifier reaches on labels that mean nothing: a twentieth, drawn by digest.

    Parameters
    ----------
    rows
        The features.
    draws
        How many times.
    """
    found = []
    for draw in range(draws):
        labels = [_digest(f"{draw} {number}") % PLANTED == 0 for number in range(len(rows))]
        found.append(auc(rows, labels))
    return found
