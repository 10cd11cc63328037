"""Dashboards as data: panels that are declared in YAML, one file for each board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from siemlab.errors import QuerySyntaxError
from siemlab.query import Query
from siemlab.query.filters import Filter

__all__ = ["BOARDS", "KINDS", "Board", "Panel", "load_board", "read_board"]

BOARDS: Final = ("overview", "cloudtrail", "guardduty", "vpcflow", "web", "s3access")
"""The boards that come with siemlab, in the order in which they are offered."""

KINDS: Final = ("number", "histogram", "top", "table")
"""What a panel can be."""

_VERBS: Final = ("include", "exclude", "exists", "missing", "between", "not_between")
_NEEDS: Final = {"top": "field", "table": "columns"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of a board.

    Parameters
    ----------
    id
        Its name on the board.
    kind
        One of `KINDS`.
    en, ja
        Its title.
    field
        The field whose values are counted, of a "top".
    columns
        The fields shown, of a "table".
    size
        How many values or documents it shows.
    only
        The filters it adds for itself: a number counts only those documents.

    Examples
    --------
    >>> load_board("guardduty").panels[0].title("ja")
    '深刻度が高い検出結果'
    """

    id: str
    kind: str
    en: str
    ja: str
    field: str = ""
    columns: tuple[str, ...] = ()
    size: int = 8
    only: tuple[Filter, ...] = ()

    def title(self, lang: str = "en") -> str:
        """Return its title in a language."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: panels that look at the same documents.

    Parameters
    ----------
    name
        How it is asked for.
    en, ja
        Its title.
    pattern
        The indexes it looks at.
    panels
        Its panels, at most one of them a histogram and one a table.

    Examples
    --------
    >>> load_board("web").pattern
    'log-aws-waf-*,log-aws-elb-*'
    """

    name: str
    en: str
    ja: str
    pattern: str
    panels: tuple[Panel, ...]

    def title(self, lang: str = "en") -> str:
        """Return its title in a language."""
        return self.ja if lang == "ja" else self.en


def load_board(name: str | Path) -> Board:
    """Return a board: one of `BOARDS`, or one of your own from a file.

    Parameters
    ----------
    name
        ``"cloudtrail"``, or the path of a YAML file.

    Returns
    -------
    Board
        The board.

    Raises
    ------
    QuerySyntaxError
        When there is no such board, or the file declares none.

    Examples
    --------
    >>> [load_board(name).title() for name in BOARDS][:3]
    ['Overview', 'CloudTrail', 'GuardDuty']
    """
    if name in BOARDS:
        return _own(str(name))
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return read_board(path.stem, path.read_text(encoding="utf-8"))
    raise QuerySyntaxError(
        f"there is no board {str(name)!r}; there are {', '.join(BOARDS)}, or give a YAML file",
        f"ダッシュボード {str(name)!r} はありません。"
        f"{', '.join(BOARDS)} のどれか、または YAML ファイルを指定してください",
    )


@cache
def _own(name: str) -> Board:
    text = files("siemlab.widgets").joinpath("boards", f"{name}.yaml").read_text(encoding="utf-8")
    return read_board(name, text)


def read_board(name: str, text: str) -> Board:
    r"""Return the board that a YAML text declares.

    Parameters
    ----------
    name
        How it is called.
    text
        ``title`` (``en`` and ``ja``), ``pattern``, and ``panels``.

    Raises
    ------
    QuerySyntaxError
        When something is missing or unknown; the error names the panel.

    Examples
    --------
    >>> read_board("mine", "title: {en: Mine, ja: 自作}\npattern: log-*\npanels: []")
    Traceback (most recent call last):
    ...
    siemlab.errors.QuerySyntaxError: board mine: it needs 1 to 12 panels...
    """
    import yaml

    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _wrong(name, f"no YAML ({error})", "YAML として読めません") from None
    given = given if isinstance(given, dict) else {}
    en, ja = _title(name, given)
    pattern, panels = given.get("pattern"), given.get("panels")
    if not isinstance(pattern, str):
        raise _wrong(name, "it needs a pattern", "pattern が必要です")
    if not isinstance(panels, list) or not 1 <= len(panels) <= 12:
        raise _wrong(name, "it needs 1 to 12 panels", "パネルは 1 から 12 個必要です")
    made = tuple(_panel(name, panel) for panel in panels)
    kinds = [panel.kind for panel in made]
    if len({panel.id for panel in made}) < len(made):
        raise _wrong(name, "two panels have the same id", "同じ id のパネルがあります")
    if kinds.count("histogram") > 1 or kinds.count("table") > 1:
        raise _wrong(
            name,
            "one histogram and one table are the most",
            "histogram と table はそれぞれ 1 つまでです",
        )
    Query(pattern)  # refuses what is no pattern
    return Board(name, en, ja, pattern, made)


def _title(where: str, given: Mapping[str, Any]) -> tuple[str, str]:
    title = given.get("title")
    en, ja = (title.get("en"), title.get("ja")) if isinstance(title, dict) else (None, None)
    if not isinstance(en, str) or not isinstance(ja, str):
        raise _wrong(where, "it needs a title in en and ja", "en と ja の title が必要です")
    return en, ja


def _panel(board: str, given: Any) -> Panel:
    named = given.get("id") if isinstance(given, Mapping) else None
    where = f"{board}, panel {named!r}"
    if not isinstance(given, Mapping) or not isinstance(named, str):
        raise _wrong(where, "it needs an id", "id が必要です")
    kind = given.get("kind")
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        raise _wrong(where, f"its kind is one of {kinds}", f"kind は {kinds} のどれかです")
    en, ja = _title(where, given)
    need = _NEEDS.get(kind)
    if need and not given.get(need):
        raise _wrong(where, f"a {kind} needs {need}", f"{kind} には {need} が必要です")
    unknown = {*given} - {"id", "kind", "title", "field", "columns", "size", "only"}
    size = given.get("size", 8)
    if unknown or not isinstance(size, int) or not 1 <= size <= 50:
        what = ", ".join(sorted(map(str, unknown))) or "size"
        raise _wrong(where, f"this cannot stand here: {what}", f"使えない指定があります: {what}")
    return Panel(
        named,
        kind,
        en,
        ja,
        str(given.get("field", "")),
        tuple(map(str, given.get("columns", ()))),
        size,
        _only(where, given.get("only", [])),
    )


def _only(where: str, steps: Any) -> tuple[Filter, ...]:
    """Return filters as `Query` builds them: ``[verb, field, value...]``."""
    query = Query()
    for step in steps if isinstance(steps, list) else [None]:
        verb, *given = step if isinstance(step, list) and step else [None]
        if verb not in _VERBS:
            verbs = ", ".join(_VERBS)
            raise _wrong(
                where,
                f"only: a filter is [verb, field, value]; verbs are {verbs}",
                f"only: フィルターは [操作, フィールド, 値] です。操作は {verbs}",
            )
        try:
            query = getattr(query, verb)(*given)
        except TypeError:
            raise _wrong(
                where, f"only: {verb} takes other values", f"only: {verb} の値が合いません"
            ) from None
    return query.filters


def _wrong(where: str, en: str, ja: str) -> QuerySyntaxError:
    return QuerySyntaxError(
        f"board {where}: {en}; docs/discover.md shows how a board is written",
        f"ダッシュボード {where}: {ja}。書き方は docs/discover.md にあります",
    )
