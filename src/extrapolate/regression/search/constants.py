"""Constants of formulas: fitted by least squares, and what simple numbers there are."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.reals import MOST_DIGITS, digits_of
from extrapolate.regression.search.form import Form, Term, as_power, prepared, with_slopes
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

# No residual is smaller, relative to the target, than rounding leaves it.
ROUNDING = 1e-14
LARGEST_NUMBER, LARGEST_PRODUCT, HIGHEST_HALF_POWER = 64, 256, 6
# A number is a root where it agrees with one so nearly, and is written as one where that takes so many digits less.
ROOT, A_ROOT_SAVES = 4e-13, 5
# Multiples of pi as nature has them, 2 pi and 4 pi / 3 and pi ** 2 / 6, cost little; any other, and roots, must save
# some digits.
USUAL_ABOVE, USUAL_BELOW = (1, 2, 3, 4, 8), (1, 2, 3, 4, 6, 8)
PRICE_OF_PI, PRICE_OF_UNUSUAL, PRICE_OF_A_ROOT = 4.0, 6.5, 10
BAD = 1e6


@dataclass(frozen=True)
class Fitted:
    """A form with its best constants. `misfit` is the weighted norm of the residual over that of the target.

    `covariance` is that of the constants in the places `free` in units of the `sizes`, `(n_free, n_free)` and
    `(n_free,)`. No misfit below the `finest` says anything.
    """

    form: Form
    misfit: float
    free: tuple[int, ...]
    covariance: Floats
    sizes: Floats
    finest: float = 0.0

    def values(self, x: Floats) -> Floats:
        return self.form.values(x)

    @cached_property
    def errors(self) -> Floats:
        """The standard errors of the free constants."""
        return np.sqrt(np.maximum(0.0, np.diag(self.covariance))) * self.sizes

    def error_of_sum(self, factors: Mapping[int, float]) -> float:
        """The standard error of a sum of coefficients, by their places, times factors; those not free are known."""
        weights = np.array([factors.get(i, 0.0) for i in self.free]) * self.sizes
        size = float(np.abs(weights).max(initial=0.0))
        if not size or not math.isfinite(size):
            return size
        weights /= size
        return size * math.sqrt(max(0.0, float(weights @ self.covariance @ weights)))

    def knowing(self, places: Collection[int]) -> Fitted:
        """The same with the constants in some places known, which leaves the others smaller errors."""
        known = np.array([place in places for place in self.free], dtype=bool)
        if not known.any():
            return self
        between, own = self.covariance[np.ix_(~known, known)], self.covariance[np.ix_(known, known)]
        left = self.covariance[np.ix_(~known, ~known)] - between @ np.linalg.pinv(own, hermitian=True) @ between.T
        free = tuple(place for place in self.free if place not in places)
        return replace(self, free=free, covariance=left, sizes=self.sizes[~known])

    @cached_property
    def fineness(self) -> Floats:
        """The standard error of each free constant when those before it are known, which is how finely they are to be
        written together."""
        return conditional(self.covariance) * self.sizes


# A degree in radians, and how many of them, above and below, angles in degrees are multiplied by in waves. They are
# written so where units bring them; no constant is made simple by them.
DEGREE, TURNS, PRICE_OF_A_DEGREE = math.pi / 180, ((1, 1), (2, 1), (1, 2)), 60.0


@dataclass(frozen=True)
class Parts:
    """A simple number: `numerator / denominator * pi ** pi * sqrt(root)`."""

    numerator: int
    denominator: int
    pi: Fraction
    root: int


def free_constants(form: Form) -> list[int]:
    """Which coefficients are free: none that another one says the same as.

    That are the first of a sum that is a factor, or that a logarithm is taken of; 1 before what has a constant factor
    in it, as `exp(k * (x - c))`, a power of more than an input and a sum that begins with another number; and what an
    input is counted from in an exponential that has another number before it.
    """
    free: list[int] = []
    place = 0

    def visit(inner: Form, is_scaled: bool, has_number: bool = False, is_origin: bool = False) -> None:
        nonlocal place
        for i, term in enumerate(inner.terms):
            if (i > 0 or not is_scaled) and not is_scaled_inside(term) and not (is_origin and term.is_constant):
                free.append(place)
            place += 1
            for factor, power in term.factors:
                is_exponential = factor.word is not None and factor.word.is_exponential
                visit(
                    factor,
                    is_scaled=(factor.word is None and not is_scaled_by(term, factor)) or is_plain_logarithm(factor),
                    has_number=is_exponential and abs(term.coefficient) != 1,
                    is_origin=has_number and factor.word is None and power == 1 and not any(term.powers),
                )

    visit(form, is_scaled=False)
    return free


def is_plain_logarithm(form: Form) -> bool:
    """Whether a form is the logarithm of a sum that begins with 1 times something."""
    return form.word is not None and form.word.is_logarithm and abs(form.terms[0].coefficient) == 1


def is_scaled_inside(term: Term) -> bool:
    """Whether a term is 1 times what has a constant factor in it: `exp(c - x)`, `(x / c) ** p`."""
    return abs(term.coefficient) == 1 and any(has_scale(f) or is_scaled_by(term, f) for f, _ in term.factors)


def is_scaled_by(term: Term, factor: Form) -> bool:
    """Whether a sum brings the constant of a term: `(c + d * x) * y`."""
    return abs(term.coefficient) == 1 and factor.word is None and abs(factor.terms[0].coefficient) != 1


def has_scale(form: Form) -> bool:
    power = as_power(form)
    if power is not None:
        return len(power[0].terms) == 1 and abs(power[0].terms[0].coefficient) != 1
    if form.word is None or not form.word.is_exponential:
        return False
    if len(form.terms) > 1:
        return any(t.is_constant for t in form.terms)
    # `exp(k * (x - c))`
    (term,) = form.terms
    return not any(term.powers) and any(
        p == 1 and f.word is None and any(t.is_constant for t in f.terms) for f, p in term.factors
    )


def fit(
    form: Form, m: Measurements, fixed: frozenset[int] = frozenset(), steps: int = 40, tolerance: float = 1e-15
) -> Fitted:
    """The form with its free constants, but those `fixed`, fitted by the method of Levenberg and Marquardt.

    It ends after so many steps, or when one makes what is left smaller by no more than a part of it, the tolerance.
    """
    from scipy.optimize import leastsq

    free = tuple(i for i in free_constants(form) if i not in fixed)
    unknown = np.eye(len(free))
    if not free or len(free) > m.n_rows:
        return Fitted(form, m.misfit(form), free, unknown, np.zeros(len(free)), m.finest)
    places = list(free)
    start, scale, constants = in_sizes(form, places)

    def residual(values: Floats) -> Floats:
        rest = m.rest(given(constants(values))) / m.size
        return np.where(np.isfinite(rest), rest, BAD)

    def slopes(values: Floats) -> Floats:
        of_values, of_constants = sloped(constants(values))
        rest = of_constants[places] * m.rest_slope(of_values) * (scale[:, None] / m.size)
        return np.where(np.isfinite(rest), rest, 0.0)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given, sloped = prepared(form, m.x), with_slopes(form, m.x)
        try:
            found, _, told, *_ = leastsq(
                residual,
                start,
                Dfun=slopes,
                col_deriv=True,
                full_output=True,
                ftol=tolerance,
                xtol=tolerance,
                gtol=tolerance,
                maxfev=steps,
            )
            covariance: NDArray[Any] = np.linalg.pinv(normal(slopes(found)), hermitian=True)
        except (ValueError, TypeError, np.linalg.LinAlgError):
            return Fitted(form, math.inf, free, unknown, np.full(len(free), math.inf))
    misfit = float(np.linalg.norm(told["fvec"]))
    spread = max(misfit, ROUNDING) / math.sqrt(max(1, m.n_rows - len(free)))
    best = form.with_coefficients(constants(np.atleast_1d(found)))
    return Fitted(best, misfit, free, covariance, spread * scale, m.finest)


def in_sizes(form: Form, places: list[int]) -> tuple[Floats, Floats, Callable[[Floats], list[float]]]:
    """Some constants of a form in units of their own size, those sizes, and all constants for others in these units."""
    every = np.array(form.coefficients)
    scale = np.abs(every[places])
    scale[scale == 0] = 1.0

    def constants(values: Floats) -> list[float]:
        changed = every.copy()
        changed[places] = values * scale
        return list(changed.tolist())

    return every[places] / scale, scale, constants


def conditional(covariance: NDArray[Any]) -> Floats:
    """The standard deviation of each of several normal variables when those before it are known."""
    left, spread = covariance.copy(), np.zeros(len(covariance))
    for i in range(len(left)):
        spread[i] = math.sqrt(max(0.0, float(left[i, i])))
        if left[i, i] > 0:
            left -= np.outer(left[:, i], left[i]) / left[i, i]
    return spread


def normal(slopes: Floats) -> Floats:
    """The normal matrix of least squares for slopes `(n_constants, n_rows)`; LinAlgError where it is not finite, as
    some solvers never end on that."""
    product: Floats = slopes @ slopes.T
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
                    price = (
                        1 + 1.5 * (math.log2(p) + math.log2(q)) + PRICE_OF_A_ROOT * (root > 1) + 3 * (p > 1 and q > 4)
                    )
                    is_usual = p in USUAL_ABOVE and q in USUAL_BELOW and half % 2 == 0 and abs(half) <= 4 and root == 1
                    price += PRICE_OF_UNUSUAL * (half != 0 and not is_usual)
                    price += (PRICE_OF_PI + abs(half) + 2 * (half % 2)) * (half != 0)
                    if value not in found or price < found[value][0]:
                        found[value] = price, Parts(p, q, Fraction(half, 2), root)
    for p, q in TURNS:
        part = Fraction(p, 180 * q)
        found[p * DEGREE / q] = PRICE_OF_A_DEGREE, Parts(part.numerator, part.denominator, Fraction(1), 1)
    found[1 / DEGREE] = PRICE_OF_A_DEGREE, Parts(180, 1, Fraction(-1), 1)
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


def radicand(value: float) -> float | None:
    """The number of few digits that a number is the root of: 19.6 for 4.42718872424; None where it saves few."""
    square = float(f"{value * value:.{MOST_DIGITS - 1}g}")
    is_root = math.isfinite(square) and math.isclose(math.sqrt(square), abs(value), rel_tol=ROOT)
    return square if is_root and digits_of(square) + A_ROOT_SAVES <= digits_of(value) else None
