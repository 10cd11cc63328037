"""Delivery: late, in several files, and nothing lost on the way."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.logs import LOG_TYPES
from siemlab.logs.writing import Lines, Stream
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.delivery import deliver
from siemlab.simulate.rng import Rng
from siemlab.simulate.stage import Batch

START = 1668264429000
TRAIL = Stream("cloudtrail", "111122223333", "us-east-1")


def batch(at: list[int]) -> Batch:
    return Batch(np.array(at, dtype=np.int64), Lines([b"%d" % time for time in at]))


TYPES = {log_type.name: log_type for log_type in LOG_TYPES}
RHYTHMS = {name: log_type.writer.rhythm for name, log_type in TYPES.items()}


def delivered(
    stream: Stream, batches: list[Batch], packing: int = 0
) -> list[tuple[int, list[int]]]:
    rhythm, rng = RHYTHMS[stream.log_type], Rng(1, "delivery")
    parcels = deliver(stream, batches, rhythm, rng, packing=packing)
    return [
        (
            int(parcel.delivery.time.timestamp()) * SECOND,
            [int(row) for row in parcel.rows.join(parcel.start, parcel.stop, b" ").split()],
        )
        for parcel in parcels
    ]


times = st.lists(st.integers(START, START + 60 * MINUTE), min_size=1, max_size=60)


@settings(max_examples=50)
@given(st.lists(times, min_size=1, max_size=4), st.sampled_from(sorted(RHYTHMS)))
def test_every_record_is_delivered_once_and_after_it_happened(
    at: list[list[int]], log_type: str
) -> None:
    stream = Stream(log_type, "111122223333", "us-east-1")
    files = delivered(stream, [batch(each) for each in at])
    assert sorted(row for _, rows in files for row in rows) == sorted(chain(*at))
    assert all(stamp > max(rows) for stamp, rows in files)


def test_a_trail_delivers_within_15_minutes_and_mostly_out_of_order() -> None:
    at = (START + Rng(1, "events").below(3000, 4 * 60) * MINUTE).tolist()
    files = delivered(TRAIL, [batch(at)])
    lags = [stamp - row for stamp, rows in files for row in rows]
    assert max(lags) <= 15 * MINUTE
    assert 2 * MINUTE <= float(np.median(lags)) <= 6 * MINUTE
    assert sum(rows != sorted(rows) for _, rows in files) > 0.4 * len(files)


def test_a_file_of_a_trail_holds_no_more_records_than_aws_puts_into_one() -> None:
    files = delivered(TRAIL, [batch([START] * 1000)])
    assert max(len(rows) for _, rows in files) <= RHYTHMS["cloudtrail"].largest
    assert sum(len(rows) for _, rows in files) == 1000


@pytest.mark.parametrize("seconds", [300, 3600])
def test_packing_makes_fewer_files(seconds: int) -> None:
    flows = Stream("vpcflowlogs", "111122223333", "us-east-1", "vpc-0", "fl-0")
    at = [START + number * MINUTE for number in range(6 * 60)]
    assert abs(len(delivered(flows, [batch(at)], seconds)) - 6 * 3600 / seconds) <= 2


def test_two_days_never_write_one_object() -> None:
    midnight = Stream("config-history", "111122223333", "us-east-1", "AWS::EC2::Instance")
    key = TYPES["config-history"].writer.key
    keys = [
        key(parcel.delivery)
        for number in range(60)
        for odd in (False, True)
        for parcel in deliver(
            midnight,
            [batch([START])],
            RHYTHMS["config-history"],
            Rng(number, odd),
            odd=odd,
        )
    ]
    assert not set(keys[0::2]) & set(keys[1::2])


def test_where_fewer_files_are_wanted_a_sparse_trail_waits_and_a_busy_one_does_not() -> None:
    sparse = [START + number * 2 * MINUTE for number in range(300)]
    busy = [START + number * SECOND for number in range(3600)]
    enough = RHYTHMS["cloudtrail"].enough
    waited = delivered(TRAIL, [batch(sparse)], 3600)
    assert len(waited) < 0.8 * len(delivered(TRAIL, [batch(sparse)]))
    full = [len(rows) for _, rows in delivered(TRAIL, [batch(busy)], 3600)]
    assert sum(enough <= size <= 2 * enough for size in full) >= len(full) - 2
    lags = [stamp - row for stamp, rows in waited for row in rows]
    assert max(lags) <= 15 * MINUTE
