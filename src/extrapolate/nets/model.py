"""Models as they are examined: from an array of cases to scores, whatever they are made with.

Anything that can be called with an array, or has `predict_proba`, can be examined without a gradient. A net of PyTorch,
or of Keras on top of it, gives more: see `net`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extrapolate.core.errors import InputError

Floats = NDArray[np.float64]
BATCH = 256


class Model:
    """A model of which only the answers are known: `scores` of shape `(n, classes)`.

    `kind` says what it is; `has_gradients` whether it can be differentiated.
    """

    kind = "a function"
    has_gradients = False
    # What its classes are called, in the order of its scores, where it says so.
    names: list[Any] | None = None

    def __init__(self, call: Callable[[Any], Any], name: str = "model"):
        self.call = call
        self.name = name

    def scores(self, x: Any) -> Floats:
        """What the model gives for each case: probabilities, or scores of any size."""
        try:
            found = [np.asarray(self.call(part), dtype=float) for part in batches(np.asarray(x))]
        except (ValueError, TypeError, IndexError) as error:
            raise self.refusal(f"cases of shape {np.shape(x)}", error) from error
        scores = np.concatenate(found) if found else np.zeros((0, 1))
        if scores.ndim == 2 and scores.shape[1] == 1:
            scores = scores[:, 0]
        if scores.ndim == 1:
            scores = np.stack([1 - scores, scores], axis=1)
        if scores.ndim != 2 or len(scores) != len(x):
            raise InputError(
                f"{self.name} gives an array of shape {scores.shape} for {len(x)} cases; "
                f"give a model that returns one score a class, of shape ({len(x)}, classes)."
            )
        return scores

    def probabilities(self, x: Any) -> Floats:
        """Probabilities of the classes, `(n, classes)`: the scores where they are that, else their softmax."""
        return shares_of(self.scores(x))

    def layers(self, x: Any, kept: Callable[[Any], Any] = lambda values: values) -> dict[str, Floats]:
        """What the layers give, by name, each `(n, ...)`; of a model that can't be looked into, what it answers."""
        return {"answers": kept(self.scores(x))}

    def untrained(self) -> Model | None:
        """The same model with random weights, None where it can't be made."""
        return None

    def restore(self) -> None:
        """Leaves the model as it was found."""

    def refusal(self, what: str, error: Exception) -> InputError:
        """What is said of cases that the model can't take, with the first line of its own error."""
        first = str(error).strip().partition("\n")[0]
        return InputError(f"{self.name} can't take {what}: {first}")

    def numbered(self, y: Any) -> Any:
        """Classes by their numbers, from 0; InputError for what are none."""
        if self.names is not None and not set(np.unique(y).tolist()) - set(self.names):
            return np.searchsorted(np.array(self.names), y)
        numbers = np.asarray(y)
        if numbers.dtype.kind == "f" and np.array_equal(numbers, np.rint(numbers)):
            numbers = numbers.astype(int)
        if numbers.dtype.kind not in "iub":
            some = ", ".join(map(repr, np.unique(y)[:3].tolist()))
            raise InputError(f"the classes are {some}; give their numbers from 0, as the scores are in order.")
        return numbers.astype(int)


def open_model(given: Any, name: str | None = None) -> Model:
    """The model, as it is examined. InputError for what can't be called with an array.

    A net of PyTorch or Keras; what has `predict_proba`, as the classifiers of scikit-learn; a learned program; any
    function of an array.
    """
    if isinstance(given, Model):
        return given
    own = (getattr(given, attribute, None) for attribute in ("name", "__name__"))
    name = name or next((n for n in own if isinstance(n, str)), type(given).__name__)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(given, torch.nn.Module):
        from extrapolate.nets.net import Net

        return Net(given, name)
    if hasattr(given, "predict_proba"):
        model = Model(given.predict_proba, name)
        model.kind = "a classifier of scikit-learn"
        model.names = list(getattr(given, "classes_", [])) or None
        return model
    if callable(given):
        return Model(given, name)
    raise InputError(
        f"{type(given).__name__} can't be examined; give a net of PyTorch or Keras, a classifier of scikit-learn, or a "
        "function from an array of cases to an array of scores."
    )


def batches(x: Any, size: int = BATCH) -> Iterator[Any]:
    for start in range(0, len(x), size):
        yield x[start : start + size]


def shares_of(scores: Floats) -> Floats:
    """The scores as probabilities: as they are where they are that, else their softmax."""
    return scores if are_probabilities(scores) else softmax(scores)


def softmax(scores: Floats) -> Floats:
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = power / power.sum(axis=1, keepdims=True)
    return found


def are_probabilities(scores: Floats) -> bool:
    """Whether all rows are shares that sum to one."""
    return bool(len(scores) and (scores >= -1e-6).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-3))
