"""Angles: inputs and targets that may be angles, with what textbooks take of them.

    A * cos(theta)**2      v**2 * sin(2 * theta) / g      arcsin(sin(theta) / n)      arctan(v**2 / (r * g))

A column is taken for an angle by its numbers: in radians where none is more than a full turn, else in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.block import Block, Monomial, Part, applied_to, sum_of
from extrapolate.regression.search.constants import DEGREE
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.targets import Target, unapplied

Floats = NDArray[np.float64]

FULL_TURN = 360.0
# How often an angle is taken, as in `sin(2 * theta)` and `sin(theta / 2)`, and what it costs beside the first.
MULTIPLES = {1.0: 2, 2.0: 4, 0.5: 4}
# What the sums of one of them and 1 cost more.
PRICE_OF_A_SUM = 2


def unit_of(values: Floats) -> float | None:
    """What one of some angles is in radians; None where they are too large for angles."""
    largest = float(np.abs(values).max())
    if largest <= 2 * math.pi:
        return 1.0
    return DEGREE if largest <= FULL_TURN else None


def add_angles(found: Block, m: Measurements, words: list[Primitive]) -> None:
    """Takes in the sines and cosines of inputs, whose quotients are tangents, and 1 more or less than each."""
    one: Part = Block.ones(m.n_inputs, m.n_rows).parts[0]
    for place in range(m.n_inputs):
        unit = unit_of(m.x[place])
        if unit is None:
            continue
        part = Monomial([float(i == place) for i in range(m.n_inputs)])
        for multiple, price in MULTIPLES.items():
            for word in words:
                values = word.function(multiple * unit * m.x[place])[None, :]
                wave = applied_to(word, multiple * unit, part)
                found.add(values, price, [wave])
                for sign in (1.0, -1.0):
                    found.add(1 + sign * values, price + PRICE_OF_A_SUM, [sum_of((1.0, one), (sign, wave))])


def angles_of(m: Measurements, words: list[Primitive], effort: float) -> Iterator[Target]:
    """What the target is the angle of: its sine, cosine and tangent."""
    unit = unit_of(m.y)
    if unit is not None:
        yield from unapplied(m, words, unit, effort)
