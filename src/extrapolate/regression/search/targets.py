"""What a search may aim at instead of the target: its inverse, its square, what a word must have been applied to.

If `y = arcsin(u)` then `sin(y) = u`, and if `y = sqrt(u + v)` then `y**2 = u + v`: a formula for the right side is
found more easily. Errors of `y` weigh otherwise there, so that rows carry the slope of the transformation as weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.block import as_term
from extrapolate.regression.search.form import Form, Term, applied
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

POWERS = (Fraction(2), Fraction(-1), Fraction(-2))
STEP = 1e-6
LESS_EFFORT = 0.2


@dataclass(frozen=True)
class Target:
    """`values` are the target to `power`, or what `word` gives the target for; `sign` is the sign of the target.

    `effort` is how much of the usual number of formulas it is worth. The law is a term `beside` what gives the values.
    Where a word gives angles, one of the target is `unit` radians.
    """

    values: Floats
    weights: Floats
    dimension: Floats
    power: Fraction = Fraction(1)
    word: Primitive | None = None
    sign: float = 1.0
    effort: float = 1.0
    beside: Term | None = None
    unit: float = 1.0

    @property
    def is_power(self) -> bool:
        return self.power != 1

    def form(self, terms: Sequence[Term]) -> Form | None:
        """The form of the law, when these terms add up to the target's values; None where that has no root."""
        if not self.is_power:
            form = Form((*([self.beside] if self.beside else []), *terms), self.word)
            return form if self.unit == 1 else Form((as_term(form).times(1 / self.unit),))
        ordered = sorted(terms, key=lambda t: -t.coefficient)
        sign = self.sign
        if self.power.numerator % 2:
            sign = math.copysign(1.0, max(terms, key=lambda t: abs(t.coefficient)).coefficient)
            ordered = sorted((t.times(sign) for t in terms), key=lambda t: -t.coefficient)
        first = ordered[0].coefficient
        if first <= 0:
            return None
        back = 1 / self.power
        if len(ordered) == 1:
            return Form((ordered[0].raised(back).times(sign),))
        inner = Form(tuple(t.times(1 / first) for t in ordered))
        none = (Fraction(0),) * len(ordered[0].powers)
        return Form((Term(sign * first ** float(back), none, ((inner, back),)),))


def targets_of(m: Measurements, words: Sequence[Primitive]) -> list[Target]:
    """The target itself first, then what else a search may aim at; `words` are those that are no powers."""
    return [Target(m.y, m.weights, m.wanted), *unapplied(m, words), *powers(m)]


def unapplied(
    m: Measurements, words: Sequence[Primitive], unit: float = 1.0, effort: float = LESS_EFFORT
) -> Iterator[Target]:
    """For each word with an inverse, what it must have been applied to, where 1 in the target is `unit` to the word."""
    if m.wanted.any():
        return
    for word in words:
        inverse = word.inverses.get(word.params[0])
        if inverse is None or len(word.params) > 1:
            continue
        with np.errstate(all="ignore"):
            values = np.asarray(inverse(unit * m.y), dtype=np.float64)
            step = STEP * np.maximum(np.abs(values), 1e-3)
            back, above, below = (applied(word, v) for v in (values, values + step, values - step))
            slope = np.abs(above - below) / (2 * step * unit)
        slope[~np.isfinite(slope)] = 0
        if np.isfinite(values).all() and np.allclose(back, unit * m.y, rtol=1e-9, atol=1e-12) and np.ptp(values) > 0:
            yield Target(values, m.weights * slope, m.wanted, word=word, effort=effort, unit=unit)


def powers(m: Measurements) -> Iterator[Target]:
    positive, negative = bool((m.y > 0).all()), bool((m.y < 0).all())
    for power in POWERS:
        if (m.y == 0).any() or (power.numerator % 2 == 0 and not (positive or negative)):
            continue
        values = m.y ** float(power)
        slope = np.abs(m.y ** (1 - float(power)) / float(power))
        yield Target(values, m.weights * slope, m.wanted * float(power), power, sign=-1.0 if negative else 1.0)
