"""The units of constants in a formula that is given: those that make both sides of every sum agree.

The logarithm of a unit is a vector of powers of the units of the columns, so that what must agree are linear equations
in the units of the constants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.elementwise import elementwise
from extrapolate.core.expression import Apply, Expr, Literal, Var, evaluator, walk
from extrapolate.core.language import Algebra
from extrapolate.core.units import unit_text
from extrapolate.regression.quantities import of_text

Floats = NDArray[np.float64]
# Equations hold up to that, and a unit is told where they leave no more of it open.
CLOSE = 1e-6


class Powers(NamedTuple):
    """A unit: the powers of those of the constants, and of the units of the columns."""

    unknown: Floats
    known: Floats


def units_of(
    expr: Expr, columns: Mapping[str, str], target: str, constants: Mapping[str, float], algebra: Algebra
) -> dict[str, str]:
    """The unit of each constant, by name, "" where it has none or the formula does not tell; `columns` are the units of
    the inputs. What a formula such as `exp(a - b / T)` gives is taken as a number. Empty where nothing agrees."""
    atoms = sorted({u for u in (*columns.values(), target) if of_text(u)})
    equations = Equations(list(constants), atoms, dict(columns), dict(constants), algebra)
    if not constants or not atoms:
        return {}
    whole = equations.of(expr)
    equations.agree(whole, equations.unit(target))
    for left, right in (equations.all, equations.without_last):
        solved, *_ = np.linalg.lstsq(left, right, rcond=None)
        if np.abs(left @ solved - right).max(initial=0.0) <= CLOSE:
            break
    else:
        return {}
    _, sizes, basis = np.linalg.svd(left)
    rank = int((sizes > CLOSE * sizes.max(initial=1.0)).sum())
    is_told = (np.abs(basis[rank:]) < CLOSE).all(axis=0)
    found = {}
    for name, powers, told in zip(constants, solved, is_told.tolist(), strict=True):
        parts = {a: float(round(p, 6)) for a, p in zip(atoms, powers.tolist(), strict=True) if abs(p) > CLOSE}
        found[name] = unit_text(parts) if told and parts else ""
    return found


class Equations:
    """What must agree in a formula: `left` times the units of the constants is `right`."""

    def __init__(
        self,
        names: Sequence[str],
        atoms: Sequence[str],
        columns: Mapping[str, str],
        values: Mapping[str, float],
        algebra: Algebra,
    ):
        self.names, self.atoms, self.columns, self.values, self.algebra = names, atoms, columns, values, algebra
        self.none = Powers(np.zeros(len(names)), np.zeros(len(atoms)))
        self.left: list[Floats] = []
        self.right: list[Floats] = []

    @property
    def all(self) -> tuple[Floats, Floats]:
        n = len(self.left)
        return np.array(self.left).reshape(n, len(self.names)), np.array(self.right).reshape(n, len(self.atoms))

    @property
    def without_last(self) -> tuple[Floats, Floats]:
        left, right = self.all
        return left[:-1], right[:-1]

    def unit(self, text: str) -> Powers:
        return Powers(self.none.unknown, np.array([1.0 * (a == text) for a in self.atoms]))

    def agree(self, a: Powers, b: Powers) -> None:
        self.left.append(a.unknown - b.unknown)
        self.right.append(b.known - a.known)

    def of(self, expr: Expr) -> Powers:
        """The unit of a part of the formula; what it needs to agree is written down."""
        if isinstance(expr, Var):
            if expr.name in self.columns:
                return self.unit(self.columns[expr.name])
            return Powers(np.array([1.0 * (n == expr.name) for n in self.names]), self.none.known)
        if not isinstance(expr, Apply):
            return self.none
        words, args = self.algebra, [self.of(arg) for arg in expr.args]
        if expr.word in (words.mul, words.divide):
            sign = 1.0 if expr.word is words.mul else -1.0
            return Powers(args[0].unknown + sign * args[1].unknown, args[0].known + sign * args[1].known)
        if expr.word is words.power:
            return self.power(expr, args)
        if expr.word is words.sqrt:
            return Powers(args[0].unknown / 2, args[0].known / 2)
        if expr.word in (words.add, words.sub, words.negate) or expr.word.is_homogeneous:
            return self.alike(expr, args)
        for arg, part in zip(args, expr.args, strict=True):
            if self.has_constants(part):  # the logarithm of a column alone is that of its number
                self.agree(arg, self.none)
        return self.none

    def alike(self, expr: Apply, args: Sequence[Powers]) -> Powers:
        """The unit of what is added up, which a number takes from the others where these have no constants."""
        free = [not isinstance(part, Literal) or any(map(self.has_constants, expr.args)) for part in expr.args]
        kept = [arg for arg, counts in zip(args, free, strict=True) if counts] or list(args)
        for other in kept[1:]:
            self.agree(kept[0], other)
        return kept[0]

    def power(self, expr: Apply, args: Sequence[Powers]) -> Powers:
        exponent = expr.args[1]
        self.agree(args[1], self.none)
        if any(isinstance(part, Var) and part.name in self.columns for part in walk(exponent)):
            self.agree(args[0], self.none)
            return self.none
        power = float(evaluator(exponent, elementwise)({n: np.float64(v) for n, v in self.values.items()}))
        return Powers(args[0].unknown * power, args[0].known * power)

    def has_constants(self, expr: Expr) -> bool:
        return any(isinstance(part, Var) and part.name in self.names for part in walk(expr))
