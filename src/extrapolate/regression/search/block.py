"""Blocks: columns of values of one kind, with what each costs and how it is written as a term.

Columns that agree in all rows, up to rounding, are the same column, and the one that came first stays (observational
equivalence). Terms are only written when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search.form import Form, Term

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Part = Callable[[], Term]

# Values that agree to so many digits, in two random directions, are the same.
DIGITS = 1e9
STEADY = 1e-9


@dataclass
class Block:
    """Columns `(n_columns, n_rows)` with their costs; `parts[i]()` writes column `i` as a term."""

    values: Floats
    costs: Ids
    parts: list[Part]
    known: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def empty(cls, n_rows: int) -> Block:
        return cls(np.zeros((0, n_rows)), np.zeros(0, dtype=np.int64), [])

    @classmethod
    def ones(cls, n_inputs: int, n_rows: int) -> Block:
        """The constant 1."""
        one = Term(1.0, (Fraction(0),) * n_inputs)
        return cls(np.ones((1, n_rows)), np.zeros(1, dtype=np.int64), [lambda: one])

    def __len__(self) -> int:
        return len(self.parts)

    def of_cost(self, cost: int) -> Ids:
        return np.flatnonzero(self.costs == cost)

    @cached_property
    def probes(self) -> Floats:
        return np.random.default_rng(0).normal(size=(self.values.shape[1], 2))

    def add(self, values: Floats, cost: int, parts: Iterable[Part]) -> None:
        """Takes in the columns that are new, have a value in every row and are not constant."""
        with np.errstate(all="ignore"):
            size = np.linalg.norm(values, axis=1)
            keys = np.round(values @ self.probes / size[:, None] * DIGITS)
            good = np.isfinite(size) & np.isfinite(keys).all(axis=1)
            good &= np.ptp(values, axis=1) > STEADY * np.abs(values).max(axis=1)
        made, fresh = list(parts), []
        for i in np.flatnonzero(good).tolist():
            key = (int(keys[i, 0]), int(keys[i, 1]))
            if key not in self.known:
                self.known.add(key)
                fresh.append(i)
        self.values = np.concatenate([self.values, values[fresh]])
        self.costs = np.concatenate([self.costs, np.full(len(fresh), cost, dtype=np.int64)])
        self.parts += [made[i] for i in fresh]

    def take(self, other: Block, ids: Ids, cost: int) -> None:
        """Takes in columns of another block as they are."""
        self.add(other.values[ids], cost, [other.parts[i] for i in ids.tolist()])

    def term(self, i: int) -> Term:
        return self.parts[i]()

    def some(self, ids: Ids) -> list[Part]:
        return [self.parts[i] for i in ids.tolist()]


@dataclass(frozen=True)
class Monomial:
    """Powers of the inputs, multiplied; written as a term when somebody asks."""

    powers: Sequence[float]

    def __call__(self) -> Term:
        return Term(1.0, tuple(map(Fraction, self.powers)))


def applied_to(word: Primitive, scale: float, part: Part) -> Part:
    """`word(scale * part)`."""
    return lambda: as_term(Form((part().times(scale),), word))


def sum_of(*scaled: tuple[float, Part]) -> Part:
    """`scale * part + scale * part + ...`."""
    return lambda: as_term(Form(tuple(part().times(scale) for scale, part in scaled)))


def product_of(first: Part, second: Part) -> Part:
    return lambda: first().times_term(second())


def power_of(part: Part, power: float) -> Part:
    return lambda: part().raised(Fraction(power))


def as_term(form: Form) -> Term:
    width = len(form.terms[0].powers)
    return Term(1.0, (Fraction(0),) * width, ((form, Fraction(1)),))
