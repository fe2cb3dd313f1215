"""Forms that are given: read as data, fitted without starts, with constants by name and unit."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extrapolate import InputError, Stop, Task, laws, learn
from extrapolate.core.expression import Var
from extrapolate.core.source import python_expression
from extrapolate.core.types import FLOAT
from extrapolate.regression.curves import Problem, fitted
from extrapolate.regression.dimensions import units_of
from extrapolate.regression.forms import signed
from extrapolate.regression.given import read_form
from extrapolate.regression.search.measurements import Measurements

X = np.linspace(0.5, 10, 24)
RNG = np.random.default_rng(0)
S, T = Var("S", FLOAT), Var("t", FLOAT)


def rows(y, x=X):
    return list(zip([(float(v),) for v in x], y.tolist(), strict=True))


def fit(text, y, x=X, name="x"):
    task = Task.from_examples(rows(y, x), names=[name], name="y")
    m = Measurements.of(task, task.labelled, [0], ()).as_given()
    return fitted(read_form(text, task.inputs, laws), m, lambda: False)


@pytest.mark.parametrize(
    "text, constants",
    [
        ("a * x + b", {"a": 2.0, "b": -3.0}),
        ("a * exp(-k * x) + c", {"a": 5.0, "k": 0.7, "c": 1.0}),
        ("Vmax * x / (Km + x)", {"Vmax": 212.7, "Km": 0.9}),
        ("a * x ** p", {"a": 0.3, "p": 2.37}),
        ("exp(A - B / (x + C))", {"A": 8.0, "B": 40.0, "C": 5.0}),
        ("a * exp(-((x - m) / w) ** 2)", {"a": 4.0, "m": 3.0, "w": 1.5}),
        ("a * sin(w * x) + b * cos(w * x)", {"a": 2.0, "w": 1.7, "b": 1.0}),
        ("L / (1 + exp(-k * (x - x0)))", {"L": 9.0, "k": 1.3, "x0": 4.0}),
        ("a * log10(x) + b", {"a": 2.0, "b": 1.0}),
        ("a * x^2 / (1 + b * abs(x))", {"a": 3.0, "b": 0.2}),
    ],
)
def test_constants_are_found_without_starts(text, constants):
    form = read_form(text, (Var("x", FLOAT),), laws)
    assert set(form.names) == set(constants)
    wanted = form.values(X[None], [constants[name] for name in form.names])
    found = fit(text, wanted)
    assert found.misfit < 1e-9
    assert np.allclose(found.values(X[None]), wanted, rtol=1e-6)
    if "sin" not in text:
        assert [abs(c) for c in found.constants] == pytest.approx([abs(constants[n]) for n in form.names], rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.1, 50), st.floats(0.05, 3))
def test_any_decay_is_found(a, k):
    found = fit("a * exp(-k * t)", a * np.exp(-k * X), name="t")
    assert found.constants == pytest.approx((a, k), rel=1e-4)


def test_standard_errors_are_those_of_least_squares():
    y = 3 * X - 2 + RNG.normal(0, 0.5, len(X))
    found = fit("a * x + b", y)
    design = np.stack([X, np.ones_like(X)], axis=1)
    best, left, *_ = np.linalg.lstsq(design, y, rcond=None)
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * left[0] / (len(X) - 2))
    assert found.constants == pytest.approx(best, abs=0.1 * errors.min())
    assert found.errors == pytest.approx(errors, rel=1e-4)


def test_what_a_form_is_linear_in_follows_from_the_rest():
    task = Task.from_examples(rows(X), names=["x"], name="y")
    m = Measurements.of(task, task.labelled, [0], ()).as_given()

    def linear(text):
        form = read_form(text, task.inputs, laws)
        return {form.names[i] for i in Problem(form, m).linear}

    assert linear("a * exp(-k * x) + c") == {"a", "c"}
    assert linear("a * b * x") == {"a"}
    assert linear("b1 - b2 * x - arctan(b3 / (x - b4)) / pi") == {"b1", "b2"}
    assert linear("a * exp(-((x - m) / w) ** 2)") == {"a"}
    assert linear("x ** p") == set()


def test_the_result_is_a_law_with_names_errors_and_units():
    data = [(s, 200 * s / (0.06 + s) + e) for s, e in zip(X / 10, RNG.normal(0, 2, len(X)), strict=True)]
    task = Task.from_examples([((float(s),), float(v)) for s, v in data], names=["S"], name="v")
    result = learn(task, form="v = Vmax * S / (Km + S)", units={"S": "mmol/L", "v": "umol/min"}, seconds=10)
    law = result.candidates[0]
    assert result.stop is Stop.FORMS and result.fitted and result.program is law.program
    assert [(q.name, q.unit) for q in law.constants] == [("Vmax", "umol/min"), ("Km", "mmol/L")]
    assert abs(law.constants[0].value - 200) < 4 * law.constants[0].error
    assert str(law.constants[1]).startswith("Km = 0.0") and "* S / (" in law.program.source
    assert result.program(0.06) == pytest.approx(100, rel=0.1)


def test_forms_are_ranked_and_a_wrong_one_is_no_fit():
    y = 5 * np.exp(-0.4 * X) + RNG.normal(0, 0.01, len(X))
    result = learn(rows(y), names=["x"], form=["a + b * x", "a * exp(-k * x)"], seconds=10)
    best, worse = result.candidates
    assert "np.exp" in best.program.source and best.fits and not worse.fits
    assert best.score < worse.score
    assert not learn(rows(y), names=["x"], form="a + b * x", seconds=5).fitted


def test_a_form_without_constants_is_scored_as_it_stands():
    result = learn(rows(2 * X), names=["x"], form="2 * x", seconds=5)
    assert result.solved and result.candidates[0].constants == ()


def test_columns_that_a_form_leaves_out_count_in_the_verdict():
    z = RNG.uniform(0, 5, len(X))
    data = [((float(a), float(b)), float(3 * a + b)) for a, b in zip(X, z, strict=True)]
    assert not learn(data, names=["x", "z"], form="k * x", seconds=5).fitted
    assert learn(data, names=["x", "z"], form="k * x + m * z", seconds=5).solved


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("a *", "can't be read; write it as in"),
        ("a + b", "has none of the columns in it; they are x"),
        ("a * expp(x)", "calls expp with 1 values; did you mean 'exp'"),
        ("x if a else b", "can't be read; a form has columns"),
        ("-" * 5000 + "x", "a form of 5,001 characters was given"),
        ("__import__('os').system(x)", "can't be read"),
        ("a1*x + a2*x**2 + a3*x**3 + a4*x**4", "has 4 constants and there are 3 rows"),
    ],
)
def test_what_is_no_form_is_said_in_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        learn([((1.0,), 2.0), ((2.0,), 3.0), ((3.0,), 5.0)], names=["x"], form=text)


def test_a_form_without_values_ends_and_is_told():
    with pytest.raises(InputError, match="has no value in 24 of 24 rows"):
        learn(rows(X), names=["x"], form="a * log(-x) + b", seconds=None, programs=100)


def test_a_form_as_long_as_may_be_is_fitted():
    assert learn(rows(2 * X), names=["x"], form="-" * 296 + "a*x", seconds=5).solved


def test_forms_are_for_laws():
    with pytest.raises(InputError, match="knows no units, constants, forms"):
        learn(rows(X), names=["x"], form="a * x", language="lists")


@pytest.mark.parametrize(
    "text, constants, printed",
    [
        ("a + b * x", (2.0, -3.0), "2 - 3 * x"),
        ("a - b * x / c", (2.0, -3.0, 4.0), "2 + 3 * x / 4"),
        ("exp(-b * x)", (-0.5,), "np.exp(0.5 * x)"),
        ("a * x ** b", (2.0, -1.5), "2 * x ** (-1.5)"),
    ],
)
def test_no_minus_stands_behind_another_sign(text, constants, printed):
    form = read_form(text, (Var("x", FLOAT),), laws)
    assert python_expression(signed(form.with_constants(constants), laws.possible_algebra)) == printed


def test_constants_that_the_rows_do_not_tell_apart_are_named():
    y = 3.3 * X + 2 + RNG.normal(0, 0.1, len(X))
    result = learn(rows(y), names=["x"], form="a * b * x + c", seconds=10)
    told = {q.name: math.isfinite(q.error) for q in result.candidates[0].constants}
    assert told == {"a": False, "b": False, "c": True}
    assert any("a and b" in note for note in result.notes)


def test_the_base_of_natural_logarithms_is_no_constant_where_it_is_raised():
    assert read_form("a * e ** (-b * x)", (Var("x", FLOAT),), laws).names == ("a", "b")


def test_a_target_in_its_own_form_is_told():
    with pytest.raises(InputError, match="has y in it, which is what it should give"):
        learn(rows(X), names=["x"], name="y", form="a * x + y")


def test_a_fast_wave_is_found():
    t = np.sort(RNG.uniform(0, 3, 100))
    y = 1.5 * np.sin(2 * np.pi * 11.7 * t - 0.6) + RNG.normal(0, 0.2, 100)
    assert fit("a * sin(2 * pi * f * t + p)", y, t, "t").misfit < 0.25


@pytest.mark.parametrize("seed", range(3))
def test_a_right_form_holds_where_its_edge_tells_most_and_where_little_is_explained(seed):
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 40, 60)
    decay = 3 * np.exp(-0.9 * t) + np.exp(-0.06 * t) + rng.normal(0, 0.05, 60)
    result = learn(rows(decay, t), names=["t"], form="a * exp(-k * t) + b * exp(-l * t)", seconds=10)
    assert result.fitted
    noisy = 0.5 * X + rng.normal(0, 2, len(X))
    assert learn(rows(noisy), names=["x"], form="a + b * x", seconds=10).fitted


def test_pure_noise_and_exact_rows_have_their_constants_listed():
    noise = learn(rows(RNG.normal(0, 1, len(X))), names=["x"], form="a * exp(-b * x) + c", seconds=5)
    assert len(noise.candidates[0].constants) == 3
    exact = learn(rows(2.5 + 3.25 * X), names=["x"], form="v0 + a * x", seconds=5)
    assert exact.program.source.splitlines()[-1] == "    return 2.5 + 3.25 * x"
    assert [q.name for q in exact.candidates[0].constants] == ["v0", "a"]


# Units


@pytest.mark.parametrize(
    "text, units",
    [
        ("a * t + b", {"a": "m/s", "b": "m"}),
        ("a * exp(-k * t) + c", {"a": "m", "k": "1/s", "c": "m"}),
        ("a * t ** 2 / (1 + t / tau)", {"a": "m/s**2", "tau": "s"}),
        ("a * sqrt(1 + t / b)", {"a": "m", "b": "s"}),
        ("a * b * t", {"a": "", "b": ""}),
        ("exp(a - b / t)", {"a": "", "b": "s"}),
        ("a * log(t) + c", {"a": "m", "c": "m"}),
        ("a * (t - 3)", {"a": "m/s"}),
    ],
)
def test_constants_take_the_units_that_make_both_sides_agree(text, units):
    form = read_form(text, (T,), laws)
    found = units_of(form.expr, {"t": "s"}, "m", dict.fromkeys(form.names, 1.5), laws.possible_algebra)
    assert found == units


def test_without_units_nothing_is_said():
    form = read_form("a * t", (T,), laws)
    assert units_of(form.expr, {"t": ""}, "", {"a": 1.0}, laws.possible_algebra) == {}


# The command


def test_the_command_fits_a_form(tmp_path):
    lines = [
        "t [s],h [m]",
        *(f"{t},{7 * math.exp(-0.5 * t) + 1 + e:.4f}" for t, e in enumerate(RNG.normal(0, 0.01, 16))),
    ]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "extrapolate", "learn", "t.csv", "--target", "h", "--form", "a * exp(-k*t) + c"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert [(c["name"], c["unit"]) for c in record["programs"][0]["constants"]] == [
        ("a", "m"),
        ("k", "1/s"),
        ("c", "m"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert any(line.split() == ["constant", "value", "standard", "error", "unit"] for line in done.stdout.splitlines())
    done = subprocess.run([*command[:-1], "a +"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2 and "can't be read" in done.stderr and "Traceback" not in done.stderr


def test_errors_that_grow_with_the_target_are_told():
    t = np.geomspace(0.1, 300, 16)
    y = 300 / (t + 0.4) * (1 + 0.03 * np.random.default_rng(2).normal(size=16))
    rows = [((float(a),), float(b)) for a, b in zip(t, y, strict=True)]
    result = learn(rows, form="a / (x + c) ** p", names=["x"], seconds=10)
    assert not result.fitted and any("in proportion" in note for note in result.notes)
    equal = [
        ((float(a),), float(300 / (a + 0.4) + b))
        for a, b in zip(t, np.random.default_rng(2).normal(size=16), strict=True)
    ]
    assert learn(equal, form="a / (x + c) ** p", names=["x"], seconds=10).fitted
