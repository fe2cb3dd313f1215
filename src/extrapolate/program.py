"""Programs: an expression with its inputs. Call it, print it as Python, cost it, save it.

>>> from extrapolate.expression import Literal, Var
>>> from extrapolate.types import INT
>>> Program(Literal(3, INT), (Var("n", INT),), INT)(7)
3
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extrapolate.errors import InputError
from extrapolate.expression import Environment, Expr, Var, cost, evaluator
from extrapolate.source import python_function
from extrapolate.types import Type
from extrapolate.values import canonical


@dataclass(frozen=True)
class Program:
    """A function that was learned. `program(*inputs)` calls it, `program.source` is plain Python."""

    expr: Expr
    inputs: tuple[Var, ...]
    output: Type
    name: str = "program"
    language: str = "lists"

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

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_run"}

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
