"""Units in an option of the command line.

>>> read_units("L=m, g=m/s^2")
{'L': 'm', 'g': 'm/s^2'}
"""

from __future__ import annotations

from extrapolate.core.errors import InputError


def read_units(text: str) -> dict[str, str]:
    """The units by the name of their column; InputError for a part that is not `name=unit`, and for a name twice."""
    units: dict[str, str] = {}
    for part in filter(str.strip, text.split(",")):
        name, equals, unit = (p.strip() for p in part.partition("="))
        if not (name and equals):
            raise InputError(f"--units holds {part.strip()!r}; give each column its unit, as in: L=m,g=m/s^2")
        if name in units:
            raise InputError(f"--units gives {name!r} two units, {units[name]!r} and {unit!r}; give it one.")
        units[name] = unit
    return units
