"""Saved programs: JSON that says which words are applied to what. Data only, nothing in it is ever run as code.

An expression is a list whose first element says what it is:

    ["input", "xs"]                                       an input, or a parameter of a function
    ["value", "list[int]", [1, 2]]                        a constant
    ["apply", "sorted", "list[int]", argument, ...]       a word with the type of what it returns
    ["function", [["x", "int"]], body]                    a function, as an argument of a word
    ["if", test, then, otherwise]

Words that are definitions are saved with the program, before it, as expressions of their own. Loading checks that the
words are there and that the types of all applications fit.
"""

from __future__ import annotations

import itertools
import json
import keyword
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from extrapolate.core.definition import Definition, define, words_of
from extrapolate.core.errors import InputError
from extrapolate.core.expression import (
    Apply,
    Bound,
    Choose,
    Expr,
    Lambda,
    Literal,
    Var,
    abstracted,
    literal_of,
    opened,
    type_of_expression,
    walk,
)
from extrapolate.core.files import read_text, write_text
from extrapolate.core.kind import Limits, Undefined, kind_of, parse_type
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, Type, function, unify
from extrapolate.core.units import parse_unit
from extrapolate.core.values import checked
from extrapolate.core.word import Primitive

FORMAT = "extrapolate-program"
# Programs without definitions can be read by the version before.
VERSION, WITHOUT_DEFINITIONS = 2, 1
DEEPEST = 100
LARGEST = 10_000
LONGEST_TYPE = 2000
# What definitions are called in a file.
Keys = Mapping[Primitive, str]
_KEYS = {"language": str, "name": str, "inputs": list, "output": str, "words": list, "expression": list}


def to_data(program: Program, examples: Sequence[tuple[Sequence[Any], Any]] = ()) -> dict[str, Any]:
    """The program as JSON data, with the `(inputs, output)` examples it was learned from.

    Only the inputs that it uses are its inputs there; those of the examples are all that `program` has.
    """
    places, program = program.places, program.trimmed
    kinds = [kind_of(v.type) for v in program.inputs]
    words = words_of(program.expr)
    definitions = [word for word in words if isinstance(word, Definition)]
    own = [word for word in words if word.brought is None and word not in definitions]
    keys = _keys_of(definitions, {word.name for word in own})
    return {
        "format": FORMAT,
        "version": VERSION if definitions else WITHOUT_DEFINITIONS,
        "language": program.language,
        "name": program.name,
        "inputs": [[v.name, str(v.type)] for v in program.inputs],
        "output": str(program.output),
        **({"blank": sorted(program.blank)} if program.blank else {}),
        **({"units": list(program.units)} if program.units else {}),
        "words": sorted(word.name for word in own),
        **({"definitions": [_definition_data(word, keys) for word in definitions]} if definitions else {}),
        "expression": _written(program.expr, keys),
        "examples": [
            {
                "in": [k.to_json(inputs[i], v.type) for i, k, v in zip(places, kinds, program.inputs, strict=True)],
                "out": kind_of(program.output).to_json(output, program.output),
            }
            for inputs, output in examples
        ],
    }


def _keys_of(definitions: Sequence[Definition], taken: set[str]) -> Keys:
    """What definitions are called in a file: their names, with a number where another word has that name."""
    keys: dict[Primitive, str] = {}
    for word in definitions:
        names = itertools.chain((word.name,), (f"{word.name}_{i}" for i in itertools.count(2)))
        keys[word] = next(name for name in names if name not in taken)
        taken.add(keys[word])
    return keys


