"""From rings on the ellipsoid to polygons in the lon/lat plane, cut as RFC 7946 wants.

A ring is followed from point to point the short way round.  One that comes
back with 360 degrees gained holds the north pole (its inside is on its left),
one that comes back with 360 degrees lost the south pole: it is closed along the
pole's edge of the plane.  What leaves the plane at longitude ±180 is cut there and moved
back by 360 degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geoconflict.geodesy.curves import Rings

    Geometries = NDArray[np.object_]


def polygons(rings: Rings) -> tuple[Geometries, NDArray[np.int64]]:
    """Return the polygons of rings, cut at the antimeridian, and the ring of each polygon.

    Parameters
    ----------
    rings : Rings
        Closed, simple on the ellipsoid, counterclockwise, each with at most one pole inside.
    """
    lon, lat, ring = rings.lon, rings.lat, rings.ring
    if not len(ring):
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    jump = np.zeros(len(lon), dtype=np.int64)
    step = np.diff(lon)
    jump[1:] = np.where(ring[1:] == ring[:-1], (step < -180).astype(np.int64) - (step > 180), 0)
    starts = np.flatnonzero(np.append(True, ring[1:] != ring[:-1]))
    ends = np.append(starts[1:], len(ring)) - 1
    crosses = np.add.reduceat(np.abs(jump), starts) > 0
    ids = ring[starts]
    if not crosses.any():
        return _valid(np.column_stack([lon, lat]), ring), ids
    plain = ~crosses
    inside = np.repeat(plain, ends - starts + 1)
    out: list[Geometries] = []
    who: list[NDArray[np.int64]] = []
    if plain.any():
        coords = np.column_stack([lon, lat])[inside]
        out.append(_valid(coords, ring[inside]))
        who.append(ids[plain])
    turns = np.cumsum(jump)
    for k in np.flatnonzero(crosses):
        part = slice(starts[k], ends[k] + 1)
        wind = turns[part] - turns[starts[k]]
        cut = cut_ring(np.column_stack([lon[part] + 360.0 * wind, lat[part]]))
        out.append(cut)
        who.append(np.full(len(cut), ids[k]))
    return np.concatenate(out), np.concatenate(who)


def cut_ring(coords: NDArray[np.float64]) -> Geometries:
    """Return the polygons in the plane of a ring whose longitudes run on beyond ±180."""
    gain = coords[-1, 0] - coords[0, 0]
    if gain:
        pole = 90.0 if gain > 0 else -90.0
        coords = np.vstack([coords, [[coords[-1, 0], pole], [coords[0, 0], pole], coords[0]]])
    whole: BaseGeometry = shapely.Polygon(coords)
    if not whole.is_valid:
        whole = shapely.make_valid(whole)
    low = int(np.floor((coords[:, 0].min() + 180.0) / 360.0))
    high = int(np.floor((coords[:, 0].max() + 180.0) / 360.0))
    parts: list[BaseGeometry] = []
    for k in range(low, high + 1):
        part = shapely.intersection(whole, shapely.box(360.0 * k - 180.0, -90.0, 360.0 * k + 180.0, 90.0))
        back = np.array([360.0 * k, 0.0])
        parts.extend(
            shapely.transform(item, back.__rsub__) for item in shapely.get_parts(part) if item.geom_type == "Polygon"
        )
    out = np.empty(len(parts), dtype=object)
    out[:] = parts
    return out


def _rank(ring: NDArray[np.int64]) -> NDArray[np.int64]:
    out: NDArray[np.int64] = np.cumsum(np.append(0, ring[1:] != ring[:-1]))
    return out


def _valid(coords: NDArray[np.float64], ring: NDArray[np.int64]) -> Geometries:
    """Return the polygons of rings as pieces that an overlay accepts.

    A piece crosses itself where its radius is larger than the bend of its side, by a few
    parts in 10**9, or where its flat side is thinner than rounding.
    """
    pieces: Geometries = np.asarray(shapely.polygons(shapely.linearrings(coords, indices=_rank(ring))))
    bad = ~shapely.is_valid(pieces)
    if bad.any():
        pieces[bad] = shapely.make_valid(pieces[bad], method="structure", keep_collapsed=False)
    return pieces
