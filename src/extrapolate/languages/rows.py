"""Rows: what people reckon along the columns of a row, and say of them: the sum and the mean of some columns, the
largest, which column has it, whether all are filled in, how often something stands there.

Columns that stand next to each other are listed once, so that a program of many of them is no longer than one of few.
"""

from __future__ import annotations

import decimal
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import reduce
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, Var, literal_of, type_of_expression, walk
from extrapolate.core.found import Found, Why
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, DECIMAL, INT, TEXT
from extrapolate.core.word import primitive
from extrapolate.kinds.cells import CELLS, Cells
from extrapolate.languages.decimals import number
from extrapolate.languages.numbers import add, max2, min2

# Numbers without commas, signs of currencies and the like.
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Of more columns that stand next to each other only all are taken together, and not some of them.
MOST_PARTED, MOST_COLUMNS = 8, 40
# As many whole numbers are added up one by one.
MOST_WHOLE = 4
# So many values are counted, those that stand in several columns of the most rows, of so many rows.
MOST_VALUES, MOST_LOOKED_AT = 6, 500
# Of so many columns of numbers two are looked at as the bounds of a third, with so many examples and words for both.
MOST_BOUNDED, FEWEST_BOUNDED, _WORD = 6, 3, re.compile(r"[^\d]*[^\W\d_][^\d]*")


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


@primitive(cost=1)
def row_sum(cells: Cells) -> Decimal:
    """The sum of the numbers in some cells; undefined where there is none."""
    numbers = list(map(decimal.Decimal, cells))
    if not numbers or not all(n.is_finite() for n in numbers):
        raise ValueError(f"{cells} are no numbers")
    return sum(numbers, decimal.Decimal(0))


@primitive(cost=1)
def row_mean(cells: Cells) -> Decimal:
    """The mean of the numbers in some cells; undefined where there is none."""
    numbers = list(map(decimal.Decimal, cells))
    if not numbers or not all(n.is_finite() for n in numbers):
        raise ValueError(f"{cells} are no numbers")
    return sum(numbers, decimal.Decimal(0)) / len(numbers)


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


AGGREGATES = (row_sum, row_mean, row_largest, row_smallest)
# What aggregates are made of where numbers are whole.
PAIRWISE = (add, max2, min2)
NAMES_OF = (name_of_largest, name_of_smallest)
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
# What a name that says it is worth, in units of cost, and how much of that where none does.
SAID_WEIGHT, UNSAID = -6.0, 0.4
# Of columns that stand side by side all are likelier meant than some.
A_COLUMN = 0.1
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
    """What is said of the number of a column between those of two others that stand side by side, and outside of these,
    below and above perhaps not the same; where some example shows each."""
    if len(places) > MOST_BOUNDED or not all(_WORD.fullmatch(str(row.output)) for row in task.labelled):
        return
    for low, high in itertools.pairwise(places):
        is_range = all(Decimal(r.inputs[low]) <= Decimal(r.inputs[high]) for r in task.rows if _both(r, low, high))
        for own in (i for i in places if is_range and high == low + 1 and i not in (low, high)):
            labels = said_of(task, own, low, high)
            if labels is not None:
                columns = tuple(Apply(number, (task.inputs[i],), DECIMAL) for i in (own, low, high))
                yield Apply(by_bounds, (*columns, Literal(labels, CELLS)), TEXT)


def _both(row: Row, low: int, high: int) -> bool:
    return bool(row.inputs[low] and row.inputs[high])


def said_of(task: Task, own: int, low: int, high: int) -> tuple[str, ...] | None:
    """What all examples say below, between and above two numbers; None where they do not agree, or say too little."""
    said: dict[int, str] = {}
    for row in task.labelled:
        if not all(row.inputs[i] for i in (own, low, high)):
            return None
        x, least, most = (Decimal(row.inputs[i]) for i in (own, low, high))
        if said.setdefault((x >= least) + (x > most), row.output) != row.output:
            return None
    outside = [said[i] for i in (0, 2) if i in said]
    if 1 not in said or not outside or said[1] in outside or len(task.labelled) < FEWEST_BOUNDED:
        return None
    return said.get(0, outside[0]), said[1], said.get(2, outside[0])


