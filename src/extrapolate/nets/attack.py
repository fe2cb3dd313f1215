"""Adversarial examples by gradients: small changes that make a net wrong, or make it see a class that is wanted.

The attack is APGD, with the losses and the targets of AutoAttack: Croce and Hein (2020), Reliable evaluation of
adversarial robustness with an ensemble of diverse parameter-free attacks, sections 3 and 4. What must stay within a
range is kept there outside the graph, so that no gradient is lost at its border.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from extrapolate.nets.inputs import bounds_of, rounded
from extrapolate.nets.model import Model, batches
from extrapolate.nets.net import Net
from extrapolate.nets.square import Ball

# The loss that is driven up, of logits and for each case.
Loss = Callable[[torch.Tensor], torch.Tensor]
# Momentum, and how many of the steps since the last checkpoint must have gone up (Croce and Hein, section 3).
MOMENTUM, SUCCESS = 0.75, 0.75
BATCH = 256


def inside(x: torch.Tensor, start: torch.Tensor, ball: Ball) -> torch.Tensor:
    """The nearest case that may be."""
    return torch.clamp(torch.clamp(x, start - ball.eps, start + ball.eps), *ball.bounds)


def apgd(net: Net, x: torch.Tensor, loss_of: Callable[[torch.Tensor], Loss], ball: Ball, steps: int, seed: int) -> Any:
    """The changed cases of the highest loss that were met, `(n, ...)`.

    `loss_of` is given the places of cases and returns the loss of their logits.
    """
    parts = [torch.as_tensor(places) for places in batches(np.arange(len(x)), BATCH)]
    found = [_apgd(net, x[places], loss_of(places), ball, steps, seed) for places in parts]
    return torch.cat(found) if found else x


def _apgd(net: Net, x: torch.Tensor, loss: Loss, ball: Ball, steps: int, seed: int) -> torch.Tensor:
    noise = torch.rand(x.shape, generator=torch.Generator().manual_seed(seed), dtype=x.dtype)
    now = inside(x + ball.eps * (2 * noise - 1), x, ball)
    values, gradient = value_and_gradient(net, now, loss)
    best, best_values, best_gradient = now.clone(), values.clone(), gradient.clone()
    before, size = now.clone(), torch.full((len(x), *[1] * (x.ndim - 1)), 2 * ball.eps, dtype=x.dtype)
    ups, last_best, was_halved = torch.zeros(len(x)), best_values.clone(), torch.zeros(len(x), dtype=torch.bool)
    marks, since = checkpoints(steps), 0
    for step in range(1, steps + 1):
        push = 1.0 if step == 1 else MOMENTUM
        ahead = inside(now + size * gradient.sign(), x, ball)
        after = inside(now + push * (ahead - now) + (1 - push) * (now - before), x, ball)
        before, now = now, after
        old = values
        values, gradient = value_and_gradient(net, now, loss)
        ups += values > old
        better = values > best_values
        best[better], best_values[better], best_gradient[better] = now[better], values[better], gradient[better]
        if step in marks:
            slow = (ups < SUCCESS * (step - since)) | (~was_halved & (best_values <= last_best))
            size[slow] /= 2
            now[slow], gradient[slow], values[slow] = best[slow], best_gradient[slow], best_values[slow]
            before[slow] = best[slow]
            ups.zero_()
            was_halved, last_best, since = slow, best_values.clone(), step
    return best


def checkpoints(steps: int) -> set[int]:
    """The steps after which the step size is looked at, closer together towards the end."""
    marks, shares = set(), [0.0, 0.22]
    while shares[-1] <= 1:
        marks.add(round(shares[-1] * steps))
        shares.append(shares[-1] + max(shares[-1] - shares[-2] - 0.03, 0.06))
    return marks


def value_and_gradient(net: Net, x: torch.Tensor, loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        values = loss(net.logits(x))
        (gradient,) = torch.autograd.grad(values.sum(), x)
    return values.detach(), torch.nan_to_num(gradient)


# Losses


def misses(labels: torch.Tensor) -> Loss:
    """The cross entropy to the true class."""
    return lambda logits: cross_entropy(pair(logits), labels, reduction="none")


def reaches(targets: torch.Tensor) -> Loss:
    """The cross entropy to a class that is wanted, with its sign changed."""
    return lambda logits: -cross_entropy(pair(logits), targets, reduction="none")


def nears(labels: torch.Tensor, targets: torch.Tensor) -> Loss:
    """The difference of logits between another class and the true one, over that of the largest ones, which makes it
    the same whatever the scale of the logits (targeted DLR, section 4.1); with fewer than four classes as it is."""

    def loss(logits: torch.Tensor) -> torch.Tensor:
        logits = pair(logits)
        rows = torch.arange(len(logits))
        gap = logits[rows, targets] - logits[rows, labels]
        if logits.shape[1] < 4:
            return gap
        top = logits.sort(dim=1, descending=True).values
        return gap / (top[:, 0] - (top[:, 2] + top[:, 3]) / 2 + 1e-12)

    return loss


def pair(logits: torch.Tensor) -> torch.Tensor:
    """Logits of two classes where there is one output."""
    return logits if logits.shape[1] > 1 else torch.cat([torch.zeros_like(logits), logits], dim=1)


def attacked(
    net: Net, x: Any, y: Any, ball: Ball, steps: int, seed: int, target: int | None = None
) -> NDArray[np.float64]:
    """The cases changed by APGD; `target` is the place of the class to go for among the others, the likeliest first."""
    cases, labels = net.tensor(x), torch.as_tensor(y, dtype=torch.long)
    if target is None:
        found = apgd(net, cases, lambda i: misses(labels[i]), ball, steps, seed)
    else:
        scores = net.scores(x)
        scores[np.arange(len(y)), y] = -np.inf
        targets = torch.as_tensor(np.argsort(-scores, axis=1)[:, target].copy(), dtype=torch.long)
        found = apgd(net, cases, lambda i: nears(labels[i], targets[i]), ball, steps, seed)
    changed: NDArray[np.float64] = found.cpu().numpy().astype(x.dtype)
    return changed


def changed_into(net: Net, x: Any, target: int, eps: float, *, steps: int = 40, seed: int = 0) -> Any:
    """The cases changed by at most `eps` so that the net takes them for a class that is wanted, `(n, ...)`."""
    ball = Ball(eps, bounds_of(x))
    wanted = torch.full((len(x),), target, dtype=torch.long)
    found = apgd(net, net.tensor(x), lambda i: reaches(wanted[i]), ball, steps, seed)
    return rounded(found.cpu().numpy().astype(x.dtype), x, ball.bounds)


def as_net(model: Model) -> Net:
    """The model, which must have gradients."""
    assert isinstance(model, Net)
    return model


def zero_gradients(net: Net, x: Any, y: Any) -> float:
    """The share of cases for which the gradient of the loss is zero everywhere."""
    labels, zero = torch.as_tensor(y, dtype=torch.long), 0
    for places in batches(np.arange(len(x)), BATCH):
        _, gradient = value_and_gradient(net, net.tensor(x[places]), misses(labels[places]))
        zero += int((gradient.flatten(1).abs().amax(dim=1) < 1e-12).sum())
    return zero / len(x)
