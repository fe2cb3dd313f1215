"""Robust accuracy: how much of its accuracy the attacks leave a model, an upper bound; and whether its gradient can be
trusted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from extrapolate.nets.inputs import Values
from extrapolate.nets.model import Model
from extrapolate.nets.square import square

# Steps without a target, of which so many first, as they are enough for most cases; targets and steps for each; queries
# without a gradient, so many first, and the others only where the first broke what withstood the gradient.
STEPS, FIRST_STEPS, TARGETS, TARGET_STEPS = 100, 10, 4, 60
QUERIES, FIRST_QUERIES = 5000, 300
# Signs of a masked gradient, as shares of the cases: those without any, those broken only without it, and those that
# stay right whatever is changed.
MOST_ZERO, MOST_BROKEN, MOST_STAY = 0.1, 0.02, 0.05
FEW, FEW_STEPS = 64, 20
# Of so many cases that were made wrong it is told what they are taken for.
MOST_TOLD = 8


@dataclass(frozen=True)
class Robustness:
    """What an attack leaves of a model's accuracy: an upper bound, as a better attack may leave less.

    `eps` is the share of its range by which each value may change. `left` is how many cases were still right after each
    attack in turn; `masked` says what is odd about the gradient, if anything; `broken` are the cases that were made
    wrong, by their places, as they were changed, and `taken_for` what some of these are taken for and how surely.
    `is_whole` says whether there was time for all attacks.
    """

    eps: float
    n: int
    clean: float
    robust: float
    left: dict[str, int]
    masked: tuple[str, ...] = ()
    zero_gradients: float = 0.0
    is_whole: bool = True
    broken: dict[int, Any] = field(default_factory=dict, repr=False)
    taken_for: dict[int, tuple[int, float]] = field(default_factory=dict, repr=False)


def robust_accuracy(
    model: Model,
    x: Any,
    y: Any,
    eps: float,
    *,
    values: Values | None = None,
    steps: int = STEPS,
    queries: int = QUERIES,
    seconds: float = math.inf,
    seed: int = 0,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Robustness:
    """How many cases stay right when each value may change by a share `eps` of its range.

    `x` is `(n, ...)` and `y` whole numbers, `(n,)`; `values` are the range, that of the cases unless told. With
    gradients APGD, without and with a target, then Square; without, Square alone. Only what is right is attacked, and
    only what no attack before has broken. After so many seconds the attack ends, and no other is begun.
    """
    start, y = perf_counter(), np.asarray(y)
    siege = Siege(model, x, y, values or Values.of(x), eps, np.flatnonzero(model.scores(x).argmax(axis=1) == y))
    right, zero = siege.left, 0.0
    masked: list[str] = []

    def is_over() -> bool:
        return perf_counter() - start > seconds

    if model.has_gradients and len(right):
        from extrapolate.nets import attack

        net = attack.as_net(model)
        zero = attack.zero_gradients(net, x[right], y[right])
        # Where no case has a gradient, more steps lead nowhere.
        for some in sorted({min(FIRST_STEPS, steps), steps}):
            if some <= FIRST_STEPS or not (is_over() or zero == 1):
                siege.judge("APGD", partial(attack.attacked, net, steps=some, seed=seed, is_over=is_over))
        fewer = max(1, steps * TARGET_STEPS // STEPS)
        for place in range(min(TARGETS, model.scores(x[:1]).shape[1] - 1)):
            on_progress(0.2 + 0.5 * place / TARGETS)
            if not (is_over() or zero == 1):
                targeted = partial(attack.attacked, net, steps=fewer, seed=seed, target=place, is_over=is_over)
                siege.judge("APGD with targets", targeted)
        masked = list(signs_of_masking(net, siege, right, seed, zero=zero))
    before = len(siege.left)
    on_progress(0.7)
    by_chance = partial(square, model, is_over=is_over)
    if model.has_gradients:
        siege.judge("Square", partial(by_chance, queries=min(queries, FIRST_QUERIES), seed=seed))
    if not model.has_gradients or len(siege.left) < before:
        siege.judge("Square", partial(by_chance, queries=queries, seed=seed + 1))
    if before and model.has_gradients and (alone := before - len(siege.left)) > max(1, MOST_BROKEN * len(right)):
        masked.append(f"an attack without a gradient broke {alone} of the {before} that withstood those with one")
    on_progress(1.0)
    told = dict(sorted(siege.broken.items())[:MOST_TOLD])
    after = model.probabilities(np.stack(list(told.values()))) if told else np.zeros((0, 1))
    return Robustness(
        eps=eps,
        n=len(x),
        clean=len(right) / len(x),
        robust=len(siege.left) / len(x),
        left=siege.counts,
        masked=tuple(masked),
        zero_gradients=zero,
        is_whole=not is_over(),
        broken=siege.broken,
        taken_for={i: (int(p.argmax()), float(p.max())) for i, p in zip(told, after, strict=True)},
    )


@dataclass
class Siege:
    """Attacks one after the other on the cases that none before has broken; `left` are the places of these."""

    model: Model
    x: Any
    y: Any
    values: Values
    eps: float
    left: Any
    counts: dict[str, int] = field(default_factory=dict)
    broken: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts["as they are"] = len(self.left)

    def judge(self, name: str, attack: Callable[[Any, Any, Any, Any], Any]) -> None:
        """Keeps the cases that are still right once they are changed and, where the data are in steps, rounded."""
        if len(self.left):
            low, high = self.values.around(self.x[self.left], self.eps)
            changed = self.values.on_steps(attack(self.x[self.left], self.y[self.left], low, high), low, high)
            wrong = self.model.scores(changed).argmax(axis=1) != self.y[self.left]
            self.broken.update({int(i): case for i, case in zip(self.left[wrong], changed[wrong], strict=True)})
            self.left = self.left[~wrong]
        self.counts[name] = len(self.left)


def signs_of_masking(net: Any, siege: Siege, right: Any, seed: int, *, zero: float) -> Iterator[str]:
    """What shows that the gradient hides weaknesses rather than that there are none."""
    from extrapolate.nets import attack

    if zero > MOST_ZERO:
        yield f"the gradient is zero for {zero:.0%} of the cases"
    some = right[np.random.default_rng(seed).permutation(len(right))[:FEW]]
    whole = Siege(siege.model, siege.x, siege.y, siege.values, 1.0, some)
    for steps in (FIRST_STEPS, FEW_STEPS):
        whole.judge("APGD", partial(attack.attacked, net, steps=steps, seed=seed, target=0))
    stays = len(whole.left) / len(some)
    if stays > MOST_STAY:
        yield f"{stays:.0%} stay right however much may be changed"
