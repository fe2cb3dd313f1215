"""A program beside what is trained on the same rows, inside their range and further out."""

import json
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from extrapolate import InputError, Task, compare, learn
from extrapolate.compare import chart
from extrapolate.compare.comparison import Comparison, Curve, Point, asked, kinds_for
from extrapolate.compare.given import distances, of_program, of_rows
from extrapolate.compare.known import KNOWN, kepler, names, registered, sorting
from extrapolate.compare.problem import Place, Problem
from extrapolate.nets.baselines import fitted, relative_errors

SQUARES = [((float(x),), float(x) ** 2) for x in range(1, 61)]
WORDS = [
    (f"{a} {b}", f"{b}, {a}") for a, b in zip(["ann", "bob", "cy"] * 10, ["lee", "ray", "fox", "orr"] * 8, strict=False)
]


def of(rows, **options):
    return of_rows(Task.from_examples(rows, **options), 0)


# Known problems


@pytest.mark.parametrize("problem", KNOWN)
def test_what_is_asked_further_out_was_not_seen(problem):
    found = KNOWN[problem](0)
    seen = {str(inputs) for inputs, _ in found.seen}
    assert all(place.rows and not seen & {str(inputs) for inputs, _ in place.rows} for place in found.places)
    assert 0 < sum(place.is_inside for place in found.places) < len(found.places)


def test_known_problems_are_answered_right_and_the_same_for_a_seed():
    for inputs, output in sorting(0).places[3].rows:
        assert output == sorted(inputs[0]) and len(inputs[0]) == 10
    assert max(place.at for place in sorting(0).places) == 1_000_000
    assert registered("Ada King Lovelace") == "Lovelace, A."
    assert all(abs(a**1.5 / t - 1) < 0.002 for place in kepler(0).places for (a,), t in place.rows)
    assert names(3).seen == names(3).seen != names(4).seen


def test_programs_hold_where_nobody_trained():
    for problem in (kepler(0), names(0)):
        result = learn(problem.shown, seconds=5)
        rows = [row for place in problem.places for row in place.rows]
        answers = [result.candidates[0].program.answer(inputs) for inputs, _ in rows]
        if problem.is_measured:
            assert np.median(relative_errors(answers, [wanted for _, wanted in rows])) < 0.005
        else:
            assert answers == [wanted for _, wanted in rows]


# Rows of one's own


def test_numbers_outside_the_range_are_kept_back():
    found = of(SQUARES)
    seen = [x for (x,), _ in found.seen]
    outside = [x for place in found.places[1:] for (x,), _ in place.rows]
    assert found.is_measured and all(x < min(seen) or x > max(seen) for x in outside)
    assert [row.inputs[0] for row in found.shown.rows] == seen
    kept = [x for (x,), _ in found.places[0].rows]
    assert sorted([*seen, *kept, *outside]) == [x for (x,), _ in SQUARES]
    ats = [place.at for place in found.places]
    assert ats == sorted(ats) and ats[0] == 0


def test_longer_lists_and_rarer_formats_are_kept_back():
    lists = of([(list(range(n)), n) for n in list(range(1, 9)) * 4])
    assert max(len(xs) for (xs,), _ in lists.seen) < min(len(xs) for p in lists.places[1:] for (xs,), _ in p.rows)
    texts = of([*WORDS, ("dee van gar", "gar, dee"), ("eve-x lim", "lim, eve-x")])
    assert [place.label for place in texts.places] == ["in the range", "dee van gar"]
    assert all("-" not in text and text.count(" ") == 1 for (text,), _ in texts.seen)
    assert not lists.is_measured and not texts.is_measured


def test_one_format_goes_by_length_and_equal_rows_have_no_outside():
    axis, out = distances(Task.from_examples(WORDS))
    assert axis == "characters of the longest text" and set(out) == {7.0, 6.0}
    assert of([("ab", "a")] * 30) is None and of(SQUARES[:19]) is None
    with pytest.raises(InputError, match="there are 30 rows, and values of type text can't be drawn"):
        compare([(f"{a}{b}", a) for a in "abcdef" for b in "vwxyz"])


def test_rows_that_stand_twice_are_kept_back_together():
    found = of([((float(x),), float(x)) for x in range(30)] * 3)
    seen = {inputs for inputs, _ in found.seen}
    assert not seen & {inputs for place in found.places for inputs, _ in place.rows}


def test_where_many_lie_at_the_far_end_the_edge_is_before_it():
    found = of([(list(range(n)), n) for n in [3] * 8 + [4] * 8 + [9] * 16])
    assert found.edge == 4 and [place.at for place in found.places] == [pytest.approx(3.5, abs=0.5), 9]


def test_groups_further_out_have_rows_enough_to_tell():
    found = of([(list(range(n)), n) for n in [2] * 30 + [3] * 30 + [5] * 20 + [7, 8, 9, 10]])
    assert [len(place.rows) for place in found.places[1:]] == [20, 4]


