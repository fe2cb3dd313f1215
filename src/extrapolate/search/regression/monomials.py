"""Products of powers of the inputs, the simplest first, and those of one dimension among them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Exponents = NDArray[np.int64]
Floats = NDArray[np.float64]


@lru_cache(maxsize=32)
def exponents(n: int, degree: int, width: int) -> Exponents:
    """All whole exponents of `n` inputs with absolute sum at most `degree`, of at most `width` inputs.

    `(n_monomials, n)`, ordered by absolute sum, then by how few inputs there are.
    """
    powers = np.arange(-degree, degree + 1)
    found = np.zeros((1, n), dtype=np.int64)
    for i in range(n):
        widened = np.repeat(found, len(powers), axis=0)
        widened[:, i] = np.tile(powers, len(found))
        found = widened[(np.abs(widened).sum(axis=1) <= degree) & ((widened != 0).sum(axis=1) <= width)]
    degrees, used = np.abs(found).sum(axis=1), (found != 0).sum(axis=1)
    negative = (found < 0).sum(axis=1)
    order = np.lexsort((*(-found.T[::-1]), negative, used, degrees))
    ordered = found[order]
    ordered.flags.writeable = False
    return ordered


def of_dimension(found: Exponents, dimensions: Floats, wanted: Floats) -> Exponents:
    """Those whose product has the wanted dimension; `dimensions` are `(n_inputs, n_units)`."""
    return found[(np.abs(found @ dimensions - wanted) < 1e-9).all(axis=1)]


def values(found: Exponents | Floats, logs: Floats, signs: Floats) -> Floats:
    """The values of monomials, `(n_monomials, n_rows)`; NaN for roots of negative numbers.

    `logs` and `signs` are those of the inputs, `(n_inputs, n_rows)`.
    """
    result = np.exp(found @ logs)
    if (signs < 0).any():
        odd = np.where(np.mod(found, 2) == 0, 1.0, np.where(np.mod(found, 1) == 0, -1.0, np.nan))
        for i in np.flatnonzero((signs < 0).any(axis=1)):
            result *= np.where(signs[i] < 0, odd[:, i, None], 1.0)
    return result
