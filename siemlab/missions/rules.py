"""What the types of a mission's file do not say: rules over its texts, each with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize
from zoneinfo import ZoneInfo

from siemlab.errors import MissionFileError
from siemlab.missions.mission import Mission, Part, Question, Text
from siemlab.missions.places import Source
from siemlab.missions.readings import READINGS, STATED
from siemlab.missions.slots import SlotError, slots_of

__all__ = ["check_rules"]

_Path = tuple[str | int, ...]

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_TECHNIQUE = re.compile(r"T\d{4}(\.(\d{3}|A\d{3}))?")
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_SLOT = re.compile(r"\{[^{}]*\}")
_FOIL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"`[^`]*`")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TYPED = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b\d{4}-\d{2}-\d{2}\b|\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?時\s?\d{1,2}\s?分"
    rf"|\b\d{{1,2}} (?:{_MONTHS})[a-z]*\b|\b(?:{_MONTHS})[a-z]* \d{{1,2}}\b"
)
_HINTS = 3
_JST = {"en": ("JST", "Japan time"), "ja": ("JST", "日本時間")}


@dataclass(frozen=True)
class _Rules:
    mission: Mission
    source: Source

    def fault(self, path: _Path, en: str, ja: str) -> MissionFileError:
        return self.source.error(path, en, ja)


def check_rules(mission: Mission, source: Source) -> None:
    """Check a mission by the rules that its types do not say.

    Parameters
    ----------
    mission
        The mission.
    source
        Its file, for the line of an error.

    Raises
    ------
    MissionFileError
        The first rule that is broken.
    """
    rules = _Rules(mission, source)
    if not _ID.fullmatch(mission.id):
        raise rules.fault(
            ("id",),
            "an id has capitals, digits and dashes: L1-A",
            "id は英大文字、数字、ハイフンで書きます（例: L1-A）",
        )
    if bool(mission.scenario) == (mission.level == 0):
        raise rules.fault(
            ("scenario",),
            "levels 1 and 2 name their scenario, level 0 has none",
            "レベル 1 と 2 には scenario が必要で、レベル 0 には書きません",
        )
    if not mission.questions:
        raise rules.fault(("questions",), "a mission asks something", "問いが 1 つもありません")
    for at, question in enumerate(mission.questions):
        _check_question(rules, question, at)
    for path, text, told in _texts(mission):
        _check_text(rules, path, text, told=told)
    for at, moment in enumerate(mission.happened):
        if not _check_slots(rules, ("happened", at, "at"), moment.at, told=True):
            raise rules.fault(
                ("happened", at, "at"),
                'a time is a slot here: "{start:%H:%M}"',
                '時刻はスロットで書いてください（例: "{start:%H:%M}"）',
            )
        _check_techniques(rules, ("happened", at, "techniques"), moment.techniques)


def _texts(mission: Mission) -> Iterator[tuple[_Path, Text, bool]]:
    """Yield every text with its path, and whether it is told after the mission."""
    yield ("title",), mission.title, False
    yield ("briefing",), mission.briefing, False
    for at, question in enumerate(mission.questions):
        for path, text in _texts_of(question):
            yield ("questions", at, *path), text, False
    for at, moment in enumerate(mission.happened):
        yield ("happened", at, "text"), moment.text, True
    yield ("log_next",), mission.log_next, True


def _texts_of(question: Question) -> Iterator[tuple[_Path, Text]]:
    yield ("prompt",), question.prompt
    for at, part in enumerate(question.parts):
        if part.label:
            yield ("parts", at, "label"), part.label
        for number, option in enumerate(part.options):
            yield ("parts", at, "options", number, "text"), option.text
            if option.note:
                yield ("parts", at, "options", number, "note"), option.note
    for at, hint in enumerate(question.hints):
        yield ("hints", at), hint
    for name, foil in question.foils.items():
        yield ("foils", name), foil
    if question.key_point:
        yield ("key_point",), question.key_point


def _check_question(rules: _Rules, question: Question, at: int) -> None:
    path: _Path = ("questions", at)
    if question.number != at + 1:
        raise rules.fault(
            (*path, "number"),
            f"questions count from 1 without a gap: this is number {at + 1}",
            f"問いの番号は 1 からの連番です。ここは {at + 1} です",
        )
    if question.value < 1:
        raise rules.fault(
            (*path, "value"), "a question is worth something", "配点は 1 点以上にしてください"
        )
    if len(question.hints) != _HINTS:
        raise rules.fault(
            (*path, "hints"),
            "a question has three hints: where, what to exclude, which field",
            "ヒントは 3 つです（どこを見るか、何を除くか、どのフィールドか）",
        )
    if not question.parts:
        raise rules.fault((*path, "parts"), "nothing is asked for", "parts が空です")
    _check_techniques(rules, (*path, "techniques"), question.techniques)
    _check_names(rules, question, path)
    for number, part in enumerate(question.parts):
        _check_part(rules, question, part, (*path, "parts", number))


def _check_names(rules: _Rules, question: Question, path: _Path) -> None:
    """Check what foils are called, and that the prompt states what it is said to state."""
    for name in question.foils:
        if not _FOIL.fullmatch(name) or name in READINGS:
            raise rules.fault(
                (*path, "foils", name),
                "a foil is named in small letters, digits and dashes, and not like a reading",
                "foils の名前には英小文字、数字、ハイフンを使い、読み方の ID とは別にしてください",
            )
    for name, words in question.states.items():
        if name not in STATED:
            raise rules.fault(
                (*path, "states", name),
                f"a prompt can state these readings: {', '.join(STATED)}",
                f"states に書けるのは {', '.join(STATED)} です",
            )
        for lang in ("en", "ja"):
            if words[lang] not in question.prompt[lang]:
                raise rules.fault(
                    (*path, "states", name, lang),
                    f'the prompt does not hold the words "{words[lang]}"',
                    f"問いの文に「{words[lang]}」がありません",
                )


def _check_part(rules: _Rules, question: Question, part: Part, path: _Path) -> None:
    if len(question.parts) > 1 and part.label is None:
        raise rules.fault(
            (*path, "label"),
            "where there are several parts, each has a label",
            "複数の parts には、それぞれ label が必要です",
        )
    if part.chosen:
        ids = [option.id for option in part.options]
        if len(ids) < 2 or len(set(ids)) < len(ids) or part.example or part.many:
            raise rules.fault(
                (*path, "options"),
                "a choice has several options, each with an id of its own; no example, no many",
                "選択肢は 2 つ以上で、id は重複できません。example と many は書きません",
            )
    elif part.options or not part.example:
        raise rules.fault(
            (*path, "example"),
            "what is typed has an example of the right shape, and no options",
            "入力する回答には正しい形の example が必要で、options は書きません",
        )
    if part.type == "time":
        _check_time(rules, question, part, path)
    elif part.zone or part.days:
        raise rules.fault(
            (*path, "zone"),
            "only a time has a zone and days",
            "zone と days は time だけに書きます",
        )


def _check_time(rules: _Rules, question: Question, part: Part, path: _Path) -> None:
    try:
        ZoneInfo(part.zone)
    except (ValueError, OSError, KeyError):
        raise rules.fault(
            (*path, "zone"),
            "a time names its zone: Asia/Tokyo",
            "time には zone が必要です（例: Asia/Tokyo）",
        ) from None
    for day in part.days:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            raise rules.fault((*path, "days"), "a day is 2022-11-12", "日付は 2022-11-12 の形です")
    for lang, words in _JST.items():
        asked = question.prompt[lang] + (part.label[lang] if part.label else "")
        if part.zone == "Asia/Tokyo" and not any(word in asked for word in words):
            raise rules.fault(
                ("questions", question.number - 1, "prompt", lang),
                f"the prompt says in which zone: {words[0]}",
                f"問いにタイムゾーンを書いてください（{words[-1]}）",
            )


def _check_techniques(rules: _Rules, path: _Path, techniques: tuple[str, ...]) -> None:
    for at, technique in enumerate(techniques):
        if not _TECHNIQUE.fullmatch(technique):
            raise rules.fault(
                (*path, at),
                f'"{technique}" is no id of MITRE ATT&CK: T1078.004',
                f"「{technique}」は MITRE ATT&CK の ID ではありません（例: T1078.004）",
            )


def _check_text(rules: _Rules, path: _Path, text: Text, *, told: bool) -> None:
    """Check a text in both languages, and that both are filled with the same."""
    found = []
    for lang in ("en", "ja"):
        found.append(_check_slots(rules, (*path, lang), text[lang], told=told))
        # A full-width digit of a Japanese keyboard is a digit, too.
        plain = normalize("NFKC", _CODE.sub("", _SLOT.sub("", text[lang])))
        typed = _TYPED.search(plain)
        if typed:
            raise rules.fault(
                (*path, lang),
                f'"{typed[0]}" is typed: clock times and dates differ by team, use a slot',
                f"「{typed[0]}」が直接書かれています。時刻や日付はチームごとに違うので、"
                "スロットを使ってください",
            )
    if found[0] != found[1]:
        raise rules.fault(
            (*path, "ja"),
            f"the languages have different slots: {sorted(found[0] ^ found[1])}",
            f"英語と日本語のスロットが違います: {sorted(found[0] ^ found[1])}",
        )
    if re.search(r"[A-Za-z]{3} [a-z]+ [a-z]+ ", text.ja) and not _JAPANESE.search(text.ja):
        raise rules.fault((*path, "ja"), "this is no Japanese", "日本語の文章になっていません")


def _check_slots(rules: _Rules, path: _Path, text: str, *, told: bool) -> set[str]:
    """Check the slots of a text; return their names."""
    try:
        slots = list(slots_of(text))
    except SlotError as error:
        raise rules.fault(path, error.en, error.ja) from None
    for slot in slots:
        if slot.answer and not (told and _asks(rules.mission, slot.name)):
            raise rules.fault(
                path,
                f'"{{answer[{slot.name}]}}" cannot stand here: only happened and log_next tell '
                "answers, those of questions and parts that there are",
                f"「{{answer[{slot.name}]}}」はここでは使えません。答えを書けるのは happened と "
                "log_next だけで、実在する問いと項目に限ります",
            )
    return {f"answer {slot.name}" if slot.answer else slot.name for slot in slots}


def _asks(mission: Mission, name: str) -> bool:
    """Tell whether a mission has the question ``"6"``, or the part ``"6a"`` of it."""
    number = int(name.rstrip("abcde"))
    if number > len(mission.questions):
        return False
    return name[-1].isdigit() or ord(name[-1]) - ord("a") < len(mission.questions[number - 1].parts)
