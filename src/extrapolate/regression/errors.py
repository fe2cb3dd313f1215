"""Errors of measurements: equal, in proportion to the target, and of rounding beside those, those of counts, and those
that are known of the target and of inputs.

Which kind they are decides what a law is, and the law decides which kind they are: laws are looked for with each, and
the search goes on with what describes the rows best.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.result import Stop
from extrapolate.regression.law import Law
from extrapolate.regression.orthogonal import weighed
from extrapolate.regression.outliers import DEVIATION
from extrapolate.regression.rows import MOST_SEARCHED, thinned
from extrapolate.regression.search import regression
from extrapolate.regression.search.form import Form
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.scalings import scaled
from extrapolate.regression.study import SEARCHING, Pace, Study

Floats = NDArray[np.float64]
Errors = Callable[[Measurements], Measurements | None]
# The rows that the best forms of few levels tell to be wrong, for which a search ends; None where it goes on.
Wrong = Callable[[Measurements, list[Form]], NDArray[np.bool_] | None]

# How many laws are fitted anew to all rows.
MOST_REFITTED = 30
# Equal errors, or those of counts, are what is meant unless errors in proportion are a hundred times as likely.
UNUSUAL = math.log2(100)
# Laws that are scaled as the rows seem to be take so much of the time of the search.
SCALINGS = 0.4
# Few levels end a search only where they take no more of the time, so that there is some for what follows.
SOON = 0.3
# How far all kinds of errors are tried before the one that fits best is gone on with.
LEVELS_TO_COMPARE = 2
# How much more rounding takes of a row that is written too coarsely.
COARSE = 3.0
# One kind is given up when its best law takes so many bits more.
BEHIND = 30.0
# Fewer rows than that are looked at once more with the edge, so far.
MANY_ROWS, LEVELS_AT_THE_EDGE = 100, 2


class Found(NamedTuple):
    """What was found: why the search stopped, the search, all measurements with the errors it took, the best forms, and
    the rows that are wrong where it ended for these before it was over."""

    stop: Stop
    search: regression.Regression
    every: Measurements
    forms: list[Form]
    wrong: NDArray[np.bool_] | None = None


def look(study: Study, pace: Pace, started: list[regression.Regression], wrong_rows: Wrong) -> Found:
    """Looks for laws inside the edge with every kind of errors that may be, and goes on with what fits best unless that
    tells rows to be wrong.

    Each search is put in the list when it begins or goes on, so that the last one is the one that runs.
    """
    every, edge, meter = study.every, study.edge, pace.meter
    models = [m for m in (every, every.with_relative_errors, every.with_errors_of_counts) if m is not None]
    searches = [study.search(thinned(m.rows(~edge), MOST_SEARCHED), meter) for m in models]
    of_scalings = None
    try:
        of_scalings = scaled(searches[0].m, lambda: pace.is_past(SEARCHING * SCALINGS))
    except KeyboardInterrupt:
        meter.interrupted = True
    if of_scalings is not None:
        search = study.search(of_scalings, meter)
        started.append(search)
        with meter.part(SCALINGS):
            stop = search.run()
        if search.is_exact or stop is Stop.INTERRUPTED:
            return Found(stop, search, every, best_forms(search))
        for other in searches:
            for form in best_forms(search):
                other.propose(form)

    def run(search: regression.Regression, level: int) -> Stop:
        started.append(search)
        for other in searches:
            for form in best_forms(other) if other is not search else ():
                search.propose(form)
        return search.run(level)

    for level in range(1, LEVELS_TO_COMPARE + 1):
        for i, (search, m) in enumerate(zip(searches, models, strict=True)):
            if search.level and search.described > min(other.described for other in searches) + BEHIND:
                continue
            stop = run(search, level)
            if search.is_exact or stop is Stop.INTERRUPTED:
                return Found(stop, search, m, best_forms(search))
            is_over = stop not in (Stop.SOLVED, Stop.EXHAUSTED)
            anew = as_the_best_tells(m, search) if level == 1 and not is_over else None
            if anew is not None:
                models[i], searches[i] = anew, study.search(thinned(anew.rows(~edge), MOST_SEARCHED), meter)
                for form in best_forms(search):
                    searches[i].propose(form)
                stop = run(searches[i], level)
                if stop is Stop.INTERRUPTED:
                    return Found(stop, searches[i], anew, best_forms(searches[i]))
    search, model = min(
        zip(searches, models, strict=True), key=lambda pair: pair[0].described + UNUSUAL * pair[1].is_relative
    )
    started.append(search)
    if stop is Stop.EXHAUSTED and not pace.is_past(SOON):
        early = best_forms(search)
        wrong = wrong_rows(model, early)
        if wrong is not None:
            return Found(stop, search, model, early, wrong)
    forms: list[Form] = []
    if edge.any() and every.n_rows < MANY_ROWS and stop is not Stop.SOLVED and not pace.is_past(SEARCHING):
        # The edge is where much is decided when there are few rows: laws that only show with it.
        whole = study.search(model, meter)
        whole.run(LEVELS_AT_THE_EDGE)
        forms = best_forms(whole)
    if stop is Stop.EXHAUSTED:
        stop = search.run()
    return Found(stop, search, model, [*best_forms(search), *forms])


def of_law(law: Law) -> Errors:
    """What gives measurements the kind of errors that a law was found with."""
    if law.relative:
        return attrgetter("with_relative_errors")
    return attrgetter("with_errors_of_counts") if law.counted else lambda m: m


def as_the_best_tells(m: Measurements, search: regression.Regression) -> Measurements | None:
    """Measurements with errors that only a law tells, as the best of a search does: those of rounding beside relative
    ones, and those of inputs in the target; None where there are none."""
    if search.best is None:
        return None
    if m.is_relative:
        return with_rounding(m, search.best.form.values(search.m.x) / search.m.y)
    again = weighed(m, search.best.form)
    return None if np.array_equal(again.weights, m.weights) else again


def with_rounding(m: Measurements, parts: Floats) -> Measurements | None:
    """Measurements with the errors of rounding too, where some rows have more of them than most have of any; None
    elsewhere. What most have is told by what a law gives, in parts of what was measured."""
    with np.errstate(all="ignore"):
        scatter = DEVIATION * float(np.median(np.abs(np.log(parts))))
    heeded = m.with_rounding(scatter) if scatter > 0 else m
    return heeded if (heeded.weights < m.weights / COARSE).any() else None


def best_forms(search: regression.Regression) -> list[Form]:
    return [law.form for law in search.laws[:MOST_REFITTED]]
