"""What `examine` finds of nets, beside what is known of them: attacks, faults of the set-up, dimensions, the report.

python benchmarks/run.py nets               # all of it, some minutes
python benchmarks/run.py nets --only set-up
"""

from __future__ import annotations

import gzip
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np

import photos
from extrapolate import examine
from extrapolate.core.errors import InputError
from extrapolate.examine.geometry import intrinsic_dimension
from extrapolate.examine.other import detection
from extrapolate.nets.model import open_model

# Digits that are attacked, and by how much each pixel may change, in whole steps of 8 bits, as rounding then takes
# nothing.
ATTACKED, EPS = 100, 25 / 255
# Where Debian keeps Fashion-MNIST.
CLOTHES = Path("/usr/share/datasets/fashion-mnist")
HAS_KERAS = importlib.util.find_spec("keras") is not None


@dataclass(frozen=True)
class Digits:
    """Pictures with values from 0 to 1, `(n, 1, 28, 28)`, and what they show: to train on, and to look at."""

    x: Any
    y: Any
    tx: Any
    ty: Any


@cache
def digits(data: Path) -> Digits:
    with np.load(data / "nets" / "mnist.npz") as file:
        x, y, tx, ty = (file[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    pictures, tested = ((a[:, None] / np.float32(255)).astype(np.float32) for a in (x, tx))
    return Digits(pictures, y.astype(int), tested, ty.astype(int))


# Nets


def layers() -> Any:
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(800, 10)
    )


@cache
def trained(data: Path, eps: float = 0.0) -> Any:
    """A small net that was trained on digits; with `eps`, on digits changed against it (Madry et al. 2018)."""
    import torch
    from torch.nn import functional

    def against(net: Any, cases: Any, classes: Any) -> Any:
        change = torch.empty_like(cases).uniform_(-eps, eps)
        for _ in range(5):
            change.requires_grad_()
            loss = functional.cross_entropy(net(cases + change), classes)
            (gradient,) = torch.autograd.grad(loss, change)
            change = (change + eps / 3 * gradient.sign()).detach().clamp(-eps, eps)
            change = (cases + change).clamp(0, 1) - cases
        return cases + change

    torch.manual_seed(0)
    net, found = layers(), digits(data)
    if eps:
        return fitted(net, found, passes=12, batch=128, changed=against)
    return fitted(net, found, passes=6, batch=128)


def fitted(
    net: Any, found: Digits, passes: int, batch: int, changed: Callable[..., Any] = lambda net, cases, classes: cases
) -> Any:
    """A net after so many passes over digits, each batch of which is changed first."""
    import torch
    from torch.nn import functional

    x, y = torch.as_tensor(found.x), torch.as_tensor(found.y)
    optimizer = torch.optim.Adam(net.parameters(), 2e-3)
    for _ in range(passes):
        for places in torch.randperm(len(x)).split(batch):
            cases = changed(net, x[places], y[places])
            optimizer.zero_grad()
            functional.cross_entropy(net(cases), y[places]).backward()
            optimizer.step()
    return net.eval()


def behind(net: Any, change: Callable[[Any], Any]) -> Any:
    """A net that changes what it is given first, which hides its gradient."""
    from torch import nn

    class Behind(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, x: Any) -> Any:
            return self.net(change(x))

    return Behind().eval()


def of_keras(net: Any, *layers: Any) -> Any:
    """The same net in Keras, for pictures with channels last, with the same weights."""
    import keras

    found = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *layers,
            keras.layers.Conv2D(16, 5, 2, activation="relu"),
            keras.layers.Conv2D(32, 3, 2, activation="relu"),
            keras.layers.Permute((3, 1, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    weights = [p.detach().numpy() for p in net.parameters()]
    found.set_weights([w.transpose(2, 3, 1, 0) if w.ndim == 4 else w.T for w in weights])
    return found


def rounded(x: Any) -> Any:
    return (x * 8).round() / 8


def nets(data: Path) -> Iterator[tuple[str, Any, bool, bool]]:
    """Nets with their names, whether their gradient is masked and whether they are Keras's."""
    plain, hard = trained(data), trained(data, EPS)
    yield "standard", plain, False, False
    yield "hardened", hard, False, False
    yield "masked by rounding", behind(plain, rounded), True, False
    yield "masked by noughts", behind(plain, lambda x: 0 * x + (x > 0.5).float()), True, False
    if HAS_KERAS:
        import keras

        yield "standard, Keras", of_keras(plain), False, True
        yield "hardened, Keras", of_keras(hard), False, True
        yield "masked, Keras", of_keras(plain, keras.layers.Lambda(rounded)), True, True


# What is measured


def robust(data: Path) -> Iterator[str]:
    """Robust accuracy beside AutoAttack, its standard version, on the same digits and rounded to 8 bits."""
    if importlib.util.find_spec("pyautoattack") is None:
        yield "robust: AutoAttack is not installed; `pip install pyautoattack` brings it"
        return
    import torch
    from pyautoattack import AutoAttack

    from extrapolate.nets.robustness import robust_accuracy

    found = digits(data)
    x, y = found.tx[:ATTACKED], found.ty[:ATTACKED]
    near = flagged = quick = total = masks = 0
    for name, net, is_masked, is_keras in nets(data):
        model = open_model(net, name)
        start = perf_counter()
        ours = robust_accuracy(model, np.moveaxis(x, 1, 3) if is_keras else x, y, EPS)
        took = perf_counter() - start
        call = (lambda a, m=model: m.logits(a.permute(0, 2, 3, 1))) if is_keras else model.logits
        start = perf_counter()
        with redirect_stdout(StringIO()):
            attack = AutoAttack(call, norm="Linf", eps=EPS, version="standard", device="cpu")
            given = torch.as_tensor(x), torch.as_tensor(y)
            changed = attack.run_standard_evaluation(*given, batch_size=ATTACKED)[0].numpy()
        theirs_took = perf_counter() - start
        low, high = np.maximum(x - EPS, 0), np.minimum(x + EPS, 1)
        changed = np.clip(np.rint(changed * 255) / 255, low, high).astype(np.float32)
        with torch.no_grad():
            theirs = float((call(torch.as_tensor(changed)).argmax(1).numpy() == y).mean())
        total, masks = total + 1, masks + is_masked
        near += ours.robust <= theirs + 0.01
        flagged += is_masked and bool(ours.masked)
        quick += took <= theirs_took / 5
        signs = f"; {'; '.join(ours.masked)}" if ours.masked else ""
        yield (
            f"robust: {name}: at most {ours.robust:.1%} in {took:.1f} s; AutoAttack {theirs:.1%} in "
            f"{theirs_took:.1f} s{signs}"
        )
    yield (
        f"robust: at most a point above AutoAttack {near}/{total}, in a fifth of its time {quick}/{total}, "
        f"masked nets flagged {flagged}/{masks}"
    )


def set_up(data: Path) -> Iterator[str]:
    """Faults that are put into the set-up, and whether each is named, for PyTorch and for Keras."""
    found, net = digits(data), trained(data)
    x, y = found.tx[:400], found.ty[:400]
    named = total = 0
    for framework in ("PyTorch", *(["Keras"] if HAS_KERAS else [])):
        is_keras = framework == "Keras"
        own, cases = (of_keras(net), np.moveaxis(x, 1, 3)) if is_keras else (net, x)
        for fault, model, a, b in injected(own, cases, y, is_keras=is_keras):
            try:
                names = [f.name for f in examine(model, a, b, seconds=2).faults]
            except InputError as error:
                names = [fault] if fault in str(error) else [str(error)]
            total, named = total + 1, named + (fault in names)
            if fault not in names:
                yield f"set-up: {framework}: {fault} was not named, but {', '.join(names) or 'nothing'}"
    yield f"set-up: faults named {named}/{total}"


def injected(net: Any, x: Any, y: Any, *, is_keras: bool) -> Iterator[tuple[str, Any, Any, Any]]:
    """The fault's name, and the model, cases and classes that have it."""
    mean, spread = 0.1307, 0.3081
    yield "range", net, x * 255, y
    yield "labels", net, x, y + 1
    yield "one-hot", net, x, np.eye(10)[y]
    yield "NaN", net, np.where(np.arange(len(x)).reshape(-1, 1, 1, 1) == 3, np.nan, x).astype(np.float32), y
    yield "few", net, x[:60], y[:60]
    yield "duplicates", net, np.concatenate([x, x[:5]]), np.concatenate([y, y[:5]])
    yield "one class", net, x[y == 3], y[y == 3]
    if is_keras:
        import keras

        yield "softmax twice", keras.Sequential([keras.Input((28, 28, 1)), net, keras.layers.Softmax()]), x, y
        return
    import torch
    from torch import nn

    normed = behind(net, lambda a: a * spread + mean)
    yield "mean", normed, x, y
    yield "softmax twice", nn.Sequential(net, nn.Softmax(1), nn.Softmax(1)), x, y
    torch.manual_seed(0)
    dropping = nn.Sequential(net, nn.Dropout(0.5))
    yield "training", dropping.train(), x, y
    yield "batch", behind(net, lambda a: a - a.mean(0, keepdim=True)), x, y


def manifolds(data: Path) -> Iterator[str]:
    """The dimension of manifolds that is known, within 5 %, beside that of scikit-dimension's TwoNN."""
    rng = np.random.default_rng(0)
    n = 4000

    def sphere(d: int) -> Any:
        found = rng.standard_normal((n, d + 1))
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    angle, height = 3 * np.pi * (0.5 + rng.random(n)), 20 * rng.random(n)
    known: dict[str, tuple[int, Any]] = {
        "line": (1, rng.random((n, 1)) @ rng.standard_normal((1, 20))),
        "plane": (2, rng.random((n, 2)) @ rng.standard_normal((2, 20))),
        "Swiss roll": (2, np.stack([angle * np.cos(angle), height, angle * np.sin(angle)], axis=1)),
        "sphere of 2": (2, sphere(2)),
        "sphere of 4": (4, sphere(4)),
        "space of 5": (5, rng.random((n, 5)) @ rng.standard_normal((5, 40))),
    }
    near = 0
    for name, (dimension, points) in known.items():
        ours = intrinsic_dimension(points)
        near += abs(ours / dimension - 1) <= 0.05
        yield f"manifolds: {name}: {dimension}, found {ours:.2f}{peer_dimension(points)}"
    yield f"manifolds: within 5 % {near}/{len(known)}"


def peer_dimension(points: Any) -> str:
    if importlib.util.find_spec("skdim") is None:
        return ""
    import skdim

    return f", scikit-dimension {skdim.id.TwoNN().fit(points).dimension_:.2f}"


def page(data: Path) -> Iterator[str]:
    """The whole report on a small net with a thousand digits: seconds and size of the page."""
    found = digits(data)
    start = perf_counter()
    report = examine(
        trained(data), found.tx[:1000], found.ty[:1000], train=(found.x[:2000], found.y[:2000]), target=(9, 4),
        eps=EPS, seconds=60,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        size = report.save(Path(folder) / "report.html").stat().st_size
    left = "; ".join(report.notes) or "nothing left out"
    yield f"report: {perf_counter() - start:.0f} s, {size / 1e6:.1f} MB, {left}"


def other_data(data: Path) -> Iterator[str]:
    """How well digits and clothes are told apart by a net that knows the one, and by a net that knows the other."""
    if not CLOTHES.exists():
        yield "other data: Fashion-MNIST is not there; Debian's package dataset-fashion-mnist brings it"
        return
    for name, net, own, strange in (
        ("digits, and clothes as others", trained(data), digits(data), clothes()),
        ("clothes, and digits as others", fitted(layers(), clothes(), passes=8, batch=128), clothes(), digits(data)),
    ):
        report = detection(open_model(net, name), *(drawn(x, 2000) for x in (own.x, own.tx, strange.tx)))
        yield (
            f"other data: {name}: AUROC {report.by_neighbour:.4f} by the nearest training case, "
            f"{report.by_probability:.3f} by the largest probability, {report.by_energy:.3f} by energy"
        )


@cache
def clothes() -> Digits:
    """Fashion-MNIST: 20,000 pictures to train on, and 10,000."""

    def read(name: str, header: int) -> Any:
        return np.frombuffer(gzip.decompress((CLOTHES / f"{name}.gz").read_bytes()), np.uint8, offset=header)

    x, tx = (read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28) for part in ("train", "t10k"))
    y, ty = (read(f"{part}-labels-idx1-ubyte", 8).astype(int) for part in ("train", "t10k"))
    x, tx = ((a / np.float32(255)).astype(np.float32) for a in (x[:20_000], tx))
    return Digits(x, y[:20_000], tx, ty)


def drawn(cases: Any, n: int) -> Any:
    return cases[np.random.default_rng(0).permutation(len(cases))[:n]]


MEASURED: dict[str, Callable[[Path], Iterator[str]]] = {
    "report": page,
    "robust": robust,
    "set-up": set_up,
    "manifolds": manifolds,
    "other data": other_data,
    **photos.MEASURED,
}


def run(data: Path, only: str | None) -> Iterator[str]:
    """A line for each thing that is measured. InputError without PyTorch or the digits."""
    if importlib.util.find_spec("torch") is None:
        raise InputError("nets are measured with PyTorch; `pip install 'extrapolate[nets]'` brings it.")
    if not (data / "nets" / "mnist.npz").exists():
        raise InputError(f"{data / 'nets' / 'mnist.npz'} is not there; give --data DIR.")
    chosen = [measure for name, measure in MEASURED.items() if only is None or only in name]
    if not chosen:
        raise InputError(f"--only {only} is none of {', '.join(MEASURED)}; give a part of one of these.")
    for measure in chosen:
        yield from measure(data)
