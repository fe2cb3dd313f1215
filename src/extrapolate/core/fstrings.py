"""Sums of texts written as f-strings: `s[0] + '.' + str(n)` is `f'{s[0]}.{n}'`."""

from __future__ import annotations

import ast
import re

Part = ast.Constant | ast.FormattedValue


def formatted(sum_: ast.BinOp) -> ast.JoinedStr | None:
    """The f-string for a sum of texts some of which are constants; None where there is none or it can't be written."""
    if not isinstance(sum_.op, ast.Add):
        return None
    parts = [value for part in summands(sum_) for value in values_of(part)]
    if not any(map(is_text, parts)) or all(isinstance(p, ast.Constant) for p in parts):
        return None
    joined: list[Part] = []
    for part in parts:
        last = part
        while (merged := merge(joined, last)) is not None:
            *joined, last = merged
        joined.append(last)
    tree = ast.JoinedStr(list[ast.expr](joined))
    try:
        printed = ast.unparse(tree)
        ast.parse(printed)
    except (SyntaxError, ValueError):  # before Python 3.12 no backslash may stand inside
        return None
    return None if "\n" in printed else tree


def summands(tree: ast.expr) -> list[ast.expr]:
    match tree:
        case ast.BinOp(left, ast.Add(), right):
            return [*summands(left), *summands(right)]
    return [tree]


def is_text(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str)


def values_of(part: ast.expr) -> list[Part]:
    """What stands for a part in an f-string: `{n}` for `str(n)`, `{d:%Y}` for `d.strftime('%Y')`."""
    match part:
        case ast.Constant():
            return [part]
        case ast.JoinedStr(values):
            return [v for v in values if isinstance(v, Part)]
        case ast.Call(ast.Name("str"), [value], []):
            return [ast.FormattedValue(value, -1, None)]
        case ast.Call(ast.Name("format"), [value, ast.Constant() as form], []):
            return [ast.FormattedValue(value, -1, ast.JoinedStr([form]))]
        case ast.Call(ast.Attribute(value, "strftime"), [ast.Constant() as form], []):
            return [ast.FormattedValue(value, -1, ast.JoinedStr([form]))]
    return [ast.FormattedValue(part, -1, None)]


def merge(parts: list[Part], last: Part) -> list[Part] | None:
    """The parts with the last one, fewer where they can be one: two constants, or two parts of one date."""
    match [*parts[-2:], last]:
        case [*_, ast.Constant(str() as before), ast.Constant(str() as after)]:
            return [*parts[:-1], ast.Constant(before + after)]
        case [ast.FormattedValue() as a, ast.FormattedValue() as b] if one_date(a, b):
            return [*parts[:-1], _dated(a, date_form(a) + date_form(b))]
        case [_, ast.FormattedValue() as a, ast.FormattedValue() as b] if one_date(a, b):
            return [*parts[:-1], _dated(a, date_form(a) + date_form(b))]
        case [ast.FormattedValue() as a, ast.Constant(str() as between), ast.FormattedValue() as b]:
            if one_date(a, b) and not re.search(r"[\w%{}]", between):
                return [*parts[:-2], _dated(a, date_form(a) + between + date_form(b))]
    return None


def one_date(a: ast.FormattedValue, b: ast.FormattedValue) -> bool:
    """Whether two parts write out the same date."""
    return bool(date_form(a) and date_form(b)) and ast.dump(a.value) == ast.dump(b.value)


def date_form(part: ast.FormattedValue) -> str:
    """The form of a date that an f-string writes, as `%Y-%m`; empty where it is none."""
    match part.format_spec:
        case ast.JoinedStr([ast.Constant(str() as form)]) if form.startswith("%"):
            return form
    return ""


def _dated(part: ast.FormattedValue, form: str) -> ast.FormattedValue:
    return ast.FormattedValue(part.value, -1, ast.JoinedStr([ast.Constant(form)]))


class Summed(ast.NodeTransformer):
    """F-strings as sums of their parts."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        parts = [self.visit(part) if isinstance(part, ast.Constant) else self.text_of(part) for part in node.values]
        found: ast.expr = parts[0]
        for part in parts[1:]:
            found = ast.BinOp(found, ast.Add(), part)
        return found

    def text_of(self, part: ast.expr) -> ast.expr:
        assert isinstance(part, ast.FormattedValue)
        value = self.visit(part.value)
        if isinstance(part.format_spec, ast.JoinedStr):
            return ast.Call(ast.Name("format"), [value, *part.format_spec.values], [])
        return ast.Call(ast.Name("str"), [value], [])
