"""Units of measurement: what a column is measured in, and its dimension. Pint reads them; constants are CODATA's.

>>> speed = parse_unit("km/h")
>>> speed.factor == 1 / 3.6, speed.dimension
(True, {'length': Fraction(1, 1), 'time': Fraction(-1, 1)})
>>> split_header("period [yr]")
('period', 'yr')
>>> find_constant("c").value
299792458.0
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from extrapolate.core.errors import InputError
from extrapolate.core.hints import did_you_mean

if TYPE_CHECKING:
    import pint

_HEADER = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]\s*")
# How a column says that it has no unit.
WITHOUT = ("", "1", "-", "dimensionless", "none")
# What people write and pint reads otherwise: to it, AU is a unit of absorbance.
SPELLINGS = {"AU": "au", "gpm": "(gallon/minute)", "cpm": "(count/minute)", "cps": "(count/second)"}
# What is counted in nothing else: currencies, and what some instrument shows. Each is a dimension of its own.
CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
LABELS = ("EUR", "USD", "GBP", "JPY", "CHF", "OD", "RFU", "mag")
# Those that pint reads as something else, with all that no multiple of a unit is, as dB.
SCALES = ("pH", "a.u.", "arb. units", "arb.u.")
# A number behind a name is an exponent, as in `m2`, unless both are one number, as in `1e-6`.
_EXPONENT = re.compile(r"(?<![\d.][eE])(?<=[A-Za-z])([-+]?\d+)\b")
_NUMBER = re.compile(r"[-+*/^()\d\s.]*([eE][-+]?\d+)?")
# Units of that length are written out, and mean the same with a capital.
_CAPITALIZED = re.compile(r"\b[A-Z][a-z]{2,}")
_CURRENCY = re.compile("[€$£¥]")
_NAME = re.compile(r"[A-Za-z]+")
FINEST_POWER = 60
# Physical constants by their usual symbols, with the names they have in CODATA's table.
SYMBOLS = {
    "c": "speed of light in vacuum",
    "G": "Newtonian constant of gravitation",
    "h": "Planck constant",
    "hbar": "reduced Planck constant",
    "k_B": "Boltzmann constant",
    "e": "elementary charge",
    "epsilon_0": "vacuum electric permittivity",
    "mu_0": "vacuum mag. permeability",
    "N_A": "Avogadro constant",
    "R": "molar gas constant",
    "F": "Faraday constant",
    "sigma": "Stefan-Boltzmann constant",
    "b": "Wien wavelength displacement law constant",
    "m_e": "electron mass",
    "m_p": "proton mass",
    "m_n": "neutron mass",
    "m_u": "atomic mass constant",
    "a_0": "Bohr radius",
    "R_inf": "Rydberg constant",
    "alpha": "fine-structure constant",
    "mu_B": "Bohr magneton",
    "Phi_0": "mag. flux quantum",
    "g": "standard acceleration of gravity",
    "atm": "standard atmosphere",
}
ALIASES = {"k": "k_B", "ħ": "hbar", "ε0": "epsilon_0", "eps0": "epsilon_0", "μ0": "mu_0", "σ": "sigma", "u": "m_u"}


@dataclass(frozen=True)
class Unit:
    """`factor` is what one of it is in SI base units, and `offset` what its zero is there, as that of degC is 273.15 K;
    `dimension` maps base dimensions to their powers."""

    text: str
    factor: float
    dimension: Mapping[str, Fraction]
    offset: float = 0.0

    def __str__(self) -> str:
        return self.text or "1"


NO_UNIT = Unit("", 1.0, {})


def split_header(header: str) -> tuple[str, str | None]:
    """The name and the unit in a header such as `mass [kg]`; the unit is None where there is none."""
    found = _HEADER.fullmatch(header)
    return (found[1].strip(), found[2].strip()) if found else (header.strip(), None)


def header_named(name: str, headers: Iterable[str]) -> str | None:
    """The header that is a name, else the only one that is the name with a unit; None where there is none."""
    headers = list(headers)
    if name in headers:
        return name
    with_unit = [h for h in headers if split_header(h)[0] == name]
    return with_unit[0] if len(with_unit) == 1 else None


def has_unit(header: str) -> bool:
    """Whether a header names a unit, as `period [yr]` does and `scores [2024]` does not."""
    _, text = split_header(header)
    try:
        return text is not None and (text == "1" or bool(parse_unit(text).text))
    except InputError:
        return False


@cache
def registry() -> pint.UnitRegistry[float]:
    import pint

    found: pint.UnitRegistry[float] = pint.UnitRegistry()
    found.formatter.default_sort_func = None  # km/s/Mpc, and not km/Mpc/s
    for label in LABELS:
        found.define(f"{label} = [{label}]")
    return found


@cache
def parse_unit(text: str) -> Unit:
    """The unit a text stands for; InputError when it is none. What is no multiple of SI's units and has no zero there,
    as dB and pH, is a label, of a dimension of its own."""
    import pint

    text = text.strip()
    if text.lower() in WITHOUT:
        return NO_UNIT
    if text in SCALES:
        return label(text)
    if _NUMBER.fullmatch(text):
        raise InputError(f"{text!r} is a number and not a unit; write units as in kg, m/s^2 or km/h.")
    try:
        quantity = quantity_of(spelled(text))
        factor, offset = scale_of(quantity)
        powers: dict[str, Any] = dict(quantity.dimensionality)
        if math.isnan(factor):
            return label(text)
        if not (0 < factor < math.inf):
            raise InputError(f"one of the unit {text!r} is {factor:g} in SI units; write it as in kg, m/s^2 or km/h.")
    except InputError:
        raise
    except pint.errors.UndefinedUnitError as error:
        plain = _CAPITALIZED.sub(lambda word: word[0].lower(), text)
        if plain != text:
            with suppress(InputError):
                return parse_unit(plain)
        names = ", ".join(error.unit_names)
        why = "" if names == text else f", as no unit is called {names}"
        raise InputError(f"{text!r} is not a unit{why}; write units as in kg, m/s^2 or km/h.") from None
    except Exception:  # pint raises what its tokenizer and its arithmetic raise
        raise InputError(f"{text!r} is not a unit; write units as in kg, m/s^2 or km/h.") from None
    dimension = {
        name.strip("[]"): Fraction(str(p)).limit_denominator(FINEST_POWER) for name, p in sorted(powers.items())
    }
    return Unit(text, factor, {name: p for name, p in dimension.items() if p}, offset)


def quantity_of(text: str) -> Any:
    """One of a unit, or so many, as in `100 km`; degrees in a product are differences of temperature."""
    try:
        return registry().Quantity(1, registry().parse_units(text))
    except ValueError:
        return registry().parse_expression(text)


def unit_text(powers: Mapping[str, float]) -> str:
    """The product of powers of units as it is written in a header, "" where nothing is left of it.

    >>> unit_text({"km/s": 1, "Mpc": -1}), unit_text({"yr": 1, "AU^3/yr^2": 0.5, "AU": -1.5})
    ('km/s/Mpc', '')
    """
    if not powers:
        return ""
    if len(powers) == 1 and 1 in powers.values():
        return next(iter(powers))
    try:
        units = [registry().parse_units(spelled(text)) ** power for text, power in powers.items()]
        return f"{math.prod(units, start=registry().dimensionless):~C}".replace("dimensionless", "")
    except Exception:  # a label that pint does not know
        return " ".join(text if power == 1 else f"({text})^{power:g}" for text, power in powers.items())


def spelled(text: str) -> str:
    """A unit as pint reads it."""
    return _NAME.sub(_spelling, _EXPONENT.sub(r"^\1", _CURRENCY.sub(_currency, text)))


def scale_of(quantity: Any) -> tuple[float, float]:
    """What one of a unit is in SI base units and what its zero is there; NaN for a unit that is not linear in them."""
    size = float(quantity.magnitude)
    if not math.isfinite(size):
        return size, 0.0
    zero, one, two = (registry().Quantity(n * size, quantity.units).to_base_units().magnitude for n in (0, 1, 2))
    if not math.isclose(two - zero, 2 * (one - zero), rel_tol=1e-9):
        return math.nan, 0.0
    return float(one - zero), float(zero)


def label(text: str) -> Unit:
    return Unit(text, 1.0, {text: Fraction(1)})


def _currency(sign: re.Match[str]) -> str:
    return CURRENCIES[sign[0]]


def _spelling(name: re.Match[str]) -> str:
    return SPELLINGS.get(name[0], name[0])


def dimension_matrix(units: Sequence[Unit]) -> tuple[list[str], list[list[Fraction]]]:
    """The base dimensions that some units have, and the powers of each unit, `(n_units, n_dimensions)`."""
    names = sorted({name for unit in units for name in unit.dimension})
    return names, [[unit.dimension.get(name, Fraction(0)) for name in names] for unit in units]


@dataclass(frozen=True)
class Constant:
    """A physical constant by its name: its value in SI base units, and its unit."""

    name: str
    value: float
    unit: Unit


@cache
def find_constant(name: str) -> Constant:
    """The physical constant with a symbol such as `k_B`, or with CODATA's name; InputError suggests the nearest."""
    from scipy.constants import physical_constants  # when it is asked for: SciPy takes its time to load

    plain = {_plain(known): symbol for symbol, full in SYMBOLS.items() for known in (symbol, full)}
    symbol = name if name in SYMBOLS else ALIASES.get(name) or plain.get(_plain(name))
    if symbol is None:
        hint = did_you_mean(name, SYMBOLS, "constants")
        raise InputError(f"{name!r} is not a physical constant that is known by name; {hint}")
    value, text, _ = physical_constants[SYMBOLS[symbol]]
    unit = parse_unit(text)
    return Constant(symbol, float(value) * unit.factor, unit)


def _plain(name: str) -> str:
    """The name without what is written in several ways: `kB` is `k_B`, `planck constant` is `Planck constant`."""
    return re.sub(r"[\W_]", "", name).lower() if len(name) > 1 else name
