"""Holes that nobody needs to fill: what a service makes up for each call, and its own clock.

A call's caller may still fill them, where a second log has to show the same.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

import numpy as np

from siemlab.simulate.calls.dates import comma_dates, dates, iso_dates, whole_seconds
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.shapes import Column

__all__ = ["BASE62", "FILLERS"]

HOUR = 3_600_000
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
URL_SAFE = BASE62 + "-_"
LONGEST_REFUSAL = 760
HOST_ID = 76  # signs of 56 bytes in base64


def _host_ids(rng: Rng, at: Ints) -> Column:
    count = len(at)
    drawn = np.zeros((count, HOST_ID // 4 * 3), dtype=np.uint8)
    drawn[:, :-1] = rng.raw(count * 7).astype("<u8").view(np.uint8).reshape(count, 56)
    text = np.frombuffer(base64.b64encode(drawn.tobytes()), np.uint8).reshape(count, HOST_ID).copy()
    text[:, -1] = ord("=")  # one byte is missing to groups of three
    whole = text.tobytes().decode("ascii")
    return [whole[start : start + HOST_ID] for start in range(0, len(whole), HOST_ID)]


def _encoded(rng: Rng, at: Ints) -> Column:
    """Return what EC2 hides the reason of a refusal in: longer for those who may do more."""
    lengths = rng.between(len(at), 560, LONGEST_REFUSAL).tolist()
    texts = rng.letters(len(at), LONGEST_REFUSAL, URL_SAFE)
    return [text[:length] for text, length in zip(texts, lengths, strict=True)]


def _uuids(rng: Rng, at: Ints) -> Column:
    return rng.uuids(len(at))


def _serials(rng: Rng, at: Ints) -> Column:
    return rng.letters(len(at), 32, BASE62)


FILLERS: Mapping[str, Callable[[Rng, Ints], Column]] = {
    "client_token": _uuids,
    "encoded": _encoded,
    "expires": lambda _, at: comma_dates(at + HOUR),
    "host_id": _host_ids,
    "made": lambda _, at: dates(at),
    "made_comma": lambda _, at: comma_dates(at),
    "made_in_two_hours": lambda _, at: dates(at + 2 * HOUR),
    "made_iso": lambda _, at: iso_dates(at),
    "made_ms": lambda _, at: whole_seconds(at),
    "page_state": lambda rng, at: rng.hexes(len(at), 16),
    "revision": _uuids,
    "token_serial": _serials,
    "version": _serials,
}
"""How each is made, from the call's draws and times.

``client_token`` (of an SDK), ``encoded`` (EC2's refusals), ``host_id`` (``x-amz-id-2``),
``page_state`` (of a sign-in), ``token_serial`` (what tells session tokens apart), ``version`` (of
an S3 object), ``revision`` (of a function); ``made``, ``made_comma``, ``made_iso``, ``made_ms``
(the time of the call as the services write it), ``expires`` and ``made_in_two_hours``.
"""
