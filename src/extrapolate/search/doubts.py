"""Doubts: answers of the best program that its examples do not vouch for, each with the reason in words.

A program that is right on every example can still be wrong beyond them. Where that is likely is known: it is long for
its examples; an answer comes of a branch that one example alone shows; and what a language says of an answer, as that
no example has one of its shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from extrapolate.core.expression import Choose, Expr, Lambda, Var, evaluator, itemwise_in, opened, walk
from extrapolate.core.found import Found
from extrapolate.core.hints import numbered
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Candidate, Doubt
from extrapolate.core.task import Row, Task
from extrapolate.search.rank import row_counters

# All is doubted unless a program gives more than so many times as many filled rows as those it says nothing of.
UNEXPLAINED = 2


def doubts(best: Candidate, task: Task, language: Language) -> Iterator[Doubt]:
    """The answers on open rows that are doubtful, one reason each, and rows without one where an example would tell."""
    expr, examples = best.program.expr, len(task.distinct)
    is_long = best.is_long(task.evidence)
    branch_of = ways(expr, task)
    shown = Counter(map(branch_of, task.labelled))
    found = Found(task, expr, task.unlabelled, best.answers)
    of_language = language.doubt(found) if language.doubt else lambda row, answer: None
    of_items = doubted_items(expr, task, language)
    used = {part.name for part in walk(expr) if isinstance(part, Var)}
    only_counts = bool(used) and used <= row_counters(task)
    silent = [row.number for row in task.left_out if best.program.answer(row.inputs) is None]
    for row, answer in zip(task.unlabelled, best.answers, strict=True):
        branch = branch_of(row)
        if answer is None:
            if why := of_language(row, answer):
                yield Doubt(row, answer, why)
        elif is_long:
            yield Doubt(row, answer, f"the program is long for {examples} example{'s' * (examples != 1)}")
        elif only_counts:
            yield Doubt(row, answer, "it depends on nothing but a column that counts the rows")
        elif UNEXPLAINED * len(silent) >= examples:
            yield Doubt(row, answer, f"the program says nothing of {numbered(silent)}, filled in already")
        elif branch and shown[branch] <= 1:
            yield Doubt(row, answer, f"{'one example alone shows' if shown[branch] else 'no example shows'} this case")
        elif why := of_language(row, answer) or of_items(row):
            yield Doubt(row, answer, why)


def doubted_items(expr: Expr, task: Task, language: Language) -> Callable[[Row], str | None]:
    """What is doubtful of an item of a row, where a program does something with each item."""
    functions = [e.args[0] for e in itemwise_in(expr)]
    if len(functions) != 1 or not isinstance(functions[0], Lambda):
        return lambda row: None
    for inner in language.possible_inner_tasks(task):
        body = opened(functions[0], inner.task.inputs)
        if any(part == inner.build(body) for part in walk(expr)):
            program = Program(body, inner.task.inputs, inner.task.output, costs=language.costs)
            open_items = [row.inputs for row in inner.task.unlabelled]
            found = Candidate(program, 0.0, (), tuple(map(program.answer, open_items)))
            why = {doubt.row.inputs[0]: doubt.why for doubt in doubts(found, inner.task, language)}
            return lambda row: next((f"{i!r}: {why[i]}" for i in inner.items(row) if i in why), None)
    return lambda row: None


def unlikely(candidate: Candidate, task: Task, language: Language) -> frozenset[int]:
    """The numbers of the open rows on which the language doubts the answer of a candidate."""
    if language.doubt is None:
        return frozenset()
    of_language = language.doubt(Found(task, candidate.program.expr, task.unlabelled, candidate.answers))
    pairs = zip(task.unlabelled, candidate.answers, strict=True)
    return frozenset(row.number for row, answer in pairs if answer is not None and of_language(row, answer))


def ways(expr: Expr, task: Task) -> Callable[[Row], tuple[bool | None, ...]]:
    """Which way a row goes where a program chooses, from the outermost choice on; nothing where it does not."""
    if not isinstance(expr, Choose):
        return lambda row: ()
    test, then, otherwise = evaluator(expr.test), ways(expr.then, task), ways(expr.otherwise, task)

    def way(row: Row) -> tuple[bool | None, ...]:
        try:
            holds = bool(test(task.environment(row)))
        except Exception:
            return (None,)
        return (holds, *(then if holds else otherwise)(row))

    return way
