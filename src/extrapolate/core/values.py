"""Interned values: each distinct value of a type gets an integer id, so a program is a row of ids.

`Values` keeps one `Table` a type. Id 0 is *undefined*: an exception, a value of the wrong type or one past the
limits. A value is kept as it was first met, with all its digits; the key that its kind makes of it decides equality.

>>> from extrapolate.core.types import INT, list_of
>>> table = Values().table(list_of(INT))
>>> table.intern([3, 1]), table.intern([]), table.intern([3, 1]), table.intern([True])
(1, 2, 1, 0)
>>> table.values[1]
[3, 1]
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Literal
from extrapolate.core.kind import NO_LIMITS, Limits, Undefined, kind_of
from extrapolate.core.reals import Reals
from extrapolate.core.types import Type

UNDEFINED = 0
# Ids of three arguments fit into one 64-bit key; a table that is full takes in no more values.
ID_BITS = 21


def checked(value: Any, t: Type, limits: Limits = NO_LIMITS) -> Any:
    """The value as programs see it, a copy where it can change; Undefined when it is none of the type, or past the
    limits."""
    kind = kind_of(t)
    try:
        kind.key(t, limits, Reals())(value)
    except (TypeError, OverflowError, AttributeError):
        raise Undefined from None
    return kind.own(value, t)


def canonical(value: Any, t: Type) -> Any:
    """A value of the type as programs see it: lists for tuples, floats for the ints in a float column."""
    return kind_of(t).own(value, t)


def equal(a: Any, b: Any, t: Type) -> bool:
    """Whether two values of a type are the same value, numbers up to rounding."""
    try:
        return kind_of(t).equal(a, b, t)
    except (Undefined, TypeError, OverflowError):
        return False


class Table:
    """The distinct values of one type, numbered from 1 in the order they were met."""

    def __init__(self, t: Type, limits: Limits, reals: Reals):
        self.type = t
        self.values: list[Any] = [None]
        self.ids: dict[Hashable, int] = {}
        if not t.is_function:
            self.kind = kind_of(t)
            self.key = self.kind.key(t, limits, reals)

    def __len__(self) -> int:
        return len(self.values)

    def intern(self, value: Any) -> int:
        """The id of a value; 0 when it is not a value of this type."""
        try:
            key = self.key(value)
            found = self.ids.get(key)
        except (Undefined, TypeError, OverflowError, AttributeError):
            return UNDEFINED
        return self._new(key, value) if found is None else found

    def intern_all(self, values: map[Any], n: int) -> list[int]:
        """The ids of the next `n` values of a map; 0 for what is not a value of this type, and where its function
        raises."""
        key_of, known = self.key, self.ids.get
        ids: list[int] = []
        while len(ids) < n:
            try:
                for value in values:  # which a StopIteration of what makes the values ends early
                    key = key_of(value)
                    ids.append(known(key) or self._new(key, value))
            except Exception:
                pass
            if len(ids) < n:
                ids.append(UNDEFINED)
        return ids

    def _new(self, key: Hashable, value: Any) -> int:
        """The id of a value that was not met before; 0 where there is no room for it."""
        if len(self.values) >= 1 << ID_BITS:
            return UNDEFINED
        self.values.append(self.kind.own(value, self.type))
        self.ids[key] = len(self.values) - 1
        return len(self.values) - 1

    def find(self, value: Any) -> int | None:
        """The id of a value that was met before; None for others."""
        try:
            return self.ids.get(self.key(value))
        except (Undefined, TypeError, OverflowError, AttributeError):
            return None

    def literal(self, index: int) -> Literal:
        """The constant with the value of an id."""
        return Literal(self.kind.constant(self.values[index], self.type), self.type)

    def add(self, function: Callable[..., Any]) -> int:
        """The id of a function, which is a value of its own."""
        if len(self.values) >= 1 << ID_BITS:
            return UNDEFINED
        self.values.append(function)
        return len(self.values) - 1


class Values:
    """Tables by type, shared by everything that works on one task."""

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()
        self.reals = Reals()
        self._tables: dict[Type, Table] = {}

    def table(self, t: Type) -> Table:
        found = self._tables.get(t)
        if found is None:
            found = self._tables[t] = Table(t, self.limits, self.reals)
        return found

    def __len__(self) -> int:
        return sum(len(t) for t in self._tables.values())


def limits_for(columns: Iterable[tuple[Type, Iterable[Any]]]) -> Limits:
    """Limits for a task with these columns of values, by the longest list and the longest text among them.

    InputError where one is too large to learn from.
    """
    longest = text = 0
    pending = [(v, t) for t, cells in columns for v in cells if v is not None]
    while pending:
        value, t = pending.pop()
        kind = kind_of(t)
        parts = list(kind.parts(value, t))
        if parts:
            longest = max(longest, len(parts))
            pending += parts
        else:
            text = max(text, kind.length(value))
    if longest > 100_000 or text > 10_000_000:
        raise InputError(
            f"a value of {max(longest, text):,} elements is too large to learn from; "
            "give a few small examples and apply the program to the large ones."
        )
    return Limits(length=max(64, 4 * longest), text=max(1000, 4 * text))


def counts_up(values: Sequence[Any]) -> bool:
    """Whether values are whole numbers, each one more than the one before."""
    first = str(values[0])
    return first.isdecimal() and all(str(value) == str(int(first) + i) for i, value in enumerate(values))
