"""Curves on the ellipsoid, sampled so finely that straight lines in lon/lat can replace them.

There are four kinds: the curve parallel to an edge at distance *r*, an arc around a point, a
geodesic from a point, and a single point.  The number of chords follows from the curvature of the
curve and of a straight line in lon/lat.  Near a pole the latter is unbounded; there, chords are
bisected until their points at 1/4, 1/2 and 3/4 are close enough to the curve.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from geoconflict.geodesy._ellipsoid import R_MEAN_M, Floats, Ints, direct, inverse, quantise
from geoconflict.geodesy._pieces import ragged_ranges

POINT, ARC, SIDE, SPOKE = 0, 1, 2, 3
SKEW = 1.0887
"""Maximum of sin α·(1 + cos² α): a straight line in lon/lat has a geodesic curvature of at most this · tan(lat)/R."""
_REGULAR_LAT = 80.0
_SAG_SHARE = 0.85
_MAX_SHARE = 0.95
_MAX_BISECTIONS = 40


@dataclass(frozen=True, slots=True)
class BufferSpec:
    """The radius of a buffer, and the relative tolerance of its boundary.

    Attributes
    ----------
    radius_m : float
    tol : float
    """

    radius_m: float
    tol: float

    @property
    def sag_m(self) -> float:
        """The planned greatest distance of a chord from its curve."""
        return _SAG_SHARE * self.tol * self.radius_m

    @property
    def overlap(self) -> float:
        """How far pieces overlap, as a share of the radius: the resulting corner is 0.05·tol too far away."""
        return float(np.sqrt(0.1 * self.tol))

    @property
    def inner_sag_m(self) -> float:
        """The greatest distance of a chord from a curve inside the buffer: a tenth of the overlap."""
        return 0.1 * self.overlap * self.radius_m


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings in flat arrays; ``ring`` is the ring of each point, ascending."""

    lon: Floats
    lat: Floats
    ring: Ints


@dataclass(frozen=True, slots=True)
class Curves:
    """A table of curves, the parts of rings.

    Attributes
    ----------
    kind : int64 array (n,)
        ``POINT``, ``ARC``, ``SIDE`` or ``SPOKE``.
    ring, order : int64 array (n,)
        The ring that the curve is part of, and its position in it.
    lon, lat : float64 array (n,)
        The centre of an arc, the start of the edge of a side, the start of a spoke; for a point
        the position that it is ``reach_m`` away from.
    azimuth : float64 array (n,)
        Azimuth, degrees: of the start of an arc, of the edge of a side at its start, of a spoke,
        or of a point.
    reach_m : float64 array (n,)
        Length of an edge or a spoke; distance of a point; unused for an arc.
    angle : float64 array (n,)
        Counterclockwise angle of an arc, degrees; +90 for a side to the right of its edge, -90
        for one to the left.
    """

    kind: Ints
    ring: Ints
    order: Ints
    lon: Floats
    lat: Floats
    azimuth: Floats
    reach_m: Floats
    angle: Floats

    @classmethod
    def of(cls, kind: int, ring: Ints, order: int, *values: Floats) -> Curves:
        """Return curves of one kind with the same position in their rings: lon, lat, azimuth, reach_m, angle."""
        n = len(ring)
        return cls(np.full(n, kind), ring, np.full(n, order), *values)

    @classmethod
    def concatenate(cls, tables: list[Curves]) -> Curves:
        """Return the rows of several tables as one table."""
        return cls(*(np.concatenate([getattr(table, f.name) for table in tables]) for f in fields(cls)))


def steepness(lat: Floats, reach_m: Floats | float) -> Floats:
    """Return tan of the highest latitude within reach, at most tan 80°."""
    top = np.minimum(np.abs(lat) + np.degrees(np.asarray(reach_m) / R_MEAN_M), _REGULAR_LAT)
    out: Floats = np.tan(np.radians(top))
    return out


