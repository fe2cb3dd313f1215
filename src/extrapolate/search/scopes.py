"""All scopes of a search: which are opened, when, and how they keep up with the level of the search."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from extrapolate.core.expression import VARIABLE_COST, Expr
from extrapolate.core.language import Instance
from extrapolate.core.types import BOOL, Type
from extrapolate.search.bank.application import Arguments
from extrapolate.search.bank.bank import Bank, Store
from extrapolate.search.bank.growth import blocks, grow
from extrapolate.search.scope import ITERATED_OR_NOT, MAX_ROWS, Scope, Tuples, function_params, met_arguments, thinned

if TYPE_CHECKING:
    from extrapolate.search.synthesis import Synthesis

# When functions are first looked for, and when functions inside functions are.
FIRST_LEVEL, FIRST_NESTED_LEVEL, DEEPEST = 3, 11, 2
MOST_SCOPES = 20
# Looking ahead, words are applied to functions and to other arguments that cost so much at most, where the functions
# are short, and to the inputs where they are not.
SHORT, DEAREST_OTHERS, MOST_AHEAD, MOST_FOUND = 4, 3, 20_000, 4


class Scopes:
    """The scopes of a search, in the order they were opened."""

    def __init__(self, search: Synthesis):
        self.search = search
        self.vocabulary = search.vocabulary
        self.all: list[Scope] = []
        self.opened: set[tuple[int, bool, tuple[Type, ...]]] = set()

    def __iter__(self) -> Iterator[Scope]:
        return iter(list(self.all))

    def open(self) -> None:
        """Opens scopes for the functions that words take, over the arguments met so far: plain kinds early, others
        later, and within scopes last."""
        for iterated, types in function_params(self.vocabulary.higher_order):
            late = lateness(types) + 2 * iterated
            if self.search.level >= FIRST_LEVEL + late:
                self.open_in(self.search.root, iterated, types, max(1, late))
            if self.search.level >= FIRST_NESTED_LEVEL + late and not iterated and not self.search.solutions:
                for scope in self:
                    if scope.exports and not scope.partial and scope.bank.depth < DEEPEST:
                        self.open_in(scope.bank, iterated, types, max(1, late) + FIRST_NESTED_LEVEL - FIRST_LEVEL)

    def open_in(self, bank: Bank, iterated: bool, types: tuple[Type, ...], lag: int) -> None:
        if (id(bank), iterated, types) in self.opened:
            return
        self.opened.add((id(bank), iterated, types))
        tuples, partial = met_arguments(bank, self.vocabulary, types, iterated)
        if any(tuples):
            scope = Scope(bank, types, tuples, partial=partial)
            scope.exports = ITERATED_OR_NOT[iterated]
            scope.lag = lag
            self.all.append(scope)

    def for_tuples(self, bank: Bank, types: tuple[Type, ...], tuples: Tuples) -> tuple[Scope, Tuples] | None:
        """A scope that has the given arguments in each row, one that is open or else a new one, and which of them it
        has: some where they are many. None where another scope is not worth it."""
        if sum(map(len, tuples)) > MAX_ROWS:
            tuples = thinned(tuples)
        for scope in self.over(bank, types):
            if scope.covers(tuples):
                return scope, tuples
        if not self.has_room(bank):
            return None
        if max(map(len, tuples)) < 2:  # a function called once a row says no more than the goal itself
            return None
        scope = Scope(bank, types, tuples)
        scope.lag = max(0, lateness(types) - 1)
        self.all.append(scope)
        for _ in self.catch_up(scope):
            pass
        return scope, tuples

    def over(self, bank: Bank, types: tuple[Type, ...]) -> list[Scope]:
        """The scopes that are open in a bank for functions of arguments of some types."""
        return [scope for scope in self.all if scope.outer is bank and scope.types == types]

    def has_room(self, bank: Bank) -> bool:
        """Whether another scope may be opened in a bank."""
        return not self.search.solutions and len(self.all) < MOST_SCOPES and bank.depth < DEEPEST

    def catch_up(self, scope: Scope) -> Iterator[Expr]:
        """Grows a scope to the level of the search and puts its functions into the outer bank; what they give at
        once."""
        # A function is of use with a word that takes it and something to be applied to.
        search = self.search
        last = min(search.level - scope.lag, search.dearest - search.cheapest_word - VARIABLE_COST)
        while scope.bank.level < last:
            costs = range(scope.bank.level + 1, min(scope.bank.level + search.stride, last) + 1)
            grow(scope.bank, self.vocabulary, costs)
            for t in self.exported(scope):
                for level in costs:
                    scope.export(t, level, self.vocabulary)
                if scope.outer is search.root:
                    yield from self.ahead(t, costs)

    def exported(self, scope: Scope) -> list[Type]:
        """The types of functions that words take from a scope, for results that nest no deeper than the task's."""
        kinds = {t for i in self.vocabulary.prompt for t in i.arg_types if t.is_function}
        return sorted((t for t in kinds if t.name == scope.exports and t.args[:-1] == scope.types), key=str)

    def ahead(self, t: Type, costs: range) -> Iterator[Expr]:
        """Programs that give the goal of the task when a word applies functions of some costs, ahead of their turn."""
        search, goal = self.search, self.search.goal
        bank = goal.bank
        for instance in self.vocabulary.by_result.get(goal.type, ()):
            if self.vocabulary.cost(instance) + costs[0] >= search.dearest:
                continue
            if instance.arg_types.count(t) != 1 or not all(a in bank.stores for a in instance.arg_types):
                continue
            stores = [bank.stores[a] for a in instance.arg_types]
            for dearest in (DEAREST_OTHERS, VARIABLE_COST):
                others, known = range(VARIABLE_COST, dearest + 1), range(VARIABLE_COST, costs[-1] + 1)
                ranges = [s.between(costs if s.type == t else known if s.type.is_function else others) for s in stores]
                if not all(end > start for start, end in ranges):
                    break
                few = np.prod([end - start for start, end in ranges]) <= MOST_AHEAD
                several = sum(s.type.is_function for s in stores) > 1
                if (few and costs[0] <= SHORT) or (dearest == VARIABLE_COST and (few or not several)):
                    yield from self.applied(instance, stores, ranges)
                    break

    def applied(self, instance: Instance, stores: Sequence[Store], ranges: list[tuple[int, int]]) -> Iterator[Expr]:
        """What a word makes of arguments, where it is what the goal of the task wants; most fail in the first row."""
        goal = self.search.goal
        bank = goal.bank
        for picks in blocks(ranges, bank.rows):
            bank.meter.try_(len(picks[0]))
            for row, wanted in zip(goal.rows.tolist(), goal.wanted.tolist(), strict=True):
                arguments = Arguments([s.ids[p, row] for s, p in zip(stores, picks, strict=True)])
                right = self.vocabulary.application(instance)(arguments) == wanted
                picks = [p[right] for p in picks]
                if not len(picks[0]):
                    break
            for chosen in itertools.islice(zip(*picks, strict=True), MOST_FOUND):
                yield instance(*[bank.expr(s.type, int(i)) for s, i in zip(stores, chosen, strict=True)])


def lateness(types: Sequence[Type]) -> int:
    """How many levels functions of such arguments stay behind: the plainest kind is the likeliest."""
    return len(types) - 1 + 3 * sum(t.depth + (t == BOOL) for t in types)
