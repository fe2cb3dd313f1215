"""What words of all languages share: type variables, and how a word says that it is not defined.

`A` and `B` are any values, `H` a value that can be looked up, `N` a number, `O` a value with an order, and `P` a point
on a line: a number or a time.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, TypeVar

from extrapolate.core.kind import Undefined

A = TypeVar("A")
B = TypeVar("B")
H = TypeVar("H", bool, int, float, str)
N = TypeVar("N", int, float)
O = TypeVar("O", int, float, str)  # noqa: E741
P = TypeVar("P", int, float, Decimal, datetime.datetime)

MOST_ELEMENTS = 10_000
MOST_BITS = 4096


def require(possible: bool) -> None:
    """Raises Undefined when there can be no value."""
    if not possible:
        raise Undefined


def refuse_long(length: int) -> None:
    """Raises ValueError before a list is made that would be too long."""
    if length > MOST_ELEMENTS:
        raise ValueError(f"a list of {length:,} elements")


def bounded(value: B) -> B:
    """The value; ValueError when steps that feed on their own results have blown it up."""
    if not isinstance(value, int) or value.bit_length() > MOST_BITS:
        _weigh(value)
    return value


def _weigh(value: Any) -> int:
    """How many elements a value has in all."""
    if isinstance(value, list):
        elements = len(value) + sum(map(_weigh, value))
        refuse_long(elements)
        return elements
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ValueError(f"a number of {value.bit_length():,} bits")
    if isinstance(value, str):
        refuse_long(len(value))
    return 0
