"""Budgets while they are spent: programs first, seconds second, memory third."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extrapolate.core.result import Budget, Counts, Stop
from extrapolate.core.values import Values

CHECK_SECONDS = 0.1
VALUE_BYTES = 700
# After how many programs the gauge is read again.
GAUGE_PROGRAMS = 10_000


class OutOfBudget(Exception):
    """Raised inside the search when a budget is used up."""

    def __init__(self, stop: Stop):
        super().__init__(stop.value)
        self.stop = stop


class Meter:
    """Counts programs, and stops the search when the budget is spent. The banks tell what they keep.

    The search may have a `share` of the seconds, where something is left to do with what it found.
    """

    def __init__(
        self, budget: Budget, values: Values, tick: Callable[[Counts], None] | None = None, share: float = 1.0
    ):
        self.budget = budget
        self.share = share
        self.interrupted = False
        self.values = values
        self.counts = Counts()
        self.bytes = 0
        self.gauge: Callable[[], int] = lambda: 0
        self.tick = tick
        self.ceiling: int | None = None
        self._start = time.perf_counter()
        self._gauged = self._next_gauge = 0
        self._next_tick = self._start + CHECK_SECONDS

    def try_(self, programs: int) -> None:
        """Counts programs that are about to be tried; OutOfBudget when there is no room left."""
        counts, budget = self.counts, self.budget
        counts.tried += programs
        if budget.programs is not None and counts.tried > budget.programs:
            raise OutOfBudget(Stop.PROGRAMS)
        if self.ceiling is not None and counts.tried > self.ceiling:
            raise OutOfBudget(Stop.SOLVED)
        now = time.perf_counter()
        counts.seconds = now - self._start
        if budget.seconds is not None and counts.seconds > self.share * budget.seconds:
            raise OutOfBudget(Stop.SECONDS)
        if now >= self._next_tick:
            self._next_tick = now + CHECK_SECONDS
            if self.tick:
                self.tick(counts)

    @contextmanager
    def part(self, share: float) -> Iterator[None]:
        """A part of what is left to the search, for something that is tried before it."""
        own, ceiling, programs, seconds = self.share, self.ceiling, self.budget.programs, self.budget.seconds
        if seconds:
            spent = (time.perf_counter() - self._start) / seconds
            self.share = spent + share * (own - spent)
        if programs is not None:
            most = programs if ceiling is None else min(programs, ceiling)
            self.ceiling = self.counts.tried + int(share * (most - self.counts.tried))
        try:
            yield
        finally:
            self.share, self.ceiling = own, ceiling

    def keep(self, programs: int, size: int) -> None:
        """Counts programs that were kept and the bytes they take; OutOfBudget when memory is used up."""
        self.counts.kept += programs
        self.bytes += size
        if self.counts.tried >= self._next_gauge:
            self._next_gauge = self.counts.tried + GAUGE_PROGRAMS
            self._gauged = self.gauge()
        if self.bytes + self._gauged + VALUE_BYTES * len(self.values) > self.budget.memory_mb * 1_000_000:
            raise OutOfBudget(Stop.MEMORY)

    def finish(self) -> Counts:
        self.counts.seconds = time.perf_counter() - self._start
        return self.counts

    def is_past(self, share: float) -> bool:
        """Whether more than a share of all seconds is spent, or the user has no more patience."""
        seconds = self.budget.seconds
        return self.interrupted or (seconds is not None and time.perf_counter() - self._start > share * seconds)

    @property
    def remaining(self) -> float | None:
        """Seconds left, None without a limit."""
        if self.budget.seconds is None:
            return None
        return max(0.0, self.budget.seconds - (time.perf_counter() - self._start))
