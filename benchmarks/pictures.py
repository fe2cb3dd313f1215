"""Programs over pictures: how many tasks are learned from what a net sees, beside the same tasks with the true digits.

python benchmarks/pictures.py             # nets of about 98.6 % and 95 %, trained on digits in a minute
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np
import torch
from torch import nn

from extrapolate import learn, lists
from extrapolate.core.expression import walk
from extrapolate.core.reader import Reader
from extrapolate.nets import perceive
from nets import Digits, digits, fitted

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TASKS: dict[str, Callable[[list[int]], Any]] = {
    "sum": sum,
    "largest": max,
    "smallest": min,
    "second largest": lambda xs: sorted(xs)[-2],
    "range": lambda xs: max(xs) - min(xs),
    "first and last": lambda xs: xs[0] + xs[-1],
    "last": lambda xs: xs[-1],
    "how many even": lambda xs: sum(x % 2 == 0 for x in xs),
    "how many above 4": lambda xs: sum(x > 4 for x in xs),
    "how many different": lambda xs: len(set(xs)),
    "sorted": sorted,
    "backwards": lambda xs: xs[::-1],
    "even ones": lambda xs: [x for x in xs if x % 2 == 0],
    "doubled": lambda xs: [2 * x for x in xs],
    "one more": lambda xs: [x + 1 for x in xs],
    "without the first": lambda xs: xs[1:],
    "double the sum": lambda xs: 2 * sum(xs),
    "sum of all but the last": lambda xs: sum(xs[:-1]),
    "sum of the even ones": lambda xs: sum(x for x in xs if x % 2 == 0),
    "sum of squares": lambda xs: sum(x * x for x in xs),
}


class Truth(Reader):
    """Reads every picture right."""

    def __init__(self, digits: dict[bytes, int]):
        super().__init__()
        self.digits = digits

    def key(self, value: Any) -> Any:
        return value.tobytes()

    def readings(self, value: Any) -> Any:
        return [(self.digits[value.tobytes()], 1.0)]


# Name, how often the pictures are gone through, and whether it is convolutional. That one sees each batch shifted by up
# to so many pixels.
NETS, SHIFT = (("the true digits", 0, False), ("a net", 15, True), ("a lesser net", 8, False)), 2


def trained(found: Digits, passes: int, *, is_convolutional: bool) -> nn.Module:
    torch.manual_seed(0)
    if not is_convolutional:
        net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
        return fitted(net, found, passes, batch=64)
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(800, 10),
    )  # fmt: skip
    return fitted(net, found, passes, batch=64, changed=shifted)


def shifted(net: nn.Module, cases: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The same pictures, all moved the same way."""
    down, right = torch.randint(-SHIFT, SHIFT + 1, (2,)).tolist()
    return torch.roll(cases, (down, right), (2, 3))


@click.command()
@click.option("--rows", default=8, show_default=True, help="Examples a task.")
@click.option("--every", default=1, help="Take every K-th task.")
@click.option("--seed", default=1, show_default=True, help="Which pictures are drawn.")
def main(rows: int, every: int, seed: int) -> None:
    """Learn TASKS over pictures with nets of two accuracies, and with the true digits."""
    found = digits(DATA)
    tx, ty = np.rint(found.tx[:, 0] * 255).astype(np.uint8), found.ty
    truth = {picture.tobytes(): int(label) for picture, label in zip(tx, ty, strict=True)}
    names = list(TASKS)[::every]
    for name, passes, is_convolutional in NETS:
        word = replace(perceive(lambda x: x), function=Truth(truth))
        accuracy = 1.0
        if passes:
            net = trained(found, passes, is_convolutional=is_convolutional)
            with torch.no_grad():
                answers = net(torch.as_tensor(tx[:, None] / np.float32(255))).argmax(1).numpy()
            accuracy = float((answers == ty).mean())
            word = perceive(net, prepare=lambda x: x[:, None] / np.float32(255))
        right, seconds = [], []
        for task in names:
            start = perf_counter()
            result = learn(examples(TASKS[task], tx, ty, rows, seed), language=lists.with_words(word), seconds=10)
            seconds.append(perf_counter() - start)
            right.append(result.solved and holds(result.program, TASKS[task], tx, ty, truth))
            note = "; ".join(n for n in result.notes if "taken for" in n)
            shown = result.program.source.splitlines()[-1].strip() if result.program else "-"
            print(f"{'right' if right[-1] else 'wrong':6} {seconds[-1]:5.1f} s  {task:24} {shown}  {note}", flush=True)
        print(f"{name}, {accuracy:.1%}: right {sum(right)}/{len(right)}, median {statistics.median(seconds):.1f} s")


def examples(f: Callable[[list[int]], Any], x: Any, y: Any, rows: int, seed: int) -> list[Any]:
    """Rows of pictures of two to six digits, with what a task makes of them."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(len(x), rng.integers(2, 7), replace=False) for _ in range(rows)]
    return [([x[i] for i in places], f([int(y[i]) for i in places])) for places in drawn]


def holds(program: Any, f: Callable[[list[int]], Any], x: Any, y: Any, truth: dict[bytes, int]) -> bool:
    """Whether a program is right on other pictures, once these are read right."""
    rng = np.random.default_rng(2)
    for part in walk(program.expr):
        reader = getattr(part, "word", None) and part.word.function
        if isinstance(reader, Reader):
            reader.told = {reader.key(picture): truth[picture.tobytes()] for picture in x}
    for _ in range(100):
        places = rng.choice(len(x), rng.integers(2, 9), replace=False)
        if program.answer(([x[i] for i in places],)) != f([int(y[i]) for i in places]):
            return False
    return True


if __name__ == "__main__":
    main()
