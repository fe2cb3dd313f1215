"""Formulas as expressions of SymPy, to be differentiated, solved, and simplified.

>>> from extrapolate.learn import learn
>>> circles = [(1.0, 3.141592653589793), (2.0, 12.566370614359172), (5.0, 78.53981633974483)]
>>> learn(circles, language="laws", names=["r"], name="A").program.sympy()
pi*r**2
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Expr, Literal, Var
from extrapolate.core.latex import as_fraction

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "divide": operator.truediv,
    "negate": operator.neg,
    "power": operator.pow,
    "exp2": lambda x: 2**x,
}
# What SymPy calls a word.
NAMED = {
    "sqrt": "sqrt",
    "exp": "exp",
    "log": "log",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "tanh": "tanh",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "absolute": "Abs",
    "minimum": "Min",
    "maximum": "Max",
}


def symbolic(expr: Expr) -> Any:
    """The SymPy expression of a formula, over real symbols; words SymPy doesn't know are undefined functions.

    Whole numbers, fractions and pi are exact. InputError without SymPy.
    """
    try:
        import sympy
    except ImportError:
        raise InputError("SymPy is not installed; `pip install 'extrapolate[sympy]'` brings it.") from None
    return translated(expr, sympy)


def translated(expr: Expr, sympy: Any) -> Any:
    match expr:
        case Var(name):
            return sympy.Symbol(name, real=True)
        case Literal():
            return number(expr.value, sympy)
        case Apply(word, args):
            parts = [translated(a, sympy) for a in args]
            if word.name in OPERATORS:
                return OPERATORS[word.name](*parts)
            known = NAMED.get(word.name)
            function = getattr(sympy, known) if known else sympy.Function(word.name)
            return function(*parts)
    raise TypeError(f"{type(expr).__name__} is no part of a formula")


def number(value: float, sympy: Any) -> Any:
    if value in (math.pi, math.e):
        return sympy.pi if value == math.pi else sympy.E
    fraction = as_fraction(value)
    return sympy.Float(value) if fraction is None else sympy.Rational(fraction.numerator, fraction.denominator)
