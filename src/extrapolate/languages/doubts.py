"""What the language of text doubts of the answers of a program.

Each rule says of an open row and its answer why the examples do not vouch for it, where they don't. A rule is a
function of what was found that is asked once, and returns a function of a row and an answer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from extrapolate.core.expression import Apply, Expr, Literal, Var, joined_parts, literal_of, replaced
from extrapolate.core.found import Found, Why, no_doubt
from extrapolate.core.task import Row
from extrapolate.core.types import DECIMAL, DELIMITER, TEXT
from extrapolate.languages import cases, gaps, items, moments, rows, sizes, unlike
from extrapolate.languages.decimals import ceil_to, end_of_step, floor_to
from extrapolate.languages.looks import copied_part, is_date, is_written_reckoning, own_texts, passing_over, row_values
from extrapolate.languages.parts import decimals_in, numbers_in
from extrapolate.languages.places import is_cut, stands_in, texts_of
from extrapolate.languages.scales import CONVERSIONS

Rule = Callable[[Found], Why]

# Words that give all of a text where there is nothing to cut at.
CUTTING = ("before", "before_last", "after_last")
# Words that round one way.
DOWN_OR_UP = (floor_to, ceil_to, end_of_step)
# Marks that change what a text that is put together is; those within names are none.
UNUSUAL = frozenset(' ,;:|/\\()[]{}<>=+*%$#"')
# By how much a constant is changed to see whether the examples pin it down.
NUDGES = tuple(Decimal(sign * n).scaleb(-4) for n in (5, 15, 40) for sign in (1, -1))
# Decimals before a unit, as in 2.50 kg, and how many more than an example's are doubted.
_DECIMALS = re.compile(r"\d\.(\d+)\D*$")
MORE_DECIMALS = 2
# The mark before each number.
_BEFORE_NUMBERS = re.compile(r"([^\w\s.,]?)\s?(?<![\d.,])\d+(?:[.,]\d+)*")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")


def of_all(found: Found) -> Why:
    """What it writes out, or looks up, is taken from the examples."""
    why = None
    if copied := copied_part(found):
        why = f"{copied!r} stands in every example, so it may be a part of them"
    elif row_values(found):
        why = "what it looks up is made of other cells of the row, in the examples"
    return lambda row, answer: why


def constant(found: Found) -> Why:
    """It is the answer of all examples, whatever stands in the row."""
    if any(isinstance(part, Var) for part in found.parts):
        return no_doubt
    return lambda row, answer: "all examples have this answer, and it is given whatever stands in the row"


def of_nothing(found: Found) -> Why:
    """There is nothing in the row, and something in every example."""
    if any(not any(texts_of(row)) for row in found.task.labelled):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        is_blank = answer != "" and not any(value is not None and str(value).strip() for value in row.inputs)
        return "the row is empty, and no example is" if is_blank else None

    return why


def rounded(found: Found) -> Why:
    """It is rounded where no example's answer is."""
    rounding = [p for p in found.parts if isinstance(p, Apply) and p.word.name == "fixed"]
    if not rounding:
        return no_doubt
    pairs = [(found.runner(part.args[0]), found.runner(part)) for part in rounding]

    def loses(row: Row) -> bool:
        values = [(exact(row), written(row)) for exact, written in pairs]
        return any(x is not None and text is not None and x != Decimal(text) for x, text in values)

    if any(map(loses, found.task.labelled)):
        return no_doubt
    return lambda row, answer: "it is rounded, and no example's answer is" if loses(row) else None


def down_or_up(found: Found) -> Why:
    """It is a negative number rounded down or up, and no example's is negative: that may be meant towards zero."""
    rounding = [found.runner(p.args[0]) for p in found.parts if isinstance(p, Apply) and p.word in DOWN_OR_UP]
    if any((number(row) or 0) < 0 for number in rounding for row in found.task.labelled):
        return no_doubt

    def why(row: Row, answer: Any) -> str | None:
        is_new = any((number(row) or 0) < 0 for number in rounding)
        return "it is a negative number that is rounded down or up, and no example's is" if is_new else None

    return why


def unpinned(found: Found) -> Why:
    """A number that it reckons with could be a little larger or smaller for all the examples say, and then gives
    another answer."""
    decimals = [lit for lit in dict.fromkeys(found.literals) if lit.type == DECIMAL]
    several = [lit for lit in decimals if len(lit.value.normalize().as_tuple().digits) > 1]
    constants = [lit for lit in several if lit.value not in CONVERSIONS]
    others = list(nudged(found, constants))

    def why(row: Row, answer: Any) -> str | None:
        if any(other(row) != answer for other in others):
            return "a number in the program may be a little larger or smaller for all the examples say"
        return None

    return why


