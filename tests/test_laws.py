"""Laws: formulas from measurements, with units, their verdict, and where they have no value."""

import itertools
import math
import os
import random
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest

from extrapolate import InputError, Stop, Task, languages, learn, primitive, saved
from extrapolate.core.language import Language
from extrapolate.core.probe import probe
from extrapolate.core.word import Primitive
from extrapolate.languages import suited
from extrapolate.languages.laws import LANGUAGE
from extrapolate.regression.claims import far_between
from extrapolate.regression.law import Fit
from extrapolate.regression.method import shortest_of_near
from extrapolate.regression.outliers import standing_out
from extrapolate.regression.wrong_rows import lie_off

NUMERIC = [word for word in LANGUAGE.words if word.name not in ("number_of", "number_or")]
EVERY_WORD = pytest.mark.parametrize("word", NUMERIC, ids=lambda w: w.name)
PENDULUM = {"L": "m", "g": "m/s^2", "output": "s"}


def swing(length: float, g: float) -> float:
    return 2 * math.pi * math.sqrt(length / g)


def swings(noise: float = 0.0, seed: int = 0):
    """Measured swings of pendulums on the Earth, the Moon and Mars."""
    error = random.Random(seed)
    places = itertools.product((0.2, 0.5, 0.8, 1.1, 1.4, 1.7, 2.0), (9.81, 1.62, 3.71))
    return [((length, g), swing(length, g) * (1 + error.gauss(0, noise))) for length, g in places]


def pendulum(noise: float = 0.0, **options):
    return learn(swings(noise), names=["L", "g"], name="T", language="laws", **options)


def expression(result) -> str:
    return result.program.source.splitlines()[-1].strip().removeprefix("return ")


# What is claimed


@pytest.mark.parametrize(("places", "holds"), [((1, 2, 3), False), ((1, 1.5, 2, 2.5, 3), True)])
def test_a_law_in_which_an_input_stands_twice_is_told_by_more_than_three_of_its_values(places, holds):
    error = random.Random(1)
    rows = [((x, y), 5 * x + x * x * y + error.gauss(0, 0.02)) for x in places for y in (1.0, 2.0, 3.5, 5.0, 6.5, 8.0)]
    result = learn(rows, names=["x", "y"], language="laws", programs=400_000)
    assert (result.candidates[0].fit is Fit.NOISE) == holds
    assert any("rows at 3 different values of x can't tell" in note for note in result.notes) != holds


@pytest.mark.parametrize("seed", range(3))
def test_a_limit_that_was_not_reached_is_not_claimed_and_what_would_tell_is_said(seed):
    error = random.Random(seed)
    rows = [(t / 3, 5 * (1 - math.exp(-t / 60)) + error.gauss(0, 0.06)) for t in range(30)]
    result = learn(rows, names=["t"], language="laws", programs=400_000)
    assert not result.fitted and any(note.startswith("measure at t = 19.33: this law") for note in result.notes)


# What is learned


def test_an_exact_law_is_found_and_said_to_be_exact():
    result = pendulum()
    best = result.candidates[0]
    assert result.solved and result.stop is Stop.SOLVED
    assert best.fit is Fit.EXACT and best.misfit < 1e-12
    assert result.program(1e6, 9.81) == pytest.approx(swing(1e6, 9.81), rel=1e-12)


def test_a_noisy_law_is_found_with_the_size_of_its_error():
    result = pendulum(noise=0.01, units=PENDULUM)
    best = result.candidates[0]
    assert expression(result) == "2 * np.pi * np.sqrt(L / g)"
    assert best.fit is Fit.NOISE and 0.005 < best.misfit < 0.02
    assert best.inside > 0.99 and best.outside > 0.99


def test_an_approximation_is_no_program_and_is_shown_all_the_same():
    rows = [(x / 4, 2 + (x / 4) ** 2 * math.cos(x / 4)) for x in range(1, 60)]
    result = learn(rows, language="laws", programs=1, seconds=None)
    assert result.candidates[0].fit is Fit.STRUCTURE
    assert result.program is None and result.candidates[0].missed


def test_units_decide_what_numbers_leave_open():
    """With one length only, T = 2 pi sqrt(L / g) and 2.84 sqrt(1 / g) are the same to the numbers."""
    rows = [((0.2043, g), swing(0.2043, g)) for g in (9.81, 1.62, 3.71, 8.87, 24.8)]
    options = {"names": ["L", "g"], "language": "laws"}
    with_units = learn(rows, units=PENDULUM, **options).program
    without = learn(rows, **options).program
    assert with_units(2.0, 9.81) == pytest.approx(swing(2.0, 9.81))
    assert without(2.0, 9.81) == without(0.1, 9.81)


