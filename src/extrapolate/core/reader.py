"""Readers: functions of words that read a value and may misread it, as a net reads a picture.

What such a word gives is the likeliest reading, unless it is told better. A program over readings is learned with
doubt: a row that a short program misses may be one whose values were misread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from copy import copy
from typing import Any, Self


class Reader(ABC):
    """A function of one value. `told` are the values that were told to be read otherwise, by their keys."""

    def __init__(self) -> None:
        self.told: dict[Hashable, Any] = {}

    @abstractmethod
    def readings(self, value: Any) -> Sequence[tuple[Any, float]]:
        """What a value may be, the likeliest first, each with its probability."""

    @abstractmethod
    def key(self, value: Any) -> Hashable:
        """What is the same for equal values."""

    def __call__(self, value: Any) -> Any:
        told = self.told.get(self.key(value)) if self.told else None
        return self.readings(value)[0][0] if told is None else told

    def fresh(self) -> Self:
        """The same reader, told nothing."""
        other = copy(self)
        other.told = {}
        return other
