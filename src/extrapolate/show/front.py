"""The front of error against length: the laws of which none is shorter and closer, as a table or a picture."""

from __future__ import annotations

import csv
import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from extrapolate.core.errors import InputError
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.show.plot import DPI, FORMATS, LAW

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE = ".csv"
# The size of the picture and of each line below it, in inches.
WIDTH, HEIGHT, LINE, LONGEST_FORMULA = 9.0, 4.4, 0.14, 110
OTHERS, FAINT = "#0072b2", 0.3


def check_front(path: str) -> None:
    """InputError for a file whose suffix is neither of a table nor of a picture."""
    if not path.lower().endswith((TABLE, *(f".{suffix}" for suffix in FORMATS))):
        raise InputError(f"{path} can't be written; give a file that ends in {TABLE}, .{', .'.join(FORMATS)}.")


def front_table(result: Result) -> str:
    """The candidates as CSV, the shortest first, with what each costs and leaves."""
    records = [
        {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in record.items()}
        for record in result.records()
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def draw_front(result: Result) -> Figure:
    """What each candidate leaves against its cost, as a Figure of Matplotlib; those of the front are numbered, and
    listed below."""
    from matplotlib.figure import Figure

    best, front = result.candidates[0], result.front
    figure = Figure((WIDTH, HEIGHT + LINE * len(front)), layout="constrained")
    axes = figure.subplots()
    least = min((c.left for c in result.candidates if c.left > 0), default=1.0)
    places = [(c.cost, c.left or least / 10) for c in front]  # what leaves nothing stands below the others
    axes.step(*zip(*places, strict=True), where="post", color=OTHERS, linewidth=1)
    lines = []
    for number, (c, place) in enumerate(zip(front, places, strict=True), 1):
        axes.plot(*place, "D" if c is best else "o", color=LAW if c is best else OTHERS, zorder=3)
        axes.annotate(str(number), place, (6, 6), textcoords="offset points")
        formula = python_expression(c.program.expr).replace("np.", "")
        lines.append(f"{number:>2}  {c.left:<8.2g} {textwrap.shorten(formula, LONGEST_FORMULA, placeholder=' ...')}")
    for c in result.candidates:
        if c not in front and c.left > 0:
            axes.plot(c.cost, c.left, "o", color=OTHERS, alpha=FAINT)
    axes.set_yscale("log")
    axes.set_xlabel("cost of the formula")
    axes.set_ylabel("misfit")
    axes.set_title(f"{result.task.target}: no law is both shorter and closer than one on the line", fontsize=11)
    figure.supxlabel("\n".join(lines), x=0.02, ha="left", fontsize=8, family="monospace")
    return figure


def write_front(result: Result, path: Path) -> None:
    """Writes the front as a table, or as a picture, by the suffix of the path."""
    if path.suffix.lower() == TABLE:
        path.write_text(front_table(result), encoding="utf-8")
    else:
        draw_front(result).savefig(path, dpi=DPI)
