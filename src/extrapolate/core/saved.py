"""Saved programs: JSON that says which words are applied to what. Data only, nothing in it is ever run as code.

An expression is a list whose first element says what it is:

    ["input", "xs"]                                       an input, or a parameter of a function
    ["value", "list[int]", [1, 2]]                        a constant
    ["apply", "sorted", "list[int]", argument, ...]       a word with the type of what it returns
    ["function", [["x", "int"]], body]                    a function, as an argument of a word
    ["if", test, then, otherwise]

Loading checks that the words are there and that the types of all applications fit.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, Choose, Expr, Lambda, Literal, Var, walk
from extrapolate.core.files import read_text, write_text
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, DECIMAL, DURATION, Type, function, parse_type, unify
from extrapolate.core.units import parse_unit
from extrapolate.core.values import Limits, Undefined, freeze

FORMAT = "extrapolate-program"
VERSION = 1
DEEPEST = 100
LARGEST = 10_000
LONGEST_TYPE = 100
_KEYS = {"language": str, "name": str, "inputs": list, "output": str, "words": list, "expression": list}


def to_data(program: Program, examples: Sequence[tuple[Sequence[Any], Any]] = ()) -> dict[str, Any]:
    """The program as JSON data, with the `(inputs, output)` examples it was learned from."""
    words = {e.word.name for e in walk(program.expr) if isinstance(e, Apply)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "language": program.language,
        "name": program.name,
        "inputs": [[v.name, str(v.type)] for v in program.inputs],
        "output": str(program.output),
        **({"blank": sorted(program.blank)} if program.blank else {}),
        **({"units": list(program.units)} if program.units else {}),
        "words": sorted(words),
        "expression": _written(program.expr),
        "examples": [{"in": list(inputs), "out": output} for inputs, output in examples],
    }


def from_data(data: Any, language: Language) -> Program:
    """The program that JSON data stands for.

    InputError when it is none, or when it needs another language, other words or a newer extrapolate.
    """
    check_format(data)
    if data["language"] != language.name:
        raise InputError(f"it is written in the language {data['language']!r}, and {language.name!r} was given.")
    missing = [w for w in data["words"] if w not in language]
    if missing:
        raise InputError(
            f"it uses words that {language.name} does not have: {', '.join(map(str, missing))}; "
            "give the file that declares them with --words FILE."
        )
    inputs = _variables(data["inputs"])
    output, name = _type(data["output"]), _identifier(data["name"])
    expr = Reader(language).expression(data["expression"], {v.name: v.type for v in inputs})
    if type_of_expression(expr) != output:
        raise InputError(f"it is declared to return {output} and returns {type_of_expression(expr)}.")
    blank, units = _blank(data.get("blank", []), inputs), _units(data.get("units", []), inputs)
    return Program(expr, inputs, output, name, language.name, blank, units)


def _blank(names: Any, inputs: Sequence[Var]) -> frozenset[str]:
    if not isinstance(names, list) or not {v.name for v in inputs}.issuperset(n for n in names if isinstance(n, str)):
        raise InputError(f"its 'blank' is {_short(names)}, where names of its inputs were expected.")
    return frozenset(names)


def _units(units: Any, inputs: Sequence[Var]) -> tuple[str, ...]:
    if not isinstance(units, list) or not all(isinstance(u, str) for u in units):
        raise InputError(f"its 'units' are {_short(units)}, where a list of texts was expected.")
    if units and len(units) != len(inputs) + 1:
        raise InputError(f"it has {len(units)} units for {len(inputs)} inputs and a value.")
    for unit in units:
        parse_unit(unit)
    return tuple(units)


def check_format(data: Any) -> None:
    """InputError when the data is no saved program, or one of a newer version."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f'it is not a saved program, which starts with "format": "{FORMAT}".')
    version = data.get("version")
    if type(version) is not int or version < 1:
        raise InputError(f"its version is {version!r}, which is no version of a saved program.")
    if version > VERSION:
        raise InputError(
            f"it is of version {version} and this extrapolate reads up to version {VERSION}; "
            "upgrade with: pip install --upgrade extrapolate"
        )
    for key, kind in _KEYS.items():
        if not isinstance(data.get(key), kind):
            raise InputError(f"its {key!r} is {_short(data.get(key))}, where a {kind.__name__} was expected.")


def save(
    program: Program,
    path: str | Path,
    examples: Sequence[tuple[Sequence[Any], Any]] = (),
    *,
    force: bool = False,
) -> None:
    """Writes the program to a file, in one step; an existing file is replaced only with `force`."""
    write_text(path, f"{_dumped(to_data(program, examples))}\n", force=force)


def load(path: str | Path, language: Language) -> Program:
    """The program in a file; InputError names the file and what is wrong with it."""
    try:
        return from_data(read_data(path), language)
    except InputError as error:
        raise InputError(f"{path} can't be loaded: {error}") from None


