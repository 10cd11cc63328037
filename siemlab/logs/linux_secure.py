"""Linux /var/log/secure through a CloudWatch Logs subscription: sshd, sudo, su, cron."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from siemlab.logs.model import Draft, LogType, Moment, Record
from siemlab.logs.times import moment, no_time

__all__ = ["LINUX_SECURE", "SyslogTime"]

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
)
