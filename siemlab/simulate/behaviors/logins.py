"""Staff who log in on the bastion with their keys, what they do there as root, and cron."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from siemlab.baseline.identities import Person
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.hours import amounts, moments
from siemlab.simulate.secure import accepted, closed, cron, lines, opened, sudo
from siemlab.simulate.stage import Stage

__all__ = ["LOGINS", "linux_user"]

BASTION = "sz-prod-bastion-01"
SSH = 22
SESSIONS_A_DAY = 10
PERMITTED = ("SZ-Admin", "SZ-PowerUser")
BASE64 = string.ascii_letters + string.digits + "+/"
COMMANDS = (
    "/bin/systemctl status amazon-cloudwatch-agent",
    "/bin/journalctl -u sshd --since today",
    "/usr/bin/less /var/log/messages",
    "/usr/bin/tail -n 200 /var/log/secure",
    "/bin/yum check-update",
    "/usr/sbin/ss -tnp",
    "/bin/systemctl restart chronyd",
    "/usr/bin/du -sh /var/log",
)


class _Visit(NamedTuple):
    """A session on the bastion."""

    person: Person
    address: str
    port: int
    start: int
    end: int
    pid: int


def linux_user(person: str) -> str:
    """Return the name that one of the staff has on the hosts.

    Examples
    --------
    >>> linux_user("y-hamada"), linux_user("akiyama")
    ('hamada', 'akiyama')
    """
    return person.rpartition("-")[2]


def log_in(stage: Stage, day: Day) -> None:
    """Let staff work on the bastion, and cron do what it does every hour."""
    visits = _visits(stage, day)
    written: list[tuple[int, str]] = []
    for visit in visits:
        written += _session(stage, visit)
    for hour in range(24):
        at = day.start + hour * HOUR + MINUTE + SECOND
        written += zip((at, at + SECOND), cron(_pid(day, at)), strict=True)
    written.sort(key=lambda line: line[0])
    if written:
        lines(stage, [at for at, _ in written], BASTION, [text for _, text in written])
    if visits:
        _traffic(stage, visits)


def _visits(stage: Stage, day: Day) -> list[_Visit]:
    """Return the sessions of a day: from the offices, and from home through the VPN."""
    world, rng = stage.world, stage.rng
    away = _away(stage, day)
    people = [
        person
        for person in world.baseline.people.values()
        if "sz-prod" in person.accounts
        and person.permission_set in PERMITTED
        and person.name not in away
    ]
    starts = moments(world, rng, day, "oncall", world.scaled(SESSIONS_A_DAY))
    count = len(starts)
    home = rng.chance(count, 300 if world.baseline.is_working_day(day.date) else 1000).tolist()
    lasts = amounts(rng, count, 10 * MINUTE, 150 * MINUTE).tolist()
    ports = rng.between(count, 49152, 65535).tolist()
    chosen = rng.picks(count, people)
    return [
        _Visit(
            person=person,
            address=person.vpn_ip if is_home else person.office_ip,
            port=port,
            start=start,
            end=start + lasting,
            pid=_pid(day, start),
        )
        for person, is_home, port, start, lasting in zip(
            chosen, home, ports, starts.tolist(), lasts, strict=True
        )
    ]


def _away(stage: Stage, day: Day) -> frozenset[str]:
    """Return who travels on a day: the bastion lets nobody in from a hotel."""
    noon = datetime.fromtimestamp((day.start + 12 * HOUR) / 1000, UTC)
    return frozenset(
        change.who
        for change in stage.world.baseline.calendar
        if change.kind == "travel" and change.start <= noon < change.end
    )


def _pid(day: Day, at: int) -> int:
    """Return a process number: they rise through the day."""
    return 2000 + (at - day.start) // (3 * SECOND)


def _session(stage: Stage, visit: _Visit) -> list[tuple[int, str]]:
    """Return the lines of a session with their times."""
    user, rng = linux_user(visit.person.name), stage.rng
    daemon = f"sshd[{visit.pid}]"
    letters = stage.world.rng("ssh key", visit.person.name).letters(1, 43, BASE64)[0]
    login = accepted(visit.pid, user, visit.address, visit.port, key=letters)
    found = [(visit.start, login), (visit.start + 60, opened(daemon, user))]
    number = rng.one(0, 4)
    moments_ = np.sort(rng.between(number, visit.start + 20 * SECOND, visit.end)).tolist()
    for at, command in zip(moments_, rng.picks(number, COMMANDS), strict=True):
        found += [
            (at, sudo(user, command)),
            (at + 12, opened("sudo", "root", user, uid=1000 + ord(user[0]))),
            (at + rng.one(40, 9000), closed("sudo", "root")),
        ]
    where = f"{visit.address} port {visit.port}"
    child = f"sshd[{visit.pid + 2}]"
    return [
        *found,
        (visit.end, f"{child}: Received disconnect from {where}:11: disconnected by user"),
        (visit.end + 1, f"{child}: Disconnected from {where}"),
        (visit.end + 5, closed(daemon, user)),
    ]


def _traffic(stage: Stage, visits: list[_Visit]) -> None:
    """Record the connections of the sessions."""
    rng, count = stage.rng, len(visits)
    lasts = np.array([visit.end - visit.start for visit in visits], dtype=np.int64)
    keys = lasts // 700 + rng.between(count, 40, 400)  # a key pressed now and then
    screens = keys + rng.rare_long(count, 300, 9000)
    flows(
        stage,
        [visit.start - 800 for visit in visits],
        Flows(
            source=[visit.address for visit in visits],
            target=stage.world.baseline.hosts[BASTION].private_ip,
            target_port=SSH,
            source_port=[visit.port for visit in visits],
            lasts=lasts + SECOND,
            packets=keys,
            size=keys * 94 + 3200,
            packets_back=screens,
            size_back=screens * 182 + 3900,
            accepted=True,
        ),
        named=False,
    )


LOGINS = Behavior("logins", log_in)
