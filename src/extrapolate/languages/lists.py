"""The language of numbers, bools and lists of them, nested as deep as needed.

The words for parts, building, searching and order of lists stand here; its other words are in `numbers`, `sequences`,
`nested` and `functions`, and `fits` has the constants that are found from the data.
"""

from __future__ import annotations

import itertools
from collections import Counter

from extrapolate.core.expression import Literal
from extrapolate.core.language import Language
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT, INT, TEXT, list_of
from extrapolate.core.word import Primitive, idempotent, involution, primitive
from extrapolate.languages import functions, nested, numbers, reals, rows, sequences
from extrapolate.languages.domain import A, H, O, refuse_long, require
from extrapolate.languages.fits import FITS

# Parts of lists


def _only_position(out: A, xs: list[A]) -> int:
    require(xs.count(out) == 1)
    return xs.index(out)


def _taken(out: list[A], xs: list[A]) -> int:
    require(xs[: len(out)] == out)
    return len(out)


def _taken_last(out: list[A], xs: list[A]) -> int:
    return len(xs) - _dropped(out, xs)


def _dropped(out: list[A], xs: list[A]) -> int:
    n = len(xs) - len(out)
    require(n >= 0 and xs[n:] == out)
    return n


def _dropped_last(out: list[A], xs: list[A]) -> int:
    return len(xs) - _taken(out, xs)


def _slice_start(out: list[A], xs: list[A], j: int) -> int:
    i = len(xs[:j]) - len(out)
    require(bool(out) and i >= 0 and xs[i:j] == out)
    return i


def _slice_stop(out: list[A], xs: list[A], i: int) -> int:
    start = len(xs) - len(xs[i:])
    require(bool(out) and xs[start : start + len(out)] == out)
    return start + len(out)


@primitive(cost=2, source="{xs}[{i}]", inverses={"i": _only_position})
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


@primitive(cost=2, source="{xs}[:{n}]", inverses={"n": _taken})
def take(xs: list[A], n: int) -> list[A]:
    """The first `n` elements; for negative `n` all but the last ones."""
    return xs[:n]


@primitive(cost=2, source="{xs}[{n}:]", inverses={"n": _dropped})
def drop(xs: list[A], n: int) -> list[A]:
    """The elements after the first `n`; for negative `n` only the last ones."""
    return xs[n:]


@primitive(cost=4, source="{xs}[len({xs}) - {n}:]", inverses={"n": _taken_last})
def take_last(xs: list[A], n: int) -> list[A]:
    """The last `n` elements, also none; undefined where there are fewer."""
    require(0 <= n <= len(xs))
    return xs[len(xs) - n :]


@primitive(cost=4, source="{xs}[:len({xs}) - {n}]", inverses={"n": _dropped_last})
def drop_last(xs: list[A], n: int) -> list[A]:
    """The elements before the last `n`, also all; undefined where there are fewer."""
    require(0 <= n <= len(xs))
    return xs[: len(xs) - n]


@primitive(cost=3, source="{xs}[{i}:{j}]", inverses={"i": _slice_start, "j": _slice_stop})
def slice_(xs: list[A], i: int, j: int) -> list[A]:
    """The elements from position `i` up to, and without, position `j`."""
    return xs[i:j]


@primitive(cost=3, source="{xs}[::{n}]")
def every_nth(xs: list[A], n: int) -> list[A]:
    """The first element and every `n`-th after it."""
    require(n > 0)
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
    require(n >= 0 and out[n:] == ys)
    return out[:n]


def _after(out: list[A], xs: list[A]) -> list[A]:
    require(out[: len(xs)] == xs)
    return out[len(xs) :]


def _common_start(outs: list[list[A]]) -> list[list[A]]:
    """The longest list that all of them start with, as the only proposal."""
    shared = [column[0] for column in itertools.takewhile(_alike, zip(*outs, strict=False))]
    return [shared] if shared else []


def _common_end(outs: list[list[A]]) -> list[list[A]]:
    return [shared[::-1] for shared in _common_start([out[::-1] for out in outs])]


def _alike(values: tuple[A, ...]) -> bool:
    return all(v == values[0] for v in values)


def _element_before(out: list[A], xs: list[A]) -> A:
    return _only(_before(out, xs))


def _element_after(out: list[A], xs: list[A]) -> A:
    return _only(_after(out, xs))


def _all_after(out: list[A], x: A) -> list[A]:
    return _after(out, [x])


def _all_before(out: list[A], x: A) -> list[A]:
    return _before(out, [x])


def _other_of_pair(out: list[A], known: A, at: int) -> A:
    require(len(out) == 2 and out[1 - at] == known)
    return out[at]


