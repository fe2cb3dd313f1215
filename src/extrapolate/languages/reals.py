"""Words on real numbers and on vectors, which are lists of them: powers, functions, lengths, distances, products."""

from __future__ import annotations

import math
import operator

import numpy as np

from extrapolate.core import latex
from extrapolate.core.language import Algebra
from extrapolate.core.word import Latex, commutative, numeric, periodic, primitive
from extrapolate.languages.domain import require
from extrapolate.languages.numbers import add, divide, mul, negate, sqrt, sub, to_float


@primitive(cost=4, source="{x} ** {y}", laws=[numeric], array=np.float_power, latex=latex.power, sympy=operator.pow)
def pow_(x: float, y: float) -> float:
    """The number to a power; undefined for a root of a negative number."""
    require(x > 0 or y.is_integer())
    return math.pow(x, y)


@primitive(cost=4, source="math.exp({x})", array=np.exp, latex=Latex("e^{{{}}}", latex.POWER), sympy="exp")
def exp(x: float) -> float:
    """The exponential function."""
    return math.exp(x)


@primitive(cost=4, source="math.log({x})", array=np.log, latex=r"\ln", sympy="log")
def log(x: float) -> float:
    """The natural logarithm."""
    return math.log(x)


@primitive(cost=4, source="math.sin({x})", laws=[periodic], array=np.sin, latex=r"\sin", sympy="sin")
def sin(x: float) -> float:
    """The sine of an angle in radians."""
    return math.sin(x)


@primitive(cost=4, source="math.cos({x})", laws=[periodic], array=np.cos, latex=r"\cos", sympy="cos")
def cos(x: float) -> float:
    """The cosine of an angle in radians."""
    return math.cos(x)


@primitive(cost=2, source="math.hypot(*{v})")
def norm(v: list[float]) -> float:
    """The length of a vector."""
    return math.hypot(*v)


@primitive(cost=2, source="math.dist({v}, {w})", laws=[commutative])
def dist(v: list[float], w: list[float]) -> float:
    """The distance of two points."""
    return math.dist(v, w)


def _components(out: list[float]) -> list[float]:
    require(len(out) == 3)
    return out


@primitive(cost=2, source="[{x}, {y}, {z}]", parts=_components)
def vector(x: float, y: float, z: float) -> list[float]:
    """A vector of three components."""
    return [x, y, z]


WORDS = (pow_, exp, log, sin, cos, norm, dist, vector)
ALGEBRA = Algebra(
    add=add, sub=sub, mul=mul, divide=divide, negate=negate, power=pow_, sqrt=sqrt, exp=exp, real=to_float
)
