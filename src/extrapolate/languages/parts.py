"""Words for the parts of a text: by delimiters, by runs of characters of one kind, and by position."""

from __future__ import annotations

import itertools
import re

from extrapolate.core.types import Delimiter
from extrapolate.core.word import Primitive, idempotent, joining, primitive
from extrapolate.languages.domain import refuse_long, require

# Parts by delimiters


@primitive(cost=2, source="{s}.split()")
def words(s: str) -> list[str]:
    """The parts between spaces."""
    return s.split()


@primitive(cost=2, source="{s}.split({t})")
def split(s: str, t: Delimiter) -> list[str]:
    """The parts between the places of a delimiter."""
    return s.split(t)


@primitive(cost=1, source="{s} + {t}", laws=[joining])
def concat(s: str, t: str) -> str:
    """The first text followed by the second."""
    return s + t


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


@primitive(cost=4, source="{s} if {n} == '1' else {s} + {t} + {n}")
def numbered(s: str, t: Delimiter, n: str) -> str:
    """The text, and behind a mark its number where that is not the first."""
    return s if n == "1" else s + t + n


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


@primitive(cost=3)
def value_after(s: str, t: Delimiter) -> str:
    """What follows the first place of a name like `id=`: a text in quotes, or all up to a space or an ending mark."""
    import re

    if not re.search(r"""[=:]["'\s]*$""", t):
        raise ValueError(f"{t!r} is no name of a value")
    name = (r"(?<![\w-])" if re.match(r"\w", t) else "") + re.escape(t) + (r"\s*" if ":" in t else "")
    quoted = rf"([^{t[-1]}]*){t[-1]}"
    value = quoted if t[-1] in "\"'" else r"""(?:"([^"]*)"|'([^']*)'|([^\s&;,#|)\]}>"]+))"""
    found = re.search(name + value, s)
    if found is None:
        raise ValueError(f"nothing follows {t!r} in {s!r}")
    return found[found.lastindex or 0]


@primitive(cost=3)
def values_after(s: str, t: Delimiter) -> list[str]:
    """What follows each place of a name like `id=`: texts in quotes, or all up to a space or an ending mark."""
    import re

    if not re.search(r"""[=:]["'\s]*$""", t):
        raise ValueError(f"{t!r} is no name of a value")
    name = (r"(?<![\w-])" if re.match(r"\w", t) else "") + re.escape(t) + (r"\s*" if ":" in t else "")
    quoted = rf"([^{t[-1]}]*){t[-1]}"
    value = quoted if t[-1] in "\"'" else r"""(?:"([^"]*)"|'([^']*)'|([^\s&;,#|)\]}>"]+))"""
    return [found[found.lastindex or 0] for found in re.finditer(name + value, s)]


# Parts of an address on the web


@primitive(cost=3)
def host(s: str) -> str:
    """The host of an address on the web or of mail, in small letters, without its port; the address may stand in <>."""
    import re

    start = r" *(?:[^<\n]*<)?([A-Za-z][A-Za-z0-9+.-]*:)?(//)?([^ \t\n/@?#]*@)?"
    found = re.fullmatch(start + r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+)(:[0-9]+)?([/?#>][^\n]*)? *", s)
    if found is None:
        raise ValueError(f"{s!r} has no host")
    return found[4].lower()


@primitive(cost=3, source="[part for part in urllib.parse.urlsplit({s}).path.split('/') if part]")
def path_parts(s: str) -> list[str]:
    """The parts of the path of an address on the web, without what is asked for behind it."""
    import urllib.parse

    return [part for part in urllib.parse.urlsplit(s).path.split("/") if part]


@primitive(cost=4, source="urllib.parse.unquote_plus({s})")
def unquoted(s: str) -> str:
    """The text with the characters that are written as %20 or + in an address on the web."""
    import urllib.parse

    return urllib.parse.unquote_plus(s)


# Characters of one kind, and runs of them


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


@primitive(cost=2, source=r"re.findall(r'\d+', {s})")
def numbers_in(s: str) -> list[str]:
    """The runs of digits."""
    return re.findall(r"\d+", s)


@primitive(cost=3, source=r"re.findall(r'[-+]?\d+(?:[.,]\d+)*', {s})")
def decimals_in(s: str) -> list[str]:
    """The numbers, with sign, separators and decimals."""
    return re.findall(r"[-+]?\d+(?:[.,]\d+)*", s)


@primitive(cost=4)
def counted_out(s: str) -> list[str]:
    """The whole numbers that a text like 1-3, 7 lists, those from one to another counted out."""
    import re

    if not re.fullmatch(r"\s*\d{1,9}(\s*[-–,;]\s*\d{1,9})*\s*", s):
        raise ValueError(f"{s!r} lists no numbers")
    ends = [[int(n) for n in re.split("[-–]", part)] for part in re.split("[,;]", s)]
    if not all(0 <= part[-1] - part[0] < 1000 and len(part) < 3 for part in ends):
        raise ValueError(f"{s!r} counts too far")
    return [str(n) for part in ends for n in range(part[0], part[-1] + 1)]


@primitive(cost=4)
def runs_of(numbers: list[str]) -> list[str]:
    """Whole numbers in texts with those that follow each other put together, as 1-3 for 1, 2, 3."""
    runs: list[list[int]] = []
    for n in map(int, numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


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


@primitive(cost=4, source="re.findall('[A-Z][a-z]*', {s})")
def capitalized_in(s: str) -> list[str]:
    """The capital letters, each with the small ones that follow it."""
    return re.findall("[A-Z][a-z]*", s)


@primitive(cost=5, source="[''.join(run) for upper, run in itertools.groupby({s}, str.isupper) if upper]")
def capitals_in(s: str) -> list[str]:
    """The runs of capital letters."""
    return ["".join(run) for upper, run in itertools.groupby(s, str.isupper) if upper]


@primitive(cost=4, source=r"re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+', {s})")
def words_of_name(s: str) -> list[str]:
    """The words of a name like `lastUpdatedAt`, `last_updated_at` or `HTTPServer`, as they are written."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+", s)


# Parts by position


def _head_length(out: str, s: str) -> int:
    require(s.startswith(out))
    return len(out)


def _rest_start(out: str, s: str) -> int:
    require(s.endswith(out))
    return len(s) - len(out)


@primitive(cost=4, source=r"re.search(r'[^\w\s.,-]', {s})[0]")
def mark_in(s: str) -> str:
    """The first character that is no letter, digit or space, nor a mark within a number: the sign of a currency."""
    found = re.search(r"[^\w\s.,-]", s)
    if found is None:
        raise ValueError(f"there is no mark in {s!r}")
    return found[0]


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


@primitive(cost=4, source="[{s}[i:i + {n}] for i in range(0, len({s}), {n})]")
def chunks(s: str, n: int) -> list[str]:
    """The text in parts of `n` characters; the last one may be shorter."""
    require(n > 0)
    return [s[i : i + n] for i in range(0, len(s), n)]


@primitive(cost=4, source=r"re.sub(r'^[\W_]+|[\W_]+$', '', {s})", laws=[idempotent])
def without_outer_marks(s: str) -> str:
    """The text without spaces, quotes, brackets and other marks at its ends."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", s)


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
