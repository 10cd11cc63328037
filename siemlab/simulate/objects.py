"""Requests to objects in S3: the bucket's access log and CloudTrail's data events, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from siemlab.baseline.resources import Bucket
from siemlab.logs.s3accesslog import access_rows
from siemlab.logs.writing import Stream
from siemlab.simulate.affected import owner_id
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.fillers import BASE62, FILLERS
from siemlab.simulate.ids import S3_ALPHABET
from siemlab.simulate.legs import spread, words
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.verbs import (
    DELETED,
    LISTS,
    NOBODY,
    VERBS,
    Objects,
    Verb,
    call_of,
    deletion_of,
)
from siemlab.simulate.world import World

__all__ = ["Access", "Objects", "access", "anonymous", "delete_batches"]

UNSAFE = r"[^\w.~/-]|[^\x00-\x7f]"  # what is percent-encoded in a URL
SPEED = 60_000  # bytes that S3 sends or takes in a millisecond, about
SIZE_OF_ERROR = {"AccessDenied": 243, "NoSuchKey": 298}
STATUS_OF_ERROR = {"AccessDenied": 403, "NoSuchKey": 404}


class Access(NamedTuple):
    """What requests left: lines of the access log, and data events with the same request ids."""

    line: Acts
    event: Acts


def anonymous(account: str, address: str, agent: str) -> Caller:
    """Return a caller who signs nothing; ``account`` is the id of the bucket's account."""
    identity = {"type": "AWSAccount", "principalId": "", "accountId": NOBODY}
    return Caller(account, msgspec.json.encode(identity), address, agent)


def access(stage: Stage, at: ArrayLike, caller: Caller, **asked: Any) -> Access:
    """Make requests to objects of a bucket: each an access line and a data event, as the policy is.

    Parameters
    ----------
    stage
        Where.
    at
        When, epoch milliseconds: one time or many.
    caller
        Who; `anonymous` for nobody.
    asked
        The parameters of `Objects`: ``bucket``, ``operation``, ``keys``, ``sizes`` ...

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.stage import Records
    >>> world = World(load_baseline(), seed=2022)
    >>> stage = Stage(world, Records(), "example")
    >>> stranger = anonymous(world.account("sz-prod"), "192.0.2.131", "ExampleScan/1.2")
    >>> line, event = access(stage, 1671422400000, stranger, bucket="sz-prod-partner-exchange",
    ...                      operation="GetObject", keys="index.html", error="AccessDenied")
    >>> line.logged.tolist(), event.logged.tolist(), line.requests == event.requests
    ([True], [False], True)
    """
    what = Objects(**asked)
    moments = times(at)
    count = len(moments)
    rng = stage.rng.child("s3", *stage.rng.hexes(1, 16))
    requests = rng.letters(count, 16, S3_ALPHABET)
    hosts = FILLERS["host_id"](rng, moments)
    bucket = stage.world.baseline.buckets[what.bucket]
    columns = {
        **_who(caller),
        **_what(what, count),
        "RequestID": requests,
        "HostId": hosts,
        "TotalTime": rng.rare_long(count, 24, 400) + spread(what.sizes, count) // SPEED,
        "TurnAroundTime": rng.between(count, 4, 22),
    }
    line = _lines(stage, bucket, moments, columns, tuple(requests))
    event = _event(stage, bucket, moments, caller, what, (requests, hosts))
    return Access(line, event)


def _who(caller: Caller) -> dict[str, Any]:
    """Return the columns of the access log about the caller."""
    identity = msgspec.json.decode(caller.identity)
    signed = identity.get("accountId") != NOBODY
    by_address = caller.address.replace(".", "").isdigit()
    return {
        "RemoteIP": caller.address if by_address else None,
        "Requester": (identity.get("arn") or identity.get("principalId")) if signed else None,
        "UserAgent": caller.agent,
        "SigV": "SigV4" if signed else None,
        "AuthType": "AuthHeader" if signed else None,
        "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
        "TLSVersion": "TLSv1.2",
    }


