"""Compare: a program beside nets that learned the same, in the range of what they saw and far outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from extrapolate.core.errors import InputError
from extrapolate.core.task import Task

if TYPE_CHECKING:
    from extrapolate.compare.comparison import Comparison


def compare(
    problem: str | Task | Any,
    *,
    target: str | None = None,
    nets: Sequence[str] | None = None,
    seeds: int = 3,
    seconds: float = 300,
    seed: int = 0,
    on_progress: Callable[[str, float], None] = lambda name, share: None,
) -> Comparison:
    """A program beside nets trained on the same problem: `.curves`, `.places`; `.save("chart.html")`.

    `problem` is the name of one whose law is known, "sorting", "kepler" or "names"; or examples as `learn` takes them,
    a data frame with its `target` among them. Of twenty rows and more, those that lie further out than the others are
    kept back: numbers outside the range, longer lists, rarer formats of text. Of fewer, rows are drawn like them, and
    the program that was learned answers them.
    `nets` are some of "mlp" and "boosting", for columns of numbers, and "lstm" and "transformer", for lists and text;
    all that fit unless told. Each is tuned on rows of its range that are held back, and trained with so many `seeds`
    and `seconds` in all. With seconds enough for all steps, the comparison is the same again. InputError for problems
    that can't be compared on.

    >>> numbers = [((x,), x * x + 1.0) for x in range(40)]
    >>> comparison = compare(numbers, nets=["boosting"], seeds=1)
    >>> [(curve.name, [f"{point.value:.0%}" for point in curve.points]) for curve in comparison.curves[:1]]
    [('the program', ['0%', '0%', '0%', '0%', '0%'])]
    >>> comparison.curves[1].points[-1].value > 0.1
    True
    """
    from extrapolate.compare.comparison import compared, kinds_for
    from extrapolate.compare.given import of_program, of_rows
    from extrapolate.compare.known import KNOWN
    from extrapolate.learn import learn, task_of

    if seeds < 1 or not seconds > 0:
        raise InputError(f"seeds={seeds} and seconds={seconds:g} were given; give 1 or more, and seconds above 0.")
    if isinstance(problem, str):
        if problem not in KNOWN:
            raise InputError(f"{problem!r} is no known problem; give one of {', '.join(KNOWN)}, or examples.")
        chosen = KNOWN[problem](seed)
    else:
        task = task_of(problem, target, None, None)
        chosen = of_rows(task, seed)
    if chosen is not None:
        kinds = kinds_for(chosen, nets)
        result = learn(chosen.shown)
    else:
        result = learn(task)
        if result.program is None:
            raise InputError(f"there are few rows and no program was found to draw others by: {result.why}")
        chosen = of_program(task, result.program, seed)
        kinds = kinds_for(chosen, nets)
    return compared(chosen, result, kinds, seeds, seconds, seed, on_progress)
