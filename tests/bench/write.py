"""How fast logs are written: columns in, packed objects on disk out, the hash of each taken.

    python tests/bench/write.py

Each figure is the best of some turns, in CPU time of this process, all of its threads. The flow
logs are also written by an f-string a line, into the same objects, packed by the standard library
and (without a target) by the same library as ours; in turns in one run, so that a busy machine
slows all. Exit status 1: a target is missed.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from siemlab.logs.alb import ALB, alb_rows
from siemlab.logs.model import LogType
from siemlab.logs.route53resolver import ROUTE53RESOLVER, resolver_rows
from siemlab.logs.s3accesslog import S3ACCESSLOG, access_rows
from siemlab.logs.vpcflowlogs import VPCFLOWLOGS, vpc_rows
from siemlab.logs.waf import WAF, waf_rows
from siemlab.logs.writing import Delivery, Stream, render, store_object

__all__ = ["main"]

Store = Callable[[Path, str, bytes, bool], str]

TURNS = 4
ZLIB = 6  # the level that gzip and zlib take when asked for none
FLOWS, REQUESTS = 300_000, 60_000
FILES = 144  # a day in objects of ten minutes
DAY = 1668697200  # 2022-11-17T15:00:00Z
draws = np.random.default_rng(1)


def picks(values: list[Any], count: int) -> pl.Series:
    """Some of a few values, one a record."""
    return pl.Series(values).gather(draws.integers(0, len(values), count))


def times(count: int, unit: int) -> Any:
    return np.sort(draws.integers(0, 86400 * unit, count)) + DAY * unit


def flow_columns(count: int) -> dict[str, Any]:
    start = times(count, 1)
    remote = picks([f"198.18.{at >> 8}.{at & 255}" for at in range(5000)], count)
    host = draws.integers(0, 60, count)
    local = pl.Series([f"10.20.10.{at}" for at in range(60)]).gather(host)
    return {
        "account_id": "444455556666",
        "interface_id": pl.Series([f"eni-0{at:016x}" for at in range(60)]).gather(host),
        "srcaddr": remote,
        "dstaddr": local,
        "srcport": draws.integers(1024, 65535, count),
        "dstport": picks([22, 53, 80, 443], count),
        "protocol": picks([6, 6, 6, 17], count),
        "packets": draws.integers(1, 90, count),
        "bytes": draws.integers(40, 99999, count),
        "start": start,
        "end": start + 60,
        "action": picks(["ACCEPT", "ACCEPT", "REJECT"], count),
        "vpc_id": "vpc-0123456789abcdef0",
        "subnet_id": picks(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], count),
        "instance_id": pl.Series([f"i-0{at:016x}" for at in range(60)]).gather(host),
        "tcp_flags": picks([2, 3, 18, 19], count),
        "type": "IPv4",
        "pkt_srcaddr": remote,
        "pkt_dstaddr": local,
        "region": "ap-northeast-1",
        "az_id": "apne1-az4",
        "flow_direction": "ingress",
    }


AGENTS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{at}"
    for at in range(90, 110)
]
PATHS = [f"/plans/{at:05}?from=tokyo&nights={at % 7}" for at in range(4000)]
CLIENTS = [f"198.18.{at >> 8}.{at & 255}" for at in range(5000)]


def request_columns(count: int) -> dict[str, Any]:
    begun = times(count, 1_000_000)
    return {
        "request_type": "https",
        "timestamp": begun + 40_000,
        "elb": "app/web/50dc6c495c0c9188",
        "client_ip": picks(CLIENTS, count),
        "client_port": draws.integers(1024, 65535, count),
        "target_ip": picks(["10.20.10.21", "10.20.11.21"], count),
        "target_port": 8080,
        "request_processing_time": draws.integers(0, 3, count),
        "target_processing_time": draws.integers(1, 900, count),
        "response_processing_time": 0,
        "elb_status_code": picks([200, 200, 302, 404], count),
        "target_status_code": picks([200, 200, 302, 404], count),
        "received_bytes": draws.integers(200, 900, count),
        "sent_bytes": draws.integers(200, 90000, count),
        "request": picks(
            [f"GET https://www.example.com:443{path} HTTP/2.0" for path in PATHS], count
        ),
        "useragent": picks(AGENTS, count),
        "ssl_cipher": "ECDHE-RSA-AES128-GCM-SHA256",
        "ssl_protocol": "TLSv1.2",
        "target_group_arn": "arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:targetgroup",
        "trace_id": picks([f"Root=1-637640f0-{at:024x}" for at in range(5000)], count),
        "domain_name": "www.example.com",
        "matched_rule_priority": 0,
        "request_creation_time": begun,
        "actions_executed": "waf,forward",
    }


def access_columns(count: int) -> dict[str, Any]:
    return {
        "BucketOwner": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        "Bucket": "customer-docs",
        "RequestDateTime": times(count, 1000),
        "RemoteIP": picks(CLIENTS, count),
        "Requester": "arn:aws:sts::444455556666:assumed-role/web/i-0123456789abcdef0",
        "RequestID": picks([f"{at:016X}" for at in range(5000)], count),
        "Operation": picks(["REST.GET.OBJECT", "REST.PUT.OBJECT"], count),
        "Key": picks([f"passport/2022/11/{at:06}.jpg" for at in range(5000)], count),
        "RequestURI": picks(
            [f"GET /passport/2022/11/{at:06}.jpg HTTP/1.1" for at in range(5000)], count
        ),
        "HTTPstatus": picks([200, 206, 403], count),
        "BytesSent": draws.integers(200, 900_000, count),
        "TotalTime": draws.integers(3, 900, count),
        "UserAgent": picks(AGENTS, count),
        "HostId": picks([f"{at:044x}=" for at in range(5000)], count),
        "SigV": "SigV4",
        "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
        "AuthType": "AuthHeader",
        "EndPoint": "customer-docs.s3.ap-northeast-1.amazonaws.com",
        "TLSVersion": "TLSv1.2",
    }


def acl_columns(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    record = {
        "timestamp": times(count, 1000),
        "webaclId": "arn:aws:wafv2:ap-northeast-1:444455556666:regional/webacl/web/0a1b2c3d",
        "terminatingRuleId": "AWS-AWSManagedRulesCommonRuleSet",
        "action": "BLOCK",
        "clientIp": picks(CLIENTS, count),
        "country": picks(["JP", "US", "NL"], count),
        "uri": picks(PATHS, count),
        "args": picks(["id=1'", 'q="x"', ""], count),
        "httpVersion": "HTTP/1.1",
        "httpMethod": "GET",
        "requestId": picks([f"1-637640f0-{at:024x}" for at in range(5000)], count),
    }
    headers = {"Host": "www.example.com", "User-Agent": picks(AGENTS, count), "Accept": "*/*"}
    return record, headers


def query_columns(count: int) -> dict[str, Any]:
    return {
        "account_id": "444455556666",
        "region": "ap-northeast-1",
        "vpc_id": "vpc-0123456789abcdef0",
        "query_timestamp": times(count, 1000),
        "query_name": picks([f"host-{at}.example.com." for at in range(2000)], count),
        "query_type": picks(["A", "AAAA"], count),
        "answers": picks(
            [f'[{{"Rdata":"198.18.0.{at}","Type":"A","Class":"IN"}}]' for at in range(250)], count
        ),
        "srcaddr": picks([f"10.20.10.{at}" for at in range(60)], count),
        "srcport": draws.integers(1024, 65535, count),
        "instance": picks([f"i-0{at:016x}" for at in range(60)], count),
    }


# fmt: off
def line(
    version, account, eni, source, target, source_port, target_port, protocol, packets, octets,
    begin, end, action, status, vpc, subnet, instance, flags, kind, from_, to, region, zone,
    from_service, to_service, direction, path,
):
    """A flow record as who knows no columns writes it."""
    return (
        f"{version} {account} {eni} {source} {target} {source_port} {target_port} {protocol}"
        f" {packets} {octets} {begin} {end} {action} {status} {vpc} {subnet} {instance}"
        f" {flags} {kind} {from_} {to} {region} {zone} {from_service} {to_service}"
        f" {direction} {path}"
    )
# fmt: on


@dataclass(frozen=True)
class Plain:
    """Flow records as lists of values, from which the lines are made one by one."""

    columns: list[list[Any]]

    def __len__(self) -> int:
        return len(self.columns[0])

    def join(self, start: int, stop: int, _between: bytes) -> bytes:
        rows = zip(*[column[start:stop] for column in self.columns], strict=True)
        return "\n".join([line(*row) for row in rows]).encode()


def as_lists(columns: pl.DataFrame) -> Plain:
    """The values of each column, a dash where there is none."""
    return Plain([["-" if value is None else value for value in column] for column in columns])


def write(root: Path, log_type: LogType, rows: Any, store: Store = store_object) -> None:
    """Write a day of objects."""
    name = "app/web/50dc6c495c0c9188" if log_type is ALB else "web"
    stream = Stream(log_type.name, "444455556666", "ap-northeast-1", name, "10.20.0.77")
    edges = np.linspace(0, len(rows), FILES + 1).astype(int).tolist()
    for at, (start, stop) in enumerate(pairwise(edges)):
        stamp = datetime.fromtimestamp(DAY, UTC) + timedelta(minutes=10 * at)
        delivery = Delivery(stream, stamp, f"{at:032x}")
        content = render(log_type, rows, start, stop, delivery)
        store(root, log_type.writer.key(delivery), content, log_type.writer.compressed)


def store_plainly(root: Path, key: str, content: bytes, _compressed: bool) -> str:
    """Store an object as who knows nothing but the standard library does."""
    path = root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, ZLIB, mtime=0))
    return hashlib.sha256(content).hexdigest()


def best(*work: Callable[[], object]) -> list[float]:
    """CPU seconds of each piece of work, the best of some turns."""
    seconds = [float("inf")] * len(work)
    for _ in range(TURNS):
        for at, piece in enumerate(work):
            begun = time.process_time()
            piece()
            seconds[at] = min(seconds[at], time.process_time() - begun)
    return seconds


def measures(root: Path) -> Iterator[tuple[str, float, str, bool]]:
    """Name, figure, target, and whether it is met."""
    flows = flow_columns(FLOWS)
    plain = as_lists(vpc_rows(flows).columns)
    assert plain.join(0, 9, b"\n") == vpc_rows(flows).join(0, 9, b"\n")
    ours, theirs, packed_alike = best(
        lambda: write(root, VPCFLOWLOGS, vpc_rows(flows)),
        lambda: write(root, VPCFLOWLOGS, plain, store_plainly),
        lambda: write(root, VPCFLOWLOGS, plain),
    )
    speed, ratio = FLOWS / ours, theirs / ours
    yield "VPC flow, lines per CPU second", speed, ">= 700,000", speed >= 700_000
    yield "VPC flow, times as fast as f-strings and gzip", ratio, ">= 2.5", ratio >= 2.5
    yield "VPC flow, the same, where both pack with isal", packed_alike / ours, "", True
    requests, access = request_columns(REQUESTS), access_columns(REQUESTS)
    (acl, headers), queries = acl_columns(REQUESTS), query_columns(REQUESTS)
    seconds = best(
        lambda: write(root, ALB, alb_rows(requests)),
        lambda: write(root, WAF, waf_rows(acl, headers)),
        lambda: write(root, S3ACCESSLOG, access_rows(access)),
        lambda: write(root, ROUTE53RESOLVER, resolver_rows(queries)),
    )
    for name, spent in zip(("ALB", "WAF", "S3 access", "Resolver"), seconds, strict=True):
        speed = REQUESTS / spent
        yield f"{name}, lines per CPU second", speed, ">= 150,000", speed >= 150_000


def main() -> int:
    """Print the table, and return the exit status."""
    all_met = True
    print(f"{'write':62}{'figure':>10}  {'target':26}ok")
    with tempfile.TemporaryDirectory() as folder:
        for name, figure, target, is_met in measures(Path(folder)):
            shown = f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"
            print(f"{name:62}{shown:>10}  {target:26}{'yes' if is_met else 'NO'}")
            all_met &= is_met
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main())
