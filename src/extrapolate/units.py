"""Units of measurement: what a column is measured in, and its dimension. Pint reads them.

>>> speed = parse_unit("km/h")
>>> speed.factor == 1 / 3.6, speed.dimension
(True, {'length': Fraction(1, 1), 'time': Fraction(-1, 1)})
>>> split_header("period [yr]")
('period', 'yr')
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from extrapolate.errors import InputError

if TYPE_CHECKING:
    import pint

_HEADER = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]\s*")
# How a column says that it has no unit.
WITHOUT = ("", "1", "-", "dimensionless", "none")
# What people write and pint reads otherwise: to it, AU is a unit of absorbance.
SPELLINGS = {"AU": "au"}
_EXPONENT = re.compile(r"(?<=[A-Za-z])([-+]?\d+)\b")
_NAME = re.compile(r"[A-Za-z]+")
FINEST_POWER = 60


@dataclass(frozen=True)
class Unit:
    """`factor` is what one of it is in SI base units; `dimension` maps base dimensions to their powers."""

    text: str
    factor: float
    dimension: Mapping[str, Fraction]

    def __str__(self) -> str:
        return self.text or "1"


NO_UNIT = Unit("", 1.0, {})


def split_header(header: str) -> tuple[str, str | None]:
    """The name and the unit in a header such as `mass [kg]`; the unit is None where there is none."""
    found = _HEADER.fullmatch(header)
    return (found[1].strip(), found[2].strip()) if found else (header.strip(), None)


@cache
def registry() -> pint.UnitRegistry[float]:
    import pint

    return pint.UnitRegistry()


@cache
def parse_unit(text: str) -> Unit:
    """The unit a text stands for; InputError when it is none."""
    import pint

    text = text.strip()
    if text.lower() in WITHOUT:
        return NO_UNIT
    try:
        quantity = registry().parse_expression(_NAME.sub(_spelling, _EXPONENT.sub(r"^\1", text)))
        if not hasattr(quantity, "to_base_units"):  # a bare number
            return Unit(text, float(quantity), {})
        base = quantity.to_base_units()
        factor, powers = float(base.magnitude), dict(base.dimensionality)
    except pint.errors.OffsetUnitCalculusError:
        raise InputError(
            f"the unit {text!r} has a zero of its own; convert the column, as to K, and say that."
        ) from None
    except (pint.errors.UndefinedUnitError, pint.errors.DefinitionSyntaxError) as error:
        raise InputError(f"{text!r} is not a unit: {_reason(error)}; write it as in kg, m/s^2 or km/h.") from None
    except Exception as error:
        raise InputError(
            f"{text!r} is not a unit ({type(error).__name__}); write it as in kg, m/s^2 or km/h."
        ) from None
    dimension = {
        name.strip("[]"): Fraction(str(p)).limit_denominator(FINEST_POWER) for name, p in sorted(powers.items())
    }
    return Unit(text, factor, {name: p for name, p in dimension.items() if p})


def _spelling(name: re.Match[str]) -> str:
    return SPELLINGS.get(name[0], name[0])


def _reason(error: Any) -> str:
    return str(error).rstrip(".")


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
