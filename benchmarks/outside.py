"""Outside the range: a law of measurements beside what others make of the same rows, where they were not measured.

A line, gradient boosting of scikit-learn, gplearn, pyoperon, and for a curve the best of 26 textbook families. What is
judged is the median of how far each is off on the rows of `test.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from families import best_family
from formula import Formula
from law_peers import LawPeer
from measured_suites import CaseProblem

Floats = NDArray[np.float64]
Model = Callable[[Floats], Any]
GENETIC = ("gplearn", "pyoperon")
OURS, FAMILIES = "ours", "families"
# Two that are off by as much but for so small a part of it are as good.
AS_GOOD = 1e-3


@dataclass(frozen=True)
class Outside:
    """How far a model is off outside the range, in the median, in parts of the spread of the target there."""

    peer: str
    off: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.peer}: {self.off:7.2g}"


def compared(
    problem: CaseProblem, law: Callable[[], Model | None], peers: Sequence[LawPeer], seconds: float
) -> tuple[Outside, ...]:
    """Ours and the others on a case; nothing where it has no rows outside."""
    if not problem.test:
        return ()
    x, y = rows_of([(row.inputs, row.output) for row in problem.task.labelled])
    far, wanted = rows_of(problem.test)

    def judged(name: str, make: Callable[[], Model | None]) -> Outside:
        start = perf_counter()
        try:
            model = make()
            with np.errstate(all="ignore"):
                values = np.full(len(wanted), np.nan) if model is None else np.broadcast_to(model(far), wanted.shape)
        except (InputError, RecursionError, ValueError):
            values = np.full(len(wanted), np.nan)
        off = np.abs(np.asarray(values, dtype=np.float64) - wanted) / (np.ptp(wanted) or 1.0)
        return Outside(name, float(np.median(np.where(np.isfinite(off), off, np.inf))), perf_counter() - start)

    found = [judged(OURS, law)]
    found += [judged("line", lambda: line(x, y)), judged("boosting", lambda: boosting(x, y))]
    for peer in peers:
        found.append(judged(peer.name, lambda peer=peer: genetic(peer, x, y, seconds)))  # type: ignore[misc]
    if len(x) == 1:
        found.append(judged(FAMILIES, lambda: curve(x[0], y)))
    return tuple(found)


def rows_of(rows: Sequence[tuple[Sequence[float], float]]) -> tuple[Floats, Floats]:
    """Inputs `(n_inputs, n_rows)` and outputs."""
    return np.array([x for x, _ in rows], dtype=np.float64).T, np.array([y for _, y in rows], dtype=np.float64)


def line(x: Floats, y: Floats) -> Model:
    design = np.concatenate([np.ones((1, x.shape[1])), x])
    found, *_ = np.linalg.lstsq(design.T, y, rcond=None)
    return lambda far: found @ np.concatenate([np.ones((1, far.shape[1])), far])


def boosting(x: Floats, y: Floats) -> Model:
    from sklearn.ensemble import GradientBoostingRegressor

    model = GradientBoostingRegressor(random_state=0).fit(x.T, y)
    return lambda far: model.predict(far.T)


def genetic(peer: LawPeer, x: Floats, y: Floats, seconds: float) -> Model | None:
    reply = peer.search(x.T.tolist(), y.tolist(), seconds)
    if reply is None or reply["formula"] is None:
        return None
    return Formula(reply["formula"], [f"x{i}" for i in range(len(x))])


def curve(x: Floats, y: Floats) -> Model | None:
    best = best_family(x, y)
    return None if best is None else lambda far: best.values(far[0])


def closing_lines(every: Sequence[tuple[Outside, ...]]) -> list[str]:
    """How often ours is no worse outside than the best of the others, and than the family that is chosen."""
    cases = [{o.peer: o.off for o in case} for case in every if case]
    others = [(c[OURS], min(off for peer, off in c.items() if peer not in (OURS, FAMILIES))) for c in cases]
    families = [(c[OURS], c[FAMILIES]) for c in cases if FAMILIES in c]
    names = ", ".join(peer for peer in (cases[0] if cases else {}) if peer not in (OURS, FAMILIES))
    return [
        f"outside the range no worse than the best of {names}: {counted(others)}",
        f"outside the range no worse than 26 families by AICc: {counted(families)}",
    ]


def counted(pairs: Sequence[tuple[float, float]]) -> str:
    good = sum(own <= other * (1 + AS_GOOD) and np.isfinite(own) for own, other in pairs)
    return f"{good} of {len(pairs)}" + (f", {good / len(pairs):.0%}" if pairs else "")
