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

from extrapolate.core.errors import InputError
from extrapolate.core.kind import parse_type
from extrapolate.core.result import Candidate, Result
from extrapolate.core.task import Row, Task
from extrapolate.core.types import Type
from extrapolate.core.values import equal

Record = dict[str, Any]


class Problem(NamedTuple):
    """What is learned and how it is checked: a search sees the rows of `task` and never those of `unseen`."""

    name: str
    task: Task
    unseen: tuple[Row, ...]
    record: Record = {}  # noqa: RUF012
    language: str | None = None

    def found(self, result: Result) -> Candidate | None:
        return result.candidates[0] if result.solved else None

    def missed(self, result: Result) -> list[Row]:
        """The unseen rows on which the program is not exactly right; all of them when none was found."""
        if result.program is None:
            return list(self.unseen)
        return [row for row in self.unseen if not _agrees(result.program, row, self.task)]

    def is_right(self, program: Callable[..., Any]) -> bool:
        return all(_agrees(program, row, self.task) for row in self.unseen)


def _agrees(program: Callable[..., Any], row: Row, task: Task) -> bool:
    try:
        value = program(*row.inputs)
    except Exception:  # whatever a program raises on a row it has not seen, it has no value there
        return row.output is None
    return value == "" if row.output is None else equal(value, row.output, task.output)


@dataclass(frozen=True)
class Suite:
    """A file of records: those `wanted`, each learned from its first `seen` examples (None: from all).

    With `distinct`, those are the first rows with different inputs; with `open_rows`, the inputs of the other rows are
    given too, as they are in a column of which some cells are filled in.
    """

    name: str
    file: str
    seconds: float
    seen: int | None = None
    wanted: Callable[[Record], bool] = lambda record: True
    distinct: bool = False
    open_rows: bool = False

    def problems(self, data: Path) -> Iterator[Problem]:
        records = self.records(data)
        for record in filter(self.wanted, records):
            yield self.problem(record)

    def records(self, data: Path) -> list[Record]:
        found: list[Record] = json.loads(read(data / self.file))
        return found

    def problem(self, record: Record) -> Problem:
        rows = _rows(record["examples"])
        if self.distinct:
            first: dict[str, Row] = {}
            for row in rows:
                first.setdefault(repr(row.inputs), row)
            given = _with_an_output(list(first.values()), self.seen or len(first))
        else:
            given = rows[: self.seen]
        rest = [] if self.seen is None else [row for row in rows if row not in given]
        unseen = (*rest, *_rows(record.get("test", ())))
        hidden = [row._replace(output=None) for row in rest] if self.open_rows else []
        task = Task.from_rows(
            [*given, *hidden],
            name=record["name"],
            types=[*map(_type, record["inputs"]), _type(record["output"])],
        )
        return Problem(record["name"], task, unseen, record)


@dataclass(frozen=True)
class Variants(Suite):
    """Families with a short and a long variant: learned from the short one, checked on the long one."""

    def problems(self, data: Path) -> Iterator[Problem]:
        families: dict[str, dict[str, Record]] = {}
        for record in self.records(data):
            families.setdefault(record["family"], {}).setdefault(record["variant"], record)
        for variants in families.values():
            short = variants.get("short") or variants.get("small")
            if short and "long" in variants:
                yield self.problem({**short, "test": variants["long"]["examples"]})


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}); say where the data are with --data.") from None


_TYPES = {"String": "text", "Int": "int", "Bool": "bool"}


def _type(name: str) -> Type:
    return parse_type(_TYPES.get(name, name))


def _rows(examples: Any) -> list[Row]:
    """Rows of the examples; cells of text that hold nothing are empty."""
    return [
        Row(tuple("" if cell is None else cell for cell in e["in"]), e["out"], number)
        for number, e in enumerate(examples, 1)
    ]


def _with_an_output(rows: list[Row], n: int) -> list[Row]:
    """The first rows, at least `n`, and one of them with an output: without any there is nothing to learn."""
    return rows[: max(n, 1 + next(i for i, row in enumerate(rows) if row.output is not None))]


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
        Suite("sygus", "text/sygus_slia.json", 10),
        Variants("sygus-unseen", "text/sygus_slia.json", 10),
        Suite("bustle", "text/bustle.json", 30, wanted=lambda r: r["set"] == "new"),
        Suite("prose", "text/prose_text.json", 10, seen=3, distinct=True, open_rows=True),
        Suite("physics", "laws/physics_vectors.json", 10),
        Suite("recursion", "lists/recursion.json", 60, wanted=_is_plain),
    )
}
