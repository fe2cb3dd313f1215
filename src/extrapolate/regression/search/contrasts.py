"""Textbook laws: powers of the inputs times a contrast of two of them, a decay, a saturation, or a sine of an angle.

    A * (t1 - t0) / d      T**4 - T0**4      1 - exp(-t / (R * C))      1 + S / K      T0 + (T1 - T0) * exp(-k * t)

The logarithm of a product is a sum, so that all of them are judged by a few products of matrices. They come after the
first level, as they are met so often; what else a law may be made of is for the levels that follow.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.language import Algebra
from extrapolate.regression.search import monomials
from extrapolate.regression.search.angles import add_angles, angles_of
from extrapolate.regression.search.bells import add_beats, add_bells
from extrapolate.regression.search.block import Block, Monomial, Part, applied_to, power_of, sum_of
from extrapolate.regression.search.distances import add_distances
from extrapolate.regression.search.form import Form, Term
from extrapolate.regression.search.logarithms import Logarithms
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.products import Products
from extrapolate.regression.search.spans import Span
from extrapolate.regression.search.targets import Target
from extrapolate.regression.search.triangles import triangles
from extrapolate.search.budget import Meter

Floats = NDArray[np.float64]

# The powers of two inputs that are added or subtracted, and what such a contrast costs.
CONTRASTS = {1.0: 2, 2.0: 3, 4.0: 4, 0.5: 4}
# How many products may decay or saturate, of how many inputs, at how many rates, how far beyond those of the range from
# its first to its last tenth, and what a rate costs.
MOST_ARGUMENTS, MOST_MULTIPLIED, RATES, WIDER, PRICE_OF_A_RATE = 80, 3, 7, 4.0, 2
# The level of the search whose effort this takes a part of, more of it for the target itself than for what it is more
# than an input; and of how many inputs at most.
LEVEL, EFFORT, EFFORT_BESIDE, MOST_INPUTS, MOST_WITH_UNITS = 1, 0.05, 0.02, 8, 12
# How many factors are tried alone.
MOST_ALONE = 5


def contrasted(m: Measurements, algebra: Algebra, meter: Meter) -> Iterator[Form]:
    """The laws that fit best, of what is wanted and of what it is more than an input."""
    if m.n_inputs > (MOST_WITH_UNITS if m.has_units else MOST_INPUTS):
        return
    # What decays or saturates with one input is among the textbook shapes. With units, all must be plain numbers.
    is_curve = m.n_inputs == 1
    found, arguments = Block.empty(m.n_rows), Block.empty(m.n_rows)
    if not (is_curve or m.has_units):
        arguments = plain_products(m)
        found = factors(m, algebra, arguments)
    if not m.has_units:
        add_angles(found, m, algebra.of_angles)
    if not is_curve:
        with np.errstate(all="ignore"):
            add_bells(arguments, m)
            add_beats(found, m, algebra.of_angles)
            add_distances(found, m)
        yield from triangles(m, algebra)
    known = Logarithms.of(found, arguments)
    if m.has_units:
        yield from Products(m, next(aims(m)), algebra.exp).of_logarithms(known, LEVEL, meter)
        return
    for target in (*aims(m), *angles_of(m, algebra.to_angles, EFFORT)):
        yield from alone(m, target, known.factors)
        yield from Products(m, target, algebra.exp).of_logarithms(known, LEVEL, meter)


def alone(m: Measurements, target: Target, factors: Block) -> Iterator[Form]:
    """The factors that fit best with a constant before them and perhaps another beside them: where all inputs may have
    powers too, these make up for a rate that is not quite right."""
    none = (Fraction(0),) * m.n_inputs
    for always in (np.zeros((0, m.n_rows)), np.ones((1, m.n_rows))):
        span = Span(target.values, always, target.weights)
        directions, places = span.directions(factors.values)
        for i in places[np.argsort(span.singles(directions), kind="stable")[:MOST_ALONE]].tolist():
            *constant, scale = span.solve(np.concatenate([always, factors.values[[i]]]), target.values).tolist()
            form = target.form([*(Term(c, none) for c in constant), factors.term(i).times(scale)])
            if form is not None:
                yield form


def aims(m: Measurements) -> Iterator[Target]:
    """The target, and what it is more than each input."""
    yield Target(m.y, m.weights, m.wanted, effort=EFFORT)
    for place in range(m.n_inputs) if m.n_inputs > 1 else ():
        own = Term(float(m.y_factor / m.factors[place]), tuple(Fraction(i == place) for i in range(m.n_inputs)))
        yield Target(m.y - own.values(m.x), m.weights, m.wanted, effort=EFFORT_BESIDE, beside=own)


def plain_products(m: Measurements) -> Block:
    """Few inputs multiplied or divided by each other, the fewest first."""
    every = monomials.exponents(m.n_inputs, MOST_MULTIPLIED)
    plain = every[np.abs(every).max(axis=1) == 1][:MOST_ARGUMENTS]
    found = Block.empty(m.n_rows)
    for cost in range(1, MOST_MULTIPLIED + 1):
        powers = plain[np.abs(plain).sum(axis=1) == cost].astype(np.float64)
        with np.errstate(all="ignore"):
            found.add(monomials.values(powers, m.logs, m.signs), cost, [Monomial(own) for own in powers.tolist()])
    return found


def factors(m: Measurements, algebra: Algebra, arguments: Block) -> Block:
    """Contrasts of two inputs, and what decays or saturates with a product."""
    found, one = Block.empty(m.n_rows), Block.ones(m.n_inputs, m.n_rows).parts[0]
    inputs: list[Part] = [Monomial([float(i == place) for i in range(m.n_inputs)]) for place in range(m.n_inputs)]
    pairs = list(itertools.product(itertools.combinations(range(m.n_inputs), 2), (-1.0, 1.0)))
    with np.errstate(all="ignore"):
        for power, price in CONTRASTS.items():
            scales = m.factors**-power  # in the units of the columns
            raised = m.x**power * scales[:, None]
            values = np.array([raised[i] + sign * raised[j] for (i, j), sign in pairs])
            terms = [power_of(part, power) for part in inputs]
            parts = [
                sum_of((float(scales[i]), terms[i]), (sign * float(scales[j]), terms[j])) for (i, j), sign in pairs
            ]
            found.add(values, price, parts)
        for values, price, part in zip(arguments.values, arguments.costs.tolist(), arguments.parts, strict=True):
            if (values > 0).all():
                low, high = np.quantile(values, (0.1, 0.9)).tolist()
                rates = np.geomspace(1 / (WIDER * high), WIDER / low, RATES)
                decays = [sum_of((1.0, one), (-1.0, applied_to(algebra.exp, -rate, part))) for rate in rates.tolist()]
                found.add(-np.expm1(-rates[:, None] * values), price + PRICE_OF_A_RATE, decays)
                saturations = [sum_of((1.0, one), (rate, part)) for rate in rates.tolist()]
                found.add(1 + rates[:, None] * values, price + PRICE_OF_A_RATE, saturations)
    return found
