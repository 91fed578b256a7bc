"""The ground on one side of a line that runs through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


# Two makers of maps draw one border this far apart at the most.
_RIM_M = 3000.0


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


def beside_zone(zone: BaseGeometry, area: BaseGeometry, *, inside: bool) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the outline of a zone inside a country, and the country's ground on one side of it.

    The outline of territory held by one party follows, for a part, the border and the coast of
    the country itself, drawn by another hand. That part is no front: what lies within three
    kilometres of the country's own outline is left out.

    Parameters
    ----------
    zone : Polygon or MultiPolygon
    area : Polygon or MultiPolygon
        The country.
    inside : bool
        Whether the ground inside the zone is wanted, or that outside of it.

    Returns
    -------
    line, ground : geometries
        Either may be empty.

    Examples
    --------
    >>> from shapely import box
    >>> line, ground = beside_zone(box(2, 0, 4, 4), box(0, 0, 4, 4), inside=False)
    >>> ground.bounds, round(line.length, 1)
    ((0.0, 0.0, 2.0, 4.0), 3.9)
    """
    import shapely

    from geoconflict import geodesy
    from geoconflict.fortifications.lines import simplified

    rim = geodesy.buffer(simplified(shapely.boundary(area), _RIM_M / 20), _RIM_M, tol=0.01)
    line = shapely.difference(shapely.intersection(shapely.boundary(zone), area), rim)
    line = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    ground = shapely.intersection(area, zone) if inside else shapely.difference(area, zone)
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return line, shapely.MultiPolygon(parts) if len(parts) != 1 else parts[0]


def _beyond(before: tuple[float, ...], end: tuple[float, ...], reach: float) -> tuple[float, float]:
    dx, dy = end[0] - before[0], end[1] - before[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    return (end[0] + dx / size * reach, end[1] + dy / size * reach)
