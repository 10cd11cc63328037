"""Bots of the internet, which try names and passwords at the console's sign-in page."""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import HOUR, SECOND, Day
from siemlab.simulate.callers import unknown_user
from siemlab.simulate.calls.signin import CONSOLE_LOGIN_FAILURE_UNKNOWN
from siemlab.simulate.dice import Dice
from siemlab.simulate.hours import crowd
from siemlab.simulate.stage import Stage

__all__ = ["BOTS"]

NETWORK = "198.19.0.0/16"
REGIONS = ("us-east-1", "us-east-1", "ap-northeast-1", "us-west-2")
ACCOUNTS = ("sz-prod", "sz-prod", "sz-dev", "sz-management")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/92.0.4515.159 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/95.0.4638.69 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:78.0) Gecko/20100101 Firefox/78.0",
)


def knock(stage: Stage, day: Day) -> None:
    """Let some bots try: a handful on dense days; of others the year keeps one in two days."""
    dice = Dice(stage.rng.child("dice"))
    count = stage.world.scaled(dice.between(4, 7)) if day.dense else dice.below(2)
    addresses = crowd(stage.rng.child("addresses"), NETWORK, 8 * count, count)
    for address in addresses:
        account = stage.world.account(dice.pick(ACCOUNTS))
        bot = unknown_user(account, address=address, agent=dice.pick(AGENTS))
        begin = day.start + dice.below(23 * HOUR // SECOND) * SECOND
        at = [begin + number * dice.between(4, 9) * SECOND for number in range(dice.between(1, 2))]
        stage.call(CONSOLE_LOGIN_FAILURE_UNKNOWN, bot, at, region=dice.pick(REGIONS))


BOTS = Behavior("bots", knock, thin=True)
