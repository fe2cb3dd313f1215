"""Results and words as plain data, for `--json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extrapolate.primitive import Primitive
from extrapolate.result import Candidate, Result
from extrapolate.source import python_expression


def result_record(result: Result) -> dict[str, Any]:
    """The result as JSON data: the programs best first, what they answer, why the search stopped, what it counted."""
    task, counts = result.task, result.counts
    return {
        "solved": result.solved,
        "stop": result.stop.name.lower(),
        "why": result.stop.value,
        "name": task.name,
        "inputs": [[v.name, str(v.type)] for v in task.inputs],
        "output": str(task.output),
        "examples": len(task.labelled),
        "programs": [_candidate_record(c, result) for c in result.candidates],
        "questions": [{"row": q.row.number, "answers": q.answers} for q in result.questions],
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
        "missed_rows": [row.number for row in c.missed],
        "answers": [
            {"row": row.number, "answer": value} for row, value in zip(result.task.unlabelled, c.answers, strict=True)
        ],
    }


def word_records(words: Iterable[Primitive]) -> list[dict[str, Any]]:
    return [{"name": w.name, "type": w.signature, "cost": w.cost, "doc": w.doc} for w in words]
