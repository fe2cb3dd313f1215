"""Rank: which of the programs that satisfy the examples will hold beyond them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from extrapolate.core.expression import (
    Apply,
    Choose,
    Environment,
    Expr,
    Literal,
    Var,
    children,
    cost,
    evaluator,
    own_function,
    repeated_cost,
    replaced,
    walk,
)
from extrapolate.core.task import Row, Task
from extrapolate.core.types import INT, TEXT
from extrapolate.core.values import equal
from extrapolate.core.word import Primitive

# What each unit of a feature costs. A language may weigh them differently, and features of weight 0 at all.
WEIGHTS: Mapping[str, float] = {
    "cost": 1,
    "repeated": 0,
    "unused inputs": 4,
    "copied literals": 3,
    "loose literals": 3,
    "absent answers": 5,
    "empty answers": 0,
    "odd answers": 0,
    "changed answers": 0,
    "lonely branch": 2,
    "branches": 0,
    "positions": 0,
    "literal letters": 0,
    "literal digits": 0,
    "literal marks": 0,
    "met letters": 0,
    "switches": 0,
    "touching switches": 0,
    "heads": 0,
}


class Judge:
    """Runs programs on the rows of one task and ranks them; `function_of` says what is called for a word."""

    def __init__(
        self,
        task: Task,
        weights: Mapping[str, float] = {},
        function_of: Callable[[Primitive], Callable[..., Any]] = own_function,
    ):
        self.task = task
        self.weights = {**WEIGHTS, **weights}
        self.function_of = function_of
        self.shapes = {shape(row.output) for row in task.labelled if isinstance(row.output, str)}
        self.leaves_answers = all(row.output in row.inputs for row in task.labelled if self.looks_answered(row))

    def values(self, expr: Expr, rows: Iterable[Row]) -> Iterator[Any]:
        """What the expression gives on each row, None where it gives nothing."""
        run = evaluator(expr, self.function_of)
        for row in rows:
            try:
                yield run(environment(row, self.task))
            except Exception:
                yield None

    def looks_answered(self, row: Row) -> bool:
        """Whether a cell of a row looks like an output already."""
        return any(isinstance(v, str) and bool(v) and shape(v) in self.shapes for v in row.inputs)

    def missed(self, expr: Expr) -> Iterator[Row]:
        """The labelled rows on which the expression gives another value or none."""
        for row, value in zip(self.task.labelled, self.values(expr, self.task.labelled), strict=True):
            if not equal(value, row.output, self.task.output):
                yield row

    def length(self, expr: Expr) -> float:
        """The cost, less what is saved by writing once what stands twice."""
        return self.weights["cost"] * cost(expr) - self.weights["repeated"] * repeated_cost(expr)

    def score(self, expr: Expr, rows: Sequence[Row] = (), answers: Sequence[Any] = ()) -> float:
        """The lower the better: cost, plus what makes a program unlikely to hold, each feature by its weight."""
        return sum(self.weights[name] * value for name, value in self.features(expr, rows, answers).items())

    def features(self, expr: Expr, rows: Sequence[Row] = (), answers: Sequence[Any] = ()) -> dict[str, float]:
        """What can be said of a program that satisfies the examples and of its answers on rows that are open.

        Inputs that it does not use; constants copied from the outputs; whole numbers that could as well be one more or
        one less for all the examples say; of the unlabelled rows, how many have no answer, an empty one, or one of a
        shape that no example has, and of those whose cell looks like an answer already, how many change it; what it
        writes out character by character, and how much of that stands in the inputs; how often the next piece of the
        output is cut from another value than the one before, and by how many words.
        """
        task, parts = self.task, list(walk(expr))
        used = {p.name for p in parts if isinstance(p, Var)}
        literals = [p for p in parts if isinstance(p, Literal)]
        own = [lit.value for lit in literals if lit.type == task.output]
        texts = "".join(v for v in own if isinstance(v, str))
        letters = [v for v in own if isinstance(v, str) and any(c.isalnum() for c in v)]
        said = [a for a in answers if isinstance(a, str)]
        changed = [a not in row.inputs for row, a in zip(rows, answers, strict=True) if self.looks_answered(row)]
        n = max(1, len(answers))
        return {
            "cost": cost(expr),
            "repeated": -repeated_cost(expr),
            "unused inputs": sum(v.name not in used for v in task.inputs),
            "copied literals": sum(any(equal(v, r.output, task.output) for r in task.labelled) for v in own)
            * (len(task.labelled) > 1),
            "loose literals": self.loose_literals(expr),
            "absent answers": sum(a is None for a in answers) / n,
            "empty answers": sum(not a for a in said) / n,
            "odd answers": sum(bool(a) and shape(a) not in self.shapes for a in said) / n if self.shapes else 0,
            "changed answers": self.leaves_answers * sum(changed) / max(1, len(changed)),
            "lonely branch": isinstance(expr, Choose) and len(task.labelled) < 4,
            "branches": sum(isinstance(p, Choose) for p in parts),
            "positions": sum(map(counted_places, parts)),
            "literal letters": sum(c.isalpha() for c in texts),
            "literal digits": sum(c.isdigit() for c in texts),
            "literal marks": sum(not c.isalnum() for c in texts),
            "met letters": sum(self.meets(v) for v in letters),
            "switches": switches(expr),
            "touching switches": switches(expr, touching=True),
            "heads": len({p.word for p in joined_parts(expr) if isinstance(p, Apply)}),
        }

    def meets(self, text: str) -> bool:
        """Whether a word of a constant stands in the inputs of every example: it may be a part of them."""
        tokens = re.findall(r"\w+", text)
        cells = [" ".join(v for v in row.inputs if isinstance(v, str)) for row in self.task.labelled]
        return any(all(token in cell for cell in cells) for token in tokens)

    def loose_literals(self, expr: Expr) -> int:
        """How many of the whole numbers in a program the examples do not pin down."""
        literals = {p for p in walk(expr) if isinstance(p, Literal) and p.type == INT}
        return sum(any(self.holds_with(expr, lit, lit.value + step) for step in (1, -1)) for lit in literals)

    def holds_with(self, expr: Expr, literal: Literal, value: int) -> bool:
        """Whether the program would be right on every example with another number in place of a literal."""
        return next(self.missed(replaced(expr, literal, Literal(value, INT))), None) is None


def counted_places(part: Expr) -> int:
    """How many whole numbers a word is given beside a text, without the first and the last place."""
    if not isinstance(part, Apply) or len(part.args) < 2 or part.word.arg_types[0] != TEXT:
        return 0
    return sum(isinstance(a, Literal) and a.type == INT and a.value not in (0, -1) for a in part.args[1:])


def joined_parts(expr: Expr) -> list[Expr]:
    """The pieces that an expression joins: itself where it joins nothing."""
    if isinstance(expr, Apply) and expr.word.is_joining:
        return [part for arg in expr.args for part in joined_parts(arg)]
    return [expr]


def switches(expr: Expr, touching: bool = False) -> int:
    """How often a piece is cut from another value than the piece before; constants between them are passed over, or
    part them where only those that are `touching` are of interest."""
    if isinstance(expr, Choose):
        return switches(expr.then, touching) + switches(expr.otherwise, touching)
    sources = [None if isinstance(p, Literal) else p.args[0] if isinstance(p, Apply) else p for p in joined_parts(expr)]
    if not touching:
        sources = [s for s in sources if s is not None]
    return sum(a != b for a, b in itertools.pairwise(sources) if a is not None and b is not None)


def shape(text: str) -> str:
    """A text with `a` for each run of letters, `0` for each run of digits and one space for spaces, without a sign."""
    unsigned = re.sub(r"^[-+](?=\d)", "", text)
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", unsigned)))


def outline(text: str) -> str:
    """A text with `a` for a run of letters, and for each digit `0` in numbers that start with it, else `1`."""
    numbers = re.sub(r"\d+", lambda run: ("0" if run[0].startswith("0") else "1") * len(run[0]), text)
    return re.sub(r"[^\W\d_]+", "a", numbers)


def environment(row: Row, task: Task) -> Environment:
    return {v.name: value for v, value in zip(task.inputs, row.inputs, strict=True)}


def memorises(expr: Expr, task: Task) -> bool:
    """Whether a program holds the answer of every example, all different, as a constant of its own."""
    literals = [p for p in walk(expr) if isinstance(p, Literal) and p.type == task.output]
    outputs = [row.output for row in task.labelled]
    different = all(not equal(a, b, task.output) for a, b in itertools.combinations(outputs, 2))
    held = len(literals) >= len(outputs) > 1
    return held and different and all(any(equal(lit.value, out, task.output) for lit in literals) for out in outputs)


def normal_form(expr: Expr) -> tuple[Any, ...]:
    """What is the same for programs that differ only in the order of arguments that commute."""
    match expr:
        case Var(name):
            return ("input", name)
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
