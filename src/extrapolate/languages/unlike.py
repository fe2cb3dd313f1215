"""Unlike: answers that look as no example's does, and rows that lack what every example has.

Each rule is silent where examples differ among themselves: only what all of them have in common can be missed.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, Var, itemwise_in, joined_parts, walk
from extrapolate.core.found import Found, Why, no_doubt
from extrapolate.core.task import Row
from extrapolate.core.types import BOOL, DATETIME, DECIMAL, INT, TEXT
from extrapolate.kinds.patterns import PATTERN
from extrapolate.languages.looks import is_of, own_texts
from extrapolate.languages.places import MOST_PLACES, places_of, stands_in, texts_of

_WORDS, _RUNS, _ENTITY = re.compile(r"[^\W\d_]+"), re.compile(r"\d+"), re.compile(r"&#?\w+;")
# A sign that stands before a number and not between two.
_SIGN = re.compile(r"(?<![\w.])-\d")
# Two runs of so many digits, or one in what is masked, make a form of their own, as of a telephone number; so many
# digits alone a code.
LONG_RUN, LONG_CODE, _MASK = 3, 5, re.compile(r"[*•]{2}")
# A plain number, and one with a mark that is none of it.
_PLAIN, _MARKED, MARKS = re.compile(r"[+-]?\d+(?:\.\d+)?"), re.compile(r"[+-]?\d[\d.,'’ ]*\d"), ", '’"
# Marks between the digits of one number.
_WITHIN = re.compile(r"\d[.,]\d")
# Marks that part or make what a cell holds.
PARTING, MAKING = ";|", "@"
# What stands in pairs, and words for what is missing.
BRACKETS, MISSING = ("()", "[]", "{}", "<>"), ("null", "none", "nan", "undefined", "n/a", "#n/a")
# Words that change letters, and that split a text into words.
CASING = ("title", "capitalize", "lower", "upper")
SPLITTING = ("words", "initials", "names_in", "letters_in", "capitalized_in", "numbers_in", "decimals_in")
# Words that cut by places.
PLACED = ("char", "head", "rest", "substring")
# So many characters behind an answer tell what comes next.
BORDER = 4
# Letters picked by their place are told by so many examples.
ENOUGH = 5


def other_form(found: Found) -> Why:
    """Its digits stand in other groups than those of all examples, which are none of one number nor copied, or a letter
    among them."""
    outputs = texts(found)
    are_copied = all(stands_in(row, row.output) for row in found.task.labelled)
    are_numbers = any(map(_WITHIN.search, outputs))
    forms = {tuple(map(len, _RUNS.findall(out))) for out in outputs}
    is_date = any(isinstance(p, Apply) and DATETIME in (*p.word.arg_types, p.type) for p in found.parts)
    form = min(forms) if len(forms) == 1 and len(set(outputs)) > 1 and not is_date else ()
    is_long = sum(n >= LONG_RUN for n in form) > 1 or all(map(_MASK.search, outputs))
    is_code = len(form) == 1 and form[0] >= LONG_CODE
    is_form = bool(form) and (is_long or (is_code and not reckons(found))) and not are_copied and not are_numbers
    is_code = is_code and all(map(str.isdigit, outputs))

    def why(row: Row, answer: Any) -> str | None:
        if not isinstance(answer, str) or not answer:
            return None
        if is_form and tuple(map(len, _RUNS.findall(answer))) != form:
            return "its digits stand in other groups than in every example's answer"
        if is_code and _WORDS.search(answer):
            return "there is a letter in it, and digits alone in every example's answer"
        return None

    return why


def reckons(found: Found) -> bool:
    """Whether a program reads or reckons numbers."""
    return any(p.type in (INT, DECIMAL) for p in found.parts if isinstance(p, Apply))


def other_number(found: Found) -> Why:
    """It is a number with commas or spaces, and every example's answer is a plain one."""
    outputs = texts(found)
    if not outputs or not all(map(_PLAIN.fullmatch, outputs)):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        is_number = isinstance(answer, str) and _MARKED.fullmatch(answer)
        mark = next((c for c in answer if c in MARKS), None) if is_number else None
        return f"there is {mark!r} in the number, and in no example's answer" if mark else None

    return why


