"""Units and physical constants: what is read, what is refused, and what a task does with them."""

import math
from fractions import Fraction

import pytest

from extrapolate.core.errors import InputError
from extrapolate.core.task import Row, Task
from extrapolate.core.units import SYMBOLS, find_constant, has_unit, header_named, parse_unit, split_header
from extrapolate.read.examples import read_task
from extrapolate.read.units import read_units


@pytest.mark.parametrize(
    ("text", "factor", "dimension"),
    [
        ("m", 1, {"length": 1}),
        ("km/h", 1 / 3.6, {"length": 1, "time": -1}),
        ("kg m2 s-2", 1, {"mass": 1, "length": 2, "time": -2}),
        ("AU^3/yr^2", 3.3617723585e18, {"length": 3, "time": -2}),
        ("kg^(1/2)", 1, {"mass": Fraction(1, 2)}),
        ("1e-6 m", 1e-6, {"length": 1}),
        ("µm", 1e-6, {"length": 1}),
        ("rad", 1, {}),
        ("%", 0.01, {}),
        ("", 1, {}),
        ("1", 1, {}),
    ],
)
def test_a_unit_is_a_factor_and_a_dimension(text, factor, dimension):
    unit = parse_unit(text)
    assert math.isclose(unit.factor, factor, rel_tol=1e-9)
    assert unit.dimension == dimension


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mettre", "'mettre' is not a unit; write units as in kg, m/s^2 or km/h."),
        ("m/sq", "as no unit is called sq"),
        ("m/", "'m/' is not a unit"),
        ("m^^2", "'m^^2' is not a unit"),
        ("2024", "'2024' is a number and not a unit"),
        ("1e-3", "is a number and not a unit"),
        ("0 m", "is 0 in SI units"),
        ("1e400 m", "is inf in SI units"),
    ],
)
def test_what_is_no_unit_is_refused_with_a_sentence(text, says):
    with pytest.raises(InputError) as error:
        parse_unit(text)
    assert says in str(error.value)


@pytest.mark.parametrize(("text", "offset"), [("degC", 273.15), ("°C", 273.15), ("degF", 459.67 * 5 / 9), ("K", 0)])
def test_the_zero_of_a_temperature_is_kept(text, offset):
    assert parse_unit(text).offset == pytest.approx(offset)


def test_units_that_are_written_out_may_begin_with_a_capital():
    assert parse_unit("Angstrom") == parse_unit("angstrom")
    assert parse_unit("Newton/Meter").dimension == parse_unit("N/m").dimension
    with pytest.raises(InputError, match="'Angstrum' is not a unit"):
        parse_unit("Angstrum")


@pytest.mark.parametrize("text", ["dB", "pH", "a.u.", "EUR", "€", "OD"])
def test_what_is_no_multiple_of_other_units_is_a_label_with_a_dimension_of_its_own(text):
    assert len(parse_unit(text).dimension) == 1 and parse_unit(text).factor == 1


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("period [yr]", ("period", "yr")),
        (" mean period [ km/h ] ", ("mean period", "km/h")),
        ("n", ("n", None)),
        ("[m]", ("[m]", None)),
        ("x[0] [m]", ("x[0]", "m")),
        ("rate []", ("rate", "")),
    ],
)
def test_headers_have_a_name_and_perhaps_a_unit(header, parts):
    assert split_header(header) == parts


def test_a_header_is_found_by_its_name_where_only_one_has_it():
    headers = ["period [yr]", "axis [AU]", "L [m]", "L [cm]", "L"]
    assert [header_named(n, headers) for n in ("period", "axis [AU]", "L", "T")] == [
        "period [yr]",
        "axis [AU]",
        "L",
        None,
    ]
    assert header_named("L", headers[:4]) is None


