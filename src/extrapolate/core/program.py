"""Programs: an expression with its inputs. Call it, print it as Python, cost it, save it.

>>> from extrapolate.core.expression import Literal, Var
>>> from extrapolate.core.types import INT
>>> Program(Literal(3, INT), (Var("n", INT),), INT)(7)
3
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from extrapolate.core.definition import DEFINITION_COST, Definition, define
from extrapolate.core.engine import engine
from extrapolate.core.errors import InputError
from extrapolate.core.expression import NO_COSTS, Apply, Costs, Environment, Expr, Literal, Var, cost, evaluator, walk
from extrapolate.core.function import python_function
from extrapolate.core.kind import kind_of
from extrapolate.core.latex import equation
from extrapolate.core.symbolic import symbolic
from extrapolate.core.types import FLOAT, NUMBERS, Type
from extrapolate.core.values import canonical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Missing:
    """What stands for an input that is missing: whatever looks at it raises, so that no answer comes of it."""

    def refuse(self, *others: Any) -> Any:
        raise ValueError("an input is missing")

    __bool__ = __eq__ = __hash__ = __str__ = __repr__ = __format__ = __len__ = __iter__ = refuse


MISSING = Missing()


@dataclass(frozen=True)
class Program:
    """A function that was learned. `program(*inputs)` calls it, `program.source` is plain Python.

    `blank` are the inputs of text that an example showed empty; where another one is, there is no answer. `units` are
    those of the inputs and then of the value, where they are known.
    """

    expr: Expr
    inputs: tuple[Var, ...]
    output: Type
    name: str = "program"
    language: str = "lists"
    blank: frozenset[str] = frozenset()
    units: tuple[str, ...] = ()
    costs: Costs = field(default_factory=lambda: NO_COSTS, compare=False, repr=False)

    @cached_property
    def _run(self) -> Callable[[Environment], Any]:
        return evaluator(self.expr)

    def __call__(self, *args: Any) -> Any:
        """The program's value. InputError for a wrong number of inputs, and where a number is not finite.

        Else it raises what its words raise. A formula takes NumPy arrays too, and gives what `over` gives.
        """
        if len(args) != len(self.inputs):
            names = ", ".join(v.name for v in self.inputs)
            raise InputError(f"{self.name} was given {len(args)} inputs and takes {len(self.inputs)}: {names}.")
        columns = (
            getattr(a, "ndim", 0) and kind_of(v.type).type_of(a) is None for v, a in zip(self.inputs, args, strict=True)
        )
        if any(columns):
            return self.over(args)
        env = {v.name: canonical(a, v.type) for v, a in zip(self.inputs, args, strict=True)}
        try:
            value = self._run(env)
        except (ZeroDivisionError, OverflowError) as error:
            if self.output != FLOAT:
                raise
            raise self._lost(env, str(error)) from None
        if is_lost(value):
            raise self._lost(env, f"it gives {value}")
        return value

    def _lost(self, env: Environment, why: str) -> InputError:
        where = ", ".join(f"{name} = {value!r}" for name, value in env.items() if name in self.needed)
        return InputError(f"{self.name} has no value at {where} ({why}); stay where the formula is defined.")

    def over(self, columns: Sequence[Any]) -> NDArray[np.float64]:
        """The values of a formula over whole columns, one an input, broadcast against each other, in float64.

        NaN or infinite where it has none. InputError where the program is no formula.
        """
        import numpy as np  # not loaded by the command line until it is needed

        from extrapolate.core.elementwise import elementwise

        expr = self.formula
        kinds = [np.float64 if v.type in NUMBERS else object for v in self.inputs]
        given = np.broadcast_arrays(*[np.asarray(c, dtype=kind) for c, kind in zip(columns, kinds, strict=True)])
        shape = given[0].shape if given else ()
        try:
            with np.errstate(all="ignore"):
                value = evaluator(expr, elementwise)(dict(zip((v.name for v in self.inputs), given, strict=True)))
        except ArithmeticError:  # constants are plain numbers, and 1 / 0 of those raises
            value = np.nan
        return np.array(np.broadcast_to(value, shape), dtype=np.float64)

    def answer(self, inputs: Sequence[Any]) -> Any:
        """The value on one row, None where it has none: an input that it comes to need is missing, or a word has no
        value.

        The arguments are not checked; what is missing is None.
        """
        env: Environment = {}
        for v, value in zip(self.inputs, inputs, strict=True):
            if value is None:
                env[v.name] = MISSING if v.name in self.needed else ""
            else:
                env[v.name] = canonical(value, v.type)
        try:
            value = self._run(env)
        except Exception:
            return None
        return None if value is MISSING or is_lost(value) else value

    @cached_property
    def needed(self) -> frozenset[str]:
        """The inputs that must not be missing: those it uses, without those that may be blank."""
        return frozenset(v.name for v in self.used) - self.blank

    @property
    def is_constant(self) -> bool:
        """Whether it uses no input."""
        return not any(isinstance(e, Var) for e in walk(self.expr))

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where among the inputs those stand that the program uses; all, where it uses none."""
        names = {e.name for e in walk(self.expr) if isinstance(e, Var)}
        return tuple(i for i, v in enumerate(self.inputs) if v.name in names or not names)

    @property
    def used(self) -> tuple[Var, ...]:
        """The inputs that the program uses."""
        return tuple(self.inputs[i] for i in self.places)

    @property
    def trimmed(self) -> Program:
        """The same program of the inputs that it uses, and no others."""
        units = tuple(self.units[i] for i in (*self.places, -1)) if self.units else ()
        blank = self.blank & {v.name for v in self.used}
        return replace(self, inputs=self.used, blank=blank, units=units)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_run", "needed", "places")}

    @cached_property
    def source(self) -> str:
        """The program as a Python function of the inputs it uses, that needs no import of extrapolate."""
        return python_function(self.name, self.used, self.output, self.expr).code

    @property
    def formula(self) -> Expr:
        """The expression of a program that is a formula; InputError for one that is not made of numbers alone."""
        parts = list(walk(self.expr))
        plain = [e for e in parts if isinstance(e, Var | Literal | Apply)]
        looked_up = {id(a) for e in plain if isinstance(e, Apply) and e.word.latex for a in e.args}
        types = {self.output, *(e.type for e in plain if id(e) not in looked_up)}
        if len(plain) < len(parts) or not types <= set(NUMBERS):
            raise InputError(
                f"{self.name}{self.signature} is no formula: only programs on numbers, without choices and functions "
                "inside, can be written as one; print its `source`."
            )
        return self.expr

    def latex(self) -> str:
        r"""The equation as LaTeX, `T = 2 \pi \sqrt{\frac{L}{g}}`; InputError where the program is no formula."""
        return equation(self.name, self.formula)

    def sympy(self) -> Any:
        """The formula as a SymPy expression over real symbols.

        InputError where the program is no formula, or without SymPy.
        """
        return symbolic(self.formula)

    def polars(self, columns: Mapping[str, str] | None = None) -> Any:
        """The program as an expression of polars, named like it; null where there is no answer.

        `columns` are those of a frame by the names of the inputs, where they are called otherwise. InputError for a
        word that polars has no form for, and without polars.
        """
        return engine("polars")(self, columns or {})

    def sql(self, dialect: str = "duckdb", columns: Mapping[str, str] | None = None) -> str:
        """The program as an expression in SQL; NULL where there is no answer. See `polars`."""
        return str(engine(dialect)(self, columns or {}))

    def _repr_latex_(self) -> str | None:
        """What notebooks show: the equation of a formula; None, so that they look further, of another program."""
        try:
            return f"${self.latex()}$"
        except InputError:
            return None

    @property
    def signature(self) -> str:
        return f"({', '.join(f'{v.name}: {v.type}' for v in self.inputs)}) -> {self.output}"

    @property
    def cost(self) -> int:
        return cost(self.expr, self.costs)

    def __str__(self) -> str:
        return self.source


def defined(program: Program, *, cost: int = DEFINITION_COST) -> Definition:
    """A program as a word, with the inputs that it uses as parameters."""
    return define(program.name, program.used, program.expr, f"Learned: {program.trimmed.signature}.", cost)


def is_lost(value: Any) -> bool:
    """Whether a value is a number that got lost: NaN, or infinite."""
    return isinstance(value, float) and not math.isfinite(value)
