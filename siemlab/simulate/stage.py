"""Where behaviors and stories act: what they do becomes records of every source that sees it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from siemlab.logs.writing import Lines, Rows, Stream
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.callers import Caller
from siemlab.simulate.fillers import FILLERS
from siemlab.simulate.ids import S3_ALPHABET
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.shapes import Column, fill, join_parts
from siemlab.simulate.world import World

__all__ = ["Acts", "Batch", "Records", "Stage", "times"]


def times(at: ArrayLike) -> Ints:
    """Return one time or many as an array of epoch milliseconds."""
    return np.atleast_1d(np.asarray(at, dtype=np.int64))


@dataclass(frozen=True)
class Batch:
    """Records of one stream: their times (epoch milliseconds) and their bytes, row by row."""

    at: Ints
    rows: Rows


@dataclass
class Records:
    """All that was recorded, by stream, in the order in which it was done."""

    batches: dict[Stream, list[Batch]] = field(default_factory=lambda: defaultdict(list))

    def add(self, stream: Stream, at: Ints, rows: Rows) -> None:
        """Keep records of a stream."""
        if len(at):
            self.batches[stream].append(Batch(at, rows))

    def between(self, start: int, end: int) -> Records:
        """Return the records whose time lies in a span (epoch milliseconds, half-open)."""
        found = Records()
        for stream, batches in self.batches.items():
            for batch in batches:
                chosen = np.flatnonzero((batch.at >= start) & (batch.at < end))
                if len(chosen) == len(batch.at):
                    found.add(stream, batch.at, batch.rows)
                else:
                    found.add(stream, batch.at[chosen], batch.rows.take(chosen))
        return found

    def update(self, other: Records) -> None:
        """Add all records of another collection."""
        for stream, batches in other.batches.items():
            self.batches[stream].extend(batches)


@dataclass(frozen=True)
class Acts:
    """What was done at once, one row each: a story's truth points to it, findings count it.

    Parameters
    ----------
    log_type
        The log that shows it.
    at
        When, epoch milliseconds.
    ids
        The event's own id (CloudTrail's eventID, a finding's id...).
    requests
        Request ids, where the source has them.
    logged
        Whether the record was written: False where nothing logs it.
    """

    log_type: str
    at: Ints
    ids: tuple[str, ...]
    requests: tuple[str, ...] = ()
    logged: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __len__(self) -> int:
        return len(self.at)


class Stage:
    """Where one behavior (of a day) or one story acts.

    Parameters
    ----------
    world
        The company and its state.
    records
        Where the records go.
    names
        Who acts: ``"packer", "2022-11-12"`` or ``"L1-A"``. All draws belong to that name.

    Examples
    --------
    A call by an IAM user is one CloudTrail record of the account's trail:

    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.callers import user_key
    >>> world = World(load_baseline(), seed=2022)
    >>> stage = Stage(world, Records(), "example")
    >>> hana = user_key("444455556666", "hana", world.user_id("hana"),
    ...                 world.user_key("hana", "444455556666"),
    ...                 address="203.0.113.5", agent="aws-cli/2.8.5")
    >>> call = Call(service="sts", name="GetCallerIdentity", read_only=True)
    >>> acts = stage.call(call, hana, 1668264429000, region="ap-northeast-1")
    >>> len(acts), acts.logged.tolist()
    (1, [True])
    """

    def __init__(self, world: World, records: Records, *names: str | int) -> None:
        self.world = world
        self.records = records
        self.rng: Rng = world.rng(*names)
        self._ids = self.rng.child("ids")
        # How late findings and configuration items come: what they draw moves nothing else.
        self.delays: Rng = self.rng.child("delays")

    def part(self, *names: str | int) -> Stage:
        """Return the stage of a part of this behavior, with draws of its own."""
        return Stage(self.world, self.records, *self.rng.names, *names)

    def write(
        self, stream: Stream, at: Ints, rows: Rows, *, source: str = "", policy: str = ""
    ) -> NDArray[np.bool_]:
        """Keep records, if their source is logged at that time.

        Parameters
        ----------
        stream
            The series of files that they go to.
        at
            Epoch milliseconds, one per row.
        rows
            The records' bytes.
        source
            The logical name of the VPC, bucket, balancer or web ACL that the policy knows.
        policy
            What the policy calls this log, where that is not the log type: ``s3-data-events``.

        Returns
        -------
        NDArray
            For each row whether it was kept.
        """
        log_type = policy or stream.log_type
        logged = self.world.logged(log_type, stream.account, stream.region, source, at)
        if logged.all():
            self.records.add(stream, at, rows)
        elif logged.any():
            chosen = np.flatnonzero(logged)
            self.records.add(stream, at[chosen], rows.take(chosen))
        return logged

    def call(
        self,
        call: Call,
        caller: Caller,
        at: ArrayLike,
        *,
        region: str,
        error: str = "",
        shared: Column = "",
        **columns: Column,
    ) -> Acts:
        """Make API calls: one CloudTrail record each.

        Parameters
        ----------
        call
            The kind of call.
        caller
            Who makes it; ``caller.account`` is the account whose trail records it.
        at
            When, epoch milliseconds: one time or many.
        region
            Where; a call with a home (IAM) is recorded there whatever is given.
        error
            The error code with which it fails, one of the call's `Fault`.
        shared
            The ``sharedEventID`` of a pair of records in two accounts.
        columns
            What fills the holes of the call's shapes: ``bucket``, ``user`` ... For a data event
            ``bucket`` also says which bucket's policy counts.

        Raises
        ------
        KeyError
            A hole has no column, or the call does not fail in that way.
        """
        moments = times(at)
        count, where = len(moments), call.home or region
        ids, requests = self._ids.uuids(count), self._request_ids(call, count)
        columns = {
            **self._fillings(call, caller, moments, error, columns),
            "service": call.service,
            "account": caller.account,
            "region": where,
            "event_id": ids,
            "request_id": requests or "",
            "time": _stamps(moments),
            "epoch_ms": moments,
            **columns,
        }
        parts = record_parts(call, caller, count, columns, error=error, shared=shared)
        rows = Lines(join_parts(count, parts))
        if call.data:  # the account's own trail, by bucket
            stream = Stream("cloudtrail", caller.account, where)
            policy, bucket = "s3-data-events", str(columns["bucket"])
            logged = self.write(stream, moments, rows, source=bucket, policy=policy)
        else:
            organization = f"o-{self.world.ids.hexes(10, 'organization')}"
            stream = Stream("cloudtrail", caller.account, where, part=organization)
            logged = self.write(stream, moments, rows)
        return Acts("cloudtrail", moments, tuple(ids), tuple(requests), logged)

    def _fillings(
        self, call: Call, caller: Caller, at: Ints, error: str, given: dict[str, Column]
    ) -> dict[str, Column]:
        """Return what fills the holes that whoever makes the call leaves open."""
        missing = holes_of(call, error) - given.keys()
        if missing:
            raise KeyError(f"{call.service} {call.name} needs columns for {sorted(missing)}")
        fault = call.fault(error)
        filled: dict[str, Column] = {**call.defaults, **(fault.defaults if fault else {})}
        text = fault.text if fault else None
        asked = call.holes.union(text.holes if text else ()) - given.keys() - filled.keys()
        for name in sorted(asked & FILLERS.keys()):
            filled[name] = FILLERS[name](self._ids, at)
        if "caller_arn" in asked:
            filled["caller_arn"] = caller.arn
        if "cipher" in asked:
            filled["cipher"] = CIPHERS[caller.tls or "1.2"]
        return filled

    def _request_ids(self, call: Call, count: int) -> list[str]:
        if call.request_id == "uuid":
            return self._ids.uuids(count)
        if call.request_id == "s3":
            return self._ids.letters(count, 16, S3_ALPHABET)
        return []


def _stamps(at: Ints) -> list[bytes]:
    """Return times as CloudTrail writes them, in whole seconds."""
    seconds = (at // 1000).astype("datetime64[s]")
    return [text.encode() + b"Z" for text in np.datetime_as_string(seconds).tolist()]


def record_parts(
    call: Call, caller: Caller, count: int, columns: dict[str, Any], *, error: str, shared: Column
) -> list[bytes | list[bytes]]:
    """Return the pieces of CloudTrail records, in the one order in which AWS writes the fields."""
    fault = call.fault(error)
    shapes = call.shapes

    def filled(name: str) -> list[bytes | list[bytes]]:
        shape = shapes.get(name)
        return [b"null"] if shape is None else shape.parts(count, columns)

    parts: list[bytes | list[bytes]] = [
        b'{"eventVersion":"1.08","userIdentity":' + caller.identity + b',"eventTime":"',
        columns["time"],
        _constant(call, caller, columns["region"]),
    ]
    if fault is not None:
        parts.append(b',"errorCode":"' + fault.code.encode() + b'"' if fault.code else b"")
        if fault.text is not None:
            parts += [b',"errorMessage":', *fault.text.parts(count, columns)]
    shown = fault is None or fault.shows_request
    parts += [b',"requestParameters":', *(filled("requestParameters") if shown else [b"null"])]
    answer = filled("responseElements") if fault is None or not fault.code else [b"null"]
    parts += [b',"responseElements":', *answer]
    if shown and "additionalEventData" in shapes:
        parts += [b',"additionalEventData":', *filled("additionalEventData")]
    if call.request_id != "none":
        parts += [b',"requestID":"', [text.encode() for text in columns["request_id"]], b'"']
    parts += [b',"eventID":"', [text.encode() for text in columns["event_id"]], b'"']
    parts.append(b',"readOnly":true' if call.read_only else b',"readOnly":false')
    if shown and "resources" in shapes:
        parts += [b',"resources":', *filled("resources")]
    return parts + _closing(call, caller, count, columns, shared)


def _constant(call: Call, caller: Caller, region: str) -> bytes:
    agent = f"[{caller.agent}]" if call.brackets and caller.tls else caller.agent
    fields = {
        "eventSource": call.source,
        "eventName": call.name,
        "awsRegion": region,
        "sourceIPAddress": caller.address,
        "userAgent": agent,
    }
    return b'",' + b",".join(
        b'"' + name.encode() + b'":' + msgspec.json.encode(value) for name, value in fields.items()
    )


def _closing(
    call: Call, caller: Caller, count: int, columns: dict[str, Any], shared: Column
) -> list[bytes | list[bytes]]:
    """Return the pieces from ``eventType`` to the end."""
    text = f',"eventType":"{call.event_type}"'
    text += f',"apiVersion":"{call.api_version}"' if call.api_version else ""
    text += f',"managementEvent":{"false" if call.data else "true"}'
    text += f',"recipientAccountId":"{caller.account}"'
    parts: list[bytes | list[bytes]] = [text.encode()]
    if not isinstance(shared, str) or shared:
        parts += [b',"sharedEventID":"', fill(count, "shared", shared), b'"']
    if caller.endpoint:
        parts.append(f',"vpcEndpointId":"{caller.endpoint}"'.encode())
    if "serviceEventDetails" in call.shapes:
        details = call.shapes["serviceEventDetails"].parts(count, columns)
        parts += [b',"serviceEventDetails":', *details]
    parts.append(f',"eventCategory":"{"Data" if call.data else "Management"}"'.encode())
    if caller.tls and "host" in call.shapes:
        parts += [TLS[caller.tls], b',"clientProvidedHostHeader":']
        parts += [*call.shapes["host"].parts(count, columns), b"}"]
    parts.append(b',"sessionCredentialFromConsole":"true"}' if caller.console else b"}")
    return parts


CIPHERS = {"1.2": "ECDHE-RSA-AES128-GCM-SHA256", "1.3": "TLS_AES_128_GCM_SHA256"}
TLS = {
    version: f',"tlsDetails":{{"tlsVersion":"TLSv{version}","cipherSuite":"{cipher}"'.encode()
    for version, cipher in CIPHERS.items()
}
