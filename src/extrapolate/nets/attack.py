"""Adversarial examples by gradients: small changes that make a net wrong, or make it see a class that is wanted.

The attack is APGD, with the losses and the targets of AutoAttack: Croce and Hein (2020), Reliable evaluation of
adversarial robustness with an ensemble of diverse parameter-free attacks, sections 3 and 4. What must stay within a
range is kept there outside the graph, so that no gradient is lost at its border.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from extrapolate.nets.model import Model, batches
from extrapolate.nets.net import Net

# The loss that is driven up, of logits and for each case.
Loss = Callable[[torch.Tensor], torch.Tensor]
# Momentum, and how many of the steps since the last checkpoint must have gone up (Croce and Hein, section 3).
MOMENTUM, SUCCESS = 0.75, 0.75
BATCH = 256


def apgd(
    net: Net,
    x: Any,
    low: Any,
    high: Any,
    loss_of: Callable[[torch.Tensor], Loss],
    *,
    steps: int,
    seed: int,
    is_over: Callable[[], bool] = lambda: False,
) -> NDArray[np.float64]:
    """The changed cases of the highest loss that were met, each value between its `low` and its `high`, `(n, ...)`.

    `loss_of` is given the places of cases and returns the loss of their logits.
    """
    found = [np.zeros((0, *x.shape[1:]))]
    for places in batches(np.arange(len(x)), BATCH):
        start, least, most = (net.tensor(part[places]) for part in (x, low, high))
        loss = loss_of(torch.as_tensor(places, device=start.device))
        found.append(ascended(net, start, least, most, loss, steps, seed, is_over).double().cpu().numpy())
    return np.concatenate(found)


def ascended(
    net: Net,
    x: torch.Tensor,
    low: torch.Tensor,
    high: torch.Tensor,
    loss: Loss,
    steps: int,
    seed: int,
    is_over: Callable[[], bool],
) -> torch.Tensor:
    def inside(x: torch.Tensor) -> torch.Tensor:
        return torch.minimum(torch.maximum(x, low), high)

    noise = torch.rand(x.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float32).to(x)
    radius = torch.maximum(high - x, x - low)
    now = inside(x + radius * (2 * noise - 1))
    values, gradient = value_and_gradient(net, now, loss)
    best, best_values, best_gradient = now.clone(), values.clone(), gradient.clone()
    before, size = now.clone(), 2 * radius
    ups, last_best = torch.zeros_like(values), best_values.clone()
    was_halved = torch.zeros_like(values, dtype=torch.bool)
    marks, since = checkpoints(steps), 0
    for step in range(1, steps + 1):
        if is_over():
            break
        push = 1.0 if step == 1 else MOMENTUM
        ahead = inside(now + size * gradient.sign())
        after = inside(now + push * (ahead - now) + (1 - push) * (now - before))
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
        marks.add(math.ceil(shares[-1] * steps))
        shares.append(shares[-1] + max(shares[-1] - shares[-2] - 0.03, 0.06))
    return marks


def value_and_gradient(net: Net, x: torch.Tensor, loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss of each case and its gradient; where there is none, zero."""
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        values = loss(net.logits(x))
        found = torch.autograd.grad(values.sum(), x, allow_unused=True)[0] if values.requires_grad else None
    return values.detach(), torch.zeros_like(x) if found is None else torch.nan_to_num(found)


# Losses


def misses(labels: torch.Tensor) -> Loss:
    """The cross entropy to the true class."""
    return lambda logits: cross_entropy(logits, labels, reduction="none")


def reaches(targets: torch.Tensor) -> Loss:
    """The cross entropy to a class that is wanted, with its sign changed."""
    return lambda logits: -cross_entropy(logits, targets, reduction="none")


def nears(labels: torch.Tensor, targets: torch.Tensor) -> Loss:
    """The difference of logits between another class and the true one, over that of the largest ones, which makes it
    the same whatever the scale of the logits (targeted DLR, section 4.1); with fewer than four classes as it is."""

    def loss(logits: torch.Tensor) -> torch.Tensor:
        found = gap(labels, targets)(logits)
        if logits.shape[1] < 4:
            return found
        top = logits.sort(dim=1, descending=True).values
        return found / (top[:, 0] - (top[:, 2] + top[:, 3]) / 2 + 1e-12)

    return loss


def gap(labels: torch.Tensor, targets: torch.Tensor) -> Loss:
    """The difference of logits between another class and the true one."""

    def loss(logits: torch.Tensor) -> torch.Tensor:
        rows = torch.arange(len(logits), device=logits.device)
        return logits[rows, targets] - logits[rows, labels]

    return loss


# Attacks


def attacked(
    net: Net,
    x: Any,
    y: Any,
    low: Any,
    high: Any,
    *,
    steps: int,
    seed: int,
    target: int | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> NDArray[np.float64]:
    """The cases changed by APGD; `target` is the place of the class to go for among the others, the likeliest first."""
    labels = net.labels(y)
    if target is None:
        return apgd(net, x, low, high, lambda i: misses(labels[i]), steps=steps, seed=seed, is_over=is_over)
    targets = net.labels(others(net, x, y)[:, target])
    return apgd(net, x, low, high, lambda i: nears(labels[i], targets[i]), steps=steps, seed=seed, is_over=is_over)


def changed_into(net: Net, x: Any, target: int, low: Any, high: Any, *, steps: int = 40, seed: int = 0) -> Any:
    """The cases changed so that the net takes them for a class that is wanted, `(n, ...)`."""
    wanted = net.labels(np.full(len(x), target))
    return apgd(net, x, low, high, lambda i: reaches(wanted[i]), steps=steps, seed=seed)


def others(net: Net, x: Any, y: Any) -> NDArray[np.int64]:
    """The classes of each case but the true one, the likeliest first, `(n, classes - 1)`."""
    scores = net.scores(x)
    scores[np.arange(len(y)), y] = -np.inf
    return np.argsort(-scores, axis=1)[:, : scores.shape[1] - 1]


def as_net(model: Model) -> Net:
    """The model, which must have gradients."""
    assert isinstance(model, Net)
    return model


def zero_gradients(net: Net, x: Any, y: Any) -> float:
    """The share of cases for which the gradient of the gap to the next class is zero everywhere."""
    labels, targets, zero = net.labels(y), net.labels(others(net, x, y)[:, 0]), 0
    for places in batches(np.arange(len(x)), BATCH):
        i = torch.as_tensor(places, device=labels.device)
        _, gradient = value_and_gradient(net, net.tensor(x[places]), gap(labels[i], targets[i]))
        zero += int((gradient.flatten(1).abs().amax(dim=1) < 1e-12).sum())
    return zero / len(x)
