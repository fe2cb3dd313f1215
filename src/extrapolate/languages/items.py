"""Items: a cell that lists several things, where something is made of each of them, or some are kept.

Such a column says what becomes of each item, which is a task of its own with many more examples.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, Var, abstracted, itemwise_in
from extrapolate.core.found import Found, Why, no_doubt
from extrapolate.core.language import InnerTask
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, DELIMITER, TEXT, Type, list_of
from extrapolate.core.word import Primitive, itemwise, primitive
from extrapolate.languages.parts import join, split

ITEM = "item"
_MARKS = re.compile(r"[^\w]+|_")
LONGEST_MARK = 4
# So many items at least, where all examples have as many.
FEWEST_ITEMS = 3
MOST_TASKS = 3
# Of so many marks those in the most rows are looked at, of so many open rows the first, and of no longer cells.
MOST_MARKS, MOST_OPEN, LONGEST = 20, 500, 2000


@primitive(cost=2, source="[{f}(x) for x in {items}]", laws=[itemwise])
def each(f: Callable[[str], str], items: list[str]) -> list[str]:
    """What a function makes of each item."""
    return [f(x) for x in items]


@primitive(cost=2, source="[x for x in {items} if {f}(x)]", laws=[itemwise])
def kept(f: Callable[[str], bool], items: list[str]) -> list[str]:
    """The items for which a function is true."""
    return [x for x in items if f(x)]


WORDS = (each, kept)


def inner_tasks(task: Task) -> Iterator[InnerTask]:
    """What becomes of each item, where the cells of a column and the outputs list as many; which are kept, where the
    outputs list some of them. At least half of the cells list several."""
    yield from itertools.islice(possible_tasks(task), MOST_TASKS)


def possible_tasks(task: Task) -> Iterator[InnerTask]:
    """All of these tasks, the likelier first: by columns, and by what may stand between their items."""
    rows = task.labelled
    if task.output != TEXT or any(len(row.output) > LONGEST for row in rows):
        return
    for place, variable in enumerate(task.inputs):
        if variable.type == TEXT and all(len(row.inputs[place]) <= LONGEST for row in rows):
            for mark in marks([row.inputs[place] for row in rows]):
                if 2 * sum(mark in row.inputs[place] for row in rows) >= len(rows):
                    yield from changed(task, place, mark)
                    yield from chosen(task, place, mark)


def marks(cells: Sequence[str]) -> list[str]:
    """What may stand between the items of a column in most of its cells, the longest first."""
    found = Counter(mark for cell in cells for mark in set(_MARKS.findall(cell)) if len(mark) <= LONGEST_MARK)
    common = [mark for mark, _ in found.most_common(MOST_MARKS)]
    return sorted(common, key=lambda mark: (-len(mark), mark))


def lists(task: Task) -> list[tuple[int, str]]:
    """The columns whose cells list as many items as the outputs, with what stands between them, where the examples are
    of several lengths."""
    if task.output != TEXT:
        return []
    rows = task.labelled
    outputs = tuple(row.output for row in rows)
    places = [place for place, v in enumerate(task.inputs) if v.type == TEXT]
    return [(p, mark) for p in places for mark in listing(tuple(row.inputs[p] for row in rows), outputs)]


@lru_cache(maxsize=64)
def listing(cells: tuple[str, ...], outputs: tuple[str, ...]) -> list[str]:
    """What stands between the items of cells that list as many as the outputs, in several lengths."""
    found = []
    for mark in marks(cells):
        counted = {(cell.count(mark), out.count(mark)) for cell, out in zip(cells, outputs, strict=True)}
        if len(counted) > 1 and all(given == made for given, made in counted):
            found.append(mark)
    return found


def other_count(found: Found) -> Why:
    """It lists more or fewer items than its cell, where examples of several lengths all list as many, and are not only
    what stands together in it."""
    task = found.task
    whole = {i for i in range(len(task.inputs)) if all(is_part(row.output, row.inputs[i]) for row in task.labelled)}
    listed = [(place, mark) for place, mark in lists(task) if place not in whole]

    def why(row: Row, answer: Any) -> str | None:
        for place, mark in listed:
            given, made = row.inputs[place].count(mark) + 1, answer.count(mark) + 1
            if given != made:
                return f"it has {made} of {given} parts at {mark!r}, and every example's answer has all"
        return None

    return why


def is_part(answer: Any, cell: Any) -> bool:
    """Whether an answer stands in a longer cell."""
    return isinstance(answer, str) and isinstance(cell, str) and answer in cell and answer != cell


def other_counts(found: Found) -> float:
    """The answers that list more or fewer items than their cells, where the examples list as many."""
    why = other_count(found)
    pairs = zip(found.rows, found.answers, strict=True)
    return found.share(sum(isinstance(answer, str) and why(row, answer) is not None for row, answer in pairs))


def items_alike(found: Found) -> float:
    """Whether it makes the same of each item of a cell, so that every item is an example."""
    return float(any(isinstance(p, Apply) and p.word is each for p in found.parts))


def within_items(found: Found) -> Why:
    """What stands between the items stands in an item too, but for the spaces around it, and in no example's."""
    inputs = found.task.inputs
    cuts = [e.args[1] for e in itemwise_in(found.expr)]
    listed = [
        (inputs.index(cut.args[0]), cut.args[1].value)
        for cut in cuts
        if isinstance(cut, Apply) and cut.word is split and cut.args[0] in inputs and isinstance(cut.args[1], Literal)
    ]
    spaced = [(place, mark, mark.strip()) for place, mark in listed if mark.strip() not in ("", mark)]

    def left(row: Row) -> str | None:
        cells = ((row.inputs[place].split(mark), bare) for place, mark, bare in spaced)
        return next((bare for items, bare in cells if any(bare in item for item in items)), None)

    if any(map(left, found.task.labelled)):
        return no_doubt
    return lambda row, answer: f"{mark!r} stands within an item, and in no example's" if (mark := left(row)) else None


