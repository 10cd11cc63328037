"""Draws one at a time, in plain Python: for what is decided event by event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from siemlab.simulate.rng import Rng

__all__ = ["Dice"]

T = TypeVar("T")

STOCK = 256


class Dice:
    """The draws of a stream as single Python values.

    An array of one number costs more than the number; so they are fetched by the hundred.

    Parameters
    ----------
    rng
        The stream; nobody else should draw from it.

    Examples
    --------
    >>> dice = Dice(Rng(1, "x"))
    >>> [dice.below(6) for _ in range(4)], dice.pick("abc")
    ([3, 2, 4, 2], 'c')
    """

    def __init__(self, rng: Rng) -> None:
        self._rng = rng
        self._numbers: list[int] = []

    def below(self, bound: int) -> int:
        """Return a number from 0 to below ``bound`` (at most 2**31)."""
        if not self._numbers:
            self._numbers = (self._rng.raw(STOCK) >> np.uint64(33)).tolist()
        return self._numbers.pop() * bound >> 31

    def between(self, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def happens(self, per_mille: int) -> bool:
        """Return whether what happens ``per_mille`` times of 1,000 happens."""
        return self.below(1000) < per_mille

    def pick(self, items: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """Return one of ``items``, with whole-numbered weights if they are not alike."""
        if weights is None:
            return items[self.below(len(items))]
        left = self.below(sum(weights))
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        raise ValueError("there are no weights")

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of ``items``, or all, in an order by chance."""
        left = list(items)
        found: list[T] = []
        while left and len(found) < count:
            found.append(left.pop(self.below(len(left))))
        return found

    def gap(self) -> int:
        """Return the pause between two calls of a page or script in milliseconds: mostly none."""
        if self.happens(800):
            return self.below(60)
        return self.between(400, 2600) if self.happens(850) else self.between(3000, 18000)

    def pace(self) -> int:
        """Return the pause between two calls of a program that works through a list."""
        return self.below(90) if self.happens(900) else self.between(200, 1500)
