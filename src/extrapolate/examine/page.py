"""An examination as one page of HTML that needs nothing else: sentences, charts and pictures."""

from __future__ import annotations

import base64
import html
import io
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from extrapolate.core.errors import require_package
from extrapolate.examine import summary
from extrapolate.examine.departures import Departure, changed_like, ends_of
from extrapolate.examine.examination import Examination, chosen
from extrapolate.nets.inputs import CHANNELS, picture_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colours of Okabe and Ito, which differ in lightness too.
RIGHT, SAID, PLAIN = "#0072b2", "#d55e00", "#999999"
DPI = 110
MOST_SHOWN = 8
# So many letters are as wide as a picture.
WIDTH = 22
# Distances that span so many times the least are drawn in logarithms.
SPREAD = 20
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .3rem; }
p { margin: .4rem 0; } img { max-width: 100%; } small, .note { color: #555; }
.fault { border-left: 4px solid #cc3311; padding: .2rem .8rem; background: #fdf1ee; }
"""


def page(report: Examination) -> str:
    """The page. InputError without Matplotlib."""
    require_package("matplotlib", "a report", "nets")
    parts = [f"<h1>{html.escape(report.name)}</h1>", *sentences(summary.summary(report))]
    parts += [f'<p class="fault">{html.escape(warning)}</p>' for warning in summary.warnings(report)]
    for title, section in (
        ("Away from the training data", departed(report)),
        ("Near its training data and far from it", generalised(report)),
        ("Small changes on purpose", attacked(report)),
        ("Data of another kind", sentences(summary.of_other_data(report))),
        ("Layer by layer", layered(report)),
        ("What it looks for", looked_for(report)),
        ("What was left out", noted(report)),
    ):
        body = list(section)
        parts += [f"<h2>{title}</h2>", *body] if body else []
    return document(f"{report.name}: where it stops making sense", parts)


def document(title: str, parts: Iterable[str], style: str = "") -> str:
    """A page of HTML with a title and a body of parts, that needs nothing else."""
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}{style}</style>\n'
        + "\n".join(parts)
        + "\n</html>\n"
    )


def sentences(found: Iterable[str]) -> Iterator[str]:
    yield from (f"<p>{html.escape(sentence)}</p>" for sentence in found)


# Instruments


def departed(report: Examination) -> Iterator[str]:
    changes = [list(group) for _, group in groupby(report.departures[1:], key=lambda d: d.name)]
    if not changes:
        return
    n = report.departures[0].n
    yield from sentences(
        [
            "Blue: how often it is right. Orange: how sure it says it is. Where orange is above blue, it is "
            "surer than it "
            f"may be. The bands hold 95% of what {n:,} cases leave open."
        ]
    )
    figure, axes = grid(len(changes), 3, (10, 2.6))
    for place, change in zip(axes, changes, strict=False):
        steps = [report.departures[0], *change]
        x = range(len(steps))
        for color, values, bands in (
            (RIGHT, [d.accuracy for d in steps], [d.accuracy_interval for d in steps]),
            (SAID, [d.confidence for d in steps], [d.confidence_interval for d in steps]),
        ):
            place.plot(x, values, color=color, marker="o", markersize=3)
            place.fill_between(x, [b[0] for b in bands], [b[1] for b in bands], color=color, alpha=0.15, linewidth=0)
        place.set_title(title_of(change), fontsize=10)
        place.set_xticks(x, ["as is", *(f"{d.level:g}" for d in change)], fontsize=8)
        place.set_ylim(0, 1.02)
        place.tick_params(labelsize=8)
    yield picture(figure, "accuracy and confidence, departure by departure")
    yield from mistakes(report)


def generalised(report: Examination) -> Iterator[str]:
    rings = report.generalisation
    if not rings:
        return
    yield from sentences(
        [
            "Each case, as it is or changed, by how far it is from the nearest training case; 1 is how far training "
            "cases are from each other. Blue: how often it is right, with a band that holds 95% of what the cases "
            "leave open. Orange: how sure it says it is.",
            *summary.of_generalisation(report),
        ]
    )
    figure, (place,) = grid(1, 1, (7, 3.2))
    x = [ring.middle for ring in rings]
    if is_far(x):
        place.set_xscale("log")
    place.plot(x, [ring.accuracy for ring in rings], color=RIGHT, marker="o", label="right")
    bands = [ring.accuracy_interval for ring in rings]
    place.fill_between(x, [b[0] for b in bands], [b[1] for b in bands], color=RIGHT, alpha=0.15, linewidth=0)
    place.plot(x, [ring.confidence for ring in rings], color=SAID, marker="s", linestyle="--", label="sure")
    place.set_xlabel("distance to the nearest training case", fontsize=9)
    place.set_ylim(0, 1.02)
    place.tick_params(labelsize=8)
    place.legend(fontsize=8)
    yield picture(figure, "accuracy and confidence against distance")


def looked_for(report: Examination) -> Iterator[str]:
    if not report.filters:
        return
    yield from sentences(
        [
            "Pictures drawn from nothing so that a channel of a layer answers most; in the last layer, a class. They "
            "show what it looks for, which need not be what a person sees."
        ]
    )
    for shown in report.filters:
        yield from sentences([f"Layer {shown.layer}:"])
        titles = [str(channel) for channel in shown.channels]
        yield picture(gallery([list(shown.pictures)], [titles], (0.0, 1.0)), f"what layer {shown.layer} looks for")


def title_of(change: Sequence[Departure]) -> str:
    """The name of a change with its unit."""
    unit = change[0].label.removeprefix(f"{change[0].name} {change[0].level:g}")
    return f"{change[0].name} …{unit}"


def mistakes(report: Examination) -> Iterator[str]:
    """The surest mistakes, as pictures, where the cases are pictures."""
    if picture_axes(report.x) is None or not report.departures:
        return
    worst = sorted(report.departures[1:], key=lambda d: -d.sure_and_wrong)
    surest = [(d, d.surest_mistakes[0]) for d in one_each(worst) if d.surest_mistakes][:MOST_SHOWN]
    if not surest:
        return
    x, y = (chosen(cases, report.departures[0].n, report.seed) for cases in (report.x, report.y))
    shown = [changed_like(x, d.name, d.level, report.seed)[place] for d, (place, _, _) in surest]
    titles = [f"{wrapped(d.label)}\n{y[i]} taken for {answer}, {sure:.0%}" for d, (i, answer, sure) in surest]
    yield from sentences(["The surest mistake of each kind:"])
    yield picture(gallery([shown], [titles], ends_of(report.x)), "surest mistakes")


def wrapped(label: str) -> str:
    """The label of a departure in lines that are as wide as a picture."""
    return "\n".join(textwrap.wrap(label, WIDTH))


def one_each(departures: Iterable[Departure]) -> list[Departure]:
    """The first departure of each kind."""
    return list({d.name: d for d in reversed(list(departures))}.values())[::-1]


def attacked(report: Examination) -> Iterator[str]:
    yield from sentences(summary.of_attacks(report))
    targeted, robust = report.targeted, report.adversarial
    if picture_axes(report.x) is None:
        return
    if robust is not None and robust.taken_for:
        x, y = (chosen(cases, robust.n, report.seed) for cases in (report.x, report.y))
        places = list(robust.taken_for)
        classes, surely = zip(*robust.taken_for.values(), strict=True)
        before, after = x[places], np.stack([robust.broken[place] for place in places])
        yield changes(report, before, after, robust.eps, [str(y[i]) for i in places], classes, surely)
    if targeted is not None:
        own = [f"{c:.1%} sure" for c in targeted.confidence_before]
        shown = targeted.before, targeted.after, targeted.eps
        yield changes(report, *shown, own, targeted.classes, targeted.confidence_after)


def changes(
    report: Examination,
    before: Any,
    after: Any,
    eps: float,
    titles: list[str],
    classes: Sequence[int],
    surely: Sequence[float],
) -> str:
    """Cases as they were, what was changed, enlarged, and what they are taken for then."""
    low, high = ends_of(report.x)
    change = (after - before) / (2 * eps) + (low + high) / 2
    enlarged = ["the change, enlarged", *[""] * (len(before) - 1)]
    last = [f"{k}, {c:.1%} sure" for k, c in zip(classes, surely, strict=True)]
    figure = gallery([list(before), list(change), list(after)], [titles, enlarged, last], (low, high))
    return picture(figure, "before, the change, after")


def layered(report: Examination) -> Iterator[str]:
    if not report.layers:
        return
    yield from sentences(
        [
            "Where a net uncrumples its data, they need fewer dimensions from layer to layer, a straight cut tells the "
            "classes apart better, and these lie further apart than they are wide. Grey is the same net untrained.",
            *summary.of_layers(report),
            "The layers: " + ", ".join(f"{i} = {pair[0].layer}" for i, pair in enumerate(report.layers)) + ".",
        ]
    )
    figure, axes = grid(3, 3, (10, 2.8))
    for place, title, attribute in zip(
        axes,
        ("intrinsic dimension", "held-out accuracy of a linear probe", "scatter within over between classes"),
        ("dimension", "probe", "scatter"),
        strict=False,
    ):
        for color, which in ((PLAIN, 1), (RIGHT, 0)):
            known = [(i, pair[which]) for i, pair in enumerate(report.layers) if pair[which] is not None]
            place.plot(
                [i for i, _ in known], [getattr(s, attribute) for _, s in known], color=color, marker="o", markersize=3
            )
        place.set_title(title, fontsize=10)
        place.set_xticks(range(len(report.layers)))
        place.tick_params(axis="x", labelsize=8)
        place.set_ylim(bottom=0)
        place.tick_params(axis="y", labelsize=8)
    yield picture(figure, "dimension, probe and scatter, layer by layer")
    yield from sentences(["Each case among the classes set on a circle, drawn to each by the probe's score for it:"])
    some = np.unique(np.linspace(0, len(report.layers) - 1, 5).round().astype(int)).tolist()
    figure, axes = grid(len(some), 5, (10, 2.2))
    for place, i in zip(axes, some, strict=False):
        shape = report.layers[i][0]
        place.scatter(
            *shape.places.T, c=shape.labels, s=12 if len(shape.places) < 100 else 3, cmap="tab10", linewidths=0
        )
        place.set_title(f"layer {i}", fontsize=9)
        place.set_aspect("equal")
        place.axis("off")
    yield picture(figure, "the classes come apart")


def noted(report: Examination) -> Iterator[str]:
    for note in report.notes:
        yield f'<p class="note">{html.escape(note)}.</p>'
    if report.seconds:
        times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items() if seconds >= 0.05)
        yield f'<p class="note">It took: {times or "less than a tenth of a second"}.</p>'


# Drawing


def grid(places: int, columns: int, size: tuple[float, float]) -> tuple[Figure, list[Any]]:
    """A figure with so many axes in so many columns; `size` is that of a row in inches."""
    from matplotlib.figure import Figure

    columns = min(places, columns)
    rows = -(-places // columns)
    figure = Figure(figsize=(size[0], size[1] * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for place in axes[places:]:
        place.axis("off")
    return figure, axes


def is_far(distances: Sequence[float]) -> bool:
    """Whether distances span so much that their logarithms are drawn."""
    return min(distances) > 0 and max(distances) > SPREAD * min(distances)


def gallery(rows: list[list[Any]], titles: list[list[str]], bounds: tuple[float, float]) -> Figure:
    """Pictures in rows, with a line above each."""
    columns = len(rows[0])
    figure, axes = grid(len(rows) * columns, columns, (1.25 * max(columns, 4), 1.6))
    for place, case, title in zip(
        axes, [c for row in rows for c in row], [t for row in titles for t in row], strict=False
    ):
        shown = (np.asarray(case, dtype=float) - bounds[0]) / (bounds[1] - bounds[0] or 1)
        if shown.ndim == 3:
            shown = np.moveaxis(shown, 0, -1) if shown.shape[0] in CHANNELS else shown
            shown = shown[..., 0] if shown.shape[-1] == 1 else shown
        place.imshow(np.clip(shown, 0, 1), cmap="gray", vmin=0, vmax=1)
        place.set_title(title, fontsize=7)
        place.axis("off")
    return figure


def picture(figure: Figure, what: str) -> str:
    """A figure inside the page."""
    data = io.BytesIO()
    figure.savefig(data, dpi=DPI, format="png")
    return f'<img alt="{html.escape(what)}" src="data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}">'