def test_units_of_any_size_are_heeded():
    rows = [((100 * length, g), 1000 * t) for (length, g), t in swings()]
    program = learn(rows, names=["L", "g"], units={"L": "cm", "g": "m/s^2", "output": "ms"}).program
    assert program(100.0, 9.81) == pytest.approx(1000 * swing(1.0, 9.81))
    assert program.units == ("cm", "m/s^2", "ms")


def test_a_physical_constant_may_stand_in_a_law():
    rows = [((m, r), 6.6743e-11 * m / r**2) for m in (6e24, 7e22, 2e27) for r in (1e6, 4e6, 9e6)]
    units = {"m": "kg", "r": "m", "output": "m/s^2"}
    with pytest.raises(InputError, match="can't be made of products of"):
        learn(rows, names=["m", "r"], units=units, dimensional_constants=False)
    program = learn(rows, names=["m", "r"], units=units, constants=["G"]).program
    assert program(5.97e24, 6.371e6) == pytest.approx(9.82, rel=1e-2)


def test_open_rows_are_answered_and_one_outside_the_domain_is_not():
    rows = [*swings(), ((4.0, 1.0), None), ((-1.0, 9.81), None), ((1.0, 0.0), None)]
    answers = learn(rows, names=["L", "g"]).candidates[0].answers
    assert answers == (pytest.approx(4 * math.pi), None, None)


def test_answers_within_the_error_leave_no_question():
    rows = [*swings(noise=0.01), ((1.0, 5.0), None)]
    assert learn(rows, names=["L", "g"], units=PENDULUM).questions == []


def test_one_more_measurement_is_learned_from():
    result = learn([*swings(), ((4.0, 1.0), None)], names=["L", "g"], units=PENDULUM)
    again = result.answer(22, 4 * math.pi)
    assert len(again.task.labelled) == 22 and again.task.units == ("m", "m/s^2", "s")


def test_known_errors_are_no_relative_ones_and_excuse_what_may_be_claimed_alone():
    x = np.linspace(1, 15, 15)
    errors = np.where(np.arange(15) % 3, 0.3, 4.0)
    y = 52 * np.exp(-x / 4.2) + 3 + errors * np.random.default_rng(4).normal(size=15)
    rows = [((float(a),), float(b)) for a, b in zip(x, y, strict=True)]
    task = Task.from_examples(rows, names=["x"]).with_errors(dict(enumerate(errors.tolist(), 1)))
    result = learn(task, language="laws")
    best = result.candidates[0]
    assert not best.relative and best.inside > 0.99  # by their errors, and not by the rows of large ones
    assert result.solved is best.fits


def test_counts_have_errors_that_are_their_roots():
    t = np.linspace(0, 40, 60)
    counts = np.random.default_rng(3).poisson(15 + 2400 * np.exp(-t / 5))
    rows = [((float(a),), int(n)) for a, n in zip(t, counts, strict=True)]
    result = learn(rows, language="laws", names=["t"])
    best = result.candidates[0]
    assert best.counted and best.name == "exponential" and best.fits
    assert best.program(60.0) == pytest.approx(15, abs=2)
    assert "errors are taken to be those of counts, the root of output, which fits better" in result.notes
    half = [((float(a),), n / 2) for a, n in zip(t, counts.tolist(), strict=True)]
    assert not learn(half, language="laws", names=["t"]).candidates[0].counted  # half a count is none


def test_one_wrong_row_is_named_and_no_pole_is_put_there():
    s = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 1.8, 2.5, 3.5, 5, 7, 10, 14, 20])
    v = 8.4 * s / (s + 1.6) * (1 + 0.01 * np.random.default_rng(2).normal(size=15))
    v[3] *= 10
    result = learn([((float(a),), float(f"{b:.4g}")) for a, b in zip(s, v, strict=True)], language="laws", names=["s"])
    assert any(note.startswith("row 4 looks like an outlier") for note in result.notes)
    assert result.candidates[0].name == "Michaelis-Menten"


