"""Checks: what is wrong with the set-up before anything is measured, each with its cure.

Wrong preprocessing does not announce itself: a net is a little worse, and what is said of it is said of another one. So
the data are tried as they would be had they been prepared otherwise, and what makes the net much more often right, or
its mistakes far less sure, is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from extrapolate.nets.inputs import picture_axes
from extrapolate.nets.model import Model

FEWEST = 100
# So many cases are looked at, and so much more often right is a model with the right preparation.
TRIED, BETTER = 400, 0.05
# Of preparations that are as often right but for so much, the first, which is the simplest, unless another one's cross
# entropy is so many times less. The same is odd of the cases as given, where theirs is above SURPRISED and the other
# one is well below that of a guess.
AS_GOOD, LIKELIER, SURPRISED = 0.02, 4, 0.3
# What is less likely counts as that.
LEAST = 1e-30
# Mean and standard deviation of the pictures of ImageNet, as most nets are trained with.
IMAGENET = (np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225]))


class Fault(NamedTuple):
    """What is wrong with the set-up, and what to do."""

    name: str
    sentence: str
    cure: str

    def __str__(self) -> str:
        return f"{self.sentence}; {self.cure}."


def faults_of_data(x: Any, y: Any) -> Iterator[Fault]:
    if len(x) != len(y):
        yield Fault("lengths", f"there are {len(x)} cases and {len(y)} classes", "give as many of each")
        return
    if y.ndim == 2 and y.shape[1] > 1:
        yield Fault("one-hot", "the classes are given as one column each", "give their numbers: y.argmax(axis=1)")
        y = y.argmax(axis=1)
    if np.issubdtype(x.dtype, np.floating) and not np.isfinite(x).all():
        bad = int((~np.isfinite(x)).reshape(len(x), -1).any(axis=1).sum())
        yield Fault("NaN", f"{bad} of {len(x)} cases hold NaN or infinite values", "leave them out or fill them in")
    if len(np.unique(y)) == 1:
        yield Fault("one class", f"all cases are of class {y[0]}", "give cases of several classes")
    if len(x) < FEWEST:
        yield Fault("few", f"there are {len(x)} cases, so intervals are wide", f"give {FEWEST} or more")
    different = len(np.unique(x.reshape(len(x), -1), axis=0))
    if different < len(x):
        yield Fault("duplicates", f"{len(x) - different} of {len(x)} cases stand twice or more", "give each once")


def faults_of_model(model: Model, x: Any, y: Any, tried: int = TRIED, seed: int = 0) -> Iterator[Fault]:
    """What is wrong with the model, or with how the cases `x`, `(n, ...)`, and their classes `y`, `(n,)`, from 0, are
    prepared for it; at most so many cases are tried."""
    some = np.random.default_rng(seed).permutation(len(x))[: min(tried, TRIED)]
    x, y = x[some], y[some]
    scores = model.scores(x)
    if not np.isfinite(scores).all():
        bad = int((~np.isfinite(scores)).any(axis=1).sum())
        yield Fault("NaN", f"{bad} of {len(x)} answers are not finite", "look for NaN in the data and in the weights")
        return
    if lacking := sorted(set(np.unique(y).tolist()) - set(range(scores.shape[1]))):
        yield Fault(
            "labels",
            f"there are classes, as {lacking[0]}, beyond the {scores.shape[1]} of the model, which are 0 to "
            f"{scores.shape[1] - 1}",
            "number the classes as its scores are in order",
        )
    if getattr(model, "was_training", False):
        yield Fault(
            "training",
            "the net was in training mode, in which dropout and batch norm are at work",
            "call net.eval() first, as was done here",
        )
    if model.has_gradients and len(x) > 1:
        alone = model.scores(x[:1])
        if not np.allclose(alone[0], scores[0], rtol=1e-3, atol=1e-3 * max(1e-9, np.abs(scores[0]).max())):
            yield Fault(
                "batch",
                "the answer for a case depends on the others in its batch",
                "look for statistics of the batch that are used in evaluation",
            )
    again = model.scores(x[:64])
    if not np.allclose(again, scores[: len(again)], rtol=1e-3, atol=1e-6 + 1e-3 * np.abs(scores).max()):
        yield Fault("random", "the same cases get other answers the second time", "switch off what is random in it")
    yield from faults_of_preparation(model, x, y)
    raw = getattr(model, "raw", None)
    if raw is not None and ends_twice(raw(x[:64])):
        yield Fault(
            "softmax twice",
            "the answers look as if a softmax was taken twice",
            "return logits, or take the softmax once",
        )


def ends_twice(scores: Any) -> bool:
    """Whether scores are a softmax of what is one already: none can be larger than e times the smallest."""
    shares = np.allclose(scores.sum(axis=1), 1, atol=1e-3) and (scores >= 0).all() and scores.shape[1] > 2
    return bool(shares and (scores.max(axis=1) <= np.e * scores.min(axis=1) * 1.001).all() and scores.std() > 1e-4)


def faults_of_preparation(model: Model, x: Any, y: Any) -> Iterator[Fault]:
    """The other preparation of the data that makes the model much more often right, or as often and its answers far
    likelier, if there is one."""
    own = fit_of(model, x, x, y)
    found = []
    for name, sentence, cure, prepared in preparations(x):
        try:
            found.append((fit_of(model, prepared(x), x, y), Fault(name, sentence, cure)))
        except Exception:  # a preparation that a model can not take is not the right one
            continue
    for step in (1, -1):
        sentence = f"the classes seem to be {abs(step)} too {'low' if step > 0 else 'high'}"
        found.append((fit_of(model, x, x, y + step), Fault("labels", sentence, f"give y {'+' if step > 0 else '-'} 1")))
    most = max(fit.right for fit, _ in found)
    good = [(fit, fault) for fit, fault in found if fit.right >= most - AS_GOOD]
    least = min(fit.surprise for fit, _ in good)
    best, fault = next((fit, fault) for fit, fault in good if fit.surprise <= least * LIKELIER)
    if best.right >= own.right + BETTER and best.right > own.right * 1.05:
        yield fault._replace(sentence=f"{fault.sentence}: so {best.right:.0%} are right, as given {own.right:.0%}")
    elif (
        best.right >= own.right - AS_GOOD
        and own.surprise > SURPRISED
        and best.surprise * LIKELIER < min(own.surprise, 2 * np.log(len(np.unique(y))))
    ):
        yield fault._replace(
            sentence=f"{fault.sentence}: as given it is surer of its mistakes than any net should be, with a mean "
            f"cross entropy of {own.surprise:.2f} and not of {best.surprise:.2f}"
        )


class Fit(NamedTuple):
    """How often a model is right, on average over the classes, and the mean cross entropy of its answers."""

    right: float
    surprise: float


def fit_of(model: Model, cases: Any, given: Any, labels: Any) -> Fit:
    """The fit of a model to cases, of the type of those given. To give the commonest class always is no merit."""
    probable = model.probabilities(cases.astype(given.dtype if np.issubdtype(given.dtype, np.floating) else float))
    probable = np.nan_to_num(probable, nan=0.0)
    answers = probable.argmax(axis=1)
    right = float(np.mean([(answers[labels == c] == c).mean() for c in np.unique(labels)]))
    known = np.clip(labels, 0, probable.shape[1] - 1)
    likely = np.where(known == labels, probable[np.arange(len(labels)), known], 0.0)
    return Fit(right, float(-np.log(np.maximum(likely, LEAST)).mean()))


Prepare = Callable[[Any], Any]


def preparations(x: Any) -> Iterator[tuple[str, str, str, Prepare]]:
    """Other ways in which the data may have to be prepared: name, what it would mean, the cure, and how."""
    axes = picture_axes(x)
    if axes is None:
        yield from preparations_of_tables(x)
        return
    low, high = float(x.min()), float(x.max())
    if high > 2:
        yield "range", "the net seems to expect values from 0 to 1", "give x / 255", lambda x: x / 255
        yield "range", "the net seems to expect values from -1 to 1", "give x / 127.5 - 1", lambda x: x / 127.5 - 1
    elif low >= 0:
        yield "range", "the net seems to expect values from 0 to 255", "give x * 255", lambda x: x * 255
        yield "range", "the net seems to expect values from -1 to 1", "give 2 * x - 1", lambda x: 2 * x - 1
    elif low >= -1.01 and high <= 1.01:
        yield "range", "the net seems to expect values from 0 to 1", "give (x + 1) / 2", lambda x: (x + 1) / 2
    middle, spread = x.mean(), x.std() or 1.0
    yield (
        "mean",
        "the net seems to expect values with their mean taken off and divided by their deviation",
        "give (x - mean) / deviation, of what it was trained on",
        lambda x: (x - middle) / spread,
    )
    if low < 0:
        yield (
            "mean",
            "the mean seems to be taken off twice, or where it should not be",
            "leave out one of the two steps",
            lambda x: (x - low) / (high - low),
        )
    if x.ndim != 4:
        return
    channel = next(axis for axis in (1, 3) if axis not in axes)
    if x.shape[channel] == 3:
        yield (
            "channels",
            "the colours seem to be in the other order",
            "give blue, green, red as red, green, blue",
            lambda x: np.flip(x, channel),
        )
        shape = [1] * 4
        shape[channel] = 3
        mean, deviation = (part.reshape(shape) for part in IMAGENET)
        yield (
            "mean",
            "the net seems to expect values with the mean of ImageNet taken off",
            "give (x - mean) / deviation",
            lambda x: (x - mean) / deviation,
        )
        yield (
            "mean",
            "the mean of ImageNet seems to be taken off twice, or where it should not be",
            "leave out one of the two steps",
            lambda x: x * deviation + mean,
        )


def preparations_of_tables(x: Any) -> Iterator[tuple[str, str, str, Prepare]]:
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    yield (
        "mean",
        "the net seems to expect columns with their means taken off and divided by their deviations",
        "give (x - mean) / deviation, of the columns that it was trained on",
        lambda x: (x - middle) / spread,
    )
