"""Shows a query as pandas code that a learner can read, run and change.

The code asks a frame ``documents``, such as ``hits.to_pandas()`` gives. It is for reading: it knows
the types of siemlab's own templates only, so that a field outside them is text to it, cuts words
roughly, and searches all fields as one text each.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from siemlab.query.value import Query
from siemlab.store import plan as p
from siemlab.store.addresses import address_text
from siemlab.store.bind import bind_with, present
from siemlab.store.catalog import Catalog
from siemlab.store.mapping import Mapping
from siemlab.store.pandas_masks import regex_of
from siemlab.store.template import composed, default_template, matching_template
from siemlab.store.tree import FieldType

__all__ = ["explain"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ANYWHERE: Final = "*"
_HELPERS: Final = {
    "some": '''\
def some(field, test):
    """True where a document has a value in the field that passes the test."""
    pattern = re.escape(field).replace("\\\\*", ".*")
    found = pd.Series(False, documents.index)
    for name in filter(re.compile(pattern).fullmatch, documents):
        values = documents[name].explode().dropna()
        found |= documents.index.isin(values[[test(value) for value in values]].index)
    return found
''',
    "address": '''\
def address(value):
    """The address as a number, IPv4 mapped into IPv6; NaN, like nothing else, for other text."""
    try:
        number = ip_address(str(value))
    except ValueError:
        return float("nan")
    return int(number) if number.version == 6 else int(ip_address(f"::ffff:{number}"))
''',
    "when": """\
def when(value):
    if isinstance(value, int):
        return pd.Timestamp(value, unit="ms", tz="UTC")
    return pd.to_datetime(str(value), utc=True, errors="coerce", format="ISO8601")
""",
    "number": """\
def number(value):
    return pd.to_numeric(str(value), errors="coerce")
""",
    "words": '''\
def words(value):
    """The words of a text, roughly as OpenSearch cuts it."""
    return re.findall(r"\\w+(?:[.:']\\w+)*", str(value).lower())
''',
    "phrase": """\
def phrase(wanted, value):
    found = words(value)
    return any(found[at:at + len(wanted)] == wanted for at in range(len(found)))
""",
}
_NEEDS: Final = {"phrase": ("words",)}


class _Guess(Catalog):
    """Fields by siemlab's templates; one outside them is a keyword, all of them are one text."""

    def named(self, name: str) -> FieldType | None:
        return super().named(name) or FieldType("keyword")

    def select(self, name: str | None) -> dict[str, FieldType]:
        if name is None or not name.strip("*"):
            return {_ANYWHERE: FieldType("text")}
        if "*" in name:
            return {name: FieldType("keyword")}
        return {name: self.named(name) or FieldType("keyword")}

    def exists(self, name: str) -> p.Plan:
        return p.Exists(f"{name}.*" if self._mapping.is_object(name) else name)

    def column(self, name: str) -> str:
        """Return the field whose values a field has: a multi-field has those of its parent."""
        parent = name.rpartition(".")[0]
        return parent if parent in self._fields else name


def explain(query: Query) -> str:
    """Return the query as pandas code.

    Parameters
    ----------
    query
        The query.

    Returns
    -------
    str
        Python code: imports, the helpers it needs, and ``documents[...]`` at its end.

    Raises
    ------
    QuerySyntaxError, QueryNotSupportedError
        See `siemlab.store.bind.bind`.

    Examples
    --------
    >>> code = explain(Query().include("user.name", "alice").missing("error.code"))
    >>> print(code[code.index("found = documents[") :])
    found = documents[
        some("user.name", lambda value: str(value) == 'alice')
        & ~some("error.code", lambda value: True)
    ]
    """
    catalog = _Guess(_mapping_like(query.pattern))
    mask = _Printer(catalog).conditions(bind_with(query, catalog, now=present()))
    lines = ["import re", "import pandas as pd"]
    if "address(" in mask:
        lines.insert(1, "from ipaddress import ip_address")
    helpers = [name for name in _HELPERS if f"{name}(" in mask]
    needed = {*helpers, *(need for name in helpers for need in _NEEDS.get(name, ()))}
    blocks = ["\n".join(lines), *(text for name, text in _HELPERS.items() if name in needed)]
    return "\n\n".join([*blocks, f"found = documents[\n    {mask}\n]"])


def _mapping_like(pattern: str) -> Mapping:
    """Return the fields that the pattern's indexes probably have; those of ECS where unclear."""
    first = pattern.split(",", maxsplit=1)[0].strip()
    index = f"{first.rstrip('*').rstrip('-')}-2022-11" if "*" in first else first
    template = default_template()
    if matching_template(template, index) is None:
        return Mapping(template["component_template"]["siemlab-log"]["template"])
    return Mapping(composed(template, index))


