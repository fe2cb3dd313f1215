"""Idle: steps of a program that change nothing in any example, and so say no more than the program without them."""

from __future__ import annotations

from extrapolate.core.expression import Apply
from extrapolate.core.found import Found
from extrapolate.core.types import DECIMAL, TEXT, list_of
from extrapolate.languages.lists import reverse, sorted_

# Backwards may be meant where it is sorted too, if less often.
SORTED_TOO = 0.3


def idle_steps(found: Found) -> float:
    """How many of its steps from a text or a number to another one change nothing in any example, as letters made small
    that are small already."""
    steps = (p for p in found.parts if isinstance(p, Apply) and p.word.result_type in (TEXT, DECIMAL))
    return sum(is_idle(found, p) for p in steps if p.word.arg_types[:1] == (p.word.result_type,))


def idle_orders(found: Found) -> float:
    """How often it puts in order what is in order in all examples, or backwards what is sorted so in all of them."""
    orders = [p for p in found.parts if isinstance(p, Apply) and p.word in (sorted_, reverse)]
    return sum(is_idle(found, p) if p.word is sorted_ else SORTED_TOO * is_sorted_so(found, p) for p in orders)


def is_sorted_so(found: Found, step: Apply) -> bool:
    """Whether a step gives several texts in every example, as if it sorted them."""
    if step.type != list_of(TEXT):
        return False
    after = found.runner(step)
    lists = [after(row) for row in found.task.labelled]
    return all(items is not None and len(items) > 1 and items == sorted(items) for items in lists)


def is_idle(found: Found, step: Apply) -> bool:
    """Whether a step gives in every example what it is given."""
    before, after = found.runner(step.args[0]), found.runner(step)
    return all(before(row) == after(row) is not None for row in found.task.labelled)
