"""What may be said of a law: that it is exact, that it holds, that it fits these rows, or that something is left.

A claim is earned: what a law leaves has no structure that tests find, it explains most of the target, at the edge of
the rows too, and no other law that is nearly as likely says something else a little beyond them.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from extrapolate.core.expression import Var, walk
from extrapolate.core.program import Program
from extrapolate.core.source import python_expression
from extrapolate.core.task import Task
from extrapolate.core.types import TEXT
from extrapolate.core.units import parse_unit
from extrapolate.regression.law import Fit, Law
from extrapolate.regression.rows import columns_of, numbers_of, typical
from extrapolate.regression.search.constants import DEGREE, TURNS
from extrapolate.regression.search.description import BITS_A_PART
from extrapolate.regression.search.digits import last_digits, told
from extrapolate.regression.search.form import Form, Valued
from extrapolate.regression.search.measurements import SMALLEST, Measurements
from extrapolate.regression.search.residuals import CHANCE

# How much of the variance a law that holds explains, inside and at the edge, and how many rows, and rows that differ,
# it has beside one for each constant: of the latter at least one for each of them again.
LEAST_INSIDE, SPARE_ROWS, SPARE_PLACES = 0.9, 6, 3
# Of how many more different values of an input there are than places in which it stands in a law.
SPARE_VALUES = 2
# Values of an input that has no others.
LEVELS = ({0, 1}, {-1, 1})
# A wave is seen to come again when so many turns of it are in the range.
LEAST_TURNS = 1.5
# What explains no more of it says nothing of the target.
NOTHING = 0.05
# So many places between rows are looked at, and at least so many from each to the next.
BETWEEN, LEAST_BETWEEN = 20_000, 12
# Of few rows more and more of them beside each, in parts of the way to the next, as a pole may stand there for one row.
BESIDE, FEW_ROWS = np.geomspace(1e-7, 0.1, 73), 300
# The edge is missed by no more than so many times what is left inside.
FAILING = 3.0
EDGE_MISSED = "the rows at the edge, which were held out, are missed by much more than those inside"
# A law whose bits are within so many of the best is its rival, within fewer where it costs so much more, or within half
# of what the best costs beyond so much, up to the last, as the bits of what is long are rougher.
CLOSE, CLOSER, LONGER, SHORT, FARTHEST = 8.0, 5.0, 12, 10, 20.0
# They differ by an error and by such a part of what they say at a point beyond the rows by such a part of the range.
SHARE, BEYOND = 0.1, 1.0
# What chance seldom leaves takes as many bits more as it is seldom. The rows hardly tell a constant whose standard
# error is such a part of it, which takes the bits of a part.
A_SURPRISE, UNTOLD = -math.log2(CHANCE), 0.4
# What was written with few digits is exact to these where they say so many times as much as the formula.
TELLING = 2.0
# What rounding takes of the last digit at most, with a little for constants that are not quite right.
HALF = 0.55


def claim(is_noise: bool, inside: float, n_rows: int, n_places: int, n_free: int, least: float = LEAST_INSIDE) -> Fit:
    """What may be said of a law that is not exact: whether it leaves noise, how much it explains inside and at least
    should, how often and in how many different places it was measured, and how many constants it has."""
    if not is_noise:
        return Fit.STRUCTURE
    if inside < least:
        return Fit.PART if inside > NOTHING else Fit.NOTHING
    rows, places = rows_needed(n_free)
    return Fit.NOISE if n_rows >= rows and n_places >= places else Fit.ROWS


def rows_needed(n_free: int) -> tuple[int, int]:
    """How many rows, and different ones among them, tell so many constants."""
    return n_free + SPARE_ROWS, n_free + max(SPARE_PLACES, n_free + 1)


def surprises(
    is_noise: bool, values: NDArray[np.float64], errors: NDArray[np.float64], are_waves_seen: bool = True
) -> float:
    """The bits for what is unlikely of a law that is not exact: that it leaves more than noise, that it has a wave that
    does not come again, and that rows hardly tell a constant of it, as where two say nearly the same; for its fitted
    constants with their standard errors."""
    untold = int((errors > UNTOLD * np.abs(values)).sum())
    return A_SURPRISE * ((not is_noise) + (not are_waves_seen)) + BITS_A_PART * untold


def hardly_varied(program: Program, task: Task) -> dict[str, int]:
    """The inputs of a program that were measured at too few different values, for how often they stand in it, to tell
    how a law goes on with them, and at how many; units with a dimension tell it too, and of an input that is 0 or 1, or
    1 or -1, there are no others.
    """
    times = Counter(part for part in walk(program.expr) if isinstance(part, Var))
    few = {}
    for i in program.places:
        variable, values = task.inputs[i], {row.inputs[i] for row in task.labelled}
        has_dimension = bool(task.units and parse_unit(task.units[i]).dimension)
        is_told = has_dimension or variable.type == TEXT or any(values <= levels for levels in LEVELS)
        if not is_told and len(values) < times[variable] + SPARE_VALUES:
            few[task.columns[i]] = len(values)
    return few


def comes_again(form: Form, x: NDArray[np.float64]) -> bool:
    """Whether all waves of a form whose frequency was fitted are seen for longer than a turn, on columns `(n_inputs,
    n_rows)`, and in more than two places a turn: what rises and falls once may never do so again, and through fewer
    places go waves of other frequencies."""
    if form.word is not None and form.word.is_periodic:
        for term in form.terms:
            is_frequency = sum(map(abs, term.powers)) == 1 and not term.factors and not is_angle(term.coefficient)
            if is_frequency:
                angles = np.unique(term.values(x))
                turns = np.ptp(angles) / (2 * np.pi)
                if turns < LEAST_TURNS or len(angles) < 2 * turns + 2:
                    return False
    return all(comes_again(factor, x) for term in form.terms for factor, _ in term.factors)


def is_angle(coefficient: float) -> bool:
    """Whether what is multiplied by it is an angle, once, twice or half one, in radians or degrees."""
    sizes = (p * unit / q for p, q in TURNS for unit in (1.0, DEGREE))
    return any(math.isclose(abs(coefficient), size, rel_tol=1e-9) for size in sizes)


def is_exact_to_digits(rest: NDArray[np.float64], given: Sequence[Any], formula_bits: float) -> bool:
    """Whether nothing is left but the rounding of what was written with few digits, which say more than the formula
    does. Whole numbers are not taken for rounded ones."""
    numbers = np.array([float(value) for value in given])
    if (numbers == np.round(numbers)).all():
        return False
    return any(
        bool((np.abs(rest) <= HALF * steps).all()) and told(numbers, steps) > TELLING * formula_bits
        for steps in last_digits(numbers)
    )


def is_told(numbers: Sequence[Any], formula_bits: float) -> bool:
    """Whether numbers say more than a formula that gives them: any few have a curve through them."""
    values = np.array([float(value) for value in numbers])
    return max(told(values, steps) for steps in last_digits(values)) > formula_bits


def told_apart(laws: Sequence[Law], task: Task) -> list[Law]:
    """The laws, the best of which holds only where those that are nearly as likely say the same beyond the rows."""
    if not laws or laws[0].fit is not Fit.NOISE:
        return list(laws)
    best, points = laws[0], beyond(task)
    rivals = [law for law in laws[1:] if is_close(law, best) and law.fit in (Fit.NOISE, Fit.ROWS, Fit.STRUCTURE)]
    spread = float(np.ptp([row.output for row in task.labelled]))
    known = float(np.median(list(task.errors.values()))) if task.errors and not task.input_errors else None
    for rival in rivals:
        place = differ(best, rival, points, spread, known)
        if place is not None:
            return [replace(best, fit=Fit.ROWS, why=would_tell(best, rival, points, place, task)), *laws[1:]]
    return list(laws)


def is_close(law: Law, best: Law) -> bool:
    """Whether a law is nearly as likely as the best; much longer ones, most of which say the same, less easily."""
    least = CLOSE if law.cost < best.cost + LONGER else CLOSER
    return law.score < best.score + min(FARTHEST, max(least, (best.cost - SHORT) / 2))


def between_rows(program: Program, task: Task) -> tuple[str, str] | None:
    """Where a formula of one input goes far beyond all rows between two of them, and what it gives there; None where it
    does nowhere."""
    used = program.places
    if len(used) != 1 or used[0] not in numbers_of(task):
        return None
    columns = columns_of(task)

    def values(places: NDArray[np.float64]) -> NDArray[np.float64]:
        points = [np.full(len(places), typical(column)) for column in columns]
        points[used[0]] = places
        return program.over(points)

    far = far_between(values, columns[used[0]], np.array([row.output for row in task.labelled], dtype=np.float64))
    return None if far is None else (f"{task.columns[used[0]]} = {short(far[0])}", short(far[1]))


def far_between(
    of: Callable[[NDArray[np.float64]], NDArray[np.float64]], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[float, float] | None:
    """Where a curve goes farther beyond all rows `(n_rows,)` than these are apart, between two of them, as at a pole,
    and what it gives there; None where it does nowhere."""
    x, span = np.unique(x), np.ptp(y)
    between = np.linspace(0, 1, max(LEAST_BETWEEN, BETWEEN // len(x)))
    parts = np.sort(np.concatenate([between, BESIDE, 1 - BESIDE])) if len(x) <= FEW_ROWS else between
    places = (x[:-1, None] + np.diff(x)[:, None] * parts).ravel()
    with np.errstate(all="ignore"):
        values = of(places)
    (far,) = np.nonzero(~((values >= y.min() - span) & (values <= y.max() + span)))
    return (float(places[far[0]]), float(values[far[0]])) if len(far) else None


def would_tell(best: Law, rival: Law, points: Sequence[NDArray[Any]], place: int, task: Task) -> str:
    """What a measurement at one of some points would tell."""
    used = [i for i, v in enumerate(task.inputs) if v in (*best.program.used, *rival.program.used)]
    at = ", ".join(f"{task.columns[i]} = {short(points[i][place])}" for i in used)
    with np.errstate(all="ignore"):
        own, other = (float(law.program.over(points)[place]) for law in (best, rival))
    more = round(rival.score - best.score)
    likely = f"takes {more} bit{'s' * (more != 1)} more" if more else "is as likely"
    expression = python_expression(rival.program.expr)
    return f"measure at {at}: this law gives {short(own)} there, and {expression}, which {likely}, {short(other)}"


def short(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "no value"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def beyond(task: Task) -> list[NDArray[Any]]:
    """Points beyond the range of the rows, as columns: one input at a time, two at opposite ends, and all of them at
    their highest."""
    columns = columns_of(task)
    middle = [typical(column) for column in columns]
    ends = {i: ends_of(columns[i]) for i in numbers_of(task)}
    points = [[ends[i][1] if i in ends else value for i, value in enumerate(middle)]]
    for i, end in ((i, end) for i, both in ends.items() for end in both):
        points.append([*middle[:i], end, *middle[i + 1 :]])
    for i, j in itertools.permutations(ends, 2):
        points.append([ends[k][k == j] if k in (i, j) else value for k, value in enumerate(middle)])
    values = zip(*points, strict=True)
    return [np.array(own, dtype=column.dtype) for own, column in zip(values, columns, strict=True)]


def ends_of(column: NDArray[np.float64]) -> tuple[float, float]:
    """Places below and above the range of a column; what is never negative stays so."""
    low, high = float(column.min()), float(column.max())
    below = low - BEYOND * (high - low)
    return low / 2 if low >= 0 and below < 0 else below, high + BEYOND * (high - low)


def differ(
    first: Law, second: Law, points: Sequence[NDArray[Any]], spread: float, known: float | None = None
) -> int | None:
    """Which of some points two laws say something else at, None where at none: by more than their errors, which may be
    in proportion to what they say, or known, and by a part of that or of the spread of the target, which is the less.
    """
    with np.errstate(all="ignore"):
        a, b = first.program.over(points), second.program.over(points)
        apart, size = np.abs(a - b), np.maximum(np.abs(a), np.abs(b))
        error = known if known is not None else np.maximum(error_at(first, size), error_at(second, size))
        far = (apart > error) & (apart > SHARE * (size if first.relative else np.minimum(size, spread)))
    found = np.flatnonzero(far | (np.isfinite(a) != np.isfinite(b)))
    return int(found[0]) if len(found) else None


def error_at(law: Law, size: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a law is off, where what it says is of some size."""
    if law.counted:
        return np.sqrt(np.maximum(size, 1.0))
    return law.misfit * size if law.relative else np.full_like(size, law.error)


