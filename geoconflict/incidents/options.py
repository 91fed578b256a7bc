"""What a caller can settle about a read, beyond the path and the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from geoconflict.incidents.precision import PRECISION, PrecisionTable
from geoconflict.io.opening import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geoconflict.incidents.source import Source, Sources

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
class Ask:
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
