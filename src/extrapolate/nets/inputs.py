"""What the inputs of a model are: the range of their values, and which axes of pictures are height and width."""

from __future__ import annotations

from typing import Any

import numpy as np

CHANNELS = (1, 3, 4)
LEVELS = 255


def bounds_of(x: Any) -> tuple[float, float]:
    """The range of values: 0 to 1, -1 to 1 or 0 to 255 where they fit it, else from the least to the most."""
    low, high = float(np.nanmin(x)), float(np.nanmax(x))
    for bounds in ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)):
        if bounds[0] <= low and high <= bounds[1] and high > bounds[1] / 4:
            return bounds
    return low, high


def picture_axes(x: Any) -> tuple[int, int] | None:
    """The axes of height and width of pictures, wherever their channels stand; None for other data."""
    if x.ndim == 3:
        return (1, 2)
    if x.ndim == 4 and x.shape[1] in CHANNELS:
        return (2, 3)
    return (1, 2) if x.ndim == 4 and x.shape[3] in CHANNELS else None


def rounded(x: Any, like: Any, bounds: tuple[float, float]) -> Any:
    """The values as a picture of 8 bits has them, where those of `like` are such already; as they are elsewhere."""
    step = (bounds[1] - bounds[0]) / LEVELS
    places = (like - bounds[0]) / step
    if not np.allclose(places, np.rint(places), atol=1e-2):
        return x
    return (bounds[0] + np.rint((x - bounds[0]) / step) * step).astype(like.dtype)
