"""Learning with doubt: programs over what a reader reads, where some readings may be wrong.

The price of a program is its cost and what it takes to believe its readings: the logarithm of how unlikely they are.
First all is taken as it is read; a program that is right on most rows may be right on all, once a value of the others
is read otherwise. Where that is dear, the rows whose readings are the least sure are left out, one or two at a
time, and up to half of all. The best of all is learned again with what was read otherwise, and the notes name it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from extrapolate.core.kind import kind_of
from extrapolate.core.language import Language
from extrapolate.core.method import Request
from extrapolate.core.program import Program
from extrapolate.core.reader import Reader
from extrapolate.core.result import Candidate, Counts, Result, Stop
from extrapolate.core.task import Row, Task
from extrapolate.core.types import Type

Solve = Callable[[Request], Result]
# So many rows are left out by themselves, and in pairs, the least sure first; fewer than so many are never left.
ALONE, IN_PAIRS, FEWEST = 12, 4, 3
# So many programs that are right on most rows, as they are read, are looked at.
NEAREST = 60
# Where a dearer explanation is the best of these, rows are left out.
DEAR = 20.0
# Readings that are less likely are not considered, and so many of a row at once.
LEAST, AT_ONCE = 1e-6, 2
# How many programs are tried with all rows as they are read, and in how much of the time: more where what is found is
# dear; and so with rows left out.
AS_READ = ((100_000, 0.2), (500_000, 0.3))
PROGRAMS_WITHOUT, SHARE_WITHOUT = 20_000, 0.2
# Other readings are worth a look only where they save more than a unit of cost.
SAVED = 1.0

# Values read otherwise: the reader, the value, what it is read as, and how likely that is.
Other = tuple[Reader, Any, Any, float]


@dataclass(frozen=True)
class Explanation:
    """A program, what must be read otherwise for it to be right, and its price: its cost and what that takes."""

    found: Candidate
    others: tuple[tuple[Row, Other], ...]
    price: float


def learned_with_doubt(solve: Solve, request: Request) -> Result:
    """What `solve` makes of a request whose language has readers, some of whose readings may be wrong."""
    start = perf_counter()
    language = own_readers(request.language)
    request = replace(request, language=language)
    readers = {word.arg_types[0]: word.function for word in language.words if isinstance(word.function, Reader)}
    spent = Counts()
    for programs, share in AS_READ:
        budget = request.budget.share(share).at_most(programs)
        first = solve(replace(request, nearest=NEAREST, budget=budget))
        spent += first.counts
        best = cheapest(explanation(found, found.missed, request.task, readers) for found in first.candidates)
        if best is not None and best.price <= DEAR:
            break
    else:
        more = explanations(solve, request, readers, math.inf if best is None else best.price)
        best = cheapest([best, *within_time(more, request.budget.seconds, start)])
    shown = tuple(found for found in first.candidates if found.solves) or first.candidates
    first = replace(first, candidates=shown[: request.candidates])
    if best is not None:
        for _, (reader, value, reading, _) in best.others:
            reader.told[reader.key(value)] = reading
    if best is not None and not best.others and first.stop is Stop.SOLVED:
        return first
    again = solve(request.after(Counts(spent.tried, 0, perf_counter() - start)))
    again = replace(again, counts=spent + again.counts)
    if best is None or not best.others:
        return again if again.solved or not first.solved else first
    notes = [sentence(row, other) for row, other in best.others]
    return replace(again, notes=(*again.notes, *notes)) if again.solved else first


def cheapest(found: Iterable[Explanation | None]) -> Explanation | None:
    """The explanation with the lowest price; one that reads something otherwise only where that saves something."""
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: one.price + SAVED * bool(one.others), default=None)


def within_time(found: Iterator[Explanation], seconds: float | None, start: float) -> Iterator[Explanation]:
    """What is found in half of the time."""
    for one in found:
        yield one
        if seconds is not None and perf_counter() - start > seconds / 2:
            break


def own_readers(language: Language) -> Language:
    """The language with readers of its own, so that what they are told is told to no other."""
    words = tuple(
        replace(word, function=word.function.fresh()) if isinstance(word.function, Reader) else word
        for word in language.words
    )
    return replace(language, words=words)


def explanations(solve: Solve, request: Request, readers: dict[Type, Any], price: float) -> Iterator[Explanation]:
    """Programs that are right on all rows but some, and on these once they are read otherwise."""
    task = request.task
    takes = {row.number: least_surprise(row, task, readers) for row in task.labelled}
    rows = sorted(task.labelled, key=lambda row: takes[row.number])[:ALONE]
    least_sure = [tuple(rows[:n]) for n in range(3, len(task.labelled) // 2 + 1)]
    for out in (*((row,) for row in rows), *itertools.combinations(rows[:IN_PAIRS], 2), *least_sure):
        needed = min(takes[row.number] for row in out)
        affordable = price - SAVED - needed
        if math.isinf(needed) or affordable <= 1:
            continue
        kept = tuple(row for row in task.rows if row.number not in {other.number for other in out})
        if sum(row.output is not None for row in kept) < FEWEST:
            continue
        dearest = None if math.isinf(affordable) else int(affordable) + 1
        budget = request.budget.share(SHARE_WITHOUT).at_most(PROGRAMS_WITHOUT)
        fewer = replace(request, task=replace(task, rows=kept), budget=budget, candidates=1, dearest=dearest)
        result = solve(fewer)
        if not result.solved:
            continue
        explained = explanation(result.candidates[0], out, task, readers)
        if explained is not None:
            price = min(price, explained.price)
            yield explained


def explanation(found: Candidate, rows: Sequence[Row], task: Task, readers: dict[Type, Any]) -> Explanation | None:
    """What must be read otherwise in some rows for a program to be right on them; None where nothing will do."""
    others: list[tuple[Row, Other]] = []
    for row in rows:
        other = read_otherwise(found.program, row, task, readers)
        if other is None:
            return None
        others += [(row, part) for part in other]
    surprise = sum(math.log(top(part) / part[3]) for _, part in others)
    return Explanation(found, tuple(others), found.cost + surprise)


def read_otherwise(program: Program, row: Row, task: Task, readers: dict[Type, Any]) -> Sequence[Other] | None:
    """The likeliest other readings of a row for which a program is right on it; nothing where it is so already."""
    values = list(values_read(row, task, readers))
    choices = [
        (reader, value, reading, p)
        for reader, value in values
        for reading, p in reader.readings(value)[1:]
        if p > LEAST
    ]
    tried = [(), *((choice,) for choice in choices)]
    tried += [pair for pair in itertools.combinations(choices, AT_ONCE) if pair[0][1] is not pair[1][1]]
    for others in sorted(tried, key=lambda others: sum(math.log(top(o) / o[3]) for o in others)):
        told = [(reader, reader.key(value)) for reader, value, _, _ in others]
        for reader, value, reading, _ in others:
            reader.told[reader.key(value)] = reading
        try:
            answer = program.answer(row.inputs)
        finally:
            for reader, key in told:
                del reader.told[key]
        if answer is not None and kind_of(task.output).equal(answer, row.output, task.output):
            return others
    return None


def least_surprise(row: Row, task: Task, readers: dict[Type, Any]) -> float:
    """What it takes at least to believe that a value of a row is another one than it is read as."""
    seconds = [(reader.readings(value)[:2]) for reader, value in values_read(row, task, readers)]
    return min((math.log(both[0][1] / max(both[1][1], LEAST)) for both in seconds if len(both) > 1), default=math.inf)


def values_read(row: Row, task: Task, readers: dict[Type, Any]) -> Iterator[tuple[Reader, Any]]:
    """The values in a row that a reader reads."""
    for v, value in zip(task.inputs, row.inputs, strict=True):
        yield from within(value, v.type, readers)


def within(value: Any, t: Type, readers: dict[Type, Any]) -> Iterator[tuple[Reader, Any]]:
    if t in readers:
        yield readers[t], value
    for part, own in kind_of(t).parts(value, t):
        yield from within(part, own, readers)


def top(other: Other) -> float:
    """How likely the first reading of a value is."""
    reader, value, _, _ = other
    return float(reader.readings(value)[0][1])


def sentence(row: Row, other: Other) -> str:
    reader, value, reading, p = other
    first, sure = reader.readings(value)[0]
    return f"row {row.number}: one that is read as {first!r} ({sure:.0%}) is taken for {reading!r} ({p:.1%})"
