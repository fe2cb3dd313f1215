"""Problems of one's own: the rows of a task, those further out kept back; or rows drawn, where it has few.

How far out a row lies is asked of its inputs. Columns of numbers: how far outside the range, in widths of it. Lists:
how long the longest is. Texts: whether their shape, with runs of letters and digits taken as one, is a rare one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.compare.problem import Place, Problem
from extrapolate.core.errors import InputError
from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.core.types import BOOL, FLOAT, NUMBERS, TEXT, Type
from extrapolate.languages.looks import shape
from extrapolate.nets.baselines import Floats, Rows

# The share of the rows that lie in the range, and of those the part that is kept back too. With fewer rows, others are
# drawn.
INSIDE, KEPT, FEWEST = 0.7, 0.2, 20
# Places further out, at most, and rows at each, at least.
FURTHER, TELLING = 4, 4
# A column that spans so many times its least value is taken in logarithms.
SPREAD = 100
# Of rows that are drawn: for nets and at each place; how many times longer or larger those further out are.
DRAWN, TESTED, TIMES = 20_000, 200, (1.5, 2, 4, 8)
# So many draws a row, as a program has no answer to some.
MOST_DRAWN = 3
# Lists are at least so long, so that there is something to train on.
SHORTEST = 4


LENGTH = "length of the longest list"
FORMATS = "format"
CHARACTERS = "characters of the longest text"
OUTSIDE = "how far outside the range, in widths of it"


def of_rows(task: Task, seed: int) -> Problem | None:
    """The problem of a task with many rows, those further out kept back; None with few of them, or none further out."""
    rows = [(row.inputs, row.output) for row in task.labelled]
    if len(rows) < FEWEST:
        return None
    axis, out = distances(task)
    order = np.argsort(out, kind="stable")
    edge = out[order[int(INSIDE * len(rows))]]
    inside, outside = np.flatnonzero(out <= edge), np.array([i for i in order if out[i] > edge], dtype=int)
    if not len(outside):
        return None
    if axis == OUTSIDE:
        out = np.maximum(out - edge, 0)
    kept = np.random.default_rng(seed).permutation(inside)[: max(1, int(KEPT * len(inside)))]
    learned = np.setdiff1d(inside, kept)
    has_names = axis == FORMATS
    places = [Place("in the range", [rows[i] for i in kept], True, None if has_names else float(np.mean(out[kept])))]
    for part in grouped(out, outside):
        label, at = (example(task, part), None) if has_names else (span(out[part]), float(np.mean(out[part])))
        places.append(Place(label, [rows[i] for i in part], False, at))
    shown = replace(task, rows=tuple(task.labelled[i] for i in learned))
    notes = (f"{len(learned):,} of {len(rows):,} rows are learned from; the others were kept back",)
    seen = [rows[i] for i in learned]
    return Problem(named(task), shown, seen, tuple(places), axis, is_measured(task), notes=notes)


def named(task: Task) -> str:
    """What is wanted, as its column says, or the name of the task."""
    return task.name if task.target == Task.target else task.target


def is_measured(task: Task) -> bool:
    return task.output in NUMBERS and all(var.type in NUMBERS for var in task.inputs)


def distances(task: Task) -> tuple[str, Floats]:
    """What the distance of rows is called, and how far out each lies."""
    columns = [(var.type, [row.inputs[i] for row in task.labelled]) for i, var in enumerate(task.inputs)]
    if lists := [column for t, column in columns if t.is_list]:
        return LENGTH, farthest([[len(v) for v in column] for column in lists])
    if texts := [column for t, column in columns if t == TEXT]:
        shapes = [tuple(map(shape, row)) for row in zip(*texts, strict=True)]
        rank = {s: i for i, (s, _) in enumerate(Counter(shapes).most_common())}
        if len(rank) > 1:
            return FORMATS, np.array([rank[s] for s in shapes], dtype=float)
        return CHARACTERS, farthest([[len(v) for v in column] for column in texts])
    if numbers := [column for t, column in columns if t in NUMBERS]:
        return OUTSIDE, farthest([outside_of(np.array(column, dtype=float)) for column in numbers])
    some = " and ".join(dict.fromkeys(str(t) for t, _ in columns))
    raise InputError(f"it is not known what lies further out of {some}; give a task with numbers, lists or text.")


def farthest(columns: Sequence[Any]) -> Floats:
    """The largest value of each row."""
    found: Floats = np.max(np.array(columns, dtype=float), axis=0)
    return found


def outside_of(column: Floats) -> Floats:
    """How far each value lies outside the inner part of a column, in widths of it; below 0 inside."""
    if column.min() > 0 and column.max() > SPREAD * column.min():
        column = np.log(column)
    low, high = np.quantile(column, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
    width = (high - low) or 1.0
    found: Floats = np.maximum(low - column, column - high) / width
    return found


def grouped(out: Floats, outside: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The rows outside in a few groups, each of those that lie about equally far out; equal ones stay together."""
    levels = np.unique(out[outside])
    groups = max(1, min(FURTHER, len(levels), len(outside) // TELLING))
    for part in np.array_split(levels, groups):
        yield outside[(out[outside] >= part[0]) & (out[outside] <= part[-1])]


def span(out: Floats) -> str:
    """From the least to the largest distance of a group."""
    low, high = f"{out.min():.3g}", f"{out.max():.3g}"
    return low if low == high else f"{low} to {high}"


def example(task: Task, part: NDArray[np.int64]) -> str:
    """The text of the first row of a group, which shows its format."""
    row = task.labelled[part[0]]
    return ", ".join(v for v in row.inputs if isinstance(v, str))


def of_program(task: Task, program: Program, seed: int) -> Problem:
    """The problem of a task with few rows: others are drawn like them and longer or larger, and the program that was
    learned answers them. InputError for inputs that can't be drawn."""
    rng = np.random.default_rng(seed)
    columns = [(var.type, [row.inputs[i] for row in task.rows]) for i, var in enumerate(task.inputs)]
    has_lists = any(t.is_list for t, _ in columns)

    def rows(n: int, times: float, *, is_edge: bool) -> Rows:
        found: list[tuple[tuple[Any, ...], Any]] = []
        for _ in range(MOST_DRAWN * n):
            inputs = tuple(drawn(t, column, times, rng, is_edge=is_edge) for t, column in columns)
            output = program.answer(inputs)
            if output is not None:
                found.append((inputs, output))
            if len(found) == n:
                break
        return found

    edge = float(longest([v for _, column in columns for v in column])) if has_lists else 1.0
    places = [Place("in the range", rows(TESTED, 1.0, is_edge=False), True, edge)]
    for times in TIMES:
        at = round(edge * times) if has_lists else times
        places.append(Place(f"{at:g}", rows(TESTED, times, is_edge=True), False, at))
    seen = rows(DRAWN, 1.0, is_edge=False)
    if not all(place.rows for place in places):
        raise InputError("the program has no answer on rows that are drawn; give a table with 20 rows or more.")
    axis = LENGTH if has_lists else "size, in ranges of the examples"
    notes = (
        f"{len(seen):,} rows were drawn like the {len(task.labelled)} given ones; the program that was learned answers "
        "them, so that its line shows what it says and not whether that is meant",
    )
    return Problem(named(task), task, seen, tuple(places), axis, is_measured(task), is_true=False, notes=notes)


def drawn(t: Type, values: Sequence[Any], times: float, rng: np.random.Generator, *, is_edge: bool) -> Any:
    """A value like some: numbers of their range, lists of their lengths, so many times as large or long; `is_edge` for
    no shorter ones."""
    if t.is_list:
        most = longest(values) * times
        inner = [v for value in values for v in value]
        length = round(most) if is_edge else int(rng.integers(0, round(most) + 1))
        return [drawn(t.args[0], inner, 1.0, rng, is_edge=False) for _ in range(length)]
    if t == BOOL:
        return bool(rng.integers(2))
    if t not in NUMBERS or not values:
        raise InputError(f"values of type {t} can't be drawn; give a table or a list with {FEWEST} rows or more.")
    low, high = min(values), max(values)
    if is_edge:
        low, high = high + (high - low) * (times - 1) * 0.9, high + (high - low) * (times - 1)
    return float(rng.uniform(low, high)) if t == FLOAT else int(rng.integers(math.floor(low), math.ceil(high) + 1))


def longest(values: Sequence[Any]) -> int:
    """The length of the longest list among the values, or of what they hold."""
    return max([SHORTEST, *(len(v) for v in values if isinstance(v, list))])
