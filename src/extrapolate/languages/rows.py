"""Rows: what people reckon along the columns of a row, and say of them: the sum and the mean of some columns, the
largest, which column has it, whether all are filled in, how often something stands there.

Columns that stand next to each other are listed once, so that a program of many of them is no longer than one of few.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, Var, literal_of, type_of_expression, walk
from extrapolate.core.found import Found, Why
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, DECIMAL, INT, TEXT
from extrapolate.core.word import Primitive, primitive
from extrapolate.kinds.cells import CELLS, Cells
from extrapolate.languages.decimals import number
from extrapolate.languages.domain import require
from extrapolate.languages.numbers import add, max2, min2

# Numbers without commas, signs of currencies and the like.
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Of more columns that stand next to each other only all are taken together, and not some of them.
MOST_PARTED, MOST_COLUMNS = 8, 40
# Of so many columns of numbers two are looked at as the bounds of a third.
MOST_BOUNDED = 6


@primitive(cost=1, source="[{a}, {b}]")
def two_cells(a: str, b: str) -> Cells:
    """The cells of two columns."""
    return Cells([a, b])


@primitive(cost=1, source="[*{cells}, {a}]")
def more_cells(cells: Cells, a: str) -> Cells:
    """Cells, and the one of another column."""
    return Cells([*cells, a])


@primitive(cost=1, source="[cell for cell in {cells} if cell]")
def filled_cells(cells: Cells) -> Cells:
    """The cells that are not empty."""
    return Cells([cell for cell in cells if cell])


@primitive(cost=1, source="sum(map(decimal.Decimal, {cells}))")
def row_sum(cells: Cells) -> Decimal:
    """The sum of the numbers in some cells; undefined where there is none."""
    require(bool(cells))
    return sum(map(Decimal, cells), Decimal(0))


@primitive(cost=1, source="statistics.mean(map(decimal.Decimal, {cells}))")
def row_mean(cells: Cells) -> Decimal:
    """The mean of the numbers in some cells; undefined where there is none."""
    require(bool(cells))
    return sum(map(Decimal, cells), Decimal(0)) / len(cells)


@primitive(cost=1, source="max({cells}, key=decimal.Decimal)")
def row_largest(cells: Cells) -> str:
    """The largest of the numbers in some cells, as it is written."""
    found: str = max(cells, key=Decimal)
    return found


@primitive(cost=1, source="min({cells}, key=decimal.Decimal)")
def row_smallest(cells: Cells) -> str:
    """The smallest of the numbers in some cells, as it is written."""
    found: str = min(cells, key=Decimal)
    return found


@primitive(cost=2, source="max(zip({cells}, {names}), key=lambda pair: decimal.Decimal(pair[0]))[1]")
def name_of_largest(cells: Cells, names: Cells) -> str:
    """The name of the column with the largest number, of the first where several have it."""
    return str(max(zip(cells, names, strict=True), key=lambda pair: Decimal(pair[0]))[1])


@primitive(cost=2, source="min(zip({cells}, {names}), key=lambda pair: decimal.Decimal(pair[0]))[1]")
def name_of_smallest(cells: Cells, names: Cells) -> str:
    """The name of the column with the smallest number, of the first where several have it."""
    return str(min(zip(cells, names, strict=True), key=lambda pair: Decimal(pair[0]))[1])


@primitive(cost=1, source="all({cells})")
def all_filled(cells: Cells) -> bool:
    """Whether no cell is empty."""
    return all(cells)


@primitive(cost=1, source="{cells}.count({value})")
def how_many(cells: Cells, value: str) -> int:
    """How many cells have some value."""
    return cells.count(value)


@primitive(cost=1, source="len({cells})")
def number_of_cells(cells: Cells) -> int:
    """How many cells there are."""
    return len(cells)


@primitive(cost=2, source="{labels}[({x} >= {low}) + ({x} > {high})]")
def by_bounds(x: Decimal, low: Decimal, high: Decimal, labels: Cells) -> str:
    """What is said of a number below two others, between them, and above both."""
    return str(labels[(x >= low) + (x > high)])


AGGREGATES: dict[Primitive, Callable[[list[Decimal]], Decimal]] = {
    row_sum: lambda xs: sum(xs, Decimal(0)),
    row_mean: lambda xs: sum(xs, Decimal(0)) / len(xs),
    row_largest: max,
    row_smallest: min,
}
NAMES_OF = {name_of_largest: max, name_of_smallest: min}
WORDS = (
    *(two_cells, more_cells, filled_cells, *AGGREGATES, *NAMES_OF),
    *(all_filled, how_many, number_of_cells, by_bounds),
)
# The names of columns by which people say what they hold.
SAID = {
    "row_sum": {"total", "sum", "subtotal", "totals", "points"},
    "row_mean": {"average", "avg", "mean"},
    "row_largest": {"max", "maximum", "largest", "highest", "best", "top", "peak"},
    "row_smallest": {"min", "minimum", "smallest", "lowest", "cheapest"},
}
SAID |= {"add": SAID["row_sum"], "max2": SAID["row_largest"], "min2": SAID["row_smallest"]}
# What a name that says it is worth, in units of cost.
SAID_WEIGHT = -6.0
_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def along_rows(task: Task) -> Iterator[Expr]:
    """What is reckoned along some columns that gives what is wanted in each example, and what can be said of them."""
    texts = [i for i, v in enumerate(task.inputs) if v.type == TEXT]
    of_numbers = [i for i in texts if is_filled_with(task, i, _PLAIN.fullmatch)]
    for run, is_whole in runs(of_numbers):
        yield from reckoned(task, run, is_whole)
        yield from named(task, run)
    yield from counted(task, texts)
    yield from bounded(task, of_numbers)


def bounded(task: Task, places: Sequence[int]) -> Iterator[Expr]:
    """What is said of the number of a column below those of two others, between them and above, where the examples show
    all three."""
    for own in itertools.permutations(places[:MOST_BOUNDED], 3):
        if own[1] < own[2] and all(all(row.inputs[i] for i in own) for row in task.labelled):
            said: dict[int, str] = {}
            for row in task.labelled:
                x, low, high = (Decimal(row.inputs[i]) for i in own)
                if low > high or said.setdefault((x >= low) + (x > high), row.output) != row.output:
                    break
            else:
                if len(said) == 3 == len(set(said.values())):
                    columns = tuple(Apply(number, (task.inputs[i],), DECIMAL) for i in own)
                    labels = Literal(tuple(said[i] for i in range(3)), CELLS)
                    yield Apply(by_bounds, (*columns, labels), TEXT)


def of_whole_numbers(task: Task) -> Iterator[Expr]:
    """The sum, the largest and the smallest of the columns of whole numbers that stand next to each other."""
    for run, _ in runs([i for i, v in enumerate(task.inputs) if v.type == INT]):
        for word in (add, max2, min2) if len(run) > 2 else ():
            found = [reduce(word.function, [row.inputs[i] for i in run]) for row in task.labelled]
            if found == [row.output for row in task.labelled]:
                columns: list[Expr] = [task.inputs[i] for i in run]
                yield reduce(lambda a, b, word=word: Apply(word, (a, b), INT), columns)  # type: ignore[misc]


def runs(places: Sequence[int]) -> Iterator[tuple[list[int], bool]]:
    """Columns that stand next to each other, all first and then some of them, and whether these are all."""
    pairs = itertools.groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    for whole in ([place for _, place in run] for _, run in pairs):
        if 2 <= len(whole) <= MOST_COLUMNS:
            yield whole, True
        if len(whole) <= MOST_PARTED:
            for n in range(len(whole) - 1, 1, -1):
                yield from ((whole[i : i + n], False) for i in range(len(whole) - n + 1))


def reckoned(task: Task, run: Sequence[int], is_whole: bool) -> Iterator[Expr]:
    """The sum and the mean of all columns, as something may depend on them; of some of them, the aggregates that are
    what is wanted, as it is rounded."""
    rows = [[Decimal(row.inputs[i]) for i in run if row.inputs[i]] for row in task.labelled]
    are_numbers = all(_PLAIN.fullmatch(str(row.output)) for row in task.labelled)
    wanted = [Decimal(row.output) for row in task.labelled] if are_numbers and all(rows) else []
    # The sum of two is a sum like any other, and the largest of two one of them by chance.
    is_several = len(run) > 2
    for word, aggregate in AGGREGATES.items():
        is_wanted = bool(wanted) and all(
            aggregate(xs).quantize(w, ROUND_HALF_UP) == w for xs, w in zip(rows, wanted, strict=True)
        )
        may_decide = is_whole and word in (row_sum, row_mean)
        if (is_several and (is_wanted or may_decide)) or (is_wanted and word is row_mean):
            yield Apply(word, (cells_of(task, run),), word.result_type)


def named(task: Task, run: Sequence[int]) -> Iterator[Expr]:
    """Which column has the largest or the smallest number, where that is what is wanted."""
    names = [(task.columns or [v.name for v in task.inputs])[i] for i in run]
    rows = [[row.inputs[i] for i in run] for row in task.labelled]
    if all(row.output in names for row in task.labelled) and all(map(all, rows)):
        for word in NAMES_OF:
            if all(word(xs, names) == row.output for xs, row in zip(rows, task.labelled, strict=True)):
                yield Apply(word, (cells_of(task, run), Literal(tuple(names), CELLS)), TEXT)


def counted(task: Task, texts: Sequence[int]) -> Iterator[Expr]:
    """Whether some columns are all filled in, and in how many a value stands that some rows have in several."""
    gappy = [i for i in texts if any(not row.inputs[i] for row in task.rows)]
    whole = [list(run) for run in dict.fromkeys((tuple(texts), tuple(texts[1:]), tuple(gappy))) if len(run) > 1]
    for run in (run for run in whole if set(gappy).intersection(run) and len(run) <= MOST_COLUMNS):
        cells = cells_of(task, run, is_filtered=False)
        yield Apply(all_filled, (cells,), BOOL)
        yield Apply(number_of_cells, (Apply(filled_cells, (cells,), CELLS),), INT)
    for value, places in values_in_several(task, texts).items():
        run = list(range(min(places), max(places) + 1))
        if set(run) <= set(texts):
            yield Apply(how_many, (cells_of(task, run, is_filtered=False), literal_of(value, TEXT)), INT)


def values_in_several(task: Task, texts: Sequence[int]) -> dict[str, set[int]]:
    """The values that stand in two cells of a row, and the columns that they stand in."""
    several = {
        value
        for row in task.rows
        for value, n in Counter(row.inputs[i] for i in texts).items()
        if n > 1 and value and not _PLAIN.fullmatch(value)
    }
    return {value: {i for row in task.rows for i in texts if row.inputs[i] == value} for value in sorted(several)}


def cells_of(task: Task, run: Sequence[int], is_filtered: bool = True) -> Expr:
    """The cells of some columns; those that are not empty where some are."""
    columns: list[Var] = [task.inputs[i] for i in run]
    first = Apply(two_cells, tuple(columns[:2]), CELLS)
    cells: Expr = reduce(lambda cells, column: Apply(more_cells, (cells, column), CELLS), columns[2:], first)
    has_gaps = any(not row.inputs[i] for row in task.rows for i in run)
    return Apply(filled_cells, (cells,), CELLS) if is_filtered and has_gaps else cells


def is_filled_with(task: Task, place: int, test: Callable[[str], Any]) -> bool:
    """Whether all cells of a column that are not blank pass a test, and some are not blank."""
    cells = [row.inputs[place] for row in task.rows if row.inputs[place]]
    return bool(cells) and all(map(test, cells))


def other_blank(found: Found) -> Why:
    """A number is missing among those that are taken together, and in no example."""
    lists = [
        (found.runner(p), len(variables(p))) for p in found.parts if isinstance(p, Apply) and p.word is filled_cells
    ]
    whole = [(cells, n) for cells, n in lists if all(len(cells(row)) == n for row in found.task.labelled)]

    def why(row: Row, answer: Any) -> str | None:
        is_blank = any(len(cells(row) or ()) < n for cells, n in whole)
        return "a cell is blank among those that it is made of, and none is in any example" if is_blank else None

    return why


def said_by_name(found: Found) -> float:
    """Whether the name of the column that is wanted says what the program reckons of several columns of the row."""
    words = {word.lower() for word in _NAME_WORDS.findall(found.task.target)}
    said = (p for p in found.parts if isinstance(p, Apply) and words & SAID.get(p.word.name, set()))
    return any(type_of_expression(p.args[0]) == CELLS or len(variables(p)) > 2 for p in said)


def variables(expr: Expr) -> set[Var]:
    return {part for part in walk(expr) if isinstance(part, Var)}
