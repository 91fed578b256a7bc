"""In which country points lie, and how far from its border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.reference import worldviews
from geoconflict.reference.arcs import unit_faces
from geoconflict.reference.container import FILE_NAME, SCALE, Container, open_container
from geoconflict.reference.folder import boundaries_folder
from geoconflict.reference.names import by_iso

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
        for owner in sorted({one for one in iso if one is not None}):
            here = np.flatnonzero(iso == owner)
            lines = _ground_border(owner, view, container)
            if lines is not None:
                distance[here] = _distances(xy[here], lines)
    names = [None if one is None else by_iso(one).name for one in iso]
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
    iso = np.full(len(xy), None, dtype=object)
    part = np.full(len(xy), None, dtype=object)
    owners = sorted(container.index["units"].items(), key=lambda item: (view.owner(item[0]), item[0]))
    for unit, (west, south, east, north) in owners:
        box = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
        here = np.flatnonzero(box & (iso == None))  # noqa: E711 - elementwise
        if len(here) == 0:
            continue
        for name, sea in (("land", False), ("sea", True)):
            polygons = np.array(unit_faces(container, unit, resolution_m=0.0, sea=sea), dtype=object)
            inside = here[_covered(polygons, xy[here])]
            iso[inside], part[inside] = view.owner(unit), name
            here = np.setdiff1d(here, inside, assume_unique=True)
    return iso, part


def _covered(polygons: NDArray[np.object_], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points a polygon covers, its outline counted in."""
    out = np.zeros(len(xy), dtype=bool)
    bounds = shapely.bounds(polygons)
    for polygon, (west, south, east, north) in zip(polygons, bounds, strict=True):
        box = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north) & ~out
        if box.any():
            shapely.prepare(polygon)
            out[box] = shapely.intersects_xy(polygon, xy[box])
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
