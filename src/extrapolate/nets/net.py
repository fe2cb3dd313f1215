"""Nets of PyTorch, and of Keras 3 on top of it: scores, layers and gradients.

A Keras model on the backend torch is a module of PyTorch, so one class serves both. What a net ends in, softmax or not,
its scores here are logits: a softmax that comes last is passed by, as its gradient vanishes where it is sure.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from extrapolate.core.errors import InputError
from extrapolate.nets.model import Floats, Model, batches

# Layers that are no more than a part of another one, or change no value.
PASSED = ("Dropout", "Identity", "InputLayer", "LogSoftmax", "Softmax", "ZeroPad")
MOST_LAYERS = 10
# Layers that turn scores into shares, and those that act in training only.
SHARES = ("LogSoftmax", "Sigmoid", "Softmax")
ACTING = ("Dropout", "AlphaDropout", "FeatureAlphaDropout", "BatchNorm", "InstanceNorm")
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
        self.modes = {m: bool(m.training) for m in module.modules()}
        self.was_training = not self.of_keras and any(
            self.modes[m] for m in module.modules() if type(m).__name__.startswith(ACTING)
        )
        module.eval()
        self.shares = [m for m in module.modules() if type(m).__name__ in SHARES]
        self.gives_share: bool | None = None

    def restore(self) -> None:
        """Leaves the net in the mode that it was in."""
        for module, mode in self.modes.items():
            module.training = mode

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """The scores before a last softmax or sigmoid, `(n, classes)`, with gradients."""
        with linear_end(self.module), before(self.shares) as caught:
            out = self.module(x, training=False) if self.of_keras else self.module(x)
        if not isinstance(out, torch.Tensor):
            raise InputError(f"{self.name} gives {type(out).__name__}; give a net that returns one array of scores.")
        out = next((given for given, shares in caught if shares is out), out)
        out = out[:, None] if out.ndim == 1 else out.flatten(1) if out.ndim > 2 else out
        if out.shape[1] > 1:
            return out
        if self.gives_share is None:
            self.gives_share = bool(len(out) > 1 and ((out >= 0) & (out <= 1)).all())
        if self.gives_share:
            out = torch.logit(out, eps=1e-7)
        return torch.cat([torch.zeros_like(out), out], dim=1)

    def scores(self, x: Any) -> Floats:
        with torch.no_grad():
            try:
                found = [self.logits(self.tensor(part)).double().cpu().numpy() for part in batches(np.asarray(x))]
            except InputError:
                raise
            except (RuntimeError, TypeError, ValueError) as error:
                raise self.refusal(f"cases of shape {np.shape(x)}", error) from error
        return np.concatenate(found)

    def raw(self, x: Any) -> Floats:
        """What the module itself returns, a last softmax included."""
        with torch.no_grad():
            found: Floats = self.module(self.tensor(np.asarray(x))).double().cpu().numpy()
        return found[:, None] if found.ndim == 1 else found

    def labels(self, y: Any) -> torch.Tensor:
        """Classes as the losses take them, where the net is."""
        return torch.as_tensor(np.asarray(y).copy(), dtype=torch.long, device=self.device)

    def layers(
        self, x: Any, kept: Callable[[Any], Any] = lambda values: values, most: int = MOST_LAYERS
    ) -> dict[str, Floats]:
        """What at most so many layers give, from first to last, each `(n, ...)`; `kept` makes less of each batch."""
        named = dict(spread(list(self.parts()), most))
        caught: dict[str, list[NDArray[Any]]] = {name: [] for name in named}

        def keep(name: str) -> Any:
            def hook(module: Any, given: Any, out: Any) -> None:
                if isinstance(out, torch.Tensor):
                    caught[name].append(kept(out.detach().float().cpu().numpy()))

            return hook

        hooks = [module.register_forward_hook(keep(name)) for name, module in named.items()]
        try:
            self.scores(x)
        finally:
            for hook in hooks:
                hook.remove()
        whole = {name: np.concatenate(parts) for name, parts in caught.items() if parts}
        return {name: values.astype(float) for name, values in whole.items() if len(values) == len(x)}

    def width(self, layer: str, x: Any) -> int | None:
        """How many channels, units or classes a layer has, for some cases; None where its answers are no such."""
        caught: list[torch.Tensor] = []
        hook = dict(self.parts())[layer].register_forward_hook(lambda module, given, out: caught.append(out))
        try:
            self.scores(x)
        finally:
            hook.remove()
        shape = tuple(caught[-1].shape) if caught and isinstance(caught[-1], torch.Tensor) else ()
        if len(shape) not in (2, 4):
            return None
        return shape[-1] if self.of_keras else shape[1]

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

            states = random.getstate(), np.random.get_state()  # noqa: NPY002  Keras draws from these
            with torch.random.fork_rng():
                keras.utils.set_random_seed(SEED)
                try:
                    return Net(keras.models.clone_model(self.module), self.name)
                except (TypeError, ValueError):
                    return None
                finally:
                    random.setstate(states[0])
                    np.random.set_state(states[1])  # noqa: NPY002
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
        kind = self.kind_of_number
        if x.dtype.kind in "iu" and any(isinstance(m, torch.nn.Embedding) for m in self.module.modules()):
            kind = torch.long
        return torch.as_tensor(np.array(x), dtype=kind, device=self.device)

    @property
    def kind_of_number(self) -> Any:
        """The floating type of the weights."""
        own = next(self.module.parameters(), None)
        return own.dtype if own is not None and own.dtype.is_floating_point else torch.float32

    @property
    def device(self) -> Any:
        """Where the weights are, None for a net without any."""
        own = next(self.module.parameters(), None)
        return None if own is None else own.device


def computes(module: torch.nn.Module) -> bool:
    """Whether a module has weights of its own, or no modules of its own."""
    return not any(module.children()) or bool(list(module.parameters(recurse=False)))


def is_keras(module: torch.nn.Module) -> bool:
    return any(t.__module__.split(".")[0] == "keras" for t in type(module).__mro__)


@contextmanager
def before(modules: list[torch.nn.Module]) -> Iterator[list[tuple[torch.Tensor, torch.Tensor]]]:
    """Catches what goes into each of the modules and what comes out, which may be what the net returns."""
    caught: list[tuple[torch.Tensor, torch.Tensor]] = []
    hooks = [m.register_forward_hook(lambda m, given, out: caught.append((given[0], out))) for m in modules]
    try:
        yield caught
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def linear_end(module: Any) -> Iterator[None]:
    """A Keras model whose last layer leaves out its softmax or sigmoid, for as long as it is used."""
    last: Any = module.layers[-1] if is_keras(module) and getattr(module, "layers", None) else None
    own = getattr(last, "activation", None)
    if getattr(own, "__name__", "") not in ("softmax", "sigmoid"):
        yield
        return
    import keras

    last.activation = keras.activations.linear
    try:
        yield
    finally:
        last.activation = own


def spread(parts: list[Any], most: int) -> list[Any]:
    """At most so many parts, evenly over all of them, with the first and the last one."""
    if len(parts) <= most:
        return parts
    return [parts[i] for i in np.unique(np.linspace(0, len(parts) - 1, most).round().astype(int))]
