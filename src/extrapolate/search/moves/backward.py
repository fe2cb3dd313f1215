"""Backward: from the wanted value through inverses, by looking what is missing up in the bank.

If the wanted list is `concat(a, ?)` with `a` in the bank, the missing part is known in every row: a program with that
row of values completes the answer (meeting in the middle). Where none has it, a constant may, or the missing part,
when it is smaller than what was wanted, becomes a goal of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import VARIABLE_COST, Expr, Literal, Var, cost, literal_cost
from extrapolate.core.language import Instance
from extrapolate.core.types import Type
from extrapolate.search.bank.lookup import Lookups
from extrapolate.search.bank.tuples import Ids
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search
from extrapolate.search.moves.branch import note_constants
from extrapolate.search.others import Others, constant, others

MAX_DEPTH = 3
MAX_LITERAL_COST = 30
MOST_COMPLETIONS = 4
MOST_SUBGOALS_A_BLOCK = 3


class Backward(Move):
    """Works a goal backward against the programs that are new in its bank."""

    def __init__(self, search: Search):
        super().__init__(search)
        self.lookups = Lookups()

    def start(self, goal: Goal) -> Found:
        """A constant, a word of one argument, or one of two with a constant that it proposes."""
        note_constants(goal)
        yield from self.constants(goal, goal.type, goal.wanted[None, :], lambda i, literal: literal)
        for instance in self.vocabulary.by_result.get(goal.type, ()):
            simpler = goal.is_first or instance.arg_types[0].depth < goal.type.depth
            if len(instance.arg_types) == 1 and instance.word.inverses and simpler:
                (param,) = instance.word.inverses
                yield from self.complete(goal, instance, param, Others(goal))
            if len(instance.arg_types) == 2:
                for param in instance.word.literals:
                    yield from self.try_literals(goal, instance, param)

    def try_literals(self, goal: Goal, instance: Instance, param: str) -> Found:
        """Completes a word of two arguments with constants that its declaration proposes for one of them."""
        at = instance.word.params.index(param)
        other, t = instance.word.params[1 - at], instance.arg_types[at]
        if other not in instance.word.inverses or len(goal.rows) < 2:
            return
        outs, table = self.vocabulary.values.table(goal.type).values, self.vocabulary.values.table(t)
        for value in self.vocabulary.proposed(instance.word, param, [outs[i] for i in goal.wanted.tolist()]):
            found = table.intern(value)
            if not found:
                continue
            literal = table.literal(found)
            price = literal_cost(literal)
            if price <= MAX_LITERAL_COST:
                ids = np.full((1, len(goal.rows)), found, dtype=np.int32)
                yield from self.complete(goal, instance, other, Others(goal, [constant(price, ids, literal)]))

    def step(self, goal: Goal, costs: range) -> Found:
        """Completes the words whose other arguments have one of the costs together."""
        known = functools.cache(lambda types: others(goal, types, costs))
        for instance in self.vocabulary.by_result.get(goal.type, ()):
            if len(instance.arg_types) > 1 and self.affords(goal, self.vocabulary.cost(instance) + costs[0]):
                for param in instance.word.inverses:
                    for _, block in known(instance.other_types(param)):
                        yield from self.complete(goal, instance, param, block)

    def complete(self, goal: Goal, instance: Instance, param: str, block: Others) -> Found:
        """Looks up the value that `param` must have, given a block of programs for the other arguments."""
        bank, at, known = goal.bank, instance.word.params.index(param), block.known
        t = instance.arg_types[at]
        bank.meter.try_(block.n)
        possible, missing = block.applied(self.vocabulary.inverse(instance, param))
        for k in known:
            if k.type == goal.type and len(possible):  # nothing is missing where a known part is all that is wanted
                partial = (k.ids[possible] != goal.wanted).any(axis=1)
                possible, missing = possible[partial], missing[partial]
        if not len(possible):
            return

        def completed(i: int, part: Expr) -> Expr:
            args = [k.expr(int(possible[i])) for k in known]
            args.insert(at, part)
            return instance(*args)

        found = self.lookups.of(bank, t, goal.rows).find(missing)
        hits = np.flatnonzero(found >= 0)
        if len(hits) > MOST_COMPLETIONS:
            costs = bank.stores[t].cost[found[hits]]
            for k in known:
                costs = costs + k.cost[possible[hits]]
            hits = hits[np.argsort(costs, kind="stable")[:MOST_COMPLETIONS]]
        for i in hits.tolist():
            yield completed(i, bank.expr(t, int(found[i])))
        yield from self.constants(goal, t, missing, completed)
        if goal.depth >= MAX_DEPTH:
            return
        if not known:
            yield self.subgoal(goal, t, missing[0], completed, 0)
        elif t.is_list:
            yield from self.subgoals(goal, t, missing[found < 0], np.flatnonzero(found < 0), completed)

    def subgoals(
        self,
        goal: Goal,
        t: Type,
        missing: Ids,
        where: NDArray[np.intp],
        completed: Callable[[int, Expr], Expr],
    ) -> Iterator[Goal]:
        """Goals of the missing lists that are smaller than the wanted ones, the smallest first."""
        if not len(missing):
            return
        lengths = self.vocabulary.lengths(t)
        before = self.vocabulary.lengths(goal.type)[goal.wanted] if goal.type.is_list else np.zeros(len(goal.rows))
        sizes = lengths[missing]
        total = sizes.sum(axis=1)
        smaller = np.flatnonzero((sizes <= before).all(axis=1) & (total < before.sum()))
        for i in smaller[np.argsort(total[smaller], kind="stable")][:MOST_SUBGOALS_A_BLOCK].tolist():
            yield self.subgoal(goal, t, missing[i].copy(), completed, int(where[i]))

    def subgoal(self, goal: Goal, t: Type, missing: Ids, completed: Callable[[int, Expr], Expr], i: int) -> Goal:
        """The goal of finding the i-th missing part."""
        around = cost(completed(i, Var("missing", t)), self.vocabulary.costs) - VARIABLE_COST
        return goal.below(t, missing, around, lambda part: goal.solve(completed(i, part)))

    def constants(self, goal: Goal, t: Type, missing: Ids, completed: Callable[[int, Literal], Expr]) -> Iterator[Expr]:
        """Completed with a literal where the missing value is the same in every row, and there are rows to tell."""
        if missing.shape[1] < 2 or t.is_function:
            return
        same = np.flatnonzero((missing == missing[:, :1]).all(axis=1))
        if not len(same):
            return
        table = self.vocabulary.values.table(t)
        literals = {i: table.literal(int(missing[i, 0])) for i in same.tolist()}
        for i in sorted(literals, key=lambda i: (literal_cost(literals[i]), i))[:MOST_COMPLETIONS]:
            if literal_cost(literals[i]) <= MAX_LITERAL_COST and literals[i].key != ():
                yield completed(i, literals[i])
