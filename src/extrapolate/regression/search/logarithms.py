"""What the logarithm of a product may be a sum of: logarithms of factors, and exponents of exponentials.

They are the same for every target, and are taken once for each cost that the bank grows by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.block import Block

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


class Logarithm(NamedTuple):
    """The logarithm of a factor, or the exponent of an exponential: column `place` of a block."""

    block: Block
    place: int
    is_exponent: bool
    values: Floats


@dataclass(frozen=True)
class Logarithms:
    """What the logarithm of a product may be a sum of, `(n_columns, n_rows)`, the cheapest first, with costs."""

    factors: Block
    exponents: Block
    columns: Floats
    costs: Ids
    order: Ids

    @classmethod
    def of(cls, factors: Block, exponents: Block) -> Logarithms:
        costs = np.concatenate([factors.costs, exponents.costs])
        order = np.argsort(costs, kind="stable")
        with np.errstate(all="ignore"):
            columns = np.concatenate([np.log(np.abs(factors.values)), exponents.values])
        return cls(factors, exponents, columns[order], costs[order], order)

    def column(self, i: int) -> Logarithm:
        place, n_factors = int(self.order[i]), len(self.factors)
        if place < n_factors:
            return Logarithm(self.factors, place, False, self.columns[i])
        return Logarithm(self.exponents, place - n_factors, True, self.columns[i])
