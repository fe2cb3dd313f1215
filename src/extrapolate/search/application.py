"""A plain function applied to blocks of ids: the hot spot of the search.

The distinct argument tuples of a block are found with NumPy, the function runs once for each that was never met
before, and the results are scattered back. Results are remembered in an array indexed by the packed ids while those
are small, in a dictionary when they are not. O(cells) integer work, O(distinct tuples) calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.values import UNDEFINED, Table

Ids = NDArray[np.int32]
DENSE_BITS = 24
REMEMBERED = 2_000_000


class Application:
    """`function` on ids: `application(a, b)` is the array of result ids, with the arguments broadcast."""

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Table], result: Table):
        self.function = function
        self.arguments = arguments
        self.result = result
        self.bits = [0] * len(arguments)
        self.dense: NDArray[np.int32] | None = None
        self.sparse: dict[int, int] = {}
        self._resize()

    def __call__(self, *ids: Ids) -> Ids:
        if any(len(t) > 1 << b for t, b in zip(self.arguments, self.bits, strict=True)):
            self._resize()
        if self.dense is None:
            return self._lookup_sparse(self._pack(ids, np.int64))
        key = self._pack(ids, np.int32)
        found = self.dense.take(key)
        missing = found == 0
        if missing.any():
            keys = np.unique(key[missing])
            self.dense[keys] = self._compute(keys) + 1
            found = self.dense.take(key)
        found -= 1
        return found

    def _pack(self, ids: Sequence[Ids], dtype: type) -> NDArray[Any]:
        key: NDArray[Any] = ids[0].astype(dtype, copy=False)
        for more, bits in zip(ids[1:], self.bits[1:], strict=True):
            key = (key << bits) | more
        return key

    def _lookup_sparse(self, key: NDArray[np.int64]) -> Ids:
        keys, inverse = np.unique(key, return_inverse=True)
        get = self.sparse.get
        results = np.array([get(k, -1) for k in keys.tolist()], dtype=np.int32)
        missing = results < 0
        if missing.any():
            new = keys[missing]
            computed = self._compute(new)
            results[missing] = computed
            if len(self.sparse) > REMEMBERED:
                self.sparse.clear()
            self.sparse.update(zip(new.tolist(), computed.tolist(), strict=True))
        return results[inverse.reshape(key.shape)]

    def _compute(self, keys: NDArray[Any]) -> Ids:
        """The result ids of packed argument tuples, each computed by one call of the function."""
        columns: list[list[Any]] = []
        defined = np.ones(len(keys), dtype=bool)
        for table, bits in zip(reversed(self.arguments), reversed(self.bits), strict=True):
            ids = keys & ((1 << bits) - 1)
            keys = keys >> bits
            defined &= ids != UNDEFINED
            values = table.values
            columns.append([values[i] for i in ids.tolist()])
        columns.reverse()
        results = np.zeros(len(defined), dtype=np.int32)
        where = np.flatnonzero(defined).tolist()
        results[where] = self._call(where, columns)
        return results

    def _call(self, where: list[int], columns: list[list[Any]]) -> list[int]:
        function, intern = self.function, self.result.intern
        results = []
        if len(columns) == 1:
            (column,) = columns
            for i in where:
                try:
                    results.append(intern(function(column[i])))
                except Exception:
                    results.append(UNDEFINED)
        elif len(columns) == 2:
            first, second = columns
            for i in where:
                try:
                    results.append(intern(function(first[i], second[i])))
                except Exception:
                    results.append(UNDEFINED)
        else:
            for i in where:
                try:
                    results.append(intern(function(*[column[i] for column in columns])))
                except Exception:
                    results.append(UNDEFINED)
        return results

    def _resize(self) -> None:
        """Makes room for ids that have grown past their bits; what was remembered stays where it can."""
        old_bits, old = self.bits, self.dense
        self.bits = [
            b if len(t) <= 1 << b and b else max(6, len(t).bit_length() + 1)
            for t, b in zip(self.arguments, old_bits, strict=True)
        ]
        if sum(self.bits) > DENSE_BITS:
            # Packed keys of the old bits mean nothing under the new ones.
            self.dense = None
            self.sparse.clear()
            return
        self.dense = np.zeros(1 << sum(self.bits), dtype=np.int32)
        if old is not None:
            shape = [1 << b for b in self.bits]
            corner = tuple(slice(0, 1 << b) for b in old_bits)
            self.dense.reshape(shape)[corner] = old.reshape([1 << b for b in old_bits])
