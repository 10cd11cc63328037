"""Missions: their texts and questions, read from YAML, and the keys that teams answer against."""

from __future__ import annotations

from siemlab.missions.filling import fill_answers, with_key
from siemlab.missions.keys import (
    TeamKey,
    digest,
    read_team_key,
    seal,
    unseal,
    write_team_key,
)
from siemlab.missions.loading import KEYS, load_mission, load_missions
from siemlab.missions.mission import (
    PART_TYPES,
    PHASES,
    Mission,
    Moment,
    Option,
    Part,
    PartKey,
    Question,
    Text,
)
from siemlab.missions.reading import read_mission
from siemlab.missions.readings import READINGS, STATED, reading_text

__all__ = [
    "KEYS",
    "PART_TYPES",
    "PHASES",
    "READINGS",
    "STATED",
    "Mission",
    "Moment",
    "Option",
    "Part",
    "PartKey",
    "Question",
    "TeamKey",
    "Text",
    "digest",
    "fill_answers",
    "load_mission",
    "load_missions",
    "read_mission",
    "read_team_key",
    "reading_text",
    "seal",
    "unseal",
    "with_key",
    "write_team_key",
]
