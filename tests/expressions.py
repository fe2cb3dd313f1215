"""Random well-typed expressions over a language, for properties that every program must have."""

import functools

from hypothesis import strategies as st

from extrapolate.core.expression import Choose, Literal, Var, abstracted
from extrapolate.core.program import Program
from extrapolate.core.types import BOOL, FLOAT, INT, TEXT, list_of
from extrapolate.languages.lists import LANGUAGE

TYPES = [BOOL, INT, FLOAT, TEXT, list_of(INT), list_of(FLOAT), list_of(BOOL), list_of(TEXT), list_of(list_of(INT))]
INPUTS = (Var("xs", list_of(INT)), Var("n", INT), Var("y", FLOAT), Var("s", TEXT), Var("nested", list_of(list_of(INT))))

NAMES = ("x", "y", "i", "items", "value", "xs")  # some of which inputs and templates use too

SCALARS = {
    BOOL: st.booleans(),
    INT: st.integers(-(10**18), 10**18),
    FLOAT: st.floats(-1e9, 1e9),
    TEXT: st.text(max_size=5),
}


def keys(t):
    """Keys of values of a type: tuples for lists."""
    return st.lists(keys(t.args[0]), max_size=3).map(tuple) if t.is_list else SCALARS[t]


@functools.cache
def instances(result_type):
    return [i for i in LANGUAGE.instances(TYPES) if i.result_type == result_type]


@st.composite
def expressions(draw, t, scope=INPUTS, depth=4):
    """An expression of a type over the variables of a scope."""
    variables = [v for v in scope if v.type == t]
    kinds = ["value", *["variable"] * (3 * bool(variables)), *["apply"] * (6 * (depth > 0)), *["if"] * (depth > 0)]
    kind = draw(st.sampled_from(kinds))
    if kind == "variable":
        return draw(st.sampled_from(variables))
    if kind == "value" or (kind == "apply" and not instances(t)):
        return Literal(draw(keys(t)), t)
    if kind == "if":
        return Choose(*(draw(expressions(part, scope, depth - 1)) for part in (BOOL, t, t)))
    instance = draw(st.sampled_from(instances(t)))
    return instance(*(draw(argument(a, scope, depth - 1)) for a in instance.arg_types))


@st.composite
def argument(draw, t, scope, depth):
    if not t.is_function:
        return draw(expressions(t, scope, depth))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=len(t.args) - 1, max_size=len(t.args) - 1, unique=True))
    params = tuple(Var(name, p) for name, p in zip(names, t.args[:-1], strict=True))
    outer = tuple(v for v in scope if v.name not in names)
    return abstracted(params, draw(expressions(t.args[-1], (*outer, *params), depth)))


@st.composite
def programs(draw, t=None):
    t = t or draw(st.sampled_from(TYPES))
    return Program(draw(expressions(t)), INPUTS, t, "learned", LANGUAGE.name)
