"""Widgets: pure state, then a thin view; JS and CSS files beside the class."""

from __future__ import annotations

from siemlab.widgets.dashboard import Dashboard
from siemlab.widgets.discover import Discover
from siemlab.widgets.events import DiscoverEvent
from siemlab.widgets.mission import MissionBar
from siemlab.widgets.panels import BOARDS, Board, Panel, load_board
from siemlab.widgets.question import QuestionBox
from siemlab.widgets.reduce import reduce
from siemlab.widgets.state import DiscoverState, Look, Step
from siemlab.widgets.timeline import Timeline
from siemlab.widgets.trail import Trail
from siemlab.widgets.view import view_of

__all__ = [
    "BOARDS",
    "Board",
    "Dashboard",
    "Discover",
    "DiscoverEvent",
    "DiscoverState",
    "Look",
    "MissionBar",
    "Panel",
    "QuestionBox",
    "Step",
    "Timeline",
    "Trail",
    "load_board",
    "reduce",
    "view_of",
]
