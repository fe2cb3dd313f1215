"""From measured rows to ranked laws, with how far each of them holds.

The rows at the edge of the range of the inputs are held out: laws are looked for inside, checked outside, and then
their constants are fitted to all rows.

>>> from extrapolate.learn import learn
>>> rows = [((m, a), 2.0 * m * a) for m in (1.0, 2.5, 4.0) for a in (0.5, 3.0, 7.5)]
>>> print(learn(rows, language="laws", names=["m", "a"], name="force").program.source)
def force(m: float, a: float) -> float:
    return 2 * m * a
<BLANKLINE>
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.language import Algebra
from extrapolate.core.method import Request
from extrapolate.core.result import Counts, Progress, Result, is_of_front
from extrapolate.core.task import Task
from extrapolate.core.types import TEXT
from extrapolate.core.values import Values
from extrapolate.regression.categories import (
    MOST_LAWS,
    commonest,
    of_categories,
    split,
    unmet,
    widened,
    with_room,
    with_round_sums,
    without_texts,
)
from extrapolate.regression.claims import (
    EDGE_MISSED,
    LEAST_INSIDE,
    comes_again,
    fails,
    r_squared,
    surprises,
    told_apart,
)
from extrapolate.regression.errors import Errors, Found, Wrong, best_forms, look, of_law
from extrapolate.regression.forms import learn_forms
from extrapolate.regression.judgement import Evidence, law_of
from extrapolate.regression.law import Fit, Law
from extrapolate.regression.orthogonal import moved, nearest
from extrapolate.regression.quantities import Quantity, quantities
from extrapolate.regression.rows import (
    MOST_FITTED,
    MOST_SEARCHED,
    check_kinds,
    check_rows,
    columns_of,
    thinned,
    used,
    with_degrees,
)
from extrapolate.regression.search import regression
from extrapolate.regression.search.constants import Fitted, fit, free_constants, in_sizes
from extrapolate.regression.search.description import BITS_A_DIGIT, bits, complexity, formula_bits, residual_bits
from extrapolate.regression.search.form import Form, with_slopes
from extrapolate.regression.search.formula import Writer
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.residuals import RESEMBLING, is_serial, structure, unforeseen
from extrapolate.regression.search.simplicity import shortened, simplified
from extrapolate.regression.search.starts import with_fitted_powers
from extrapolate.regression.study import Pace, Study, studies
from extrapolate.regression.wrong_rows import without_wrong_rows
from extrapolate.search.budget import Meter

Made = TypeVar("Made")
Floats = NDArray[np.float64]

# How many of the laws that are fitted anew to all rows are made simple.
MOST_JUDGED, MOST_BESIDE_EXACT = 10, 3
# Beside the first few, those that take so many bits more than the best are hardly made better than it.
FEWEST_JUDGED, HOPELESS = 5, 50.0
# The shares of the time after which fitting to all rows ends, and making the best laws shorter and simple: what is left
# then stays as it is.
REFITTING, SHORTENING, JUDGING = 0.85, 0.9, 0.95
# The front of error against length has so many laws, each of which leaves so much less than the one before it.
LONGEST_FRONT, MUCH = 12, 0.9
# Laws are the same function when they agree so well on all rows, and written in two ways when they do so before their
# constants are made simple.
SAME, ALIKE = 1e-9, 1e-6
# An approximation comes nearly as near as another one when it leaves no more than so many times as much.
NEARLY = 1.5
# Forms that are ranked with other laws take so much of the budget.
FORMS = 0.2
# Laws are looked for in the rows of one category where it has so many.
LEAST_OF_ONE, LEVELS_OF_ONE = 5, 1


def learn(request: Request) -> Result:
    """The laws that describe the rows of a task best, as a Result whose candidates are `Law`s.

    Physical constants may stand in a law as inputs do. With units, laws are looked for whose dimensions agree by
    themselves, and where none of them fits, laws whose constants have units. InputError for too few rows, a target that
    never changes, or, where constants may have no units, one whose units no product of the inputs has.
    """
    task, algebra = request.task, request.language.possible_algebra
    if algebra is None:
        raise InputError(f"the language {request.language.name} has not the words of arithmetic that laws are made of.")
    check_kinds(task)
    if request.forms and not request.rivals:
        return form_fitted(request)
    if request.forms:
        return beside_rivals(request)
    task, by_name = with_degrees((task if task.units else task.with_units()).of_floats())
    task, said = of_categories(task)
    said += by_name
    check_rows(task)
    request = replace(request, using=used(request.using, task, request.task))
    result = without_wrong_rows(task, request, lambda *what: looked(algebra, *what))
    if request.using and not result.candidates:
        said.append(f"no law was found that uses {' and '.join(sorted(request.using))}")
    return replace(result, notes=(*said, *result.notes))


def form_fitted(request: Request, errors: Errors = lambda m: m) -> Result:
    """The laws of the forms of a request, with equal errors or those that measurements are given."""
    task, said = without_texts(request.task, request.forms)
    task = (task if task.units else task.with_units()).of_floats()
    check_rows(task)
    result = learn_forms(task, request, errors)
    return replace(result, notes=(*said, *result.notes))


def beside_rivals(request: Request) -> Result:
    """The laws of the forms of a request among those that are found, in the same rows and with the same errors."""
    share = request.budget.share(FORMS)
    given = form_fitted(replace(request, budget=share))
    found = learn(replace(request.after(given.counts), forms=(), rivals=False))
    task, others = found.task, [law for law in found.candidates if isinstance(law, Law)]
    is_unequal = bool(others) and (others[0].relative or others[0].counted)
    if is_unequal or len(task.labelled) < len(given.task.labelled):
        given = form_fitted(replace(request, budget=share, task=task), of_law(others[0]) if others else lambda m: m)
    forms = [
        replace(law, program=replace(law.program, inputs=task.inputs, units=task.units))
        for law in given.candidates
        if isinstance(law, Law)
    ]
    laws = told_apart(sorted([*forms, *others], key=lambda law: law.score), task)
    said = [note for note in found.notes if note not in notes(others)] + notes(laws)
    if laws[0].program == forms[0].program:
        said += [note for note in given.notes if note not in (forms[0].verdict, *said)]
    return replace(
        found,
        candidates=[
            law
            for i, law in enumerate(laws)
            if i < request.candidates or law in forms or (request.front and is_of_front(law, laws))
        ],
        notes=said,
        doubts=unmet(laws[0].program, task),
        counts=given.counts + found.counts,
    )


def looked(
    algebra: Algebra, task: Task, request: Request, against: str = "", wrong_rows: Wrong = lambda m, forms: None
) -> tuple[Result, Found]:
    """The laws of a task of numbers and categories, and what they were chosen from. What is said `against` them keeps
    the best from being claimed."""
    started: list[regression.Regression] = []

    def tick(counts: Counts) -> None:
        assert request.on_progress is not None
        best = started[-1].best if started else None
        shown = None if best is None else study.program(best.form)
        request.on_progress(Progress(counts, started[-1].level if started else 0, shown))

    meter = Meter(request.budget, Values(), tick if request.on_progress else None)
    laws: list[Law] = []
    for study in studies(task, request, algebra):
        pace = study.pace(meter)
        of_one = forms_of_one(study, pace)
        found = look(study, pace, started, wrong_rows)
        most = MOST_BESIDE_EXACT if found.search.is_exact else MOST_JUDGED
        if study.categories:
            study, found = by_category(study, found, of_one, pace)
        forms = [with_fitted_powers(form, found.every, algebra) for form in found.forms]
        best = best_on(found.every, forms, most, pace)
        if request.front:
            best += [with_room(form, len(study.categories)) for form in front_of(found.search.laws)]
        made = in_time(lambda form: (judged(form, found, study, pace), form), best, pace, JUDGING)  # noqa: B023
        allowed = [(law, form) for law, form in made if law is not None and request.allows(law.program)]
        with np.errstate(all="ignore"):
            laws += different([(law, form.values(found.every.x)) for law, form in allowed], ALIKE)
        if any(law.fits for law in laws):
            break
    columns = columns_of(task)
    if task.input_errors:
        laws = by_given_errors(laws, len(task.labelled))
    laws = shortest_of_near(different([(law, law.program.over(columns)) for law in laws], SAME))
    laws = told_apart(laws, task)
    if against and laws and laws[0].fit is Fit.NOISE:
        laws[0] = replace(laws[0], fit=Fit.ROWS, why=against)
    laws = [law for i, law in enumerate(laws) if i < request.candidates or (request.front and is_of_front(law, laws))]
    said = list(study.notes)
    if laws and laws[0].relative and laws[0].fit is not Fit.EXACT:
        said.append(f"errors are taken to be in proportion to {task.target}, which fits better")
    if laws and laws[0].counted and laws[0].fit is not Fit.EXACT:
        said.append(f"errors are taken to be those of counts, the root of {task.target}, which fits better")
    names = [*(None if v.type == TEXT else c for v, c in zip(task.inputs, task.columns, strict=True)), task.target]
    bare = [n for n, unit in zip(names, task.units, strict=bool(task.units)) if n and not unit]
    plain = f"no unit is known of {', '.join(bare)}: taken as {'plain numbers' if len(bare) > 1 else 'a plain number'}"
    doubts = unmet(laws[0].program, task) if laws else []
    said += [f"row {doubt.row.number} is left open: {doubt.why}" for doubt in doubts]
    every_note = (*said, *notes(laws), *([plain] if bare else []))
    return Result(task, tuple(laws), found.stop, meter.finish(), every_note, doubts=doubts), found


def forms_of_one(study: Study, pace: Pace) -> list[Form]:
    """Laws of the rows of one category, as they may show nowhere else; none where there are few."""
    if not study.categories:
        return []
    rows = commonest(study.task, study.categories) & ~study.edge
    if rows.sum() < LEAST_OF_ONE:
        return []
    search = study.search(thinned(study.every.rows(rows), MOST_SEARCHED), pace.meter)
    search.run(LEVELS_OF_ONE)
    return best_forms(search)[:MOST_LAWS]


def by_category(study: Study, found: Found, of_one: Sequence[Form], pace: Pace) -> tuple[Study, Found]:
    """The study and what was found in it, and in one category, over the categories too, with constants that differ
    between these."""
    word, n = study.writer.algebra.number_of, len(study.categories)
    assert word is not None
    columns = np.array([category.values(study.task) for category in study.categories])
    forms = [*of_one, *found.forms[:MOST_LAWS]]
    every, forms = widened(found.every, columns), [with_room(form, n) for form in forms]
    fewer = thinned(every, MOST_SEARCHED)
    with np.errstate(all="ignore"):
        apart = in_time(lambda form: split(form, fewer, n), forms, pace, REFITTING)
    symbols = [category.expression(study.task, word) for category in study.categories]
    wide = replace(
        study,
        every=widened(study.every, columns),
        writer=Writer([*study.writer.inputs, *symbols], study.writer.algebra),
    )
    return wide, found._replace(every=every, forms=[*apart, *forms])


def in_time(make: Callable[[Form], Made], forms: Iterable[Form], pace: Pace, share: float) -> list[Made]:
    """What is made of forms while a share of the time is not spent and nobody interrupts, of one in any case."""
    found: list[Made] = []
    for form in forms:
        if found and pace.is_past(share):
            break
        try:
            found.append(make(form))
        except KeyboardInterrupt:
            pace.meter.interrupted = True
    return found


def front_of(laws: Sequence[regression.Described]) -> list[Form]:
    """The forms of which none is both shorter and closer, the shortest first."""
    found: list[Form] = []
    closest = math.inf
    for law in sorted(laws, key=lambda law: (complexity(law.form), law.misfit)):
        if law.misfit < MUCH * closest:
            closest = law.misfit
            found.append(law.form)
    return found[:LONGEST_FRONT]


def best_on(m: Measurements, forms: Sequence[Form], most: int, pace: Pace) -> list[Form]:
    """The forms that describe measurements best once fitted to them, without what is not worth its bits, and as found.

    Those as they were found are what the shorter ones are to be compared with.
    """
    fewer = thinned(m, most_fitted(pace.meter))
    with np.errstate(all="ignore"):
        fitted = in_time(lambda form: fit(form, fewer), forms, pace, REFITTING)
        ranked = sorted(((bits(law, fewer.n_rows), i) for i, law in enumerate(fitted)))[:most]
        best = [fitted[i] for n, (own, i) in enumerate(ranked) if n < FEWEST_JUDGED or own < ranked[0][0] + HOPELESS]
        is_late = partial(pace.is_past, SHORTENING)
        return [*(shortened(law, fewer, is_late).form for law in best), *(law.form for law in best)]


def different(laws: Iterable[tuple[Law, Floats]], same: float) -> list[Law]:
    """Laws that are different functions, the best first, by values on the rows that agree to such a part of them."""
    kept: list[tuple[Law, Floats]] = []
    for law, values in sorted(laws, key=lambda pair: pair[0].score):
        scale = same * float(np.abs(values).max())
        with np.errstate(all="ignore"):
            is_new = all(not np.abs(values - other).max() <= scale for _, other in kept)
        if is_new:
            kept.append((law, values))
    return [law for law, _ in kept]


def most_fitted(meter: Meter) -> int:
    """How many rows constants are fitted to; fewer for a user who has no more patience."""
    return MOST_SEARCHED if meter.interrupted else MOST_FITTED


def judged(form: Form, found: Found, study: Study, pace: Pace) -> Law | None:
    """A form as a law: checked at the edge, then with its constants fitted to all rows; None where it fails in one.

    For the check its constants are fitted inside, so that it knows nothing of the edge.
    """
    every, task, edge, most = found.every, study.task, study.edge, most_fitted(pace.meter)
    with np.errstate(all="ignore"):
        within = every.rows(~edge)
        inner = fit(form, thinned(within, most)).form
        searched = thinned(within, MOST_SEARCHED)
        inside = r_squared(inner, within)
        outside = r_squared(inner, every.rows(edge)) if edge.any() else None
        others = searched.x[searched.n_inputs - len(study.categories) :]
        values, slopes = with_slopes(inner, searched.x)(inner.coefficients)
        free = free_constants(inner)
        left = structure(found.search.m, values, found.search.columns, others)
        if not left and fails(inner, lambda: fit(inner, thinned(every, most)).form, every, edge, len(free)):
            left = EDGE_MISSED
        if not left and is_serial(searched, values, slopes[free] * searched.rest_slope(values)):
            left = RESEMBLING
        given, fitted = simplest(form, every, most, partial(pace.is_past, JUDGING))
        if study.categories:
            fitted = with_round_sums(fitted, given, study.writer)
        misfit = given.misfit(fitted.form)
        if not math.isfinite(misfit):
            return None
        coefficients = np.array(fitted.form.coefficients)
        told = fitted.knowing([i for i in fitted.form.exponents if abs(coefficients[i]) == 1])
        written = given.in_given_units(fitted.form)
        again, constants = comes_again(written, given.as_given().x), coefficients[list(told.free)]
        unlikely = surprises(not left, constants, told.errors, again) if misfit >= regression.EXACT else 0.0
        rest = (fitted.form.values(given.x) - given.y) / given.y_factor
        smooth = smooth_bits(fitted, given)
    evidence = Evidence(
        program=study.of_given(written),
        rest=rest,
        rounding=regression.EXACT * magnitude(fitted.form, given) / abs(given.y_factor),
        errors=given.known_errors,
        misfit=misfit,
        inside=inside,
        outside=outside,
        structure=left,
        bits=bits(fitted, given.n_rows) + given.scatter_bits + unlikely,
        formula=formula_bits(fitted),
        free=len(free_constants(form)),
        constants=constants_of(told, given, study),
        name=form.textbook.name if form.textbook else None,
        relative=given.is_relative,
        counted=given.is_counted,
        comes_again=again,
        smooth_bits=smooth + unlikely,
        unlikely=unlikely,
    )
    return law_of(evidence, task, edge)


def smooth_bits(fitted: Fitted, m: Measurements) -> float:
    """The description length of a curve where what it leaves is a smooth deviation, with a digit for what each row
    tells of the next; infinite for several inputs, which have no order."""
    if m.n_inputs != 1:
        return math.inf
    misfit = unforeseen(m, fitted.form.values(m.x))
    left = residual_bits(max(misfit, fitted.finest), m.n_rows) + m.scatter_bits
    return left + formula_bits(fitted) + BITS_A_DIGIT


def by_given_errors(laws: Sequence[Law], n_rows: int) -> list[Law]:
    """Laws by how likely the rows are with the errors that are given, where those of inputs count more the steeper a
    law is: were only their proportions heeded, a flat law would be the nearer one. All are larger by as much where no
    law comes as near as they say."""
    larger = max(1.0, min((law.chi_squared / n_rows for law in laws), default=1.0))
    return [
        replace(law, score=law.bits_of_errors + (law.chi_squared / larger + n_rows * math.log(larger)) / math.log(4))
        for law in laws
    ]


def shortest_of_near(laws: Sequence[Law]) -> list[Law]:
    """Laws, the best first. Where that one only comes near, as all do, what it leaves is no noise: a long law that
    follows the rows is no better than a shorter one that comes nearly as near, beside a smooth deviation."""
    if not laws or laws[0].fit is not Fit.STRUCTURE:
        return list(laws)
    near = [law for law in laws if law.inside >= LEAST_INSIDE and law.misfit <= NEARLY * laws[0].misfit]
    shorter = [law for law in near if law.cost < laws[0].cost]
    best = min([laws[0], *shorter], key=lambda law: law.smooth_score)
    return [replace(best, score=laws[0].score), *(law for law in laws if law is not best)]


def constants_of(fitted: Fitted, given: Measurements, study: Study) -> tuple[Quantity, ...]:
    """The constants of a law that were fitted, in the units of the columns, with their standard errors."""
    form = given.in_given_units(fitted.form)
    before, after = fitted.form.coefficients, form.coefficients
    n = len(study.categories)
    if len(before) != len(after) or len(study.every.factors) != len(study.places) + n:
        return ()  # offsets of units and physical constants stand among them
    scales = [abs(b / a) if a else 1.0 for a, b in zip(before, after, strict=True)]

    def error_of_sum(factors: Mapping[int, float]) -> float:
        return fitted.error_of_sum({i: factor * scales[i] for i, factor in factors.items()})

    task = study.task
    units = [*(task.units[i] for i in study.places), *[""] * n, task.units[-1]] if task.units else []
    return tuple(quantities(form, study.writer.constants(form, fitted.free), error_of_sum, units))


def simplest(form: Form, m: Measurements, most: int, is_late: Callable[[], bool]) -> tuple[Measurements, Fitted]:
    """A form with its constants fitted and made simple, in the units it is made in or in those that were given,
    whichever is the shorter to describe, and the measurements in these units."""
    given = m.as_given()
    choices = [(given, m.in_given_units(form))]
    if m.has_units or m.is_converted:
        choices.append((m, form))
    made = []
    for chosen, own in choices:
        few = thinned(chosen, most)
        fitted, few = fitted_to(fit(own, few), few)
        made.append((moved(chosen, fitted), simplified(fitted, few, is_late)))
    return min(made, key=lambda pair: bits(pair[1], m.n_rows) + pair[0].scatter_bits)


def fitted_to(fitted: Fitted, m: Measurements) -> tuple[Fitted, Measurements]:
    """A fit, by orthogonal distances where inputs have errors, with the measurements as they are seen from it."""
    if m.errors is None:
        return fitted, m
    start, _, constants = in_sizes(fitted.form, list(fitted.free))
    return nearest(m, start, lambda values: fitted.form.with_coefficients(constants(values)), fit)


def magnitude(form: Form, m: Measurements) -> NDArray[np.float64]:
    """How large in each row what is added up is, which rounding is in proportion to: at least the target."""
    with np.errstate(all="ignore"):
        sizes = sum((np.abs(term.values(m.x)) for term in form.terms if form.word is None), np.abs(m.y))
    return np.where(np.isfinite(sizes), sizes, np.abs(m.y))


def notes(laws: Sequence[Law]) -> list[str]:
    """What is to be said of the best law."""
    if not laws:
        return []
    best = laws[0]
    said = [best.verdict, *([best.why] if best.why else [])]
    if best.outside is not None:
        said.append(
            f"R squared is {shown(best.inside)} inside the measured range and {shown(best.outside)} at its edge, which "
            "was held out"
        )
    if len(laws) > 1:
        more = round(laws[1].score - best.score)
        said.append(f"the next best takes {more} bit{'s' * (more != 1)} more")
    return said


def shown(r: float) -> str:
    return f"{r:.4f}" if 1 - r > 5e-5 or r == 1 else f"1 - {1 - r:.0e}"
