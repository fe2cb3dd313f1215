"""Wrong rows: those that a law of all others misses by far, which are named and left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.method import Request
from extrapolate.core.result import Counts, Result, Stop
from extrapolate.core.task import Row, Task
from extrapolate.regression.categories import of_categories
from extrapolate.regression.claims import error_at
from extrapolate.regression.errors import Found, Wrong
from extrapolate.regression.law import Law
from extrapolate.regression.outliers import MOST_ROBUST, is_an_end, outlying, standing_out
from extrapolate.regression.rows import columns_of, numbers_of
from extrapolate.regression.search.constants import fit
from extrapolate.regression.search.form import Form
from extrapolate.regression.search.measurements import Measurements


class Look(Protocol):
    """How the laws of a task are looked for, with what is said against the best one and what tells rows to be wrong,
    and what they were chosen from."""

    def __call__(
        self, task: Task, request: Request, against: str = "", wrong_rows: Wrong = ..., /
    ) -> tuple[Result, Found]: ...


# A row lies off a law that was found without it when it is missed by more than so many of its errors.
OFF = 3.0
# Laws without the rows that stand out, before others were looked for to the end, take so much of the budget.
STANDING_OUT = 0.5
# Rows that end a search early are so many times as far off as any other; of more inputs, laws that are not the one yet
# leave such rows too.
APART, MOST_INPUTS = 3.0, 3
# What is said against a law for which a row at an end was left out.
AT_AN_END = "a row at the end of the range is left out, where another law may begin"


def without_wrong_rows(task: Task, request: Request, look: Look) -> Result:
    """The laws of a task of numbers and categories; where rows lie far off all of them, of the others. Rows of a curve
    that stand out from their neighbours are left out first, where the others follow a law that misses them."""
    before = Counts()
    if out := rows_standing_out(task):
        share = request.budget.share(STANDING_OUT)
        result = looked_without(out, task, replace(request, budget=share), look)
        if result.stop is Stop.INTERRUPTED or (leaves_noise(result) and lie_off(result, out)):
            return result
        before, request = result.counts, request.after(result.counts)
    result, found = look(task, request, "", standing_apart)
    counts, left = before + result.counts, request.budget.after(result.counts)
    is_over = not result.candidates or result.candidates[0].missed == () or result.stop is Stop.INTERRUPTED
    if is_over or left.is_spent:
        return replace(result, counts=counts)
    far = outlying(found.every, found.forms) if found.wrong is None else found.wrong
    if far is not None:
        dropped = [row for row, is_far in zip(task.labelled, far.tolist(), strict=True) if is_far]
        budget = left if found.wrong is None else left.share(STANDING_OUT)
        without = looked_without(dropped, task, replace(request, budget=budget), look)
        counts, left = counts + without.counts, left.after(without.counts)
        if lie_off(without, dropped) and (leaves_noise(without) or found.wrong is None):
            return replace(without, counts=counts)
        if without.stop is Stop.INTERRUPTED:
            return replace(result, counts=counts, stop=without.stop)
    if found.wrong is not None and not left.is_spent:
        again, _ = look(task, replace(request, budget=left), "")
        counts += again.counts
        best = min((r for r in (again, result) if r.candidates), key=lambda r: r.candidates[0].score)
        result = replace(best, stop=again.stop)
    return replace(result, counts=counts)


def standing_apart(m: Measurements, forms: list[Form]) -> NDArray[np.bool_] | None:
    """The rows of several inputs that lie far off all forms, and much farther off the one that comes nearest to the
    others than any of these; None where there are none. Those of a curve are seen before."""
    far = outlying(m, forms) if 1 < m.n_inputs <= MOST_INPUTS else None
    if far is None:
        return None
    others = m.rows(~far)
    nearest = min((fit(form, others) for form in forms[:MOST_ROBUST]), key=lambda fitted: fitted.misfit)
    off = np.abs(m.rest(nearest.form.values(m.x)))
    return far if off[far].min() > APART * off[~far].max() else None


def rows_standing_out(task: Task) -> list[Row]:
    """The rows of a curve that stand out from their neighbours."""
    if len(task.inputs) != 1 or not numbers_of(task):
        return []
    x, y = columns_of(task)[0], np.array([row.output for row in task.labelled], dtype=np.float64)
    return [row for row, is_out in zip(task.labelled, standing_out(x, y).tolist(), strict=True) if is_out]


def looked_without(dropped: Sequence[Row], task: Task, request: Request, look: Look) -> Result:
    """The laws of a task without some rows, with what its best law says of these."""
    numbers = {row.number for row in dropped}
    kept = tuple(row for row in task.rows if row.number not in numbers)
    fewer, said = of_categories(replace(task, rows=kept, left_out=(*task.left_out, *dropped)))
    first, *others = (columns_of(task)[place] for place in numbers_of(task))
    at_end = not others and is_an_end(first, np.array([row.number in numbers for row in task.labelled]))
    without, _ = look(fewer, request, AT_AN_END if at_end else "")
    return replace(without, notes=(*outlier_notes(without, dropped), *said, *without.notes))


def leaves_noise(result: Result) -> bool:
    """Whether the best law leaves nothing, or noise."""
    best = result.candidates[0] if result.candidates else None
    return isinstance(best, Law) and best.leaves_noise


def lie_off(result: Result, rows: Sequence[Row]) -> bool:
    """Whether the best law, which was found without some rows, misses each by more than chance has it miss any."""
    law = result.candidates[0] if result.candidates else None
    if not isinstance(law, Law):
        return False
    given = result.task.errors if not result.task.input_errors else {}
    for row in rows:
        value = law.program.answer(row.inputs)
        if value is None:
            continue
        error = given.get(row.number) or float(error_at(law, np.array([abs(value)]))[0])
        if not abs(value - row.output) > OFF * error:
            return False
    return True


def outlier_notes(result: Result, dropped: Sequence[Row]) -> list[str]:
    """What the best law says of the rows that were left out."""
    if not result.candidates:
        return []
    answers = [result.candidates[0].program.answer(row.inputs) for row in dropped]
    return [
        f"row {row.number} looks like an outlier and is left out: the law gives "
        f"{'no value' if value is None else f'{value:.6g}'} there and not {row.output:g}"
        for row, value in zip(dropped, answers, strict=True)
    ]
