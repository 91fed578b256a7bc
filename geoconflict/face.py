"""Calls that bring several rooms together: what an analyst writes in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict import analysis, reference
from geoconflict.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


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
        A table of ZONES, the nearest band first.

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
    name = reference.resolve(side).name
    parties = sorted({str(v) for column in ("country_a", "country_b") if column in border for v in border[column]})
    if name not in parties:
        hint = did_you_mean(name, parties)
        msg = f"{name} is no party to this border; its parties are {', '.join(parties) or 'not told by the table'}"
        raise InputError(f"{msg}; {hint}" if hint else msg)
    views = sorted({str(v) for v in border["worldview"].dropna()}) if "worldview" in border else []
    if len(views) > 1:
        msg = f"the border mixes worldviews ({', '.join(views)}); ask for it by one"
        raise InputError(msg)
    ground = reference.country(name, worldview=views[0]) if views else reference.country(name)
    return analysis.bands(border, edges, ground, tol=tol)
