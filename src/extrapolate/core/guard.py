"""Words that are not ours, run with care: a word that hangs, raises anything or edits its arguments harms nothing.

Each call gets fresh lists and, in the main thread of systems that have interval timers, a limit in seconds. A word
that passes the limit has no value there; one that does so again is left out, and named in the result.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

from extrapolate.core.values import Undefined
from extrapolate.core.word import Primitive

SECONDS_A_CALL = 0.5
MOST_TIMEOUTS = 2


class TimeUp(BaseException):
    """Not an Exception, so that a word's own `except Exception` lets it through."""


class GuardedWord:
    """The function of a word, to be called in its place."""

    def __init__(self, word: Primitive, seconds: float = SECONDS_A_CALL):
        self.word = word
        self.seconds = seconds
        self.timeouts = 0

    @property
    def note(self) -> str | None:
        """What to tell the user, if anything."""
        if not self.timeouts:
            return None
        left = " and was left out" if self.timeouts >= MOST_TIMEOUTS else ""
        return f"the word {self.word.name!r} did not come back within {self.seconds:g} s{left}"

    def __call__(self, *args: Any) -> Any:
        if self.timeouts >= MOST_TIMEOUTS:
            raise Undefined
        fresh = [_copy(a) for a in args]
        timed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGALRM, _time_up) if timed else None
        try:
            if timed:
                signal.setitimer(signal.ITIMER_REAL, self.seconds)
            return self.word.function(*fresh)
        except TimeUp:
            self.timeouts += 1
            raise Undefined from None
        except (SystemExit, GeneratorExit):
            raise Undefined from None
        finally:
            if timed:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)


def _time_up(number: int, frame: FrameType | None) -> None:
    raise TimeUp


def _copy(value: Any) -> Any:
    return [_copy(v) for v in value] if isinstance(value, list) else value
