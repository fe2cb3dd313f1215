"""Languages: what may be written. A table of words, the constants that are always at hand, and fits.

Words are polymorphic; `instances` gives each of them at the ground types a task needs, so that the search
deals with `(list[int]) -> int` and never with type variables.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from extrapolate.core.definition import words_of
from extrapolate.core.errors import InputError, WordError
from extrapolate.core.expression import NO_COSTS, VARIABLE_COST, Apply, Costs, Expr, Literal, literal_of
from extrapolate.core.found import Feature, Found
from extrapolate.core.kind import kind_of
from extrapolate.core.probe import probe
from extrapolate.core.program import Program, defined
from extrapolate.core.task import Row, Task
from extrapolate.core.types import BOOL, INT, Type, list_of
from extrapolate.core.word import Primitive

# Literals taken from the examples, those of most rows first.
LITERALS_A_TYPE = 16

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Instance(NamedTuple):
    """A word at ground types."""

    word: Primitive
    arg_types: tuple[Type, ...]
    result_type: Type

    def __call__(self, *args: Expr) -> Apply:
        return Apply(self.word, args, self.result_type)

    def other_types(self, param: str) -> tuple[Type, ...]:
        """The types of all arguments but one."""
        at = self.word.params.index(param)
        return self.arg_types[:at] + self.arg_types[at + 1 :]


@dataclass(frozen=True)
class Fit:
    """Constants found from the data, where enumeration would have to guess them.

    `solve(values, wanted)` gets the values of many programs, float64 `(n_programs, n_rows)`, and the wanted values
    `(n_rows,)`; it yields `(index, constants)` for the programs that can be completed to give what is wanted.
    `build(expr, *constants)` is the completed expression, where there are at least so many rows; it is made of the
    words named in `words`, and a language that has them not, or other words of these names, does without the fit.
    """

    name: str
    argument: Type
    result: Type
    solve: Callable[[NDArray[np.float64], NDArray[np.float64]], Iterator[tuple[int, tuple[Any, ...]]]]
    build: Callable[..., Expr]
    words: tuple[Primitive, ...] = ()
    least_rows: int = 3


@dataclass(frozen=True)
class Cases:
    """What belongs to each value, or to each range of values, found from all examples at once.

    `solve(values, wanted, others)` gets the values of one program, what is wanted, and its values on rows that are
    open, a list each, and yields constants with which `build(expr, *constants)` gives that, or None for a program that
    it is not meant for. The words are as those of a `Fit`. The program costs no more than `dearest`; of each cost at
    most so many are looked at. What `is_open` has no value for what the examples do not show.
    """

    name: str
    argument: Type
    result: Type
    solve: Callable[[Sequence[Any], Sequence[Any], Sequence[Any]], Iterator[tuple[Any, ...]]]
    build: Callable[..., Expr | None]
    words: tuple[Primitive, ...] = ()
    dearest: int = VARIABLE_COST
    most: int = 60
    is_open: bool = False


class InnerTask(NamedTuple):
    """A task of single items inside another task: `items(row)` are those of a row of the other, and `build(expr)` makes
    of a program for one item one of the other task."""

    task: Task
    build: Callable[[Expr], Expr]
    items: Callable[[Row], Sequence[Any]]


@dataclass(frozen=True)
class Algebra:
    """The words of arithmetic on real numbers, for a search that puts formulas together by what they mean.

    `real` makes a real number of a whole one, where these are apart, `number_of` is what a lookup has for a text, and
    `number_or` that or another number. Textbook shapes are written with the last seven, where a language has them.
    """

    add: Primitive
    sub: Primitive
    mul: Primitive
    divide: Primitive
    negate: Primitive
    power: Primitive
    sqrt: Primitive
    exp: Primitive
    real: Primitive | None = None
    number_of: Primitive | None = None
    number_or: Primitive | None = None
    log: Primitive | None = None
    sin: Primitive | None = None
    cos: Primitive | None = None
    arcsin: Primitive | None = None
    arccos: Primitive | None = None
    arctan: Primitive | None = None
    maximum: Primitive | None = None

    @property
    def arithmetic(self) -> tuple[Primitive, ...]:
        """The words that formulas are put together with, whatever functions stand in them."""
        return self.add, self.sub, self.mul, self.divide, self.negate, self.power

    @property
    def of_angles(self) -> list[Primitive]:
        """The sine and the cosine."""
        return [word for word in (self.sin, self.cos) if word is not None]

    @property
    def to_angles(self) -> list[Primitive]:
        """What gives angles."""
        return [word for word in (self.arcsin, self.arccos, self.arctan) if word is not None]

    @property
    def words(self) -> tuple[Primitive, ...]:
        """All words that there are."""
        more = (self.real, self.number_of, self.number_or, self.log, *self.of_angles, *self.to_angles, self.maximum)
        return *self.arithmetic, self.sqrt, self.exp, *(word for word in more if word is not None)


Columns = Sequence[tuple[Type, Sequence[Any]]]


@dataclass(frozen=True)
class Language:
    """Words and the constants they are used with.

    `constants` are always at hand, `literals(columns)` are those that the columns of a task suggest, the output's
    last. `types` are those of values inside programs, beside the types of the task, and `kinds` those that a task may
    have. `costs` say what words cost where that is not what they were declared with. `patience` is how many programs
    more are worth trying once a short one is found, and up to the cost of `rivals` they are looked for in any case
    where rows are open. `features` are what can be said of a program of this language beside what can be said of any,
    and `weights` how much each feature speaks against it (see `search/rank.py`); `doubt(found)` says of an open row
    and its answer why it is in doubt, where it is. `algebra` are the words of arithmetic on real numbers, for laws.
    `portions(rows)` are what stands in the outputs of all rows and is worth looking for by itself, `shortcuts(task)`
    programs that are worth having early, whatever they cost, and `inner_tasks(task)` what becomes of each item, where
    cells list several; `variants(found)` are programs that a person may mean by one that was found.
    `method` names what learns programs of this language, and `suits(task)` is how likely a task of its kinds is meant
    for it, from 0 to 1.
    """

    name: str
    words: tuple[Primitive, ...]
    constants: tuple[Literal, ...] = ()
    fits: tuple[Fit, ...] = ()
    cases: tuple[Cases, ...] = ()
    portions: Callable[[Sequence[Row]], Iterator[Sequence[Any]]] | None = None
    shortcuts: Callable[[Task], Iterator[Expr]] | None = None
    inner_tasks: Callable[[Task], Iterator[InnerTask]] | None = None
    variants: Callable[[Found], Iterator[Expr]] | None = None
    types: tuple[Type, ...] = ()
    kinds: tuple[str, ...] = ("bool", "int", "float", "text", "list", "record", "array")
    literals: Callable[[Columns], list[Literal]] = field(default_factory=lambda: example_literals)
    costs: Costs = field(default_factory=lambda: NO_COSTS)
    patience: int = 100_000
    rivals: int = 0
    features: Mapping[str, Feature] = field(default_factory=dict)
    doubt: Callable[[Found], Callable[[Row, Any], str | None]] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    algebra: Algebra | None = None
    method: str = "synthesis"
    suits: Callable[[Task], float] = field(default_factory=lambda: as_likely_as_any)

    def __getitem__(self, name: str) -> Primitive:
        for word in self.words:
            if word.name == name:
                return word
        raise KeyError(name)

    def __repr__(self) -> str:
        return f"Language({self.name!r}, {len(self.words)} words)"

    def __contains__(self, name: str) -> bool:
        return any(word.name == name for word in self.words)

    @property
    def possible_fits(self) -> tuple[Fit, ...]:
        """The fits whose words this language has."""
        own = set(self.words)
        return tuple(fit for fit in self.fits if own.issuperset(fit.words))

    @property
    def possible_cases(self) -> tuple[Cases, ...]:
        """The cases whose words this language has."""
        own = set(self.words)
        return tuple(cases for cases in self.cases if own.issuperset(cases.words))

    def possible_shortcuts(self, task: Task) -> Iterator[Expr]:
        """The shortcuts that are written with words of this language alone."""
        return filter(self.writes, self.shortcuts(task) if self.shortcuts else ())

    def possible_inner_tasks(self, task: Task) -> Iterator[InnerTask]:
        """The inner tasks whose programs are put together with words of this language alone."""
        every = self.inner_tasks(task) if self.inner_tasks else ()
        return (inner for inner in every if self.writes(inner.build(inner.task.inputs[0])))

    def possible_variants(self, found: Found) -> Iterator[Expr]:
        """The variants that are written with words of this language alone."""
        return filter(self.writes, self.variants(found) if self.variants else ())

    def writes(self, expr: Expr) -> bool:
        """Whether an expression is written with words of this language alone."""
        return self.vocabulary.issuperset(words_of(expr))

    @cached_property
    def vocabulary(self) -> frozenset[Primitive]:
        return frozenset(self.words)

    @property
    def possible_algebra(self) -> Algebra | None:
        """The algebra, where this language has the words of arithmetic."""
        has = self.algebra is not None and set(self.words).issuperset(self.algebra.arithmetic)
        return self.algebra if has else None

    def with_words(self, *words: Primitive | Program) -> Language:
        """This language with more words; a word of the same name takes the place of the old one.

        A program that was learned becomes a word that is defined by it. Each word is checked on sample values first:
        WordError when it mutates its arguments, returns values of another
        type, breaks a law or an inverse it declares, or prints as something else than it does.
        """
        added = tuple(defined(word) if isinstance(word, Program) else word for word in words)
        for word in added:
            if not isinstance(word, Primitive):
                shown = getattr(word, "__name__", repr(word))
                raise WordError(f"{shown} is not a word; put @primitive() above its definition.")
            probe(word)
        by_name = {word.name: word for word in added}
        kept = (w for w in self.words if w.name not in by_name)
        return replace(self, words=(*kept, *by_name.values()))

    def without(self, *names: str) -> Language:
        """This language without some words. InputError for those of the arithmetic that its laws are made of."""
        for name in names:
            if name in self and self.algebra is not None and self[name] in self.algebra.arithmetic:
                raise InputError(f"{name!r} can't be left out, as all formulas are made of arithmetic.")
        return replace(self, words=tuple(word for word in self.words if word.name not in names))

    def reads(self, t: Type) -> bool:
        """Whether an input may be of that type."""
        return t.name in self.kinds and all(map(self.reads, t.args))

    def likelihood(self, task: Task) -> float:
        """How likely a task is meant for this language; 0 where it can't be written in it."""
        able = self.reads(task.output) and (not task.inputs or any(self.reads(v.type) for v in task.inputs))
        return self.suits(task) if able else 0.0

    def with_costs(self, costs: Costs) -> Language:
        """This language with other costs of some words, as a library or a description suggests them."""
        return replace(self, costs={**self.costs, **costs})

    def cost_of(self, word: Primitive) -> int:
        return self.costs.get(word, word.cost)

    def instances(self, types: Sequence[Type]) -> list[Instance]:
        """Every word at every choice of the given types for its variables, without repetition."""
        known = set(types)
        found = {}
        brought = (word for t in types for word in kind_of(t).words(t))
        for word in (*self.words, *brought):
            names = sorted({v for t in (*word.arg_types, word.result_type) for v in t.variables()})
            choices = [[t for t in types if t in word.constraints.get(n, types)] for n in names]
            for chosen in itertools.product(*choices):
                binding = dict(zip(names, chosen, strict=True))
                args = tuple(t.substitute(binding) for t in word.arg_types)
                result = word.result_type.substitute(binding)
                if all(_known(t, known) for t in (*args, result)):
                    found[word, args, result] = Instance(word, args, result)
        return list(found.values())


