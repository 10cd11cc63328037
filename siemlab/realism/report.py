"""The realism report: all tests over a data set, each with its threshold, figure and verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from siemlab.errors import SiemlabError
from siemlab.normalize import Refused
from siemlab.realism.bands import BandCheck
from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.botocore_oracle import CallOracle
from siemlab.realism.calls import CallCheck, EnvelopeCheck
from siemlab.realism.determinism import content_hash
from siemlab.realism.figures import Figure, Verdict, Violation, failed
from siemlab.realism.finding_joins import (
    ConfigJoin,
    CopyJoin,
    DnsJoin,
    FindingJoin,
    addresses_of,
)
from siemlab.realism.findings_oracle import FindingCheck, FindingOracle
from siemlab.realism.integrity import IntegrityCheck
from siemlab.realism.interfaces import InterfaceJoin
from siemlab.realism.inventory import Inventory
from siemlab.realism.joins import RoleJoin, S3Join, WafJoin, WebJoin
from siemlab.realism.labels import Labels
from siemlab.realism.layout import LayoutCheck
from siemlab.realism.leak import LeakCheck
from siemlab.realism.mutations import PowerCheck
from siemlab.realism.ownership import OwnershipCheck
from siemlab.realism.reading import Check, Seen, read_tree, run_checks
from siemlab.realism.volume import VolumeCheck

__all__ = ["TITLES", "Report", "checks_for", "verify"]

TITLES: dict[str, tuple[str, str]] = {
    "R1": ("CloudTrail calls that AWS's service models know", "AWS のサービスモデルにある呼び出し"),
    "R1b": (
        "... the models of late 2022: nothing younger",
        "2022 年末のモデルで（時代錯誤がない）",
    ),
    "R2": ("Findings of the shape that the services give them", "サービスどおりの形の検出結果"),
    "R2b": ("... with the models of late 2022", "2022 年末のモデルで"),
    "R3": ("The form of a record gives no incident away", "レコードの形から事件が漏れない"),
    "R3b": ("The number of records gives no day away", "件数から事件の日が漏れない"),
    "R4": ("CloudTrail within the bands of genuine logs", "CloudTrail の特徴が本物の範囲にある"),
    "R5": ("Records that contradict each other", "互いに矛盾するレコード"),
    "R6": ("What one source says, the others say too", "ソースどうしの一致"),
    "R7": ("Objects where their service would put them", "サービスが置く場所にあるオブジェクト"),
    "R8": ("The same content, however it was built", "作り方によらず同じ内容"),
    "R9": ("Nobody is named", "実在の誰のものでもない"),
}
"""What each test asks, in English and Japanese."""

MARKS = {"pass": "✓", "fail": "✗", "told": "", "not run": "?"}
VERDICTS = {
    "pass": ("pass", "合格"),
    "fail": ("FAIL", "不合格"),
    "told": ("told", "参考"),
    "not run": ("NOT RUN", "未実行"),
}
BAR = 10  # characters


@dataclass(frozen=True)
class Report:
    """What the tests said.

    Parameters
    ----------
    figures
        In the order of the tests.
    violations
        The first records that break each rule.
    counts
        Records by log type.

    Examples
    --------
    >>> figure = Figure("R8", ("content hash", "内容のハッシュ"), "ab12")
    >>> report = Report((figure,), (), {"cloudtrail": 3})
    >>> report.is_true, report.markdown().splitlines()[2]
    (True, '3 records of 1 log types: cloudtrail 3.')
    """

    figures: tuple[Figure, ...]
    violations: tuple[Violation, ...]
    counts: dict[str, int]

    @property
    def failed(self) -> list[Figure]:
        """The figures that failed, or that could not be had."""
        return failed(self.figures)

    @property
    def is_true(self) -> bool:
        """Whether every test that was run passed, and every test was run."""
        return not self.failed

    def markdown(self, lang: str = "en") -> str:
        """Return the report as a page.

        Parameters
        ----------
        lang
            ``en`` or ``ja``.
        """
        at = 1 if lang == "ja" else 0
        title = ("Realism report", "リアリズムレポート")[at]
        each = ", ".join(f"{name} {count:,}" for name, count in sorted(self.counts.items()))
        total = sum(self.counts.values())
        said = (
            f"{total:,} records of {len(self.counts)} log types: {each}.",
            f"{len(self.counts)} 種類のログ、{total:,} レコード: {each}。",
        )[at]
        return f"# {title}\n\n{said}\n\n{self.table(lang)}{self._examples(at)}"

    def write(self, path: Path) -> None:
        """Write the report as JSON, without the violations: for the page about our own data.

        Parameters
        ----------
        path
            The file.
        """
        value = {"counts": self.counts, "figures": [asdict(figure) for figure in self.figures]}
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Report:
        """Return a report that was written as JSON.

        Parameters
        ----------
        path
            The file.

        Raises
        ------
        SiemlabError
            It holds no report.
        """
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            rows = [row | {"name": tuple(row["name"])} for row in value["figures"]]
            return cls(tuple(Figure(**row) for row in rows), (), value["counts"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SiemlabError(
                f"{path} is no report: write it again with siemlab verify --report {path}",
                f"{path} はレポートではありません。"
                f"siemlab verify --report {path} で書き直してください",
            ) from error

    def table(self, lang: str = "en") -> str:
        """Return the table of figures in Markdown.

        Parameters
        ----------
        lang
            ``en`` or ``ja``.
        """
        at = 1 if lang == "ja" else 0
        heads = (
            "| test | figure | value | threshold | | verdict |",
            "| テスト | 項目 | 値 | しきい値 | | 判定 |",
        )
        lines = [heads[at], "|---|---|---|---|---|---|"]
        last = ""
        for figure in self.figures:
            if figure.test != last:
                last = figure.test
                lines.append(f"| **{last}** | **{TITLES[last][at]}** | | | | |")
            bar = "" if figure.share is None else _bar(figure.share)
            verdict = f"{MARKS[figure.verdict]} {VERDICTS[figure.verdict][at]}".strip()
            cells = (figure.name[at], figure.value, figure.threshold, bar, verdict)
            lines.append(f"| | {' | '.join(_cell(text) for text in cells)} |")
        return "\n".join(lines) + "\n"

    def _examples(self, at: int) -> str:
        if not self.violations:
            return ""
        title = ("The first records that break a rule", "規則を破る最初のレコード")[at]
        lines = [f"- `{_plain(str(found))}`" for found in self.violations]
        return f"\n## {title}\n\n" + "\n".join(lines) + "\n"


def _bar(part: float) -> str:
    full = round(max(0.0, min(1.0, part)) * BAR)
    return "█" * full + "░" * (BAR - full)


def _plain(text: str) -> str:
    """Return a text that nothing in it can break out of: it may come from an attacker."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:300])
    return shown.replace("`", "'")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


