"""In which country points lie, and how far from its border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.names.countries import by_iso
from geoconflict.reference import worldviews
from geoconflict.reference.arcs import unit_faces
from geoconflict.reference.container import FILE_NAME, SCALE, Container, open_container
from geoconflict.reference.folder import boundaries_folder

if TYPE_CHECKING:
    from os import PathLike

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geoconflict.reference.worldviews import View


def locate(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    worldview: str = "de_facto",
    border_distance: bool = True,
    folder: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """Tell in which country each point lies, on land or at sea, and how far from the country's border.

    A point on a border line, which lies in both, goes to the country whose code comes
    first. A point on the high seas, or without a geometry, has no country.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries
        Points in longitude and latitude on WGS84.
    worldview : str
        By whose view disputed ground is drawn.
    border_distance : bool
        Whether to measure the distance; without it the column is NaN and the call quicker.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    DataFrame
        On the index of the points: ``iso``, ``country``, ``part`` (``land`` or ``sea``),
        ``distance_to_border_m`` (to the nearest stretch of the country's border on the
        ground, geodesic; NaN where it has none), ``worldview``.

    Raises
    ------
    CRSError
        If the CRS is missing or not WGS84.
    GeometryError
        If a geometry is not a point.

    Examples
    --------
    >>> import geopandas as gpd
    >>> vilnius = gpd.GeoSeries.from_xy([25.28], [54.69], crs="EPSG:4326")
    >>> found = locate(vilnius)
    >>> found["country"].iloc[0], round(float(found["distance_to_border_m"].iloc[0]) / 1000)
    ('Lithuania', 29)
    """
    import pandas as pd

    from geoconflict.crs import require_wgs84

    require_wgs84(points, what="the points")
    series = points.geometry
    xy = _coordinates(series)
    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    iso, part = _areas(xy, view, container)
    distance = np.full(len(xy), np.nan)
    if border_distance:
        for owner in sorted(set(iso) - {None}):
            here = np.flatnonzero(iso == owner)
            lines = _ground_border(owner, view, container)
            if lines is not None:
                distance[here] = _distances(xy[here], lines)
    known = {one: by_iso(one).name for one in set(iso) - {None}}
    names = [known.get(one) for one in iso]
    return pd.DataFrame(
        {
            "iso": pd.Series(iso, series.index, dtype=object),
            "country": pd.Series(names, series.index, dtype=object),
            "part": pd.Series(part, series.index, dtype=object),
            "distance_to_border_m": distance,
            "worldview": view.worldview.value,
        },
        index=series.index,
    )


def _coordinates(series: gpd.GeoSeries) -> NDArray[np.float64]:
    from geoconflict.errors import Fault, GeometryError

    shapes = series.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = np.flatnonzero(~missing & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT))
    if len(wrong):
        faults = [Fault(f"{shapes[row].geom_type} is not a point", row=int(row) + 1) for row in wrong]
        msg = f"{len(wrong)} of {len(shapes)} geometries are not points"
        raise GeometryError(msg, faults)
    out = np.full((len(shapes), 2), np.nan)
    out[~missing] = shapely.get_coordinates(shapes[~missing])
    return out


def _areas(
    xy: NDArray[np.float64], view: View, container: Container
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the code of the country and the part of it in which each point lies, or None."""
    units = sorted(container.index["units"].items(), key=lambda item: (view.owner(item[0]), item[0]))
    unit_of = np.full(len(xy), len(units))
    at_sea: NDArray[np.bool_] = np.zeros(len(xy), dtype=bool)
    free: NDArray[np.bool_] = np.asarray(np.isfinite(xy).all(axis=1))
    for number, (unit, (west, south, east, north)) in enumerate(units):
        box = free & (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
        here = np.flatnonzero(box)
        if len(here) == 0:
            continue
        for sea, faces in enumerate(unit_faces(container, unit, resolution_m=0.0)):
            inside = here[_covered(faces, xy[here])]
            unit_of[inside], at_sea[inside], free[inside] = number, sea == 1, False
            here = here[free[here]]
    owners = np.array([*(view.owner(unit) for unit, _ in units), None], dtype=object)
    part = np.full(len(xy), None, dtype=object)
    part[(unit_of < len(units)) & ~at_sea] = "land"
    part[at_sea] = "sea"
    return owners[unit_of], part


def _covered(polygons: list[shapely.Polygon], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points a polygon covers, its outline counted in."""
    out = np.zeros(len(xy), dtype=bool)
    order = np.argsort(xy[:, 0], kind="stable")
    lon = xy[order, 0]
    for polygon in polygons:
        west, south, east, north = polygon.bounds
        strip = order[np.searchsorted(lon, west) : np.searchsorted(lon, east, side="right")]
        near = strip[(xy[strip, 1] >= south) & (xy[strip, 1] <= north) & ~out[strip]]
        if len(near):
            shapely.prepare(polygon)
            out[near] = shapely.intersects_xy(polygon, xy[near])
    return out


def _ground_border(iso: str, view: View, container: Container) -> shapely.MultiLineString | None:
    lines = []
    for key in container.index["borders"]:
        left, right = (view.owner(unit) for unit in key.split("~"))
        if left != right and iso in {left, right}:
            arcs = container.arcs([f"border/{key}"])[f"border/{key}"]
            lines += [w / SCALE for kind, w in zip(arcs.kinds, arcs.coordinates, strict=True) if kind != "sea"]
    return shapely.MultiLineString([shapely.LineString(line) for line in lines]) if lines else None


def _distances(xy: NDArray[np.float64], lines: shapely.MultiLineString) -> NDArray[np.float64]:
    from geoconflict import geodesy

    out: NDArray[np.float64] = geodesy.distance(shapely.points(xy), lines)
    return out
