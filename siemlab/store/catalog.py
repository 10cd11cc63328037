"""The fields of one index as a query sees them: by name, by pattern, by object."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from siemlab.errors import QueryNotSupportedError, QuerySyntaxError
from siemlab.store import plan as p
from siemlab.store.mapping import Mapping
from siemlab.store.terms import either
from siemlab.store.tree import FieldType

__all__ = ["Catalog", "chosen", "matcher"]

METADATA: Final = frozenset(
    {
        "_doc_count", "_feature", "_field_names", "_id", "_ignored", "_index", "_nested_path",
        "_primary_term", "_routing", "_seq_no", "_source", "_tier", "_type", "_version",
    }
)  # fmt: skip
"""Fields that the server has besides those of a document."""

_UNASKABLE: Final = ("_feature", "_field_names", "_nested_path", "_source")
_EVERYWHERE: Final = ("_id", "_index", "_seq_no", "_version")


@lru_cache(maxsize=256)
def matcher(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern in which only ``*`` is special.

    Examples
    --------
    >>> bool(matcher("user.*").fullmatch("user.name")), bool(matcher("a?").fullmatch("ab"))
    (True, False)
    """
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


class Catalog:
    """Looks fields up for a query.

    Parameters
    ----------
    mapping
        The mapping of the index.

    Examples
    --------
    >>> catalog = Catalog(Mapping({"mappings": {"properties": {"user.name": {"type": "keyword"}}}}))
    >>> catalog.exists("user"), catalog.exists("nosuch")
    (Exists(field='user.name'), Nothing())
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._fields = mapping.fields

    def named(self, name: str) -> FieldType | None:
        """Return the type of one field; None where the index has no such field.

        Raises
        ------
        QueryNotSupportedError
            For ``_id``, ``_index`` and the like.
        """
        if name in METADATA:
            raise _metadata(name)
        return self._fields.get(name)

    def select(self, name: str | None) -> dict[str, FieldType]:
        """Return the fields that a name in a query text means.

        Parameters
        ----------
        name
            A name; a pattern with ``*``, which means no field that starts with an underscore, as
            the server takes these for its own; None for all fields.
        """
        if name is None or "*" in name:
            fits = matcher(name or "*").fullmatch
            return {
                path: field
                for path, field in self._fields.items()
                if fits(path) and not path.startswith("_") and field.type != "geo_point"
            }
        field = self.named(name)
        return {} if field is None else {name: field}

    def exists(self, name: str) -> p.Plan:
        """Return the plan for documents with a value in a field, an object, or a pattern of fields.

        Raises
        ------
        QuerySyntaxError
            For a pattern that takes in some of the server's own fields, as ``*`` does.
        QueryNotSupportedError
            For a field of the server, such as ``_id``, or a pattern that means ``_ignored``.
        """
        if "*" in name:
            fits = matcher(name).fullmatch
            if any(map(fits, _UNASKABLE)):
                raise QuerySyntaxError(
                    f"{name!r} also means the server's own fields, whose existence cannot be "
                    "asked; name the fields more closely, for example 'user.*'",
                    f"{name!r} にはサーバー自身のフィールドも含まれるため、存在を調べられません。"
                    "'user.*' のように絞ってください",
                )
            if any(map(fits, _EVERYWHERE)):
                return p.Everything()
            if fits("_ignored"):
                raise _metadata("_ignored")
            return either([p.Exists(path) for path in self._fields if fits(path)])
        if self.named(name) is not None:
            return p.Exists(name)
        if self._mapping.is_object(name):
            below = f"{name}."
            return either([p.Exists(path) for path in self._fields if path.startswith(below)])
        return p.Nothing()


def _metadata(name: str) -> QueryNotSupportedError:
    return QueryNotSupportedError(
        f"{name} is a field of the server, not of the document; for an id ask the field @id, "
        "for an index give the index pattern",
        f"{name} はサーバー側のフィールドで、ドキュメントにはありません。"
        "ID は @id フィールドで、インデックスはインデックスパターンで指定してください",
    )


def chosen(pattern: str, names: Iterable[str]) -> list[str]:
    """Return the indexes that a pattern means, sorted.

    Parameters
    ----------
    pattern
        Names in which ``*`` is any run of characters, several with commas; behind a part with a
        ``*`` a minus takes out what the parts before it brought in.
    names
        The indexes there are.

    Examples
    --------
    >>> chosen("log-aws-*,-log-aws-w*", ["log-aws-waf-2022-11", "log-aws-elb-2022-11", "log-x"])
    ['log-aws-elb-2022-11']
    """
    known = list(names)
    found: set[str] = set()
    starred = False
    for part in pattern.split(","):
        minus = starred and part.startswith("-")
        starred = starred or "*" in part
        fits = matcher(part.removeprefix("-") if minus else part).fullmatch
        some = {name for name in known if fits(name)}
        found = found - some if minus else found | some
    return sorted(found)
