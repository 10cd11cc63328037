"""Requests to the website: a balancer's line, the web ACL's record, the flows on both sides."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from siemlab.baseline.network import LoadBalancer
from siemlab.logs.alb import alb_rows
from siemlab.logs.writing import Stream
from siemlab.simulate.asked import Asked, Requests, asked_of
from siemlab.simulate.flows import flows
from siemlab.simulate.legs import spread, words
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.waf import inspected
from siemlab.simulate.webflows import client_flows, target_flows
from siemlab.simulate.world import World

__all__ = ["Requests", "Visit", "balancer_name", "requests", "target_group_arn", "visit"]


class Visit(NamedTuple):
    """What requests left: in the balancer's log, the web ACL's, and the flow logs."""

    alb: Acts
    waf: Acts
    flows: Acts


def balancer_name(world: World, name: str) -> str:
    """Return a balancer's name as ARNs and logs show it: ``app/NAME/<16 hex>``."""
    return f"app/{name}/{world.ids.hexes(16, 'load-balancer', name)}"


def target_group_arn(world: World, balancer: LoadBalancer) -> str:
    """Return the ARN of a balancer's target group."""
    group = balancer.target_group
    ending = f"{group}/{world.ids.hexes(16, 'target-group', group)}"
    account = world.account(balancer.account)
    return f"arn:aws:elasticloadbalancing:{balancer.region}:{account}:targetgroup/{ending}"


def _certificate_arn(world: World, balancer: LoadBalancer) -> str:
    digits = world.ids.hexes(32, "certificate", balancer.domain)
    made = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-b{digits[17:20]}-{digits[20:]}"
    return f"arn:aws:acm:{balancer.region}:{world.account(balancer.account)}:certificate/{made}"


def requests(stage: Stage, at: ArrayLike, what: Requests) -> Acts:
    """Make HTTP requests; return the balancer's lines, whose ids are the trace ids.

    Parameters
    ----------
    stage
        Where.
    at
        When the balancer got them, epoch milliseconds: one time or many.
    what
        The requests.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.stage import Records
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> asked = Requests(client="198.51.100.99", path="/preview", query="url=file:///etc/passwd",
    ...                  agent="python-requests/2.28.1", blocked="GenericLFI_QUERYARGUMENTS")
    >>> requests(stage, 1671422400000, asked).ids[0].startswith("Root=1-639fe1c0-")
    True
    """
    return visit(stage, at, what).alb


def visit(stage: Stage, at: ArrayLike, what: Requests, *, named: bool = True) -> Visit:
    """Make HTTP requests; return what each log has of them.

    Parameters
    ----------
    stage
        Where.
    at
        When the balancer got them, epoch milliseconds: one time or many.
    what
        The requests.
    named
        Whether the flow records have ids, which the background has no need of.
    """
    # Who asks twice on one stage asks with other ports and ids: the draws are this call's own.
    stage = stage.part("web", *stage.rng.hexes(1, 16))
    asked = asked_of(stage, times(at), what)
    lines = _lines(stage, asked)
    judged = _judged(stage, asked)
    outer = flows(stage.part("clients"), *client_flows(asked), named=named)
    inner = flows(stage.part("targets"), *target_flows(stage, asked), named=named)
    both = Acts(
        "vpcflowlogs",
        np.concatenate([outer.at, inner.at]),
        outer.ids + inner.ids,
        logged=np.concatenate([outer.logged, inner.logged]),
    )
    return Visit(lines, judged, both)


# --- the balancer's log --------------------------------------------------------------------------


def _lines(stage: Stage, asked: Asked) -> Acts:
    """Write the balancer's lines, each to the files of its node."""
    world, balancer = stage.world, asked.balancer
    columns = {**_constants(world, balancer), **_answer_columns(stage, asked)}
    name = balancer_name(world, balancer.name)
    logged = np.zeros(len(asked.at), dtype=np.bool_)
    frame = alb_rows({**columns, "elb": name})
    ends = asked.ends
    for place, node in enumerate(asked.nodes):
        rows = np.flatnonzero(asked.node == place)
        address = node.public_ip or node.private_ip
        stream = Stream("alb", world.account(balancer.account), balancer.region, name, address)
        if len(rows):
            logged[rows] = stage.write(stream, ends[rows], frame.take(rows), source=balancer.name)
    return Acts("alb", ends, tuple(columns["trace_id"].to_list()), logged=logged)