def test_a_row_that_lies_far_off_is_found_among_others_that_are_a_little():
    c = np.linspace(0, 50, 16)
    a = 0.014 + 0.02306 * c + 0.003 * np.random.default_rng(1).normal(size=16)
    a[6] *= 2.2
    result = learn([((float(x),), float(f"{y:.3f}")) for x, y in zip(c, a, strict=True)], language="laws", names=["c"])
    assert any(note.startswith("row 7 looks like an outlier") for note in result.notes)


def test_what_goes_far_between_two_rows_is_no_law():
    x, y = np.linspace(0.1, 2, 12), np.linspace(0, 1, 12)
    assert far_between(lambda p: p / 2, x, y) is None
    place, value = far_between(lambda p: p * (p - 0.35) / (p - 0.351), x, y)
    assert place == pytest.approx(0.351, abs=2e-3) and not -1 <= value <= 2


def test_known_errors_are_heeded():
    """A row that is known badly counts for little."""
    rows = [(float(x), 3.0 * x) for x in range(1, 13)]
    rows[5] = (6.0, 40.0)
    task = Task.from_examples(rows, names=["x"]).with_errors({n: 1e3 if n == 6 else 0.01 for n in range(1, 13)})
    assert learn(task, language="laws").program(100.0) == pytest.approx(300, rel=1e-3)


def test_a_constant_input_is_left_out_and_named():
    rows = [((x, 7.0), 3 * x**2) for x in (1.0, 2.0, 3.5, 4.5, 6.0)]
    result = learn(rows, names=["x", "g"], language="laws")
    assert any("g is constant" in note for note in result.notes)
    assert result.program(10.0, 7.0) == pytest.approx(300)


def test_what_has_no_unit_is_named():
    rows = [((float(n), x), 3 * n * x) for n in (1, 2, 3) for x in (1.5, 2.5, 4.0)]
    result = learn(rows, names=["n", "L"], units={"L": "m", "output": "m"})
    assert "no unit is known of n: taken as a plain number" in result.notes


def test_whole_numbers_are_measurements_too():
    program = learn([(n, 5 * n * n) for n in range(1, 9)], language="laws").program
    assert program(2.5) == pytest.approx(31.25)


# The same again


SCRIPT = """
from test_laws import pendulum
result = pendulum(noise=0.02, programs=200_000, seconds=None)
print([(c.program.source, c.score) for c in result.candidates], result.counts.tried)
"""


def test_the_same_budget_gives_the_same_laws_whatever_the_hashes():
    found = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.path.dirname(__file__)}
        done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=env, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_a_saved_law_comes_back_with_its_units(tmp_path):
    program = pendulum(units=PENDULUM).program
    saved.save(program, tmp_path / "law.json")
    again = saved.load(tmp_path / "law.json", LANGUAGE)
    assert again == program and again(1.0, 9.81) == program(1.0, 9.81)


@pytest.mark.parametrize("units", [["m"], "m", ["m", "s", 3], ["m", "m/s^2", "mettre"]])
def test_units_of_a_saved_law_are_checked(units):
    data = {**saved.to_data(pendulum(units=PENDULUM).program), "units": units}
    with pytest.raises(InputError, match="unit"):
        saved.from_data(data, LANGUAGE)


# Which language


@pytest.mark.parametrize(
    ("rows", "units", "name"),
    [
        ([(float(x), 2.5 * x) for x in range(5)], None, "laws"),
        ([(float(x), 2.5 * x) for x in range(4)], None, "lists"),
        ([(x, 2 * x) for x in range(9)], None, "lists"),
        ([(x, 2 * x) for x in range(9)], {"output": "m"}, "laws"),
        ([([float(x)], 2.5 * x) for x in range(9)], None, "lists"),
        ([(x > 2, 2.5 * x) for x in range(9)], None, "lists"),
        ([(float(x), x > 2) for x in range(9)], None, "lists"),
        ([(str(x), 2.5 * x) for x in range(9)], None, "text"),
    ],
)
def test_measurements_are_told_from_examples(rows, units, name):
    task = Task.from_examples(rows)
    assert suited(task.with_units(units) if units else task)[0].name == name


def test_only_laws_know_units_and_constants():
    for options in ({"units": {"n": "m"}}, {"constants": ["c"]}):
        with pytest.raises(InputError, match="the language lists knows no units, constants, forms"):
            learn([(1, 2), (2, 4)], names=["n"], language="lists", **options)


