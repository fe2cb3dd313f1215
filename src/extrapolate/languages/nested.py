"""Words that make lists of lists, or take them apart: pairs, windows, chunks, runs, columns."""

from __future__ import annotations

import itertools

from extrapolate.core.word import Primitive, involution, primitive
from extrapolate.languages.domain import A, require


def _joined(out: list[list[A]]) -> list[A]:
    return [x for xs in out for x in xs]


def _unpaired(out: list[list[A]]) -> list[A]:
    return _unwindowed(out, 2)


def _unwindowed(out: list[list[A]], n: int) -> list[A]:
    xs = out[0] + [window[-1] for window in out[1:]]
    require(n > 0 and [xs[i : i + n] for i in range(len(xs) - n + 1)] == out)
    return xs


def _window_size(out: list[list[A]], xs: list[A]) -> int:
    require(_unwindowed(out, len(out[0])) == xs)
    return len(out[0])


def _unchunked(out: list[list[A]], n: int) -> list[A]:
    xs = _joined(out)
    require(n > 0 and [xs[i : i + n] for i in range(0, len(xs), n)] == out)
    return xs


def _unrun(out: list[list[A]]) -> list[A]:
    require(all(run and all(x == run[0] for x in run) for run in out))
    require(all(a[0] != b[0] for a, b in itertools.pairwise(out)))
    return _joined(out)


def _columns(rows: list[list[A]]) -> list[list[A]]:
    require(all(rows) and len(set(map(len, rows))) <= 1)
    return [list(column) for column in zip(*rows, strict=True)]


def _numbered(out: list[list[int]]) -> list[int]:
    require([i for i, _ in out] == list(range(len(out))))
    return [x for _, x in out]


def _interleaved(out: list[A], known: list[A], at: int) -> list[A]:
    require(len(out) == 2 * len(known) and out[1 - at :: 2] == known)
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
    require(n > 0)
    return [xs[i : i + n] for i in range(len(xs) - n + 1)]


@primitive(cost=4, source="[{xs}[i:i + {n}] for i in range(0, len({xs}), {n})]", inverses={"xs": _unchunked})
def chunks(xs: list[A], n: int) -> list[list[A]]:
    """The list cut into pieces of `n` elements; the last may be shorter."""
    require(n > 0)
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


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
