"""The ground on one side of a line that runs through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def half(area: BaseGeometry, line: BaseGeometry, side: Literal["left", "right"]) -> BaseGeometry:
    """Return the part of an area that lies on one side of a line.

    The area is cut along the line, and along straight continuations of its ends where it ends
    inside the area. Each piece goes to the side on which its inner point lies of the nearest
    place of the line, as ``geodesy.nearest`` tells it.

    Parameters
    ----------
    area : Polygon or MultiPolygon
    line : LineString or MultiLineString
        Its direction is the order of its points.
    side : {"left", "right"}

    Returns
    -------
    Polygon or MultiPolygon
        Empty if nothing lies on that side.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> half(box(0, 0, 4, 4), LineString([(2, 1), (2, 3)]), "left").bounds
    (0.0, 0.0, 2.0, 4.0)
    """
    import shapely
    from shapely import LineString

    from geoconflict import geodesy

    west, south, east, north = area.bounds
    reach = 2 * ((east - west) + (north - south))
    cuts: list[BaseGeometry] = [shapely.boundary(area)]
    for part in getattr(line, "geoms", [line]):
        coords = list(part.coords)
        if not part.is_closed:
            coords = [_beyond(coords[1], coords[0], reach), *coords, _beyond(coords[-2], coords[-1], reach)]
        cuts.append(LineString(coords))
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(shapely.union_all(cuts)))))
    inside = shapely.point_on_surface(faces)
    within = shapely.contains(area, inside)
    faces, inside = faces[within], inside[within]
    sides = geodesy.nearest(inside, line).side
    wanted = 1 if side == "left" else -1
    return shapely.union_all(faces[sides == wanted])


def _beyond(before: tuple[float, ...], end: tuple[float, ...], reach: float) -> tuple[float, float]:
    dx, dy = end[0] - before[0], end[1] - before[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    return (end[0] + dx / size * reach, end[1] + dy / size * reach)