def sample(curves: Curves, spec: BufferSpec) -> Rings:
    """Return the rings that the curves form, sampled finely enough for the tolerance."""
    count, stretch = _chord_counts(curves, spec)
    owner, step = ragged_ranges(count + 1)
    u = step / np.maximum(count[owner], 1)
    u[(step == count[owner]) & (step > 0)] = 1.0
    lon, lat, _ = _at(curves, owner, u, stretch, spec)
    reach = np.where(curves.kind == ARC, spec.radius_m, curves.reach_m + spec.radius_m * (curves.kind == SIDE))
    polar = (np.abs(curves.lat) + np.degrees(reach / R_MEAN_M) > _REGULAR_LAT) & (curves.kind != POINT)
    if polar.any():
        mine = polar[owner]
        fine = _bisect(curves, (owner[mine], u[mine], lon[mine], lat[mine]), stretch, spec)
        regular = ~mine
        owner, u, lon, lat = (
            np.concatenate([whole[regular], part]) for whole, part in zip((owner, u, lon, lat), fine, strict=True)
        )
    open_ = (curves.kind[owner] == ARC) | (curves.kind[owner] == SPOKE)
    full = (curves.kind[owner] == ARC) & (curves.angle[owner] == 360.0)
    keep = ~open_ | full | ((u > 0) & (u < 1))
    owner, u, lon, lat = owner[keep], u[keep], lon[keep], lat[keep]
    backward = (curves.kind[owner] == SIDE) & (curves.angle[owner] < 0)
    sort = np.lexsort((np.where(backward, -u, u), curves.order[owner], curves.ring[owner]))
    return Rings(quantise(lon[sort]), quantise(lat[sort]), curves.ring[owner[sort]])


def circle_chords(spec: BufferSpec, steep: float) -> tuple[int, float]:
    """Return how many chords a full circle needs, and the radius of its vertices.

    Parameters
    ----------
    spec : BufferSpec
    steep : float
        The greatest ``r·tan(lat)/R`` on the circle.
    """
    r = spec.radius_m
    kappa, span = _circle_curvature(r), 2 * np.pi * R_MEAN_M * np.sin(r / R_MEAN_M)
    count = max(4, int(np.ceil(span / _longest_chord(kappa, np.array(SKEW * steep / r), spec.sag_m))))
    return count, float(r + (span / count) ** 2 * kappa / 12)


def _circle_curvature(r: float) -> float:
    """Return the geodesic curvature of a circle."""
    return float(abs(np.cos(r / R_MEAN_M)) / (R_MEAN_M * np.sin(r / R_MEAN_M)))


def _longest_chord(kappa: float, skew: Floats, sag: float) -> Floats:
    """Return the longest chord of a circle: the first and the last one start on it and sink by 0.7 of the sagitta."""
    out: Floats = np.minimum(np.sqrt(12 * sag / max(kappa, 1e-12)), np.sqrt(8 * sag / (0.7 * kappa + skew)))
    return out


def _chord_counts(curves: Curves, spec: BufferSpec) -> tuple[Ints, Floats]:
    """Return the number of chords of each curve, and the radius of the inner vertices of arcs.

    These vertices are outside the arc by two thirds of the sagitta, so that the area that the
    chords add equals the area that they leave out.
    """
    r, sag = spec.radius_m, spec.sag_m
    kind = curves.kind
    arc, side, spoke = kind == ARC, kind == SIDE, kind == SPOKE
    skew = SKEW / R_MEAN_M * steepness(curves.lat, np.where(arc, r, curves.reach_m + r * side))
    angle = r / R_MEAN_M
    kappa = _circle_curvature(r)
    span = np.radians(np.abs(curves.angle)) * R_MEAN_M * np.sin(angle)
    chord = _longest_chord(kappa, skew, sag)
    side_curvature = np.tan(min(angle, 1.4)) / R_MEAN_M
    of_side = curves.reach_m * np.sqrt((side_curvature + skew) / (8 * sag))
    of_spoke = curves.reach_m * np.sqrt(skew / (8 * spec.inner_sag_m))
    need = np.select([arc, side, spoke], [span / chord, of_side, of_spoke], 0.0)
    count = np.where(kind == POINT, 0, np.maximum(1, np.ceil(need))).astype(np.int64)
    full = arc & (curves.angle == 360.0)
    count[full] = np.maximum(count[full], 4)
    # A single chord has no inner vertex that could compensate for its sagitta.
    count[arc & (count == 1) & (span * np.sqrt(kappa + skew) > np.sqrt(8 * sag))] = 2
    stretch = np.where(arc, r + (span / np.maximum(count, 1)) ** 2 * kappa / 12, r)
    return count, stretch


