"""Data frames: learned from, filled in, asked about."""

import math

import pandas as pd
import polars as pl
import pytest

from extrapolate import InputError, learn

BUDGET = {"programs": 60_000, "seconds": None}
NAMES = ["Ada Lovelace", "Alan Turing", "Grace Brewster Hopper", None, "Emmy Noether"]
INITIALS = ["A.L.", None, "G.B.H.", None, None]


@pytest.fixture(params=[pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def frame(request):
    return request.param({"id": [1, 2, 3, 4, 5], "name": NAMES, "initials": INITIALS})


def texts(column):
    return [None if value is None or value != value else value for value in column.to_list()]


def test_a_column_is_learned_and_filled(frame):
    result = learn(frame, target="initials", **BUDGET)
    assert texts(result.fill(frame)) == ["A.L.", "A.T.", "G.B.H.", None, "E.N."]
    assert type(result.fill(frame)).__module__.startswith(type(frame).__module__.split(".")[0])
    assert texts(frame["name"]) == NAMES and texts(frame["initials"]) == INITIALS


def test_what_is_filled_in_stays_even_where_the_program_differs():
    frame = pd.DataFrame({"name": ["ann lee", "bo fox", "cy ray"], "last": ["Lee", "Fox", None]})
    result = learn(frame, target="last", **BUDGET)
    other = pd.DataFrame({"name": ["ann lee", "bo fox"], "last": ["LEE!", None]}, index=[7, 9])
    filled = result.fill(other)
    assert (texts(filled), list(filled.index)) == (["LEE!", "Fox"], [7, 9])


def test_a_blank_input_stays_blank_unless_an_example_says_otherwise():
    names = ["ann lee", "bo fox", "", None]
    without = pd.DataFrame({"name": names, "last": ["lee", "fox", None, None]})
    assert texts(learn(without, target="last", **BUDGET).fill(without)) == ["lee", "fox", None, None]
    told = pd.DataFrame({"name": [*names, "cy ray"], "first": ["Hi ann lee", "Hi bo fox", "Hi ", None, None]})
    assert texts(learn(told, target="first", **BUDGET).fill(told))[2:] == ["Hi ", "Hi ", "Hi cy ray"]


def test_one_more_example_settles_it():
    frame = pd.DataFrame({"name": ["ann lee", "bob fox", "Cy van Dyck"], "key": ["l", "f", None]})
    result = learn(frame, target="key", **BUDGET)
    assert [question.row.number for question in result.questions] == [2]
    for answer in result.questions[0].answers:
        assert result.answer(2, answer).program("Cy van Dyck") == answer


def test_numbers_are_learned_as_numbers():
    frame = pl.DataFrame({"a": [1, 2, 3, 10], "b": [5, 7, 9, 1], "sum": [6, 9, 12, None], "who": ["x", "y", "z", "u"]})
    result = learn(frame, target="sum", **BUDGET)
    assert result.fill(frame).to_list() == [6, 9, 12, 11]


def test_many_rows_are_answered_each_input_once():
    n = 100_000
    frame = pl.DataFrame({"code": [f"A-{i % 500}" for i in range(n)], "n": ["0", "1", *[None] * (n - 2)]})
    assert learn(frame, target="n", **BUDGET).fill(frame).to_list() == [str(i % 500) for i in range(n)]


def test_large_cells_are_left_alone_and_answered():
    big = "x" * 10_000_000
    frame = pd.DataFrame({"s": ["ab c", "cde d", f"{big} y"], "first": ["ab", "cde", None]})
    result = learn(frame.iloc[:2], target="first", **BUDGET)
    assert result.fill(frame).iloc[2] == big


@pytest.mark.parametrize(
    ("target", "problem"),
    [("nothing", "has the columns id, name, initials"), (None, "has the columns"), ("empty", "has the columns")],
)
def test_a_target_that_is_not_there(frame, target, problem):
    with pytest.raises(InputError, match=problem):
        learn(frame, target=target)


def test_a_target_without_examples_and_a_frame_without_inputs():
    with pytest.raises(InputError, match="every cell of 'b' is blank"):
        learn(pd.DataFrame({"a": [1], "b": [math.nan]}), target="b")
    with pytest.raises(InputError, match="no column with values beside 'b'"):
        learn(pd.DataFrame({"b": [1]}), target="b")


def test_a_target_is_for_frames():
    with pytest.raises(InputError, match="column of a data frame"):
        learn([([1], 1)], target="x")


def test_an_answer_must_be_for_a_row_and_of_the_type(frame):
    result = learn(frame, target="initials", **BUDGET)
    with pytest.raises(InputError, match="there is no row 17"):
        result.answer(17, "X")
    with pytest.raises(InputError, match="row 1, initials"):
        result.answer(1, 5)


def test_nothing_is_filled_without_a_program():
    frame = pd.DataFrame({"s": ["a", "b", "c"], "t": ["§q1", "zz!", None]})
    result = learn(frame, target="t", programs=300, seconds=None)
    if result.solved:
        pytest.skip("it was solved after all")
    with pytest.raises(InputError, match="no program fits"):
        result.fill(frame)
