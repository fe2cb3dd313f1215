r"""Formulas as LaTeX, the way they stand in a paper.

How a word is written is declared with it: the name of a function, a template, or one of the functions here for the
operators. Each written part knows how tightly it binds, so that brackets stand where
they are needed and nowhere else.

>>> from extrapolate.learn import learn
>>> circles = [(1.0, 3.141592653589793), (2.0, 12.566370614359172), (5.0, 78.53981633974483)]
>>> print(learn(circles, language="laws", names=["r"], name="A").program.latex())
A = \pi r^{2}
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Expr, Literal, Var
from extrapolate.core.source import LARGEST_WHOLE, MOST_PARTS
from extrapolate.core.types import NUMBERS
from extrapolate.core.word import Latex

# How tightly a written part binds; a part stands in brackets where something tighter is wanted.
SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(5)

# fmt: off
GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
)
# fmt: on
LETTERS = {name: rf"\{name}" for name in GREEK}

_SPECIAL = re.compile(r"[%$#&_{}]")
_NAME = re.compile(r"([^\W\d_]+)(.*)")
_STARTS_WITH_DIGIT = re.compile(r"(\\frac\{)*\d")
_STARTS_WITH_WORD = re.compile(r"\\(mathrm|operatorname)")
_ENDS_WITH_WORD = re.compile(r"\\mathrm\{[^{}]*\}([_^]\{[^{}]*\})*$")
# Fractions with these denominators and numerators that small are written as such.
PLAIN_DENOMINATORS, LARGEST_NUMERATOR = (2, 3, 4, 6, 7, 8, 9), 12
LARGEST_PLAIN, SMALLEST_PLAIN = 1e6, 1e-3


class Written(NamedTuple):
    """LaTeX, and how tightly it binds."""

    text: str
    binds: int

    def within(self, least: int) -> str:
        """The text, in brackets where it binds less tightly than is needed."""
        return self.text if self.binds >= least else bracketed(self.text)


def equation(name: str, expr: Expr) -> str:
    r"""The equation that defines a name by a formula: `T = 2 \pi \sqrt{\frac{L}{g}}`."""
    return f"{symbol(name)} = {latex(expr)}"


def latex(expr: Expr) -> str:
    """The LaTeX of a formula: variables, numbers, and words applied to them."""
    return written(expr).text


def written(expr: Expr) -> Written:
    match expr:
        case Var(name):
            return Written(symbol(name), ATOM)
        case Literal():
            return Written(str(expr.value), ATOM) if expr.type not in NUMBERS else number(expr.value)
        case Apply(word, args):
            parts = [written(a) for a in args]
            form = word.latex
            if form is None:
                raise InputError(
                    f"the word {word.name!r} has no form in LaTeX; declare it with the word: "
                    r"@primitive(latex=r'\operatorname{...}')."
                )
            if not isinstance(form, Latex):
                made = form(args, parts)
                assert isinstance(made, Written)
                return made
            if form.encloses:
                return Written(form.form.format(*(p.text for p in parts)), form.binds)
            return Written(form.form + arguments(parts), POWER)
    raise TypeError(f"{type(expr).__name__} is no part of a formula")


def arguments(parts: Sequence[Written]) -> str:
    return bracketed(", ".join(p.text for p in parts))


def bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def quoted(text: str) -> Written:
    """A text among mathematics."""
    return Written(r"\text{" + _SPECIAL.sub(r"\\\g<0>", text) + "}", ATOM)


def cases(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    """What a lookup has for a text, as a sum with a bracket for each that is 1 where what stands in it holds, else 0
    (Iverson's), and what any other text has, where that is told; an index where the lookup is not known."""
    table, key = args[0], parts[1]
    others = parts[2:]
    if not isinstance(table, Literal):
        return Written(f"{parts[0].within(ATOM)}_{{{key.text}}}", ATOM)
    written = ""
    for text, value in table.value.items():
        sign = ("-" if value < 0 else "") if not written else " - " if value < 0 else " + "
        written += rf"{sign}{number(abs(value)).text} \, [{key.text} = {quoted(text).text}]"
    for other in others:
        written += rf" + {other.within(PRODUCT)} \, [\text{{any other }} {key.text}]"
    return Written(written, SUM)


def add(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    a, b = parts
    if b.binds == NEGATIVE:
        return Written(f"{a.text} - {b.text.removeprefix('-')}", SUM)
    return Written(f"{a.text} + {b.text}", SUM)


def sub(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    a, b = parts
    if b.binds == NEGATIVE:
        return Written(f"{a.text} + {b.text.removeprefix('-')}", SUM)
    return Written(f"{a.text} - {b.within(PRODUCT)}", SUM)


def negate(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    (n,) = parts
    return Written(f"-{n.within(PRODUCT)}", NEGATIVE)


def mul(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    """A product, numbers first, without a sign but where digits would run together; beside words stands a space."""
    a, b = parts
    starts = [bool(_STARTS_WITH_DIGIT.match(part.within(PRODUCT))) for part in (a, b)]
    if starts == [False, True] and a.binds != NEGATIVE:
        a, b = b, a
    left, right = a.within(NEGATIVE), b.within(PRODUCT)
    beside_words = _ENDS_WITH_WORD.search(left) or _STARTS_WITH_WORD.match(right)
    sign = r" \cdot " if _STARTS_WITH_DIGIT.match(right) else r" \, " if beside_words else " "
    return Written(left + sign + right, NEGATIVE if a.binds == NEGATIVE else PRODUCT)


def power(args: Sequence[Expr], parts: Sequence[Written]) -> Written:
    r"""A power; that of a function stands behind its name, `\sin^{2}`, where it can't be read as the inverse."""
    (base, exponent), (under, above) = args, parts
    raised = above.text
    if isinstance(exponent, Literal):
        fraction = as_fraction(exponent.value)
        raised = raised if fraction is None or fraction.denominator == 1 else str(fraction)
        form = base.word.latex if isinstance(base, Apply) else None
        if isinstance(base, Apply) and isinstance(form, Latex) and not form.encloses and exponent.value > 0:
            return Written(f"{form.form}^{{{raised}}}{arguments([written(a) for a in base.args])}", POWER)
    return Written(f"{under.within(ATOM)}^{{{raised}}}", POWER)


def number(value: float) -> Written:
    r"""A constant: `\pi`, a fraction where it is one, else its digits with a power of ten where it needs one."""
    if value < 0:
        return Written(f"-{number(-value).text}", NEGATIVE)
    if value in (math.pi, math.e):
        return Written(r"\pi" if value == math.pi else "e", ATOM)
    fraction = as_fraction(value)
    if fraction is not None and fraction.denominator == 1:
        return Written(str(fraction), ATOM)
    if fraction is not None:
        return Written(rf"\frac{{{fraction.numerator}}}{{{fraction.denominator}}}", PRODUCT)
    if SMALLEST_PLAIN <= value < LARGEST_PLAIN:
        return Written(repr(value), ATOM)
    exact = Decimal(repr(value))
    ten = f"10^{{{exact.adjusted()}}}"
    digits = exact.scaleb(-exact.adjusted()).normalize()
    return Written(ten, POWER) if digits == 1 else Written(rf"{digits} \times {ten}", PRODUCT)


def as_fraction(value: float) -> Fraction | None:
    """The whole number or the fraction that a constant stands for, None where it is better left a decimal number."""
    if float(value).is_integer():
        return Fraction(int(value)) if abs(value) < LARGEST_WHOLE else None
    fraction = Fraction(value).limit_denominator(MOST_PARTS)
    plain = fraction.denominator in PLAIN_DENOMINATORS and abs(fraction.numerator) <= LARGEST_NUMERATOR
    shorter = len(str(fraction)) + 2 < len(repr(value))
    return fraction if float(fraction) == value and (plain or shorter) else None


def symbol(name: str) -> str:
    r"""A name as a symbol: Greek letters, what follows a letter below it, words upright.

    >>> print(*[symbol(name) for name in ("theta", "omega_0", "x1", "k_B", "v_max", "orbital_period")])
    \theta \omega_{0} x_{1} k_{B} v_{\mathrm{max}} \mathrm{orbital\ period}
    """
    name = name.strip("_")
    found = _NAME.fullmatch(name)
    if found is None:
        return rf"\mathrm{{{escaped(name)}}}"
    first, rest = found.groups()
    below = re.findall(r"[^\W\d_]+|\d+", rest)
    words = sum(part.isalpha() for part in below)
    if words > 1 or (words == 1 and len(first) > 1 and first not in LETTERS):
        return rf"\mathrm{{{escaped(name)}}}"
    return letter(first) + (f"_{{{','.join(map(letter, below))}}}" if below else "")


def letter(text: str) -> str:
    """A letter, the name of a Greek one, a number, or a word in upright letters."""
    if len(text) == 1:
        text = greek(text) or text
    if text in LETTERS:
        return LETTERS[text]
    return text if len(text) == 1 or text.isdigit() else rf"\mathrm{{{text}}}"


def greek(character: str) -> str | None:
    """The name of a Greek letter by which LaTeX knows it, None for others."""
    kind, _, name = unicodedata.name(character, "").replace("LAMDA", "LAMBDA").rpartition(" LETTER ")
    return {"GREEK SMALL": name.lower(), "GREEK CAPITAL": name.capitalize()}.get(kind)


def escaped(name: str) -> str:
    return name.replace("_", r"\ ")
