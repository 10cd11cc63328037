"""HTTP requests with everything about them that is not said drawn: connections, targets, times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from siemlab.baseline.network import Interface, LoadBalancer
from siemlab.simulate.legs import spread, words
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage

__all__ = ["STRANGERS_PORTS", "Asked", "Requests", "asked_of"]

STRANGERS_PORTS = (1024, 65535)
REFUSAL, PAGE = 520, 1200  # bytes of an answer, where nobody says how many


@dataclass(frozen=True, kw_only=True)
class Requests:
    """HTTP requests, one a row; a column is one value for all rows or one for each.

    Parameters
    ----------
    client
        The address of who asks.
    path, query
        As they stand in the URL, percent-encoded by the client; the query without its ``?``.
    method, version, agent, referrer
        Method, ``HTTP/1.1`` or ``HTTP/2.0``, the ``User-Agent`` and ``Referer`` headers (empty: not
        sent).
    status
        What the balancer answers.
    target_status
        What the target answered: the same where it is left out; 0 where it gave no answer.
    sent, received
        Bytes of the answer and of the request; they follow from the rest if left out.
    wait
        How long the target took, milliseconds; drawn if left out.
    blocked, counted
        The rule of the web ACL that stopped the request (403, no target sees it), and one that
        only counted it; empty for none.
    target, node
        The name of the host that answered, and of the balancer's interface; drawn if left out.
    connection
        A number that requests of one connection share; each has one of its own if left out.
    port
        The client's port; drawn for each connection if left out.
    balancer
        The balancer's name.
    """

    client: Any
    path: Any
    query: Any = ""
    method: Any = "GET"
    version: Any = "HTTP/1.1"
    agent: Any = ""
    referrer: Any = ""
    status: Any = 200
    target_status: Any = None
    sent: Any = None
    received: Any = None
    wait: Any = None
    blocked: Any = ""
    counted: Any = ""
    target: Any = ""
    node: Any = ""
    connection: Any = None
    port: Any = None
    balancer: str = "sz-prod-alb"


@dataclass(frozen=True, eq=False)
class Asked:
    """Requests with their columns spread, and what was drawn for them."""

    balancer: LoadBalancer
    nodes: tuple[Interface, ...]
    at: Ints
    ends: Ints
    what: Requests
    client: pl.Series
    path: pl.Series
    query: pl.Series
    agent: pl.Series
    blocked: pl.Series
    counted: pl.Series
    traces: pl.Series
    node: Ints
    target: Ints
    port: Ints
    connection: Ints
    status: Ints
    sent: Ints
    received: Ints
    wait: Ints

    @property
    def forwarded(self) -> NDArray[np.bool_]:
        """Which of them went on to a target."""
        return self.wait >= 0


def asked_of(stage: Stage, at: Ints, what: Requests) -> Asked:
    """Return requests with all their columns.

    Parameters
    ----------
    stage
        Whose draws they are.
    at
        When the balancer got them, epoch milliseconds.
    what
        The requests.
    """
    count, rng = len(at), stage.rng
    balancer = stage.world.baseline.load_balancers[what.balancer]
    nodes = tuple(stage.world.baseline.interfaces[name] for name in balancer.nodes)
    client, path, query, agent, blocked, counted = (
        words(column, count)
        for column in (what.client, what.path, what.query, what.agent, what.blocked, what.counted)
    )
    numbers = np.arange(count) if what.connection is None else np.asarray(what.connection)
    _, connection = np.unique(numbers, return_inverse=True)
    lines = int(connection.max()) + 1 if count else 0
    node = rng.below(lines, len(nodes))[connection]
    port = rng.between(lines, *STRANGERS_PORTS)[connection]
    target = _named(what.target, balancer.targets, rng.below(count, len(balancer.targets)))
    answered = (blocked == "").to_numpy()
    drawn = rng.rare_long(count, 40, 6000)
    wait = np.where(answered, drawn if what.wait is None else spread(what.wait, count), -1)
    lengths = path.str.len_chars() + query.str.len_chars() + agent.str.len_chars()
    received = 170 + lengths.to_numpy().astype(np.int64)
    return Asked(
        balancer=balancer,
        nodes=nodes,
        at=at,
        ends=at + np.maximum(wait, 0) + 1,
        what=what,
        client=client,
        path=path,
        query=query,
        agent=agent,
        blocked=blocked,
        counted=counted,
        traces=_traces(stage, at),
        node=_named(what.node, balancer.nodes, node),
        target=target,
        port=port if what.port is None else spread(what.port, count),
        connection=connection,
        status=np.where(answered, spread(what.status, count), 403),
        sent=np.where(answered, PAGE, REFUSAL) if what.sent is None else spread(what.sent, count),
        received=received if what.received is None else spread(what.received, count),
        wait=wait,
    )


def _named(column: Any, names: tuple[str, ...], drawn: Ints) -> Ints:
    """Return places in ``names``: of those that are given, and else the drawn ones."""
    if isinstance(column, str):
        return np.full_like(drawn, names.index(column)) if column else drawn
    given = [names.index(name) if name else -1 for name in column]
    return np.where(np.array(given) < 0, drawn, given)


def _traces(stage: Stage, at: Ints) -> pl.Series:
    seconds = pl.Series([f"1-{second:08x}-" for second in (at // 1000).tolist()], dtype=pl.String)
    return seconds + pl.Series(stage.rng.child("traces").hexes(len(at), 24), dtype=pl.String)
