"""What a behavior does in a day, noted call by call, and made in few strokes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.shapes import Column
from siemlab.simulate.stage import Stage

__all__ = ["Diary"]


class _Page(NamedTuple):
    call: Call
    caller: Caller
    region: str
    error: str
    times: list[int]
    columns: dict[str, list[Column]]


class Diary:
    """Notes calls in any order; equal calls of a caller are made together at the end.

    Parameters
    ----------
    stage
        Where the calls are made.
    shifts
        Each call is made so often, so many milliseconds later than noted: where a company is
        larger, more of the same goes on.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.call import Call
    >>> from siemlab.simulate.callers import aws_service
    >>> from siemlab.simulate.stage import Records
    >>> from siemlab.simulate.world import World
    >>> records = Records()
    >>> diary = Diary(Stage(World(load_baseline(), seed=2022), records, "example"))
    >>> who = aws_service("444455556666", "config.amazonaws.com")
    >>> call = Call(service="sts", name="GetCallerIdentity", read_only=True)
    >>> for at in (1668264429000, 1668264430000):
    ...     diary.note(call, who, at, region="ap-northeast-1")
    >>> diary.close()
    >>> [len(batch.at) for batches in records.batches.values() for batch in batches]
    [2]
    """

    def __init__(self, stage: Stage, shifts: Sequence[int] = (0,)) -> None:
        self.stage = stage
        self._shifts = shifts
        self._pages: dict[tuple[object, ...], _Page] = {}

    def note(
        self,
        call: Call,
        caller: Caller,
        at: int,
        *,
        region: str,
        error: str = "",
        **columns: Column,
    ) -> None:
        """Note a call.

        Parameters
        ----------
        call, caller
            What, and who.
        at
            When, epoch milliseconds.
        region, error, columns
            As of `Stage.call`: one value for each column.
        """
        # A call is a constant of the catalog: it can be known by its place.
        key = (id(call), caller, region, error, *columns)
        page = self._pages.get(key)
        if page is None:
            page = _Page(call, caller, region, error, [], {name: [] for name in columns})
            self._pages[key] = page
        page.times.append(at)
        for name, value in columns.items():
            page.columns[name].append(value)

    def close(self) -> None:
        """Make all calls that were noted."""
        for page in self._pages.values():
            at = np.add.outer(np.array(self._shifts), np.array(page.times)).ravel()
            self.stage.call(
                page.call,
                page.caller,
                at,
                region=page.region,
                error=page.error,
                **{name: column * len(self._shifts) for name, column in page.columns.items()},
            )
        self._pages.clear()
