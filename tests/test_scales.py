"""Numbers on another scale, portions of outputs, and examples that look like slips."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrapolate import learn
from extrapolate.core.expression import Var, evaluator
from extrapolate.core.task import Row
from extrapolate.core.types import DECIMAL
from extrapolate.kinds.text import Text
from extrapolate.languages.portions import portions
from extrapolate.languages.scales import Line, on_scale, scaled

X = Var("x", DECIMAL)


def texts(scale, numbers):
    run = evaluator(on_scale(X, *scale))
    return [run({"x": number}) for number in numbers]


@given(
    st.lists(st.integers(1, 400), min_size=3, max_size=5, unique=True),
    st.sampled_from(["0.5", "2.54", "12", "1000", "0.01", "1.8"]),
    st.integers(0, 2),
)
def test_a_factor_found_writes_what_was_wanted(numbers, factor, decimals):
    """The slow reference multiplies and rounds; what is found gives the same on every row it was found from."""
    values = [Decimal(n) for n in numbers]
    step = Decimal(1).scaleb(-decimals)
    wanted = [str((v * Decimal(factor)).quantize(step, ROUND_HALF_UP)) for v in values]
    for scale in scaled(values, wanted, []):
        if not scale.line.divisor and scale.style != "shortest":
            assert texts(scale, values) == wanted


@pytest.mark.parametrize(
    ("numbers", "wanted", "line"),
    [
        (["2", "5"], ["24", "60"], Line(factor=Decimal("12"))),
        (["500", "1250"], ["0.5", "1.25"], Line(divisor=Decimal("1000"))),
        (["20", "100", "0"], ["68", "212", "32"], Line(factor=Decimal("1.8"), offset=Decimal("32"))),
        (["68", "212", "32"], ["20", "100", "0"], Line(Decimal("-32"), Decimal("5"), Decimal("9"))),
        (["7", "19"], ["12", "24"], Line(offset=Decimal("5"))),
        (["12.345", "7.1"], ["12.35", "7.10"], Line()),
    ],
)
def test_the_constants_of_fewest_digits_are_meant(numbers, wanted, line):
    assert next(scaled([Decimal(n) for n in numbers], wanted, [])).line == line


def test_rows_that_hardly_differ_vouch_for_no_constant():
    """Three years out of numbers of eight digits: any divisor near 10,000 would do."""
    numbers = [Decimal("20191001"), Decimal("20190930"), Decimal("20201224")]
    assert list(scaled(numbers, ["2020", "2019", "2021"], [])) == []


@pytest.mark.parametrize("wanted", [["07", "12"], ["1.234", "x"], ["5", "5"], ["1,5", "2,5"]])
def test_what_is_no_plain_number_is_on_no_scale(wanted):
    assert list(scaled([Decimal(1), Decimal(2)], wanted, [])) == []


@pytest.mark.parametrize(
    ("examples", "more"),
    [
        ([("2 feet", "24 inches"), ("5 feet", "60 inches")], ("7.5 feet", "90.0 inches")),
        ([("20 C", "68 F"), ("100 C", "212 F"), ("0 C", "32 F")], ("37 C", "99 F")),
        ([("68 F", "20 C"), ("212 F", "100 C"), ("32 F", "0 C")], ("99 F", "37 C")),
        ([("500 g", "0.5 kg"), ("1250 g", "1.25 kg")], ("70 g", "0.07 kg")),
        ([("10 miles", "16.1 km"), ("26.2 miles", "42.2 km")], ("100 miles", "160.9 km")),
        ([(("3", "1.50"), "3 x 1.50 = 4.50"), (("2", "4.25"), "2 x 4.25 = 8.50")], (("4", "0.35"), "4 x 0.35 = 1.40")),
        ([("5'7\"", "67 in"), ("6'0\"", "72 in")], ("4'9\"", "57 in")),
        ([("12 lb 3 oz", "195"), ("1 lb 15 oz", "31")], ("2 lb 2 oz", "34")),
    ],
)
def test_numbers_in_texts_are_reckoned(examples, more):
    result = learn(examples, language="text")
    given, wanted = more
    assert result.program(*given if isinstance(given, tuple) else (given,)) == wanted


def test_a_word_of_the_output_is_looked_up():
    rows = [(("Ann", "Lee", "F"), "Ms Lee"), (("Bo", "Fox", "M"), "Mr Fox"), (("Cy", "Berg", "M"), None)]
    assert learn([*rows, (("Di", "Moon", "F"), None)]).program("Di", "Moon", "F") == "Ms Moon"


def test_portions_are_what_is_not_copied():
    rows = [Row(("2 feet", "Ann"), "24 inches, Ann", 1), Row(("5 feet", "Bo"), "60 inches, Bo", 2)]
    assert list(portions(rows)) == [["24", "60"]]


SURNAMES = [("Ada Lovelace", "Lovelace"), ("Alan Turing", "Turing"), ("Emmy Noether", "Noether")]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [(("Grace Hopper", "Hoper"), "Hopper"), (("Grace Hopper", "Hopper "), "Hopper"), (("Niels Bohr", "bohr"), "Bohr")],
)
def test_a_slip_is_named_and_asked_about(slip, meant):
    result = learn([*SURNAMES, slip, ("Paul Dirac", None)], programs=300_000)
    assert result.slip is not None
    assert result.slip.row.number == 4
    assert result.slip.answer == meant
    assert result.slip.sentence in result.notes
    assert any("Dirac" in q.answers for q in result.questions)


def test_what_follows_a_rule_is_no_slip():
    result = learn([*SURNAMES, ("Ludwig van Beethoven", "van Beethoven"), ("Paul Dirac", None)])
    assert result.slip is None


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("Hopper", "Hoper", True),
        ("Hopper", " hopper", True),
        ("2019", "2091", False),
        ("cat", "car", False),
        ("Lovelace", "Turing", False),
    ],
)
def test_texts_are_near_when_a_letter_or_two_differ(a, b, near):
    assert Text().is_near(a, b, Text().type_of(a)) is near
