"""Laws of forms that are given: their constants fitted and judged as those of laws that are found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Apply, Expr, Literal, Var, walk
from extrapolate.core.language import Algebra
from extrapolate.core.method import Request
from extrapolate.core.program import Program
from extrapolate.core.result import Result, Stop
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT
from extrapolate.core.values import Values
from extrapolate.regression.claims import EDGE_MISSED, NOTHING, fails, r_squared, surprises, told_apart
from extrapolate.regression.curves import Curve, Problem, fitted
from extrapolate.regression.dimensions import units_of
from extrapolate.regression.errors import UNUSUAL, Errors, with_rounding
from extrapolate.regression.given import Given, read_form
from extrapolate.regression.judgement import Evidence, law_of
from extrapolate.regression.law import Fit, Law
from extrapolate.regression.orthogonal import moved, nearest
from extrapolate.regression.quantities import Quantity
from extrapolate.regression.rows import MOST_FITTED, MOST_SEARCHED, at_the_edge, thinned, varying
from extrapolate.regression.search.description import BITS_A_PART, decimal_bits, residual_bits
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.regression import EXACT, Regression
from extrapolate.regression.search.residuals import RESEMBLING, is_serial, structure
from extrapolate.search.budget import Meter

# The share of the seconds in which constants are looked for.
SEARCHING = 0.8
# What is said where equal errors are not what the rows have.
ERRORS_GROW = (
    "what it leaves grows with the size of {0}: errors in proportion to it are much likelier than equal ones, and are "
    "taken where the form is fitted beside rivals (--rivals, or rivals=True)"
)


def learn_forms(task: Task, request: Request, errors: Errors) -> Result:
    """The forms of a request as laws, each with the constants that fit it best, those first that describe the rows in
    the fewest bits; no other law is looked for. `errors` gives measurements the kind they have. InputError for a form
    that can't be read or has too many constants."""
    places = varying(task)
    forms = [read_form(text, task.inputs, request.language, task.name) for text in request.forms]
    meter = Meter(request.budget, Values())
    laws = []
    for i, form in enumerate(forms):
        meter.share = SEARCHING * (i + 1) / len(forms)
        laws.append(law_of_form(form, task, places, request, meter, errors))
        meter.counts.tried = meter.counts.kept = i + 1
    found = told_apart(sorted(laws, key=lambda law: law.score), task)
    stop = Stop.SECONDS if meter.is_past(SEARCHING) else Stop.FORMS
    return Result(task, tuple(found), stop, meter.finish(), tuple(notes(found[0], task)))


def notes(best: Law, task: Task) -> Iterator[str]:
    """What is to be said of the best form: its verdict, what the rows don't tell, and columns that it leaves out."""
    yield best.verdict
    if best.why:
        yield best.why
    if untold := [q.name for q in best.constants if not math.isfinite(q.error)]:
        yield f"the rows do not tell {' and '.join(untold)} apart: only what they make together is fitted"
    used = {v.name for v in best.program.used}
    if left := [task.columns[i] for i in varying(task) if task.inputs[i].name not in used]:
        yield f"{' and '.join(left)} {'stand' if len(left) > 1 else 'stands'} in no form that describes the rows best"


def law_of_form(given: Given, task: Task, places: Sequence[int], request: Request, meter: Meter, errors: Errors) -> Law:
    """A form with its constants fitted to all rows by least squares, weighted where standard errors are known, and
    judged by what it leaves of them; at the edge R squared is that of constants which know nothing of it. Where errors
    in proportion to the target are much likelier than equal ones, it is asked for structure with those."""
    used = sorted({*places, *(task.inputs.index(v) for v in given.columns)})
    given = replace(given, columns=tuple(task.inputs[i] for i in used))
    m = Measurements.of(replace(task, units=()), task.labelled, used, ()).as_given()
    m = errors(m) or m
    curve = by_distances(fitted_to(given, m, meter), thinned(m, MOST_FITTED))
    measured, m = m, moved(m, curve)
    coarse = with_rounding(m, curve.values(m.x) / m.y) if m.is_relative else None
    if coarse is not None:
        m, curve = coarse, refitted(curve, thinned(coarse, MOST_FITTED))
    edge = at_the_edge(measured)
    inside = thinned((measured if m.errors is not None else m).rows(~edge), MOST_FITTED)
    inner = by_distances(refitted(curve, inside), inside) if edge.any() else curve
    search = Regression(thinned(m, MOST_SEARCHED), request.language, meter)
    formula = formula_bits(curve)
    with np.errstate(all="ignore"):
        exact, left = curve.misfit < EXACT, left_of(curve, inner, m, edge, search)
        own = residual_bits(max(curve.misfit, m.finest), m.n_rows) + m.scatter_bits + formula
        again = None if exact else with_relative_errors(curve, m)
        grows = again is not None and own - again.bits > UNUSUAL
        if grows and again is not None:
            within = refitted(again.curve, thinned(again.m.rows(~edge), MOST_FITTED)) if edge.any() else again.curve
            anew = Regression(thinned(again.m, MOST_SEARCHED), request.language, meter)
            left = left_of(again.curve, within, again.m, edge, anew)
        unlikely = 0.0 if exact else surprises(not left, np.array(curve.constants), np.array(curve.errors))
        evidence = Evidence(
            program=program_of(curve, task, request),
            rest=curve.values(m.x) - m.y,
            rounding=EXACT * np.abs(m.y),
            errors=m.known_errors,
            misfit=curve.misfit,
            inside=r_squared(inner, m.rows(~edge)),
            outside=r_squared(inner, m.rows(edge)) if edge.any() else None,
            structure=left,
            bits=own + unlikely,
            formula=formula,
            free=len(curve.constants),
            constants=quantities_of(curve, task, used, request),
            least_inside=NOTHING,
            relative=m.is_relative,
            counted=m.is_counted,
        )
    law = law_of(evidence, task, edge)
    if grows and law.fit is Fit.NOISE:
        law = replace(law, fit=Fit.ROWS, why=ERRORS_GROW.format(task.target))
    return law