@lru_cache(maxsize=64)
def _constants(world: World, balancer: LoadBalancer) -> dict[str, Any]:
    return {
        "ssl_cipher": "ECDHE-RSA-AES128-GCM-SHA256",
        "ssl_protocol": "TLSv1.2",
        "domain_name": balancer.domain,
        "chosen_cert_arn": _certificate_arn(world, balancer),
        "matched_rule_priority": 0,
    }


def _answer_columns(stage: Stage, asked: Asked) -> dict[str, Any]:
    count, rng = len(asked.at), stage.rng.child("lines")
    world, balancer, what = stage.world, asked.balancer, asked.what
    hosts = [world.baseline.hosts[name].private_ip for name in balancer.targets]
    went, nobody = asked.forwarded, len(hosts)
    statuses = asked.status if what.target_status is None else spread(what.target_status, count)
    micros = asked.at * 1000 + rng.below(count, 1000)
    taken = np.maximum(asked.wait, 0) * 1000 + rng.between(count, 300, 999)
    version = words(what.version, count)
    answered = went & (statuses != 0)
    return {
        "request_type": _either((version == "HTTP/2.0").to_numpy(), "h2", "https"),
        "timestamp": micros + taken,
        "request_creation_time": micros,
        "client_ip": asked.client,
        "client_port": asked.port,
        "target_ip": pl.Series([*hosts, None])[np.where(went, asked.target, nobody)],
        "target_port": _either(went, balancer.target_port, None),
        "request_processing_time": np.where(went, rng.below(count, 2), -1),
        "target_processing_time": np.where(answered, asked.wait, -1),
        "response_processing_time": np.where(answered, 0, -1),
        "elb_status_code": asked.status,
        "target_status_code": pl.Series(np.where(answered, statuses, 0)).replace(0, None),
        "received_bytes": asked.received,
        "sent_bytes": asked.sent,
        "request": _request_lines(asked, version),
        "useragent": asked.agent.replace("", "-"),
        "target_group_arn": _either(went, target_group_arn(world, balancer), None),
        "trace_id": "Root=" + asked.traces,
        "actions_executed": _either(went, "waf,forward", "waf"),
    }


def _either(chosen: NDArray[np.bool_], one: Any, other: Any) -> pl.Series:
    return pl.Series([other, one])[chosen.astype(np.int64)]


def _request_lines(asked: Asked, version: pl.Series) -> pl.Series:
    site = f" https://{asked.balancer.domain}:{asked.balancer.port}"
    query = pl.lit(asked.query)
    asks = pl.when(query == "").then(pl.lit("")).otherwise("?" + query)
    method = words(asked.what.method, len(asked.at))
    parts = (pl.lit(method), pl.lit(site), pl.lit(asked.path), asks, pl.lit(" "), pl.lit(version))
    return pl.select(pl.concat_str(parts)).to_series()


# --- the web ACL's log ---------------------------------------------------------------------------


def _judged(stage: Stage, asked: Asked) -> Acts:
    count, what = len(asked.at), asked.what
    rows = np.flatnonzero(((asked.blocked != "") | (asked.counted != "")).to_numpy())
    if not len(rows):
        return Acts("waf", times([]), ())
    world, balancer = stage.world, asked.balancer
    version = words(what.version, count)[rows]
    columns: dict[str, Any] = {
        "clientIp": asked.client[rows],
        "uri": asked.path[rows],
        "args": asked.query[rows],
        "httpMethod": words(what.method, count)[rows],
        "httpVersion": version,
        "requestId": asked.traces[rows],
        "httpSourceId": f"{world.account(balancer.account)}-{balancer_name(world, balancer.name)}",
    }
    acl = world.baseline.web_acls[balancer.web_acl]
    headers = _headers(balancer, asked.agent[rows], words(what.referrer, count)[rows], version)
    rules = (asked.blocked[rows], asked.counted[rows])
    return inspected(stage, acl, asked.at[rows], columns, *rules, headers)


def _headers(
    balancer: LoadBalancer, agent: pl.Series, referrer: pl.Series, version: pl.Series
) -> dict[str, pl.Series]:
    """Return the headers of requests; HTTP/2 writes their names in lower case."""
    browser = agent.str.contains("Mozilla", literal=True).to_numpy()
    page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    sent = {
        "Host": words(balancer.domain, len(agent)),
        "User-Agent": agent.replace("", None),
        "Accept": _either(browser, page, "*/*"),
        "Accept-Encoding": _either(browser, "gzip, deflate, br", "gzip"),
        "Referer": referrer.replace("", None),
    }
    second, nothing = version == "HTTP/2.0", words([None], 1).new_from_index(0, len(agent))
    return {
        (name.lower() if lower else name): values.zip_with(second == lower, nothing)
        for name, values in sent.items()
        for lower in (False, True)
    }
