"""Languages: what may be written. A table of words, the constants that are always at hand, and fits.

Words are polymorphic; `instances` gives each of them at the ground types a task needs, so that the search
deals with `(list[int]) -> int` and never with type variables.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from extrapolate.core.errors import WordError
from extrapolate.core.expression import Apply, Expr, Literal
from extrapolate.core.probe import probe
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


@dataclass(frozen=True)
class Fit:
    """Constants found from the data, where enumeration would have to guess them.

    `solve(values, wanted)` gets the values of many programs, float64 `(n_programs, n_rows)`, and the wanted
    values `(n_rows,)`; it yields `(index, constants)` for the programs that can be completed to give what is wanted.
    `build(expr, *constants)` is the completed expression.
    """

    name: str
    argument: Type
    result: Type
    solve: Callable[[NDArray[np.float64], NDArray[np.float64]], Iterator[tuple[int, tuple[Any, ...]]]]
    build: Callable[..., Expr]


@dataclass(frozen=True)
class Algebra:
    """The words of arithmetic on real numbers, for a search that puts formulas together by what they mean."""

    add: Primitive
    sub: Primitive
    mul: Primitive
    divide: Primitive
    negate: Primitive
    power: Primitive
    sqrt: Primitive
    exp: Primitive


Columns = Sequence[tuple[Type, Sequence[Any]]]


@dataclass(frozen=True)
class Language:
    """Words and the constants they are used with.

    `constants` are always at hand, `literals(columns)` are those that the columns of a task suggest, the output's last.
    `types` are those of values inside programs, beside the types of the task. `patience` is how many programs more are
    worth trying once a short one is found. `weights` say how much a feature of a program speaks against it, where that
    is not as usual (see `search/rank.py`). A language with an `algebra` is one of formulas: its programs are fitted to
    measurements, and need not give them exactly.
    """

    name: str
    words: tuple[Primitive, ...]
    constants: tuple[Literal, ...] = ()
    fits: tuple[Fit, ...] = ()
    types: tuple[Type, ...] = ()
    literals: Callable[[Columns], list[Literal]] = field(default_factory=lambda: example_literals)
    patience: int = 100_000
    weights: Mapping[str, float] = field(default_factory=dict)
    algebra: Algebra | None = None

    def __getitem__(self, name: str) -> Primitive:
        for word in self.words:
            if word.name == name:
                return word
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return any(word.name == name for word in self.words)

    def with_words(self, *words: Primitive) -> Language:
        """This language with more words; a word of the same name takes the place of the old one.

        Each word is checked on sample values first: WordError when it mutates its arguments, returns values of another
        type, breaks a law or an inverse it declares, or prints as something else than it does.
        """
        for word in words:
            if not isinstance(word, Primitive):
                shown = getattr(word, "__name__", repr(word))
                raise WordError(f"{shown} is not a word; put @primitive() above its definition.")
            probe(word)
        new = {w.name for w in words}
        kept = tuple(w for w in self.words if w.name not in new)
        return replace(self, words=(*kept, *words))

    def instances(self, types: Sequence[Type]) -> list[Instance]:
        """Every word at every choice of the given types for its variables, without repetition."""
        known = set(types)
        found = {}
        for word in self.words:
            names = sorted({v for t in (*word.arg_types, word.result_type) for v in t.variables()})
            choices = [[t for t in types if t in word.constraints.get(n, types)] for n in names]
            for chosen in itertools.product(*choices):
                binding = dict(zip(names, chosen, strict=True))
                args = tuple(t.substitute(binding) for t in word.arg_types)
                result = word.result_type.substitute(binding)
                if all(_known(t, known) for t in (*args, result)):
                    found[word, args, result] = Instance(word, args, result)
        return list(found.values())


def _known(t: Type, types: set[Type]) -> bool:
    return all(a in types for a in t.args) if t.is_function else t in types


def ground_types(used: Iterable[Type], inner: Iterable[Type] = ()) -> list[Type]:
    """The types a task is solved with: its own, bool and int, and lists of them one level deeper, simplest first.

    `inner` are types of a language that are taken as they are.
    """
    used = list(used)
    leaves, nested = {BOOL, INT}, set()
    for t in used:
        while t.is_list:
            nested.add(t)
            t = t.args[0]
        leaves.add(t)
    deeper = {list_of(t) for t in (leaves - {BOOL}) | nested if t != list_of(BOOL)}
    return sorted(leaves | nested | deeper | set(inner), key=lambda t: (t.depth, str(t)))


def example_literals(columns: Columns, limit: int = LITERALS_A_TYPE) -> list[Literal]:
    """The scalars that stand in a task's examples, those of most rows first, at most `limit` of each type."""
    counts: dict[Literal, int] = {}
    for t, cells in columns:
        for cell in cells:
            for literal in dict.fromkeys(_scalars(cell, t)):
                counts[literal] = counts.get(literal, 0) + 1
    ordered = sorted(counts, key=lambda lit: (-counts[lit], len(str(lit.key)), str(lit.key)))
    kept: dict[Type, list[Literal]] = {}
    for literal in ordered:
        kept.setdefault(literal.type, []).append(literal)
    return [lit for literals in kept.values() for lit in literals[:limit]]


def _scalars(cell: Any, t: Type) -> Iterator[Literal]:
    if t.is_list:
        for item in cell:
            yield from _scalars(item, t.args[0])
    elif t != BOOL:
        yield Literal(cell, t)
