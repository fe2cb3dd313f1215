"""The suite `field`: columns as people have them, read as the command line reads them.

A case is a folder with a table of which a few cells of the last column are filled in, the table as it should be, and
the command a person would give. Cells that stay empty are wrong here; what is asked and in doubt is counted by the
cases' own script.
"""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extrapolate.core.errors import InputError
from extrapolate.core.result import Result
from extrapolate.core.task import Row
from extrapolate.read.cells import text_of
from extrapolate.read.examples import read_task
from suites import Problem


class Column(Problem):
    """A column of a table; `unseen` holds the cells as they should be written."""

    def missed(self, result: Result) -> list[Row]:
        program = result.program
        if program is None:
            return list(self.unseen)
        like = [str(row.output) for row in self.task.labelled]
        answers = {row.number: program.answer(row.inputs) for row in self.task.unlabelled}

        def cell(row: Row) -> str:
            value = answers.get(row.number)
            return "" if value is None else text_of(value, self.task.output, like)

        return [row for row in self.unseen if cell(row) != row.output]


@dataclass(frozen=True)
class Field:
    """The cases of a folder beside the data."""

    name: str = "field"
    seconds: float = 10

    def problems(self, data: Path) -> Iterator[Problem]:
        folder = data.parent / "cases" / "text"
        if not folder.is_dir():
            raise InputError(f"there is no folder {folder}; say where the data are with --data.")
        for case in sorted(path.parent for path in folder.glob("*/cmd.txt")):
            command = shlex.split((case / "cmd.txt").read_text(encoding="utf-8"))
            if command[:2] != ["extrapolate", "learn"] or "--target" not in command:
                continue
            target = command[command.index("--target") + 1]
            read = read_task(str(case / command[2]), target, texts=None, as_text=None)
            wanted = cells(case / "want.csv")
            unseen = [Row((), wanted[row.number], row.number) for row in read.task.unlabelled if row.number in wanted]
            yield Column(case.name, read.task, tuple(unseen))


def cells(path: Path) -> dict[int, str]:
    """The last column of a table, by the numbers of the rows, of which the header is the first."""
    text = path.read_text(encoding="utf-8-sig")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    return {number: row[-1] for number, row in enumerate(rows, 1) if number > 1}
