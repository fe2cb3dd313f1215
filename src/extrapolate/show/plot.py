r"""A law drawn: the measurements, the formula, the next candidates, and a baseline, inside and outside the range.

On the left they are drawn along the most telling input, beyond the measured range by its own width, while the other
inputs are at their medians. On the right stands what the law gives against what was measured, with the rows at the edge
of the range, which were held out from the search, marked. A baseline is fitted to the other rows alone.

`draw` makes a Figure of Matplotlib and `plot_law` writes it; neither touches pyplot.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.core.program import Program
from extrapolate.core.result import Result
from extrapolate.core.source import python_expression
from extrapolate.core.task import Task
from extrapolate.regression.law import Law
from extrapolate.regression.rows import columns_of, numbers_of, typical
from extrapolate.show.baseline import Baseline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FORMATS = ("png", "svg", "pdf")
SIZE, DPI = (11.0, 4.8), 150
POINTS, MANY = 400, 100
# A column that spans more than so many decades is drawn on a logarithmic axis.
DECADES = 2
TITLE_SIZES, TITLE_WIDTH = (17, 15, 13, 11, 9), 0.94
SUBTITLE, LONGEST_LINE, LONGEST_LABEL = 90, 110, 40
# How far a curve is followed beyond the points, in widths of their range, and the margin around.
FARTHEST, MARGIN = 1.0, 0.07
# Colours of Okabe and Ito, which differ in lightness too; lines differ by their dashes besides.
LAW, BASELINE, SHADE, BARS = "#000000", "#d55e00", "#e8eef4", "0.45"
OTHERS: tuple[dict[str, Any], ...] = (
    {"color": "#0072b2", "linestyle": (0, (5, 2))},
    {"color": "#56b4e9", "linestyle": (0, (1, 1.2))},
)


def plot_law(result: Result, path: str | Path, baseline: str | None = None) -> Path:
    """The path of the picture of a result's best law, written as PNG, SVG or PDF by its suffix.

    `baseline` is "boosting" or "mlp", a model of scikit-learn drawn beside it. InputError for a result without laws,
    another suffix, another baseline, and without Matplotlib, or scikit-learn where a baseline is asked for.
    """
    path = Path(path)
    check_format(path)
    figure = draw(result, baseline)
    try:
        figure.savefig(path, dpi=DPI)
    except OSError as error:
        raise InputError(f"{str(path)!r} can't be written ({error.strerror or error}).") from None
    return path


def check_format(path: str | Path) -> None:
    """InputError for a file whose suffix is none of a picture."""
    if Path(path).suffix.lower().removeprefix(".") not in FORMATS:
        raise InputError(f"{path} can't be drawn; give a file that ends in .{', .'.join(FORMATS)}.")


def draw(result: Result, baseline: str | None = None) -> Figure:
    """The picture as a Figure of Matplotlib; errors as those of `plot_law`."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError("Matplotlib is not installed; `pip install 'extrapolate[plot]'` brings it.") from None
    data = Data.of(result)
    model = (
        None if baseline is None else Baseline.fitted(baseline, np.array(data.numbers(data.x)), data.y, data.held_out)
    )
    figure = Figure(figsize=SIZE, layout="constrained")
    along, against = figure.subplots(1, 2, width_ratios=(1.45, 1))
    draw_along(along, data, model)
    draw_against(against, data, model)
    write_title(figure, data.law.program)
    return figure


