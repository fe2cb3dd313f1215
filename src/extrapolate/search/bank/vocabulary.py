"""The words of a language at the types of one task, ready to be applied to blocks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.expression import Literal
from extrapolate.core.guard import GuardedWord
from extrapolate.core.language import Instance, Language
from extrapolate.core.types import BOOL, Type
from extrapolate.core.values import Values
from extrapolate.core.word import Primitive
from extrapolate.search.bank.application import Application

DELAY = 2
INNER_DELAY = 3


class Shape(NamedTuple):
    """What words have in common that are applied to the same blocks of arguments at the same time."""

    arg_types: tuple[Type, ...]
    cost: int
    commutes: bool


class Vocabulary:
    """Instances of words, the literals at hand, and one `Application` for each instance and each inverse."""

    def __init__(
        self, language: Language, types: Sequence[Type], depth: int, literals: Sequence[Literal], values: Values
    ):
        self.language = language
        self.types = tuple(types)
        self.depth = max(1, depth)
        self.literals = tuple(literals)
        self.values = values
        self.instances = language.instances(types)
        self.first_order = [i for i in self.instances if not any(t.is_function for t in i.arg_types)]
        self.higher_order = [i for i in self.instances if any(t.is_function for t in i.arg_types)]
        self.guarded: dict[Primitive, GuardedWord] = {}
        self._shapes: dict[bool, dict[Shape, list[Instance]]] = {}
        self._applications: dict[Instance, Application] = {}
        self._measured: dict[Type, NDArray[np.float64]] = {}
        self._rules: dict[tuple[Instance, str], Application] = {}
        self._inverses: dict[tuple[Instance, str], Application] = {}

    def shapes(self, inner: bool) -> dict[Shape, list[Instance]]:
        """The instances by shape, in a bank that is inside another or not."""
        if inner not in self._shapes:
            found: dict[Shape, list[Instance]] = {}
            for i in self.instances:
                if i.word.is_joining:  # what they join is found from the result, piece by piece
                    continue
                commutes = i.word.is_commutative and i.arg_types[0] == i.arg_types[1]
                shape = Shape(i.arg_types, i.word.cost + self.delay(i, inner), commutes)
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
            tables = [self.values.table(t) for t in instance.arg_types]
            result = self.values.table(instance.result_type)
            found = self._applications[instance] = Application(self.function(instance.word), tables, result)
        return found

    def function(self, word: Primitive) -> Callable[..., Any]:
        """What is called for a word: its function, guarded when the word comes from outside."""
        if word.is_built_in:
            return word.function
        if word not in self.guarded:
            self.guarded[word] = GuardedWord(word)
        return self.guarded[word]

    def inverse(self, instance: Instance, param: str) -> Application:
        """The application `(result, *others) -> the value of that parameter`."""
        key = instance, param
        if key not in self._inverses:
            at = instance.word.params.index(param)
            others = [t for i, t in enumerate(instance.arg_types) if i != at]
            tables = [self.values.table(t) for t in (instance.result_type, *others)]
            function = instance.word.inverses[param]
            self._inverses[key] = Application(function, tables, self.values.table(instance.arg_types[at]))
        return self._inverses[key]

    def rule(self, instance: Instance, param: str) -> Application:
        """The application `(result, *others) -> True`, undefined where no function can stand for that parameter."""
        key = instance, param
        if key not in self._rules:
            others = [t for t in instance.arg_types if not t.is_function]
            tables = [self.values.table(t) for t in (instance.result_type, *others)]
            rule = instance.word.rules[param]
            self._rules[key] = Application(lambda *args: rule(*args) is not None, tables, self.values.table(BOOL))
        return self._rules[key]

    @property
    def bytes(self) -> int:
        """What the remembered results take."""
        known = itertools.chain(self._applications.values(), self._inverses.values())
        return sum(a.memo.keys.nbytes + a.memo.values.nbytes for a in known)

    def numbers(self, t: Type) -> NDArray[np.float64]:
        """The values of a type of numbers or bools by id; NaN for undefined."""
        return self._by_id(t, float, np.nan)

    def lengths(self, t: Type) -> NDArray[np.float64]:
        """The lengths of the lists or texts of a type by id; 0 for undefined."""
        return self._by_id(t, len, 0)

    def _by_id(self, t: Type, measure: Callable[[Any], float], undefined: float) -> NDArray[np.float64]:
        known = self._measured.get(t, np.full(1, undefined))
        values = self.values.table(t).values
        if len(known) < len(values):
            new = np.array([measure(v) for v in values[len(known) :]], dtype=np.float64)
            known = self._measured[t] = np.concatenate([known, new])
        return known
