"""Cases: a program completed with a constant that says what belongs to each of its values.

Where what is wanted depends on a few values, or on the range of a number, the examples are the table: a language says
which tables it can write, and the cheapest programs are tried as what decides.
"""

from __future__ import annotations

import numpy as np

from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search

class Cases(Move):
    """Completes the programs of some costs, for the goal of the task and what it is made of."""

    def __init__(self, search: Search):
        super().__init__(search)
        self.cases = self.vocabulary.language.possible_cases

    def step(self, goal: Goal, costs: range) -> Found:
        if goal.parent is not None or goal.bank is not self.search.root or len(goal.rows) < 2:
            return
        open_rows = np.setdiff1d(np.arange(goal.bank.rows), goal.rows)
        for cases in self.cases:
            store = goal.bank.stores.get(cases.argument)
            if cases.result != goal.type or store is None:
                continue
            start, end = store.between(range(costs.start, min(costs.stop, cases.dearest + 1)))
            values = self.vocabulary.values.table(cases.argument).values
            outputs = self.vocabulary.values.table(goal.type).values
            wanted = [outputs[i] for i in goal.wanted.tolist()]
            for index in range(start, min(end, start + cases.most)):
                if not store.uses[index]:
                    continue
                row = store.ids[index]
                given, others = ([values[i] for i in row[rows].tolist()] for rows in (goal.rows, open_rows))
                if all(v is not None for v in given):
                    for constants in cases.solve(given, wanted, others):
                        if (expr := cases.build(goal.bank.expr(cases.argument, index), *constants)) is not None:
                            yield expr
