import pytest

from siemlab.datasets import Plan


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """A month of thin days instead of thirteen."""
    monkeypatch.setattr(
        "siemlab.lab.data._plan", lambda team: Plan.of("small", team=team, month="2022-01")
    )


def test_the_data_of_several_teams_is_prepared_once(siemlab, tmp_path):
    teams = ("--team", "t01", "--team", "t02", "--team", "t01")
    first = siemlab("prepare", *teams, "--into", tmp_path, "--jobs", "1")
    assert first.exit_code == 0
    assert first.stdout.splitlines() == [
        f"{tmp_path}/store-small-t01 is ready.",
        f"{tmp_path}/store-small-t02 is ready.",
    ]
    assert first.stderr.count("about 5 minutes") == 2
    again = siemlab("prepare", *teams, "--into", tmp_path, "--lang", "ja")
    assert again.stdout.splitlines()[0] == f"{tmp_path}/store-small-t01 の準備ができました。"
    assert again.stderr == ""
    count = siemlab("query", "--count", "--store", tmp_path / "store-small-t02")
    assert int(count.stdout) > 100


def test_without_a_team_it_is_the_base_data_where_notebooks_look(siemlab, monkeypatch, tmp_path):
    from siemlab import Lab

    monkeypatch.setenv("SIEMLAB_STORES", str(tmp_path))
    assert siemlab("prepare", "--drop-logs", "--jobs", "1").exit_code == 0
    assert not (tmp_path / "small").exists()
    with Lab(team="", quiet=True) as lab:
        assert lab.events().count() > 100


def test_what_can_be_no_team_is_refused(siemlab, tmp_path):
    result = siemlab("prepare", "--team", "../x", "--into", tmp_path)
    assert result.exit_code == 1
    assert "can be no team" in result.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_ctrl_c_says_that_it_can_be_gone_on_with(siemlab, monkeypatch, tmp_path):
    def stop(*_args, **_settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("siemlab.lab.data._load", stop)
    result = siemlab("prepare", "--into", tmp_path, "--jobs", "1", "--lang", "ja")
    assert result.exit_code == 130
    assert "続きから再開します" in result.stderr