def _what(what: Objects, count: int) -> dict[str, Any]:
    """Return the columns of the access log about the request and its answer."""
    verb = VERBS[what.operation]
    is_list = what.operation in LISTS
    keys = _quoted(words(what.keys, count))
    sizes = spread(what.sizes, count)
    moved = what.operation in ("GetObject", *LISTS) and not what.error
    status = what.status or STATUS_OF_ERROR.get(what.error, verb.status)
    failure = SIZE_OF_ERROR.get(what.error, 243) if verb.method != "HEAD" else None
    return {
        "Operation": verb.log,
        "Key": None if is_list else keys,
        "RequestURI": _uris(verb, words(what.prefix, count) if is_list else keys, is_list),
        "HTTPstatus": status,
        "ErrorCode": what.error or None,
        "BytesSent": sizes if moved else (failure if what.error else None),
        "ObjectSize": None if is_list or what.error or verb.method == "DELETE" else sizes,
    }


def _quoted(keys: pl.Series) -> pl.Series:
    """Return keys as URLs have them; most are so already."""
    odd = keys.filter(keys.str.contains(UNSAFE)).unique()
    return keys.replace(odd, [quote(key) for key in odd.to_list()]) if len(odd) else keys


def _uris(verb: Verb, texts: pl.Series, is_list: bool) -> pl.Series:
    """Return requests for keys, or of lists of what begins with a prefix."""
    flags = f"?{verb.flags}" if verb.flags else ""
    if is_list:
        prefixes = pl.Series(
            [quote(prefix, safe="") for prefix in texts.to_list()], dtype=pl.String
        )
        return f"{verb.method} /{flags}&prefix=" + prefixes + " HTTP/1.1"
    return f"{verb.method} /" + texts + f"{flags} HTTP/1.1"


def _lines(
    stage: Stage, bucket: Bucket, at: Ints, columns: Mapping[str, Any], ids: tuple[str, ...]
) -> Acts:
    """Write lines of a bucket's access log, if it has one."""
    world = stage.world
    account = world.account(bucket.account)
    requests = tuple(columns["RequestID"])
    logged = np.zeros(len(at), dtype=np.bool_)
    if _is_kept(world, "s3accesslog", bucket, at):
        frame = access_rows(
            {
                **columns,
                "BucketOwner": owner_id(world.ids, account),
                "Bucket": bucket.name,
                "RequestDateTime": at,
                "EndPoint": f"{bucket.name}.s3.{bucket.region}.amazonaws.com",
            }
        )
        stream = Stream("s3accesslog", account, bucket.region, bucket.name)
        logged = stage.write(stream, at, frame, source=bucket.name)
    return Acts("s3accesslog", at, ids, requests, logged)


def _is_kept(world: World, log: str, bucket: Bucket, at: Ints) -> bool:
    """Tell whether anything of a log is kept: what is not is never rendered."""
    account = world.account(bucket.account)
    return bool(world.logged(log, account, bucket.region, bucket.name, at).any())


def _event(
    stage: Stage,
    bucket: Bucket,
    at: Ints,
    caller: Caller,
    what: Objects,
    shared: tuple[list[str], Any],
) -> Acts:
    """Record data events that share request ids and host ids with the access log."""
    requests, hosts = shared
    if not _is_kept(stage.world, "s3-data-events", bucket, at):
        return _unlogged(at, requests)
    sizes = spread(what.sizes, len(at))
    columns: dict[str, Any] = {
        "bucket": bucket.name,
        "key": what.keys,
        "prefix": what.prefix,
        "source": what.source,
    }
    if not what.error:
        sends = what.operation == "PutObject"
        reads = what.operation in ("GetObject", *LISTS)
        columns |= {"bytes_in": sizes if sends else 0, "bytes_out": sizes if reads else 0}
    unversioned = stage.world.affected("unversioned", bucket.name, at)
    if what.versions is not None:
        columns["version"] = what.versions
    elif unversioned.any():
        rng = stage.rng.child("versions", bucket.name, *at[:1].tolist())
        made = rng.letters(len(at), 32, BASE62)
        columns["version"] = np.where(unversioned, "null", made).tolist()
    return _called(
        stage, call_of(what, bucket, caller), caller, at, what.error, (requests, hosts), columns
    )


