"""The parts of which S3 keys are made: folders, stamps, and the random text at their end."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import datetime

from siemlab.logs.writing import Delivery

__all__ = [
    "aws_logs",
    "config_folder",
    "config_head",
    "firehose_key",
    "letters",
    "stamp",
    "uuid",
]

MIXED = string.digits + string.ascii_letters
LOWER = string.digits + string.ascii_lowercase


def aws_logs(delivery: Delivery) -> str:
    """Return the folder of an account.

    Examples
    --------
    >>> from siemlab.logs.writing import Stream
    >>> aws_logs(Delivery(Stream("x", "111122223333", "us-east-1"), datetime.min, ""))
    'AWSLogs/111122223333'
    """
    return f"AWSLogs/{delivery.stream.account}"


def stamp(time: datetime, seconds: bool = False) -> str:
    """Return a time as the names of most objects show it.

    Parameters
    ----------
    time
        UTC.
    seconds
        Whether they are shown.

    Examples
    --------
    >>> stamp(datetime(2022, 11, 8, 7, 5)), stamp(datetime(2022, 11, 8, 7, 5), seconds=True)
    ('20221108T0705Z', '20221108T070500Z')
    """
    return f"{time:%Y%m%dT%H%M%S}Z" if seconds else f"{time:%Y%m%dT%H%M}Z"


def letters(token: str, count: int, alphabet: str = MIXED) -> str:
    """Return random letters and digits, from a token.

    Parameters
    ----------
    token
        32 hex digits.
    count
        How many: up to 21 of the mixed alphabet, 24 of the lower one.
    alphabet
        Of which letters.

    Examples
    --------
    >>> letters("0123456789abcdef" * 2, 8, LOWER)
    '3nb89axr'
    """
    number, found = int(token, 16), []
    for _ in range(count):
        number, at = divmod(number, len(alphabet))
        found.append(alphabet[at])
    return "".join(found)


def uuid(token: str) -> str:
    """Return a token as a random UUID (version 4).

    Examples
    --------
    >>> uuid("0123456789abcdef" * 2)
    '01234567-89ab-4def-8123-456789abcdef'
    """
    variant = "89ab"[int(token[16], 16) & 3]
    return f"{token[:8]}-{token[8:12]}-4{token[13:16]}-{variant}{token[17:20]}-{token[20:]}"


def firehose_key(folder: str, ending: str = "") -> Callable[[Delivery], str]:
    """Return the rule for keys of objects that Kinesis Data Firehose delivers.

    Parameters
    ----------
    folder
        The prefix of the delivery, between the account and the region.
    ending
        What Firehose adds: ``.gz`` where it packs the objects itself.

    Examples
    --------
    >>> from siemlab.logs.writing import Stream
    >>> stream = Stream("x", "111122223333", "us-east-1", "to-s3")
    >>> firehose_key("Some/Logs")(Delivery(stream, datetime(2022, 11, 8, 7, 5), "0a" * 16))
    'AWSLogs/111122223333/Some/Logs/us-east-1/2022/11/08/07/to-s3-1-2022-11-08-07-05-00-0a0a...'
    """

    def key(delivery: Delivery) -> str:
        stream, time = delivery.stream, delivery.time
        name = f"{stream.name}-1-{time:%Y-%m-%d-%H-%M-%S}-{uuid(delivery.token)}{ending}"
        return f"{aws_logs(delivery)}/{folder}/{stream.region}/{time:%Y/%m/%d/%H}/{name}"

    return key


def config_folder(delivery: Delivery) -> str:
    """Return the folder of a day of AWS Config, which writes no zeros before month and day.

    Examples
    --------
    >>> from siemlab.logs.writing import Stream
    >>> stream = Stream("x", "111122223333", "us-east-1")
    >>> config_folder(Delivery(stream, datetime(2022, 11, 8), ""))
    'AWSLogs/111122223333/Config/us-east-1/2022/11/8'
    """
    time = delivery.time
    place = f"Config/{delivery.stream.region}/{time.year}/{time.month}/{time.day}"
    return f"{aws_logs(delivery)}/{place}"


def config_head(delivery: Delivery) -> bytes:
    """Return what an object of AWS Config begins with; its id is that in a snapshot's name.

    Examples
    --------
    >>> from siemlab.logs.writing import Stream
    >>> stream = Stream("x", "111122223333", "us-east-1")
    >>> config_head(Delivery(stream, datetime(2022, 11, 8), "0a" * 16)).decode()
    '{"fileVersion":"1.0","configSnapshotId":"0a0a...","configurationItems":['
    """
    snapshot = uuid(delivery.token)
    return f'{{"fileVersion":"1.0","configSnapshotId":"{snapshot}","configurationItems":['.encode()
