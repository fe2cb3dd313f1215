"""What people reckon with columns: sums along a row, how much one number is more than another, the smaller of two,
dates moved by days, the time from one time of the day to another.

Written out, these are long for a search that begins with the shortest, and yet they are what a table is made for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import reduce
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, evaluator, literal_of
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, DATETIME, DECIMAL, DELIMITER, DURATION, INT, TEXT, list_of
from extrapolate.core.word import Primitive
from extrapolate.languages.calendars import date_with_month_name, fiscal, months_between, months_over
from extrapolate.languages.cases import below_or_not, less_than
from extrapolate.languages.dates import (
    date,
    day_first_date,
    days_after,
    days_between,
    hours_between,
    later,
    month_end,
    month_start,
    months_after,
    quarter_start,
    week_start,
    years_between,
)
from extrapolate.languages.decimals import larger, minus, number, number_in, over, plus, smaller
from extrapolate.languages.items import marks
from extrapolate.languages.lists import difference, intersection, sorted_, unique
from extrapolate.languages.masks import last_digits, parted
from extrapolate.languages.parts import digits_of, join, split
from extrapolate.languages.rows import along_rows
from extrapolate.languages.slots import slots

# Sums are of so many neighbours, and pairs of no more columns.
FEWEST_ADDED, MOST_ADDED, MOST_PAIRED = 3, 12, 4
MOST_DAYS = 3660
MOST_MARKS = 3
# How many open rows are looked at to see what a column holds.
MOST_LOOKED_AT = 200

Read = dict[int, Expr]
# What is counted from one date to another.
SPANS = (days_between, years_between, months_between, months_over)
# What days are counted from: a date, and the start of its week, the first and the last day of its month.
STARTS = (None, week_start, month_start, month_end, quarter_start)
_WITH_DAY = re.compile(r"\d+[-/. ]+(\d+|[A-Za-z]{3,9}\.?)[-/., ]+\d+|[A-Za-z]{3}\.? \d+, \d{4}")


def shortcuts(task: Task) -> Iterator[Expr]:
    """Programs that are worth having early, whatever they cost."""
    numbers, dates = read(task, number), read(task, date)
    yield from along_rows(task)
    yield from reckoned(task, numbers)
    yield from listed(task)
    yield from arranged(task)
    yield from parted(task, numbers)
    yield from last_digits(task, read(task, digits_of))
    named = {place: day for place, day in read(task, date_with_month_name).items() if place not in dates}
    for word, columns in ((date, dates), (day_first_date, read(task, day_first_date)), (date_with_month_name, named)):
        yield from columns.values()
        yield from moved(task, word, columns)
        yield from fiscal(task, word, columns)
        yield from slotted(task, word, columns)
        written = {place: n for place, n in read(task, number_in).items() if place not in columns}
        for day, n in itertools.product(columns.values(), few(numbers) or few(written)):
            yield from (Apply(moves, (day, n), DATETIME) for moves in (days_after, months_after))
    for start, end in itertools.permutations(few(dates), 2):
        yield Apply(hours_between, (start, end), DECIMAL)
        yield from (Apply(word, (start, end), INT) for word in SPANS)
        yield Apply(less_than, (start, end), BOOL)
        yield from compared(task, start, end)


def reckoned(task: Task, numbers: Read) -> Iterator[Expr]:
    """Sums of neighbouring columns; of two, differences, quotients, the smaller, the larger and the relative
    change."""
    for run in neighbours(numbers):
        if FEWEST_ADDED <= len(run) <= MOST_ADDED:
            yield reduce(lambda a, b: of(plus, a, b), run)
    for a, b in itertools.combinations(few(numbers), 2):
        yield from (of(word, a, b) for word in (minus, over, smaller, larger))
        yield from (of(word, b, a) for word in (minus, over))
        yield of(over, of(minus, b, a), a)
        yield of(over, of(minus, a, b), b)


def moved(task: Task, word: Primitive, dates: Read) -> Iterator[Expr]:
    """Dates so many days before or after those of a column, or after the start of their week or their month, where that
    is so in all examples."""
    for place, day in dates.items():
        for start in STARTS if has_days(task) else STARTS[:1]:
            steps = {days_from(word, start, row.inputs[place], row.output) for row in task.labelled}
            step = steps.pop() if len(steps) == 1 else None
            if step is not None and 0 < abs(step) <= MOST_DAYS:
                from_ = day if start is None else Apply(start, (day,), DATETIME)
                yield Apply(later, (from_, Literal(timedelta(days=step), DURATION)), DATETIME)
                break


def compared(task: Task, start: Expr, end: Expr) -> Iterator[Expr]:
    """What is said where one date is before another one, and else, where both are shown."""
    said: dict[bool, str] = {}
    for row in task.labelled:
        first, second = (evaluated(task, row, day) for day in (start, end))
        if first is None or second is None or said.setdefault(first < second, row.output) != row.output:
            return
    if len(set(said.values())) == 2 and task.output == TEXT:
        yield Apply(below_or_not, (start, end, *(literal_of(said[is_so], TEXT) for is_so in (True, False))), TEXT)


def evaluated(task: Task, row: Row, day: Expr) -> Any:
    """The date that a word reads in a column of a row."""
    assert isinstance(day, Apply)
    return value_of(day.word.function, row.inputs[task.inputs.index(day.args[0])])


def has_days(task: Task) -> bool:
    """Whether what is wanted are dates with days, in more rows than one."""
    return len(task.labelled) > 1 and all(_WITH_DAY.search(str(row.output)) for row in task.labelled)


def slotted(task: Task, word: Primitive, dates: Read) -> Iterator[Expr]:
    """The slots that the times of a column fall in."""
    for place, day in dates.items():
        rows = [row for row in task.labelled if row.inputs[place]]
        given = [word.function(row.inputs[place]) for row in rows]
        yield from slots(day, given, [row.output for row in rows])


def listed(task: Task) -> Iterator[Expr]:
    """Of two columns that list things with the same mark between them: those of one that are in the other, or not."""
    texts = [(v, [row.inputs[i] for row in task.labelled]) for i, v in enumerate(task.inputs) if v.type == TEXT]
    for (a, cells), (b, others) in itertools.permutations(texts[:MOST_PAIRED], 2):
        mark = next((m for m in marks(cells) if any(m in cell for cell in others)), None)
        if mark is not None:
            cut = Literal(mark, DELIMITER)
            lists = tuple(Apply(split, (v, cut), list_of(TEXT)) for v in (a, b))
            for word in (difference, intersection):
                yield Apply(join, (Apply(word, lists, list_of(TEXT)), cut), TEXT)


def arranged(task: Task) -> Iterator[Expr]:
    """What a column lists, each thing once, sorted, or both, where that is what is wanted."""
    for i, v in enumerate(task.inputs):
        cells = [row.inputs[i] for row in task.labelled] if v.type == TEXT else []
        for mark in marks(cells)[:MOST_MARKS] if cells else ():
            parts: Expr = Apply(split, (v, Literal(mark, DELIMITER)), list_of(TEXT))
            once = Apply(unique, (parts,), list_of(TEXT))
            for found in (once, *(Apply(sorted_, (listed,), list_of(TEXT)) for listed in (parts, once))):
                run = evaluator(Apply(join, (found, Literal(mark, DELIMITER)), TEXT))
                if all(run(task.environment(row)) == row.output for row in task.labelled):
                    yield Apply(join, (found, Literal(mark, DELIMITER)), TEXT)


def of(word: Primitive, a: Expr, b: Expr) -> Expr:
    return Apply(word, (a, b), DECIMAL)


def read(task: Task, word: Primitive) -> Read:
    """The columns of text that a word has a value for in every row that is not blank there, by their places."""
    rows = [*task.labelled, *task.unlabelled[:MOST_LOOKED_AT]]
    found: Read = {}
    for place, v in enumerate(task.inputs):
        cells = [row.inputs[place] for row in rows if row.inputs[place]]
        if v.type == TEXT and cells and all(value_of(word.function, cell) is not None for cell in cells):
            found[place] = Apply(word, (v,), word.result_type)
    return found


def few(columns: Read) -> list[Expr]:
    """The columns, where they are not too many for all pairs of them."""
    return list(columns.values()) if len(columns) <= MOST_PAIRED else []


def days_from(word: Primitive, moved: Primitive | None, given: Any, wanted: Any) -> int | None:
    """How many days what is wanted is after a date, or after what is made of it; None where either is none."""
    start, end = value_of(word.function, given), value_of(word.function, wanted)
    if start is None or end is None or start.time() != end.time():
        return None
    from_ = start if moved is None else value_of(moved.function, start)
    return None if from_ is None else (end - from_).days


def value_of(function: Callable[[Any], Any], cell: Any) -> Any:
    try:
        return function(cell)
    except (ValueError, TypeError, OverflowError):
        return None


def neighbours(columns: Read) -> Iterator[list[Expr]]:
    """The longest runs of columns that stand next to each other."""
    for _, run in itertools.groupby(enumerate(columns.items()), key=lambda pair: pair[1][0] - pair[0]):
        yield [expr for _, (_, expr) in run]
