"""What differs from team to team, and within which bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.baseline import load_baseline
from siemlab.scenarios import SCENARIOS
from siemlab.scenarios.actors import ACTORS, actors_of
from siemlab.simulate.calendar import HOUR, MINUTE, millis
from siemlab.simulate.world import World

teams = st.from_regex(r"[a-z][a-z0-9-]{0,11}", fullmatch=True)

# The first example pays for the company's files.
few = settings(deadline=None, max_examples=40)

# By how many minutes a story may be moved, the first and the last.
BOUNDS = {
    "L1-A": (-133, 7),
    "L1-B": (-175, 175),
    "L1-C": (-42, 42),
    "L2-A": (-175, 175),
    "L2-B": (-77, 175),
    "L2-C": (0, 175),
}


def world_of(team: str) -> World:
    return World(load_baseline(), seed=2022, team=team)


@few
@given(teams)
def test_a_story_is_moved_in_steps_of_seven_minutes_within_its_bounds(team: str) -> None:
    plain, own = world_of(""), world_of(team)
    for scenario in SCENARIOS:
        moved = scenario.knobs(own).start - scenario.knobs(plain).start
        first, last = BOUNDS[scenario.name]
        assert moved % (7 * MINUTE) == 0, scenario.name
        assert first * MINUTE <= moved <= last * MINUTE, scenario.name


@few
@given(teams)
def test_counts_are_multiplied_by_four_fifths_to_six_fifths(team: str) -> None:
    factors = [scenario.knobs(world_of(team)).factor for scenario in SCENARIOS]
    assert [factor for factor in factors if not 800 <= factor <= 1200] == []


@few
@given(teams)
def test_actors_have_different_addresses_in_their_own_blocks(team: str) -> None:
    world = world_of(team)
    found = actors_of(world)
    assert len({*found.values()}) == len(found)
    for block, members in ACTORS.items():
        for member in members:
            address = world.baseline.range_named(block)
            assert world.baseline.range_of(found[member]) is not None
            assert found[member] in {str(host) for host in address.network.hosts()}, member


@few
@given(teams)
def test_the_image_builder_comes_between_the_leak_and_the_end_of_its_key(team: str) -> None:
    [story] = [scenario for scenario in SCENARIOS if scenario.name == "L1-A"]
    start = story.knobs(world_of(team)).start
    first, last = millis("2022-11-12T15:00:12Z"), millis("2022-11-12T15:21:00Z")
    assert start < first
    assert last < start + 2 * HOUR + 51 * MINUTE


@few
@given(teams)
def test_a_team_has_another_name_for_the_user_that_is_made_at_night(team: str) -> None:
    [story] = [scenario for scenario in SCENARIOS if scenario.name == "L1-C"]
    name = story.knobs(world_of(team))["user"]
    assert name not in load_baseline().users
    assert name != story.knobs(world_of(""))["user"]
