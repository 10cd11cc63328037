"""Strategies: query texts of all kinds, and syntax trees as the parser makes them."""

from __future__ import annotations

from hypothesis import strategies as st

from siemlab.query.syntax import (
    Bound,
    Clause,
    Everything,
    Exists,
    Group,
    Node,
    Occur,
    Quoted,
    Range,
    Regexp,
    Wild,
    Wildcard,
    Words,
)

# Everything that means something to the grammar, so that a few draws make odd texts.
PIECES = [
    *'+-!()[]{}":^~*?\\/&|<>= \t\n\u3000',
    *("AND", "OR", "NOT", "&&", "||", "and", "TO", "to", "_exists_", "\\u0041", "\\u00", "\\ud83d"),
    *("a", "b", "user.name", "10.0.0.0/8", "2001:db8::1", "2023-02-14T12:00", "東京", "😀", ">=7"),
    *("'x'", "[7 TO 8]", "{* TO *}", "/x.*/", '"y z"', "^2", "~1", " : ", "f:(", " OR ", " AND "),
]

odd_texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
any_texts = st.one_of(odd_texts, st.text(max_size=60))

_texts = st.text(
    st.one_of(
        st.sampled_from([*'ab.*?:\\/"()[]{}^~+-!&|<>= \t\n\u3000', "東", "😀", "\u00a0"]),
        st.characters(exclude_categories=("Cs",)),
    ),
    min_size=1,
    max_size=8,
)
_fields = st.one_of(
    st.none(),
    st.sampled_from(["*", "user.name", "a b", "x:y", "AND", "labels.*"]),
    _texts.filter(lambda name: name != "_exists_"),
)
# A plain word that begins with a sign of comparison is a range.
_plain = _texts.filter(lambda text: text[0] not in "<>" or len(text) == 1)
_bounds = st.none() | st.builds(Bound, _texts.filter(lambda text: text != "*"), st.booleans())


def _alternate(runs: list[str], wildcards: list[Wildcard]) -> tuple[str | Wildcard, ...]:
    pattern: list[str | Wildcard] = []
    for run, wildcard in zip(runs, wildcards, strict=False):
        pattern += [*([run] if run else []), wildcard]
    return tuple(pattern)


_patterns = st.builds(
    _alternate,
    st.lists(_texts | st.just(""), min_size=1, max_size=3),
    st.lists(st.sampled_from(Wildcard), min_size=1, max_size=3),
).filter(lambda pattern: pattern != (Wildcard.ANY,))
_regexps = st.text("abc.*+[]{}()|<>&@~#?-09", max_size=8)

leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, _fields, _plain),
    st.builds(Quoted, _fields, _texts | st.just("")),
    st.builds(Wild, _fields, _patterns),
    st.builds(Regexp, _fields, _regexps),
    st.builds(Range, _fields, _bounds, _bounds),
    st.builds(Exists, _texts),
    st.just(Everything()),
)


def _linked(clauses: list[tuple[Occur, Node]], ands: list[bool]) -> Group:
    """Join clauses as the parser does: AND makes both its neighbors required."""
    found: list[Clause] = []
    for (occur, node), after_and in zip(clauses, [False, *ands], strict=False):
        if after_and and found[-1].occur is Occur.SHOULD:
            found[-1] = Clause(Occur.MUST, found[-1].node, found[-1].after_and)
        if after_and and occur is Occur.SHOULD:
            occur = Occur.MUST  # noqa: PLW2901  the clause as AND leaves it
        found.append(Clause(occur, node, after_and))
    return Group(tuple(found))


def _groups(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Group]:
    pairs = st.tuples(st.sampled_from(Occur), nodes)
    return st.builds(
        _linked,
        st.lists(pairs, min_size=1, max_size=5),
        st.lists(st.booleans(), min_size=4, max_size=4),
    )


def _is_group_of_its_own(group: Group) -> bool:
    # A parenthesis around one plain clause is that clause.
    return len(group.clauses) > 1 or group.clauses[0].occur is not Occur.SHOULD


_nested = st.recursive(
    leaves, lambda nodes: _groups(nodes).filter(_is_group_of_its_own), max_leaves=8
)
trees = _groups(_nested).filter(
    lambda group: _is_group_of_its_own(group) or not isinstance(group.clauses[0].node, Group)
)
