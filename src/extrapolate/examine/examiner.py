"""Examine: where a model stops making sense, one instrument after the other.

Each instrument has a share of the seconds. What a case costs is measured first; where the seconds don't suffice for all
cases, fewer are looked at, and the notes say how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from extrapolate.core.errors import InputError
from extrapolate.examine.checks import Fault, faults_of_data, faults_of_model
from extrapolate.examine.confidence import wilson
from extrapolate.examine.departures import Departure, changes_for, departures
from extrapolate.examine.examination import Examination, Filters, Targeted, chosen
from extrapolate.examine.generalise import Ring, generalisation
from extrapolate.examine.geometry import Shape, shape_of, sketched
from extrapolate.examine.other import Detection, detection
from extrapolate.nets.inputs import Values, picture_axes
from extrapolate.nets.model import Model, open_model
from extrapolate.nets.robustness import (
    FIRST_QUERIES,
    QUERIES,
    STEPS,
    TARGET_STEPS,
    TARGETS,
    Robustness,
    robust_accuracy,
)

# What each instrument may take of all seconds.
SHARES = {
    "set-up": 0.05,
    "layers": 0.15,
    "departures": 0.2,
    "generalisation": 0.05,
    "other data": 0.05,
    "adversarial": 0.4,
    "filters": 0.1,
}
FEWEST, MOST, MOST_LAYERED, MOST_ATTACKED = 32, 5000, 2000, 300
# Layers and channels of each whose filters are drawn, and the fewest steps that show something.
LAYERS_DRAWN, CHANNELS_DRAWN, FEWEST_STEPS = 3, 4, 30
# So many cases are changed into another class.
MOST_SHOWN = 8
# So many cases are timed together; a call of fewer takes as long.
TIMED = 64
# What an attack with a gradient costs for each case, in answers: a step takes as long as three.
ATTACK_COST = 3 * (STEPS + TARGETS * TARGET_STEPS) + FIRST_QUERIES
# Changes of a picture in 8 bits that a person hardly sees.
DEFAULT_EPS = 8 / 255
Progress = Callable[[str, float], None]


def examined(net: Any, x: Any, y: Any, seconds: float, name: str | None, **options: Any) -> Examination:
    """The report on a model; the options are those of `extrapolate.examine`."""
    model, x, y = open_model(net, name), np.asarray(x), np.asarray(y)
    try:
        return examiner(model, x, y, budget=seconds, **options).report()
    finally:
        if model is not net:
            model.restore()


def examiner(
    model: Model, x: Any, y: Any, *, other: Any, eps: float | None, target: Any, budget: float, **options: Any
) -> Examiner:
    """What examines a model on cases that fit it. InputError for what does not."""
    if x.ndim < 2 or y.ndim < 1 or len(x) != len(y) or not len(x):
        raise InputError(
            f"the cases have shape {x.shape} and their classes {y.shape}; give as many of each, (n, ...) and (n,)."
        )
    if x.dtype.kind not in "biuf":
        raise InputError(f"the cases are of type {x.dtype}; give arrays of numbers.")
    if not budget > 0 or (eps is not None and not 0 < eps <= 1):
        raise InputError(f"seconds={budget:g} and eps={eps} were given; give seconds above 0 and eps from 0 to 1.")
    data = list(faults_of_data(x, y))
    if bad := next((fault for fault in data if fault.name == "NaN"), None):
        raise InputError(str(bad))
    if other is not None and np.shape(other)[1:] != x.shape[1:]:
        raise InputError(f"other cases have shape {np.shape(other)[1:]} and these {x.shape[1:]}; give them the same.")
    one_hot = y.ndim == 2 and y.shape[1] > 1
    y = model.numbered(y.argmax(axis=1) if one_hot else y.reshape(len(y)))
    classes = model.scores(x[:2]).shape[1]
    if target is not None and not (
        isinstance(target, tuple | list) and len(target) == 2 and all(t in range(classes) for t in target)
    ):
        raise InputError(f"target={target!r} was given; give two of the classes 0 to {classes - 1}, as (1, 0).")
    wanted = None if target is None else (int(target[0]), int(target[1]))
    eps = DEFAULT_EPS if eps is None else eps
    return Examiner(model, x, y, other=other, eps=eps, target=wanted, budget=budget, faults=data, **options)


@dataclass
class Examiner:
    """One examination: what is measured with, and what is left of the seconds."""

    model: Model
    x: Any
    y: Any
    train: tuple[Any, Any] | None
    other: Any
    eps: float
    target: tuple[int, int] | None
    budget: float
    seed: int
    on_progress: Progress
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def report(self) -> Examination:
        self.case_cost, self.values = self.cost_of_a_case(), Values.of(self.x)
        self.faults += self.timed("set-up", self.faults_of_set_up)
        x, y = self.some(MOST, self.case_cost, self.budget * 0.1, "accuracy")
        right = int((self.model.scores(x).argmax(axis=1) == y).sum())
        return Examination(
            name=self.model.name,
            kind=self.model.kind,
            n=len(self.x),
            classes=self.model.scores(self.x[:1]).shape[1],
            accuracy=right / len(y),
            accuracy_interval=wilson(right, len(y)),
            faults=tuple(self.faults),
            layers=self.timed("layers", lambda: tuple(self.layers())),
            departures=self.timed("departures", self.departures),
            generalisation=self.timed("generalisation", self.generalisation),
            other=self.timed("other data", self.other_data),
            adversarial=self.timed("adversarial", self.adversarial),
            targeted=self.timed("targeted", self.targeted),
            filters=self.timed("filters", lambda: tuple(self.filters())),
            notes=tuple(self.notes),
            seconds=self.seconds,
            seed=self.seed,
            x=self.x,
            y=self.y,
        )

    def timed(self, name: str, instrument: Callable[[], Any]) -> Any:
        start = perf_counter()
        self.on_progress(name, 0.0)
        try:
            return instrument()
        finally:
            self.seconds[name] = round(perf_counter() - start, 2)
            self.on_progress(name, 1.0)

    def cost_of_a_case(self) -> float:
        """The seconds that an answer to one case takes."""
        some = self.x[:TIMED]
        self.model.scores(some[:8])
        start = perf_counter()
        self.model.scores(some)
        return (perf_counter() - start) / len(some)

    def faults_of_set_up(self) -> list[Fault]:
        tried = max(FEWEST, int(self.budget * SHARES["set-up"] / (8 * max(self.case_cost, 1e-9))))
        return list(faults_of_model(self.model, self.x, self.y, tried, self.seed))

    def some(self, most: int, cost: float, seconds: float, what: str) -> tuple[Any, Any]:
        """As many of the cases as the seconds allow, drawn at random, with their classes."""
        n = max(FEWEST, min(most, int(seconds / max(cost, 1e-9))))
        if n >= len(self.x):
            return self.x, self.y
        self.notes.append(f"{what}: {n:,} of {len(self.x):,} cases, drawn at random")
        return chosen(self.x, n, self.seed), chosen(self.y, n, self.seed)

    def layers(self) -> Iterator[tuple[Shape, Shape | None]]:
        if not self.model.has_gradients:
            self.notes.append(f"layers: {self.model.kind} can't be looked into")
            return
        x, y = self.some(MOST_LAYERED, 20 * self.case_cost, self.budget * SHARES["layers"], "layers")
        if len(np.unique(y)) < 2 or len(y) < FEWEST:
            self.notes.append("layers: too few cases or classes")
            return
        plain = self.model.untrained()
        if plain is None:
            self.notes.append("layers: no untrained net to compare with, as a layer can't draw its weights anew")
        own = {"input": x, **self.model.layers(x, sketched)}
        others = {} if plain is None else {"input": x, **plain.layers(x, sketched)}
        for i, (layer, values) in enumerate(own.items()):
            self.on_progress("layers", i / len(own))
            other = shape_of(layer, others[layer], y, self.seed) if layer in others else None
            yield shape_of(layer, values, y, self.seed), other

    def departures(self) -> tuple[Departure, ...]:
        steps = 1 + sum(len(change.levels) for change in changes_for(self.x))
        if steps == 1:
            self.notes.append(f"departures: none is known for data of shape {self.x.shape}")
            return ()
        x, y = self.some(MOST, steps * self.case_cost, self.budget * SHARES["departures"], "departures")
        found, start = [], perf_counter()
        for departure in departures(self.model.probabilities, x, y, seed=self.seed):
            found.append(departure)
            self.on_progress("departures", len(found) / steps)
            if perf_counter() - start > 2 * self.budget * SHARES["departures"]:
                self.notes.append(f"departures: {steps - len(found)} of {steps} were left out for want of time")
                break
        return tuple(found)

    def generalisation(self) -> tuple[Ring, ...]:
        if self.train is None:
            self.notes.append("generalisation: the cases it was trained on are needed too, as for other data")
            return ()
        known = np.asarray(self.train[0])
        if not changes_for(self.x) or known.shape[1:] != self.x.shape[1:] or len(known) < FEWEST:
            self.notes.append(f"generalisation: not known for data of shape {self.x.shape}")
            return ()
        most = int(self.budget * SHARES["generalisation"] / max(2 * self.case_cost, 1e-9))
        most = max(4 * FEWEST, min(MOST_LAYERED, most))
        found = generalisation(self.model.probabilities, known, self.x, self.y, most, self.seed)
        if not found:
            self.notes.append("generalisation: most training cases stand twice or more")
        return found

    def other_data(self) -> Detection | None:
        if self.other is None:
            return None
        if self.train is None:
            self.notes.append("other data: the cases it was trained on are needed too, train=(x, y)")
            return None
        most = int(self.budget * SHARES["other data"] / max(4 * self.case_cost, 1e-9))
        most = max(FEWEST, min(MOST_LAYERED, most))
        drawn = [chosen(np.asarray(cases), most, self.seed) for cases in (self.train[0], self.x, self.other)]
        if any(
            len(cases) < len(given) for cases, given in zip(drawn, (self.train[0], self.x, self.other), strict=True)
        ):
            self.notes.append(f"other data: at most {most:,} cases of each kind, drawn at random")
        return detection(self.model, *drawn)

    def adversarial(self) -> Robustness | None:
        if not self.model.has_gradients and picture_axes(self.x) is None and self.x.ndim != 2:
            self.notes.append("adversarial: neither pictures nor a table")
            return None
        seconds, queries = self.budget * SHARES["adversarial"], QUERIES
        if self.model.has_gradients:
            x, y = self.some(MOST_ATTACKED, self.case_cost * ATTACK_COST, seconds, "adversarial")
        else:
            x, y = self.some(TIMED, 0, seconds, "adversarial")
            queries = max(1, min(QUERIES, int(seconds / (TIMED * self.case_cost))))
            self.notes.append(
                f"adversarial: {self.model.kind} has no gradient, so {queries:,} changes were tried by chance"
            )
        found = robust_accuracy(
            self.model,
            x,
            y,
            self.eps,
            values=self.values,
            queries=queries,
            seconds=2 * seconds,
            seed=self.seed,
            on_progress=lambda share: self.on_progress("adversarial", share),
        )
        if not found.is_whole:
            self.notes.append("adversarial: not all attacks were made, for want of time")
        return found

    def targeted(self) -> Targeted | None:
        if self.target is None:
            return None
        if not self.model.has_gradients:
            self.notes.append(f"targeted: {self.model.kind} has no gradient")
            return None
        from extrapolate.nets.attack import as_net, changed_into

        source, wanted = self.target
        of_source = np.flatnonzero(self.y == source)[: 4 * MOST_SHOWN]
        right = (
            of_source[self.model.scores(self.x[of_source]).argmax(axis=1) == source] if len(of_source) else of_source
        )
        if not len(right):
            self.notes.append(f"targeted: no case of class {source} is right")
            return None
        before = self.x[right[:MOST_SHOWN]]
        low, high = self.values.around(before, self.eps)
        changed = changed_into(as_net(self.model), before, wanted, low, high, seed=self.seed)
        after = self.values.on_steps(changed, low, high)
        first, then = self.model.probabilities(before), self.model.probabilities(after)
        return Targeted(
            wanted=wanted,
            eps=self.eps,
            before=before,
            after=after,
            classes=tuple(int(c) for c in then.argmax(axis=1)),
            confidence_before=tuple(float(p) for p in first.max(axis=1)),
            confidence_after=tuple(float(p) for p in then.max(axis=1)),
            reached=float((then.argmax(axis=1) == wanted).mean()),
        )

    def filters(self) -> Iterator[Filters]:
        axes = picture_axes(self.x)
        if not self.model.has_gradients or axes is None:
            self.notes.append(f"filters: {'no pictures' if axes is None else f'{self.model.kind} has no gradient'}")
            return
        from extrapolate.nets.attack import as_net
        from extrapolate.nets.net import spread
        from extrapolate.nets.picture import STEPS, visualise

        net, low, width = as_net(self.model), float(np.min(self.values.low)), float(np.max(self.values.width))
        channel = next((axis for axis in range(1, self.x.ndim) if axis not in axes), None)
        colours = 1 if channel is None else self.x.shape[channel]
        size = (self.x.shape[axes[0]], self.x.shape[axes[1]])

        def prepare(x: Any) -> Any:
            x = low + width * x
            return x[:, 0] if channel is None else x.movedim(1, channel)

        def draw(layer: str, channels: tuple[int, ...], steps: int, done: float = 0.0) -> Any:
            return visualise(
                net, layer, channels, size=size, colours=colours, prepare=prepare, steps=steps, seed=self.seed,
                on_progress=lambda share: self.on_progress("filters", min(1.0, done + share / LAYERS_DRAWN)),
            )  # fmt: skip

        weighted = [name for name, layer in net.parts() if any(p.ndim > 1 for p in layer.parameters())]
        layers = spread(weighted, LAYERS_DRAWN + 1)[-LAYERS_DRAWN:]
        for i, layer in enumerate(layers):
            wide = net.width(layer, self.x[:2])
            if wide is None:
                self.notes.append(f"filters: layer {layer} has no channels")
                continue
            channels = tuple(int(c) for c in np.unique(np.linspace(0, wide - 1, CHANNELS_DRAWN).astype(int)))
            try:
                draw(layer, channels, 1)
            except InputError as error:
                self.notes.append(f"filters: {str(error).removesuffix('.')}")
                return
            start = perf_counter()
            draw(layer, channels, 1)
            seconds = self.budget * SHARES["filters"] / len(layers)
            steps = min(STEPS, int(seconds / (perf_counter() - start)))
            if steps < FEWEST_STEPS:
                self.notes.append(f"filters: those of layer {layer} were left out for want of time")
                continue
            yield Filters(layer, channels, draw(layer, channels, steps, i / len(layers)))
