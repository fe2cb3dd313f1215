"""Categories: columns of few texts beside the numbers, and laws whose constants differ between them.

A category is an input that is 1 in the rows that have it, else 0. A law is looked for in the numbers, then its
constants are let differ, one after another where that is worth its bits:
`{'treated': 212, 'untreated': 160}[state] * conc / (conc + 0.06)`. Which constant and which category, the score test
tells before anything is fitted (Rao, Proc. Camb. Phil. Soc. 44, 1948).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Expr, literal_of
from extrapolate.core.hints import numbered
from extrapolate.core.program import Program
from extrapolate.core.result import Doubt
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT, TEXT
from extrapolate.core.word import Primitive
from extrapolate.kinds.lookups import lookup_of
from extrapolate.regression.search.constants import Fitted, fit, free_constants
from extrapolate.regression.search.description import bits
from extrapolate.regression.search.form import Form, Term, with_slopes
from extrapolate.regression.search.formula import Writer
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.simplicity import ROUNDED, shortest
from extrapolate.regression.search.spans import Span

Floats = NDArray[np.float64]

# Texts of a column are categories where they are so few and each has so many rows; such a part of all rows at most, or
# fewer than a text needs, may be of texts that have fewer.
MOST_TEXTS, LEAST_ROWS, MOST_RARE = 20, 3, 0.1
# So many of the most promising constants and categories are fitted, and so many laws are looked at.
MOST_FITTED, MOST_LAWS = 4, 6
# What a difference is before it is fitted.
START = 0.1


@dataclass(frozen=True)
class Category:
    """A text in a column: the place of the column among the inputs, and the text."""

    place: int
    text: str

    def values(self, task: Task) -> Floats:
        """1 in the labelled rows that have it, else 0, `(n_rows,)`."""
        return np.array([float(row.inputs[self.place] == self.text) for row in task.labelled])

    def expression(self, task: Task, word: Primitive) -> Expr:
        """The lookup that has 1 for the text and 0 for the others of its column."""
        table = {text: float(text == self.text) for text in texts_of(task, self.place)}
        return Apply(word, (literal_of(table, lookup_of(TEXT, FLOAT)), task.inputs[self.place]), FLOAT)


def texts_of(task: Task, place: int) -> Counter[str]:
    """How many of the labelled rows have each text of a column, in the order in which they are met."""
    return Counter(row.inputs[place] for row in task.labelled)


def rare_in(task: Task, place: int) -> set[str] | None:
    """The texts of a column of categories that too few rows have; None where a column is not made of categories."""
    if task.inputs[place].type != TEXT:
        return None
    counts = texts_of(task, place)
    rare = {text for text, n in counts.items() if n < LEAST_ROWS}
    is_one = sum(counts[text] for text in rare) <= max(LEAST_ROWS - 1, MOST_RARE * counts.total())
    return rare if is_one and 1 < len(counts) - len(rare) <= MOST_TEXTS else None


def categories_of(task: Task) -> list[Category]:
    """The texts of the labelled rows that laws may differ between, all but the commonest of each column."""
    columns = [place for place in range(len(task.inputs)) if rare_in(task, place) is not None]
    return [Category(place, text) for place in columns for text, _ in texts_of(task, place).most_common()[1:]]


def commonest(task: Task, found: Sequence[Category]) -> NDArray[np.bool_]:
    """The labelled rows with the commonest text of the column that has the fewest, `(n_rows,)`."""
    place, _ = min(Counter(category.place for category in found).items(), key=lambda pair: (pair[1], pair[0]))
    ((text, _),) = texts_of(task, place).most_common(1)
    return np.array([row.inputs[place] == text for row in task.labelled])


def widened(m: Measurements, columns: Floats) -> Measurements:
    """Measurements with categories as inputs behind the others."""
    n = len(columns)
    return replace(
        m,
        x=np.concatenate([m.x, columns]),
        factors=np.concatenate([m.factors, np.ones(n)]),
        dimensions=np.concatenate([m.dimensions, np.zeros((n, m.dimensions.shape[1]))]),
        offsets=None if m.offsets is None else np.concatenate([m.offsets, np.zeros(n)]),
        errors=None if m.errors is None else np.insert(m.errors, [m.n_inputs] * n, 0.0, axis=0),
    )


def with_room(form: Form, n: int) -> Form:
    """The form over so many inputs more, none of which it uses."""
    terms = [
        Term(t.coefficient, (*t.powers, *[Fraction(0)] * n), tuple((with_room(f, n), p) for f, p in t.factors))
        for t in form.terms
    ]
    return replace(form, terms=tuple(terms))


def split(form: Form, m: Measurements, n: int) -> Form:
    """A form with the constants that differ between the last `n` inputs, which are categories, as long as each is worth
    its bits."""
    best = fit(form, m)
    while True:
        refits = [fit(changed, m) for changed in promising(best, m, n)]
        shortest = min(refits, key=lambda refit: bits(refit, m.n_rows), default=None)
        named = math.log2(n * len(form.coefficients) + 1)  # what it takes to say which of them differs
        if shortest is None or bits(shortest, m.n_rows) + named >= bits(best, m.n_rows):
            return best.form
        best = shortest


def with_round_sums(fitted: Fitted, m: Measurements, writer: Writer) -> Fitted:
    """A fit with differences that make the sums round, which are what is written, as far as their errors allow."""
    coefficients = fitted.form.coefficients
    for constant in writer.constants(fitted.form, fitted.free):
        own = [place for place in constant.slopes if place not in constant.factors[1:]]
        if len(own) == 2 and constant.slopes[own[0]] == 1:
            first, second = own
            tolerance = ROUNDED * fitted.error_of_sum(constant.slopes)
            coefficients[second] = shortest(coefficients[first] + coefficients[second], tolerance) - coefficients[first]
    form = fitted.form.with_coefficients(coefficients)
    return replace(fitted, form=form, misfit=m.misfit(form))


def promising(fitted: Fitted, m: Measurements, n: int) -> Iterator[Form]:
    """The form with a constant that differs in one more category, those first that explain most of what it leaves."""
    form = fitted.form
    values, slopes = with_slopes(form, m.x)(form.coefficients)
    weights = m.rest_slope(values)
    if not all(np.isfinite(part).all() for part in (values, slopes, weights)) or not np.all(weights):
        return
    free = [i for i in free_constants(form) if i not in form.exponents]
    span = Span(m.rest(values) / weights, slopes[list(fitted.free)], weights)
    if span.is_fitted:
        return
    places: list[int | None] = [*free]
    changes = [slopes[i] for i in free]
    if form.word is None and not m.wanted.any():
        places.append(None)
        changes.append(np.ones(m.n_rows))
    columns = np.array([change * m.x[i] for change in changes for i in range(m.n_inputs - n, m.n_inputs)])
    columns = columns.reshape(-1, m.n_rows)
    directions, kept = span.directions(columns)
    shares = np.zeros(len(columns))
    shares[kept] = (directions @ span.target) ** 2
    for best in np.argsort(-shares, kind="stable")[:MOST_FITTED].tolist():
        place, category = places[best // n], m.n_inputs - n + best % n
        yield added(form, category) if place is None else differing(form, place, category)


def added(form: Form, category: int) -> Form:
    """The form with something that is added in a category."""
    return replace(form, terms=(*form.terms, indicator(form, category)), textbook=None)


def indicator(form: Form, category: int, size: float = 1.0) -> Term:
    """A category times a constant that is still to be fitted, as large as a part of the one that it is added to."""
    width = len(form.terms[0].powers)
    return Term(START * size, tuple(Fraction(i == category) for i in range(width)))


def differing(form: Form, place: int, category: int) -> Form:
    """The form with `c + d` in a category for the constant in a place."""
    places = iter(range(len(form.coefficients)))

    def of_form(inner: Form) -> Form:
        terms: list[Term] = []
        for term in inner.terms:
            is_it = next(places) == place
            changed = replace(term, factors=tuple((of_form(f), p) for f, p in term.factors))
            more = indicator(form, category, term.coefficient)
            if is_it and term.is_constant:
                terms += [changed, more]
            elif is_it:
                constant = Term(term.coefficient, (Fraction(0),) * len(term.powers))
                factors = ((Form((constant, more)), Fraction(1)), *changed.factors)
                terms.append(replace(changed, coefficient=1.0, factors=factors))
            else:
                terms.append(changed)
        return replace(inner, terms=tuple(terms))

    return of_form(form)


def unmet(program: Program, task: Task) -> list[Doubt]:
    """The open rows with a text that no example has in a column that a program uses, with what it makes of most texts
    where it tells these from a few others."""
    doubts = []
    for place in program.places:
        met = texts_of(task, place)
        for row in task.unlabelled if task.inputs[place].type == TEXT else ():
            if row.inputs[place] not in met:
                why = f"the examples tell nothing of the {task.columns[place]} {row.inputs[place]!r}"
                doubts.append(Doubt(row, program.answer(row.inputs), why))
    return doubts


def of_categories(task: Task) -> tuple[Task, list[str]]:
    """The task without the columns of text that are no categories, and without the examples of a category that has too
    few, and what is said of these."""
    rare = {place: rare_in(task, place) for place, v in enumerate(task.inputs) if v.type == TEXT}
    others = [place for place, texts in rare.items() if texts is None]
    task, said = without(task, others, "its texts are no categories: few that come several times")
    for place, column in enumerate(task.columns):
        few = rare_in(task, place)
        dropped = {row.number: row for row in task.labelled if few and row.inputs[place] in few}
        if dropped:
            left = tuple(row for row in task.rows if row.number not in dropped)
            more, notes = of_categories(replace(task, rows=left, left_out=(*task.left_out, *dropped.values())))
            verb = "is" if len(dropped) == 1 else "are"
            why = f"{numbered(dropped)} {verb} left out, as too few rows have the same {column}"
            return more, [*said, why, *notes]
    return task, said


def without_texts(task: Task, forms: Sequence[str]) -> tuple[Task, list[str]]:
    """The task of its numbers alone, which forms are of; InputError where one of these names a column of text."""
    texts = [i for i, v in enumerate(task.inputs) if v.type == TEXT]
    for i in texts:
        if any(re.search(rf"\b{re.escape(task.inputs[i].name)}\b", form) for form in forms):
            raise InputError(f"{task.columns[i]} is text and a form is made of numbers; leave it out of the form.")
    return without(task, texts, "a form is made of numbers")


def without(task: Task, places: Sequence[int], why: str) -> tuple[Task, list[str]]:
    """The task without the inputs in some places, and what is said of each."""
    if not places:
        return task, []
    kept = [i for i in range(len(task.inputs)) if i not in places]
    return task.only(kept), [f"column {task.columns[i]} is left out, as {why}" for i in places]
