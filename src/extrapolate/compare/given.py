"""Problems of one's own: the rows of a task, those further out kept back; or rows drawn, where it has few.

How far out a row lies is asked of its inputs. Columns of numbers: how far outside the range, in widths of it. Lists:
how long the longest is. Texts: whether their shape, with runs of letters and digits taken as one, is a rare one.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.compare.problem import Place, Problem, arguments
from extrapolate.core.errors import InputError
from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.core.types import BOOL, FLOAT, NUMBERS, TEXT, Type
from extrapolate.languages.looks import shape
from extrapolate.nets.baselines import Floats, Rows

Places = NDArray[np.int64]

# The share of the rows that lie in the range, and of those the part that is kept back too. With fewer rows, others are
# drawn.
INSIDE, KEPT, FEWEST = 0.7, 0.2, 20
# Places further out, at most, and rows at each, at least.
FURTHER, TELLING = 4, 4
# A row is outside where it is by more than that of the width of the range.
ROUNDING = 1e-9
# A column that spans so many times its least value is taken in logarithms.
SPREAD = 100
# Of rows that are drawn: for nets and at each place; how many times longer or larger those further out are.
DRAWN, TESTED, TIMES = 20_000, 200, (1.5, 2, 4, 8)
# A place is named by no more letters than that.
WIDEST = 32
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
    task, notes = of_one_kind(task)
    rows = [(row.inputs, row.output) for row in task.labelled]
    if len(rows) < FEWEST:
        return None
    axis, out = distances(task)
    edge = edge_of(out)
    if edge is None:
        return None
    if axis == OUTSIDE:
        out, edge = np.where(out > edge + ROUNDING, out - edge, 0.0), 0.0
    inside, outside = np.flatnonzero(out <= edge), np.flatnonzero(out > edge)
    kept = held_back(task, inside, seed)
    learned = np.setdiff1d(inside, kept)
    has_names = axis == FORMATS
    places = [Place("in the range", [rows[i] for i in kept], True, None if has_names else float(np.mean(out[kept])))]
    for part in grouped(out, outside):
        label, at = (example(task, part), None) if has_names else (span(out[part]), float(np.mean(out[part])))
        places.append(Place(label, [rows[i] for i in some(part, seed)], False, at))
    shown = replace(task, rows=tuple(task.labelled[i] for i in learned), left_out=())
    said = f"{len(learned):,} of {len(rows):,} rows are learned from; the others were kept back"
    return Problem(
        named(task),
        shown,
        [rows[i] for i in learned],
        tuple(places),
        axis,
        None if has_names else edge,
        has_names=has_names,
        is_measured=is_measured(task),
        notes=(*notes, *task.notes, said),
    )


def of_one_kind(task: Task) -> tuple[Task, list[str]]:
    """The task without texts where numbers are wanted and there are numbers to make them of, and what is said of it."""
    numbers = [i for i, var in enumerate(task.inputs) if var.type in NUMBERS]
    if task.output not in NUMBERS or not numbers or len(numbers) == len(task.inputs):
        return task, []
    left = [c for i, c in enumerate(task.columns) if i not in numbers and task.inputs[i].type == TEXT]
    kept = [i for i, var in enumerate(task.inputs) if var.type != TEXT]
    said = f"{' and '.join(left)} {'are' if len(left) > 1 else 'is'} text and left out"
    return (task.only(kept), [said]) if left else (task, [])


def edge_of(out: Floats) -> float | None:
    """The distance up to which rows are in the range: that of seven in ten, or the last but the largest where many lie
    equally far; None where too few rows are nearer than the largest distance."""
    edge = float(np.quantile(out, INSIDE, method="lower"))
    if edge == out.max():
        edge = float(out[out < edge].max(initial=-math.inf))
    return edge if (out <= edge).sum() >= FEWEST / 2 else None


def held_back(task: Task, inside: Places, seed: int) -> Places:
    """A fifth of the rows in the range, all those with the same inputs together."""
    keys = [task.key(task.labelled[i]) for i in inside]
    order = np.random.default_rng(seed).permutation(len(keys))
    chosen = {keys[i] for i in order[: max(1, int(KEPT * len(keys)))]}
    found = np.array([i for i, key in zip(inside, keys, strict=True) if key in chosen], dtype=int)
    return some(found, seed)


def some(places: Places, seed: int) -> Places:
    """At most so many of the rows as are asked about."""
    return places if len(places) <= TESTED else np.random.default_rng(seed).permutation(places)[:TESTED]


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
        counts = Counter(shapes)
        if len(set(counts.values())) > 1:
            return FORMATS, np.array([1 / counts[s] for s in shapes])
        return CHARACTERS, farthest([[len(v) for v in column] for column in texts])
    if numbers := [column for t, column in columns if t in NUMBERS]:
        return OUTSIDE, farthest([outside_of(np.array(column, dtype=float)) for column in numbers])
    kinds = " and ".join(dict.fromkeys(str(t) for t, _ in columns))
    raise InputError(f"it is not known what lies further out of {kinds}; give a task with numbers, lists or text.")


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


def grouped(out: Floats, outside: Places) -> Iterator[Places]:
    """The rows outside in a few groups, each of those that lie about equally far out; equal ones stay together."""
    least = max(TELLING, math.ceil(len(outside) / FURTHER))
    group: list[int] = []
    left = len(outside)
    for level in np.unique(out[outside]):
        group += outside[out[outside] == level].tolist()
        if len(group) >= least and left - len(group) >= TELLING:
            yield np.array(group, dtype=int)
            left, group = left - len(group), []
    yield np.array(group, dtype=int)


def span(out: Floats) -> str:
    """From the least to the largest distance of a group."""
    low, high = f"{out.min():.3g}", f"{out.max():.3g}"
    return low if low == high else f"{low} to {high}"


def example(task: Task, part: Places) -> str:
    """The text of the first row of a group, which shows its format."""
    row = task.labelled[part[0]]
    return textwrap.shorten(", ".join(v for v in row.inputs if isinstance(v, str)), WIDEST, placeholder=" ...")


def of_program(task: Task, program: Program, learned: Task, seed: int) -> Problem:
    """The problem of a task with few rows: others are drawn like them and longer or larger, and the program that was
    learned answers them, from the inputs of the task `learned`. InputError for inputs that can't be drawn."""
    check_drawn(task)
    rng = np.random.default_rng(seed)
    columns = [(var.type, [row.inputs[i] for row in task.rows]) for i, var in enumerate(task.inputs)]
    has_lists = any(t.is_list for t, _ in columns)
    own = arguments(learned, task)

    def rows(n: int, draw: Callable[[Type, Sequence[Any]], Any]) -> Rows:
        found: list[tuple[tuple[Any, ...], Any]] = []
        for _ in range(MOST_DRAWN * n):
            inputs = tuple(draw(t, column) for t, column in columns)
            output = program.answer([inputs[i] for i in own])
            if output is not None:
                found.append((inputs, output))
            if len(found) == n:
                break
        return found

    edge = float(max(longest(column) for t, column in columns if t.is_list)) if has_lists else 1.0
    seen = rows(DRAWN, lambda t, values: like(t, values, rng))
    places = [Place("in the range", rows(TESTED, lambda t, values: like(t, values, rng)), True, edge)]
    for times in TIMES:
        at = float(round(edge * times)) if has_lists else times
        drawn = rows(TESTED, lambda t, values, times=times: further(t, values, times, rng))  # type: ignore[misc]
        places.append(Place(f"{at:g}", drawn, False, at))
    if not all(place.rows for place in places):
        raise InputError(f"the program has no answer on rows that are drawn; give a table with {FEWEST} rows or more.")
    note = (
        f"{len(seen):,} rows were drawn like the {len(task.labelled)} given ones; the program that was learned answers "
        "them, so that its line shows what it says and not whether that is meant"
    )
    return Problem(
        named(task),
        task,
        seen,
        tuple(places),
        LENGTH if has_lists else "size, in ranges of the examples",
        edge,
        is_measured=is_measured(task),
        is_true=False,
        notes=(*task.notes, note),
    )


