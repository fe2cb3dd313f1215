"""Tuples of values as numbers: what a word is applied to is looked up once for all words of the same parameters.

The ids of a tuple are packed into one key. A key's number stands in an array indexed by keys while these are small, in
a hash table when they are not. O(cells) integer work for a block, and O(1) for each tuple that is new.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.values import ID_BITS, UNDEFINED, Table
from extrapolate.search.bank.memo import ABSENT, Memo

Ids = NDArray[np.int32]
DENSE_BITS = 18
# How many ids a 64-bit key holds; of more, the first ones are numbered together.
MOST_PACKED = 3


class Tuples:
    """The tuples of ids met for some tables, numbered from 1 in the order they were met; 0 is one with an id that is
    undefined. `columns` are their values, a list for each table."""

    def __init__(self, tables: Sequence[Table]):
        self.first = Tuples(tables[: 1 - MOST_PACKED]) if len(tables) > MOST_PACKED else None
        self.packed: list[Table | Tuples] = (
            list(tables) if self.first is None else [self.first, *tables[1 - MOST_PACKED :]]
        )
        self.columns: list[list[Any]] = [[None] for _ in tables]
        self.wide = (ID_BITS,) * len(self.packed)
        self.bits = (0,) * len(self.packed)
        # The number plus one, by packed ids; 0 where a tuple was not met.
        self.dense: Ids | None = np.zeros(1, dtype=np.int32)
        self.memo = Memo()
        self._resize()

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def bytes(self) -> int:
        dense = 0 if self.dense is None else self.dense.nbytes
        first = 0 if self.first is None else self.first.bytes
        return dense + first + self.memo.keys.nbytes + self.memo.values.nbytes + 8 * len(self) * len(self.columns)

    def number(self, ids: Sequence[Ids]) -> Ids:
        """The numbers of tuples of ids, arrays that broadcast to one shape."""
        if self.first is not None:
            several = self.first.number(ids[: 1 - MOST_PACKED])
            several[several >= 1 << ID_BITS] = UNDEFINED
            ids = [several, *ids[1 - MOST_PACKED :]]
        if self.dense is not None and any(len(t) > 1 << b for t, b in zip(self.packed, self.bits, strict=True)):
            self._resize()
        if self.dense is None:
            return self._from_memo(pack(ids, self.wide, np.int64))
        keys = pack(ids, self.bits, np.int32)
        found = self.dense.take(keys)
        if found.size and not found.min():
            missing = distinct(keys[found == 0])
            self.dense[missing] = self._add(missing, self.bits) + 1
            found = self.dense.take(keys)
        found -= 1
        return found

    def _from_memo(self, packed: NDArray[Any]) -> Ids:
        keys = packed.ravel()
        found = self.memo.find(keys)
        missing = found == ABSENT
        if missing.any():
            new = distinct(keys[missing])
            numbers = self._add(new, self.wide)
            self.memo.add(new, numbers)
            found[missing] = numbers[np.searchsorted(new, keys[missing])]
        return found.reshape(packed.shape)

    def _add(self, keys: NDArray[Any], bits: Sequence[int]) -> Ids:
        """The numbers of packed tuples that were not met before."""
        ids = unpack(keys, bits)
        places = np.flatnonzero(functools.reduce(np.logical_and, [column != UNDEFINED for column in ids]))
        numbers = np.zeros(len(keys), dtype=np.int32)
        numbers[places] = np.arange(len(self), len(self) + len(places))
        values = []
        for table, column in zip(self.packed, ids, strict=True):
            known = table.columns if isinstance(table, Tuples) else [table.values]
            values += [map(v.__getitem__, column[places].tolist()) for v in known]
        for met, new in zip(self.columns, values, strict=True):
            met.extend(new)
        return numbers

    def _resize(self) -> None:
        """Makes room for ids that have grown past their bits; from an array past its limit into the hash table."""
        assert self.dense is not None
        old, old_bits = self.dense, self.bits
        known = np.flatnonzero(old)
        columns = unpack(known, old_bits)
        self.bits = tuple(len(t).bit_length() + 2 for t in self.packed)
        if sum(self.bits) <= DENSE_BITS:
            self.dense = np.zeros(1 << sum(self.bits), dtype=np.int32)
            self.dense[pack(columns, self.bits, np.int64)] = old[known]
        else:
            self.dense = None
            if len(known):
                self.memo.add(pack(columns, self.wide, np.int64), old[known] - 1)


def distinct(keys: NDArray[Any]) -> NDArray[Any]:
    """The different ones of some keys in order, as np.unique has them, which takes longer for few."""
    keys = np.sort(keys)
    new = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return keys[new]


def pack(ids: Sequence[NDArray[Any]], bits: Sequence[int], dtype: type) -> NDArray[Any]:
    key: NDArray[Any] = ids[0].astype(dtype, copy=False)
    for more, width in zip(ids[1:], bits[1:], strict=True):
        key = (key << width) | more
    return key


def unpack(keys: NDArray[Any], bits: Sequence[int]) -> list[NDArray[Any]]:
    columns = []
    for width in reversed(bits):
        columns.append(keys & ((1 << width) - 1))
        keys = keys >> width
    return columns[::-1]
