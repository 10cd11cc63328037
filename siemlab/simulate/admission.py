"""Whether a connection comes in: what the target's security groups say, and an open door."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siemlab.simulate.directory import Directory
from siemlab.simulate.rng import Ints
from siemlab.simulate.world import World

__all__ = ["SSH", "admitted"]

SSH = 22


def admitted(
    world: World,
    known: Directory,
    at: Ints,
    addresses: list[str],
    sources: Ints,
    targets: Ints,
    ports: Ints,
) -> NDArray[np.bool_]:
    """Return for each connection whether the target's security groups let it in.

    Parameters
    ----------
    world
        The world: the effect ``ssh open`` opens a host's port 22 to everybody.
    known
        The network interfaces.
    at
        When, epoch milliseconds.
    addresses, sources
        Who opens it: the address, and the place of the interface (-1: a stranger's).
    targets, ports
        The place of the target's interface (-1: a stranger's, who lets all in), and the port.
    """
    answers: dict[tuple[str, int, int, int], bool] = {}
    allowed = np.ones(len(at), dtype=np.bool_)
    asked = zip(addresses, sources.tolist(), targets.tolist(), ports.tolist(), strict=True)
    for row, question in enumerate(asked):
        if question not in answers:
            answers[question] = _asked(known, *question)
        allowed[row] = answers[question]
    for place in {*targets[ports == SSH].tolist()} - {-1}:
        door = (targets == place) & (ports == SSH)
        allowed |= door & world.affected("ssh open", known.interfaces[place].owner, at)
    return allowed


def _asked(known: Directory, address: str, source: int, target: int, port: int) -> bool:
    if target < 0:
        return True
    found = known.interfaces[target]
    # An interface that the company's inventory does not know has the rules of who made it.
    if not found.security_groups:
        return found.kind != "host" or found.owner not in known.baseline.hosts
    caller = known.interfaces[source] if source >= 0 else None
    groups = caller.security_groups if caller is not None else ()
    inside = caller.private_ip if caller is not None and caller.vpc == found.vpc else address
    rules = known.baseline.security_groups
    return any(rules[name].admits(inside, port, groups) for name in found.security_groups)
