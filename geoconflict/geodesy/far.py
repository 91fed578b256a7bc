"""Distances beyond the range of the closed form, by Karney's inverse and Newton's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.ellipsoid import (
    A_M,
    E2,
    LONGEST_M,
    R_MAX_M,
    R_MIN_M,
    closed_form,
    closed_form_error,
    direct,
    ecef,
    inverse,
    longest_of_chord,
    lonlat,
)
from geoconflict.geodesy.pieces import foot
from geoconflict.geodesy.search import candidates

if TYPE_CHECKING:
    import numpy.typing as npt

    from geoconflict.geodesy.pieces import Pieces
    from geoconflict.geodesy.tree import Tree

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CLOSE_M = 500_000.0
"""Up to here the closed form decides, beyond it Karney's inverse."""
_TRUSTED_M = 18_000_000.0
_QUARTER_M = 9_900_000.0
_PAIRS = 50_000
_STEPS = 8
# What is left of a step of a centimetre changes a distance by less than 1e-9 m.
_STILL_M = 0.01
_MEAN_RADIUS_M = 6371008.8


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges by their ends in degrees.

    Attributes
    ----------
    lon1, lat1, lon2, lat2 : array of shape (e,)
        Degrees.
    geodesic : bool
        Whether the edges are geodesics, or else straight in longitude and latitude.
    """

    lon1: Floats
    lat1: Floats
    lon2: Floats
    lat2: Floats
    geodesic: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What is nearest to each point: distance, edge, and the place on it."""

    distance_m: Floats
    edge: Ints
    lon: Floats
    lat: Floats
    along_m: Floats


