"""Linux /var/log/secure: when a line was written, who did what from where, oddities included."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.normalize import Document, LogObject, Refused, normalize_object

KEY = "AWSLogs/999999999999/EC2/Linux/Secure/us-east-1/2022/11/18/07/secure-1-2022-11-18-07-00-00-x"
NOON = int(datetime(2022, 11, 18, 12, tzinfo=UTC).timestamp() * 1000)


def outcome(message: str, timestamp: int = NOON, stream: str = "i-0123456789abcdef0") -> Any:
    event = {"id": "36", "timestamp": timestamp, "message": message}
    outer = {
        "messageType": "DATA_MESSAGE",
        "owner": "111122223333",
        "logGroup": "/secure",
        "logStream": stream,
        "logEvents": [event],
    }
    data = json.dumps(outer).encode()
    (found,) = normalize_object(LogObject(KEY, "bucket", lambda: io.BytesIO(data)))
    return found


def source(message: str, **other: Any) -> dict[str, Any]:
    found = outcome(message, **other)
    assert isinstance(found, Document), found
    return found.source


def ssh(text: str) -> tuple[Any, ...]:
    """Action, outcome, user, address, port of a line of sshd."""
    return facts(source(f"Nov 18 12:00:00 web-01 sshd[7]: {text}"))


def facts(found: dict[str, Any]) -> tuple[Any, ...]:
    event, peer = found["event"], found.get("source", {})
    return (
        event.get("action"),
        event.get("outcome"),
        found.get("user", {}).get("name"),
        peer.get("ip"),
        peer.get("port"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Accepted publickey for deploy from 198.51.100.7 port 22 ssh2: RSA x",
         ("Accepted", "success", "deploy", "198.51.100.7", "22")),
        ("Failed password for root from 203.0.113.7 port 60001 ssh2",
         ("Failed", "failure", "root", "203.0.113.7", "60001")),
        ("Failed password for invalid user admin from 203.0.113.7 port 4 ssh2",
         ("Failed", "failure", "admin", "203.0.113.7", "4")),
        ("Invalid user admin from 203.0.113.7 port 4",
         ("Invalid user", "failure", "admin", "203.0.113.7", "4")),
        ("message repeated 4 times: [ Failed password for root from 203.0.113.7 port 4 ssh2]",
         ("Failed", "failure", "root", "203.0.113.7", "4")),
        ("Accepted keyboard-interactive/pam for deploy from 198.51.100.7 port 22 ssh2",
         ("Accepted", "success", "keyboard-interactive/pam", None, None)),
        ("Failed password for invalid user  from 203.0.113.7 port 4 ssh2",
         ("Failed", "failure", "invalid", None, None)),
        ("Accepted publickey for deploy from 2001:db8::7 port 22 ssh2",
         ("Accepted", "success", "deploy", None, None)),
        ("Connection closed by invalid user admin 198.51.100.7 port 4 [preauth]",
         ("invalid user", "failure", "admin", None, None)),
        ("Connection closed by authenticating user root 198.51.100.7 port 4 [preauth]",
         (None, None, None, "198.51.100.7", None)),
        ("Disconnected from user deploy 198.51.100.7 port 4",
         (None, None, None, "198.51.100.7", None)),
        ("Disconnected from 198.51.100.7 port 4",
         ("Disconnected", None, None, "198.51.100.7", "4")),
        ("Received disconnect from 2001:db8::7 port 4:11: disconnected by user",
         ("Received disconnect", None, None, "2001:db8::7", "4")),
        ("Received disconnect from UNKNOWN port 65535:11: x",
         ("Received disconnect", None, None, "UNKNOWN", "65535")),
        ("error: AuthorizedKeysCommand /opt/x root SHA256:abc failed, status 22",
         ("error", "failure", "root", None, None)),
        ("pam_unix(sshd:session): session closed for user deploy",
         ("session closed", None, "deploy", None, None)),
        ("pam_unix(sshd:session): session opened for user deploy by (uid=0)",
         ("session opened", "success", None, None, None)),
        ("pam_unix(sshd:session): session opened for user root(uid=0) by deploy(uid=1)",
         ("session opened", "success", "deploy", None, None)),
        ("Connection reset by 203.0.113.300 port 4 [preauth]",
         ("Connection reset", None, None, "203.0.113.300", "4")),
        ("Did not receive identification string from 203.0.113.7 port 4",
         (None, None, None, "203.0.113.7", "4")),
        ("Unable to negotiate with 203.0.113.7 port 4: no matching key",
         (None, None, None, "203.0.113.7", "4")),
        ("x from 203.0.113.7 port 4 and from 203.0.113.8 port 5",
         (None, None, None, "203.0.113.8", "5")),
        ("reverse mapping checking getaddrinfo for x [203.0.113.7] failed - POSSIBLE BREAK-IN!",
         ("reverse mapping checking", "unknown", None, "203.0.113.7", None)),
        ("Server listening on 0.0.0.0 port 22.", (None, None, None, "0.0.0.0", None)),
        ("Server listening on :: port 22.", (None, None, None, None, None)),
        ("pam_unix(sshd:auth): authentication failure; logname= uid=0 rhost=203.0.113.7 user=root",
         (None, None, None, None, None)),
    ],
)  # fmt: skip
def test_the_first_pattern_that_is_found_says_what_sshd_did(
    text: str, expected: tuple[str | None, ...]
) -> None:
    assert ssh(text) == expected


def test_sshd_with_an_action_is_an_authentication() -> None:
    found = source("Nov 18 12:00:00 web-01 /usr/sbin/sshd-session[7]: Invalid user x from 1.2.3.4")
    assert found["event"]["category"] == "authentication"
    found = source("Nov 18 12:00:00 web-01 sshd[7]: Server listening on 0.0.0.0 port 22.")
    assert "category" not in found["event"]


@pytest.mark.parametrize(
    ("text", "action", "user"),
    [
        ("yamada : TTY=pts/0 ; USER=root ; COMMAND=/bin/cat /etc/x", "/bin/cat /etc/x", "yamada"),
        ("  yamada : user NOT in sudoers ; TTY=pts/0 ; COMMAND=/bin/ls", "/bin/ls", "yamada"),
        ("x : TTY=1 ; COMMAND=/bin/sh -c COMMAND=y", "y", "x"),
        ("pam_unix(sudo:session): session closed for user root", "session closed", "root"),
        ("pam_unix(sudo:session): session opened for user root by y(uid=1)", "session opened", "y"),
        ("pam_unix(sudo:auth): conversation failed", None, None),
    ],
)  # fmt: skip
def test_whatever_sudo_does_is_a_success(text: str, action: str | None, user: str | None) -> None:
    found = source(f"Nov 18 12:00:00 web-01 sudo[7]: {text}")
    assert facts(found)[:3] == (action, action and "success", user)
    assert "category" not in found["event"]
    assert found["related"].get("user") == user


@pytest.mark.parametrize(
    ("line", "process", "pid"),
    [
        ("Nov 18 12:00:00 web-01 su: pam_unix(su:session): session opened", "su", None),
        ("Nov 18 12:00:00 web-01 CRON[8]: pam_unix(cron:session): x", "CRON", "8"),
        ("Nov 18 12:00:00 web-01 (systemd)[123]: x", None, None),
        ("Nov 18 12:00:00 web-01 last message repeated 2 times", "last", None),
    ],
)
def test_other_programs_have_host_and_process_only(
    line: str, process: str | None, pid: str | None
) -> None:
    found = source(line)
    assert found.get("process", {}).get("name") == process
    assert found.get("process", {}).get("pid") == pid
    assert found["host"] == {"hostname": "web-01"}
    assert facts(found) == (None, None, None, None, None)


def test_the_rest_of_the_document_comes_from_envelope_and_key() -> None:
    found = source(
        "Nov 18 12:00:00 web-01 sshd[7]: Failed password for x from 1.2.3.4 port 5\r\nmore"
    )
    assert found["syslog_message"] == "Failed password for x from 1.2.3.4 port 5\r"
    assert found["@message"].endswith("\r\nmore")
    assert found["cloud"] == {
        "provider": "aws",
        "account": {"id": "111122223333"},
        "region": "us-east-1",
        "instance": {"id": "i-0123456789abcdef0"},
    }
    assert found["related"] == {
        "hosts": ["web-01", "i-0123456789abcdef0"],
        "user": "x",
        "ip": "1.2.3.4",
    }
    assert found["event"]["module"] == "secure"
    assert found["@log_type"] == "linux-secure"
    assert (found["@log_group"], found["@log_stream"]) == ("/secure", "i-0123456789abcdef0")


@pytest.mark.parametrize(
    ("stream", "instance"),
    [
        ("i-0123456789abcdef0", "i-0123456789abcdef0"),
        ("web_i-01234567_secure", "i-01234567"),
        ("fleet/i-0123456789abcdef0/secure", "i-0123456789abcdef0"),
        ("i-0123456", None),
        ("ai-0123456789abcdef0", None),
        ("web-fleet", None),
        ("", None),
    ],
)
def test_the_instance_is_in_the_name_of_the_stream(stream: str, instance: str | None) -> None:
    found = source("Nov 18 12:00:00 web-01 su: x", stream=stream)
    assert found["cloud"].get("instance", {}).get("id") == instance
    assert found["related"]["hosts"] == ["web-01", instance] if instance else ["web-01"]


# ---------------------------------------------------------------- time


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "timestamp", "time"),
    [
        ("Nov  4 09:00:01", at(2022, 11, 4, 9, 0, 2), "2022-11-04T09:00:01+00:00"),
        ("Nov 4 09:00:01", at(2022, 11, 4, 9, 0, 2), "2022-11-04T09:00:01+00:00"),
        ("Feb 29 03:04:09.5", at(2024, 2, 29, 3, 4, 10), "2024-02-29T03:04:09.500000+00:00"),
        ("Dec 31 23:59:58", at(2023, 1, 1, 0, 0, 3), "2022-12-31T23:59:58+00:00"),
        ("Jan  1 00:00:01", at(2022, 12, 31, 15, 0, 1), "2023-01-01T00:00:01+00:00"),
        ("Jan  1 14:00:00", at(2023, 1, 1, 0, 0, 0), "2023-01-01T14:00:00+00:00"),
        ("Jan  1 14:00:01", at(2023, 1, 1, 0, 0, 0), "2022-01-01T14:00:01+00:00"),
        ("Nov 19 02:00:00", at(2022, 11, 18, 12, 0, 0), "2022-11-19T02:00:00+00:00"),
        ("Nov 19 02:00:01", at(2022, 11, 18, 12, 0, 0), "2021-11-19T02:00:01+00:00"),
        ("Feb 29 12:00:00", at(2025, 1, 3, 0, 0, 0), "2024-02-29T12:00:00+00:00"),
    ],
)
def test_the_year_is_the_one_of_the_log_event(written: str, timestamp: int, time: str) -> None:
    found = outcome(f"{written} web-01 su: x", timestamp=timestamp)
    assert found.source["@timestamp"] == time
    assert found.index == f"log-linux-secure-{time[:7]}"
    assert found.source["syslog_timestamp"] == written


@given(
    moment=st.datetimes(datetime(1971, 1, 2), datetime(2200, 12, 31)),
    behind=st.integers(0, 300 * 24 * 3600),
)
def test_a_line_up_to_ten_months_late_has_its_own_year(moment: datetime, behind: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    written = moment.strftime("%b %e %H:%M:%S")
    found = outcome(f"{written} web-01 su: x", timestamp=(int(moment.timestamp()) + behind) * 1000)
    assert found.source["@timestamp"] == moment.isoformat()


@pytest.mark.parametrize(
    "message",
    [
        "2022-11-18T07:00:01+00:00 web-01 sshd[7]: x",
        "<86>Nov 18 07:00:01 web-01 sshd[7]: x",
        "Okt 18 07:00:01 web-01 sshd[7]: x",
        "Nov 31 07:00:01 web-01 sshd[7]: x",
        "Nov 18 25:00:01 web-01 sshd[7]: x",
        "\tat java.lang.Thread.run(Thread.java:829) in a",
        "Nov 18 07:00:01 web-01",
        "Nov 18 07:00:01",
        "",
        "a b c d e f",
    ],
)
def test_a_line_without_a_time_or_with_too_few_parts_is_refused(message: str) -> None:
    assert isinstance(outcome(message), Refused)


def test_29_february_of_years_that_have_none_is_refused_with_its_field() -> None:
    found = outcome("Feb 29 12:00:00 web-01 su: x", timestamp=at(2022, 3, 1))
    assert isinstance(found, Refused)
    assert found.error.field == "syslog_timestamp"


@pytest.mark.parametrize("timestamp", [-1, 10**18, 253402300799000])
def test_an_absurd_time_of_the_log_event_is_refused(timestamp: int) -> None:
    found = outcome("Nov 18 12:00:00 web-01 su: x", timestamp=timestamp)
    assert isinstance(found, Refused)
    assert found.error.field == "timestamp"


def test_a_line_of_tabs_takes_no_time() -> None:
    for message in ("\t" * 100_000 + " a b c", "Nov 18 07:00:01 " + "\t" * 100_000 + " a b"):
        assert outcome(message) is not None
