"""A tiny mission in files, with keys of two teams: made by hand, about no real data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from siemlab.check import as_text, canonical
from siemlab.missions import PartKey, TeamKey, digest, read_mission, seal, write_team_key

TOKYO = ZoneInfo("Asia/Tokyo")
HOSTILE = "<img src=x onerror=alert(1)>|`x`"

MISSION = """\
id: L9-T
level: 0
minutes: 20
title: {en: A key in two places, ja: 2 か所のキー}
briefing:
  en: "It is {alarm:%H:%M}. A key is used from **two** places."
  ja: "{alarm:%-H} 時 {alarm:%M} 分。キーが **2** か所から使われています。"
questions:
  - number: 1
    value: 40
    phase: analysis
    techniques: [T1078.004]
    prompt: {en: "From which `source.ip` | address?", ja: "どの `source.ip` | アドレスからですか。"}
    parts: [{type: ip, many: true, example: "192.0.2.7, 192.0.2.8", field: source.ip}]
    hints:
      - {en: where, ja: どこ}
      - {en: what, ja: なに}
      - {en: which, ja: どれ}
  - number: 2
    value: 60
    phase: detection
    techniques: [T1087]
    prompt: {en: "Who, and when (JST)?", ja: "誰が、いつ（日本時間）ですか。"}
    parts:
      - {type: iam-name, example: alice, field: user.name, label: {en: Who, ja: だれ}}
      - type: time
        zone: Asia/Tokyo
        example: "20:06:10"
        days: ["2022-11-14"]
        tolerance: 60
        label: {en: When, ja: いつ}
    hints:
      - {en: where, ja: どこ}
      - {en: what, ja: なに}
      - {en: which, ja: どれ}
  - number: 3
    value: 20
    phase: lessons
    techniques: []
    prompt: {en: "In which order?", ja: "起きた順はどれですか。"}
    parts:
      - type: order
        options:
          - {id: made, text: {en: A key is made, ja: キーが作られる}}
          - {id: used, text: {en: The key is used, ja: キーが使われる}}
          - {id: gone, text: {en: The key is gone, ja: キーが消される}}
    hints:
      - {en: where, ja: どこ}
      - {en: what, ja: なに}
      - {en: which, ja: どれ}
happened:
  - at: "{alarm:%H:%M}"
    text:
      en: "{answer[2a]} makes a key | at `{answer[2b]}`."
      ja: "{answer[2a]} がキーを作ります（{answer[2b]}）。"
    phase: detection
    techniques: [T1087]
  - at: "{alarm:%H:%M}"
    text: {en: "It is used from {answer[1]}.", ja: "{answer[1]} から使われます。"}
log_next:
  en: "# Next\\n\\nLog the calls of {answer[2a]}."
  ja: "# 次\\n\\n{answer[2a]} の呼び出しを記録します。"
"""

ANSWERS = {
    "L9-T.1": ({"198.51.100.7", "203.0.113.9"},),
    "L9-T.2": ("Alice.Smith", datetime(2022, 11, 14, 20, 6, 10, tzinfo=TOKYO)),
    "L9-T.3": (["made", "used", "gone"],),
}
RIGHT = {**{name: values[0] for name, values in ANSWERS.items()}, "L9-T.2": ANSWERS["L9-T.2"]}


def write_mission(folder: Path) -> Path:
    """Write the mission's file; return its folder."""
    folder.mkdir()
    (folder / "l9-t.yaml").write_text(MISSION, encoding="utf-8")
    return folder


def write_keys(folder: Path, content: Path, *teams: str) -> Path:
    """Write the keys of some teams; return their folder."""
    folder.mkdir()
    mission = read_mission(content / "l9-t.yaml")
    for team in teams:
        questions = {
            question.id: tuple(
                PartKey(
                    (digest(canonical(part, value), team, question.id, at),),
                    {},
                    seal(typed(value), team, question.id, at),
                )
                for at, (part, value) in enumerate(
                    zip(question.parts, ANSWERS[question.id], strict=True)
                )
            )
            for question in mission.questions
        }
        given = {"L9-T": {"alarm": "2022-11-14T21:30:00+09:00"}}
        name = f"{team or 'base'}.json"
        write_team_key(folder / name, TeamKey(team, given, questions))
    return folder


def typed(value: object) -> str:
    """Return an answer as keys hold it: a time as the clock of its zone shows it."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else as_text(value)
