"""Words on lists of numbers: sums and other summaries, ranges, differences, digits."""

from __future__ import annotations

import itertools
import math

from extrapolate.core.word import Primitive, primitive
from extrapolate.languages.domain import N, O, refuse_long, require


@primitive(cost=2, source="sum({xs})")
def sum_(xs: list[N]) -> N:
    """The sum of the elements."""
    return sum(xs)


@primitive(cost=3, source="math.prod({xs})")
def product(xs: list[N]) -> N:
    """The product of the elements."""
    return math.prod(xs)


@primitive(cost=2, source="max({xs})")
def max_(xs: list[O]) -> O:
    """The largest element."""
    return max(xs)


@primitive(cost=2, source="min({xs})")
def min_(xs: list[O]) -> O:
    """The smallest element."""
    return min(xs)


@primitive(cost=3, source="sum({xs}) / len({xs})")
def mean(xs: list[N]) -> float:
    """The arithmetic mean."""
    return sum(xs) / len(xs)


@primitive(cost=4, source="statistics.median({xs})")
def median(xs: list[N]) -> float:
    """The middle element in order, or the mean of the middle two."""
    ys = sorted(xs)
    return (ys[(len(ys) - 1) // 2] + ys[len(ys) // 2]) / 2


@primitive(cost=3, source="all({xs})")
def all_(xs: list[bool]) -> bool:
    """Whether every element is true."""
    return all(xs)


@primitive(cost=3, source="any({xs})")
def any_(xs: list[bool]) -> bool:
    """Whether at least one element is true."""
    return any(xs)


def _consecutive(out: list[int], start: int) -> None:
    require(out == list(range(start, start + len(out))))


def _range_end(out: list[int]) -> int:
    _consecutive(out, 0)
    return len(out)


def _range_stop(out: list[int], a: int) -> int:
    _consecutive(out, a)
    return a + len(out)


def _range_start(out: list[int], b: int) -> int:
    _consecutive(out, b - len(out))
    return b - len(out)


def _with_difference(out: list[int]) -> list[int]:
    return out[:1] + [y - x for x, y in itertools.pairwise(out)]


@primitive(cost=2, source="list(range({n}))", inverses={"n": _range_end})
def range_(n: int) -> list[int]:
    """The whole numbers from 0 up to, and without, `n`."""
    refuse_long(n)
    return list(range(n))


@primitive(cost=3, source="list(range({a}, {b}))", inverses={"a": _range_start, "b": _range_stop})
def range_from(a: int, b: int) -> list[int]:
    """The whole numbers from `a` up to, and without, `b`."""
    refuse_long(b - a)
    return list(range(a, b))


@primitive(
    cost=3,
    source="list(range({a}, {b} + 1))",
    inverses={"a": lambda out, b: _range_start(out, b + 1), "b": lambda out, a: _range_stop(out, a) - 1},
)
def inclusive_range(a: int, b: int) -> list[int]:
    """The whole numbers from `a` to `b`, both included."""
    refuse_long(b - a)
    return list(range(a, b + 1))


@primitive(cost=3, source="list(itertools.accumulate({xs}))", inverses={"xs": _with_difference})
def prefix_sums(xs: list[N]) -> list[N]:
    """The sums of the elements up to each position."""
    return list(itertools.accumulate(xs))


@primitive(cost=3, source="[y - x for x, y in itertools.pairwise({xs})]")
def differences(xs: list[N]) -> list[N]:
    """What each element is more than the one before."""
    return [y - x for x, y in itertools.pairwise(xs)]


def _number(digits: list[int]) -> int:
    require(bool(digits) and all(0 <= d <= 9 for d in digits))
    return int("".join(map(str, digits)))


def _number_of(out: list[int]) -> int:
    require(out == [0] or out[0] != 0)
    return _number(out)


@primitive(cost=3, source="[int(d) for d in str({n})]", inverses={"n": _number_of})
def digits(n: int) -> list[int]:
    """The decimal digits of a number that is not negative."""
    return [int(d) for d in str(n)]


@primitive(cost=4, source="int(''.join(map(str, {digits})))")
def from_digits(digits: list[int]) -> int:
    """The number with the given decimal digits."""
    return _number(digits)


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
