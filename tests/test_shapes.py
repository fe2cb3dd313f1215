"""Textbook shapes: found with their constants, written as a person would, claimed to hold only where rows tell."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from extrapolate.core.expression import Var
from extrapolate.core.result import Stop
from extrapolate.core.source import python_expression
from extrapolate.core.types import FLOAT
from extrapolate.languages.laws import ALGEBRA, LANGUAGE
from extrapolate.learn import learn
from extrapolate.regression.claims import claim, is_exact_to_digits
from extrapolate.regression.law import Fit
from extrapolate.regression.quantities import quantities
from extrapolate.regression.search.constants import fit, free_constants
from extrapolate.regression.search.form import Form, prepared, with_plain_powers, with_slopes
from extrapolate.regression.search.formula import Writer
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.regression import Regression
from extrapolate.regression.search.shapes import BACKGROUNDS, SHAPES, Axis
from extrapolate.regression.search.starts import (
    Goal,
    added,
    backgrounds,
    beside_powers,
    drawn,
    rationals,
    solved,
    starts,
)

X = np.linspace(0.5, 12, 48)


MERCURY = [(0, 0.0002), (20, 0.0012), (40, 0.006), (60, 0.03), (80, 0.09), (100, 0.27), (120, 0.75), (140, 1.85),
           (160, 4.2), (180, 8.8), (200, 17.3), (220, 32.1), (240, 57), (260, 96), (280, 157), (300, 247)]  # fmt: skip


def measured(y, x=X):
    none = np.zeros((1, 0))
    return Measurements(x[None], y, np.ones(len(y)), np.ones(1), 1.0, none, np.zeros(0))


def law(y, x=X, noise=0.0, **options):
    y = y * (1 + noise * np.random.default_rng(7).normal(size=len(y)))
    rows = [((float(a),), float(b)) for a, b in zip(x, y, strict=True)]
    return learn(rows, language="laws", names=["x"], **{"seconds": 20, **options}).candidates[0]


def named(name, forms):
    return [form for form in forms if form.textbook is not None and form.textbook.name == name]


TEXTBOOK = [
    ("rise and fall", 31 * (np.exp(-0.16 * X) - np.exp(-1.4 * X))),
    ("Lennard-Jones", 0.9 * (0.6 / X) ** 12 - 0.9 * (0.6 / X) ** 6),
    ("resonance", 900 / np.sqrt((5.2**2 - X**2) ** 2 + (0.9 * X) ** 2)),
    ("Planck", 3700 / X**5 / (np.exp(5.14 / X) - 1)),
    ("Planck", 0.3 * X**3 / (np.exp(0.8 * X) - 1)),
    ("exponential", 21 + 64 * np.exp(-X / 3)),
    ("two exponentials", 5 * np.exp(-X / 0.9) + 2 * np.exp(-X / 7)),
    ("three exponentials", 5 * np.exp(-X / 0.5) + 3 * np.exp(-X / 2) + 2 * np.exp(-X / 9)),
    ("shifted power", 7.3 * (X + 1.7) ** -1.24),
    ("Michaelis-Menten", 8.4 * X / (3.1 + X)),
    ("hill", 0.7 + 6 / (1 + (X / 3.1) ** 2.9)),
    ("logistic", 620 / (1 + np.exp((5.3 - X) / 1.4))),
    ("gompertz", 620 * np.exp(-np.exp(1.3 - X / 1.7))),
    ("gaussian", 0.2 + 3 * np.exp(-(((X - 4.6) / 0.9) ** 2) / 2)),
    ("wave", 12 + 3 * np.cos(1.337 * X - 0.6)),
    ("damped wave", 8 * np.exp(-X / 5.5) * np.cos(3.1 * X + 0.4)),
    ("kink", 1.9 + 3 * X - 1.7 * np.maximum(X, 5.3)),
    ("exponential of a hyperbola", np.exp(16.9 - 60 / (X + 3.9))),
    ("power", 0.46 + 3.1 * X**-1.7),
]


@pytest.mark.parametrize(("name", "y"), TEXTBOOK, ids=[name for name, _ in TEXTBOOK])
def test_a_shape_starts_near_enough_to_be_fitted_to_the_last_digit(name, y):
    m = measured(y)
    forms = named(name, starts(m, ALGEBRA, 0, Goal(m.y, m.weights)))
    assert min(fit(form, m, steps=300).misfit for form in forms) < 1e-7


@pytest.mark.parametrize(
    ("power", "shape"),
    [
        (1.0, lambda x: x**2.4 / (x**2.4 + 4**2.4)),
        (-1.0, lambda x: np.exp(-((x - 4) ** 2) / 3)),
        (0.5, lambda x: np.exp(-0.16 * x) - np.exp(-1.4 * x)),
        (2.0, lambda x: 1 / (1 + np.exp(-(x - 5) / 0.8))),
    ],
    ids=["Hill", "Gaussian", "rise and fall", "logistic"],
)
def test_a_shape_of_one_input_stands_beside_a_power_of_another(power, shape):
    rng = np.random.default_rng(3)
    a, x = rng.uniform(1, 9, 40), rng.uniform(0.5, 12, 40)
    m = Measurements(
        np.array([a, x]), 3 * a**power * shape(x), np.ones(40), np.ones(2), 1.0, np.zeros((2, 0)), np.zeros(0)
    )
    assert min(fit(form, m, steps=300).misfit for form in beside_powers(m, ALGEBRA, 1)) < 1e-7


def test_every_place_of_every_grid_is_a_form_that_is_what_its_terms_say():
    axis = Axis(0, 1, X, ALGEBRA)
    for shape in SHAPES:
        for place in itertools.islice(shape.grid(axis), 0, None, 37):
            for term in shape.terms(axis, *place):
                assert term.values(X[None]).shape == X.shape


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_least_squares_of_many_designs_at_once_are_those_of_each(seed):
    rng = np.random.default_rng(seed)
    designs, target = rng.normal(size=(5, 3, 12)), rng.normal(size=12)
    left, coefficients = solved(designs, target)
    for design, rest, found in zip(designs, left, coefficients, strict=True):
        slow, residual, *_ = np.linalg.lstsq(design.T, target, rcond=None)
        assert np.allclose(found, slow) and np.isclose(rest, residual[0])


def test_slopes_of_a_form_are_those_of_finite_differences():
    m = measured(8 * np.exp(-X / 5.5) * np.cos(3.1 * X + 0.4))
    for form in list(starts(m, ALGEBRA, 0, Goal(m.y, m.weights)))[::2]:
        constants = np.array(form.coefficients)
        with np.errstate(all="ignore"):
            values, slopes = with_slopes(form, m.x)(constants.tolist())
            of = prepared(form, m.x)
            assert np.allclose(values, of(constants.tolist()), equal_nan=True)
            for i, c in enumerate(constants):
                step = 1e-6 * max(abs(c), 1e-3)
                ends = [of([*constants[:i], c + s * step, *constants[i + 1 :]]) for s in (1, -1)]
                slow = (ends[0] - ends[1]) / (2 * step)
                good = np.isfinite(slow) & (np.abs(slow) < 1e6)
                assert np.allclose(
                    slopes[i][good], slow[good], rtol=1e-3, atol=1e-4 * np.abs(slow[good]).max(initial=1)
                )


def test_a_quotient_of_polynomials_is_found_by_iteration():
    y = (1.1 - 0.12 * X + 0.004 * X**2) / (1 - 0.006 * X + 0.0002 * X**2)
    m = measured(y)
    assert min(fit(form, m).misfit for form in rationals(Axis(0, 1, X, ALGEBRA), Goal(y, m.weights))) < 1e-9


def test_a_peak_is_added_to_what_stands_below_it():
    background, peak = 2 - 0.1 * X, 3 * np.exp(-(((X - 6) / 0.7) ** 2) / 2)
    m = measured(background + peak)
    (line, *_) = named("line", starts(m, ALGEBRA, 0, Goal(background, m.weights)))
    shapes = [shape for shape in SHAPES if shape.is_peak]
    forms = [added(line, other) for other in drawn(shapes, m, ALGEBRA, 0, Goal(peak, m.weights))]
    assert min(fit(form, m).misfit for form in forms) < 1e-7


def spectrum(x, background, *peaks):
    return background + sum(h * np.exp(-(((x - c) / w) ** 2) / 2) for h, c, w in peaks)


@pytest.mark.parametrize("kind", ["line", "exponential"])
def test_peaks_that_overlap_on_a_background_are_found_with_their_names(kind):
    x = np.linspace(1, 250, 120)
    background = 90 - 0.2 * x if kind == "line" else 100 * np.exp(-0.011 * x)
    y = spectrum(x, background, (100, 107, 23), (72, 153, 19.5))
    y = y + 2 * np.random.default_rng(1).normal(size=len(x))
    found = law(y, x)
    assert found.name == f"{kind} + gaussian + gaussian" and found.fit in (Fit.NOISE, Fit.ROWS)


@pytest.mark.parametrize("level", [0, 5])
def test_peaks_on_nothing_or_a_constant_have_no_other_background(level):
    x = np.linspace(0, 20, 80)
    y = spectrum(x, level * np.ones(80), (9, 8, 1.28), (6, 10.5, 1.12)) + 0.05 * np.random.default_rng(0).normal(
        size=80
    )
    assert law(y, x).name == "gaussian + gaussian"


def test_a_background_lies_below_what_stands_on_it_and_above_what_hangs_from_it():
    x = np.linspace(0, 10, 60)
    (line,) = [shape for shape in BACKGROUNDS if shape.textbook.name == "line"]
    for side in (1, -1):
        y = spectrum(x, 5 + 0.5 * x, (side * 4, 4, 0.6))
        form = next(backgrounds(line, measured(y, x), ALGEBRA))
        assert np.abs(form.values(x[None]) - (5 + 0.5 * x)).max() < 0.2


def test_a_sum_of_shapes_is_named_by_both_and_costs_what_both_do():
    m = measured(2 - 0.1 * X)
    line, peak = (named(n, drawn(SHAPES, m, ALGEBRA, 0, Goal(m.y, m.weights)))[0] for n in ("line", "gaussian"))
    both = added(line, peak)
    assert both.textbook.name == "line + gaussian"
    assert both.textbook.parts == line.textbook.parts + peak.textbook.parts
    assert added(line, replace(peak, textbook=None)).textbook is None


def test_small_numbers_of_few_digits_weigh_less_where_errors_are_relative():
    t = np.arange(0, 301, 20.0)
    y = 5.05e7 * np.exp(-6844 / (t + 259.7)) * (1 + 0.004 * np.random.default_rng(2).normal(size=len(t)))
    written = np.array([float(f"{v:.4f}" if v < 0.01 else f"{v:.2f}" if v < 5 else f"{v:.1f}") for v in y])
    found = law(written, t)
    assert found.relative and found.fit is Fit.NOISE and found.name == "exponential of a hyperbola"
    m = measured(written, t).with_relative_errors
    heeded = m.with_rounding(0.005).weights / m.weights
    assert heeded[0] < 0.1 and (heeded[8:] > 0.8).all()
    assert (m.with_rounding(0.7).weights / m.weights > 0.9)[1:].all()  # beside much scatter rounding is nothing


def test_where_the_search_for_relative_errors_is_interrupted_nothing_goes_on(monkeypatch):
    t = np.arange(0, 301, 20.0)
    y = np.array([float(f"{v:.4f}" if v < 0.01 else f"{v:.1f}") for v in 5.05e7 * np.exp(-6844 / (t + 259.7))])
    y[y == 0] = 0.0001
    runs = []
    climb = Regression.climb

    def interrupted(self, last):
        runs.append(self.m.is_relative)
        if self.m.is_relative:
            raise KeyboardInterrupt
        return climb(self, last)

    monkeypatch.setattr(Regression, "climb", interrupted)
    rows = [((float(a),), float(b)) for a, b in zip(t, y, strict=True)]
    assert learn(rows, language="laws", names=["t"]).stop is Stop.INTERRUPTED
    assert runs == [False, True]


def test_a_form_that_is_given_has_the_errors_of_those_that_are_found():
    rows = [((t,), p) for t, p in MERCURY]
    result = learn(rows, language="laws", names=["t"], form="a * exp(-b / (t + c))", rivals=True, seconds=20)
    given, *found = sorted(result.candidates, key=lambda c: not c.constants or not c.constants[0].name)
    same = min(found, key=lambda c: abs(c.misfit - given.misfit))
    assert given.relative and given.misfit == pytest.approx(same.misfit, rel=0.2)


def test_constants_are_in_the_units_of_the_columns():
    shift = np.linspace(6.9, 7.6, 60)
    y = 0.2 + 9 / (1 + 400 * (shift - 7.26) ** 2) + 0.02 * np.random.default_rng(0).normal(size=60)
    frame = pd.DataFrame({"shift [ppm]": shift, "s": y})
    best = learn(frame, target="s", language="laws").candidates[0]
    centre = min(best.constants, key=lambda q: abs(abs(q.value) - 7.26))
    assert abs(centre.value) == pytest.approx(7.26, abs=0.001) and centre.unit == "ppm"
    assert "(shift - 7.26" in best.program.source or "(500 * shift" in best.program.source


@pytest.mark.parametrize(
    ("y", "printed"),
    [
        (21 + 64 * np.exp(-X / 3), "21 + 64 * np.exp(-x / 3)"),
        (8.5 * X / (3 + X), "8.5 * x / (x + 3)"),
        (0.5 + 6 / (1 + (X / 3) ** 3), "1 / 2 + 6 / (1 + x ** 3 / 27)"),
        (3 * X**1.5, "3 * x ** 1.5"),
    ],
)
def test_an_exact_law_is_printed_in_the_form_of_a_textbook(y, printed):
    found = law(y)
    assert found.fit is Fit.EXACT and python_expression(found.program.expr) == printed


def test_constants_come_with_errors_that_hold_the_truth():
    found = law(21 + 64 * np.exp(-X / 3), noise=0.01)
    assert found.fits and found.name == "exponential"
    for q, true in zip(found.constants, (21, 64, -1 / 3), strict=True):
        assert abs(q.value - true) < 4 * q.error < abs(true)


def test_constants_take_the_units_that_are_missing():
    t = np.linspace(0, 40, 60)
    rows = [((float(a),), float(b)) for a, b in zip(t, np.round(21 + 64 * np.exp(-t / 13.5), 1), strict=True)]
    found = learn(rows, names=["t"], units={"t": "min", "output": "degC"}).candidates[0]
    assert sorted(q.unit for q in found.constants) == ["1/min", "degC", "degC"]


def test_a_spring_has_a_constant_with_a_unit():
    rows = [(float(x), f) for x, f in zip(range(1, 8), (2.02, 3.97, 6.05, 7.98, 10.03, 11.9, 13.95), strict=True)]
    found = learn(rows, names=["x"], units={"x": "m", "output": "N"}).candidates[0]
    assert python_expression(found.program.expr) in ("2 * x", "1.99 * x", "1.994 * x")


def test_temperatures_with_a_zero_of_their_own_are_absolute_in_laws_of_dimensions():
    rng = np.random.default_rng(0)
    n, T, V = rng.uniform(1, 5, 40), rng.uniform(10, 90, 40), rng.uniform(1, 9, 40)
    p = n * 8.314462618 * (T + 273.15) / V
    rows = [((a, b, c), d) for a, b, c, d in zip(n.tolist(), T.tolist(), V.tolist(), p.tolist(), strict=True)]
    units = {"n": "mol", "T": "degC", "V": "m^3", "output": "Pa"}
    program = learn(rows, names=["n", "T", "V"], units=units, constants=["R"]).program
    assert program(1.0, 0.0, 1.0) == pytest.approx(8.314462618 * 273.15, rel=1e-6)


def test_relative_errors_are_those_of_what_is_true():
    """Half of lognormal measurements are above the law, and they do not draw it down or up."""
    x = np.logspace(0, 3, 90)
    y = 8 * x**0.75 * np.exp(0.5 * np.random.default_rng(3).normal(size=90))
    rows = list(zip(x.tolist(), y.tolist(), strict=True))
    found = learn(rows, language="laws", names=["x"], seconds=4).candidates[0]
    assert found.program(100.0) == pytest.approx(8 * 100**0.75, rel=0.25)


# Claims


@pytest.mark.parametrize(
    ("is_noise", "inside", "n_places", "n_free", "wanted"),
    [
        (True, 0.99, 40, 3, Fit.NOISE),
        (True, 0.99, 8, 2, Fit.NOISE),
        (False, 0.99, 40, 3, Fit.STRUCTURE),
        (True, 0.3, 40, 3, Fit.PART),
        (True, 0.01, 40, 1, Fit.NOTHING),
        (True, 0.99, 6, 3, Fit.ROWS),
        (True, 0.99, 2, 1, Fit.ROWS),
        (True, 0.99, 6, 2, Fit.ROWS),
    ],
)
def test_a_claim_is_earned(is_noise, inside, n_places, n_free, wanted):
    assert claim(is_noise, inside, n_places, n_places, n_free) is wanted


def test_rows_that_were_measured_again_tell_more():
    assert claim(True, 0.99, 12, 6, 2) is Fit.NOISE


def test_pure_scatter_is_no_law():
    found = law(np.random.default_rng(1).normal(10, 2, size=48), seconds=3)
    assert not found.fits and found.fit in (Fit.NOTHING, Fit.PART)


def test_few_points_have_a_curve_through_them_and_no_law():
    result = learn([(1.0, 3.1), (2.0, 7.7), (5.0, 2.9)], language="laws", seconds=3)
    assert not result.solved and not result.fitted


@pytest.mark.parametrize(("decimals", "is_exact"), [(7, True), (4, True), (1, False)])
def test_what_is_written_with_few_digits_is_exact_to_these(decimals, is_exact):
    true = 2.2 * np.sqrt(X)
    given = np.round(true, decimals)
    assert is_exact_to_digits(given - true, given.tolist(), 150.0) == is_exact


def test_whole_numbers_are_not_rounded_ones():
    n = np.arange(1, 21)
    assert not is_exact_to_digits(n // 2 - (n / 2 - 0.25), (n // 2).tolist(), 30.0)
    result = learn([(int(a), int(a) // 2) for a in n], language="laws", seconds=3)
    assert not result.solved or result.program(7) == 3


def test_digits_are_no_proof_of_another_law():
    given = np.round(2.2 * np.sqrt(X), 4)
    assert not is_exact_to_digits(given - 2.2005 * np.sqrt(X), given.tolist(), 30.0)


def test_laws_of_temperatures_compete_as_those_of_anything_else():
    x = np.linspace(0, 40, 20)
    y = 4 + 0.8 * x + np.random.default_rng(0).normal(0, 0.5, 20)
    rows = list(zip(x.tolist(), y.tolist(), strict=True))
    found = learn(rows, names=["a"], units={"a": "degC", "output": "degC"}, seconds=5).candidates[0]
    assert found.fits and found.program(50.0) == pytest.approx(44, abs=2)


def test_an_input_far_from_zero_has_its_growth_too():
    year = np.arange(1971, 2021.0)
    y = 2300 * np.exp(0.345 * (year - 1971)) * (1 + 0.03 * np.random.default_rng(0).normal(size=50))
    rows = list(zip(year.tolist(), y.tolist(), strict=True))
    found = learn(rows, language="laws", names=["year"], seconds=5).candidates[0]
    assert found.program(2030.0) == pytest.approx(2300 * math.exp(0.345 * 59), rel=0.1)


def test_standard_errors_are_those_of_curve_fit():
    y = 42 * X / (1.8 + X) * (1 + 0.01 * np.random.default_rng(2).normal(size=len(X)))
    found = law(y, seconds=5)
    _, covariance = curve_fit(lambda x, a, b: a * x / (b + x), X, y, (40, 2))
    assert found.name == "Michaelis-Menten"
    assert np.allclose([q.error for q in found.constants], np.sqrt(np.diag(covariance)), rtol=0.05)


# Units of constants: with them every sum is of things of one unit.


@pytest.mark.parametrize(
    ("printed", "units"),
    [
        ("21 + 64 * np.exp(-0.074 * t)", ["degC", "degC", "1/min"]),
        ("42 * t / (t + 1.8)", ["degC", "min"]),
        ("3 * t ** 0.75", ["°C/min**0.75", ""]),
    ],
)
def test_constants_take_the_units_that_make_a_law_consistent(printed, units):
    axis = Axis(0, 1, X, ALGEBRA)
    forms = {
        "21": Form((axis.number(21.0), axis.growth(-0.074).times(64.0))),
        "42": Form((axis.power(42.0).times_term(axis.over(1.8, 1.0)),)),
        "3 ": Form((axis.to(0.75).times(3.0),)),
    }
    form = forms[printed[:2]]
    writer = Writer([Var("t", FLOAT)], LANGUAGE.algebra)
    assert python_expression(writer.expression(form)) == printed
    constants = writer.constants(form, free_constants(form))
    assert [q.unit for q in quantities(form, constants, lambda places: 0.1, ["min", "degC"])] == units


def test_a_plain_exponent_is_written_as_a_power():
    axis = Axis(0, 1, X, ALGEBRA)
    squared = with_plain_powers(Form((axis.to(2.0).times(3.0),)))
    assert python_expression(Writer([Var("x", FLOAT)], LANGUAGE.algebra).expression(squared)) == "3 * x ** 2"


def test_a_row_far_off_is_named_and_does_not_bend_the_law():
    y = 3 + 2.4 * X[:15] + 0.1 * np.random.default_rng(4).normal(size=15)
    y[10] += 9
    rows = list(zip(X[:15].tolist(), y.tolist(), strict=True))
    result = learn(rows, language="laws", names=["x"], seconds=8)
    assert any(note.startswith("row 11 looks like an outlier") for note in result.notes)
    assert result.candidates[0].program(20.0) == pytest.approx(51, abs=1)


def test_scatter_has_no_outliers():
    y = 3 + 2.4 * X + np.random.default_rng(5).normal(size=len(X))
    rows = list(zip(X.tolist(), y.tolist(), strict=True))
    assert not any("outlier" in note for note in learn(rows, language="laws", names=["x"], seconds=5).notes)


@pytest.mark.parametrize("turns, comes", [(0.8, False), (3.0, True)])
def test_a_wave_that_was_seen_for_less_than_a_turn_may_never_come_again(turns, comes):
    hours = np.linspace(0, 24 * turns, 40)
    wave = 5 + 2 * np.cos(0.26 * hours - 1) + 0.02 * np.random.default_rng(1).normal(size=40)
    rows = list(zip([(float(h),) for h in hours], wave.tolist(), strict=True))
    law = learn(rows, names=["hour"], language="laws", programs=300_000, seconds=None).candidates[0]
    assert "np.cos" in law.program.source or "np.sin" in law.program.source
    assert (law.fit is Fit.NOISE) == comes
