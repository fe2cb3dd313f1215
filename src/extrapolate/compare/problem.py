"""Problems to compare on: rows to learn from, and others that lie in their range and further and further out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extrapolate.core.task import Task
from extrapolate.nets.baselines import Rows


@dataclass(frozen=True)
class Place:
    """Rows that nobody learns from, equally far out. `at` is where they stand on the axis, None where it has names."""

    label: str
    rows: Rows
    is_inside: bool
    at: float | None = None


@dataclass(frozen=True)
class Problem:
    """What is to be learned. `shown` is what the program is learned from, `seen` what nets are trained on.

    `is_measured` says that answers are numbers, which are marked by how far off they are, and not right or wrong.
    `is_true` is False where the answers of the places are those of the program that was learned. `axis` names the
    distance, and `notes` say where the rows are from.
    """

    name: str
    shown: Task
    seen: Rows
    places: tuple[Place, ...]
    axis: str
    is_measured: bool = False
    is_true: bool = True
    notes: tuple[str, ...] = ()

    @property
    def inside(self) -> Sequence[Place]:
        return [place for place in self.places if place.is_inside]