def _replicated(out: list[A], n: int) -> A:
    require(n == len(out) and out == out[:1] * n)
    return out[0]


def _times_replicated(out: list[A], x: A) -> int:
    require(all(y == x for y in out))
    return len(out)


def _repeated(out: list[A], n: int) -> list[A]:
    xs = out[: len(out) // n]
    require(n > 0 and xs * n == out)
    return xs


def _times_repeated(out: list[A], xs: list[A]) -> int:
    n = len(out) // len(xs)
    require(xs * n == out)
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


@primitive(
    cost=2,
    source="{xs} + {ys}",
    inverses={"xs": _before, "ys": _after},
    literals={"xs": _common_start, "ys": _common_end},
)
def concat(xs: list[A], ys: list[A]) -> list[A]:
    """The first list followed by the second."""
    return xs + ys


@primitive(cost=3, source="[{x}] * {n}", inverses={"x": _replicated, "n": _times_replicated})
def replicate(x: A, n: int) -> list[A]:
    """A list of `n` times the same element."""
    refuse_long(n)
    return [x] * n


@primitive(cost=3, source="{xs} * {n}", inverses={"xs": _repeated, "n": _times_repeated})
def repeat(xs: list[A], n: int) -> list[A]:
    """The list `n` times in a row."""
    refuse_long(len(xs) * n)
    return xs * n


@primitive(cost=3, source="[x for xs in {xss} for x in xs]")
def flatten(xss: list[list[A]]) -> list[A]:
    """The lists joined into one."""
    return [x for xs in xss for x in xs]


def _without_inserted(out: list[A], i: int, x: A) -> list[A]:
    require(0 <= i < len(out) and out[i] == x)
    return out[:i] + out[i + 1 :]


def _inserted(out: list[A], xs: list[A], i: int) -> A:
    require(0 <= i < len(out) and out[:i] + out[i + 1 :] == xs)
    return out[i]


def _element_set(out: list[A], xs: list[A], i: int) -> A:
    require(0 <= i < len(out) and out[:i] == xs[:i] and out[i + 1 :] == xs[i + 1 :] and len(out) == len(xs))
    return out[i]


@primitive(
    cost=4,
    source="{xs}[:{i}] + [{x}] + {xs}[{i}:]",
    inverses={"xs": _without_inserted, "x": _inserted},
)
def insert_at(xs: list[A], i: int, x: A) -> list[A]:
    """The list with an element put in before position `i`."""
    require(0 <= i <= len(xs))
    return [*xs[:i], x, *xs[i:]]


@primitive(cost=3, source="[x for i, x in enumerate({xs}) if i != {i}]")
def remove_at(xs: list[A], i: int) -> list[A]:
    """The list without the element at position `i`."""
    require(0 <= i < len(xs))
    return xs[:i] + xs[i + 1 :]


@primitive(cost=4, source="[{x} if i == {i} else x for i, x in enumerate({xs})]", inverses={"x": _element_set})
def set_at(xs: list[A], i: int, x: A) -> list[A]:
    """The list with another element at position `i`."""
    require(0 <= i < len(xs))
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
    require(abs(n) <= len(out))
    return out[len(out) - n :] + out[: len(out) - n] if n >= 0 else out[-n:] + out[:-n]


@primitive(cost=3, source="{xs}[{n}:] + {xs}[:{n}]", inverses={"xs": _rotated_back})
def rotate(xs: list[A], n: int) -> list[A]:
    """The list with its first `n` elements moved to the end."""
    require(abs(n) <= len(xs))
    return xs[n:] + xs[:n]


# Searching and counting


@primitive(cost=2, source="len({xs})")
def len_(xs: list[A]) -> int:
    """The number of elements."""
    return len(xs)


@primitive(cost=2, source="{x} in {xs}")
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


WORDS = (
    *numbers.WORDS,
    *sequences.WORDS,
    *(word for word in list(globals().values()) if isinstance(word, Primitive)),
    *nested.WORDS,
    *functions.WORDS,
    *reals.WORDS,
)


def likely(task: Task) -> float:
    """Likely, but for what is written in text."""
    return 0.2 if task.output in (TEXT, list_of(TEXT)) else 0.7


LANGUAGE = Language(
    "lists",
    words=WORDS,
    constants=(*(Literal(n, INT) for n in (0, 1, 2, 3, -1)), *(Literal(x, FLOAT) for x in (1.0, 2.0))),
    fits=FITS,
    shortcuts=rows.of_whole_numbers,
    features={"taken together": rows.taken_together},
    weights={"taken together": rows.SAID_WEIGHT},
    algebra=reals.ALGEBRA,
    suits=likely,
)
