"""Forward: what the bank holds already."""

from __future__ import annotations

from extrapolate.core.expression import Apply, Expr, walk
from extrapolate.core.word import Primitive
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search

MOST_MATCHES = 4
# The level at which programs that are worth having early are put in the bank.
EARLY = 3


def words_of(expr: Expr) -> set[Primitive]:
    return {part.word for part in walk(expr) if isinstance(part, Apply)}


class Forward(Move):
    """Programs of the bank that have the wanted values; the bank grows by itself, cheapest first (`bank/growth.py`)."""

    def __init__(self, search: Search):
        super().__init__(search)
        shortcuts = self.vocabulary.language.shortcuts
        own = set(self.vocabulary.language.words)
        every = [] if shortcuts is None else list(shortcuts(search.task))
        self.shortcuts = [expr for expr in every if own.issuperset(words_of(expr))]

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
        if goal is self.search.goal and self.search.level >= EARLY:
            for expr in self.shortcuts:
                self.search.adopt(expr)
            self.shortcuts = []
        yield from ()