# Outside its domain


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((-1.0, 9.81), r"T has no value at L = -1.0, g = 9.81 \(it gives nan\); stay where the formula is defined\."),
        ((1.0, 0.0), "T has no value at L = 1.0, g = 0.0"),
        ((math.nan, 1.0), "T has no value at L = nan"),
        ((1.0,), "T was given 1 inputs and takes 2"),
    ],
)
def test_a_formula_says_where_it_has_no_value(given, says):
    with pytest.raises(InputError, match=says):
        pendulum().program(*given)


# Data frames


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_a_data_frame_may_have_units_in_its_headers(library):
    rows = [(length, g, t) for (length, g), t in swings()]
    columns = {h: list(c) for h, c in zip(("L [m]", "g [m/s^2]", "T [s]"), zip(*rows, strict=True), strict=True)}
    columns["T [s]"][-1] = None
    frame = library.DataFrame(columns)
    for target in ("T", "T [s]"):
        result = learn(frame, target=target)
        assert (result.task.columns, result.task.units) == (("L", "g"), ("m", "m/s^2", "s"))
        filled = result.fill(frame)
        assert filled.name == "T [s]" and filled.to_list()[-1] == pytest.approx(rows[-1][2])
    assert learn(frame, target="T", units={}).task.units == ()


# Words


@EVERY_WORD
def test_a_word_keeps_its_laws_and_inverses(word):
    probe(word)


@EVERY_WORD
def test_a_word_is_the_same_on_numbers_and_on_columns(word):
    numbers = np.random.default_rng(0).uniform(-3, 3, (len(word.params), 200))
    with np.errstate(all="ignore"):
        column = word(*numbers)
    for i, args in enumerate(numbers.T.tolist()):
        assert np.array_equal(word(*args), column[i], equal_nan=True)


@EVERY_WORD
def test_an_inverse_gives_back_what_the_word_was_given(word):
    """Where a word has a value, its inverse is an argument with that value."""
    numbers = np.random.default_rng(1).uniform(0.1, 0.9, (len(word.params), 50))
    for place, param in enumerate(word.params):
        if param not in word.inverses:
            continue
        for args in numbers.T.tolist():
            others = [a for i, a in enumerate(args) if i != place]
            found = word.inverses[param](word(*args), *others)
            assert word(*args[:place], found, *args[place + 1 :]) == pytest.approx(word(*args))


@primitive(cost=4, source="np.sinc({x})")
def sinc(x: float) -> float:
    """sin(pi x) / (pi x)."""
    return np.sinc(x)


def test_a_word_of_ones_own_is_one_decorated_function():
    assert isinstance(sinc, Primitive)
    language: Language = languages.find("laws").with_words(sinc)
    rows = [((a, x), float(3 * a * np.sinc(x))) for a in (1.0, 2.0, 5.0) for x in (0.1, 0.3, 0.55, 0.7, 1.3, 1.7, 2.2)]
    result = learn(rows, names=["a", "x"], language=language)
    assert expression(result) == "3 * a * np.sinc(x)"
    assert result.program(2.0, 0.25) == pytest.approx(6 * np.sinc(0.25))


# What is shown


def test_a_result_is_a_table_of_candidates():
    first, best, *_ = repr(pendulum(noise=0.01, units=PENDULUM)).splitlines()
    assert first.split() == ["cost", "error", "misfit", "bits", "law"]
    assert best.split()[0].endswith(">") and " s  " in best and best.endswith("2 * np.pi * np.sqrt(L / g)")


def test_the_edge_is_judged_by_constants_that_were_fitted_inside():
    """Rows at the edge that lie off the law don't pull R squared there up to themselves."""
    rows = [(float(x), 3.0 * x * (1.02 if x > 45 else 1)) for x in range(1, 51)]
    laws = learn(rows, language="laws", programs=100, seconds=None, candidates=20).candidates
    (straight,) = (
        law for law in laws if law.cost < 10 and " * x" in law.program.source and "**" not in law.program.source
    )
    assert straight.inside > 1 - 1e-12
    assert straight.outside < 0.9999


def counted(law, xs, seed=1):
    """Whole numbers counted at some places, several times at each, so that rows with equal inputs differ."""
    rng = np.random.default_rng(seed)
    return [(x, int(rng.poisson(law(x)))) for x in xs for _ in range(4)]


