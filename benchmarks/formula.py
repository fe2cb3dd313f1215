"""Formulas as text: read without being run as code, evaluated over columns, with constants that can be moved.

The laws of a suite, those that were learned and the formulas of peers are all read here, so that one test judges them.

>>> square = Formula("3.0 * x ** 2 + np.pi", ["x"])
>>> square(np.array([[1.0, 2.0]])).round(2).tolist(), square.constants.tolist()
([6.14, 15.14], [3.0])
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError

Floats = NDArray[np.float64]
Node = Callable[[Floats, Floats], Any]  # from columns and constants to values

NUMBERS = {"pi": np.pi, "e": np.e}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ln": np.log,
    "abs": np.abs,
    "pow": np.power,
    "min": np.minimum,
    "max": np.maximum,
    **{
        name: getattr(np, name)
        for name in (
            *("sqrt", "cbrt", "square", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"),
            *("arcsin", "arccos", "arctan", "minimum", "maximum"),
        )
    },
}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
}
# Powers that are multiples of 1/12 belong to the form of a formula and are no constants of it.
FINEST_POWER = 12


class Formula:
    """A formula over named columns: call it with columns, `(n_inputs, n_rows)`.

    `constants` are the numbers written in it, in their order, without simple powers and without names such as pi;
    `measured` are the places of those that are written with a point. InputError for a text that is no formula.
    """

    def __init__(self, text: str, names: Sequence[str]):
        self.text = text
        self.names = list(names)
        self._constants: list[float] = []
        self.measured: list[int] = []
        try:
            self._value = self._read(ast.parse(text, mode="eval").body)
        except SyntaxError:
            raise InputError(f"{text!r} is not a formula; write it as in a * sqrt(b) / 2.") from None
        self.constants = np.array(self._constants)

    def __call__(self, columns: Floats, constants: Floats | None = None) -> Floats:
        """The values, `(n_rows,)`: NaN or infinite where there is none."""
        with np.errstate(all="ignore"):
            values = self._value(columns, self.constants if constants is None else constants)
        return np.broadcast_to(np.asarray(values, dtype=np.float64), columns.shape[1:])

    def _read(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                self._constants.append(float(number))
                place = len(self._constants) - 1
                self.measured += [place] * isinstance(number, float)
                return lambda columns, constants: constants[place]
            case ast.Name(name) if name in self.names:
                row = self.names.index(name)
                return lambda columns, constants: columns[row]
            case ast.Name(name) | ast.Attribute(ast.Name("np" | "math"), name) if name in NUMBERS:
                number = NUMBERS[name]
                return lambda columns, constants: number
            case ast.BinOp(left, ast.Pow(), right) if (power := simple_power(right)) is not None:
                base = self._read(left)
                return lambda columns, constants: np.power(base(columns, constants), power)
            case ast.BinOp(left, op, right) if type(op) in OPERATORS:
                return self._apply(OPERATORS[type(op)], [left, right])
            case ast.UnaryOp(op, operand) if type(op) in OPERATORS:
                return self._apply(OPERATORS[type(op)], [operand])
            case ast.Call(ast.Name(name) | ast.Attribute(ast.Name("np" | "math"), name), args, []) if name in FUNCTIONS:
                return self._apply(FUNCTIONS[name], args)
        raise InputError(f"{ast.unparse(node)!r} in {self.text!r} can't be read; a formula has columns, numbers, "
                         f"operators and the functions {', '.join(sorted(FUNCTIONS))}.")  # fmt: skip

    def _apply(self, function: Callable[..., Any], args: Sequence[ast.expr]) -> Node:
        parts = [self._read(a) for a in args]
        return lambda columns, constants: function(*(part(columns, constants) for part in parts))


def simple_power(node: ast.expr) -> float | None:
    """The value of an exponent such as 2, -0.5 or 1/3; None for any other."""
    numbers = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    if not all(isinstance(part, numbers) for part in ast.walk(node)):
        return None
    value = float(Formula(ast.unparse(node), [])(np.empty((0, 1)))[0])
    parts = value * FINEST_POWER
    return value if abs(parts - round(parts)) < 1e-9 else None
