"""The words of a language at the types of one task, ready to be applied to blocks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Costs, Literal
from extrapolate.core.guard import Guard
from extrapolate.core.kind import kind_of
from extrapolate.core.language import Fit, Instance, Language
from extrapolate.core.types import BOOL, Type
from extrapolate.core.values import Values
from extrapolate.core.word import Primitive
from extrapolate.search.bank.application import Application
from extrapolate.search.bank.tuples import Tuples

DELAY = 2
INNER_DELAY = 3


class Shape(NamedTuple):
    """What words have in common that are applied to the same blocks of arguments at the same time."""

    arg_types: tuple[Type, ...]
    cost: int
    commutes: bool


class Vocabulary:
    """Instances of words, the literals at hand, and one `Application` for each instance, inverse and rule.

    Whatever comes from outside - a word, its inverses, rules and literals - is called through a guard.
    """

    def __init__(
        self,
        language: Language,
        types: Sequence[Type],
        depth: int,
        literals: Sequence[Literal],
        values: Values,
        check: Callable[[], None] = lambda: None,
    ):
        self.language = language
        self.types = tuple(types)
        self.depth = max(1, depth)
        self.literals = tuple(literals)
        self.values = values
        self.check = check
        # The functions of itemwise words are found as tasks of their own.
        self.instances = [i for i in language.instances(types) if not i.word.is_itemwise]
        self.first_order = [i for i in self.instances if not any(t.is_function for t in i.arg_types)]
        self.higher_order = [i for i in self.instances if any(t.is_function for t in i.arg_types)]
        self.by_result: dict[Type, list[Instance]] = {}
        for instance in self.instances:
            self.by_result.setdefault(instance.result_type, []).append(instance)
        self.fits: tuple[Fit, ...] = language.possible_fits
        self.guards: dict[Any, Callable[..., Any]] = {}
        self._shapes: dict[bool, dict[Shape, list[Instance]]] = {}
        self._tuples: dict[tuple[Type, ...], Tuples] = {}
        self._applications: dict[Instance, Application] = {}
        self._measured: dict[Type, NDArray[np.float64]] = {}
        self._rules: dict[tuple[Instance, str], Application] = {}
        self._inverses: dict[tuple[Instance, str], Application] = {}

    @property
    def costs(self) -> Costs:
        return self.language.costs

    def cost(self, instance: Instance) -> int:
        return self.language.cost_of(instance.word)

    def shapes(self, inner: bool) -> dict[Shape, list[Instance]]:
        """The instances by shape, in a bank that is inside another or not."""
        if inner not in self._shapes:
            found: dict[Shape, list[Instance]] = {}
            for i in self.instances:
                if i.word.is_joining:  # what they join is found from the result, piece by piece
                    continue
                commutes = i.word.is_commutative and i.arg_types[0] == i.arg_types[1]
                shape = Shape(i.arg_types, self.cost(i) + self.delay(i, inner), commutes)
                found.setdefault(shape, []).append(i)
            self._shapes[inner] = found
        return self._shapes[inner]

    @functools.cached_property
    def prompt(self) -> list[Instance]:
        """The words that take a function and are tried without delay."""
        return [i for i in self.higher_order if not self.delay(i, inner=False)]

    def delay(self, instance: Instance, inner: bool) -> int:
        """How many levels later a word is tried at types that nest deeper than the task's own, or than functions do."""
        deepest = max(t.depth for t in (*instance.arg_types, instance.result_type))
        if deepest > self.depth:
            return INNER_DELAY if inner else DELAY
        return int(inner and instance.result_type.depth == self.depth)

    def application(self, instance: Instance) -> Application:
        found = self._applications.get(instance)
        if found is None:
            function = self.function(instance.word)
            found = self._applications[instance] = self.applied(function, instance.arg_types, instance.result_type)
        return found

    def applied(self, function: Callable[..., Any], arguments: tuple[Type, ...], result: Type) -> Application:
        """A function on ids; those of the same arguments share what numbers them."""
        if arguments not in self._tuples:
            self._tuples[arguments] = Tuples([self.values.table(t) for t in arguments])
        return Application(function, self._tuples[arguments], self.values.table(result), self.check)

    def guarded(self, word: Primitive, what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of a word, `what` it is; behind a guard when the word comes from outside."""
        if word.is_built_in:
            return function
        key = word, what
        if key not in self.guards:
            shown = f"the word {word.name!r}" if not what else f"the {what} of the word {word.name!r}"
            self.guards[key] = Guard(function, shown)
        return self.guards[key]

    @property
    def notes(self) -> list[str]:
        """What guards have to tell."""
        return [guard.note for guard in self.guards.values() if isinstance(guard, Guard) and guard.note]

    def function(self, word: Primitive) -> Callable[..., Any]:
        return self.guarded(word, "", word.function)

    def final(self, word: Primitive) -> Callable[..., Any]:
        """What is called for a word in a whole program, behind a guard of its own: that it was left out elsewhere says
        nothing of a program with which it comes back."""
        return self.guarded(word, "use in a program", word.function)

    def rule_of(self, word: Primitive, param: str) -> Callable[..., Any]:
        return self.guarded(word, f"rule for {param!r}", word.rules[param])

    def proposed(self, word: Primitive, param: str, results: list[Any]) -> list[Any]:
        """The constants that a word proposes for a parameter; none where it raises."""
        try:
            return list(self.guarded(word, f"literals for {param!r}", word.literals[param])(results))
        except Exception:
            return []

    def inverse(self, instance: Instance, param: str) -> Application:
        """The application `(result, *others) -> the value of that parameter`."""
        key = instance, param
        if key not in self._inverses:
            arguments = instance.result_type, *instance.other_types(param)
            function = self.guarded(instance.word, f"inverse for {param!r}", instance.word.inverses[param])
            at = instance.word.params.index(param)
            self._inverses[key] = self.applied(function, arguments, instance.arg_types[at])
        return self._inverses[key]

    def rule(self, instance: Instance, param: str) -> Application:
        """The application `(result, *others) ->` whether a function is called more than once for that parameter,
        undefined where none can stand for it."""
        key = instance, param
        if key not in self._rules:
            rule = self.rule_of(instance.word, param)
            arguments = instance.result_type, *instance.other_types(param)
            self._rules[key] = self.applied(lambda *args: len(list(rule(*args))) > 1, arguments, BOOL)
        return self._rules[key]

    @property
    def bytes(self) -> int:
        """What the remembered results take."""
        known = itertools.chain(self._applications.values(), self._inverses.values(), self._rules.values())
        return sum(a.results.nbytes for a in known) + sum(t.bytes for t in self._tuples.values())

    def numbers(self, t: Type) -> NDArray[np.float64]:
        """The values of a type of numbers or bools by id; NaN for undefined."""
        return self._by_id(t, float, np.nan)

    def lengths(self, t: Type) -> NDArray[np.float64]:
        """The lengths of the lists or texts of a type by id; 0 for undefined."""
        return self._by_id(t, kind_of(t).length, 0)

    def _by_id(self, t: Type, measure: Callable[[Any], float], undefined: float) -> NDArray[np.float64]:
        known = self._measured.get(t, np.full(1, undefined))
        values = self.values.table(t).values
        if len(known) < len(values):
            new = np.array([measure(v) for v in values[len(known) :]], dtype=np.float64)
            known = self._measured[t] = np.concatenate([known, new])
        return known
