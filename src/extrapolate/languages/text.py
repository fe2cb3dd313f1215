"""The language of text: parts found by delimiters, words and runs of a kind, put together again.

The words for case, spaces and characters stand here, those that cut in `parts`, those for numbers in text in
`decimals`, those for dates and times in `dates`; `delimiters` says what to cut at. Texts are joined by `concat`, which
the search takes apart: an output is explained as a row of pieces.
"""

from __future__ import annotations

import re
from typing import TypeVar

from extrapolate.core.expression import Literal
from extrapolate.core.language import Columns, Language
from extrapolate.core.task import Task
from extrapolate.core.types import DELIMITER, INT, TEXT, Delimiter, list_of
from extrapolate.core.word import Primitive, commutative, idempotent, involution, primitive
from extrapolate.kinds.patterns import PATTERN
from extrapolate.languages import (
    calendars,
    cases,
    columns,
    conventions,
    dates,
    decimals,
    delimiters,
    doubts,
    fits,
    items,
    lists,
    looks,
    masks,
    numbers,
    parts,
    patterns,
    portions,
    rows,
    scales,
    stamps,
    variants,
)
from extrapolate.languages.domain import refuse_long, require

D = TypeVar("D", str, Delimiter)

# Pieces


@primitive(cost=2, source="{s} == {t}")
def equals(s: str, t: D) -> bool:
    """Whether two texts are the same."""
    return s == t


@primitive(cost=2, source="{t} in {s}")
def contains(s: str, t: D) -> bool:
    """Whether the second text stands somewhere in the first."""
    return t in s


@primitive(cost=3, source="{s}.startswith({t})")
def startswith(s: str, t: D) -> bool:
    """Whether a text starts with another."""
    return s.startswith(t)


@primitive(cost=3, source="{s}.endswith({t})")
def endswith(s: str, t: D) -> bool:
    """Whether a text ends with another."""
    return s.endswith(t)


@primitive(cost=2, source="{s} in {items}")
def among(s: str, items: list[str]) -> bool:
    """Whether a text is one of several."""
    return s in items


@primitive(cost=2, source="{s} or {t}")
def filled(s: str, t: str) -> str:
    """The first text, or the second one where the first is empty."""
    return s or t


@primitive(cost=4, source="{t}.join(filter(None, ({a}, {b})))")
def joined(a: str, b: str, t: Delimiter) -> str:
    """Two texts with a delimiter between them where both say something, else the one that does."""
    refuse_long(len(a) + len(t) + len(b))
    return t.join(filter(None, (a, b)))


# Case and spaces


@primitive(cost=2, source="{s}.lower()", laws=[idempotent])
def lower(s: str) -> str:
    """The text in lower case."""
    return s.lower()


@primitive(cost=2, source="{s}.upper()", laws=[idempotent])
def upper(s: str) -> str:
    """The text in upper case."""
    return s.upper()


@primitive(cost=3, source="{s}.title()")
def title(s: str) -> str:
    """The text with each of its words capitalised."""
    return s.title()


@primitive(cost=3, source="{s}.capitalize()")
def capitalize(s: str) -> str:
    """The text with its first letter in upper case and the others in lower case."""
    return s.capitalize()


@primitive(cost=4, source="{s}.swapcase()")
def swapcase(s: str) -> str:
    """The text with upper and lower case exchanged."""
    return s.swapcase()


@primitive(cost=2, source="{s}.strip()", laws=[idempotent])
def strip(s: str) -> str:
    """The text without spaces at its ends."""
    return s.strip()


@primitive(cost=3, source="{s}.strip({t})")
def strip_of(s: str, t: Delimiter) -> str:
    """The text without the characters of a delimiter at its ends."""
    return s.strip(t)


@primitive(cost=4, source="{s}.lstrip({t})")
def lstrip_of(s: str, t: Delimiter) -> str:
    """The text without the characters of a delimiter at its start."""
    return s.lstrip(t)


@primitive(cost=4, source="{s}.rstrip({t})")
def rstrip_of(s: str, t: Delimiter) -> str:
    """The text without the characters of a delimiter at its end."""
    return s.rstrip(t)


@primitive(cost=3, source="' '.join({s}.split())", laws=[idempotent])
def single_spaced(s: str) -> str:
    """The text with one space between its words and none at its ends."""
    return " ".join(s.split())


# Whole texts


@primitive(cost=4, source="{s}[::-1]", laws=[involution])
def backwards(s: str) -> str:
    """The text from its last character to its first."""
    return s[::-1]


