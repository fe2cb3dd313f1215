"""What the inputs of a model are: the range of their values, how finely they are stepped, and which axes are which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

CHANNELS = (1, 3, 4)
LEVELS = 255
# How near to a step values must be, as shares of it, to be on it.
ON_STEP = 1e-2


@dataclass(frozen=True)
class Values:
    """The values that cases may have: from `low` to `high`, of a table for each column; in steps where the data are so,
    as pictures of 8 bits and whole numbers are."""

    low: Any
    high: Any
    step: float | None = None

    @classmethod
    def of(cls, x: Any) -> Self:
        """Those of cases, `(n, ...)`: of pictures 0 to 1, -1 to 1 or 0 to 255 where they fit, else as they are."""
        if x.ndim == 2:
            low, high = (end(x, axis=0, keepdims=True).astype(float) for end in (np.nanmin, np.nanmax))
            whole = np.array_equal(x, np.rint(x))
            return cls(low, high, 1.0 if whole else None)
        least, most = float(np.nanmin(x)), float(np.nanmax(x))
        known = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
        ends = next(((a, b) for a, b in known if a <= least and most <= b), (least, most))
        step = (ends[1] - ends[0]) / LEVELS
        places = (x - ends[0]) / step if step else np.zeros(1)
        return cls(*ends, step if step and np.allclose(places, np.rint(places), atol=ON_STEP) else None)

    @property
    def width(self) -> Any:
        """How far the ends are apart, 1 where they are the same."""
        return np.where(self.high > self.low, self.high - self.low, 1.0)

    def around(self, x: Any, share: float) -> tuple[Any, Any]:
        """The least and the largest that each value may be when it may change by a share of the range: on steps, where
        there are any."""
        x = x.astype(float)
        least, most = np.maximum(x - share * self.width, self.low), np.minimum(x + share * self.width, self.high)
        if self.step is None:
            return least, most
        near = ON_STEP * self.step
        up = self.low + np.ceil((least - self.low - near) / self.step) * self.step
        down = self.low + np.floor((most - self.low + near) / self.step) * self.step
        return np.minimum(up, x), np.maximum(down, x)

    def on_steps(self, x: Any, least: Any, most: Any) -> Any:
        """The values on the nearest steps between the least and the largest that they may be."""
        if self.step is not None:
            x = self.low + np.rint((x - self.low) / self.step) * self.step
        return np.clip(x, least, most)


def picture_axes(x: Any) -> tuple[int, int] | None:
    """The axes of height and width of pictures, wherever their channels stand; None for other data."""
    if x.ndim == 3:
        return (1, 2)
    if x.ndim == 4 and x.shape[1] in CHANNELS:
        return (2, 3)
    return (1, 2) if x.ndim == 4 and x.shape[3] in CHANNELS else None


def shaped(net: Any, x: Any) -> Any:
    """Pictures of one channel, `(n, height, width)`, with the axis for it that a net expects: before height and width,
    after them for Keras; other cases as they are."""
    if x.ndim != 3:
        return x
    of = {t.__module__.split(".")[0] for t in type(net).__mro__}
    if "keras" in of:
        return x[..., None] if len(getattr(net, "input_shape", None) or ()) == 4 else x
    return x[:, None] if "torch" in of and any(type(m).__name__ == "Conv2d" for m in net.modules()) else x
