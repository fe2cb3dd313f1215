"""The language of text: parts found by delimiters, words and runs of a kind, put together again.

The words for parts, case, spaces and characters stand here; `decimals` has those for numbers in text, `dates` those for
dates and times. Texts are joined by `concat`, which the search takes apart: an output is explained as a row of pieces.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from extrapolate.expression import Literal
from extrapolate.language import Language
from extrapolate.languages import dates, decimals, lists, numbers
from extrapolate.languages.domain import refuse_long, require
from extrapolate.primitive import Primitive, commutative, idempotent, involution, joining, primitive
from extrapolate.types import DELIMITER, INT, TEXT, Delimiter, Type

D = TypeVar("D", str, Delimiter)

# Pieces


@primitive(cost=1, source="{s} + {t}", laws=[joining])
def concat(s: str, t: str) -> str:
    """The first text followed by the second."""
    return s + t


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


@primitive(cost=2, source="{s} == {t}")
def equals(s: str, t: D) -> bool:
    """Whether two texts are the same."""
    return s == t


# Parts by delimiters


@primitive(cost=2, source="{s}.split()")
def words(s: str) -> list[str]:
    """The parts between spaces."""
    return s.split()


@primitive(cost=2, source="{s}.split({t})")
def split(s: str, t: Delimiter) -> list[str]:
    """The parts between the places of a delimiter."""
    return s.split(t)


@primitive(cost=2, source="{t}.join({parts})")
def join(parts: list[str], t: Delimiter) -> str:
    """The texts with a delimiter between them."""
    refuse_long(sum(map(len, parts)) + len(t) * len(parts))
    return t.join(parts)


@primitive(cost=3, source="''.join({parts})")
def join_all(parts: list[str]) -> str:
    """The texts one after the other."""
    refuse_long(sum(map(len, parts)))
    return "".join(parts)


@primitive(cost=3, source="{s}.split({t})[0]")
def before(s: str, t: Delimiter) -> str:
    """What stands before the first place of a delimiter; all where there is none."""
    return s.split(t)[0]


@primitive(cost=3, source="{s}.split({t}, 1)[1]")
def after(s: str, t: Delimiter) -> str:
    """What stands after the first place of a delimiter; undefined where there is none."""
    return s.split(t, 1)[1]


@primitive(cost=3, source="{s}.rsplit({t}, 1)[0]")
def before_last(s: str, t: Delimiter) -> str:
    """What stands before the last place of a delimiter; all where there is none."""
    return s.rsplit(t, 1)[0]


@primitive(cost=3, source="{s}.split({t})[-1]")
def after_last(s: str, t: Delimiter) -> str:
    """What stands after the last place of a delimiter; all where there is none."""
    return s.split(t)[-1]


@primitive(cost=5, source="{s}.split({t})[0]")
def before_text(s: str, t: str) -> str:
    """What stands before the first place of another text; all where there is none."""
    return s.split(t)[0]


@primitive(cost=5, source="{s}.split({t}, 1)[1]")
def after_text(s: str, t: str) -> str:
    """What stands after the first place of another text; undefined where there is none."""
    return s.split(t, 1)[1]


@primitive(cost=4, source="{s}.split({start}, 1)[1].split({end})[0]")
def between(s: str, start: Delimiter, end: Delimiter) -> str:
    """What stands between the first place of one delimiter and the next of another."""
    return s.split(start, 1)[1].split(end)[0]


# Runs of characters of one kind


@primitive(cost=2, source=r"re.findall(r'\d+', {s})")
def numbers_in(s: str) -> list[str]:
    """The runs of digits."""
    return re.findall(r"\d+", s)


@primitive(cost=3, source=r"re.findall(r'[-+]?\d+(?:[.,]\d+)*', {s})")
def decimals_in(s: str) -> list[str]:
    """The numbers, with sign, separators and decimals."""
    return re.findall(r"[-+]?\d+(?:[.,]\d+)*", s)


@primitive(cost=3)
def letters_in(s: str) -> list[str]:
    """The runs of letters, with the marks that combine with them."""
    import itertools
    import unicodedata

    def is_letter(c: str) -> bool:
        return unicodedata.category(c)[0] in "LM"

    return ["".join(run) for letters, run in itertools.groupby(s, is_letter) if letters]


@primitive(cost=3, source=r"re.findall(r'\w+', {s})")
def names_in(s: str) -> list[str]:
    """The runs of letters, digits and underscores."""
    return re.findall(r"\w+", s)


@primitive(cost=5, source="[''.join(run) for upper, run in itertools.groupby({s}, str.isupper) if upper]")
def capitals_in(s: str) -> list[str]:
    """The runs of capital letters."""
    return ["".join(run) for upper, run in itertools.groupby(s, str.isupper) if upper]


# Parts by position


def _head_length(out: str, s: str) -> int:
    require(s.startswith(out))
    return len(out)


def _rest_start(out: str, s: str) -> int:
    require(s.endswith(out))
    return len(s) - len(out)


@primitive(cost=2, source="{s}[{i}]")
def char(s: str, i: int) -> str:
    """The character at a position; negative positions count from the end."""
    return s[i]


@primitive(cost=3, source="{s}[:{n}]", inverses={"n": _head_length})
def head(s: str, n: int) -> str:
    """The first `n` characters; for negative `n` all but the last ones."""
    return s[:n]


@primitive(cost=3, source="{s}[{n}:]", inverses={"n": _rest_start})
def rest(s: str, n: int) -> str:
    """The characters after the first `n`; for negative `n` only the last ones."""
    return s[n:]


@primitive(cost=4, source="{s}[{i}:{j}]")
def substring(s: str, i: int, j: int) -> str:
    """The characters from position `i` up to, and without, position `j`."""
    return s[i:j]


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


@primitive(cost=3, source="''.join(filter(str.isdigit, {s}))", laws=[idempotent])
def digits_of(s: str) -> str:
    """The digits of a text."""
    return "".join(filter(str.isdigit, s))


@primitive(cost=4, source="''.join(filter(str.isalpha, {s}))", laws=[idempotent])
def letters_of(s: str) -> str:
    """The letters of a text."""
    return "".join(filter(str.isalpha, s))


@primitive(cost=5, source="''.join(filter(str.isupper, {s}))", laws=[idempotent])
def capitals_of(s: str) -> str:
    """The capital letters of a text."""
    return "".join(filter(str.isupper, s))


@primitive(cost=4, source=r"re.sub(r'\d', '', {s})", laws=[idempotent])
def without_digits(s: str) -> str:
    """The text without its digits."""
    return re.sub(r"\d", "", s)


@primitive(cost=4, source=r"re.sub(r'[^\w\s]', '', {s})", laws=[idempotent])
def without_punctuation(s: str) -> str:
    """The text without its punctuation."""
    return re.sub(r"[^\w\s]", "", s)


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


@primitive(cost=2, source="int({s})")
def to_int(s: str) -> int:
    """The whole number that a text stands for."""
    require(len(s) < 30)
    return int(s)


@primitive(cost=2, source="str({n})")
def to_text(n: int) -> str:
    """The number as text."""
    return str(n)


@primitive(cost=2, source="{a} == {b}", laws=[commutative])
def same_number(a: int, b: int) -> bool:
    """Whether two numbers are the same."""
    return a == b


@primitive(cost=2, source="{a} < {b}")
def less_than(a: int, b: int) -> bool:
    """Whether the first number is less than the second."""
    return a < b


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


# Literals

MOST_DELIMITERS = 30
LONGEST_DELIMITER = 12
MOST_SHARED = 4
# A column of so few different cells holds kinds of things.
MOST_KINDS = 6
_MARKS = re.compile(r"[^\w]+")
_TOKENS = re.compile(r"\w+")


def delimiters(columns: Sequence[tuple[Type, Sequence[Any]]]) -> Iterator[Literal]:
    """The texts a task's rows suggest to cut at: characters that are no letters, words that recur, texts that all rows
    share, and the cells themselves of a column that holds a few kinds.

    Those of the most rows come first. The last column is the output's, whose marks may be put in.
    """
    texts = [[c for c in cells if c is not None] for t, cells in columns if t == TEXT]
    rows: Counter[str] = Counter()
    for cells in texts[:-1]:
        shared = shared_texts(cells)[:MOST_SHARED]
        kinds = set(cells) if len(set(cells)) <= MOST_KINDS else set[str]()
        proposed = [*shared, *map(str.strip, shared), *sorted(kinds)]
        yield from (Literal(t, DELIMITER) for t in proposed if 0 < len(t) <= LONGEST_DELIMITER)
    for cells in texts:
        for cell in cells:
            found = set(_MARKS.findall(cell)) | {c for c in cell if not c.isalnum()}
            found |= {t for t in _TOKENS.findall(cell) if not t.isdigit()}
            rows.update(t for t in found if len(t) <= LONGEST_DELIMITER)
    marks = [t for t, _ in _by_rows(rows) if not t[0].isalnum()]
    tokens = [t for t, n in _by_rows(rows) if t[0].isalnum()]
    for t in (*marks[: MOST_DELIMITERS - 10], *tokens[:10]):
        yield Literal(t, DELIMITER)


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


def _by_rows(rows: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(rows.items(), key=lambda r: (-r[1], len(r[0]), r[0]))


def literals(columns: Sequence[tuple[Type, Sequence[Any]]]) -> list[Literal]:
    return [*delimiters(columns), *lengths(columns)]


def lengths(columns: Sequence[tuple[Type, Sequence[Any]]]) -> Iterator[Literal]:
    """The lengths that all texts of a column have."""
    for t, cells in columns:
        known = {len(c) for c in cells if c is not None} if t == TEXT else set()
        if len(known) == 1:
            yield Literal(known.pop(), INT)


_FROM_NUMBERS = ("add", "sub", "and_", "or_", "not_")
_FROM_LISTS = ("get", "first", "last", "tail", "init", "take", "drop", "len_", "reverse", "most_common")

WORDS = (
    *(word for word in list(globals().values()) if isinstance(word, Primitive)),
    *(getattr(numbers, name) for name in _FROM_NUMBERS),
    *(getattr(lists, name) for name in _FROM_LISTS),
    *decimals.WORDS,
    *dates.WORDS,
)

LANGUAGE = Language(
    "text",
    words=WORDS,
    constants=(*(Literal(n, INT) for n in (0, 1, 2, 3, 4, 5, -1, -2, -3)), *decimals.CONSTANTS, *dates.CONSTANTS),
    types=(TEXT, DELIMITER, *decimals.TYPES, *dates.TYPES),
    literals=literals,
    patience=30_000,
    weights=json.loads(Path(__file__).with_name("text_weights.json").read_text(encoding="utf-8"))["weights"],
)
