"""Formulas as LaTeX and as SymPy expressions."""

import math
import sys

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser
from sympy.core.function import AppliedUndef

from extrapolate import InputError, learn, primitive
from extrapolate.core.expression import Apply, Literal, Var, walk
from extrapolate.core.latex import latex, symbol
from extrapolate.core.program import Program
from extrapolate.core.types import FLOAT
from extrapolate.languages.laws import LANGUAGE

INPUTS = tuple(Var(name, FLOAT) for name in ("x", "y", "theta", "mass"))
SCOPE = {v.name: v for v in INPUTS} | {"pi": Literal(math.pi, FLOAT)}


@primitive(source="np.sinc({x})", latex=r"\operatorname{sinc}", sympy="sinc")
def sinc(x: float) -> float:
    """The normalised sine over its argument."""
    return np.sinc(x)


def formula(text):
    """The expression of words applied to variables and numbers: `formula("add(x, 2)")`."""
    words = {w.name: word(w) for w in (*LANGUAGE.words, sinc)}
    return as_expr(eval(text, {**words, **SCOPE}))


def as_expr(part):
    return Literal(float(part), FLOAT) if isinstance(part, int | float) else part


def word(w):
    return lambda *args: Apply(w, tuple(map(as_expr, args)), FLOAT)


@pytest.mark.parametrize(
    "text, written",
    [
        ("x", "x"),
        ("pi", r"\pi"),
        ("0", "0"),
        ("-3", "-3"),
        ("0.5", r"\frac{1}{2}"),
        ("-0.5", r"-\frac{1}{2}"),
        ("9.81", "9.81"),
        ("0.1", "0.1"),
        ("6.67e-11", r"6.67 \times 10^{-11}"),
        ("1234567.5", r"1.2345675 \times 10^{6}"),
        ("1e20", "10^{20}"),
        ("-2e-9", r"-2 \times 10^{-9}"),
        ("add(x, y)", "x + y"),
        ("add(x, negate(y))", "x - y"),
        ("add(x, -2)", "x - 2"),
        ("sub(x, -2)", "x + 2"),
        ("sub(x, negate(mul(x, y)))", "x + x y"),
        ("sub(x, add(y, 1))", r"x - \left(y + 1\right)"),
        ("sub(add(x, y), 1)", "x + y - 1"),
        ("negate(add(x, y))", r"-\left(x + y\right)"),
        ("mul(x, y)", "x y"),
        ("mul(2, x)", "2 x"),
        ("mul(x, 2)", "2 x"),
        ("mul(mul(x, y), 6.67e-11)", r"6.67 \times 10^{-11} x y"),
        ("mul(add(x, 1), 2)", r"2 \left(x + 1\right)"),
        ("mul(add(1, x), 2)", r"2 \left(1 + x\right)"),
        ("mul(x, add(2, y))", r"x \left(2 + y\right)"),
        ("mul(negate(x), 2)", r"-x \cdot 2"),
        ("mul(3, 2)", r"3 \cdot 2"),
        ("mul(2, 0.5)", r"2 \cdot \frac{1}{2}"),
        ("mul(2, divide(x, y))", r"2 \frac{x}{y}"),
        ("mul(mul(x, y), add(x, 1))", r"x y \left(x + 1\right)"),
        ("mul(negate(x), y)", "-x y"),
        ("mul(add(negate(x), 1), y)", r"\left(-x + 1\right) y"),
        ("mul(x, negate(y))", r"x \left(-y\right)"),
        ("mul(mass, x)", r"\mathrm{mass} \, x"),
        ("mul(power(mass, 2), x)", r"\mathrm{mass}^{2} \, x"),
        ("mul(x, divide(mass, y))", r"x \frac{\mathrm{mass}}{y}"),
        ("divide(add(x, 1), mul(2, y))", r"\frac{x + 1}{2 y}"),
        ("mul(mul(2, pi), sqrt(divide(x, y)))", r"2 \pi \sqrt{\frac{x}{y}}"),
        ("power(x, 2)", "x^{2}"),
        ("power(x, 0.5)", "x^{1/2}"),
        ("power(x, -1.5)", "x^{-3/2}"),
        ("power(x, y)", "x^{y}"),
        ("power(add(x, y), 2)", r"\left(x + y\right)^{2}"),
        ("power(mul(x, y), 2)", r"\left(x y\right)^{2}"),
        ("power(power(x, 2), 3)", r"\left(x^{2}\right)^{3}"),
        ("power(divide(x, y), 2)", r"\left(\frac{x}{y}\right)^{2}"),
        ("power(-2, 2)", r"\left(-2\right)^{2}"),
        ("power(sqrt(x), 3)", r"\left(\sqrt{x}\right)^{3}"),
        ("sin(theta)", r"\sin\left(\theta\right)"),
        ("power(sin(x), 2)", r"\sin^{2}\left(x\right)"),
        ("power(sin(x), -1)", r"\left(\sin\left(x\right)\right)^{-1}"),
        ("exp(negate(divide(x, y)))", r"e^{-\frac{x}{y}}"),
        ("power(exp(x), 2)", r"\left(e^{x}\right)^{2}"),
        ("mul(x, exp2(negate(y)))", "2^{-y} x"),
        ("log(x)", r"\ln\left(x\right)"),
        ("arcsin(x)", r"\arcsin\left(x\right)"),
        ("power(absolute(sub(x, y)), 3)", r"\left|x - y\right|^{3}"),
        ("maximum(x, add(y, 1))", r"\max\left(x, y + 1\right)"),
        ("mul(2, sinc(x))", r"2 \, \operatorname{sinc}\left(x\right)"),
    ],
)
def test_a_formula_is_written(text, written):
    assert latex(formula(text)) == written


