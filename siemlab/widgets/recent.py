"""The last answers of a store: what was looked at a moment ago is not searched for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo, LoadReport, Store

__all__ = ["Recent"]

_MOST: Final = 64

T = TypeVar("T")


class Recent:
    """A store that remembers its last answers, until it is told to forget them.

    Undo, redo, and another column ask nothing of the engine then.

    Parameters
    ----------
    store
        The store that answers.

    Examples
    --------
    >>> from siemlab.store import open_store
    >>> recent = Recent(open_store())
    >>> recent.count(Query())
    0
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def forget(self) -> None:
        """Ask everything anew from now on: there may be new documents."""
        self._answers.clear()

    def add(
        self, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add documents; what was answered before is forgotten."""
        self.forget()
        return self.store.add(documents, progress=progress)

    def count(self, query: Query) -> int:
        """How many documents match."""
        return self._recall(("count", query), lambda: self.store.count(query))

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field."""
        return self._recall(("top", query, field, size), lambda: self.store.top(query, field, size))

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over ``@timestamp``."""
        key = ("histogram", query, interval, tz)
        return self._recall(key, lambda: self.store.histogram(query, interval, tz))

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents."""
        return self._recall(("newest", query, size), lambda: self.store.newest(query, size))

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields that matching documents have."""
        return self._recall(("fields", query), lambda: self.store.fields(query))

    def indexes(self) -> list[IndexInfo]:
        """The indexes."""
        return self._recall(("indexes",), self.store.indexes)

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document, newest first."""
        return self.store.scan(query)

    def explain(self, query: Query) -> str:
        """The query in the engine's own language."""
        return self.store.explain(query)

    def close(self) -> None:
        """Let go of files and connections."""
        self.forget()
        self.store.close()

    def _recall(self, key: tuple[Any, ...], ask: Callable[[], T]) -> T:
        """Return the answer to a question; an error is no answer."""
        if key in self._answers:
            self._answers.move_to_end(key)
        else:
            self._answers[key] = ask()
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
        answer: T = self._answers[key]
        return answer
