"""Small arrays of bytes, as pictures and grids are: NumPy's, of `uint8`, in any number of dimensions."""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Any

from extrapolate.core.kind import Key, Kind, Limits, Undefined, register
from extrapolate.core.reals import Reals
from extrapolate.core.types import Type

LARGEST, MOST_DIMENSIONS = 100_000, 4


class Array(Kind):
    name = "array"
    python = "np.ndarray"
    names = ("grid", "other", "third")
    label = "grid"

    def of_annotation(self, annotation: Any) -> Type | None:
        named = getattr(annotation, "__module__", "") == "numpy" and getattr(annotation, "__name__", "") == "ndarray"
        return Type(self.name) if named else None

    def type_of(self, value: Any) -> Type | None:
        return Type(self.name) if is_array(value) else None

    def key(self, t: Type, limits: Limits, reals: Reals) -> Key:
        def array_key(value: Any) -> Hashable:
            if not is_array(value) or value.size > LARGEST or value.ndim > MOST_DIMENSIONS:
                raise Undefined
            return value.shape, value.tobytes()

        return array_key

    def own(self, value: Any, t: Type) -> Any:
        copy = value.copy()
        copy.flags.writeable = False
        return copy

    def constant(self, value: Any, t: Type) -> Hashable:
        return value.shape, value.tobytes()

    def thawed(self, constant: Any, t: Type) -> Any:
        import numpy as np

        shape, data = constant
        return np.frombuffer(data, dtype=np.uint8).reshape(shape)

    def length(self, value: Any) -> int:
        return int(value.size)

    def cost(self, constant: Any, t: Type) -> int:
        return 2 + len(constant[1])

    def source(self, value: Any, t: Type) -> str:
        return f"np.array({value.tolist()!r}, dtype=np.uint8)"

    def to_json(self, value: Any, t: Type) -> Any:
        return value.tolist()

    def from_json(self, data: Any, t: Type) -> Any:
        import numpy as np

        array = np.array(data)
        if array.dtype.kind not in "iu" or (array.size and (array.min() < 0 or array.max() > 255)):
            raise Undefined
        return array.astype(np.uint8)

    def samples(self, t: Type) -> list[Any]:
        import numpy as np

        return [np.zeros((1, 1), np.uint8), np.array([[1, 2], [3, 4]], np.uint8), np.arange(6, dtype=np.uint8)]

    def random(self, t: Type, rng: random.Random) -> Any:
        import numpy as np

        shape = rng.randrange(1, 5), rng.randrange(1, 5)
        return np.array([[rng.randrange(4) for _ in range(shape[1])] for _ in range(shape[0])], np.uint8)


def is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray" and value.dtype == "uint8"


register(Array())
