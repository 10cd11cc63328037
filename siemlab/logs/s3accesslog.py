"""S3 server access logs: a line each request, below any prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from siemlab.logs.columns import IN_LINE, Columns, Table, quoted
from siemlab.logs.keys import aws_logs
from siemlab.logs.model import Draft, Envelope, LogType
from siemlab.logs.rows import Frame
from siemlab.logs.times import TextTime
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["S3ACCESSLOG", "access_rows"]

LOADER_AGENT = re.compile("siem-es-loader|AesSiemEsLoader|siem-ioc-db-creator")
LOADER_REQUESTER = re.compile(
    "arn.*(?:LambdaEsLoaderServiceRole|AmazonSecurityLakeS3ReplicationRole)"
    "|svc:securitylake.amazonaws.com"
)
# Regions of il-, mx- and us-gov- are not found in an endpoint.
REGION_IN_ENDPOINT = re.compile("global|(?:us|ap|ca|eu|me|sa|af)-[a-zA-Z]+-[0-9]")

REQUEST_URI = (
    '(?:"(?P<RequestURI_operation>[^ ]*) (?P<RequestURI_key>[^ ]*)'
    ' (?P<RequestURI_httpProtoversion>- |[^ ]*)"|"-"|-)'
)

COLUMNS = (
    "(?P<BucketOwner>[^ ]*)",
    "(?P<Bucket>[^ ]*)",
    r"\[(?P<RequestDateTime>.*?)\]",
    "(?P<RemoteIP>[^ ]*)",
    "(?P<Requester>[^ ]*)",
    "(?P<RequestID>[^ ]*)",
    "(?P<Operation>[^ ]*)",
    "(?P<Key>[^ ]*)",
    REQUEST_URI,
    "(?P<HTTPstatus>-|[0-9]*)",
    "(?P<ErrorCode>[^ ]*)",
    "(?P<BytesSent>[^ ]*)",
    "(?P<ObjectSize>[^ ]*)",
    "(?P<TotalTime>[^ ]*)",
    "(?P<TurnAroundTime>[^ ]*)",
    '(?:"(?P<Referrer>.*?)"|-)',
    '(?:"(?P<UserAgent>.*?)"|-)',
    "(?P<VersionId>[^ ]*)",
)
# Lines from before 2019 end here. The columns that AWS has appended after these are not read.
SINCE_2019 = (
    "(?: (?P<HostId>[^ ]*) (?P<SigV>[^ ]*) (?P<CipherSuite>[^ ]*) (?P<AuthType>[^ ]*)"
    " (?P<EndPoint>[^ ]*) (?P<TLSVersion>[^ ]*))?"
    "(?: (?P<S3AccessPointARN>arn:[^ ]*|-))?"
)

URI_PARTS = ("RequestURI_operation", "RequestURI_key", "RequestURI_httpProtoversion")
LINE = (
    *("BucketOwner", "Bucket", "[RequestDateTime]", "RemoteIP", "Requester", "RequestID"),
    *("Operation", "Key", '"RequestURI"', "HTTPstatus", "ErrorCode", "BytesSent", "ObjectSize"),
    *("TotalTime", "TurnAroundTime", '"Referrer"', '"UserAgent"', "VersionId", "HostId", "SigV"),
    *("CipherSuite", "AuthType", "EndPoint", "TLSVersion", "S3AccessPointARN"),
)
FIELDS = tuple(name.strip('"[]') for name in LINE)
FORM = "%d/%b/%Y:%H:%M:%S +0000"


def is_own(raw: dict[str, Any]) -> bool:
    """Tell whether the SIEM's loader itself made the request.

    Examples
    --------
    >>> is_own({"Requester": "svc:securitylake.amazonaws.com", "UserAgent": "-"})
    True
    """
    return (
        LOADER_REQUESTER.match(raw["Requester"]) is not None
        or LOADER_AGENT.search(raw["UserAgent"] or "") is not None
    )


def finish(draft: Draft) -> None:
    """Shorten the user's name, and find the region in the endpoint where the key has none.

    Examples
    --------
    >>> draft = Draft({"user": {"name": "arn:aws:iam::111122223333:user/frank"},
    ...                "cloud": {"region": "unknown"}, "EndPoint": "b.s3.eu-west-1.amazonaws.com"})
    >>> finish(draft)
    >>> draft.source["user"], draft.source["cloud"]
    ({'name': 'frank'}, {'region': 'eu-west-1'})
    """
    source = draft.source
    if "user" in source:
        source["user"]["name"] = source["user"]["name"].split("/")[-1]
    if source["cloud"]["region"] == "unknown":
        found = REGION_IN_ENDPOINT.search(source["EndPoint"] or "")
        if found:
            source["cloud"]["region"] = found[0]


def access_rows(columns: Columns) -> Frame:
    r"""Render requests to buckets.

    Parameters
    ----------
    columns
        A column for each named group of the pattern, but ``RequestURI`` whole
        (``GET /key HTTP/1.1``); ``-`` where none is given. ``RequestDateTime`` is milliseconds
        since 1970, or text. Referrer and user agent are quoted and escaped here; keys and URIs are
        encoded by who asks for them.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = access_rows({"Bucket": "docs", "RequestDateTime": [1668754801000], "HTTPstatus": 200,
    ...                     "RequestURI": "GET /a HTTP/1.1", "UserAgent": [None]})
    >>> print(rows.join(0, 1, b"\n").decode())
    - docs [18/Nov/2022:07:00:01 +0000] - - - - - "GET /a HTTP/1.1" 200 - - - - - "-" "-" - - ...
    """
    import polars as pl

    table = Table(columns, FIELDS)
    escaped = table.escaped(("RequestURI", "Referrer", "UserAgent"), IN_LINE)
    made = {
        "[RequestDateTime]": table.time("RequestDateTime", f"[{FORM}]", "ms"),
        '"RequestURI"': quoted(escaped["RequestURI"], null=None),
        '"Referrer"': quoted(escaped["Referrer"]),
        '"UserAgent"': quoted(escaped["UserAgent"]),
    }
    return Frame(
        pl.select([(made[name] if name in made else table.text(name)).alias(name) for name in LINE])
    )


def encode(raw: Mapping[str, Any], _envelope: Envelope | None = None) -> bytes:
    r"""Write a request as its line.

    Parameters
    ----------
    raw
        The named groups of the pattern.

    Examples
    --------
    >>> line = ('79a5 docs [18/Nov/2022:07:00:01 +0000] 198.51.100.7 - 3E57 REST.GET.OBJECT a '
    ...         '"GET /a HTTP/1.1" 200 - 1 1 7 6 - "curl/7.79" -')
    >>> encode(S3ACCESSLOG.pattern.match(line).groupdict()).decode() == line
    True
    """
    uri = [raw[name] for name in URI_PARTS]
    parts = {**raw, "RequestURI": None if None in uri else " ".join(uri)}
    count = LINE.index("VersionId") + 1
    if raw["HostId"] is not None:
        count = len(LINE) - 1
    point = [raw["S3AccessPointARN"]] if raw["S3AccessPointARN"] is not None else []
    return " ".join([*[_field(parts, field) for field in LINE[:count]], *point]).encode()


def _field(parts: Mapping[str, Any], field: str) -> str:
    if field[0] not in '"[':
        return str(parts[field])
    value = parts[field[1:-1]]
    return "-" if value is None else f"{field[0]}{value}{field[-1]}"


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    folder = f"{aws_logs(delivery)}/s3accesslog/{stream.region}/{stream.name}"
    return f"{folder}/{time:%Y-%m-%d-%H-%M-%S}-{delivery.token[:16].upper()}"


S3ACCESSLOG = LogType(
    name="s3accesslog",
    index="log-aws-s3accesslog",
    key=re.compile(r"20\d{2}-[01]\d-\d{2}-\d{2}-\d{2}-\d{2}-[0-9A-Z]{16}$"),
    framing="lines",
    pattern=re.compile(" ".join(COLUMNS) + SINCE_2019),
    time=TextTime("RequestDateTime", "%d/%b/%Y:%H:%M:%S %z"),
    ecs={
        "destination.address": "EndPoint",
        "destination.domain": "EndPoint",
        "http.request.method": "RequestURI_operation",
        "http.request.referrer": "Referrer",
        "http.response.bytes": "BytesSent",
        "http.response.status_code": "HTTPstatus",
        "related.ip": ["RemoteIP"],
        "source.address": "RemoteIP",
        "source.ip": "RemoteIP",
        "url.domain": "EndPoint",
        "url.original": "RequestURI_key",
        "user.name": "Requester",
        "user_agent.original": "UserAgent",
    },
    static={"event.kind": "event", "event.category": ["web"]},
    is_own=is_own,
    finish=finish,
    geoip=("source",),
    user_agent=True,
    writer=Writer(
        key=_key,
        encode=encode,
        compressed=False,
        # Best effort: most lines come within the hour, some much later.
        rhythm=Rhythm(every=600, least=600, most=7200, disorder=60),
    ),
)
