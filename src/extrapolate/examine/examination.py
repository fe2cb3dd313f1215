"""Examinations: what was found of a model, as numbers, in sentences and as a page."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from extrapolate.core.errors import InputError
from extrapolate.examine.checks import Fault
from extrapolate.examine.departures import Departure
from extrapolate.examine.generalise import Ring
from extrapolate.examine.geometry import Shape
from extrapolate.examine.other import Detection
from extrapolate.nets.robustness import Robustness


@dataclass(frozen=True)
class Targeted:
    """Cases changed so that a model takes them for a wanted class: before, after, and what it says of both."""

    wanted: int
    eps: float
    before: Any = field(repr=False)
    after: Any = field(repr=False)
    classes: tuple[int, ...] = ()
    confidence_before: tuple[float, ...] = ()
    confidence_after: tuple[float, ...] = ()
    reached: float = 0.0


@dataclass(frozen=True)
class Filters:
    """The pictures that make channels of a layer answer most, `(n, height, width, colours)` from 0 to 1."""

    layer: str
    channels: tuple[int, ...]
    pictures: Any = field(repr=False)


@dataclass(frozen=True)
class Examination:
    """What was found of a model. An instrument that was not used is None or empty, and `notes` say why."""

    name: str
    kind: str
    n: int
    classes: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    faults: tuple[Fault, ...] = ()
    layers: tuple[tuple[Shape, Shape | None], ...] = ()
    departures: tuple[Departure, ...] = ()
    generalisation: tuple[Ring, ...] = ()
    other: Detection | None = None
    adversarial: Robustness | None = None
    targeted: Targeted | None = None
    filters: tuple[Filters, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    seed: int = 0
    x: Any = field(default=None, repr=False)
    y: Any = field(default=None, repr=False)

    def json(self) -> str:
        """All numbers of the report, without the pictures."""
        record = asdict(self)
        for key in ("x", "y"):
            del record[key]
        for trained, untrained in record["layers"]:
            for shape in (trained, untrained or {}):
                shape.pop("places", None)
                shape.pop("labels", None)
        for shown in record["filters"]:
            del shown["pictures"]
        for key in ("before", "after"):
            (record["targeted"] or {}).pop(key, None)
        for pictures in ("broken", "taken_for"):
            (record["adversarial"] or {}).pop(pictures, None)
        return json.dumps(plain(record), indent=2)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Writes the report: one page of HTML that needs nothing else, or its numbers where `path` ends in .json."""
        from extrapolate.core.files import write_text

        path = Path(path)
        check_form(path)
        write_text(path, self.json() + "\n" if path.suffix == ".json" else self.html(), force=force)
        return path

    def html(self) -> str:
        """The report as a page of HTML. InputError without Matplotlib."""
        from extrapolate.examine.page import page

        return page(self)

    def __str__(self) -> str:
        from extrapolate.examine.summary import sentences

        return "\n".join([self.name, *sentences(self)])

    def _repr_html_(self) -> str:
        return self.html()


def check_form(path: str | Path) -> None:
    """InputError for a file whose suffix is none of a report."""
    if Path(path).suffix not in (".html", ".json"):
        raise InputError(f"{path} was given for the report; give a file that ends in .html or .json.")


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers of NumPy as Python's, no NaN."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def chosen(cases: Any, most: int, seed: int) -> Any:
    """At most so many of the cases, drawn at random, in their order."""
    return cases[np.sort(np.random.default_rng(seed).permutation(len(cases))[:most])]
