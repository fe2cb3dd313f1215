"""A plain function applied to blocks of ids: the hot spot of the search.

The distinct argument tuples of a block are found with NumPy, the function runs once for each that was never met
before, and the results are scattered back. Results are remembered in an array indexed by the packed ids while those
are small, in a hash table when they are not. O(cells) integer work, O(distinct tuples) calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.values import ID_BITS, UNDEFINED, Table
from extrapolate.search.bank.memo import ABSENT, Memo

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
        if self.dense is not None:
            for table, bits in zip(self.arguments, self.bits, strict=True):
                if len(table.values) > 1 << bits:
                    self._resize()
                    break
        if self.dense is None:
            return self._from_memo(arguments)
        key = arguments.packed(self.bits)
        found = self.dense.take(key)
        missing = key[found == 0]
        if len(missing):
            keys = distinct(missing)
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
            keys = distinct(key[missing])
            results = self._compute(keys, self.wide)
            self.memo.add(keys, results)
            found[missing] = results[np.searchsorted(keys, key[missing])]
        return found.reshape(packed.shape)

    def _compute(self, keys: NDArray[Any], bits: Sequence[int]) -> Ids:
        """The result ids of packed argument tuples, each computed by one call of the function."""
        ids = _unpack(keys, bits)
        defined = np.logical_and.reduce([column != UNDEFINED for column in ids])
        results = np.zeros(len(keys), dtype=np.int32)
        columns = [
            map(table.values.__getitem__, column[defined].tolist())
            for table, column in zip(self.arguments, ids, strict=True)
        ]
        results[defined] = self._call(columns, int(np.count_nonzero(defined)))
        return results

    def _call(self, columns: Sequence[Iterable[Any]], n: int) -> list[int]:
        """The ids of what the function returns for each of `n` argument tuples, undefined where it raises."""
        intern, calls = self.result.intern, map(self.function, *columns)
        results: list[int] = []
        while len(results) < n:
            try:
                for value in calls:  # which a StopIteration of the function ends early
                    results.append(intern(value))
            except Exception:
                pass
            if len(results) < n:
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


def distinct(keys: NDArray[Any]) -> NDArray[Any]:
    """The different ones of some keys in order, as np.unique has them, which takes longer for few."""
    keys = np.sort(keys)
    new = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return keys[new]


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
