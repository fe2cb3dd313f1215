"""Results, words and progress in the terminal; plain lines when there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from extrapolate.core.hints import numbered
from extrapolate.core.result import Candidate, Counts, Progress, Result, Stop
from extrapolate.core.source import python_expression
from extrapolate.core.task import Row, Task
from extrapolate.core.word import Primitive
from extrapolate.regression.law import Law
from extrapolate.show.laws import show_law
from extrapolate.show.tables import (
    PREVIEWED,
    Cells,
    row_cells,
    row_titles,
    show_preview,
    show_source,
    show_table,
    shown,
)

SECONDS_A_LINE = 2.0
_OPTIONS = {"programs=": "--programs", "seconds=": "--seconds", "memory_mb=": "--memory"}


def show_result(result: Result, console: Console, latex: str | None = None) -> None:
    """The best program, the next candidates, the open rows, why the search stopped and what it counted.

    A law is shown with its equation in `latex`, where that is given.
    """
    notes = result.notes
    if is_law(result):
        show_law(result, console, latex)
        notes = [f"{note[:1].upper()}{note[1:]}." for note in notes]
    else:
        _show_programs(result, console)
    console.print()
    for note in notes:
        console.print(Text(note, style="" if is_law(result) else "dim"), soft_wrap=True)
    for line in (stop_sentence(result), counts_sentence(result.counts)):
        console.print(Text(line, style="dim"), soft_wrap=True)


def is_law(result: Result) -> bool:
    return bool(result.candidates) and isinstance(result.candidates[0], Law)


def _show_programs(result: Result, console: Console) -> None:
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
        show_preview(result, console)


def headline(task: Task) -> Text:
    """The name, the types that were inferred and the number of examples, as in `best: (a: int) -> int, 5 examples`."""
    known, unknown = len(task.labelled), len(task.unlabelled)
    examples = f"{known} example{'s' * (known != 1)}"
    rest = f", {unknown} open row{'s' * (unknown != 1)}" if unknown else ""
    return Text.assemble((task.name, "bold"), f": {task.signature}, {examples}{rest}")


def stop_sentence(result: Result) -> str:
    """Why the search stopped, with the options of the command line."""
    why = result.why
    for argument, option in _OPTIONS.items():
        why = why.replace(argument, option)
    how = f"Solved at cost {result.candidates[0].cost}" if result.solved else "Not solved"
    if is_law(result) and not (result.solved and result.stop is Stop.SOLVED):
        how = "Stopped"
    return f"{how}: {why.removeprefix('solved: ')}."


def doubt_sentence(result: Result, left: Collection[int] = ()) -> str:
    """How many answers are in doubt, in which rows, and what to do about it; those `left` were not filled in."""
    rows = sorted(result.unsure)
    first = result.questions[0].row.number
    n, every = len(rows), len(result.task.unlabelled)
    fate = ""
    if left:
        long = result.candidates[0].is_long(result.task.evidence)
        fate = " and left empty" + (" (--accept fills them in)" if long and len(left) == len(result.doubts) else "")
    return (
        f"{n} of {every} answer{'s' * (every != 1)} {'is' if n == 1 else 'are'} in doubt{fate}: {numbered(rows)}. "
        f"Tell one: --answer {first}=VALUE."
    )


def counts_sentence(counts: Counts) -> str:
    return (
        f"{counts.tried:,} programs tried, {counts.kept:,} kept, "
        f"{counts.seconds:.2f} s, {counts.rate:,.0f} programs a second."
    )


def show_words(words: Iterable[Primitive], console: Console) -> None:
    rows = [(Text(w.name, "bold"), Text(w.signature, "cyan"), str(w.cost), Text(w.doc, "dim")) for w in words]
    show_table(("word", "type", "cost", "what it does"), rows, console, right=(2,))


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
    show_table(("cost", "rows", title), rows, console, right=(0, 1))


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
    show_table(("cost", "rows", "misses", "program"), rows, console, right=(0, 1))
    first = result.candidates[0]
    console.print()
    console.print("What the first of them gives there:")
    console.print()
    missed: list[Cells] = [
        (*row_cells(row), shown(row.output), shown(_value(first, row))) for row in first.missed[:PREVIEWED]
    ]
    show_table((*row_titles(result.task), "wanted", "given"), missed, console, right=(0,))


def _value(c: Candidate, row: Row) -> Any:
    try:
        return c.program(*row.inputs)
    except Exception:
        return None
