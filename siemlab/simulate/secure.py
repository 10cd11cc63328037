"""What a host writes to /var/log/secure, and the CloudWatch agent sends on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from numpy.typing import ArrayLike

from siemlab.logs.linux_secure import secure_rows
from siemlab.logs.subscription import event_id
from siemlab.logs.writing import Stream
from siemlab.simulate.legs import texts
from siemlab.simulate.stage import Acts, Stage, times

__all__ = ["accepted", "closed", "cron", "failed", "lines", "opened", "sudo"]

FIREHOSE = "siem-linux-secure"


def lines(stage: Stage, at: ArrayLike, host: str, messages: Sequence[str] | str) -> Acts:
    """Write lines to a host's log; their clock is the host's own, which has no zone and no year.

    Parameters
    ----------
    stage
        Where.
    at
        When, epoch milliseconds: one time or many.
    host
        The host's name.
    messages
        What follows host and colon: ``"sshd[4711]: Accepted password for ..."``.

    Returns
    -------
    Acts
        One row for each line, with the id of its log event.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.stage import Records
    >>> from siemlab.simulate.world import World
    >>> records = Records()
    >>> stage = Stage(World(load_baseline(), seed=2022), records, "example")
    >>> text = accepted(4711, "deploy", "198.51.100.77", 50114, method="password")
    >>> len(lines(stage, 1669314161000, "sz-prod-bastion-01", text))
    1
    >>> [[batch]] = records.batches.values()
    >>> batch.rows.records()[0].decode().partition('"message":"')[2]
    'Nov 25 03:22:41 sz-prod-bastion-01 sshd[4711]: Accepted password for deploy from ...'
    """
    moments = times(at)
    found = stage.world.baseline.hosts[host]
    vpc = stage.world.baseline.vpcs[found.vpc]
    zone = ZoneInfo(found.time_zone)
    shown = [
        f"{_clock(moment, zone)} {host} {text}"
        for moment, text in zip(moments.tolist(), texts(messages, len(moments)), strict=True)
    ]
    instance, account = stage.world.ids.instance(host), stage.world.account(found.account)
    salt = stage.rng.hexes(1, 16)[0]
    ids = [
        event_id(moment, f"{instance} {salt} {number} {line}")
        for number, (moment, line) in enumerate(zip(moments.tolist(), shown, strict=True))
    ]
    rows = secure_rows(
        {
            "message": shown,
            "timestamp": moments,
            "id": ids,
            "log_stream": instance,
            "owner": account,
        }
    )
    stream = Stream("linux-secure", account, vpc.region, FIREHOSE)
    logged = stage.write(stream, moments, rows, source=host)
    return Acts("linux-secure", moments, tuple(ids), logged=logged)


def _clock(moment: int, zone: ZoneInfo) -> str:
    time = datetime.fromtimestamp(moment // 1000, zone)
    return f"{time:%b} {time.day:2} {time:%H:%M:%S}"


def accepted(
    pid: int, user: str, address: str, port: int, *, method: str = "publickey", key: str = ""
) -> str:
    """Return the message of a login; ``key`` is the fingerprint after ``SHA256:``.

    Examples
    --------
    >>> accepted(811, "hamada", "198.51.100.163", 50001, key="q0T")
    'sshd[811]: Accepted publickey for hamada from 198.51.100.163 port 50001 ssh2: RSA SHA256:q0T'
    """
    ending = f": RSA SHA256:{key}" if key else ""
    return f"sshd[{pid}]: Accepted {method} for {user} from {address} port {port} ssh2{ending}"


def failed(pid: int, user: str, address: str, port: int, *, known: bool = False) -> str:
    """Return the message of a wrong password; ``known`` says whether there is such a user.

    Examples
    --------
    >>> failed(811, "oracle", "198.51.100.201", 50001)
    'sshd[811]: Failed password for invalid user oracle from 198.51.100.201 port 50001 ssh2'
    """
    name = user if known else f"invalid user {user}"
    return f"sshd[{pid}]: Failed password for {name} from {address} port {port} ssh2"


def opened(program: str, user: str, by: str = "", *, uid: int = 0) -> str:
    """Return the message of PAM when a session begins; ``program`` is ``sshd[811]`` or ``sudo``.

    Examples
    --------
    >>> opened("sshd[811]", "hamada")
    'sshd[811]: pam_unix(sshd:session): session opened for user hamada by (uid=0)'
    """
    module = program.partition("[")[0].lower()
    text = f"pam_unix({module}:session): session opened for user {user} by {by}(uid={uid})"
    return f"{program}: {text}"


def closed(program: str, user: str) -> str:
    """Return the message of PAM when a session ends.

    Examples
    --------
    >>> closed("sudo", "root")
    'sudo: pam_unix(sudo:session): session closed for user root'
    """
    module = program.partition("[")[0].lower()
    return f"{program}: pam_unix({module}:session): session closed for user {user}"


def sudo(user: str, command: str, *, terminal: str = "pts/0", folder: str = "") -> str:
    """Return the message of a command that is run as root.

    Examples
    --------
    >>> sudo("mori", "/bin/systemctl status sshd")
    'sudo: mori : TTY=pts/0 ; PWD=/home/mori ; USER=root ; COMMAND=/bin/systemctl status sshd'
    """
    place = folder or f"/home/{user}"
    return f"sudo: {user:>8} : TTY={terminal} ; PWD={place} ; USER=root ; COMMAND={command}"


def cron(pid: int, user: str = "root") -> tuple[str, str]:
    """Return the two messages that a job of cron leaves.

    Examples
    --------
    >>> cron(77)[1]
    'crond[77]: pam_unix(crond:session): session closed for user root'
    """
    return opened(f"crond[{pid}]", user), closed(f"crond[{pid}]", user)
