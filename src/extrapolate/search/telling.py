"""Inputs that tell programs apart: an input on which programs differ that the examples leave shows what is open.

Inputs are those of the examples, a little changed. Where rows are open, these are asked about instead.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from extrapolate.core.kind import kind_of
from extrapolate.core.result import Candidate, Telling
from extrapolate.core.task import Task

# So many inputs are tried, of programs that cost so much more at most; an input is changed in so many places at most.
TRIES, CLOSE, MOST_CHANGES = 80, 2, 2


def told_apart(found: Sequence[Candidate], task: Task) -> Telling | None:
    """The shortest input met on which the best program and another one, about as short and right on every example too,
    give different answers; None where there is none."""
    if task.unlabelled or not found or not found[0].solves:
        return None
    best = found[0]
    rivals = [c for c in found[1:] if c.solves and c.cost <= best.cost + CLOSE]
    rng, telling = random.Random(0), []
    for _ in range(TRIES * bool(rivals)):
        inputs = like_examples(task, rng)
        answer = best.program.answer(inputs)
        for rival in rivals:
            other = rival.program.answer(inputs)
            if answer is not None and other is not None and not best.agree(answer, other):
                telling.append(Telling(inputs, answer, other, rival))
    return min(telling, key=lambda one: len(repr(one.inputs)), default=None)


def like_examples(task: Task, rng: random.Random) -> tuple[Any, ...]:
    """The inputs of an example with small changes."""
    inputs = list(rng.choice(task.labelled).inputs)
    for _ in range(rng.randint(1, MOST_CHANGES)):
        place = rng.randrange(len(inputs))
        t = task.inputs[place].type
        column = [row.inputs[place] for row in task.labelled]
        inputs[place] = kind_of(t).varied(inputs[place], t, rng, column)
    return tuple(inputs)
