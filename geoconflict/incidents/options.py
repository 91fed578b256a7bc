"""Options for reading incidents: layout, dates, limits, and the radius for each precision of a place.

Apart from the few cited in the source files, no source publishes radii for its precision codes. The
radii here were chosen so that about nine of ten events lie inside; ``PRECISION.replace`` changes them.
"""

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
    """Radius of the circle of uncertainty for each precision class, in metres.

    Attributes
    ----------
    classes : mapping of str to float
        A value of ``PlacePrecision`` → radius. Other classes have no radius (NaN).
    codes : mapping of (str, str) to float
        ``(data set, code)`` → radius; takes precedence over the class and the source file.

    Examples
    --------
    >>> table = PrecisionTable().replace({"locality": "2 km", ("acled", "2"): "30 km"})
    >>> table.classes["locality"], table.codes[("acled", "2")]
    (2000.0, 30000.0)
    """

    classes: Mapping[str, float] = field(default_factory=_default_classes)
    codes: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def replace(self, radii: Mapping[str | tuple[str, str], str | float]) -> PrecisionTable:
        """Return a copy with some radii changed.

        Parameters
        ----------
        radii : mapping
            A class, or a pair of data set and code → a length with a unit ("5 km") or metres.

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
                msg = f"{key!r} is not a precision class; {did_you_mean(key, known) or 'one of ' + ', '.join(known)}"
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
            Radii that the source publishes for its codes.

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
    """Options for reading incidents; most are detected from the content if not given.

    Attributes
    ----------
    encoding : str, optional
        Such as ``cp1251``.
    delimiter : str, optional
    sheet : str, optional
        Sheet of a workbook, or layer of a GeoPackage; the first by default.
    member : str, optional
        File inside a ZIP archive.
    date_order : {"dmy", "mdy"}, optional
        Order of day and month in dates such as 03/04/2025.
    first_year, last_year : int
        Dates outside these years are rejected.
    precision : PrecisionTable
        Radius for each precision class.
    limits : Limits
    countries : GeoDataFrame, optional
        A table of COUNTRIES; points are checked against the outline of the country that the row
        names. Without it they are checked against the bounding box, extended by one degree.
    sources : Sources, optional
        The sources to recognise; those of this package by default.
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
    """The arguments of one call, with the defaults filled in.

    Attributes
    ----------
    name : str
        Name of the file in errors and reports.
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
        """Whether doubtful rows are used."""
        return self.on_error == "keep"
