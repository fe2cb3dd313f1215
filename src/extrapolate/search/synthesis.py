"""The main loop: level by level, grow the banks, then make each move for each goal.

One level is one cost. Everything that happens in a level is counted by the meter, so that the search can stop at any
block with the best so far; with a budget in programs it stops at the same block every time.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from extrapolate.core.expression import Expr, cost, longest_piece, type_of_expression
from extrapolate.core.kind import kind_of
from extrapolate.core.language import Language, ground_types
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Counts, Progress, Stop
from extrapolate.core.task import Row, Task
from extrapolate.core.types import Type
from extrapolate.core.values import Values, limits_for
from extrapolate.search.bank.bank import APPLIED, Bank, Block
from extrapolate.search.bank.growth import grow
from extrapolate.search.bank.tuples import Ids
from extrapolate.search.bank.vocabulary import Vocabulary
from extrapolate.search.budget import Meter, OutOfBudget
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Moves
from extrapolate.search.moves import MOVES
from extrapolate.search.rank import Judge, memorises, ordered
from extrapolate.search.scopes import Scopes

LAST_LEVEL = 60
# How much dearer than the best a program may be and still be looked for.
SLACK = 2
# From so many programs a level on, levels are made one at a time.
MANY_PROGRAMS = 100_000
# Goals of the outermost bank and of each inner one.
MOST_GOALS, MOST_INNER_GOALS = 14, 12
# How far beyond the level the cost of a goal with what surrounds it may go.
AHEAD = 6
MOST_ANSWERS = 2000


# What costs so much at most is short.
SHORT = 7


class Patience(NamedTuple):
    """Among how many programs a shorter one is looked for once one is found: twice as many for one that costs so much
    more, and at most so many times."""

    programs: int
    twice_for: float
    most: float

    def after(self, price: float) -> int:
        """How many more programs to try: the longer one is that was found, the likelier a shorter one exists."""
        return int(self.programs * min(self.most, 2 ** (max(0.0, price - SHORT) / self.twice_for)))


TWICE_FOR, MOST_PATIENCE = 3, 50
# So many different precise outputs are hardly had by chance, and less patience will do.
FEW_PRECISE, WITH_PRECISE = 3, Patience(8_000, 6, 8)


class Synthesis:
    """One search for one task. `run` returns why it stopped; `solutions` and `partial` are what it found.

    Programs that cost `dearest` and more are not of interest, as another search has found a cheaper one.
    """

    def __init__(
        self,
        task: Task,
        rows: Sequence[Row],
        language: Language,
        budget: Budget,
        on_progress: Callable[[Progress], None] | None = None,
        moves: Moves = MOVES,
        dearest: int | None = None,
    ):
        self.task = task
        self.rows = list(rows)
        self.on_progress = on_progress
        self.solutions: dict[Expr, None] = {}
        self.counter_examples: list[Row] = []
        outputs = [row.output for row in self.rows if row.output is not None]
        kind = kind_of(task.output)
        different = {str(out) for out in outputs}
        is_precise = len(different) >= FEW_PRECISE and all(kind.is_precise(out, task.output) for out in outputs)
        self.patience = WITH_PRECISE if is_precise else Patience(language.patience, TWICE_FOR, MOST_PATIENCE)
        self.rivals = language.rivals if any(r.output is None for r in rows) else 0
        self.level = 0
        self.cheapest_word = self.stride = min(language.cost_of(word) for word in language.words)
        self.limit = LAST_LEVEL if dearest is None else min(dearest, LAST_LEVEL)
        self.dearest = self.limit + SLACK
        columns = [(v.type, [r.inputs[i] for r in self.rows]) for i, v in enumerate(task.inputs)]
        columns.append((task.output, outputs))
        values = Values(limits_for(columns))
        self.meter = Meter(budget, values, self.report if on_progress else None)
        literals = dict.fromkeys((*language.constants, *language.literals(columns)))
        own = [*(v.type for v in task.inputs), task.output]
        types, depth = ground_types(own, language.types), max(t.depth for t in own)
        known_literals = [lit for lit in literals if lit.type in types]
        self.vocabulary = Vocabulary(language, types, depth, known_literals, values, partial(self.meter.try_, 0))
        self.judge = Judge(task, language, self.vocabulary.final)
        self.meter.gauge = lambda: self.vocabulary.bytes
        variables = {v: self.ids(v.type, [r.inputs[i] for r in self.rows]) for i, v in enumerate(task.inputs)}
        self.root = Bank(values, variables, len(self.rows), self.meter)
        self.goals: dict[int, dict[Any, Goal]] = {}
        self.queues: dict[int, list[tuple[int, int, Goal]]] = {}
        self.numbers = itertools.count()
        self.done: dict[int, int] = {}
        self.open_rows = [r for r in self.rows if r.output is None]
        labelled = [i for i, r in enumerate(self.rows) if r.output is not None]
        wanted = self.ids(task.output, [self.rows[i].output for i in labelled])
        self.goal = Goal(self.root, task.output, np.array(labelled), wanted, 0, self.accept, most=MOST_ANSWERS)
        self.root.watchers.append(self.watch)
        self.scopes = Scopes(self)
        self.moves: list[Move] = [make(self) for make in moves]

    def ids(self, t: Type, cells: Sequence[Any]) -> Ids:
        table = self.vocabulary.values.table(t)
        return np.array([table.intern(cell) for cell in cells], dtype=np.int32)

    def run(self, known: Sequence[Expr] = ()) -> Stop:
        """Searches until something stops it, and says what; `known` are expressions to try first."""
        try:
            for expr in known:
                if next(self.judge.missed(expr), None) is None:
                    self.accept(expr)
            self.add_goal(self.goal)
            while self.level < self.limit:
                before = self.meter.counts.tried
                self.climb(self.stride)
                if self.meter.counts.tried - before > MANY_PROGRAMS:
                    self.stride = 1
                if self.solutions and self.level >= self.dearest - SLACK:
                    return Stop.SOLVED
            return Stop.EXHAUSTED
        except OutOfBudget as out:
            return out.stop
        except KeyboardInterrupt:
            return Stop.INTERRUPTED

    def climb(self, levels: int) -> None:
        """Everything of the next levels."""
        grow(self.root, self.vocabulary, range(self.level + 1, self.level + levels + 1))
        self.level += levels
        self.work(self.root)
        self.scopes.open()
        for scope in self.scopes:
            self.take(self.goal, self.scopes.catch_up(scope))
            self.work(scope.bank)
        for goals in list(self.goals.values()):
            for goal in list(goals.values()):
                for move in self.moves:
                    self.take(goal, move.finish(goal))

    def take(self, goal: Goal, found: Found) -> None:
        """Tells a goal of the programs that a move finds for it, and takes up the goals that it leads to."""
        for one in found:
            if isinstance(one, Goal):
                self.add_goal(one)
            else:
                goal.solve(one)

    def add_goal(self, goal: Goal) -> None:
        """Puts a goal in the queue of its bank, the one with the cheapest surroundings first."""
        if not goal.repeats:
            heapq.heappush(self.queues.setdefault(id(goal.bank), []), (goal.overhead, next(self.numbers), goal))

    def take_up(self, bank: Bank) -> None:
        """Starts on goals in the queue of a bank while there are not too many; a goal that is known joins its equal."""
        goals, queue = self.goals.setdefault(id(bank), {}), self.queues.get(id(bank), [])
        while queue and len(goals) < (MOST_GOALS if bank is self.root else MOST_INNER_GOALS):
            _, _, goal = heapq.heappop(queue)
            if goal.key in goals:
                known = goals[goal.key]
                for expr in list(known.solutions):
                    goal.solve(expr)
                known.also(goal)
            else:
                goals[goal.key] = goal
                for move in self.moves:
                    self.take(goal, move.start(goal))

    def work(self, bank: Bank) -> None:
        """Brings the goals of a bank up to its level; goals found on the way are worked too."""
        busy = True
        while busy:
            busy = False
            self.take_up(bank)
            for goal in list(self.goals.get(id(bank), {}).values()):
                if goal.overhead > self.dearest:
                    continue
                done = self.done.get(id(goal), 0)
                last = min(bank.level, self.level - goal.overhead + AHEAD)
                costs = range(done + 1, last + 1)
                if costs:
                    busy = True
                    self.done[id(goal)] = last
                    for move in self.moves:
                        self.take(goal, move.step(goal, costs))

    def watch(self, t: Type, block: Block) -> None:
        """Takes every program that gives the wanted values, also those that equal one in the bank."""
        if t == self.goal.type:
            for i in self.goal.matches(block.ids)[:3].tolist():
                self.goal.solve(self.root.makers[block.maker[i]](block.args[i].tolist()))

    def accept(self, expr: Expr) -> None:
        """Keeps a program that is right on every example when it is really run."""
        expr = ordered(expr)
        if expr in self.solutions:
            return
        if wrong := list(self.judge.missed(expr)):
            known = {row.number for row in self.rows}
            self.counter_examples = [row for row in wrong if row.number not in known]
            if self.counter_examples:
                raise OutOfBudget(Stop.EXHAUSTED)
            return
        if memorises(expr, self.task):
            return
        self.solutions[expr] = None
        if self.cost(expr) <= self.dearest:
            doubt = self.judge.score(expr, self.open_rows, tuple(self.judge.values(expr, self.open_rows)))
            self.dearest = min(self.dearest, max(int(doubt) + SLACK, self.rivals))
            saved = self.cost(expr) - longest_piece(expr, self.vocabulary.costs)
            ceiling = self.meter.counts.tried + self.patience.after(doubt - saved)
            self.meter.ceiling = min(ceiling, self.meter.ceiling or ceiling)

    def adopt(self, expr: Expr) -> None:
        """Puts an expression that has a value in every example in the outermost bank, as a program of the next level,
        so that others are made of it."""
        t = type_of_expression(expr)
        ids = self.ids(t, list(self.judge.values(expr, self.rows)))
        if not ids[self.goal.rows].all():
            return
        maker, none = self.root.register(lambda _: expr), np.zeros((1, 0), dtype=np.int32)
        self.root.keep(t, Block.of(ids[None, :], self.level + 1, True, maker, none, APPLIED))

    def release(self) -> None:
        """Lets go of everything, at the end. What a search keeps refers to itself in circles; without them its memory
        is free at once, and the collector of such garbage has not to go through every value."""
        for bank in (self.root, *(scope.bank for scope in self.scopes)):
            bank.makers.clear()
        for goal in itertools.chain.from_iterable(goals.values() for goals in self.goals.values()):
            goal.others.clear()
        for part in (self.vocabulary, self):
            vars(part).clear()

    def cost(self, expr: Expr) -> int:
        return cost(expr, self.vocabulary.costs)

    @property
    def notes(self) -> list[str]:
        return self.vocabulary.notes

    def report(self, counts: Counts) -> None:
        assert self.on_progress is not None
        best = min(self.solutions, key=self.cost, default=None)
        program = Program(best, self.task.inputs, self.task.output, self.task.name) if best else None
        self.on_progress(Progress(counts, self.level, program))

    def partial(self, most: int) -> list[Expr]:
        """The programs that are right on the most rows, cheapest first among equals."""
        return [programs[0].expr(self.goal) for _, programs in self.goal.most_covering(most)]
