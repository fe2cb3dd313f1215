"""The main loop: columns of one cost more, then products and sums for every target, then constants for the best.

A level is one cost. A law that leaves nothing but rounding ends the search; so does one whose residual is noise, with
nothing in the bank that explains more of it, once a few levels have not brought a better one.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from extrapolate.core.language import Language
from extrapolate.core.result import Stop
from extrapolate.core.types import FLOAT
from extrapolate.core.word import Primitive
from extrapolate.regression.search.columns import Columns
from extrapolate.regression.search.constants import Fitted, fit, free_constants, parts_bits
from extrapolate.regression.search.contrasts import contrasted
from extrapolate.regression.search.description import BITS_A_PART, bits, complexity, residual_bits
from extrapolate.regression.search.form import Form, Term, Valued
from extrapolate.regression.search.measurements import Measurements
from extrapolate.regression.search.products import Products
from extrapolate.regression.search.residuals import is_noise
from extrapolate.regression.search.shapes import BACKGROUNDS, LOCAL, PEAKS, two_of
from extrapolate.regression.search.simplicity import simplified
from extrapolate.regression.search.starts import Goal, added, backgrounds, beside_powers, drawn, powers_of_all, starts
from extrapolate.regression.search.sums import Sums
from extrapolate.regression.search.targets import targets_of
from extrapolate.search.budget import Meter, OutOfBudget

# A law with so small a misfit is exact.
EXACT = 1e-9
LAST_LEVEL = 12
# How many formulas of a level have their constants fitted, and how many at once when one of them seems exact.
REFINED, AT_ONCE = 20, 6
# The share of all seconds that may go to those of the last level when the search is over.
REFINING = 0.05
# How many levels there are at least, one less for few rows, and how many without a better law are enough once what is
# left is noise: more for each doubling of a misfit above a small one, as a law that explains little is seldom the one.
LEAST_LEVEL, MANY_ROWS, PATIENCE, MORE_PATIENCE, SMALL_MISFIT = 5, 100, 2, 2, 0.01
# From which level on what a wave or its inverse was applied to is aimed at.
LEVEL_OF_WORDS = 3
# Products of powers and textbook shapes are drawn after these levels, before any of a single input, and one of a single
# input settles a search from the last of these on. Each is fitted in a few steps, the most promising ones to the end.
# Later, to so many laws one that stands in one place is added, as long as that makes the best one better; so many peaks
# are looked for on a background, each time with so many steps.
LEVEL_OF_CURVES, LEVEL_OF_PEAKS, LEVEL_OF_POWERS, LEVEL_OF_SHAPES, LEAST_OF_CURVES = 0, 1, 1, 3, 2
# Shapes of one input times powers of the others are drawn after that level, where there are no more inputs.
LEVEL_OF_PRODUCTS, MOST_MULTIPLIED = 2, 4
FEW_STEPS, MANY_STEPS, MOST_SHAPES, MOST_EXTENSIONS = 8, 1000, 10, 3
EXTENDED, EXTENDED_SHAPES, MOST_ADDED, MOST_PEAKS, PEAK_STEPS = 2, 4, 3, 3, 100
# A named shape settles a search of one input early where it takes no more parts to name it.
PARTS_THAT_SETTLE = 4.5
# Plain numbers take no more bits.
PLAIN = 7.0
# A fit takes as long as so many formulas of the other shapes.
FORMULAS_A_FIT = 100
# A fit of a shape ends when a step makes what is left smaller by no more than this part of it.
CLOSE = 1e-10


@dataclass(frozen=True)
class Described:
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
        """Whether it leaves nothing, and is shorter than the rows it describes: any few rows have a curve through
        them."""
        return self.misfit < EXACT and self.bits < 0


class Regression:
    """One search for a law. `run` returns why it stopped; `laws` are what it found, best first.

    Forms that are not allowed are passed over, where something says which are.
    """

    def __init__(self, m: Measurements, language: Language, meter: Meter, allows: Callable[[Form], bool] | None = None):
        assert language.algebra is not None
        self.m, self.meter, self.allows = m, meter, allows
        self.algebra = algebra = language.algebra
        self.words = [w for w in language.words if w not in algebra.arithmetic and is_usable(w)]
        self.columns = Columns(m, self.words)
        targets = targets_of(m, [word for word in self.words if self.is_apart(word)])
        self.shapes: list[Products | Sums] = []
        for target in targets:
            if not target.is_power:
                self.shapes.append(Products(m, target, algebra.exp))
            self.shapes.append(Sums(m, target))
        self.level = self.unchanged = 0
        self.before = math.inf
        self.found: dict[tuple[object, ...], Described] = {}
        self.waiting: list[tuple[float, int, Form]] = []
        self.numbers = 0

    def is_apart(self, word: Primitive) -> bool:
        """Whether what a word is applied to is no multiple or power of what another one or a root is."""
        alike = (word.is_exponential, self.algebra.exp), (word.is_logarithm, self.algebra.log)
        return word is not self.algebra.sqrt and all(word is plain for is_one, plain in alike if is_one)

    @property
    def laws(self) -> list[Described]:
        return sorted(self.found.values(), key=lambda law: law.bits)

    @property
    def best(self) -> Described | None:
        return min(self.found.values(), key=lambda law: law.bits, default=None)

    @property
    def is_exact(self) -> bool:
        return any(law.is_exact for law in self.found.values())

    @property
    def described(self) -> float:
        """The bits of the best law, comparable between measurements that differ in their weights."""
        best = self.best
        return math.inf if best is None else best.bits + self.m.scatter_bits

    def run(self, last: int = LAST_LEVEL) -> Stop:
        """Searches up to a level, or until something else stops it, and says what."""
        with np.errstate(all="ignore"):
            try:
                stop = self.climb(last)
            except OutOfBudget as out:
                stop = out.stop
            except KeyboardInterrupt:
                self.meter.interrupted = True
                stop = Stop.INTERRUPTED
            self.refine(REFINED)
        return stop

    def climb(self, last: int) -> Stop:
        if not self.level:
            for form in self.plainest():
                self.propose(form)
            self.refine(REFINED)
            if not self.is_exact:
                self.draw()
            if self.is_exact:
                return Stop.SOLVED
        while self.level < last:
            self.level += 1
            known = len(self.columns)
            self.columns.grow()
            self.meter.keep(len(self.columns) - known, 8 * self.m.n_rows * (len(self.columns) - known))
            for shape in self.shapes:
                if self.level < LEVEL_OF_WORDS and shape.target.word not in (None, self.algebra.exp, self.algebra.log):
                    continue
                for form in shape.forms(self.columns, self.level, self.meter):
                    self.propose(form)
                    self.meter.try_(0)
                if self.finds_exact():
                    return Stop.SOLVED
            self.refine(REFINED)
            if self.finds_exact():
                return Stop.SOLVED
            self.draw()
            if self.is_exact:
                return Stop.SOLVED
            if self.is_settled():
                return Stop.SOLVED
        return Stop.EXHAUSTED

    def draw(self) -> None:
        """Textbook laws, and textbook shapes of each input, with constants estimated from the rows; later, one more
        shape for what the best laws leave."""
        is_curve = self.m.n_inputs == 1
        if self.m.has_units:
            if self.level == LEVEL_OF_POWERS:
                self.contrast()
            return
        if self.level == (LEVEL_OF_CURVES if is_curve else LEVEL_OF_POWERS):
            self.take_shapes(powers_of_all(self.m, self.algebra))
        if self.level == LEVEL_OF_POWERS:
            self.contrast()
        if self.level == (LEVEL_OF_CURVES if is_curve else LEVEL_OF_SHAPES) and not self.is_exact:
            for place in range(self.m.n_inputs):
                self.take_shapes(starts(self.m, self.algebra, place, Goal(self.m.y, self.m.weights)))
        if self.level == LEVEL_OF_PEAKS and is_curve:
            best = self.best
            if best is not None and not self.is_noise(best.form):
                self.stand_peaks()
        if self.level == LEVEL_OF_PRODUCTS and 1 < self.m.n_inputs <= MOST_MULTIPLIED and not self.is_exact:
            for place in range(self.m.n_inputs):
                self.take_shapes(beside_powers(self.m, self.algebra, place))
        if self.level == (LEVEL_OF_PEAKS if is_curve else LEVEL_OF_SHAPES) + 1:
            self.extend_best()

    def contrast(self) -> None:
        for form in contrasted(self.m, self.algebra, self.meter):
            self.propose(form)
        self.refine(REFINED)

    def extend_best(self) -> None:
        """Adds shapes to the best laws, and to the best that textbooks have a name for, as long as that makes the best
        one better."""
        extended = set()
        named = [law for law in self.laws if law.form.textbook is not None][:EXTENDED_SHAPES]
        for _ in range(MOST_ADDED):
            before = self.best
            if before is None or self.is_noise(before.form):
                break
            for law in [*self.laws[:EXTENDED], *named]:
                if shape_of(law.form) not in extended:
                    extended.add(shape_of(law.form))
                    self.extend(law.form)
            if before is self.best:
                break

    def extend(self, form: Form) -> None:
        """Adds a shape that stands in one place to a law, for what it leaves."""
        if form.word is not None or self.is_exact:
            return
        goal = Goal(self.m.y - form.values(self.m.x), self.m.weights)
        for place in range(self.m.n_inputs):
            more = drawn(LOCAL, self.m, self.algebra, place, goal)
            self.take_shapes((added(form, other) for other in more), MOST_EXTENSIONS)

    def stand_peaks(self) -> None:
        """Peaks of one kind on nothing or a constant, and on backgrounds, one more where the last one is worth its
        bits."""
        drawn_once = [form for shape in BACKGROUNDS for form in backgrounds(shape, self.m, self.algebra)]
        for start, peak in itertools.product((None, *drawn_once), PEAKS):
            form, before, shapes = start, math.inf, [peak, two_of(peak)]
            for _ in range(MOST_PEAKS):
                left = self.m.y if form is None else self.m.y - form.values(self.m.x)
                peaks = drawn(shapes, self.m, self.algebra, 0, Goal(left, self.m.weights))
                stood = (other if form is None else added(form, other) for other in peaks)
                taken = self.take_shapes(stood, MOST_EXTENSIONS, PEAK_STEPS)
                if not taken or taken[0].bits >= before:
                    break
                form, before, shapes = taken[0].form, taken[0].bits, [peak]

    def take_shapes(self, forms: Iterable[Form], most: int = MOST_SHAPES, steps: int = MANY_STEPS) -> list[Described]:
        """Fits the constants of forms a little, and those of the most promising to the end; the latter, best first."""
        rough: dict[tuple[object, ...], Described] = {}
        for form in forms if self.allows is None else filter(self.allows, forms):
            self.meter.try_(FORMULAS_A_FIT)
            fitted = fit(form, self.m, steps=FEW_STEPS)
            key, law = shape_of(form), Described(fitted, bits(fitted, self.m.n_rows))
            if math.isfinite(fitted.misfit) and (key not in rough or law.bits < rough[key].bits):
                rough[key] = law
        taken: list[Described] = []
        for law in heapq.nsmallest(most, rough.values(), key=lambda law: law.bits):
            self.meter.try_(FORMULAS_A_FIT)
            taken.append(self.keep(fit(law.form, self.m, steps=steps, tolerance=CLOSE)))
        return sorted(taken, key=lambda law: law.bits)

    def is_settled(self) -> bool:
        """Whether the best law leaves noise, and enough levels have not brought a better one."""
        best = self.best
        if best is None:
            return False
        self.unchanged = self.unchanged + 1 if best.bits > self.before - 1 else 0
        self.before = min(self.before, best.bits)
        least = LEAST_LEVEL - (self.m.n_rows < MANY_ROWS)
        shape = best.form.textbook
        if shape is not None and shape.parts <= PARTS_THAT_SETTLE and self.m.n_inputs == 1:
            return self.level >= LEAST_OF_CURVES and self.unchanged >= 1 and self.is_noise(best.form)
        is_late = self.level >= least and self.unchanged >= patience(best)
        is_close = self.level >= LEAST_OF_CURVES and self.unchanged >= 1 and patience(best) == PATIENCE
        return (is_late or (is_close and self.is_plain(best))) and self.is_noise(best.form)

    def is_plain(self, law: Described) -> bool:
        """Whether all constants of a law are simple numbers within their errors, as those of a law that is only near
        the true one seldom are."""
        simple = simplified(law.fitted, self.m).form.coefficients
        return all(abs(simple[i]) == 1 or (parts_bits(abs(simple[i])) or math.inf) <= PLAIN for i in law.fitted.free)

    def plainest(self) -> Iterator[Form]:
        """A constant and what is linear in all inputs, where units allow: an answer whatever the budget is."""
        none = (Fraction(0),) * self.m.n_inputs
        constant = Term(float(self.m.y.mean()) or 1.0, none)
        if not self.m.wanted.any():
            yield Form((constant,))
        if not self.m.has_units:
            each = [Term(1.0, (*none[:i], Fraction(1), *none[i + 1 :])) for i in range(self.m.n_inputs)]
            yield Form((constant, *each))

    def propose(self, form: Form) -> None:
        """Lets a form wait to have its constants fitted, in the order of what it takes to describe it as it is."""
        misfit = self.m.misfit(form)
        if math.isfinite(misfit) and (self.allows is None or self.allows(form)):
            # Each constant explains a row.
            spare = max(1, self.m.n_rows - len(free_constants(form)))
            price = residual_bits(max(misfit, self.m.finest), spare) + BITS_A_PART * complexity(form)
            self.numbers += 1
            heapq.heappush(self.waiting, (price, self.numbers, form))

    def finds_exact(self) -> bool:
        """Whether there is a law that leaves nothing; forms that seem to are fitted at once."""
        if self.waiting and self.m.misfit(self.waiting[0][2]) < 1e-7:
            self.refine(AT_ONCE)
        return self.is_exact

    def refine(self, most: int) -> None:
        """Fits the constants of the forms that wait, the most promising first, and forgets the others."""
        for _, _, form in heapq.nsmallest(most, self.waiting):
            if self.found and self.meter.is_past(self.meter.share + REFINING):
                break
            if shape_of(form) not in self.found:
                self.keep(fit(form, self.m))
        self.waiting.clear()

    def keep(self, fitted: Fitted) -> Described:
        key, law = shape_of(fitted.form), Described(fitted, bits(fitted, self.m.n_rows))
        is_one = math.isfinite(fitted.misfit) and (self.allows is None or self.allows(fitted.form))
        if is_one and (key not in self.found or law.bits < self.found[key].bits):
            self.found[key] = law
        return law

    def is_noise(self, form: Valued) -> bool:
        """Whether nothing cheap in the bank explains more of a residual than chance would."""
        return is_noise(self.m, form.values(self.m.x), self.columns)


def patience(law: Described) -> int:
    """How many levels without a better law are enough."""
    return PATIENCE + int(min(MORE_PATIENCE, max(0.0, math.log2(max(law.misfit, EXACT) / SMALL_MISFIT))))


def is_usable(word: Primitive) -> bool:
    """Whether a word takes one number, or two of which one can be 1, and gives one."""
    of_numbers = {*word.arg_types, word.result_type} == {FLOAT}
    return of_numbers and (len(word.params) == 1 or (len(word.params) == 2 and word.is_homogeneous))


def shape_of(form: Form) -> tuple[object, ...]:
    """What is the same for forms that differ in their constants only."""
    return (
        form.word and form.word.name,
        tuple((t.powers, tuple((shape_of(f), p) for f, p in t.factors)) for t in form.terms),
    )
