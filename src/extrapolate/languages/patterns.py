"""Words that find the parts of a text that look alike, and the patterns that the examples of a task suggest.

A pattern is made of what the outputs have in common: runs of capitals, of small letters, of letters, of digits, and the
marks between them, each run as long as it is or of the one length that it has in all of them.

>>> patterns(["AB-1234", "XY-77"])
['[A-Z]+-\\\\d+', '[A-Z]{2}-\\\\d+']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from extrapolate.core.expression import Literal
from extrapolate.core.types import TEXT, Type
from extrapolate.core.word import primitive
from extrapolate.kinds.patterns import PATTERN, Pattern

LONGEST_PATTERN, MOST_RUNS = 40, 9
# What parts of an output may stand between, where each of them looks alike.
BETWEEN = (" ", ", ", ",", ";", "; ", "|")
# Runs of characters, the narrower first: what a pattern calls them.
CLASSES = (r"[A-Z]", r"[a-z]", r"[^\W\d_]", r"\d", r"\w")
_RUN = re.compile(r"[A-Z]+|[a-z]+|[^\W\d_]+|\d+|\s+|.", re.DOTALL)


@primitive(cost=3, source="re.search({p}, {s})[0]")
def first_like(s: str, p: Pattern) -> str:
    """The first part of a text that a pattern matches; undefined where there is none."""
    return re.search(p, s)[0]  # type: ignore[index]


@primitive(cost=3, source="re.findall({p}, {s})")
def all_like(s: str, p: Pattern) -> list[str]:
    """The parts of a text that a pattern matches."""
    return re.findall(p, s)


@primitive(cost=4, source="re.sub({p}, '', {s})")
def without_like(s: str, p: Pattern) -> str:
    """The text without the parts that a pattern matches."""
    return re.sub(p, "", s)


@primitive(cost=4, source="re.fullmatch({p}, {s}) is not None")
def is_like(s: str, p: Pattern) -> bool:
    """Whether a pattern matches all of a text."""
    return re.fullmatch(p, s) is not None


WORDS = (first_like, all_like, without_like, is_like)


def literals(columns: Sequence[tuple[Type, Sequence[Any]]]) -> Iterator[Literal]:
    """The patterns of what is wanted, where that is text: of whole outputs, and of their parts."""
    *inputs, (wanted_type, wanted) = columns
    texts = [[c for c in cells if isinstance(c, str)] for t, cells in inputs if t == TEXT]
    if wanted_type != TEXT or not texts:
        return
    given = "\n".join(c for cells in texts for c in cells)
    for between in (None, *BETWEEN):
        parts = [part for text in wanted for part in (text.split(between) if between else [text])]
        if parts and (between is None or len(parts) > len(wanted)) and all(part and part in given for part in parts):
            for pattern in patterns(parts):
                yield Literal(pattern, PATTERN)


def patterns(texts: Sequence[str]) -> list[str]:
    """The patterns that match texts which are runs of the same kinds, the more general first; none for others."""
    runs = [_RUN.findall(text) for text in dict.fromkeys(texts)]
    runs = [_merged(r) for r in runs] if len({len(r) for r in runs}) > 1 else runs
    if len({len(r) for r in runs}) != 1 or not 0 < len(runs[0]) <= MOST_RUNS:
        return []
    general, exact = "", ""
    for column in zip(*runs, strict=True):
        name = next((c for c in CLASSES if all(re.fullmatch(f"{c}+", run) for run in column)), None)
        if name is None:
            if len(set(column)) > 1:
                return []
            mark = re.sub(r"[.^$*+?{}\[\]\\|()]", r"\\\g<0>", column[0])
            general, exact = general + mark, exact + mark
            continue
        lengths = {len(run) for run in column}
        general += f"{name}+"
        times = f"{{{len(column[0])}}}" if len(column[0]) > 1 else ""
        exact += name + times if len(lengths) == 1 and len(runs) > 1 else f"{name}+"
    return [p for p in dict.fromkeys((general, exact, loose(texts))) if 0 < len(p) <= LONGEST_PATTERN]


def loose(texts: Sequence[str]) -> str:
    """A pattern of what joined names look like, as addresses do, with the other marks between them; else nothing.

    >>> loose(["jm@a.example", "ann.lee@b.example"])
    '[\\\\w.-]+@[\\\\w.-]+'
    """
    found = {re.sub(r"[\w.-]+", "~", text) for text in texts}
    if len(found) != 1 or not re.fullmatch(r"~?([@#/:$&=]+~?)+", shape := next(iter(found))):
        return ""
    return shape.replace("$", r"\$").replace("~", r"[\w.-]+")


def _merged(runs: Sequence[str]) -> list[str]:
    """The runs with neighbours of letters and digits made one: `BTS` and `data1` are both names."""
    merged: list[str] = []
    for run in runs:
        if merged and run[0].isalnum() and merged[-1][-1].isalnum():
            merged[-1] += run
        else:
            merged.append(run)
    return merged
