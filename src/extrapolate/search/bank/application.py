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

from extrapolate.core.values import ID_BITS, UNDEFINED, Table
from extrapolate.search.bank.memo import ABSENT, Memo

Ids = NDArray[np.int32]
DENSE_BITS = 18
# How many ids a 64-bit key holds; of more, the first ones are numbered together.
MOST_PACKED = 3
# After so many calls of a function it is looked at the clock.
CALLS = 512


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
    """`function` on ids: `application(arguments)` is the array of result ids.

    `check` is called now and then, and may end the search.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Table],
        result: Table,
        check: Callable[[], None] = lambda: None,
    ):
        self.function = function
        self.arguments = arguments
        self.result = result
        self.check = check
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
        places = np.flatnonzero(defined)
        for start in range(0, len(places), CALLS):
            part = places[start : start + CALLS]
            columns = [
                map(table.values.__getitem__, column[part].tolist())
                for table, column in zip(self.arguments, ids, strict=True)
            ]
            results[part] = self.result.intern_all(map(self.function, *columns), len(part))
            if len(places) > CALLS:
                self.check()
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


class WideApplication:
    """An `Application` to more ids than a key holds: the first ones are numbered together, and the number is one id."""

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Table],
        result: Table,
        check: Callable[[], None] = lambda: None,
    ):
        self.numbers: dict[tuple[int, ...], int] = {}
        self.tuples = _Tuples(list(arguments[: 1 - MOST_PACKED]))
        rest = list(arguments[1 - MOST_PACKED :])
        self.inner = Application(lambda first, *others: function(*first, *others), [self.tuples, *rest], result, check)  # type: ignore[list-item]

    @property
    def memo(self) -> Memo:
        return self.inner.memo

    def __call__(self, arguments: Arguments) -> Ids:
        first, rest = arguments.ids[: 1 - MOST_PACKED], arguments.ids[1 - MOST_PACKED :]
        return self.inner(Arguments([self.tuples.number(first), *rest]))


class _Tuples:
    """Tuples of values as if they were values of a table."""

    def __init__(self, tables: Sequence[Table]):
        self.tables = tables
        self.values: list[Any] = [None]
        self.ids: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self.values)

    def number(self, ids: Sequence[Ids]) -> Ids:
        """The ids of tuples of ids, arrays of one shape; undefined where one of them is."""
        shape = np.broadcast_shapes(*(i.shape for i in ids))
        flat = np.stack([np.broadcast_to(i, shape).ravel() for i in ids], axis=1).astype(np.int32)
        rows, inverse = np.unique(flat, axis=0, return_inverse=True)
        found = np.array([self.of(row) for row in rows], dtype=np.int32).reshape(len(rows))
        return found[inverse.ravel()].reshape(shape)

    def of(self, row: NDArray[np.int32]) -> int:
        key = row.tobytes()
        found = self.ids.get(key)
        if found is None:
            if not row.all() or len(self.values) >= 1 << ID_BITS:
                return UNDEFINED
            found = self.ids[key] = len(self.values)
            self.values.append(tuple(table.values[i] for table, i in zip(self.tables, row.tolist(), strict=True)))
        return found


def application(
    function: Callable[..., Any], arguments: Sequence[Table], result: Table, check: Callable[[], None] = lambda: None
) -> Application | WideApplication:
    """The function on ids, of any number of arguments."""
    kind = Application if len(arguments) <= MOST_PACKED else WideApplication
    return kind(function, arguments, result, check)


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
