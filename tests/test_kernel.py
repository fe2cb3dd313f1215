"""What anybody may rely on, whatever the language is: each test stands for a kind of fault that was met."""

import json
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from extrapolate import InputError, Task, learn, lists, primitive
from extrapolate.core.definition import define
from extrapolate.core.expression import Apply, Bound, Lambda, Literal, Var, abstracted, opened, replaced
from extrapolate.core.kind import type_of
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Candidate, Stop
from extrapolate.core.saved import from_data, to_data
from extrapolate.core.types import FLOAT, INT, TEXT, list_of
from extrapolate.core.values import Values
from extrapolate.core.word import joining
from extrapolate.languages.fits import FITS
from extrapolate.languages.lists import LANGUAGE
from extrapolate.regression.method import Pace, in_time
from extrapolate.search.budget import Meter
from extrapolate.search.method import varied
from extrapolate.show.python import python_module

QUICK = {"programs": 150_000, "seconds": None}


def misses(result, rows):
    return [given for given, wanted in rows if result.program(given) != pytest.approx(wanted)]


@pytest.mark.parametrize(
    "rows",
    [
        [(2.5, 2.0), (3.7, 3.0), (0.2, 0.0), (9.9, 9.0), (5.1, 5.0), (7.8, 7.0)],
        [(5.0, 1.0), (8.0, 1.0), (12.0, 2.0), (30.0, 2.0), (9.5, 1.0)],
    ],
)
def test_solved_means_right_on_every_row(rows):
    result = learn(rows, **QUICK)
    assert not result.solved or not misses(result, rows)


def test_a_fit_is_called_a_fit():
    rows = [(float(x), 2 * x + 0.03 * (-1) ** x) for x in range(1, 12)]
    found = learn(rows, **QUICK)
    assert not found.solved and found.fitted == found.candidates[0].fits
    asked = learn(rows, language="laws", **QUICK)
    assert not asked.solved and asked.fitted == asked.candidates[0].fits


