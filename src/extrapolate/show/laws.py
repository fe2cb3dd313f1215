"""Laws in the terminal: the formula, the candidates by size and error, and the rows left open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from extrapolate.core.result import Result
from extrapolate.core.task import Task
from extrapolate.regression.law import Law
from extrapolate.regression.quantities import Quantity
from extrapolate.show.tables import Cells, show_preview, show_source, show_table


def show_law(result: Result, console: Console, latex: str | None = None) -> None:
    """The best law as Python, its equation in `latex` where that is given, all candidates, and the open rows."""
    best = result.candidates[0]
    console.print(headline(result.task), soft_wrap=True)
    console.print()
    show_source(best.program.source, console)
    if latex is not None:
        console.print()
        console.print(Text(latex), soft_wrap=True)
    console.print()
    titles = ("", "cost", *best.titles)
    rows: list[Cells] = [
        (">" if c is best else "", str(c.cost), *c.cells(result.task, best)) for c in result.candidates
    ]
    show_table(titles, rows, console, right=range(1, len(titles) - 1))
    if isinstance(best, Law) and best.constants:
        console.print()
        show_constants(best.constants, console)
    if result.task.unlabelled:
        console.print()
        show_preview(result, console, _written)


def show_constants(constants: Sequence[Quantity], console: Console) -> None:
    """Constants with their standard errors, and names and units where there are any."""
    has_names, has_units = any(q.name for q in constants), any(q.unit for q in constants)
    cells = [(q.name, f"{q.value:.6g}", _error(q.error), q.unit) for q in constants]
    titles = ("constant", "value" if has_names else "constant", "standard error", "unit")
    shown = slice(0 if has_names else 1, 4 if has_units else 3)
    show_table(titles[shown], [row[shown] for row in cells], console, right=range(has_names, has_names + 2))


def headline(task: Task) -> Text:
    """What is made of what, as in `period [yr] from axis [AU] and mu [AU^3/yr^2], 19 measurements`."""
    *inputs, target = with_units([*(v.name for v in task.inputs), task.name], task.units)
    sources = " and ".join(filter(None, [", ".join(inputs[:-1]), inputs[-1]]))
    known, unknown = len(task.labelled), len(task.unlabelled)
    rest = f", {unknown} open row{'s' * (unknown != 1)}" if unknown else ""
    return Text.assemble((target, "bold"), f" from {sources}, {known} measurements{rest}")


def with_units(names: Sequence[str], units: Sequence[str]) -> list[str]:
    """The names with their units behind them, as headers have them."""
    return [f"{n} [{u}]" if u else n for n, u in zip(names, units or [""] * len(names), strict=True)]


def _error(error: float) -> str:
    return f"{error:.2g}" if math.isfinite(error) else "not told"


def _written(value: Any) -> str:
    return "(none)" if value is None else f"{value:.6g}"
