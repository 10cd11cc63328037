"""Makes the store of the sample logs, once."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from siemlab.errors import StoreError
from siemlab.lab.opening import written_by
from siemlab.lab.places import sample_logs, sample_store
from siemlab.normalize.document import Document, documents_of

__all__ = ["no_sample", "sample"]


def sample() -> Path | None:
    """Return the folder of the store with the sample logs; it is made where it is missing.

    Returns
    -------
    Path or None
        The folder; None where there are no sample logs, outside a checkout of siemlab.

    Raises
    ------
    StoreError
        When the store cannot be made.
    """
    logs = sample_logs()
    if logs is None:
        return None
    target = sample_store(logs)
    if written_by(target) is None:
        _build(logs, target)
    return target


def no_sample() -> StoreError:
    """Return the error that says that there are no sample logs.

    Examples
    --------
    >>> print(no_sample())
    there are no sample logs here; they come with a checkout of siemlab (data/sample)
    """
    return StoreError(
        "there are no sample logs here; they come with a checkout of siemlab (data/sample)",
        "サンプルログがありません。siemlab のリポジトリに含まれています（data/sample）",
    )


def _build(logs: Path, target: Path) -> None:
    """Build the store beside its place, then move it there: several kernels may do so at once."""
    from siemlab.store import open_store

    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        store = open_store(scratch / "store", engine="duckdb")
        store.add(_documents(logs))
        store.close()
        os.rename(scratch / "store", target)
    except OSError:
        if written_by(target) is None:  # else another kernel was quicker, with the same logs
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _documents(logs: Path) -> Iterator[Document]:
    from tqdm.auto import tqdm

    from siemlab.normalize import normalize

    seen = "ipykernel" in sys.modules or sys.stderr.isatty()
    found = tqdm(normalize([logs]), desc="sample", unit="", leave=False, disable=not seen)
    return documents_of(found)
