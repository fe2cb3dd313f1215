"""Bools, whole numbers and floats."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.kind import Key, Kind, Limits, Undefined, register
from extrapolate.core.reals import Reals, digits_of, same_number
from extrapolate.core.types import FLOAT, INT, Type

LONGEST_INT = 4000
# A real number of so many digits is not met by chance.
MANY_DIGITS = 9
_INT = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
# Fractions that are written as such: those of small numbers.
LARGEST_PART = 1000
PI = 3
# Computed in two ways, numbers may differ by so much in proportion and be equal.
EQUAL = 2e-12


class Bool(Kind):
    name = "bool"
    classes = (bool,)
    names = ("p", "q", "r")
    label = "flag"
    is_number = True

    def cost(self, constant: Any, t: Type) -> int:
        return 2

    def literals(self, value: Any, t: Type) -> Iterator[tuple[Any, Type]]:
        yield from ()

    def from_cell(self, cell: str, t: Type) -> Any:
        if cell.strip().lower() not in ("true", "false"):
            raise Undefined
        return cell.strip().lower() == "true"

    def to_cell(self, value: Any, t: Type) -> str:
        return "true" if value else "false"

    def samples(self, t: Type) -> list[Any]:
        return [False, True]


class Int(Kind):
    name = "int"
    classes = (int,)
    names = ("n", "m", "k", "i", "j", "p", "q")
    is_number = True

    def varied(self, value: Any, t: Type, rng: random.Random, column: Sequence[Any]) -> Any:
        return value + rng.choice((-1, 1, 2))

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        """As of any kind, in one call: whole numbers are met most."""
        low, high = -limits.number, limits.number

        def int_key(value: Any) -> Hashable:
            if type(value) is int and low <= value <= high:
                return value
            raise Undefined

        return int_key

    def join(self, a: Type, b: Type) -> Type | None:
        return FLOAT if b == FLOAT else super().join(a, b)

    def cost(self, constant: Any, t: Type) -> int:
        size = abs(constant)
        return 1 if constant in (0, 1) else 2 + (constant < 0) + (size > 9) + (size > 99) + (size > 9999)

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) is not int:
            raise Undefined
        return data

    def from_cell(self, cell: str, t: Type) -> Any:
        cell = cell.strip()
        if not _INT.fullmatch(cell):
            value = float(cell)  # a whole number among measurements is written as 7.0
            if not _FLOAT.fullmatch(cell) or not value.is_integer():
                raise Undefined
            return int(value)
        if len(cell) > LONGEST_INT:
            raise InputError(f"the integer {cell[:12]}... of {len(cell):,} digits is too large; leave it out.")
        return int(cell)

    def to_cell(self, value: Any, t: Type) -> str:
        return str(value)

    def samples(self, t: Type) -> list[Any]:
        return [0, 1, 2, 3, -1, 7]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.randint(*rng.choice(((-3, 3), (0, 9), (-20, 100))))


class Float(Kind):
    name = "float"
    classes = (float,)
    is_number = True

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        isfinite, nearest = math.isfinite, reals.key

        def float_key(value: Any) -> Hashable:
            able = type(value) is int or isinstance(value, float)
            if able and isfinite(value):
                return nearest(float(value))
            raise Undefined

        return float_key

    def type_of(self, value: Any) -> Type | None:
        return FLOAT if isinstance(value, float) else None

    def own(self, value: Any, t: Type) -> Any:
        return float(value)

    def constant(self, value: Any, t: Type) -> Hashable:
        return float(value)

    def is_precise(self, value: Any, t: Type) -> bool:
        """Neither a short decimal nor a fraction of small numbers, up to rounding."""
        fraction = Fraction(value).limit_denominator(LARGEST_PART)
        return digits_of(value) >= MANY_DIGITS and not same_number(float(fraction), value, EQUAL)

    def equal(self, a: Any, b: Any, t: Type) -> bool:
        able = all(isinstance(v, float | int) and not isinstance(v, bool) and math.isfinite(v) for v in (a, b))
        return able and same_number(float(a), float(b), EQUAL)

    def join(self, a: Type, b: Type) -> Type | None:
        return a if b == INT else super().join(a, b)

    def cost(self, constant: Any, t: Type) -> int:
        """A whole number costs what it costs as an int, a fraction of small numbers its parts, and pi a name."""
        if abs(constant) == math.pi:
            return PI
        if constant.is_integer() and abs(constant) < LARGEST_PART:
            return Int().cost(int(constant), INT)
        fraction = Fraction(constant).limit_denominator(LARGEST_PART)
        if float(fraction) == constant:
            return min(2 + len(str(constant)) // 2, 1 + len(str(fraction)))
        return 2 + len(str(constant)) // 2

    def from_json(self, data: Any, t: Type) -> Any:
        if type(data) not in (int, float):
            raise Undefined
        return float(data)

    def from_cell(self, cell: str, t: Type) -> Any:
        return float(cell)

    def to_cell(self, value: Any, t: Type) -> str:
        return repr(value)

    def samples(self, t: Type) -> list[Any]:
        return [0.0, 1.0, -0.5]

    def random(self, t: Type, rng: random.Random) -> Any:
        return rng.randint(-40, 40) / 4


register(Bool())
register(Int())
register(Float())
