"""A mission is proven where engine, raw pass and truth agree; a planted mistake is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.errors import MissionFileError
from siemlab.missions import Option, Part, TeamKey, digest, read_team_key, unseal
from siemlab.proofs import differing, key_of, proof_table, write_keys
from siemlab.proofs.comparing import spelled
from siemlab.proofs.lints import chance

from .toys import TRUE, Toy, question, text


def test_the_toy_is_proven(toy: Toy) -> None:
    proven = toy.prove()
    assert [str(finding) for finding in proven.findings] == []
    assert proven.answer("TOY.1") == TRUE


def test_a_wrong_solution_is_found(toy: Toy) -> None:
    toy.change("solution 1", "calls.count()", "calls.count() + 1")
    assert set(toy.found()) == {("TOY.1", "raw"), ("TOY.1", "truth")}


def test_a_wrong_raw_pass_is_found(toy: Toy) -> None:
    toy.change("proof 1", "len(early),", "len(early) - 1,")
    assert toy.found() == [("TOY.1", "raw")]


def test_a_truth_that_says_something_else_is_found(toy: Toy) -> None:
    toy.change("proof 1", f"truth={TRUE}", "truth=99")
    assert toy.found() == [("TOY.1", "truth")]


def test_an_answer_without_a_proof_is_found(toy: Toy) -> None:
    toy.cells["proof 2"] = "pass"
    assert toy.found() == [("TOY.2", "raw")]


def test_a_question_that_no_solution_answers_is_found(toy: Toy) -> None:
    del toy.cells["solution 3"]
    assert toy.found() == [("TOY.3", "missing")]


@pytest.mark.parametrize("state", ["utc", "failed"])
def test_a_prompt_that_can_be_read_in_two_ways_is_found(toy: Toy, state: str) -> None:
    states = dict(toy.mission.questions[0].states)
    del states[state]
    toy.ask(1, states=states)
    [finding] = toy.prove().findings
    assert (finding.question, finding.what) == ("TOY.1", "ambiguous")
    assert f'"{state}"' in finding.en
    assert state in finding.ja


def test_a_question_that_is_easily_guessed_says_so_or_is_changed(toy: Toy) -> None:
    toy.change("solution 1", "calls.count()", 'calls.top("event.kind", 1)[0].count')
    toy.ask(1, parts=(Part("count", field="event.kind"),))
    assert ("TOY.1", "guessable") in toy.found()
    toy.ask(1, guessable=True)
    assert ("TOY.1", "guessable") not in toy.found()


def test_parts_are_guessed_one_by_one_since_a_verdict_names_those_that_are_right() -> None:
    assert chance([3, 3]) == 1
    assert chance([6, 6]) == 0.25
    assert chance([6, None]) == 0


def test_a_field_that_no_log_has_is_found(toy: Toy) -> None:
    toy.ask(2, parts=(Part("ip", many=True, field="source.ipp"),))
    assert toy.found() == [("TOY.2", "field")]


def test_two_explained_wrong_answers_are_wanted(toy: Toy) -> None:
    toy.cells["solution 1"] = f'assert lab.question("TOY.1", answer={TRUE}).right'
    toy.change("proof 1", 'foil("TOY.1", "half", len(early) // 2)\n', "")
    assert toy.found() == [("TOY.1", "foils")]


def test_an_answer_in_a_text_is_found(toy: Toy) -> None:
    [*_, last] = sorted(toy.prove().answer("TOY.2"))
    toy.cells["start"] += f"\n# {last}"
    toy.ask(3, prompt=text(f"Why {last}?"))
    found = [each for each in toy.prove().findings if each.what == "told"]
    assert {each.question for each in found} == {"TOY.2"}
    assert "notebook" in " ".join(each.en for each in found)
    assert "TOY.3 prompt" in " ".join(each.en for each in found)
    assert last not in " ".join(each.en + each.ja for each in found)


def test_numbers_that_differ_between_the_languages_are_found(toy: Toy) -> None:
    toy.ask(3, prompt=text("Why 25 times?", "なぜ 52 回も。"))
    assert toy.found() == [("TOY.3", "numbers")]


def test_a_number_may_be_spelled_out_in_english(toy: Toy) -> None:
    toy.ask(3, prompt=text("Why within fifteen minutes?", "なぜ 15 分以内に。"))
    assert toy.found() == []


def test_a_cell_that_fails_is_named_with_its_line(toy: Toy) -> None:
    toy.change("solution 2", 'top("source.ip")', 'top("source.ip")[99:][0]')
    with pytest.raises(MissionFileError, match="IndexError") as caught:
        toy.prove()
    lines = (toy.folder / "toy.md").read_text(encoding="utf-8").splitlines()
    assert "[99:]" in lines[caught.value.line - 1]
    assert caught.value.file == "toy.md"


def test_a_proof_cell_that_fails_is_named_with_its_line(toy: Toy) -> None:
    toy.change("proof 2", '"203.0.113.0/24"', '"203.0.113.7/24"')
    with pytest.raises(MissionFileError, match="host bits") as caught:
        toy.prove()
    lines = (toy.folder / "toy.md").read_text(encoding="utf-8").splitlines()
    assert "203.0.113.7/24" in lines[caught.value.line - 1]


def test_a_foil_without_a_sentence_is_refused(toy: Toy) -> None:
    toy.change("proof 1", '"half"', '"third"')
    with pytest.raises(MissionFileError, match="no foil 'third'"):
        toy.prove()


# --- foils ---------------------------------------------------------------------------------------


def test_misreadings_become_foils_and_the_authors_own_come_first(toy: Toy) -> None:
    foils = {foil.name: foil for foil in toy.prove().foils["TOY.1"]}
    assert list(foils)[:2] == ["half", "other"]
    assert {"utc", "only-success", "all-time"} <= {*foils}
    assert foils["all-time"].values == (48,)


def test_what_the_author_accepts_is_no_foil(toy: Toy) -> None:
    toy.cells["proof 1"] += '\naccept("TOY.1", 48)'
    proven = toy.prove()
    assert all(foil.values != (48,) for foil in proven.foils["TOY.1"])
    [part] = key_of(proven).questions["TOY.1"]
    wanted = [digest(spelled(Part("count"), value), "", "TOY.1") for value in (TRUE, 48)]
    assert part.right == tuple(sorted(wanted))


def test_a_reading_changes_nothing_for_the_cells_after_it(toy: Toy) -> None:
    answers = {one.id: toy.prove().answer(one.id) for one in toy.mission.questions}
    assert answers == {one.id: toy.prove().answer(one.id) for one in toy.mission.questions}


def test_a_pair_needs_a_value_for_each_part(toy: Toy) -> None:
    why = Part("choice", options=(Option("a", text("a")), Option("b", text("b"))))
    pair = question(1, "How many in JST, failed ones included, and why?", Part("count"), why)
    toy.mission = type(toy.mission)(
        *("TOY", "", 0, 5, text("A toy"), text("A toy"), (pair,), (), text("A toy")),
    )
    toy.cells["solution 1"] = 'assert lab.question("TOY.1", answer=(calls.count(), "a")).right'
    for name in ("solution 2", "proof 2", "solution 3"):
        del toy.cells[name]
    toy.ask(1, states={"utc": text("JST"), "failed": text("failed")})
    proven = toy.prove()
    assert [str(each) for each in proven.findings] == []
    first, second = key_of(proven).questions["TOY.1"]
    assert first.foils
    assert second.foils == {}


# --- keys ----------------------------------------------------------------------------------------


def test_a_key_holds_digests_and_the_given_facts_and_no_answer(toy: Toy, tmp_path: Path) -> None:
    proven = toy.prove()
    write_keys(tmp_path / "keys", key_of(proven), "TOY")
    raw = (tmp_path / "keys" / "base.json").read_text(encoding="utf-8")
    key = read_team_key(tmp_path / "keys" / "base.json")
    assert key.given["TOY"] == {"noon": "2022-11-14T12:00:00+09:00"}
    assert all(address not in raw for address in proven.answer("TOY.2"))
    [part] = key.questions["TOY.1"]
    assert unseal(part.sealed, "", "TOY.1") == str(TRUE)
    assert part.right == (digest(spelled(Part("count"), TRUE), "", "TOY.1"),)


def test_writing_a_key_twice_gives_the_same_bytes_and_leaves_other_missions(
    toy: Toy, tmp_path: Path
) -> None:
    write_keys(tmp_path, TeamKey("", {"L9": {"nights": 3}}, {}), "L9")
    write_keys(tmp_path, key_of(toy.prove()), "TOY")
    before = (tmp_path / "base.json").read_bytes()
    write_keys(tmp_path, key_of(toy.prove()), "TOY")
    assert (tmp_path / "base.json").read_bytes() == before
    assert read_team_key(tmp_path / "base.json").given["L9"] == {"nights": 3}
    assert not differing(tmp_path, key_of(toy.prove()), "TOY")


def test_a_key_that_says_something_else_is_noticed(toy: Toy, tmp_path: Path) -> None:
    write_keys(tmp_path, key_of(toy.prove()), "TOY")
    toy.change("proof 1", '"other", 1_000', '"other", 1_001')
    assert differing(tmp_path, key_of(toy.prove()), "TOY")


# --- the table -----------------------------------------------------------------------------------


def test_the_table_shows_no_answers_unless_they_are_wanted(toy: Toy) -> None:
    proven = toy.prove()
    hidden, shown = (repr(proof_table(proven, show=show)) for show in (False, True))
    answers = proven.answer("TOY.2")
    assert answers
    assert all(answer not in hidden and answer in shown for answer in answers)
    assert "≠" not in hidden


def test_a_difference_is_marked_in_the_table(toy: Toy) -> None:
    toy.change("proof 1", "len(early),", "len(early) - 1,")
    [row, *_] = proof_table(toy.prove(), "ja").rows
    assert "≠" in row
