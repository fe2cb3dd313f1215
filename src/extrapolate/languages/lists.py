"""The language of numbers, bools and lists of them, nested as deep as needed.

The words on lists stand here; `numbers` has those on single values, `functions` those that take a function and
`fits` the constants that are found from the data. `A` is any value, `H` one that can be looked up, `N` a number,
`O` a value with an order.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any, TypeVar

from extrapolate.expression import Literal
from extrapolate.language import Language
from extrapolate.languages import functions, numbers
from extrapolate.languages.fits import FITS
from extrapolate.primitive import Primitive, idempotent, involution, primitive
from extrapolate.types import INT
from extrapolate.values import Undefined

A = TypeVar("A")
H = TypeVar("H", bool, int, float, str)
N = TypeVar("N", int, float)
O = TypeVar("O", int, float, str)  # noqa: E741

MOST_ELEMENTS = 10_000


def _require(possible: bool) -> None:
    if not possible:
        raise Undefined


def _refuse_long(length: int) -> None:
    if length > MOST_ELEMENTS:
        raise ValueError(f"a list of {length:,} elements")


# Parts of lists


@primitive(cost=2, source="{xs}[{i}]")
def get(xs: list[A], i: int) -> A:
    """The element at a position; negative positions count from the end."""
    return xs[i]


@primitive(cost=2, source="{xs}[0]")
def first(xs: list[A]) -> A:
    """The first element."""
    return xs[0]


@primitive(cost=2, source="{xs}[-1]")
def last(xs: list[A]) -> A:
    """The last element."""
    return xs[-1]


@primitive(cost=2, source="{xs}[1:]")
def tail(xs: list[A]) -> list[A]:
    """All elements but the first."""
    return xs[1:]


@primitive(cost=2, source="{xs}[:-1]")
def init(xs: list[A]) -> list[A]:
    """All elements but the last."""
    return xs[:-1]


@primitive(cost=2, source="{xs}[:{n}]")
def take(xs: list[A], n: int) -> list[A]:
    """The first `n` elements; for negative `n` all but the last ones."""
    return xs[:n]


@primitive(cost=2, source="{xs}[{n}:]")
def drop(xs: list[A], n: int) -> list[A]:
    """The elements after the first `n`; for negative `n` only the last ones."""
    return xs[n:]


@primitive(cost=4, source="{xs}[len({xs}) - {n}:]")
def take_last(xs: list[A], n: int) -> list[A]:
    """The last `n` elements, also none; undefined where there are fewer."""
    _require(0 <= n <= len(xs))
    return xs[len(xs) - n :]


@primitive(cost=4, source="{xs}[:len({xs}) - {n}]")
def drop_last(xs: list[A], n: int) -> list[A]:
    """The elements before the last `n`, also all; undefined where there are fewer."""
    _require(0 <= n <= len(xs))
    return xs[: len(xs) - n]


@primitive(cost=3, source="{xs}[{i}:{j}]")
def slice_(xs: list[A], i: int, j: int) -> list[A]:
    """The elements from position `i` up to, and without, position `j`."""
    return xs[i:j]


@primitive(cost=3, source="{xs}[::{n}]")
def every_nth(xs: list[A], n: int) -> list[A]:
    """The first element and every `n`-th after it."""
    _require(n > 0)
    return xs[::n]


@primitive(cost=2, source="{xs}[::-1]", laws=[involution], inverses={"xs": lambda out: out[::-1]})
def reverse(xs: list[A]) -> list[A]:
    """The list backwards."""
    return xs[::-1]


# Building


def _only(out: list[A]) -> A:
    (x,) = out
    return x


def _before(out: list[A], ys: list[A]) -> list[A]:
    n = len(out) - len(ys)
    _require(n >= 0 and out[n:] == ys)
    return out[:n]


def _after(out: list[A], xs: list[A]) -> list[A]:
    _require(out[: len(xs)] == xs)
    return out[len(xs) :]


def _element_before(out: list[A], xs: list[A]) -> A:
    return _only(_before(out, xs))


def _element_after(out: list[A], xs: list[A]) -> A:
    return _only(_after(out, xs))


def _all_after(out: list[A], x: A) -> list[A]:
    return _after(out, [x])


def _all_before(out: list[A], x: A) -> list[A]:
    return _before(out, [x])


def _other_of_pair(out: list[A], known: A, at: int) -> A:
    _require(len(out) == 2 and out[1 - at] == known)
    return out[at]


def _replicated(out: list[A], n: int) -> A:
    _require(n == len(out) and out == out[:1] * n)
    return out[0]


def _times_replicated(out: list[A], x: A) -> int:
    _require(all(y == x for y in out))
    return len(out)


def _repeated(out: list[A], n: int) -> list[A]:
    xs = out[: len(out) // n]
    _require(n > 0 and xs * n == out)
    return xs


def _times_repeated(out: list[A], xs: list[A]) -> int:
    n = len(out) // len(xs)
    _require(xs * n == out)
    return n


@primitive(cost=2, source="[{x}]", inverses={"x": _only})
def singleton(x: A) -> list[A]:
    """A list of one element."""
    return [x]


@primitive(
    cost=2,
    source="[{x}, {y}]",
    inverses={"x": lambda out, y: _other_of_pair(out, y, 0), "y": lambda out, x: _other_of_pair(out, x, 1)},
)
def pair(x: A, y: A) -> list[A]:
    """A list of two elements."""
    return [x, y]


@primitive(cost=2, source="[{x}, *{xs}]", inverses={"x": _element_before, "xs": _all_after})
def cons(x: A, xs: list[A]) -> list[A]:
    """The list with one more element in front."""
    return [x, *xs]


@primitive(cost=2, source="[*{xs}, {x}]", inverses={"xs": _all_before, "x": _element_after})
def append(xs: list[A], x: A) -> list[A]:
    """The list with one more element at the end."""
    return [*xs, x]


@primitive(cost=2, source="{xs} + {ys}", inverses={"xs": _before, "ys": _after})
def concat(xs: list[A], ys: list[A]) -> list[A]:
    """The first list followed by the second."""
    return xs + ys


@primitive(cost=3, source="[{x}] * {n}", inverses={"x": _replicated, "n": _times_replicated})
def replicate(x: A, n: int) -> list[A]:
    """A list of `n` times the same element."""
    _refuse_long(n)
    return [x] * n


@primitive(cost=3, source="{xs} * {n}", inverses={"xs": _repeated, "n": _times_repeated})
def repeat(xs: list[A], n: int) -> list[A]:
    """The list `n` times in a row."""
    _refuse_long(len(xs) * n)
    return xs * n


@primitive(cost=3, source="[x for xs in {xss} for x in xs]")
def flatten(xss: list[list[A]]) -> list[A]:
    """The lists joined into one."""
    return [x for xs in xss for x in xs]


def _without_inserted(out: list[A], i: int, x: A) -> list[A]:
    _require(0 <= i < len(out) and out[i] == x)
    return out[:i] + out[i + 1 :]


def _inserted(out: list[A], xs: list[A], i: int) -> A:
    _require(0 <= i < len(out) and out[:i] + out[i + 1 :] == xs)
    return out[i]


def _element_set(out: list[A], xs: list[A], i: int) -> A:
    _require(0 <= i < len(out) and out[:i] == xs[:i] and out[i + 1 :] == xs[i + 1 :] and len(out) == len(xs))
    return out[i]


@primitive(
    cost=4,
    source="{xs}[:{i}] + [{x}] + {xs}[{i}:]",
    inverses={"xs": _without_inserted, "x": _inserted},
)
def insert_at(xs: list[A], i: int, x: A) -> list[A]:
    """The list with an element put in before position `i`."""
    _require(0 <= i <= len(xs))
    return [*xs[:i], x, *xs[i:]]


@primitive(cost=3, source="[x for i, x in enumerate({xs}) if i != {i}]")
def remove_at(xs: list[A], i: int) -> list[A]:
    """The list without the element at position `i`."""
    _require(0 <= i < len(xs))
    return xs[:i] + xs[i + 1 :]


@primitive(
    cost=4, source="[{x} if i == {i} else x for i, x in enumerate({xs})]", inverses={"x": _element_set}
)
def set_at(xs: list[A], i: int, x: A) -> list[A]:
    """The list with another element at position `i`."""
    _require(0 <= i < len(xs))
    return [*xs[:i], x, *xs[i + 1 :]]


def _swap(xs: list[A], i: int, j: int) -> list[A]:
    ys = list(xs)
    ys[i], ys[j] = ys[j], ys[i]
    return ys


@primitive(cost=4, inverses={"xs": _swap})
def swap(xs: list[A], i: int, j: int) -> list[A]:
    """The list with the elements at two positions exchanged."""
    ys = list(xs)
    ys[i], ys[j] = ys[j], ys[i]
    return ys


@primitive(cost=3)
def remove(xs: list[A], x: A) -> list[A]:
    """The list without the first element equal to `x`; undefined where there is none."""
    ys = list(xs)
    ys.remove(x)
    return ys


@primitive(cost=3, source="[x for x in {xs} if x != {x}]")
def remove_all(xs: list[A], x: A) -> list[A]:
    """The list without the elements equal to `x`."""
    return [y for y in xs if y != x]


@primitive(cost=3, source="[{new} if x == {old} else x for x in {xs}]")
def replace(xs: list[A], old: A, new: A) -> list[A]:
    """The list with one value in place of another."""
    return [new if x == old else x for x in xs]


def _rotated_back(out: list[A], n: int) -> list[A]:
    _require(abs(n) <= len(out))
    return out[len(out) - n :] + out[: len(out) - n] if n >= 0 else out[-n:] + out[:-n]


@primitive(cost=3, source="{xs}[{n}:] + {xs}[:{n}]", inverses={"xs": _rotated_back})
def rotate(xs: list[A], n: int) -> list[A]:
    """The list with its first `n` elements moved to the end."""
    _require(abs(n) <= len(xs))
    return xs[n:] + xs[:n]


# Searching and counting


@primitive(cost=2, source="len({xs})")
def len_(xs: list[A]) -> int:
    """The number of elements."""
    return len(xs)


@primitive(cost=3, source="{x} in {xs}")
def contains(xs: list[A], x: A) -> bool:
    """Whether the value is among the elements."""
    return x in xs


@primitive(cost=3, source="{xs}.index({x})")
def index(xs: list[A], x: A) -> int:
    """The position of the first element equal to the value."""
    return xs.index(x)


@primitive(cost=3, source="{xs}.count({x})")
def count(xs: list[A], x: A) -> int:
    """How often the value is among the elements."""
    return xs.count(x)


@primitive(cost=3, source="[i for i, x in enumerate({xs}) if x == {x}]")
def positions(xs: list[A], x: A) -> list[int]:
    """The positions of the elements equal to the value."""
    return [i for i, y in enumerate(xs) if y == x]


@primitive(cost=3, source="statistics.mode({xs})")
def most_common(xs: list[H]) -> H:
    """The element met most often; the first of them where several are."""
    return max(xs, key=Counter(xs).__getitem__)


@primitive(cost=4, source="min({xs}, key={xs}.count)")
def least_common(xs: list[H]) -> H:
    """The element met least often; the first of them where several are."""
    return min(xs, key=Counter(xs).__getitem__)


# Order


@primitive(cost=2, source="sorted({xs})", laws=[idempotent])
def sorted_(xs: list[O]) -> list[O]:
    """The elements in ascending order."""
    return sorted(xs)


@primitive(cost=3, source="sorted({xs}, reverse=True)", laws=[idempotent])
def sort_descending(xs: list[O]) -> list[O]:
    """The elements in descending order."""
    return sorted(xs, reverse=True)


@primitive(cost=3, source="list(dict.fromkeys({xs}))", laws=[idempotent])
def unique(xs: list[H]) -> list[H]:
    """The elements without repetitions, in order of their first place."""
    return list(dict.fromkeys(xs))


@primitive(cost=3, source="[x for x in {xs} if x in {ys}]")
def intersection(xs: list[A], ys: list[A]) -> list[A]:
    """The elements of the first list that are also in the second."""
    return [x for x in xs if x in ys]


@primitive(cost=3, source="[x for x in {xs} if x not in {ys}]")
def difference(xs: list[A], ys: list[A]) -> list[A]:
    """The elements of the first list that are not in the second."""
    return [x for x in xs if x not in ys]


# Aggregation


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


# Numbers in a row


def _consecutive(out: list[int], start: int) -> None:
    _require(out == list(range(start, start + len(out))))


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
    _refuse_long(n)
    return list(range(n))


@primitive(cost=3, source="list(range({a}, {b}))", inverses={"a": _range_start, "b": _range_stop})
def range_from(a: int, b: int) -> list[int]:
    """The whole numbers from `a` up to, and without, `b`."""
    _refuse_long(b - a)
    return list(range(a, b))


@primitive(
    cost=3,
    source="list(range({a}, {b} + 1))",
    inverses={"a": lambda out, b: _range_start(out, b + 1), "b": lambda out, a: _range_stop(out, a) - 1},
)
def inclusive_range(a: int, b: int) -> list[int]:
    """The whole numbers from `a` to `b`, both included."""
    _refuse_long(b - a)
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
    _require(bool(digits) and all(0 <= d <= 9 for d in digits))
    return int("".join(map(str, digits)))


def _number_of(out: list[int]) -> int:
    _require(out == [0] or out[0] != 0)
    return _number(out)


@primitive(cost=3, source="[int(d) for d in str({n})]", inverses={"n": _number_of})
def digits(n: int) -> list[int]:
    """The decimal digits of a number that is not negative."""
    return [int(d) for d in str(n)]


@primitive(cost=4, source="int(''.join(map(str, {digits})))")
def from_digits(digits: list[int]) -> int:
    """The number with the given decimal digits."""
    return _number(digits)


# Lists of lists


def _joined(out: list[list[A]]) -> list[A]:
    return [x for xs in out for x in xs]


def _unpaired(out: list[list[A]]) -> list[A]:
    return _unwindowed(out, 2)


def _unwindowed(out: list[list[A]], n: int) -> list[A]:
    xs = out[0] + [window[-1] for window in out[1:]]
    _require(n > 0 and [xs[i : i + n] for i in range(len(xs) - n + 1)] == out)
    return xs


def _window_size(out: list[list[A]], xs: list[A]) -> int:
    _require(_unwindowed(out, len(out[0])) == xs)
    return len(out[0])


def _unchunked(out: list[list[A]], n: int) -> list[A]:
    xs = _joined(out)
    _require(n > 0 and [xs[i : i + n] for i in range(0, len(xs), n)] == out)
    return xs


def _unrun(out: list[list[A]]) -> list[A]:
    _require(all(run and all(x == run[0] for x in run) for run in out))
    _require(all(a[0] != b[0] for a, b in itertools.pairwise(out)))
    return _joined(out)


def _columns(rows: list[list[A]]) -> list[list[A]]:
    _require(all(rows) and len(set(map(len, rows))) <= 1)
    return [list(column) for column in zip(*rows, strict=True)]


def _numbered(out: list[list[int]]) -> list[int]:
    _require([i for i, _ in out] == list(range(len(out))))
    return [x for _, x in out]


def _interleaved(out: list[Any], known: list[Any], at: int) -> list[Any]:
    _require(len(out) == 2 * len(known) and out[1 - at :: 2] == known)
    return out[at::2]


@primitive(cost=3, source="[[x, y] for x, y in zip({xs}, {ys})]")
def zip_(xs: list[A], ys: list[A]) -> list[list[A]]:
    """Pairs of the elements of two lists side by side, as far as both go."""
    return [[x, y] for x, y in zip(xs, ys, strict=False)]


@primitive(cost=3, source="[[i, x] for i, x in enumerate({xs})]", inverses={"xs": _numbered})
def enumerate_(xs: list[int]) -> list[list[int]]:
    """Pairs of a position and the element there."""
    return [[i, x] for i, x in enumerate(xs)]


@primitive(cost=3, source="[[x, y] for x, y in itertools.pairwise({xs})]", inverses={"xs": _unpaired})
def pairwise(xs: list[A]) -> list[list[A]]:
    """Pairs of each element and the next."""
    return [[x, y] for x, y in itertools.pairwise(xs)]


@primitive(
    cost=4,
    source="[{xs}[i:i + {n}] for i in range(len({xs}) - {n} + 1)]",
    inverses={"xs": _unwindowed, "n": _window_size},
)
def windows(xs: list[A], n: int) -> list[list[A]]:
    """All runs of `n` neighbouring elements."""
    _require(n > 0)
    return [xs[i : i + n] for i in range(len(xs) - n + 1)]


@primitive(
    cost=4, source="[{xs}[i:i + {n}] for i in range(0, len({xs}), {n})]", inverses={"xs": _unchunked}
)
def chunks(xs: list[A], n: int) -> list[list[A]]:
    """The list cut into pieces of `n` elements; the last may be shorter."""
    _require(n > 0)
    return [xs[i : i + n] for i in range(0, len(xs), n)]


@primitive(cost=3, source="[list(run) for _, run in itertools.groupby({xs})]", inverses={"xs": _unrun})
def runs(xs: list[A]) -> list[list[A]]:
    """The list cut where an element differs from the one before."""
    return [list(run) for _, run in itertools.groupby(xs)]


@primitive(
    cost=3,
    source="[list(column) for column in zip(*{rows})]",
    laws=[involution],
    inverses={"rows": _columns},
)
def transpose(rows: list[list[A]]) -> list[list[A]]:
    """The columns of rows of equal length."""
    return _columns(rows)


@primitive(
    cost=4,
    source="[x for pair in zip({xs}, {ys}) for x in pair]",
    inverses={
        "xs": lambda out, ys: _interleaved(out, ys, 0),
        "ys": lambda out, xs: _interleaved(out, xs, 1),
    },
)
def interleave(xs: list[A], ys: list[A]) -> list[A]:
    """The elements of two lists of equal length in turn."""
    return [z for pair in zip(xs, ys, strict=True) for z in pair]


WORDS = (
    *numbers.WORDS,
    *(word for word in list(globals().values()) if isinstance(word, Primitive)),
    *functions.WORDS,
)

LANGUAGE = Language(
    "lists",
    words=WORDS,
    constants=tuple(Literal(n, INT) for n in (0, 1, 2, 3, -1)),
    fits=FITS,
)
