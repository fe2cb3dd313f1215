"""What an examination found, in sentences: printed by the command, and above the charts of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extrapolate.examine.departures import SURE

if TYPE_CHECKING:
    from extrapolate.examine.examination import Examination


def sentences(report: Examination) -> Iterator[str]:
    """All of them, and what was left out."""
    for about in (warnings, *ABOUT):
        yield from about(report)
    yield from (f"{note}." for note in report.notes)


def summary(report: Examination) -> Iterator[str]:
    """How often it is right, where it is most sure and wrong, and what is left of it under attack."""
    low, high = report.accuracy_interval
    yield (
        f"This is {report.kind} with {report.classes} classes; of {report.n:,} cases {report.accuracy:.1%} are right "
        f"({low:.1%} to {high:.1%})."
    )
    worst = max(report.departures[1:], key=lambda d: d.sure_and_wrong, default=None)
    if worst is not None and worst.sure_and_wrong:
        yield (
            f"It is most often sure and wrong with cases {worst.label}: then {worst.accuracy:.0%} are right, it is "
            f"{worst.confidence:.0%} sure on average, and {worst.sure_and_wrong:.0%} are wrong and surer than "
            f"{SURE:.0%}."
        )
    if (robust := report.adversarial) is not None:
        yield (
            f"When each value may change by {robust.eps:.1%} of its range, at most {robust.robust:.1%} of "
            f"{robust.n:,} cases stay right, of {robust.clean:.1%} before."
        )


def of_generalisation(report: Examination) -> Iterator[str]:
    """How right and how sure it is near the training cases and far away."""
    if report.generalisation:
        near, far = report.generalisation[0], report.generalisation[-1]
        yield (
            f"Of cases, most of them changed, that lie no further from a training case than {near.high:.1f} times what "
            f"these lie apart, {near.accuracy:.1%} are right, and it is {near.confidence:.1%} sure; further away than "
            f"{far.low:.1f} times, {far.accuracy:.1%} are right, and it is {far.confidence:.1%} sure."
        )


def warnings(report: Examination) -> Iterator[str]:
    """What is wrong with the set-up, and whether the gradient can be trusted."""
    yield from map(str, report.faults)
    if report.adversarial is not None:
        for sign in report.adversarial.masked:
            yield f"The gradient of this model can't be trusted: {sign}."


def of_attacks(report: Examination) -> Iterator[str]:
    if (robust := report.adversarial) is not None:
        steps = ", ".join(f"{count} ({name})" for name, count in robust.left.items())
        yield f"Right of {robust.n:,} cases after each attack in turn: {steps}. A better attack may leave fewer."
    if (targeted := report.targeted) is not None:
        yield (
            f"{targeted.reached:.0%} of {len(targeted.classes)} cases are taken for class {targeted.wanted} when each "
            f"value may change by {targeted.eps:.1%} of its range."
        )


def of_other_data(report: Examination) -> Iterator[str]:
    if (found := report.other) is not None:
        yield f"Of {found.n:,} cases of another kind, it is more than 99% sure of {found.sure:.0%}."
        yield (
            f"It tells a case of its own kind from one of the other in {found.by_probability:.1%} of pairs by how sure "
            f"it is, and in {found.by_neighbour:.1%} by the nearest training case in its layers."
        )


def of_layers(report: Examination) -> Iterator[str]:
    if report.layers:
        (first, _), (last, untrained) = report.layers[0], report.layers[-1]
        beside = "" if untrained is None else f", {untrained.probe:.0%} in the net untrained"
        yield (
            f"From {first.dimension:.1f} dimensions in the input to {last.dimension:.1f} in the last layer; a linear "
            f"probe is right for {first.probe:.0%} of the input and {last.probe:.0%} of the last layer{beside}."
        )


# What was found, in the order in which it is told.
ABOUT = (summary, of_generalisation, of_attacks, of_other_data, of_layers)
