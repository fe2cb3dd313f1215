"""Tasks: types inferred from examples, names, rows left open, contradictions, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import InputError, Task
from extrapolate.core.kind import parse_type, type_of
from extrapolate.core.task import identifiers

INFERRED = [
    ([(1, True)], "(n: int) -> bool"),
    ([([1, 2], 3), ([], 0)], "(xs: list[int]) -> int"),
    ([([1, 2.5], 3), ([], 0.5)], "(xs: list[float]) -> float"),
    ([(([1], [2]), [[1, 2]])], "(xs: list[int], ys: list[int]) -> list[list[int]]"),
    ([((1, 2, 0.5), "a")], "(n: int, m: int, x: float) -> text"),
    ([([], [])], "(xs: list[int]) -> list[int]"),
    ([([[], ["a"]], "a")], "(xs: list[list[text]]) -> text"),
]


@pytest.mark.parametrize(("examples", "signature"), INFERRED, ids=[s for _, s in INFERRED])
def test_types_are_inferred(examples, signature):
    assert Task.from_examples(examples).signature == signature


REFUSED = [
    ([], "there is no example with an output"),
    ([(1, None)], "there is no example with an output"),
    ([(1, 2, 3)], "example 1 is (1, 2, 3); give pairs"),
    ([(1, 2), ((1, 2), 3)], "row 2 has 2 inputs and row 1 has 1"),
    ([(1, 2), ("a", 3)], "row 2, the input: 'a': int and text are mixed"),
    ([([1, "a"], 2)], "row 1, the input: [1, 'a']: int and text are mixed"),
    ([(1, 2), (2, True)], "row 2, output: True: int and bool are mixed"),
    ([(1, float("nan"))], "row 1, output: nan: numbers must be finite"),
    ([([1.5, float("inf")], 1)], "numbers must be finite"),
    ([({1, 2}, 1)], "a value of type set can't be used"),
    ([((1, None), 1)], "row 1, input 2: None: it is empty"),
]


@pytest.mark.parametrize(("examples", "says"), REFUSED, ids=[s for _, s in REFUSED])
def test_what_can_not_be_used_is_named_with_its_row(examples, says):
    with pytest.raises(InputError) as error:
        Task.from_examples(examples)
    assert says in str(error.value)


def test_rows_without_an_output_are_left_open():
    task = Task.from_examples([(1, 2), (3, None), (5, 6)])
    assert [row.number for row in task.unlabelled] == [2]
    assert [row.output for row in task.labelled] == [2, 6]


def test_rows_that_repeat_count_once():
    task = Task.from_examples([(1, 2), (3, 4), (1, 2)])
    assert [row.number for row in task.distinct] == [1, 2]


def test_contradictions_are_pairs_of_rows():
    task = Task.from_examples([([1], 2), ([2], 3), ([1], 2), ([1], 4)])
    assert [(a.number, b.number) for a, b in task.contradictions] == [(1, 4)]


def test_numbers_and_arrays_of_numpy_are_examples():
    task = Task.from_examples([((np.float64(1.5), np.int64(2)), np.array([1, 2])), ((2.5, 3), [4])])
    assert task.signature == "(x: float, n: int) -> list[int]"
    assert type(task.rows[0].inputs[0]) is float


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Period [yr]", "2nd", "class"], ["period_yr", "_2nd", "class_"]),
        (["a", "A", "a "], ["a", "A", "a_2"]),
        (["", "Größe"], ["column", "größe"]),
    ],
)
def test_names_become_identifiers(names, found):
    assert identifiers(names, set()) == found


@given(st.lists(st.text(max_size=8), max_size=6))
def test_identifiers_are_valid_and_differ(names):
    found = identifiers(names, {"column"})
    assert all(name.isidentifier() for name in found)
    assert len({*found, "column"}) == len(names) + 1


@given(st.recursive(st.sampled_from(["bool", "int", "float", "text"]), lambda t: t.map(lambda x: f"list[{x}]")))
def test_types_are_read_as_they_are_written(text):
    assert str(parse_type(text)) == text


def test_the_type_of_nested_lists_joins_their_elements():
    assert str(type_of([[1], [], [2.5]])) == "list[list[float]]"
