"""Suites of real measurements: NIST's StRD for nonlinear regression, and cases of scientists with their criteria.

A data set of `laws/nist` has its certified residual sum of squares; the form is not given. A case of
`../cases/laws` is a folder of `data.csv`, `cmd.txt` and perhaps `test.csv`, with a `want.json`: what counts as right.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.result import Candidate, Result
from extrapolate.core.task import Row, Task
from extrapolate.core.units import header_named
from extrapolate.read.examples import read_task
from formula import Formula
from law_suites import law_task
from suites import Record, Suite, read

Floats = NDArray[np.float64]

# A residual sum is as certified when it is no more than so much larger, or of a law with fewer constants so much.
AS_CERTIFIED, AS_CERTIFIED_IF_SHORTER = 1.01, 1.05
STARTS, AGREEMENT = 8, 1e-4
# The seeds of points beyond the rows, on which two forms are told apart, and how many there are.
SEED, POINTS = 0, 60


@dataclass(frozen=True)
class MeasuredProblem:
    """Measurements, learned from as a whole; `judge(law)` says whether a law is right."""

    name: str
    task: Task
    record: Record = field(default_factory=dict)
    language: str | None = "laws"
    forms: tuple[str, ...] = ()

    @property
    def unseen(self) -> tuple[Row, ...]:
        return self.task.labelled[:1]

    def found(self, result: Result) -> Candidate | None:
        return result.candidates[0] if result.candidates else None

    def missed(self, result: Result) -> tuple[Row, ...]:
        law = self.found(result)
        return () if law is not None and self.is_right(law) else self.unseen

    def is_right(self, law: Candidate) -> bool:
        raise NotImplementedError


def values_of(law: Candidate, columns: Floats) -> Floats:
    """What a law says of columns `(n_inputs, n_rows)`."""
    with np.errstate(all="ignore"):
        return np.asarray(law.program.over(list(columns)), dtype=np.float64)


class NistProblem(MeasuredProblem):
    """Right: the residual sum is as certified."""

    def is_right(self, law: Candidate) -> bool:
        rows = self.task.labelled
        columns = np.array([row.inputs for row in rows], dtype=np.float64).T
        rest = values_of(law, columns) - np.array([row.output for row in rows], dtype=np.float64)
        constants = len(getattr(law, "constants", ()))
        shorter = constants < self.record["parameters"]
        most = self.record["residual"] * (AS_CERTIFIED_IF_SHORTER if shorter else AS_CERTIFIED)
        # Sets without noise are certified to the last digit.
        return bool((rest**2).sum() <= max(most, 1e-12 * float((rest * 0 + columns[0]).size)))


@dataclass(frozen=True)
class Nist(Suite):
    """The 27 sets of NIST's Statistical Reference Datasets for nonlinear regression, with or without their forms."""

    with_forms: bool = False

    def problems(self, data: Path) -> Iterator[NistProblem]:  # type: ignore[override]
        for path in sorted((data / self.file).glob("*.dat")):
            problem = nist_problem(path)
            yield replace(problem, forms=(nist_form(read(path)),)) if self.with_forms else problem


def nist_problem(path: Path) -> NistProblem:
    """A set from its file: the rows, whose response stands first, and what is certified."""
    text = read(path)
    first, last = map(int, re.search(r"Data\s+\(lines\s+(\d+) to\s+(\d+)\)", text).groups())  # type: ignore[union-attr]
    lines = text.splitlines()
    rows = np.array([line.split() for line in lines[first - 1 : last] if line.strip()], dtype=np.float64).T
    residual = float(re.search(r"Residual Sum of Squares:\s+(\S+)", text)[1])  # type: ignore[index]
    parameters = int(re.search(r"(\d+) Parameters?\b", text)[1])  # type: ignore[index]
    y = np.log(rows[0]) if "log[y]" in text else rows[0]
    names = ["x"] if len(rows) == 2 else [f"x{i}" for i in range(1, len(rows))]
    task = law_task(path.stem, rows[1:], y, names, "y")
    return NistProblem(path.stem, task, {"residual": residual, "parameters": parameters})


def nist_form(text: str) -> str:
    """The form of a set as its file writes it: between `y =` and the error, brackets for those around arguments."""
    _, _, model = text.partition("Model:")
    written = re.search(r"^\s*(?:y|log\[y\])\s*=(.*?)\+\s*e\s*$", model, re.MULTILINE | re.DOTALL)
    assert written
    return " ".join(written[1].split()).replace("[", "(").replace("]", ")")


