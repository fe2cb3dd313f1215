"""Description length: how many bits a formula takes, and what it leaves unexplained.

The best law makes the sum of both the least (Rissanen, "Modeling by shortest data description", Automatica 1978). A
residual is described as noise of one spread: `n * log2(spread)` bits, but for a constant that all formulas share. A
constant that is simple costs what it takes to name it, one that is not costs its digits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from extrapolate.core.reals import digits_of
from extrapolate.regression.search.constants import Fitted, free_constants, parts_bits, radicand
from extrapolate.regression.search.form import LARGEST_DENOMINATOR, Form, as_power
from extrapolate.regression.search.measurements import SMALLEST_MISFIT

BITS_A_PART = 4.0
# A number that is shorter to write as what divides 1, or as a root, takes so many digits more.
OVER = 1.3
# Each constant of a shape that textbooks have a name for costs so much of a part, beside its digits.
A_CONSTANT = 0.5
# What stands in such a shape beside its one input, as a category does, costs so many parts each time.
ANOTHER_INPUT = 1.5
# Powers steeper than that cost so many parts a step.
STEEP, A_STEP = 4.0, 0.5
# A power that is fitted costs so many parts beside the digits of its exponent.
FITTED_POWER = 0.5
BITS_A_DIGIT = math.log2(10)


def complexity(form: Form) -> float:
    """How many parts a form has, fewer where textbooks have a name for its shape."""
    parts = parts_of(form) + (as_power(form) is not None)
    if form.textbook is None:
        return parts
    named = form.textbook.parts + A_CONSTANT * len(free_constants(form)) + sum(map(steepness, exponents_of(form)))
    before = powers_before(form)
    named += sum(ANOTHER_INPUT + price_of_power(power) for power in before.values())
    inputs = Counter(place for place in inputs_of(form) if place not in before)
    return min(parts, named + ANOTHER_INPUT * (inputs.total() - max(inputs.values(), default=0)))


def powers_before(form: Form) -> dict[int, Fraction]:
    """The powers of inputs that stand before all that a shape is made of, by the places of the inputs."""
    within = {place for term in form.terms for factor, _ in term.factors for place in inputs_of(factor)}
    first = {place: power for place, power in enumerate(form.terms[0].powers) if power and place not in within}
    common = {i: power for i, power in first.items() if all(term.powers[i] == power for term in form.terms)}
    return common if set(inputs_of(form)) - set(common) else {}


def inputs_of(form: Form) -> Iterator[int]:
    """The places of the inputs in a form, as often as they stand there."""
    for term in form.terms:
        yield from (place for place, power in enumerate(term.powers) if power)
        for factor, _ in term.factors:
            yield from inputs_of(factor)


def parts_of(form: Form) -> float:
    """How many parts a form has: terms, inputs, words, and more for unusual powers."""
    power = as_power(form)
    if power is not None:
        base, exponent = power
        whole = Fraction(exponent).limit_denominator(100)
        own = price_of_power(whole) if whole == exponent else FITTED_POWER + steepness(exponent)
        return parts_of(base) - 1 + own
    parts = 0.0 if form.word is None else form.word.cost - 1.0
    for term in form.terms:
        parts += 1 + sum(1 + price_of_power(p) for p in term.powers if p)
        parts += sum(parts_of(inner) + price_of_power(p) for inner, p in term.factors)
    return parts


def exponents_of(form: Form) -> Iterator[float]:
    """The fitted exponents in a form."""
    power = as_power(form)
    if power is not None:
        yield power[1]
    for term in form.terms:
        for inner, _ in term.factors:
            yield from exponents_of(inner)


def steepness(exponent: float) -> float:
    """What an exponent costs that is larger than those of nature mostly are."""
    return A_STEP * max(0.0, abs(exponent) - STEEP)


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
    return min(decimal_bits(value, error), name_bits(value)) + (value < 0)


def name_bits(value: float) -> float:
    """The bits of the name of a simple number, whatever its sign is; infinite where it has none."""
    if abs(value) == 1:
        return 0.0
    simple = parts_bits(abs(value))
    return math.inf if simple is None else simple


def decimal_bits(value: float, error: float = 0.0) -> float:
    """The bits of the digits of a number."""
    square = radicand(value)
    digits = float(min(digits_of(value), digits_of(1 / value) + OVER if value else 1))
    digits = min(digits, digits if square is None else digits_of(square) + OVER)
    if error > 0:
        digits = min(digits, max(1.0, math.log10(abs(value) / error + 1)))
    return 2 + BITS_A_DIGIT * digits


def exponent_bits(value: float, error: float = 0.0) -> float:
    """The bits that name an exponent: whole, half and other plain fractions, else its digits."""
    plain = plain_bits(value)
    return plain if math.isfinite(plain) else constant_bits(value, error)


def plain_bits(exponent: float) -> float:
    """The bits of an exponent that is a plain fraction; infinite for any other."""
    plain = Fraction(exponent).limit_denominator(LARGEST_DENOMINATOR)
    if plain != exponent:
        return math.inf
    return 2.0 * math.log2(1 + abs(plain.numerator)) + math.log2(plain.denominator)


def bits(fitted: Fitted, n_rows: int) -> float:
    """The description length of a formula and of what it leaves of `n_rows` measurements."""
    return residual_bits(max(fitted.misfit, fitted.finest), n_rows) + formula_bits(fitted)


def formula_bits(fitted: Fitted) -> float:
    """The description length of a formula, its constants as finely as the measurements tell them: the others when those
    are known that are named."""
    form = fitted.form
    coefficients, exponents, told = form.coefficients, form.exponents, fitted
    while True:
        errors = dict(zip(told.free, told.fineness.tolist(), strict=True))
        named = [i for i in told.free if is_named(coefficients[i], errors[i], i in exponents)]
        if not named:
            break
        told = told.knowing(named)
    constants = sum(
        (exponent_bits if i in exponents else constant_bits)(coefficients[i], errors.get(i, 0.0))
        for i in free_constants(form)
    )
    return BITS_A_PART * complexity(form) + constants


def is_named(value: float, error: float, is_exponent: bool) -> bool:
    """Whether a constant is a simple number, which takes no more bits than the digits that its error leaves."""
    return (plain_bits(value) if is_exponent else name_bits(value)) <= decimal_bits(value, error)


def residual_bits(misfit: float, n_rows: int) -> float:
    return n_rows * math.log2(max(misfit, SMALLEST_MISFIT))
