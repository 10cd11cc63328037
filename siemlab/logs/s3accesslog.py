"""S3 server access logs: a line each request, below any prefix."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import TextTime

__all__ = ["S3ACCESSLOG"]

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
)
