"""Gaps: what stands between the words that a program takes from a text.

Where all examples have the same mark between words, as `, `, a row that has another one, or none, is not split as they
are: `street food, asia` has two items, and not three.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, replaced
from extrapolate.core.found import Found, Why
from extrapolate.core.task import Row
from extrapolate.core.types import DELIMITER, TEXT, list_of
from extrapolate.languages.parts import split, without_outer_marks
from extrapolate.languages.places import texts_of

# Words that split a text at spaces alone, and what those find that pass over all else.
AT_SPACES = ("words", "initials")
WORDS = {
    "names_in": re.compile(r"\w+"),
    "letters_in": re.compile(r"[^\W\d_]+"),
    "capitalized_in": re.compile(r"[A-Z][a-z]*"),
}
BEFORE, AFTER = "before", "after"


def other_gaps(found: Found) -> Why:
    """Words that it takes stand apart by a mark in all examples, and by another one, or none, in this row."""
    shown = [(found.runner(part.args[0]), part.word.name, gap) for part, gap in splits(found)]
    joined = apart_by_space(found)

    def why(row: Row, answer: Any) -> str | None:
        if joined(row):
            return "words stand apart by a space alone in the row, and in no example"
        for text, splitter, gap in shown:
            other = next((own for own in gaps_in(text(row), splitter) if own != gap), None)
            if other is not None:
                return f"words stand apart by {other!r} in the row, and by {gap!r} in the examples"
            bare, own = gap.strip(), text(row)
            if isinstance(own, str) and own.count(bare) > own.count(gap) and is_regular(text, gap):
                return f"{bare!r} stands without its space in the row, and in no example"
        return None

    def is_regular(text: Callable[[Row], Any], gap: str) -> bool:
        """Whether the mark of a gap stands with its spaces alone in all examples."""
        cells = [own for own in map(text, found.task.labelled) if isinstance(own, str)]
        return all(cell.count(gap.strip()) == cell.count(gap) for cell in cells)

    return why


def apart_by_space(found: Found) -> Callable[[Row], bool]:
    """A function of a row: whether words that are taken stand apart by a space alone, which those of no example do."""
    parts = [part for part in found.parts if isinstance(part, Apply) and part.word.name in WORDS]
    texts = [(found.runner(part.args[0]), part.word.name) for part in parts]

    def joined(row: Row) -> bool:
        return any(gap == " " for text, splitter in texts for gap in gaps_in(text(row), splitter))

    if not texts or any(map(joined, found.task.labelled)):
        return lambda row: False
    return joined


def splits(found: Found) -> Iterator[tuple[Apply, str]]:
    """Where a program takes words, and the mark between them, where it is the same in all examples."""
    for part in found.parts:
        if isinstance(part, Apply) and part.word.name in (*AT_SPACES, *WORDS):
            text = found.runner(part.args[0])
            gaps = {gap for row in found.task.labelled for gap in gaps_in(text(row), part.word.name)}
            if len(gaps) == 1 and (gap := gaps.pop()).strip():
                yield part, gap


def at_marks(found: Found) -> Iterator[Expr]:
    """The program with a text split at the mark that stands between its words in all examples, in place of at spaces or
    at all that is no word."""
    for part, gap in splits(found):
        if part.type == list_of(TEXT) and part.word.name != "initials":
            (text,) = part.args
            for mark in dict.fromkeys((gap, gap.strip())):
                for cut in (text, Apply(without_outer_marks, (text,), TEXT)):
                    yield replaced(found.expr, part, Apply(split, (cut, Literal(mark, DELIMITER)), part.type))


def gaps_in(text: Any, splitter: str) -> list[str]:
    """What stands between the words of a text: with the marks at their ends where it is split at spaces alone."""
    if not isinstance(text, str):
        return []
    if splitter in AT_SPACES:
        pairs = itertools.pairwise(map(in_marks, text.split()))
        return [f"{after} {before}" for (_, after), (before, _) in pairs]
    words = list(WORDS[splitter].finditer(text))
    return [text[a.end() : b.start()] for a, b in itertools.pairwise(words)]


def in_marks(word: str) -> tuple[str, str]:
    """The marks at the beginning and at the end of what stands between spaces."""
    inside = [i for i, c in enumerate(word) if c.isalnum() or c == "_"]
    return (word[: inside[0]], word[inside[-1] + 1 :]) if inside else (word, "")


def other_neighbour(found: Found) -> Why:
    """It begins or ends a cell, and next to it stands a word with a capital letter, as of the same name; in no example
    does one: `Paris` of `Sales - Paris`, and `York` of `Sales - New York`."""
    shown = [neighbours(row, row.output) for row in found.task.labelled]
    beside = {side: [words[side] for words in shown if side in words] for side in (BEFORE, AFTER)}
    plain = {side for side, words in beside.items() if len(words) > 1 and not any(map(is_name, words))}
    met = {word.casefold() for words in beside.values() for word in words}

    def why(row: Row, answer: Any) -> str | None:
        for side, word in neighbours(row, answer).items():
            if side in plain and is_name(word) and word.casefold() not in met:
                return f"{word!r} stands {side} it, and {beside[side][0]!r} in the examples"
        return None

    return why


def neighbours(row: Row, answer: Any) -> dict[str, str]:
    """The words before and after an answer that is a part of a cell at its end or beginning, apart by spaces."""
    found: dict[str, str] = {}
    for cell in texts_of(row) if isinstance(answer, str) and answer else ():
        rest = cell.removeprefix(answer)
        if rest != cell and rest[:1].isspace() and rest.strip():
            found[AFTER] = rest.split()[0]
        rest = cell.removesuffix(answer)
        if rest != cell and rest[-1:].isspace() and rest.strip():
            found[BEFORE] = rest.split()[-1]
    return found


def is_name(word: str) -> bool:
    return word[:1].isupper() and word.isalpha()


def unlike_gaps(found: Found) -> float:
    """Whether words stand apart in an open row by other marks than in all examples."""
    return found.share_doubted(other_gaps(found)) > 0


def unlike_neighbours(found: Found) -> float:
    """The share of open rows whose answer stands beside a word of a name, where no example's does."""
    return found.share_doubted(other_neighbour(found))
