"""The suites: which records of which file make a suite, and which of their rows a search may see.

A record is `{"name", "inputs": [types], "output": type, "examples": [{"in": [...], "out": ...}, ...]}`,
with more rows under `"test"` where the benchmark gives some.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from extrapolate.errors import InputError
from extrapolate.result import Result
from extrapolate.task import Row, Task
from extrapolate.types import parse_type
from extrapolate.values import equal

Record = dict[str, Any]


class Problem(NamedTuple):
    """What is learned and how it is checked: a search sees the rows of `task` and never those of `unseen`."""

    name: str
    task: Task
    unseen: tuple[Row, ...]

    def missed(self, result: Result) -> list[Row]:
        """The unseen rows on which the program is not exactly right; all of them when none was found."""
        if result.program is None:
            return list(self.unseen)
        return [row for row in self.unseen if not _agrees(result.program, row, self.task)]


def _agrees(program: Callable[..., Any], row: Row, task: Task) -> bool:
    try:
        return equal(program(*row.inputs), row.output, task.output)
    except Exception:  # whatever a program raises on a row it has not seen, it is not right there
        return False


@dataclass(frozen=True)
class Suite:
    """A file of records: those `wanted`, each learned from its first `seen` examples (None: from all)."""

    name: str
    file: str
    seconds: float
    seen: int | None = None
    wanted: Callable[[Record], bool] = lambda record: True

    def problems(self, data: Path) -> Iterator[Problem]:
        path = data / self.file
        try:
            records = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path} can't be read ({error.strerror}); say where the data are with --data.") from None
        for record in filter(self.wanted, records):
            yield self.problem(record)

    def problem(self, record: Record) -> Problem:
        rows = _rows(record["examples"])
        task = Task.from_rows(
            rows[: self.seen],
            name=record["name"],
            types=[*map(parse_type, record["inputs"]), parse_type(record["output"])],
        )
        rest = [] if self.seen is None else rows[self.seen :]
        return Problem(record["name"], task, (*rest, *_rows(record.get("test", ()))))


def _rows(examples: Any) -> list[Row]:
    return [Row(tuple(e["in"]), e["out"], number) for number, e in enumerate(examples, 1)]


def _is_handwritten(record: Record) -> bool:
    return bool(record["group"] == "handwritten")


def _is_plain(record: Record) -> bool:
    """Whether all types of a record are bools, ints and lists of them."""
    names = [*record["inputs"], record["output"]]
    return {n.replace("list[", "").rstrip("]") for n in names} <= {"bool", "int"}


SUITES = {
    suite.name: suite
    for suite in (
        Suite("dreamcoder", "lists/dreamcoder_list.json", 10, seen=8),
        Suite("lambdabeam", "lists/lambdabeam.json", 60, wanted=lambda r: r["group"] == "handwritten"),
        Suite("lambdabeam-synthetic", "lists/lambdabeam.json", 60, wanted=lambda r: r["group"] != "handwritten"),
        Suite("list_functions", "lists/list_functions.json", 60, seen=8),
        Suite("recursion", "lists/recursion.json", 60, wanted=_is_plain),
    )
}
