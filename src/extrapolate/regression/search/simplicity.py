"""Laws made simple: parts left out, and constants that are whole numbers, fractions, multiples of pi, short decimals.

One constant after another is set to a simple number near it, and the others are fitted anew. Description length decides
whether that was worth it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.reals import MOST_DIGITS, digits_of
from extrapolate.regression.search.constants import (
    A_ROOT_SAVES,
    Fitted,
    fit,
    radicand,
    simple_numbers,
)
from extrapolate.regression.search.description import bits, constant_bits, decimal_bits, exponent_bits
from extrapolate.regression.search.form import LARGEST_DENOMINATOR, Form
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

# A constant may be made simple within so many standard errors at most, fewer where that saves few bits, and rounded
# within so many, or so much of itself where errors are tiny.
ERRORS, ROUNDED, LEAST_TOLERANCE = 3.0, 0.2, 1e-10
# A number near a constant is short, and not only rounded, with so many digits at most.
MOST_SHORT = 8
MOST_CHOICES = 3
# What divides 1 is a number too, between such sizes.
SMALLEST = 1e-100


def never() -> bool:
    return False


def shortened(fitted: Fitted, m: Measurements, is_late: Callable[[], bool] = never) -> Fitted:
    """The same without the parts that are not worth their bits, left out one after another until it is late."""
    best = bits(fitted, m.n_rows)
    while True:
        if is_late():
            return fitted
        refits = [fit(form.flat, m) for form in with_one_part_less(fitted.form)]
        shortest = min(refits, key=lambda refit: bits(refit, m.n_rows), default=None)
        if shortest is None or bits(shortest, m.n_rows) >= best:
            return fitted
        fitted, best = shortest, bits(shortest, m.n_rows)


def with_one_part_less(form: Form) -> Iterator[Form]:
    """The form without one of its terms, or without one factor of a term; the same in its factors."""
    for i, term in enumerate(form.terms):
        others = (*form.terms[:i], *form.terms[i + 1 :])
        if others:
            # Textbook shapes are known with a constant added and without.
            yield replace(form, terms=others, textbook=form.textbook if term.is_constant else None)
        for j, (factor, power) in enumerate(term.factors):
            rest = (*term.factors[:j], *term.factors[j + 1 :])
            for changed in (rest, *((*rest, (inner, power)) for inner in with_one_part_less(factor))):
                terms = (*form.terms[:i], replace(term, factors=changed), *form.terms[i + 1 :])
                yield replace(form, terms=terms, textbook=None)


def simpler(value: float, error: float, is_alone: bool = False) -> Iterator[float]:
    """Simple numbers and short decimals near a constant, the shortest first; one that stands alone divides nothing."""
    values, prices, _ = simple_numbers()
    farthest = max(ERRORS * error, LEAST_TOLERANCE * abs(value))
    low, high = np.searchsorted(values, [abs(value) - farthest, abs(value) + farthest])
    near = low + np.argsort(prices[low:high], kind="stable")
    worth = np.abs(values[near] - abs(value)) <= within(prices[near], value, error)
    yield from (math.copysign(values[i], value) for i in near[worth][:MOST_CHOICES].tolist())
    shorten = shortest if is_alone else rounded
    short = shorten(value, max(ROUNDED * error, LEAST_TOLERANCE * abs(value)))
    yield short if digits_needed(short) <= MOST_SHORT else shorten(value, ROUNDED * error)


def simpler_exponent(value: float, error: float) -> Iterator[float]:
    """Whole and half numbers, thirds and quarters near an exponent where that saves enough, and a short decimal."""
    for denominator in range(1, LARGEST_DENOMINATOR + 1):
        near = round(value * denominator) / denominator
        if near and abs(near - value) <= within(exponent_bits(near), value, error):
            yield near
    yield shortest(value, max(ROUNDED * error, LEAST_TOLERANCE))


def within(price: float | Floats, value: float, error: float) -> Any:
    """How far a simple number of some price may be from a constant: so many standard errors take as many bits of the
    fit as it saves."""
    saved = np.maximum(0.0, decimal_bits(value, error) - price)
    return np.maximum(np.minimum(np.sqrt(2 * math.log(2) * saved), ERRORS) * error, LEAST_TOLERANCE * abs(value))


def choices(form: Form, place: int, error: float) -> list[float]:
    """Simple numbers that a constant of a form may be, the shortest first."""
    value = form.coefficients[place]
    if place in form.exponents:
        return list(simpler_exponent(value, error))
    return list(simpler(value, error, place in form.constant_terms))


def savings(form: Form, place: int, error: float) -> float:
    """How many bits the best of the simple numbers saves that a constant may be, but for those of a worse fit."""
    value, priced = form.coefficients[place], exponent_bits if place in form.exponents else constant_bits
    step = max(error, LEAST_TOLERANCE * abs(value)) or 1.0
    worse = {choice: ((choice - value) / step) ** 2 / (2 * math.log(2)) for choice in choices(form, place, error)}
    return priced(value, error) - min(priced(choice, error) + more for choice, more in worse.items())


def rounded(value: float, tolerance: float) -> float:
    """The shortest decimal so near to a number, or what divides 1 or the root of a number where that is shorter."""
    plain = shortest(value, tolerance)
    if not SMALLEST < abs(value) < 1 / SMALLEST:
        return plain
    over = shortest(1 / value, tolerance / abs(value) / abs(value))
    if over and digits_of(over) + 1 < digits_of(plain):
        return 1 / over
    root = math.copysign(math.sqrt(shortest(value * value, 2 * tolerance * abs(value))), value)
    return root if digits_needed(root) + A_ROOT_SAVES <= digits_of(plain) else plain


def digits_needed(value: float) -> int:
    """How many digits it takes to write a number, what divides 1, or what it is the root of."""
    square = radicand(value)
    return min(map(digits_of, (value, 1 / value if value else value, value if square is None else square)))


def shortest(value: float, tolerance: float) -> float:
    """The decimal of the fewest digits so near to a number."""
    for digits in range(1, MOST_DIGITS):
        short = float(f"{value:.{digits - 1}e}")
        if abs(short - value) <= tolerance:
            return short
    return value


def simplified(fitted: Fitted, m: Measurements, is_late: Callable[[], bool] = never) -> Fitted:
    """The same formula with simple constants: one after another, the others fitted anew until it is late, or all at
    once. The constants keep the errors that they were fitted with, which is how finely they are described.

    The second way finds `x**2 + y**2` where the first settles for a constant near 1 and fits the others to it.
    """

    def as_fine(simple: Fitted) -> Fitted:
        return replace(simple, free=fitted.free, covariance=fitted.covariance, sizes=fitted.sizes)

    def price(simple: Fitted) -> float:
        return bits(as_fine(simple), m.n_rows)

    return as_fine(min(one_by_one(fitted, m, price, is_late), all_at_once(fitted, m), key=price))


def all_at_once(fitted: Fitted, m: Measurements) -> Fitted:
    """All constants made simple as they are, with nothing left to fit."""
    constants = list(fitted.form.coefficients)
    for place, error in zip(fitted.free, fitted.errors.tolist(), strict=True):
        constants[place] = min(choices(fitted.form, place, error), key=constant_bits, default=constants[place])
    return fit(fitted.form.with_coefficients(constants), m, frozenset(range(len(constants))))


def one_by_one(
    fitted: Fitted, m: Measurements, price: Callable[[Fitted], float], is_late: Callable[[], bool]
) -> Fitted:
    # Setting a constant to 1 can make another one free that says the same; those stay as they are.
    fixed = frozenset(range(len(fitted.form.coefficients))) - frozenset(fitted.free)
    while fitted.free and not is_late():
        coefficients = fitted.form.coefficients
        errors = dict(zip(fitted.free, fitted.errors.tolist(), strict=True))
        # The one that it saves most bits of is made simple first: the others are told more finely then.
        place = max(fitted.free, key=lambda i: savings(fitted.form, i, errors[i]))
        fixed |= {place}
        refits = []
        for value in choices(fitted.form, place, errors[place]):
            changed = [*coefficients[:place], value, *coefficients[place + 1 :]]
            refits.append(fit(fitted.form.with_coefficients(changed), m, fixed))
        fitted = min(refits, key=price)
    return fitted