class _Printer:
    """Prints a plan as an expression that is true for the rows it matches."""

    def __init__(self, catalog: _Guess) -> None:
        self._catalog = catalog

    def conditions(self, plan: p.Plan) -> str:
        """Return the expression, one line for each condition that must hold."""
        parts = plan.parts if isinstance(plan, p.All) else (plan,)
        return "\n    & ".join(
            self._inner(part) if len(parts) > 1 else self.mask(part) for part in parts
        )

    def mask(self, plan: p.Plan) -> str:
        """Return the expression on one line."""
        match plan:
            case p.Everything():
                return "documents.index == documents.index"
            case p.Nothing():
                return "documents.index != documents.index"
            case p.Not(part):
                return f"~{self._inner(part)}"
            case p.All(parts):
                return " & ".join(map(self._inner, parts))
            case p.Any(parts):
                return " | ".join(map(self._inner, parts))
            case _:
                column = _quoted(self._catalog.column(plan.field))
                return f"some({column}, lambda value: {self._test(plan)})"

    def _inner(self, part: p.Plan) -> str:
        text = self.mask(part)
        return text if text.startswith(("some(", "~some(")) and " | " not in text else f"({text})"

    def _test(self, plan: p.Plan) -> str:
        match plan:
            case p.OneOf(field, values):
                kind = self._kind(field)
                shown = [_constant(kind, value) for value in values]
                asked = f"== {shown[0]}" if len(shown) == 1 else f"in ({', '.join(shown)})"
                test = f"{_value(kind)} {asked}"
            case p.Between(field):
                test = _range(plan, self._kind(field))
            case p.Like(_, pattern):
                test = f"re.fullmatch({_raw(regex_of(pattern))}, str(value)) is not None"
            case p.Matches(field, regex) if self._kind(field) != "text":
                test = f"re.fullmatch({_raw(regex)}, str(value)) is not None"
            case p.Exists(field):
                value = _value(self._kind(field))
                test = "True" if value.startswith("str(") else f"pd.notna({value})"
            case _:
                test = _word_test(plan)
        return test

    def _kind(self, field: str) -> str:
        kind = "text" if field == _ANYWHERE else (self._catalog.named(field) or FieldType("")).type
        return {"ip": "ip", "date": "date", "boolean": "boolean", "text": "text"}.get(
            kind, "keyword" if kind in ("keyword", "") else "number"
        )


def _word_test(plan: p.Plan) -> str:
    match plan:
        case p.WordIn(_, asked) if len(asked) == 1:
            test = f"{asked[0]!r} in words(value)"
        case p.WordIn(_, asked):
            test = f"not {set(asked)!r}.isdisjoint(words(value))"
        case p.Phrase(_, asked):
            test = f"phrase({list(asked)!r}, value)"
        case p.WordBetween():
            test = f"any({_range(plan, 'word')} for word in words(value))"
        case p.WordLike(_, pattern):
            test = f"any(re.fullmatch({_raw(regex_of(pattern))}, word) for word in words(value))"
        case p.Matches(_, regex):
            test = f"any(re.fullmatch({_raw(regex)}, word) for word in words(value))"
        case _:
            raise AssertionError(plan)
    return test


def _value(kind: str) -> str:
    names = {"ip": "address(value)", "date": "when(value)", "number": "number(value)"}
    others = {"word": "word", "boolean": "str(value).lower()"}
    return {**names, **others}.get(kind, "str(value)")


def _constant(kind: str, value: p.Scalar) -> str:
    if kind == "ip":
        return f"address({address_text(int(value))!r})"
    if kind == "date":
        moment = _EPOCH + timedelta(milliseconds=int(value))
        return f"pd.Timestamp({moment.isoformat(timespec='milliseconds')!r})"
    if kind == "boolean":
        return repr(str(value).lower())
    return repr(value)


def _range(plan: p.Between | p.WordBetween, kind: str) -> str:
    value = _value(kind)
    low = None if plan.low is None else _constant(kind, plan.low)
    high = None if plan.high is None else _constant(kind, plan.high)
    if low is not None:
        left = f"{low} {'<=' if plan.include_low else '<'} {value}"
        return left if high is None else f"{left} {'<=' if plan.include_high else '<'} {high}"
    return "True" if high is None else f"{value} {'<=' if plan.include_high else '<'} {high}"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"' if text.isprintable() else repr(text)


def _raw(regex: str) -> str:
    if regex.isprintable() and "'" not in regex and not regex.endswith("\\"):
        return f"r'{regex}'"
    return repr(regex)