def test_a_blank_among_whole_numbers_changes_nothing(tmp_path):
    numbers = [7, 12, 3, 20, 9, 16, 31]
    frame = pd.DataFrame({"n": numbers, "half": [n // 2 for n in numbers[:-1]] + [None]})
    result = learn(frame, target="half", **QUICK)
    assert result.fill(frame).to_list()[-1] == 15
    for form in ("{}", "{}.0"):
        lines = ["n,half", *(f"{form.format(n)},{form.format(n // 2)}" for n in numbers[:-1]), form.format(31) + ","]
        (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
        done = run(tmp_path, "learn", "t.csv", "--target", "half", "--programs", "150000", "--fill", "done.csv", "-q")
        assert done.returncode == 0 and (tmp_path / "done.csv").read_text().splitlines()[-1].endswith(",15")
        (tmp_path / "done.csv").unlink()


def run(folder, *args, **options):
    command = [sys.executable, "-m", "extrapolate", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **options)


def test_numbers_keep_their_digits():
    rng = np.random.default_rng(0)
    columns = [[float(x) for x in rng.uniform(0, 10, n)] for n in (1, 2, 3, 4, 3)]
    result = learn([(xs, sum(xs)) for xs in columns], **QUICK)
    assert "sum(xs)" in result.program.source and result.program.cost == 3


def test_sums_of_long_numbers_are_found():
    rng = np.random.default_rng(1)
    pairs = [(rng.uniform(-9, 9, 3).tolist(), rng.uniform(-9, 9, 3).tolist()) for _ in range(10)]
    rows = [((xs, ys), [x + y for x, y in zip(xs, ys, strict=True)]) for xs, ys in pairs]
    result = learn(rows, language="lists", programs=20_000, seconds=None)
    assert result.program.source.strip().endswith("[x + y for x, y in zip(xs, ys)]")


@pytest.mark.parametrize("name", ["date", "number", "datetime", "decimal", "re"])
def test_no_name_hides_what_the_code_uses(name):
    rows = [(("3 May 2024", "$1,200"), "2024"), (("7 June 1999", "$3"), "1999"), (("1 July 2010", "$7,5"), None)]
    task = Task.from_examples(rows, names=[name, "other"], name=name)
    program = learn(task, language="text", **QUICK).program
    module = python_module(program, task.labelled)
    namespace = {"__name__": "learned"}
    exec(module, namespace)
    assert ">>> " in module


def test_a_program_keeps_its_name_and_the_functions_above_it_give_way():
    @primitive()
    def twice(n: int) -> int:
        return n + n

    n = Var("n", INT)
    program = Program(Apply(twice, (Apply(twice, (n,), INT),), INT), (n,), INT, "twice")
    assert program.source.endswith("def twice(n: int) -> int:\n    return twice_of(twice_of(n))\n")
    namespace = {}
    exec(program.source, namespace)
    assert namespace["twice"](3) == 12


def test_a_budget_in_seconds_is_kept_by_laws_as_well():
    """What is left to do with the laws that were found stops as well once the time is up."""
    late = Meter(Budget(seconds=0.0), Values())
    forms = range(100)
    made = in_time(lambda form: form, forms, late, 0.5)
    assert made == [0] and late.is_past(0.5)
    unlimited = Meter(Budget(seconds=None), Values())
    assert in_time(lambda form: form, forms, unlimited, 0.5) == list(forms)


def test_an_interrupted_search_for_laws_gives_the_best_so_far():
    def interrupted(form):
        if form == 2:
            raise KeyboardInterrupt
        return form

    assert in_time(interrupted, range(100), Pace(Meter(Budget(seconds=None), Values()), 1.0), 0.5) == [0, 1]


def test_an_input_is_not_used_by_a_word_that_changes_nothing():
    """`x % year` is `x` in every example, so that it is no better than leaving the year out."""
    totals = [((48213, 3, 4), 12), ((50177, 5, 6), 30), ((49034, 2, 9), 18), ((51120, 8, 3), 24), ((47, 40, 47), None)]
    result = learn(Task.from_examples(totals, names=["customer", "qty", "price"]), **QUICK)
    assert result.program(47, 40, 47) == 40 * 47
    profits = [((2019, 500, 320), 180), ((2020, 410, 400), 10), ((2021, 700, 555), 145), ((2022, 9000, 4000), None)]
    assert learn(profits, **QUICK).program(2022, 9000, 4000) == 5000


def test_a_long_program_of_the_likelier_language_competes_with_others():
    people = [
        ("d", 11, "a", 12),
        ("i", 9, "c", 3),
        ("k", 5, "b", 7),
        ("m", 8, "a", 1),
        ("a", 2, "e", 6),
        ("b", 3, "a", 2),
    ]
    rows = [([{"name": a, "score": m}, {"name": b, "score": n}], a if m > n else b) for a, m, b, n in people]
    result = learn(rows, programs=400_000, seconds=None)
    assert result.program([{"name": "x", "score": 1}, {"name": "y", "score": 2}, {"name": "z", "score": 0}]) == "y"


def test_of_a_wide_table_the_columns_that_tell_are_looked_at():
    x = np.random.default_rng(3).uniform(1, 9, (40, 80))
    rows = [(tuple(map(float, row)), float(row[7] * row[30] / row[61])) for row in x]
    result = learn(rows, language="laws", programs=300_000, seconds=None)
    assert result.solved and result.program.places == (7, 30, 61)
    assert any("12 of 80 columns" in note for note in result.notes)


def test_a_row_with_a_blank_counts_against_a_program_that_does_not_need_it():
    frame = pd.DataFrame({"a": range(1, 7), "c": [None, 1.5, 2.5, 4.5, 7.5, 3.0], "b": [100, 6, 9, 12, 15, None]})
    result = learn(frame, target="b", programs=20_000, seconds=None)
    assert all(c.missed or c.program([1.0, 0.0]) == 100 for c in result.candidates if "c" not in c.program.source)
    assert not result.solved or result.program.answer((1, None)) in (None, 100)


def test_definitions_of_one_name_are_printed_and_saved_apart():
    xs = Var("xs", list_of(INT))
    total, add = LANGUAGE["sum"], LANGUAGE["add"]
    more = define("sum", (xs,), Apply(add, (Apply(total, (xs,), INT), Literal(1, INT)), INT))
    inner = define("program", (xs,), Apply(add, (Apply(more, (xs,), INT), Literal(2, INT)), INT))
    outer = define("program", (xs,), Apply(add, (Apply(inner, (xs,), INT), Apply(total, (xs,), INT)), INT))
    program = Program(Apply(outer, (xs,), INT), (xs,), INT, "program", "lists")
    namespace = {}
    exec(program.source, namespace)
    assert namespace["program"]([1, 2]) == program([1, 2]) == 9
    assert from_data(json.loads(json.dumps(to_data(program))), LANGUAGE) == program


@pytest.mark.parametrize("key", ["first name", "{b}", "{{", 'a "b", [c]', "total: {x}"])
def test_a_field_may_have_any_name(key):
    rows = [({key: 3, "b": 1}, 4), ({key: 7, "b": 2}, 9), ({key: 10, "b": 5}, 15)]
    program = learn(rows, language="lists", **QUICK).program
    namespace = {}
    exec(program.source, namespace)
    assert namespace["program"]({key: 1, "b": 5}) == 6
    assert from_data(json.loads(json.dumps(to_data(program))), LANGUAGE)({key: 1, "b": 5}) == 6


def test_a_law_is_solved_when_each_row_is_right_small_ones_too():
    rows = [(x, x * x) for x in (100.0, 200.0, 500.0, 900.0, 1500.0, 2500.0, 4000.0)]
    result = learn([*rows, (0.01, 0.00011)], language="laws", programs=100_000, seconds=None)
    assert not result.solved


def test_a_law_that_nobody_asked_for_does_not_keep_others_away():
    rows = [((1.5, 2.25, 3.5), 2.25), ((9.5, 2.5, 4.25), 4.25), ((3.5, 8.25, 1.5), 3.5), ((7.5, 1.25, 5.5), 5.5)]
    rows += [((2.5, 9.75, 6.5), 6.5), ((4.25, 3.5, 0.5), 3.5)]
    result = learn(rows, programs=900_000, seconds=None)
    assert result.solved and result.program(1.0, 30.0, 20.0) == 20.0


def test_candidates_are_compared_as_their_kind_has_it():
    """Arrays have no single truth value when they are compared."""
    array = np.zeros((2, 2), dtype=np.uint8)
    t = type_of(array)
    inputs = (Var("x", t), Var("y", t))
    judged = [
        Candidate(Program(v, inputs, t, "program"), score, (), (array + i,))
        for i, (v, score) in enumerate(zip(inputs, (1.0, 2.0), strict=True))
    ]
    assert varied([*judged, judged[0]], 5) == judged


def test_text_of_others_is_never_code(tmp_path):
    task = Task.from_examples([([1, 2], 3), ([4, 4], 8)], description='>>> open("made", "w").close()')
    module = python_module(learn(task, **QUICK).program, task.labelled, task.description)
    (tmp_path / "m.py").write_text(module)
    done = subprocess.run([sys.executable, "-m", "doctest", "m.py"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0 and not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "t, known, other",
    [
        (list_of(INT), [1, 0], [True, False]),
        (list_of(INT), [1, 0], [1.0, 0.0]),
        (list_of(INT), [1, 0], {1: 2, 0: 3}),
        (list_of(TEXT), ["a", "b", "c"], "abc"),
        (INT, 1, True),
    ],
)
def test_a_value_of_another_type_is_undefined_whatever_was_met_before(t, known, other):
    table = Values().table(t)
    assert table.intern(known) == 1
    assert table.intern(other) == 0


@primitive(cost=2, inverses={"xs": lambda out: out.append(1) or out})
def spoiled(xs: list[int]) -> list[int]:
    return [x + 1 for x in xs]


def test_what_a_word_brings_along_may_edit_its_arguments():
    language = Language("small", (spoiled, LANGUAGE["reverse"], LANGUAGE["tail"]))
    rows = [([1, 2, 3], [4, 3, 2]), ([5, 7], [8, 6]), ([0, 9, 9], [10, 10, 1])]
    assert learn(rows, language=language, **QUICK).solved


def test_fits_write_words_of_the_language_or_none():
    language = Language("small", (LANGUAGE["negate"], LANGUAGE["len"]), fits=FITS)
    result = learn([([1, 2], 7), ([3], 5), ([1, 1, 1], 9)], language=language, **QUICK)
    words = {part.word.name for c in result.candidates for part in [c.program.expr] if isinstance(part, Apply)}
    assert not result.solved and words <= {"negate", "len"}


@primitive(cost=3, source="math.log10({x})")
def log(x: float) -> float:
    import math

    return math.log10(x)


def test_a_word_without_a_form_in_latex_is_refused_by_name():
    x = Var("x", FLOAT)
    program = Program(Apply(log, (x,), FLOAT), (x,), FLOAT)
    with pytest.raises(InputError, match="'log'"):
        program.latex()
    with pytest.raises(InputError, match="'log'"):
        program.sympy()


def test_a_word_may_take_two_functions(tmp_path):
    (tmp_path / "own.py").write_text(
        "from collections.abc import Callable\n"
        "from typing import TypeVar\n"
        "from extrapolate import primitive\n"
        'A = TypeVar("A")\n'
        "@primitive(cost=3)\n"
        "def iterate_while(p: Callable[[A], bool], f: Callable[[A], A], x: A) -> A:\n"
        "    while p(x):\n"
        "        x = f(x)\n"
        "    return x\n"
    )
    (tmp_path / "odd.txt").write_text("12 -> 3\n40 -> 5\n7 -> 7\n96 -> 3\n44 -> 11\n26 -> 13\n")
    done = run(tmp_path, "learn", "odd.txt", "--words", "own.py", "--programs", "4000000", "-q")
    assert done.returncode == 0 and "iterate_while" in done.stdout


def test_functions_nest():
    rows = [[[1, 2], [3]], [[4]], [[0, 5], []], [[2, 2, 8]]]
    result = learn([(d, [[x * 2 + 1 for x in r] for r in d]) for d in rows], **QUICK)
    assert result.program([[10], [20, 30]]) == [[21], [41, 61]]


@primitive(cost=1, source="{a} + {b}", laws=[joining])
def joined(a: list[int], b: list[int]) -> list[int]:
    return a + b


def test_lists_are_taken_apart_into_pieces():
    language = Language("small", (joined, LANGUAGE["reverse"], LANGUAGE["tail"]))
    rows = [(xs, [*xs[::-1], 7, *xs]) for xs in ([1, 2], [3, 4, 5], [6])]
    assert learn(rows, language=language, **QUICK).program([8, 9]) == [9, 8, 7, 8, 9]


def test_a_row_with_a_blank_input_is_left_out_and_said_so(tmp_path):
    frame = pd.DataFrame({"a": [1, 2, None, 4, 5], "b": [3, 6, 9, 12, 15]})
    assert any("row 2 is no example" in note for note in learn(frame, target="b", **QUICK).notes)
    (tmp_path / "t.csv").write_text("a,b\n1,3\n2,6\n,9\n4,12\n5,15\n")
    done = run(tmp_path, "learn", "t.csv", "--target", "b", "--programs", "50000", "--json")
    assert any("row 4 is no example" in note for note in json.loads(done.stdout)["notes"])


def test_a_saved_program_is_read_once(tmp_path):
    program = learn([([3, 1], 3), ([2, 9], 9), ([4, 5, 1], 5)], **QUICK).program
    data = json.dumps(to_data(program))
    (tmp_path / "more.txt").write_text("[7, 8]\n")
    command = f"{sys.executable} -m extrapolate apply <(cat) more.txt"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, input=data, capture_output=True, text=True, check=False
    )
    assert done.stdout == "8\n"


def test_functions_that_differ_in_names_are_equal_and_capture_nothing():
    n, x, y = Var("n", INT), Var("x", INT), Var("y", INT)
    add = LANGUAGE["add"]
    first, second = abstracted((x,), Apply(add, (x, n), INT)), abstracted((y,), Apply(add, (y, n), INT))
    assert first == second and hash(first) == hash(second)
    assert replaced(first, n, x) == Lambda((INT,), Apply(add, (Bound(0, 0, INT), x), INT))
    assert opened(first, (Literal(3, INT),)) == Apply(add, (Literal(3, INT), n), INT)


@primitive(cost=2)
def own(n: int) -> int:
    return n * 3


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no interval timers")
def test_a_timer_of_the_caller_still_fires():
    fired = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: fired.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        learn(
            [(1, 11), (2, 5), (9, 1)], language=Language("small", (own, LANGUAGE["add"])), programs=30_000, seconds=None
        )
        signal.pause() if not fired else None
        assert fired
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_was_learned_is_a_word_of_the_next_program():
    second = learn([([8, 3, 5], 5), ([2, 9, 4, 7], 7), ([6, 1, 8, 3, 9], 8)], name="second", **QUICK).program
    language = lists.with_words(second)
    rows = [([9, 7, 8], 16), ([1, 2, 3], 4), ([5, 5, 2], 10), ([8, 1, 6, 3], 12)]
    result = learn(rows, language=language, **QUICK)
    assert "second(xs)" in result.program.source
    assert from_data(json.loads(json.dumps(to_data(result.program))), LANGUAGE)([4, 9, 6]) == 12


def test_records_come_in_and_go_out():
    rows = [({"a": 1, "b": "x"}, {"twice": 2, "name": "x"}), ({"a": 5, "b": "yz"}, {"twice": 10, "name": "yz"})]
    rows.append(({"a": 8, "b": "q"}, {"twice": 16, "name": "q"}))
    program = learn(rows, language="lists", **QUICK).program
    assert program({"a": 7, "b": "w"}) == {"twice": 14, "name": "w"}


@pytest.mark.parametrize("scatter, stop", [(1, False), (40, True)])
def test_whole_numbers_that_contradict_each_other_are_measurements_where_a_law_fits(scatter, stop):
    rows = [((x,), 20 * x + scatter * s) for x in range(1, 8) for s in (0, (-1) ** x * (x % 3))]
    result = learn(rows, **QUICK)
    assert (result.stop is Stop.CONTRADICTION) == stop
    assert (result.program is None) == stop


def test_numbers_that_contradict_each_other_get_a_law_whatever_it_leaves():
    rows = [((x + 0.5,), 1.5 * x + s) for x in range(1, 8) for s in (0.0, (-1) ** x * (x % 3) * 4.5)]
    assert learn(rows, **QUICK).candidates
