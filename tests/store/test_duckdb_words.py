"""The words of many texts at once are those of each text by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from siemlab.store.analysis import joined
from siemlab.store.duckdb_words import joined_all

# Signs that may stand inside words, what separates them, and what marks the end of a text.
ODD = st.text(alphabet="ab1_.:',; \"-\n\x00\x01\x02Z\u00e9\u65e5", max_size=60)
LONG = st.integers(100, 600).map(lambda length: f"see {'a' * length}.b")


@given(st.lists(ODD | LONG | st.text(max_size=20), max_size=6))
def test_many_texts_have_the_words_of_each(texts: list[str]) -> None:
    assert joined_all(texts) == [joined(text) for text in texts]


def test_a_sign_does_not_join_two_texts() -> None:
    assert joined_all(["a.", "b", ":c", "1,", "2"]) == ["a", "b", "c", "1", "2"]


def test_there_may_be_no_text_at_all() -> None:
    assert joined_all([]) == []
    assert joined_all(["", "..."]) == ["", ""]
