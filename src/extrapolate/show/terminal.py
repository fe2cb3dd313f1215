"""Results, words and progress in the terminal; plain lines when there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.syntax import Syntax
from rich.text import Text

from extrapolate.primitive import Primitive
from extrapolate.read.cells import short
from extrapolate.read.hints import numbered
from extrapolate.result import Candidate, Counts, Progress, Result
from extrapolate.source import python_expression
from extrapolate.task import Row, Task

PREVIEWED = 8
QUESTIONS = 3
WIDEST_CELL = 40
SECONDS_A_LINE = 2.0
_OPTIONS = {"programs=": "--programs", "seconds=": "--seconds", "memory_mb=": "--memory"}

Cells = Sequence[str | Text]


def show_result(result: Result, console: Console) -> None:
    """The best program, the next candidates, the open rows, why the search stopped and what it counted."""
    task = result.task
    console.print(headline(task), soft_wrap=True)
    console.print()
    if result.program is not None:
        show_source(result.program.source, console)
        solving = [c for c in result.candidates[1:] if c.solves]
        if solving:
            console.print()
            _show_candidates(solving, task, "other programs", console)
    else:
        _show_unsolved(result, console)
    if task.unlabelled and result.candidates:
        console.print()
        _show_preview(result, console)
    console.print()
    for line in (*result.notes, stop_sentence(result), counts_sentence(result.counts)):
        console.print(Text(line, style="dim"), soft_wrap=True)


def headline(task: Task) -> Text:
    """The name, the types that were inferred and the number of examples, as in `best: (a: int) -> int, 5 examples`."""
    known, unknown = len(task.labelled), len(task.unlabelled)
    examples = f"{known} example{'s' * (known != 1)}"
    rest = f", {unknown} open row{'s' * (unknown != 1)}" if unknown else ""
    return Text.assemble((task.name, "bold"), f": {task.signature}, {examples}{rest}")


def show_source(source: str, console: Console) -> None:
    """Python code, in colour in a terminal."""
    if not console.is_terminal:
        console.file.write(source if source.endswith("\n") else f"{source}\n")
        return
    console.print(Syntax(source.rstrip(), "python", theme="ansi_dark", background_color="default", word_wrap=True))


def stop_sentence(result: Result) -> str:
    """Why the search stopped, with the options of the command line."""
    why = result.stop.value
    for argument, option in _OPTIONS.items():
        why = why.replace(argument, option)
    how = f"Solved at cost {result.candidates[0].cost}" if result.solved else "Not solved"
    return f"{how}: {why.removeprefix('solved: ')}."


def counts_sentence(counts: Counts) -> str:
    return (
        f"{counts.tried:,} programs tried, {counts.kept:,} kept, "
        f"{counts.seconds:.2f} s, {counts.rate:,.0f} programs a second."
    )


def show_words(words: Iterable[Primitive], console: Console) -> None:
    rows = [(Text(w.name, "bold"), Text(w.signature, "cyan"), str(w.cost), Text(w.doc, "dim")) for w in words]
    _show_table(("word", "type", "cost", "what it does"), rows, console, right=(2,))


@contextmanager
def watching(console: Console) -> Iterator[Callable[[Progress], None]]:
    """What to call with the progress of a search: a line that changes in a terminal, else a line now and then."""
    if not console.is_terminal:
        yield _PlainProgress(console)
        return
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        yield lambda progress: live.update(_progress_line(progress))


class _PlainProgress:
    def __init__(self, console: Console):
        self.console = console
        self.next = SECONDS_A_LINE

    def __call__(self, progress: Progress) -> None:
        if progress.counts.seconds >= self.next:
            self.next = progress.counts.seconds + SECONDS_A_LINE
            self.console.print(_progress_line(progress).plain, soft_wrap=True, highlight=False)


def _progress_line(progress: Progress) -> Text:
    counts = progress.counts
    best = python_expression(progress.best.expr) if progress.best else "nothing yet"
    return Text.assemble(
        ("searching ", "bold"),
        f"cost {progress.cost}, {counts.tried:,} programs, {counts.rate:,.0f} a second, {counts.seconds:.1f} s",
        (f"; best: {best}", "dim"),
        no_wrap=True,
        overflow="ellipsis",
    )


def _show_candidates(candidates: Sequence[Candidate], task: Task, title: str, console: Console) -> None:
    total = len(task.labelled)
    rows = [(str(c.cost), f"{total - len(c.missed)}/{total}", python_expression(c.program.expr)) for c in candidates]
    _show_table(("cost", "rows", title), rows, console, right=(0, 1))


def _show_unsolved(result: Result, console: Console) -> None:
    total = len(result.task.labelled)
    if not result.candidates:
        console.print(f"No program was found that is right on any of the {total} examples.", soft_wrap=True)
        return
    console.print(Text(f"No program was found that is right on all {total} examples. The nearest:", "bold"))
    console.print()
    rows = [
        (
            str(c.cost),
            f"{total - len(c.missed)}/{total}",
            numbered([row.number for row in c.missed]).removeprefix("rows ").removeprefix("row "),
            python_expression(c.program.expr),
        )
        for c in result.candidates
    ]
    _show_table(("cost", "rows", "misses", "program"), rows, console, right=(0, 1))
    first = result.candidates[0]
    console.print()
    console.print("What the first of them gives there:")
    console.print()
    missed: list[Cells] = [
        (*_row_cells(row), _shown(row.output), _shown(_value(first, row))) for row in first.missed[:PREVIEWED]
    ]
    _show_table((*_row_titles(result.task), "wanted", "given"), missed, console, right=(0,))


def _show_preview(result: Result, console: Console) -> None:
    """The open rows with the answers of the best program, and those on which good programs differ."""
    task, best = result.task, result.candidates[0]
    questions = {q.row.number: q.answers for q in result.questions}
    rows: list[Cells] = []
    for row, value in list(zip(task.unlabelled, best.answers, strict=True))[:PREVIEWED]:
        others = [_shown(a) for a in questions.get(row.number, ())[1:]]
        rows.append((*_row_cells(row), _shown(value), Text(f"or {' or '.join(others)}" if others else "", "yellow")))
    _show_table((*_row_titles(task), task.name, ""), rows, console, right=(0,))
    if len(task.unlabelled) > PREVIEWED:
        console.print(Text(f"and {len(task.unlabelled) - PREVIEWED:,} more", "dim"))
    for q in result.questions[:QUESTIONS]:
        answers = " or ".join(map(_shown, q.answers))
        sentence = f"Row {q.row.number} is open: {answers}; one more example settles it."
        console.print(Text(sentence, "yellow"), soft_wrap=True)


def _row_titles(task: Task) -> list[str]:
    return ["row", *(v.name for v in task.inputs)]


def _row_cells(row: Row) -> list[str]:
    return [str(row.number), *map(_shown, row.inputs)]


def _value(c: Candidate, row: Row) -> Any:
    try:
        return c.program(*row.inputs)
    except Exception:
        return None


def _shown(value: Any) -> str:
    return "(none)" if value is None else short(value, WIDEST_CELL)


def _show_table(titles: Sequence[str], rows: Sequence[Cells], console: Console, right: Sequence[int]) -> None:
    """Aligned columns without lines around them; in a terminal, what does not fit is cut."""
    cells = [[Text(t, "dim") for t in titles], *([Text(c) if isinstance(c, str) else c for c in r] for r in rows)]
    widths = [max(cell_len(line[i].plain) for line in cells) for i in range(len(titles))]
    for line in cells:
        shown = Text("  ", no_wrap=True, overflow="ellipsis" if console.is_terminal else "ignore")
        for i, (cell, width) in enumerate(zip(line, widths, strict=True)):
            space = " " * (width - cell_len(cell.plain))
            shown.append_text(Text.assemble(space, cell) if i in right else Text.assemble(cell, space))
            shown.append("  ")
        shown.rstrip()
        console.print(shown, soft_wrap=not console.is_terminal)
