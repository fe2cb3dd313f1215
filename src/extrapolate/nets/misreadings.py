"""Learning with doubt: programs over what a reader reads, where some readings may be wrong.

The price of a program is its cost and the logarithm of how unlikely its readings are: of each cost there are about
three times as many programs as of the one before. First all is taken as it is read; a program that is right on most
rows may be right on all, once a value of the others is read otherwise. Where that is dear, the rows whose readings are
the least sure are left out, up to half of all; and where a reading that is sure would have to be wrong, what costs less
is looked for once more with all as it is read. What is best is learned again with what was read otherwise, and the
notes name it.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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
# So many rows are left out by themselves, and in pairs, the least sure first; fewer than so many are never left, nor
# less than this share of all.
ALONE, IN_PAIRS, FEWEST, SHARE_KEPT = 12, 4, 3, 0.5
# So many programs that are right on most rows, as they are read, are looked at.
NEAREST = 240
# Where a dearer explanation is the best of these, rows are left out.
DEAR = 20.0
# Readings that are less likely are not considered; so many of a row are, the likeliest, and so many at once.
LEAST, MOST_OTHERS, AT_ONCE = 1e-6, 40, 2
# Of outputs with so few different values more of the rows must be right as they are read.
FEW_OUTPUTS, SHARE_KEPT_OF_FEW = 2, 0.75
# A reading that is likelier is sure: in so many rows one may be overruled. Until which share of the seconds is spent
# programs are looked for that overrule none.
SURE, SHARE_OVERRULED, SHARE_AGAINST = 0.99, 0.25, 0.5
# How many programs are tried with all rows as they are read, until which share of the time is spent: more where what is
# found is dear. With rows left out: how many each time, its share, and until when.
AS_READ = ((100_000, 0.2), (500_000, 0.4))
PROGRAMS_WITHOUT, SHARE_WITHOUT, ALL_WITHOUT = 20_000, 0.2, 0.7
# The share of the seconds to look at programs that are right on most rows, and to learn once more in the end.
KEPT = 0.1
# Other readings are worth a look only where they save more than a unit of cost.
SAVED = 1.0


@dataclass(frozen=True)
class Other:
    """A value that is read otherwise than its reader does: which of those in its row, as what, and how likely."""

    reader: Reader
    value: Any
    place: int
    reading: Any
    share: float

    @property
    def first(self) -> tuple[Any, float]:
        """What the value is read as, and how likely."""
        reading, share = self.reader.readings(self.value)[0]
        return reading, float(share)

    @property
    def is_bold(self) -> bool:
        """Whether the reader is sure of another reading."""
        return self.first[1] > SURE

    @property
    def surprise(self) -> float:
        """How much less likely than the first reading it is: the logarithm of the ratio."""
        return math.log(self.first[1] / self.share)

    def is_of(self, other: Other) -> bool:
        """Whether it is another one's value, read the same way."""
        same = self.reader is other.reader and self.reading == other.reading
        return same and self.reader.key(self.value) == self.reader.key(other.value)

    def tell(self) -> None:
        self.reader.told[self.reader.key(self.value)] = self.reading

    def forget(self) -> None:
        self.reader.told.pop(self.reader.key(self.value), None)

    def sentence(self, row: Row) -> str:
        first, sure = self.first
        return (
            f"row {row.number}: reading {self.place} is taken for {self.reading!r} ({in_percent(self.share)}) "
            f"and not for {first!r} ({in_percent(sure)})"
        )


def in_percent(share: float) -> str:
    """A probability in percent, with as many digits as tell it from none and from all."""
    if share < 0.001:
        return "below .1%"
    return "above 99.9%" if share > 0.999 else f"{share:.0%}" if 0.0995 < share < 0.99 else f"{share:.1%}"


@dataclass(frozen=True)
class Explanation:
    """A program, what must be read otherwise for it to be right, and its price: its cost and what that takes."""

    found: Candidate
    others: tuple[tuple[Row, Other], ...]
    price: float

    @property
    def is_bold(self) -> bool:
        """Whether it takes a reading for wrong that is sure."""
        return any(other.is_bold for _, other in self.others)

    def tell(self) -> None:
        for _, other in self.others:
            other.tell()


def learned_with_doubt(solve: Solve, request: Request) -> Result:
    """What `solve` makes of a request whose language has readers, some of whose readings may be wrong."""
    request = replace(request, language=own_readers(request.language))
    readers = {word.arg_types[0]: word.function for word in request.language.words if isinstance(word.function, Reader)}
    return Doubter(solve, request, readers).run()


def own_readers(language: Language) -> Language:
    """The language with readers of its own, so that what they are told is told to no other."""
    words = tuple(
        replace(word, function=word.function.fresh()) if isinstance(word.function, Reader) else word
        for word in language.words
    )
    return replace(language, words=words)


