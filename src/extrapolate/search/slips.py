"""Slips: an example that is nearly what a much shorter program gives, which is right on every other one.

Among the programs that are right on some rows, which the search keeps for branches, those that miss one example alone
are looked at. Where what they give there is nearly what the example says, the example may be the one that is wrong.
"""

from __future__ import annotations

import numpy as np

from extrapolate.core.expression import Expr
from extrapolate.core.kind import kind_of
from extrapolate.core.task import Row
from extrapolate.search.synthesis import Synthesis

FEWEST_EXAMPLES = 3
# By so much it must be shorter than what is right on every example.
SAVED = 5
# What is longer is no rule that one example could break.
MOST_COST = 24


def slipped(search: Synthesis, best: int | None) -> tuple[Row, Expr] | None:
    """The example that looks like a slip and the program that is right on all others, the cheapest there is; `best` is
    the cost of the shortest program that is right on all."""
    goal, task = search.goal, search.task
    if len(task.distinct) < FEWEST_EXAMPLES or len(goal.rows) != len(task.distinct):
        return None
    dearest = MOST_COST if best is None else min(MOST_COST, best - SAVED)
    for bits, covers in sorted(goal.covers.items(), key=lambda c: c[1][0].cost):
        right = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=len(goal.rows))
        if covers[0].cost > dearest:
            return None
        if right.sum() == len(right) - 1:
            expr, row = covers[0].expr(goal), search.rows[int(goal.rows[int(right.argmin())])]
            answer = next(search.judge.values(expr, [row]))
            if answer is not None and kind_of(task.output).is_near(answer, row.output, task.output):
                return row, expr
    return None
