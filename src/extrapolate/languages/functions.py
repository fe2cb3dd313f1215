"""Words that take a function: map, filter, fold and their kin.

The rule of such a word says what its function must return for which arguments, where the wanted result tells.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

from extrapolate.core.kind import Undefined
from extrapolate.core.word import Primitive, primitive
from extrapolate.languages.domain import A, B, H, N, O, bounded, require

Rows = list[tuple[tuple[Any, ...], Any]]

MOST_STEPS = 1000


def _each(out: list[B], xs: list[A]) -> Rows:
    require(len(out) == len(xs))
    return [((x,), y) for x, y in zip(xs, out, strict=True)]


def _each_indexed(out: list[B], xs: list[A]) -> Rows:
    require(len(out) == len(xs))
    return [((i, x), y) for i, (x, y) in enumerate(zip(xs, out, strict=True))]


def _each_pair(out: list[B], xs: list[A], ys: list[A]) -> Rows:
    require(len(out) == min(len(xs), len(ys)))
    return [((x, y), z) for x, y, z in zip(xs, ys, out, strict=False)]


def _each_neighbours(out: list[B], xs: list[A]) -> Rows:
    require(len(out) == max(len(xs) - 1, 0))
    return [((x, y), z) for x, y, z in zip(xs, xs[1:], out, strict=False)]


def _each_chunk(out: list[B], xs: list[A]) -> Rows:
    """Equal shares of the result: what is most often meant, and all that can be told."""
    if not xs:
        require(not out)
        return []
    size, rest = divmod(len(out), len(xs))
    require(not rest)
    return _consistent([((x,), out[i * size : (i + 1) * size]) for i, x in enumerate(xs)])


def _members(out: list[A], xs: list[A]) -> Rows:
    require([x for x in xs if x in out] == out)
    return [((x,), x in out) for x in xs]


def _members_apart(out: list[list[A]], xs: list[A]) -> Rows:
    require(len(out) == 2 and [x for x in xs if x not in out[0]] == out[1])
    return _members(out[0], xs)


def _positions_kept(out: list[A], xs: list[A]) -> list[int]:
    """The first positions where the kept values can come from."""
    kept = []
    position = 0
    for y in out:
        position = xs.index(y, position)
        kept.append(position)
        position += 1
    return kept


def _members_indexed(out: list[A], xs: list[A]) -> Rows:
    kept = _positions_kept(out, xs)
    latest = [len(xs) - 1 - i for i in reversed(_positions_kept(out[::-1], xs[::-1]))]
    require(kept == latest)
    return [((i, x), i in kept) for i, x in enumerate(xs)]


def _members_at(out: list[int], xs: list[A]) -> Rows:
    rows: Rows = [((x,), i in out) for i, x in enumerate(xs)]
    require([i for i in range(len(xs)) if i in out] == out)
    return _consistent(rows)


def _consistent(rows: Rows) -> Rows:
    """The rows, unless they want two values for the same arguments."""
    for i, (args, wanted) in enumerate(rows):
        require(all(wanted == other for same, other in rows[:i] if same == args))
    return rows


def _true_before(out: list[A], xs: list[A]) -> Rows:
    n = len(out)
    require(xs[:n] == out)
    return _consistent([((x,), True) for x in out] + [((x,), False) for x in xs[n : n + 1]])


def _true_until(out: list[A], xs: list[A]) -> Rows:
    n = len(xs) - len(out)
    require(n >= 0 and xs[n:] == out)
    return _consistent([((x,), True) for x in xs[:n]] + [((x,), False) for x in out[:1]])


def _false_before(out: A, xs: list[A]) -> Rows:
    return _false_until(xs.index(out), xs)


def _false_until(out: int, xs: list[A]) -> Rows:
    require(0 <= out < len(xs))
    return _consistent([((x,), False) for x in xs[:out]] + [((xs[out],), True)])


def _steps(out: list[A], xs: list[A]) -> Rows:
    require(len(out) == len(xs) and out[:1] == xs[:1])
    return _consistent([((before, x), after) for before, x, after in zip(out, xs[1:], out[1:], strict=False)])


def _steps_from(out: list[B], xs: list[A], start: B) -> Rows:
    require(len(out) == len(xs) + 1 and out[0] == start)
    return _consistent([((before, x), after) for before, x, after in zip(out, xs, out[1:], strict=False)])


@primitive(cost=2, source="[{f}(x) for x in {xs}]", rules={"f": _each})
def map_(f: Callable[[A], B], xs: list[A]) -> list[B]:
    """The results of the function for each element."""
    return [f(x) for x in xs]


@primitive(cost=2, source="[x for x in {xs} if {f}(x)]", rules={"f": _members})
def filter_(f: Callable[[A], bool], xs: list[A]) -> list[A]:
    """The elements for which the function is true."""
    return [x for x in xs if f(x)]


@primitive(cost=3, source="[{f}(i, x) for i, x in enumerate({xs})]", rules={"f": _each_indexed})
def map_indexed(f: Callable[[int, A], B], xs: list[A]) -> list[B]:
    """The results of the function for each position and element."""
    return [f(i, x) for i, x in enumerate(xs)]


@primitive(cost=3, source="[x for i, x in enumerate({xs}) if {f}(i, x)]", rules={"f": _members_indexed})
def filter_indexed(f: Callable[[int, A], bool], xs: list[A]) -> list[A]:
    """The elements for which the function of position and element is true."""
    return [x for i, x in enumerate(xs) if f(i, x)]


@primitive(cost=3, source="[y for x in {xs} for y in {f}(x)]", rules={"f": _each_chunk})
def flat_map(f: Callable[[A], list[B]], xs: list[A]) -> list[B]:
    """The lists that the function gives for each element, joined."""
    return [y for x in xs for y in f(x)]


@primitive(cost=3, source="[{f}(x, y) for x, y in zip({xs}, {ys})]", rules={"f": _each_pair})
def zip_with(f: Callable[[A, A], B], xs: list[A], ys: list[A]) -> list[B]:
    """The results of the function for the elements of two lists side by side, as far as both go."""
    return [f(x, y) for x, y in zip(xs, ys, strict=False)]


@primitive(cost=3, source="[{f}(x, y) for x, y in itertools.pairwise({xs})]", rules={"f": _each_neighbours})
def map_pairwise(f: Callable[[A, A], B], xs: list[A]) -> list[B]:
    """The results of the function for each element and the next."""
    return [f(x, y) for x, y in itertools.pairwise(xs)]


@primitive(cost=3, source="sum({f}(x) for x in {xs})")
def count_if(f: Callable[[A], bool], xs: list[A]) -> int:
    """The number of elements for which the function is true."""
    return sum(f(x) for x in xs)


@primitive(cost=3, source="sum({f}(x) for x in {xs})")
def sum_of(f: Callable[[A], N], xs: list[A]) -> N:
    """The sum of the results of the function for each element."""
    return sum(f(x) for x in xs)


@primitive(cost=3, source="sum({f}(x, y) for x, y in zip({xs}, {ys}))")
def sum_of_pairs(f: Callable[[A, A], N], xs: list[A], ys: list[A]) -> N:
    """The sum of the results of the function for the elements of two lists side by side."""
    return sum(f(x, y) for x, y in zip(xs, ys, strict=False))


@primitive(cost=3, source="any({f}(x) for x in {xs})")
def any_of(f: Callable[[A], bool], xs: list[A]) -> bool:
    """Whether the function is true for at least one element."""
    return any(f(x) for x in xs)


@primitive(cost=3, source="all({f}(x) for x in {xs})")
def all_of(f: Callable[[A], bool], xs: list[A]) -> bool:
    """Whether the function is true for every element."""
    return all(f(x) for x in xs)


@primitive(cost=3, source="next(x for x in {xs} if {f}(x))", rules={"f": _false_before})
def find_first(f: Callable[[A], bool], xs: list[A]) -> A:
    """The first element for which the function is true."""
    for x in xs:
        if f(x):
            return x
    # The StopIteration of `next` would end an iteration around this word unnoticed.
    raise Undefined


@primitive(cost=4, source="next(i for i, x in enumerate({xs}) if {f}(x))", rules={"f": _false_until})
def find_index(f: Callable[[A], bool], xs: list[A]) -> int:
    """The position of the first element for which the function is true."""
    for i, x in enumerate(xs):
        if f(x):
            return i
    raise Undefined


@primitive(cost=4, source="[i for i, x in enumerate({xs}) if {f}(x)]", rules={"f": _members_at})
def find_indices(f: Callable[[A], bool], xs: list[A]) -> list[int]:
    """The positions of the elements for which the function is true."""
    return [i for i, x in enumerate(xs) if f(x)]


@primitive(cost=3, source="list(itertools.takewhile({f}, {xs}))", rules={"f": _true_before})
def take_while(f: Callable[[A], bool], xs: list[A]) -> list[A]:
    """The elements before the first for which the function is false."""
    return list(itertools.takewhile(f, xs))


@primitive(cost=3, source="list(itertools.dropwhile({f}, {xs}))", rules={"f": _true_until})
def drop_while(f: Callable[[A], bool], xs: list[A]) -> list[A]:
    """The elements from the first for which the function is false."""
    return list(itertools.dropwhile(f, xs))


@primitive(cost=3, source="sorted({xs}, key={f})")
def sort_by(f: Callable[[A], O], xs: list[A]) -> list[A]:
    """The elements in ascending order of what the function gives for them."""
    return sorted(xs, key=f)


@primitive(cost=3, source="max({xs}, key={f})")
def max_by(f: Callable[[A], O], xs: list[A]) -> A:
    """The first element for which the function is largest."""
    return max(xs, key=f)


@primitive(cost=3, source="min({xs}, key={f})")
def min_by(f: Callable[[A], O], xs: list[A]) -> A:
    """The first element for which the function is smallest."""
    return min(xs, key=f)


@primitive(cost=4, source="[[x for x in {xs} if {f}(x) == key] for key in dict.fromkeys({f}(x) for x in {xs})]")
def group_by(f: Callable[[A], H], xs: list[A]) -> list[list[A]]:
    """The elements in groups for which the function gives the same, groups in order of their first element."""
    groups: dict[H, list[A]] = {}
    for x in xs:
        groups.setdefault(f(x), []).append(x)
    return list(groups.values())


@primitive(
    cost=4,
    source="[[x for x in {xs} if {f}(x)], [x for x in {xs} if not {f}(x)]]",
    rules={"f": _members_apart},
)
def partition(f: Callable[[A], bool], xs: list[A]) -> list[list[A]]:
    """The elements for which the function is true, and the others."""
    return [[x for x in xs if f(x)], [x for x in xs if not f(x)]]


@primitive(cost=3, source="functools.reduce({f}, {xs}, {start})")
def fold(f: Callable[[B, A], B], xs: list[A], start: B) -> B:
    """The last of the results, each computed from the one before and the next element, from `start` on."""
    return functools.reduce(lambda y, x: bounded(f(y, x)), xs, start)


@primitive(cost=3, source="functools.reduce({f}, {xs})")
def reduce(f: Callable[[A, A], A], xs: list[A]) -> A:
    """The elements joined into one by the function, from the left."""
    return functools.reduce(lambda y, x: bounded(f(y, x)), xs)


@primitive(cost=3, source="list(itertools.accumulate({xs}, {f}))", rules={"f": _steps})
def scan(f: Callable[[A, A], A], xs: list[A]) -> list[A]:
    """The elements joined by the function, up to each position."""
    return list(itertools.accumulate(xs, lambda y, x: bounded(f(y, x))))


@primitive(cost=4, source="list(itertools.accumulate({xs}, {f}, initial={start}))", rules={"f": _steps_from})
def scan_from(f: Callable[[B, A], B], xs: list[A], start: B) -> list[B]:
    """All results of a fold: `start`, then each computed from the one before and the next element."""
    return list(itertools.accumulate(xs, lambda y, x: bounded(f(y, x)), initial=start))


@primitive(cost=4, source="functools.reduce(lambda x, _: {f}(x), range({n}), {x})")
def iterate(f: Callable[[A], A], x: A, n: int) -> A:
    """The value after the function was applied `n` times, each time to the last result."""
    if n > MOST_STEPS:
        raise ValueError("too many steps")
    for _ in range(n):
        x = bounded(f(x))
    return x


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
