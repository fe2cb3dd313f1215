"""Constants of formulas: fitted by least squares, and what simple numbers there are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.form import Form, prepared
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

# No residual is smaller, relative to the target, than rounding leaves it.
ROUNDING = 1e-14
LARGEST_NUMBER, LARGEST_PRODUCT, HIGHEST_HALF_POWER = 64, 256, 6
MOST_DIGITS = 12
BAD = 1e6
STEP = 1.5e-8


@dataclass(frozen=True)
class Fitted:
    """A form with its best constants. `misfit` is the weighted norm of the residual over that of the target.

    `errors` are the standard errors of the constants in the places `free`.
    """

    form: Form
    misfit: float
    errors: Floats
    free: tuple[int, ...]


@dataclass(frozen=True)
class Parts:
    """A simple number: `numerator / denominator * pi ** pi * sqrt(root)`."""

    numerator: int
    denominator: int
    pi: Fraction
    root: int


def free_constants(form: Form) -> list[int]:
    """Which coefficients are free: not the first of a sum that is a factor, where the term's own says the same."""
    free: list[int] = []
    place = 0

    def visit(inner: Form, is_factor: bool) -> None:
        nonlocal place
        for i, term in enumerate(inner.terms):
            if i > 0 or not is_factor or inner.word is not None:
                free.append(place)
            place += 1
            for factor, _ in term.factors:
                visit(factor, True)

    visit(form, False)
    return free


def fit(form: Form, m: Measurements, fixed: frozenset[int] = frozenset(), steps: int = 40) -> Fitted:
    """The form with its free constants, but those `fixed`, fitted by the method of Levenberg and Marquardt."""
    from scipy.optimize import least_squares

    start = np.array(form.coefficients)
    free = tuple(i for i in free_constants(form) if i not in fixed)
    if not free or len(free) > m.n_rows:
        return Fitted(form, m.misfit(form), np.zeros(len(free)), free)
    wanted, weights, scale = m.y, m.weights / m.size, np.abs(start[list(free)])
    scale[scale == 0] = 1.0

    places = list(free)

    def constants(values: Floats) -> list[float]:
        changed = start.copy()
        changed[places] = values * scale
        return list(changed.tolist())

    def residual(values: Floats) -> Floats:
        rest = (given(constants(values)) - wanted) * weights
        return np.where(np.isfinite(rest), rest, BAD)

    def slopes(values: Floats) -> Floats:
        rest, steps = residual(values), STEP * np.maximum(np.abs(values), STEP)
        moved = [residual(values + step * unit) for step, unit in zip(steps, np.eye(len(values)), strict=True)]
        return ((np.array(moved) - rest) / steps[:, None]).T

    with np.errstate(all="ignore"):
        given = prepared(form, m.x)
        try:
            found = least_squares(
                residual, start[places] / scale, slopes, method="lm", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=steps
            )
            covariance = np.linalg.pinv(normal(np.asarray(found.jac)), hermitian=True)
        except (ValueError, np.linalg.LinAlgError):
            return Fitted(form, math.inf, np.full(len(free), math.inf), free)
    misfit = float(np.linalg.norm(found.fun))
    spread = max(misfit, ROUNDING) / math.sqrt(max(1, m.n_rows - len(free)))
    errors = np.sqrt(np.maximum(0.0, np.diag(covariance))) * spread * scale
    return Fitted(form.with_coefficients(constants(found.x)), misfit, errors, free)


def normal(slopes: Floats) -> Floats:
    """The normal matrix of least squares; LinAlgError where it is not finite, as some solvers never end on that."""
    product: Floats = slopes.T @ slopes
    if not np.isfinite(product).all():
        raise np.linalg.LinAlgError("slopes are not finite")
    return product


@lru_cache(maxsize=1)
def simple_numbers() -> tuple[Floats, Floats, list[Parts]]:
    """Positive simple numbers, sorted, with their description lengths in bits and what they are made of."""
    found: dict[float, tuple[float, Parts]] = {}
    for p in range(1, LARGEST_NUMBER + 1):
        for q in range(1, min(LARGEST_NUMBER, LARGEST_PRODUCT // p) + 1):
            if math.gcd(p, q) > 1:
                continue
            for half in range(-HIGHEST_HALF_POWER, HIGHEST_HALF_POWER + 1):
                for root in (1, 2, 3):
                    value = p / q * math.pi ** (half / 2) * math.sqrt(root)
                    price = 1 + 1.5 * (math.log2(p) + math.log2(q)) + 6 * (root > 1)
                    price += (1.5 + abs(half) + 2 * (half % 2)) * (half != 0)
                    if value not in found or price < found[value][0]:
                        found[value] = price, Parts(p, q, Fraction(half, 2), root)
    values = sorted(found)
    return np.array(values), np.array([found[v][0] for v in values]), [found[v][1] for v in values]


def simple_place(value: float) -> int | None:
    """Where a positive number stands among the simple ones; None when it is none."""
    values, _, _ = simple_numbers()
    i = int(np.searchsorted(values, value * (1 - 1e-12)))
    return i if i < len(values) and abs(values[i] - value) <= 1e-12 * value else None


def parts_of(value: float) -> Parts | None:
    """What a positive number is made of; None when it is no simple one."""
    place = simple_place(value)
    return None if place is None else simple_numbers()[2][place]


def parts_bits(value: float) -> float | None:
    """The description length of a positive simple number in bits; None when it is none."""
    place = simple_place(value)
    return None if place is None else float(simple_numbers()[1][place])


def digits_of(value: float) -> int:
    """How many digits it takes to write a number, without zeros at either end."""
    digits = f"{abs(value):.{MOST_DIGITS - 1}e}".split("e")[0].replace(".", "")
    return len(digits.rstrip("0")) or 1
