"""What comes out of normalization: documents, and what was refused or skipped, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from siemlab.errors import LogFormatError

__all__ = ["Document", "Refused", "Skipped", "documents_of"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its place: index name (``log-aws-cloudtrail-2022-11``), id, and fields."""

    index: str
    id: str
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    r"""A record that cannot become a document: why, and the beginning of its raw text.

    ``raw`` holds at most 4,096 characters, invalid bytes as ``\ufffd``.
    """

    error: LogFormatError
    raw: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record or file that is left out on purpose: the loader's own calls, digests, unknown keys.

    ``records`` is how many records that is (0 for a file that holds none for us).
    """

    file: str
    reason: str
    reason_ja: str = ""
    records: int = 1


def documents_of(found: Iterable[Document | Refused | Skipped]) -> Iterator[Document]:
    """Yield the documents of logs in which nothing may be refused.

    Parameters
    ----------
    found
        What normalization gave.

    Raises
    ------
    LogFormatError
        At the first record that was refused.

    Examples
    --------
    >>> one = Document("log-aws-waf-2022-11", "a1", {})
    >>> list(documents_of([Skipped("digest.json", "no log", records=0), one])) == [one]
    True
    """
    for item in found:
        if isinstance(item, Refused):
            raise item.error
        if isinstance(item, Document):
            yield item
