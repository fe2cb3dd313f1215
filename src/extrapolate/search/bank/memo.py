"""A hash table from 64-bit keys to ids, read and written a block at a time (open addressing, linear probing)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ABSENT = -1
_SCRAMBLE = np.uint64(0x9E3779B97F4A7C15)  # Knuth, TAOCP 3, section 6.4: 2**64 over the golden ratio

Keys = NDArray[np.int64]


class Memo:
    """`find` is O(1) a key, vectorised; the table doubles when a quarter is full."""

    def __init__(self, bits: int = 12):
        self.bits = bits
        self.n = 0
        self.keys: Keys = np.full(1 << bits, ABSENT, dtype=np.int64)
        self.values = np.zeros(1 << bits, dtype=np.int32)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The values of non-negative keys, `ABSENT` for those not known."""
        slots = self._slots(keys)
        held = self.keys.take(slots)
        found = self.values.take(slots)
        other = np.flatnonzero(held != keys)
        found[other] = ABSENT
        pending = other[held[other] != ABSENT]
        while len(pending):
            slots[pending] = (slots[pending] + 1) & (len(self.keys) - 1)
            here, wanted = slots[pending], keys[pending]
            held = self.keys[here]
            hit = held == wanted
            found[pending[hit]] = self.values[here[hit]]
            pending = pending[~hit & (held != ABSENT)]
        return found

    def add(self, keys: Keys, values: NDArray[np.int32]) -> None:
        """Puts in distinct keys that are not known yet."""
        self.n += len(keys)
        if 4 * self.n > len(self.keys):
            full = self.keys != ABSENT
            keys = np.concatenate([self.keys[full], keys])
            values = np.concatenate([self.values[full], values])
            while 4 * self.n > 1 << self.bits:
                self.bits += 1
            self.keys = np.full(1 << self.bits, ABSENT, dtype=np.int64)
            self.values = np.zeros(1 << self.bits, dtype=np.int32)
        slots = self._slots(keys)
        while len(keys):
            free = self.keys[slots] == ABSENT
            self.keys[slots[free]] = keys[free]
            placed = self.keys[slots] == keys  # of keys that want one slot, the last written has it
            self.values[slots[placed]] = values[placed]
            keys, values = keys[~placed], values[~placed]
            slots = (slots[~placed] + 1) & (len(self.keys) - 1)

    def _slots(self, keys: Keys) -> NDArray[np.int64]:
        return ((keys.view(np.uint64) * _SCRAMBLE) >> np.uint64(64 - self.bits)).view(np.int64)
