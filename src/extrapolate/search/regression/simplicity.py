"""Fitted constants made simple: whole numbers, fractions, multiples of pi, short decimals, where the data allow.

One constant after another is set to a simple number near it, and the others are fitted anew. Description length decides
whether that was worth it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from extrapolate.search.regression.constants import MOST_DIGITS, Fitted, fit, free_constants, simple_numbers
from extrapolate.search.regression.description import bits
from extrapolate.search.regression.measurements import Measurements

# A constant may be made simple within so many standard errors, or so much of itself where errors are tiny.
ERRORS, LEAST_TOLERANCE = 4.0, 1e-10
MOST_CHOICES = 3


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


def simplified(fitted: Fitted, m: Measurements) -> Iterator[Fitted]:
    """The same formula with one constant after another made simple, the others fitted anew."""
    fixed: frozenset[int] = frozenset()
    yield fitted
    while len(fixed) < len(free_constants(fitted.form)):
        places = [i for i in fitted.free if i not in fixed]
        coefficients = fitted.form.coefficients
        errors = dict(zip(fitted.free, fitted.errors.tolist(), strict=True))
        # The one that is known best, relative to its size, is made simple first.
        place = min(places, key=lambda i: errors[i] / (abs(coefficients[i]) or 1.0))
        refits = []
        for value in simpler(coefficients[place], errors[place]):
            changed = [*coefficients[:place], value, *coefficients[place + 1 :]]
            refit = fit(fitted.form.with_coefficients(changed), m, fixed | {place})
            refits.append(refit)
        yield from refits
        fixed |= {place}
        fitted = min(refits, key=lambda refit: bits(refit, m.n_rows), default=fitted)
        left = tuple(i for i in fitted.free if i not in fixed)
        fitted = replace(fitted, free=left, errors=np.array([errors.get(i, 0.0) for i in left]))