def check_drawn(task: Task) -> None:
    """InputError for a task whose inputs can't be drawn, or not further out."""
    leaves = [leaf_of(var.type) for var in task.inputs]
    if other := [t for t in leaves if t not in (*NUMBERS, BOOL)]:
        raise InputError(
            f"there are {len(task.labelled)} rows, and values of type {other[0]} can't be drawn to have more; "
            f"give {FEWEST} rows or more, some of them further out than the others."
        )
    if not any(var.type.is_list or var.type in NUMBERS for var in task.inputs):
        raise InputError("nothing lies further out of true and false; give a task with numbers, lists or text.")


def leaf_of(t: Type) -> Type:
    return leaf_of(t.args[0]) if t.is_list else t


def like(t: Type, values: Sequence[Any], rng: np.random.Generator) -> Any:
    """A value like some: numbers of their range, lists of no more than their lengths."""
    if t.is_list:
        return filled(t, values, int(rng.integers(0, longest(values) + 1)), rng)
    if t == BOOL:
        return bool(rng.integers(2))
    low, high = (min(values), max(values)) if values else (0, 1)
    return float(rng.uniform(low, high)) if t == FLOAT else int(rng.integers(int(low), int(high), endpoint=True))


def further(t: Type, values: Sequence[Any], times: float, rng: np.random.Generator) -> Any:
    """A value further out than some: lists so many times as long, numbers at the end of so many ranges."""
    if t.is_list:
        return filled(t, values, round(longest(values) * times), rng)
    if t == BOOL:
        return bool(rng.integers(2))
    low, high = min(values), max(values)
    if abs(low) > abs(high):  # further out is further from 0
        return -further(t, [-v for v in values], times, rng)
    far = (high - low or abs(high) or 1) * (times - 1)
    if t == FLOAT:
        return float(rng.uniform(high + 0.9 * far, high + far))
    return int(rng.integers(high + max(1, int(0.9 * far)), high + max(1, math.ceil(far)), endpoint=True))


def filled(t: Type, values: Sequence[Any], length: int, rng: np.random.Generator) -> list[Any]:
    """A list of a length, with elements like those of some lists."""
    inner = [v for value in values for v in value]
    return [like(t.args[0], inner, rng) for _ in range(length)]


def longest(values: Sequence[list[Any]]) -> int:
    """The length of the longest of some lists, or that which is needed to have something to train on."""
    return max([SHORTEST, *map(len, values)])
