"""Branches: programs right on some rows, joined by conditions that tell those rows from the others.

For every condition in the bank, the cheapest program that covers the rows where it holds and the cheapest for the rest
are found at once, by two products of Boolean matrices. Where no single condition will do, the rows left over by the
best ones are split again (divide and conquer over a decision tree; Alur, Radhakrishna and Udupa, TACAS 2017).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import CHOICE_COST, Choose, Expr, literal_cost
from extrapolate.core.types import BOOL
from extrapolate.search.goal import Cover, Goal
from extrapolate.search.move import Found, Move
from extrapolate.search.rank import FEWEST_OPEN, WEIGHTS

MOST_COVERS = 400
MOST_CONDITIONS = 3000
MOST_CONSTANT_COST = 10
LONELY_COST = 8
SECOND_SPLITS = 40
# Three branches are looked for where there are so many rows.
FEWEST_OF_THREE = 4
# Of conditions that tell the same examples apart, but not the same open rows, so many are tried.
MOST_ALIKE = 3
# What a condition costs more that is the same on all open rows.
IDLE_COST = WEIGHTS["one answer"]

Matrix = NDArray[np.float32]


# When choices are first looked for, and the least that one costs.
FIRST_LEVEL, CHEAPEST_CHOICE = 3, CHOICE_COST + 5
# From when on, if nothing else is found, a constant may stand for a single row.
LONELY_LEVEL = 11
MOST_CHOICES = 6


class Branch(Move):
    """Choices between programs that are right on some of the rows."""

    def step(self, goal: Goal, costs: range) -> Found:
        note_covers(goal, costs)
        yield from ()

    def finish(self, goal: Goal) -> Found:
        search = self.search
        if goal is search.goal and search.level >= LONELY_LEVEL and not search.solutions:
            note_constants(goal, 1)
        is_open = not goal.solved or goal is search.goal
        if search.level >= FIRST_LEVEL and is_open and self.affords(goal, CHEAPEST_CHOICE):
            yield from branches(goal, MOST_CHOICES)


def note_covers(goal: Goal, costs: range) -> None:
    """Remembers, for each set of rows, the cheapest program of some costs that is right on just those rows."""
    store = goal.bank.stores.get(goal.type)
    if store is None:
        return
    start, end = store.between(costs)
    right = store.ids[start:end][:, goal.rows] == goal.wanted
    indices = np.flatnonzero(right.any(axis=1))
    if not len(indices):
        return
    _, first = np.unique(np.packbits(right[indices], axis=1), axis=0, return_index=True)
    for at in first.tolist():
        program = start + int(indices[at])
        goal.cover(right[indices[at]], Cover(int(store.cost[program]), program))


def note_constants(goal: Goal, least: int = 2) -> None:
    """A value wanted in several rows, at least so many, is a branch that needs no program."""
    ids, counts = np.unique(goal.wanted, return_counts=True)
    table = goal.bank.values.table(goal.type)
    for i, n in zip(ids.tolist(), counts.tolist(), strict=True):
        if least <= n < len(goal.rows):
            literal = table.literal(i)
            price = literal_cost(literal)
            if price <= MOST_CONSTANT_COST:
                goal.cover(goal.wanted == i, Cover(price + LONELY_COST * (n == 1), literal))


def branches(goal: Goal, most: int) -> Iterator[Expr]:
    """Choices that give the goal, cheapest first."""
    if len(goal.covers) < 2 or len(goal.rows) < 2:
        return
    goal.bank.meter.try_(0)
    split = Split(goal)
    if split.possible:
        yield from split.solutions(most)


class Split:
    """The covers and the conditions of one goal as matrices with a column a row."""

    def __init__(self, goal: Goal):
        self.goal = goal
        n = len(goal.rows)
        covers = goal.most_covering(MOST_COVERS)
        bits = np.frombuffer(b"".join(c for c, _ in covers), dtype=np.uint8).reshape(len(covers), -1)
        self.covers: Matrix = np.unpackbits(bits, axis=1, count=n).astype(np.float32)
        self.programs = [programs for _, programs in covers]
        self.costs = np.array([programs[0].cost for programs in self.programs], dtype=np.float64)
        self.conditions, self.tests, self.test_costs = self._conditions()

    @property
    def possible(self) -> bool:
        return len(self.tests) > 0 and bool(self.covers.any(axis=0).all())

    def _conditions(self) -> tuple[Matrix, NDArray[np.intp], NDArray[np.float64]]:
        """Where the conditions hold that differ on some row, open ones too, which they are, and what they cost."""
        goal = self.goal
        store = goal.bank.stores.get(BOOL)
        true = goal.bank.values.table(BOOL).find(True)
        if store is None or true is None:
            return np.zeros((0, len(goal.rows)), dtype=np.float32), np.zeros(0, dtype=np.intp), np.zeros(0)
        every = store.ids[: min(store.n, 20 * MOST_CONDITIONS)]
        ids = every[:, goal.rows]
        holds = ids == true
        tells = np.flatnonzero((ids != 0).all(axis=1) & holds.any(axis=1) & ~holds.all(axis=1))
        elsewhere = np.delete(every[tells], goal.rows, axis=1)
        patterns = np.concatenate([holds[tells], elsewhere == true, elsewhere == 0], axis=1)
        _, first = np.unique(np.packbits(patterns, axis=1), axis=0, return_index=True)
        kept = np.sort(first)[:MOST_CONDITIONS]
        idle = (elsewhere[kept] == elsewhere[kept, :1]).all(axis=1) if elsewhere.shape[1] >= FEWEST_OPEN else False
        kept = tells[kept]
        return holds[kept].astype(np.float32), kept, store.cost[kept] + IDLE_COST * np.asarray(idle, dtype=np.float64)

    def best(self, rows: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """For each condition, cost and cover of the cheapest program right where it holds among the rows.

        O(covers * conditions * rows), as one matrix product.
        """
        wrong = (1 - self.covers[:, rows]) @ self.conditions[:, rows].T
        costs = np.where(wrong == 0, self.costs[:, None], np.inf)
        at = costs.argmin(axis=0)
        return costs[at, np.arange(len(at))], at

    def two(self, rows: NDArray[np.bool_]) -> list[tuple[float, int, int, int]]:
        """The ways to cover the rows by one condition: `(cost, condition, cover where it holds, cover elsewhere)`."""
        then_costs, then = self.best(rows)
        holds = self.conditions
        self.conditions = 1 - holds
        else_costs, otherwise = self.best(rows)
        self.conditions = holds
        count = holds[:, rows].sum(axis=1)
        lonely = (count == 1) | (count == rows.sum() - 1)
        splits = (count > 0) & (count < rows.sum())
        total = CHOICE_COST + self.test_costs + then_costs + else_costs + LONELY_COST * lonely
        total[~splits | (then == otherwise)] = np.inf
        order = self.apart(np.argsort(total, kind="stable"), MOST_ALIKE)
        chosen = itertools.islice((i for i in order if np.isfinite(total[i])), MOST_CHOICES)
        return [(float(total[i]), i, int(then[i]), int(otherwise[i])) for i in chosen]

    def apart(self, order: NDArray[np.intp], most: int) -> Iterator[int]:
        """Conditions in some order, of those that tell the same examples apart at most so many."""
        seen: Counter[bytes] = Counter()
        for i in order.tolist():
            pattern = self.conditions[i].tobytes()
            seen[pattern] += 1
            if seen[pattern] <= most:
                yield i

    def solutions(self, most: int) -> Iterator[Expr]:
        everywhere = np.ones(len(self.goal.rows), dtype=bool)
        found = self.two(everywhere)
        for _, test, then, otherwise in found[:most]:
            for pair in itertools.product(self.programs[then], self.programs[otherwise]):
                yield Choose(self.test(test), *(cover.expr(self.goal) for cover in pair))
        if not found and len(everywhere) >= FEWEST_OF_THREE:
            yield from self.three(everywhere, most)

    def three(self, rows: NDArray[np.bool_], most: int) -> Iterator[Expr]:
        """Two conditions, one after the other."""
        costs, then = self.best(rows)
        count = self.conditions[:, rows].sum(axis=1)
        costs = costs + self.test_costs + CHOICE_COST + LONELY_COST * (count == 1)
        order = self.apart(np.lexsort((costs, -count)), 1)
        found = []
        firsts = (i for i in order if np.isfinite(costs[i]) and count[i] > 0)
        for first in itertools.islice(firsts, SECOND_SPLITS):
            rest = rows & (self.conditions[first] == 0)
            for total, test, second, third in self.two(rest)[:1]:
                found.append((float(costs[first]) + total, first, int(then[first]), test, second, third))
        for _, first, a, test, b, c in sorted(found)[:most]:
            inner = Choose(self.test(test), self.program(b), self.program(c))
            yield Choose(self.test(first), self.program(a), inner)

    def test(self, i: int) -> Expr:
        return self.goal.bank.expr(BOOL, int(self.tests[i]))

    def program(self, i: int) -> Expr:
        """The cheapest program of a set of rows."""
        return self.programs[i][0].expr(self.goal)
