"""Calls that bring several rooms together: what an analyst writes in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geoconflict import analysis, fortifications, reference
from geoconflict.coordinates import parse_coordinates as read_coordinates
from geoconflict.errors import InputError, did_you_mean
from geoconflict.names import Gazetteer, resolve
from geoconflict.reference.country_areas import country as country_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    import geopandas as gpd

    from geoconflict.coordinates import Coordinates
    from geoconflict.fortifications.layouts import Layout, LayoutOptions

# Works on the ground follow the border on the ground: the stretch across the sea is left out.
_ON_GROUND = ("land", "river", "lake")


def bands(border: gpd.GeoDataFrame, edges: Sequence[str], *, side: str, tol: float = 1e-4) -> gpd.GeoDataFrame:
    """Return one-sided bands along a border, inside one of the countries that share it.

    The country is drawn by the worldview and at the resolution of the border, so that its
    outline and the border are the same line.

    Parameters
    ----------
    border : GeoDataFrame
        A table of BORDERS, as from ``border``.
    edges : sequence of str
        At least two rising lengths with their units: ``["0 mi", "3 mi", "30 mi"]``.
    side : str
        The country in which the bands lie: a name in English or an ISO 3166 code.
    tol : float
        Worst relative error of the radii.

    Returns
    -------
    GeoDataFrame
        A table of ZONES, the nearest band first, with ``share_of_country`` of the land.

    Raises
    ------
    InputError
        If the side is no party to the border, or a band would be empty.
    NameUnknownError, UnitError, CRSError

    Examples
    --------
    >>> import geoconflict as gc
    >>> line = gc.border("Lithuania", "Poland")
    >>> gc.bands(line, ["0 km", "5 km", "20 km"], side="Lithuania")["name"].tolist()
    ['0–5 km', '5–20 km']
    """
    name = resolve(side).name
    parties = sorted({str(v) for column in ("country_a", "country_b") if column in border for v in border[column]})
    if name not in parties:
        hint = did_you_mean(name, parties)
        msg = f"{name} is no party to this border; its parties are {', '.join(parties) or 'not told by the table'}"
        raise InputError(f"{msg}; {hint}" if hint else msg)
    views = sorted({str(v) for v in border["worldview"].dropna()}) if "worldview" in border else []
    if len(views) > 1:
        msg = f"the border mixes worldviews ({', '.join(views)}); ask for it by one"
        raise InputError(msg)
    drawn_within = sorted({float(v) for v in border["resolution_m"].dropna()}) if "resolution_m" in border else []
    if len(drawn_within) > 1:
        msg = f"the border mixes resolutions ({', '.join(f'{v:g} m' for v in drawn_within)}); ask for it at one"
        raise InputError(msg)
    ground = reference.country(
        name,
        worldview=views[0] if views else "de_facto",
        resolution=(drawn_within[0] if drawn_within else 0.0) or None,
    )
    zones = analysis.bands(border, edges, ground, tol=tol)
    zones["share_of_country"] = zones["area_m2"] / float(ground["area_m2"].sum())
    return zones


def read_fortifications(
    path: str | PathLike[str], *, worldview: str = "de_facto", options: LayoutOptions | None = None
) -> Layout:
    """Read the description of a defence line and lay it out on the embedded borders.

    Stretches of border across the sea are left out: works on the ground follow the ground.

    Parameters
    ----------
    path : path or str
        A YAML file, or the YAML itself.
    worldview : str
        By whose view disputed ground is drawn.
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
    import pandas as pd

    from geoconflict.fortifications.layouts import LayoutOptions

    description = fortifications.read_fortifications(path)
    pairs = description.borders()
    tables = [reference.border(of, list(others), worldview=worldview, kinds=_ON_GROUND) for of, others in pairs]
    borders = pd.concat(tables, ignore_index=True) if tables else None
    countries = reference.countries(description.countries(), worldview=worldview)
    options = options or LayoutOptions()
    options = replace(
        options,
        resolve=options.resolve or (lambda name: resolve(name).name),
        locate=options.locate or _only_place,
    )
    drawn: Layout = fortifications.layout(description, borders, countries, options=options)
    return drawn


def parse_coordinates(texts: Iterable[object], *, country: object = None, reference: object = None) -> Coordinates:
    """Read a column of coordinates in any notation; the country may be given by its name.

    Parameters
    ----------
    texts : iterable of str
    country : str, CountryContext, Bounds, geometry or GeoDataFrame, optional
        Where the points are said to lie: settles what would be ambiguous. A text is a name in
        English or an ISO 3166-1 code.
    reference : tuple of float or Point, optional
        ``(lon, lat)`` near the points, for short plus codes and MGRS without its zone.

    Returns
    -------
    Coordinates
        Arrays ``lat``, ``lon``, ``uncertainty_m``, ``notation``, ``error`` and ``readings``.

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
    where = country_area(country) if isinstance(country, str) else country
    found: Coordinates = read_coordinates(texts, country=where, reference=reference)
    return found


def _only_place(name: str) -> tuple[float, float] | None:
    """Return the place of a name if the embedded gazetteer knows just one; a doubt is no answer."""
    found = [place for place in Gazetteer.embedded().lookup(name) if place.score > 0.8]
    return (found[0].lon, found[0].lat) if len(found) == 1 else None
