"""Description length: how many bits a formula takes, and what it leaves unexplained.

The best law makes the sum of both the least (Rissanen, "Modeling by shortest data description", Automatica 1978). A
residual is described as noise of one spread: `n * log2(spread)` bits, but for a constant that all formulas share. A
constant that is simple costs what it takes to name it, one that is not costs its digits.
"""

from __future__ import annotations

import math
from fractions import Fraction

from extrapolate.regression.search.constants import Fitted, digits_of, free_constants, parts_bits
from extrapolate.regression.search.form import Form

BITS_A_PART = 4.0
BITS_A_DIGIT = math.log2(10)
# What is nearer than that is exact, and no nearer for being computed with less rounding.
SMALLEST_MISFIT = 1e-11


def complexity(form: Form) -> float:
    """How many parts a form has: terms, inputs, words, and more for unusual powers."""
    parts = 0.0 if form.word is None else form.word.cost - 1.0
    for term in form.terms:
        parts += 1 + sum(1 + price_of_power(p) for p in term.powers if p)
        parts += sum(complexity(inner) + price_of_power(p) for inner, p in term.factors)
    return parts


def price_of_power(power: Fraction) -> float:
    """0 for 1 and -1, a little for squares and roots, more the larger it is and for any other fraction."""
    if abs(power) == 1:
        return 0.0
    fraction = 0.0 if power.denominator == 1 else 0.5 if abs(power) == Fraction(1, 2) else 1.5
    fraction += 1.5 * (power.denominator > 4)
    return 0.5 + 0.5 * max(0.0, float(abs(power)) - 2) + fraction


def constant_bits(value: float, error: float = 0.0) -> float:
    """The bits that name a constant: nothing for 1, little for simple numbers, else its digits.

    Of a constant that was fitted, only the digits that its standard error leaves.
    """
    if abs(value) == 1:
        return 1.0 * (value < 0)
    digits = float(digits_of(value))
    if error > 0:
        digits = min(digits, max(1.0, math.log10(abs(value) / error + 1)))
    written = 2 + BITS_A_DIGIT * digits
    simple = parts_bits(abs(value))
    return min(written, written if simple is None else simple) + (value < 0)


def bits(fitted: Fitted, n_rows: int) -> float:
    """The description length of a formula and of what it leaves of `n_rows` measurements."""
    form = fitted.form
    coefficients = form.coefficients
    errors = dict(zip(fitted.free, fitted.errors.tolist(), strict=True))
    constants = sum(constant_bits(coefficients[i], errors.get(i, 0.0)) for i in free_constants(form))
    return residual_bits(fitted.misfit, n_rows) + BITS_A_PART * complexity(form) + constants


def residual_bits(misfit: float, n_rows: int) -> float:
    return n_rows * math.log2(max(misfit, SMALLEST_MISFIT))
