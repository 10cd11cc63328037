"""Which fields a terms aggregation takes: the same for all engines that are no server."""

from __future__ import annotations

from siemlab.errors import UnknownFieldError
from siemlab.store.tree import FieldType
from siemlab.store.values import TEXTS

__all__ = ["must_aggregate"]


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