def small_letters(found: Found) -> Why:
    """It begins with a small letter where every example's answer is in capital ones."""
    outputs = texts(found)
    are_capitals = bool(outputs) and all(out.isupper() and sum(map(str.isupper, out)) > 1 for out in outputs)

    def why(row: Row, answer: Any) -> str | None:
        is_small = are_capitals and isinstance(answer, str) and answer[:1].islower()
        return "there are small letters in it, and none in any example's answer" if is_small else None

    return why


def glued(found: Found) -> Why:
    """A word of it is put together of two of the row, and each word of every example's answer is one of its row."""
    if not texts(found) or not all(words(row.output) <= row_words(row) for row in found.task.labelled):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        own = row_words(row)
        for word in words(answer) - own:
            if any(word[:i] in own and word[i:] in own for i in range(1, len(word))):
                return f"{word!r} is put together of two words, and none in any example's answer is"
        return None

    return why


def cut_over(found: Found) -> Why:
    """A piece of it that is cut by its place takes in a mark, and no example's does."""
    cuts = [p for p in joined_parts(found.expr) if isinstance(p, Apply) and p.word.name in PLACED]
    pieces = [found.runner(p) for p in cuts if all(isinstance(arg, Literal) for arg in p.args[1:])]
    shown = [[piece(row) for row in found.task.labelled] for piece in pieces]
    plain = [piece for piece, own in zip(pieces, shown, strict=True) if all(map(is_unmarked, own))]

    def why(row: Row, answer: Any) -> str | None:
        own = (piece(row) for piece in plain)
        marked = next((text for text in own if isinstance(text, str) and text and not is_unmarked(text)), None)
        return f"{marked!r} is cut by its place over a mark, and no example's is" if marked else None

    return why


def is_unmarked(text: Any) -> bool:
    """Whether a text is letters and digits alone."""
    return isinstance(text, str) and text.isalnum()


def other_signs(found: Found) -> Why:
    """It has a code of HTML, and no example's answer has; or it is put together of parts of the row, and has a sign, an
    apostrophe or a letter that is not English, and no example has."""
    outputs = texts(found)
    shown = {c for text in outputs for c in text} | {c for row in found.task.labelled for t in texts_of(row) for c in t}
    has_code, has_sign = (any(map(found_in.search, outputs)) for found_in in (_ENTITY, _SIGN))
    is_whole = reckons(found) or sum(not isinstance(piece, Literal) for piece in joined_parts(found.expr)) < 2

    def why(row: Row, answer: Any) -> str | None:
        if not isinstance(answer, str):
            return None
        if not has_code and (code := _ENTITY.search(answer)):
            return f"there is {code[0]!r} in it, and nothing like it in any example's answer"
        if is_whole or stands_in(row, answer):
            return None
        if not has_sign and _SIGN.search(answer):
            return "there is a negative number in it, and none in any example's answer"
        strange = next((c for c in answer if (c in "'’-" or not c.isascii()) and c not in shown), None)
        is_name = " " in answer or not any(map(str.isalpha, answer))
        return f"there is {strange!r} in it, and in no example" if strange and not is_name else None

    return why


def picked_letters(found: Found) -> Why:
    """It puts letters together that stand at other places than the first and the last of a text."""
    pieces = joined_parts(found.expr)
    picks = [p for piece in pieces for p in walk(piece) if isinstance(p, Apply) and p.word.name == "char"]
    by_place = [p.args[1] for p in picks if len(p.args) > 1]
    within = any(not isinstance(place, Literal) or place.value not in (0, -1) for place in by_place)
    if len(pieces) < 2 or not within or len(found.task.distinct) >= ENOUGH:
        return no_doubt
    return lambda row, answer: "it puts letters together by their place"


