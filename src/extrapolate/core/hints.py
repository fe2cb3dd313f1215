"""Ends of sentences: names that may have been meant, and rows that are concerned."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

SHOWN = 12


def did_you_mean(given: str, names: Iterable[str], kind: str = "columns") -> str:
    """The nearest of the names when one is near, and which there are.

    >>> did_you_mean("bset", ["name", "best"])
    "did you mean 'best'? The columns are name, best."
    """
    names = list(names)
    lowered = {n.lower(): n for n in reversed(names)}
    near = difflib.get_close_matches(given.lower(), lowered, 1, 0.6)
    if near:
        return f"did you mean {lowered[near[0]]!r}? The {kind} are {listed(names)}."
    return f"the {kind} are {listed(names)}."


def listed(names: Collection[str]) -> str:
    """The names with commas; only the first when there are many."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(list(names)[:SHOWN]) + more


def numbered(numbers: Collection[int]) -> str:
    """The rows with these numbers, as in `rows 3, 5`."""
    return f"{'row' if len(numbers) == 1 else 'rows'} {listed([str(n) for n in numbers])}"
