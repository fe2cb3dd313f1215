"""Looking programs up by the values they have in some rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.types import Type
from extrapolate.search.bank.bank import Bank
from extrapolate.search.bank.tuples import Ids


class Lookup:
    """The programs of one type by their values in some rows: sorted fingerprints, extended as the bank grows."""

    def __init__(self, bank: Bank, t: Type, rows: NDArray[np.intp]):
        self.bank, self.type, self.rows = bank, t, rows
        self.weights = bank.weights[rows]
        self.runs: list[tuple[NDArray[np.uint64], NDArray[np.intp]]] = []
        self.n = 0

    def prints(self, ids: Ids) -> NDArray[np.uint64]:
        prints: NDArray[np.uint64] = ids.astype(np.uint64) @ self.weights
        return prints

    def refresh(self) -> None:
        store = self.bank.stores.get(self.type)
        if store is None or store.n == self.n:
            return
        prints = self.prints(store.ids[self.n : store.n][:, self.rows])
        indices = np.arange(self.n, store.n)
        self.n = store.n
        while self.runs and len(self.runs[-1][0]) <= 2 * len(prints):
            old_prints, old_indices = self.runs.pop()
            prints, indices = np.concatenate([old_prints, prints]), np.concatenate([old_indices, indices])
        order = np.argsort(prints, kind="stable")
        self.runs.append((prints[order], indices[order]))

    def find(self, ids: Ids) -> NDArray[np.intp]:
        """For each row of ids the cheapest program that has these values, -1 where there is none."""
        wanted = self.prints(ids)
        found = np.full(len(ids), -1)
        for prints, indices in self.runs:
            at = np.searchsorted(prints, wanted)
            at[at == len(prints)] = 0
            hit = (prints[at] == wanted) & (found < 0)
            found[hit] = indices[at[hit]]
        return found


class Lookups:
    """The lookups of all banks, made when first asked for."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, Type, bytes], Lookup] = {}

    def of(self, bank: Bank, t: Type, rows: NDArray[np.intp]) -> Lookup:
        key = id(bank), t, rows.tobytes()
        if key not in self.known:
            self.known[key] = Lookup(bank, t, rows)
        self.known[key].refresh()
        return self.known[key]
