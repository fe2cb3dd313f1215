"""Compare: a program beside nets that learned the same, in the range of what they saw and far outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extrapolate.core.errors import InputError
from extrapolate.core.task import Task

if TYPE_CHECKING:
    from extrapolate.compare.comparison import Comparison
    from extrapolate.compare.problem import Problem

# The program is looked for so long.
LEARNING = 10.0


def compare(
    problem: str | Task | Any,
    *,
    target: str | None = None,
    name: str | None = None,
    nets: Sequence[str] | None = None,
    seeds: int = 3,
    seconds: float = 300,
    seed: int = 0,
    on_progress: Callable[[str, float], None] = lambda name, share: None,
) -> Comparison:
    """A program beside nets trained on the same problem: `.curves`, `.places`; `.save("chart.html")`.

    `problem` is the name of one whose law is known, "sorting", "kepler" or "names"; or examples as `learn` takes them,
    a data frame with its `target` among them. Of twenty rows and more, those that lie further out than the others are
    kept back: numbers outside the range, longer lists, rarer formats of text. Of fewer, or where none lies further out,
    rows are drawn like them, and the program that was learned answers them.
    `nets` are some of "mlp" and "boosting", for columns of numbers, and "lstm" and "transformer", for lists and text;
    all that fit unless told. Each is tuned on rows of its range that are held back, and trained once for each of the
    `seeds`, all in about so many `seconds`, beside those for the program. With seconds enough for all steps, the
    comparison is the same again. InputError for problems that can't be compared on.

    >>> numbers = [((x,), x * x + 1.0) for x in range(40)]
    >>> comparison = compare(numbers, nets=["boosting"], seeds=1)
    >>> {point.value for point in comparison.curves[0].points}
    {0.0}
    >>> comparison.curves[1].points[-1].value > 0.1
    True
    """
    from extrapolate.compare.comparison import check_kinds, compared, kinds_for
    from extrapolate.compare.given import FEWEST, check_drawn, of_program, of_rows
    from extrapolate.compare.known import KNOWN
    from extrapolate.learn import learn, task_of

    if not (isinstance(seeds, int) and seeds >= 1 and isinstance(seed, int) and seed >= 0):
        raise InputError(f"seeds={seeds!r} and seed={seed!r} were given; give whole numbers, 1 or more seeds.")
    if not seconds > 0:
        raise InputError(f"seconds={seconds:g} was given; give a number above 0.")
    nets = [nets] if isinstance(nets, str) else nets
    check_kinds(nets)
    if isinstance(problem, str):
        if problem not in KNOWN:
            raise InputError(f"{problem!r} is no known problem; give one of {', '.join(KNOWN)}, or examples.")
        chosen: Problem | None = KNOWN[problem](seed)
    else:
        task = task_of(problem, target, None, None)
        chosen = of_rows(task, seed)
        if chosen is None:
            check_drawn(task)
    kinds = [] if chosen is None else kinds_for(chosen, nets)
    result = learn(task if chosen is None else chosen.shown, seconds=LEARNING)
    best = result.candidates[0] if result.candidates else None
    if chosen is None:
        if best is None or not (best.solves or best.fits):
            raise InputError(
                f"there are {len(task.labelled)} rows and no program that fits them was found, to draw others by; "
                f"give {FEWEST} rows or more, some of them further out than the others."
            )
        chosen = of_program(task, best.program, result.task, seed)
        kinds = kinds_for(chosen, nets)
    chosen = replace(chosen, name=name or chosen.name)
    return compared(chosen, result, kinds, nets, seeds, seconds, seed, on_progress)
