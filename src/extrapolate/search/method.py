"""From a task to ranked programs by search: rows are chosen, programs are looked for and ranked.

The search starts with some of the rows, short ones where they are long, as it has fewer steps to make for each program;
a row that its best program gets wrong is added, and it runs again.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

from extrapolate.core.expression import Choose, Expr, among_cells
from extrapolate.core.found import Found
from extrapolate.core.kind import kind_of
from extrapolate.core.method import Request
from extrapolate.core.program import Program
from extrapolate.core.result import Candidate, Counts, Progress, Result, Slip, Stop
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL
from extrapolate.search.doubts import doubts, unlikely
from extrapolate.search.move import Moves
from extrapolate.search.moves import MOVES
from extrapolate.search.rank import Judge, normal_form
from extrapolate.search.slips import slipped
from extrapolate.search.synthesis import Synthesis
from extrapolate.search.telling import told_apart

ROWS_AT_FIRST, MORE_ROWS = 12, 8
# Where rows are so long in all, the shortest are begun with, at least so many.
MANY_ELEMENTS, FEWEST_ROWS = 400, 4
# By how many unlabelled rows programs are judged, and the longest text in one of them.
MOST_LOOKED_AT, LONGEST_LOOKED_AT = 1000, 10_000
MOST_RANKED = 10
# Of so many programs variants are ranked too.
MOST_VARIED = 10
# The share of the seconds that the search may take; ranking what it found takes the rest.
SEARCHING = 0.95
# What a task inside another one may take of its budget.
INNER_SHARE, INNER_PROGRAMS = 0.2, 60_000
# What a test of which items are kept may cost for so many items.
SHORTEST_TEST, ITEMS_A_UNIT = 5, 2


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Pauses the collector of circular garbage: a search makes hardly any, and its values, which are many, would be
    gone through again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@collector_paused()
def learn(request: Request, moves: Moves = MOVES) -> Result:
    """The programs that satisfy the examples, ranked; those right on the most rows where none does."""
    task, language = request.task, request.language
    if task.contradictions:
        notes = [contradiction(*pair) for pair in task.contradictions]
        return Result(task, (), Stop.CONTRADICTION, Counts(), notes)
    search, found, stop, counts = searched(request, moves)
    slip = suspected(search, found, request)
    telling = told_apart(found, task)
    sentences = [one.sentence for one in (slip, telling) if one is not None]
    notes = [*search.notes, *warnings(found, task), *sentences]
    answered = [replace(c, answers=answers(c.program, task.unlabelled)) for c in found]
    answered = [replace(c, unlikely=unlikely(c, task, language)) for c in answered]
    search.release()
    doubtful = tuple(doubts(answered[0], task, language)) if answered and answered[0].solves else ()
    return Result(task, tuple(answered), stop, counts, notes, doubts=doubtful, slip=slip, telling=telling)


class Searched(NamedTuple):
    """The last search that was made, what was found, ranked, and why it stopped; the counts of all searches."""

    search: Synthesis
    found: list[Candidate]
    stop: Stop
    counts: Counts


def searched(request: Request, moves: Moves) -> Searched:
    """Looks for programs: first for those of tasks inside the task, then for all, with more rows where the best program
    gets one wrong."""
    task, start = request.task, perf_counter()
    chosen = first_rows(task)
    looked_at = [row for row in task.unlabelled if is_short(row)][:MOST_LOOKED_AT]
    open_rows = telling_rows(looked_at, MORE_ROWS)
    budget = replace(request.budget, seconds=request.budget.seconds and SEARCHING * request.budget.seconds)
    counts, composed, is_interrupted = inside(request, moves)
    known = [*(program.expr for program in request.known), *composed]
    while True:
        left = budget.at_most(0) if is_interrupted else budget.after(counts)
        search = Synthesis(
            task, chosen + open_rows, request.language, left, request.on_progress, moves, request.dearest
        )
        stop = search.run(known)
        counts = counts + search.meter.finish()
        known_rows = {row.number for row in chosen}
        missed = [row for row in search.counter_examples if row.number not in known_rows]
        if search.solutions or not missed or stop is Stop.INTERRUPTED or counts.seconds > (budget.seconds or 1e9):
            break
        chosen += missed[:MORE_ROWS]
        search.release()
    stop = Stop.INTERRUPTED if is_interrupted else stop
    return Searched(search, ranked(search, request, looked_at, start), stop, counts)


def inside(request: Request, moves: Moves) -> tuple[Counts, list[Expr], bool]:
    """The programs made of what is learned of the first task inside a task of which something can be learned, and
    whether the user had no more patience."""
    counts, start = Counts(), perf_counter()
    budget = request.budget.share(INNER_SHARE)
    own, told = replace(request.language, inner_tasks=None), without_best(request.on_progress)
    composed: list[Expr] = []
    is_interrupted = False
    for inner in request.language.possible_inner_tasks(request.task):
        left = budget.after(replace(counts, seconds=perf_counter() - start)).at_most(INNER_PROGRAMS)
        if left.is_spent:
            break
        asked = replace(request, task=inner.task, language=own, budget=left, known=(), on_progress=told, nearest=0)
        search, found, stop, spent = searched(asked, moves)
        search.release()
        counts, is_interrupted = counts + spent, stop is Stop.INTERRUPTED
        composed = [inner.build(c.program.expr) for c in found if c.solves and is_vouched(c, inner.task)]
        if composed or is_interrupted:
            break
    return replace(counts, seconds=perf_counter() - start), composed, is_interrupted


def is_vouched(found: Candidate, task: Task) -> bool:
    """Whether the items are enough for a program; whether one is kept says less than what becomes of it."""
    if task.output == BOOL:
        return found.cost <= SHORTEST_TEST + len(task.distinct) // ITEMS_A_UNIT
    return not found.is_long(task.evidence)


def without_best(tell: Callable[[Progress], None] | None) -> Callable[[Progress], None] | None:
    """Tells of progress, but of no program, as that is one of a part of the task."""
    return None if tell is None else lambda progress: tell(progress._replace(best=None))


def first_rows(task: Task) -> list[Row]:
    """The rows a search starts with: the first ones, or the shortest of those where they are long."""
    rows = list(task.distinct[:ROWS_AT_FIRST])
    sizes = {row.number: size_of(row, task) for row in task.distinct}
    if sum(sizes[row.number] for row in rows) <= MANY_ELEMENTS:
        return rows
    kept: list[Row] = []
    for row in sorted(task.distinct, key=lambda row: sizes[row.number]):
        if len(kept) < FEWEST_ROWS or (
            len(kept) < ROWS_AT_FIRST and sum(sizes[r.number] for r in (*kept, row)) <= MANY_ELEMENTS
        ):
            kept.append(row)
    return sorted(kept, key=lambda row: row.number)


def size_of(row: Row, task: Task) -> int:
    """How many elements there are in the values of a row that have parts."""
    pending = [(value, v.type) for value, v in zip(row.inputs, task.inputs, strict=True)]
    size = 0
    while pending:
        value, t = pending.pop()
        parts = list(kind_of(t).parts(value, t))
        size += len(parts)
        pending += parts
    return size


def ranked(search: Synthesis, request: Request, looked_at: Sequence[Row], start: float) -> list[Candidate]:
    """The best of what was found, at most as many as are wanted; fewer are looked at where time has run out."""
    most, judge = request.candidates, search.judge
    seconds = request.budget.seconds
    different: dict[Any, Expr] = {}
    for place, expr in enumerate(sorted(search.solutions, key=judge.length)):
        different.setdefault(normal_form(expr), expr)
        variants = [*request.language.possible_variants(Found(request.task, expr))] if place < MOST_VARIED else []
        for other in itertools.chain(variants, *map(branches_of, (expr, *variants))):
            if not any(judge.missed(other)):
                different.setdefault(normal_form(other), other)
    judged: list[Candidate] = []
    for expr in itertools.islice(different.values(), MOST_RANKED * most):
        judged.append(candidate(expr, judge, request, looked_at))
        if seconds is not None and perf_counter() - start > seconds and len(judged) >= most:
            break
    found = varied(sorted(judged, key=lambda c: c.score), most)
    if found and not request.nearest:
        return found
    nearest = [candidate(e, judge, request, looked_at) for e in search.partial(request.nearest or 4 * most)]
    nearest = [c for c in nearest if c.missed or not found]
    return [*found, *sorted(nearest, key=lambda c: (len(c.missed), c.score))[: request.nearest or most]]


def branches_of(expr: Expr) -> Iterator[Expr]:
    """What a program that chooses gives either way, which may be right by itself."""
    if isinstance(expr, Choose):
        for branch in (expr.then, expr.otherwise):
            yield branch
            yield from branches_of(branch)


def suspected(search: Synthesis, found: Sequence[Candidate], request: Request) -> Slip | None:
    """The example that looks like a slip beside the shortest program found, with the program that says so."""
    shortest = min((c.cost for c in found if c.solves), default=None)
    suspect = slipped(search, shortest)
    if suspect is None:
        return None
    row, expr = suspect
    other = candidate(expr, search.judge, request, request.task.unlabelled)
    return Slip(row, other, other.program.answer(row.inputs))


def varied(judged: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best candidates, at most so many, that are printed differently: those that give other answers than the ones
    before them take precedence of those that do not."""
    new: list[Candidate] = []
    same: list[Candidate] = []
    for c in judged:
        (same if c.answers and any(alike(c, other) for other in new) else new).append(c)
    printed: dict[str, Candidate] = {}
    for c in (*new, *same):
        if len(printed) == most:
            break
        printed.setdefault(c.program.source, c)
    return sorted(printed.values(), key=lambda c: c.score)


