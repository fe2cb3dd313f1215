"""Readings: a table may be read as text, as numbers, and with columns made of other rows; what they give is compared.

All of them share one budget. The better program wins, and where another reading has as good a one, its answers are
asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from extrapolate.core.expression import Literal, walk
from extrapolate.core.result import Budget, Doubt, Result
from extrapolate.read.examples import ReadTask
from extrapolate.read.windows import number

# The share of what is left for each way to read a table but the last.
FIRST_READING = 0.4
# More digits say no more.
MOST_DIGITS = 6
# By how much a program of columns that are made of other rows must be shorter, where no name says that it is one.
OTHER_ROWS = 3

Search = Callable[[ReadTask, Budget], Result]


def learned(read: ReadTask, budget: Budget, search: Search) -> tuple[ReadTask, Result]:
    """What was learned, and from which reading."""
    readings = [r for r in (read, read.of_numbers, read.of_windows) if r is not None]
    chosen, best = read, search(read, budget if len(readings) == 1 else budget.share(FIRST_READING))
    left, counts = budget.after(best.counts), best.counts
    for i, reading in enumerate(readings[1:], 2):
        if left.is_spent or (is_short(best) and read.of_windows is None):
            break
        result = search(reading, left if i == len(readings) else left.share(FIRST_READING))
        left, counts = left.after(result.counts), counts + result.counts
        if is_preferred(reading, result, best):
            chosen, best = reading, result if is_said(reading, result) else rivalled(result, best)
        else:
            best = rivalled(best, result)
    return chosen, replace(vouched(chosen, best), counts=counts)


def is_short(result: Result) -> bool:
    """Whether a program was found that is not long for its examples."""
    return result.solved and not result.candidates[0].is_long(result.task.evidence)


def is_preferred(reading: ReadTask, new: Result, old: Result) -> bool:
    """Whether what was learned of another reading is better: it is right, or a law that fits, and what there was is
    not, or is long, or is longer by more than it takes to look at other rows."""
    if reading.windows and new.solved and lists_answers(new):
        return False
    if not is_short(old) and not new.solved and new.candidates and new.candidates[0].fits:
        return True
    if not new.solved or not old.solved:
        return new.solved
    if is_short(new) != is_short(old):
        return is_short(new)
    more = 0 if is_said(reading, new) else OTHER_ROWS
    return reading.windows > 0 and new.candidates[0].cost + more < old.candidates[0].cost


def lists_answers(result: Result) -> bool:
    """Whether the best program is a table of the answers of all examples: what depends on other rows does not."""
    tables = [p.value for p in walk(result.candidates[0].program.expr) if isinstance(p, Literal)]
    return any(isinstance(table, dict) and len(table) >= len(result.task.distinct) for table in tables)


def vouched(reading: ReadTask, result: Result) -> Result:
    """The result with its answers in doubt where the examples are too few to tell a column made of other rows from all
    others that were looked at, and the name of the target does not say that it is one."""
    if not result.solved or possible_answers(reading) > reading.windows or is_said(reading, result):
        return result
    why = "so few examples do not show that it depends on other rows"
    pairs = zip(result.task.unlabelled, result.candidates[0].answers, strict=True)
    return replace(result, doubts=[Doubt(row, answer, why) for row, answer in pairs if answer is not None])


def possible_answers(reading: ReadTask) -> int:
    """How many answers all examples together might have had: a number that stands nowhere in its row, and is too large
    to count rows, might have been any with its digits but one, what stands in another row any cell of its column, and
    anything else one of those that are met."""
    task, table = reading.task, reading.table
    own = [i for i, c in enumerate(task.columns) if table is None or c in table.columns]
    met = len({str(row.output) for row in task.labelled})
    cells = [{str(row.inputs[i]) for row in task.rows if row.inputs[i]} for i in own]
    found = 1
    for row in task.labelled:
        written = str(row.output)
        is_own = written in {str(row.inputs[i]) for i in own}
        value = None if is_own else number(written)
        is_any = value is not None and not (value == int(value) and abs(value) <= len(task.rows))
        digits = len(written.replace(".", "").lstrip("-0")) - 1 if is_any else 0
        others = 1 if is_own else max((len(column) for column in cells if written in column), default=1)
        found *= max(met, others, 10 ** min(digits, MOST_DIGITS))
    return found


def is_said(reading: ReadTask, result: Result) -> bool:
    """Whether the best program uses a column made of other rows that the name of the target speaks of."""
    if not result.solved:
        return False
    columns = zip(reading.task.columns, reading.task.inputs, strict=True)
    return any(c in reading.said and v in result.candidates[0].program.used for c, v in columns)


def rivalled(result: Result, other: Result) -> Result:
    """The result with the best program of another reading among its candidates, where both are right on all examples
    and short."""
    if not (is_short(result) and is_short(other)) or result.task.output != other.task.output:
        return result
    best, rival = result.candidates[0], other.candidates[0]
    given = dict(zip((row.number for row in other.task.unlabelled), rival.answers, strict=True))
    answers = tuple(given.get(row.number) for row in result.task.unlabelled)
    rival = replace(rival, answers=answers, score=best.score)
    return replace(result, candidates=(*result.candidates, rival))
