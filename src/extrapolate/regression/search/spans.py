"""Least squares for very many sets of columns at once.

A target is to be a linear combination of a few columns that always take part and one or two of many others. What always
takes part is projected out of everything; then the best fit with one column is a correlation, and with two it follows
from the matrix of all their products: one multiplication of matrices judges `n**2 / 2` formulas.

Misfits are relative: 0 is a perfect fit, 1 no better than what always takes part.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

BLOCK = 512
# A column of which so little is left by the projection is a combination of what always takes part.
NOTHING = 1e-7
# Two columns closer than this are one.
PARALLEL = 1e-8
ROUNDING = 1e-15
# Of so many times as many pairs as are wanted the misfits are computed to the last digit.
CHECKED, FEW = 8, 3


def unexplained(whole: float, first: Floats, second: Floats, products: Floats) -> Floats:
    """What pairs of directions leave of the square of a target, given what each explains and their products.

    No less than rounding leaves of it, which is much where two are nearly parallel.
    """
    free = 1 - products * products
    explained = first[:, None] ** 2 + second[None] ** 2 - 2 * first[:, None] * second[None] * products
    safe = np.maximum(free, PARALLEL)
    left = np.maximum(whole - explained / safe, ROUNDING / safe)
    left[free < PARALLEL] = np.inf
    return left


class Span:
    """A target `(n_rows,)` and columns `(n_always, n_rows)` that always take part, with a weight for each row."""

    def __init__(self, target: Floats, always: Floats, weights: Floats):
        self.weights = weights
        weighted = always * weights
        left, sizes, _ = np.linalg.svd(weighted.T, full_matrices=False)
        self.basis: Floats = left[:, sizes > 1e-10 * sizes.max(initial=0.0)]
        rest = self._rest(target[None] * weights)[0]
        self.norm = float(np.linalg.norm(rest))
        self.scale = float(np.linalg.norm(target * weights))
        self.target = rest / self.norm if self.norm > 0 else rest

    def _rest(self, weighted: Floats) -> Floats:
        """What is left of columns without what always takes part."""
        first = weighted - (weighted @ self.basis) @ self.basis.T
        return first - (first @ self.basis) @ self.basis.T

    @property
    def is_fitted(self) -> bool:
        """Whether what always takes part is enough."""
        return self.norm <= 1e-11 * self.scale

    def directions(self, columns: Floats) -> tuple[Floats, Ids]:
        """Unit vectors of what is left of columns `(n_columns, n_rows)`, and which columns they are."""
        weighted = columns * self.weights
        rest = self._rest(weighted)
        size = np.linalg.norm(rest, axis=1)
        kept = np.flatnonzero(np.isfinite(size) & (size > NOTHING * np.linalg.norm(weighted, axis=1)))
        return rest[kept] / size[kept, None], kept

    def singles(self, directions: Floats) -> Floats:
        """The relative misfit with each direction alone, `(n_directions,)`."""
        misfits: Floats = np.sqrt(np.maximum(0.0, 1 - (directions @ self.target) ** 2))
        return misfits

    def pairs(self, directions: Floats, leading: Ids, most: int) -> list[tuple[float, int, int]]:
        """The best pairs of one of the leading directions and any other, with their misfits, best first."""
        found, pairs = np.zeros(0), np.zeros((0, 2), dtype=np.int64)
        fits, places = directions @ self.target, np.arange(len(directions))
        ceiling = np.inf
        for start in range(0, len(leading), BLOCK):
            first = leading[start : start + BLOCK]
            left = unexplained(1.0, fits[first], fits, directions[first] @ directions.T)
            known = np.isin(places, leading)[None] & (places[None] <= first[:, None])
            left[known | (places[None] == first[:, None])] = np.inf
            rows, columns = np.nonzero(left < ceiling)
            found = np.concatenate([found, left[rows, columns]])
            pairs = np.concatenate([pairs, np.stack([first[rows], columns], axis=1)])
            if len(found) > CHECKED * most:
                best = np.argpartition(found, CHECKED * most)[: CHECKED * most]
                found, pairs = found[best], pairs[best]
                ceiling = float(found.max())
        pairs = pairs[np.isfinite(found)]
        exact = self.misfits(directions, pairs)
        return [(float(exact[i]), *pairs[i].tolist()) for i in np.argsort(exact, kind="stable")[:most]]

    def triples(self, directions: Floats, most: int) -> list[tuple[float, tuple[int, int, int]]]:
        """The best sets of three directions with their misfits, best first, at most a few with the same first one."""
        sets = []
        for i in range(len(directions) - 2):
            first, others = directions[i], directions[i + 1 :]
            rest = others - (others @ first)[:, None] * first
            size = np.linalg.norm(rest, axis=1)
            kept = np.flatnonzero(size**2 > PARALLEL)
            rest = rest[kept] / size[kept, None]
            target = self.target - (self.target @ first) * first
            fits = rest @ target
            left = unexplained(float(target @ target), fits, fits, rest @ rest.T)
            left[np.tril_indices(len(kept))] = np.inf
            flat = left.ravel()
            for q in np.argpartition(flat, min(FEW, len(flat) - 1))[:FEW].tolist() if len(flat) else ():
                if np.isfinite(flat[q]):
                    j, k = divmod(q, len(kept))
                    sets.append((i, int(kept[j]) + i + 1, int(kept[k]) + i + 1))
        if not sets:
            return []
        exact = self.misfits(directions, np.array(sets))
        return [(float(exact[i]), sets[i]) for i in np.argsort(exact, kind="stable")[:most]]

    def misfits(self, directions: Floats, sets: Ids) -> Floats:
        """The misfits of sets of directions `(n_sets, n_directions_each)`, to the last digit."""
        rest = np.broadcast_to(self.target, (len(sets), len(self.target))).copy()
        basis: list[Floats] = []
        for place in range(sets.shape[1]):
            own = directions[sets[:, place]]
            for _ in range(2):
                for other in basis:
                    own = own - (own * other).sum(axis=1, keepdims=True) * other
            own = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-300)
            basis.append(own)
            rest = rest - (rest * own).sum(axis=1, keepdims=True) * own
        misfits: Floats = np.linalg.norm(rest, axis=1)
        return misfits

    def solve(self, columns: Floats, target: Floats) -> Floats:
        """The coefficients of columns `(n_columns, n_rows)` that fit a target best, by weighted least squares."""
        weighted = (columns * self.weights).T
        sizes = np.linalg.norm(weighted, axis=0)
        sizes[sizes == 0] = 1.0
        found, *_ = np.linalg.lstsq(weighted / sizes, target * self.weights, rcond=1e-13)
        coefficients: Floats = found / sizes
        return coefficients