def _at(curves: Curves, k: Ints, u: Floats, stretch: Floats, spec: BufferSpec) -> tuple[Floats, Floats, Floats]:
    """Return the points at shares ``u`` of curves ``k``, and the azimuth on arrival there."""
    kind = curves.kind[k]
    lon, lat, azimuth = curves.lon[k], curves.lat[k], curves.azimuth[k]
    distance = curves.reach_m[k]
    side = np.flatnonzero(kind == SIDE)
    if len(side):
        lon[side], lat[side], arrival = direct(lon[side], lat[side], azimuth[side], distance[side] * u[side])
        head = side[u[side] == 0]
        lon[head], lat[head] = curves.lon[k[head]], curves.lat[k[head]]
        azimuth[side] = np.where(u[side] == 0, azimuth[side], arrival) + curves.angle[k[side]]
        distance[side] = spec.radius_m
    arc = kind == ARC
    full = arc & (curves.angle[k] == 360.0)
    turned = np.where(full, u % 1.0, u)
    azimuth = np.where(arc, azimuth - curves.angle[k] * turned, azimuth)
    inner = full | ((u > 0) & (u < 1))
    distance = np.where(arc, np.where(inner, stretch[k], spec.radius_m), distance)
    spoke = kind == SPOKE
    distance = np.where(spoke, distance * u, distance)
    x, y, arrival = direct(lon, lat, azimuth, distance)
    still = distance == 0
    x[still], y[still] = lon[still], lat[still]
    return x, y, arrival


def _bisect(
    curves: Curves, points: tuple[Ints, Floats, Floats, Floats], stretch: Floats, spec: BufferSpec
) -> tuple[Ints, Floats, Floats, Floats]:
    """Bisect chords until their points at 1/4, 1/2 and 3/4 are close enough to their curves."""
    true_radius = np.full(len(stretch), spec.radius_m)
    owner, u, lon, lat = points
    fresh = np.ones(len(owner), dtype=bool)
    for _ in range(_MAX_BISECTIONS):
        first = np.flatnonzero((owner[1:] == owner[:-1]) & (fresh[1:] | fresh[:-1]))
        worst = np.zeros(len(first))
        k, low, high = owner[first], u[first], u[first + 1]
        east = (lon[first + 1] - lon[first] + 180.0) % 360.0 - 180.0
        north = lat[first + 1] - lat[first]
        spoke = curves.kind[k] == SPOKE
        for share in (0.25, 0.5, 0.75):
            x, y, toward = _at(curves, k, low + (high - low) * share, true_radius, spec)
            away, _, gap = inverse(x, y, lon[first] + east * share, lat[first] + north * share)
            across = np.radians(away - toward)
            worst = np.maximum(worst, gap * np.abs(np.where(spoke, np.sin(across), np.cos(across))))
        limit = np.where(spoke, spec.inner_sag_m, _MAX_SHARE * spec.tol * spec.radius_m)
        split = first[(worst > limit) & (u[first + 1] - u[first] > 1e-12)]
        if not len(split):
            break
        k, middle = owner[split], (u[split] + u[split + 1]) / 2
        x, y, _ = _at(curves, k, middle, stretch, spec)
        fresh = np.insert(np.zeros(len(owner), dtype=bool), split + 1, True)
        owner, u = np.insert(owner, split + 1, k), np.insert(u, split + 1, middle)
        lon, lat = np.insert(lon, split + 1, x), np.insert(lat, split + 1, y)
    return owner, u, lon, lat
