"""Formulas as expressions of SymPy, to be differentiated, solved, and simplified.

>>> from extrapolate.learn import learn
>>> circles = [(1.0, 3.141592653589793), (2.0, 12.566370614359172), (5.0, 78.53981633974483)]
>>> learn(circles, language="laws", names=["r"], name="A").program.sympy()
pi*r**2
"""

from __future__ import annotations

import math
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Expr, Literal, Var
from extrapolate.core.latex import as_fraction
from extrapolate.core.types import NUMBERS


def symbolic(expr: Expr) -> Any:
    """The SymPy expression of a formula, over real symbols.

    Whole numbers, fractions and pi are exact. InputError without SymPy, and for a word that has no form there.
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
            return number(expr.value, sympy) if expr.type in NUMBERS else expr.value
        case Apply(word, args):
            parts = [translated(a, sympy) for a in args]
            if word.sympy is None:
                raise InputError(
                    f"the word {word.name!r} has no form in SymPy; declare it with the word: @primitive(sympy='...')."
                )
            function = getattr(sympy, word.sympy) if isinstance(word.sympy, str) else word.sympy
            return function(*parts)
    raise TypeError(f"{type(expr).__name__} is no part of a formula")


def number(value: float, sympy: Any) -> Any:
    if value in (math.pi, math.e):
        return sympy.pi if value == math.pi else sympy.E
    fraction = as_fraction(value)
    return sympy.Float(value) if fraction is None else sympy.Rational(fraction.numerator, fraction.denominator)
