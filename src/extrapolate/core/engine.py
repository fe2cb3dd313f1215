"""Engines: what makes of a program an expression of a library or a database. Each is found by its entry point."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from extrapolate.core.errors import InputError, require_package
from extrapolate.core.hints import did_you_mean

GROUP = "extrapolate.engines"


def engine(name: str) -> Callable[..., Any]:
    """The function from a program to its expression; InputError where there is no engine of that name, or its package
    is not installed."""
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in known:
        raise InputError(f"there is no engine {name!r}; {did_you_mean(name, sorted(known), 'engines')}")
    try:
        found: Callable[..., Any] = known[name].load()
    except ModuleNotFoundError as error:
        require_package(error.name or name, f"an expression of {name}", name)
        raise
    return found
