"""Agents on the hosts: Systems Manager's heartbeats and inventories, and CloudWatch's agent."""

from __future__ import annotations

import base64

import numpy as np

from siemlab.baseline import Host
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import ec2_describe, logs, ssm
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME, uuid_of
from siemlab.simulate.refusals import REFUSED, failure
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage
from siemlab.simulate.stock import Stock
from siemlab.simulate.tools import ssm_agent
from siemlab.simulate.world import Session, World

__all__ = ["AGENTS", "is_revoked"]

SHORTEST, LONGEST = 5 * MINUTE, HOUR
"""How often an agent says that it is alive: this company has set it to the longest there is."""
ASSOCIATION = 12 * HOUR
RESTART = 20
"""The agents of an account start again together, when they get a new version: within seconds."""
ACCOUNTS = ("sz-prod", "sz-dev", "sz-security")
CLOUDWATCH = "CWAgent/1.247349.0 (go1.17.2; linux; amd64) aws-sdk-go/1.29.0"


def is_revoked(world: World, role: str, session: Session, at: int) -> bool:
    """Tell whether a session's role has been revoked since it began.

    Parameters
    ----------
    world
        The world.
    role
        The role's name.
    session
        The session.
    at
        When it is used, epoch milliseconds.
    """
    return any(
        effect.kind == "revoked"
        and effect.subject == role
        and effect.since <= at < effect.until
        and session.since < effect.since
        for effect in world.effects
    )


def beat(stage: Stage, day: Day) -> None:
    """Let all agents do what they do on a day."""
    diary = Diary(stage)
    for account in ACCOUNTS:
        stock = Stock(stage.world, account, day)
        for host in stock.hosts:
            part = stage.part(host.name)
            _beat_host(part, day, host)
            _Inventory(part, diary, host, day).gather()
    diary.close()


def _turns(stage: Stage, host: Host, agent: str, at: Ints) -> list[tuple[Caller, str, Ints]]:
    """Part times by the host's session, and whether its role is revoked."""
    world = stage.world
    account = world.account(host.account)
    sessions = world.sessions(host.name, account, int(at[0]), int(at[-1]) + 1)
    begins = np.array([session.since for session in sessions])
    places = np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)
    found = []
    for place in np.unique(places).tolist():
        session, mine = sessions[place], at[places == place]
        caller = world.host_caller(host.name, session, agent)
        refused = np.array(
            [is_revoked(world, host.role, session, moment) for moment in mine.tolist()]
        )
        found += [
            (caller, error, mine[chosen])
            for error, chosen in (("", ~refused), ("AccessDenied", refused))
            if chosen.any()
        ]
    return found


def _beat_host(stage: Stage, day: Day, host: Host) -> None:
    """Say that a host is alive, again and again."""
    world = stage.world
    agent = ssm_agent(day.date)
    version = agent.rpartition("/")[2]
    every = max(SHORTEST, LONGEST // world.scaled(1))
    # A script starts the agents of an account again after the hour, together.
    phase = world.rng("heartbeat", host.account, version).one(0, every // SECOND // 20)
    phase += world.rng("heartbeat", host.name).one(0, RESTART)
    at = np.arange(day.start + phase * SECOND, day.end, every, dtype=np.int64)
    at = at + stage.rng.below(len(at), 900)
    ubuntu = host.image.startswith("ubuntu")
    system = {"platform": "Ubuntu", "platform_version": "20.04"} if ubuntu else {}
    for caller, error, moments in _turns(stage, host, agent, at):
        stage.call(
            ssm.UPDATE_INSTANCE_INFORMATION,
            caller,
            moments,
            region=HOME,
            error=error,
            instance=world.ids.instance(host.name),
            agent_version=version,
            address=host.private_ip,
            host=f"ip-{host.private_ip.replace('.', '-')}.{HOME}.compute.internal",
            **system,
        )


class _Inventory:
    """What an agent gathers twice a day, and sends; and what CloudWatch's agent asks for."""

    def __init__(self, stage: Stage, diary: Diary, host: Host, day: Day) -> None:
        self.stage, self.diary, self.host, self.day = stage, diary, host, day
        self.world, self.dice = stage.world, Dice(stage.rng.child("inventory"))
        self.account = self.world.account(host.account)

    def gather(self) -> None:
        """Gather at the host's own times."""
        every = ASSOCIATION // self.world.scaled(1)
        phase = self.world.rng("inventory", self.host.name).one(0, every // SECOND - 1)
        for at in range(self.day.start + phase * SECOND, self.day.end - MINUTE, every):
            self._associate(at + self.dice.below(40) * SECOND)
        if self.dice.happens(120):
            self._start_logging(self.day.start + self.dice.below(22 * 60) * MINUTE)

    def _speaker(self, agent: str, at: int) -> tuple[Caller, bool]:
        """Return the agent as it calls at a time, and whether it is refused."""
        session = self.world.session_at(self.host.name, self.account, at)
        caller = self.world.host_caller(self.host.name, session, agent)
        return caller, is_revoked(self.world, self.host.role, session, at)

    def _say(self, call: Call, speaker: tuple[Caller, bool], at: int, **columns: str) -> None:
        caller, refused = speaker
        error = failure(call, REFUSED) if refused else ""
        self.diary.note(call, caller, at, region=HOME, error=error, **columns)

    def _associate(self, at: int) -> None:
        instance = self.world.ids.instance(self.host.name)
        association = uuid_of(self.world, "association", self.account)
        agent = self._speaker(ssm_agent(self.day.date), at)
        self._say(ssm.LIST_INSTANCE_ASSOCIATIONS, agent, at, instance=instance)
        both = {"instance": instance, "association": association}
        later = at + self.dice.between(300, 900)
        self._say(ssm.UPDATE_INSTANCE_ASSOCIATION_STATUS, agent, later, **both, outcome="Pending")
        done = later + self.dice.between(2, 9) * SECOND
        hashes = {f"hash_{number}": self._hash(number) for number in range(2)}
        self._say(ssm.PUT_INVENTORY, agent, done, instance=instance, **hashes)
        self._say(ssm.PUT_COMPLIANCE_ITEMS, agent, done + 200, **both, hash_0=hashes["hash_0"])
        self._say(ssm.UPDATE_INSTANCE_ASSOCIATION_STATUS, agent, done + 400, **both)

    def _hash(self, number: int) -> str:
        """Return the MD5 sum of what is installed, which changes with the day's updates."""
        text = self.world.ids.hexes(32, "inventory", self.host.name, self.day.date.day, number)
        return base64.b64encode(bytes.fromhex(text)).decode()

    def _start_logging(self, at: int) -> None:
        """Let CloudWatch's agent start again: it looks for its instance's tags and its stream."""
        group = f"/sz/{self.host.name}/messages"
        stream = self.world.ids.instance(self.host.name)
        agent = self._speaker(CLOUDWATCH, at)
        self._say(ec2_describe.DESCRIBE_TAGS, agent, at)
        columns = {"log_group": group, "log_stream": f"{stream}-{self.day.date:%Y%m%d}"}
        self._say(logs.CREATE_LOG_STREAM, agent, at + 700, **columns)


AGENTS = Behavior("agents", beat)