def read_data(path: str | Path) -> Any:
    """The JSON in a file; InputError when it is none or is no saved program."""
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a saved program: it is not JSON ({error}).") from None
    try:
        check_format(data)
    except InputError as error:
        raise InputError(f"{path} can't be loaded: {error}") from None
    return data


def type_of_expression(expr: Expr) -> Type:
    match expr:
        case Lambda(params, body):
            return function((p.type for p in params), type_of_expression(body))
        case Choose(then=then):
            return type_of_expression(then)
        case Var() | Literal() | Apply():
            return expr.type


class Reader:
    """Builds expressions out of lists, checking words, scopes and types; InputError says what does not fit."""

    def __init__(self, language: Language):
        self.words = {w.name: w for w in language.words}
        self.size = 0

    def expression(self, data: Any, scope: Mapping[str, Type], depth: int = 0) -> Expr:
        self.size += 1
        if depth > DEEPEST or self.size > LARGEST:
            raise InputError(f"its expression is too large; at most {LARGEST:,} parts, {DEEPEST} deep, are read.")
        match data:
            case ["input", str(name)]:
                if name not in scope:
                    raise InputError(f"its expression uses {name!r}, which is none of its inputs.")
                return Var(name, scope[name])
            case ["value", t, value]:
                return Literal(_key(value, _type(t)), _type(t))
            case ["apply", str(name), t, *args]:
                return self.application(name, _type(t), [self.expression(a, scope, depth + 1) for a in args])
            case ["function", [*params], body]:
                variables = _variables(params)
                inner = {**scope, **{v.name: v.type for v in variables}}
                return Lambda(variables, self.expression(body, inner, depth + 1))
            case ["if", test, then, otherwise]:
                parts = [self.expression(part, scope, depth + 1) for part in (test, then, otherwise)]
                tested, *branches = map(type_of_expression, parts)
                if tested != BOOL or branches[0] != branches[1]:
                    raise InputError(f"an if has the types {tested}, {branches[0]} and {branches[1]}, which don't fit.")
                return Choose(*parts)
        raise InputError(f"{_short(data)} is no part of an expression.")

    def application(self, name: str, t: Type, args: list[Expr]) -> Apply:
        word = self.words.get(name)
        if word is None:
            raise InputError(f"its expression uses the word {name!r}, which is not among its words.")
        given = [type_of_expression(a) for a in args]
        binding: dict[str, Type] = {}
        fits = len(given) == len(word.arg_types) and all(
            unify(p, _like(g, p), binding)
            for p, g in zip((*word.arg_types, word.result_type), (*given, t), strict=True)
        )
        allowed = all(binding[v] in types for v, types in word.constraints.items() if v in binding)
        if not fits or not allowed:
            raise InputError(f"the word {name} is {word.signature} and is applied as {function(given, t)}.")
        return Apply(word, tuple(args), t)


def _like(given: Type, wanted: Type) -> Type:
    """The type of a function, of the kind that is wanted: an expression does not tell iterated ones from others."""
    return Type(wanted.name, given.args) if given.is_function and wanted.is_function else given


def _written(expr: Expr) -> list[Any]:
    match expr:
        case Var(name):
            return ["input", name]
        case Literal(_, t):
            return ["value", str(t), _plain(expr.value)]
        case Apply(word, args, t):
            return ["apply", word.name, str(t), *map(_written, args)]
        case Lambda(params, body):
            return ["function", [[p.name, str(p.type)] for p in params], _written(body)]
        case Choose(test, then, otherwise):
            return ["if", _written(test), _written(then), _written(otherwise)]


def _plain(value: Any) -> Any:
    """A constant as JSON holds it: a duration in seconds, a decimal number as text."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, Decimal) else value


def _key(value: Any, t: Type) -> Any:
    """The key of a constant as it stands in the file, which is checked but not rounded."""
    try:
        if t == DURATION:
            return timedelta(seconds=value)
        if t == DECIMAL:
            return freeze(Decimal(value), t, Limits())
        freeze(value, t, Limits(length=LARGEST, text=1_000_000))
    except (Undefined, TypeError, OverflowError, InvalidOperation):
        raise InputError(f"the constant {_short(value)} is no value of type {t}.") from None
    return _tuples(value)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _variables(data: list[Any]) -> tuple[Var, ...]:
    found = []
    for pair in data:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError(f"{_short(pair)} is no input, which is a name and a type.")
        found.append(Var(_identifier(pair[0]), _type(pair[1])))
    if len({v.name for v in found}) != len(found):
        raise InputError("two of its inputs have the same name.")
    return tuple(found)


def _identifier(name: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise InputError(f"{_short(name)} is no name that an input or a program can have.")
    return name


def _type(text: Any) -> Type:
    if not isinstance(text, str) or len(text) > LONGEST_TYPE:
        raise InputError(f"{_short(text)} is no type.")
    return parse_type(text)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _dumped(data: dict[str, Any]) -> str:
    """JSON with a line for each key, an expression on one line."""
    lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}"
