"""Problems to compare on: rows to learn from, and others that lie in their range and further and further out."""

from __future__ import annotations

from dataclasses import dataclass, field

from extrapolate.core.task import Task
from extrapolate.core.types import NUMBERS
from extrapolate.core.units import header_named
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


def arguments(learned: Task, task: Task) -> tuple[int, ...]:
    """The places among the inputs of a task of those that a program was learned from: a language may leave some out,
    and a unit is no part of a name."""
    columns = list(task.columns)
    return tuple(columns.index(header_named(column, columns) or column) for column in learned.columns)
