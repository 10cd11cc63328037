"""Scores: the rules, the log of what a learner did, and the fold of one over the other."""

from __future__ import annotations

from siemlab.score.fold import Progress, Standing, Try, fold, wait
from siemlab.score.ledger import KINDS, Event, Ledger
from siemlab.score.rules import PRICES, payout

__all__ = [
    "KINDS",
    "PRICES",
    "Event",
    "Ledger",
    "Progress",
    "Standing",
    "Try",
    "fold",
    "payout",
    "wait",
]
