"""Bells, beats, triangles and distances: laws of differences of two inputs."""

import itertools
import math
import re

import numpy as np
import pytest

from extrapolate import learn
from extrapolate.languages.laws import LANGUAGE
from extrapolate.regression.search.bells import add_beats, add_bells, differences
from extrapolate.regression.search.block import Block
from extrapolate.regression.search.distances import add_distances, in_pairs
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.triangles import angles, triangles

RNG = np.random.default_rng(0)
X = RNG.uniform(1, 3, (3, 40))


def measured(x, y, dimensions=None, wanted=()):
    shape = np.zeros((len(x), len(wanted))) if dimensions is None else np.array(dimensions, dtype=float)
    return Measurements(x, y, np.ones(len(y)), np.ones(len(x)), 1.0, shape, np.array(wanted, dtype=float))


def of(block, i, x):
    return block.term(i).values(x)


def test_every_column_is_what_its_term_says():
    m = measured(X, X[0])
    bells, beats = Block.empty(40), Block.empty(40)
    add_bells(bells, m)
    add_beats(beats, m, LANGUAGE.algebra.of_angles)
    assert len(bells) == 9 and len(beats) == 12
    for block in (bells, beats, angles(m, LANGUAGE.algebra)):
        for i in range(len(block)):
            assert np.allclose(of(block, i, X), block.values[i])


def test_with_units_all_are_plain_numbers():
    """Two frequencies and a time: only their difference times the time is an angle."""
    m = measured(X, X[0], [[-1], [-1], [1]], [0])
    assert [others for *_, others in differences(m)] == [[2]]
    bells, beats = Block.empty(40), Block.empty(40)
    add_bells(bells, m)
    add_beats(beats, m, LANGUAGE.algebra.of_angles)
    turns = (X[0] - X[1]) * X[2]
    assert not len(bells) and np.allclose(beats.values[0], turns)
    assert len(beats) == 1 + 2 * len(LANGUAGE.algebra.of_angles)


@pytest.mark.parametrize("unit", [1.0, math.pi / 180])
def test_a_side_of_a_triangle_is_found_in_noise(unit):
    a, b, angle = RNG.uniform(1, 5, 60), RNG.uniform(1, 5, 60), RNG.uniform(0.3, 2.8, 60)
    side = np.sqrt(a**2 + b**2 - 2 * a * b * np.cos(angle))
    side *= 1 + 0.005 * RNG.normal(size=60)
    rows = [(tuple(map(float, row)), float(c)) for row, c in zip(np.array([a, b, angle / unit]).T, side, strict=True)]
    result = learn(rows, names=["a", "b", "gamma"], language="laws", programs=2_000_000, seconds=None)
    (law, *_) = result.candidates
    assert law.inside > 0.99 and {"cos(", "sqrt("} <= set(re.findall(r"\w+\(", law.program.source)), law


def test_no_side_is_made_of_what_has_another_dimension():
    m = measured(X, X[0], [[1], [0], [0]], [1])
    assert list(triangles(m, LANGUAGE.algebra)) == []


def test_a_bell_about_another_column_is_found_in_noise():
    x, x0, s = RNG.uniform(0, 6, 80), RNG.uniform(2, 4, 80), RNG.uniform(0.7, 2, 80)
    y = 3 * np.exp(-((x - x0) ** 2) / (2 * s**2)) * (1 + 0.01 * RNG.normal(size=80))
    rows = [(tuple(map(float, row)), float(v)) for row, v in zip(np.array([x, x0, s]).T, y, strict=True)]
    result = learn(rows, names=["x", "x0", "s"], language="laws", programs=2_000_000, seconds=None)
    inside, far = (4.0, 3.0, 1.0), (9.0, 3.0, 2.5)
    for point in (inside, far):
        truth = 3 * math.exp(-((point[0] - point[1]) ** 2) / (2 * point[2] ** 2))
        assert math.isclose(result.candidates[0].program(*point), truth, rel_tol=0.05), result.candidates[0]


@pytest.mark.parametrize(("n", "ways"), [(0, 1), (2, 1), (4, 3), (6, 15)])
def test_things_are_taken_in_pairs_in_all_ways(n, ways):
    found = [frozenset(pairs) for pairs in in_pairs(range(n))]
    assert len(found) == len(set(found)) == ways
    assert all(sorted(itertools.chain(*pairs)) == list(range(n)) for pairs in found)


@pytest.mark.parametrize(("dimensions", "wanted", "most"), [(None, (), 15), ([[1]] * 4 + [[0], [2]], [1], 3)])
def test_distances_are_what_their_terms_say(dimensions, wanted, most):
    x = RNG.uniform(1, 3, (6, 40))
    m = measured(x, x[0], dimensions, wanted)
    found = Block.empty(40)
    add_distances(found, m)
    assert most <= len(found) <= most + 3 * math.comb(6, 4)
    for i in range(len(found)):
        assert np.allclose(of(found, i, x), found.values[i])


def test_a_force_between_two_points_is_found_in_noise():
    m1, m2, *x = RNG.uniform(1, 4, (6, 90))
    y = 5 * m1 * m2 / ((x[0] - x[1]) ** 2 + (x[2] - x[3]) ** 2) * (1 + 0.01 * RNG.normal(size=90))
    columns = np.array([m1, m2, *x]).T
    rows = [(tuple(map(float, row)), float(v)) for row, v in zip(columns, y, strict=True)]
    result = learn(
        rows, names=["m1", "m2", "x1", "x2", "y1", "y2"], name="F", language="laws", programs=3_000_000, seconds=None
    )
    assert math.isclose(result.candidates[0].program(2.0, 3.0, 9.0, 1.0, 2.0, 8.0), 0.3, rel_tol=0.03), result
