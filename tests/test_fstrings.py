"""Sums of texts as f-strings: golden rows, each of which also means the same."""

import ast
import datetime

import pytest

from extrapolate.core.tidy import tidy, written

ROWS = [
    ("s[0] + '.'", "f'{s[0]}.'"),
    ("'Dr. ' + s", "f'Dr. {s}'"),
    ("s + t", "s + t"),
    ("'a' + 'b' + s", "f'ab{s}'"),
    ("str(n) + ' of ' + str(m)", "f'{n} of {m}'"),
    ("format(x, '.2f') + ' kg'", "f'{x:.2f} kg'"),
    ("d.strftime('%Y') + '-' + d.strftime('%m')", "f'{d:%Y-%m}'"),
    ("d.strftime('%H') + d.strftime('%M') + '!'", "f'{d:%H%M}!'"),
    ("d.strftime('%H') + ' to ' + d.strftime('%M')", "f'{d:%H} to {d:%M}'"),
    ("s.split(',')[0] + ', ' + t", "f\"{s.split(',')[0]}, {t}\""),
    ("'{' + s + '}'", "f'{{{s}}}'"),
    ("('a' if n else 'b') + 'c'", "f\"{('a' if n else 'b')}c\""),
    ("[1] + [n]", "[1] + [n]"),
    ("n + 1", "n + 1"),
    ("s.split('\\n')[0] + '.'", "s.split('\\n')[0] + '.'"),
]
VALUES = {"s": "one, two\nthree", "t": "zz", "n": 3, "m": 4, "x": 2.5, "d": datetime.datetime(2024, 1, 31, 5, 7)}


@pytest.mark.parametrize(("plain", "printed"), ROWS)
def test_a_sum_is_printed_as_a_person_writes_it(plain, printed):
    import ast

    tidied = ast.unparse(tidy(ast.parse(plain, mode="eval").body))
    assert tidied == printed
    assert eval(tidied, dict(VALUES)) == eval(plain, dict(VALUES))


def test_what_no_f_string_can_hold_is_a_sum():
    part = ast.FormattedValue(ast.parse(r"re.sub(r'\d', '', s)", mode="eval").body, -1, None)
    day = ast.FormattedValue(ast.Name("d"), -1, ast.JoinedStr([ast.Constant("%d")]))
    line = ast.Return(ast.JoinedStr([ast.Constant("a "), part, day]))
    printed = written(line)
    ast.parse(printed)
    assert printed == r"return 'a ' + str(re.sub(r'\d', '', s)) + format(d, '%d')" or "{re.sub" in printed
