"""Nets named on the command line, and the cases they are examined on.

A net is code of the user's, `my_module:make_model`, and is run as such; what it is filled with is data: safetensors, a
state of PyTorch without pickled objects, a model of Keras in its safe mode.
"""

from __future__ import annotations

import importlib
import os
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from extrapolate.core.errors import InputError, require_package
from extrapolate.nets.inputs import Values

# By what names the cases and their classes are called, the first found of each.
CASES = ("x_test", "x", "images", "test_images", "X")
CLASSES = ("y_test", "y", "labels", "test_labels")
TRAINING = (("x_train", "y_train"), ("train_images", "train_labels"))


@dataclass(frozen=True)
class Cases:
    """Cases `x`, `(n, ...)`, with their classes `y`, `(n,)`, and those to train on, where the file has some."""

    x: Any
    y: Any
    train: tuple[Any, Any] | None = None


def read_net(spec: str, weights: str | None) -> Any:
    """The net: what `module:name` gives, filled with weights; or a model that Keras saved. InputError for none."""
    if spec.endswith(".keras"):
        return read_keras(spec)
    module_name, colon, name = spec.partition(":")
    if not colon:
        raise InputError(
            f"{spec} was given as a net; give module:function that makes it, or a file that ends in .keras."
        )
    os.environ.setdefault("KERAS_BACKEND", "torch")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(module_name.removesuffix(".py"))
        made = getattr(module, name)
        net = (
            made()
            if callable(made) and not hasattr(made, "parameters") and not hasattr(made, "predict_proba")
            else made
        )
    except Exception as error:
        raise InputError(f"{spec} can't be used as a net: {type(error).__name__}: {error}.") from error
    if weights is not None:
        fill(net, weights)
    return net.eval() if hasattr(net, "named_modules") else net


def read_keras(path: str) -> Any:
    """A model that Keras has saved. The backend must be PyTorch, whose gradients are used."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    require_package("keras", "a model of Keras", "keras")
    import keras

    if keras.config.backend() != "torch":
        raise InputError(f"Keras runs on {keras.config.backend()}; set KERAS_BACKEND=torch.")
    try:
        return keras.saving.load_model(path, safe_mode=True)
    except Exception as error:
        raise InputError(f"{path} can't be read as a model of Keras: {error}") from error


def fill(net: Any, path: str) -> None:
    """Puts weights from a file into a net."""
    if not Path(path).exists():
        raise InputError(f"{path} does not exist; give a file of weights.")
    if path.endswith((".h5", ".keras")):
        net.load_weights(path)
        return
    require_package("torch", f"{path}", "nets")
    import torch

    try:
        if path.endswith(".safetensors"):
            require_package("safetensors", f"{path}", "nets")
            from safetensors.torch import load_file

            state: Mapping[str, Any] = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(
            f"{path} holds no weights that can be read without running code ({type(error).__name__}); "
            "save them with safetensors.torch.save_file(net.state_dict(), PATH)."
        ) from error
    own = net.state_dict()
    for what, names in (("lacks", own.keys() - state.keys()), ("has", state.keys() - own.keys())):
        if names:
            some = ", ".join(sorted(names)[:3])
            raise InputError(
                f"{path} {what} {some}, unlike the net; give the function that made the net it was saved from."
            )
    for key, value in own.items():
        if value.shape != state[key].shape:
            raise InputError(f"{path} has {key} of shape {tuple(state[key].shape)}, and the net {tuple(value.shape)}.")
    net.load_state_dict(state)


def read_cases(path: str, bounds: tuple[float, float] | None = None, *, classes: bool = True) -> Cases:
    """The cases of an .npz file, those of whole bytes from 0 to 1, or all brought into `bounds`; classes may be missing
    where none are wanted."""
    if not path.endswith(".npz"):
        raise InputError(f"{path} was given for the cases; give an .npz file with arrays x and y.")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise InputError(f"there is no file {path}; give an .npz file with arrays x and y.") from None
    except (OSError, ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} can't be read as arrays: {error}") from error
    x, y = (next((arrays[n] for n in names if n in arrays), None) for names in (CASES, CLASSES))
    if x is None or (classes and y is None):
        raise InputError(f"{path} has the arrays {', '.join(arrays)}; name the cases x and their classes y.")
    if not x.size or x.dtype.kind not in "biuf":
        raise InputError(f"{path} has cases of shape {x.shape} and type {x.dtype}; give numbers, one case or more.")
    y = np.zeros(len(x), int) if y is None else y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    pair = next(((arrays[a], arrays[b]) for a, b in TRAINING if a in arrays and b in arrays), None)
    values = Values.of(x) if x.dtype != np.uint8 else Values(0.0, 255.0)
    return Cases(brought(x, values, bounds), y, None if pair is None else (brought(pair[0], values, bounds), pair[1]))


def brought(x: Any, values: Values, bounds: tuple[float, float] | None) -> Any:
    """Cases brought from the range of all into another one, as numbers of single precision."""
    if bounds is None and x.dtype != np.uint8:
        with np.errstate(over="ignore"):  # what is too large for it is told as infinite
            return x if x.dtype.kind in "iub" else x.astype(np.float32)
    low, high = bounds or (0.0, 1.0)
    return ((x - values.low) / values.width * (high - low) + low).astype(np.float32)