@primitive(cost=3, source="{s}.replace({old}, {new})")
def replace(s: str, old: Delimiter, new: Delimiter) -> str:
    """The text with one delimiter in place of another, everywhere."""
    refuse_long(len(s) + s.count(old) * len(new))
    return s.replace(old, new)


@primitive(cost=3, source="{s}.replace({t}, '')")
def without(s: str, t: D) -> str:
    """The text without another one, wherever it stands."""
    return s.replace(t, "")


@primitive(cost=4, source="{s}.replace({old}, {new})")
def replace_by(s: str, old: Delimiter, new: str) -> str:
    """The text with another text in place of a delimiter, everywhere."""
    refuse_long(len(s) + s.count(old) * len(new))
    return s.replace(old, new)


@primitive(cost=3, source="{s}.replace({t}, '', 1)")
def without_first(s: str, t: Delimiter) -> str:
    """The text without the first place of another one."""
    return s.replace(t, "", 1)


@primitive(cost=3, source="{s}.removeprefix({t})")
def without_prefix(s: str, t: D) -> str:
    """The text without another one at its start."""
    return s.removeprefix(t)


@primitive(cost=3, source="{s}.removesuffix({t})")
def without_suffix(s: str, t: D) -> str:
    """The text without another one at its end."""
    return s.removesuffix(t)


@primitive(cost=4, source=r"re.sub(r'\d', '', {s})", laws=[idempotent])
def without_digits(s: str) -> str:
    """The text without its digits."""
    return re.sub(r"\d", "", s)


@primitive(cost=4, source=r"re.sub(r'\d+$', '', {s})", laws=[idempotent])
def without_last_digits(s: str) -> str:
    """The text without the digits at its end."""
    return re.sub(r"\d+$", "", s)


@primitive(cost=4, source=r"re.sub(r'<[^<>]*>', '', {s})")
def without_tags(s: str) -> str:
    """The text without tags, as in HTML."""
    return re.sub(r"<[^<>]*>", "", s)


@primitive(cost=4, source="html.unescape({s})")
def unescaped(s: str) -> str:
    """The text with the characters that entities of HTML stand for, as & for &amp;."""
    import html

    return html.unescape(s)


@primitive(cost=4, source=r"re.sub(r'\s*[(\[][^()\[\]]*[)\]]', '', {s})")
def without_brackets(s: str) -> str:
    """The text without what stands in brackets and the spaces before them."""
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]", "", s)


@primitive(cost=4, source=r"re.sub(r'[^\w\s]', '', {s})", laws=[idempotent])
def without_punctuation(s: str) -> str:
    """The text without its punctuation."""
    return re.sub(r"[^\w\s]", "", s)


@primitive(cost=5, laws=[idempotent])
def without_accents(s: str) -> str:
    """The text with plain letters in place of those with accents."""
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c))


@primitive(cost=3, source="[w[0] for w in {s}.split()]")
def initials(s: str) -> list[str]:
    """The first letters of the words of a text."""
    return [w[0] for w in s.split()]


@primitive(cost=4, source="{s}.rjust({n}, {t})")
def rjust(s: str, n: int, t: Delimiter) -> str:
    """The text filled up with a character on its left."""
    refuse_long(n)
    return s.rjust(n, t)


@primitive(cost=4, source="{s}.ljust({n}, {t})")
def ljust(s: str, n: int, t: Delimiter) -> str:
    """The text filled up with a character on its right."""
    refuse_long(n)
    return s.ljust(n, t)


@primitive(cost=3, source="{s}.zfill({n})")
def zfill(s: str, n: int) -> str:
    """The number filled up with zeros on its left, after its sign."""
    refuse_long(n)
    return s.zfill(n)


# Numbers of and in texts

# Words that are of use with a constant that the rows tell, and seldom without one.
FITTED = ("mul", "quotient", "remainder")
FITTED_COST = 6
# The order of items is seldom meant where they are not all wanted.
COSTS = {
    **{getattr(numbers, name): FITTED_COST for name in FITTED},
    lists.sorted_: 4,
}


@primitive(cost=2, source="len({s})")
def length(s: str) -> int:
    """The number of characters."""
    return len(s)


@primitive(cost=3, source="{s}.index({t})")
def find(s: str, t: Delimiter) -> int:
    """The position of the first place of another text; undefined where there is none."""
    return s.index(t)