def alike(a: Candidate, b: Candidate) -> bool:
    """Whether two candidates give the same answers."""
    pairs = zip(a.answers, b.answers, strict=True)
    return all(x is y or (x is not None and y is not None and a.agree(x, y)) for x, y in pairs)


def candidate(expr: Expr, judge: Judge, request: Request, rows: Sequence[Row]) -> Candidate:
    """A program with its rank, the examples it misses, and its answers on some rows that are open."""
    task, language = request.task, request.language
    blank = task.blank | among_cells(expr)
    program = Program(expr, task.inputs, task.output, task.name, language.name, blank, costs=language.costs)
    given = answers(program, rows)
    return Candidate(program, judge.score(expr, rows, given), tuple(judge.missed(expr)), given)


def answers(program: Program, rows: Iterable[Row]) -> tuple[Any, ...]:
    return tuple(program.answer([None if isinstance(v, str) and v == "" else v for v in row.inputs]) for row in rows)


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


def outline(text: str) -> str:
    """A text with `a` for a run of letters, and for each digit `0` in numbers that start with it, else `1`."""
    numbers = re.sub(r"\d+", lambda run: ("0" if run[0].startswith("0") else "1") * len(run[0]), text)
    return re.sub(r"[^\W\d_]+", "a", numbers)


def warnings(found: Sequence[Candidate], task: Task) -> Iterator[str]:
    """What to say of a program that is longer than its examples can vouch for."""
    rows = len(task.distinct)
    if found and found[0].solves and found[0].is_long(task.evidence):
        yield (
            f"cost {found[0].cost} is much for {rows} example{'s' * (rows != 1)}: the program may fit them and nothing "
            "else; check it on other rows"
        )


def contradiction(a: Row, b: Row) -> str:
    return f"rows {a.number} and {b.number} have equal inputs but the outputs {a.output!r} and {b.output!r}"
