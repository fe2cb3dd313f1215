"""Gaps: what stands between the words that a program takes, and programs that split there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.expression import Apply, walk
from extrapolate.languages.gaps import gaps_in

FOOD = [("sugar, butter, flour", "butter, flour, sugar"), ("tomato, basil", "basil, tomato")]
QUICK = {"programs": 400_000, "seconds": None, "language": "text"}


@pytest.mark.parametrize(
    ("text", "splitter", "gaps"),
    [
        ("a, b; c", "words", [", ", "; "]),
        ("(a) b", "words", [") "]),
        ("street food, asia", "words", [" ", ", "]),
        ("a_b c-d", "names_in", [" ", "-"]),
        ("a_b1c", "letters_in", ["_", "1"]),
        ("- -", "words", [" -"]),
        ("alone", "words", []),
        ("", "names_in", []),
        (None, "words", []),
    ],
)
def test_gaps_are_what_stands_between_words(text, splitter, gaps):
    assert gaps_in(text, splitter) == gaps


@given(st.lists(st.text("ab", min_size=1), min_size=1, max_size=6), st.sampled_from([", ", "-", " / "]))
def test_there_is_a_gap_between_any_two_words(words, mark):
    assert gaps_in(mark.join(words), "names_in") == [mark] * (len(words) - 1)


def test_a_mark_that_all_examples_show_is_where_a_cell_is_split():
    rows = [*FOOD, ("rice, beans, avocado, lime", "avocado, beans, lime, rice"), ("tofu, soy, bok choy", None)]
    result = learn(rows, language="text", programs=3_000_000, seconds=None)
    assert result.candidates[0].answers == ("bok choy, soy, tofu",), result


def test_without_a_word_there_are_no_variants_with_it():
    result = learn([*FOOD, ("a b, c", None)], without=["split"], **QUICK)
    used = {part.word.name for c in result.candidates for part in walk(c.program.expr) if isinstance(part, Apply)}
    assert used and "split" not in used
