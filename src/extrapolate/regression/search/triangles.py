"""Triangles: the side that two others and the angle between them make, and how two waves add up.

    sqrt(a**2 + b**2 - 2 * a * b * cos(theta))      sqrt(x1**2 + x2**2 + 2 * x1 * x2 * cos(t1 - t2))

The square of the side is a sum of three terms, whose coefficients follow by least squares for each choice of inputs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from extrapolate.core.language import Algebra
from extrapolate.regression.search.angles import unit_of
from extrapolate.regression.search.bells import differences, is_plain
from extrapolate.regression.search.block import Block, Monomial, Part, applied_to, product_of
from extrapolate.regression.search.form import Form, Term
from extrapolate.regression.search.measurements import Measurements


def triangles(m: Measurements, algebra: Algebra) -> Iterator[Form]:
    """The sides that are the target, in each choice of two inputs for the others and of an angle."""
    none = (Fraction(0),) * m.n_inputs
    cosines = angles(m, algebra)
    for (i, j), at in itertools.product(itertools.combinations(range(m.n_inputs), 2), range(len(cosines))):
        if not all(is_plain(m.dimensions[place] - m.wanted) for place in (i, j)):
            continue
        parts: list[Part] = [squared(i, i, m), squared(j, j, m), product_of(squared(i, j, m), cosines.parts[at])]
        columns = np.array([m.x[i] ** 2, m.x[j] ** 2, m.x[i] * m.x[j] * cosines.values[at]])
        if not np.isfinite(columns).all():
            continue
        weights = m.weights * np.abs(m.y)  # of the square, to first order
        scales, *_ = np.linalg.lstsq((columns * weights).T, m.y**2 * weights, rcond=None)
        if (scales @ columns > 0).all():
            square = Form(tuple(part().times(float(scale)) for part, scale in zip(parts, scales, strict=True)))
            yield Form((Term(1.0, none, ((square, Fraction(1, 2)),)),))


def squared(i: int, j: int, m: Measurements) -> Monomial:
    """The product of two inputs."""
    return Monomial([float(place == i) + float(place == j) for place in range(m.n_inputs)])


def angles(m: Measurements, algebra: Algebra) -> Block:
    """The cosines of inputs that may be angles, and of their differences."""
    found = Block.empty(m.n_rows)
    units = [unit_of(column) if is_plain(own) else None for column, own in zip(m.x, m.dimensions, strict=True)]
    words = [word for word in algebra.of_angles if word.function(0.0) == 1]
    for word in words:
        for place, unit in enumerate(units):
            if unit is not None:
                own = Monomial([float(i == place) for i in range(m.n_inputs)])
                found.add(word.function(unit * m.x[place])[None, :], 1, [applied_to(word, unit, own)])
        for values, part, _, others in differences(m):
            unit = next((u for i, u in enumerate(units) if i not in others and u is not None), None)
            if unit is not None:
                found.add(word.function(unit * values)[None, :], 1, [applied_to(word, unit, part)])
    return found