def _definition_data(word: Definition, keys: Keys) -> dict[str, Any]:
    assert word.body is not None
    return {
        "name": word.name,
        **({"called": keys[word]} if keys[word] != word.name else {}),
        "inputs": [[v.name, str(v.type)] for v in word.inputs],
        "cost": word.cost,
        "doc": word.doc,
        "expression": _written(word.body, keys),
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
    reader = Reader(language)
    definitions = data.get("definitions", [])
    if not isinstance(definitions, list):
        raise InputError(f"its 'definitions' are {_short(definitions)}, where a list was expected.")
    for definition in definitions:
        reader.define(definition)
    inputs = _variables(data["inputs"])
    if of_inner := [v.name for v in inputs if kind_of(v.type).inner]:
        raise InputError(f"its inputs {', '.join(of_inner)} are of a type that stands only inside programs.")
    output, name = _type(data["output"]), _identifier(data["name"])
    expr = reader.expression(data["expression"], {v.name: v for v in inputs})
    if type_of_expression(expr) != output:
        raise InputError(f"it is declared to return {output} and returns {type_of_expression(expr)}.")
    blank, units = _blank(data.get("blank", []), inputs), _units(data.get("units", []), inputs)
    return Program(expr, inputs, output, name, language.name, blank, units, language.costs)


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
    return loaded(read_data(path), path, language)


def loaded(data: Any, path: str | Path, language: Language) -> Program:
    """The program that the data of a file stand for; InputError names the file and what is wrong with it."""
    try:
        return from_data(data, language)
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


class Reader:
    """Builds expressions out of lists, checking words, scopes and types; InputError says what does not fit."""

    def __init__(self, language: Language):
        self.words: dict[str, Primitive] = {w.name: w for w in language.words}
        self.size = 0

    def define(self, data: Any) -> None:
        """Adds the word that a definition stands for; it takes the place of a word of the same name."""
        if not isinstance(data, dict) or not isinstance(data.get("inputs"), list):
            raise InputError(f"{_short(data)} is no definition.")
        inputs, price, doc = _variables(data["inputs"]), data.get("cost"), data.get("doc", "")
        if type(price) is not int or price < 1 or not isinstance(doc, str):
            raise InputError(f"a definition has the cost {_short(price)}; a cost is a whole number of at least 1.")
        body = self.expression(data.get("expression"), {v.name: v for v in inputs})
        name = _identifier(data.get("name"))
        self.words[_identifier(data.get("called", name))] = define(name, inputs, body, doc, price)

    def expression(self, data: Any, scope: Mapping[str, Var], depth: int = 0) -> Expr:
        self.size += 1
        if depth > DEEPEST or self.size > LARGEST:
            raise InputError(f"its expression is too large; at most {LARGEST:,} parts, {DEEPEST} deep, are read.")
        match data:
            case ["input", str(name)]:
                if name not in scope:
                    raise InputError(f"its expression uses {name!r}, which is none of its inputs.")
                return scope[name]
            case ["value", t, value]:
                return _constant(value, _type(t))
            case ["apply", str(name), t, *args]:
                return self.application(name, _type(t), [self.expression(a, scope, depth + 1) for a in args])
            case ["function", [*params], body]:
                # Two functions may call their parameters alike, so each has one of its own until it is bound.
                variables = _variables(params)
                own = tuple(Var(f"{v.name} {self.size}", v.type) for v in variables)
                inner = {**scope, **{v.name: new for v, new in zip(variables, own, strict=True)}}
                bound = abstracted(own, self.expression(body, inner, depth + 1))
                return Lambda(bound.types, bound.body, tuple(v.name for v in variables))
            case ["if", test, then, otherwise]:
                parts = [self.expression(part, scope, depth + 1) for part in (test, then, otherwise)]
                tested, *branches = map(type_of_expression, parts)
                if tested != BOOL or branches[0] != branches[1]:
                    raise InputError(f"an if has the types {tested}, {branches[0]} and {branches[1]}, which don't fit.")
                return Choose(*parts)
        raise InputError(f"{_short(data)} is no part of an expression.")

    @staticmethod
    def brought(name: str, t: Type, args: Sequence[Expr]) -> Primitive | None:
        """The word of that name that one of the types brings along."""
        types = [t, *(type_of_expression(a) for a in args)]
        words = (word for own in types if not own.is_function for word in kind_of(own).words(own))
        return next((word for word in words if word.name == name), None)

    def application(self, name: str, t: Type, args: list[Expr]) -> Apply:
        word = self.words.get(name) or self.brought(name, t, args)
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
    return Type(wanted.name, given.args, given.labels) if given.is_function and wanted.is_function else given


def _written(expr: Expr, keys: Keys, scope: tuple[str, ...] = ()) -> list[Any]:
    match expr:
        case Var(name):
            return ["input", name]
        case Literal(_, t):
            return ["value", str(t), kind_of(t).to_json(expr.value, t)]
        case Apply(word, args, t):
            return ["apply", keys.get(word, word.name), str(t), *(_written(a, keys, scope) for a in args)]
        case Lambda():
            params = _named(expr, scope)
            body = _written(opened(expr, params), keys, (*scope, *(p.name for p in params)))
            return ["function", [[p.name, str(p.type)] for p in params], body]
        case Choose(test, then, otherwise):
            return ["if", *(_written(part, keys, scope) for part in (test, then, otherwise))]
        case Bound():
            raise TypeError("a parameter stands outside of its function")


def _named(function: Lambda, scope: Sequence[str]) -> list[Var]:
    """Variables for the parameters of a function, named unlike all that is around it and used in it."""
    taken = {*scope, *(part.name for part in walk(function) if isinstance(part, Var))}
    found: list[Var] = []
    for i, t in enumerate(function.types):
        names = itertools.chain(function.names[i : i + 1], kind_of(t).names, (f"x{n}" for n in itertools.count(2)))
        found.append(Var(next(n for n in names if n not in taken), t))
        taken.add(found[-1].name)
    return found


def _constant(value: Any, t: Type) -> Literal:
    """The constant as it stands in the file, which is checked but not rounded."""
    try:
        read = kind_of(t).from_json(value, t)
        return literal_of(checked(read, t, Limits(length=LARGEST, text=1_000_000)), t)
    except (Undefined, TypeError, ValueError, OverflowError):
        raise InputError(f"the constant {_short(value)} is no value of type {t}.") from None


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
