"""cvc5 on the same tasks: a SyGuS problem from a record, the solver in a process of its own, its answer read back.

    python benchmarks/cvc5_peer.py < problem.sl       # what the process runs: prints the solution

The grammar is the record's own: its constants and its operators, as in the benchmark. A solution is run on unseen rows
by `evaluate`, which knows the operators of those grammars as SMT-LIB defines them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

Record = dict[str, Any]
Term = Any  # a string, or a list of an operator and terms

# The operators of the grammars: result, arguments, and their names in the newer standard.
OPERATORS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "str.++": ("String", ("String", "String"), "str.++"),
    "str.replace": ("String", ("String", "String", "String"), "str.replace"),
    "str.at": ("String", ("String", "Int"), "str.at"),
    "int.to.str": ("String", ("Int",), "str.from_int"),
    "str.substr": ("String", ("String", "Int", "Int"), "str.substr"),
    "+": ("Int", ("Int", "Int"), "+"),
    "-": ("Int", ("Int", "Int"), "-"),
    "str.len": ("Int", ("String",), "str.len"),
    "str.to.int": ("Int", ("String",), "str.to_int"),
    "str.indexof": ("Int", ("String", "String", "Int"), "str.indexof"),
    "=": ("Bool", ("Int", "Int"), "="),
    "str.prefixof": ("Bool", ("String", "String"), "str.prefixof"),
    "str.suffixof": ("Bool", ("String", "String"), "str.suffixof"),
    "str.contains": ("Bool", ("String", "String"), "str.contains"),
}
RULES = {"String": "text", "Int": "number", "Bool": "test"}


@dataclass(frozen=True)
class PeerAnswer:
    """What cvc5 found: the term, None when it found none in time, with its size in operators and leaves."""

    term: Term | None
    parameters: tuple[str, ...]
    seconds: float

    @property
    def size(self) -> int:
        return _size(self.term)

    @property
    def branches(self) -> int:
        return _count(self.term, "ite")

    def __call__(self, *inputs: Any) -> Any:
        return evaluate(self.term, dict(zip(self.parameters, inputs, strict=True)))


def ask(record: Record, seconds: float) -> PeerAnswer:
    """cvc5's answer on a record within some seconds."""
    names = tuple(f"x{i}" for i in range(len(record["inputs"])))
    start = perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, str(Path(__file__))],
            input=problem(record, names),
            capture_output=True,
            text=True,
            timeout=seconds + 1,  # a second to start Python and load the solver
            check=False,
        )
    except subprocess.TimeoutExpired:
        return PeerAnswer(None, names, perf_counter() - start)
    found = re.search(r"\(define-fun f .*", done.stdout, re.DOTALL)
    took = perf_counter() - start
    return PeerAnswer(parse(found[0])[-1] if found else None, names, took)


def problem(record: Record, names: Sequence[str]) -> str:
    """The record as a problem in SyGuS 2.1."""
    output, types = record["output"], record["inputs"]
    order = [output, *(t for t in RULES if t != output)]
    rules = {t: [n for n, own in zip(names, types, strict=True) if own == t] for t in RULES}
    for t, constants in record["grammar_consts"].items():
        rules[t] += [quoted(c) for c in constants]
    rules["Bool"] += ["true", "false"]
    for name in record["grammar_ops"]:
        if name == "ite":
            for t in ("String", "Int"):
                rules[t].append(f"(ite test {RULES[t]} {RULES[t]})")
        else:
            result, arguments, new = OPERATORS[name]
            rules[result].append(f"({new} {' '.join(RULES[a] for a in arguments)})")
    parameters = " ".join(f"({n} {t})" for n, t in zip(names, types, strict=True))
    heads = " ".join(f"({RULES[t]} {t})" for t in order)
    grammar = "\n".join(f"({RULES[t]} {t} ({' '.join(rules[t])}))" for t in order)
    lines = [f"(set-logic SLIA)\n(synth-fun f ({parameters}) {output}\n({heads})\n({grammar}))"]
    for e in record["examples"]:
        lines.append(f"(constraint (= (f {' '.join(map(quoted, e['in']))}) {quoted(e['out'])}))")
    return "\n".join([*lines, "(check-synth)", ""])


def quoted(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value >= 0 else f"(- {-value})"
    text = "".join(c if " " <= c <= "~" and c != "\\" else f"\\u{{{ord(c):x}}}" for c in value)
    return '"' + text.replace('"', '""') + '"'


def parse(text: str) -> Term:
    """The first term of a text as nested lists; texts keep their opening quote."""
    stack: list[list[Term]] = [[]]
    for token in re.findall(r'"(?:[^"]|"")*"|[()]|[^\s()]+', text):
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
            if len(stack) == 1:
                return done
        else:
            stack[-1].append(token)
    return stack[0][0]


def evaluate(term: Term, inputs: Mapping[str, Any]) -> Any:
    """The value of a term, by the definitions of SMT-LIB's theory of strings."""
    if isinstance(term, str):
        if term in inputs:
            return inputs[term]
        if term[0] == '"':
            plain = term[1:-1].replace('""', '"')
            return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), plain)
        return term == "true" if term in ("true", "false") else int(term)
    name, *parts = term
    if name == "let":
        bindings, body = parts
        return evaluate(body, {**inputs, **{v: evaluate(t, inputs) for v, t in bindings}})
    if name == "ite":
        test, then, otherwise = parts
        return evaluate(then if evaluate(test, inputs) else otherwise, inputs)
    return _apply(name, [evaluate(p, inputs) for p in parts])


def _apply(name: str, args: list[Any]) -> Any:
    match name, args:
        case "str.++", _:
            return "".join(args)
        case "str.replace", [s, old, new]:
            return s.replace(old, new, 1)
        case "str.at", [s, i]:
            return s[i] if 0 <= i < len(s) else ""
        case "str.from_int", [n]:
            return str(n) if n >= 0 else ""
        case "str.substr", [s, i, n]:
            return s[i : i + n] if 0 <= i < len(s) and n > 0 else ""
        case "+", _:
            return sum(args)
        case "-", [n]:
            return -n
        case "-", [a, b]:
            return a - b
        case "str.len", [s]:
            return len(s)
        case "str.to_int", [s]:
            return int(s) if s.isascii() and s.isdigit() else -1
        case "str.indexof", [s, t, i]:
            return s.find(t, i) if 0 <= i <= len(s) else -1
        case "=", [a, b]:
            return a == b
        case "str.prefixof", [t, s]:
            return s.startswith(t)
        case "str.suffixof", [t, s]:
            return s.endswith(t)
        case "str.contains", [s, t]:
            return t in s
    raise ValueError(f"the operator {name} is not known")


def _size(term: Term) -> int:
    return sum(map(_size, term)) if isinstance(term, list) else 1


def _count(term: Term, name: str) -> int:
    return sum(_count(t, name) for t in term) if isinstance(term, list) else int(term == name)


def main() -> None:
    """Runs cvc5 on the problem on standard input and prints what it answers."""
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("sygus", "true")
    solver.setOption("incremental", "false")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SYGUS_2_1, sys.stdin.read(), "problem")
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        print(command.invoke(solver, parser.getSymbolManager()), end="", flush=True)


if __name__ == "__main__":
    main()
