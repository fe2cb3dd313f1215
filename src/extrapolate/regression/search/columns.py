"""The bank: columns that laws are made of, grown by cost.

    terms        products of powers of the inputs, alone or times an atom
    atoms        a word applied to a product without dimension, or to a sum of two
    factors      atoms, and sums that begin with 1: 1 + t, 1 - t, 1 + t - u
    exponents    what may stand in an exponential: products, sums of two, and their squares

A law is a sum of few terms, or powers of the inputs times powers of factors; `spans.py` finds which. That sums begin
with 1 loses nothing, as a power of the inputs can always be taken out of a sum.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.word import Primitive
from extrapolate.regression.search import monomials, rates
from extrapolate.regression.search.block import Block, Monomial, applied_to, power_of, product_of, sum_of
from extrapolate.regression.search.form import applied
from extrapolate.regression.search.logarithms import Logarithms
from extrapolate.regression.search.measurements import Measurements

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

# Constants that may stand in an argument or before a term of a sum, and what they cost.
ARGUMENT_SCALES = {1.0: 0, 0.5: 1, 2.0: 1, np.pi: 1, 2 * np.pi: 1, 1 / (2 * np.pi): 2}
SUM_SCALES = {1.0: 0, -1.0: 0, 2.0: 1, -2.0: 1, 0.5: 1, -0.5: 1}
# What may stand before a product that is added to 1 under a fraction, and what such a fraction costs.
SATURATING, PRICE_OF_A_SATURATION, MOST_SATURATIONS = {1.0: 0, 0.5: 1, 2.0: 1}, 1, 100
ROWS_OF_SATURATIONS = 20
# Sums are arguments with no constants but those.
DEAREST_SCALE_OF_SUMS = 1
# A rule makes at most so many columns of one cost.
MOST_NEW, MOST_PRODUCTS, MOST_TRIPLES = 3000, 1500, 750
# How much two products of a sum may have in common.
MOST_COMMON = 2
# The largest sum of powers, with units (which leave few products) and without.
DEGREE, DEGREE_WITHOUT_UNITS = 6, 5
MOST_POWERS, MOST_MONOMIALS = 120_000, 6000
BASES = 3
# Rates are looked for without units and with few inputs, or groups of such.
MOST_WITH_RATES, PRICE_OF_A_RATE = 3, 2
Key = tuple[float, ...]


class Columns:
    """The bank of some measurements, with all columns of at most `cost`."""

    def __init__(self, m: Measurements, words: Sequence[Primitive], degree: int | None = None):
        self.m, self.words = m, words
        degree = degree or (DEGREE if m.has_units else DEGREE_WITHOUT_UNITS)
        while monomials.count(m.n_inputs, degree) > MOST_POWERS:
            degree -= 1
        self.powers = monomials.exponents(m.n_inputs, degree)
        self.none = np.zeros(m.dimensions.shape[1])
        self.one = Block.ones(m.n_inputs, m.n_rows)
        self.atoms, self.raised, self.sums, self.factors, self.exponents = (Block.empty(m.n_rows) for _ in range(5))
        self.products: dict[Key, Block] = {}
        self.terms: dict[Key, tuple[Block, int]] = {}
        self.logarithms = Logarithms.of(self.factors, self.exponents)
        self.cost = 0

    def __len__(self) -> int:
        blocks = (self.atoms, self.raised, self.sums, self.factors, self.exponents, *self.products.values())
        return sum(map(len, (*blocks, *(block for block, _ in self.terms.values()))))

    def grow(self) -> None:
        """All columns of the next cost."""
        self.cost += 1
        self.grow_sums()
        self.grow_atoms()
        self.grow_factors()
        self.grow_exponents()
        self.logarithms = Logarithms.of(self.factors, self.exponents)

    def products_of(self, dimension: Floats) -> Block:
        """The products of powers of the inputs of one dimension, the cheapest first."""
        key = tuple(dimension.tolist())
        if key not in self.products:
            whole = monomials.of_dimension(self.powers, self.m.dimensions, dimension)
            double = monomials.of_dimension(self.powers, self.m.dimensions, 2 * dimension)
            roots = double[(double % 2 != 0).any(axis=1)] / 2
            every = np.concatenate([whole.astype(np.float64), roots])
            every = every[(every != 0).any(axis=1)]
            costs = self.costs_of(every, dimension)
            order = np.argsort(costs, kind="stable")[:MOST_MONOMIALS]
            every, costs = every[order], costs[order]
            with np.errstate(all="ignore"):
                values = monomials.values(every, self.m.logs, self.m.signs)
            block = self.products[key] = Block.empty(self.m.n_rows)
            for cost in np.unique(costs).tolist():
                ids = np.flatnonzero(costs == cost)
                block.add(values[ids], cost, [Monomial(powers) for powers in every[ids].tolist()])
        return self.products[key]

    @property
    def free(self) -> Block:
        """The products without dimension."""
        return self.products_of(self.none)

    @cached_property
    def free_powers(self) -> Floats:
        """The powers of the products without dimension, `(n_products, n_inputs)`."""
        powers = [part.powers for part in self.free.parts if isinstance(part, Monomial)]
        return np.array(powers, dtype=np.float64).reshape(len(powers), self.m.n_inputs)

    def terms_of(self, dimension: Floats, cost: int) -> Block:
        """The terms of a dimension that cost at most so much."""
        key = tuple(dimension.tolist())
        block, done = self.terms.get(key, (Block.empty(self.m.n_rows), 0))
        products = self.products_of(dimension)
        for c in range(done + 1, cost + 1):
            block.take(products, products.of_cost(c), c)
            for atoms in (self.atoms, self.raised):
                if not dimension.any():
                    block.take(atoms, atoms.of_cost(c), c)
                for left in range(1, c):
                    i, j = pairs(products.of_cost(left), atoms.of_cost(c - left), MOST_PRODUCTS)
                    parts = map(product_of, products.some(i), atoms.some(j))
                    block.add(products.values[i] * atoms.values[j], c, parts)
        self.terms[key] = block, max(done, cost)
        return block

    def grow_sums(self) -> None:
        """Sums and differences of two products without dimension; what they have in common costs once."""
        products = self.free
        for left, right in itertools.chain(*(split(self.cost - 1 + common) for common in range(MOST_COMMON + 1))):
            i, j = unequal(*pairs(products.of_cost(left), products.of_cost(right), MOST_NEW))
            exact = self.costs_of_sums(i, j) == self.cost
            i, j = i[exact], j[exact]
            for sign in (1.0, -1.0):
                values = products.values[i] + sign * products.values[j]
                parts = zip(products.some(i), products.some(j), strict=True)
                self.sums.add(values, self.cost, [sum_of((1.0, a), (sign, b)) for a, b in parts])

    def costs_of_sums(self, i: Ids, j: Ids) -> Ids:
        """What sums of products cost when what both have in common is taken out: `t * (u - v)` for `t * u - t * v`."""
        first, second = self.free_powers[i], self.free_powers[j]
        shared = np.where(first * second > 0, np.sign(first) * np.minimum(np.abs(first), np.abs(second)), 0.0)
        taken_out = sum(map(monomials.costs, (shared, first - shared, second - shared)))
        costs: Ids = np.minimum(self.free.costs[i] + self.free.costs[j], taken_out) + 1
        return costs

    def grow_atoms(self) -> None:
        """Words applied to products and sums, where that is no product; squares and reciprocals of such."""
        self.atoms.known |= self.free.known
        for arguments, (scale, price) in itertools.product((self.free, self.sums), ARGUMENT_SCALES.items()):
            if arguments is self.sums and price > DEAREST_SCALE_OF_SUMS:
                continue
            for word in self.words:
                ids = arguments.of_cost(self.cost - (word.cost - 2) - price)[: MOST_NEW // len(self.words)]
                if len(ids):
                    values = applied(word, arguments.values[ids] * scale)
                    self.atoms.add(values, self.cost, [applied_to(word, scale, p) for p in arguments.some(ids)])
        if len(self.m.groups) <= MOST_WITH_RATES and self.m.has_rates:
            self.grow_rates()
            if self.m.n_rows >= ROWS_OF_SATURATIONS:
                self.grow_saturations()
        ids = self.atoms.of_cost(self.cost - 1)
        for power in (2, -1):
            with np.errstate(all="ignore"):
                values = self.atoms.values[ids] ** float(power)
            self.raised.add(values, self.cost, [power_of(p, power) for p in self.atoms.some(ids)])

    def grow_saturations(self) -> None:
        """What 1 is divided by 1 and a product: `1 / (1 + x)`."""
        for scale, price in SATURATING.items():
            ids = self.free.of_cost(self.cost - PRICE_OF_A_SATURATION - price)[:MOST_SATURATIONS]
            with np.errstate(all="ignore"):
                values = 1 / (1 + scale * self.free.values[ids])
            one = self.one.parts[0]
            parts = [power_of(sum_of((1.0, one), (scale, p)), -1) for p in self.free.some(ids)]
            self.atoms.add(values, self.cost, parts)

    def grow_rates(self) -> None:
        """Words applied to the plainest products times a rate that suits their range: decays, waves, saturations."""
        for word in self.words:
            ids = self.free.of_cost(self.cost - (word.cost - 2) - PRICE_OF_A_RATE)
            for i in ids[self.free.costs[ids] == 1].tolist():
                argument, part = self.free.values[i], self.free.parts[i]
                found = rates.suited(word, argument, self.m)
                values = applied(word, found[:, None] * argument)
                self.atoms.add(values, self.cost, [applied_to(word, rate, part) for rate in found.tolist()])

    def grow_factors(self) -> None:
        """Atoms, and sums of 1 with one or two terms."""
        self.factors.take(self.atoms, self.atoms.of_cost(self.cost), self.cost)
        terms, one = self.terms_of(self.none, self.cost - 1), self.one.parts[0]
        for scale, price in SUM_SCALES.items():
            ids = terms.of_cost(self.cost - 1 - price)[:MOST_NEW]
            parts = [sum_of((1.0, one), (scale, p)) for p in terms.some(ids)]
            self.factors.add(1 + scale * terms.values[ids], self.cost, parts)
        for left, right in split(self.cost - 1):
            i, j = unequal(*pairs(terms.of_cost(left), terms.of_cost(right), MOST_TRIPLES))
            for a, b in itertools.product((1.0, -1.0), repeat=2):
                parts = [sum_of((1.0, one), (a, p), (b, q)) for p, q in zip(terms.some(i), terms.some(j), strict=True)]
                self.factors.add(1 + a * terms.values[i] + b * terms.values[j], self.cost, parts)

    def grow_exponents(self) -> None:
        self.exponents.take(self.free, self.free.of_cost(self.cost), self.cost)
        self.exponents.take(self.sums, self.sums.of_cost(self.cost), self.cost)
        ids = self.sums.of_cost(self.cost - 1)
        self.exponents.add(self.sums.values[ids] ** 2, self.cost, [power_of(p, 2) for p in self.sums.some(ids)])

    def costs_of(self, powers: Floats, dimension: Floats) -> Ids:
        """What products of a dimension cost: by their inputs, or by groups without dimension where that is less."""
        costs = monomials.costs(powers)
        if not self.m.has_units or not len(powers) or not len(self.groups):
            return costs
        inverse = np.asarray(np.linalg.pinv(self.groups), dtype=np.float64)
        has_dimension = bool(dimension.any())
        bases = powers[np.argsort(costs, kind="stable")[:BASES]] if has_dimension else np.zeros((1, powers.shape[1]))
        for base in bases:
            in_groups = monomials.costs(np.round((powers - base) @ inverse * 2) / 2) + has_dimension
            costs = np.minimum(costs, in_groups)
        return np.maximum(costs, 1)

    @cached_property
    def groups(self) -> Floats:
        """The simplest independent products without dimension, `(n_groups, n_inputs)` (Buckingham's groups)."""
        found = monomials.of_dimension(self.powers, self.m.dimensions, self.none)[1:]
        wanted = self.m.n_inputs - int(np.linalg.matrix_rank(self.m.dimensions))
        chosen = np.zeros((0, self.m.n_inputs))
        for row in found:
            if len(chosen) == wanted:
                break
            more = np.concatenate([chosen, row[None]])
            if np.linalg.matrix_rank(more) > len(chosen):
                chosen = more
        return chosen


def split(cost: int) -> Iterator[tuple[int, int]]:
    """The pairs of costs that add up to one, the smaller first."""
    return ((left, cost - left) for left in range(1, cost // 2 + 1))


def pairs(first: Ids, second: Ids, most: int) -> tuple[Ids, Ids]:
    """Every pair of one of the first and one of the second; where that is too much, pairs of the first of both."""
    if len(first) * len(second) > most:
        share = int(np.sqrt(most))
        long, short = max(len(first), len(second)), min(len(first), len(second))
        kept = share if short > share else most // max(1, short)
        first, second = first[: min(long, kept)], second[: min(long, kept)]
    return np.repeat(first, len(second)), np.tile(second, len(first))


def unequal(first: Ids, second: Ids) -> tuple[Ids, Ids]:
    different = first != second
    return first[different], second[different]
