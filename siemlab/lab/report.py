"""The learner's report: what was found, when, for how many points, and on which path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from siemlab.errors import StoreError
from siemlab.lab.page import demoted, in_cell
from siemlab.lab.told import answers_of, happened_table, link, log_next_page, phase_name
from siemlab.missions import PHASES, Mission
from siemlab.missions.notebook import cell, notebook, notebook_text
from siemlab.score import Progress, Standing
from siemlab.widgets import Timeline, Trail
from siemlab.widgets.markdown import table

__all__ = ["Report"]

_WORDS = {
    "en": {
        "title": "Report",
        "team": "Team",
        "score": "**{points} of {value} points** ({solved} of {all} solved, {shown} shown)",
        "found": "What was found",
        "happened": "What happened",
        "timeline": "Picked documents",
        "covered": "Phases and techniques",
        "log_next": "What to log next",
        "trail": "How it was found",
        "solved": "solved",
        "shown": "shown",
        "open": "open",
        "unseen": "open",
    },
    "ja": {
        "title": "調査報告",
        "team": "チーム",
        "score": "**{value} 点中 {points} 点**（{all} 問中 正解 {solved}、答えを表示 {shown}）",
        "found": "分かったこと",
        "happened": "何が起きたか",
        "timeline": "選んだドキュメント",
        "covered": "フェーズと攻撃手法",
        "log_next": "次に残すべきログ",
        "trail": "調査の道筋",
        "solved": "正解",
        "shown": "答えを表示",
        "open": "未解答",
        "unseen": "未解答",
    },
}
_FOUND = {
    "en": ("#", "question", "answer", "state", "tries", "hints", "points"),
    "ja": ("#", "問題", "答え", "状態", "回答数", "ヒント", "得点"),
}
_COVERED = {
    "en": ("phase (NIST SP 800-61)", "questions", "MITRE ATT&CK"),
    "ja": ("フェーズ（NIST SP 800-61）", "問題", "MITRE ATT&CK"),
}

MARKDOWN, CODE = "markdown", "code"


@dataclass(frozen=True, repr=False)
class Report:
    """A report on one mission.

    Parameters
    ----------
    mission
        The mission, with the team's texts and keys.
    progress
        How the learner stands.
    timeline
        The documents that were picked.
    trails
        The trails of the Discovers that were used.
    lang
        ``"en"`` or ``"ja"``.
    """

    mission: Mission
    progress: Progress
    timeline: Timeline
    trails: tuple[Trail, ...] = ()
    lang: str = "en"

    def to_markdown(self) -> str:
        """Return the report in Markdown; what came from a log or a learner stands in it as code."""
        # The trail tells its own code already.
        parts = (text for kind, text in self._cells() if kind == MARKDOWN)
        return "\n\n".join(parts) + "\n"

    def save(self, file: str | Path) -> Path:
        """Write the report into a file.

        Parameters
        ----------
        file
            ``report.md``; or ``report.ipynb`` for a notebook, in which the code of the trail can
            be run.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        StoreError
            The file cannot be written, or its name ends otherwise.
        """
        path = Path(file).expanduser()
        if path.suffix not in (".md", ".ipynb"):
            raise StoreError(
                f"a report is a file .md or .ipynb, which {path.name} is not",
                f"報告のファイル名は .md か .ipynb で終わらせてください（{path.name}）",
            )
        text = self.to_markdown() if path.suffix == ".md" else self._notebook()
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise StoreError(
                f"the report cannot be written to {path}: {error.strerror}",
                f"報告を {path} に書き込めません（{error.strerror}）",
            ) from error
        return path

    def __repr__(self) -> str:
        """Return the report as Markdown."""
        return self.to_markdown().rstrip("\n")

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _cells(self) -> Iterator[tuple[str, str]]:
        """Yield the report part by part: the kind of cell, and what it holds."""
        say, lang, mission = _WORDS[self.lang], self.lang, self.mission
        yield MARKDOWN, self._head()
        answers = answers_of(mission, self.progress, lang)
        rows = [self._row(standing, answers) for standing in self.progress.of(mission.id)]
        yield MARKDOWN, f"## {say['found']}\n\n{table(_FOUND[lang], rows)}"
        told = happened_table(mission, self.progress, lang)
        yield MARKDOWN, f"## {say['happened']}\n\n{told}"
        yield MARKDOWN, f"## {say['timeline']}\n\n{self.timeline.to_markdown()}"
        yield MARKDOWN, f"## {say['covered']}\n\n{table(_COVERED[lang], self._phases())}"
        after = demoted(str(log_next_page(mission, self.progress, lang)).strip(), 2)
        yield MARKDOWN, f"## {say['log_next']}\n\n{after}"
        for number, trail in enumerate(self.trails, 1):
            path = demoted(trail.report(), 2)
            yield MARKDOWN, f"## {say['trail']} ({number})\n\n{path}"
            yield CODE, trail.to_code()

    def _head(self) -> str:
        say, mission = _WORDS[self.lang], self.mission
        standings = self.progress.of(mission.id)
        states = [one.state for one in standings]
        score = say["score"].format(
            points=sum(one.points for one in standings),
            value=sum(one.value for one in standings),
            solved=states.count("solved"),
            shown=states.count("shown"),
            all=len(standings),
        )
        team = f"{say['team']}: {mission.team}\n\n" if mission.team else ""
        return f"# {say['title']}: {mission.id} {mission.title[self.lang]}\n\n{team}{score}"

    def _row(self, standing: Standing, answers: Mapping[str, str]) -> tuple[str, ...]:
        question, say = standing.question, _WORDS[self.lang]
        return (
            str(question.number),
            in_cell(question.prompt[self.lang]),
            answers.get(str(question.number), "…"),
            say[standing.state],
            str(len(standing.tries)),
            str(standing.hints),
            f"{standing.points} / {standing.value}",
        )

    def _phases(self) -> list[tuple[str, ...]]:
        """Return each phase with its questions that are done, of all, and their techniques."""
        rows: list[tuple[str, ...]] = []
        for phase in PHASES:
            standings = [
                one for one in self.progress.of(self.mission.id) if one.question.phase == phase
            ]
            done = [one for one in standings if one.done]
            techniques = sorted({each for one in done for each in one.question.techniques})
            if standings:
                listed = ", ".join(link(each) for each in techniques)
                covered = f"{len(done)} / {len(standings)}"
                rows.append((phase_name(phase, self.lang), covered, listed))
        return rows

    def _notebook(self) -> str:
        """Return the report as a notebook, the same for the same report."""
        parts = enumerate(self._cells(), 1)
        return notebook_text(
            notebook(cell(kind, f"report-{number}", text) for number, (kind, text) in parts)
        )
