"""Which columns of a wide table a law is looked for in: those that tell most of the target.

Products of powers of a hundred inputs are too many to look at. Columns are chosen one by one, each the one that
explains most of what those before it leave (orthogonal matching pursuit; Pati, Rezaiifar and Krishnaprasad, Asilomar
1993), of the target as it is and of its logarithm, which a product of powers is a sum in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]

# Of more inputs than so many those that tell most are taken.
MANY, FEW = 16, 12


def telling(m: Measurements) -> list[int]:
    """The places of the inputs to look at, in their order: all where they are few, or have units, which need them."""
    if m.n_inputs <= MANY or m.has_units:
        return list(range(m.n_inputs))
    pursued = [pursuit(m.x, m.y, m.weights)]
    if (m.y != 0).all():
        pursued.append(pursuit(m.logs, np.log(np.abs(m.y)), np.abs(m.y) * m.weights))
    found: dict[int, None] = {}
    while len(found) < FEW:
        found.update(dict.fromkeys(map(next, pursued)))
    return sorted(list(found)[:FEW])


def pursuit(columns: Floats, target: Floats, weights: Floats) -> Iterator[int]:
    """The places of columns, `(n_columns, n_rows)`, the one first that explains most of what is left."""
    centred = (columns - columns.mean(axis=1, keepdims=True)) * weights
    rest = wanted = (target - target.mean()) * weights
    sizes = np.linalg.norm(centred, axis=1)
    chosen: list[int] = []
    while True:
        scores = np.abs(centred @ rest) / np.where(sizes > 0, sizes, np.inf)
        scores[chosen] = -1.0
        chosen.append(int(np.argmax(scores)))
        yield chosen[-1]
        basis = centred[chosen].T
        rest = wanted - basis @ np.linalg.lstsq(basis, wanted, rcond=None)[0]
