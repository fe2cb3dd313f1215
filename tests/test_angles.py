"""Angles in degrees, as tables have them, without a unit that says so."""

import math

import numpy as np
import pytest

from extrapolate import InputError, learn
from extrapolate.regression.search.angles import unit_of

RNG = np.random.default_rng(3)
THETA, SPEED, INDEX = RNG.uniform(10, 80, 30), RNG.uniform(5, 30, 30), RNG.uniform(1.2, 2.4, 30)


def measured(values, noise=0.003):
    return [float(f"{v:.4g}") for v in values * (1 + noise * RNG.normal(size=len(values)))]


LAWS = {
    "intensity * np.cos(": lambda intensity, theta: intensity * np.cos(np.radians(theta)) ** 2,
    "v ** 2 * np.sin(np.pi * theta / 90)": lambda v, theta: v**2 * np.sin(2 * np.radians(theta)) / 9.81,
    "np.arcsin(np.sin(np.pi * theta / 180) / n)": lambda n, theta: np.degrees(np.arcsin(np.sin(np.radians(theta)) / n)),
}
COLUMNS = {"intensity": SPEED.round(2), "v": SPEED.round(2), "n": INDEX.round(2), "theta": THETA.round(2)}


@pytest.mark.parametrize("start", LAWS)
def test_textbook_laws_of_degrees_are_found(start):
    law = LAWS[start]
    names = law.__code__.co_varnames
    columns = [COLUMNS[name] for name in names]
    rows = list(zip(zip(*(c.tolist() for c in columns), strict=True), measured(law(*columns)), strict=True))
    best = learn(rows, names=list(names), language="laws", seconds=30, programs=2_000_000).candidates[0].program
    assert start in best.source
    assert best(1.5, 85.0) == pytest.approx(law(1.5, 85.0), rel=0.05)


def test_what_an_angle_is_measured_in_is_told_by_its_size():
    assert unit_of(np.array([0.1, 3.0, 6.2])) == 1
    assert unit_of(np.array([10.0, 350.0])) == math.pi / 180
    assert unit_of(np.array([10.0, 1013.0])) is None


def test_columns_called_angles_are_taken_for_degrees_and_that_is_said():
    rows = [
        ((theta,), 2 * math.cos(math.radians(theta))) for theta in (10.0, 25.0, 40.0, 55.0, 70.0, 85.0, 120.0, 160.0)
    ]
    named = learn(rows, names=["theta"], name="y", language="laws", seconds=10)
    assert named.task.units == ("deg", "") and any("taken for degrees" in note for note in named.notes)
    assert not any(learn(rows, names=["time"], name="y", language="laws", seconds=10).task.units)
    radians = [((i / 10,), math.sin(i / 10)) for i in range(12)]
    assert not any(learn(radians, names=["theta"], name="y", language="laws", seconds=10).task.units)


def test_plain_numbers_are_no_angles():
    near_a_degree = [((float(x),), 57.0 * x * (1 + 0.01 * (-1) ** x)) for x in range(1, 25)]
    law = learn(near_a_degree, names=["x"], name="y", language="laws", seconds=10).candidates[0]
    assert "pi" not in law.program.source
    warm = [((float(t),), 0.35 * t + 12 + 0.05 * (-1) ** t) for t in range(10, 40)]
    law = learn(warm, names=["temp_deg_c"], name="y", language="laws", seconds=10).candidates[0]
    assert "pi" not in law.program.source


def test_numbers_too_large_are_refused_in_a_sentence_whatever_a_column_is_called():
    rows = [((10**400 + i,), float(i)) for i in range(8)]
    with pytest.raises(InputError):
        learn(rows, names=["theta"], name="y", language="laws", seconds=2)
