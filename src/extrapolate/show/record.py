"""Results and words as plain data, for `--json`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.result import Candidate, Result
from extrapolate.core.source import python_expression
from extrapolate.core.word import Primitive
from extrapolate.regression.law import Law


def result_record(result: Result) -> dict[str, Any]:
    """The result as JSON data: the programs best first, what they answer, why the search stopped, what it counted."""
    task, counts = result.task, result.counts
    return {
        "solved": result.solved,
        "fitted": result.fitted,
        "stop": result.stop.name.lower(),
        "why": result.why,
        "name": task.name,
        "inputs": [[v.name, str(v.type)] for v in task.inputs],
        "output": str(task.output),
        **({"units": list(task.units)} if task.units else {}),
        "examples": len(task.labelled),
        "programs": [_candidate_record(c, result) for c in result.candidates],
        "questions": [{"row": q.row.number, "answers": q.answers} for q in result.questions],
        "doubts": [{"row": d.row.number, "answer": d.answer, "why": d.why} for d in result.doubts],
        "telling": result.telling and result.telling.record(),
        "counts": {
            "tried": counts.tried,
            "kept": counts.kept,
            "seconds": round(counts.seconds, 3),
            "programs_a_second": round(counts.rate),
        },
        "notes": list(result.notes),
    }


def _candidate_record(c: Candidate, result: Result) -> dict[str, Any]:
    return {
        "cost": c.cost,
        "score": c.score,
        "solves": c.solves,
        "expression": python_expression(c.program.expr),
        "source": c.program.source,
        **(_law_record(c) if isinstance(c, Law) else {}),
        "missed_rows": [row.number for row in c.missed],
        "answers": [
            {"row": row.number, "answer": value} for row, value in zip(result.task.unlabelled, c.answers, strict=True)
        ],
    }


def _law_record(law: Law) -> dict[str, Any]:
    return {
        "latex": _latex(law),
        "bits": law.score,
        "error": law.error,
        "misfit": law.misfit,
        "fit": law.fit.name.lower(),
        "verdict": law.verdict,
        "why": law.why,
        "inside": _finite(law.inside),
        "outside": _finite(law.outside),
        "shape": law.name,
        "constants": [
            {**({"name": q.name} if q.name else {}), "value": q.value, "error": _finite(q.error), "unit": q.unit}
            for q in law.constants
        ],
    }


def _latex(law: Law) -> str | None:
    """The equation, None where a word of it has no form in LaTeX."""
    try:
        return law.program.latex()
    except InputError:
        return None


def _finite(value: float | None) -> float | None:
    """The number, None for what JSON has no number for."""
    return value if value is not None and math.isfinite(value) else None


def word_records(words: Iterable[Primitive]) -> list[dict[str, Any]]:
    return [{"name": w.name, "type": w.signature, "cost": w.cost, "doc": w.doc} for w in words]
