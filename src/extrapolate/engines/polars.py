"""Programs as expressions of polars, which work on whole columns in several threads.

What is undefined in a program is null here. Polars' regular expressions have no look-around; a word of ours that would
differ has no form here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from extrapolate.core.program import Program
from extrapolate.core.word import Primitive
from extrapolate.engines.translation import ADDRESS, NO_COLUMNS, NoForm, Translation, constant
from extrapolate.languages import cases, decimals, laws, lists, numbers, parts, patterns, reals, text

LETTER, MARK, NAME = r"\p{L}", r"[\p{L}\p{M}]", r"[\p{L}\p{N}_]"


def expression(program: Program, columns: Mapping[str, str] = NO_COLUMNS) -> pl.Expr:
    """The program as an expression named like it, over `columns` or those named like its inputs; null where there is
    no answer.

    InputError for a word that polars has no form for.
    """
    found: pl.Expr = Polars(columns).of_program(program)
    return found.alias(program.name)


def of(value: Any) -> pl.Expr:
    """A value as an expression."""
    found: pl.Expr = value if isinstance(value, pl.Expr) else pl.lit(value)
    return found


def defined(value: pl.Expr, where: pl.Expr) -> pl.Expr:
    """The value where a condition holds, null elsewhere."""
    return pl.when(where).then(value).otherwise(None)


# Text


def mark(t: Any) -> str:
    """A text to cut at, which must be a constant and not empty."""
    if not constant(t, str):
        raise NoForm
    return str(t)


def before_last(s: Any, t: Any) -> pl.Expr:
    parts = of(s).str.split(mark(t))
    return pl.when(parts.list.len() > 1).then(parts.list.slice(0, parts.list.len() - 1).list.join(t)).otherwise(of(s))


def char(s: Any, i: Any) -> pl.Expr:
    s, i = of(s), constant(i, int)
    return defined(s.str.slice(i, 1), s.str.len_chars() >= (i + 1 if i >= 0 else -i))


def rest(s: Any, n: Any) -> pl.Expr:
    return of(s).str.slice(n) if constant(n, int) >= 0 else of(s).str.tail(-n)


def substring(s: Any, i: Any, j: Any) -> pl.Expr:
    if constant(i, int) < 0 or constant(j, int) < 0:
        raise NoForm
    return of(s).str.slice(i, max(0, j - i))


def to_int(s: Any) -> pl.Expr:
    bare = of(s).str.strip_chars()
    return defined(bare.str.strip_prefix("+"), bare.str.contains(r"^[+-]?[0-9]{1,18}$")).cast(pl.Int64, strict=False)


def zfill(s: Any, n: Any) -> pl.Expr:
    s, n = of(s), max(0, constant(n, int))
    sign: pl.Expr = s.str.extract("^([+-]?)", 1)
    digits: pl.Expr = s.str.slice(sign.str.len_chars().cast(pl.Int64))
    width = pl.max_horizontal(n - sign.str.len_chars(), digits.str.len_chars())
    return sign + digits.str.pad_start(n, "0").str.tail(width)


def padded(pad: Callable[[pl.Expr, int, str], pl.Expr]) -> Callable[[Any, Any, Any], pl.Expr]:
    def form(s: Any, n: Any, t: Any) -> pl.Expr:
        if len(mark(t)) != 1:
            raise NoForm
        return pad(of(s), max(0, constant(n, int)), t)

    return form


def find(s: Any, t: Any) -> pl.Expr:
    s = of(s)
    return defined(
        s.str.splitn(mark(t), 2).struct.field("field_0").str.len_chars().cast(pl.Int64), s.str.contains(t, literal=True)
    )


TEXTS: dict[Primitive, Callable[..., Any]] = {
    parts.concat: lambda s, t: of(s) + of(t),
    text.contains: lambda s, t: of(s).str.contains(t, literal=True),
    text.startswith: lambda s, t: of(s).str.starts_with(t),
    text.endswith: lambda s, t: of(s).str.ends_with(t),
    text.equals: lambda s, t: of(s) == of(t),
    text.filled: lambda s, t: pl.when(of(s).is_null()).then(None).when(of(s) != "").then(of(s)).otherwise(of(t)),
    text.lower: lambda s: of(s).str.to_lowercase(),
    text.upper: lambda s: of(s).str.to_uppercase(),
    text.capitalize: lambda s: of(s).str.slice(0, 1).str.to_uppercase() + of(s).str.slice(1).str.to_lowercase(),
    text.strip: lambda s: of(s).str.strip_chars(),
    text.strip_of: lambda s, t: of(s).str.strip_chars(mark(t)),
    text.lstrip_of: lambda s, t: of(s).str.strip_chars_start(mark(t)),
    text.rstrip_of: lambda s, t: of(s).str.strip_chars_end(mark(t)),
    text.joined: lambda a, b, t: (
        pl.when(of(a).is_null() | of(b).is_null())
        .then(None)
        .when((of(a) != "") & (of(b) != ""))
        .then(of(a) + pl.lit(mark(t)) + of(b))
        .otherwise(of(a) + of(b))
    ),
    parts.without_outer_marks: lambda s: of(s).str.replace_all(r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$", ""),
    text.single_spaced: lambda s: of(s).str.extract_all(r"\S+").list.join(" "),
    text.replace: lambda s, old, new: of(s).str.replace_all(mark(old), constant(new, str), literal=True),
    text.without: lambda s, t: of(s).str.replace_all(mark(t), "", literal=True),
    text.without_first: lambda s, t: of(s).str.replace(mark(t), "", literal=True),
    text.without_prefix: lambda s, t: of(s).str.strip_prefix(t),
    text.without_suffix: lambda s, t: of(s).str.strip_suffix(t),
    parts.digits_of: lambda s: of(s).str.replace_all(r"[^\p{Nd}²³¹⁰⁴-⁹₀-₉]+", ""),
    parts.letters_of: lambda s: of(s).str.replace_all(rf"[^{LETTER}]+", ""),
    parts.capitals_of: lambda s: of(s).str.replace_all(r"\P{Uppercase}+", ""),
    text.without_digits: lambda s: of(s).str.replace_all(r"\d+", ""),
    text.without_last_digits: lambda s: of(s).str.replace(r"\d+(\n?)$", "$1"),
    text.without_punctuation: lambda s: of(s).str.replace_all(r"[^\p{L}\p{N}_\s]+", ""),
    text.initials: lambda s: of(s).str.extract_all(r"\S+").list.eval(pl.element().str.slice(0, 1)),
    text.rjust: padded(lambda s, n, t: s.str.pad_start(n, t)),
    text.ljust: padded(lambda s, n, t: s.str.pad_end(n, t)),
    text.zfill: zfill,
    text.length: lambda s: of(s).str.len_chars().cast(pl.Int64),
    text.find: find,
    text.count: lambda s, t: of(s).str.count_matches(mark(t), literal=True).cast(pl.Int64),
    decimals.to_int: to_int,
    text.to_text: lambda n: of(n).cast(pl.String),
    text.same_number: lambda a, b: of(a) == of(b),
    cases.less_than: lambda a, b: of(a) < of(b),
    text.isdigit: lambda s: of(s).str.contains(r"^\p{Nd}+$"),
    text.isalpha: lambda s: of(s).str.contains(rf"^{LETTER}+$"),
    text.has_digit: lambda s: of(s).str.contains(r"\d"),
    text.is_empty: lambda s: of(s) == "",
    parts.words: lambda s: of(s).str.extract_all(r"\S+"),
    parts.split: lambda s, t: of(s).str.split(mark(t)),
    parts.join: lambda xs, t: xs.list.join(constant(t, str)),
    parts.join_all: lambda xs: xs.list.join(""),
    parts.before: lambda s, t: of(s).str.splitn(mark(t), 2).struct.field("field_0"),
    parts.after: lambda s, t: of(s).str.splitn(mark(t), 2).struct.field("field_1"),
    parts.before_last: before_last,
    parts.after_last: lambda s, t: of(s).str.split(mark(t)).list.last(),
    parts.before_text: lambda s, t: of(s).str.splitn(mark(t), 2).struct.field("field_0"),
    parts.after_text: lambda s, t: of(s).str.splitn(mark(t), 2).struct.field("field_1"),
    parts.between: lambda s, a, b: (
        of(s).str.splitn(mark(a), 2).struct.field("field_1").str.splitn(mark(b), 2).struct.field("field_0")
    ),
    parts.host: lambda s: of(s).str.extract(ADDRESS, 4).str.to_lowercase(),
    parts.numbers_in: lambda s: of(s).str.extract_all(r"\d+"),
    parts.decimals_in: lambda s: of(s).str.extract_all(r"[-+]?\d+(?:[.,]\d+)*"),
    parts.letters_in: lambda s: of(s).str.extract_all(rf"{MARK}+"),
    parts.names_in: lambda s: of(s).str.extract_all(rf"{NAME}+"),
    parts.capitalized_in: lambda s: of(s).str.extract_all(r"[A-Z][a-z]*"),
    parts.capitals_in: lambda s: of(s).str.extract_all(r"\p{Uppercase}+"),
    parts.char: char,
    parts.head: lambda s, n: of(s).str.head(constant(n, int)),
    parts.rest: rest,
    parts.substring: substring,
    patterns.first_like: lambda s, p: of(s).str.extract(p, 0),
    patterns.all_like: lambda s, p: of(s).str.extract_all(p),
    patterns.without_like: lambda s, p: of(s).str.replace_all(p, ""),
    patterns.is_like: lambda s, p: of(s).str.contains(f"^(?:{p})$"),
    cases.lookup: lambda table, key: looked_up(table, key, pl.String),
    cases.below_or_not: lambda n, bound, low, high: (
        pl.when(of(n) < of(bound)).then(of(low)).when(of(n) >= of(bound)).then(of(high))
    ),
    cases.label_of: lambda n, labels, last: label_of(of(n), labels, last),
}


def looked_up(table: Mapping[str, Any], key: Any, kind: type[pl.DataType]) -> pl.Expr:
    return of(key).replace_strict(list(table), list(table.values()), default=None, return_dtype=kind)


def label_of(n: pl.Expr, labels: Mapping[int, str], last: Any) -> pl.Expr:
    chain: Any = pl.when(n.is_null()).then(None)
    for bound, label in labels.items():
        chain = chain.when(n < bound).then(pl.lit(label))
    return chain.otherwise(of(last))  # type: ignore[no-any-return]


# Lists


def taken(xs: pl.Expr, n: Any) -> pl.Expr:
    return xs.list.head(n) if constant(n, int) >= 0 else xs.list.slice(0, _less(xs, -n))


def dropped(xs: pl.Expr, n: Any) -> pl.Expr:
    return xs.list.slice(n) if constant(n, int) >= 0 else xs.list.tail(-n)


def _less(xs: pl.Expr, n: int) -> pl.Expr:
    return pl.max_horizontal(xs.list.len().cast(pl.Int64) - n, 0)


LISTS: dict[Primitive, Callable[..., Any]] = {
    lists.get: lambda xs, i: xs.list.get(constant(i, int), null_on_oob=True),
    lists.first: lambda xs: xs.list.first(),
    lists.last: lambda xs: xs.list.last(),
    lists.tail: lambda xs: xs.list.slice(1),
    lists.init: lambda xs: xs.list.slice(0, _less(xs, 1)),
    lists.take: taken,
    lists.drop: dropped,
    lists.len_: lambda xs: xs.list.len().cast(pl.Int64),
    lists.reverse: lambda xs: xs.list.reverse(),
    lists.unique: lambda xs: xs.list.unique(maintain_order=True),
}

# Numbers


def power(x: Any, n: Any) -> pl.Expr:
    value = of(x).cast(pl.Float64) ** of(n)
    return defined(value, value.is_finite())


def real(function: Callable[[pl.Expr], pl.Expr]) -> Callable[[Any], pl.Expr]:
    """A function of a real number, which has no value where it would be infinite or none."""

    def form(x: Any) -> pl.Expr:
        value = function(of(x).cast(pl.Float64))
        return defined(value, value.is_finite())

    return form


def both(choose: Callable[..., pl.Expr]) -> Callable[[Any, Any], pl.Expr]:
    """One of two numbers, where both are there."""
    return lambda a, b: defined(choose(of(a), of(b)), of(a).is_not_null() & of(b).is_not_null())


def over(a: Any, b: Any) -> pl.Expr:
    return defined(of(a).cast(pl.Float64) / of(b), of(b) != 0)


NUMBERS: dict[Primitive, Callable[..., Any]] = {
    numbers.add: lambda a, b: of(a) + of(b),
    numbers.sub: lambda a, b: of(a) - of(b),
    numbers.mul: lambda a, b: of(a) * of(b),
    numbers.quotient: lambda a, b: defined(of(a) // of(b), of(b) != 0),
    numbers.remainder: lambda a, b: defined(of(a) % of(b), of(b) != 0),
    numbers.divide: over,
    numbers.negate: lambda n: -of(n),
    numbers.abs_: lambda n: of(n).abs(),
    numbers.min2: both(pl.min_horizontal),
    numbers.max2: both(pl.max_horizontal),
    numbers.is_even: lambda n: of(n) % 2 == 0,
    numbers.is_odd: lambda n: of(n) % 2 == 1,
    numbers.eq: lambda a, b: of(a) == of(b),
    numbers.less_than: lambda a, b: of(a) < of(b),
    numbers.at_most: lambda a, b: of(a) <= of(b),
    numbers.and_: lambda a, b: defined(of(a) & of(b), of(a).is_not_null()),
    numbers.or_: lambda a, b: defined(of(a) | of(b), of(a).is_not_null()),
    numbers.not_: lambda a: ~of(a),
    numbers.to_float: lambda n: of(n).cast(pl.Float64),
    numbers.sqrt: real(pl.Expr.sqrt),
    reals.pow_: lambda x, y: defined(power(x, y), (of(x) > 0) | (of(y) == of(y).round())),
    reals.exp: real(pl.Expr.exp),
    reals.log: real(pl.Expr.log),
    reals.sin: real(pl.Expr.sin),
    reals.cos: real(pl.Expr.cos),
    laws.number_of: lambda table, key: looked_up(table, key, pl.Float64),
    laws.number_or: lambda table, key, other: (
        pl.when(of(key).is_in(list(table)))
        .then(looked_up(table, key, pl.Float64))
        .when(of(key).is_not_null())
        .then(of(other))
    ),
    laws.power: power,
    laws.sqrt: real(pl.Expr.sqrt),
    laws.exp: real(pl.Expr.exp),
    laws.exp2: real(lambda x: pl.lit(2.0) ** x),
    laws.log: real(pl.Expr.log),
    laws.sin: real(pl.Expr.sin),
    laws.cos: real(pl.Expr.cos),
    laws.tan: real(pl.Expr.tan),
    laws.tanh: real(pl.Expr.tanh),
    laws.arcsin: real(pl.Expr.arcsin),
    laws.arccos: real(pl.Expr.arccos),
    laws.arctan: real(pl.Expr.arctan),
    laws.absolute: lambda x: of(x).abs(),
    laws.minimum: both(pl.min_horizontal),
    laws.maximum: both(pl.max_horizontal),
}

WORDS: Mapping[Primitive, Callable[..., Any]] = {**TEXTS, **LISTS, **NUMBERS}


class Polars(Translation):
    name = "polars"
    words = WORDS

    def column(self, name: str) -> pl.Expr:
        return by_name(name)

    def text(self, column: pl.Expr, blank: str | None) -> pl.Expr:
        return pl.when(column.str.strip_chars() != "").then(column).otherwise(pl.lit(blank, dtype=pl.String))

    def constant(self, value: Any) -> pl.Expr:
        return pl.lit(value)

    def choice(self, test: pl.Expr, then: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
        return pl.when(test.is_null()).then(None).when(test).then(then).otherwise(otherwise)

    def finite(self, value: pl.Expr) -> pl.Expr:
        real = value.cast(pl.Float64)
        return defined(real, real.is_finite())

    def wide(self, value: Any) -> pl.Expr:
        return of(value).cast(pl.Int128)

    def within(self, value: pl.Expr) -> pl.Expr:
        return value.cast(pl.Int64, strict=False)


def by_name(column: str) -> pl.Expr:
    """The column of just that name, which polars would else take for a pattern where it starts with ^."""
    if not (column.startswith("^") or "*" in column):
        return pl.col(column)
    found: pl.Expr = pl.selectors.by_name(column).as_expr()
    return found
