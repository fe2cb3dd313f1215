"""Programs as expressions in the SQL of DuckDB.

What is undefined in a program is NULL here. DuckDB's regular expressions are RE2's, without look-around; a word of ours
that would differ has no form here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from extrapolate.core.program import Program
from extrapolate.core.word import Primitive
from extrapolate.engines.translation import ADDRESS, NO_COLUMNS, NoForm, Translation, constant
from extrapolate.languages import cases, decimals, laws, lists, numbers, parts, patterns, reals, text

# RE2 knows the digits, letters and spaces of ASCII only, where Python's patterns know all.
SPACE = r"\s\x1c-\x1f\x{85}\p{Z}"
INK = rf"[^{SPACE}]"
DIGIT = r"\p{Nd}²³¹⁰⁴-⁹₀-₉"


class Sql(str):
    """A piece of SQL, beside constants, which are plain Python values."""


def expression(program: Program, columns: Mapping[str, str] = NO_COLUMNS) -> str:
    """The program in SQL, over `columns` or those named like its inputs; NULL where there is no answer.

    InputError for a word that DuckDB has no form for.
    """
    return str(DuckDB(columns).of_program(program))


def quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace(mark, 2 * mark) + mark


def sql(value: Any) -> Sql:
    """A value as SQL: a constant as it is written there."""
    if isinstance(value, Sql):
        return value
    if isinstance(value, bool):
        return Sql(str(value).upper())
    if isinstance(value, str):
        if "\0" in value:
            raise NoForm
        return Sql(quoted(value))
    if isinstance(value, int | float):
        return Sql(f"({value!r})" if math.copysign(1, value) < 0 else repr(value))
    raise NoForm


def form(template: str) -> Callable[..., Sql]:
    """A word written as in the template, which names its arguments by their places."""
    return lambda *args: Sql("(" + template.format(*map(sql, args)) + ")")


def spaced(template: str) -> Callable[[Any], Sql]:
    """A word of one text whose pattern names classes of characters."""
    whole = template.replace("SPACE", SPACE).replace("DIGIT", DIGIT)
    return lambda s: Sql("(" + whole.replace("{0}", sql(s)) + ")")


def mark(t: Any) -> Sql:
    """A text to cut at, which must be a constant and not empty."""
    if isinstance(t, Sql) or not t:
        raise NoForm
    return sql(t)


def cut(template: str) -> Callable[..., Sql]:
    """A word whose arguments after the first are texts to cut at."""
    return lambda s, *marks: Sql("(" + template.format(sql(s), *map(mark, marks)) + ")")


def like(template: str) -> Callable[[Any, Any], Sql]:
    """A word with a pattern."""

    def written(s: Any, p: Any) -> Sql:
        own = str(p).replace(r"[^\W\d_]", r"\p{L}").replace(r"\d", r"\p{Nd}")
        own = own.replace(r"[\w", r"[\p{L}\p{N}_").replace(r"\w", r"[\p{L}\p{N}_]").replace(r"\s", f"[{SPACE}]")
        return Sql("(" + template.format(sql(s), sql(own), sql(f"^(?:{own})$")) + ")")

    return written


def char(s: Any, i: Any) -> Sql:
    if isinstance(constant(i, int), bool):
        raise NoForm
    place = i + 1 if i >= 0 else i
    return Sql(
        f"nullif(substr({sql(s)}, {place}, 1) , '')"
        if i >= 0
        else f"CASE WHEN length({sql(s)}) >= {-i} THEN substr({sql(s)}, {place}, 1) END"
    )


def head(s: Any, n: Any) -> Sql:
    return Sql(f"left({sql(s)}, {constant(n, int)})")


def rest(s: Any, n: Any) -> Sql:
    return Sql(f"substr({sql(s)}, {n + 1})" if constant(n, int) >= 0 else f"right({sql(s)}, {-n})")


def substring(s: Any, i: Any, j: Any) -> Sql:
    if constant(i, int) < 0 or constant(j, int) < 0:
        raise NoForm
    return Sql(f"substr({sql(s)}, {i + 1}, {max(0, j - i)})")


def get(xs: Any, i: Any) -> Sql:
    return Sql(f"list_extract({xs}, {constant(i, int) + (i >= 0)})")


def taken(xs: Any, n: Any) -> Sql:
    end = str(n) if constant(n, int) >= 0 else f"greatest(len({xs}) - {-n}, 0)"
    return Sql(f"list_slice({xs}, 1, {end})")


def dropped(xs: Any, n: Any) -> Sql:
    start = n + 1 if constant(n, int) >= 0 else f"greatest(len({xs}) - {-n}, 0) + 1"
    return Sql(f"list_slice({xs}, {start}, len({xs}))")


def lookup(table: Any, key: Any) -> Sql:
    return Sql(f"CASE {sql(key)} {entries(table)} END")


def lookup_or(table: Any, key: Any, other: Any) -> Sql:
    return Sql(f"CASE WHEN {sql(key)} IS NOT NULL THEN CASE {sql(key)} {entries(table)} ELSE {sql(other)} END END")


def entries(table: Any) -> str:
    return " ".join(f"WHEN {sql(k)} THEN {sql(v)}" for k, v in table.items())


def label_of(n: Any, labels: Any, last: Any) -> Sql:
    cases = " ".join(f"WHEN {sql(n)} < {sql(bound)} THEN {sql(label)}" for bound, label in labels.items())
    return Sql(f"CASE {cases} WHEN {sql(n)} IS NOT NULL THEN {sql(last)} END")


def finite(template: str) -> Callable[..., Sql]:
    """A function of real numbers, which has no value where it would be infinite or none."""

    def written(*args: Any) -> Sql:
        value = template.format(*(f"CAST({sql(a)} AS DOUBLE)" for a in args))
        return Sql(f"CASE WHEN isfinite(try({value})) THEN {value} END")

    return written


TEXTS: dict[Primitive, Callable[..., Any]] = {
    parts.concat: form("{0} || {1}"),
    text.contains: form("contains({0}, {1})"),
    text.startswith: form("starts_with({0}, {1})"),
    text.endswith: form("ends_with({0}, {1})"),
    text.equals: form("{0} = {1}"),
    text.filled: form("CASE WHEN {0} = '' THEN {1} ELSE {0} END"),
    text.lower: form("lower({0})"),
    text.upper: form("upper(replace({0}, 'ß', 'SS'))"),
    text.capitalize: form("upper(replace(left({0}, 1), 'ß', 'Ss')) || lower(substr({0}, 2))"),
    text.strip: spaced(r"regexp_replace({0}, '^[SPACE]+|[SPACE]+$', '', 'g')"),
    text.joined: form(
        "CASE WHEN {0} <> '' AND {1} <> '' THEN {0} || {2} || {1} WHEN {0} IS NOT NULL THEN {0} || {1} END"
    ),
    parts.without_outer_marks: form(r"regexp_replace({0}, '^[^\p{{L}}\p{{N}}]+|[^\p{{L}}\p{{N}}]+$', '', 'g')"),
    text.single_spaced: spaced("array_to_string(regexp_extract_all({0}, '[^SPACE]+'), ' ')"),
    text.strip_of: cut("trim({0}, {1})"),
    text.lstrip_of: cut("ltrim({0}, {1})"),
    text.rstrip_of: cut("rtrim({0}, {1})"),
    text.replace: cut("replace({0}, {1}, {2})"),
    text.without: cut("replace({0}, {1}, '')"),
    text.without_prefix: form(
        "CASE WHEN starts_with({0}, {1}) THEN substr({0}, length({1}) + 1) WHEN {1} IS NOT NULL THEN {0} END"
    ),
    text.without_suffix: form(
        "CASE WHEN ends_with({0}, {1}) THEN substr({0}, 1, length({0}) - length({1})) WHEN {1} IS NOT NULL THEN {0} END"
    ),
    parts.digits_of: spaced("regexp_replace({0}, '[^DIGIT]+', '', 'g')"),
    parts.letters_of: form(r"regexp_replace({0}, '[^\p{{L}}]+', '', 'g')"),
    text.without_digits: spaced(r"regexp_replace({0}, '\p{Nd}+', '', 'g')"),
    text.without_punctuation: spaced(r"regexp_replace({0}, '[^\p{L}\p{N}_SPACE]+', '', 'g')"),
    text.initials: spaced("list_transform(regexp_extract_all({0}, '[^SPACE]+'), lambda w: left(w, 1))"),
    text.length: form("length({0})"),
    text.find: cut("nullif(instr({0}, {1}), 0) - 1"),
    decimals.to_int: form(
        r"CASE WHEN regexp_matches({0}, '^\s*[+-]?[0-9]{{1,18}}\s*$') THEN CAST(trim({0}) AS BIGINT) END"
    ),
    text.to_text: form("CAST({0} AS VARCHAR)"),
    text.same_number: form("{0} = {1}"),
    cases.less_than: form("{0} < {1}"),
    text.isdigit: form(r"regexp_matches({0}, '^\p{{Nd}}+$')"),
    text.isalpha: form(r"regexp_matches({0}, '^\p{{L}}+$')"),
    text.has_digit: form(r"regexp_matches({0}, '\p{{Nd}}')"),
    text.is_empty: form("{0} = ''"),
    parts.words: spaced("regexp_extract_all({0}, '[^SPACE]+')"),
    parts.split: cut("string_split({0}, {1})"),
    parts.join: lambda xs, t: Sql(f"array_to_string({xs}, {sql(t)})"),
    parts.join_all: lambda xs: Sql(f"array_to_string({xs}, '')"),
    parts.before: cut("list_extract(string_split({0}, {1}), 1)"),
    parts.after: cut("CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, instr({0}, {1}) + length({1})) END"),
    parts.before_last: cut(
        "array_to_string(list_slice(string_split({0}, {1}), 1, greatest(len(string_split({0}, {1})) - 1, 1)), {1})"
    ),
    parts.after_last: cut("list_extract(string_split({0}, {1}), -1)"),
    parts.before_text: cut("list_extract(string_split({0}, {1}), 1)"),
    parts.after_text: cut("CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, instr({0}, {1}) + length({1})) END"),
    parts.between: cut(
        "CASE WHEN instr({0}, {1}) > 0 THEN"
        " list_extract(string_split(substr({0}, instr({0}, {1}) + length({1})), {2}), 1) END"
    ),
    parts.host: lambda s: Sql(f"(lower(nullif(regexp_extract({sql(s)}, '{ADDRESS}', 4), '')))"),
    parts.numbers_in: form(r"regexp_extract_all({0}, '\p{{Nd}}+')"),
    parts.decimals_in: form(r"regexp_extract_all({0}, '[-+]?\p{{Nd}}+(?:[.,]\p{{Nd}}+)*')"),
    parts.letters_in: form(r"regexp_extract_all({0}, '[\p{{L}}\p{{M}}]+')"),
    parts.names_in: form(r"regexp_extract_all({0}, '[\p{{L}}\p{{N}}_]+')"),
    parts.capitalized_in: form("regexp_extract_all({0}, '[A-Z][a-z]*')"),
    parts.char: char,
    parts.head: head,
    parts.rest: rest,
    parts.substring: substring,
    patterns.first_like: like("nullif(regexp_extract({0}, {1}), '')"),
    patterns.all_like: like("regexp_extract_all({0}, {1})"),
    patterns.without_like: like("regexp_replace({0}, {1}, '', 'g')"),
    patterns.is_like: like("regexp_matches({0}, {2})"),
    cases.lookup: lookup,
    cases.label_of: label_of,
    cases.below_or_not: form("CASE WHEN {0} < {1} THEN {2} WHEN {0} >= {1} THEN {3} END"),
}

LISTS: dict[Primitive, Callable[..., Any]] = {
    lists.get: get,
    lists.first: form("list_extract({0}, 1)"),
    lists.last: form("list_extract({0}, -1)"),
    lists.tail: lambda xs: dropped(xs, 1),
    lists.init: lambda xs: taken(xs, -1),
    lists.take: taken,
    lists.drop: dropped,
    lists.len_: form("len({0})"),
    lists.reverse: form("list_reverse({0})"),
}

NUMBERS: dict[Primitive, Callable[..., Any]] = {
    numbers.add: form("{0} + {1}"),
    numbers.sub: form("{0} - {1}"),
    numbers.mul: form("{0} * {1}"),
    numbers.divide: finite("({0} / {1})"),
    numbers.negate: form("-{0}"),
    numbers.abs_: form("abs({0})"),
    numbers.min2: form("CASE WHEN {0} <= {1} THEN {0} WHEN {1} < {0} THEN {1} END"),
    numbers.max2: form("CASE WHEN {0} >= {1} THEN {0} WHEN {1} > {0} THEN {1} END"),
    numbers.eq: form("{0} = {1}"),
    numbers.less_than: form("{0} < {1}"),
    numbers.at_most: form("{0} <= {1}"),
    numbers.and_: form("CASE WHEN {0} IS NOT NULL THEN {0} AND {1} END"),
    numbers.or_: form("CASE WHEN {0} IS NOT NULL THEN {0} OR {1} END"),
    numbers.not_: form("NOT {0}"),
    numbers.to_float: form("CAST({0} AS DOUBLE)"),
    numbers.sqrt: finite("sqrt({0})"),
    reals.exp: finite("exp({0})"),
    reals.log: finite("ln({0})"),
    reals.sin: finite("sin({0})"),
    reals.cos: finite("cos({0})"),
    laws.number_of: lookup,
    laws.number_or: lookup_or,
    laws.power: finite("pow({0}, {1})"),
    laws.sqrt: finite("sqrt({0})"),
    laws.exp: finite("exp({0})"),
    laws.exp2: finite("pow(2.0, {0})"),
    laws.log: finite("ln({0})"),
    laws.sin: finite("sin({0})"),
    laws.cos: finite("cos({0})"),
    laws.tan: finite("tan({0})"),
    laws.tanh: finite("tanh({0})"),
    laws.arcsin: finite("asin({0})"),
    laws.arccos: finite("acos({0})"),
    laws.arctan: finite("atan({0})"),
    laws.absolute: form("abs({0})"),
}

WORDS: Mapping[Primitive, Callable[..., Any]] = {**TEXTS, **LISTS, **NUMBERS}


class DuckDB(Translation):
    name = "DuckDB"
    words = WORDS

    def column(self, name: str) -> Sql:
        return Sql(quoted(name, '"'))

    def text(self, column: Sql, blank: str | None) -> Sql:
        other = "NULL" if blank is None else quoted(blank)
        return Sql(f"CASE WHEN regexp_matches({column}, '{INK}') THEN {column} ELSE {other} END")

    def constant(self, value: Any) -> Sql:
        return sql(value)

    def choice(self, test: Any, then: Any, otherwise: Any) -> Sql:
        return Sql(f"CASE WHEN {test} THEN {then} WHEN NOT {test} THEN {otherwise} END")

    def finite(self, value: Any) -> Sql:
        return Sql(f"CASE WHEN isfinite(try(CAST({value} AS DOUBLE))) THEN CAST({value} AS DOUBLE) END")

    def wide(self, value: Any) -> Sql:
        return Sql(f"CAST({sql(value)} AS HUGEINT)")

    def within(self, value: Any) -> Sql:
        return Sql(f"try_cast(try({value}) AS BIGINT)")

    def whole(self, value: Any) -> Any:
        return sql(value)
