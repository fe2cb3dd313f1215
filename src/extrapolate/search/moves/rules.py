"""Rules: a goal for a word that takes a function becomes a goal for that function.

If the wanted list is `map(?, xs)` with `xs` in the bank, the word's rule says what the function must return for each
element: a goal in an inner scope, which sees the outer variables too. Most rules refute a wrong `xs` at once: lengths
differ, or the same element would have to give two values.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from extrapolate.core.expression import Expr
from extrapolate.core.language import Instance
from extrapolate.core.types import BOOL, Type
from extrapolate.core.values import UNDEFINED
from extrapolate.search.bank.bank import Picks, Store
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search
from extrapolate.search.others import Others, others
from extrapolate.search.scope import Scope

# How many goals for functions a cost may lead to.
MOST_BODIES = 6


class Rules(Move):
    """Turns a goal for a word that takes a function into goals for that function."""

    def __init__(self, search: Search):
        super().__init__(search)
        self.instances: dict[Type, list[Instance]] = {}
        for instance in self.vocabulary.higher_order:
            if instance.word.rules:
                self.instances.setdefault(instance.result_type, []).append(instance)

    def step(self, goal: Goal, costs: range) -> Found:
        """Goals for the words whose other arguments have one of the costs together."""
        known = functools.cache(lambda types: others(goal, types, costs))
        for instance in self.instances.get(goal.type, ()):
            if not self.affords(goal, self.vocabulary.cost(instance) + costs[0]):
                continue
            for param in instance.word.rules:
                types = instance.other_types(param)
                room = MOST_BODIES * len(costs)
                for chosen, is_several in self.possible(goal, instance, param, known(types)):
                    programs = [(goal.bank.stores[t], i) for t, i in zip(types, chosen, strict=True)]
                    inner = self.body(goal, instance, param, programs, is_several)
                    if inner is not None:
                        yield inner
                        room -= 1
                    if not room:
                        break

    def possible(
        self, goal: Goal, instance: Instance, param: str, known: Sequence[tuple[Picks, Others]]
    ) -> Iterator[tuple[list[int], bool]]:
        """The arguments for which the rule refutes no row, and whether the function is called more than once in some
        row."""
        calls = self.vocabulary.rule(instance, param)
        more_than_once = self.vocabulary.values.table(BOOL).intern(True)
        for picks, block in known:
            goal.bank.meter.try_(block.n)
            allowed, found = block.applied(calls)
            several = (found == more_than_once).any(axis=1)
            chosen = np.array([p[allowed] for p in picks], dtype=np.int32).reshape(len(picks), len(allowed)).T
            yield from zip(chosen.tolist(), several.tolist(), strict=True)

    def body(
        self, goal: Goal, instance: Instance, param: str, known: Sequence[tuple[Store, int]], is_several: bool
    ) -> Goal | None:
        """The goal for the function, where the rule leaves room for one. One that is called once a row says no more
        than the goal itself, and is worth no new scope."""
        bank, at = goal.bank, instance.word.params.index(param)
        t = instance.arg_types[at]
        bank.meter.try_(0)
        scopes = self.search.scopes.over(bank, t.args[:-1])
        open_one = is_several and self.search.scopes.has_room(bank)
        if not scopes and not open_one:
            return None
        rule = self.vocabulary.rule_of(instance.word, param)
        needed = self.needed_rows(goal, t, rule, known, None if open_one else scopes)
        if needed is None:
            return None
        tuples: list[list[tuple[int, ...]]] = [[] for _ in range(bank.rows)]
        for row, table in zip(goal.rows.tolist(), needed, strict=True):
            tuples[row] = list(table)
        found = self.search.scopes.for_tuples(bank, t.args[:-1], tuples)
        if found is None:
            return None
        scope, kept = found
        places = [(r, args, table) for r, table in zip(goal.rows.tolist(), needed, strict=True) for args in kept[r]]
        rows, wanted = [scope.tuples[r][args] for r, args, _ in places], [table[args] for _, args, table in places]
        if not rows:
            return None

        def tell(body: Expr) -> None:
            args: list[Expr] = [bank.expr(s.type, i) for s, i in known]
            args.insert(at, scope.function(body))
            goal.solve(instance(*args))

        overhead = goal.overhead + self.vocabulary.cost(instance) + sum(int(s.cost[i]) for s, i in known)
        return Goal(scope.bank, t.args[-1], np.array(rows), np.array(wanted, dtype=np.int32), overhead, tell, goal)

    def needed_rows(
        self,
        goal: Goal,
        t: Type,
        rule: Callable[..., Any],
        known: Sequence[tuple[Store, int]],
        scopes: Sequence[Scope] | None,
    ) -> list[dict[tuple[int, ...], int]] | None:
        """What the function must return for which arguments, in each row; None where no function can, or none of the
        scopes, where some are given, has these arguments."""
        values = self.vocabulary.values
        arg_tables = [values.table(a) for a in t.args[:-1]]
        result = values.table(t.args[-1])
        outs = values.table(goal.type).values
        columns = [(values.table(s.type).values, s.ids[i]) for s, i in known]
        needed = []
        for row, out in zip(goal.rows.tolist(), goal.wanted.tolist(), strict=True):
            given = [table[int(ids[row])] for table, ids in columns]
            if any(g is None for g in given):
                return None
            try:
                rows = rule(outs[out], *given)
            except Exception:
                return None
            table: dict[tuple[int, ...], int] = {}
            for args, wanted in rows:
                key = tuple([a.intern(v) for a, v in zip(arg_tables, args, strict=True)])
                value = result.intern(wanted)
                if not value or UNDEFINED in key or table.setdefault(key, value) != value:
                    return None
            if scopes is not None:
                scopes = [scope for scope in scopes if scope.has(row, table)]
                if not scopes:
                    return None
            needed.append(table)
        return needed