class Course:
    """Walk along the edges of some pairs of a point and an edge."""

    def __init__(self, edges: Edges, edge: Ints) -> None:
        self.lon1, self.lat1 = edges.lon1[edge], edges.lat1[edge]
        self.lon2, self.lat2 = edges.lon2[edge], edges.lat2[edge]
        self.geodesic = edges.geodesic
        self.azimuth, _, self.length = inverse(self.lon1, self.lat1, self.lon2, self.lat2)

    def at(self, share: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return longitude, latitude, the azimuth of travel and the metres to a share of one."""
        if self.geodesic:
            return *direct(self.lon1, self.lat1, self.azimuth, share * self.length), self.length
        lon = self.lon1 + share * (self.lon2 - self.lon1)
        lat = self.lat1 + share * (self.lat2 - self.lat1)
        sin, cos = np.sin(np.radians(lat)), np.cos(np.radians(lat))
        w2 = 1 - E2 * sin * sin
        east = np.radians(self.lon2 - self.lon1) * cos * A_M / np.sqrt(w2)
        north = np.radians(self.lat2 - self.lat1) * A_M * (1 - E2) / w2**1.5
        return lon, lat, np.degrees(np.arctan2(east, north)), np.hypot(east, north)

    def share_of(self, lon: Floats, lat: Floats, along_m: Floats) -> Floats:
        """Return about which share of its edge a place on it is."""
        if self.geodesic:
            share = along_m / np.where(self.length > 0, self.length, 1.0)
        else:
            dlon, dlat = self.lon2 - self.lon1, self.lat2 - self.lat1
            off = lon - self.lon1
            off -= 360 * np.round((off - dlon / 2) / 360)
            by_lon = off / np.where(dlon != 0, dlon, 1.0)
            by_lat = (lat - self.lat1) / np.where(dlat != 0, dlat, 1.0)
            share = np.where(np.abs(dlon) > np.abs(dlat), by_lon, by_lat)
        out: Floats = np.clip(share, 0.0, 1.0)
        return out


def refine(lon: Floats, lat: Floats, about_m: Floats, edges: Edges, target: tuple[Pieces, Tree]) -> Found:
    """Return the nearest place of the target to far points, as Karney's algorithm measures it.

    Every edge that the bounds leave as possible is tried; on each, Newton's method looks for
    the foot, and both ends are tried too.

    Parameters
    ----------
    lon, lat : array of shape (n,)
        Degrees.
    about_m : array of shape (n,)
        The distance in closed form.
    edges, target
        The target: its edges, and its pieces with their tree.
    """
    parts = []
    begin, size = 0, 32
    while begin < len(lon):
        part = slice(begin, begin + size)
        found, pairs = _refine(lon[part], lat[part], about_m[part], edges, target)
        parts.append(found)
        begin += size
        # As many points at a time as keep the pairs to a few ten thousand.
        size = int(np.clip(size * _PAIRS / max(pairs, 1), 1, 4096))
    return Found(*(np.concatenate([getattr(part, name) for part in parts]) for name in Found.__slots__))


def _refine(lon: Floats, lat: Floats, about_m: Floats, edges: Edges, target: tuple[Pieces, Tree]) -> tuple[Found, int]:
    pieces, tree = target
    p = ecef(lon, lat)
    within = np.where(about_m <= _TRUSTED_M, about_m + closed_form_error(about_m) + 1.0, LONGEST_M)
    point, piece = candidates(p, tree, within)
    pairs = len(point)
    q, t = foot(p[point], pieces.a[piece], pieces.b[piece], pieces.bend_m[piece])
    d = closed_form(p[point], q)
    chord = np.sqrt(np.einsum("ij,ij->i", q - p[point], q - p[point]))
    keep = _possible(point, d, chord, pieces.length_m[piece])
    point, piece, q, t = point[keep], piece[keep], q[keep], t[keep]
    qlon, qlat = lonlat(q)
    _, _, d = inverse(lon[point], lat[point], qlon, qlat)
    keep = d - _foot_error(d, pieces.length_m[piece]) <= _least(point, d)
    point, piece, q, t, d = point[keep], piece[keep], q[keep], t[keep], d[keep]
    # Of the pieces of one edge only the nearest starts the search along that edge.
    order = np.lexsort((d, pieces.edge[piece], point))
    point, piece, q, t = point[order], piece[order], q[order], t[order]
    edge = pieces.edge[piece]
    new = np.r_[True, (point[1:] != point[:-1]) | (edge[1:] != edge[:-1])]
    point, piece, q, t, edge = point[new], piece[new], q[new], t[new], edge[new]
    course, share = _start(edges, pieces, (piece, q, t))
    top, top_share = _walk(course, share, lon[point], lat[point])
    order = np.lexsort((edge, top, point))
    first = order[np.flatnonzero(np.r_[True, point[order][1:] != point[order][:-1]])]
    flon, flat, _, _ = course.at(top_share)
    along = _along(course, top_share)
    return Found(top[first], edge[first], flon[first], flat[first], along[first]), pairs


def _possible(point: Ints, d: Floats, chord: Floats, length: Floats) -> npt.NDArray[np.bool_]:
    """Return which pieces of each point may be the nearest, by the bounds of chord and closed form."""
    most = longest_of_chord(chord)
    least = 2 * R_MAX_M * np.arcsin(np.minimum(chord / (2 * R_MAX_M), 1.0))
    trusted = d <= _TRUSTED_M
    error = closed_form_error(d)
    most = np.where(trusted, np.minimum(most, d + error), most)
    least = np.where(trusted, np.maximum(least, d - error - _foot_error(d, length)), least)
    return least <= _least(point, most)


def _foot_error(d: Floats, length: Floats) -> Floats:
    # A foot square to the chord is off by an angle of e² θ²/12 or a little more, on no more than a piece.
    out: Floats = np.where(d < _QUARTER_M, E2 / 6 * (d / R_MIN_M) ** 2, 1.0) * (length + 1.0)
    return out


def _least(point: Ints, values: Floats) -> Floats:
    first = np.r_[True, point[1:] != point[:-1]]
    out: Floats = np.minimum.reduceat(values, np.flatnonzero(first))[np.cumsum(first) - 1]
    return out


def _start(edges: Edges, pieces: Pieces, feet: tuple[Ints, Floats, Floats]) -> tuple[Course, Floats]:
    piece, q, t = feet
    qlon, qlat = lonlat(q)
    course = Course(edges, pieces.edge[piece])
    return course, course.share_of(qlon, qlat, pieces.start_m[piece] + t * pieces.length_m[piece])


def exact(lon: Floats, lat: Floats, edges: Edges, pieces: Pieces, feet: tuple[Ints, Floats, Floats]) -> Floats:
    """Return the distance of each point from the edge of a piece, from a foot that is nearly right.

    Parameters
    ----------
    lon, lat : array of shape (n,)
        Degrees.
    edges, pieces
        The target.
    feet : tuple
        For each point the piece, the place in space and the share that `pieces.foot` gave.
    """
    course, share = _start(edges, pieces, feet)
    return _walk(course, share, lon, lat)[0]


def _along(course: Course, share: Floats) -> Floats:
    if course.geodesic:
        return share * course.length
    # The length of a line straight in degrees, by Simpson's rule on 64 parts of what lies before the foot.
    parts = 64
    total = np.zeros(len(share))
    for i in range(parts + 1):
        weight = 1 if i in (0, parts) else 4 if i % 2 else 2
        total += weight * course.at(share * (i / parts))[3]
    out: Floats = total * share / (3 * parts)
    return out


def _walk(course: Course, share: Floats, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the least distance to each course and where on it, from a start near it.

    Along a geodesic the distance has one least place as long as that is less than a quarter of
    the globe away; otherwise both ends are tried too.
    """
    top = np.full(len(share), np.inf)
    top_share = share.copy()
    now = share
    for _ in range(_STEPS):
        d, step, speed = _look(course, now, lon, lat)
        better = d < top
        top, top_share = np.where(better, d, top), np.where(better, now, top_share)
        last, now = now, np.clip(now + step / np.where(speed > 0, speed, 1.0), 0.0, 1.0)
        if np.all(np.abs(now - last) * speed < _STILL_M):
            break
    if not course.geodesic or bool((top > _QUARTER_M).any()):
        for end in (0.0, 1.0):
            d, _, _ = _look(course, np.full(len(share), end), lon, lat)
            better = d < top
            top, top_share = np.where(better, d, top), np.where(better, end, top_share)
    return top, top_share


def _look(course: Course, share: Floats, lon: Floats, lat: Floats) -> tuple[Floats, Floats, Floats]:
    qlon, qlat, heading, speed = course.at(share)
    azimuth, _, d = inverse(qlon, qlat, lon, lat)
    return d, _step(course, azimuth, d, heading, qlat), speed


def _step(course: Course, azimuth: Floats, d: Floats, heading: Floats, lat: Floats) -> Floats:
    """Return how many metres ahead the foot should be."""
    turn = np.radians(azimuth - heading)
    theta = np.clip(d / _MEAN_RADIUS_M, 1e-12, np.pi - 1e-6)
    if course.geodesic:
        # The right-angled triangle on a sphere; what flattening leaves shrinks 300-fold a step.
        on_sphere: Floats = _MEAN_RADIUS_M * np.arctan2(np.sin(theta) * np.cos(turn), np.cos(theta))
        return on_sphere
    # Newton's step on cos(turn) = 0. A line straight in degrees bends against the geodesic.
    sin, cos = np.sin(np.radians(heading)), np.cos(np.radians(heading))
    bend = -np.tan(np.radians(np.clip(lat, -89.9, 89.9))) * sin * (1 + cos * cos)
    second = np.sin(turn) ** 2 / np.tan(theta) - bend * np.sin(turn)
    second = np.where(second > 0, np.maximum(second, 0.05), 0.5)
    out: Floats = _MEAN_RADIUS_M * np.clip(np.cos(turn) / second, -0.05, 0.05)
    return out
