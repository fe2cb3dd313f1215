"""Rank: which of the programs that satisfy the examples will hold beyond them.

A program's score is its cost and what else speaks against it, each feature by its weight. What can be said of any
program stands here; a language adds features of its own and weighs them all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from extrapolate.core.expression import (
    Apply,
    Bound,
    Choose,
    Expr,
    Lambda,
    Literal,
    Var,
    children,
    cost,
    evaluator,
    own_function,
    repeated_cost,
    replaced,
    type_of_expression,
    walk,
)
from extrapolate.core.found import Found
from extrapolate.core.language import Language
from extrapolate.core.task import Row, Task
from extrapolate.core.types import INT
from extrapolate.core.values import counts_up, equal
from extrapolate.core.word import Primitive

# What each unit of a feature costs, where a language does not weigh it otherwise.
WEIGHTS: Mapping[str, float] = {
    "cost": 1,
    "repeated": 0,
    "unused inputs": 4,
    "copied literals": 3,
    "loose literals": 3,
    "absent answers": 5,
    "lonely branch": 2,
    "one answer": 2,
    "row counters": 5,
}


# So many open rows seldom have all the same answer, where the examples differ.
FEWEST_OPEN = 4
# A program that answers none of the open rows is of so much less use than one that answers nearly none.
IDLE = 3
# No whole number up to that is copied from an answer.
SMALL = 2
# With fewer rows a column of 1, 2, 3 may be anything.
FEWEST_COUNTED = 4
# Of a wide table, more columns than that are no worse to leave out.
MOST_UNUSED = 3


class Judge:
    """Runs programs on the rows of one task and ranks them; `function_of` says what is called for a word."""

    def __init__(
        self,
        task: Task,
        language: Language,
        function_of: Callable[[Primitive], Callable[..., Any]] = own_function,
    ):
        self.task = task
        self.language = language
        self.weights = {**WEIGHTS, **language.weights}
        self.function_of = function_of

    def values(self, expr: Expr, rows: Iterable[Row]) -> Iterator[Any]:
        """What the expression gives on each row, None where it gives nothing."""
        run = evaluator(expr, self.function_of)
        for row in rows:
            try:
                yield run(self.task.environment(row))
            except Exception:
                yield None

    def missed(self, expr: Expr) -> Iterator[Row]:
        """The labelled rows on which the expression gives another value or none."""
        for row, value in zip(self.task.labelled, self.values(expr, self.task.labelled), strict=True):
            if not equal(value, row.output, self.task.output):
                yield row

    def length(self, expr: Expr) -> float:
        """The cost, less what is saved by writing once what stands twice."""
        costs = self.language.costs
        return self.weights["cost"] * cost(expr, costs) - self.weights["repeated"] * repeated_cost(expr, costs)

    def score(self, expr: Expr, rows: Sequence[Row] = (), answers: Sequence[Any] = ()) -> float:
        """The lower the better: cost, plus what makes a program unlikely to hold, each feature by its weight."""
        features = self.features(expr, rows, answers)
        return sum(self.weights[name] * value for name, value in features.items())

    def features(self, expr: Expr, rows: Sequence[Row] = (), answers: Sequence[Any] = ()) -> dict[str, float]:
        """What can be said of a program that satisfies the examples and of its answers on rows that are open.

        Inputs that it does not use, or not so that an example shows it; constants copied from the outputs; whole
        numbers that could as well be one more or one less for all the examples say; how many of the open rows have no
        answer, and whether none has one; a choice that few rows vouch for; inputs that only count the rows; one answer
        for all open rows where examples differ; and what the language says of it.
        """
        task, found = self.task, Found(self.task, expr, rows, answers)
        essential = self.essential(expr) if len(task.inputs) > 1 else expr
        used = {p.name for p in walk(essential) if isinstance(p, Var)}
        own = [lit.value for lit in found.literals if lit.type == task.output and not is_small(lit)]
        copied = sum(any(equal(v, r.output, task.output) for r in task.labelled) for v in own)
        costs, absent = self.language.costs, sum(a is None for a in answers)
        return {
            "cost": cost(expr, costs),
            "repeated": -repeated_cost(expr, costs),
            "unused inputs": unused_inputs(len(task.inputs), len(used)),
            "copied literals": copied * (len(task.labelled) > 1),
            "loose literals": self.loose_literals(expr) if self.weights["loose literals"] else 0,
            "absent answers": found.share(absent) * (IDLE if len(answers) > 1 and absent == len(answers) else 1),
            "lonely branch": isinstance(expr, Choose) and len(task.labelled) < 4,
            "row counters": len(used & row_counters(task)),
            "one answer": len(answers) >= FEWEST_OPEN and len(set(map(str, answers)) - {"None"}) == 1 and not_one(task),
            **{name: feature(found) for name, feature in self.language.features.items() if self.weights.get(name)},
        }

    def essential(self, expr: Expr) -> Expr:
        """The expression without the words that change nothing in any example: `x` for `x % year`.

        O(parts) runs on the labelled rows. Functions and choices inside stay as they are.
        """
        if not isinstance(expr, Apply):
            return expr
        args = tuple(map(self.essential, expr.args))
        for arg in args:
            if not isinstance(arg, Lambda | Bound) and type_of_expression(arg) == expr.type and self.agree(expr, arg):
                return arg
        return Apply(expr.word, args, expr.type)

    def agree(self, a: Expr, b: Expr) -> bool:
        """Whether two expressions of one type give the same on every example."""
        rows, t = self.task.labelled, type_of_expression(a)
        return all(equal(x, y, t) for x, y in zip(self.values(a, rows), self.values(b, rows), strict=True))

    def loose_literals(self, expr: Expr) -> int:
        """How many of the whole numbers in a program the examples do not pin down."""
        literals = {p for p in walk(expr) if isinstance(p, Literal) and p.type == INT}
        return sum(any(self.holds_with(expr, lit, lit.value + step) for step in (1, -1)) for lit in literals)

    def holds_with(self, expr: Expr, literal: Literal, value: int) -> bool:
        """Whether the program would be right on every example with another number in place of a literal."""
        return next(self.missed(replaced(expr, literal, Literal(value, INT))), None) is None


def is_small(literal: Literal) -> bool:
    """Whether a constant is one of the smallest whole numbers, which stand in any program and in any answers."""
    return literal.type == INT and abs(literal.value) <= SMALL


def not_one(task: Task) -> bool:
    """Whether the examples have more than one answer."""
    return len({str(row.output) for row in task.labelled}) > 1


def unused_inputs(inputs: int, used: int) -> int:
    """How many inputs left out speak against a program: few, as most columns of a wide table are of no concern."""
    return min(inputs - used, MOST_UNUSED)


def row_counters(task: Task) -> set[str]:
    """The inputs beside others that only count the rows, one by one, and so say little of them."""
    if len(task.inputs) < 2 or len(task.rows) < FEWEST_COUNTED:
        return set()
    return {v.name for i, v in enumerate(task.inputs) if counts_up([row.inputs[i] for row in task.rows])}


def memorises(expr: Expr, task: Task) -> bool:
    """Whether a program holds the answer of every example, all different, as a constant of its own."""
    literals = [p for p in walk(expr) if isinstance(p, Literal) and p.type == task.output]
    outputs = [row.output for row in task.labelled]
    if not len(literals) >= len(outputs) > 1:
        return False
    different = all(not equal(a, b, task.output) for a, b in itertools.combinations(outputs, 2))
    return different and all(any(equal(lit.value, out, task.output) for lit in literals) for out in outputs)


def ordered(expr: Expr) -> Expr:
    """The expression with parameters in their order where the order makes no difference: `x * y` for `y * x`."""
    match expr:
        case Apply(word, args, t):
            args = tuple(map(ordered, args))
            if word.is_commutative and isinstance(args[0], Bound) and isinstance(args[1], Bound):
                args = tuple(sorted(args, key=lambda a: (-a.depth, a.place)))  # type: ignore[union-attr]
            return Apply(word, args, t)
        case Lambda(types, body, names):
            return Lambda(types, ordered(body), names)
        case Choose(test, then, otherwise):
            return Choose(ordered(test), ordered(then), ordered(otherwise))
    return expr


def normal_form(expr: Expr) -> tuple[Any, ...]:
    """What is the same for programs that differ only in the order of arguments that commute."""
    match expr:
        case Var(name):
            return ("input", name)
        case Bound(depth, place):
            return ("parameter", depth, place)
        case Literal(key, t):
            return ("literal", str(t), key)
        case Apply(word, args) if word.is_commutative:
            parts: list[tuple[Any, ...]] = []
            for arg in args:
                same = isinstance(arg, Apply) and arg.word is word
                parts += normal_form(arg)[1:] if same else [normal_form(arg)]
            return (word.name, *sorted(parts, key=repr))
        case Apply(word, args):
            return (word.name, *map(normal_form, args))
    return (type(expr).__name__, *map(normal_form, children(expr)))
