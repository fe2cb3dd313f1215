"""Comparisons drawn and told: lines over the distance, with the range that was seen in grey; a page; a table."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extrapolate.compare.comparison import PROGRAM, Comparison, Curve, Point
from extrapolate.core.errors import require_package
from extrapolate.core.files import write_text, written
from extrapolate.examine.page import STYLE, grid, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURES = ("png", "svg", "pdf")
# Colours of Okabe and Ito, with marks that differ too: the program's, then those of nets.
STYLES = (("#0072b2", "o", "-"), ("#d55e00", "s", "--"), ("#009e73", "^", "-."), ("#cc79a7", "D", ":"))
SEEN = "0.93"
# Errors below that are drawn there.
LEAST = 1e-4
# Distances that span so many times the least are drawn in logarithms.
SPREAD = 20
DPI = 150
TABLE = """
table { border-collapse: collapse; } td, th { padding: .15rem .8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } pre { background: #f5f5f5; padding: .6rem; overflow: auto; }
"""


def save(comparisons: Sequence[Comparison], path: str | Path, *, force: bool = False) -> Path:
    """Writes comparisons beside each other: a page of HTML, a picture by its suffix, or the numbers (.json)."""
    from extrapolate.compare.comparison import check_path

    path = Path(path)
    check_path(path)
    if path.suffix == ".json":
        whole = [c.json() for c in comparisons]
        write_text(path, (whole[0] if len(whole) == 1 else f"[{', '.join(whole)}]") + "\n", force=force)
    elif path.suffix == ".html":
        write_text(path, page(comparisons), force=force)
    else:
        figure = drawn(comparisons)
        with written(path, force=force) as temporary:
            figure.savefig(temporary, dpi=DPI, format=path.suffix.lower().removeprefix("."))
    return path


def drawn(comparisons: Sequence[Comparison]) -> Figure:
    """A figure with axes for each comparison. InputError without Matplotlib."""
    require_package("matplotlib", "a chart", "plot")
    figure, axes = grid(len(comparisons), 3, (4.6 * min(3, len(comparisons)) + 0.6, 3.8))
    for place, comparison in zip(axes, comparisons, strict=False):
        draw(place, comparison)
    return figure


def draw(axes: Axes, comparison: Comparison) -> None:
    x, labels = spots(comparison)
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
    if is_far(comparison):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, place: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    if labels:
        axes.set_xticks(x, labels, rotation=35, ha="right", fontsize=8)
    edge = edge_of(comparison, x)
    if edge is not None:
        left, right = axes.get_xlim()
        axes.axvspan(left, edge, color=SEEN, linewidth=0, zorder=0)
        axes.set_xlim(left, right)
    if comparison.is_measured:
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
    axes.set_xlabel(comparison.axis, fontsize=9)
    axes.set_title(title(comparison), fontsize=10)
    axes.tick_params(labelsize=8)
    axes.legend(fontsize=8, framealpha=0.9)


def spots(comparison: Comparison) -> tuple[list[float], list[str]]:
    """Where the places stand on the axis, and what is written there where they have names."""
    labels = [place.label for place in comparison.places]
    known = [place.at for place in comparison.places if place.at is not None]
    if len(known) < len(labels):
        return list(range(len(labels))), labels
    has_names = not any(c.isdigit() for label in labels for c in label)
    return known, labels if has_names else []


def edge_of(comparison: Comparison, x: Sequence[float]) -> float | None:
    """Where the range ends that was seen: between the last place inside and the first outside."""
    inside = [spot for spot, place in zip(x, comparison.places, strict=True) if place.is_inside]
    after = [spot for spot, place in zip(x, comparison.places, strict=True) if not place.is_inside]
    if not inside or not after:
        return None
    a, b = max(inside), min(after)
    return math.sqrt(a * b) if is_far(comparison) else (a + b) / 2


def is_far(comparison: Comparison) -> bool:
    """Whether distances span so much that their logarithms are drawn."""
    at = [place.at for place in comparison.places]
    return all(a is not None and a > 0 for a in at) and max(at) > SPREAD * min(at)  # type: ignore[type-var, operator]


def height(value: float, comparison: Comparison) -> float:
    """A value as it is drawn: errors not below the least, and not endless."""
    return min(max(value, LEAST), 1e6) if comparison.is_measured else value


def title(comparison: Comparison) -> str:
    return comparison.name.replace("_", " ")


def legend(curve: Curve, comparison: Comparison) -> str:
    if curve.name != PROGRAM:
        return curve.name
    return f"program, from {comparison.shown:,} rows" if comparison.is_true else "program, which gives the answers"


# Told


def lines(comparison: Comparison) -> Iterator[str]:
    """The comparison as lines of text: what was learned, a table, how nets were trained, and what to know of it."""
    yield f"{comparison.name}: {comparison.measure}"
    yield ""
    yield from (row.rstrip() for row in aligned(table(comparison)))
    yield ""
    for curve in comparison.curves:
        yield f"{curve.name}: {curve.how}. {curve.seconds:g} s."
    yield from (f"{note}." for note in comparison.notes)


def table(comparison: Comparison) -> list[list[str]]:
    """A header, and a row for each place: where it is, how many rows, what each learner reaches."""
    rows = [[comparison.axis, "rows", *(curve.name for curve in comparison.curves)]]
    for i, place in enumerate(comparison.places):
        cells = [shown(curve.points[i], comparison, curve) for curve in comparison.curves]
        rows.append([place.label + (" (seen)" if place.is_inside else ""), f"{len(place.rows):,}", *cells])
    return rows


def shown(point: Point | None, comparison: Comparison, curve: Curve) -> str:
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
        for curve in comparison.curves:
            parts.append(f"<p>{html.escape(f'{curve.name}: {curve.how}. {curve.seconds:g} s.')}</p>")
        parts += [f'<p class="note">{html.escape(note)}.</p>' for note in comparison.notes]
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{html.escape(name)}</title>\n'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}{TABLE}</style>\n'
        + "\n".join(parts)
        + "\n</html>\n"
    )
