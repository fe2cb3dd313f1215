"""Parts: a wanted value whose parts are wanted each for itself, as the fields of a record or the parts of a vector.

Where a word's result tells all its arguments, a goal for the word is a goal for each of them. Once each has a program,
the word is applied to the best of each; what they share is written once when the program is printed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from extrapolate.core.expression import Expr, cost
from extrapolate.core.language import Instance
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move

# Of so many programs for each part the ways to combine them are tried, at most so many.
MOST_OF_A_PART, MOST_COMBINED = 3, 12


class Parts(Move):
    def start(self, goal: Goal) -> Found:
        """A goal for each argument of a word whose result tells them, and that could be what is wanted in every row."""
        for instance in self.vocabulary.by_result.get(goal.type, ()):
            if instance.word.parts is not None and goal.is_first:
                yield from self.taken_apart(goal, instance)

    def taken_apart(self, goal: Goal, instance: Instance) -> Found:
        outs = self.vocabulary.values.table(goal.type).values
        tables = [self.vocabulary.values.table(t) for t in instance.arg_types]
        apart = self.vocabulary.guarded(instance.word, "parts", instance.word.parts or tuple)
        columns = []
        for index in goal.wanted.tolist():
            try:
                ids = [table.intern(part) for table, part in zip(tables, apart(outs[index]), strict=True)]
            except Exception:
                return
            if not all(ids):
                return
            columns.append(ids)
        found: list[dict[Expr, None]] = [{} for _ in tables]
        around = self.vocabulary.cost(instance)
        for i, (t, wanted) in enumerate(zip(instance.arg_types, np.array(columns, dtype=np.int32).T, strict=True)):
            yield goal.below(t, wanted.copy(), around, self.collector(goal, instance, found, i))

    def collector(
        self, goal: Goal, instance: Instance, found: list[dict[Expr, None]], i: int
    ) -> Callable[[Expr], None]:
        """Takes programs for the i-th part, and solves the goal with them once each part has one."""

        def tell(part: Expr) -> None:
            found[i].setdefault(part)
            others = [sorted(f, key=self.cost)[:MOST_OF_A_PART] if k != i else [part] for k, f in enumerate(found)]
            for chosen in itertools.islice(itertools.product(*others), MOST_COMBINED):
                goal.solve(instance(*chosen))

        return tell

    def cost(self, expr: Expr) -> int:
        return cost(expr, self.vocabulary.costs)
