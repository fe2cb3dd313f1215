"""What commands say and write on a terminal or into a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from extrapolate.core.files import encode


def plain_console(*, stderr: bool = False) -> Console:
    """A console that shows texts as they are."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def print_json(data: Any) -> None:
    """Writes data as JSON."""
    print_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def print_text(text: str) -> None:
    """Writes text as it is, line ends included."""
    sys.stdout.flush()
    sys.stdout.buffer.write(encode(text))
    sys.stdout.buffer.flush()


def say_all(notes: Iterable[str]) -> None:
    """Remarks without their full stops."""
    for note in notes:
        say(f"{note}.")


def say(sentence: str) -> None:
    """A remark beside the output."""
    print(sentence, file=sys.stderr)


def names_in(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]