def test_whole_numbers_are_drawn_outside_and_truth_values_have_none():
    result = learn([((x, True), x + 1) for x in (0, 1, 1, 0)])
    found = of_program(result.task, result.program, result.task, 0)
    assert all(x > 1 for place in found.places[1:] for (x, _), _ in place.rows)
    result = learn([((a, b), a and b) for a in (True, False) for b in (True, False)])
    with pytest.raises(InputError, match="nothing lies further out of true and false"):
        of_program(result.task, result.program, result.task, 0)


def test_few_rows_are_followed_by_rows_that_the_program_answers():
    result = learn([([3, 1], 3), ([2, 9, 4], 9), ([5], 5)])
    found = of_program(result.task, result.program, result.task, 0)
    assert not found.is_true and len(found.seen) == 20_000
    assert all(max(inputs[0]) == output for inputs, output in found.seen[:200])
    assert [len(inputs[0]) for place in found.places[1:] for inputs, _ in place.rows[:1]] == [6, 8, 16, 32]
    assert all(1 <= v <= 9 for place in found.places for (xs,), _ in place.rows for v in xs)
    with pytest.raises(InputError, match="type text can't be drawn"):
        compare([("ab", "a"), ("cd", "c")])


def test_numbers_are_drawn_further_and_further_out():
    result = learn([((x, y), x + 2 * y) for x, y in ((0, 1), (10, 3), (4, 11))])
    found = of_program(result.task, result.program, result.task, 0)
    assert all(0 <= x <= 10 and 1 <= y <= 11 and out == x + 2 * y for (x, y), out in found.seen)
    assert [min(x for (x, _), _ in place.rows) > 10 for place in found.places] == [False, True, True, True, True]


# Comparing


def test_boosting_is_right_inside_and_stays_behind_the_law_outside():
    comparison = compare(SQUARES, nets=["boosting"], seeds=2, seconds=20)
    program, boosting = comparison.curves
    assert [point.value for point in program.points] == [0.0] * len(comparison.places)
    assert boosting.points[0].value < 0.1 < boosting.points[-1].value
    assert all(point.low <= point.value <= point.high for point in boosting.points)
    assert f"{len(comparison.places[0].rows):,}" == str(comparison).splitlines()[3].split()[3]
    assert "of 3 settings" in boosting.how


def test_what_is_asked_for_must_fit_and_is_refused_in_a_sentence():
    with pytest.raises(InputError, match="give one of sorting, kepler, names, or examples"):
        compare("sort")
    for nets in (["gru"], "gru"):
        with pytest.raises(InputError, match="'gru' was given as a net; give some of mlp, boosting, lstm, transformer"):
            compare(SQUARES, nets=nets)
    with pytest.raises(InputError, match="no net was given"):
        compare(SQUARES, nets=[])
    with pytest.raises(InputError, match="which lstm and transformer take"):
        kinds_for(names(0), ["mlp"])
    for options in ({"seeds": 0}, {"seeds": 1.5}, {"seed": -1}):
        with pytest.raises(InputError, match="give whole numbers"):
            compare(SQUARES, **options)
    assert kinds_for(kepler(0), ["mlp", "lstm"]) == ["mlp"]


def test_texts_beside_numbers_are_left_out_and_what_is_left_out_is_said():
    rows = [((float(x), f"body {x % 7}"), 3.0 * x) for x in range(1, 41)]
    comparison = compare(rows, nets=["boosting", "lstm"], seeds=1, seconds=10)
    assert [point.value for point in comparison.curves[0].points] == [0.0] * len(comparison.places)
    assert any("is text and left out" in note for note in comparison.notes)
    assert any("lstm can't take these rows" in note for note in comparison.notes)


def test_units_in_headers_are_no_part_of_names():
    lengths = np.linspace(0.2, 3, 30)
    frame = pd.DataFrame({"L [m]": lengths, "name": ["p"] * 30, "T [s]": 2 * np.pi * np.sqrt(lengths / 9.81)})
    comparison = compare(frame, target="T", nets=["boosting"], seeds=1, seconds=10)
    assert comparison.name == "T [s]" and comparison.curves[0].points[-1].value < 0.01


def test_classes_of_columns_are_told_by_models_of_columns():
    rng = np.random.default_rng(0)
    rows = [((float(a), float(b)), "wide" if a > b else "tall") for a, b in rng.uniform(0, 10, (60, 2))]
    comparison = compare(rows, nets=["boosting"], seeds=1, seconds=10)
    assert comparison.problem.axis.startswith("how far outside") and not comparison.problem.is_measured
    assert comparison.curves[-1].points[0].value > 0.7


def test_a_net_that_is_lost_is_asked_no_further_and_seeds_that_were_are_right_nowhere():
    places = tuple(Place(str(n), [((n,), 0)], n == 0, float(n)) for n in range(5))
    problem = Problem("demo", Task.from_examples([(1, 1)]), [], places, "n", 0.0)
    given = iter([1.0, 0.0, 0.5, 0.0, 0.0])
    assert list(asked(problem, lambda rows: np.array([next(given)]))) == [1.0, 0.0, 0.5, 0.0, 0.0]
    given = iter([0.0, 0.0, 1.0])
    assert list(asked(problem, lambda rows: np.array([next(given)]))) == [0.0, 0.0, None, None, None]


