"""Scalings: which inputs can be multiplied so that the target is only multiplied too, as the rows themselves tell.

Units say that much of a law before any search, and where none are known the rows often do: `y` does not change when
`h` and `T` both double, and doubles with `n`. In logarithms a scaling is a direction along which the target is linear.
The logarithm of the target is described by a polynomial; a direction is taken for one where it needs no bends along it,
as rows that are left out one by one are told as well without them. What is found stands for dimensions
(Constantine, del Rosario and Iaccarino, "Data-driven dimensional analysis", arXiv:1708.04303).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

LEAST_ROWS, MOST_INPUTS = 30, 10
# The degree of polynomials of so many variables, lower where that makes more than a part of the rows of terms.
DEGREES, LEAST_DEGREE, TERMS_A_ROW = {1: 5, 2: 4, 3: 4, 4: 3}, 2, 0.5
# Powers of inputs that are scaled together.
PAIRS = ((1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
TRIPLES = ((1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1))
# Rows left out may be told worse by so much without bends, and directions told as well but for so much differ in how
# plain they are alone.
WORSE, AS_WELL = 1.15, 1.05
# What is no scaling alone, by so much, is none beside others.
ALONE = 2.0
# What is left of the logarithm at most, in parts of its spread, and how far the power of the target may be off a
# quarter.
LEFT, OFF = 0.15, 0.06
SMALLEST_LEVERAGE, SMALLEST = 1e-9, 1e-12


def scaled(m: Measurements, is_late: Callable[[], bool] = lambda: False) -> Measurements | None:
    """Measurements with the scalings of their rows in the place of dimensions; None where they tell none, as few rows
    of many inputs do, or it is late."""
    kept = m.y != 0
    n_terms = (m.n_inputs + 1) * (m.n_inputs + 2) // 2
    is_told = kept.sum() >= max(LEAST_ROWS, m.n_rows // 2, n_terms / TERMS_A_ROW)
    if m.has_units or not 2 <= m.n_inputs <= MOST_INPUTS or not is_told:
        return None
    found = Directions.of(m.rows(kept)).found(is_late)
    if not found:
        return None
    dimensions = np.array([direction for direction, _ in found]).T
    return replace(m, dimensions=dimensions, wanted=np.array([power for _, power in found]), is_scaled=True)


@dataclass(frozen=True)
class Directions:
    """What is looked for in some rows: `logs` are logarithms of inputs that keep their sign, `(n_rows, n_inputs)` and 0
    for the others, which are `plain`; `is_log` says which are which, and `target` is the logarithm of the target."""

    logs: Floats
    plain: Floats
    is_log: NDArray[np.bool_]
    target: Floats

    @classmethod
    def of(cls, m: Measurements) -> Directions:
        is_log = ((m.x > 0).all(axis=1) | (m.x < 0).all(axis=1)) & (np.ptp(m.x, axis=1) > 0)
        logs = np.where(is_log[:, None], m.logs, 0.0).T
        plain = m.x[~is_log & (np.ptp(m.x, axis=1) > 0)].T
        target = np.log(np.abs(m.y))
        return cls(logs - logs.mean(axis=0), standardized(plain), is_log, target - target.mean())

    def found(self, is_late: Callable[[], bool]) -> list[tuple[Floats, float]]:
        """Independent directions that are scalings, each with the power of the target; none where what they leave is
        too much to tell. O(inputs^3 + inputs * directions that may be one) fits of a polynomial."""
        taken: list[Floats] = []
        best = self.error(taken)
        choices = list(self.candidates())
        while len(taken) < self.is_log.sum():
            told = [(self.error([*taken, d]), d) for d in choices if not is_late() and are_independent([*taken, d])]
            least = min((error for error, _ in told), default=math.inf)
            if is_late() or least > WORSE * best + SMALLEST:
                break
            if not taken:  # what is one beside others is one alone
                choices = [d for error, d in told if error <= ALONE * max(best, least) + SMALLEST]
            near = [(price(d), error, i) for i, (error, d) in enumerate(told) if error <= AS_WELL * least + SMALLEST]
            _, error, i = min(near)
            taken.append(told[i][1])
            best = min(best, error)
        if is_late() or not taken or best > LEFT * self.target.std() or self.target.std() < SMALLEST:
            return []
        slopes = np.linalg.lstsq(self.terms(taken), self.target, rcond=None)[0][1 : 1 + len(self.is_log)]
        powers = [float(direction @ slopes) for direction in taken]
        return [(d, round(4 * p) / 4) for d, p in zip(taken, powers, strict=True) if abs(p - round(4 * p) / 4) < OFF]

    def candidates(self) -> Iterator[Floats]:
        """Directions that multiply one, two or three inputs."""
        places = np.flatnonzero(self.is_log)
        for n, every in ((1, ((1,),)), (2, PAIRS), (3, TRIPLES)):
            for chosen, powers in itertools.product(itertools.combinations(places.tolist(), n), every):
                direction = np.zeros(len(self.is_log))
                direction[list(chosen)] = powers
                yield direction

    def error(self, taken: list[Floats]) -> float:
        """How far polynomials without bends along some directions are off the rows that are left out one by one."""
        q, _ = np.linalg.qr(self.terms(taken))
        rest = (self.target - q @ (q.T @ self.target)) / np.maximum(1 - (q**2).sum(axis=1), SMALLEST_LEVERAGE)
        return float(np.sqrt(np.mean(rest**2)))

    def terms(self, taken: list[Floats]) -> Floats:
        """The terms of a polynomial that is linear along some directions, `(n_rows, n_terms)`: 1, then logarithms."""
        across = np.linalg.svd(np.array(taken))[2][len(taken) :] if taken else np.eye(len(self.is_log))
        bent = np.concatenate([standardized(self.logs @ across.T), self.plain], axis=1)
        bent = bent[:, bent.any(axis=0)]
        n_rows, n = bent.shape
        columns = [np.ones((n_rows, 1)), self.logs, self.plain]
        for degree in range(LEAST_DEGREE, DEGREES.get(n, LEAST_DEGREE) + 1):
            chosen = list(itertools.combinations_with_replacement(range(n), degree))
            if degree > LEAST_DEGREE and sum(c.shape[1] for c in columns) + len(chosen) > TERMS_A_ROW * n_rows:
                break
            columns.append(bent[:, np.array(chosen, dtype=np.int64).reshape(-1, degree)].prod(axis=2))
        return np.concatenate(columns, axis=1)


def standardized(columns: Floats) -> Floats:
    """Columns `(n_rows, n)` with a mean of 0 and a spread of 1; 0 where they don't vary."""
    spread = columns.std(axis=0)
    made: Floats = (columns - columns.mean(axis=0)) / np.where(spread > SMALLEST, spread, np.inf)
    return made


def are_independent(directions: list[Floats]) -> bool:
    return int(np.linalg.matrix_rank(np.array(directions))) == len(directions)


def price(direction: Floats) -> float:
    """How plain a direction is: of few inputs, with small powers."""
    return float(10 * np.count_nonzero(direction) + np.abs(direction).sum())
