"""Cases: a program completed with constants that all examples tell at once.

Where what is wanted depends on a few values, on the range of a number, or is a number on another scale, the examples
are the table: a language says which tables it can write, and the cheapest programs are tried as what decides. What is
so completed may be all that is wanted, or a portion of it that the language points out, or a condition that tells some
rows from others, which then is a program of the bank like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from extrapolate.core import language
from extrapolate.core.expression import Expr, cost
from extrapolate.core.types import BOOL
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search


class Cases(Move):
    """Completes the programs of some costs, for the goal of the task and for portions of it."""

    def __init__(self, search: Search):
        super().__init__(search)
        self.cases = self.vocabulary.language.possible_cases
        self.portions: list[Sequence[Any]] = []
        self.conditions: dict[Expr, None] = {}

    def start(self, goal: Goal) -> Found:
        portions = self.vocabulary.language.portions
        if goal is self.search.goal and portions is not None and len(goal.rows) > 1:
            labelled = [row for row in self.search.rows if row.output is not None]
            self.portions = list(portions(labelled))
        yield from ()

    def step(self, goal: Goal, costs: range) -> Found:
        if goal is not self.search.goal or len(goal.rows) < 2:
            return
        outputs = self.vocabulary.values.table(goal.type).values
        wanted = [outputs[i] for i in goal.wanted.tolist()]
        for cases in self.cases:
            if cases.result == goal.type:
                yield from self.completed(goal, cases, wanted, costs)
                # What leaves open what it has not met is no portion where no row shows that it is met again.
                portions = self.portions if not cases.is_open or self.search.open_rows else []
                for portion in portions:
                    for expr in self.completed(goal, cases, portion, costs):
                        self.search.adopt(expr)
            elif cases.result == BOOL:
                self.conditions |= dict.fromkeys(self.completed(goal, cases, goal.wanted.tolist(), costs))

    def finish(self, goal: Goal) -> Found:
        """Conditions become programs of the bank when their cost is reached."""
        if goal is self.search.goal:
            for expr in [e for e in self.conditions if cost(e, self.vocabulary.costs) <= self.search.level]:
                del self.conditions[expr]
                self.search.adopt(expr)
        yield from ()

    def completed(self, goal: Goal, cases: language.Cases, wanted: Sequence[Any], costs: range) -> Iterator[Expr]:
        """The programs of some costs completed to give what is wanted on the rows of the goal."""
        store = goal.bank.stores.get(cases.argument)
        if store is None:
            return
        open_rows = np.setdiff1d(np.arange(goal.bank.rows), goal.rows)
        values = self.vocabulary.values.table(cases.argument).values
        start, end = store.between(range(costs.start, min(costs.stop, cases.dearest + 1)))
        for index in range(start, min(end, start + cases.most)):
            if not store.uses[index]:
                continue
            row = store.ids[index]
            given, others = ([values[i] for i in row[rows].tolist()] for rows in (goal.rows, open_rows))
            if all(v is not None for v in given):
                for constants in cases.solve(given, wanted, others):
                    expr = cases.build(goal.bank.expr(cases.argument, index), *constants)
                    if expr is not None:
                        yield expr
