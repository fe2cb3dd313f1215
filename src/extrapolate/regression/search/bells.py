"""Bells and beats: Gaussians and waves of the difference of two inputs.

    exp(-(x - x0)**2 / (2 * s**2))      exp(-(x - x0)**2 / (4 * D * t))      sin((w - w0) * t / 2)**2 / (w - w0)**2

The square of a difference over powers of another input is an exponent, and the sine of a difference times another one a
factor, among what the logarithm of a product is a sum of. Where units are known, both are plain numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.block import Block, Monomial, Part, applied_to, power_of, product_of, sum_of
from extrapolate.regression.search.measurements import NEAR, Measurements

Floats = NDArray[np.float64]

# Of more inputs no differences are tried.
MOST_INPUTS = 6
# What the square of a difference is multiplied by, as a power of another input, with what both cost.
SPREADS = {0: 3, -1: 4, -2: 4}
# How often the product of a difference and another input is taken, and what its wave costs.
MULTIPLES, PRICE_OF_A_WAVE = (1.0, 0.5), 4


def add_bells(exponents: Block, m: Measurements) -> None:
    """Takes in the squares of differences of two inputs, alone and over powers of another input."""
    for values, part, dimension, others in differences(m):
        square = power_of(part, 2.0)
        for power, price in SPREADS.items():
            for place in others if power else [0]:
                if is_plain(2 * dimension + power * m.dimensions[place]):
                    over = Monomial([float(power * (i == place)) for i in range(m.n_inputs)])
                    column = values**2 * m.x[place] ** float(power)
                    exponents.add(column[None, :], price, [product_of(square, over)])


def add_beats(factors: Block, m: Measurements, words: list[Primitive]) -> None:
    """Takes in waves of differences of two inputs times another input; with units also these products themselves, as a
    difference alone is no plain number."""
    for values, part, dimension, others in differences(m):
        for place in others:
            if is_plain(dimension + m.dimensions[place]):
                angle = product_of(part, Monomial([float(i == place) for i in range(m.n_inputs)]))
                if m.has_units:
                    factors.add((values * m.x[place])[None, :], SPREADS[0], [angle])
                for multiple, word in itertools.product(MULTIPLES, words):
                    wave = word.function(multiple * values * m.x[place])[None, :]
                    factors.add(wave, PRICE_OF_A_WAVE, [applied_to(word, multiple, angle)])


def differences(m: Measurements) -> Iterator[tuple[Floats, Part, Floats, list[int]]]:
    """The differences of two inputs that are alike: the values, how they are written, their dimension and the places of
    the other inputs."""
    for i, j in itertools.combinations(range(m.n_inputs), 2) if m.n_inputs <= MOST_INPUTS else ():
        if is_plain(m.dimensions[i] - m.dimensions[j]):
            others = [place for place in range(m.n_inputs) if place not in (i, j)]
            yield *difference(m, i, j), m.dimensions[i], others


def difference(m: Measurements, i: int, j: int) -> tuple[Floats, Part]:
    """One input less another one, without units in those of the columns: the values, and how it is written."""
    first, second = (Monomial([float(k == place) for k in range(m.n_inputs)]) for place in (i, j))
    a, b = (1.0 if m.has_units else float(1 / m.factors[place]) for place in (i, j))
    return m.x[i] * a - m.x[j] * b, sum_of((a, first), (-b, second))


def is_plain(dimension: Floats) -> bool:
    """Whether a number has no dimension."""
    return not len(dimension) or float(np.abs(dimension).max()) < NEAR