def as_likely_as_any(task: Task) -> float:
    return 0.5


def _known(t: Type, types: set[Type]) -> bool:
    return all(a in types for a in t.args) if t.is_function else t in types


def ground_types(used: Iterable[Type], inner: Iterable[Type] = ()) -> list[Type]:
    """The types a task is solved with: its own, bool and int, and lists of them one level deeper, simplest first.

    `inner` are types of a language that are taken as they are.
    """
    leaves, nested = {BOOL, INT}, set()
    pending = list(used)
    while pending:
        t = pending.pop()
        if t.args:
            nested.add(t)
            pending += t.args
        else:
            leaves.add(t)
    deeper = {list_of(t) for t in (leaves - {BOOL}) | nested if t != list_of(BOOL)}
    return sorted(leaves | nested | deeper | set(inner), key=lambda t: (t.depth, str(t)))


def example_literals(columns: Columns, limit: int = LITERALS_A_TYPE) -> list[Literal]:
    """The scalars that stand in a task's examples, those of most rows first, at most `limit` of each type."""
    counts: dict[Literal, int] = {}
    for t, cells in columns:
        for cell in cells:
            if cell is not None:
                for literal in dict.fromkeys(literal_of(*found) for found in kind_of(t).literals(cell, t)):
                    counts[literal] = counts.get(literal, 0) + 1
    ordered = sorted(counts, key=lambda lit: (-counts[lit], len(str(lit.key)), str(lit.key)))
    kept: dict[Type, list[Literal]] = {}
    for literal in ordered:
        kept.setdefault(literal.type, []).append(literal)
    return [lit for literals in kept.values() for lit in literals[:limit]]
