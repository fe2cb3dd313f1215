"""Functions that are not ours, run with care: one that hangs, raises anything or edits its arguments harms nothing.

Words, their inverses, rules and literals all run behind the same guard. Each call gets fresh values and, in the main
thread of systems that have interval timers, a limit in seconds. What passes the limit has no value there; what does so
again is left out, and named in the result. A timer that the caller has set goes on, and one that comes due within a
call fires as soon as that is over.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from extrapolate.core.kind import Undefined

SECONDS_A_CALL = 0.5
MOST_TIMEOUTS = 2
# How often a function that a word is given may be called within one call of the word.
MOST_STEPS = 3_000
# What a timer is set to that came due meanwhile.
AT_ONCE = 1e-6


class TimeUp(BaseException):
    """Not an Exception, so that a word's own `except Exception` lets it through."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """TimeUp is raised where what is done takes longer; only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    start = time.monotonic()
    # The caller's timer stops before its handler is exchanged, so that it never rings with ours.
    delay, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.signal(signal.SIGALRM, _time_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if delay:
            left = delay - (time.monotonic() - start)
            signal.setitimer(signal.ITIMER_REAL, max(left, AT_ONCE), interval)


def _time_up(number: int, frame: FrameType | None) -> None:
    raise TimeUp


class Tiring:
    """A function that has no value once it was called too often, so that a word that waits for it to change comes back.

    A copy has all the strength of the original.
    """

    __slots__ = ("function", "left")

    def __init__(self, function: Callable[..., Any], left: int = MOST_STEPS):
        self.function, self.left = function, left

    def __call__(self, *args: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Undefined
        return self.function(*args)


class Guard:
    """A function to be called in place of one that came from outside; `name` says what it is."""

    def __init__(self, function: Callable[..., Any], name: str, seconds: float = SECONDS_A_CALL):
        self.function = function
        self.name = name
        self.seconds = seconds
        self.timeouts = 0

    @property
    def note(self) -> str | None:
        """What to tell the user, if anything."""
        if not self.timeouts:
            return None
        left = " and was left out" if self.timeouts >= MOST_TIMEOUTS else ""
        return f"{self.name} did not come back within {self.seconds:g} s{left}"

    def __call__(self, *args: Any) -> Any:
        if self.timeouts >= MOST_TIMEOUTS:
            raise Undefined
        fresh = [_copy(a) for a in args]
        try:
            with limited(self.seconds):
                return self.function(*fresh)
        except TimeUp:
            self.timeouts += 1
            raise Undefined from None
        except (SystemExit, GeneratorExit):
            raise Undefined from None


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [_copy(v) for v in value]
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return Tiring(value) if callable(value) else value
