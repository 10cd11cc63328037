"""The morning after "Console at 3 a.m.": the helpdesk cleans up, and forgets one door (row 11)."""

from __future__ import annotations

from siemlab.scenarios.l1c.night import ADMINISTRATOR, VICTIM, made_user
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import millis
from siemlab.simulate.call import Call
from siemlab.simulate.calls import iam
from siemlab.simulate.config import item
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Stage

__all__ = ["CLEANED", "CLEANER", "cleans_up"]

CLEANER, GLOBAL = "y-sudo", "us-east-1"
DAY = "2022-12-09T"
CLEANED = millis(f"{DAY}00:57:48Z")
"""When the user is gone."""


def cleans_up(stage: Stage, knobs: Knobs, telling: Telling) -> None:
    """Let the helpdesk change a password, and take the intruder's user away.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    world, name = stage.world, knobs["user"]
    person = world.baseline.people[CLEANER]
    at = millis(f"{DAY}00:38:22Z")
    login = sign_in(stage, person, person.account, at, address=person.office_ip)
    key = world.user_key(name, login.caller.account)
    made, other = {"user": name}, {"user": VICTIM}
    policy = {"user": name, "policy_arn": ADMINISTRATOR}
    steps: tuple[tuple[str, Call, dict[str, str]], ...] = (
        ("00:39:40", iam.LIST_USERS_PAGE, {}),
        ("00:40:12", iam.GET_USER, other),
        ("00:41:05", iam.UPDATE_LOGIN_PROFILE, other),
        ("00:43:18", iam.GET_USER, made),
        ("00:43:18", iam.LIST_ACCESS_KEYS, made),
        ("00:43:19", iam.LIST_ATTACHED_USER_POLICIES, made),
        ("00:43:19", iam.LIST_GROUPS_FOR_USER, made),
        ("00:43:19", iam.LIST_MFA_DEVICES, made),
        ("00:46:51", iam.DELETE_ACCESS_KEY, {**made, "access_key": key}),
        ("00:49:27", iam.DELETE_LOGIN_PROFILE, made),
        ("00:53:02", iam.DETACH_USER_POLICY, policy),
        ("00:57:48", iam.DELETE_USER, made),
    )
    done = [
        stage.call(call, login.caller, millis(f"{DAY}{time}Z"), region=GLOBAL, **columns)
        for time, call, columns in steps
    ]
    gone = item(stage, made_user(world, name, knobs.after("43:20")), CLEANED, "ResourceDeleted")
    telling.row("11", "response", *login.acts, *done, gone)