class _Counts:
    """Counts the records of each type; a check like the others."""

    reads = OwnershipCheck.reads

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def see(self, seen: Seen) -> None:
        self.counts[seen.log_type.name] += 1

    def figures(self) -> list[Figure]:
        return []

    @property
    def violations(self) -> list[Violation]:
        return []


def checks_for(
    inventory: Inventory, labels: Labels, watched: frozenset[str] | None = None
) -> tuple[list[Check], list[Figure]]:
    """Return the tests that can be run here, and a figure for each that cannot.

    Parameters
    ----------
    inventory
        What existed when the logs begin.
    labels
        Which records belong to an incident.
    watched
        The addresses that findings name.
    """
    checks: list[Check] = [EnvelopeCheck()]
    missing: list[Figure] = []
    for suffix, load in (("", ServiceModels.installed), ("b", ServiceModels.late_2022)):
        try:
            models = load()
        except SiemlabError as error:
            missing += [
                Figure(f"{test}{suffix}", TITLES[f"{test}{suffix}"], str(error), "", "not run")
                for test in ("R1", "R2")
            ]
            continue
        oracle = CallOracle(models)
        words = ("calls that can be", "ありうる呼び出し")
        checks += [
            CallCheck(oracle, f"R1{suffix}", words),
            FindingCheck(FindingOracle(models), f"R2{suffix}"),
        ]
        if not suffix:
            checks.append(PowerCheck(oracle))
    checks += [LeakCheck(labels), VolumeCheck(labels), BandCheck(labels)]
    checks += [IntegrityCheck(inventory), InterfaceJoin(inventory), WebJoin(), WafJoin(), S3Join()]
    checks += [RoleJoin(), FindingJoin(watched), CopyJoin(), ConfigJoin(), DnsJoin()]
    checks.append(OwnershipCheck(inventory))
    return checks, missing


def verify(
    sources: Iterable[str | Path],
    *,
    inventory: Inventory | None = None,
    labels: Labels | None = None,
    step: Callable[[str], object] = lambda key: None,
) -> Report:
    """Run all tests over a data set.

    Parameters
    ----------
    sources
        Folders or archives of logs, as ``siemlab load`` takes them.
    inventory
        What existed when the logs begin; what is left out of it is not checked.
    labels
        Which records belong to an incident; without them R3 only proves that it is awake.
    step
        Told the key of each object that has begun.

    Returns
    -------
    Report
        With a figure for each test; a test whose tools are missing is ``not run``.

    Raises
    ------
    SiemlabError
        A source does not exist.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> where = folder / "AWSLogs/111122223333/GuardDuty/us-east-1/2022/11/18"
    >>> where.mkdir(parents=True)
    >>> _ = (where / "findings.json").write_text('{"id": "1", "updatedAt": "2022-11-18T07:00:01Z"}')
    >>> report = verify([folder])
    >>> [figure.value for figure in report.figures if figure.test == "R7"]
    ['1 of 1', '0 of 1']
    """
    sources = list(sources)
    watched = frozenset(
        address
        for seen in read_tree(sources, frozenset({"guardduty"}))
        if isinstance(seen, Seen)
        for address in addresses_of(seen.record.raw)
    )
    checks, figures = checks_for(inventory or Inventory(), labels or Labels(), watched)
    counts, layout = _Counts(), LayoutCheck()

    def begin(key: str) -> None:
        layout.see_keys([key])
        step(key)

    refused = run_checks(sources, [counts, *checks], begin)
    for check in checks:
        figures += _figures(check)
    figures += layout.figures()
    figures += [_refused(refused, counts.counts.total()), _hash(sources)]
    order = list(TITLES)
    figures.sort(key=lambda figure: order.index(figure.test))
    violations = [found for check in checks for found in check.violations] + layout.violations
    violations += [Violation("R7", "", 0, str(item.error)) for item in refused[:10]]
    return Report(tuple(figures), tuple(violations), dict(counts.counts))


def _figures(check: Check) -> list[Figure]:
    """Return a test's figures; where its tools are missing, that it was not run."""
    try:
        return check.figures()
    except SiemlabError as error:
        return [Figure("R3", TITLES["R3"], str(error), "", "not run")]


def _refused(refused: list[Refused], read: int) -> Figure:
    words = ("records that the loader refuses", "ローダーが受け付けないレコード")
    verdict: Verdict = "fail" if refused else "pass"
    value = f"{len(refused):,} of {read + len(refused):,}"
    return Figure("R7", words, value, "0", verdict)


def _hash(sources: list[str | Path]) -> Figure:
    return Figure("R8", ("content hash", "内容のハッシュ"), content_hash(sources)[:16])