@pytest.mark.parametrize("kind", ["mlp", "boosting"])
def test_a_regression_is_the_same_for_a_seed(kind):
    x, y = np.array([inputs for inputs, _ in SQUARES]), np.array([output for _, output in SQUARES])
    assert np.array_equal(fitted(kind, x, y, seed=3)(x), fitted(kind, x, y, seed=3)(x))


def test_errors_are_shares_of_what_is_wanted():
    assert relative_errors([1.1, math.nan, 0.0], [1.0, 2.0, 0.0]).tolist() == pytest.approx([0.1, math.inf, 0.0])


# Shown


def stub(is_measured, at, name="demo"):
    places = tuple(Place(f"{'abc'[i]}", [((0,), 0)] * 5, i == 0, a) for i, a in enumerate(at))
    shown = Task.from_examples([(1, 1), (2, 2), (3, 3)])
    problem = Problem(
        name, shown, [], places, "far", at[0], has_names=True, is_measured=is_measured, notes=("a <note>",)
    )
    points = (Point(1.0, 0.6, 1.0), Point(0.5, 0.4, 0.6), None)
    curves = (Curve("the program", "x < 3", (Point(0.0, 0, 0),) * 3, 0.1), Curve("LSTM", "y", points, 2.0))
    return Comparison(problem, curves, None, 3, problem.notes)


@pytest.mark.parametrize("at", [(1.0, 2.0, 1000.0), (0.0, 1.0, 2.0), (None, None, None)])
@pytest.mark.parametrize("is_measured", [True, False])
def test_a_chart_has_a_line_for_each_and_the_seen_range_in_grey(is_measured, at):
    (axes,) = chart.drawn([stub(is_measured, at, "costs of $5 and $7")]).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["program, from 3 rows", "LSTM"]
    assert axes.get_xscale() == ("log" if at[2] == 1000.0 else "linear")
    assert axes.get_yscale() == ("log" if is_measured else "linear")
    (grey,) = [patch for patch in axes.patches if patch.get_zorder() == 0]
    end = grey.get_x() + grey.get_width()
    assert end == pytest.approx(0.5 if at[0] is None else at[0])
    axes.figure.savefig("/dev/null", format="png")


def test_a_table_has_a_row_for_each_place_and_says_who_was_not_asked():
    rows = chart.table(stub(False, (1.0, 2.0, 3.0)))
    assert rows == [
        ["far", "rows", "the program", "LSTM"],
        ["a", "5", "0%", "100% (60% to 100%)"],
        ["b", "5", "0%", "50% (40% to 60%)"],
        ["c", "5", "0%", "-"],
    ]
    assert len({len(line) for line in chart.aligned(rows)}) == 1
    assert [chart.percent(v) for v in (0.0004, 0.012, 1.5, math.inf)] == ["0.04%", "1.2%", "150%", "none"]


@pytest.mark.parametrize("suffix, start", [(".html", b"<!doctype html>"), (".png", b"\x89PNG"), (".json", b"{")])
def test_the_suffix_says_what_is_saved(tmp_path, suffix, start):
    path = stub(False, (1.0, 2.0, 3.0)).save(tmp_path / f"chart{suffix}")
    assert path.read_bytes().startswith(start)
    with pytest.raises(InputError, match="exists"):
        stub(False, (1.0, 2.0, 3.0)).save(path)
    with pytest.raises(InputError, match=r"chart\.txt"):
        stub(False, (1.0, 2.0, 3.0)).save(tmp_path / "chart.txt")


def test_the_page_needs_nothing_else_and_escapes_what_it_shows():
    page = chart.page([stub(True, (1.0, 2.0, 3.0))])
    assert "http" not in page and "data:image/png" in page and "<td>a</td>" in page
    assert "x &lt; 3" in page and "A &lt;note&gt;" in page and "<note>" not in page


def run(*args, cwd):
    command = [sys.executable, "-m", "extrapolate", "compare", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_the_command_compares_a_table_and_writes_the_numbers(tmp_path):
    lines = ["x,y", *(f"{x},{3 * x * x}" for x in range(1, 41))]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    done = run("t.csv", "--target", "y", "--nets", "boosting", "--seeds", 1, "-o", "c.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ", learned from 23 rows." in done.stdout and "gradient boosting" in done.stdout
    assert "c.json was written." in done.stderr
    record = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert [place["inside"] for place in record["places"]] == [True] + [False] * (len(record["places"]) - 1)
    assert all(point["value"] == 0 for point in record["curves"][0]["points"])


@pytest.mark.parametrize(
    "args, sentence",
    [
        (["sorting", "--target", "x"], "--target and --inputs are for tables and sorting is none"),
        (["sorting", "-o", "chart.txt"], "chart.txt"),
        (["missing.csv"], "missing.csv"),
        (["sorting", "--nets", "gru"], "'gru' was given as a net"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(tmp_path, args, sentence):
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
