"""The language of laws: formulas over measured columns, in float64.

Words work on single numbers and on whole columns alike. Those that take a number without dimension and give one
(`sin`, `exp`, ...) need no more to be said of them; `homogeneous` ones keep the dimension they are given.

>>> from extrapolate.learn import learn
>>> falls = [((1.0, 9.81), 4.905), ((2.0, 9.81), 19.62), ((3.0, 9.81), 44.145), ((4.0, 1.62), 12.96)]
>>> print(learn(falls, language="laws", names=["t", "g"], name="height").program.source)
def height(t: float, g: float) -> float:
    return t ** 2 * g / 2
<BLANKLINE>
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from extrapolate.core import latex
from extrapolate.core.language import Algebra, Language
from extrapolate.core.symbolic import number
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT, TEXT
from extrapolate.core.word import (
    Latex,
    commutative,
    exponential,
    homogeneous,
    idempotent,
    logarithm,
    numeric,
    periodic,
    primitive,
)
from extrapolate.languages.domain import require
from extrapolate.languages.numbers import add, divide, mul, negate, sub

TINY = sys.float_info.min
# The largest numbers below the ends of what tanh gives and of what arctan gives.
ALMOST_ONE, ALMOST_RIGHT = math.nextafter(1, 0), math.nextafter(math.pi / 2, 0)


def ufunc(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its warnings off: a float for floats, NaN or infinite where there is no value."""

    @wraps(f)
    def quiet(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            value = f(*args)
        return value if isinstance(value, np.ndarray) else float(value)

    return quiet


def inverse(f: Callable[[Any], Any], low: float = -math.inf, high: float = math.inf) -> Callable[[Any], Any]:
    """An inverse that is one from `low` to `high`: outside, NaN in a column, and Undefined for a number."""

    def solve(out: Any) -> Any:
        inside = (low <= out) & (out <= high)
        if isinstance(out, np.ndarray):
            return f(np.where(inside, out, np.nan))
        require(bool(inside))
        return float(f(out))

    return solve


@primitive(
    cost=3,
    source="{x} ** {n}",
    laws=[numeric],
    latex=latex.power,
    sympy=operator.pow,
)
@ufunc
def power(x: float, n: float) -> float:
    """The number to a power."""
    return np.float_power(x, n)


@primitive(
    cost=3,
    source="np.sqrt({x})",
    inverses={"x": inverse(np.square, 0)},
    latex=Latex(r"\sqrt{{{}}}", latex.POWER),
    sympy="sqrt",
)
@ufunc
def sqrt(x: float) -> float:
    """The square root."""
    return np.sqrt(x)


@primitive(
    cost=3,
    source="np.exp({x})",
    laws=[exponential],
    inverses={"x": inverse(np.log, TINY)},
    latex=Latex("e^{{{}}}", latex.POWER),
    sympy="exp",
)
@ufunc
def exp(x: float) -> float:
    """The exponential function."""
    return np.exp(x)


@primitive(
    cost=4,
    source="2 ** {x}",
    inverses={"x": inverse(np.log2, TINY)},
    latex=Latex("2^{{{}}}", latex.POWER),
    sympy=lambda x: 2**x,
)
@ufunc
def exp2(x: float) -> float:
    """Two to a power: what doubles with each step."""
    return np.exp2(x)


@primitive(
    cost=3,
    source="np.log({x})",
    laws=[logarithm],
    inverses={"x": inverse(np.exp)},
    latex=r"\ln",
    sympy="log",
)
@ufunc
def log(x: float) -> float:
    """The natural logarithm."""
    return np.log(x)


@primitive(
    cost=3,
    source="np.sin({x})",
    laws=[periodic],
    inverses={"x": inverse(np.arcsin, -1, 1)},
    latex=r"\sin",
    sympy="sin",
)
@ufunc
def sin(x: float) -> float:
    """The sine of an angle in radians."""
    return np.sin(x)


@primitive(
    cost=3,
    source="np.cos({x})",
    laws=[periodic],
    inverses={"x": inverse(np.arccos, -1, 1)},
    latex=r"\cos",
    sympy="cos",
)
@ufunc
def cos(x: float) -> float:
    """The cosine of an angle in radians."""
    return np.cos(x)


@primitive(
    cost=4,
    source="np.tan({x})",
    inverses={"x": inverse(np.arctan)},
    latex=r"\tan",
    sympy="tan",
)
@ufunc
def tan(x: float) -> float:
    """The tangent of an angle in radians."""
    return np.tan(x)


@primitive(
    cost=4,
    source="np.tanh({x})",
    inverses={"x": inverse(np.arctanh, -ALMOST_ONE, ALMOST_ONE)},
    latex=r"\tanh",
    sympy="tanh",
)
@ufunc
def tanh(x: float) -> float:
    """The hyperbolic tangent."""
    return np.tanh(x)


@primitive(
    cost=4,
    source="np.arcsin({x})",
    inverses={"x": inverse(np.sin, -math.pi / 2, math.pi / 2)},
    latex=r"\arcsin",
    sympy="asin",
)
@ufunc
def arcsin(x: float) -> float:
    """The angle in radians with this sine, from -pi/2 to pi/2."""
    return np.arcsin(x)


@primitive(
    cost=4,
    source="np.arccos({x})",
    inverses={"x": inverse(np.cos, 0, math.pi)},
    latex=r"\arccos",
    sympy="acos",
)
@ufunc
def arccos(x: float) -> float:
    """The angle in radians with this cosine, from 0 to pi."""
    return np.arccos(x)


@primitive(
    cost=4,
    source="np.arctan({x})",
    inverses={"x": inverse(np.tan, -ALMOST_RIGHT, ALMOST_RIGHT)},
    latex=r"\arctan",
    sympy="atan",
)
@ufunc
def arctan(x: float) -> float:
    """The angle in radians with this tangent, from -pi/2 to pi/2."""
    return np.arctan(x)


@primitive(
    cost=4,
    source="np.abs({x})",
    laws=[idempotent, homogeneous],
    latex=Latex(r"\left|{}\right|", latex.ATOM),
    sympy="Abs",
)
@ufunc
def absolute(x: float) -> float:
    """The number without its sign."""
    return np.abs(x)


@primitive(
    cost=4,
    source="np.minimum({x}, {y})",
    laws=[commutative, homogeneous, numeric],
    latex=r"\min",
    sympy="Min",
)
@ufunc
def minimum(x: float, y: float) -> float:
    """The smaller of two numbers."""
    return np.minimum(x, y)


@primitive(
    cost=4,
    source="np.maximum({x}, {y})",
    laws=[commutative, homogeneous, numeric],
    latex=r"\max",
    sympy="Max",
)
@ufunc
def maximum(x: float, y: float) -> float:
    """The larger of two numbers."""
    return np.maximum(x, y)


def piecewise(table: dict[str, float], key: Any, *others: Any) -> Any:
    """A lookup in SymPy, with symbols for texts, and what any other text has."""
    import sympy

    pieces = [(number(value, sympy), sympy.Eq(key, sympy.Symbol(text))) for text, value in table.items()]
    return sympy.Piecewise(*pieces, *((other, True) for other in others))


@primitive(cost=3, source="{table}[{text}]", latex=latex.cases, sympy=piecewise)
def number_of(table: dict[str, float], text: str) -> float:
    """The number that belongs to a text; undefined for a text that is not there."""
    return table[text]


@primitive(cost=3, source="{table}.get({text}, {other})", laws=[numeric], latex=latex.cases, sympy=piecewise)
def number_or(table: dict[str, float], text: str, other: float) -> float:
    """The number that belongs to a text, and another one for any text that is not there."""
    return table.get(text, other)


ALGEBRA = Algebra(
    add=add,
    sub=sub,
    mul=mul,
    divide=divide,
    negate=negate,
    number_of=number_of,
    number_or=number_or,
    power=power,
    sqrt=sqrt,
    exp=exp,
    log=log,
    sin=sin,
    cos=cos,
    arcsin=arcsin,
    arccos=arccos,
    arctan=arctan,
    maximum=maximum,
)
FUNCTIONS = (sqrt, exp, exp2, log, sin, cos, tan, tanh, arcsin, arccos, arctan, absolute, minimum, maximum)
# So many rows of numbers are taken for measurements, fewer for examples.
MEASUREMENTS = 5


def likely(task: Task) -> float:
    """Likely where the rows look like measurements: numbers with units, or five or more of floats; else not very."""
    if task.has_units:
        return 0.8
    if len(task.labelled) < 3 or task.output == TEXT or all(v.type == TEXT for v in task.inputs):
        return 0.0
    if any(v.type.args for v in task.inputs):  # numbers in lists, which a formula does not reach
        return 0.1
    if len(task.labelled) >= MEASUREMENTS:  # whole numbers are measurements as much as examples
        return 0.8 if task.output == FLOAT else 0.5
    return 0.3 if FLOAT in (task.output, *(v.type for v in task.inputs)) else 0.1


LANGUAGE = Language(
    "laws",
    (add, sub, mul, divide, negate, power, number_of, number_or, *FUNCTIONS),
    kinds=("int", "float", "text"),
    algebra=ALGEBRA,
    method="regression",
    suits=likely,
)
