"""Saved programs: they come back as they were, and a file that is not one is refused with one sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from expressions import programs
from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Var, abstracted
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.saved import DEEPEST, from_data, load, save, to_data
from extrapolate.core.types import INT, list_of
from extrapolate.core.word import primitive
from extrapolate.languages.lists import LANGUAGE

XS = Var("xs", list_of(INT))
LARGEST = Program(Apply(LANGUAGE["max"], (XS,), INT), (XS,), INT, "largest")
X = Var("x", INT)
DOUBLED = Program(
    Apply(LANGUAGE["map"], (abstracted((X,), Apply(LANGUAGE["add"], (X, X), INT)), XS), list_of(INT)),
    (XS,),
    list_of(INT),
    "doubled",
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(programs())
def test_programs_come_back_as_they_were(program):
    data = json.loads(json.dumps(to_data(program)))
    assert from_data(data, LANGUAGE) == program.trimmed


def test_a_saved_program_is_readable_and_runs_again(tmp_path):
    path = tmp_path / "doubled.json"
    save(DOUBLED, path, [(([1, 2],), [2, 4])])
    data = json.loads(path.read_text())
    assert data == {
        "format": "extrapolate-program",
        "version": 1,
        "language": "lists",
        "name": "doubled",
        "inputs": [["xs", "list[int]"]],
        "output": "list[int]",
        "words": ["add", "map"],
        "expression": [
            "apply", "map", "list[int]",
            ["function", [["x", "int"]], ["apply", "add", "int", ["input", "x"], ["input", "x"]]],
            ["input", "xs"],
        ],
        "examples": [{"in": [[1, 2]], "out": [2, 4]}],
    }  # fmt: skip
    assert load(path, LANGUAGE)([3, 4]) == [6, 8]


def test_a_file_is_replaced_only_when_that_is_asked_for(tmp_path):
    path = tmp_path / "p.json"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists"):
        save(LARGEST, path)
    assert path.read_text() == "mine"
    save(LARGEST, path, force=True)
    assert load(path, LANGUAGE) == LARGEST
    assert [p.name for p in tmp_path.iterdir()] == ["p.json"]


def test_nothing_is_written_into_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no folder"):
        save(LARGEST, tmp_path / "missing" / "p.json")


def changed(**entries):
    return {**to_data(LARGEST), **entries}


@pytest.mark.parametrize(
    "data, words",
    [
        ([], ["not a saved program"]),
        ({"format": "other"}, ["not a saved program"]),
        (changed(version=3), ["version 3", "up to version 2", "upgrade"]),
        (changed(version="1"), ["version is '1'"]),
        (changed(version=True), ["version is True"]),
        ({k: v for k, v in changed().items() if k != "inputs"}, ["'inputs' is None"]),
        (changed(language="laws"), ["'laws'", "'lists'"]),
        (changed(words=["max", "double", "triple"]), ["double, triple", "--words FILE"]),
        (changed(expression=["apply", "double", "int", ["input", "xs"]]), ["'double'"]),
        (changed(expression=["input", "ys"]), ["'ys'"]),
        (changed(expression=["input", "xs"]), ["declared to return int", "returns list[int]"]),
        (changed(expression=["apply", "max", "bool", ["input", "xs"]]), ["max", "(list[int]) -> bool"]),
        (changed(expression=["apply", "max", "int"]), ["max", "() -> int"]),
        (changed(expression=["apply", "max", "int", ["value", "int", 3]]), ["max", "(int) -> int"]),
        (changed(expression=["apply", "max", "A", ["input", "xs"]]), ["'A' is not a type"]),
        (changed(expression=["apply", "sum", "bool", ["value", "list[bool]", [True]]]), ["sum"]),
        (changed(expression=["value", "int", True]), ["True", "int"]),
        (changed(expression=["value", "int", 10**30]), ["int"]),
        (changed(expression=["value", "float", float("nan")]), ["nan", "float"]),
        (changed(expression=["value", "list[int]", "abc"]), ["'abc'"]),
        (changed(expression=["value", "list[" * 5000, []]), ["no type"]),
        (changed(expression=["if", ["value", "int", 1], ["value", "int", 1], ["value", "int", 2]]), ["an if", "int"]),
        (changed(expression=["function", [["x", "int"]], ["input", "x"]]), ["(int) -> int"]),
        (changed(expression=["import", "os"]), ["no part of an expression"]),
        (changed(expression=[]), ["no part of an expression"]),
        (changed(expression=["input", "xs", "xs"]), ["no part of an expression"]),
        (changed(inputs=[["xs; import os", "list[int]"]]), ["no name"]),
        (changed(inputs=[["class", "list[int]"]]), ["no name"]),
        (changed(inputs=[["xs", "list[int]"]] * 2), ["same name"]),
        (changed(inputs=["xs"]), ["'xs' is no input"]),
        (changed(name="a b"), ["'a b' is no name"]),
        (changed(output=7), ["'output' is 7"]),
    ],
)
def test_what_is_not_a_well_typed_program_is_refused(data, words):
    with pytest.raises(InputError) as caught:
        from_data(data, LANGUAGE)
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def nested(depth):
    expression = ["input", "xs"]
    for _ in range(depth):
        expression = ["apply", "reverse", "list[int]", expression]
    return changed(expression=expression, output="list[int]")


def test_expressions_are_deep_but_not_too_deep():
    program = from_data(nested(DEEPEST), LANGUAGE)
    assert program([1, 2]) == [1, 2]
    assert program.source.count("[::-1]") == DEEPEST and program.cost > DEEPEST
    with pytest.raises(InputError, match="too large"):
        from_data(nested(DEEPEST + 1), LANGUAGE)
    wide = ["input", "xs"]
    for _ in range(14):
        wide = ["apply", "concat", "list[int]", wide, wide]
    with pytest.raises(InputError, match="too large"):
        from_data(changed(expression=wide, output="list[int]"), LANGUAGE)


@pytest.mark.parametrize(
    "content, word", [("", "not JSON"), ("{", "not JSON"), ("[" * 99999, "not JSON"), ("[]", "not a saved program")]
)
def test_files_that_are_no_programs(tmp_path, content, word):
    path = tmp_path / "p.json"
    path.write_text(content)
    with pytest.raises(InputError, match=word) as caught:
        load(path, LANGUAGE)
    assert str(path) in str(caught.value)


def test_words_of_ones_own_are_needed_again(tmp_path):
    @primitive(cost=2, source="2 * {n}")
    def double(n: int) -> int:
        """Twice the number."""
        return 2 * n

    mine = Language("lists", (*LANGUAGE.words, double), LANGUAGE.constants)
    n = Var("n", INT)
    save(Program(Apply(double, (n,), INT), (n,), INT, "twice"), tmp_path / "p.json")
    assert load(tmp_path / "p.json", mine)(4) == 8
    with pytest.raises(InputError, match="double; give the file that declares them"):
        load(tmp_path / "p.json", LANGUAGE)
