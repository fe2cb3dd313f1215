"""Scalings of the rows: directions in which inputs are multiplied and the target only is multiplied too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extrapolate import Task, learn
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.scalings import scaled

LAWS = {
    "a product with a sum": (lambda a, b, c: a**2 * (b + c), 3),
    "velocities": (lambda u, v, c: (u + v) / (1 + u * v / c**2), 3),
    "Planck": (lambda h, w, k, t: h * w**3 / (np.exp(h * w / (k * t)) - 1), 4),
    "a decay": (lambda n, m, g, x, t: n * np.exp(-m * g * x / t), 5),
    "an angle": (lambda r, f, theta: r * f * np.sin(theta), 3),
}


def measured(law, n_inputs, n_rows=200, seed=0, low=1.0, high=3.0):
    x = np.random.default_rng(seed).uniform(low, high, (n_inputs, n_rows))
    return measurements(x, law(*x))


def measurements(x, y):
    rows = [(tuple(row), value) for row, value in zip(x.T.tolist(), y.tolist(), strict=True)]
    task = Task.from_examples(rows)
    return Measurements.of(task, task.labelled, range(len(x)), ())


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(LAWS)), st.integers(0, 50), st.floats(0.5, 2.0))
def test_what_is_found_is_true_of_the_law(name, seed, step):
    law, n = LAWS[name]
    found = scaled(measured(law, n, seed=seed))
    if found is None:
        return
    x = found.x
    for direction, power in zip(found.dimensions.T, found.wanted, strict=True):
        there = law(*(x * step ** direction[:, None]))
        np.testing.assert_allclose(there, step**power * law(*x), rtol=1e-6)


@pytest.mark.parametrize(("name", "most"), [("a product with a sum", 2), ("velocities", 1), ("Planck", 3)])
def test_all_scalings_of_a_law_are_found(name, most):
    law, n = LAWS[name]
    found = scaled(measured(law, n))
    assert found is not None and np.linalg.matrix_rank(found.dimensions) == most


def test_noise_hides_few_of_them():
    law, n = LAWS["a decay"]
    m = measured(law, n)
    noisy = measurements(m.x, m.y * np.exp(np.random.default_rng(1).normal(0, 0.01, m.n_rows)))
    found = scaled(noisy)
    assert found is not None
    powers = dict(zip(map(tuple, found.dimensions.T.tolist()), found.wanted.tolist(), strict=True))
    assert powers[1, 0, 0, 0, 0] == 1


@pytest.mark.parametrize(
    "m",
    [
        measured(lambda a, b: a * b, 2, n_rows=20),
        measured(lambda a: a**2, 1),
        measured(lambda a, b: a + b, 2, low=-1.0),
        measured(lambda a, b: np.sin(9 * a) * np.cos(7 * b), 2),
    ],
    ids=["few rows", "one input", "inputs of both signs", "waves"],
)
def test_nothing_is_said_where_the_rows_do_not_tell(m):
    assert scaled(m) is None


def test_a_law_of_five_inputs_is_found_by_what_scales():
    def law(n, q, v, k, t):
        return n * (np.exp(q * v / (k * t)) - 1)

    x = np.random.default_rng(3).uniform(1, 3, (5, 120))
    rows = [(tuple(row), value) for row, value in zip(x.T.tolist(), law(*x).tolist(), strict=True)]
    result = learn(rows, names=["n", "q", "v", "k", "t"], language="laws", programs=300_000)
    far = (2.0, 10.0, 1.5, 0.5, 9.0)
    assert result.program is not None and result.program.answer(far) == pytest.approx(law(*far))
