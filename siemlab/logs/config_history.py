"""AWS Config history: a resource's changes, one JSON object with ``configurationItems`` a file."""

from __future__ import annotations

import re
from datetime import timedelta

from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import config_folder, config_head, stamp
from siemlab.logs.model import Draft, LogType
from siemlab.logs.resources import identify, repair_shapes, tell_addresses, tell_host_and_user
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["CONFIG_HISTORY"]

EVERY = 6 * 3600  # seconds


def finish(draft: Draft) -> None:
    """Set ids, repair the shapes, and tell who and where the resource is."""
    identify(draft)
    repair_shapes(draft.source)
    tell_host_and_user(draft.source)
    tell_addresses(draft.source)


def _key(delivery: Delivery) -> str:
    stream, end = delivery.stream, delivery.time
    begin = delivery.begin or end - timedelta(seconds=EVERY)
    what = f"{stream.account}_Config_{stream.region}_ConfigHistory_{stream.name}"
    span = f"{stamp(begin, seconds=True)}_{stamp(end, seconds=True)}"
    return f"{config_folder(delivery)}/ConfigHistory/{what}_{span}_1.json.gz"


CONFIG_HISTORY = LogType(
    name="config-history",
    index="log-aws-config",
    key=re.compile("_ConfigHistory_"),
    framing="json",
    wrapper="configurationItems",
    time=Iso8601("configurationItemCaptureTime"),
    ecs={"cloud.account.id": "awsAccountId", "cloud.region": "awsRegion"},
    static={"event.kind": "state", "event.category": ["configuration"], "event.type": ["info"]},
    finish=finish,
    writer=Writer(
        key=_key,
        encode=encode_json,
        head=config_head,
        between=b",",
        tail=b"]}",
        rhythm=Rhythm(every=EVERY),
    ),
)
