"""Geometries taken apart into vertices and edges, with the row and the ring each came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Geometries = npt.NDArray[Any]

POINT, LINE, RING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Shapes:
    """Vertices of many geometries, in order, and the lines that they make.

    Attributes
    ----------
    lon, lat : array of shape (v,)
        Degrees.
    line : array of shape (v,)
        The line to which each vertex belongs.
    row : array of shape (l,)
        The geometry to which each line belongs.
    kind : array of shape (l,)
        ``POINT``, ``LINE`` or ``RING``.
    polygon : array of shape (l,)
        The polygon (one part of a multipolygon) of a ring, or -1.
    """

    lon: Floats
    lat: Floats
    line: Ints
    row: Ints
    kind: Ints
    polygon: Ints

    def edges(self) -> tuple[Ints, Ints]:
        """Return the first and the last vertex of each edge; a point is one edge from itself to itself.

        Two vertices in the same place make no edge, unless their whole line is that place.
        """
        same = self.line[1:] == self.line[:-1]
        moved = same & ((self.lon[1:] != self.lon[:-1]) | (self.lat[1:] != self.lat[:-1]))
        start = np.flatnonzero(moved)
        has = np.zeros(len(self.row), dtype=bool)
        has[self.line[start]] = True
        first = np.flatnonzero(np.r_[True, ~same]) if len(self.line) else np.empty(0, dtype=np.int64)
        lone = first[~has[self.line[first]]]
        begin = np.r_[start, lone].astype(np.int64)
        end = np.r_[start + 1, lone].astype(np.int64)
        order = np.argsort(begin, kind="stable")
        return begin[order], end[order]


def take_apart(geoms: Geometries) -> Shapes:
    """Return the vertices and lines of geometries of any type; Z and M are left out.

    Parameters
    ----------
    geoms : array of shapely geometries of shape (n,)

    Returns
    -------
    Shapes
    """
    parts, row = flatten(geoms)
    types = shapely.get_type_id(parts)
    areal = types == 3
    pieces: list[tuple[Geometries, Ints, int, Ints]] = []
    points = np.flatnonzero(types == 0)
    pieces.append((parts[points], row[points], POINT, np.full(len(points), -1)))
    lines = np.flatnonzero((types == 1) | (types == 2))
    pieces.append((parts[lines], row[lines], LINE, np.full(len(lines), -1)))
    polygons = np.flatnonzero(areal)
    rings, of = shapely.get_rings(parts[polygons], return_index=True)
    pieces.append((rings, row[polygons][of], RING, of.astype(np.int64)))

    geometry = np.concatenate([piece[0] for piece in pieces])
    rows = np.concatenate([piece[1] for piece in pieces]).astype(np.int64)
    kind = np.concatenate([np.full(len(piece[0]), piece[2]) for piece in pieces]).astype(np.int64)
    polygon = np.concatenate([piece[3] for piece in pieces]).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    coords, line = shapely.get_coordinates(geometry[order], return_index=True)
    return Shapes(
        lon=np.ascontiguousarray(coords[:, 0]),
        lat=np.ascontiguousarray(coords[:, 1]),
        line=line.astype(np.int64),
        row=rows[order],
        kind=kind[order],
        polygon=polygon[order],
    )


def flatten(geoms: Geometries) -> tuple[Geometries, Ints]:
    """Return the single parts of geometries, however nested, and the geometry each came from."""
    parts: Geometries = geoms
    row = np.arange(len(geoms))
    while np.any(shapely.get_type_id(parts) >= 4):
        parts, index = shapely.get_parts(parts, return_index=True)
        row = row[index]
    return parts, row.astype(np.int64)
