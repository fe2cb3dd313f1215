"""Small rewritings that make printed programs read as a person would write them; none changes what is computed."""

from __future__ import annotations

import ast
from typing import TypeVar

from extrapolate.core.fstrings import Summed, formatted

_OPPOSITE = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.Lt: ast.GtE, ast.GtE: ast.Lt,
             ast.Gt: ast.LtE, ast.LtE: ast.Gt}  # fmt: skip


# Functions that go through one argument, or each of their arguments, once and need no list.
CONSUMERS = {"all", "any", "max", "min", "set", "sorted", "sum"}
LOOPS = {"enumerate", "zip"}

Comprehension = TypeVar("Comprehension", ast.ListComp, ast.GeneratorExp)


def unlisted(tree: ast.expr) -> ast.expr:
    """What may stand where values are only gone through: `range(n)` for `list(range(n))`."""
    match tree:
        case ast.Call(ast.Name("list"), [inner], []):
            return inner
    return tree


def generated(tree: ast.expr) -> ast.expr:
    """The same as the only argument of a function that needs no list: a generator for a list."""
    return ast.GeneratorExp(tree.elt, tree.generators) if isinstance(tree, ast.ListComp) else unlisted(tree)


def uncounted(tree: Comprehension) -> Comprehension:
    """The comprehension without positions that it does not use: `for x in xs` for `for i, x in enumerate(xs)`."""
    loop: ast.comprehension = tree.generators[0]
    match loop.target, loop.iter:
        case ast.Tuple([ast.Name(i), item]), ast.Call(ast.Name("enumerate"), [items]):
            parts = (tree.elt, *loop.ifs, *tree.generators[1:])
            used = {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
            if i not in used:
                loop.target, loop.iter = item, items
    return tree


def is_zero(tree: ast.expr) -> bool:
    """Whether it is the number 0, also as a float or a `decimal.Decimal('0')`."""
    match tree:
        case ast.Constant(value):
            return type(value) in (int, float) and value == 0
        case ast.Call(ast.Attribute(ast.Name("decimal"), "Decimal"), [ast.Constant("0")]):
            return True
    return False


class Tidy(ast.NodeTransformer):
    """`not a == b` is `a != b`, `a + -1` is `a - 1`, `a - b < 0` is `a < b`, `xs[0:n]` is `xs[:n]`, a lone generator
    needs no brackets."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in LOOPS:
            node.args = [unlisted(a) for a in node.args]
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "join" and len(node.args) == 1:
            node.args = [generated(node.args[0])]
        elif name in CONSUMERS and len(node.args) == 1:
            node.args = [(generated if not node.keywords else unlisted)(node.args[0])]
        elif name in ("max", "min"):
            node.args = [part for a in node.args for part in self.flattened(a, name)]
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.ListComp:
        self.generic_visit(node)
        return uncounted(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.GeneratorExp:
        self.generic_visit(node)
        return uncounted(node)

    @staticmethod
    def flattened(tree: ast.expr, name: str) -> list[ast.expr]:
        """The arguments of a call of the same function inside: `max(a, max(b, c))` is `max(a, b, c)`."""
        match tree:
            case ast.Call(ast.Name(inner), [_, _, *_] as args, []) if inner == name:
                return args
        return [tree]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        inner = node.operand
        if (
            isinstance(node.op, ast.Not)
            and isinstance(inner, ast.Compare)
            and len(inner.ops) == 1
            and type(inner.ops[0]) in _OPPOSITE
        ):
            return ast.Compare(inner.left, [_OPPOSITE[type(inner.ops[0])]()], inner.comparators)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.orelse, ast.Constant) and node.orelse.value is False:
            return ast.BoolOp(ast.And(), [node.test, node.body])
        if isinstance(node.body, ast.Constant) and node.body.value is True:
            return ast.BoolOp(ast.Or(), [node.test, node.orelse])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return formatted(node) or self.signed(node)

    def signed(self, node: ast.BinOp) -> ast.expr:
        right = node.right
        if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub) and isinstance(node.op, ast.Add | ast.Sub):
            return ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), right.operand)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Compare(ast.BinOp(a, ast.Sub(), b), [ast.Lt() | ast.Gt()], [zero]) if is_zero(zero):
                return ast.Compare(a, node.ops, [b])
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.iter = unlisted(node.iter)
        return node

    def visit_List(self, node: ast.List) -> ast.List:
        self.generic_visit(node)
        parts = [
            e.value.elts if isinstance(e, ast.Starred) and isinstance(e.value, ast.List) else [e] for e in node.elts
        ]
        return ast.List([e for part in parts for e in part])

    def visit_Slice(self, node: ast.Slice) -> ast.Slice:
        self.generic_visit(node)
        if isinstance(node.lower, ast.Constant) and node.lower.value == 0 and node.step is None:
            return ast.Slice(None, node.upper, None)
        return node


class Plain(ast.NodeTransformer):
    """What ast.unparse would write in another way than a person, as names, which it leaves as they are."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A generator that is the only argument, without brackets of its own."""
        self.generic_visit(node)
        if len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.GeneratorExp):
            node.args = [ast.Name(ast.unparse(node.args[0])[1:-1])]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A pattern as a raw string, without two backslashes for each one."""
        value = node.value
        if isinstance(value, str) and "\\" in value[:-1] and value.isprintable() and not value.endswith("\\"):
            return ast.Name(f"r'{value}'") if "'" not in value else node
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        """Only what stands in braces: the rest is no constant of its own."""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
        return node


def tidy(tree: ast.expr) -> ast.expr:
    tidied = Tidy().visit(ast.fix_missing_locations(tree))
    assert isinstance(tidied, ast.expr)
    return tidied


def tidied(statement: ast.stmt) -> ast.stmt:
    """The same for all that stands in a statement."""
    found = Tidy().visit(ast.fix_missing_locations(statement))
    assert isinstance(found, ast.stmt)
    return found


def written(tree: ast.expr | ast.stmt) -> str:
    """The Python of a tree that is tidy; the tree can't be used any more."""
    plain = Plain().visit(ast.fix_missing_locations(tree))
    try:
        return ast.unparse(plain)
    except ValueError:  # a part of an f-string has a backslash, which Python before 3.12 does not allow
        return ast.unparse(ast.fix_missing_locations(Summed().visit(plain)))
