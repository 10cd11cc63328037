"""One record in, its document out, for the tables of the log types."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from siemlab.logs import LogType, recognize
from siemlab.logs.model import NO_ENVELOPE, Envelope, Record
from siemlab.normalize import Document, NormalizeOptions
from siemlab.normalize.pipeline import Normalizer

Make = Callable[..., Document]


@pytest.fixture
def make() -> Make:
    """Normalize a raw record of the type of a key: ``make(key, {...}).source``."""

    def made(key: str, raw: dict[str, Any], envelope: Envelope = NO_ENVELOPE) -> Document:
        log_type = recognize(key)
        assert isinstance(log_type, LogType)
        normalizer = Normalizer(log_type, key, "logs", NormalizeOptions())
        document = normalizer(Record(1, json.loads(json.dumps(raw)), json.dumps(raw), envelope))
        assert isinstance(document, Document), document
        return document

    return made
