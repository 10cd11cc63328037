"""What a person can do in Discover, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from siemlab.errors import QuerySyntaxError

__all__ = ["KINDS", "DiscoverEvent"]

_ANY: Final = object
_TEXT_OR_NONE: Final = (str, type(None))

KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "pattern": {"pattern": str},
    "time": {"from": _TEXT_OR_NONE, "to": _TEXT_OR_NONE},
    "zoom": {"from": _TEXT_OR_NONE, "to": _TEXT_OR_NONE},
    "text": {"text": str},
    "include": {"field": str, "value": _ANY},
    "exclude": {"field": str, "value": _ANY},
    "exists": {"field": str},
    "missing": {"field": str},
    "one_of": {"field": str, "values": list},
    "between": {"field": str},
    "pill": {"index": int, "action": str},
    "column": {"field": str},
    "exclusion": {"field": str, "values": list},
    "open": {"look": dict},
    "page": {},
    "pick": {"index": str, "id": str},
    "undo": {},
    "redo": {},
    "jump": {"step": int},
}
"""The kinds of event that change a state, and what each must say."""


@dataclass(frozen=True, slots=True)
class DiscoverEvent:
    """Something that was done: its kind, what it says, and when.

    An event says all that `reduce` needs: the widget has looked up the values of an exclusion and
    the search of a name before, so that a trail can be replayed anywhere.

    Parameters
    ----------
    kind
        One of `KINDS`.
    given
        Plain JSON values, for example ``{"field": "user.name", "value": "alice"}``.
    at
        When (ISO, UTC); empty where nobody says.

    Raises
    ------
    QuerySyntaxError
        When there is no such kind, or something that it needs is missing.

    Examples
    --------
    >>> DiscoverEvent("include", {"field": "user.name", "value": "alice"}).kind
    'include'
    """

    kind: str
    given: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""

    def __post_init__(self) -> None:
        wanted = KINDS.get(self.kind)
        if wanted is None:
            raise QuerySyntaxError(
                f"Discover knows no event {self.kind!r}; there are {', '.join(KINDS)}",
                f"Discover に {self.kind!r} という操作はありません。"
                f"{', '.join(KINDS)} のどれかです",
            )
        for name, kind in wanted.items():
            given = self.given.get(name)
            wrong = name not in self.given if kind is _ANY else not isinstance(given, kind)
            if wrong or (kind is int and isinstance(given, bool)):
                raise QuerySyntaxError(
                    f"the event {self.kind!r} needs {name!r}",
                    f"操作 {self.kind!r} には {name!r} が必要です",
                )

    @classmethod
    def of(cls, message: Any) -> DiscoverEvent:
        """Return the event of a message, as the page sends it: ``{kind, ..., at}``.

        Raises
        ------
        QuerySyntaxError
            When it is none.
        """
        given = dict(message) if isinstance(message, Mapping) else {}
        kind, at = given.pop("kind", None), given.pop("at", "")
        given.pop("seq", None)
        return cls(str(kind), given, at if isinstance(at, str) else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain JSON values, which `of` reads back."""
        return {"kind": self.kind, **self.given, "at": self.at}
