"""Application Load Balancer: access logs, a line each request."""

from __future__ import annotations

import re

from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import Iso8601

__all__ = ["ALB"]

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
)
