"""Errors of inputs: curves fitted by orthogonal distances, beside least squares over all true places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from extrapolate import InputError, Task, learn
from extrapolate.read.errors import read_errors

# Pearson's points with York's weights (Can. J. Phys. 44, 1966), which are one over squared errors.
X = (0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4)
Y = (5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5)
OF_X = (1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1)
OF_Y = (1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500)


def measured(x, y, x_errors, y_errors):
    task = Task.from_examples(zip(map(float, x), map(float, y), strict=True), names=["x"], name="y")
    return task.with_errors(by_row(y_errors), {"x": by_row(x_errors)})


def by_row(errors):
    return {n: float(e) for n, e in enumerate(errors, 1)}


def nearest_by_places(of, start, x, y, x_errors, y_errors):
    """The slow way: constants and all true places together, by least squares."""
    n = len(start)

    def rest(values):
        places = values[n:]
        return np.concatenate([(of(values[:n], places) - y) / y_errors, (places - x) / x_errors])

    return least_squares(rest, [*start, *x], xtol=1e-14, ftol=1e-14, gtol=1e-14).x[:n]


def test_a_line_through_pearsons_points_is_that_of_york():
    task = measured(X, Y, np.power(OF_X, -0.5), np.power(OF_Y, -0.5))
    law = learn(task, form="a + b * x").candidates[0]
    assert {q.name: q.value for q in law.constants} == pytest.approx({"a": 5.47991, "b": -0.480533}, abs=1e-4)
    assert {q.name: q.error for q in law.constants} == pytest.approx({"a": 0.3592, "b": 0.0706}, rel=1e-2)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 0.3), st.floats(0.01, 0.3))
def test_a_curve_is_the_nearest_one(seed, x_error, y_error):
    rng = np.random.default_rng(seed)
    true = np.linspace(0.5, 6, 15)
    x, y = true + rng.normal(0, x_error, 15), 8 * np.exp(-0.4 * true) + rng.normal(0, y_error, 15)
    law = learn(measured(x, y, np.full(15, x_error), np.full(15, y_error)), form="a * exp(-b * x)").candidates[0]
    wanted = nearest_by_places(lambda c, p: c[0] * np.exp(-c[1] * p), [8, 0.4], x, y, x_error, y_error)
    for found, value in zip(law.constants, wanted, strict=True):
        assert found.value == pytest.approx(value, abs=0.1 * found.error)


def test_a_slope_is_not_flattened_by_the_errors_of_its_input():
    rng = np.random.default_rng(5)
    true = rng.uniform(0, 4, 200)
    x, y = true + rng.normal(0, 1, 200), 3 * true + rng.normal(0, 0.1, 200)
    task = measured(x, y, np.full(200, 1.0), np.full(200, 0.1))
    flat, law = learn(task.with_errors(task.errors), form="a * x + b"), learn(task, form="a * x + b")
    slopes = [r.candidates[0].constants[0].value for r in (flat, law)]
    assert slopes[0] < 2.2 and slopes[1] == pytest.approx(3, abs=0.3)


def test_laws_that_are_found_heed_errors_of_inputs_in_any_unit():
    rng = np.random.default_rng(1)
    lengths = np.linspace(20, 200, 12)
    x, y = lengths + rng.normal(0, 3, 12), 2 * np.pi * np.sqrt(lengths / 100 / 9.81) + rng.normal(0, 0.002, 12)
    rows = zip(map(float, x), map(float, y), strict=True)
    task = Task.from_examples(rows, names=["L"], name="T").with_errors(
        by_row(np.full(12, 0.002)), {"L": by_row(np.full(12, 3.0))}
    )
    law = learn(task, units={"L": "cm", "T": "s"}, programs=20_000).candidates[0]
    assert law.fits and law.program.answer((1000.0,)) == pytest.approx(6.344, rel=0.02)


def test_errors_are_given_by_column_and_by_number():
    headers = ["L [m]", "dL", "T [s]", "dT"]
    assert read_errors("dT", headers, "T [s]") == ("dT", {})
    assert read_errors("dT,L=dL", headers, "T [s]") == ("dT", {"L [m]": "dL"})
    assert read_errors("L [m]=0.01, T=0.5", headers, "T [s]") == (0.5, {"L [m]": 0.01})
    assert read_errors("a,b", ["a,b", "T"], "T") == ("a,b", {})


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"z": {1: 0.1, 2: 0.1, 3: 0.1}}, "errors were given of 'z', which is no input; the columns are x"),
        ({"x": {1: 0.1, 2: 0.1}}, "row 3: the standard error of x is missing; give a number of 0 and above"),
        ({"x": {1: 0.1, 2: -0.1, 3: 0}}, "row 2: the standard error of x is -0.1"),
        ({"x": {1: 0.1, 2: 1e300, 3: 0}}, "row 2, standard error of x: 1e.300 is too large to compute with"),
    ],
)
def test_errors_of_inputs_that_are_none_are_named(inputs, says):
    task = Task.from_examples([(1.0, 2.0), (2.0, 4.0), (3.0, 7.0)], names=["x"])
    with pytest.raises(InputError, match=says.replace("(", r"\(")):
        task.with_errors({1: 1, 2: 1, 3: 1}, inputs)


def test_laws_that_are_found_heed_errors_of_inputs():
    rng = np.random.default_rng(4)
    true = np.append(0.0, np.linspace(0.05, 6, 79))  # a law without a value below 0
    x = np.append(0.0, np.abs(true[1:] + rng.normal(0, 0.25, 79)))
    task = measured(x, 5 * np.sqrt(true) + rng.normal(0, 0.05, 80), np.full(80, 0.25), np.full(80, 0.05))
    law = learn(task, language="laws", programs=300_000).candidates[0]
    assert law.program.source.endswith("return 5 * np.sqrt(x)\n") and law.fits


def test_categories_stand_beside_errors_of_inputs():
    rng = np.random.default_rng(0)
    x, texts = rng.uniform(1, 5, 40), ["ab"[i % 2] for i in range(40)]
    y = [(2 if text == "a" else 3) * value for text, value in zip(texts, x.tolist(), strict=True)]
    rows = [((text, float(a)), float(b)) for text, a, b in zip(texts, x + rng.normal(0, 0.02, 40), y, strict=True)]
    task = Task.from_examples(rows, names=["c", "x"]).with_errors(by_row([0.05] * 40), {"x": by_row([0.02] * 40)})
    law = learn(task, language="laws", seconds=10).candidates[0]
    assert law.program.source.endswith("return {'a': 2, 'b': 3}[c] * x\n")


@pytest.mark.parametrize("error", [0.0, 1e-10, 1e-16])
def test_one_row_without_an_error_leaves_the_others_theirs(error):
    rng = np.random.default_rng(0)
    true, errors = rng.uniform(0, 4, 200), np.append(error, np.ones(199))
    x, y = true + rng.normal(0, 1, 200) * errors, 3 * true + rng.normal(0, 0.1, 200)
    law = learn(measured(x, y, errors, np.full(200, 0.1)), form="a * x + b").candidates[0]

    def distances(c):
        return (y - c[0] * x - c[1]) / np.sqrt(0.01 + (c[0] * errors) ** 2)

    assert [q.value for q in law.constants] == pytest.approx(least_squares(distances, [3, 0]).x, abs=0.01)


def test_headers_with_units_keep_the_errors_of_their_columns():
    rng = np.random.default_rng(2)
    lengths = np.linspace(20, 200, 30)
    x, y = lengths + rng.normal(0, 8, 30), 0.02 * lengths + rng.normal(0, 0.01, 30)
    columns = {"L [cm]": x.tolist(), "T [s]": y.tolist()}
    plain = Task.from_columns(range(1, 31), columns, ["L [cm]"], "T [s]", name="T")
    task = plain.with_errors(by_row([0.01] * 30), {"L [cm]": by_row([8.0] * 30)})
    slopes = [learn(t, form="a * L + b").candidates[0].constants[0].value for t in (task, plain)]
    assert slopes[0] > 1.005 * slopes[1]