@dataclass(frozen=True)
class CaseProblem(MeasuredProblem):
    """Right: the law is the form that is wanted, with its constants in their ranges, or leaves no more of the rows and
    of those outside the range than it may."""

    columns: tuple[str, ...] = ()
    test: tuple[tuple[tuple[float, ...], float], ...] = ()

    def is_right(self, law: Candidate) -> bool:
        want, rows = self.record, self.task.labelled
        x = np.array([row.inputs for row in rows], dtype=np.float64).T
        y = np.array([row.output for row in rows], dtype=np.float64)
        found = values_of(law, x)
        with np.errstate(all="ignore"):
            rest = np.log(y) - np.log(found) if want.get("scale") == "log" else y - found
            rms = float(np.sqrt(np.mean(rest**2)))
        met = [rms <= want["rms_at_most"]] if want["rms_at_most"] is not None else []
        if want["test"]:
            met.append(self.holds_outside(law, want["test"]))
        if met and all(met):
            return True
        forms = [want["form"]] if isinstance(want["form"], str) else want["form"] or []
        near = not rms > want.get("form_rms_at_most", np.inf)
        return near and any(self.is_form(form, law, x) for form in forms)

    def holds_outside(self, law: Candidate, wanted: dict[str, float]) -> bool:
        x = np.array([inputs for inputs, _ in self.test], dtype=np.float64).T
        y, found = np.array([output for _, output in self.test]), values_of(law, x)
        if "r2_at_least" in wanted:
            spread = np.mean((y - y.mean()) ** 2)
            return bool(1 - np.mean((found - y) ** 2) / spread >= wanted["r2_at_least"])
        off = np.where(np.isfinite(found), np.abs(found / y - 1), np.inf)
        return bool(np.median(off) <= wanted["median_relative_error_at_most"])

    def is_form(self, text: str, law: Candidate, x: Floats) -> bool:
        """Whether constants within their ranges give the law's values, among the rows and beyond them."""
        from scipy.optimize import least_squares

        names = sorted(set(re.findall(r"\bc\d+\b", text)))
        limits = np.array([self.record["constants"][name] for name in names]).reshape(-1, 2).T
        places = [self.columns.index(header) for header in self.record["inputs"].values() if header in self.columns]
        if len(places) < len(self.record["inputs"]):
            return False
        try:
            form = Formula(text, [*self.record["inputs"], *names])
        except InputError:  # a form with cases, which no law is written with
            return False
        points = np.concatenate([x, beyond(x)], axis=1)
        wanted = values_of(law, points)
        good = np.isfinite(wanted)
        inputs = points[places][:, good]
        scale = np.abs(wanted[good]) + 1e-3 * np.abs(wanted[good]).max(initial=0.0)

        def rest(constants: Floats) -> Floats:
            with np.errstate(all="ignore"):
                every = np.concatenate([inputs, np.repeat(constants[:, None], inputs.shape[1], axis=1)])
                off = (form(every) - wanted[good]) / scale
            return np.where(np.isfinite(off), np.clip(off, -1e6, 1e6), 0.0)

        rng = np.random.default_rng(1)
        for i in range(STARTS):
            start = limits.mean(axis=0) if not i else rng.uniform(*limits)
            solved = least_squares(rest, start, x_scale=np.maximum(np.ptp(limits, axis=0), 1e-12), max_nfev=400)
            slack = 1e-4 * np.abs(limits)
            inside = (solved.x >= limits[0] - slack[0]).all() and (solved.x <= limits[1] + slack[1]).all()
            if inside and np.abs(rest(solved.x)).max(initial=0.0) < AGREEMENT:
                return True
        return False


def beyond(x: Floats) -> Floats:
    """Points over three times the range of each input, upwards where it is never negative."""
    rng = np.random.default_rng(SEED)
    columns = []
    for column in x:
        low, high = float(column.min()), float(column.max())
        ends = (low, low + 3 * (high - low)) if low >= 0 else (2 * low - high, 2 * high - low)
        columns.append(rng.permutation(np.linspace(*ends, POINTS)))
    return np.array(columns)


@dataclass(frozen=True)
class Scientists(Suite):
    """Tables as scientists have them, learned from as they would ask."""

    def problems(self, data: Path) -> Iterator[CaseProblem]:  # type: ignore[override]
        for folder in sorted((data / self.file).resolve().glob("*/")):
            if (folder / "want.json").exists():
                problem = case_problem(folder)
                if problem is not None:
                    yield problem


def case_problem(folder: Path) -> CaseProblem | None:
    """A case from its folder; None where the criteria are about categories, which are no columns of numbers."""
    words = shlex.split(read(folder / "cmd.txt"))
    options: dict[str, Any] = dict(zip(words[3::2], words[4::2], strict=False))
    read_ = read_task(str(folder / "data.csv"), options["--target"], texts=False, as_text=False)
    task = read_.task
    of_numbers = [i for i, v in enumerate(task.inputs) if v.type.name in ("int", "float")]
    if errors := options.get("--errors"):
        place = next(i for i, c in enumerate(task.columns) if header_named(errors, [c]))
        of_numbers.remove(place)
        task = task.with_errors({row.number: float(row.inputs[place]) for row in task.labelled})
    task = task.only(of_numbers).of_floats()
    want = json.loads(read(folder / "want.json"))
    test = tuple(outside(folder / "test.csv", task)) if (folder / "test.csv").exists() else ()
    columns = tuple(task.columns)
    return CaseProblem(folder.name, replace(task, name=folder.name), want, columns=columns, test=test)


def outside(path: Path, task: Task) -> Iterator[tuple[tuple[float, ...], float]]:
    """The rows of a table by the columns of a task."""
    try:
        table = read_task(str(path), task.target, texts=False, as_text=False).task
    except InputError:
        return
    places = [table.columns.index(c) for c in task.columns]
    for row in table.labelled:
        yield tuple(float(row.inputs[i]) for i in places), float(row.output)


MEASURED_SUITES: dict[str, Suite] = {
    suite.name: suite
    for suite in (
        Nist("nist", "laws/nist", 10),
        Nist("nist-forms", "laws/nist", 10, with_forms=True),
        Scientists("scientists", "../cases/laws", 5),
    )
}
