"""AWS Config snapshots: all resources at one time, which the file's name tells."""

from __future__ import annotations

import re

from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import config_folder, config_head, stamp, uuid
from siemlab.logs.model import Draft, LogType
from siemlab.logs.resources import identify, repair_shapes, tell_addresses, tell_host_and_user
from siemlab.logs.times import FileNameTime
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["CONFIG_SNAPSHOT"]


def finish(draft: Draft) -> None:
    """Set ids, repair the shapes, and tell who and where the resource is."""
    identify(draft)
    repair_shapes(draft.source)
    tell_host_and_user(draft.source)
    tell_addresses(draft.source)


def _key(delivery: Delivery) -> str:
    stream = delivery.stream
    what = f"{stream.account}_Config_{stream.region}_ConfigSnapshot"
    ending = f"{stamp(delivery.time, seconds=True)}_{uuid(delivery.token)}.json.gz"
    return f"{config_folder(delivery)}/ConfigSnapshot/{what}_{ending}"


CONFIG_SNAPSHOT = LogType(
    name="config-snapshot",
    index="log-aws-config",
    key=re.compile("_ConfigSnapshot_"),
    framing="json",
    wrapper="configurationItems",
    time=FileNameTime(),
    ecs={"cloud.account.id": "awsAccountId", "cloud.region": "awsRegion"},
    static={"event.kind": "state", "event.category": ["configuration"], "event.type": ["info"]},
    stringified=("configuration.EventPattern.source",),
    finish=finish,
    writer=Writer(
        key=_key,
        encode=encode_json,
        head=config_head,
        between=b",",
        tail=b"]}",
        rhythm=Rhythm(every=24 * 3600),
    ),
)