@pytest.mark.parametrize(
    "name, written",
    [
        ("T", "T"),
        ("alpha", r"\alpha"),
        ("Omega", r"\Omega"),
        ("θ", r"\theta"),
        ("Δ", r"\Delta"),
        ("λ", r"\lambda"),
        ("omega_0", r"\omega_{0}"),
        ("x1", "x_{1}"),
        ("x_12", "x_{12}"),
        ("x_1_2", "x_{1,2}"),
        ("k_B", "k_{B}"),
        ("v_max", r"v_{\mathrm{max}}"),
        ("mass2", r"\mathrm{mass}_{2}"),
        ("lambda_", r"\lambda"),
        ("orbital_period", r"\mathrm{orbital\ period}"),
        ("a_long_name", r"\mathrm{a\ long\ name}"),
        ("_1st", r"\mathrm{1st}"),
    ],
)
def test_a_name_is_a_symbol(name, written):
    assert symbol(name) == written


NUMERIC = [w for w in LANGUAGE.words if w.name not in ("number_of", "number_or")]


@pytest.mark.parametrize("w", NUMERIC, ids=lambda w: w.name)
def test_every_word_has_a_form_of_its_own(w):
    expr = Apply(w, INPUTS[: len(w.params)], FLOAT)
    assert "operatorname" not in latex(expr)
    assert not Program(expr, INPUTS, FLOAT).sympy().atoms(AppliedUndef)


def leaves():
    numbers = st.one_of(
        st.integers(-9, 9).map(float), st.floats(-1e9, 1e9), st.sampled_from([math.pi, 0.5, 1 / 3, 6.67e-11])
    )
    return st.one_of(st.sampled_from(INPUTS), numbers.map(lambda v: Literal(v, FLOAT)))


def applications(parts):
    words = [w for w in NUMERIC if w.name != "power"]
    of = st.sampled_from(words).flatmap(
        lambda w: st.tuples(*[parts] * len(w.params)).map(lambda args: Apply(w, args, FLOAT))
    )
    exponents = st.sampled_from([2.0, 3.0, -1.0, 0.5, 1.5, -2.0])
    powers = st.tuples(parts, exponents).map(lambda p: Apply(LANGUAGE["power"], (p[0], Literal(p[1], FLOAT)), FLOAT))
    return of | powers


