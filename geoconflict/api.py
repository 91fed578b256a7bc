"""Calls that combine several rooms: what an analyst writes in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike

import geopandas as gpd
import pandas as pd

from geoconflict import analysis, coordinates, fortifications, names, reference
from geoconflict.errors import InputError, did_you_mean

# Fortifications follow the border on land: stretches across the sea are left out.
_ON_LAND = ("land", "river", "lake")


def bands(
    line: gpd.GeoDataFrame,
    edges: Sequence[str | float],
    *,
    side: str | Sequence[str] | gpd.GeoDataFrame,
    tol: float = 1e-4,
) -> gpd.GeoDataFrame:
    """Return bands by distance from a border or another line, on one side of it or on several.

    A country is drawn by the worldview and at the resolution of the border, so that its
    outline and the border are the same line.

    Parameters
    ----------
    line : GeoDataFrame
        A table of BORDERS, as from ``border``, or any other table of lines.
    edges : sequence of str or float
        At least two increasing lengths: ``["0 mi", "3 mi", "30 mi"]``, or metres.
    side : str, sequence of str or GeoDataFrame
        Where the bands lie: a country that shares the border (name in English or ISO 3166
        code), several of them, ``"both"`` for all that share it, or a table of areas, which
        any other line needs.
    tol : float
        Largest relative error of the distances.

    Returns
    -------
    GeoDataFrame
        A table of ZONES, side by side and the nearest band first. Bands in a country also
        have ``share_of_country``, their share of its land area.

    Raises
    ------
    InputError
        If the side does not share the border, or a band would be empty.
    NameUnknownError, UnitError, CRSError

    Examples
    --------
    >>> import geoconflict as gc
    >>> line = gc.border("Lithuania", "Poland")
    >>> gc.bands(line, ["0 km", "5 km", "20 km"], side="Lithuania")["name"].tolist()
    ['0–5 km', '5–20 km']
    """
    if isinstance(side, gpd.GeoDataFrame):
        return analysis.bands_in_area(line, edges, side, tol=tol)
    parties = sorted({str(v) for c in ("country_a", "country_b") if c in line for v in line[c].dropna()})
    if not parties:
        msg = (
            "the line has no columns country_a and country_b, so its countries are unknown; "
            "give side= a table of areas, such as gc.country('Lithuania')"
        )
        raise InputError(msg)
    sides = [side] if isinstance(side, str) else list(side)
    if side == "both":
        sides = parties
    made = [_bands_in_country(line, edges, name, parties, tol) for name in sides]
    if len(made) == 1:
        return made[0]
    for zones in made:
        zones["zone_id"] = [f"{zone}-{zones['country'].iloc[0]}".replace(" ", "-") for zone in zones["zone_id"]]
    return gpd.GeoDataFrame(pd.concat(made, ignore_index=True), crs=line.crs)


def _bands_in_country(
    border: gpd.GeoDataFrame, edges: Sequence[str | float], side: str, parties: list[str], tol: float
) -> gpd.GeoDataFrame:
    name = names.resolve(side).name
    if name not in parties:
        hint = did_you_mean(name, parties)
        msg = f"{name} does not share this border; {', '.join(parties)} do"
        raise InputError(f"{msg}; {hint}" if hint else msg)
    views = sorted({str(v) for v in border["worldview"].dropna()}) if "worldview" in border else []
    if len(views) > 1:
        msg = f"the border mixes worldviews ({', '.join(views)}); request it with one worldview"
        raise InputError(msg)
    resolutions = sorted({float(v) for v in border["resolution_m"].dropna()}) if "resolution_m" in border else []
    if len(resolutions) > 1:
        msg = f"the border mixes resolutions ({', '.join(f'{v:g} m' for v in resolutions)}); request it with one resolution"
        raise InputError(msg)
    area = reference.country(
        name,
        worldview=views[0] if views else "de_facto",
        resolution=(resolutions[0] if resolutions else 0.0) or None,
    )
    zones = analysis.bands_in_area(border, edges, area, tol=tol)
    zones["share_of_country"] = zones["area_m2"] / float(area["area_m2"].sum())
    return zones


def read_fortifications(
    path: str | PathLike[str],
    *,
    worldview: str = "de_facto",
    options: fortifications.LayoutOptions | None = None,
) -> fortifications.Layout:
    """Read the description of a defence line and lay it out on the embedded borders.

    Stretches of border across the sea are left out: fortifications are on land.

    Parameters
    ----------
    path : path or str
        A YAML file, or the YAML itself.
    worldview : str
        Worldview for disputed areas: ``de_facto`` or ``international``.
    options : LayoutOptions, optional
        Which account to draw, further reference lines, gaps, illustration.

    Returns
    -------
    Layout
        The tables ``echelons``, ``strips`` and ``sites``, and ``notes``.

    Raises
    ------
    DescriptionError
        With all the faults, each with its line and column.
    ReadError, NameUnknownError, NoCommonBorderError

    Examples
    --------
    >>> import geoconflict as gc
    >>> line = gc.read_fortifications('''
    ... id: demo
    ... name: A fence
    ... owner: Lithuania
    ... status: complete
    ... segments:
    ...   - id: south
    ...     reference: {border: {of: Lithuania, with: Poland}}
    ...     side: Lithuania
    ...     facing: Poland
    ...     strips: [{type: fence, offset: 100 m}]
    ... ''')
    >>> line.strips["fortification_type"].tolist()
    ['fence']
    """
    return lay_out(read_description(path), worldview=worldview, options=options)


def read_description(path: str | PathLike[str]) -> fortifications.Description:
    """Read the description of a defence line and check the names of its countries.

    Parameters
    ----------
    path : path or str
        A YAML file, or the YAML itself.

    Returns
    -------
    Description

    Raises
    ------
    DescriptionError
        With all the faults, each with its line and column.
    ReadError, LimitError
    """
    return fortifications.read_description(path, resolve=_country_name)


def _country_name(name: str) -> str:
    return names.resolve(name).name


def lay_out(
    description: fortifications.Description,
    *,
    worldview: str = "de_facto",
    options: fortifications.LayoutOptions | None = None,
) -> fortifications.Layout:
    """Lay out a description of a defence line on the embedded borders.

    Parameters
    ----------
    description : Description
        As from ``fortifications.read_description``.
    worldview : str
        Worldview for disputed areas: ``de_facto`` or ``international``.
    options : LayoutOptions, optional

    Returns
    -------
    Layout

    Raises
    ------
    NameUnknownError, NoCommonBorderError
    """
    pairs = description.borders()
    tables = [reference.border(of, list(others), worldview=worldview, kinds=_ON_LAND) for of, others in pairs]
    borders = pd.concat(tables, ignore_index=True) if tables else None
    countries = reference.countries(description.countries(), worldview=worldview)
    options = options or fortifications.LayoutOptions()
    options = replace(
        options,
        resolve=options.resolve or _country_name,
        locate=options.locate or _only_place,
    )
    return fortifications.layout(description, borders, countries, options=options)


def parse_coordinate(
    text: object,
    *,
    country: str | coordinates.Country | None = None,
    reference: coordinates.Reference | None = None,
) -> coordinates.ParsedCoordinate:
    """Parse one coordinate in any notation; the country may be given by its name.

    Parameters
    ----------
    text : str
    country, reference : optional
        As for `parse_coordinates`.

    Returns
    -------
    ParsedCoordinate

    Raises
    ------
    CoordinateError
        If the text is not a coordinate, or could be more than one place.
    NameUnknownError, NameAmbiguousError
        For a country that is not known.

    Examples
    --------
    >>> import geoconflict as gc
    >>> round(gc.parse_coordinate("5441N02517E").lat, 4)
    54.6833
    """
    return coordinates.parse_one(text, country=_country(country), reference=reference)


def parse_coordinates(
    texts: Iterable[object],
    *,
    country: str | coordinates.Country | None = None,
    reference: coordinates.Reference | None = None,
) -> coordinates.Coordinates:
    """Parse a column of coordinates in any notation; the country may be given by its name.

    Parameters
    ----------
    texts : iterable of str
    country : str, CountryContext, Bounds, geometry or GeoDataFrame, optional
        Where the points are said to lie, which settles what would be ambiguous. A text is an
        English name or an ISO 3166-1 code.
    reference : tuple of float or Point, optional
        ``(lon, lat)`` near the points, for short plus codes and MGRS without its zone.

    Returns
    -------
    Coordinates
        Arrays ``lat``, ``lon``, ``uncertainty_m``, ``notation``, ``error`` and ``candidates``.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
        For a country that is not known.

    Examples
    --------
    >>> import geoconflict as gc
    >>> found = gc.parse_coordinates(["54.68 N 25.28 O"], country="Lithuania")
    >>> found.lon.tolist()
    [25.28]
    """
    return coordinates.parse_column(texts, country=_country(country), reference=reference)


def _country(country: str | coordinates.Country | None) -> coordinates.Country | None:
    """Return the area of a country that is given by its name."""
    if not isinstance(country, str):
        return country
    area: gpd.GeoDataFrame = reference.country(country)
    return area


def _only_place(name: str) -> tuple[float, float] | None:
    """Return the place of a name if the embedded gazetteer knows just one."""
    found = [place for place in names.Gazetteer.embedded().lookup(name) if place.score > 0.8]
    return (found[0].lon, found[0].lat) if len(found) == 1 else None
