"""Names that hosts look up: the query log of Route 53 Resolver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from siemlab.baseline.network import Interface
from siemlab.logs.route53resolver import resolver_rows
from siemlab.logs.writing import Stream
from siemlab.simulate.legs import texts
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage, times

__all__ = ["ask"]

PORTS = (32768, 60999)


def ask(
    stage: Stage,
    at: ArrayLike,
    host: str | Interface | Sequence[str],
    names: Any,
    *,
    answers: Sequence[Any] | str = (),
    types: Any = "A",
    rcode: Any = "NOERROR",
) -> Acts:
    """Look up names in a VPC; the flow to the answer's address comes after it.

    Parameters
    ----------
    stage
        Where.
    at
        When, epoch milliseconds: one time or many.
    host
        Who asks: a host of the company (one for all, or one for each), or an interface that a
        story made.
    names
        The name, with or without its last dot; one for all, or one for each.
    answers
        What the answer holds: an address (or name) for all, or for each query one, several (a
        tuple), or none (``""``).
    types
        ``A``, ``AAAA``, ``PTR``, ``CNAME``... of the questions.
    rcode
        ``NOERROR``, ``NXDOMAIN``, ``SERVFAIL``.

    Returns
    -------
    Acts
        One row for each query; its id is ``"<address>:<port> <name> <type> <second>"``.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.stage import Records
    >>> from siemlab.simulate.world import World
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> asked = ask(stage, [1664722800000, 1664722860000], "sz-prod-web-01", "a.example",
    ...             answers="198.51.100.9")
    >>> len(asked), asked.ids[0].partition(" ")[2]
    (2, 'a.example. A 1664722800')
    """
    moments = times(at)
    count = len(moments)
    askers = _askers(stage, [host] * count if isinstance(host, str | Interface) else host)
    asked = [name if name.endswith(".") else f"{name}." for name in texts(names, count)]
    kinds = texts(types, count)
    found = [answers] * count if isinstance(answers, str) or not answers else answers
    ports = stage.rng.between(count, *PORTS)
    columns = {
        "query_timestamp": moments,
        "query_name": asked,
        "query_type": kinds,
        "rcode": texts(rcode, count),
        "answers": [_answer(given, kind) for given, kind in zip(found, kinds, strict=True)],
        "srcaddr": [asker.address for asker in askers],
        "srcport": ports,
        "instance": [asker.instance for asker in askers],
    }
    logged = np.zeros(count, dtype=np.bool_)
    for vpc in dict.fromkeys(asker.vpc for asker in askers):
        rows = np.array([row for row, asker in enumerate(askers) if asker.vpc == vpc])
        logged[rows] = _written(stage, vpc, moments, columns, rows)
    shown = zip(askers, ports.tolist(), asked, kinds, (moments // 1000).tolist(), strict=True)
    ids = tuple(
        f"{asker.address}:{port} {name} {kind} {second}"
        for asker, port, name, kind, second in shown
    )
    return Acts("route53resolver", moments, ids, logged=logged)


class _Asker(NamedTuple):
    address: str
    instance: str
    vpc: str


def _askers(stage: Stage, hosts: Sequence[str | Interface]) -> list[_Asker]:
    """Return who asks, as the log shows them."""
    known: dict[str | Interface, _Asker] = {}
    for host in dict.fromkeys(hosts):
        place = stage.world.baseline.hosts[host] if isinstance(host, str) else host
        owner = host if isinstance(host, str) else host.owner
        known[host] = _Asker(place.private_ip, stage.world.ids.instance(owner), place.vpc)
    return [known[host] for host in hosts]


def _written(
    stage: Stage, name: str, at: Ints, columns: Mapping[str, Any], rows: Ints
) -> NDArray[np.bool_]:
    """Write the queries of one VPC."""
    world, vpc = stage.world, stage.world.baseline.vpcs[name]
    vpc_id, account = world.ids.resource("vpc", vpc.name), world.account(vpc.account)
    frame = resolver_rows(
        {**columns, "account_id": account, "region": vpc.region, "vpc_id": vpc_id}
    )
    kept = frame if len(rows) == len(at) else frame.take(rows)
    stream = Stream("route53resolver", account, vpc.region, vpc_id)
    return stage.write(stream, at[rows], kept, source=vpc.name)


@lru_cache(maxsize=4096)
def _answer(given: str | tuple[str, ...], kind: str) -> str:
    """Return an answer as JSON; what is no address is a name that leads to it."""
    values = (given,) if isinstance(given, str) and given else tuple(given)
    held = [{"Rdata": value, "Type": _kind(value, kind), "Class": "IN"} for value in values]
    return msgspec.json.encode(held).decode()


def _kind(value: str, kind: str) -> str:
    is_address = not value.strip("0123456789.") or ":" in value
    return kind if is_address or kind not in ("A", "AAAA") else "CNAME"