def fails(inner: Valued, refitted: Callable[[], Valued], m: Measurements, edge: NDArray[np.bool_], n_free: int) -> bool:
    """Whether a form whose constants were fitted inside misses the rows at the edge by much more than those inside, and
    by more than these constants may be off, as the same form fitted to all rows tells (Chow, Econometrica 28, 1960),
    which is done only then."""
    rest = np.square(m.rest(inner.values(m.x)))
    inside, outside = rest[~edge], rest[edge]
    if not edge.any() or np.mean(outside) <= FAILING**2 * np.mean(inside):
        return False
    left, again = len(inside) - n_free, np.square(m.rest(refitted().values(m.x)))
    if left < 1 or not np.isfinite(again).all():
        return True
    more = (again.sum() - inside.sum()) / len(outside)
    return bool(more > 0 and fdtrc(len(outside), left, more / max(inside.sum() / left, SMALLEST)) < CHANCE)


def r_squared(form: Valued, m: Measurements) -> float:
    """How much of the variance of the target a form explains, of its logarithm where errors are in proportion to it,
    and each row by its error where that is known, as that of a count; minus infinity where it has no value in a row."""
    values, target, weights = form.values(m.x), m.y, m.weights**2
    if m.is_relative:
        weights = np.ones(m.n_rows)
        with np.errstate(all="ignore"):
            values, target = np.log(values / m.y) + np.log(np.abs(m.y)), np.log(np.abs(m.y))
    rest = values - target
    spread = float((weights * (target - np.average(target, weights=weights)) ** 2).sum())
    if not np.isfinite(rest).all():
        return -math.inf
    return 1 - float((weights * rest**2).sum()) / spread if spread else 1.0
