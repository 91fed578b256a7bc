"""Options of a read: file layout, dates, limits, and the radius for each class of place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd

from geoconflict.errors import InputError, did_you_mean
from geoconflict.incidents.source import Source, Sources
from geoconflict.io.open import Limits
from geoconflict.units import parse_metres
from geoconflict.vocabulary import PlacePrecision


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


OnError = Literal["set_aside", "raise", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Options of a read; each is told from the content, or has a safe value, if it is not given.

    Attributes
    ----------
    encoding : str, optional
        Such as ``cp1251``.
    delimiter : str, optional
    sheet : str, optional
        Sheet of a workbook, or layer of a GeoPackage; the first if not given.
    member : str, optional
        File inside a ZIP archive.
    date_order : {"dmy", "mdy"}, optional
        What 03/04/2025 means.
    first_year, last_year : int
        A date outside is not believed.
    precision : PrecisionTable
        From classes of place to metres.
    limits : Limits
    countries : GeoDataFrame, optional
        A table of COUNTRIES; points are checked against the outline of the named country. Without
        it they are checked against its box, which a degree is added to.
    sources : Sources, optional
        What can be recognised; the sources of this package if not given.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    member: str | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    first_year: int = 1900
    last_year: int = 2100
    precision: PrecisionTable = PRECISION
    limits: Limits = field(default_factory=Limits)
    countries: gpd.GeoDataFrame | None = None
    sources: Sources | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What one read is asked to do, with all that was left open filled in.

    Attributes
    ----------
    name : str
        How errors and reports call the file.
    source : str, Source, mapping or None
    country : str or None
    on_error : str
    crs : str or None
    options : ReadOptions
    sources : Sources
    """

    name: str
    source: str | Source | Mapping[str, str] | None
    country: str | None
    on_error: OnError
    crs: str | None
    options: ReadOptions
    sources: Sources

    @property
    def keep(self) -> bool:
        """Whether what is only doubtful is used."""
        return self.on_error == "keep"
