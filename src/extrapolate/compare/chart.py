"""Comparisons drawn and told: lines over the distance, with the range that was seen in grey; a page; a table."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extrapolate.compare.comparison import PROGRAM, Comparison, Curve, Point
from extrapolate.core.errors import InputError, require_package
from extrapolate.core.files import write_text, written
from extrapolate.examine.page import document, grid, is_far, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMS = ("html", "png", "svg", "pdf", "json")
# Colours of Okabe and Ito, with marks that differ too: the program's, then those of nets.
STYLES = (("#0072b2", "o", "-"), ("#d55e00", "s", "--"), ("#009e73", "^", "-."), ("#cc79a7", "D", ":"))
SEEN = "0.93"
# Errors below that are drawn there.
LEAST = 1e-4
DPI = 150
TABLE = """
table { border-collapse: collapse; } td, th { padding: .15rem .8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } pre { background: #f5f5f5; padding: .6rem; overflow: auto; }
"""


def check_form(path: str | Path) -> None:
    """InputError for a file whose suffix is none of a comparison."""
    if Path(path).suffix.lower().removeprefix(".") not in FORMS:
        raise InputError(f"{path} was given for the comparison; give a file that ends in .{', .'.join(FORMS)}.")


def save(comparisons: Sequence[Comparison], path: str | Path, *, force: bool = False) -> Path:
    """Writes comparisons beside each other: a page of HTML, a picture by its suffix, or the numbers (.json)."""
    check_form(path)
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form == "json":
        write_text(path, json(comparisons) + "\n", force=force)
    elif form == "html":
        write_text(path, page(comparisons), force=force)
    else:
        figure = drawn(comparisons)
        with written(path, force=force) as temporary:
            figure.savefig(temporary, dpi=DPI, format=form)
    return path


def json(comparisons: Sequence[Comparison]) -> str:
    """The numbers of one comparison, or a list of those of several."""
    records = [comparison.json() for comparison in comparisons]
    return records[0] if len(records) == 1 else f"[{', '.join(records)}]"


def drawn(comparisons: Sequence[Comparison]) -> Figure:
    """A figure with axes for each comparison. InputError without Matplotlib."""
    require_package("matplotlib", "a chart", "plot")
    figure, axes = grid(len(comparisons), 3, (4.6 * min(3, len(comparisons)) + 0.6, 3.8))
    for place, comparison in zip(axes, comparisons, strict=False):
        draw(place, comparison)
    return figure


def draw(axes: Axes, comparison: Comparison) -> None:
    x = spots(comparison)
    for (colour, mark, line), curve in zip(STYLES, comparison.curves, strict=False):
        known = [(spot, point) for spot, point in zip(x, curve.points, strict=True) if point is not None]
        y, low, high = (
            [height(value, comparison) for value in values]
            for values in zip(*[(p.value, p.low, p.high) for _, p in known], strict=True)
        )
        along = [spot for spot, _ in known]
        style: dict[str, Any] = {"color": colour, "marker": mark, "markersize": 5, "label": legend(curve, comparison)}
        style["zorder"] = 4 if curve.name == PROGRAM else 3
        if comparison.places[0].at is None:
            axes.plot(along, y, linestyle="none", **style)
            axes.vlines(along, low, high, color=colour, linewidth=4, alpha=0.3)
        else:
            axes.plot(along, y, linestyle=line, **style)
            axes.fill_between(along, low, high, color=colour, alpha=0.15, linewidth=0)
    if comparison.places[0].at is not None and is_far(x):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, place: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    if comparison.problem.has_names:
        labels = [literal(place.label) for place in comparison.places]
        axes.set_xticks(x, labels, rotation=35, ha="right", fontsize=8)
    edge = end_of_range(comparison, x)
    if edge is not None:
        left, right = axes.get_xlim()
        axes.axvspan(left, max(edge, left), color=SEEN, linewidth=0, zorder=0)
        axes.set_xlim(left, right)
    if comparison.problem.is_measured:
        axes.set_yscale("log")
        axes.set_ylim(LEAST / 1.5, max(2.0, axes.get_ylim()[1]))
        axes.set_ylabel("median error", fontsize=9)
        ticks = [10.0**power for power in range(-4, 7) if 10**power <= axes.get_ylim()[1]]
        axes.set_yticks(ticks, ["≤ 0.01%", *(f"{t:,.1%}".replace(".0%", "%") for t in ticks[1:])])
    else:
        axes.set_ylim(-0.03, 1.05)
        axes.set_ylabel("right", fontsize=9)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.minorticks_off()
    axes.set_xlabel(literal(comparison.problem.axis), fontsize=9)
    axes.set_title(literal(title(comparison)), fontsize=10)
    axes.tick_params(labelsize=8)
    axes.legend(fontsize=8, framealpha=0.9)


def spots(comparison: Comparison) -> list[float]:
    """Where the places stand on the axis."""
    known = [place.at for place in comparison.places if place.at is not None]
    return known if len(known) == len(comparison.places) else list(range(len(comparison.places)))


def end_of_range(comparison: Comparison, x: Sequence[float]) -> float | None:
    """Where the range ends that was seen: of places with names alone, half way to the first outside."""
    if comparison.problem.edge is not None:
        return comparison.problem.edge
    inside = [spot for spot, place in zip(x, comparison.places, strict=True) if place.is_inside]
    return max(inside) + 0.5 if inside else None


def height(value: float, comparison: Comparison) -> float:
    """A value as it is drawn: errors not below the least, and not endless."""
    return min(max(value, LEAST), 1e6) if comparison.problem.is_measured else value


def literal(text: str) -> str:
    """A text as Matplotlib shows it, in which a dollar begins no formula."""
    return text.replace("$", r"\$")


def title(comparison: Comparison) -> str:
    return comparison.name.replace("_", " ")


def legend(curve: Curve, comparison: Comparison) -> str:
    if curve.name != PROGRAM:
        return curve.name
    if not comparison.problem.is_true:
        return "program, which gives the answers"
    return f"program, from {len(comparison.problem.shown.labelled):,} rows"


# Told


def lines(comparison: Comparison) -> Iterator[str]:
    """The comparison as lines of text: what was learned, a table, how nets were trained, and what to know of it."""
    yield f"{comparison.name}: {comparison.measure}"
    yield ""
    yield from (row.rstrip() for row in aligned(table(comparison)))
    yield ""
    yield from remarks(comparison)


def remarks(comparison: Comparison) -> Iterator[str]:
    """How each was learned or trained, and what is to be known of the comparison."""
    for curve in comparison.curves:
        yield f"{curve.name}: {curve.how}. {curve.seconds:g} s."
    if any(point is None for curve in comparison.curves for point in curve.points):
        yield "-: not asked, as it was right nowhere at two places before."
    yield from (f"{note[:1].upper()}{note[1:]}." for note in comparison.notes)


def table(comparison: Comparison) -> list[list[str]]:
    """A header, and a row for each place: where it is, how many rows, what each learner reaches."""
    rows = [[comparison.problem.axis, "rows", *(curve.name for curve in comparison.curves)]]
    several = sum(place.is_inside for place in comparison.places) > 1
    for i, place in enumerate(comparison.places):
        cells = [shown(curve.points[i], curve) for curve in comparison.curves]
        rows.append([place.label + " (inside)" * (several and place.is_inside), f"{len(place.rows):,}", *cells])
    return rows


def shown(point: Point | None, curve: Curve) -> str:
    """A point as text, with its least and largest seed where they differ."""
    if point is None:
        return "-"
    digits = percent(point.value)
    if curve.name == PROGRAM or percent(point.low) == percent(point.high):
        return digits
    return f"{digits} ({percent(point.low)} to {percent(point.high)})"


def percent(value: float) -> str:
    if not math.isfinite(value):
        return "none"
    return f"{value:.0%}" if value >= 0.1 or value == 0 else f"{value:.2%}" if value < 0.001 else f"{value:.1%}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        yield "  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))])


def page(comparisons: Sequence[Comparison]) -> str:
    """A page of HTML that needs nothing else. InputError without Matplotlib."""
    name = " and ".join(c.name for c in comparisons)
    parts = [f"<h1>{html.escape(name)}: a program beside nets</h1>"]
    parts.append(
        "<p>Grey is what was seen in training. Bands of nets run from the least to the largest of "
        f"{comparisons[0].seeds} seeds, that of the program holds 95% of what its rows leave open.</p>"
    )
    for comparison in comparisons:
        parts += [f"<h2>{html.escape(title(comparison))}</h2>", picture(drawn([comparison]), comparison.measure)]
        if comparison.program is not None:
            parts.append(f"<pre>{html.escape(comparison.program.source)}</pre>")
        header, *rows = table(comparison)
        cells = "".join(f"<th>{html.escape(c)}</th>" for c in header)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in row)}</tr>" for row in rows)
        parts.append(f"<p>{html.escape(comparison.measure.capitalize())}:</p>")
        parts.append(f"<table><tr>{cells}</tr>{body}</table>")
        parts += [f"<p>{html.escape(remark)}</p>" for remark in remarks(comparison)]
    return document(f"{name}: a program beside nets", parts, TABLE)
