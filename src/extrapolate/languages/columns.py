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

from extrapolate.core.expression import Apply, Expr, Literal, children
from extrapolate.core.task import Task
from extrapolate.core.types import DATETIME, DECIMAL, DELIMITER, DURATION, INT, TEXT, list_of
from extrapolate.core.word import Primitive
from extrapolate.languages.dates import (
    date,
    day_first_date,
    days_after,
    days_between,
    hours_between,
    later,
    months_after,
)
from extrapolate.languages.decimals import larger, mean, minus, number, number_in, over, plus, smaller
from extrapolate.languages.items import marks
from extrapolate.languages.lists import difference, intersection
from extrapolate.languages.parts import concat, decimals_in, join, split
from extrapolate.languages.slots import slots

# Sums are of so many neighbours, and pairs of no more columns.
FEWEST_ADDED, MOST_ADDED, MOST_PAIRED = 3, 12, 4
MOST_DAYS = 3660
# How many open rows are looked at to see what a column holds.
MOST_LOOKED_AT = 200

Read = dict[int, Expr]
_PLAIN = re.compile(r"(-?\d+(\.\d+)?)?")


def shortcuts(task: Task) -> Iterator[Expr]:
    """Programs that are worth having early, whatever they cost."""
    numbers, dates = read(task, number), read(task, date)
    yield from reckoned(task, numbers)
    yield from listed(task)
    for word, columns in ((date, dates), (day_first_date, read(task, day_first_date))):
        yield from moved(task, word, columns)
        yield from slotted(task, word, columns)
        written = {place: n for place, n in read(task, number_in).items() if place not in columns}
        for day, n in itertools.product(columns.values(), few(numbers) or few(written)):
            yield from (Apply(moves, (day, n), DATETIME) for moves in (days_after, months_after))
    for start, end in itertools.permutations(few(dates), 2):
        yield Apply(hours_between, (start, end), DECIMAL)
        yield Apply(days_between, (start, end), INT)


def reckoned(task: Task, numbers: Read) -> Iterator[Expr]:
    """Sums and means of neighbouring columns; of two, differences, quotients, the smaller, the larger and the relative
    change."""
    for run in neighbours(numbers):
        if FEWEST_ADDED <= len(run) <= MOST_ADDED:
            yield reduce(lambda a, b: of(plus, a, b), run)
        if 1 < len(run) <= MOST_ADDED and all(is_plain(task, column) for column in run):
            yield mean_of(run)
    for a, b in itertools.combinations(few(numbers), 2):
        yield from (of(word, a, b) for word in (minus, over, smaller, larger))
        yield from (of(word, b, a) for word in (minus, over))
        yield of(over, of(minus, b, a), a)
        yield of(over, of(minus, a, b), b)


def is_plain(task: Task, column: Expr) -> bool:
    """Whether the cells of a column are blank or numbers without commas, brackets and the like."""
    (place,) = (i for i, v in enumerate(task.inputs) if v in children(column))
    return all(_PLAIN.fullmatch(row.inputs[place] or "") for row in task.rows)


def mean_of(columns: list[Expr]) -> Expr:
    """The mean of the numbers that stand in some columns, of those that are not blank."""
    cells = [arg for column in columns if isinstance(column, Apply) for arg in column.args]
    texts = [cells[0], *(part for cell in cells[1:] for part in (Literal(" ", TEXT), cell))]
    row = reduce(lambda a, b: Apply(concat, (a, b), TEXT), texts)
    return Apply(mean, (Apply(decimals_in, (row,), list_of(TEXT)),), DECIMAL)


def moved(task: Task, word: Primitive, dates: Read) -> Iterator[Expr]:
    """Dates so many days before or after those of a column, where that is so in all examples."""
    for place, day in dates.items():
        steps = {days_from(word, row.inputs[place], row.output) for row in task.labelled}
        step = steps.pop() if len(steps) == 1 else None
        if step is not None and 0 < abs(step) <= MOST_DAYS:
            yield Apply(later, (day, Literal(timedelta(days=step), DURATION)), DATETIME)


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


def days_from(word: Primitive, given: Any, wanted: Any) -> int | None:
    """How many days what is wanted is after a date; None where either is none."""
    start, end = value_of(word.function, given), value_of(word.function, wanted)
    return None if start is None or end is None or start.time() != end.time() else (end - start).days


def value_of(function: Callable[[Any], Any], cell: Any) -> Any:
    try:
        return function(cell)
    except (ValueError, TypeError, OverflowError):
        return None


def neighbours(columns: Read) -> Iterator[list[Expr]]:
    """The longest runs of columns that stand next to each other."""
    for _, run in itertools.groupby(enumerate(columns.items()), key=lambda pair: pair[1][0] - pair[0]):
        yield [expr for _, (_, expr) in run]