def nudged(found: Found, constants: list[Literal]) -> Iterator[Callable[[Row], Any]]:
    """The program with another constant, where it is right on every example too."""
    for lit in constants:
        for nudge in NUDGES:
            other = found.runner(replaced(found.expr, lit, literal_of(lit.value * (1 + nudge), DECIMAL)))
            if all(other(row) == row.output for row in found.task.labelled):
                yield other


def within_a_word(found: Found) -> Why:
    """What it cuts at or looks for is a part of a longer word."""
    examples = found.task.labelled
    marks = [
        mark
        for mark in dict.fromkeys(lit.value for lit in found.literals if lit.type in (TEXT, DELIMITER))
        if any(stands_in(row, mark) for row in examples) and not any(is_cut(row, mark) for row in examples)
    ]

    def why(row: Row, answer: Any) -> str | None:
        mark = next((mark for mark in marks if is_cut(row, mark)), None)
        return f"{mark!r} is a part of a longer word, and stands by itself in every example" if mark else None

    return why


def uncut(found: Found) -> Why:
    """What it cuts at stands in every example, and not in this row; where it splits, without the spaces beside it."""
    cuts = [p.args[1] for p in found.parts if isinstance(p, Apply) and p.word.name in CUTTING]
    cut = {cut.value for cut in cuts if isinstance(cut, Literal)}
    marks = dict.fromkeys(lit.value for lit in found.literals if lit.type == DELIMITER)
    shown = [mark for mark in marks if all(stands_in(row, mark) for row in found.task.labelled)]

    def why(row: Row, answer: Any) -> str | None:
        for mark in shown:
            bare = mark.strip()
            if not stands_in(row, mark) and (mark in cut or (bare not in ("", mark) and stands_in(row, bare))):
                return f"there is no {mark!r} in the row, and there is one in every example"
        return None

    return why


def passed_over(found: Found) -> Why:
    """A letter or a mark is passed over that no example has."""
    lost = passing_over(found)

    def why(row: Row, answer: Any) -> str | None:
        return f"there is {mark!r} in the row, and in no example" if (mark := lost(row, answer)) else None

    return why


def there_already(found: Found) -> Why:
    """What it writes out stands in the row already, and in no example."""
    examples = found.task.labelled
    written = [text.strip() for text in own_texts(found)]
    new = [text for text in written if len(text) > 1 and not any(stands_in(row, text) for row in examples)]

    def why(row: Row, answer: Any) -> str | None:
        text = next((text for text in new if stands_in(row, text)), None)
        return f"{text!r}, which it writes out, stands in the row already, and in no example" if text else None

    return why


def other_marks(found: Found) -> Why:
    """It has a mark that no example's answer has."""
    used = {c for row in found.task.labelled if isinstance(row.output, str) for c in row.output}

    def why(row: Row, answer: Any) -> str | None:
        strange = next((c for c in answer if c in UNUSUAL - used), None) if isinstance(answer, str) else None
        if strange and not stands_in(row, answer):
            return f"there is {strange!r} in it, and in no example's answer"
        return None

    return why


def without_digits(found: Found) -> Why:
    """It has no digit, or no letter, where every example's answer has one; or it is no date where these are dates."""
    outputs = [row.output for row in found.task.labelled if isinstance(row.output, str)]
    digits, letters = (
        bool(outputs) and all(any(map(is_one, out)) for out in outputs) for is_one in (str.isdigit, str.isalpha)
    )
    dates = bool(outputs) and all(map(is_date, outputs))

    def why(row: Row, answer: Any) -> str | None:
        if not isinstance(answer, str) or not answer:
            return None
        if digits and not any(map(str.isdigit, answer)):
            return "there is no digit in it, and one in every example's answer"
        if letters and not any(map(str.isalpha, answer)):
            return "there is no letter in it, and one in every example's answer"
        if dates and not is_date(answer):
            return "it is no date, and every example's answer is one"
        return None

    return why


def torn(found: Found) -> Why:
    """It is put together, or ends within a name, where no example's answer does."""
    examples = found.task.labelled
    whole = all(stands_in(row, row.output) for row in examples)
    uncut = whole and not any(is_cut(row, row.output) for row in examples)

    def why(row: Row, answer: Any) -> str | None:
        if not isinstance(answer, str) or not answer:
            return None
        if whole and not stands_in(row, answer):
            return "it is put together of parts, and no example's answer is"
        if uncut and is_cut(row, answer):
            return "it ends within a name, and no example's answer does"
        return None

    return why


def fewer_words(found: Found) -> Why:
    """It is one word of a cell with several, where every example's answer has more."""
    least = min((len(row.output.split()) for row in found.task.labelled if isinstance(row.output, str)), default=0)

    def why(row: Row, answer: Any) -> str | None:
        if not isinstance(answer, str) or len(answer.split()) != 1 or least < 2:
            return None
        is_part = any(answer in text and len(text.split()) > 1 for text in texts_of(row))
        return "it is one word, and every example's answer has more" if is_part else None

    return why