def lacking(found: Found) -> Why:
    """A cell that it uses lacks a mark that parts or makes what this cell holds in every example."""
    needed = list(marks_needed(found))

    def why(row: Row, answer: Any) -> str | None:
        for place, mark, least in needed:
            cell = row.inputs[place]
            if isinstance(cell, str) and cell.strip() and cell.count(mark) < least:
                if mark in cell:
                    return f"there are fewer {mark!r} in the row than in any example"
                return f"there is no {mark!r} in the row, and there is one in every example"
        return None

    return why


def marks_needed(found: Found) -> Iterator[tuple[int, str, int]]:
    """The place of a cell, a mark, and how often it stands there at least in every example; once is enough unless words
    are written out, which may be about how many there are. Where something is done with each item, a cell may have one
    alone."""
    writes = any(map(_WORDS.search, own_texts(found)))
    marks = MAKING if any(itemwise_in(found.expr)) else PARTING + MAKING
    used = {part for part in found.parts if isinstance(part, Var)}
    for place, variable in enumerate(found.task.inputs):
        if variable.type == TEXT and variable in used:
            cells = [row.inputs[place] for row in found.task.labelled]
            for mark in marks:
                least = min(cell.count(mark) if isinstance(cell, str) else 0 for cell in cells)
                if least:
                    yield place, mark, least if mark in PARTING and writes else 1


def unmet(found: Found) -> Why:
    """It looks for what is all of a cell in an example, in a cell that is none of those of the examples."""
    looked = []
    for part in found.parts:
        if isinstance(part, Apply) and part.type in (INT, BOOL) and part.word.arg_types[:1] == (TEXT,):
            text = found.runner(part.args[0])
            known = {plain(text(row)) for row in found.task.labelled}
            if any(isinstance(mark, Literal) and plain(mark.value) in known - {""} for mark in part.args[1:]):
                looked.append((text, known))

    def why(row: Row, answer: Any) -> str | None:
        new = next((text(row) for text, known in looked if plain(text(row)) not in known), None)
        return f"no example has {new!r}" if new else None

    return why


def plain(text: Any) -> str:
    return text.strip().casefold() if isinstance(text, str) else ""


def texts(found: Found) -> list[str]:
    """The answers of all examples, where they are texts; none where one is empty or no text."""
    outputs = [row.output for row in found.task.labelled]
    return outputs if all(isinstance(out, str) and out for out in outputs) else []


def words(text: Any) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)} if isinstance(text, str) else set()


def row_words(row: Row) -> set[str]:
    return {word for text in texts_of(row) for word in words(text)}


def large_letters(found: Found) -> Why:
    """A word of it is in capital letters and none of any example's answer is, where letters are changed on the way, and
    not to capitals."""
    changes = {p.word.name for p in found.parts if isinstance(p, Apply)} & set(CASING)
    if not changes - {"upper"} or any(map(shouted, texts(found))):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        word = shouted(answer) if isinstance(answer, str) else None
        return f"{word!r} is in capital letters, and no word of any example's answer is" if word else None

    return why


def shouted(text: str) -> str | None:
    """The first word of more than one letter that is in capital ones."""
    return next((word for word in _WORDS.findall(text) if len(word) > 1 and word.isupper()), None)


def second_or_last(found: Found) -> Why:
    """It takes the second of two words or numbers, or the last, and there are more of them in this row alone."""
    picks = [p.args[0] for p in found.parts if isinstance(p, Apply) and p.word.name in ("last", "get", "init", "tail")]
    lists = [found.runner(cut) for cut in set(filter(is_of_words, picks))]
    of_two = [words for words in lists if all(len(words(row) or ()) == 2 for row in found.task.labelled)]

    def why(row: Row, answer: Any) -> str | None:
        counts = (len(words(row) or ()) for words in of_two)
        more = next((n for n in counts if n > 2), None)
        return (
            f"there are {more} words, and two in every example: the second may be meant, or the last" if more else None
        )

    return why


