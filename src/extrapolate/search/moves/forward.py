"""Forward: what the bank holds already."""

from __future__ import annotations

from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search

MOST_MATCHES = 4
# The level at which programs that are worth having early are put in the bank.
EARLY = 3


class Forward(Move):
    """Programs of the bank that have the wanted values; the bank grows by itself, cheapest first (`bank/growth.py`)."""

    def __init__(self, search: Search):
        super().__init__(search)
        self.shortcuts = self.vocabulary.language.possible_shortcuts(search.task)

    def start(self, goal: Goal) -> Found:
        store = goal.bank.stores.get(goal.type)
        if store is not None:
            for index in goal.matches(store.ids[: store.n])[:MOST_MATCHES].tolist():
                yield goal.bank.expr(goal.type, index)

    def step(self, goal: Goal, costs: range) -> Found:
        store = goal.bank.stores.get(goal.type)
        if store is not None:
            start, end = store.between(costs)
            for index in goal.matches(store.ids[start:end])[:MOST_MATCHES].tolist():
                yield goal.bank.expr(goal.type, start + index)

    def finish(self, goal: Goal) -> Found:
        """The shortcuts become programs of the bank, once; they are worked out when their level is reached."""
        if goal is self.search.goal and self.search.level >= EARLY:
            for expr in self.shortcuts:
                self.search.adopt(expr)
        yield from ()
