"""Conventions: what people write in set ways, as titles with small words, yes and no, masked numbers and the names of
files, so that a word for it says more than the steps it is made of.
"""

from __future__ import annotations

from extrapolate.core.types import Delimiter
from extrapolate.core.word import Primitive, primitive


@primitive(cost=3)
def titled(s: str) -> str:
    """The text with its words capitalised but for small ones, as of and the, which are not first."""
    small = {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    words = s.split(" ")
    return " ".join(w.lower() if i and w.lower() in small else w.capitalize() for i, w in enumerate(words))


@primitive(cost=3)
def is_yes(s: str) -> bool:
    """Whether a text says yes, in a word, a letter, a number or a sign; undefined where it does not say no either."""
    said = s.strip().lower().rstrip(".!")
    if said in {"y", "yes", "t", "true", "1", "1.0", "x", "on", "ok", "yep", "yeah", "ja", "oui", "si", "sí", "✓", "✔"}:
        return True
    if said in {"n", "no", "f", "false", "0", "0.0", "off", "nope", "nein", "non", "nee", "✗", "✘"}:
        return False
    raise ValueError(f"{s!r} says neither yes nor no")


@primitive(cost=3)
def hidden(s: str, sign: Delimiter, n: int) -> str:
    """The text with a sign in place of each digit but the last ones."""
    shown = sum(map(str.isdigit, s)) - n
    if not 0 < n < 20 or len(sign) != 1 or sign.isalnum() or shown < 1:
        raise ValueError(f"{s!r} has no more than {n} digits")
    places = set([i for i, c in enumerate(s) if c.isdigit()][:shown])
    return "".join(sign if i in places else c for i, c in enumerate(s))


@primitive(cost=3, source="pathlib.PurePath({s}).suffix")
def suffix(s: str) -> str:
    """The end of the name of a file from its last dot on, as .csv; nothing where there is none."""
    import pathlib

    return pathlib.PurePath(s).suffix


@primitive(cost=3, source="pathlib.PurePath({s}).stem")
def stem(s: str) -> str:
    """The name of a file without its folders and what stands after its last dot."""
    import pathlib

    return pathlib.PurePath(s).stem


WORDS = tuple(word for word in list(globals().values()) if isinstance(word, Primitive))
