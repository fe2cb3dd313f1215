"""The constants of a law as a scientist lists them: each number that was fitted, with its standard error and its unit.

A constant takes the unit that makes the law consistent: `64` in `21 + 64 * exp(-t / 13.5)` is in the unit of the
target, `13.5` in that of `t`. Standard errors are those of least squares at the printed numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Apply, Expr, Literal, Var, rebuilt
from extrapolate.core.language import Algebra
from extrapolate.core.program import Program
from extrapolate.core.types import FLOAT
from extrapolate.core.units import unit_text

Floats = NDArray[np.float64]
Powers = Mapping[str, Fraction]

STEP, SAME = 1e-6, 1e-7
# What a person would not call a constant of the law: small whole numbers and halves, pi, and what they make.
PLAIN = (math.pi, math.e)
LARGEST_PLAIN = 4


@dataclass(frozen=True)
class Quantity:
    """A constant of a law: its value, its standard error, and its unit, "" for none."""

    value: float
    error: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.error:.2g} {self.unit}".rstrip()


def quantities(program: Program, algebra: Algebra, x: Floats, weights: Floats, spread: float) -> list[Quantity]:
    """The constants of a program over columns `(n_inputs, n_rows)`, in the order they are printed in.

    Rows weigh `weights`, and `spread` is the weighted standard deviation of what the program leaves.
    """
    places = [p for p in literals(program.expr) if is_fitted(at(program.expr, p))]
    if not places:
        return []
    slopes = np.array([slope(program, place, x) for place in places]) * weights
    free = independent(slopes)
    errors: dict[int, float] = {}
    if free and np.isfinite(slopes[free]).all():
        sizes = np.linalg.norm(slopes[free], axis=1)
        unit = slopes[free] / sizes[:, None]
        covariance = np.linalg.pinv(unit @ unit.T, hermitian=True)
        found = np.sqrt(np.maximum(0.0, np.diag(covariance))) * spread / sizes
        errors = dict(zip(free, found.tolist(), strict=True))
    units = Units(program, algebra).found() if program.units else {}
    return [Quantity(number_at(program.expr, places[i]), errors[i], shown(units.get(places[i], {}))) for i in errors]


Place = tuple[int, ...]


def literals(expr: Expr, place: Place = ()) -> Iterator[Place]:
    """Where the numbers of an expression stand, from left to right."""
    if isinstance(expr, Literal):
        yield place
    elif isinstance(expr, Apply):
        for i, arg in enumerate(expr.args):
            yield from literals(arg, (*place, i))


def at(expr: Expr, place: Place) -> Expr:
    for i in place:
        assert isinstance(expr, Apply)
        expr = expr.args[i]
    return expr


def number_at(expr: Expr, place: Place) -> float:
    literal = at(expr, place)
    assert isinstance(literal, Literal)
    return float(literal.value)


def is_fitted(literal: Expr) -> bool:
    assert isinstance(literal, Literal)
    value = abs(float(literal.value))
    return value not in PLAIN and not (value <= LARGEST_PLAIN and value == int(value)) and value != 0.5


def with_number(expr: Expr, place: Place, value: float) -> Expr:
    if not place:
        return Literal(value, FLOAT)
    assert isinstance(expr, Apply)
    first, *rest = place
    args = list(expr.args)
    args[first] = with_number(args[first], tuple(rest), value)
    return Apply(expr.word, tuple(args), expr.type)


def slope(program: Program, place: Place, x: Floats) -> Floats:
    """How the values of a program on columns change with one of its numbers."""
    value = number_at(program.expr, place)
    step = STEP * (abs(value) or 1.0)
    ends = []
    for moved in (value + step, value - step):
        changed = Program(
            with_number(program.expr, place, moved), program.inputs, FLOAT, program.name, program.language
        )
        ends.append(changed.over(list(x)))
    return (ends[0] - ends[1]) / (2 * step)


def independent(slopes: Floats) -> list[int]:
    """The rows of a matrix that are no combination of those before them."""
    kept: list[int] = []
    basis = np.zeros((0, slopes.shape[1]))
    for i, row in enumerate(slopes):
        size = float(np.linalg.norm(row))
        if not (math.isfinite(size) and size > 0):
            continue
        rest = row / size
        for _ in range(2):
            rest = rest - basis.T @ (basis @ rest)
        left = float(np.linalg.norm(rest))
        if left > SAME:
            kept.append(i)
            basis = np.concatenate([basis, rest[None] / left])
    return kept


class Units:
    """The units that the numbers of a program take, from those of its inputs and its target."""

    def __init__(self, program: Program, algebra: Algebra):
        self.program, self.algebra = program, algebra
        names = [v.name for v in program.inputs]
        self.known = {n: of_text(u) for n, u in zip(names, program.units, strict=False)}
        self.taken: dict[Place, Powers] = {}

    def found(self) -> dict[Place, Powers]:
        self.give(self.program.expr, (), of_text(self.program.units[-1]))
        return self.taken

    def natural(self, expr: Expr) -> Powers | None:
        """The unit of an expression by its inputs alone; None where a number in it may take any."""
        algebra = self.algebra
        if isinstance(expr, Var):
            return self.known.get(expr.name, {})
        if not isinstance(expr, Apply):
            return None
        parts = [self.natural(arg) for arg in expr.args]
        if expr.word in (algebra.add, algebra.sub) or expr.word.is_homogeneous:
            return next((part for part in parts if part), None if None in parts else {})
        if expr.word is algebra.mul or expr.word is algebra.divide:
            sign = 1 if expr.word is algebra.mul else -1
            return None if None in parts else product(parts[0] or {}, parts[1] or {}, sign)
        if expr.word is algebra.negate:
            return parts[0]
        if expr.word is algebra.power and isinstance(expr.args[1], Literal):
            return None if parts[0] is None else raised(parts[0], float(expr.args[1].value))
        if expr.word is algebra.sqrt:
            return None if parts[0] is None else raised(parts[0], 0.5)
        return {}

    def give(self, expr: Expr, place: Place, wanted: Powers) -> None:
        """Lets the numbers of an expression take the units that give it the unit that is wanted."""
        algebra = self.algebra
        if isinstance(expr, Literal):
            self.taken[place] = wanted
        if not isinstance(expr, Apply):
            return
        first = expr.args[0]
        if expr.word in (algebra.add, algebra.sub) or expr.word.is_homogeneous or expr.word is algebra.negate:
            for i, arg in enumerate(expr.args):
                self.give(arg, (*place, i), wanted)
        elif expr.word is algebra.mul or expr.word is algebra.divide:
            self.share(expr, place, wanted)
        elif expr.word is algebra.power:
            self.taken[(*place, 1)] = {}
            exponent = expr.args[1]
            power = float(exponent.value) if isinstance(exponent, Literal) else 0.0
            self.give(first, (*place, 0), raised(wanted, 1 / power) if power else {})
        elif expr.word is algebra.sqrt:
            self.give(first, (*place, 0), raised(wanted, 2.0))
        else:
            for i, arg in enumerate(expr.args):
                self.give(arg, (*place, i), {})

    def share(self, expr: Apply, place: Place, wanted: Powers) -> None:
        """The unit of a product: what has one by itself keeps it, then one number takes what is missing."""
        sign = 1 if expr.word is self.algebra.mul else -1
        left, right = (self.natural(arg) for arg in expr.args)
        if left is None and right is None:
            plain = [self.is_number(arg) for arg in expr.args]
            right = self.usual(expr.args[1]) if not plain[1] or plain[0] else None
            left = self.usual(expr.args[0]) if right is None else None
        if right is None:
            right = product(wanted, left or {}, -1)
            right = right if sign == 1 else raised(right, -1.0)
        else:
            left = product(wanted, right, -sign)
        self.give(expr.args[0], (*place, 0), left or {})
        self.give(expr.args[1], (*place, 1), right)

    @staticmethod
    def is_number(expr: Expr) -> bool:
        return isinstance(expr, Literal)

    def usual(self, expr: Expr) -> Powers:
        """The unit that a part has when its numbers have none, by the first of its terms that has one."""
        known = self.natural(rebuilt(expr, lambda part, _: Var("", FLOAT) if isinstance(part, Literal) else None))
        return known or {}


def of_text(unit: str) -> Powers:
    return {unit: Fraction(1)} if unit and unit != "1" else {}


def product(a: Powers, b: Powers, times: int) -> Powers:
    powers = {u: a.get(u, Fraction(0)) + times * b.get(u, Fraction(0)) for u in (*a, *b)}
    return {u: p for u, p in powers.items() if p}


def raised(powers: Powers, exponent: float) -> Powers:
    times = Fraction(exponent).limit_denominator(1000)
    return {u: p * times for u, p in powers.items()} if times else {}


def shown(powers: Powers) -> str:
    """A unit as it stands in a header: `N/m`, `1/min`, `mm**2`."""
    return unit_text({unit: float(power) for unit, power in powers.items()})
