"""What people reckon with columns: sums along a row, how much one number is more than another, the smaller of two,
dates moved by days, the time from one time of the day to another.

Written out, these are long for a search that begins with the shortest, and yet they are what a table is made for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.task import Task
from extrapolate.core.types import DATETIME, DECIMAL, DURATION, TEXT
from extrapolate.core.word import Primitive
from extrapolate.languages.dates import date, day_first_date, hours_between, later
from extrapolate.languages.decimals import larger, minus, number, over, plus, smaller

# Sums are of so many neighbours, and pairs of no more columns.
FEWEST_ADDED, MOST_ADDED, MOST_PAIRED = 3, 12, 4
MOST_DAYS = 3660


def shortcuts(task: Task) -> Iterator[Expr]:
    """Programs that are worth having early, whatever they cost."""
    yield from reckoned(task)
    yield from moved(task)
    yield from spans(task)


def reckoned(task: Task) -> Iterator[Expr]:
    """Sums of neighbouring columns of numbers; of two, the quotients, the smaller, the larger and the relative
    change."""
    places = [i for i in texts(task) if is_defined(number, task, i)]
    columns = [(i, Apply(number, (task.inputs[i],), DECIMAL)) for i in places]
    for run in neighbours(columns):
        if FEWEST_ADDED <= len(run) <= MOST_ADDED:
            yield reduce(lambda a, b: of(plus, a, b), run)
    if len(columns) <= MOST_PAIRED:
        for (_, a), (_, b) in itertools.combinations(columns, 2):
            yield of(over, a, b)
            yield of(over, b, a)
            yield of(smaller, a, b)
            yield of(larger, a, b)
            yield of(over, of(minus, b, a), a)
            yield of(over, of(minus, a, b), b)


def moved(task: Task) -> Iterator[Expr]:
    """Dates so many days before or after those of a column, where that is so in all examples."""
    for place in texts(task):
        for word in (date, day_first_date):
            days = {days_from(word, row.inputs[place], row.output) for row in task.labelled}
            step = days.pop()
            if not days and step is not None and 0 < abs(step) <= MOST_DAYS and is_defined(word, task, place):
                given = Apply(word, (task.inputs[place],), DATETIME)
                yield Apply(later, (given, Literal(timedelta(days=step), DURATION)), DATETIME)


def spans(task: Task) -> Iterator[Expr]:
    """Hours from the time in one column to that in another."""
    times = [Apply(date, (task.inputs[i],), DATETIME) for i in texts(task) if is_defined(date, task, i)]
    for start, end in itertools.permutations(times[:MOST_PAIRED], 2):
        yield Apply(hours_between, (start, end), DECIMAL)


def of(word: Primitive, a: Expr, b: Expr) -> Expr:
    return Apply(word, (a, b), DECIMAL)


def texts(task: Task) -> list[int]:
    """The places of the inputs that are text."""
    return [i for i, v in enumerate(task.inputs) if v.type == TEXT]


def is_defined(word: Primitive, task: Task, place: int) -> bool:
    """Whether a word has a value for an input in every row that has one there, and in some."""
    cells = [row.inputs[place] for row in task.rows if row.inputs[place]]
    return bool(cells) and all(value_of(word.function, cell) is not None for cell in cells)


def days_from(word: Primitive, given: Any, wanted: Any) -> int | None:
    """How many days what is wanted is after a date; None where either is none."""
    start, end = value_of(word.function, given), value_of(word.function, wanted)
    return None if start is None or end is None or start.time() != end.time() else (end - start).days


def value_of(function: Callable[[Any], Any], cell: Any) -> Any:
    try:
        return function(cell)
    except (ValueError, TypeError, OverflowError):
        return None


def neighbours(columns: Sequence[tuple[int, Expr]]) -> Iterator[list[Expr]]:
    """The longest runs of columns that stand next to each other."""
    for _, run in itertools.groupby(enumerate(columns), key=lambda pair: pair[1][0] - pair[0]):
        yield [expr for _, (_, expr) in run]
