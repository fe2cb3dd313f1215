"""Robust accuracy: how much of its accuracy the attacks leave a model, an upper bound; and whether its gradient can be
trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from extrapolate.nets.inputs import bounds_of, rounded
from extrapolate.nets.model import Model
from extrapolate.nets.square import Ball, square

# Steps without a target, targets and steps for each, queries without a gradient; so many of these first, and the others
# only where the first broke what withstood the gradient.
STEPS, TARGETS, TARGET_STEPS = 100, 4, 60
QUERIES, FIRST_QUERIES = 5000, 300
# Signs of a masked gradient, as shares of the cases: those without any, those broken only without it, and those that
# stay right whatever is changed.
MOST_ZERO, MOST_BROKEN, MOST_STAY = 0.1, 0.02, 0.05
FEW, FEW_STEPS = 64, 20


@dataclass(frozen=True)
class Robustness:
    """What an attack leaves of a model's accuracy: an upper bound, as a better attack may leave less.

    `left` is how many cases were still right after each attack in turn; `masked` says what is odd about the gradient,
    if anything; `broken` are the places of cases that were made wrong, with what they were made.
    """

    eps: float
    n: int
    clean: float
    robust: float
    left: dict[str, int]
    masked: tuple[str, ...] = ()
    zero_gradients: float = 0.0
    broken: dict[int, Any] = field(default_factory=dict, repr=False)


def robust_accuracy(
    model: Model,
    x: Any,
    y: Any,
    eps: float,
    *,
    steps: int = STEPS,
    queries: int = QUERIES,
    seed: int = 0,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Robustness:
    """How many cases stay right when each value may change by `eps`: `x` is `(n, ...)`, `y` whole numbers, `(n,)`.

    With gradients APGD, without and with a target, then Square; without, Square alone. Only what is right is attacked,
    and only what no attack before has broken.
    """
    y, ball = np.asarray(y), Ball(eps, bounds_of(x))
    siege = Siege(model, x, y, ball, np.flatnonzero(model.scores(x).argmax(axis=1) == y))
    right, zero = siege.left, 0.0
    masked: list[str] = []
    if model.has_gradients and len(right):
        from extrapolate.nets import attack

        net = attack.as_net(model)
        zero = attack.zero_gradients(net, x[right], y[right])
        siege.judge("APGD", partial(attack.attacked, net, ball=ball, steps=steps, seed=seed))
        for place in range(min(TARGETS, model.scores(x[:1]).shape[1] - 1)):
            on_progress(0.2 + 0.5 * place / TARGETS)
            fewer = max(1, steps * TARGET_STEPS // STEPS)
            targeted = partial(attack.attacked, net, ball=ball, steps=fewer, seed=seed, target=place)
            siege.judge("APGD with targets", targeted)
    before = len(siege.left)
    on_progress(0.7)
    if model.has_gradients:
        siege.judge("Square", partial(square, model, ball=ball, queries=min(queries, FIRST_QUERIES), seed=seed))
    if not model.has_gradients or len(siege.left) < before:
        siege.judge("Square", partial(square, model, ball=ball, queries=queries, seed=seed + 1))
    on_progress(0.95)
    if model.has_gradients and len(right):
        masked = list(signs_of_masking(net, x[right], y[right], ball, seed, zero=zero))
        if before and (alone := before - len(siege.left)) > max(1, MOST_BROKEN * len(right)):
            masked.append(f"an attack without a gradient broke {alone} of the {before} that withstood those with one")
    return Robustness(
        eps, len(x), len(right) / len(x), len(siege.left) / len(x), siege.counts, tuple(masked), zero, siege.broken
    )


@dataclass
class Siege:
    """Attacks one after the other on the cases that none before has broken; `left` are the places of these."""

    model: Model
    x: Any
    y: Any
    ball: Ball
    left: Any
    counts: dict[str, int] = field(default_factory=dict)
    broken: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts["as they are"] = len(self.left)

    def judge(self, name: str, attack: Callable[[Any, Any], Any]) -> None:
        """Keeps the cases that are still right once they are changed and rounded."""
        if len(self.left):
            before = self.x[self.left]
            changed = rounded(attack(before, self.y[self.left]), before, self.ball.bounds)
            wrong = self.model.scores(changed).argmax(axis=1) != self.y[self.left]
            self.broken.update({int(i): case for i, case in zip(self.left[wrong], changed[wrong], strict=True)})
            self.left = self.left[~wrong]
        self.counts[name] = len(self.left)


def signs_of_masking(model: Any, x: Any, y: Any, ball: Ball, seed: int, *, zero: float) -> Iterator[str]:
    """What shows that the gradient hides weaknesses rather than that there are none."""
    from extrapolate.nets import attack

    if zero > MOST_ZERO:
        yield f"the gradient is zero for {zero:.0%} of the cases"
    some = np.random.default_rng(seed).permutation(len(x))[:FEW]
    wide = Ball((ball.bounds[1] - ball.bounds[0]) / 2, ball.bounds)
    changed = attack.attacked(model, x[some], y[some], wide, FEW_STEPS, seed)
    stays = float((model.scores(changed).argmax(axis=1) == y[some]).mean())
    if stays > MOST_STAY:
        yield f"{stays:.0%} stay right however much may be changed"
