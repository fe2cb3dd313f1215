"""Comparisons: a program beside nets that are trained on the same problem, inside the range they saw and outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from extrapolate.compare.problem import Place, Problem
from extrapolate.core.errors import InputError
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.values import equal
from extrapolate.examine.confidence import wilson
from extrapolate.examine.examination import check_form, plain
from extrapolate.nets.baselines import (
    REGRESSIONS,
    SEQUENCES,
    Floats,
    Learner,
    Marks,
    Rows,
    learner,
    relative_errors,
)

PROGRAM = "the program"
# A net that is right nowhere at so many places in a row is not asked further out.
LOST = 2
# Tuning takes as long as this part of a training.
TUNING = 0.5
Told = Callable[[str, float], None]


@dataclass(frozen=True)
class Point:
    """What a learner reaches at a place: the share that is right, or the median error as a share of what is wanted.

    `low` and `high` are the least and the largest of its seeds; of a program, which has one, the interval of 95% that
    the rows leave open, or its value.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """A learner at each place; None where it was not asked. `how` says what it is and how it was trained."""

    name: str
    how: str
    points: tuple[Point | None, ...]
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """A program beside nets. `curves` have a point for each of the `places`, the program's first where there is one."""

    name: str
    axis: str
    places: tuple[Place, ...]
    curves: tuple[Curve, ...]
    is_measured: bool
    is_true: bool
    program: Program | None
    shown: int
    notes: tuple[str, ...] = ()
    seeds: int = field(default=1)

    @property
    def measure(self) -> str:
        """What the points say."""
        return "median error, as a share of what is wanted" if self.is_measured else "share of answers that are right"

    def json(self) -> str:
        """All numbers, and the program as it is written; without the rows."""
        record = {
            "name": self.name,
            "measure": self.measure,
            "axis": self.axis,
            "places": [{"label": p.label, "at": p.at, "inside": p.is_inside, "n": len(p.rows)} for p in self.places],
            "curves": [asdict(curve) for curve in self.curves],
            "program": None if self.program is None else self.program.source,
            "seeds": self.seeds,
            "notes": self.notes,
        }
        return json.dumps(plain(record), indent=2)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Writes a page of HTML that needs nothing else, a picture (.png, .svg, .pdf), or the numbers (.json)."""
        from extrapolate.compare.chart import save

        return save([self], path, force=force)

    def __str__(self) -> str:
        from extrapolate.compare.chart import lines

        return "\n".join(lines(self))

    def _repr_html_(self) -> str:
        from extrapolate.compare.chart import page

        return page([self])


def kinds_for(problem: Problem, nets: Sequence[str] | None) -> list[str]:
    """The nets that can learn a problem: those asked for, or all. InputError for what can't."""
    fit, other = (REGRESSIONS, SEQUENCES) if problem.is_measured else (SEQUENCES, REGRESSIONS)
    for kind in nets or ():
        if kind not in (*fit, *other):
            raise InputError(f"{kind!r} was given as a net; give some of {', '.join((*REGRESSIONS, *SEQUENCES))}.")
    wanted = list(fit) if nets is None else [kind for kind in dict.fromkeys(nets) if kind in fit]
    if not wanted and nets:
        takes = "columns of numbers" if problem.is_measured else "lists, text and answers that are right or wrong"
        raise InputError(f"{problem.name} is for {' and '.join(fit)}, which take {takes}; give one of these.")
    return wanted


def compared(
    problem: Problem, result: Result, kinds: Sequence[str], seeds: int, seconds: float, seed: int, told: Told
) -> Comparison:
    """The program of a result and nets of some kinds, at each place."""
    candidate = result.candidates[0] if result.candidates else None
    notes = list(problem.notes)
    if candidate is None:
        notes.append(f"no program was found: {result.why}")
    elif not (candidate.solves or candidate.fits):
        notes.append(f"the program is the best of those found and misses some of its rows: {result.why}")
    curves = [] if candidate is None else [curve_of_program(problem, candidate.program, result)]
    for kind in kinds:
        each = seconds / (len(kinds) * (seeds + TUNING))
        curves.append(curve_of_net(problem, kind, seeds, each, seed, told))
    return Comparison(
        name=problem.name,
        axis=problem.axis,
        places=problem.places,
        curves=tuple(curves),
        is_measured=problem.is_measured,
        is_true=problem.is_true,
        program=candidate.program if candidate else None,
        shown=len(problem.shown.labelled),
        notes=tuple(notes),
        seeds=seeds,
    )


def curve_of_program(problem: Problem, program: Program, result: Result) -> Curve:
    marks = marks_of(program, problem)
    points = []
    for place in problem.places:
        found = marks(place.rows)
        value = summary(found, problem)
        low, high = (value, value) if problem.is_measured else wilson(int(found.sum()), len(found))
        points.append(Point(value, low, high))
    how = f"{python_expression(program.expr)}, learned from {len(problem.shown.labelled):,} rows"
    return Curve(PROGRAM, how, tuple(points), round(result.counts.seconds, 2))


def marks_of(program: Program, problem: Problem) -> Marks:
    """What gives the marks of a program."""

    def marks(rows: Rows) -> Floats:
        answers = [program.answer(inputs) for inputs, _ in rows]
        wanted = [output for _, output in rows]
        if problem.is_measured:
            return relative_errors([np.nan if a is None else a for a in answers], wanted)
        kind = problem.shown.output
        pairs = zip(answers, wanted, strict=True)
        return np.array([a is not None and equal(a, w, kind) for a, w in pairs], dtype=float)

    return marks


def curve_of_net(problem: Problem, kind: str, seeds: int, seconds: float, seed: int, told: Told) -> Curve:
    name = {**REGRESSIONS, **SEQUENCES}[kind]
    start = perf_counter()
    whole = seeds + TUNING
    trained: Learner = learner(kind, problem.seen, seconds, seed, lambda s: told(name, s * TUNING / whole))
    found = []
    for i in range(seeds):
        marks = trained.trained(seed + i, lambda s, i=i: told(name, (TUNING + i + s) / whole))  # type: ignore[misc]
        found.append(list(asked(problem, marks)))
    points = []
    for values in zip(*found, strict=True):
        known = [v for v in values if v is not None]
        points.append(Point(float(np.mean(known)), min(known), max(known)) if len(known) == len(values) else None)
    told(name, 1.0)
    return Curve(name, trained.how, tuple(points), round(perf_counter() - start, 1))


def asked(problem: Problem, marks: Marks) -> Iterator[float | None]:
    """What a net reaches at each place, until it is lost on an axis of distances; None from there on."""
    nowhere = 0
    for place in problem.places:
        if nowhere >= LOST:
            yield None
            continue
        value = summary(marks(place.rows), problem)
        is_lost = not problem.is_measured and place.at is not None and value == 0
        nowhere = nowhere + 1 if is_lost else 0
        yield value


def summary(marks: Floats, problem: Problem) -> float:
    """The marks at a place as one number."""
    return float(np.median(marks) if problem.is_measured else np.mean(marks))


def check_path(path: str | Path) -> None:
    """InputError for a file whose suffix is none of a comparison."""
    from extrapolate.compare.chart import PICTURES

    if Path(path).suffix.lower().removeprefix(".") not in PICTURES:
        check_form(path)
