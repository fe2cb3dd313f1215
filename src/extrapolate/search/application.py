"""A plain function applied to blocks of ids: the hot spot of the search.

The distinct argument tuples of a block are found with NumPy, the function runs once for each that was never met
before, and the results are scattered back. Results are remembered in an array indexed by the packed ids while those
are small, in a hash table when they are not. O(cells) integer work, O(distinct tuples) calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.search.memo import ABSENT, Memo
from extrapolate.values import ID_BITS, UNDEFINED, Table

Ids = NDArray[np.int32]
DENSE_BITS = 18


class Arguments:
    """Ids of arguments, arrays of one shape, packed into keys once for all words that are applied to them."""

    def __init__(self, ids: Sequence[Ids]):
        self.ids = ids
        self.keys: dict[tuple[int, ...], NDArray[Any]] = {}

    def packed(self, bits: tuple[int, ...]) -> NDArray[Any]:
        if bits not in self.keys:
            self.keys[bits] = _pack(self.ids, bits, np.int32 if sum(bits) <= DENSE_BITS else np.int64)
        return self.keys[bits]


class Application:
    """`function` on ids: `application(arguments)` is the array of result ids."""

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Table], result: Table):
        self.function = function
        self.arguments = arguments
        self.result = result
        self.wide = (ID_BITS,) * len(arguments)
        self.bits = (0,) * len(arguments)
        # The remembered id plus one, by packed argument ids; 0 where nothing is remembered.
        self.dense: NDArray[np.int32] | None = np.zeros(1, dtype=np.int32)
        self.memo = Memo()
        self._resize()

    def __call__(self, arguments: Arguments) -> Ids:
        if self.dense is not None and any(len(t) > 1 << b for t, b in zip(self.arguments, self.bits, strict=True)):
            self._resize()
        if self.dense is None:
            return self._from_memo(arguments)
        key = arguments.packed(self.bits)
        found = self.dense.take(key)
        missing = found == 0
        if missing.any():
            keys = np.unique(key[missing])
            self.dense[keys] = self._compute(keys, self.bits) + 1
            found = self.dense.take(key)
        found -= 1
        return found

    def _from_memo(self, arguments: Arguments) -> Ids:
        packed = arguments.packed(self.wide)
        key = packed.ravel()
        found = self.memo.find(key)
        missing = found == ABSENT
        if missing.any():
            keys = np.unique(key[missing])
            results = self._compute(keys, self.wide)
            self.memo.add(keys, results)
            found[missing] = results[np.searchsorted(keys, key[missing])]
        return found.reshape(packed.shape)

    def _compute(self, keys: NDArray[Any], bits: Sequence[int]) -> Ids:
        """The result ids of packed argument tuples, each computed by one call of the function."""
        columns: list[list[Any]] = []
        defined = np.ones(len(keys), dtype=bool)
        for table, ids in zip(self.arguments, _unpack(keys, bits), strict=True):
            defined &= ids != UNDEFINED
            values = table.values
            columns.append([values[i] for i in ids.tolist()])
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
        """Makes room for ids that have grown past their bits; from an array past its limit into the hash table."""
        assert self.dense is not None
        old, old_bits = self.dense, self.bits
        known = np.flatnonzero(old)
        results = old[known]
        columns = _unpack(known, old_bits)
        self.bits = tuple(len(t).bit_length() + 2 for t in self.arguments)
        if sum(self.bits) <= DENSE_BITS:
            self.dense = np.zeros(1 << sum(self.bits), dtype=np.int32)
            self.dense[_pack(columns, self.bits, np.int64)] = results
        else:
            self.dense = None
            if len(known):
                self.memo.add(_pack(columns, self.wide, np.int64), results - 1)


def _pack(ids: Sequence[NDArray[Any]], bits: Sequence[int], dtype: type) -> NDArray[Any]:
    key: NDArray[Any] = ids[0].astype(dtype, copy=False)
    for more, width in zip(ids[1:], bits[1:], strict=True):
        key = (key << width) | more
    return key


def _unpack(keys: NDArray[Any], bits: Sequence[int]) -> list[NDArray[Any]]:
    columns = []
    for width in reversed(bits):
        columns.append(keys & ((1 << width) - 1))
        keys = keys >> width
    return columns[::-1]
