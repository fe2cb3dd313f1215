"""Forms that a scientist gives: `Vmax * S / (Km + S)`, read as data. Names that are no columns are constants."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.elementwise import elementwise
from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Expr, Literal, Var, evaluator, rebuilt, walk
from extrapolate.core.hints import did_you_mean
from extrapolate.core.language import Algebra, Language
from extrapolate.core.types import FLOAT
from extrapolate.core.word import Primitive

Floats = NDArray[np.float64]

# What is written otherwise than the words of laws are named.
SPELLINGS = {"ln": "log", "abs": "absolute", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "min": "minimum",
             "max": "maximum", "log_e": "log"}  # fmt: skip
NUMBERS = {"pi": math.pi, "e": math.e}
# A longer form is none that a person gives.
LONGEST = 300


@dataclass(frozen=True)
class Given:
    """A form over columns, with the names of its constants."""

    text: str
    expr: Expr
    columns: tuple[Var, ...]
    names: tuple[str, ...]

    @cached_property
    def run(self) -> Callable[[dict[str, Any]], Any]:
        return evaluator(self.expr, elementwise)

    def values(self, x: Floats, constants: Sequence[float] | Floats) -> Floats:
        """The values on columns `(n_inputs, n_rows)`; NaN or infinite where there is none."""
        found: Floats = self.table(x, np.reshape(constants, (1, len(self.names))))[0]
        return found

    def table(self, x: Floats, constants: Floats) -> Floats:
        """The values for several choices of the constants, `(n, n_constants)`, as `(n, n_rows)`."""
        given = dict(zip((v.name for v in self.columns), x, strict=True))
        given.update(zip(self.names, constants.T[:, :, None], strict=True))
        with np.errstate(all="ignore"):
            found = self.run(given)
        return np.array(np.broadcast_to(found, (len(constants), *x.shape[1:])), dtype=np.float64)

    def with_constants(self, constants: Sequence[float]) -> Expr:
        """The form with numbers for its constants."""
        numbers = dict(zip(self.names, constants, strict=True))

        def number(part: Expr, depth: int) -> Expr | None:
            return Literal(numbers[part.name], FLOAT) if isinstance(part, Var) and part.name in numbers else None

        return rebuilt(self.expr, number)


def read_form(text: str, columns: Sequence[Var], language: Language, target: str = "") -> Given:
    """The form that a text holds for a target; what stands before `=` is left out. InputError for what is no formula,
    and for one with the target in it."""
    algebra = language.possible_algebra
    assert algebra is not None
    if len(text) > LONGEST:
        raise InputError(f"a form of {len(text):,} characters was given; give one of {LONGEST} at most.")
    written = text.rpartition("=")[2].replace("^", "**").strip()
    try:
        tree = ast.parse(written, mode="eval").body
    except SyntaxError:
        raise InputError(
            f"the form {text!r} can't be read; write it as in 'a * exp(-b * x) + c', with * in all products."
        ) from None
    reader = FormReader(text, {v.name: v for v in columns}, language, algebra)
    expr = reader.read(tree)
    used = {part.name for part in walk(expr) if isinstance(part, Var)}
    own = tuple(v for v in columns if v.name in used)
    if target in used:
        raise InputError(f"the form {text!r} has {target} in it, which is what it should give; write it without.")
    if not own:
        names = ", ".join(v.name for v in columns)
        raise InputError(f"the form {text!r} has none of the columns in it; they are {names}.")
    return Given(text, expr, own, tuple(dict.fromkeys(reader.constants)))


class FormReader:
    """Reads a formula as an expression of a language; nothing in it is run."""

    def __init__(self, text: str, columns: dict[str, Var], language: Language, algebra: Algebra):
        self.text, self.columns, self.language = text, columns, language
        self.words = {ast.Add: algebra.add, ast.Sub: algebra.sub, ast.Mult: algebra.mul, ast.Div: algebra.divide,
                      ast.Pow: algebra.power}  # fmt: skip
        self.negate = algebra.negate
        self.constants: list[str] = []

    def read(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(int() | float() as value) if not isinstance(value, bool):
                return Literal(float(value), FLOAT)
            case ast.Name(name) if name in self.columns:
                return self.columns[name]
            case ast.Name("pi") | ast.Attribute(ast.Name("np" | "math"), "pi" | "e"):
                return Literal(NUMBERS[node.attr if isinstance(node, ast.Attribute) else node.id], FLOAT)
            case ast.Name(name):
                self.constants.append(name)
                return Var(name, FLOAT)
            case ast.BinOp(ast.Name("e"), ast.Pow(), right) if "e" not in self.columns:
                return self.called("exp", [self.read(right)])
            case ast.BinOp(left, operator, right) if type(operator) in self.words:
                return applied(self.words[type(operator)], self.read(left), self.read(right))
            case ast.UnaryOp(ast.USub(), operand):
                inner = self.read(operand)
                return Literal(-inner.value, FLOAT) if isinstance(inner, Literal) else applied(self.negate, inner)
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.read(operand)
            case ast.Call(ast.Name(name) | ast.Attribute(ast.Name("np" | "math"), name), args, []):
                return self.called(name, [self.read(arg) for arg in args])
        raise InputError(
            f"{ast.unparse(node)!r} in the form {self.text!r} can't be read; "
            "a form has columns, constants, numbers, operators and functions of one number."
        )

    def called(self, name: str, args: list[Expr]) -> Expr:
        if name == "log10" and len(args) == 1:
            return applied(self.words[ast.Div], self.called("log", args), Literal(math.log(10), FLOAT))
        name = SPELLINGS.get(name, name)
        words = [w for w in self.language.words if set(w.arg_types) <= {FLOAT}]
        word = next((w for w in words if w.name == name), None)
        if word is None or len(word.params) != len(args):
            known = [w.name for w in words if w not in self.words.values() and w is not self.negate]
            hint = did_you_mean(name, sorted({*known, *SPELLINGS, "log10"} - {"log_e"}), "functions")
            raise InputError(f"the form {self.text!r} calls {name} with {len(args)} values; {hint}")
        return applied(word, *args)


def applied(word: Primitive, *args: Expr) -> Expr:
    return Apply(word, args, FLOAT)
