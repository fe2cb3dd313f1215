"""Laws made simple: parts left out, and constants that are whole numbers, fractions, multiples of pi, short decimals.

One constant after another is set to a simple number near it, and the others are fitted anew. Description length decides
whether that was worth it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from extrapolate.regression.search.constants import MOST_DIGITS, Fitted, fit, simple_numbers
from extrapolate.regression.search.description import bits, constant_bits
from extrapolate.regression.search.form import Form
from extrapolate.regression.search.measurements import Measurements

# A constant may be made simple within so many standard errors, or so much of itself where errors are tiny.
ERRORS, LEAST_TOLERANCE = 4.0, 1e-10
MOST_CHOICES = 3


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
            yield replace(form, terms=others)
        for j, (factor, power) in enumerate(term.factors):
            rest = (*term.factors[:j], *term.factors[j + 1 :])
            for changed in (rest, *((*rest, (inner, power)) for inner in with_one_part_less(factor))):
                yield replace(form, terms=(*form.terms[:i], replace(term, factors=changed), *form.terms[i + 1 :]))


def simpler(value: float, error: float) -> Iterator[float]:
    """Simple numbers and short decimals near a constant, the shortest first."""
    tolerance = max(ERRORS * error, LEAST_TOLERANCE * abs(value))
    values, prices, _ = simple_numbers()
    low, high = np.searchsorted(values, [abs(value) - tolerance, abs(value) + tolerance])
    near = low + np.argsort(prices[low:high], kind="stable")[:MOST_CHOICES]
    yield from (math.copysign(values[i], value) for i in near.tolist())
    for digits in range(1, MOST_DIGITS):
        rounded = float(f"{value:.{digits - 1}e}")
        if abs(rounded - value) <= tolerance:
            yield rounded
            return


def simplified(fitted: Fitted, m: Measurements, is_late: Callable[[], bool] = never) -> Fitted:
    """The same formula with simple constants: one after another, the others fitted anew until it is late, or all at
    once.

    The second way finds `x**2 + y**2` where the first settles for a constant near 1 and fits the others to it.
    """
    return min(one_by_one(fitted, m, is_late), all_at_once(fitted, m), key=lambda simple: bits(simple, m.n_rows))


def all_at_once(fitted: Fitted, m: Measurements) -> Fitted:
    constants = list(fitted.form.coefficients)
    for place, error in zip(fitted.free, fitted.errors.tolist(), strict=True):
        constants[place] = min(simpler(constants[place], error), key=constant_bits, default=constants[place])
    return fit(fitted.form.with_coefficients(constants), m, frozenset(fitted.free))


def one_by_one(fitted: Fitted, m: Measurements, is_late: Callable[[], bool]) -> Fitted:
    fixed: frozenset[int] = frozenset()
    while fitted.free and not is_late():
        coefficients = fitted.form.coefficients
        errors = dict(zip(fitted.free, fitted.errors.tolist(), strict=True))
        # The one that is known best, relative to its size, is made simple first.
        place = min(fitted.free, key=lambda i: errors[i] / (abs(coefficients[i]) or 1.0))
        fixed |= {place}
        refits = []
        for value in (*simpler(coefficients[place], errors[place]), coefficients[place]):
            changed = [*coefficients[:place], value, *coefficients[place + 1 :]]
            refits.append(fit(fitted.form.with_coefficients(changed), m, fixed))
        fitted = min(refits, key=lambda refit: bits(refit, m.n_rows))
    return fitted
