"""The bank: columns of values `(n_columns, n_rows)`, with what each costs and how it was made, grown by cost.

    terms        products of powers of the inputs, alone or times an atom
    atoms        a word applied to a term without dimension, or to a sum of two
    factors      atoms, and sums that begin with 1: 1 + t, 1 - t, 1 + t - u

A law is a sum of few terms, or powers of the inputs times powers of factors; `spans.py` finds which. That sums begin with
1 loses nothing, as a power of the inputs can always be taken out of a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.primitive import Primitive
from extrapolate.search.regression import monomials
from extrapolate.search.regression.form import Form, Term, applied

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

ONE = Fraction(1)
# Constants that may stand in an argument or before a term of a sum, and what they cost.
ARGUMENT_SCALES = {1.0: 0, 0.5: 1, 2.0: 1, np.pi: 1, 2 * np.pi: 1, 1 / (2 * np.pi): 2}
SUM_SCALES = {1.0: 0, -1.0: 0, 2.0: 1, -2.0: 1, 0.5: 1, -0.5: 1}
# A rule makes at most so many columns of one cost.
MOST_NEW = 3000
DEGREE, DEGREE_WITHOUT_UNITS = 6, 5
MOST_MONOMIALS = 6000


@dataclass
class Block:
    """Columns `(n_columns, n_rows)` of one kind, with their costs; `parts[i]` says what column `i` is made of."""

    values: Floats
    costs: Ids
    parts: list[tuple[Any, ...]]
    known: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def empty(cls, n_rows: int) -> Block:
        return cls(np.zeros((0, n_rows)), np.zeros(0, dtype=np.int64), [])

    def __len__(self) -> int:
        return len(self.parts)

    def of_cost(self, cost: int) -> Ids:
        return np.flatnonzero(self.costs == cost)

    @cached_property
    def probes(self) -> Floats:
        return np.random.default_rng(0).normal(size=(self.values.shape[1], 2))

    def add(self, values: Floats, cost: int, parts: Sequence[tuple[Any, ...]], constant: bool = False) -> None:
        """Takes in the columns that are new and finite, and not constant unless that is asked for."""
        with np.errstate(all="ignore"):
            size = np.linalg.norm(values, axis=1)
            good = np.isfinite(size) & (size > 0)
            if not constant:
                good &= np.ptp(values, axis=1) > 1e-9 * np.abs(values).max(axis=1)
            keys = np.round(values @ self.probes / size[:, None] * 1e9)
        fresh = []
        for i in np.flatnonzero(good).tolist():
            key = (int(keys[i, 0]), int(keys[i, 1]))
            if key not in self.known:
                self.known.add(key)
                fresh.append(i)
        self.values = np.concatenate([self.values, values[fresh]])
        self.costs = np.concatenate([self.costs, np.full(len(fresh), cost, dtype=np.int64)])
        self.parts += [parts[i] for i in fresh]

    def term(self, i: int) -> Term:
        """The column as a term."""
        match self.parts[i]:
            case ("monomial", powers):
                return Term(1.0, powers)
            case ("apply", word, scale, block, j):
                return as_term(Form((block.term(j).times(scale),), word))
            case ("sum", *parts):
                return as_term(Form(tuple(block.term(j).times(scale) for scale, block, j in parts)))
            case ("product", (block, j), (other, k)):
                return block.term(j).times_term(other.term(k))
            case ("power", block, j, power):
                return block.term(j).raised(power)
        raise AssertionError(self.parts[i])


def as_term(form: Form) -> Term:
    width = len(form.terms[0].powers)
    return Term(1.0, (Fraction(0),) * width, ((form, ONE),))


class Columns:
    """The bank of a task with `logs` and `signs` of its inputs, `(n_inputs, n_rows)`, grown to a cost."""

    def __init__(self, logs: Floats, signs: Floats, dimensions: Floats, words: Sequence[Primitive]):
        self.logs, self.signs, self.dimensions, self.words = logs, signs, dimensions, words
        self.n_inputs, self.n_rows = logs.shape
        degree = DEGREE if dimensions.shape[1] else DEGREE_WITHOUT_UNITS
        while len(monomials.exponents(self.n_inputs, degree, DEGREE)) > 20 * MOST_MONOMIALS:
            degree -= 1
        self.powers = monomials.exponents(self.n_inputs, degree, DEGREE)
        self.without = np.zeros(dimensions.shape[1])
        self.plain: dict[tuple[float, ...], Block] = {}
        self.terms: dict[tuple[float, ...], Block] = {}
        self.grown: dict[tuple[float, ...], int] = {}
        self.one = Block(
            np.ones((1, self.n_rows)), np.zeros(1, dtype=np.int64), [("monomial", self._fractions([0] * self.n_inputs))]
        )
        self.atoms, self.sums, self.factors = (Block.empty(self.n_rows) for _ in range(3))
        self.cost = 0

    def _fractions(self, powers: Sequence[float]) -> tuple[Fraction, ...]:
        return tuple(Fraction(p).limit_denominator(4) for p in powers)

    def monomials_of(self, dimension: Floats) -> Block:
        """The products of powers of the inputs of one dimension, the simplest first."""
        key = tuple(dimension.tolist())
        if key not in self.plain:
            block = Block.empty(self.n_rows)
            found = monomials.of_dimension(self.powers, self.dimensions, dimension).astype(float)
            double = monomials.of_dimension(self.powers, self.dimensions, 2 * dimension)
            roots = double[(double % 2 != 0).any(axis=1)] / 2
            every = np.concatenate([found, roots])
            every = every[(every != 0).any(axis=1)]
            costs = self.costs_of(every, dimension)
            order = np.argsort(costs, kind="stable")[:MOST_MONOMIALS]
            with np.errstate(all="ignore"):
                values = monomials.values(every[order], self.logs, self.signs)
            for cost in np.unique(costs[order]).tolist():
                of_cost = np.flatnonzero(costs[order] == cost)
                block.add(
                    values[of_cost], cost, [("monomial", self._fractions(every[order[i]].tolist())) for i in of_cost]
                )
            self.plain[key] = block
        return self.plain[key]

    def costs_of(self, powers: Floats, dimension: Floats) -> Ids:
        """What monomials of a dimension cost: in inputs, or in groups without dimension where that is less."""
        costs = monomial_costs(powers)
        if not self.dimensions.shape[1] or not len(powers):
            return costs
        groups = self.groups
        if not len(groups):
            return costs
        inverse = np.linalg.pinv(groups.astype(float))
        bases = [np.zeros(self.n_inputs)] if not dimension.any() else powers[np.argsort(costs, kind="stable")[:3]]
        for base in bases:
            coordinates = np.round((powers - base) @ inverse * 2) / 2
            in_groups = np.where((powers == base).all(axis=1), 0, monomial_costs(coordinates)) + int(dimension.any())
            costs = np.minimum(costs, in_groups)
        return np.maximum(costs, 1)

    @cached_property
    def groups(self) -> Floats:
        """The simplest independent monomials without dimension, `(n_groups, n_inputs)`."""
        found = monomials.of_dimension(self.powers, self.dimensions, self.without)[1:]
        order = np.argsort(np.abs(found).sum(axis=1) + (found < 0).sum(axis=1) / 100, kind="stable")
        rank = self.n_inputs - np.linalg.matrix_rank(self.dimensions)
        chosen: list[Any] = []
        for i in order:
            if len(chosen) == rank:
                break
            if np.linalg.matrix_rank(np.array([*chosen, found[i]])) > len(chosen):
                chosen.append(found[i])
        return np.array(chosen, dtype=float).reshape(len(chosen), self.n_inputs)

    @property
    def free(self) -> Block:
        """The products of powers of the inputs that have no dimension."""
        return self.monomials_of(self.without)

    def __len__(self) -> int:
        return sum(map(len, (self.atoms, self.sums, self.factors, *self.terms.values())))

    def grow(self) -> None:
        """All columns of the next cost."""
        self.cost += 1
        self._grow_sums(self.cost)
        self._grow_atoms(self.cost)
        self._grow_factors(self.cost)

    def _grow_sums(self, cost: int) -> None:
        """Sums of two products without dimension, for arguments of words: `m + n` and `m - n`."""
        block = self.free
        for left in range(1, cost - 1):
            right = cost - 1 - left
            if left > right:
                break
            first, second = pairs(block.of_cost(left), block.of_cost(right), MOST_NEW)
            first, second = first[first != second], second[first != second]
            for sign in (1.0, -1.0):
                values = block.values[first] + sign * block.values[second]
                parts = [
                    ("sum", (1.0, block, i), (sign, block, j))
                    for i, j in zip(first.tolist(), second.tolist(), strict=True)
                ]
                self.sums.add(values, cost, parts)

    def _grow_atoms(self, cost: int) -> None:
        """Words applied to products and sums without dimension, and squares of such."""
        for arguments in (self.free, self.sums):
            for scale, price in ARGUMENT_SCALES.items():
                if arguments is self.sums and price > 1:
                    continue
                for word in self.words:
                    ids = arguments.of_cost(cost - (word.cost - 2) - price)[: MOST_NEW // len(self.words)]
                    if not len(ids):
                        continue
                    with np.errstate(all="ignore"):
                        values = applied(word, arguments.values[ids] * scale)
                    self.atoms.add(values, cost, [("apply", word, scale, arguments, i) for i in ids.tolist()])
        ids = np.array([i for i in self.atoms.of_cost(cost - 1) if self.atoms.parts[i][0] == "apply"], dtype=np.int64)
        self.atoms.add(self.atoms.values[ids] ** 2, cost, [("power", self.atoms, i, Fraction(2)) for i in ids.tolist()])
        self.atoms.add(
            1 / np.where(self.atoms.values[ids] == 0, np.nan, self.atoms.values[ids]),
            cost,
            [("power", self.atoms, i, Fraction(-1)) for i in ids.tolist()],
        )

    def terms_of(self, dimension: Floats, cost: int) -> Block:
        """The terms of a dimension that cost at most so much."""
        key = tuple(dimension.tolist())
        block = self.terms.setdefault(key, Block.empty(self.n_rows))
        for c in range(self.grown.get(key, 0) + 1, cost + 1):
            plain = self.monomials_of(dimension)
            ids = plain.of_cost(c)
            block.add(plain.values[ids], c, [plain.parts[i] for i in ids.tolist()])
            if not dimension.any():
                ids = self.atoms.of_cost(c)
                block.add(self.atoms.values[ids], c, [self.atoms.parts[i] for i in ids.tolist()])
            for left in range(1, c):
                first, second = pairs(plain.of_cost(left), self.atoms.of_cost(c - left), MOST_NEW // 2)
                values = plain.values[first] * self.atoms.values[second]
                parts = [
                    ("product", (plain, i), (self.atoms, j))
                    for i, j in zip(first.tolist(), second.tolist(), strict=True)
                ]
                block.add(values, c, parts)
            self.grown[key] = c
        return block

    def _grow_factors(self, cost: int) -> None:
        """Atoms, and sums of 1 with one or two terms."""
        apply = [i for i in self.atoms.of_cost(cost) if self.atoms.parts[i][0] == "apply"]
        self.factors.add(self.atoms.values[apply], cost, [self.atoms.parts[i] for i in apply])
        terms = self.terms_of(self.without, cost - 1)
        for scale, price in SUM_SCALES.items():
            ids = terms.of_cost(cost - 1 - price)[:MOST_NEW]
            parts = [("sum", (1.0, self.one, 0), (scale, terms, i)) for i in ids.tolist()]
            self.factors.add(1 + scale * terms.values[ids], cost, parts)
        for left in range(1, cost - 1):
            right = cost - 1 - left
            if left > right:
                break
            first, second = pairs(terms.of_cost(left), terms.of_cost(right), MOST_NEW // 4)
            first, second = first[first != second], second[first != second]
            for a in (1.0, -1.0):
                for b in (1.0, -1.0):
                    values = 1 + a * terms.values[first] + b * terms.values[second]
                    parts = [
                        ("sum", (1.0, self.one, 0), (a, terms, i), (b, terms, j))
                        for i, j in zip(first.tolist(), second.tolist(), strict=True)
                    ]
                    self.factors.add(values, cost, parts)

    def exponents(self, cost: int) -> Block:
        """What may stand in an exponent: terms without dimension, sums, and squares of sums."""
        block = Block.empty(self.n_rows)
        for c in range(1, cost + 1):
            ids = self.free.of_cost(c)
            block.add(self.free.values[ids], c, [self.free.parts[i] for i in ids.tolist()])
            ids = self.sums.of_cost(c)
            block.add(self.sums.values[ids], c, [self.sums.parts[i] for i in ids.tolist()])
            ids = self.sums.of_cost(c - 1)
            block.add(self.sums.values[ids] ** 2, c, [("power", self.sums, i, Fraction(2)) for i in ids.tolist()])
        return block


def monomial_costs(powers: Floats) -> Ids:
    """One for each input, and more for powers: `x` costs 1, `x / y` 2, `x**2` 2, `x**2 / y**2` 3."""
    size = np.abs(powers)
    used = (size > 0).sum(axis=1)
    common = np.array([np.gcd.reduce((2 * row).astype(np.int64)) / 2 for row in size]) if len(size) else np.zeros(0)
    reduced = size / np.where(common > 0, common, 1)[:, None]
    costs = used + np.maximum(reduced - 1, 0).sum(axis=1) + (common != 1) + np.maximum(common - 2, 0)
    return np.ceil(costs).astype(np.int64)


def pairs(first: Ids, second: Ids, most: int) -> tuple[Ids, Ids]:
    """Every pair of one of the first and one of the second, at most so many, those of the simplest first."""
    if len(first) * len(second) > most:
        share = max(1, int(np.sqrt(most)))
        first, second = (
            first[: max(share, most // max(1, len(second)))],
            second[: max(share, most // max(1, len(first)))],
        )
    return np.repeat(first, len(second))[:most], np.tile(second, len(first))[:most]
