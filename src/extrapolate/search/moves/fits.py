"""Fits: programs completed with constants that the language finds from the data."""

from __future__ import annotations

import itertools

import numpy as np

from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move

MOST_FITTED = 4


class Fits(Move):
    """Constants for the programs of some costs, so that they give what is wanted."""

    def step(self, goal: Goal, costs: range) -> Found:
        if not self.affords(goal, costs[0]):
            return
        for fit in self.vocabulary.fits:
            store = goal.bank.stores.get(fit.argument)
            if fit.result != goal.type or store is None or len(goal.rows) < fit.least_rows:
                continue
            start, end = store.between(costs)
            if end == start:
                continue
            goal.bank.meter.try_(end - start)
            numbers = self.vocabulary.numbers(fit.argument)
            wanted = self.vocabulary.numbers(goal.type)[goal.wanted]
            values = numbers[store.ids[start:end][:, goal.rows]]
            defined = np.flatnonzero(~np.isnan(values).any(axis=1))
            for index, constants in itertools.islice(fit.solve(values[defined], wanted), MOST_FITTED):
                yield fit.build(goal.bank.expr(fit.argument, start + int(defined[index])), *constants)
