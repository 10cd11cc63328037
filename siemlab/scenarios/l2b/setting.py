"""Where and when "Trusted pipeline" happens."""

from __future__ import annotations

from typing import Any

from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import clock
from siemlab.simulate.builds import package_of
from siemlab.simulate.calendar import millis
from siemlab.simulate.world import World

__all__ = [
    "BUILD_ROLE",
    "DEPLOY_ROLE",
    "DEV",
    "FOREIGNER",
    "LOCAL_TRAIL",
    "NOTIFY",
    "ORGANIZATION_TRAIL",
    "PAYMENT",
    "PROD",
    "RUNNER",
    "START",
    "USER",
    "at",
    "code_of",
    "trail_arn",
]

T0 = "2023-01-10T02:20:00Z"
START = millis(T0)
DEV, PROD = "sz-dev", "sz-prod"
RUNNER = "sz-dev-ci-runner-01"
BUILD_ROLE, DEPLOY_ROLE = "sz-ci-build-role", "sz-ci-deploy-role"
USER = "ci-image-builder"
NOTIFY, PAYMENT = "sz-prod-booking-notify", "sz-prod-payment-webhook"
FOREIGNER = "attacker-a"
LOCAL_TRAIL, ORGANIZATION_TRAIL = "sz-prod-local-trail", "sz-org-trail"


def at(knobs: Knobs, time: str) -> int:
    """Return a time of the written story (UTC), moved to where this team's story begins.

    Parameters
    ----------
    knobs
        The team's.
    time
        Day of January 2023, and the clock.

    Examples
    --------
    >>> at(Knobs(START), "11 02:20:00") - START
    86400000
    """
    day, _, written = time.partition(" ")
    return clock(knobs.start, T0, f"2023-01-{day}T{written}Z")


def code_of(world: World, function: str, when: int) -> dict[str, Any]:
    """Return what the answers of Lambda say about a function of the company at a time."""
    package = package_of(world, function, when)
    role = world.role(PROD, world.baseline.functions[function].role)
    return {
        "function": function,
        "role_arn": role.arn,
        "code_size": package.size,
        "code_sha256": package.sha256,
    }


def trail_arn(world: World, name: str) -> str:
    """Return the ARN of one of the company's trails."""
    trail = world.baseline.trails[name]
    return f"arn:aws:cloudtrail:{trail.home_region}:{world.account(trail.account)}:trail/{name}"
