"""Application Load Balancer: access logs, a line each request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from siemlab.logs.columns import IN_LINE, Columns, Table, quoted, together
from siemlab.logs.keys import LOWER, aws_logs, letters, stamp
from siemlab.logs.model import Draft, Envelope, LogType
from siemlab.logs.rows import Frame
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Delivery, Rhythm, Writer

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ALB", "alb_rows"]

# The request as the client sent it: method, URL with its port, protocol. Each may be a dash.
METHOD = r"(?:-|(?P<http_method>\w+))"
PLACE = r"(?P<http_protocol>\w*)://\[?(?P<http_host>[^/]+?)\]?:(?P<http_port>\d+)"
URL = rf"(?:-|{PLACE}(?:-|(?P<http_path>/[^?]*?))(?:\?(?P<http_query>.*?))?)"
VERSION = r"(?:-?|\w+/(?P<http_version>[0-9.]*))"

COLUMNS = (
    "(?P<request_type>[^ ]*)",
    "(?P<timestamp>[^ ]*)",
    "(?P<elb>[^ ]*)",
    "(?P<client_ip>[^ ]*):(?P<client_port>[0-9]*)",
    "(?P<target_ip>[^ ]*)[:-](?P<target_port>[0-9]*)",
    "(?P<request_processing_time>[-.0-9]*)",
    "(?P<target_processing_time>[-.0-9]*)",
    "(?P<response_processing_time>[-.0-9]*)",
    "(?P<elb_status_code>[-0-9]*)",
    "(?P<target_status_code>[-0-9]*)",
    "(?P<received_bytes>[-0-9]*)",
    "(?P<sent_bytes>[-0-9]*)",
    f'"(?P<request>{METHOD} {URL} {VERSION})"',
    '"(?P<useragent>[^"]+)?"',
    "(?P<ssl_cipher>[()A-Z0-9_-]+)",
    "(?P<ssl_protocol>[A-Za-z0-9.-]*)",
    "(?P<target_group_arn>[^ ]*)",
    '"(?P<trace_id>[^"]*)"',
    '"(?P<domain_name>[^"]*)"',
    '"(?P<chosen_cert_arn>[^"]*)"',
    "(?P<matched_rule_priority>[-.0-9]*)",
    "(?P<request_creation_time>[^ ]*)",
    '"(?P<actions_executed>[^"]*)"',
    '"(?P<redirect_url>[^"]*)"',
    '"(?P<lambda_error_reason>[^ ]*)"',
    r'"(?P<target_port_list>[^\s]+)"',
    r'"(?P<target_status_code_list>[^\s]+)"',
)
# Lines from before 2019 end here; what AWS has appended after these two is not read.
CLASSIFICATION = r'(?: "(?P<classification>[^\s]+)" "(?P<classification_reason>[^\s]+)")?'

# The columns of a line; those in quotes are quoted, whatever they hold.
TIMES = ("request_processing_time", "target_processing_time", "response_processing_time")
MOMENTS = ("timestamp", "request_creation_time")
LINE = (
    *("request_type", "timestamp", "elb", "client", "target", *TIMES, "elb_status_code"),
    *("target_status_code", "received_bytes", "sent_bytes", '"request"', '"useragent"'),
    *("ssl_cipher", "ssl_protocol", "target_group_arn", '"trace_id"', '"domain_name"'),
    *('"chosen_cert_arn"', "matched_rule_priority", "request_creation_time"),
    *('"actions_executed"', '"redirect_url"', '"lambda_error_reason"', '"target_port_list"'),
    *('"target_status_code_list"', '"classification"', '"classification_reason"'),
)
FIELDS = (
    *(name.strip('"') for name in LINE if name not in ("client", "target")),
    *("client_ip", "client_port", "target_ip", "target_port"),
)


def finish(draft: Draft) -> None:
    """Put the URL together, up to its first blank.

    Examples
    --------
    >>> draft = Draft({"request": "GET https://example.com:443/a?b HTTP/2.0", "url": {}})
    >>> finish(draft)
    >>> draft.source["url"]
    {'full': 'https://example.com:443/a?b'}
    """
    draft.source["url"]["full"] = draft.source["request"].split(" ")[1]


def alb_rows(columns: Columns) -> Frame:
    r"""Render requests.

    Parameters
    ----------
    columns
        A column for each named group of the pattern, but ``request`` whole (``GET URL HTTP/2.0``);
        ``-`` where none is given. ``timestamp`` and ``request_creation_time`` are microseconds
        since 1970, the processing times milliseconds, or text; ``-1`` where it did not come to
        that. The lists of target ports and status codes follow from the target's columns. Request
        and user agent are escaped here.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = alb_rows({"request_type": "http", "timestamp": [1668754801000001], "elb": "app/a/1",
    ...     "client_ip": "198.51.100.7", "client_port": 50001, "target_ip": "10.0.0.5",
    ...     "target_port": 80, "target_processing_time": 43, "useragent": 'curl "x"'})
    >>> print(rows.join(0, 1, b"\n").decode()[:91])
    http 2022-11-18T07:00:01.000001Z app/a/1 198.51.100.7:50001 10.0.0.5:80 -1 0.043 -1 - - - -
    >>> rows.join(0, 1, b"\n").decode().partition("curl")[2][:33]
    ' \\x22x\\x22" - - - "-" "-" "-" - -'
    """
    import polars as pl

    table = Table(columns, FIELDS)
    target = _address(table, "target")
    status = table.text("target_status_code")
    made = {
        "client": _address(table, "client"),
        "target": target,
        "target_port_list": table.text("target_port_list").fill_null(target),
        "target_status_code_list": table.text("target_status_code_list").fill_null(status),
        **{name: table.seconds(name) for name in TIMES},
        **{name: table.time(name, "%Y-%m-%dT%H:%M:%S.%6fZ", "us") for name in MOMENTS},
        **table.escaped(("request", "useragent"), IN_LINE),
    }
    return Frame(pl.select([_column(table, made, field) for field in LINE]))


def _address(table: Table, side: str) -> pl.Expr:
    """Return address and port with a colon between, null where there is no address."""
    return together(table.text(f"{side}_ip"), ":", table.text(f"{side}_port"))


def _column(table: Table, made: Mapping[str, pl.Expr], field: str) -> pl.Expr:
    name = field.strip('"')
    column = made[name] if name in made else table.text(name)
    return (quoted(column) if field.startswith('"') else column).alias(field)


def encode(raw: Mapping[str, Any], _envelope: Envelope | None = None) -> bytes:
    r"""Write a request as its line.

    Parameters
    ----------
    raw
        The named groups of the pattern.

    Examples
    --------
    >>> line = ('http 2022-11-18T07:00:01.000001Z app/a/1 198.51.100.7:50001 - -1 -1 -1 400 - 0 1 '
    ...         '"GET http://example.com:80/ HTTP/1.1" "" - - - "-" "-" "-" 0 '
    ...         '2022-11-18T07:00:01.000000Z "-" "-" "-" "-" "-"')
    >>> encode(ALB.pattern.match(line).groupdict()).decode() == line
    True
    """
    parts = {**raw, "client": f"{raw['client_ip']}:{raw['client_port']}", "target": "-"}
    if raw["target_ip"] or raw["target_port"]:
        parts["target"] = f"{raw['target_ip']}:{raw['target_port']}"
    fields = LINE if raw["classification"] is not None else LINE[:-2]
    return " ".join([_field(parts, field) for field in fields]).encode()


def _field(parts: Mapping[str, Any], field: str) -> str:
    if field.startswith('"'):
        return f'"{parts[field[1:-1]] or ""}"'
    return str(parts[field])


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    what = f"{stream.region}_{stream.name.replace('/', '.')}"
    folder = f"{aws_logs(delivery)}/elasticloadbalancing/{stream.region}/{time:%Y/%m/%d}"
    ending = f"{stamp(time)}_{stream.part}_{letters(delivery.token, 8, LOWER)}.log.gz"
    return f"{folder}/{stream.account}_elasticloadbalancing_{what}_{ending}"


ALB = LogType(
    name="alb",
    index="log-aws-elb",
    key=re.compile(r"elasticloadbalancing_.*T\d{4}Z_(?:\d{1,3}\.){3}\d{1,3}_\w*\.log\.gz$"),
    framing="lines",
    pattern=re.compile(" ".join(COLUMNS) + CLASSIFICATION),
    time=Iso8601("timestamp"),
    ecs={
        "destination.address": "target_ip",
        "destination.ip": "target_ip",
        "destination.port": "target_port",
        "http.request.bytes": "received_bytes",
        "http.request.method": "http_method",
        "http.response.bytes": "sent_bytes",
        "http.response.status_code": "elb_status_code",
        "http.version": "http_version",
        "related.ip": ["target_ip", "client_ip", "http_host"],
        "source.address": "client_ip",
        "source.ip": "client_ip",
        "source.port": "client_port",
        "url.domain": "http_host",
        "url.path": "http_path",
        "url.port": "http_port",
        "url.query": "http_query",
        "url.scheme": "http_protocol",
        "user_agent.original": "useragent",
    },
    static={"event.kind": "event", "event.category": ["web"]},
    finish=finish,
    geoip=("source", "destination"),
    user_agent=True,
    writer=Writer(key=_key, encode=encode, rhythm=Rhythm(most=30)),
)
