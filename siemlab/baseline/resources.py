"""What the company keeps and runs: buckets, functions, secrets, databases, CI projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Bucket", "Database", "Function", "Secret"]


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket, and which of its accesses are logged.

    Parameters
    ----------
    name, account, region
        What and where.
    data_events
        Whether CloudTrail records access to its objects.
    access_log
        Whether S3 writes server access logs of it.
    versioning, encryption
        ``enabled``, ``off`` or ``object-lock``; ``SSE-S3`` or ``SSE-KMS``.
    prefixes
        Where its objects lie.
    content_en, content_ja
        What it holds.
    note_en, note_ja
        What is special about it.
    personal_data
        Whether personal data lie in it.
    public
        Whether it is public on purpose.
    """

    name: str
    account: str
    region: str
    data_events: bool
    access_log: bool
    versioning: Literal["enabled", "off", "object-lock"]
    encryption: Literal["SSE-S3", "SSE-KMS"]
    content_en: str
    content_ja: str
    note_en: str = ""
    note_ja: str = ""
    prefixes: tuple[str, ...] = ()
    personal_data: bool = False
    public: bool = False


@dataclass(frozen=True)
class Function:
    """A Lambda function with its runtime and role; ``in_vpc`` where it leaves by the NAT."""

    name: str
    account: str
    region: str
    runtime: str
    role: str
    purpose_en: str
    purpose_ja: str
    in_vpc: bool = False
    secrets: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True)
class Secret:
    """A secret of Secrets Manager, and who reads it."""

    name: str
    account: str
    region: str
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Database:
    """An RDS instance; its interface bears its name."""

    name: str
    account: str
    region: str
    vpc: str
    engine: str
    engine_version: str
    instance_class: str
    port: int