def _called(
    stage: Stage,
    call: Call,
    caller: Caller,
    at: Ints,
    error: str,
    shared: tuple[list[str], Any],
    columns: Mapping[str, Any],
) -> Acts:
    requests, hosts = shared
    region = stage.world.baseline.buckets[columns["bucket"]].region
    acts = stage.call(
        call,
        caller,
        at,
        region=region,
        error=error,
        request_id=requests,
        host_id=hosts,
        **columns,
    )
    return Acts("cloudtrail", acts.at, acts.ids, tuple(requests), acts.logged)


def _unlogged(at: Ints, requests: list[str]) -> Acts:
    none: NDArray[np.bool_] = np.zeros(len(at), dtype=np.bool_)
    return Acts("cloudtrail", at, ("",) * len(requests), tuple(requests), none)


def delete_batches(
    stage: Stage,
    at: ArrayLike,
    caller: Caller,
    *,
    bucket: str,
    batches: Sequence[Sequence[str]],
    versions: Sequence[Sequence[str]] = (),
    sizes: tuple[int, int] = (4_000, 4_000_000),
) -> Access:
    """Delete many objects with each call (DeleteObjects): only the access log names them.

    Each call is one data event, one line ``REST.POST.MULTI_OBJECT_DELETE``, and one line
    ``BATCH.DELETE.OBJECT`` for each object, all with the same request id.

    Parameters
    ----------
    stage
        Where.
    at
        When each call is made, epoch milliseconds.
    caller
        Who.
    bucket
        The bucket's name.
    batches
        The keys of each call.
    versions
        The version ids of each call's keys; ``""`` where no version is named (a delete marker is
        put on top). Left out: none is.
    sizes
        From how many bytes to how many the objects have.

    Returns
    -------
    Access
        The lines: first one for each call, then one for each object (id: request id and key).
    """
    moments = times(at)
    rng = stage.rng.child("s3", *stage.rng.hexes(1, 16))
    found = stage.world.baseline.buckets[bucket]
    shared = (rng.letters(len(moments), 16, S3_ALPHABET), FILLERS["host_id"](rng, moments))
    numbers = np.array([len(batch) for batch in batches], dtype=np.int64)
    calls = {
        **_who(caller),
        "RequestID": shared[0],
        "HostId": shared[1],
        "Operation": "REST.POST.MULTI_OBJECT_DELETE",
        "RequestURI": "POST /?delete HTTP/1.1",
        "HTTPstatus": 200,
        "BytesSent": 120 + 90 * numbers,
        "TotalTime": rng.rare_long(len(moments), 60, 900) + numbers // 4,
        "TurnAroundTime": rng.between(len(moments), 20, 60),
    }
    line = _lines(stage, found, moments, calls, tuple(shared[0]))
    whose = np.repeat(np.arange(len(moments)), numbers).tolist()
    keys = _quoted(pl.Series([key for batch in batches for key in batch], dtype=pl.String))
    rows = {
        **_deletions(caller, keys, [version or None for group in versions for version in group]),
        "RequestID": [shared[0][row] for row in whose],
        "HostId": [shared[1][row] for row in whose],
        "ObjectSize": rng.between(len(keys), *sizes),
    }
    later = moments[whose] + rng.below(len(keys), 900)
    ids = tuple(f"{id_} {key}" for id_, key in zip(rows["RequestID"], keys.to_list(), strict=True))
    each = _lines(stage, found, later, rows, ids)
    event = _unlogged(moments, shared[0])
    if _is_kept(stage.world, "s3-data-events", found, moments):
        asked = {"bucket": bucket, "bytes_in": 60 + 110 * numbers, "bytes_out": 120 + 90 * numbers}
        event = _called(stage, deletion_of(caller), caller, moments, "", shared, asked)
    return Access(_both(line, each), event)


def _deletions(caller: Caller, keys: pl.Series, versions: list[str | None]) -> dict[str, Any]:
    """Return the columns of the lines about single objects of a call that deletes many."""
    return {
        **_who(caller),
        "UserAgent": None,
        "Operation": "BATCH.DELETE.OBJECT",
        "Key": keys,
        "HTTPstatus": DELETED,
        "VersionId": versions or None,
    }


def _both(first: Acts, second: Acts) -> Acts:
    return Acts(
        first.log_type,
        np.concatenate([first.at, second.at]),
        first.ids + second.ids,
        first.requests + second.requests,
        np.concatenate([first.logged, second.logged]),
    )
