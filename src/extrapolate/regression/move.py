"""Laws inside programs: a goal of real numbers is solved by regression over the numbers that its bank holds.

What to do with each element of a list, each component, each row is a goal in a scope of its own; where its values are
real numbers, the law that gives them is looked for. Its inputs are the numbers at hand: variables, and what words make
of a list or a text, as a length, a sum, a norm. Arithmetic on them is what the law is made of, in the words of the
language.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Apply, Expr
from extrapolate.core.kind import kind_of
from extrapolate.core.language import Instance
from extrapolate.core.result import Budget
from extrapolate.core.types import FLOAT, INT, Type
from extrapolate.core.values import Values
from extrapolate.search.bank.bank import Bank
from extrapolate.search.budget import Meter, OutOfBudget
from extrapolate.search.goal import Goal
from extrapolate.search.move import Found, Move, Search

if TYPE_CHECKING:
    from extrapolate.regression.search.form import Form
    from extrapolate.regression.search.measurements import Measurements

# A law is looked for where there are so many different rows, and at most so many of them are looked at.
LEAST_ROWS, MOST_ROWS = 4, 60
# Among so many numbers, that cost at most so much, to so many levels, and judging at most so many formulas.
MOST_COLUMNS, DEAREST_COLUMN, LAST_LEVEL, MOST_FORMULAS = 12, 9, 3, 4_000_000
# How many sets of numbers a goal is looked at with.
MOST_LOOKS = 24
# Laws that are no products of powers are looked for among so many formulas, and so many for each program that is tried,
# which take about as long; each number looked at counts for some.
FIRST_FORMULAS, FORMULAS_A_PROGRAM, FORMULAS_A_NUMBER = 4_000_000, 200, 100_000
# The first so many sets of numbers are looked at for all laws at once while half of these are left.
AT_ONCE = 2
# Rows must be so many more than the constants of a law.
SPARE_ROWS = 2
# Of the goals of a bank the first ones are looked at with more than the variables.
MOST_DEEP = 3
# What the bank makes for so much is found without a law.
FIRST_LEVEL, CHEAPEST = 3, 6


# Numbers of a bank, by their types and places.
Places = tuple[tuple[Type, int], ...]


class Look(NamedTuple):
    """Some numbers that a law for a goal may be about, and their values in some of its rows, `(n_numbers, n_rows)`."""

    goal: Goal
    places: Places
    values: NDArray[np.float64]
    rows: NDArray[np.intp]


class Laws(Move):
    """Looks for a law when a goal comes up, and again when words have made more numbers.

    Products of powers are looked for at once. What takes long has its turn, the cheapest goals with the fewest numbers
    first, so that laws take about as long as the rest of the search; formulas among which one is found do not count.
    """

    def __init__(self, search: Search):
        super().__init__(search)
        language = self.vocabulary.language
        has_all = language.algebra is not None and set(language.words).issuperset(language.algebra.words)
        self.algebra = language.algebra if has_all else None
        self.looked: dict[int, set[Places]] = {}
        self.deep: dict[int, dict[int, None]] = {}
        self.waiting: list[tuple[int, int, Look]] = []
        self.turns = itertools.count()
        self.formulas = self.counted = 0

    def step(self, goal: Goal, costs: range) -> Found:
        if self.algebra is None or goal.type != FLOAT or len(goal.rows) < LEAST_ROWS:
            return
        if goal.solved or costs[-1] < FIRST_LEVEL or not self.affords(goal, CHEAPEST):
            return
        rows = np.unique(np.linspace(0, len(goal.rows) - 1, min(MOST_ROWS, len(goal.rows))).astype(int))
        looked = self.looked.setdefault(id(goal), set())
        deep = self.deep.setdefault(id(goal.bank), {})
        if len(deep) < MOST_DEEP:
            deep[id(goal)] = None
        sets = self.telling(goal, costs)
        new: list[tuple[int, Look]] = []
        for place, places in enumerate(sets if id(goal) in deep else sets[:1]):
            values, kept = self.numbers(goal, places, rows)
            chosen = tuple(places[i] for i in kept)
            if len(kept) and chosen not in looked and len(looked) < MOST_LOOKS:
                looked.add(chosen)
                new.append((place, Look(goal, chosen, values, rows)))
        for _, look in new:
            yield from self.laws(look, self.products)
        for place, look in new:
            if place < AT_ONCE and self.formulas < self.room / 2:
                yield from self.laws(look, self.sums)
            else:
                price = goal.overhead + sum(int(goal.bank.stores[t].cost[i]) for t, i in look.places)
                heapq.heappush(self.waiting, (price, next(self.turns), look))
        while self.waiting and self.formulas < self.room:
            _, _, look = heapq.heappop(self.waiting)
            if self.affords(look.goal, CHEAPEST):
                for expr in self.laws(look, self.sums):
                    look.goal.solve(expr)

    @property
    def room(self) -> int:
        """Among how many formulas laws may be looked for."""
        return FIRST_FORMULAS + FORMULAS_A_PROGRAM * (self.search.meter.counts.tried - self.counted)

    def telling(self, goal: Goal, costs: range) -> list[Places]:
        """Sets of numbers that a law may be about: variables; with them the elements that words pick out of lists; and
        with them what else words make, where it is new, so few at a time that the rows can tell them apart."""
        bank = goal.bank
        every = columns(bank, min(costs[-1], DEAREST_COLUMN))
        variables = [place for place in every if maker_of(bank, *place) is None]
        picked = [place for place in every if is_pick(maker_of(bank, *place))]
        rest = [place for place in every if place not in variables and place not in picked]
        # At the first look all is new.
        least = costs[0] if costs[0] > FIRST_LEVEL else 0
        new = [(t, i) for t, i in rest if bank.stores[t].cost[i] >= least]
        inherited = [(t, i) for t, i in new if original(bank, t, i)[0] is not bank]
        own = [place for place in new if place not in inherited]
        others = []
        for some, rows in ((own, len(goal.rows)), (inherited, self.search.root.rows)):
            few = max(1, rows - LEAST_ROWS - len(variables))
            others += [[*variables, *some[i : i + few]] for i in range(0, len(some), few)]
        sets = [variables, [*variables, *picked], *others]
        return [tuple(s) for s in sets if s]

    def numbers(self, goal: Goal, places: Places, rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], list[int]]:
        """The columns that have a value in each of some rows of a goal and are not constant, and which they are."""
        found: list[NDArray[np.float64]] = []
        kept: list[int] = []
        for i, (t, index) in enumerate(places):
            ids = goal.bank.stores[t].ids[index, goal.rows[rows]]
            values = self.vocabulary.numbers(t)[ids]
            if np.isfinite(values).all() and np.ptp(values) > 0 and len(found) < MOST_COLUMNS:
                found.append(values)
                kept.append(i)
        return np.array(found).reshape(len(found), len(rows)), kept

    def products(self, m: Measurements, meter: Meter) -> Iterator[Form]:
        from extrapolate.regression.search.exact import exact_products

        assert self.algebra is not None
        return exact_products(m, self.algebra, meter)

    def sums(self, m: Measurements, meter: Meter) -> Iterator[Form]:
        from extrapolate.regression.search.exact import exact_laws
        from extrapolate.regression.search.regression import is_usable

        assert self.algebra is not None
        words = [w for w in self.vocabulary.language.words if is_usable(w) and w not in self.algebra.arithmetic]
        self.formulas += FORMULAS_A_NUMBER * m.n_inputs
        return exact_laws(m, self.algebra, words, LAST_LEVEL, meter)

    def laws(self, look: Look, find: Callable[[Measurements, Meter], Iterator[Form]]) -> Iterator[Expr]:
        """The exact laws that are found between some numbers and what is wanted."""
        from extrapolate.regression.search.constants import fit
        from extrapolate.regression.search.formula import Writer
        from extrapolate.regression.search.measurements import Measurements
        from extrapolate.regression.search.simplicity import simplified

        assert self.algebra is not None
        goal, places, x, rows = look
        y = self.vocabulary.numbers(FLOAT)[goal.wanted[rows]]
        if goal.solved or np.ptp(y) == 0 or not np.isfinite(y).all():
            return
        none = np.zeros((len(x), 0))
        m = Measurements(x, y, np.ones(len(y)), np.ones(len(x)), 1.0, none, none.sum(axis=0))
        meter = Meter(Budget(MOST_FORMULAS, self.search.meter.remaining), Values())
        writer = Writer([self.symbol(goal, place) for place in places], self.algebra)
        found = False
        try:
            for form in find(m, meter):
                if len(y) >= len(form.coefficients) + SPARE_ROWS:
                    found = True
                    with np.errstate(all="ignore"):
                        yield writer.expression(simplified(fit(form, m), m).form)
        except OutOfBudget:
            pass
        self.formulas += 0 if found else meter.counts.tried
        programs = meter.counts.tried // FORMULAS_A_PROGRAM
        self.counted += programs
        self.search.meter.try_(programs)

    def symbol(self, goal: Goal, place: tuple[Type, int]) -> Expr:
        """The program that a column is, as a real number."""
        t, index = place
        expr = goal.bank.expr(t, index)
        real = self.algebra.real if self.algebra is not None else None
        return Apply(real, (expr,), FLOAT) if t == INT and real is not None else expr


def columns(bank: Bank, dearest: int) -> list[tuple[Type, int]]:
    """The numbers in a bank that are no arithmetic on others, the cheapest first: variables, and what words make of
    other values."""
    found = []
    for t in (FLOAT, INT):
        store = bank.stores.get(t)
        if store is not None:
            prices = store.cost[: store.n]
            for index in np.flatnonzero(prices <= dearest).tolist():
                if is_column(bank, t, index):
                    found.append((int(prices[index]), t, index))
    return [(t, index) for _, t, index in sorted(found, key=lambda f: (f[0], str(f[1]), f[2]))]


def is_column(bank: Bank, t: Type, index: int) -> bool:
    """Whether a program is a variable, or a word applied to something else than numbers alone."""
    instance = maker_of(bank, t, index)
    if instance is None:
        first, place = original(bank, t, index)
        return bool(first.stores[t].uses[place])
    return any(a.is_function or not kind_of(a).is_number for a in instance.arg_types)


def original(bank: Bank, t: Type, index: int) -> tuple[Bank, int]:
    """The bank that a program was made in, and its place there."""
    store = bank.stores[t]
    while int(store.maker[index]) in bank.inherited and bank.parent is not None:
        bank, index = bank.parent, int(store.args[index, 0])
        store = bank.stores[t]
    return bank, index


def maker_of(bank: Bank, t: Type, index: int) -> Instance | None:
    """The word that a program was made with, None for a variable or a constant."""
    bank, index = original(bank, t, index)
    return bank.instances.get(int(bank.stores[t].maker[index]))


def is_pick(instance: Instance | None) -> bool:
    """Whether a word gives a value back that is among what it is given, of whatever type."""
    return instance is not None and instance.word.result_type.is_variable and not instance.word.constraints
