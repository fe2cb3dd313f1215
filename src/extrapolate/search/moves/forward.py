"""Forward: what the bank holds already."""

from __future__ import annotations

from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move

MOST_MATCHES = 4


class Forward(Move):
    """Programs of the bank that have the wanted values; the bank grows by itself, cheapest first (`bank/growth.py`)."""

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