FORMULAS = st.recursive(leaves(), applications, max_leaves=8)


@given(FORMULAS)
@settings(max_examples=200, deadline=None)
def test_latex_of_any_formula_can_be_set(expr):
    """Brackets and braces match, and nothing is used that Matplotlib's mathematics doesn't know."""
    MathTextParser("path").parse(f"${latex(expr)}$")


# What is tested is the translation: values that hang on the last digits, as sin(1e9) and 1 / sin(pi) do, would differ
# without a mistake.
@given(FORMULAS, st.tuples(*[st.floats(0.1, 5)] * len(INPUTS)))
@settings(max_examples=150, deadline=None)
def test_sympy_gives_the_values_of_the_program(expr, values):
    program = Program(expr, INPUTS, FLOAT)
    sizes = [abs(Program(part, INPUTS, FLOAT).over(values)) for part in walk(expr)]
    assume(all(size == 0 or 1e-12 < size < 1e100 for size in sizes))
    nearby = [program.over([v * (1 + shift) for v in values]) for shift in (0, 1e-12, -1e-12)]
    assume(np.ptp(nearby) <= 1e-9 * abs(nearby[0]))
    translated = program.sympy()
    numeric = complex(sympy.lambdify(sympy.symbols([v.name for v in INPUTS], real=True), translated, "mpmath")(*values))
    assert numeric == pytest.approx(complex(nearby[0]), rel=1e-6, abs=1e-9)


def test_sympy_knows_exact_numbers_and_real_symbols():
    x = sympy.Symbol("x", real=True)
    assert Program(formula("mul(pi, sqrt(power(x, 2)))"), INPUTS, FLOAT).sympy() == sympy.pi * sympy.Abs(x)
    assert Program(formula("power(x, 1.5)"), INPUTS, FLOAT).sympy() == x ** sympy.Rational(3, 2)
    assert Program(formula("sinc(x)"), INPUTS, FLOAT).sympy() == sympy.sinc(x)


PLACES = [(1, 9.81), (2, 9.81), (0.5, 1.62), (3, 24.8), (1, 3.7)]
PENDULUM = [((L, g), 2 * math.pi * math.sqrt(L / g)) for L, g in PLACES]


def test_a_learned_law_is_written_as_an_equation():
    program = learn(PENDULUM, language="laws", names=["L", "g"], name="T").program
    assert program.latex() == r"T = 2 \pi \sqrt{\frac{L}{g}}"
    assert program._repr_latex_() == r"$T = 2 \pi \sqrt{\frac{L}{g}}$"
    assert str(program.sympy()) == "2*pi*sqrt(L/g)"


def test_a_formula_takes_arrays():
    program = Program(formula("divide(x, y)"), INPUTS[:2], FLOAT)
    values = program(np.array([1.0, 2.0, 0.0]), 0.5)
    assert values.dtype == np.float64
    assert values.tolist() == [2.0, 4.0, 0.0]
    assert np.isinf(program.over([1, 0])) and np.isnan(program.over([0, 0]))
    assert Program(Literal(3.0, FLOAT), INPUTS[:1], FLOAT)(np.zeros((2, 2))).tolist() == [[3, 3], [3, 3]]
    assert np.isnan(Program(formula("divide(1, 0)"), INPUTS[:1], FLOAT)(np.zeros(2))).all()


def test_what_is_no_formula_is_refused():
    program = learn([([3, 1, 2], [1, 2, 3]), ([5, 4], [4, 5])], programs=3000).program
    for asked in (program.latex, program.sympy, lambda: program(np.zeros(3))):
        with pytest.raises(InputError, match=r"no formula.*print its `source`"):
            asked()
    assert program._repr_latex_() is None


def test_without_sympy_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(InputError, match=r"pip install 'extrapolate\[sympy\]'"):
        Program(INPUTS[0], INPUTS, FLOAT).sympy()
