"""Route 53 Resolver: query logs, JSON lines."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.columns import Columns, Table, filled, holes, together
from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import aws_logs, stamp
from siemlab.logs.model import Draft, LogType
from siemlab.logs.paths import dig
from siemlab.logs.rows import Frame
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["ROUTE53RESOLVER", "resolver_rows"]

# Texts stand in quotes, JSON values without.
SHAPE = (
    '{"version":"$version","account_id":"$account_id","region":"$region","vpc_id":"$vpc_id"'
    ',"query_timestamp":"$query_timestamp","query_name":"$query_name","query_type":"$query_type"'
    ',"query_class":"$query_class","rcode":"$rcode","answers":$answers,"srcaddr":"$srcaddr"'
    ',"srcport":"$srcport","transport":"$transport","srcids":{$instance}}'
)
FIELDS = holes(SHAPE)
DEFAULTS = {"version": "1.100000", "query_class": "IN", "rcode": "NOERROR", "transport": "UDP"}


def finish(draft: Draft) -> None:
    """Take the dot off the end of the names in question and answer.

    Examples
    --------
    >>> draft = Draft({"dns": {"question": {"name": "example.com."}}})
    >>> finish(draft)
    >>> draft.source
    {'dns': {'question': {'name': 'example.com'}}}
    """
    for parent, name in (("question", "name"), ("answers", "data")):
        holder: Any = dig(draft.source, ("dns", parent))
        if isinstance(holder, dict) and name in holder:
            holder[name] = holder[name].rstrip(".")


def resolver_rows(columns: Columns) -> Frame:
    """Render queries.

    Parameters
    ----------
    columns
        A column for each field of the record. ``answers`` are JSON texts (``[]`` where none is
        given); ``query_timestamp`` is milliseconds since 1970, or text; ``instance`` is null where
        the query came from elsewhere.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = resolver_rows({"query_timestamp": [1668754801123], "query_name": "example.com.",
    ...                       "instance": [None]})
    >>> rows.join(0, 1, b"").decode().partition(',"query_timestamp":')[2]
    '"2022-11-18T07:00:01Z","query_name":"example.com.",..."transport":"UDP","srcids":{}}'
    """
    table = Table({**DEFAULTS, "answers": "[]", **columns}, FIELDS)
    made = {
        "query_timestamp": table.time("query_timestamp", "%Y-%m-%dT%H:%M:%SZ", "ms"),
        "instance": together('"instance":"', table.text("instance"), '"').fill_null(""),
    }
    return filled(SHAPE, table, made)


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    folder = f"{aws_logs(delivery)}/vpcdnsquerylogs/{stream.name}/{time:%Y/%m/%d}"
    ending = f"{stream.account}_{stamp(time)}_{delivery.token[:8]}.log.gz"
    return f"{folder}/{stream.name}_vpcdnsquerylogs_{ending}"


ROUTE53RESOLVER = LogType(
    name="route53resolver",
    index="log-aws-r53resolver",
    key=re.compile("vpcdnsquerylogs"),
    framing="json",
    time=Iso8601("query_timestamp"),
    ecs={
        # Genuine records keep the instance below srcids, where the SIEM does not look.
        "cloud.instance.id": "instance",
        "cloud.region": "region",
        "dns.answers.class": "answers.0.Class",
        "dns.answers.data": "answers.0.Rdata",
        "dns.answers.type": "answers.0.Type",
        "related.ip": ["srcaddr"],
        "source.address": "srcaddr",
        "source.ip": "srcaddr",
        "source.port": "srcport",
        "dns.question.class": "query_class",
        "dns.question.name": "query_name",
        "dns.question.type": "query_type",
        "dns.response_code": "rcode",
    },
    static={"event.kind": "event", "event.category": ["network"]},
    finish=finish,
    writer=Writer(key=_key, encode=encode_json, rhythm=Rhythm(least=30, most=180, disorder=30)),
)
