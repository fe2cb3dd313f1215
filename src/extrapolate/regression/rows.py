"""Rows of measurements: whether a law can be found in them, which are held out, and fewer of many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.hints import did_you_mean
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT, INT, TEXT
from extrapolate.core.units import header_named, split_header
from extrapolate.regression.search.angles import unit_of
from extrapolate.regression.search.constants import DEGREE
from extrapolate.regression.search.measurements import Measurements

LEAST_ROWS = 3
# What columns of angles are called.
_ANGLE = re.compile(r"(?:^|[^a-z])(?:theta|angles?)(?:[^a-z]|$)", re.IGNORECASE)
# Rows are held out where there are enough of them, so many of each hundred.
ROWS_TO_HOLD_OUT, HELD_OUT = 15, 0.2
# A search looks at no more rows than that; constants are fitted to more.
MOST_SEARCHED, MOST_FITTED = 250, 5000


def check_kinds(task: Task) -> None:
    """InputError for a task that is not about numbers."""
    if task.output not in (INT, FLOAT):
        raise InputError(f"{task.target} is {task.output}; a law needs a target of numbers.")
    for v, column in zip(task.inputs, task.columns, strict=True):
        if v.type not in (INT, FLOAT, TEXT):
            raise InputError(f"{column} is {v.type}; a law is made of numbers, so choose other inputs.")
    if task.inputs and all(v.type == TEXT for v in task.inputs):
        raise InputError(f"every input is text; a law is made of numbers, so give a column of some beside {column}.")


def with_degrees(task: Task) -> tuple[Task, list[str]]:
    """A task of floats with degrees as the unit of columns that are called angles and have numbers that may be degrees,
    where no units are known; and what is to be said of it."""
    if any(task.units):
        return task, []
    names = [*task.columns, task.target]
    columns = [*columns_of(task), np.array([row.output for row in task.labelled], dtype=np.float64)]
    angles = [
        bool(_ANGLE.search(name)) and column.dtype != object and len(column) > 0 and unit_of(column) == DEGREE
        for name, column in zip(names, columns, strict=True)
    ]
    if not any(angles):
        return task, []
    called = [name for name, is_angle in zip(names, angles, strict=True) if is_angle]
    said = f"taken for degrees, as names and numbers say: {', '.join(called)}; give a unit where it is another"
    return replace(task, units=tuple("deg" if is_angle else "" for is_angle in angles)), [said]


def check_rows(task: Task) -> None:
    """InputError for rows that no law can be found in."""
    rows = task.labelled
    if len(rows) < LEAST_ROWS:
        shown = f"{len(rows)} measurement{'s' * (len(rows) != 1)}"
        raise InputError(f"there are {shown} and a law needs at least {LEAST_ROWS}; give more rows.")
    if len({row.output for row in rows}) == 1:
        raise InputError(f"{task.target} is constant, {rows[0].output!r} in every row; give rows in which it differs.")


def used(names: Iterable[str], task: Task, given: Task) -> frozenset[str]:
    """The variables of the inputs of a task that are called so, in programs or in headers. InputError for a name that
    is none of an input of the task as it was `given`, and for an input that can't be used."""
    found = set()
    for name in names:
        known = {v.name: i for i, v in enumerate(given.inputs)} | {c: i for i, c in enumerate(given.columns)}
        header = header_named(name, known)
        if header is None:
            raise InputError(f"{name!r} is to be used and names no input; {did_you_mean(name, given.columns)}")
        column = given.columns[known[header]]
        places = [i for i, c in enumerate(task.columns) if split_header(c)[0] == split_header(column)[0]]
        if not places:
            raise InputError(f"{column} can't be used by a law, as its texts are no categories.")
        if len({row.inputs[places[0]] for row in task.labelled}) == 1:
            raise InputError(f"{column} can't be used by a law, as it is the same in every row.")
        found.add(task.inputs[places[0]].name)
    return frozenset(found)


def numbers_of(task: Task) -> list[int]:
    """The places of the inputs that are numbers."""
    return [i for i, v in enumerate(task.inputs) if v.type != TEXT]


def columns_of(task: Task) -> list[NDArray[Any]]:
    """The inputs of the labelled rows as arrays `(n_rows,)`, of floats or of texts."""
    rows = task.labelled
    kinds = [object if v.type == TEXT else np.float64 for v in task.inputs]
    return [np.array([row.inputs[i] for row in rows], dtype=kind) for i, kind in enumerate(kinds)]


def typical(column: NDArray[Any]) -> Any:
    """The median of numbers, the commonest of texts."""
    if column.dtype == object:
        return Counter(column.tolist()).most_common(1)[0][0]
    return float(np.median(column))


def varying(task: Task) -> list[int]:
    """The places of the inputs that a law can be about: those that change, and those with units, which units need."""
    places = []
    for i in numbers_of(task):
        values = {row.inputs[i] for row in task.labelled}
        if len(values) > 1 or (task.units and task.units[i]):
            places.append(i)
    if not any(len({row.inputs[i] for row in task.labelled}) > 1 for i in places):
        raise InputError("every input is constant; give rows in which at least one of them differs.")
    return places


def at_the_edge(m: Measurements) -> NDArray[np.bool_]:
    """The rows that are farthest out in one of the inputs, which are held out; none where there are few."""
    if m.n_rows < ROWS_TO_HOLD_OUT:
        return np.zeros(m.n_rows, dtype=bool)
    middle = np.median(m.x, axis=1, keepdims=True)
    low, high = m.x.min(axis=1, keepdims=True), m.x.max(axis=1, keepdims=True)
    reach = np.where(m.x > middle, high - middle, middle - low)
    out = (np.abs(m.x - middle) / np.maximum(reach, 1e-300)).max(axis=0)
    held = np.zeros(m.n_rows, dtype=bool)
    held[np.argsort(-out, kind="stable")[: int(HELD_OUT * m.n_rows)]] = True
    return held


def thinned(m: Measurements, most: int) -> Measurements:
    """At most so many rows, chosen the same way each time."""
    if m.n_rows <= most:
        return m
    chosen = np.zeros(m.n_rows, dtype=bool)
    chosen[np.random.default_rng(0).choice(m.n_rows, most, replace=False)] = True
    return m.rows(chosen)
