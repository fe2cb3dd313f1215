"""What can be said of a program on texts, to rank it by: how its answers look, what it writes out, where it cuts.

Each feature is a function of what was found; `WEIGHTS` say how much a unit of each speaks against a program. They are
what one would think of each feature before any task is seen: weights fitted to 339 tasks of three benchmarks won no
more of them in cross-validation than these do.
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from extrapolate.core.expression import Apply, Choose, Expr, Literal, joined_parts, walk
from extrapolate.core.found import Feature, Found, Why, no_doubt
from extrapolate.core.task import Row, Task
from extrapolate.core.types import DATETIME, DELIMITER, INT, TEXT, Type, list_of
from extrapolate.languages import cases, gaps, idle, items, rows, sizes, slots
from extrapolate.languages.places import borders, is_cut, stands_in, texts_of

LISTS = (list_of(TEXT), list_of(Type("A")))
# Words that reckon, that count, that write a number, and that cut a text by places.
RECKONING = (
    "add",
    "sub",
    "mul",
    "quotient",
    "remainder",
    "plus",
    "minus",
    "times",
    "over",
    "total",
    "mean",
    "row_sum",
    "row_mean",
    "product",
    "difference_of_two",
    "ratio_of_two",
    "date_of_serial",
)
ROUNDING = ("floor_to", "end_of_step", "ceil_to", "round_to", "fixed", "signed", "fixed_with_comma", "in_thousands")
COMPARING = ("same_number",)
COUNTING = ("length", "count", "len_", "find", "find_text")
WRITING = ("to_text", "plain", "shortest", "fixed", "with_thousands")
CUTTING = ("char", "head", "rest", "substring", "without", "without_prefix", "replace", "chunks", "numbers_in")
AFTER = ("after", "after_last", "between", "value_after")
PLAIN_PICKS = ("first", "last")
# Words that pass over what is no digit or letter, or no letter.
FILTERING = ("digits_of", "letters_of", "numbers_in", "number", "number_in", "without_punctuation")
# Commas that can only stand between thousands.
_THOUSANDS = re.compile(r"(?<=\d),(?=(\d{3},)*\d{3}\.\d)")
_WORDS = re.compile(r"[^\W_]+")
# A name with the mark that follows it.
_KEYWORD = re.compile(r"[^\W\d_]\W*[=:/]\s*$")


def said(found: Found) -> list[str]:
    """The answers that are texts."""
    return [a for a in found.answers if isinstance(a, str)]


def empty_answers(found: Found) -> float:
    """The share of open rows whose answer is empty."""
    return found.share(sum(not a for a in said(found)))


def odd_answers(found: Found) -> float:
    """The share of open rows with an answer of a shape that no example has."""
    shapes = shapes_of(found.task)
    return found.share(sum(bool(a) and shape(a) not in shapes for a in said(found))) if shapes else 0


def torn_answers(found: Found) -> float:
    """Where each example's answer stands in a cell of its row, the share of open rows whose answer stands in none: put
    together of parts that an example never had."""
    if not all(stands_in(row, row.output) for row in found.task.labelled):
        return 0
    pairs = zip(found.rows, found.answers, strict=True)
    return found.share(sum(isinstance(a, str) and not stands_in(row, a) for row, a in pairs))


def cut_answers(found: Found) -> float:
    """The share of open rows whose answer ends within a name, as `li` of `bo.li`, where no example's does."""
    if not all(stands_in(row, row.output) and not is_cut(row, row.output) for row in found.task.labelled):
        return 0
    return found.share(sum(is_cut(row, a) for row, a in zip(found.rows, found.answers, strict=True)))