def left_of(curve: Curve, inner: Curve, m: Measurements, edge: NDArray[np.bool_], search: Regression) -> str:
    """What is found in what a form leaves that is no noise; `inner` has constants that know nothing of the edge."""
    values, slopes = curve.values(search.m.x), Problem(curve.given, search.m).slopes(np.array(curve.constants))
    if found := structure(search.m, values, search.columns):
        return found
    if is_serial(search.m, values, slopes):
        return RESEMBLING
    return EDGE_MISSED if fails(inner, lambda: curve, m, edge, len(curve.constants)) else ""


class Relative(NamedTuple):
    """A form fitted anew with errors in proportion to the target: it, the measurements with these, and its bits."""

    curve: Curve
    m: Measurements
    bits: float


def with_relative_errors(curve: Curve, m: Measurements) -> Relative | None:
    """A form with errors in proportion to the target; None where they can't be or are."""
    other = m.with_relative_errors
    if other is None or m.is_relative or m.is_counted:
        return None
    again = refitted(curve, thinned(other, MOST_FITTED))
    rest = float(np.linalg.norm(other.rest(again.values(other.x)))) / other.size
    bits = residual_bits(max(rest, other.finest), other.n_rows) + other.scatter_bits + formula_bits(again)
    return Relative(again, other, bits) if math.isfinite(bits) else None


def fitted_to(given: Given, m: Measurements, meter: Meter) -> Curve:
    """A form fitted to measurements: looked for among few of the rows, then fitted to more."""
    found = fitted(given, thinned(m, MOST_SEARCHED), lambda: meter.is_past(meter.share))
    return found if m.n_rows <= MOST_SEARCHED else refitted(found, thinned(m, MOST_FITTED))


def by_distances(curve: Curve, m: Measurements) -> Curve:
    """A curve that was fitted, by orthogonal distances where inputs have errors."""
    if m.errors is None:
        return curve
    start = np.array(curve.constants, dtype=np.float64)
    return nearest(m, start, lambda values: replace(curve, constants=tuple(values.tolist())), refitted)[0]


def refitted(curve: Curve, m: Measurements) -> Curve:
    """A form with constants that are near those of a curve."""
    problem = Problem(curve.given, m)
    with np.errstate(all="ignore"):
        return problem.curve(problem.polished(np.array(curve.constants))[0] if curve.constants else np.zeros(0))


def program_of(curve: Curve, task: Task, request: Request) -> Program:
    language = request.language
    assert language.algebra is not None
    expr = signed(curve.given.with_constants(curve.constants), language.algebra)
    return Program(expr, task.inputs, FLOAT, task.name, language.name, units=task.units, costs=language.costs)


def signed(expr: Expr, algebra: Algebra) -> Expr:
    """The expression with no minus behind another sign: `a - 2 * x` for `a + -2 * x`."""
    if not isinstance(expr, Apply):
        return expr
    args = tuple(signed(arg, algebra) for arg in expr.args)
    if expr.word is algebra.negate and (other := turned(args[0], algebra)) is not None:
        return other
    if expr.word in (algebra.add, algebra.sub) and (other := turned(args[1], algebra)) is not None:
        return replace(expr, word=algebra.sub if expr.word is algebra.add else algebra.add, args=(args[0], other))
    return replace(expr, args=args)


def turned(expr: Expr, algebra: Algebra) -> Expr | None:
    """The opposite of what begins with a negative number, None for anything else."""
    if isinstance(expr, Literal):
        return Literal(-expr.value, FLOAT) if expr.value < 0 else None
    if isinstance(expr, Apply) and expr.word in (algebra.mul, algebra.divide):
        first = turned(expr.args[0], algebra)
        return None if first is None else replace(expr, args=(first, *expr.args[1:]))
    return None


def formula_bits(curve: Curve) -> float:
    """The bits of a form: its columns and functions, and the digits of its constants that their errors allow."""
    parts = sum(isinstance(part, Apply | Var) for part in walk(curve.given.expr)) / 2
    pairs = zip(curve.constants, curve.errors, strict=True)
    return BITS_A_PART * parts + sum(decimal_bits(c, e if math.isfinite(e) else 0.0) for c, e in pairs)


def quantities_of(curve: Curve, task: Task, places: Sequence[int], request: Request) -> tuple[Quantity, ...]:
    """The constants of a form by name, with standard errors, and units where those of the columns are known."""
    names, algebra = curve.given.names, request.language.possible_algebra
    units: dict[str, str] = {}
    if task.units and algebra is not None:
        columns = {task.inputs[i].name: task.units[i] for i in places}
        values = dict(zip(names, curve.constants, strict=True))
        units = units_of(curve.given.expr, columns, task.units[-1], values, algebra)
    found = zip(names, curve.constants, curve.errors, strict=True)
    return tuple(Quantity(value, error, units.get(name, ""), name) for name, value, error in found)