def unmarked_numbers(found: Found) -> Why:
    """It takes all numbers of the row, one of which has no such mark before it as those of all examples have."""
    if not any(isinstance(p, Apply) and p.word in (numbers_in, decimals_in) for p in found.parts):
        return no_doubt
    shown = {mark for row in found.task.labelled for text in texts_of(row) for mark in _BEFORE_NUMBERS.findall(text)}
    if len(shown) != 1 or "" in shown:
        return no_doubt
    (mark,) = shown

    def why(row: Row, answer: Any) -> str | None:
        bare = any(found != mark for text in texts_of(row) for found in _BEFORE_NUMBERS.findall(text))
        return f"a number has no {mark!r} before it, and those of the examples have" if bare else None

    return why


def picked_digit(found: Found) -> Why:
    """It takes a digit of a number that it reckons, or writes one beside it."""
    if any(map(is_written_reckoning, sizes.taken_by_place(found))):
        return lambda row, answer: "it takes a digit of a number that it reckons"
    pairs = [pair for part in found.parts for pair in itertools.pairwise(joined_parts(part))]
    after = any(is_digit(b, 0) and is_written_reckoning(a) for a, b in pairs)
    if after or any(is_digit(a, -1) and is_written_reckoning(b) for a, b in pairs):
        return lambda row, answer: "it writes a digit beside a number that it reckons"
    return no_doubt


def is_digit(part: Expr, place: int) -> bool:
    """Whether a part is a constant text with a digit at one of its ends."""
    return isinstance(part, Literal) and isinstance(part.value, str) and part.value[place : place + 1 or None].isdigit()


def more_decimals(found: Found) -> Why:
    """It is a number with many more decimals than that of any example."""
    most = max((decimals_of(row.output) for row in found.task.labelled), default=0)

    def why(row: Row, answer: Any) -> str | None:
        too_many = decimals_of(answer) > max(most, 1) + MORE_DECIMALS and not stands_in(row, answer)
        return "it has many more decimals than any example's answer" if too_many else None

    return why


def other_brackets(found: Found) -> Why:
    """It leaves out what stands in brackets, which is the same in all examples and another one here."""
    if not any(isinstance(p, Apply) and p.word.name == "without_brackets" for p in found.parts):
        return no_doubt
    shown = {text for row in found.task.labelled for text in in_brackets(row)}

    def why(row: Row, answer: Any) -> str | None:
        new = next((text for text in in_brackets(row) if text not in shown), None)
        return f"{new!r} is left out, and {min(shown)!r} alone in the examples" if new and len(shown) == 1 else None

    return why


RULES: tuple[Rule, ...] = (
    constant,
    of_nothing,
    rounded,
    down_or_up,
    unpinned,
    within_a_word,
    of_all,
    uncut,
    passed_over,
    there_already,
    other_marks,
    without_digits,
    torn,
    fewer_words,
    items.other_count,
    unmarked_numbers,
    items.within_items,
    more_decimals,
    other_brackets,
    gaps.other_gaps,
    gaps.other_neighbour,
    sizes.other_size,
    sizes.padded,
    picked_digit,
    sizes.other_date,
    moments.other_moment,
    sizes.part_of_number,
    sizes.padded_decimals,
    cases.thin_range,
    cases.thin_table,
    cases.unmet_word,
    cases.between_ranges,
    unlike.other_form,
    unlike.other_number,
    unlike.small_letters,
    unlike.large_letters,
    unlike.second_or_last,
    unlike.single_word,
    unlike.other_border,
    unlike.more_parts,
    unlike.empty_items,
    unlike.untidy,
    rows.other_blank,
    unlike.glued,
    unlike.cut_over,
    unlike.other_signs,
    unlike.picked_letters,
    unlike.lacking,
    unlike.unmet,
)


def doubt(found: Found) -> Why:
    """Why the answer on a row is in doubt, where it is, whatever other programs say: what the first rule says of it; or
    why there is none, where an example would tell."""
    rules = [rule(found) for rule in RULES]
    unmet = cases.unmet_key(found)

    def why(row: Row, answer: Any) -> str | None:
        if answer is None:
            return unmet(row, answer)
        return next((said for rule in rules if (said := rule(row, answer)) is not None), None)

    return why


def in_brackets(row: Row) -> list[str]:
    return [found for text in texts_of(row) for found in _BRACKETS.findall(text)]


def decimals_of(text: Any) -> int:
    """How many decimals a number has at the end of a text."""
    found = _DECIMALS.search(text) if isinstance(text, str) else None
    return len(found[1]) if found else 0
