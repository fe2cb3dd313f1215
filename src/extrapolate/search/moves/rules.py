"""Rules: a goal for a word that takes a function becomes a goal for that function.

If the wanted list is `map(?, xs)` with `xs` in the bank, the word's rule says what the function must return for each
element: a goal in an inner scope, which sees the outer variables too. Most rules refute a wrong `xs` at once: lengths
differ, or the same element would have to give two values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from extrapolate.core.expression import Expr
from extrapolate.core.language import Instance
from extrapolate.core.types import Type
from extrapolate.core.values import UNDEFINED
from extrapolate.search.bank.application import Arguments
from extrapolate.search.bank.bank import Store
from extrapolate.search.bank.vocabulary import Vocabulary
from extrapolate.search.goal import Goal
from extrapolate.search.moves.backward import NewGoal, few_picks
from extrapolate.search.moves.forward import gathered
from extrapolate.search.moves.functions import Scope

MOST_GOALS = 6
ROWS_AT_ONCE = (slice(0, 1), slice(1, 2), slice(2, None))


class Rules:
    """Turns a goal for a word that takes a function into goals for that function."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        scope_for: Callable[[Instance, list[list[tuple[int, ...]]]], Scope | None],
    ):
        self.vocabulary = vocabulary
        self.scope_for = scope_for
        self.instances: dict[Type, list[Instance]] = {}
        for instance in vocabulary.higher_order:
            if instance.word.rules:
                self.instances.setdefault(instance.result_type, []).append(instance)

    def step(self, goal: Goal, costs: range, dearest: int, new_goal: NewGoal) -> None:
        """Makes the goals for the words whose other arguments have one of the costs together."""
        for instance in self.instances.get(goal.type, ()):
            if goal.overhead + instance.word.cost + costs[0] >= dearest:
                continue
            ((param, rule),) = instance.word.rules.items()
            at = instance.word.params.index(param)
            others = [t for i, t in enumerate(instance.arg_types) if i != at]
            if all(t in goal.bank.stores for t in others):
                stores = [goal.bank.stores[t] for t in others]
                room = MOST_GOALS * len(costs)
                for chosen in self.possible(goal, instance, param, stores, costs):
                    room -= self.apply(goal, instance, at, rule, list(zip(stores, chosen, strict=True)), new_goal)
                    if not room:
                        break

    def possible(
        self, goal: Goal, instance: Instance, param: str, stores: Sequence[Store], costs: range
    ) -> Iterator[tuple[int, ...]]:
        """The arguments of some costs for which the rule refutes no row; most are refuted in the first rows already."""
        allows = self.vocabulary.rule(instance, param)
        for picks in gathered(few_picks(stores, costs, goal.bank.rows), goal.bank.rows):
            goal.bank.meter.try_(len(picks[0]))
            for rows in ROWS_AT_ONCE:
                wanted = np.broadcast_to(goal.wanted[rows], (len(picks[0]), len(goal.wanted[rows])))
                others = [s.ids[p[:, None], goal.rows[rows]] for s, p in zip(stores, picks, strict=True)]
                allowed = (allows(Arguments([wanted, *others])) != UNDEFINED).all(axis=1)
                picks = [p[allowed] for p in picks]
                if not len(picks[0]):
                    break
            yield from zip(*[p.tolist() for p in picks], strict=True)

    def apply(
        self,
        goal: Goal,
        instance: Instance,
        at: int,
        rule: Callable[..., Any],
        known: Sequence[tuple[Store, int]],
        new_goal: NewGoal,
    ) -> bool:
        """Whether the rule leaves room for a function; a goal is made of it then."""
        bank = goal.bank
        needed = self.needed_rows(goal, instance.arg_types[at], rule, known)
        if needed is None:
            return False
        tuples: list[list[tuple[int, ...]]] = [[] for _ in range(bank.rows)]
        for row, table in zip(goal.rows.tolist(), needed, strict=True):
            tuples[row] = list(table)
        scope = self.scope_for(instance, tuples)
        if scope is None:
            return False
        rows = [scope.tuples[r][t] for r in goal.rows.tolist() for t in tuples[r]]
        wanted = [out for table in needed for out in table.values()]
        if not rows:
            return False

        def tell(body: Expr) -> None:
            args: list[Expr] = [bank.expr(s.type, i) for s, i in known]
            args.insert(at, scope.function(body))
            goal.solve(instance(*args))

        overhead = goal.overhead + instance.word.cost + sum(int(s.cost[i]) for s, i in known)
        result = instance.arg_types[at].args[-1]
        inner = Goal(
            scope.bank,
            result,
            np.array(rows),
            np.array(wanted, dtype=np.int32),
            overhead,
            tell,
            goal,
        )
        new_goal(inner)
        return True

    def needed_rows(
        self, goal: Goal, t: Type, rule: Callable[..., Any], known: Sequence[tuple[Store, int]]
    ) -> list[dict[tuple[int, ...], int]] | None:
        """What the function must return for which arguments, in each row; None where no function can."""
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
                key = tuple(a.intern(v) for a, v in zip(arg_tables, args, strict=True))
                value = result.intern(wanted)
                if not value or not all(key) or table.setdefault(key, value) != value:
                    return None
            needed.append(table)
        return needed
