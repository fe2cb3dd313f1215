"""Distances: sums of squares of differences of inputs, as those of the coordinates of two points.

    sqrt((x2 - x1)**2 + (y2 - y1)**2)      G * m1 * m2 / ((x2 - x1)**2 + (y2 - y1)**2 + (z2 - z1)**2)

Which inputs belong together is not known: all ways to take four or six of those of one dimension in pairs are factors
of a product.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from extrapolate.regression.search.bells import difference, is_plain
from extrapolate.regression.search.block import Block, Monomial, Part, power_of, product_of, sum_of
from extrapolate.regression.search.measurements import Measurements

# How many coordinates two points have together, and what a distance costs by their number.
PRICES = {4: 4, 6: 5}
# Of more inputs that are alike none are tried.
MOST_ALIKE = 7


def add_distances(factors: Block, m: Measurements) -> None:
    """Takes in the sums of squares of differences; with units over the square of an input, so that they are plain
    numbers."""
    for alike in groups(m):
        for n, price in PRICES.items():
            for pairs in (pairs for some in itertools.combinations(alike, n) for pairs in in_pairs(some)):
                columns, parts = zip(*(difference(m, i, j) for i, j in pairs), strict=True)
                values = (np.array(columns) ** 2).sum(axis=0)
                part: Part = sum_of(*((1.0, power_of(part, 2.0)) for part in parts))
                if m.has_units:
                    over = Monomial([-2.0 * (i == alike[0]) for i in range(m.n_inputs)])
                    values, part = values / m.x[alike[0]] ** 2, product_of(part, over)
                factors.add(values[None, :], price, [part])


def groups(m: Measurements) -> Iterator[list[int]]:
    """The inputs that have the same dimension, where they are neither too few nor too many."""
    left = list(range(m.n_inputs))
    while left:
        alike = [place for place in left if is_plain(m.dimensions[place] - m.dimensions[left[0]])]
        left = [place for place in left if place not in alike]
        if min(PRICES) <= len(alike) <= MOST_ALIKE:
            yield alike


def in_pairs(some: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """All ways to take an even number of things in pairs."""
    if not some:
        yield []
        return
    first, *others = some
    for second in others:
        rest = [other for other in others if other != second]
        yield from ([(first, second), *pairs] for pairs in in_pairs(rest))
