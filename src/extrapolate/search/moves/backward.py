"""Backward: from the wanted value through inverses, by looking what is missing up in the bank.

If the wanted list is `concat(a, ?)` with `a` in the bank, the missing part is known in every row: a program with that
row of values completes the answer (meeting in the middle). Where none has it, a constant may, or the missing part,
when it is smaller than what was wanted, becomes a goal of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import VARIABLE_COST, Expr, Literal, Var, cost, literal_cost
from extrapolate.core.language import Instance
from extrapolate.core.types import Type
from extrapolate.core.values import UNDEFINED
from extrapolate.search.bank.application import Application, Arguments, Ids
from extrapolate.search.bank.bank import Bank, Store
from extrapolate.search.bank.vocabulary import Vocabulary
from extrapolate.search.goal import Goal
from extrapolate.search.moves.branch import note_constants
from extrapolate.search.moves.forward import blocks, compositions, gathered

MAX_DEPTH = 3
MAX_LITERAL_COST = 30
MOST_COMPLETIONS = 4
MOST_SUBGOALS_A_BLOCK = 3
MOST_PAIRS = 20_000

NewGoal = Callable[[Goal], None]


class Lookup:
    """The programs of one type by their values in some rows: sorted fingerprints, extended as the bank grows."""

    def __init__(self, bank: Bank, t: Type, rows: NDArray[np.intp]):
        self.bank, self.type, self.rows = bank, t, rows
        self.weights = bank.weights[rows]
        self.runs: list[tuple[NDArray[np.uint64], NDArray[np.intp]]] = []
        self.n = 0

    def prints(self, ids: Ids) -> NDArray[np.uint64]:
        prints: NDArray[np.uint64] = ids.astype(np.uint64) @ self.weights
        return prints

    def refresh(self) -> None:
        store = self.bank.stores.get(self.type)
        if store is None or store.n == self.n:
            return
        prints = self.prints(store.ids[self.n : store.n][:, self.rows])
        indices = np.arange(self.n, store.n)
        self.n = store.n
        while self.runs and len(self.runs[-1][0]) <= 2 * len(prints):
            old_prints, old_indices = self.runs.pop()
            prints, indices = np.concatenate([old_prints, prints]), np.concatenate([old_indices, indices])
        order = np.argsort(prints, kind="stable")
        self.runs.append((prints[order], indices[order]))

    def find(self, ids: Ids) -> NDArray[np.intp]:
        """For each row of ids the cheapest program that has these values, -1 where there is none."""
        wanted = self.prints(ids)
        found = np.full(len(ids), -1)
        for prints, indices in self.runs:
            at = np.searchsorted(prints, wanted)
            at[at == len(prints)] = 0
            hit = (prints[at] == wanted) & (found < 0)
            found[hit] = indices[at[hit]]
        return found


class Known(NamedTuple):
    """A block of programs for one argument: their ids in the rows of a goal, their costs, and the programs."""

    type: Type
    ids: Ids
    cost: NDArray[np.int32]
    expr: Callable[[int], Expr]


def from_bank(bank: Bank, store: Store, picks: NDArray[np.int32], rows: NDArray[np.intp]) -> Known:
    return Known(
        store.type,
        store.ids[picks][:, rows],
        store.cost[picks],
        lambda i: bank.expr(store.type, int(picks[i])),
    )


class Backward:
    """Works a goal backward against the programs that are new in its bank."""

    def __init__(self, vocabulary: Vocabulary, new_goal: NewGoal):
        self.vocabulary = vocabulary
        self.new_goal = new_goal
        self.lookups: dict[tuple[int, Type, bytes], Lookup] = {}
        self.by_result: dict[Type, list[Instance]] = {}
        for instance in vocabulary.instances:
            self.by_result.setdefault(instance.result_type, []).append(instance)

    def start(self, goal: Goal) -> None:
        """What can be said of a new goal at once: a constant, a program in the bank, a word of one argument."""
        note_constants(goal)
        self.constant(goal, goal.type, goal.wanted[None, :], lambda i, literal: goal.solve(literal))
        store = goal.bank.stores.get(goal.type)
        if store is not None:
            for index in goal.matches(store.ids[: store.n])[:MOST_COMPLETIONS].tolist():
                goal.solve(goal.bank.expr(goal.type, index))
        for instance in self.by_result.get(goal.type, ()):
            simpler = goal.is_first or instance.arg_types[0].depth < goal.type.depth
            if len(instance.arg_types) == 1 and instance.word.inverses and simpler:
                (param,) = instance.word.inverses
                self.complete(goal, instance, param, [])
            if len(instance.arg_types) == 2:
                for param in instance.word.literals:
                    self.try_literals(goal, instance, param)

    def try_literals(self, goal: Goal, instance: Instance, param: str) -> None:
        """Completes a word of two arguments with constants that its declaration proposes for one of them."""
        at = instance.word.params.index(param)
        other, t = instance.word.params[1 - at], instance.arg_types[at]
        if other not in instance.word.inverses or len(goal.rows) < 2:
            return
        outs, table = self.vocabulary.values.table(goal.type).values, self.vocabulary.values.table(t)
        for value in instance.word.literals[param]([outs[i] for i in goal.wanted.tolist()]):
            found = table.intern(value)
            literal = Literal(table.keys[found], t)
            if found and literal_cost(literal.key) <= MAX_LITERAL_COST:
                ids = np.full((1, len(goal.rows)), found, dtype=np.int32)
                known = Known(t, ids, np.array([literal_cost(literal.key)]), lambda i, lit=literal: lit)  # type: ignore[misc]
                self.complete(goal, instance, other, [known])

    def step(self, goal: Goal, costs: range, dearest: int) -> None:
        """Works the goal against the programs of some costs; what costs more than `dearest` is not of interest."""
        store = goal.bank.stores.get(goal.type)
        if store is not None:
            start, end = store.between(costs)
            for index in goal.matches(store.ids[start:end])[:MOST_COMPLETIONS].tolist():
                goal.solve(goal.bank.expr(goal.type, start + index))
        for instance in self.by_result.get(goal.type, ()):
            if len(instance.arg_types) > 1 and goal.overhead + instance.word.cost + costs[0] < dearest:
                for param in instance.word.inverses:
                    self.invert(goal, instance, param, costs)
        if goal.overhead + costs[0] < dearest:
            self.fit(goal, costs)

    def invert(self, goal: Goal, instance: Instance, param: str, costs: range) -> None:
        """Completes a word whose other arguments have one of the costs together."""
        at = instance.word.params.index(param)
        others = [t for i, t in enumerate(instance.arg_types) if i != at]
        if all(t in goal.bank.stores for t in others):
            stores = [goal.bank.stores[t] for t in others]
            for picks in gathered(few_picks(stores, costs, goal.bank.rows), goal.bank.rows):
                known = [from_bank(goal.bank, s, p, goal.rows) for s, p in zip(stores, picks, strict=True)]
                self.complete(goal, instance, param, known)

    def complete(self, goal: Goal, instance: Instance, param: str, known: Sequence[Known]) -> None:
        """Looks up the value that `param` must have, given blocks of programs for the other arguments."""
        bank, at = goal.bank, instance.word.params.index(param)
        t = instance.arg_types[at]
        possible, missing = self.missing(goal, self.vocabulary.inverse(instance, param), known)
        if not len(possible):
            return

        def completed(i: int, part: Expr) -> Expr:
            args = [k.expr(int(possible[i])) for k in known]
            args.insert(at, part)
            return instance(*args)

        lookup = self.lookup(bank, t, goal.rows)
        found = lookup.find(missing)
        hits = np.flatnonzero(found >= 0)
        if len(hits) > MOST_COMPLETIONS:
            costs = bank.stores[t].cost[found[hits]]
            for k in known:
                costs = costs + k.cost[possible[hits]]
            hits = hits[np.argsort(costs, kind="stable")[:MOST_COMPLETIONS]]
        for i in hits.tolist():
            goal.solve(completed(i, bank.expr(t, int(found[i]))))
        self.constant(goal, t, missing, lambda i, literal: goal.solve(completed(i, literal)))
        if goal.depth >= MAX_DEPTH:
            return
        if not known:
            self.new_goal(self.subgoal(goal, t, missing[0], completed, 0))
        elif t.is_list:
            self.subgoals(goal, instance, t, missing[found < 0], np.flatnonzero(found < 0), completed)

    def missing(self, goal: Goal, inverse: Application, known: Sequence[Known]) -> tuple[NDArray[np.intp], Ids]:
        """Which of the known arguments can be completed, and the ids of what completes them, `(n, rows)`."""
        n = len(known[0].ids) if known else 1
        goal.bank.meter.try_(n)
        possible = np.arange(n)
        columns: list[Ids] = []
        # Most are impossible in the first row already.
        for rows in (slice(0, 1), slice(1, None)):
            wanted = np.broadcast_to(goal.wanted[rows], (len(possible), len(goal.wanted[rows])))
            column = inverse(Arguments([wanted, *[k.ids[possible, rows] for k in known]]))
            able = (column != UNDEFINED).all(axis=1)
            columns = [c[able] for c in (*columns, column)]
            possible = possible[able]
            if not len(possible):
                return possible, column[able]
        missing = np.concatenate(columns, axis=1)
        partial = np.ones(len(possible), dtype=bool)
        for k in known:
            if k.type == goal.type:  # nothing is missing where a known part is all that is wanted
                partial &= (k.ids[possible] != goal.wanted).any(axis=1)
        return possible[partial], missing[partial]

    def subgoals(
        self,
        goal: Goal,
        instance: Instance,
        t: Type,
        missing: Ids,
        where: NDArray[np.intp],
        completed: Callable[[int, Expr], Expr],
    ) -> None:
        """Makes goals of the missing lists that are smaller than the wanted ones, the smallest first."""
        if not len(missing):
            return
        lengths = self.vocabulary.lengths(t)
        before = self.vocabulary.lengths(goal.type)[goal.wanted] if goal.type.is_list else np.zeros(len(goal.rows))
        sizes = lengths[missing]
        total = sizes.sum(axis=1)
        smaller = np.flatnonzero((sizes <= before).all(axis=1) & (total < before.sum()))
        for i in smaller[np.argsort(total[smaller], kind="stable")][:MOST_SUBGOALS_A_BLOCK].tolist():
            self.new_goal(self.subgoal(goal, t, missing[i].copy(), completed, int(where[i])))

    def subgoal(self, goal: Goal, t: Type, missing: Ids, completed: Callable[[int, Expr], Expr], i: int) -> Goal:
        """The goal of finding the i-th missing part."""
        overhead = goal.overhead + cost(completed(i, Var("missing", t))) - VARIABLE_COST
        return Goal(goal.bank, t, goal.rows, missing, overhead, lambda part: goal.solve(completed(i, part)), goal)

    def constant(self, goal: Goal, t: Type, missing: Ids, solve: Callable[[int, Literal], None]) -> None:
        """Solves by a literal where the missing value is the same in every row, and there are rows to tell."""
        if missing.shape[1] < 2 or t.is_function:
            return
        same = np.flatnonzero((missing == missing[:, :1]).all(axis=1))
        keys = self.vocabulary.values.table(t).keys
        cheapest = sorted((literal_cost(keys[missing[i, 0]]), i) for i in same.tolist())
        for price, i in cheapest[:MOST_COMPLETIONS]:
            if price <= MAX_LITERAL_COST and keys[missing[i, 0]] != ():
                solve(i, Literal(keys[missing[i, 0]], t))

    def fit(self, goal: Goal, costs: range) -> None:
        """Completes programs of some costs with constants that the language fits to the data."""
        for fit in self.vocabulary.language.fits:
            if fit.result != goal.type or fit.argument not in goal.bank.stores:
                continue
            store = goal.bank.stores[fit.argument]
            start, end = store.between(costs)
            if end == start or len(goal.rows) < 3:
                continue
            numbers = self.vocabulary.numbers(fit.argument)
            wanted = self.vocabulary.numbers(goal.type)[goal.wanted]
            goal.bank.meter.try_(end - start)
            values = numbers[store.ids[start:end][:, goal.rows]]
            defined = np.flatnonzero(~np.isnan(values).any(axis=1))
            fitted = itertools.islice(fit.solve(values[defined], wanted), MOST_COMPLETIONS)
            for index, constants in fitted:
                goal.solve(fit.build(goal.bank.expr(fit.argument, start + int(defined[index])), *constants))

    def look_ahead(self, goal: Goal, t: Type, costs: range, dearest: int) -> None:
        """Whether functions of some costs give the goal when a word applies them to the inputs, ahead of its turn."""
        bank = goal.bank
        for instance in self.by_result.get(goal.type, ()):
            if instance.word.cost + costs[0] >= dearest:
                continue
            if instance.arg_types.count(t) != 1 or not all(a in bank.stores for a in instance.arg_types):
                continue
            stores = [bank.stores[a] for a in instance.arg_types]
            inputs = range(VARIABLE_COST, VARIABLE_COST + 1)
            ranges = [s.between(costs if s.type == t else inputs) for s in stores]
            if not all(end > start for start, end in ranges):
                continue
            for picks in blocks(ranges, bank.rows):
                bank.meter.try_(len(picks[0]))
                for row, wanted in zip(goal.rows.tolist(), goal.wanted.tolist(), strict=True):
                    arguments = Arguments([s.ids[p, row] for s, p in zip(stores, picks, strict=True)])
                    right = self.vocabulary.application(instance)(arguments) == wanted
                    picks = [p[right] for p in picks]
                    if not len(picks[0]):
                        break
                for chosen in itertools.islice(zip(*picks, strict=True), MOST_COMPLETIONS):
                    goal.solve(instance(*[bank.expr(s.type, int(i)) for s, i in zip(stores, chosen, strict=True)]))

    def lookup(self, bank: Bank, t: Type, rows: NDArray[np.intp]) -> Lookup:
        key = id(bank), t, rows.tobytes()
        if key not in self.lookups:
            self.lookups[key] = Lookup(bank, t, rows)
        self.lookups[key].refresh()
        return self.lookups[key]


def few_picks(stores: Sequence[Store], totals: range, rows: int) -> Iterator[list[NDArray[np.int32]]]:
    """The combinations of arguments with one of some total costs, as indices, where they are not too many."""
    for costs in compositions([s.spans for s in stores], totals):
        spans = [s.span(c) for s, c in zip(stores, costs, strict=True)]
        ranges = [(s.start, s.end) for s in spans]
        if len(ranges) == 1 or np.prod([e - s for s, e in ranges]) <= MOST_PAIRS:
            yield from blocks(ranges, rows)
