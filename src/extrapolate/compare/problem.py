"""Problems to compare on: rows to learn from, and others that lie in their range and further and further out."""

from __future__ import annotations

from dataclasses import dataclass, field

from extrapolate.core.program import Program
from extrapolate.core.task import Task
from extrapolate.core.types import NUMBERS
from extrapolate.nets.baselines import Rows


@dataclass(frozen=True)
class Place:
    """Rows that nobody learns from, equally far out. `at` is where they stand on the axis, None where it has names."""

    label: str
    rows: Rows = field(repr=False)
    is_inside: bool
    at: float | None = None


@dataclass(frozen=True)
class Problem:
    """What is to be learned. `shown` is what the program is learned from, `seen` what nets are trained on.

    `axis` names the distance, `edge` is where the range ends that was seen, and with `has_names` the places have names
    to write below it. `is_measured` says that answers are numbers, which are marked by how far off they are, and not
    right or wrong. `is_true` is False where the answers of the places are those of the program that was learned.
    `notes` say where the rows are from.
    """

    name: str
    shown: Task = field(repr=False)
    seen: Rows = field(repr=False)
    places: tuple[Place, ...]
    axis: str
    edge: float | None = None
    has_names: bool = False
    is_measured: bool = False
    is_true: bool = True
    notes: tuple[str, ...] = ()

    @property
    def is_of_columns(self) -> bool:
        """Whether all inputs are numbers."""
        return all(var.type in NUMBERS for var in self.shown.inputs)


def arguments(program: Program, task: Task) -> tuple[int, ...]:
    """The places of the inputs of a program among those of a task, as a language may leave some out."""
    names = [var.name for var in task.inputs]
    return tuple(names.index(var.name) for var in program.inputs)