def test_measurements_that_are_repeated_are_no_contradiction():
    rows = counted(lambda x: 60 * x / (x + 20), (5, 10, 20, 40, 80, 160, 300))
    result = learn(rows, seconds=5)
    assert result.stop is not Stop.CONTRADICTION and result.candidates[0].inside > 0.8
    few = learn([(1, 2), (1, 3), (2, 4)], seconds=5)
    assert few.stop is Stop.CONTRADICTION


def test_a_slip_among_rows_of_a_program_is_no_measurement():
    """One row that stands twice, or a few wrong ones, leave the program that gives the others."""
    rng = random.Random(4)
    rows = [((a, b), a % b) for a, b in ((rng.randint(10, 99), rng.randint(3, 9)) for _ in range(24))]
    twice = learn([*rows, (rows[4][0], rows[4][1] + 1)], seconds=6)
    assert twice.stop is Stop.CONTRADICTION and "equal inputs" in twice.notes[0]
    wrong = [(given, out + (i in (3, 9, 15))) for i, (given, out) in enumerate(rows)]
    assert "%" in str(learn(wrong, seconds=6).candidates[0].program.source)


def test_a_blank_column_of_no_account_leaves_measurements_numbers(tmp_path):
    rows = "".join(f"{a},{b},,{2 * a + 3 * b}\n" for a, b in itertools.product((1.5, 2.5, 4.0), (1, 2, 4)))
    (tmp_path / "m.csv").write_text(f"a,b,note,y\n{rows}")
    command = [sys.executable, "-m", "extrapolate", "learn", "m.csv", "--target", "y", "--seconds", "6"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "2 * a + 3 * b" in done.stdout, done.stdout + done.stderr


def test_scatter_is_said_to_be_scatter():
    rng = np.random.default_rng(0)
    rows = [((float(a), float(b)), round(float(y), 1)) for a, b, y in rng.normal(40, 5, (16, 3))]
    result = learn(rows, programs=300_000, seconds=None)
    assert not result.solved and result.candidates[0].fit in (Fit.NOTHING, Fit.PART, Fit.STRUCTURE)


def test_a_law_whose_constants_the_rows_do_not_tell_is_not_the_first():
    """A logarithm of a difference from a number far away says no more than the logarithm itself."""
    x = np.geomspace(1, 30, 14)
    y = np.round(94 - 8.6 * np.log(x) + np.random.default_rng(3).normal(0, 0.3, 14), 1)
    result = learn([((float(a),), float(b)) for a, b in zip(x, y, strict=True)], language="laws", seconds=10)
    best = result.candidates[0]
    assert all(q.error < abs(q.value) for q in best.constants), best


def test_an_approximation_that_is_shorter_and_nearly_as_near_is_taken():
    rows = [(float(x), 2.0 * x) for x in range(1, 9)]
    forms = ("a + b * x + c * x ** 2", "a + b * x", "a * x", "a + b * x + c * x ** 2 + d * x ** 3")
    laws = [learn(rows, names=["x"], form=form).candidates[0] for form in forms]
    best, short, coarse, long = (
        replace(law, fit=Fit.STRUCTURE, score=score, smooth_score=smooth, misfit=misfit)
        for law, score, smooth, misfit in zip(
            laws, (-130, -125, -120, -115), (-130, -150, -200, -210), (0.010, 0.014, 0.030, 0.011), strict=True
        )
    )
    first, *others = shortest_of_near([best, short, coarse, long])
    assert (first.misfit, first.score) == (0.014, -130) and others == [best, coarse, long]
    noise = replace(best, fit=Fit.NOISE)
    assert shortest_of_near([noise, short]) == [noise, short]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_pole_beside_a_wrong_row_is_claimed(seed):
    error = random.Random(seed)
    rows = [(float(x), 3.0 * x + error.gauss(0, 0.05)) for x in range(1, 21)]
    rows[4] = (5.0, 150.0)
    result = learn(rows, names=["x"], language="laws", seconds=10)
    assert result.candidates[0].program.source.endswith("return 3 * x\n")


def test_a_wrong_row_of_several_inputs_is_left_out_before_the_search_is_over():
    rng = np.random.default_rng(1)
    t, day = rng.uniform(-12, 29, 42), rng.integers(1, 8, 42).astype(float)
    y = np.round(9.5 + 2.35 * np.maximum(15.8 - t, 0) + rng.normal(0, 0.8, 42), 1)
    y[11] *= 3
    rows = [((float(a), float(b)), float(c)) for a, b, c in zip(t, day, y, strict=True)]
    result = learn(rows, names=["t", "day"], language="laws", seconds=30)
    assert any(note.startswith("row 12 looks like an outlier") for note in result.notes)
    assert result.candidates[0].program(25.0, 1.0) == pytest.approx(9.5, abs=1)


def test_a_law_that_misses_small_values_by_much_is_not_claimed():
    """What is left of this bell of acidity by a Gaussian grows with it, and its ends are missed by a third."""
    activity = [0.796, 1.52, 3.06, 5.92, 11.4, 19.6, 34.5, 51.2, 67.9, 78.0, 84.0]
    activity += [87.3, 83.7, 70.8, 59.4, 37.7, 23.5, 13.7, 7.04, 3.75, 2.11]
    rows = [((4 + 0.3 * i,), y) for i, y in enumerate(activity)]
    best = learn(rows, language="laws", names=["ph"], seconds=5).candidates[0]
    assert best.fit is Fit.ROWS and "misses small values by much" in best.why


def test_rows_are_outliers_only_of_a_law_that_misses_them():
    error = random.Random(0)
    rows = [(float(x), 3.0 * x + error.gauss(0, 0.05)) for x in range(1, 21)]
    rows[4] = (5.0, 33.0)
    result = learn(rows, names=["x"], language="laws", seconds=10)
    assert "row 5 looks like an outlier" in "; ".join(result.notes)
    assert lie_off(result, result.task.left_out) and not lie_off(result, result.task.labelled[:1])


@pytest.mark.parametrize("wrong", [99999.0, 179.5])
def test_a_wrong_row_is_named_and_no_needle_is_claimed(wrong):
    rows = [(float(x), round(4.25 + 1.37 * x, 2)) for x in range(20)]
    rows[10] = (10.0, wrong)
    result = learn(rows, names=["x"], language="laws", seconds=10)
    assert result.candidates[0].program.answer((100.0,)) == pytest.approx(141.25)
    assert any("row 11 looks like an outlier" in note for note in result.notes)


def test_a_row_left_out_at_the_end_keeps_a_law_from_being_claimed():
    error = random.Random(1)
    rows = [(float(x), 3.0 * x + 7 + error.gauss(0, 0.05)) for x in range(1, 21)]
    rows[0] = (1.0, 30.0)
    result = learn(rows, names=["x"], language="laws", seconds=10)
    law = result.candidates[0]
    assert law.fit is Fit.ROWS and "at the end of the range" in law.why


def test_errors_that_are_too_small_for_what_is_left_are_told():
    error = random.Random(3)
    rows = [(float(x), 2.0 * x + 1 + error.gauss(0, 0.5)) for x in range(1, 16)]
    task = Task.from_examples(rows, names=["x"])
    law = learn(task.with_errors(dict.fromkeys(range(1, 16), 0.05)), form="a + b * x").candidates[0]
    assert law.fit is Fit.ROWS and "times what the given errors allow (chi squared is" in law.why
    assert learn(task.with_errors(dict.fromkeys(range(1, 16), 0.5)), form="a + b * x").candidates[0].fits


def standing(y):
    return np.flatnonzero(standing_out(np.arange(float(len(y))), np.array(y, dtype=float))).tolist()


def test_rows_that_stand_out_are_single_ones_between_others():
    smooth = [x**2 / 10 for x in range(16)]
    assert standing(smooth) == []
    assert standing([*smooth[:5], 300.0, *smooth[6:]]) == [5]
    assert standing([*smooth[:5], 300.0, *smooth[6:12], -200.0, *smooth[13:]]) == [5, 12]
    assert standing([*smooth[:5], 300.0, 310.0, 305.0, *smooth[8:]]) == []  # a peak
    assert standing([1 / (x + 0.1) for x in range(16)]) == []
    assert standing([1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 1.0]) == []


def test_exponents_that_are_no_fractions_are_constants():
    error = random.Random(2)
    rows = [
        ((w, d), 30 * w**2.1 * d**0.63 / (w + d) * (1 + error.gauss(0, 0.005)))
        for w in (1.0, 1.7, 2.9, 4.1, 5.5)
        for d in (0.5, 1.1, 1.9, 3.3, 4.7)
    ]
    law = learn(rows, names=["w", "d"], language="laws", programs=2_000_000).candidates[0]
    exponents = [float(n) for n in re.findall(r"\*\* (\d+\.\d+)", law.program.source)]
    assert exponents and all(any(q.value == pytest.approx(n) and q.error > 0 for q in law.constants) for n in exponents)
