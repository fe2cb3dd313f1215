"""Translation: an expression in the terms of an engine, word by word.

An engine says what each word is there. A constant is given as the Python value it is, everything else as what the
engine makes of it, so that a form that needs a constant can say so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Choose, Expr, Literal, Var
from extrapolate.core.program import Program
from extrapolate.core.types import FLOAT, INT, TEXT
from extrapolate.core.word import Primitive

# Words whose results may need more digits than their arguments.
WIDE = ("add", "sub", "mul", "negate")
NO_COLUMNS: Mapping[str, str] = {}
# An address on the web or of mail as `parts.host` reads it; the host is group 4.
ADDRESS = (
    r"^ *(?:[^<\n]*<)?([A-Za-z][A-Za-z0-9+.-]*:)?(//)?([^ \t\n/@?#]*@)?"
    r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+)(:[0-9]+)?([/?#>][^\n]*)? *$"
)


class NoForm(ValueError):
    """Raised by the form of a word for arguments that it has none for."""


@dataclass(frozen=True)
class Translation(ABC):
    """What an engine makes of the parts of a program; `columns` are called otherwise than the inputs."""

    columns: Mapping[str, str] = field(default_factory=lambda: NO_COLUMNS)
    name: ClassVar[str]
    words: ClassVar[Mapping[Primitive, Callable[..., Any]]]

    @abstractmethod
    def column(self, name: str) -> Any:
        """A column as it is."""

    @abstractmethod
    def text(self, column: Any, blank: str | None) -> Any:
        """A column of text; where it says nothing, another text, or no value."""

    @abstractmethod
    def constant(self, value: Any) -> Any:
        """A constant by itself."""

    @abstractmethod
    def choice(self, test: Any, then: Any, otherwise: Any) -> Any:
        """One of two; no value where the test has none."""

    @abstractmethod
    def finite(self, value: Any) -> Any:
        """A real number, no value where it is infinite or none."""

    @abstractmethod
    def wide(self, value: Any) -> Any:
        """A whole number with room for its sums and products."""

    @abstractmethod
    def within(self, value: Any) -> Any:
        """A whole number that was computed with wider ones, no value where it needs more than 64 bits."""

    def of_program(self, program: Program) -> Any:
        """The program as the engine has it. InputError names the word that it has no form for."""
        named = {v: self.column(self.columns.get(v.name, v.name)) for v in program.used}
        given = dict(named)
        for v, column in named.items():
            if v.type == TEXT:
                given[v] = self.text(column, "" if v.name in program.blank else None)
            elif v.type == FLOAT:
                given[v] = self.finite(column)
        value = self.whole(self.of(program.expr, given))
        return self.finite(value) if program.output == FLOAT else value

    def of(self, expr: Expr, columns: Mapping[Var, Any]) -> Any:
        match expr:
            case Var():
                return columns[expr]
            case Literal():
                return expr.value
            case Choose(test, then, otherwise):
                return self.choice(*(self.whole(self.of(part, columns)) for part in (test, then, otherwise)))
            case Apply(word, args):
                form = self.words.get(word)
                if form is not None:
                    given = [self.of(arg, columns) for arg in args]
                    try:
                        if word.name in WIDE and expr.type == INT:
                            return self.within(form(*map(self.wide, given)))
                        return form(*given)
                    except NoForm:
                        pass
                raise InputError(
                    f"{self.name} has no form for the word {word.name!r} as it is used here; use the program itself."
                )
        raise InputError(f"{self.name} has no form for a function inside a program; use the program itself.")

    def whole(self, value: Any) -> Any:
        """A value that may be a constant, as the engine has it."""
        return self.constant(value) if isinstance(value, str | bool | int | float) else value


def constant(value: Any, kind: type | tuple[type, ...] = (str, int)) -> Any:
    """The value where it is a constant of that kind; NoForm for anything else."""
    if not isinstance(value, kind) or type(value).__module__ != "builtins":
        raise NoForm
    return value
