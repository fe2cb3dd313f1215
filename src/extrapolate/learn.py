"""Learn: from examples to a ranked result.

>>> result = learn([([3, 1, 2], [1, 2, 3]), ([5, 5, 4], [4, 5, 5])])
>>> result.program([9, 8, 7])
[7, 8, 9]
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from typing import Any

from extrapolate import languages
from extrapolate.core.errors import InputError
from extrapolate.core.expression import Expr
from extrapolate.core.frames import frame_task, is_frame
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Candidate, Counts, Progress, Result, Stop
from extrapolate.core.task import Row, Task
from extrapolate.core.units import find_constant
from extrapolate.search.rank import Judge, normal_form, outline

ROWS_AT_FIRST = 12
MORE_ROWS = 8
# By how many unlabelled rows programs are judged, and the longest text in one of them.
MOST_LOOKED_AT, LONGEST_LOOKED_AT = 1000, 10_000
MOST_RANKED = 10
MANY_PROGRAMS = 500_000
COST_OF_FAITH, COST_A_ROW = 12, 3


def learn(
    examples: Task | Iterable[Sequence[Any]] | Any,
    *,
    target: str | None = None,
    language: Language | str | None = None,
    names: Sequence[str] | None = None,
    name: str | None = None,
    units: Mapping[str, str] | None = None,
    constants: Sequence[str] = (),
    programs: int | None = None,
    seconds: float | None = 10.0,
    memory_mb: int = 1500,
    candidates: int = 5,
    on_progress: Callable[[Progress], None] | None = None,
    known: Sequence[Program] = (),
) -> Result:
    """The programs that satisfy the examples, best first, with why the search stopped and what it counted.

    `examples` is a `Task` or `(input, output)` pairs; several inputs are a tuple, an output of None is left open. Or it
    is a data frame of pandas or polars whose column `target` has some cells filled in: those are the examples.
    Without a `language`, it is that of text where the output or all inputs are text, that of laws where numbers are
    made of numbers and have units or are floats in five rows, else that of lists. `known` are programs to start from.
    Laws heed `units`, by the name of the column or input, as in `{"L": "m", "g": "m/s^2"}`, and those in headers such
    as `period [yr]`; `{}` leaves them out. `constants` are physical constants that may stand in a law: `["G", "c"]`.
    `programs`, `seconds` and `memory_mb` bound the search: with `seconds=None` and a number of programs the answer
    is the same on every machine. InputError for examples that can't be used; an unsolved task is a Result.
    """
    task = _task(examples, target, names, name)
    if units is not None:
        task = task.with_units(units)
    chosen = language or (languages.find("laws") if constants else languages.suited(task))
    if isinstance(chosen, str):
        chosen = languages.find(chosen)
    budget = _checked(Budget(programs, seconds, memory_mb))
    if chosen.algebra is None and (units or constants):
        raise InputError(f"the language {chosen.name} knows no units and no constants; leave them out, or use laws.")
    if chosen.algebra is None and task.contradictions:
        return Result(task, (), Stop.CONTRADICTION, Counts(), [_contradiction(*c) for c in task.contradictions])
    if chosen.algebra is not None:
        task = (task if task.units else task.with_units()).of_floats()
        result = _measured(task, chosen, budget, candidates, on_progress, constants)
    else:
        result = _search(task, chosen, budget, candidates, on_progress, known)
    if result.counts.kept > MANY_PROGRAMS:
        gc.collect()  # the banks of a search refer to each other in circles: large ones are freed at once
    options = {"language": chosen, "constants": constants, "candidates": candidates}
    limits = {"programs": programs, "seconds": seconds, "memory_mb": memory_mb}
    return replace(result, relearn=partial(_again, {**options, **limits}))


def _measured(
    task: Task,
    language: Language,
    budget: Budget,
    most: int,
    on_progress: Callable[[Progress], None] | None,
    constants: Sequence[str],
) -> Result:
    from extrapolate.regression.method import measured_law  # SciPy is loaded when a law is looked for

    wanted = [find_constant(c) for c in dict.fromkeys([constants] if isinstance(constants, str) else constants)]
    result = measured_law(task, language, budget, most, on_progress, wanted)
    bare = [n for n, unit in zip((*task.columns, task.target), task.units, strict=bool(task.units)) if not unit]
    said = f"no unit is known of {', '.join(bare)}: taken as {'plain numbers' if len(bare) > 1 else 'a plain number'}"
    return replace(result, notes=(*result.notes, *([said] if bare else ())))


def _again(options: dict[str, Any], task: Task, known: Sequence[Program]) -> Result:
    return learn(task, known=known, **options)


def _task(examples: Any, target: str | None, names: Sequence[str] | None, name: str | None) -> Task:
    if isinstance(examples, Task):
        return examples
    if is_frame(examples):
        return frame_task(examples, target, name)
    if target is not None:
        raise InputError(f"target={target!r} was given, which is a column of a data frame; give one, or leave it out.")
    return Task.from_examples(examples, names=names, name=name or "program")


def learn_many(
    tasks: Iterable[Task | Iterable[Sequence[Any]]], *, executor: Executor | None = None, **options: Any
) -> Iterator[Result]:
    """The results of `learn` for each task, in their order, as they come.

    `executor` is anything with the interface of `concurrent.futures.Executor`; the answers are the same without it.
    """
    if executor is None:
        yield from (learn(task, **options) for task in tasks)
        return
    run = partial(learn, **options)
    pending: list[Future[Result]] = [executor.submit(run, task) for task in tasks]
    try:
        for future in pending:
            yield future.result()
    finally:
        for future in pending:
            future.cancel()


def _search(
    task: Task,
    language: Language,
    budget: Budget,
    most: int,
    on_progress: Callable[[Progress], None] | None,
    known: Sequence[Program],
) -> Result:
    """Searches with some of the rows; a row that the best program gets wrong is added and the search runs again."""
    from extrapolate.search.synthesis import Synthesis  # NumPy is loaded when a search begins, not by --help

    chosen = list(task.distinct[:ROWS_AT_FIRST])
    looked_at = [row for row in task.unlabelled if is_short(row)][:MOST_LOOKED_AT]
    open_rows = telling_rows(looked_at, MORE_ROWS)
    counts = Counts()
    while True:
        search = Synthesis(task, chosen + open_rows, language, _left(budget, counts), on_progress)
        stop = search.run([program.expr for program in known])
        spent = search.meter.finish()
        counts = Counts(counts.tried + spent.tried, counts.kept + spent.kept, counts.seconds + spent.seconds)
        missed = [row for row in search.counter_examples if row not in chosen]
        if search.solutions or not missed or stop is Stop.INTERRUPTED or counts.seconds > (budget.seconds or 1e9):
            break
        chosen += missed[:MORE_ROWS]
    different: dict[Any, Expr] = {}
    for expr in sorted(search.solutions, key=search.judge.length):
        different.setdefault(normal_form(expr), expr)
    shortest = itertools.islice(different.values(), MOST_RANKED * most)
    printed: dict[str, Candidate] = {}
    for c in sorted((candidate(e, search.judge, language, looked_at) for e in shortest), key=lambda c: c.score):
        if len(printed) < most:
            printed.setdefault(c.program.source, c)
    found = list(printed.values())
    if not found:
        partial_programs = [candidate(e, search.judge, language, looked_at) for e in search.partial(4 * most)]
        found = sorted(partial_programs, key=lambda c: (len(c.missed), c.score))
    notes = [*search.notes, *_doubts(found, task)]
    answered = [replace(c, answers=answers(c.program, task.unlabelled)) for c in found[:most]]
    return Result(task, tuple(answered), stop, counts, notes)


def is_short(row: Row) -> bool:
    return all(len(v) <= LONGEST_LOOKED_AT for v in row.inputs if isinstance(v, str))


def telling_rows(rows: Sequence[Row], n: int) -> list[Row]:
    """Some rows, those first whose texts look like none before."""
    seen: set[str] = set()
    new: list[Row] = []
    other: list[Row] = []
    for row in rows:
        looks = outline("\n".join(v for v in row.inputs if isinstance(v, str)))
        (other if looks in seen else new).append(row)
        seen.add(looks)
    return [*new, *other][:n]


def _doubts(found: Sequence[Candidate], task: Task) -> Iterator[str]:
    """What to say of a program that is longer than its examples can vouch for."""
    rows = len(task.distinct)
    if found and found[0].solves and found[0].cost > COST_OF_FAITH + COST_A_ROW * rows:
        yield (
            f"cost {found[0].cost} is much for {rows} example{'s' * (rows != 1)}: the program may fit them and nothing "
            "else; check it on other rows"
        )


def candidate(expr: Expr, judge: Judge, language: Language, rows: Sequence[Row]) -> Candidate:
    """A program with its rank, the examples it misses, and its answers on some rows that are open."""
    task = judge.task
    program = Program(expr, task.inputs, task.output, task.name, language.name, task.blank)
    given = answers(program, rows)
    return Candidate(program, judge.score(expr, rows, given), tuple(judge.missed(expr)), given)


def answers(program: Program, rows: Iterable[Row]) -> tuple[Any, ...]:
    return tuple(program.answer([None if v == "" else v for v in row.inputs]) for row in rows)


def _left(budget: Budget, spent: Counts) -> Budget:
    return Budget(
        None if budget.programs is None else max(0, budget.programs - spent.tried),
        None if budget.seconds is None else max(0.0, budget.seconds - spent.seconds),
        budget.memory_mb,
    )


def _checked(budget: Budget) -> Budget:
    for name, value in (
        ("programs", budget.programs),
        ("seconds", budget.seconds),
        ("memory_mb", budget.memory_mb),
    ):
        if value is not None and not (isinstance(value, int | float) and value > 0):
            raise InputError(f"{name}={value!r} was given; give a number above 0, or None for no limit.")
    return budget


def _contradiction(a: Row, b: Row) -> str:
    return f"rows {a.number} and {b.number} have equal inputs but the outputs {a.output!r} and {b.output!r}"
