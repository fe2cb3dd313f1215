"""Examine a model: where it stops making sense, in one report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extrapolate.examine.examination import Examination


def examine(
    net: Any,
    x: Any,
    y: Any,
    *,
    train: tuple[Any, Any] | None = None,
    other: Any = None,
    eps: float | None = None,
    target: tuple[int, int] | None = None,
    seconds: float = 120,
    seed: int = 0,
    name: str | None = None,
    on_progress: Callable[[str, float], None] = lambda instrument, share: None,
) -> Examination:
    """The report on a model: `.layers`, `.departures`, `.other`, `.adversarial`, `.targeted`; `.save("report.html")`.

    `net` is a net of PyTorch or Keras, a classifier of scikit-learn, a learned program or any function from an array of
    cases to scores, `(n, classes)`. `x` are the cases as the net takes them, `(n, ...)`, best those it was not trained
    on, and `y` their classes, `(n,)`, from 0. `train` are cases it was trained on and `other` some of another kind, to
    see whether it tells them apart. `eps` is the share of its range, in a table of its column's, by which an attack may
    change each value, 8/255 unless told; `target=(9, 4)` also changes cases of class 9 into ones it takes for 4. With
    the same seed, and seconds enough for all cases, the report is the same. InputError for what can't be examined, and
    for data that don't fit each other or hold NaN.

    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal((200, 2))
    >>> report = examine(lambda x: (x[:, 0] > 0).astype(float), x, x[:, 0] > 0)
    >>> report.accuracy
    1.0
    >>> report.departures[-1].label
    'columns swapped in pairs: 1'
    """
    from extrapolate.examine.examiner import examined

    return examined(
        net,
        x,
        y,
        train=train,
        other=other,
        eps=eps,
        target=target,
        seconds=seconds,
        seed=seed,
        name=name,
        on_progress=on_progress,
    )
