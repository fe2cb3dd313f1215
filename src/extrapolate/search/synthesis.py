"""The main loop: level by level, grow the banks forward, work the goals backward, join branches.

One level is one cost. Everything that happens in a level is counted by the meter, so that the search can stop at any
block with the best so far; with a budget in programs it stops at the same block every time.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from extrapolate.core.expression import CHOICE_COST, VARIABLE_COST, Expr, cost
from extrapolate.core.language import Instance, Language, ground_types
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Counts, Progress, Stop
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, FUNCTION, ITERATED, Type
from extrapolate.core.values import Values, limits_for
from extrapolate.search.bank.application import Ids
from extrapolate.search.bank.bank import Bank, Block
from extrapolate.search.bank.vocabulary import Vocabulary
from extrapolate.search.budget import Meter, OutOfBudget
from extrapolate.search.goal import Goal
from extrapolate.search.moves.backward import Backward
from extrapolate.search.moves.branch import branches, note_constants, note_covers
from extrapolate.search.moves.forward import grow
from extrapolate.search.moves.functions import Scope, function_params, met_arguments
from extrapolate.search.moves.pieces import Pieces
from extrapolate.search.moves.rules import Rules
from extrapolate.search.rank import Judge, joined_parts, memorises

# When functions are first looked for, and the most that a function may cost that is run and not tabled.
FIRST_FUNCTION_LEVEL, LAST_STEP_COST = 3, 5
LAST_LEVEL = 60
# How much dearer than the best a program may be and still be looked for.
SLACK = 2
# From so many programs a level on, levels are made one at a time.
MANY_PROGRAMS = 100_000
# Goals of the outermost bank and of each inner one; scopes; rows of a scope.
MOST_GOALS, MOST_INNER_GOALS, MOST_SCOPES, MOST_SCOPE_ROWS = 14, 12, 20, 300
# How far beyond the level the cost of a goal with what surrounds it may go.
AHEAD = 6
# When the parts of a branch are first looked for, and for how many groups of rows.
FIRST_BRANCH_LEVEL, MOST_GROUPS = 6, 60
# From when on, if nothing else is found, a constant may stand for a single row.
LONELY_LEVEL = 11
# Programs that are dearer may be worth a choice between shorter ones.
LONG_WITHOUT_BRANCHES = 18
MOST_ANSWERS = 2000
CHEAPEST_CHOICE = CHOICE_COST + 5
MOST_PATIENCE = 50


class Synthesis:
    """One search for one task. `run` returns why it stopped; `solutions` and `partial` are what it found."""

    def __init__(
        self,
        task: Task,
        rows: Sequence[Row],
        language: Language,
        budget: Budget,
        on_progress: Callable[[Progress], None] | None = None,
    ):
        self.task = task
        self.rows = list(rows)
        self.on_progress = on_progress
        self.solutions: dict[Expr, None] = {}
        self.counter_examples: list[Row] = []
        self.patience = language.patience
        self.level = 0
        self.cheapest_word = self.stride = min(word.cost for word in language.words)
        self.dearest = LAST_LEVEL + SLACK
        values = Values(limits_for(_sizes(self.rows)))
        self.meter = Meter(budget, values, self.report if on_progress else None)
        columns = [(v.type, [r.inputs[i] for r in self.rows]) for i, v in enumerate(task.inputs)]
        columns.append((task.output, [r.output for r in self.rows if r.output is not None]))
        literals = dict.fromkeys((*language.constants, *language.literals(columns)))
        own = [*(v.type for v in task.inputs), task.output]
        types, depth = ground_types(own, language.types), max(t.depth for t in own)
        self.vocabulary = Vocabulary(language, types, depth, [lit for lit in literals if lit.type in types], values)
        self.judge = Judge(task, language.weights, self.vocabulary.function)
        self.meter.gauge = lambda: self.vocabulary.bytes
        variables = {v: self.ids(v.type, [r.inputs[i] for r in self.rows]) for i, v in enumerate(task.inputs)}
        self.root = Bank(values, variables, len(self.rows), self.meter)
        self.scopes: list[Scope] = []
        self.opened: set[tuple[bool, tuple[Type, ...]]] = set()
        self.goals: dict[int, dict[Any, Goal]] = {}
        self.queues: dict[int, list[tuple[int, int, Goal]]] = {}
        self.numbers = itertools.count()
        self.done: dict[int, int] = {}
        self.backward = Backward(self.vocabulary, self.add_goal)
        self.rules = Rules(self.vocabulary, self.scope_for)
        self.open_rows = [r for r in self.rows if r.output is None]
        labelled = [i for i, r in enumerate(self.rows) if r.output is not None]
        wanted = self.ids(task.output, [self.rows[i].output for i in labelled])
        self.goal = Goal(self.root, task.output, np.array(labelled), wanted, 0, self.accept, most=MOST_ANSWERS)
        self.root.watchers.append(self.watch)
        joining = [i for i in self.backward.by_result.get(task.output, ()) if i.word.is_joining]
        self.pieces = [p for i in joining if (p := Pieces(self.goal, i, self.vocabulary)).possible]

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
            while self.level < LAST_LEVEL:
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
        for pieces in self.pieces:
            pieces.step(self.dearest)
            if self.dearest > LONG_WITHOUT_BRANCHES and self.level >= FIRST_BRANCH_LEVEL:
                pieces.note_covers(row_groups(len(self.goal.rows)), self.dearest)
        self.open_scopes()
        for scope in list(self.scopes):
            self.catch_up(scope)
            self.work(scope.bank)
        if self.level >= LONELY_LEVEL and not self.solutions:
            note_constants(self.goal, 1)
        if self.level >= FIRST_FUNCTION_LEVEL:
            for goals in list(self.goals.values()):
                for goal in list(goals.values()):
                    open_ = not goal.solved or goal is self.goal
                    if open_ and goal.overhead + CHEAPEST_CHOICE < self.dearest:
                        for choice in branches(goal, 2):
                            goal.solve(choice)

    def open_scopes(self) -> None:
        """Scopes for the functions that words take, over the arguments met so far: plain kinds early, others later."""
        for iterated, types in function_params(self.vocabulary.higher_order):
            late = lateness(types) + 2 * iterated
            if self.level >= FIRST_FUNCTION_LEVEL + late and (iterated, types) not in self.opened:
                self.opened.add((iterated, types))
                tuples = met_arguments(self.root, self.vocabulary, types, iterated)
                if any(tuples):
                    scope = Scope(self.root, types, tuples)
                    scope.exports = ITERATED if iterated else FUNCTION
                    scope.lag = max(1, late)
                    self.scopes.append(scope)

    def scope_for(self, instance: Instance, tuples: list[list[tuple[int, ...]]]) -> Scope | None:
        """A scope that has the given arguments in each row: one that is open, else a new one."""
        (t,) = [a for a in instance.arg_types if a.is_function]
        types = t.args[:-1]
        for scope in self.scopes:
            if scope.types == types and scope.covers(tuples):
                return scope
        if self.solutions or len(self.scopes) >= MOST_SCOPES or sum(map(len, tuples)) > MOST_SCOPE_ROWS:
            return None
        if max(map(len, tuples)) < 2:  # a function called once a row says no more than the goal itself
            return None
        scope = Scope(self.root, types, tuples)
        scope.lag = max(0, lateness(types) - 1)
        self.scopes.append(scope)
        self.catch_up(scope)
        return scope

    def catch_up(self, scope: Scope) -> None:
        """Grows a scope to the level of the search and puts its functions into the outer bank."""
        # A function is of use with a word that takes it and something to be applied to.
        last = min(self.level - scope.lag, self.dearest - self.cheapest_word - VARIABLE_COST)
        while scope.bank.level < last:
            costs = range(scope.bank.level + 1, min(scope.bank.level + self.stride, last) + 1)
            grow(scope.bank, self.vocabulary, costs)
            for t in self.exported(scope):
                for level in costs:
                    if not t.is_iterated:
                        scope.export(t.args[-1], level)
                    elif level <= LAST_STEP_COST:
                        scope.export_steps(t.args[-1], level, self.vocabulary.function)
                self.backward.look_ahead(self.goal, t, costs, self.dearest)

    def exported(self, scope: Scope) -> list[Type]:
        """The types of functions that words take from a scope, for results that nest no deeper than the task's."""
        kinds = {t for i in self.vocabulary.prompt for t in i.arg_types if t.is_function}
        return sorted((t for t in kinds if t.name == scope.exports and t.args[:-1] == scope.types), key=str)

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
                self.backward.start(goal)

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
                    self.backward.step(goal, costs, self.dearest)
                    note_covers(goal, costs)
                    if bank is self.root:
                        self.rules.step(goal, costs, self.dearest, self.add_goal)

    def watch(self, t: Type, block: Block) -> None:
        """Takes every program that gives the wanted values, also those that equal one in the bank."""
        if t == self.goal.type:
            for i in self.goal.matches(block.ids)[:3].tolist():
                self.goal.solve(self.root.makers[block.maker[i]](block.args[i].tolist()))

    def accept(self, expr: Expr) -> None:
        """Keeps a program that is right on every example when it is really run."""
        if expr in self.solutions:
            return
        if wrong := list(self.judge.missed(expr)):
            self.counter_examples = [row for row in wrong if row not in self.rows]
            if self.counter_examples:
                raise OutOfBudget(Stop.EXHAUSTED)
            return
        if memorises(expr, self.task):
            return
        self.solutions[expr] = None
        if cost(expr) <= self.dearest:
            doubt = self.judge.score(expr, self.open_rows, tuple(self.judge.values(expr, self.open_rows)))
            self.dearest = min(self.dearest, int(doubt) + SLACK)
            saved = cost(expr) - max(map(cost, joined_parts(expr)))
            ceiling = self.meter.counts.tried + int(self.patience * patience(doubt - saved))
            self.meter.ceiling = min(ceiling, self.meter.ceiling or ceiling)

    @property
    def notes(self) -> list[str]:
        return [guard.note for guard in self.vocabulary.guarded.values() if guard.note]

    def report(self, counts: Counts) -> None:
        assert self.on_progress is not None
        best = min(self.solutions, key=cost, default=None)
        program = Program(best, self.task.inputs, self.task.output, self.task.name) if best else None
        self.on_progress(Progress(counts, self.level, program))

    def partial(self, most: int) -> list[Expr]:
        """The programs that are right on the most rows, cheapest first among equals."""
        return [programs[0].expr(self.goal) for _, programs in self.goal.most_covering(most)]


def row_groups(n: int) -> list[tuple[int, ...]]:
    """Groups of rows for which a branch is looked for: pairs, of neighbours only where there are many rows."""
    pairs = list(itertools.combinations(range(n), 2))
    return [p for p in pairs if len(pairs) <= MOST_GROUPS or p[1] - p[0] == 1]


def lateness(types: Sequence[Type]) -> int:
    """How many levels functions of such arguments stay behind: the plainest kind is the likeliest."""
    return len(types) - 1 + 3 * sum(t.depth + (t == BOOL) for t in types)


def patience(price: float) -> float:
    """How much longer to search once a program is found: the longer it is, the likelier a shorter one exists."""
    return min(MOST_PATIENCE, 2 ** (max(0.0, price - 7) / 3))


def _sizes(rows: Sequence[Row]) -> tuple[int, int]:
    """The length of the longest list and of the longest text among the values."""
    longest = text = 0
    pending = [v for row in rows for v in (*row.inputs, row.output)]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            longest = max(longest, len(value))
            pending.extend(value)
        elif isinstance(value, str):
            text = max(text, len(value))
    return longest, text
