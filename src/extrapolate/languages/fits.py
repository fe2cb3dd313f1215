"""Constants found from the data: `k * a + c`, `a // c`, `a % c`, `a < c`, `a == c` and `a % c == r`.

Each function gets the values of many programs, float64 `(n_programs, n_rows)`, and the wanted values `(n_rows,)`. It
yields the index of each program that gives exactly what is wanted in every row, with the constants that make it so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.expression import Apply, Expr, Literal
from extrapolate.language import Fit
from extrapolate.languages.numbers import add, eq, less_than, mul, quotient, remainder
from extrapolate.types import BOOL, INT

Array = NDArray[np.float64]
Found = Iterator[tuple[int, tuple[Any, ...]]]

DIVISORS = range(2, 13)
# Above this, float64 no longer holds every whole number.
EXACT = 2.0**53


def _int(n: int) -> Literal:
    return Literal(n, INT)


def _found(fits: NDArray[np.bool_], *constants: Array) -> Found:
    """The programs that fit, each with its constants as whole numbers."""
    for i in np.flatnonzero(fits).tolist():
        yield i, tuple(int(c[i]) for c in constants)


def _varied(wanted: Array) -> bool:
    return len(wanted) > 0 and bool((wanted != wanted[0]).any())


def _exact(values: Array, wanted: Array) -> NDArray[np.bool_]:
    """The programs whose values, as those wanted, are held exactly by floats."""
    small = (np.abs(values) < EXACT).all(axis=1)
    return small if (np.abs(wanted) < EXACT).all() else np.zeros(len(values), dtype=bool)


def affine(values: Array, wanted: Array) -> Found:
    """`k` and `c`, whole numbers with `k` not 0, for which `k * a + c` is wanted."""
    if not _varied(wanted):
        return
    other = np.argmax(values != values[:, :1], axis=1)
    run = values[np.arange(len(values)), other] - values[:, 0]
    rise = wanted[other] - wanted[0]
    k = np.divide(rise, run, out=np.zeros_like(run), where=run != 0)
    c = wanted[0] - k * values[:, 0]
    whole = (k != 0) & (k == np.round(k)) & ((k != 1) | (c != 0)) & _exact(values, wanted)
    yield from _found(whole & (values * k[:, None] + c[:, None] == wanted).all(axis=1), k, c)


def build_affine(a: Expr, k: int, c: int) -> Expr:
    scaled = a if k == 1 else Apply(mul, (a, _int(k)), INT)
    return scaled if c == 0 else Apply(add, (scaled, _int(c)), INT)


def whole_quotient(values: Array, wanted: Array) -> Found:
    """The smallest whole number `c` above 1 for which `a // c` is wanted."""
    if not _varied(wanted):
        return
    # a // c == q says q <= a / c < q + 1: each row where q > 0, or q < -1, bounds c on both sides.
    above, below = wanted > 0, wanted < -1
    low = np.full(len(values), 2.0)
    high = np.full(len(values), np.inf)
    if above.any():
        low = np.maximum(low, np.floor(values[:, above] / (wanted[above] + 1)).max(axis=1) + 1)
        high = np.minimum(high, np.floor(values[:, above] / wanted[above]).min(axis=1))
    if below.any():
        low = np.maximum(low, np.ceil(values[:, below] / wanted[below]).max(axis=1))
        high = np.minimum(high, np.ceil(values[:, below] / (wanted[below] + 1)).min(axis=1) - 1)
    if (wanted == 0).any():
        low = np.maximum(low, values[:, wanted == 0].max(axis=1) + 1)
    possible = (low <= high) & (low < EXACT) & _exact(values, wanted)
    c = np.where(possible, low, 2)
    yield from _found(possible & (np.floor(values / c[:, None]) == wanted).all(axis=1), c)


def build_quotient(a: Expr, c: int) -> Expr:
    return Apply(quotient, (a, _int(c)), INT)


def whole_remainder(values: Array, wanted: Array) -> Found:
    """The whole number `c` for which `a % c` is wanted, where the data leave one that is small or sure."""
    if not _varied(wanted) or (wanted < 0).any():
        return
    fit = _exact(values, wanted)
    # c divides every a - wanted, and the greatest such divisor fits wherever any does.
    multiples = np.where(fit[:, None], np.abs(values - wanted), 0).astype(np.int64)
    largest = np.gcd.reduce(multiples, axis=1)
    # The smallest divisor that is above all that is wanted is what is most often meant.
    smallest = int(wanted.max()) + 1
    done = ~fit | (largest < smallest)
    for c in range(smallest, smallest + max(DIVISORS)):
        new = ~done & (largest % c == 0)
        yield from ((i, (c,)) for i in np.flatnonzero(new).tolist())
        done |= new
    yield from ((i, (int(largest[i]),)) for i in np.flatnonzero(~done).tolist())


def build_remainder(a: Expr, c: int) -> Expr:
    return Apply(remainder, (a, _int(c)), INT)


def above(values: Array, wanted: Array) -> Found:
    """The largest value of `a` where false is wanted, if all where true is wanted are above it."""
    if not _varied(wanted):
        return
    true = wanted == 1
    c = values[:, ~true].max(axis=1)
    yield from _found(values[:, true].min(axis=1) > c, c)


def build_above(a: Expr, c: int) -> Expr:
    return Apply(less_than, (_int(c), a), BOOL)


def below(values: Array, wanted: Array) -> Found:
    """The smallest value of `a` where false is wanted, if all where true is wanted are below it."""
    if not _varied(wanted):
        return
    true = wanted == 1
    c = values[:, ~true].min(axis=1)
    yield from _found(values[:, true].max(axis=1) < c, c)


def build_below(a: Expr, c: int) -> Expr:
    return Apply(less_than, (a, _int(c)), BOOL)


def equals(values: Array, wanted: Array) -> Found:
    """The value that `a` has where true is wanted, and only there."""
    if not _varied(wanted):
        return
    c = values[:, wanted == 1][:, 0]
    yield from _found(((values == c[:, None]) == wanted).all(axis=1), c)


def build_equals(a: Expr, c: int) -> Expr:
    return Apply(eq, (a, _int(c)), BOOL)


def divisible(values: Array, wanted: Array) -> Found:
    """`c` and `r` for which `a % c == r` just where true is wanted."""
    if not _varied(wanted):
        return
    done = ~_exact(values, wanted)
    for c in DIVISORS:
        rests = np.mod(values, c)
        r = rests[:, wanted == 1][:, 0]
        new = ~done & ((rests == r[:, None]) == wanted).all(axis=1)
        yield from ((i, (c, int(r[i]))) for i in np.flatnonzero(new).tolist())
        done |= new


def build_divisible(a: Expr, c: int, r: int) -> Expr:
    return Apply(eq, (Apply(remainder, (a, _int(c)), INT), _int(r)), BOOL)


FITS = (
    Fit("affine", INT, INT, affine, build_affine),
    Fit("quotient", INT, INT, whole_quotient, build_quotient),
    Fit("remainder", INT, INT, whole_remainder, build_remainder),
    Fit("above", INT, BOOL, above, build_above),
    Fit("below", INT, BOOL, below, build_below),
    Fit("equals", INT, BOOL, equals, build_equals),
    Fit("divisible", INT, BOOL, divisible, build_divisible),
)
