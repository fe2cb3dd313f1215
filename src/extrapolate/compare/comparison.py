"""Comparisons: a program beside nets that are trained on the same problem, inside the range they saw and outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from extrapolate.compare.problem import Place, Problem, arguments
from extrapolate.core.errors import InputError, require_package
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.values import equal
from extrapolate.examine.confidence import wilson
from extrapolate.examine.examination import plain
from extrapolate.nets.baselines import (
    OF_COLUMNS,
    OF_SEQUENCES,
    TUNING,
    Floats,
    Learner,
    Marks,
    Rows,
    learner,
    relative_errors,
)

PROGRAM = "the program"
NAMES = {**OF_COLUMNS, **OF_SEQUENCES}
# A net that is right nowhere at so many places in a row is not asked further out.
LOST = 2
# A net has learned its own range where it is right so often, or no further off than that.
LEARNED, NEAR = 0.8, 0.2
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
    """A program beside nets. `curves` have a point for each of the places, the program's first where there is one."""

    problem: Problem
    curves: tuple[Curve, ...]
    program: Program | None
    seeds: int = 1
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.problem.name

    @property
    def places(self) -> tuple[Place, ...]:
        return self.problem.places

    @property
    def measure(self) -> str:
        """What the points say."""
        if self.problem.is_measured:
            return "median error, as a share of what is wanted"
        return "share of answers that are right"

    def json(self) -> str:
        """All numbers, and the program as it is written; without the rows."""
        record = {
            "name": self.name,
            "measure": self.measure,
            "axis": self.problem.axis,
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


def check_kinds(nets: Sequence[str] | None) -> None:
    """InputError for what is no kind of net."""
    if nets is not None and not nets:
        raise InputError(
            f"no net was given; give some of {', '.join(NAMES)}, or leave the option out for all that fit."
        )
    for kind in nets or ():
        if kind not in NAMES:
            raise InputError(f"{kind!r} was given as a net; give some of {', '.join(NAMES)}.")


def kinds_for(problem: Problem, nets: Sequence[str] | None) -> list[str]:
    """The nets that can learn a problem, of those asked for or of all. InputError for none, and for what is not
    installed."""
    fit = OF_COLUMNS if problem.is_of_columns else OF_SEQUENCES
    wanted = [kind for kind in dict.fromkeys(nets or fit) if kind in fit]
    if not wanted:
        takes = "columns of numbers" if problem.is_of_columns else "lists and text"
        raise InputError(f"{problem.name} is about {takes}, which {' and '.join(fit)} take; give one of these.")
    for kind in wanted:
        if kind in OF_COLUMNS:
            require_package("sklearn", f"the {NAMES[kind]}", "sklearn")
        else:
            require_package("torch", f"the {NAMES[kind]}", "nets")
    return wanted


def compared(
    problem: Problem,
    result: Result,
    kinds: Sequence[str],
    nets: Sequence[str] | None,
    seeds: int,
    seconds: float,
    seed: int,
    told: Told,
) -> Comparison:
    """The best program of a result and nets of some kinds, at each place; `nets` are the kinds that were asked for."""
    candidate = result.candidates[0] if result.candidates else None
    notes = list(problem.notes)
    if left := [kind for kind in nets or () if kind not in kinds]:
        notes.append(f"{' and '.join(left)} can't take these rows and {'are' if len(left) > 1 else 'is'} left out")
    if candidate is None:
        notes.append("no program was found")
    elif not (candidate.solves or candidate.fits):
        notes.append("the program is the best that was found and does not fit the rows it was learned from")
    curves = [] if candidate is None else [curve_of_program(problem, candidate.program, result)]
    for kind in kinds:
        each = seconds / (len(kinds) * (seeds + TUNING))
        curve = curve_of_net(problem, kind, seeds, each, seed, told)
        curves.append(curve)
        inside = [p.value for p, place in zip(curve.points, problem.places, strict=True) if p and place.is_inside]
        if inside and (max(inside) > NEAR if problem.is_measured else min(inside) < LEARNED):
            notes.append(
                f"the {curve.name} has not learned its own range, so that it says little what it does outside; "
                "more seconds or more rows may help"
            )
    return Comparison(problem, tuple(curves), candidate.program if candidate else None, seeds, tuple(notes))


def curve_of_program(problem: Problem, program: Program, result: Result) -> Curve:
    marks = marks_of(program, problem, arguments(result.task, problem.shown))
    points = []
    for place in problem.places:
        found = marks(place.rows)
        value = summary(found, problem)
        low, high = (value, value) if problem.is_measured else wilson(int(found.sum()), len(found))
        points.append(Point(value, low, high))
    how = f"{python_expression(program.expr)}, learned from {len(problem.shown.labelled):,} rows"
    return Curve(PROGRAM, how, tuple(points), round(result.counts.seconds, 2))


def marks_of(program: Program, problem: Problem, own: Sequence[int]) -> Marks:
    """What gives the marks of a program that takes the inputs in some places."""

    def marks(rows: Rows) -> Floats:
        answers = [program.answer([inputs[i] for i in own]) for inputs, _ in rows]
        wanted = [output for _, output in rows]
        if problem.is_measured:
            return relative_errors([np.nan if a is None else a for a in answers], wanted)
        kind = problem.shown.output
        pairs = zip(answers, wanted, strict=True)
        return np.array([a is not None and equal(a, w, kind) for a, w in pairs], dtype=float)

    return marks


def curve_of_net(problem: Problem, kind: str, seeds: int, seconds: float, seed: int, told: Told) -> Curve:
    name, start, whole = NAMES[kind], perf_counter(), seeds + TUNING
    others = [row for place in problem.places for row in place.rows]
    trained: Learner = learner(
        kind, problem.seen, others, seconds, seed, lambda share: told(name, share * TUNING / whole)
    )
    found: list[list[float | None]] = []
    for i in range(seeds):
        marks = trained.trained(seed + i, lambda share, i=i: told(name, (TUNING + i + share) / whole))  # type: ignore[misc]
        found.append(list(asked(problem, marks)))
    points: list[Point | None] = []
    for values in zip(*found, strict=True):
        known = [v or 0.0 for v in values]  # who was lost before is right nowhere
        value = float(np.mean(known))
        is_asked = any(v is not None for v in values)
        points.append(Point(value, min(value, *known), max(value, *known)) if is_asked else None)
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
