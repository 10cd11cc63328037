"""Rules of a terms aggregation that hold for every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from siemlab.errors import UnknownFieldError
from siemlab.store.base import Bucket
from siemlab.store.tree import FieldType
from siemlab.store.values import TEXTS

__all__ = ["merged", "must_aggregate"]

Key = str | int | float | bool | datetime


def merged(buckets: Iterable[Bucket], size: int) -> list[Bucket]:
    """Return the most frequent keys of indexes that disagree about a field's type.

    Equal keys become one where they are of one kind: the text ``7`` and the numbers 7 and 7.0 are
    three. Ties go by the key as it is shown.

    Parameters
    ----------
    buckets
        The keys of all indexes.
    size
        How many are asked for.

    Examples
    --------
    >>> merged([Bucket("7", 1), Bucket(7, 2), Bucket(7, 1), Bucket(True, 1)], 2)
    [Bucket(key=7, count=3), Bucket(key='7', count=1)]
    """
    counts: Counter[tuple[str, Key]] = Counter()
    for bucket in buckets:
        counts[type(bucket.key).__name__, bucket.key] += bucket.count
    order = sorted(counts.items(), key=lambda item: (-item[1], str(item[0][1]), item[0][0]))
    return [Bucket(key, count) for (_, key), count in order[: max(size, 0)]]


def must_aggregate(name: str, field: FieldType) -> None:
    """Do nothing for a field that can be aggregated.

    Parameters
    ----------
    name
        The field.
    field
        Its type.

    Raises
    ------
    UnknownFieldError
        When it is a text or a point on the map, or was mapped without doc values.

    Examples
    --------
    >>> must_aggregate("user.name", FieldType("keyword"))
    """
    if field.type in TEXTS or field.type == "geo_point":
        raise UnknownFieldError(
            f"{name} is of type {field.type} and cannot be aggregated; choose a keyword, address, "
            "number, date or boolean field",
            f"{name} は {field.type} 型なので集計できません。"
            "keyword・IP アドレス・数値・日付・真偽値のフィールドを選んでください",
        )
    if not field.doc_values:
        raise UnknownFieldError(
            f"{name} can be searched but not aggregated (it has no doc values); choose another",
            f"{name} は検索できますが集計できません（doc_values がありません）。"
            "別のフィールドを選んでください",
        )
