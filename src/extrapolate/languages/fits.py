"""Constants found from the data: `k * a + c`, `a // c`, `a % c`, `a ** c`, `a < c`, `a == c` and `a % c == r`.

Each function gets the values of many programs, float64 `(n_programs, n_rows)`, and the wanted values `(n_rows,)`. It
yields the index of each program that gives exactly what is wanted in every row, with the constants that make it so.
Where all rows want the same, a constant is the simpler program, and nothing is yielded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.language import Fit
from extrapolate.core.types import BOOL, FLOAT, INT, Type
from extrapolate.core.word import Primitive
from extrapolate.languages.numbers import add, eq, less_than, mul, power, quotient, remainder

Array = NDArray[np.float64]
Found = Iterator[tuple[int, tuple[Any, ...]]]

DIVISORS = range(2, 13)
# Beyond it float64 does not hold every whole number.
EXACT = 2.0**53
EXPONENTS = range(3, 11)


def _varied(wanted: Array) -> bool:
    return len(wanted) > 0 and bool((wanted != wanted[0]).any())


def _exact(values: Array) -> NDArray[np.bool_]:
    """The programs all of whose values are whole numbers held exactly."""
    exact: NDArray[np.bool_] = np.abs(values).max(axis=1) < EXACT
    return exact


def _found(fits: NDArray[np.bool_], *constants: Array) -> Found:
    """The programs that fit, each with its constants as whole numbers."""
    for i in np.flatnonzero(fits).tolist():
        yield i, tuple(int(c[i]) for c in constants)


def affine(values: Array, wanted: Array) -> Found:
    """Whole `k`, not 0, and `c` with `k * a + c` as wanted."""
    if not _varied(wanted):
        return
    # Two rows with different values settle both constants.
    other = np.argmax(values != values[:, :1], axis=1)
    run = values[np.arange(len(values)), other] - values[:, 0]
    k = np.divide(wanted[other] - wanted[0], run, out=np.zeros_like(run), where=run != 0)
    scaled = values * k[:, None]
    c = wanted[0] - scaled[:, 0]
    fits = (scaled + c[:, None] == wanted).all(axis=1) & _exact(scaled) & _exact(values)
    yield from _found(fits & (k != 0) & (k == np.round(k)) & ((k != 1) | (c != 0)), k, c)


def multiple(values: Array, wanted: Array) -> Found:
    """Whole `k` above 1 with `k * a` as wanted."""
    if not _varied(wanted):
        return
    k = np.divide(wanted[0], values[:, 0], out=np.zeros(len(values)), where=values[:, 0] != 0)
    scaled = values * k[:, None]
    yield from _found((scaled == wanted).all(axis=1) & (k > 1) & (k == np.round(k)) & _exact(scaled), k)


def whole_quotient(values: Array, wanted: Array) -> Found:
    """The smallest `c` above 1 with `a // c` as wanted, or the power of ten just above it."""
    if not _varied(wanted):
        return
    # a // c == q where q * c <= a < (q + 1) * c: for positive q an upper and a lower bound of c, for negative q a
    # lower and an upper one, for 0 and -1 only a lower one.
    low, high = np.full(len(values), 2.0), np.full(len(values), np.inf)
    for a, q in zip(values.T, wanted.tolist(), strict=True):
        if q > 0:
            high = np.minimum(high, a // q)
        if q >= 0:
            low = np.maximum(low, a // (q + 1) + 1)
        if q < 0:
            low = np.maximum(low, -(a // -q))
        if q < -1:
            high = np.minimum(high, -(a // -(q + 1)) - 1)
    possible = np.flatnonzero((low <= high) & (low < EXACT) & _exact(values))
    # Where the data leave the choice of 9 or 10, 10 is meant.
    power = 10 ** np.ceil(np.log10(low[possible]))
    round_ = (power <= high[possible]) & (power < 2 * low[possible])
    c = np.where(round_, power, low[possible]).astype(np.int64)
    right = (values[possible].astype(np.int64) // c[:, None] == wanted).all(axis=1)
    yield from ((i, (n,)) for i, n in zip(possible[right].tolist(), c[right].tolist(), strict=True))


def whole_remainder(values: Array, wanted: Array) -> Found:
    """The smallest `c` with `a % c` as wanted, if it is small or the only one left to try."""
    if not _varied(wanted) or wanted.min() < 0:
        return
    # c divides every a - wanted and is above all that is wanted; the greatest divisor is such a c if there is any.
    exact = _exact(values)
    multiples = np.where(exact[:, None], values - wanted, 0).astype(np.int64)
    largest = np.gcd.reduce(multiples, axis=1)
    smallest = int(wanted.max()) + 1
    open_ = exact & (largest >= smallest)
    for c in range(smallest, smallest + len(DIVISORS)):
        right = open_ & (largest % c == 0)
        yield from ((i, (c,)) for i in np.flatnonzero(right).tolist())
        open_ &= ~right
    yield from ((i, (int(largest[i]),)) for i in np.flatnonzero(open_).tolist())


def whole_power(values: Array, wanted: Array) -> Found:
    """The `c` of 3 or more with `a ** c` as wanted."""
    if not _varied(wanted):
        return
    for c in EXPONENTS:
        small = np.where(np.abs(values) < EXACT ** (1 / c), values, np.nan)
        able = np.flatnonzero(small[:, 0] ** c == wanted[0])
        yield from ((i, (c,)) for i in able[(small[able] ** c == wanted).all(axis=1)].tolist())


def above(values: Array, wanted: Array) -> Found:
    """A whole `c` with `c < a` just where true is wanted."""
    yield from ((i, (roundest(low, high - 1),)) for i, low, high in _apart(values, wanted))


def below(values: Array, wanted: Array) -> Found:
    """A whole `c` with `a < c` just where true is wanted."""
    yield from ((i, (roundest(low + 1, high),)) for i, low, high in _apart(values, 1 - wanted))


def above_middle(values: Array, wanted: Array) -> Found:
    """The shortest `c` near the middle of the gap with `c < a` just where true is wanted."""
    yield from ((i, (_shortest_between(low, high),)) for i, low, high in _apart(values, wanted))


def below_middle(values: Array, wanted: Array) -> Found:
    """The shortest `c` near the middle of the gap with `a < c` just where true is wanted."""
    yield from above_middle(values, 1 - wanted)


def _apart(values: Array, upper: Array) -> Iterator[tuple[int, float, float]]:
    """The programs whose values in the upper rows are above all others, with the values on both sides of the gap."""
    if not _varied(upper):
        return
    low, high = values[:, upper == 0].max(axis=1), values[:, upper == 1].min(axis=1)
    apart = (low < high) & (np.abs(low) < EXACT) & (np.abs(high) < EXACT)
    yield from ((i, float(low[i]), float(high[i])) for i in np.flatnonzero(apart).tolist())


def roundest(low: float, high: float) -> float:
    """The whole number of a range that a person would name: the largest multiple of the largest of 10, 50, 100, 500 and
    so on that has one, else the middle."""
    for digits in range(len(str(int(abs(high)))), 0, -1):
        for step in (10**digits, 10**digits // 2):
            multiple: float = high // step * step
            if step >= 10 and multiple >= low:
                return multiple
    return (low + high) // 2


def _shortest_between(low: float, high: float) -> float:
    """The number of fewest digits between two others, the one nearest to their middle; at neither end."""
    middle, gap = (low + high) / 2, high - low
    for digits in range(-12, 18):
        number = round(middle, digits)
        if low + gap / 20 < number < high - gap / 20:
            return number
    return middle


def equals(values: Array, wanted: Array) -> Found:
    """The value where true is wanted, if it is the same in all those rows and in no other."""
    if not _varied(wanted):
        return
    c = values[:, np.argmax(wanted == 1)]
    yield from _found(((values == c[:, None]) == wanted).all(axis=1) & (np.abs(c) < EXACT), c)


def divisible(values: Array, wanted: Array) -> Found:
    """The smallest `c`, and `r`, with `a % c == r` just where true is wanted."""
    if not _varied(wanted):
        return
    open_ = _exact(values)
    for c in DIVISORS:
        rest = np.mod(values, c)
        r = rest[:, np.argmax(wanted == 1)]
        right = open_ & ((rest == r[:, None]) == wanted).all(axis=1)
        yield from ((i, (c, int(r[i]))) for i in np.flatnonzero(right).tolist())
        open_ &= ~right


def _constant(c: float, t: Type = INT) -> Literal:
    return Literal(int(c) if t == INT else float(c), t)


def _affine(a: Expr, k: int, c: int) -> Expr:
    scaled = a if k == 1 else Apply(mul, (a, _constant(k)), INT)
    return scaled if c == 0 else Apply(add, (scaled, _constant(c)), INT)


def _applied(word: Primitive, result: Type, t: Type = INT) -> Callable[..., Expr]:
    return partial(_apply, word, result, t)


def _apply(word: Primitive, result: Type, t: Type, a: Expr, c: float) -> Expr:
    return Apply(word, (a, _constant(c, t)), result)


def _above(t: Type, a: Expr, c: float) -> Expr:
    return Apply(less_than, (_constant(c, t), a), BOOL)


def _divisible(a: Expr, c: int, r: int) -> Expr:
    return Apply(eq, (Apply(remainder, (a, _constant(c)), INT), _constant(r)), BOOL)


MULTIPLE = Fit("multiple", INT, INT, multiple, _applied(mul, INT), (mul,), least_rows=2)
FITS = (
    Fit("affine", INT, INT, affine, _affine, (mul, add)),
    Fit("quotient", INT, INT, whole_quotient, _applied(quotient, INT), (quotient,), least_rows=2),
    Fit("remainder", INT, INT, whole_remainder, _applied(remainder, INT), (remainder,)),
    Fit("power", INT, INT, whole_power, _applied(power, INT), (power,)),
    Fit("above", INT, BOOL, above, partial(_above, INT), (less_than,)),
    Fit("below", INT, BOOL, below, _applied(less_than, BOOL), (less_than,)),
    Fit("above", FLOAT, BOOL, above_middle, partial(_above, FLOAT), (less_than,)),
    Fit("below", FLOAT, BOOL, below_middle, _applied(less_than, BOOL, FLOAT), (less_than,)),
    Fit("equals", INT, BOOL, equals, _applied(eq, BOOL), (eq,)),
    Fit("divisible", INT, BOOL, divisible, _divisible, (remainder, eq)),
)
