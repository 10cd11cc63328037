"""Log objects in a bucket, through boto3 (the extra ``s3``)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from siemlab.errors import StoreError
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.object import LogObject, climbs, refuse_climbing

__all__ = ["is_s3", "read_bucket"]

SCHEME = "s3://"
BUFFER = 1 << 18


def is_s3(path: str) -> bool:
    """Tell whether a source lies in S3.

    Examples
    --------
    >>> is_s3("s3://demo-log-bucket/AWSLogs/"), is_s3("AWSLogs")
    (True, False)
    """
    return path.startswith(SCHEME)


def read_bucket(url: str, *, endpoint_url: str | None = None) -> Iterator[LogObject | Refused]:
    """Go through the objects under a prefix, in the order in which S3 lists them.

    Parameters
    ----------
    url
        ``s3://bucket/prefix``; without a prefix the whole bucket.
    endpoint_url
        The address of an S3 that is not Amazon's; else ``AWS_ENDPOINT_URL`` counts, else Amazon.

    Yields
    ------
    LogObject | Refused
        The objects, their keys whole, the prefix included. Credentials and region are found
        where boto3 looks for them.

    Raises
    ------
    StoreError
        When boto3 is not installed, or S3 cannot be reached or says no.

    Examples
    --------
    >>> next(read_bucket("s3:///AWSLogs/"))
    Traceback (most recent call last):
        ...
    siemlab.errors.StoreError: no bucket in s3:///AWSLogs/; write s3://bucket/prefix
    """
    bucket, _, prefix = url.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise StoreError(
            f"no bucket in {url}; write s3://bucket/prefix",
            f"{url} にバケット名がありません。s3://bucket/prefix と書いてください",
        )
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise StoreError(
            "to read from S3, install boto3: pip install 'siemlab[s3]'",
            "S3 から読むには boto3 が必要です: pip install 'siemlab[s3]'",
        ) from None
    try:
        client = boto3.client("s3", endpoint_url=endpoint_url)
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", ()):
                key = entry["Key"]
                if climbs(key.lstrip("/")):
                    yield refuse_climbing(key)
                else:
                    yield LogObject(key, bucket, partial(_open, client, bucket, key), entry["Size"])
    except (BotoCoreError, ClientError) as error:
        raise StoreError(
            f"{url} cannot be listed: {error}", f"{url} の一覧を取得できません: {error}"
        ) from error


def _open(client: Any, bucket: str, key: str) -> BinaryIO:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        body = client.get_object(Bucket=bucket, Key=key)["Body"]
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error
    return cast(BinaryIO, io.BufferedReader(_Body(body), BUFFER))


class _Body(io.RawIOBase):
    """The body of an answer as a plain stream, whose errors are all `OSError`."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        from botocore.exceptions import BotoCoreError

        try:
            data = self._body.read(len(buffer))
        except BotoCoreError as error:
            raise OSError(str(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()
