"""The literals that the rows of a task suggest to the language of text: what to cut at, and lengths that all share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from extrapolate.core.expression import Literal
from extrapolate.core.types import DELIMITER, INT, TEXT, Type

MOST_DELIMITERS = 30
LONGEST_DELIMITER = 12
MOST_SHARED = 8
# A column of so few different cells, of which some recur, holds kinds of things.
MOST_KINDS = 6
# With what the names of hosts begin that say no more.
WWW = re.compile(r"www\.")
_MARKS = re.compile(r"[^\w]+")
_TOKENS = re.compile(r"\w+")
# Names of values, as `id=` or `"city":`.
_NAMES = re.compile(rf"(?<![\w-])[^\W\d][\w-]{{0,{LONGEST_DELIMITER}}}(?:=|\"?:(?= ?[\w\"]))")
MOST_NAMES = 8


def delimiters(columns: Sequence[tuple[Type, Sequence[Any]]]) -> Iterator[Literal]:
    """The texts a task's rows suggest to cut at: characters that are no letters, words of several rows, texts that all
    share, and the cells themselves of a column that holds a few kinds.

    Those of the most rows come first. The last column is the output's, whose marks may be put in.
    """
    texts = [[c for c in cells if c is not None] for t, cells in columns if t == TEXT]
    rows: dict[str, set[int]] = defaultdict(set)
    names: Counter[str] = Counter()
    for inputs in texts[:-1]:
        shared = shared_texts(inputs)[:MOST_SHARED]
        kinds = set(inputs) if len(set(inputs)) <= min(MOST_KINDS, len(inputs) - 1) else set[str]()
        proposed = [*shared, *map(str.strip, shared), *sorted(kinds)]
        yield from (Literal(t, DELIMITER) for t in proposed if 0 < len(t) <= LONGEST_DELIMITER)
    for t, cells in columns:
        for i, cell in enumerate(cells if t == TEXT else ()):
            found = (
                set(_MARKS.findall(cell or ""))
                | set(re.findall(WWW, cell or ""))
                | {c for c in cell or "" if not c.isalnum()}
            )
            if cells is not columns[-1][1]:
                names.update(set(_NAMES.findall(cell or "")))
                found |= {token for token in _TOKENS.findall(cell or "") if not token.isdigit()}
            for part in found:
                if len(part) <= LONGEST_DELIMITER:
                    rows[part].add(i)
    marks = [text for text, _ in _by_rows(rows) if not text[0].isalnum()]
    tokens = [text for text, n in _by_rows(rows) if text[0].isalnum() and n > 1]
    named = [name for name, n in names.most_common(MOST_NAMES) if n > 1 and len(name) <= LONGEST_DELIMITER]
    for text in (*named, *marks[: MOST_DELIMITERS - 10], *tokens[:10]):
        yield Literal(text, DELIMITER)


def shared_texts(cells: Sequence[str]) -> list[str]:
    """The texts of two characters or more that stand in every cell and are not part of a longer one that does."""
    first, *others = sorted(dict.fromkeys(cells), key=len) or [""]
    found: list[str] = []
    start = 0
    while others and start < len(first):
        end = start + 1
        while end <= min(len(first), start + LONGEST_DELIMITER) and all(first[start:end] in c for c in others):
            end += 1
        part = first[start : end - 1]
        if len(part) > 1 and not part.isalnum():
            found.append(part)
        start = max(start + 1, end - 1)
    return found


def _by_rows(rows: Mapping[str, Collection[int]]) -> Iterable[tuple[str, int]]:
    """Texts with the number of rows in which they stand, those of the most rows first."""
    counted = [(text, len(numbers)) for text, numbers in rows.items()]
    return sorted(counted, key=lambda r: (-r[1], len(r[0]), r[0]))


def literals(columns: Sequence[tuple[Type, Sequence[Any]]]) -> list[Literal]:
    return [*delimiters(columns), *lengths(columns)]


def lengths(columns: Sequence[tuple[Type, Sequence[Any]]]) -> Iterator[Literal]:
    """The lengths that all texts of a column have."""
    for t, cells in columns:
        known = [len(c) for c in cells if c is not None] if t == TEXT else []
        if len(known) > 1 and len(set(known)) == 1:
            yield Literal(known[0], INT)
