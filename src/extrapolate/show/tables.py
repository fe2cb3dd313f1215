"""Tables, code and open rows in the terminal; what results of every kind are shown with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from extrapolate.core.result import Result
from extrapolate.core.task import Row, Task
from extrapolate.read.cells import short

PREVIEWED = 8
QUESTIONS = 3
WIDEST_CELL = 40

Cells = Sequence[str | Text]


def show_source(source: str, console: Console) -> None:
    """Python code, in colour in a terminal."""
    if not console.is_terminal:
        console.file.write(source if source.endswith("\n") else f"{source}\n")
        return
    console.print(Syntax(source.rstrip(), "python", theme="ansi_dark", background_color="default", word_wrap=True))


def show_preview(result: Result, console: Console, write: Callable[[Any], str] | None = None) -> None:
    """The open rows with the answers of the best program, and those on which good programs differ.

    `write` says how a value is written, where that is not as Python does.
    """
    write = write or shown
    task, best = result.task, result.candidates[0]
    questions = {q.row.number: q.answers for q in result.questions}
    doubts = {doubt.row.number: doubt.why for doubt in result.doubts}
    rows: list[Cells] = []
    for row, value in list(zip(task.unlabelled, best.answers, strict=True))[:PREVIEWED]:
        others = [write(a) for a in questions.get(row.number, ())[value is not None :]]
        asked = [
            *([f"or {' or '.join(others)}"] if others else []),
            *([doubts[n]] if (n := row.number) in doubts else []),
        ]
        rows.append((*row_cells(row), write(value), Text("; ".join(asked), "yellow")))
    show_table((*row_titles(task), task.name, ""), rows, console, right=(0,))
    if len(task.unlabelled) > PREVIEWED:
        console.print(Text(f"and {len(task.unlabelled) - PREVIEWED:,} more", "dim"))
    for q in [q for q in result.questions if q.answers][:QUESTIONS]:
        answers = " or ".join([*map(write, q.answers), *(["something else"] if len(q.answers) == 1 else [])])
        sentence = f"Row {q.row.number} is open: {answers}; an answer there tells."
        console.print(Text(sentence, "yellow"), soft_wrap=True)


def row_titles(task: Task) -> list[str]:
    return ["row", *(v.name for v in task.inputs)]


def row_cells(row: Row) -> list[str]:
    return [str(row.number), *map(shown, row.inputs)]


def shown(value: Any) -> str:
    return "(none)" if value is None else short(value, WIDEST_CELL)


def show_table(titles: Sequence[str], rows: Sequence[Cells], console: Console, right: Sequence[int]) -> None:
    """Aligned columns without lines around them; in a terminal, what does not fit is cut."""
    cells = [[Text(t, "dim") for t in titles], *([Text(c) if isinstance(c, str) else c for c in r] for r in rows)]
    widths = [max(cell_len(line[i].plain) for line in cells) for i in range(len(titles))]
    for line in cells:
        written = Text("  ", no_wrap=True, overflow="ellipsis" if console.is_terminal else "ignore")
        for i, (cell, width) in enumerate(zip(line, widths, strict=True)):
            space = " " * (width - cell_len(cell.plain))
            written.append_text(Text.assemble(space, cell) if i in right else Text.assemble(cell, space))
            written.append("  ")
        written.rstrip()
        console.print(written, soft_wrap=not console.is_terminal)
