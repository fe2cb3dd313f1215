"""The suites of laws: measurements drawn from equations of the Feynman lectures, and ten laws of history.

A record of `laws/feynman.json` is a formula with the ranges of its variables and units, as powers of m, s, kg, K and V.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exactness import AGREEMENT, MOST_MOVED, Floats, Range, agreement, fresh_points, is_instance
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.task import Row, Task
from extrapolate.core.types import FLOAT
from extrapolate.regression.law import Law
from formula import Formula
from suites import Record, Suite, read

ROWS = 200
# A volt is the only one of the five with an ampere in it, so they are as independent as the table takes them.
BASE_UNITS = ("m", "s", "kg", "K", "V")


@dataclass(frozen=True)
class LawProblem:
    """Measurements of a law, and fresh points, `(n_inputs, n_points)`, on which what was learned is judged.

    With `free`, any constants will do: the law is a form.
    """

    name: str
    task: Task
    law: Formula
    points: Floats
    noise: float = 0.0
    free: bool = False
    record: Record = field(default_factory=dict)
    language: str = "laws"

    @property
    def unseen(self) -> Floats:
        return self.points.T

    def found(self, result: Result) -> Law | None:
        """The law that was learned, whatever it leaves unexplained."""
        return result.candidates[0] if result.candidates else None  # type: ignore[return-value]

    def missed(self, result: Result) -> Floats:
        """The fresh points on which the law that was learned is another function."""
        law = self.found(result)
        if law is None:
            return self.unseen
        printed = Formula(python_expression(law.program.expr), [v.name for v in law.program.inputs])
        return self.unseen[~self.agreement(printed, MOST_MOVED if self.noise else 0.0)]

    def agreement(self, formula: Formula, most_moved: float, within: float = AGREEMENT) -> NDArray[np.bool_]:
        """On which fresh points a formula is the law, `(n_points,)`."""
        if self.free:
            return np.full(len(self.unseen), is_instance(formula, self.law, self.points))
        return agreement(formula, self.points, self.law(self.points), most_moved=most_moved, within=within)


@dataclass(frozen=True)
class Feynman(Suite):
    """Equations whose measurements are drawn evenly from the ranges of their variables, the same each time."""

    units: bool = True
    noise: float = 0.0

    def problem(self, record: Record) -> LawProblem:  # type: ignore[override]
        variables = record["variables"]
        ranges = {v["name"]: (v["low"], v["high"]) for v in variables}
        law = Formula(record["formula"], list(ranges))
        seed = zlib.crc32(record["name"].encode())
        rng = np.random.default_rng(seed)
        x = np.array([rng.uniform(*limits, ROWS) for limits in ranges.values()])
        y = law(x)
        y = y + self.noise * np.sqrt(np.mean(y**2)) * rng.standard_normal(ROWS)
        task = law_task(record["name"], x, y, list(ranges), record["target"])
        if self.units:
            powers = [*(v["units"] for v in variables), record["target_units"]]
            task = replace(task, units=tuple(map(unit_text, powers)))
        points = fresh_points(law, ranges, np.random.default_rng([seed, 1]))
        return LawProblem(record["name"], task, law, points, self.noise, record=record)


@dataclass(frozen=True)
class Empirical(Suite):
    """Laws of history from real measurements where there are some, else from measurements drawn as published."""

    def problems(self, data: Path) -> Iterator[LawProblem]:  # type: ignore[override]
        for record in self.records(data):
            yield self.measured(record, data)

    def measured(self, record: Record, data: Path) -> LawProblem:
        key = record["key"]
        path = data / "laws" / (record["real_csv"] or f"{key}_generated.csv")
        (*names, target), *rows = csv.reader(read(path).splitlines())
        table = np.array(rows, dtype=np.float64).T
        task = law_task(key, table[:-1], table[-1], names, target)
        limits = {n: (float(c.min()), float(c.max())) for n, c in zip(names, table, strict=False)} | RANGES.get(key, {})
        law = Formula(ACCEPTED[key], names)
        points = fresh_points(law, limits, np.random.default_rng(zlib.crc32(key.encode())))
        return LawProblem(key, task, law, points, free=True, record=record)


def law_task(name: str, x: Floats, y: Floats, names: list[str], target: str) -> Task:
    rows = [
        Row(tuple(row), out, number) for number, (row, out) in enumerate(zip(x.T.tolist(), y.tolist(), strict=True), 1)
    ]
    types = [FLOAT] * (len(names) + 1)
    return Task.from_rows(rows, names=names, types=types, output_name=target, name=name)


def unit_text(powers: list[int]) -> str:
    """The unit with these powers of the base units; none of them is no unit."""
    return "*".join(f"{unit}^{power}" for unit, power in zip(BASE_UNITS, powers, strict=True) if power)


# The accepted forms. Numbers with a point stand for any others; they are as published or near, where a fit can start.
ACCEPTED = {
    "hubble": "73.3 * D",
    "kepler": "365.25 * a_AU ** 1.5",
    "newton": "6.67408e-11 * m1 * m2 / r ** 2",
    "planck": "0.0961 * nu ** 3 / (exp(0.6625 * nu / T) - 1)",
    "tully": "-2.71 * log(DV) - 3.5",
    "leavitt": "15.65 - 2.084 * logP",
    "schechter": "0.0866 * L ** -1.2 * exp(-L / 2.5e8)",
    "bode": "0.4 + 0.3 * 2.0 ** n",
    "ideal_gas": "8.314 * n * T / V",
    "rydberg": "9.1158e-8 / (1 / n1 ** 2 - 1 / n2 ** 2)",
}
# Where a law is judged when that is not where it was measured: Bode's Mercury has n = -1000, for 2 ** n = 0.
RANGES: dict[str, Mapping[str, Range]] = {"bode": {"n": (0.0, 8.0)}}

LAW_SUITES: dict[str, Suite] = {
    suite.name: suite
    for suite in (
        Feynman("feynman", "laws/feynman.json", 10),
        Empirical("empirical", "laws/empirical.json", 10),
    )
}
