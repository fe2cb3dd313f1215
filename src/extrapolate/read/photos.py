"""Photographs, read and written as arrays of values from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from extrapolate.core.errors import InputError, require_package
from extrapolate.core.files import written


def read_photo(path: str, size: int) -> Any:
    """The picture, `(height, width, 3)`, its longer side made so many pixels long."""
    require_package("PIL", f"the picture {path}", "nets")
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            whole = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, UnidentifiedImageError) as error:
        raise InputError(f"{path} can't be read as a picture: {error}") from error
    shrink = size / max(whole.size)
    shape = (max(1, round(whole.width * shrink)), max(1, round(whole.height * shrink)))
    return np.asarray(whole.resize(shape, Image.Resampling.LANCZOS), dtype=float) / 255


def write_photo(picture: Any, path: str, *, force: bool = False) -> None:
    """Writes the picture in the form that its suffix says."""
    from PIL import Image

    image = Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))
    try:
        with written(path, force=force) as temporary:
            image.save(temporary)
    except ValueError as error:
        raise InputError(f"{path} can't be written as a picture ({error}); give a file that ends in .png.") from error
