"""Nets of PyTorch, and of Keras 3 on top of it: scores, layers and gradients.

A Keras model on the backend torch is a module of PyTorch, so one class serves both. What a net ends in, softmax or not,
its scores here are logits: a softmax that comes last is passed by, as its gradient vanishes where it is sure.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from extrapolate.nets.model import BATCH, Floats, Model, batches

# Layers that are no more than a part of another one, or change no value.
PASSED = ("Dropout", "Identity", "InputLayer", "LogSoftmax", "Softmax", "ZeroPad")
MOST_LAYERS = 10
# Of the weights of the untrained net.
SEED = 20_261


class Net(Model):
    """A net, run without gradients in batches; `logits` is the function that attacks differentiate."""

    has_gradients = True

    def __init__(self, module: torch.nn.Module, name: str = "net"):
        self.module = module
        self.name = name
        self.of_keras = is_keras(module)
        self.kind = f"a net of {'Keras' if self.of_keras else 'PyTorch'}"
        self.was_training = bool(module.training)
        module.eval()

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """The scores before a last softmax, `(n, classes)`, with gradients."""
        with before_softmax(self.module) as caught:
            out = self.module(x, training=False) if self.of_keras else self.module(x)
        out = caught[-1] if caught else out
        return out.flatten(1) if out.ndim > 2 else out

    def scores(self, x: Any) -> Floats:
        with torch.no_grad():
            found = [self.logits(self.tensor(part)).double().cpu().numpy() for part in batches(np.asarray(x))]
        scores = np.concatenate(found)
        if scores.ndim == 1 or scores.shape[1] == 1:
            scores = np.stack([np.zeros(len(scores)), scores.reshape(-1)], axis=1)
        return scores

    def raw(self, x: Any, *, training: bool = False) -> Floats:
        """What the module itself returns, a last softmax included."""
        before = self.module.training
        if training:
            self.module.train()
        try:
            with torch.no_grad():
                out = self.module(self.tensor(np.asarray(x)))
        finally:
            self.module.train(before)
        found: Floats = out.double().cpu().numpy()
        return found

    def layers(self, x: Any, most: int = MOST_LAYERS) -> dict[str, Floats]:
        """What at most so many layers give, from first to last, each `(n, ...)`."""
        named = dict(spread(list(self.parts()), most))
        caught: dict[str, list[NDArray[Any]]] = {name: [] for name in named}

        def keep(name: str) -> Any:
            def hook(module: Any, given: Any, out: Any) -> None:
                if isinstance(out, torch.Tensor):
                    caught[name].append(out.detach().float().cpu().numpy())

            return hook

        hooks = [module.register_forward_hook(keep(name)) for name, module in named.items()]
        try:
            self.scores(x)
        finally:
            for hook in hooks:
                hook.remove()
        whole = {name: np.concatenate(parts) for name, parts in caught.items() if parts}
        return {name: values.astype(float) for name, values in whole.items() if len(values) == len(x)}

    def parts(self) -> Iterator[tuple[str, torch.nn.Module]]:
        """The layers that have weights of their own or no layers, in their order, with their names."""
        keras_layers: Any = getattr(self.module, "layers", ()) if self.of_keras else ()
        found = [(layer.name, layer) for layer in keras_layers]
        if not found:
            found = [(name, m) for name, m in self.module.named_modules() if name and computes(m)]
        return ((name, m) for name, m in found if type(m).__name__.rstrip("123d") not in PASSED)

    def untrained(self) -> Model | None:
        """The same net with weights drawn anew, None where a layer can't draw its own."""
        if self.of_keras:
            import keras

            keras.utils.set_random_seed(SEED)
            return Net(keras.models.clone_model(self.module), self.name)
        with torch.random.fork_rng():
            torch.manual_seed(SEED)
            return self.drawn_anew()

    def drawn_anew(self) -> Model | None:
        other = copy.deepcopy(self.module)
        for module in other.modules():
            reset: Any = getattr(module, "reset_parameters", None)
            if reset is not None:
                reset()
            elif list(module.parameters(recurse=False)):
                return None
        return Net(other, self.name)

    def tensor(self, x: Any) -> torch.Tensor:
        """The array as the net takes it: its floating type, on its device."""
        own = next(self.module.parameters(), None)
        kind = own.dtype if own is not None and own.dtype.is_floating_point else torch.float32
        return torch.as_tensor(np.ascontiguousarray(x), dtype=kind, device=own.device if own is not None else None)


def computes(module: torch.nn.Module) -> bool:
    """Whether a module has weights of its own, or no modules of its own."""
    return not any(module.children()) or bool(list(module.parameters(recurse=False)))


def is_keras(module: torch.nn.Module) -> bool:
    return any(t.__module__.split(".")[0] == "keras" for t in type(module).__mro__)


@contextmanager
def before_softmax(module: torch.nn.Module) -> Iterator[list[torch.Tensor]]:
    """Catches what goes into a softmax that comes last; the list stays empty where there is none."""
    caught: list[torch.Tensor] = []
    if is_keras(module):
        with linear_end(module):
            yield caught
        return
    last = [m for m in module.modules() if not any(m.children())][-1:]
    if not last or not isinstance(last[0], torch.nn.Softmax | torch.nn.LogSoftmax):
        yield caught
        return
    hook = last[0].register_forward_hook(lambda m, given, out: caught.append(given[0]))
    try:
        yield caught
    finally:
        hook.remove()


def linear_end(module: Any) -> Any:
    """A Keras model whose last layer leaves out its softmax, for as long as it is used."""
    import keras

    last = module.layers[-1] if getattr(module, "layers", None) else None
    if last is None or getattr(last, "activation", None) is not keras.activations.softmax:
        return nullcontext()

    @contextmanager
    def changed() -> Iterator[None]:
        last.activation = keras.activations.linear
        try:
            yield
        finally:
            last.activation = keras.activations.softmax

    return changed()


def spread(parts: list[Any], most: int) -> list[Any]:
    """At most so many parts, evenly over all of them, with the first and the last one."""
    if len(parts) <= most:
        return parts
    return [parts[i] for i in np.unique(np.linspace(0, len(parts) - 1, most).round().astype(int))]


__all__ = ["BATCH", "Net", "is_keras"]