def changed(task: Task, place: int, mark: str) -> Iterator[InnerTask]:
    """The tasks of what is made of each item, by what may stand between the results."""
    given = [row.inputs[place].split(mark) for row in task.labelled]
    several = [len(items) for items in given]
    if max(several) < 2 or (len(set(several)) == 1 and max(several) < FEWEST_ITEMS):
        return
    outputs = [row.output for row in task.labelled]
    runs = Counter(run for out in outputs for run in set(_MARKS.findall(out)))
    between = {mark, *(part for run, _ in runs.most_common(MOST_MARKS) for part in (run, *parts_of(run)))}
    for other in sorted(between, key=lambda m: (m != mark, -len(m), m)):
        if all(out.count(other) + 1 == n for out, n in zip(outputs, several, strict=True)):
            made = [out.split(other) for out in outputs]
            if not any(map(moved, given, made)):
                pairs = [pair for a, b in zip(given, made, strict=True) for pair in zip(a, b, strict=True)]
                yield from inner(task, place, mark, other, each, pairs, TEXT)


def moved(given: Sequence[str], made: Sequence[str]) -> bool:
    """Whether a result is another item than the one in its place."""
    plain, own = (["".join(filter(str.isalpha, item)) for item in items] for items in (made, given))
    return any(out and out != item and out in own for out, item in zip(plain, own, strict=True))


def parts_of(run: str) -> list[str]:
    """What may stand between results that begin or end with marks themselves: a mark of several, or a leading space."""
    return re.findall(r"^\s+", run) if re.search(r"\s", run) else list(run)


def chosen(task: Task, place: int, mark: str) -> Iterator[InnerTask]:
    """The task of which items are kept."""
    pairs: list[tuple[str, bool]] = []
    for row in task.labelled:
        items, out = row.inputs[place].split(mark), row.output.split(mark)
        wanted = set(out)
        if [item for item in items if item in wanted] != out:
            return
        pairs += [(item, item in wanted) for item in items]
    yield from inner(task, place, mark, mark, kept, pairs, BOOL)


def inner(
    task: Task,
    place: int,
    mark: str,
    other: str,
    word: Primitive,
    pairs: Sequence[tuple[str, str | bool]],
    result: Type,
) -> Iterator[InnerTask]:
    """The task of what belongs to each item; none where an item would need two, or nothing is changed."""
    wanted: dict[str, str | bool] = {}
    if any(wanted.setdefault(item, out) != out for item, out in pairs) or "" in wanted:
        return
    if all(out in (item, True) for item, out in wanted.items()) or len(set(wanted.values())) == 1:
        return

    def items(row: Row) -> list[str]:
        cell: str = row.inputs[place]
        return cell.split(mark)

    open_items = dict.fromkeys(item for row in task.unlabelled[:MOST_OPEN] for item in items(row) if item not in wanted)
    rows = [Row((item,), out, i) for i, (item, out) in enumerate(wanted.items(), 1)]
    rows += [Row((item,), None, i) for i, item in enumerate(sorted(filter(None, open_items)), len(rows) + 1)]
    column = task.inputs[place]

    def build(expr: Expr) -> Expr:
        function = abstracted([Var(ITEM, TEXT)], expr)
        listed = Apply(split, (column, Literal(mark, DELIMITER)), list_of(TEXT))
        return Apply(join, (Apply(word, (function, listed), list_of(TEXT)), Literal(other, DELIMITER)), TEXT)

    yield InnerTask(Task.from_rows(rows, names=[ITEM], types=[TEXT, result], name=task.name), build, items)
