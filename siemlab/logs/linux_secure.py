"""Linux /var/log/secure through a CloudWatch Logs subscription: sshd, sudo, su, cron."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from siemlab.logs.columns import Columns
from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import firehose_key
from siemlab.logs.model import NO_ENVELOPE, Draft, Envelope, LogType, Moment, Record
from siemlab.logs.subscription import Events, event_id, event_rows, message_of
from siemlab.logs.times import moment, no_time
from siemlab.logs.writing import Writer

__all__ = ["LINUX_SECURE", "SyslogTime", "secure_rows"]

MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
# A host may write its own zone's time, and the zone furthest ahead of UTC is +14:00.
FURTHEST_AHEAD = timedelta(hours=14)

TIME = re.compile(r"([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?")
# The blanks between month, day and time are few: with any number of them, and tabs among them, a
# hostile line could be split in too many ways.
LINE = re.compile(
    r"(?=[A-Z][a-z]{2}\s{1,9}\d{1,2}\s{1,9}\d{2}:\d{2}:\d{2})"
    r"(?P<syslog_timestamp>[^ ]*\s*[^ ]*\s[^ ]*) (?P<hostname>[^ ]*)"
    r" (?P<proc>[a-zA-Z0-9_/.-]*)(?:\[(?P<pid>[0-9]+)\])?(?:[^:]*:)?"
    r" *(?P<syslog_message>.*)"
)
INSTANCE = re.compile(r"(?:\W|_|^)(i-(?:[0-9a-z]{8}|[0-9a-z]{17}))(?:\W|_|$)")

IP = r"(?P<ip>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"
PORT = r"\s+port\s+(?P<port>\d+)"
SESSION_CLOSED = re.compile(r"^pam_unix(?:\S+): (?P<action>session closed) for user (?P<user>\S+)")
SESSION_OPENED = re.compile(
    r"^pam_unix(?:\S+): (?P<action>session opened) for user \S+ by (?P<user>\S*)\("
)
SUDO = (
    re.compile(r"^(?P<user>\S+) : .*COMMAND=(?P<action>.*)"),
    SESSION_CLOSED,
    SESSION_OPENED,
)
# The first that is found in a message counts.
SSHD = (
    re.compile(
        r"(?P<action>Accepted|Failed|failure|Invalid user|invalid user)\s.*?"
        r"(?:(?:publickey|password|none) for )?(?:invalid user )?(?P<user>\S+)"
        rf"(?:\s+from.*?{IP})?(?:{PORT})?"
    ),
    re.compile(
        r"^(?P<action>Disconnected|Received disconnect) from (?P<ip>[^ ]*) port (?P<port>\d+)"
    ),
    re.compile(r"^(?P<action>error): AuthorizedKeysCommand \S+ (?P<user>\S+) (?:SHA|RSA)"),
    SESSION_CLOSED,
    SESSION_OPENED,
    re.compile(rf"^(?P<action>Connection (?:reset|closed))\s+by\s+{IP}{PORT}"),
)
FROM_ADDRESS = re.compile(rf"\s(?:from|with)\s+{IP}{PORT}")
SSHD_LAST = (
    re.compile(rf"^(?P<action>reverse mapping checking).*\[{IP}\]"),
    re.compile(rf"\s{IP}\s"),
)


class SyslogTime:
    """The time at a syslog line's beginning, read as UTC; its year from the log event's own time.

    The line's year is the one that puts it at or before the time of the log event, give or take
    the zones of the world, so the result is the same on whatever day the file is read.

    Examples
    --------
    >>> from siemlab.logs.model import Envelope
    >>> new_year = Envelope(timestamp=1672531203000)  # 2023-01-01T00:00:03Z
    >>> line = Record(1, {"syslog_timestamp": "Dec 31 23:59:58"}, "", new_year)
    >>> SyslogTime()(line, "").text
    '2022-12-31T23:59:58+00:00'
    """

    def __call__(self, record: Record, _key: str) -> Moment:  # noqa: D102  # see the class
        latest = _latest(record.envelope.timestamp)
        text = record.raw["syslog_timestamp"]
        for year in (latest.year, latest.year - 1):
            time = _in_year(text, year)
            if time is not None and time.time <= latest:
                return time
        raise no_time("syslog_timestamp", text)


@lru_cache(maxsize=8192)
def _latest(milliseconds: int | None) -> datetime:
    try:
        if milliseconds is None:
            raise ValueError
        # Only what a document's time can be; the rule of `moment`.
        return moment(datetime.fromtimestamp(milliseconds / 1000, tz=UTC)).time + FURTHEST_AHEAD
    except (ValueError, OverflowError, OSError):
        raise no_time("timestamp", milliseconds) from None


@lru_cache(maxsize=8192)
def _in_year(text: str, year: int) -> Moment | None:
    """Return a syslog time in a year, None where there is no such day or it is no time."""
    found = TIME.match(text)
    if not found or found[1] not in MONTHS:
        return None
    day, hour, minute, second = map(int, found.group(2, 3, 4, 5))
    fraction = int((found[6] or "").ljust(6, "0"))
    try:
        return moment(
            datetime(year, MONTHS[found[1]], day, hour, minute, second, fraction, tzinfo=UTC)
        )
    except ValueError:
        return None


def finish(draft: Draft) -> None:
    """Say who did what from where, as far as sshd and sudo tell.

    Examples
    --------
    >>> message = "Failed password for root from 203.0.113.7 port 60001 ssh2"
    >>> draft = Draft({"proc": "sshd", "hostname": "web-01", "syslog_message": message,
    ...                "@log_stream": "i-0123456789abcdef0", "event": {}, "cloud": {}})
    >>> finish(draft)
    >>> draft.source["event"], draft.source["source"], draft.source["cloud"]
    ({'category': 'authentication', 'action': 'Failed', 'outcome': 'failure'},
     {'ip': '203.0.113.7', 'port': '60001'}, {'instance': {'id': 'i-0123456789abcdef0'}})
    """
    source = draft.source
    related: dict[str, Any] = {"hosts": [source["hostname"]]}
    source["related"] = related
    instance = INSTANCE.search(source["@log_stream"])
    if instance:
        source["cloud"]["instance"] = {"id": instance[1]}
        related["hosts"].append(instance[1])
    found = _found(source["proc"], source["syslog_message"])
    if "user" in found:
        source["user"] = {"name": found["user"]}
        related["user"] = found["user"]
    if "ip" in found:
        source["source"] = {"ip": found["ip"], "port": found.get("port")}
        related["ip"] = found["ip"]
    action = found.get("action")
    if action is None:
        return
    if "sshd" in source["proc"]:
        source["event"]["category"] = "authentication"
        outcome = _outcome(action.lower())
    else:
        outcome = "success"  # also where sudo denies the command: that is the SIEM's rule
    source["event"]["action"] = action
    if outcome:
        source["event"]["outcome"] = outcome


def _found(proc: str, message: str) -> dict[str, str | None]:
    """Return action, user, ip and port of a message, those that its pattern names."""
    if "sshd" in proc:
        return _first(SSHD, message) or _from_address(message) or _first(SSHD_LAST, message)
    if "sudo" in proc:
        return _first(SUDO, message)
    return {}


def _first(patterns: tuple[re.Pattern[str], ...], message: str) -> dict[str, str | None]:
    for pattern in patterns:
        found = pattern.search(message)
        if found:
            return found.groupdict()
    return {}


def _from_address(message: str) -> dict[str, str | None]:
    """Return the last address that something came from; at the very beginning none counts."""
    found: dict[str, str | None] = {}
    for match in FROM_ADDRESS.finditer(message, 1):
        found = match.groupdict()
    return found


def _outcome(action: str) -> str:
    if "accept" in action or "opened" in action:
        return "success"
    if "fail" in action or "invalid" in action or "err" in action:
        return "failure"
    if "disconnect" in action or "reset" in action or "close" in action:
        return ""
    return "unknown"


GROUP = "/ec2/linux/secure"
SUBSCRIPTION = "siem-linux-secure"


def secure_rows(columns: Columns) -> Events:
    """Render lines as log events of CloudWatch Logs.

    Parameters
    ----------
    columns
        ``message``, the line; ``timestamp``, when the agent sent it, in milliseconds since 1970;
        ``log_stream``, the instance's id; ``owner``, the account; ``id`` and ``log_group`` follow
        where they are not given.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = secure_rows({"message": ["Nov 18 07:00:00 web-01 sshd[8]: Connection reset"],
    ...     "timestamp": 1668754800000, "log_stream": "i-0a1b2c3d4e5f60718",
    ...     "owner": "111122223333"})
    >>> rows.join(0, 1, b"").decode()[:64]
    '{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":'
    """
    return event_rows(columns, subscription=SUBSCRIPTION, group=GROUP)


def encode(raw: Mapping[str, Any], envelope: Envelope = NO_ENVELOPE) -> bytes:
    """Write a line, from its parts, in a message with this one log event.

    Parameters
    ----------
    raw
        The named groups of the pattern.
    envelope
        Log group and stream, account, id and time of the log event.

    Examples
    --------
    >>> raw = {"syslog_timestamp": "Nov 18 07:00:00", "hostname": "web-01", "proc": "sshd",
    ...        "pid": "811", "syslog_message": "Connection reset by 198.51.100.7 port 50001"}
    >>> encode(raw, Envelope(id="1", log_stream="i-0a", timestamp=5)).decode().partition("[{")[2]
    '"id":"1","timestamp":5,"message":"Nov 18 07:00:00 web-01 sshd[811]: Connection reset ..."}]}'
    """
    pid = f"[{raw['pid']}]" if raw["pid"] is not None else ""
    start = f"{raw['syslog_timestamp']} {raw['hostname']} {raw['proc']}{pid}: "
    line = start + raw["syslog_message"]
    at = envelope.timestamp or 0
    event = {"id": envelope.id or event_id(at, line), "timestamp": at, "message": line}
    group = envelope.log_group or GROUP
    head = message_of(envelope.account, group, envelope.log_stream, subscription=SUBSCRIPTION)
    return head + encode_json(event) + b"]}"


LINUX_SECURE = LogType(
    name="linux-secure",
    index="log-linux-secure",
    key=re.compile("/[Ll]inux.*[Ss]ecure"),
    framing="cloudwatch",
    pattern=LINE,
    time=SyslogTime(),
    ecs={
        "host.hostname": "hostname",
        "process.name": "proc",
        "process.pid": "pid",
    },
    static={"event.kind": "event", "event.module": "secure"},
    finish=finish,
    geoip=("source",),
    writer=Writer(key=firehose_key("EC2/Linux/Secure"), encode=encode, between=b"", tail=b""),
)