def odd_borders(found: Found) -> float:
    """Where the answers of all examples stand between the same marks, the share of open rows whose answer stands in a
    cell and nowhere between these, or is empty. The ends of a cell are no marks."""
    examples = found.task.labelled
    if len(examples) < 2 or not all(stands_in(row, row.output) for row in examples):
        return 0
    sides = list(zip(*(borders(row, row.output) for row in examples), strict=True))
    before, after = (set.intersection(*side) - {"", "^", "$"} for side in sides)

    def is_odd(row: Row, answer: Any) -> bool:
        if not answer or not stands_in(row, answer):
            return answer == "" and bool(before or after)
        own_before, own_after = borders(row, answer)
        return bool((before and not before & own_before) or (after and not after & own_after))

    return found.share(sum(is_odd(row, a) for row, a in zip(found.rows, found.answers, strict=True)))


def lost_words(found: Found) -> float:
    """Where the answer of each example has all the words of a cell and none twice, the share of open rows whose answer
    has not."""
    kept = [i for i, v in enumerate(found.task.inputs) if v.type == TEXT and keeps_words(found.task, i)]
    pairs = zip(found.rows, found.answers, strict=True)
    return found.share(sum(isinstance(a, str) and any(not keeps(row.inputs[i], a) for i in kept) for row, a in pairs))


def passed_over(found: Found) -> float:
    """The share of open rows with a letter or a mark that is passed over, and stands in no example."""
    lost = passing_over(found)
    return found.share(sum(lost(row, a) is not None for row, a in zip(found.rows, found.answers, strict=True)))


def changed_answers(found: Found) -> float:
    """Of the open rows with a cell that looks like an answer already, the share for which it is not the answer; nothing
    where an example shows that such a cell may change."""
    shapes = shapes_of(found.task)
    rows = [(row, a) for row, a in zip(found.rows, found.answers, strict=True) if looks_answered(row, shapes)]
    leaves = all(row.output in row.inputs for row in found.task.labelled if looks_answered(row, shapes))
    return leaves * sum(a not in row.inputs for row, a in rows) / max(1, len(rows))


def positions(found: Found) -> float:
    """How many whole numbers words are given beside a text, without the first and the last place."""
    return sum(map(counted_places, found.parts))


def token_places(found: Found) -> float:
    """How often it picks or leaves out parts of a list by their number, other than the first or the last part alone:
    the more, the larger the number; half where the list was cut at a text that stands between the parts, and so shows
    them."""
    return sum(map(token_place, found.parts))


def keywords(found: Found) -> float:
    """Whether it cuts at a name, as `user=` or `client: `, that stands in every example."""
    cells = [" ".join(texts_of(row)) for row in found.task.labelled]
    cuts = [p for p in found.parts if isinstance(p, Apply) and p.word.name in AFTER]
    marks = [p.args[1].value for p in cuts if isinstance(p.args[1], Literal) and _KEYWORD.search(p.args[1].value)]
    return any(all(mark in cell for cell in cells) for mark in marks)


def lonely_entries(found: Found) -> float:
    """How many entries of a lookup only one example vouches for."""
    wanted = [row.output for row in found.task.labelled]
    return sum(wanted.count(v) == 1 for table in tables(found) for v in table.values())


def row_values(found: Found) -> float:
    """How many values of a table hold what stands in another cell of each row that they come from, or share a word with
    a cell: they are made of it rather than found."""
    if found.task.output != TEXT:
        return 0
    values = {v: table for table in tables(found) for v in table.values()}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in found.task.labelled:
        if row.output in values:
            rows[row.output].append(row)
    return sum(all(is_made(v, row, values[v]) for row in own) for v, own in rows.items())


def is_made(value: str, row: Row, table: Mapping[Any, Any]) -> bool:
    """Whether a value holds what stands in a cell of a row that is no key of a table, or shares a word with a cell."""
    cells = texts_of(row)
    return any((cell not in table and len(cell) > 1 and cell in value) or shares_word(value, cell) for cell in cells)


def shares_word(value: str, cell: str) -> bool:
    """Whether a value has a word or a number of a cell, and is not that single character."""
    shared = set(_WORDS.findall(value.casefold())) & set(_WORDS.findall(cell.casefold()))
    return len(value) > 1 and any(len(word) > 1 or word.isdigit() for word in shared)


def literal_letters(found: Found) -> float:
    """How many letters it writes out."""
    return sum(c.isalpha() for text in own_texts(found) for c in text)


