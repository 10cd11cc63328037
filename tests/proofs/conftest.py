"""The sample logs, and the toy mission on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from siemlab import Lab
from siemlab.store.base import Store

from .toys import Toy


@pytest.fixture(scope="session")
def sample_store() -> Iterator[Store]:
    with Lab(store="sample", quiet=True) as lab:
        yield lab.store


@pytest.fixture
def toy(tmp_path: Path, sample_store: Store) -> Toy:
    return Toy.of(tmp_path, sample_store)
