"""Lines and areas from files, and parts of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict.errors import ReadError

# The longest degree of latitude, at the poles, in metres.
_DEGREE_M = 111_694.0

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    LonLat = tuple[float, float]


def read_vector(name: str, folder: Path | None) -> gpd.GeoDataFrame:
    """Read a vector file that a description names, in longitude and latitude.

    Parameters
    ----------
    name : str
        Path below the folder of the description.
    folder : path or None

    Returns
    -------
    GeoDataFrame

    Raises
    ------
    ReadError
        If the file lies outside the folder, is missing, is no vector file or has no CRS.
    """
    import geopandas as gpd

    if folder is None:
        msg = f"the file {name!r} lies beside a description, but this one was read from a text"
        raise ReadError(msg)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        msg = f"the file {name!r} lies outside the folder of the description"
        raise ReadError(msg)
    if not path.is_file():
        msg = f"the file {name!r} does not lie beside the description"
        raise ReadError(msg)
    try:
        frame: gpd.GeoDataFrame = gpd.read_file(path)
    except Exception as error:  # noqa: BLE001 - the readers of formats raise what they like
        msg = f"{name!r} cannot be read as a vector file: {str(error)[:200]}"
        raise ReadError(msg) from None
    if frame.empty or frame.crs is None:
        msg = f"{name!r} {'holds nothing' if frame.empty else 'does not tell its coordinate reference system'}"
        raise ReadError(msg)
    return frame.to_crs("EPSG:4326")


def read_line(name: str, folder: Path | None) -> BaseGeometry:
    """Read one line, or areas whose outline is meant, from a vector file.

    Returns
    -------
    LineString, MultiLineString, Polygon or MultiPolygon

    Raises
    ------
    ReadError
        As ``read_vector``, and if the file holds points.
    """
    import shapely

    frame = read_vector(name, folder)
    geometries = frame.geometry.to_numpy()
    kinds = set(frame.geometry.geom_type)
    if kinds <= {"Polygon", "MultiPolygon"}:
        return shapely.union_all(shapely.make_valid(geometries))
    if not kinds <= {"LineString", "MultiLineString"}:
        msg = f"{name!r} holds {', '.join(sorted(kinds))}; expected lines"
        raise ReadError(msg)
    line = shapely.union_all(geometries)
    return shapely.line_merge(line) if line.geom_type == "MultiLineString" else line


def cut_between(line: BaseGeometry, start: LonLat | None, end: LonLat | None) -> BaseGeometry:
    """Return the part of a line between the places nearest to two points.

    An end that is not given is the end of the line. On a closed line the shorter way is taken.

    Raises
    ------
    ValueError
        If the two places lie on parts of the line that are not connected, or are the same.

    Examples
    --------
    >>> from shapely import LineString
    >>> cut_between(LineString([(0, 0), (4, 0)]), (1, 1), (3, 1)).wkt
    'LINESTRING (1 0, 3 0)'
    """
    import numpy as np
    from shapely import Point
    from shapely.ops import substring

    parts = list(getattr(line, "geoms", [line]))
    places: list[tuple[int, float] | None] = []
    for point in (start, end):
        if point is None:
            places.append(None)
            continue
        here = Point(point)
        part = int(np.argmin([item.distance(here) for item in parts]))
        places.append((part, float(parts[part].project(here))))
    first, last = places
    if first is None and last is None:
        return line
    part = (first or last or (0, 0.0))[0]
    if first is not None and last is not None and first[0] != last[0]:
        msg = "the two ends lie on parts of the line that are not connected"
        raise ValueError(msg)
    chain = parts[part]
    low = 0.0 if first is None else first[1]
    high = chain.length if last is None else last[1]
    if low == high:
        msg = "the two ends fall on the same place of the line"
        raise ValueError(msg)
    if chain.is_closed and abs(high - low) > chain.length / 2:
        rest = [substring(chain, max(low, high), chain.length), substring(chain, 0.0, min(low, high))]
        import shapely

        return shapely.line_merge(shapely.union_all(rest))
    return substring(chain, min(low, high), max(low, high))


def along(line: BaseGeometry, guide: BaseGeometry) -> BaseGeometry:
    """Return a line whose parts run in the direction of another line beside it.

    Examples
    --------
    >>> from shapely import LineString
    >>> along(LineString([(0, 0), (4, 0)]), LineString([(3, 1), (1, 1)])).wkt
    'LINESTRING (4 0, 0 0)'
    """
    import numpy as np
    import shapely

    guides = list(getattr(guide, "geoms", [guide]))
    out = []
    for part in getattr(line, "geoms", [line]):
        # The longest guide beside this part decides: short ones may turn round a bay.
        near = min(guides, key=lambda item: item.distance(part) - 1e-3 * item.length)
        coords = shapely.get_coordinates(near)
        step = int(np.argmax(np.hypot(*np.diff(coords, axis=0).T)))
        at = [part.project(shapely.Point(coords[k])) for k in (step, step + 1)]
        if at[0] == at[1]:
            at = [part.project(shapely.Point(coords[k])) for k in (0, -1)]
        out.append(part if at[1] >= at[0] else shapely.reverse(part))
    return out[0] if len(out) == 1 else shapely.MultiLineString(out)


def simplified(line: BaseGeometry, reach_m: float) -> BaseGeometry:
    """Return a line with fewer vertices, none of its points moved farther than asked.

    Douglas and Peucker's algorithm in a plane that is scaled for the latitude nearest to the
    equator, where a degree of longitude is longest.

    Parameters
    ----------
    line : LineString or MultiLineString
    reach_m : float
        Metres; 0 keeps the line.

    Returns
    -------
    LineString or MultiLineString

    Examples
    --------
    >>> from shapely import LineString
    >>> simplified(LineString([(0, 50), (1, 50.0001), (2, 50)]), 20).wkt
    'LINESTRING (0 50, 2 50)'
    """
    import numpy as np
    import shapely

    if reach_m <= 0 or line.is_empty:
        return line
    _, south, _, north = line.bounds
    lowest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    scale = np.array([np.cos(np.radians(lowest)), 1.0])
    wide = shapely.simplify(shapely.transform(line, lambda xy: xy * scale), reach_m / _DEGREE_M)
    out: BaseGeometry = shapely.transform(wide, lambda xy: xy / scale)
    return out
