"""Curves: forms that are given, with the constants that fit them best, found without starts.

Constants that a form is linear in follow from the others by least squares (Golub and Pereyra, "The differentiation of
pseudo-inverses and nonlinear least squares problems whose variables separate", SIAM J. Numer. Anal. 10, 1973), so that
only the others are drawn: near rates and places that the columns suggest, many times, and the best are fitted to the
end.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, walk
from extrapolate.regression.given import Given
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

# So many draws a round for each constant that a form is not linear in, of which the best are fitted to the end. The
# best of all rounds are a pool, of which later draws are put together but for a part of them. So many rounds in a row
# without anything better are the last.
DRAWS, KEPT, POOL, ANEW, IDLE = 200, 8, 24, 0.3, 4
# So many times as many draws in the first round for what goes up and down.
WAVES = 2
# Draws are looked at together, so many numbers at a time.
TOGETHER = 100_000
# Decades on both sides of what the columns suggest.
DECADES = 2.0
BETTER, BAD = 1e-6, 1e6
# A form is linear in a constant where it changes with it as much whatever the others are, up to that, but for rounding;
# so often it is asked.
LINEAR, LEAST, ASKED, TINY = 1e-6, 1e-12, 8, 1e-200
STEPS = 300
# Constants are written to such a part of what the others, held fast, leave open of each.
WRITTEN = 0.05
DIGITS = 1e-11
# What the rows tell of some constants together is nothing where an eigenvalue of their correlations is no larger; these
# are the constants that have such a part in it.
UNTOLD, PART = 1e-14, 1e-3


@dataclass(frozen=True)
class Curve:
    """A form with its constants, and their standard errors; `misfit` as that of any law."""

    given: Given
    constants: tuple[float, ...]
    errors: tuple[float, ...]
    misfit: float

    def values(self, x: Floats) -> Floats:
        return self.given.values(x, self.constants)


def fitted(given: Given, m: Measurements, is_late: Callable[[], bool], seed: int = 0) -> Curve:
    """The form with the constants that leave least of the measurements, in the units of the columns.

    InputError for more constants than rows, and for a form that has no value in a row, whatever its constants.
    """
    if len(given.names) > m.n_rows:
        raise InputError(
            f"the form {given.text!r} has {len(given.names)} constants and there are {m.n_rows} rows; give more rows."
        )
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem = Problem(given, m)
        constants = problem.best(np.random.default_rng(seed), is_late)
        lost = int((~np.isfinite(given.values(m.x, constants))).sum())
        if lost:
            raise InputError(
                f"the form {given.text!r} has no value in {lost} of {m.n_rows} rows, with the constants that suit the "
                "others best; look for roots and logarithms of what is negative there, and for what divides by 0."
            )
        return problem.curve(constants)


@dataclass(frozen=True)
class Problem:
    """A form and the measurements it is fitted to."""

    given: Given
    m: Measurements

    def rest(self, constants: Floats) -> Floats:
        rest = self.m.rest(self.given.values(self.m.x, constants)) / self.m.size
        return np.where(np.isfinite(rest), np.clip(rest, -BAD, BAD), BAD)

    @cached_property
    def linear(self) -> list[int]:
        """The places of constants that the form is linear in, all together."""
        n, rng = len(self.given.names), np.random.default_rng(1)
        found: list[int] = []
        with np.errstate(all="ignore"):
            for place in range(n):
                if all(self.is_flat(i, place, rng) for i in [*found, place]):
                    found.append(place)
        return found

    @cached_property
    def curved(self) -> list[int]:
        return [i for i in range(len(self.given.names)) if i not in self.linear]

    @cached_property
    def is_wave(self) -> bool:
        """Whether the form goes up and down, which must be met closely to be found."""
        return any(isinstance(part, Apply) and part.word.is_periodic for part in walk(self.given.expr))

    def is_flat(self, i: int, j: int, rng: np.random.Generator) -> bool:
        """Whether a step in one constant changes the form as much whatever the other one is, and itself."""
        n = len(self.given.names)
        told = 0
        for _ in range(ASKED):
            at = np.array([self.draw(rng) for _ in range(n)])
            one, other = np.zeros(n), np.zeros(n)
            one[i], other[j] = 0.7 * at[i], 0.9 * at[j]
            both, first, second, none = (
                self.given.values(self.m.x, p) for p in (at + one + other, at + one, at + other, at)
            )
            steps, size = np.abs(both - second) + np.abs(first - none), np.abs(both) + np.abs(none)
            good = np.isfinite(steps) & np.isfinite(size) & (steps > LEAST * size) & (size > TINY)
            if (np.abs(both - first - second + none)[good] > LINEAR * steps[good] + LEAST * size[good]).any():
                return False
            told += bool(good.any())
        return told > 0

    def best(self, rng: np.random.Generator, is_late: Callable[[], bool]) -> Floats:
        """The constants that leave least, from round to round of draws until some rounds find no better ones."""
        n, count = len(self.curved), len(self.given.names)
        if not n:
            return self.completed(np.ones(count))[0]
        pool: list[tuple[Floats, float]] = []
        least, idle = math.inf, 0
        while idle < IDLE:
            n_drawn = DRAWS * n * (WAVES if self.is_wave and not pool else 1)
            draws = np.ones((n_drawn, count))
            draws[:, self.curved] = [self.drawn(pool, rng) for _ in range(n_drawn)]
            left = self.left_of(draws)
            for place in np.argsort(left, kind="stable")[:KEPT]:
                if pool and not math.isfinite(left[place]):
                    break
                pool.append(self.polished(draws[place]))
                if is_late():
                    break
            pool = apart(sorted(pool, key=lambda pair: pair[1]))
            if is_late() or math.sqrt(pool[0][1]) <= self.m.finest:
                break
            idle = idle + 1 if pool[0][1] >= least * (1 - BETTER) else 0
            least = min(least, pool[0][1])
        return pool[0][0]

    def drawn(self, pool: list[tuple[Floats, float]], rng: np.random.Generator) -> list[float]:
        """Constants the form is not linear in: anew, or parts of good ones, some of them a little changed."""
        if not pool or rng.random() < ANEW:
            return [self.draw(rng) for _ in self.curved]
        found = []
        for place in self.curved:
            value = float(pool[int(len(pool) * rng.random() ** 2)][0][place])
            kind = rng.random()
            found.append(self.draw(rng) if kind < 0.1 else value * 10 ** rng.normal(0, 0.2) if kind < 0.6 else value)
        return found

    def draw(self, rng: np.random.Generator) -> float:
        """A number that a column suggests: a place in it, a rate that bends in its range, or any of plain size."""
        column = self.m.x[rng.integers(len(self.m.x))]
        low, high = float(column.min()), float(column.max())
        kind, sign = rng.integers(4), -1.0 if rng.random() < 0.25 else 1.0
        width = (high - low) or abs(high) or 1.0
        if self.is_wave and rng.random() < 0.5:  # a phase, or from no wave to one for two rows, in turns or radians
            turns = rng.uniform(0, self.m.n_rows / 2) / width
            return float((rng.uniform(-math.pi, math.pi), turns, 2 * math.pi * turns)[rng.integers(3)])
        if kind == 0:
            return float(rng.uniform(low, high))
        unit = (1 / width, width, 1.0)[kind - 1]
        return float(sign * unit * 10 ** rng.uniform(-DECADES, DECADES))

    def left_of(self, draws: Floats) -> Floats:
        """What is left with each of some choices of the constants, `(n, n_constants)`, those that the form is linear in
        as they are best; infinite where the form has no value."""
        parts = np.array_split(draws, max(1, len(draws) * self.m.n_rows // TOGETHER))
        return np.concatenate([self.left_of_part(part) for part in parts])

    def parted(self, draws: Floats) -> tuple[Floats, Floats]:
        """What the constants that the form is linear in are to explain with each of some choices of the others,
        `(n, n_rows)`, and what one of each adds to it, `(n, n_rows, n_linear)`, weighted."""
        choices = np.repeat(draws[:, None], len(self.linear) + 1, axis=1)
        choices[:, :, self.linear] = np.eye(len(self.linear) + 1, len(self.linear), -1)
        values = self.given.table(self.m.x, choices.reshape(-1, draws.shape[1]))
        values = values.reshape(len(draws), -1, self.m.n_rows)
        zero = values[:, 0]
        return (self.m.y - zero) * self.m.weights, ((values[:, 1:] - zero[:, None]) * self.m.weights).transpose(0, 2, 1)

    def left_of_part(self, draws: Floats) -> Floats:
        target, designs = self.parted(draws)
        left: Floats = (target**2).sum(axis=1)
        if self.linear:
            sizes = np.linalg.norm(designs, axis=1, keepdims=True)
            is_good = np.isfinite(sizes).all(axis=(1, 2)) & np.isfinite(left)
            designs = np.where(is_good[:, None, None], designs / np.where(sizes > 0, sizes, 1.0), 0.0)
            directions, _ = np.linalg.qr(designs)
            along = np.einsum("nrk,nr->nk", directions, np.where(is_good[:, None], target, 0.0))
            left = np.where(is_good, left - (along**2).sum(axis=1), np.inf)
        return np.where(np.isfinite(left), left, np.inf)

    def completed(self, constants: Floats) -> tuple[Floats, float]:
        """The constants with those that the form is linear in as they are best, and what is left."""
        if self.linear:
            (target,), (design,) = self.parted(constants[None])
            if not (np.isfinite(design).all() and np.isfinite(target).all()):
                return constants, math.inf
            size = np.linalg.norm(design, axis=0)
            size[size == 0] = 1.0
            solved, *_ = np.linalg.lstsq(design / size, target, rcond=1e-12)
            constants = constants.copy()
            constants[self.linear] = solved / size
        rest = self.rest(constants)
        return constants, float(rest @ rest)

    def polished(self, start: Floats) -> tuple[Floats, float]:
        """The constants at the end of the way down from a start, and what is left: of those that the form is not linear
        in first, as the others follow, then of all."""
        best = self.completed(start)
        if self.linear and self.curved:
            best = min(best, self.descended(best[0], self.curved), key=lambda pair: pair[1])
        return min(best, self.descended(best[0], list(range(len(start)))), key=lambda pair: pair[1])

    def descended(self, start: Floats, places: list[int]) -> tuple[Floats, float]:
        """The constants where a way down ends on which those in some places move, and what is left there."""
        from scipy.optimize import leastsq

        scale = np.where(start[places] == 0, 1.0, np.abs(start[places]))
        is_whole = len(places) == len(start)

        def moved(values: Floats) -> Floats:
            found = start.copy()
            found[places] = values * scale
            return found if is_whole else self.completed(found)[0]

        def rest(values: Floats) -> Floats:
            return self.rest(moved(values))

        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, *_ = leastsq(rest, start[places] / scale, ftol=1e-15, xtol=1e-15, gtol=1e-15, maxfev=STEPS)
        return self.completed(moved(np.atleast_1d(values)))

    def curve(self, constants: Floats) -> Curve:
        """The form with these constants, written no longer than their errors allow, and these errors."""
        misfit = float(np.linalg.norm(self.rest(constants)))
        for i, c in enumerate(constants.tolist()):
            other = constants.copy()
            other[i] = abs(c)  # where the sign of a constant does not matter, as that of a width, it is none
            if c < 0 and np.allclose(self.rest(other), self.rest(constants), rtol=1e-9, atol=1e-12 * misfit):
                constants = other
        slopes = self.slopes(constants)
        spread = misfit / math.sqrt(max(1, self.m.n_rows - len(constants)))
        normal = slopes @ slopes.T
        scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
        sizes, directions = np.linalg.eigh(np.nan_to_num(normal / np.outer(scale, scale)))
        told = sizes > UNTOLD * sizes.max(initial=1.0)
        errors = np.sqrt((directions[:, told] ** 2 / sizes[told]).sum(axis=1)) / scale * spread
        errors[(np.abs(directions[:, ~told]) > PART).any(axis=1)] = math.inf
        written = [rounded(c, WRITTEN * spread / s) for c, s in zip(constants.tolist(), scale.tolist(), strict=True)]
        return Curve(self.given, tuple(written), tuple(errors.tolist()), misfit)

    def slopes(self, constants: Floats) -> Floats:
        """How what is left changes with each constant, `(n_constants, n_rows)`."""
        found = []
        for i, c in enumerate(constants):
            step = 1e-6 * (abs(c) or 1.0)
            up, down = constants.copy(), constants.copy()
            up[i], down[i] = c + step, c - step
            found.append((self.rest(up) - self.rest(down)) / (2 * step))
        return np.array(found).reshape(len(constants), self.m.n_rows)


def apart(pool: list[tuple[Floats, float]]) -> list[tuple[Floats, float]]:
    """The best, without those that leave the same as one before."""
    kept: list[tuple[Floats, float]] = []
    for constants, left in pool:
        if not kept or left > kept[-1][1] * (1 + BETTER):
            kept.append((constants, left))
    return kept[:POOL]


def rounded(value: float, step: float) -> float:
    """A number with no more digits than a step needs, nor than rounding leaves."""
    if not (math.isfinite(step) and math.isfinite(value) and value):
        return value
    ratio = max(1.0, abs(value) / max(step, DIGITS * abs(value)))
    return float(f"{value:.{math.floor(math.log10(ratio)) + 1}e}")
