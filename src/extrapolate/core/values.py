"""Interned values: each distinct value of a type gets an integer id, so a program is a row of ids.

`Values` keeps one `Table` a type. Id 0 is *undefined*: an exception, a value of the wrong type or one past the
limits. Lists are kept as Python lists, which the plain functions of words expect, and are found again by a key
of nested tuples. Floats are the same value when they agree to 12 significant digits.

>>> from extrapolate.core.types import list_of
>>> table = Values().table(list_of(INT))
>>> table.intern([3, 1]), table.intern([]), table.intern([3, 1])
(1, 2, 1)
>>> table.values[1]
[3, 1]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.types import BOOL, CLASSES, DATETIME, DECIMAL, DELIMITER, DURATION, FLOAT, INT, TEXT, Type

UNDEFINED = 0
# Ids of three arguments fit into one 64-bit key; a table that is full takes in no more values.
ID_BITS = 21


# Decimal numbers beyond so many places are undefined.
MOST_PLACES = 18


class Undefined(ValueError):
    """Raised by a word or a table where there is no value."""


@dataclass(frozen=True)
class Limits:
    """How large a value may become before it counts as undefined."""

    length: int = 256
    number: int = 10**18
    text: int = 10_000


NO_LIMITS = Limits(length=10**9, number=10**300, text=10**9)


def freeze(value: Any, t: Type, limits: Limits) -> Hashable:
    """The key of a value: equal for equal values. Undefined when it is not of type `t` or is past the limits."""
    if t is INT or t == INT:
        if type(value) is not int or not -limits.number <= value <= limits.number:
            raise Undefined
        return value
    if t.is_list:
        if len(value) > limits.length or not isinstance(value, list | tuple):
            raise Undefined
        item = t.args[0]
        return tuple([freeze(v, item, limits) for v in value])
    if t == BOOL:
        if type(value) is not bool:
            raise Undefined
        return value
    if t in (TEXT, DELIMITER):
        if type(value) is not str or len(value) > limits.text:
            raise Undefined
        return value
    if t in (DATETIME, DURATION):
        if type(value) is not CLASSES[t]:
            raise Undefined
        return value
    if t == DECIMAL:
        if type(value) is not Decimal or not value.is_finite() or abs(value.adjusted()) > MOST_PLACES:
            raise Undefined
        return str(value)  # 1.50 is not 1.5: both are written as they are
    if t == FLOAT:
        if not isinstance(value, float) and type(value) is not int:
            raise Undefined
        if not math.isfinite(value):
            raise Undefined
        return float(f"{value:.12g}") + 0.0  # + 0.0: minus zero is zero
    raise Undefined


def thaw(key: Any, t: Type) -> Any:
    """The Python value of a key: nested tuples become nested lists, and are fresh each time."""
    if not t.is_list:
        return Decimal(key) if t == DECIMAL else key
    item = t.args[0]
    return [thaw(v, item) for v in key] if item.is_list else list(key)


def canonical(value: Any, t: Type) -> Any:
    """The value as programs see it: lists for tuples, floats for the ints in a float column."""
    if t.is_list:
        return [canonical(v, t.args[0]) for v in value]
    return float(value) if t == FLOAT else value


def equal(a: Any, b: Any, t: Type) -> bool:
    """Whether two values of a type are the same value."""
    try:
        return freeze(a, t, NO_LIMITS) == freeze(b, t, NO_LIMITS)
    except (Undefined, TypeError):
        return False


class Table:
    """The distinct values of one type, numbered from 1 in the order they were met."""

    def __init__(self, t: Type, limits: Limits):
        self.type = t
        self.limits = limits
        self.values: list[Any] = [None]
        self.keys: list[Hashable] = [None]
        self.ids: dict[Hashable, int] = {}
        self.key = _key_function(t, limits)
        self.is_flat = t.is_list and t.args[0] in (BOOL, INT, TEXT)
        # The class of values that are their own keys.
        self.plain = CLASSES[t] if t in (BOOL, INT, TEXT) else None

    def __len__(self) -> int:
        return len(self.values)

    def intern(self, value: Any) -> int:
        """The id of a value; 0 when it is not a value of this type."""
        # Most values are known already: looked up as they are, checked only when new.
        if type(value) is self.plain:
            found = self.ids.get(value)
            if found is not None:
                return found
        elif self.is_flat:
            try:
                found = self.ids.get(tuple(value))
            except TypeError:
                return UNDEFINED
            if found is not None:
                return found
        try:
            key = self.key(value)
        except (Undefined, TypeError, OverflowError):
            return UNDEFINED
        found = self.ids.get(key)
        if found is None:
            if len(self.values) >= 1 << ID_BITS:
                return UNDEFINED
            found = self.ids[key] = len(self.values)
            self.values.append(thaw(key, self.type))
            self.keys.append(key)
        return found

    def add(self, function: Callable[..., Any]) -> int:
        """The id of a function, which is a value of its own."""
        if len(self.values) >= 1 << ID_BITS:
            return UNDEFINED
        self.values.append(function)
        self.keys.append(None)
        return len(self.values) - 1


class Values:
    """Tables by type, shared by everything that works on one task."""

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()
        self._tables: dict[Type, Table] = {}

    def table(self, t: Type) -> Table:
        found = self._tables.get(t)
        if found is None:
            found = self._tables[t] = Table(t, self.limits)
        return found

    def __len__(self) -> int:
        return sum(len(t) for t in self._tables.values())


def _key_function(t: Type, limits: Limits) -> Callable[[Any], Hashable]:
    """`freeze` at one type, without its dispatch: this is called for every new value."""
    if t == INT:
        low, high = -limits.number, limits.number

        def int_key(value: Any) -> Hashable:
            if type(value) is int and low <= value <= high:
                return value
            raise Undefined

        return int_key
    if t.is_list and t.args[0] == INT:
        most, low, high = limits.length, -limits.number, limits.number

        def ints_key(value: Any) -> Hashable:
            if len(value) > most or not isinstance(value, list | tuple):
                raise Undefined
            key = tuple(value)
            if key and (set(map(type, key)) != {int} or min(key) < low or max(key) > high):
                raise Undefined
            return key

        return ints_key
    if t.is_list:
        longest, item_key = limits.length, _key_function(t.args[0], limits)

        def list_key(value: Any) -> Hashable:
            if len(value) <= longest and isinstance(value, list | tuple):
                return tuple([item_key(v) for v in value])
            raise Undefined

        return list_key
    return lambda value: freeze(value, t, limits)


def limits_for(sizes: tuple[int, int]) -> Limits:
    """Limits for a task whose longest list and longest text have the given sizes."""
    longest, text = sizes
    if longest > 100_000 or text > 10_000_000:
        raise InputError(
            f"a value of {max(longest, text):,} elements is too large to learn from; "
            "give a few small examples and apply the program to the large ones."
        )
    return Limits(length=max(64, 4 * longest), text=max(1000, 4 * text))
