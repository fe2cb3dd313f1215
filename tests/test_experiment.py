"""The next experiment: where candidates differ most."""

import math

import numpy as np
import pytest

from extrapolate import InputError
from extrapolate.core.expression import Apply, Literal, Var
from extrapolate.core.program import Program
from extrapolate.core.types import FLOAT
from extrapolate.languages.laws import LANGUAGE
from extrapolate.regression.experiment import next_experiment

X, Y = Var("x", FLOAT), Var("y", FLOAT)


def apply(name, *args):
    return Apply(LANGUAGE[name], args, FLOAT)


def number(value):
    return Literal(float(value), FLOAT)


def program(expr, inputs=(X,)):
    return Program(expr, inputs, FLOAT)


LINE, CURVE = program(X), program(apply("power", X, number(2)))
ROOT, LOGARITHM = program(apply("sqrt", X)), program(apply("log", X))
SINE = program(apply("sin", X))


def test_it_lies_where_the_candidates_differ_most():
    found = next_experiment([LINE, CURVE], {"x": (0, 0.9)}, [0.01, 0.01])
    assert found.inputs == {"x": 0.5}
    assert found.predictions == (0.5, 0.25)
    assert found.apart == pytest.approx(0.25 / (0.01 * math.sqrt(2)))
    assert str(found).startswith("measure at x = 0.5: the candidates say 0.5, 0.25, up to 17.7 errors apart")


def test_it_goes_to_the_end_of_a_range_where_that_tells_more():
    assert next_experiment([LINE, CURVE], {"x": (0, 3)}, [0.01, 0.01]).inputs == {"x": 3.0}


def test_what_counts_are_errors_and_not_size():
    """Beyond 1 the curves differ by much more, but not against an error of a thousand; without errors, by 1 %."""
    assert next_experiment([LINE, CURVE], {"x": (1, 2)}, [1000, 1000]).apart < 1
    assert next_experiment([LINE, CURVE], {"x": (2, 2)}).apart == pytest.approx(2 / math.hypot(0.02, 0.04))


def test_a_wild_candidate_does_not_hide_the_others():
    """The third is far from both everywhere; what is left to settle is between the first two, at 1/2."""
    wild = program(number(1e6))
    found = next_experiment([LINE, CURVE, wild], {"x": (0, 1)}, [0.1, 0.1, 0.1])
    assert found.inputs["x"] == pytest.approx(0.5, abs=0.01)


def test_a_long_range_is_searched_on_a_logarithmic_axis():
    """A bump at 1e-6 in a range up to 1: an even spread of points would miss it."""
    bump = apply("exp", apply("negate", apply("power", apply("sub", apply("log", X), number(-13.8)), number(2))))
    found = next_experiment([program(number(0)), program(bump)], {"x": (1e-12, 1)}, [0.1, 0.1])
    assert found.inputs["x"] == pytest.approx(math.exp(-13.8), rel=0.02)


def test_several_inputs_are_searched_together():
    product, ratio = (program(apply(word, X, Y), (X, Y)) for word in ("mul", "divide"))
    found = next_experiment([product, ratio], {"x": (1, 5), "y": (1, 3)}, [0.1, 0.1])
    assert found.inputs == {"x": 5.0, "y": 3.0}


def test_points_where_a_candidate_has_no_value_tell_nothing():
    found = next_experiment([ROOT, SINE], {"x": (-10, 1)}, [0.01, 0.01])
    assert found.inputs["x"] >= 0
    assert np.isfinite(found.predictions).all()


def test_it_is_the_same_each_time_and_inputs_have_three_digits_within_the_range():
    ranges = {"x": (0.123456, 1.98765)}
    first, second = (next_experiment([ROOT, SINE, LOGARITHM], ranges, [0.01, 0.01, 0.01]) for _ in range(2))
    assert first == second
    x = first.inputs["x"]
    assert 0.123456 <= x <= 1.98765
    assert x in (0.123456, 1.98765) or x == float(f"{x:.3g}")


@pytest.mark.parametrize(
    "programs, ranges, sentence",
    [
        ([LINE], {"x": (0, 1)}, "1 candidate was given.*two or more"),
        ([], {"x": (0, 1)}, "0 candidates were given"),
        ([LINE, CURVE], {}, "ranges has no 'x'"),
        ([LINE, CURVE], {"x": (0, 1), "z": (0, 1)}, "ranges has 'z', which is no input; the inputs are x"),
        ([LINE, CURVE], {"x": (1, 0)}, r"the range of x is \(1, 0\).*lower one first"),
        ([LINE, CURVE], {"x": (0, math.inf)}, "two finite numbers"),
        ([LINE, CURVE], {"x": 3}, "the range of x is 3; give two numbers"),
        ([LINE, LINE], {"x": (0, 1)}, "agree everywhere"),
        ([LOGARITHM, ROOT], {"x": (-2, -1)}, "have no value there"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(programs, ranges, sentence):
    with pytest.raises(InputError, match=sentence):
        next_experiment(programs, ranges)
