import pytest

from siemlab.cli.language import Say, language


@pytest.mark.parametrize(
    ("args", "environ", "expected"),
    [
        pytest.param([], {}, "en", id="nothing said"),
        pytest.param([], {"LANG": "ja_JP.UTF-8"}, "ja", id="the locale"),
        pytest.param([], {"LANG": "C", "LC_ALL": "ja_JP.UTF-8"}, "ja", id="LC_ALL before LANG"),
        pytest.param([], {"LANG": "fr_FR.UTF-8"}, "en", id="a language that there is not"),
        pytest.param([], {"SIEMLAB_LANG": "ja", "LANG": "C"}, "ja", id="SIEMLAB_LANG before it"),
        pytest.param(["info", "--lang=en"], {"SIEMLAB_LANG": "ja"}, "en", id="the option first"),
        pytest.param(["--lang", "ja", "info", "--lang", "en"], {}, "en", id="the last one counts"),
        pytest.param(["query", "--", "--lang", "ja"], {}, "en", id="not after the double dash"),
        pytest.param(["query", "--lang"], {}, "en", id="no value"),
    ],
)
def test_the_language_is_that_of_the_option_the_variable_or_the_locale(args, environ, expected):
    assert language(args, environ) == expected


def test_a_message_on_standard_error_holds_no_control_character_of_a_log(capsys):
    Say().note("refused: \x1b[2J\x9b31m", "")
    assert capsys.readouterr().err == "refused: \\x1b[2J\\x9b31m\n"
