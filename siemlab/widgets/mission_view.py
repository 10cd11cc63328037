"""What the bar of a mission shows: a pure function of the mission and the learner's progress."""

from __future__ import annotations

from typing import Any, Final

from siemlab.missions import Mission
from siemlab.score import Progress, Standing
from siemlab.widgets.question_words import Say, speaker

__all__ = ["mission_view"]

_SIGNS: Final = {"solved": "✓", "shown": "–", "open": "○"}


def mission_view(mission: Mission, progress: Progress, lang: str = "en") -> dict[str, Any]:
    """Return how the learner stands with every question of a mission, as plain JSON values.

    Parameters
    ----------
    mission
        The mission.
    progress
        How the learner stands.
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> from siemlab.missions import Text
    >>> title = Text("Midnight bill", "真夜中の請求書")
    >>> view = mission_view(Mission("L1-A", "", 1, 45, title, title, (), (), title), Progress({}))
    >>> view["title"], view["points"]
    ('Mission L1-A: Midnight bill', '0 of 0 points')
    """
    say = speaker(lang)
    standings = [(one, progress.question(one.id)) for one in mission.questions]
    states = [_state(standing) for _, standing in standings]
    title = say("mission", id=mission.id, title=mission.title[lang])
    points = say(
        "points_of",
        points=sum(standing.points for _, standing in standings),
        value=sum(one.value for one in mission.questions),
    )
    summary = say(
        "summary",
        all=len(states),
        solved=states.count("solved"),
        shown=states.count("shown"),
        open=states.count("open"),
    )
    return {
        "id": mission.id,
        "lang": lang,
        "title": title,
        "points": points,
        "summary": summary,
        "text": f"{points}. {summary}" if lang == "en" else f"{points}、{summary}",
        "questions": [
            _question(question.number, question.id, question.value, standing, say)
            for question, standing in standings
        ],
        "words": {"questions": say("questions")},
    }


def _question(number: int, name: str, value: int, standing: Standing, say: Say) -> dict[str, Any]:
    state = _state(standing)
    return {
        "name": str(number),
        "value": value,
        "state": state,
        "sign": _SIGNS[state],
        "label": say(f"state_{state}", id=name, points=standing.points, value=value),
    }


def _state(standing: Standing) -> str:
    return standing.state if standing.done else "open"
