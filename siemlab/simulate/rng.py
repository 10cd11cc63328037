"""Random numbers that are the same on every machine, in every order, in any number of processes.

numpy promises that a bit generator's raw numbers stay as they are, but not what its methods make
of them: so everything here is made of `random_raw` with whole numbers alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ints", "Rng"]

T = TypeVar("T")

Ints = NDArray[np.int64]
"""Whole numbers, one for each row; times are epoch milliseconds."""

UUID_VARIANT = "89ab"

# Of 16 bits how many pairs are 00 before the first that is not, from the right.
DOUBLINGS = np.zeros(1 << 16, dtype=np.int64)
for _pairs in range(1, 9):
    DOUBLINGS[:: 4**_pairs] = _pairs


class Rng:
    """A stream of random numbers that belongs to a name: the day of a behavior, a host, a story.

    Two streams of different names know nothing of each other, so that it does not matter which is
    drawn first, or in which process.

    Parameters
    ----------
    seed
        The seed of the data set.
    names
        Whose stream it is.

    Examples
    --------
    >>> Rng(1, "packer", "2022-11-12").below(3, 100).tolist()
    [87, 0, 50]
    >>> Rng(1, "packer", "2022-11-13").below(3, 100).tolist()
    [25, 64, 87]
    """

    def __init__(self, seed: int, *names: str | int) -> None:
        self.seed = seed
        self.names = names

    @cached_property
    def _bits(self) -> np.random.Philox:
        text = "\0".join(str(name) for name in self.names)
        words = np.frombuffer(hashlib.blake2b(text.encode(), digest_size=16).digest(), "<u4")
        key = tuple(int(word) for word in words)
        return np.random.Philox(np.random.SeedSequence(entropy=self.seed, spawn_key=key))

    def child(self, *names: str | int) -> Rng:
        """Return the stream of a part of this one's owner."""
        return Rng(self.seed, *self.names, *names)

    def raw(self, count: int) -> NDArray[np.uint64]:
        """Return numbers of 64 bits."""
        return self._bits.random_raw(count)

    def below(self, count: int, bound: int) -> Ints:
        """Return numbers from 0 to below ``bound`` (at most 2**31), all equally likely."""
        high = self.raw(count) >> np.uint64(33)
        return ((high * np.uint64(bound)) >> np.uint64(31)).astype(np.int64)

    def between(self, count: int, low: int, high: int) -> Ints:
        """Return numbers from ``low`` to ``high``, both included."""
        return self.below(count, high - low + 1) + low

    def one(self, low: int, high: int) -> int:
        """Return one number from ``low`` to ``high``, both included."""
        return int(self.between(1, low, high)[0])

    def chance(self, count: int, per_mille: int) -> NDArray[np.bool_]:
        """Return for each row whether what happens ``per_mille`` times of 1,000 happens."""
        return self.below(count, 1000) < per_mille

    def happens(self, per_mille: int) -> bool:
        """Return whether what happens ``per_mille`` times of 1,000 happens."""
        return bool(self.chance(1, per_mille)[0])

    def indices(self, count: int, weights: Sequence[int]) -> Ints:
        """Return positions in ``weights``, each as likely as its whole-numbered weight says."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(count, int(edges[-1])), side="right")

    def pick(self, items: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """Return one of ``items``."""
        return self.picks(1, items, weights)[0]

    def picks(
        self, count: int, items: Sequence[T], weights: Sequence[int] | None = None
    ) -> list[T]:
        """Return ``count`` of ``items``, with repeats."""
        chosen = self.indices(count, weights) if weights else self.below(count, len(items))
        return [items[index] for index in chosen.tolist()]

    def shuffled(self, count: int) -> Ints:
        """Return the numbers below ``count`` in an order by chance."""
        return np.argsort(self.raw(count), kind="stable").astype(np.int64)

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of ``items``."""
        return [items[index] for index in self.shuffled(len(items))[:count].tolist()]

    def rare_long(self, count: int, typical: int, longest: int) -> Ints:
        """Return lengths as people and networks make them: mostly about ``typical``, a few long.

        Whole-numbered: a length doubles with a chance of one in four, from 1 on, up to ``longest``.
        """
        base = self.between(count, max(1, typical // 4), max(1, typical * 3 // 2))
        flips = self.raw(count) & np.uint64(0xFFFF)
        lengths: Ints = np.minimum(base << DOUBLINGS[flips], longest)
        return lengths

    def hexes(self, count: int, digits: int) -> list[str]:
        """Return texts of ``digits`` hexadecimal digits, in lower case."""
        words = -(-digits // 16)
        text = self.raw(count * words).astype("<u8").tobytes().hex()
        step = words * 16
        return [text[start : start + digits] for start in range(0, count * step, step)]

    def letters(self, count: int, length: int, alphabet: str) -> list[str]:
        """Return texts of ``length`` signs of ``alphabet``."""
        table = np.frombuffer(alphabet.encode("ascii"), np.uint8)
        text = table[self.below(count * length, len(alphabet))].tobytes().decode("ascii")
        return [text[start : start + length] for start in range(0, count * length, length)]

    def uuids(self, count: int) -> list[str]:
        """Return UUIDs of version 4.

        Examples
        --------
        >>> Rng(1, "x").uuids(1)
        ['fd8c7d9c-9b7d-46cc-9200-a8b33d71c4d8']
        """
        return [
            f"{text[:8]}-{text[8:12]}-4{text[13:16]}-"
            f"{UUID_VARIANT[int(text[16], 16) & 3]}{text[17:20]}-{text[20:]}"
            for text in self.hexes(count, 32)
        ]