def literal_digits(found: Found) -> float:
    """How many digits it writes out."""
    return sum(c.isdigit() for text in own_texts(found) for c in text)


def met_letters(found: Found) -> float:
    """How many of its constants have letters or digits with which a word of every example begins: they may be a part of
    it."""
    rows = found.task.labelled
    cells = [[w for v in texts_of(row) for w in re.findall(r"\w+", v)] for row in rows]
    tokens = [re.findall(r"\w+", text) for text in own_texts(found)]
    return sum(any(all(any(w.startswith(t) for w in c) for c in cells) for t in words) for words in tokens)


def copied_numbers(found: Found) -> float:
    """Whether it writes out a number that stands in every example."""
    return copied_part(found) is not None


def odd_reckoning(found: Found) -> float:
    """How often it reckons with how long a text is or compares it, counts in a text that is cut at a place, cuts what
    it has reckoned, divides a constant, reads a number in a text that is cut at a place or in a part of a date,
    rounds to what is no constant, or takes what it has reckoned for seconds since 1970."""
    parts = [p for p in found.parts if isinstance(p, Apply)]
    counts = sum(max(map(counting, p.args)) for p in parts if p.word.name in (*RECKONING, *COMPARING))
    counts += sum(p.word.name in COUNTING and is_of(p.args[0], CUTTING) for p in parts)
    cuts = sum(p.word.name in CUTTING and is_written_reckoning(p.args[0]) for p in parts)
    divides = sum(p.word.name == "over" and isinstance(p.args[0], Literal) for p in parts)
    reads = sum(p.word.name in ("number", "number_in") and is_torn(p.args[0]) for p in parts)
    rounds = sum(p.word.name in ROUNDING and not isinstance(p.args[1], Literal) for p in parts)
    times = sum(p.word.name == "date_of_epoch" and not is_of(p.args[0], ("to_int",)) for p in parts)
    return counts + cuts + divides + reads + rounds + times


def counting(part: Expr) -> int:
    """1 where a number is counted, or is the number in a text that says one; 2 where it is how long a text is."""
    inner = [p for p in walk(part) if is_of(p, COUNTING)]
    return (1 + any(is_of(p, ("length",)) for p in inner)) if inner else 0


def is_of(part: Expr, words: Sequence[str]) -> bool:
    return isinstance(part, Apply) and part.word.name in words


def is_torn(part: Expr) -> bool:
    """Whether a text is cut at a place, or is a part of a date."""
    return is_of(part, ("head", "substring")) or (isinstance(part, Apply) and part.word.arg_types[0] == DATETIME)


def is_written_reckoning(part: Expr) -> bool:
    """Whether a text is a number that was reckoned."""
    return isinstance(part, Apply) and part.word.name in WRITING and any(is_of(a, RECKONING) for a in part.args)


def mixed_padding(found: Found) -> float:
    """Whether it writes one of two hours in two digits and the other one as it comes, or one of month and day, where
    open rows tell these apart."""
    words = {part.word.name for part in found.parts if isinstance(part, Apply)}
    of_days = {"two_digit_month", "day"} <= words or {"month", "two_digit_day"} <= words
    return {"two_digit_hour", "hour"} <= words or (bool(found.rows) and of_days)


def switches(found: Found) -> float:
    """How often the next piece of the output is cut from another value than the piece before; constants between them
    are passed over."""
    return sum(different([p for p in pieces if p is not None]) for pieces in sources(found.expr))


def touching_switches(found: Found) -> float:
    """How often it is, with no constant between the pieces."""
    return sum(map(different, sources(found.expr)))


def lonely_pieces(found: Found) -> float:
    """How many pieces of the output say something in one example alone, and nothing in two others or more: a case that
    only that one shows."""
    rows = found.task.labelled
    pieces = [found.runner(piece) for piece in joined_parts(found.expr) if isinstance(piece, Apply)]
    if len(rows) < 3 or len(pieces) < 2:
        return 0
    return sum(sum(bool(piece(row)) for row in rows) <= 1 for piece in pieces)


