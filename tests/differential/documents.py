"""Documents as no sane source writes them: missing, empty, many, malformed, oddly shaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from siemlab.normalize.document import Document
from tests.differential.catalog import FIELDS, INSTANTS, KINDS, WORDS

__all__ = ["documents", "drawn"]

T = TypeVar("T")

BATCH = 10

_texts = st.builds(
    lambda words, glue: glue.join(words),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    st.sampled_from([" ", " ", " ", "-", "、", "\u3000", ". ", "\n"]),
)


def _values(kind: str) -> st.SearchStrategy[Any]:
    its = KINDS[kind]
    usual, any_of_them, odd = map(st.sampled_from, (its.values[:5], its.values, its.malformed))
    if kind == "text":
        return st.one_of(_texts, _texts, _texts, _texts, usual, odd)
    return st.one_of(usual, usual, any_of_them, any_of_them, any_of_them, odd)


def _shaped(kind: str) -> st.SearchStrategy[Any]:
    """Return a field's value: often one, sometimes none or several, now and then nested lists."""
    one = _values(kind)
    return st.one_of(
        one,
        one,
        one,
        st.lists(one, max_size=3),
        st.none(),
        st.tuples(one, st.none()).map(list),
        st.tuples(st.lists(one, max_size=2), one).map(list),
    )


_rules = st.fixed_dictionaries(
    {},
    optional={
        "fromPort": st.sampled_from([22, 443, "22"]),
        "cidr": st.sampled_from(["0.0.0.0/0", "10.0.0.0/8"]),
    },
)
_extra = {
    "requestParameters.items": st.lists(_rules, max_size=3),
    "threat.enrichments": st.lists(
        st.fixed_dictionaries({"indicator": st.fixed_dictionaries({"name": st.just("tor-exit")})}),
        max_size=2,
    ),
    # Two that an index refuses, whatever its mapping.
    "user": st.just("a scalar where an object is"),
    "requestParameters.mixed": st.just([True, "a"]),
}
_times = st.one_of(
    st.sampled_from(INSTANTS),
    st.sampled_from(INSTANTS),
    st.sampled_from(INSTANTS),
    _values("date"),
    st.lists(st.sampled_from(INSTANTS), max_size=3),
    st.none(),
)


@st.composite
def _source(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    source: dict[str, Any] = {"@timestamp": draw(_times)}
    names = draw(st.lists(st.sampled_from([*FIELDS]), min_size=6, max_size=18, unique=True))
    if draw(st.integers(0, 3)) == 0:
        names += [draw(st.sampled_from([*_extra, *[*_extra][:2] * 4]))]
    for name in names:
        value = draw(_extra[name] if name in _extra else _shaped(FIELDS[name]))
        _put(source, name, value, dotted=draw(st.integers(0, 4)) == 0)
    return source


def _put(source: dict[str, Any], name: str, value: Any, *, dotted: bool) -> None:
    """Put a value under its name, the dots of which may be written either way."""
    *parents, leaf = [name] if dotted else name.split(".")
    place = source
    for parent in parents:
        below = place.setdefault(parent, {})
        if not isinstance(below, dict):
            return
        place = below
    place[leaf] = value


def documents(index: str, count: int, number: int) -> list[Document]:
    """Return documents of one index; the same number makes the same ones."""
    sources = drawn(_source(), count, number)
    return [
        Document(index, f"d{at:03}", {"@id": f"d{at:03}", **source})
        for at, source in enumerate(sources)
    ]


def drawn(strategy: st.SearchStrategy[T], count: int, number: int) -> list[T]:
    """Return what Hypothesis draws of a strategy, outside of a test.

    Many small runs, as a long one draws more and more variations of what it drew before.
    """
    found: list[T] = []
    for run in range(-(-count // BATCH)):
        found += _batch(strategy, 10_000 * number + run)
    return found[:count]


def _batch(strategy: st.SearchStrategy[T], number: int) -> list[T]:
    found: list[T] = []

    @seed(number)
    @settings(
        max_examples=BATCH + 2,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found[2 : BATCH + 2]  # the first two are always the simplest there are
