"""Somebody's calls, one after the other: things looked at by chance, and the usual failures."""

from __future__ import annotations

from dataclasses import dataclass

from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.refusals import MISSING, REFUSED, THROTTLED, failure
from siemlab.simulate.shapes import Column
from siemlab.simulate.stock import Stock

__all__ = ["Habits", "Hands"]


@dataclass(frozen=True)
class Habits:
    """How often calls fail, parts in a thousand.

    Parameters
    ----------
    refused
        For want of permission.
    throttled
        Because there are too many.
    missing
        Because what is asked for is not there (any more).
    """

    refused: int = 0
    throttled: int = 0
    missing: int = 0

    def outcome(self, call: Call, dice: Dice) -> str:
        """Return the error code with which a call fails by chance; empty if it does not."""
        drawn = dice.below(1000)
        for per_mille, kind in (
            (self.refused, REFUSED),
            (self.throttled, THROTTLED),
            (self.missing, MISSING),
        ):
            if drawn < per_mille:
                return failure(call, kind)
            drawn -= per_mille
        return ""


class Hands:
    """Makes calls of the catalog for somebody, with what the account has.

    Parameters
    ----------
    diary
        Where the calls are noted.
    stock
        The account's stock.
    dice
        Who decides.
    """

    def __init__(self, diary: Diary, stock: Stock, dice: Dice) -> None:
        self.diary, self.stock, self.dice = diary, stock, dice

    def does(
        self,
        call: Call,
        caller: Caller,
        at: int,
        region: str,
        habits: Habits | None = None,
        **given: Column,
    ) -> bool:
        """Make a call; return whether the account had what it asks for.

        Parameters
        ----------
        call, caller, at, region
            What, who, when (epoch milliseconds), and where.
        habits
            How often it fails.
        given
            Columns that are not left to chance.
        """
        error = habits.outcome(call, self.dice) if habits else ""
        if error and MISSING.match(error) and not self.stock.may_miss(call):
            error = ""
        columns = self.stock.filled(call, self.dice, error, given)
        if columns is None:
            return False
        if not error and (lacking := self.stock.lacks(call, columns)):
            error, columns = (
                lacking,
                self.stock.filled(call, self.dice, lacking, columns) or columns,
            )
        self.diary.note(call, caller, at, region=region, error=error, **columns)
        return True
