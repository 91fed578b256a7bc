"""From the class of a place to the radius that is drawn round its point.

No source publishes a radius for its classes, apart from the few cited in the source files. The
radii here are a choice, made so that the true place lies inside for about nine events in ten,
and can be changed: ``read_incidents(path, options=ReadOptions(precision=PRECISION.replace(…)))``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geoconflict.errors import InputError, did_you_mean
from geoconflict.units import parse_metres
from geoconflict.vocabulary import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Mapping


def _default_classes() -> dict[str, float]:
    return {
        PlacePrecision.EXACT: 100.0,
        PlacePrecision.LOCALITY: 5_000.0,
        PlacePrecision.NEAR: 25_000.0,
        PlacePrecision.DISTRICT: 40_000.0,
        PlacePrecision.REGION: 100_000.0,
        PlacePrecision.COUNTRY: 500_000.0,
        PlacePrecision.OFFSHORE: 200_000.0,
    }


@dataclass(frozen=True, slots=True)
class PrecisionTable:
    """How large the circle is for each class of place, in metres.

    Attributes
    ----------
    classes : mapping of str to float
        A word of ``PlacePrecision`` → radius. A class that is absent has no radius (NaN).
    codes : mapping of (str, str) to float
        ``(data set, its own code)`` → radius; goes before the class and before what the source
        file says.

    Examples
    --------
    >>> table = PrecisionTable().replace({"locality": "2 km", ("acled", "2"): "30 km"})
    >>> table.classes["locality"], table.codes[("acled", "2")]
    (2000.0, 30000.0)
    """

    classes: Mapping[str, float] = field(default_factory=_default_classes)
    codes: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def replace(self, radii: Mapping[str | tuple[str, str], str | float]) -> PrecisionTable:
        """Return a table with some radii changed.

        Parameters
        ----------
        radii : mapping
            From a class, or a pair of data set and code, to a length with its unit ("5 km") or metres.

        Raises
        ------
        InputError
            If a class is not known.
        UnitError
            If a length cannot be read.
        """
        classes, codes = dict(self.classes), dict(self.codes)
        known = [member.value for member in PlacePrecision]
        for key, value in radii.items():
            radius = float(value) if isinstance(value, (int, float)) else parse_metres(value)
            if isinstance(key, tuple):
                codes[key] = radius
            elif key in known:
                classes[key] = radius
            else:
                msg = f"{key!r} is no class of place; {did_you_mean(key, known) or 'one of ' + ', '.join(known)}"
                raise InputError(msg)
        return PrecisionTable(classes, codes)

    def radius_m(self, dataset: str, code: str, word: str, *, source_radii: Mapping[str, float]) -> float:
        """Return the radius for one code of one data set.

        Parameters
        ----------
        dataset, code : str
        word : str
            The class.
        source_radii : mapping of str to float
            Radii that the source itself publishes for its codes.

        Examples
        --------
        >>> PrecisionTable().radius_m("atlos", "Vicinity", "exact", source_radii={"vicinity": 100.0})
        100.0
        """
        for found in (self.codes.get((dataset, code)), source_radii.get(code.casefold()), self.classes.get(word)):
            if found is not None:
                return float(found)
        return float("nan")


PRECISION = PrecisionTable()