@dataclass
class Doubter:
    """One task over readings: what was asked of `solve` so far, and the best explanation."""

    solve: Solve
    request: Request
    readers: dict[Type, Any]
    start: float = field(default_factory=perf_counter)
    counts: Counts = field(default_factory=Counts)
    best: Explanation | None = None
    as_read: Result | None = None
    is_interrupted: bool = False

    def run(self) -> Result:
        for programs, share in AS_READ:
            self.look_as_read(programs, share)
            if self.is_interrupted or (self.best is not None and self.best.price <= DEAR):
                break
        else:
            self.leave_rows_out()
        if self.best is None or self.best.is_bold:
            self.look_as_read(None, 1 - KEPT if self.best is None else SHARE_AGAINST)
        return self.result()

    @property
    def spent(self) -> float:
        """The share of the seconds that is spent."""
        seconds = self.request.budget.seconds
        return 0.0 if seconds is None else (perf_counter() - self.start) / max(seconds, 1e-9)

    def ask(self, request: Request, share: float = 1.0, programs: int | None = None) -> Result:
        """What `solve` makes of a request in a share of all seconds, as far as these are left; counted."""
        whole, seconds = self.request.budget, perf_counter() - self.start
        left = whole.after(Counts(self.counts.tried, 0, seconds))
        if whole.seconds is not None and left.seconds is not None:
            left = replace(left, seconds=min(left.seconds, share * whole.seconds))
        result = self.solve(replace(request, budget=left if programs is None else left.at_most(programs)))
        self.counts += result.counts
        self.is_interrupted |= result.stop is Stop.INTERRUPTED
        return result

    def look_as_read(self, programs: int | None, until: float) -> None:
        """Looks for programs with all rows as they are read, until a share of the seconds is spent; for those only
        that cost less than the best explanation where there is one."""
        if self.is_interrupted or self.spent >= until:
            return
        dearest = None if self.best is None else math.ceil(self.best.price)
        asked = replace(self.request, nearest=NEAREST, dearest=dearest)
        found = self.ask(asked, until - self.spent, programs)
        if self.as_read is None or found.solved or not self.as_read.solved:
            self.as_read = found
        least = {c.program: c.cost + sum(self.takes[row.number] for row in c.missed) for c in found.candidates}
        for candidate in sorted(found.candidates, key=lambda c: least[c.program]):
            if least[candidate.program] >= self.most or self.spent > until + KEPT:
                break
            self.consider(candidate, candidate.missed)

    @cached_property
    def takes(self) -> dict[int, float]:
        """What it takes at least to read a row otherwise, by its number."""
        task = self.request.task
        return {row.number: least_surprise(row, task, self.readers) for row in (*task.labelled, *task.left_out)}

    @property
    def most(self) -> float:
        """What a better explanation may cost."""
        return math.inf if self.best is None else self.best.price - SAVED * (not self.best.others)

    def consider(self, found: Candidate, rows: Sequence[Row]) -> None:
        """Takes a program for the best where some rows can be explained for less; where something is read otherwise
        only if that saves something."""
        if self.is_interrupted:
            return
        try:
            new = explanation(found, rows, self.request.task, self.readers, self.most)
        except KeyboardInterrupt:
            self.is_interrupted = True
            return
        if new is not None:
            known = [new] if self.best is None else [self.best, new]
            self.best = min(known, key=lambda one: one.price + SAVED * bool(one.others))

    def leave_rows_out(self) -> None:
        """Looks for programs that are right on all rows but some, and on these once they are read otherwise."""
        task = self.request.task
        rows = sorted(task.labelled, key=lambda row: self.takes[row.number])[:ALONE]
        least_sure = [tuple(rows[:n]) for n in range(1, len(task.labelled) // 2 + 1)]
        pairs = itertools.islice(itertools.combinations(rows[:IN_PAIRS], 2), 1, None)
        for out in (*least_sure, *((row,) for row in rows[1:]), *pairs):
            affordable = self.most - sum(self.takes[row.number] for row in out)
            if affordable <= 1 or math.isnan(affordable) or not is_enough(len(out), task):
                continue
            if self.is_interrupted or self.spent > ALL_WITHOUT:
                break
            kept = tuple(row for row in task.rows if row.number not in {other.number for other in out})
            dearest = None if math.isinf(affordable) else int(affordable) + 1
            fewer = replace(self.request, task=replace(task, rows=kept), candidates=1, dearest=dearest)
            result = self.ask(fewer, SHARE_WITHOUT, PROGRAMS_WITHOUT)
            if result.solved:
                self.consider(result.candidates[0], out)

    def result(self) -> Result:
        """What the best explanation says, learned again with its readings; without one what was found as it is read."""
        best, as_read = self.best, self.as_read
        assert as_read is not None
        shown = tuple(found for found in as_read.candidates if found.solves) or as_read.candidates
        as_read = replace(as_read, candidates=shown[: self.request.candidates])
        if self.is_interrupted:
            as_read = replace(as_read, stop=Stop.INTERRUPTED)
        if best is None or (not best.others and as_read.stop in (Stop.SOLVED, Stop.INTERRUPTED)):
            return replace(as_read, counts=self.all_counts)
        best.tell()
        known = (best.found.program, *self.request.known)
        again = self.ask(replace(self.request, known=known), programs=0 if self.is_interrupted else None)
        notes = [other.sentence(row) for row, other in best.others]
        stop = Stop.INTERRUPTED if self.is_interrupted else again.stop
        return replace(again, counts=self.all_counts, stop=stop, notes=(*again.notes, *notes))

    @property
    def all_counts(self) -> Counts:
        return replace(self.counts, seconds=perf_counter() - self.start)


def is_enough(out: int, task: Task) -> bool:
    """Whether enough rows are left to learn from without so many."""
    kept, outputs = len(task.labelled) - out, {repr(row.output) for row in task.labelled}
    share = SHARE_KEPT if len(outputs) > FEW_OUTPUTS else SHARE_KEPT_OF_FEW
    return kept >= max(FEWEST, share * len(task.labelled))


def explanation(
    found: Candidate, rows: Sequence[Row], task: Task, readers: dict[Type, Any], most: float = math.inf
) -> Explanation | None:
    """What must be read otherwise in some rows for a program to be right on them; None where nothing will do that
    costs less than `most`, or where these are too many, or too many of them sure."""
    if rows and not is_enough(len(rows), task):
        return None
    others: list[tuple[Row, Other]] = []
    price = float(found.cost)
    for row in rows:
        other = read_otherwise(found.program, row, task, readers, most - price)
        if other is None:
            return None
        new = [part for part in other if not any(part.is_of(known) for _, known in others)]
        others += [(row, part) for part in new]
        price += sum(part.surprise for part in new)
    bold = {row.number for row, other in others if other.is_bold}
    if len(bold) > max(1, SHARE_OVERRULED * len(task.labelled)):
        return None
    with told([other for _, other in others]):
        holds = not others or all(is_right(found.program, row, task) for row in task.labelled)
    return Explanation(found, tuple(others), price) if holds else None


def read_otherwise(
    program: Program, row: Row, task: Task, readers: dict[Type, Any], most: float
) -> Sequence[Other] | None:
    """The likeliest other readings of a row for which a program is right on it, that cost less than `most`; nothing
    where it is so already. Each way of reading is tried once, so as many runs as there are pairs of readings."""
    for others in ways_to_read(row, task, readers, most):
        with told(others):
            if is_right(program, row, task):
                return others
    return None


@contextlib.contextmanager
def told(others: Sequence[Other]) -> Iterator[None]:
    """Their readers are told these readings, for a while."""
    for other in others:
        other.tell()
    try:
        yield
    finally:
        for other in others:
            other.forget()


def is_right(program: Program, row: Row, task: Task) -> bool:
    answer = program.answer(row.inputs)
    return answer is not None and kind_of(task.output).equal(answer, row.output, task.output)


def ways_to_read(row: Row, task: Task, readers: dict[Type, Any], most: float) -> list[tuple[Other, ...]]:
    """How a row may be read otherwise for less than `most`, the likeliest first."""
    choices = [
        Other(reader, value, place, reading, share)
        for place, (reader, value) in enumerate(values_read(row, task, readers), 1)
        for reading, share in reader.readings(value)[1:]
        if share > LEAST
    ]
    choices = sorted((choice for choice in choices if choice.surprise < most), key=lambda choice: choice.surprise)
    choices = choices[:MOST_OTHERS]
    ways = [(), *((choice,) for choice in choices)]
    pairs = itertools.combinations(choices, AT_ONCE)
    ways += [pair for pair in pairs if pair[0].place != pair[1].place]
    prices = [sum(other.surprise for other in way) for way in ways]
    return [ways[i] for i in sorted(range(len(ways)), key=prices.__getitem__) if prices[i] < most]


def least_surprise(row: Row, task: Task, readers: dict[Type, Any]) -> float:
    """What it takes at least to believe that a value of a row is another one than it is read as."""
    both = [[share for _, share in reader.readings(value)[:2]] for reader, value in values_read(row, task, readers)]
    ratios = [max(two[0], LEAST) / max(two[1], LEAST) for two in both if len(two) > 1]
    return min(map(math.log, ratios), default=math.inf)


def values_read(row: Row, task: Task, readers: dict[Type, Any]) -> Iterator[tuple[Reader, Any]]:
    """The values in a row that a reader reads."""
    for v, value in zip(task.inputs, row.inputs, strict=True):
        yield from within(value, v.type, readers)


def within(value: Any, t: Type, readers: dict[Type, Any]) -> Iterator[tuple[Reader, Any]]:
    if t in readers:
        yield readers[t], value
    for part, own in kind_of(t).parts(value, t):
        yield from within(part, own, readers)