@primitive(cost=4, source="{s}.index({t})")
def find_text(s: str, t: str) -> int:
    """The position of the first place of another text; undefined where there is none."""
    return s.index(t)


@primitive(cost=4, source="{s}.count({t})")
def count(s: str, t: D) -> int:
    """How often another text stands in a text."""
    return s.count(t)


def _number_written(out: str) -> int:
    require(len(out) < 30 and str(int(out)) == out)
    return int(out)


@primitive(cost=2, source="str({n})", inverses={"n": _number_written})
def to_text(n: int) -> str:
    """The number as text."""
    return str(n)


@primitive(cost=2, source="{a} == {b}", laws=[commutative])
def same_number(a: int, b: int) -> bool:
    """Whether two numbers are the same."""
    return a == b


@primitive(cost=3, source="f'({{{s}[1:]}})' if {s}.startswith('-') else {s}")
def minus_in_brackets(s: str) -> str:
    """The number with brackets around it in place of its minus, as accounts have it."""
    return f"({s[1:]})" if s.startswith("-") else s


# What can be said of a text


@primitive(cost=4, source="{s}.isdigit()")
def isdigit(s: str) -> bool:
    """Whether a text is nothing but digits."""
    return s.isdigit()


@primitive(cost=4, source="{s}.isalpha()")
def isalpha(s: str) -> bool:
    """Whether a text is nothing but letters."""
    return s.isalpha()


@primitive(cost=4, source="{s}.isupper()")
def isupper(s: str) -> bool:
    """Whether the letters of a text are in upper case."""
    return s.isupper()


@primitive(cost=4, source="{s}.islower()")
def islower(s: str) -> bool:
    """Whether the letters of a text are in lower case."""
    return s.islower()


@primitive(cost=4, source=r"re.search(r'\d', {s}) is not None")
def has_digit(s: str) -> bool:
    """Whether there is a digit in a text."""
    return re.search(r"\d", s) is not None


@primitive(cost=3, source="{s} == ''")
def is_empty(s: str) -> bool:
    """Whether there is nothing in a text."""
    return s == ""


_FROM_NUMBERS = ("add", "sub", "and_", "or_", "not_", *FITTED)
_FROM_LISTS = (
    "get",
    "first",
    "last",
    "tail",
    "init",
    "take",
    "drop",
    "len_",
    "reverse",
    "sorted_",
    "most_common",
    "unique",
    "intersection",
    "difference",
)

WORDS = (
    *parts.WORDS,
    *items.WORDS,
    *(word for word in list(globals().values()) if isinstance(word, Primitive)),
    *(getattr(numbers, name) for name in _FROM_NUMBERS),
    *(getattr(lists, name) for name in _FROM_LISTS),
    *patterns.WORDS,
    *cases.WORDS,
    *decimals.WORDS,
    *dates.WORDS,
    *calendars.WORDS,
    *conventions.WORDS,
    *stamps.WORDS,
    *rows.WORDS,
    *masks.WORDS,
)


def literals(columns: Columns) -> list[Literal]:
    """What the rows of a task suggest: texts to cut at, lengths, and patterns of what is wanted."""
    return [*delimiters.literals(columns), *patterns.literals(columns)]


def likely(task: Task) -> float:
    """Likely where the output or every input is text, possible where some input is."""
    of_text = [v.type in (TEXT, list_of(TEXT)) for v in task.inputs]
    if task.output in (TEXT, list_of(TEXT)) or (of_text and all(of_text)):
        return 0.9
    return 0.5 if any(of_text) else 0.0


LANGUAGE = Language(
    "text",
    words=WORDS,
    constants=(*(Literal(n, INT) for n in (0, 1, 2, 3, 4, 5, -1, -2, -3)), *decimals.CONSTANTS, *dates.CONSTANTS),
    types=(TEXT, DELIMITER, PATTERN, *decimals.TYPES, *dates.TYPES),
    literals=literals,
    fits=(fits.MULTIPLE, *(fit for fit in fits.FITS if fit.argument == fit.result == INT)),
    cases=(*cases.CASES, scales.SCALES, stamps.STAMPS, masks.MASKS),
    portions=portions.portions,
    shortcuts=columns.shortcuts,
    inner_tasks=items.inner_tasks,
    variants=variants.variants,
    costs=COSTS,
    patience=30_000,
    rivals=10,
    suits=likely,
    features=looks.FEATURES,
    doubt=doubts.doubt,
    weights=looks.WEIGHTS,
)
