"""Programs: an expression with its inputs. Call it, print it as Python, cost it, save it.

>>> from extrapolate.expression import Literal, Var
>>> from extrapolate.types import INT
>>> Program(Literal(3, INT), (Var("n", INT),), INT)(7)
3
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extrapolate.errors import InputError
from extrapolate.expression import Environment, Expr, Var, cost, evaluator, walk
from extrapolate.source import python_function
from extrapolate.types import Type
from extrapolate.values import canonical


@dataclass(frozen=True)
class Program:
    """A function that was learned. `program(*inputs)` calls it, `program.source` is plain Python.

    `blank` are the inputs of text that an example showed empty; where another one is, there is no answer.
    """

    expr: Expr
    inputs: tuple[Var, ...]
    output: Type
    name: str = "program"
    language: str = "lists"
    blank: frozenset[str] = frozenset()

    @cached_property
    def _run(self) -> Callable[[Environment], Any]:
        return evaluator(self.expr)

    def __call__(self, *args: Any) -> Any:
        """The program's value; InputError for a wrong number of inputs, else what its words raise."""
        if len(args) != len(self.inputs):
            names = ", ".join(v.name for v in self.inputs)
            raise InputError(f"{self.name} was given {len(args)} inputs and takes {len(self.inputs)}: {names}.")
        env = {v.name: canonical(a, v.type) for v, a in zip(self.inputs, args, strict=True)}
        return self._run(env)

    def answer(self, inputs: Sequence[Any]) -> Any:
        """The value on one row, None where it has none: an input it needs is missing, or a word has no value there.

        The arguments are not checked; a missing text is None.
        """
        env = {}
        for v, value in zip(self.inputs, inputs, strict=True):
            if value is None and v.name in self.needed:
                return None
            env[v.name] = "" if value is None else canonical(value, v.type)
        try:
            return self._run(env)
        except Exception:
            return None

    @cached_property
    def needed(self) -> frozenset[str]:
        """The inputs that must not be missing: those it uses, without those that may be blank."""
        return frozenset(e.name for e in walk(self.expr) if isinstance(e, Var)) - self.blank

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_run", "needed")}

    @cached_property
    def source(self) -> str:
        """The program as a Python function that needs no import of extrapolate."""
        return python_function(self.name, self.inputs, self.output, self.expr)

    @property
    def signature(self) -> str:
        return f"({', '.join(f'{v.name}: {v.type}' for v in self.inputs)}) -> {self.output}"

    @property
    def cost(self) -> int:
        return cost(self.expr)

    def __str__(self) -> str:
        return self.source