def heads(found: Found) -> float:
    """By how many words the pieces of the output are cut."""
    return len({piece.word for piece in joined_parts(found.expr) if isinstance(piece, Apply)})


def copied_part(found: Found) -> str | None:
    """A digit or more that a program writes out and that stand in a cell of every example."""
    cells = [" ".join(texts_of(row)) for row in found.task.labelled]
    tokens = [token for text in own_texts(found) for token in re.findall(r"\d+", text)]
    return next((t for t in tokens if len(cells) > 1 and all(t in re.findall(r"\d+", cell) for cell in cells)), None)


FEATURES: Mapping[str, Feature] = {
    "taken together": rows.taken_together,
    "empty answers": empty_answers,
    "odd answers": odd_answers,
    "torn answers": torn_answers,
    "cut answers": cut_answers,
    "odd borders": odd_borders,
    "lost words": lost_words,
    "passed over": passed_over,
    "changed answers": changed_answers,
    "positions": positions,
    "token places": token_places,
    "keywords": keywords,
    "lonely entries": lonely_entries,
    "lonely ranges": cases.lonely_ranges,
    "fixed parts": sizes.fixed_parts,
    "row values": row_values,
    "literal letters": literal_letters,
    "literal digits": literal_digits,
    "met letters": met_letters,
    "copied numbers": copied_numbers,
    "odd reckoning": odd_reckoning,
    "mixed padding": mixed_padding,
    "switches": switches,
    "touching switches": touching_switches,
    "lonely pieces": lonely_pieces,
    "heads": heads,
    "idle steps": idle.idle_steps,
    "unlike gaps": gaps.unlike_gaps,
    "unlike neighbours": gaps.unlike_neighbours,
    "unlike sizes": sizes.unlike_sizes,
    "other counts": items.other_counts,
    "items alike": items.items_alike,
    "idle orders": idle.idle_orders,
    "several roundings": slots.several_roundings,
    "odd slots": slots.odd_slots,
}
WEIGHTS: Mapping[str, float] = {
    "taken together": rows.SAID_WEIGHT,
    "repeated": 0.9,
    "unused inputs": 0.5,
    "copied literals": 0.0,
    "loose literals": 0.0,
    "absent answers": 8.0,
    "lonely branch": 2.0,
    "empty answers": 3.0,
    "odd answers": 3.0,
    "torn answers": 5.0,
    "cut answers": 5.0,
    "odd borders": 5.0,
    "lost words": 5.0,
    "passed over": 5.0,
    "changed answers": 5.0,
    "positions": 1.0,
    "token places": 2.0,
    "keywords": -3.5,
    "lonely entries": 2.0,
    "lonely ranges": 2.0,
    "fixed parts": 4.0,
    "row values": 8.0,
    "literal letters": 0.1,
    "literal digits": 0.5,
    "met letters": 3.0,
    "copied numbers": 4.0,
    "odd reckoning": 5.0,
    "mixed padding": 4.0,
    "switches": 0.5,
    "touching switches": 1.0,
    "lonely pieces": 5.0,
    "heads": 0.5,
    "idle steps": 1.0,
    "unlike gaps": 5.0,
    "unlike neighbours": 5.0,
    "unlike sizes": 5.0,
    "other counts": 5.0,
    "items alike": -5.0,
    "idle orders": 8.0,
    "several roundings": 4.0,
    "odd slots": 1.0,
}


def own_texts(found: Found) -> list[str]:
    """The constants that are of the type of the output."""
    values = [literal.value for literal in found.literals if literal.type == found.task.output]
    return [v for v in values if isinstance(v, str)]


def tables(found: Found) -> list[Mapping[Any, Any]]:
    """The tables of texts, by texts or by numbers."""
    return [
        literal.value for literal in found.literals if literal.type.name == "lookup" and literal.type.args[1] == TEXT
    ]


def shapes_of(task: Task) -> set[str]:
    """The shapes of the answers of the examples."""
    return {shape(row.output) for row in task.labelled if isinstance(row.output, str)}


