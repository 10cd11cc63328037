"""The bench that a mission's cells are run on: a lab that notes answers, a store that can misread.

The cells are those of the notebooks, word for word. They ask ``Lab(lang=lang, team=team)`` for a
lab and get a `ProofLab`: it opens nothing, shows nothing, and writes down what is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from siemlab.check import as_text
from siemlab.lab import Lab
from siemlab.lab.unanswered import Unanswered
from siemlab.missions import Question
from siemlab.query.value import Query
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo, LoadReport, Store

__all__ = ["Bench", "ProofLab", "Reading", "ReadingStore"]

SHOWN = frozenset(
    {
        *("discover", "dashboard", "timeline", "briefing", "sheet"),
        *("happened", "log_next", "progress", "report"),
    }
)
"""What a lab shows: in a proof nobody looks."""

Reading = Callable[[Query], Query]
"""Another way to read a question: what a query becomes under it."""


class ReadingStore:
    """A store that asks each query as a reading has it, and remembers what it was asked.

    Parameters
    ----------
    store
        The store that answers.

    Examples
    --------
    >>> from siemlab import Lab
    >>> store = ReadingStore(Lab(store="sample", quiet=True).store)
    >>> store.reading = lambda query: query.include("event.outcome", "failure")
    >>> store.count(Query("log-aws-cloudtrail-*"))
    12
    >>> store.asked
    [Query('log-aws-cloudtrail-*')]
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reading: Reading | None = None
        self.asked: list[Query] = []

    def _read(self, query: Query) -> Query:
        self.asked.append(query)
        return query if self.reading is None else self.reading(query)

    def add(
        self, documents: Iterable[Any], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Refuse: a proof only reads."""
        raise NotImplementedError("a proof adds nothing to its logs")

    def count(self, query: Query) -> int:
        """How many documents match."""
        return self._store.count(self._read(query))

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field."""
        return self._store.top(self._read(query), field, size)

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over time."""
        return self._store.histogram(self._read(query), interval, tz)

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents."""
        return self._store.newest(self._read(query), size)

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document."""
        return self._store.scan(self._read(query))

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields of matching documents."""
        return self._store.fields(self._read(query))

    def indexes(self) -> list[IndexInfo]:
        """The indexes."""
        return self._store.indexes()

    def explain(self, query: Query) -> str:
        """The query in the engine's own language."""
        return self._store.explain(query)

    def close(self) -> None:
        """Leave the store open: it is not this one's own."""


@dataclass
class Bench:
    """What a run of a mission's cells notes.

    Parameters
    ----------
    store
        The store under proof.
    questions
        The mission's questions by id.
    answers
        The value that was answered, by question id, in order.

    Examples
    --------
    >>> from siemlab import Lab
    >>> Bench(ReadingStore(Lab(store="sample", quiet=True).store), {}).answers
    {}
    """

    store: ReadingStore
    questions: dict[str, Question]
    answers: dict[str, Any] = field(default_factory=dict)

    def lab(self, lang: str = "en", **_: Any) -> ProofLab:
        """Return the lab that a cell gets, whatever it asks for."""
        return ProofLab(lang, self)


@dataclass(frozen=True)
class _Noted:
    """What ``lab.question`` returns here: a proof only notes, and judges later."""

    right: bool = True


class _NoWidget:
    """Discover and its like: nothing is shown, so nothing costs time."""

    def __getattr__(self, name: str) -> _NoWidget:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> _NoWidget:
        return self


class ProofLab(Lab):
    """A lab that notes answers.

    Parameters
    ----------
    lang
        The language.
    bench
        What it works on, and writes to.

    Examples
    --------
    >>> lab = Bench(ReadingStore(Lab(store="sample", quiet=True).store), {}).lab()
    >>> lab.question("L1-A.1", answer=lab.events("log-aws-waf-*").count()).right
    True
    >>> lab.answer("L1-A.1"), lab.answer("L1-A.2")
    ('4', '?')
    """

    def __init__(self, lang: str, bench: Bench) -> None:
        super().__init__(lang, store=bench.store, quiet=True)
        self._bench = bench

    def question(self, question_id: str, answer: Any = None) -> Any:
        """Note an answer."""
        if answer is not None:
            self._bench.answers[question_id] = answer
        return _Noted()

    def answer(self, question_id: str) -> Any:
        """Return what was answered, as a notebook would."""
        if question_id not in self._bench.answers:
            asked = self._bench.questions.get(question_id)
            return Unanswered(question_id, len(asked.parts) if asked else 1)
        value = self._bench.answers[question_id]
        if isinstance(value, tuple):
            return tuple(_shown(part) for part in value)
        return _shown(value)

    def __getattribute__(self, name: str) -> Any:
        """Return what a lab has; what it only shows is not shown."""
        return _NoWidget() if name in SHOWN else super().__getattribute__(name)


def _shown(value: Any) -> str | list[str]:
    """Return a value as a learner would have typed it; several as a list."""
    if isinstance(value, (set, frozenset)):
        return sorted(as_text(each) for each in value)
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return as_text(value)
