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
from extrapolate.core.types import Type
from extrapolate.core.word import Primitive

NO_COLUMNS: Mapping[str, str] = {}


class NoForm(ValueError):
    """Raised by the form of a word for arguments that it has none for."""


@dataclass(frozen=True)
class Translation(ABC):
    """What an engine makes of the parts of a program; `columns` are called otherwise than the inputs."""

    columns: Mapping[str, str] = field(default_factory=lambda: NO_COLUMNS)
    name: ClassVar[str]
    words: ClassVar[Mapping[Primitive, Callable[..., Any]]]

    @abstractmethod
    def column(self, name: str, t: Type, may_be_blank: bool) -> Any:
        """An input; where it may not be blank, a text that is empty is no value."""

    @abstractmethod
    def constant(self, value: Any) -> Any:
        """A constant by itself."""

    @abstractmethod
    def choice(self, test: Any, then: Any, otherwise: Any) -> Any:
        """One of two; no value where the test has none."""

    def of_program(self, program: Program) -> Any:
        """The program as the engine has it. InputError names the word that it has no form for."""
        blank = program.blank
        columns = {v: self.column(self.columns.get(v.name, v.name), v.type, v.name in blank) for v in program.used}
        return self.whole(self.of(program.expr, columns))

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
                    try:
                        return form(*(self.of(arg, columns) for arg in args))
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