@dataclass(frozen=True)
class Data:
    """The measurements behind a result as arrays `(n_rows,)`: the inputs, the target, and which rows were held out."""

    task: Task
    laws: tuple[Law, ...]
    x: Sequence[NDArray[Any]]
    y: Floats
    held_out: NDArray[np.bool_]

    @classmethod
    def of(cls, result: Result) -> Data:
        laws = tuple(c for c in result.candidates if isinstance(c, Law))
        if not laws:
            raise InputError("only laws can be drawn, and this result has none; learn it with language='laws'.")
        rows = result.task.labelled
        y = np.array([row.output for row in rows], dtype=np.float64)
        return cls(
            result.task, laws, columns_of(result.task), y, np.array([row.number in laws[0].held_out for row in rows])
        )

    @property
    def law(self) -> Law:
        return self.laws[0]

    def numbers(self, columns: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Those of columns that are numbers, which baselines are fitted to."""
        return [columns[i] for i in numbers_of(self.task)]

    def errors(self, i: int) -> Floats | None:
        """The standard errors of an input, or with -1 of the target, `(n_rows,)`; None where they are not known."""
        known = self.task.errors if i < 0 else self.task.input_errors.get(self.task.inputs[i].name)
        return np.array([known.get(row.number, 0.0) for row in self.task.labelled]) if known else None

    def label(self, i: int) -> str:
        """The name of an input, or with -1 of the target, and its unit: `L [m]`."""
        name = (*self.task.columns, self.task.target)[i]
        unit = self.task.units[i] if self.task.units else ""
        return f"{name} [{raised(unit)}]" if unit else name

    def place(self, i: int) -> str:
        """The median of an input with its name and unit, `L = 1.16 m`, or the commonest text."""
        unit = self.task.units[i] if self.task.units else ""
        value = self.medians[i]
        return f"{self.task.columns[i]} = {value if isinstance(value, str) else f'{value:.3g}'} {raised(unit)}".rstrip()

    @cached_property
    def medians(self) -> list[Any]:
        return [typical(column) for column in self.x]

    @cached_property
    def telling(self) -> int:
        """The place of the input along which the law changes most over the measured range."""
        swings = np.zeros(len(self.x))
        for i in numbers_of(self.task):
            column = self.x[i]
            values = self.law.program.over(self.at(i, np.linspace(column.min(), column.max(), POINTS)))
            finite = values[np.isfinite(values)]
            swings[i] = np.ptp(finite) if finite.size else 0.0
        return int(np.argmax(swings))

    def at(self, i: int, values: Floats) -> list[NDArray[Any]]:
        """Columns with these values of one input, and the medians of the others."""
        kinds = [column.dtype for column in self.x]
        return [values if j == i else np.full(len(values), m, kinds[j]) for j, m in enumerate(self.medians)]

    def moved(self, i: int) -> Floats:
        """The measurements as they would be with the other inputs at their medians, if the law holds."""
        program = self.law.program
        there, here = program.over(self.at(i, self.x[i])), program.over(list(self.x))
        return np.asarray(self.y * there / here if self.law.relative else self.y - here + there)


def draw_along(axes: Axes, data: Data, model: Baseline | None) -> None:
    """Everything along the most telling input."""
    i = data.telling
    column = data.x[i]
    points = data.moved(i) if len(data.x) > 1 else data.y
    log_x, log_y = spans_decades(column), spans_decades(points)
    grid = extended(column, log_x)
    columns = data.at(i, grid)
    axes.axvspan(column.min(), column.max(), color=SHADE, lw=0, zorder=0)
    curve = shown(data.law.program.over(columns))
    axes.plot(grid, curve, color=LAW, lw=1.6, label="the law", zorder=3)
    others = [(law.program, shown(law.program.over(columns))) for law in data.laws[1:]]
    differ = [(program, other) for program, other in others if not np.allclose(other, curve, equal_nan=True)]
    for (program, other), style in zip(differ, OTHERS, strict=False):
        axes.plot(grid, other, lw=1.8, label=f"next: {shortened(program)}", **style)
    if model is not None:
        axes.plot(grid, model.predict(data.numbers(columns)), color=BASELINE, lw=1.8, ls="-.", label=model.name)
    draw_points(axes, column, points, data.held_out, data.errors(i), data.errors(-1))
    if log_x:
        axes.set_xscale("log")
    if log_y:
        axes.set_yscale("log")
    axes.set(xlabel=data.label(i), ylabel=data.label(-1), xlim=(grid[0], grid[-1]), ylim=window(points, curve, log_y))
    middle = np.sqrt(column.min() * column.max()) if log_x else (column.min() + column.max()) / 2
    axes.text(
        middle, 0.012, "measured range", transform=axes.get_xaxis_transform(), ha="center", color="0.35", fontsize=8
    )
    if len(data.x) > 1:
        places = ", ".join(data.place(j) for j in range(len(data.x)) if j != i)
        said = f"at {places}; measurements are moved there by the law"
        axes.set_title("\n".join(textwrap.wrap(said, SUBTITLE)), fontsize=9, loc="left")
    axes.legend(fontsize=8, framealpha=0.9)


def draw_against(axes: Axes, data: Data, model: Baseline | None) -> None:
    """What the law and the baseline give against what was measured."""
    columns = list(data.x)
    values = data.law.program.over(columns)
    every = np.concatenate([data.y, shown(values)])
    logarithmic = spans_decades(every)
    if model is not None:
        guesses = model.predict(data.numbers(columns))
        style: dict[str, Any] = {"color": BASELINE, "linestyle": "none", "markersize": 5, "zorder": 2}
        axes.plot(data.y[~data.held_out], guesses[~data.held_out], marker="+", **style)
        axes.plot(data.y[data.held_out], guesses[data.held_out], marker="x", markeredgewidth=1.6, **style)
        every = np.concatenate([every, guesses])
    draw_points(axes, data.y, values, data.held_out, data.errors(-1))
    if logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
    ends = window(every, every, logarithmic)
    axes.plot(ends, ends, color="0.6", lw=1, zorder=1)
    axes.set(
        xlim=ends,
        ylim=ends,
        xlabel=f"measured {data.label(-1)}",
        ylabel="as given by the law" if model is None else f"as given by the law and the {model.name}",
        box_aspect=1,
    )
    lines = [("law", data.law.inside, data.law.outside)]
    if model is not None:
        lines.append((model.name, *model.scores))
    axes.text(
        0.03, 0.97, table(lines), transform=axes.transAxes, va="top", fontsize=8, family="monospace", zorder=4,
        bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "0.8", "alpha": 0.9},
    )  # fmt: skip


def table(lines: Sequence[tuple[str, float, float | None]]) -> str:
    """R squared inside the range and, where rows were held out, at its edge; a line for each name."""
    cells = [("R squared", "inside", "edge")]
    cells += [(name, f"{inside:.4f}", "" if edge is None else f"{edge:.4f}") for name, inside, edge in lines]
    if all(edge is None for *_, edge in lines):
        cells = [(name, inside, "") for name, inside, _ in cells]
    width = max(len(name) for name, *_ in cells)
    return "\n".join(f"{name:<{width}} {inside:>9} {edge:>9}".rstrip() for name, inside, edge in cells)


def raised(unit: str) -> str:
    """A unit with its powers set as such."""
    return re.sub(r"(?:\^|\*\*)([-\d.]+)", r"$^{\1}$", unit)


def draw_points(
    axes: Axes,
    x: Floats,
    y: Floats,
    held_out: NDArray[np.bool_],
    x_errors: Floats | None = None,
    y_errors: Floats | None = None,
) -> None:
    """Measurements, with bars where standard errors are known: circles, and filled diamonds for those at the edge;
    smaller ones where there are many."""
    size = 5.0 if len(x) <= MANY else 3.0
    if x_errors is not None or y_errors is not None:
        axes.errorbar(x, y, y_errors, x_errors, fmt="none", ecolor=BARS, elinewidth=0.9, zorder=2)
    style: dict[str, Any] = {"linestyle": "none", "color": LAW, "zorder": 4, "markeredgewidth": 0.8}
    axes.plot(x[~held_out], y[~held_out], marker="o", ms=size, markerfacecolor="white", label="measured", **style)
    if held_out.any():
        axes.plot(x[held_out], y[held_out], marker="D", ms=0.8 * size, label="measured, held out", **style)


def write_title(figure: Figure, program: Program) -> None:
    """The equation above the picture, as large as fits; in plain text where it is too long to be set in one line."""
    title = figure.suptitle(f"${program.latex()}$")
    for size in TITLE_SIZES:
        title.set_fontsize(size)
        if title.get_window_extent().width <= TITLE_WIDTH * figure.bbox.width:
            return
    text = f"{program.name} = {python_expression(program.expr)}"
    title.set_text("\n".join(textwrap.wrap(text.replace("np.", ""), LONGEST_LINE)))


def shortened(program: Program) -> str:
    return textwrap.shorten(python_expression(program.expr).replace("np.", ""), LONGEST_LABEL, placeholder=" ...")


def spans_decades(values: Floats) -> bool:
    """Whether values are better drawn on a logarithmic axis."""
    return bool(values.min() > 0 and values.max() > values.min() * 10**DECADES)


def extended(column: Floats, logarithmic: bool) -> Floats:
    """Points over the range of a column and beyond it by its own width, but not from positive to negative numbers."""
    low, high = float(column.min()), float(column.max())
    if logarithmic:
        return np.geomspace(low * low / high, high * high / low, POINTS)
    width = high - low
    start = low - width if low < 0 else max(low - width, 0.0)
    return np.linspace(start, high + width, POINTS)


def window(points: Floats, curve: Floats, logarithmic: bool) -> tuple[float, float]:
    """The limits of an axis: all points, and of the curve what is not too far from them."""
    change, back = (np.log10, lambda v: 10**v) if logarithmic else (np.asarray, float)
    with np.errstate(all="ignore"):
        near, far = change(points), change(curve)
    near, far = near[np.isfinite(near)], far[np.isfinite(far)]
    low, high = near.min(), near.max()
    width = (high - low) or abs(high) or 1.0
    low = max(min(low, far.min(initial=low)), low - FARTHEST * width)
    high = min(max(high, far.max(initial=high)), high + FARTHEST * width)
    margin = MARGIN * (high - low or width)
    return float(back(low - margin)), float(back(high + margin))


def shown(values: Floats) -> Floats:
    """The values without infinite ones, which can't be drawn."""
    return np.where(np.isfinite(values), values, np.nan)
