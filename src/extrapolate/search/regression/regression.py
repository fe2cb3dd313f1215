"""The main loop: columns of one cost more, then products and sums for every target, then constants for the best.

A level is one cost. A law that leaves nothing but rounding ends the search; so does one whose residual is noise, with
nothing in the bank that explains more of it, once a few levels have not brought a better one.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extrapolate.language import Language
from extrapolate.primitive import Primitive
from extrapolate.result import Budget, Counts, Stop
from extrapolate.search.meter import Meter, OutOfBudget
from extrapolate.search.regression.columns import Columns
from extrapolate.search.regression.constants import Fitted, fit
from extrapolate.search.regression.description import BITS_A_PART, bits, complexity, residual_bits
from extrapolate.search.regression.form import Form
from extrapolate.search.regression.measurements import Measurements
from extrapolate.search.regression.products import Products
from extrapolate.search.regression.simplicity import simplified
from extrapolate.search.regression.spans import Span
from extrapolate.search.regression.sums import Sums
from extrapolate.search.regression.targets import targets_of
from extrapolate.types import FLOAT
from extrapolate.values import Values

Floats = NDArray[np.float64]

# A law with so small a misfit is exact.
EXACT = 1e-9
LAST_LEVEL = 12
# How many formulas of a level have their constants fitted, and how many of the best have them made simple.
REFINED, SIMPLIFIED = 20, 6
# How many levels without a better law are enough, once what is left is noise.
PATIENCE = 2
MOST_KEPT = 40
# How likely chance may be to explain as much as a column does, and how many columns of each kind are asked.
CHANCE, MOST_ASKED = 0.005, 500


@dataclass(frozen=True)
class Law:
    """A formula with its constants and its description length in bits."""

    fitted: Fitted
    bits: float

    @property
    def form(self) -> Form:
        return self.fitted.form

    @property
    def misfit(self) -> float:
        return self.fitted.misfit

    @property
    def is_exact(self) -> bool:
        return self.misfit < EXACT


class Regression:
    """One search for a law. `run` returns why it stopped; `laws` are what it found, best first."""

    def __init__(
        self,
        m: Measurements,
        language: Language,
        budget: Budget,
        on_progress: Callable[[Counts, int, Law | None], None] | None = None,
    ):
        assert language.algebra is not None
        self.m = m
        self.on_progress = on_progress
        algebra = language.algebra
        arithmetic = {algebra.add, algebra.sub, algebra.mul, algebra.divide, algebra.negate, algebra.power}
        self.words = [w for w in language.words if w not in arithmetic and is_usable(w)]
        self.meter = Meter(budget, Values(), self.report if on_progress else None)
        self.columns = Columns(m, self.words)
        targets = targets_of(m, self.words)
        self.shapes: list[Products | Sums] = []
        for target in targets:
            if not target.is_power:
                self.shapes.append(Products(m, target, algebra.exp))
            self.shapes.append(Sums(m, target))
        self.level = 0
        self.found: dict[tuple[object, ...], Law] = {}
        self.waiting: list[tuple[float, int, Form]] = []
        self.numbers = 0

    @property
    def laws(self) -> list[Law]:
        return sorted(self.found.values(), key=lambda law: law.bits)

    @property
    def best(self) -> Law | None:
        return min(self.found.values(), key=lambda law: law.bits, default=None)

    def run(self) -> Stop:
        """Searches until something stops it, and says what."""
        with np.errstate(all="ignore"):
            try:
                stop = self.climb()
            except OutOfBudget as out:
                stop = out.stop
            except KeyboardInterrupt:
                stop = Stop.INTERRUPTED
            self.refine(REFINED)
            self.simplify()
        return stop

    def climb(self) -> Stop:
        unchanged, before = 0, math.inf
        while self.level < LAST_LEVEL:
            self.level += 1
            self.columns.grow()
            self.meter.keep(len(self.columns), 8 * self.m.n_rows * len(self.columns))
            for shape in self.shapes:
                for form in shape.forms(self.columns, self.level, self.meter):
                    self.propose(form)
                if self.exact():
                    return Stop.SOLVED
            self.refine(REFINED)
            if self.exact():
                return Stop.SOLVED
            best = self.best
            assert best is not None or not self.found
            unchanged = unchanged + 1 if best is not None and best.bits > before - 1 else 0
            before = min(before, best.bits if best else math.inf)
            if best is not None and unchanged >= PATIENCE and self.is_noise(best.form):
                return Stop.SOLVED
        return Stop.EXHAUSTED

    def propose(self, form: Form) -> None:
        """Lets a form wait to have its constants fitted, in the order of what it takes to describe it as it is."""
        misfit = self.m.misfit(form)
        if math.isfinite(misfit):
            price = residual_bits(misfit, self.m.n_rows) + BITS_A_PART * complexity(form)
            self.numbers += 1
            heapq.heappush(self.waiting, (price, self.numbers, form))

    def exact(self) -> bool:
        """Whether there is a law that leaves nothing; forms that seem to are fitted at once."""
        if self.waiting and self.m.misfit(self.waiting[0][2]) < 1e-7:
            self.refine(SIMPLIFIED)
        return any(law.is_exact for law in self.found.values())

    def refine(self, most: int) -> None:
        """Fits the constants of the forms that wait, the most promising first, and forgets the others."""
        for _, _, form in heapq.nsmallest(most, self.waiting):
            key = shape_of(form)
            if key not in self.found:
                self.keep(fit(form, self.m))
        self.waiting.clear()
        for key, _ in sorted(self.found.items(), key=lambda item: item[1].bits)[MOST_KEPT:]:
            self.found[key] = Law(self.found[key].fitted, self.found[key].bits)

    def keep(self, fitted: Fitted) -> None:
        key, law = shape_of(fitted.form), Law(fitted, bits(fitted, self.m.n_rows))
        if math.isfinite(fitted.misfit) and (key not in self.found or law.bits < self.found[key].bits):
            self.found[key] = law

    def simplify(self) -> None:
        """Makes the constants of the best laws simple where that is shorter."""
        for law in self.laws[:SIMPLIFIED]:
            for fitted in simplified(law.fitted, self.m):
                self.keep(fitted)

    def is_noise(self, form: Form) -> bool:
        """Whether nothing cheap in the bank explains more of a residual than chance would."""
        return is_noise(self.m, form, self.columns)

    def report(self, counts: Counts) -> None:
        assert self.on_progress is not None
        self.on_progress(counts, self.level, self.best)


def is_usable(word: Primitive) -> bool:
    """Whether a word takes one number, or two of which one can be 1, and gives one."""
    of_numbers = {*word.arg_types, word.result_type} == {FLOAT}
    return of_numbers and (len(word.params) == 1 or (len(word.params) == 2 and word.is_homogeneous))


def is_noise(m: Measurements, form: Form, columns: Columns) -> bool:
    """Whether neither one of the cheap columns nor all inputs with their products explain more than chance would."""
    rest = form.values(m.x) - m.y
    span = Span(rest, np.ones((1, m.n_rows)), m.weights)
    if span.norm == 0:
        return True
    cheap = [columns.free.values[:MOST_ASKED], columns.factors.values[:MOST_ASKED], m.x]
    directions, _ = span.directions(np.concatenate(cheap))
    strongest = float(((directions @ span.target) ** 2).max(initial=0.0))
    if strongest > 2 * math.log(len(directions) / CHANCE + 1) / max(1, m.n_rows - 2):
        return False
    return not explains(span, quadratic(m))


def quadratic(m: Measurements) -> Floats:
    """The ranks of the inputs, their squares and products, `(n_columns, n_rows)`, as many as the rows allow."""
    ranks = np.argsort(np.argsort(m.x, axis=1, kind="stable"), axis=1, kind="stable") / m.n_rows - 0.5
    i, j = np.triu_indices(m.n_inputs)
    every = np.concatenate([ranks, ranks[i] * ranks[j]])
    return every[: max(1, m.n_rows // 3)]


def explains(span: Span, columns: Floats) -> bool:
    """Whether columns together explain more of a target than chance would (F test)."""
    from scipy.stats import f

    directions, _ = span.directions(columns)
    basis, sizes, _ = np.linalg.svd(directions.T, full_matrices=False)
    basis = basis[:, sizes > 1e-6]
    n, left = basis.shape[1], len(span.target) - basis.shape[1] - 1
    if not n or left < 1:
        return False
    explained = float(((basis.T @ span.target) ** 2).sum())
    ratio = (explained / n) / (max(1 - explained, 1e-12) / left)
    return bool(f.sf(ratio, n, left) < CHANCE)


def shape_of(form: Form) -> tuple[object, ...]:
    """What is the same for forms that differ in their constants only."""
    return (
        form.word and form.word.name,
        tuple((t.powers, tuple((shape_of(f), p) for f, p in t.factors)) for t in form.terms),
    )