def of_whole_numbers(task: Task) -> Iterator[Expr]:
    """The sum, the largest and the smallest of the columns of whole numbers that stand next to each other."""
    for run, _ in runs([i for i, v in enumerate(task.inputs) if v.type == INT]):
        for word in PAIRWISE if len(run) > 2 else ():
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
        if len(whole) > MOST_PARTED:
            yield from ((part, False) for n in (1, 2) for part in (whole[n:], whole[:-n]))
        else:
            for n in range(len(whole) - 1, 1, -1):
                yield from ((whole[i : i + n], False) for i in range(len(whole) - n + 1))


def reckoned(task: Task, run: Sequence[int], is_whole: bool) -> Iterator[Apply]:
    """The sum and the mean of all columns, as something may depend on them; of some of them, the aggregates that are
    what is wanted, as it is rounded."""
    rows = [[row.inputs[i] for i in run if row.inputs[i]] for row in task.labelled]
    are_numbers = all(_PLAIN.fullmatch(str(row.output)) for row in task.labelled)
    wanted = [Decimal(row.output) for row in task.labelled] if are_numbers and all(rows) else []
    # The sum of two is a sum like any other, and the largest of two one of them by chance.
    is_several = len(run) > 2
    for word in AGGREGATES:
        is_wanted = bool(wanted) and all(rounds_to(word(xs), w) for xs, w in zip(rows, wanted, strict=True))
        may_decide = is_whole and word in (row_sum, row_mean)
        if (is_several and (is_wanted or may_decide)) or (is_wanted and word is row_mean):
            yield Apply(word, (cells_of(task, run),), word.result_type)


def rounds_to(value: Decimal | str, wanted: Decimal) -> bool:
    """Whether a number is another one when it is written with as many decimals."""
    try:
        return Decimal(value).quantize(wanted, ROUND_HALF_UP) == wanted
    except InvalidOperation:  # it has more digits than are reckoned with
        return False


def is_reckoned(task: Task) -> bool:
    """Whether what is wanted of few rows is reckoned of columns that are many, or blank in some rows, or their mean."""
    places = [i for i, v in enumerate(task.inputs) if v.type == TEXT and is_filled_with(task, i, _PLAIN.fullmatch)]
    for run, _ in runs(places):
        is_odd = len(run) > MOST_WHOLE or any(not row.inputs[i] for row in task.rows for i in run)
        if len(run) > 2 and any(is_odd or expr.word is row_mean for expr in reckoned(task, run, False)):
            return True
    return False


def named(task: Task, run: Sequence[int]) -> Iterator[Expr]:
    """Which column has the largest or the smallest number, where that is what is wanted."""
    names = [(task.columns or [v.name for v in task.inputs])[i] for i in run]
    rows = [[row.inputs[i] for i in run] for row in task.labelled]
    if all(row.output in names for row in task.labelled) and all(map(all, rows)):
        for word in NAMES_OF:
            if all(word(xs, names) == row.output for xs, row in zip(rows, task.labelled, strict=True)):
                yield Apply(word, (cells_of(task, run, is_filtered=False), Literal(tuple(names), CELLS)), TEXT)


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
    several: Counter[str] = Counter()
    places: dict[str, set[int]] = defaultdict(set)
    for row in task.rows[:MOST_LOOKED_AT]:
        for value, n in Counter(row.inputs[i] for i in texts).items():
            if value and not _PLAIN.fullmatch(value):
                several[value] += n > 1
                places[value].update(i for i in texts if row.inputs[i] == value)
    return {value: places[value] for value, n in several.most_common(MOST_VALUES) if n}


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


def taken_together(found: Found) -> float:
    """Whether the program reckons several columns together, as the name of the column that is wanted may say."""
    words = words_of(found.task.target)
    parts = [p for p in found.parts if isinstance(p, Apply)]
    said = (p for p in parts if words & SAID.get(p.word.name, set()))
    is_said = any(type_of_expression(p.args[0]) == CELLS or len(variables(p)) > 2 for p in said)
    together = any(p.word in AGGREGATES or (p.word in PAIRWISE and len(variables(p)) > 2) for p in parts)
    columns = max((len(variables(p)) for p in parts if p.type == CELLS), default=0)
    return (1.0 if is_said else UNSAID * together) + A_COLUMN * columns


def words_of(name: str) -> set[str]:
    """The words of the name of a column, in small letters."""
    return {word.lower() for word in _NAME_WORDS.findall(name)}


def variables(expr: Expr) -> set[Var]:
    return {part for part in walk(expr) if isinstance(part, Var)}
