"""Stories, each told once for all tests."""

from __future__ import annotations

import pytest

from tests.scenarios.told import Tell, Told, build


@pytest.fixture(scope="session")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Tell a story by its name, for a team, with what goes on around it or without."""
    known: dict[tuple[str, str, bool], Told] = {}

    def told(name: str, team: str = "", *, background: bool = True) -> Told:
        key = (name, team, background)
        if key not in known:
            known[key] = build(*key[:2], tmp_path_factory.mktemp(f"{name}-{team}"), background)
        return known[key]

    return told
