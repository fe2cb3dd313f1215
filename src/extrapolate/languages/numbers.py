"""Words on numbers and bools: arithmetic, comparison, logic.

Whole numbers are exact and may be large; what would take long to compute is refused.
"""

from __future__ import annotations

import math
import operator

from extrapolate.core import latex
from extrapolate.core.word import Latex, Primitive, commutative, idempotent, involution, numeric, primitive
from extrapolate.languages.domain import A, N, O, require

# Powers have at most so many binary digits.
MOST_BITS = 4096


def _subtract(out: float, known: float) -> float:
    return out - known


def _divide_exactly(out: float, known: float) -> float:
    """What times `known` is `out`, where there is such a number."""
    if isinstance(known, float):
        return out / known
    quotient, rest = divmod(out, known)
    require(rest == 0)
    return quotient


def _dividend(out: float, b: float) -> float:
    """What divided by `b` is `out`."""
    require(b != 0)
    if isinstance(b, float):
        return out * b
    a = round(out * b)
    require(math.isclose(a / b, out, rel_tol=1e-12))
    return a


def _divisor(out: float, a: float) -> float:
    """What `a` divided by is `out`."""
    require(a != 0)
    if isinstance(a, float):
        return a / out
    b = round(a / out)
    require(math.isclose(a / b, out, rel_tol=1e-12))
    return b


def _whole(out: float) -> int:
    require(out.is_integer())
    return int(out)


@primitive(
    cost=2,
    source="{a} + {b}",
    laws=[commutative, numeric],
    inverses={"a": _subtract, "b": _subtract},
    latex=latex.add,
    sympy=operator.add,
)
def add(a: N, b: N) -> N:
    """The sum of two numbers."""
    return a + b


@primitive(
    cost=2,
    source="{a} - {b}",
    laws=[numeric],
    inverses={"a": lambda out, b: out + b, "b": lambda out, a: a - out},
    latex=latex.sub,
    sympy=operator.sub,
)
def sub(a: N, b: N) -> N:
    """The difference of two numbers."""
    return a - b


@primitive(
    cost=2,
    source="{a} * {b}",
    laws=[commutative, numeric],
    inverses={"a": _divide_exactly, "b": _divide_exactly},
    latex=latex.mul,
    sympy=operator.mul,
)
def mul(a: N, b: N) -> N:
    """The product of two numbers."""
    return a * b


@primitive(cost=2, source="{a} // {b}")
def quotient(a: N, b: N) -> N:
    """How many times the second number goes into the first, rounded down."""
    return a // b


@primitive(cost=2, source="{a} % {b}")
def remainder(a: N, b: N) -> N:
    """What is left of the first number after division by the second."""
    return a % b


@primitive(
    cost=3,
    source="{a} / {b}",
    laws=[numeric],
    inverses={"a": _dividend, "b": _divisor},
    latex=Latex(r"\frac{{{}}}{{{}}}", latex.PRODUCT),
    sympy=operator.truediv,
)
def divide(a: N, b: N) -> float:
    """The quotient of two numbers, as a float."""
    return a / b


@primitive(
    cost=3,
    source="{a} ** {n}",
    latex=latex.power,
    sympy=operator.pow,
)
def power(a: N, n: int) -> N:
    """The number multiplied with itself `n` times; refused where it would be huge."""
    if n < 0 or (abs(a) > 1 and n * math.log2(abs(a)) > MOST_BITS):
        raise ValueError("a negative or too large power")
    result: N = a**n
    return result


@primitive(
    cost=3,
    source="-{n}",
    laws=[involution, numeric],
    inverses={"n": lambda out: -out},
    latex=latex.negate,
    sympy=operator.neg,
)
def negate(n: N) -> N:
    """The number with the other sign."""
    return -n


@primitive(cost=3, source="abs({n})", laws=[idempotent])
def abs_(n: N) -> N:
    """The number without its sign."""
    return abs(n)


@primitive(cost=3, source="min({a}, {b})", laws=[commutative])
def min2(a: O, b: O) -> O:
    """The smaller of two values."""
    return min(a, b)


@primitive(cost=3, source="max({a}, {b})", laws=[commutative])
def max2(a: O, b: O) -> O:
    """The larger of two values."""
    return max(a, b)


@primitive(cost=4, source="math.gcd({a}, {b})", laws=[commutative])
def gcd(a: int, b: int) -> int:
    """The greatest common divisor of two whole numbers."""
    return math.gcd(a, b)


@primitive(cost=4, source="math.isqrt({n})")
def isqrt(n: int) -> int:
    """The square root of a whole number, rounded down."""
    return math.isqrt(n)


@primitive(cost=3, source="{n} % 2 == 0")
def is_even(n: int) -> bool:
    """Whether the whole number is even."""
    return n % 2 == 0


@primitive(cost=3, source="{n} % 2 == 1")
def is_odd(n: int) -> bool:
    """Whether the whole number is odd."""
    return n % 2 == 1


@primitive(cost=4, source="{n} > 1 and all({n} % d for d in range(2, math.isqrt({n}) + 1))")
def is_prime(n: int) -> bool:
    """Whether the whole number is prime; refused where it would take long to tell."""
    if n > 10**9:
        raise ValueError("too large a number to test")
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


@primitive(cost=3, source="round({x})")
def round_(x: float) -> int:
    """The nearest whole number; halves go to the even one."""
    return round(x)


@primitive(cost=3, source="math.floor({x})")
def floor(x: float) -> int:
    """The largest whole number that is not above."""
    return math.floor(x)


@primitive(
    cost=3,
    source="math.sqrt({x})",
    latex=Latex(r"\sqrt{{{}}}", latex.POWER),
    sympy="sqrt",
)
def sqrt(x: float) -> float:
    """The square root."""
    return math.sqrt(x)


@primitive(cost=2, source="float({n})", inverses={"n": _whole})
def to_float(n: int) -> float:
    """The whole number as a float."""
    return float(n)


@primitive(cost=2, source="{a} == {b}", laws=[commutative])
def eq(a: A, b: A) -> bool:
    """Whether two values are equal."""
    return a == b


@primitive(cost=2, source="{a} < {b}")
def less_than(a: O, b: O) -> bool:
    """Whether the first value is below the second."""
    return a < b


@primitive(cost=3, source="{a} <= {b}")
def at_most(a: O, b: O) -> bool:
    """Whether the first value is not above the second."""
    return a <= b


@primitive(cost=3, source="{a} and {b}", laws=[commutative])
def and_(a: bool, b: bool) -> bool:
    """Whether both are true."""
    return a and b


@primitive(cost=3, source="{a} or {b}", laws=[commutative])
def or_(a: bool, b: bool) -> bool:
    """Whether at least one is true."""
    return a or b


@primitive(cost=3, source="not {a}", laws=[involution], inverses={"a": lambda out: not out})
def not_(a: bool) -> bool:
    """The opposite."""
    return not a


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