def test_years_and_notes_in_brackets_are_no_units():
    assert [has_unit(h) for h in ("period [yr]", "n [1]", "scores [2024]", "city [see below]", "n")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_constant_is_in_the_table_with_a_unit_that_is_read(symbol):
    constant = find_constant(symbol)
    assert constant.name == symbol and 0 < constant.value < math.inf


@pytest.mark.parametrize(
    ("name", "symbol", "value"),
    [
        ("G", "G", 6.6743e-11),
        ("kB", "k_B", 1.380649e-23),
        ("k", "k_B", 1.380649e-23),
        ("Planck constant", "h", 6.62607015e-34),
        ("eps0", "epsilon_0", 8.8541878e-12),
        ("g", "g", 9.80665),
    ],
)
def test_constants_have_symbols_and_names(name, symbol, value):
    constant = find_constant(name)
    assert constant.name == symbol and math.isclose(constant.value, value, rel_tol=1e-4)


def test_an_unknown_constant_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"'hbr' is not a physical constant .*did you mean 'hbar'\?"):
        find_constant("hbr")


def table(*headers, target="T"):
    rows = [Row(tuple(float(i + j) for j in range(len(headers))), float(i * i), i) for i in range(1, 7)]
    return Task.from_rows(rows, names=headers, output_name=target, name=target)


def test_a_task_takes_the_units_of_its_headers():
    task = table("L [m]", "g [m/s^2]", target="T [s]").with_units()
    assert (task.columns, task.target, task.units) == (("L", "g"), "T", ("m", "m/s^2", "s"))
    assert ([v.name for v in task.inputs], task.name) == (["L", "g"], "T")


def test_units_that_are_given_outrank_headers_and_none_leave_them_out():
    task = table("L [m]", "n", target="T [s]")
    assert task.with_units({"L": "cm"}).units == ("cm", "", "s")
    assert task.with_units({"L [m]": "cm", "T": "h"}).units == ("cm", "", "h")
    assert task.with_units({}).units == () and task.with_units({}).columns == ("L", "n")
    assert table("L", "n").with_units().units == ()


def test_units_are_given_by_the_name_of_a_column_or_an_input():
    task = table("Arm length", "g").with_units({"arm_length": "m", "g": "m/s^2", "T": "s"})
    assert task.units == ("m", "m/s^2", "s")


@pytest.mark.parametrize(
    ("headers", "units", "says"),
    [
        (("L [m]", "L [cm]"), None, "the columns L [m] and L [cm] are both named 'L'"),
        (("length", "g"), {"lenght": "m"}, "a unit was given for 'lenght', which is no column; did you mean 'length'?"),
        (("L", "g"), {"L": "mettre"}, "the unit of L: 'mettre' is not a unit"),
        (("L [2024]", "g"), None, "the unit of L: '2024' is a number and not a unit"),
        (("L", "g"), {"L": 3}, "3 is no text"),
    ],
)
def test_units_that_fit_no_column_are_refused(headers, units, says):
    with pytest.raises(InputError) as error:
        table(*headers).with_units(units)
    assert says in str(error.value)


def test_unreadable_headers_are_no_matter_without_units():
    assert table("L [2024]", "g [see text]").with_units({}).columns == ("L", "g")


@pytest.mark.parametrize("errors", [{}, {1: 0.0}, {1: -1}, {1: math.nan}, {1: "much"}])
def test_standard_errors_are_above_zero_in_every_row(errors):
    with pytest.raises(InputError, match=r"row [12]: the standard error is .*; give a number above 0"):
        table("L").with_errors(errors)


def test_a_column_of_errors_is_no_input_and_is_brought_to_the_unit_of_the_target(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("L [m],T [s],dT [ms]\n" + "".join(f"{i}.5,{i}.25,{100 * i}\n" for i in range(1, 7)))
    task = read_task(str(path), "T", errors="dT").task
    assert [v.name for v in task.inputs] == ["l_m"]
    assert task.errors[2] == pytest.approx(0.1)
    path.write_text("L [m],T [s],dT [kg]\n1.5,2.5,1\n")
    with pytest.raises(InputError, match=r"the errors dT \[kg\] are in kg and T \[s\] is in s"):
        read_task(str(path), "T", errors="dT")


def test_units_in_an_option():
    assert read_units("L=m, g = m/s^2,n=") == {"L": "m", "g": "m/s^2", "n": ""}
    for text, says in [("L", "give each column its unit"), ("L=m,L=cm", "gives 'L' two units")]:
        with pytest.raises(InputError, match=says):
            read_units(text)