def keeps_words(task: Task, place: int) -> bool:
    """Whether the answer of each example has all the words of one of the inputs, and none twice."""
    rows = [(row.inputs[place], row.output) for row in task.labelled]
    return all(isinstance(cell, str) and isinstance(out, str) and keeps(cell, out) for cell, out in rows)


def keeps(cell: Any, answer: str) -> bool:
    """Whether each word of a cell stands in an answer, be it in other letters, and none as a word more often."""
    if not isinstance(cell, str):
        return True
    folded = answer.casefold()
    words = Counter(word.casefold() for word in _WORDS.findall(cell))
    said = Counter(_WORDS.findall(folded))
    return all(word in folded and said[word] <= n for word, n in words.items())


def passing_over(found: Found) -> Why:
    """A function of a row and its answer: a letter or a mark of the row that the program passes over, and that stands
    in no example; None where there is none."""
    if not any(is_of(p, (*FILTERING, "join_all")) for p in found.parts):
        return no_doubt
    filters = any(is_of(p, FILTERING) for p in found.parts)
    shown = {c for row in found.task.labelled for cell in texts_of(row) for c in cell}
    letters = any(c.isalpha() for c in shown)
    reads_numbers = any(is_of(p, ("number", "number_in")) for p in found.parts)

    def lost(row: Row, answer: Any) -> str | None:
        for cell in texts_of(row):
            cell = _THOUSANDS.sub("", cell) if reads_numbers else cell
            for i, c in enumerate(cell):
                joins_names = c == " " and cell[i - 1 : i].isalpha() and cell[i + 1 : i + 2].isalpha()
                unusual = joins_names or (filters and (c in ".,-" or (c.isalpha() and not letters)))
                if unusual and c not in shown and c not in str(answer):
                    return c
        return None

    return lost


def looks_answered(row: Row, shapes: set[str]) -> bool:
    """Whether a cell of a row looks like an output already."""
    return any(bool(cell) and shape(cell) in shapes for cell in texts_of(row))


@lru_cache(maxsize=100_000)
def shape(text: str) -> str:
    """A text with `a` for each run of letters, `0` for each run of digits and one space for spaces, without a sign; all
    dates as 2024-03-01 have one shape of their own."""
    if is_date(text):
        return "date"
    unsigned = re.sub(r"^[-+](?=\d)", "", text)
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", unsigned)))


def is_date(text: str) -> bool:
    """Whether a text is a date as 2024-03-01."""
    try:
        return len(text) == len("2024-03-01") and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def counted_places(part: Expr) -> int:
    if not isinstance(part, Apply) or len(part.args) < 2 or part.word.arg_types[0] != TEXT:
        return 0
    return sum(isinstance(a, Literal) and a.type == INT and a.value not in (0, -1) for a in part.args[1:])


def token_place(part: Expr) -> float:
    if not isinstance(part, Apply) or part.word.arg_types[0] not in LISTS or part.word.name in PLAIN_PICKS:
        return 0
    if len(part.args) == 2 and isinstance(part.args[1], Literal) and part.args[1].value in (0, -1):
        return 0
    if not part.type.is_list and not (len(part.args) == 2 and part.word.arg_types[1] == INT):
        return 0
    cut = part.args[0]
    shown = isinstance(cut, Apply) and any(t == DELIMITER for t in cut.word.arg_types)
    numbers = [abs(a.value) for a in part.args[1:] if isinstance(a, Literal) and a.type == INT]
    return (0.5 if shown else 1) * max((math.log(max(2, n) + 1, 3) for n in numbers), default=1)


def sources(expr: Expr) -> Iterator[list[Any]]:
    """What each piece of the output is cut from, None for constants; a row for each choice."""
    if isinstance(expr, Choose):
        yield from sources(expr.then)
        yield from sources(expr.otherwise)
        return
    yield [None if isinstance(p, Literal) else p.args[0] if isinstance(p, Apply) else p for p in joined_parts(expr)]


def different(pieces: list[Any]) -> int:
    return sum(a != b for a, b in itertools.pairwise(pieces) if a is not None and b is not None)