def single_word(found: Found) -> Why:
    """It takes the first or the last word of a text that is a single one, or both ends of what has one part alone, and
    in every example there are several."""
    picks = {p for p in found.parts if isinstance(p, Apply) and p.word.name in ("first", "last")}
    cuts = Counter(p.args[0] for p in picks)
    lists = [found.runner(cut) for cut, n in cuts.items() if n > 1 or is_of(cut, ("words",))]
    several = [words for words in lists if all(len(words(row) or ()) > 1 for row in found.task.labelled)]

    def why(row: Row, answer: Any) -> str | None:
        is_single = any(len(words(row) or ()) == 1 for words in several)
        return "there is one word alone in the row, and there are more in every example" if is_single else None

    return why


def other_border(found: Found) -> Why:
    """It is what looks like those of the examples, and what stands behind these, as the name of what comes next, does
    not stand behind it."""
    if not any(isinstance(p, Literal) and p.type == PATTERN for p in found.parts):
        return no_doubt
    pairs = [(row, row.output) for row in found.task.labelled if isinstance(row.output, str) and row.output]
    behind = {after for row, out in pairs for after in borders_of(row, out)}
    name = next(iter(behind)) if len(behind) == 1 and len(pairs) > 1 else ""
    if not _WORDS.search(name) or any(not borders_of(row, out) for row, out in pairs):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        own = borders_of(row, answer) if isinstance(answer, str) and answer else set()
        is_other = bool(own) and not own & {name, ""}
        return f"{name!r} stands behind it in every example, and something else here" if is_other else None

    return why


def borders_of(row: Row, text: str) -> set[str]:
    """The few characters that stand behind a text in the cells of a row."""
    places = ((c, at + len(text)) for c in texts_of(row) for at in itertools.islice(places_of(c, text), MOST_PLACES))
    return {cell[end : end + BORDER] for cell, end in places}


def untidy(found: Found) -> Why:
    """It begins or ends in a space or in a bracket or a quote without its partner, or is a word for what is missing,
    and no example's answer is so."""
    if any(map(is_untidy, texts(found))):
        return no_doubt
    return lambda row, answer: is_untidy(answer) if isinstance(answer, str) and answer else None


def is_untidy(text: str) -> str | None:
    """What is untidy of a text, if anything is."""
    if text != text.strip():
        return "it begins or ends in a space, and no example's answer does"
    if mark := next((pair for pair in BRACKETS if text.count(pair[0]) != text.count(pair[1])), None):
        return f"one of {mark} stands in it alone, and in no example's answer"
    if text.casefold() in MISSING:
        return f"{text!r} says that something is missing, and no example's answer does"
    return None


def more_parts(found: Found) -> Why:
    """It takes a part by its number, neither the first nor the last, and there are more of them than in any example."""
    picks = [p for p in found.parts if isinstance(p, Apply) and p.word.name in ("get", "init", "tail")]
    lists = [found.runner(p.args[0]) for p in picks if is_inner(p) and is_of_words(p.args[0])]
    most = [(words, max(len(words(row) or ()) for row in found.task.labelled)) for words in lists]

    def why(row: Row, answer: Any) -> str | None:
        more = next((n for n in (len(words(row) or ()) - shown for words, shown in most) if n > 0), None)
        return "there are more parts than in any example, and it takes one by its number" if more else None

    return why


def is_inner(pick: Apply) -> bool:
    """Whether what is picked from a list is neither its first nor its last part."""
    return len(pick.args) < 2 or not isinstance(pick.args[1], Literal) or pick.args[1].value not in (0, -1)


def is_of_words(part: Expr) -> bool:
    return is_of(part, SPLITTING)


def empty_items(found: Found) -> Why:
    """One of the parts between marks is empty, as behind a last one, and in no example is one."""
    cuts = [p for p in found.parts if isinstance(p, Apply) and p.word.name == "split"]
    lists = [found.runner(cut) for cut in dict.fromkeys(cuts)]
    lists = [items for items in lists if not any("" in (items(row) or ()) for row in found.task.labelled)]

    def why(row: Row, answer: Any) -> str | None:
        is_empty = any("" in (items(row) or ()) for items in lists)
        return "there is nothing between two marks, or behind the last one, and in no example" if is_empty else None

    return why
