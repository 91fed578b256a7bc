"""Curves on the ellipsoid, sampled so finely that straight lines in lon/lat may stand for them.

Four kinds: the curve beside an edge at distance *r*, an arc about a point, a
straight line (a geodesic) from a point, and a single point.  How many chords a
curve needs follows from how it bends and how a straight line in lon/lat bends; near a pole, where the
latter has no bound, chords are halved until their points at 1/4, 1/2 and 3/4 are near enough.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.chains import R_MEAN, forward, inverse, quantise, ragged_ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

POINT, ARC, SIDE, SPOKE = 0, 1, 2, 3
SKEW = 1.0887
"""Greatest of sin α·(1 + cos² α): a straight line in lon/lat bends against the geodesic by at most this · tan(lat)/R."""
_CALM_LAT = 80.0
_SHARE = 0.85
_LIMIT = 0.95
_MOST_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Spec:
    """How fine the boundary is: its distance, and the relative tolerance of that distance.

    Attributes
    ----------
    radius_m : float
    tol : float
    """

    radius_m: float
    tol: float

    @property
    def sag_m(self) -> float:
        """Greatest distance of a chord from its curve that is planned for."""
        return _SHARE * self.tol * self.radius_m

    @property
    def overlap(self) -> float:
        """How far pieces reach into one another, as a share of the radius: a corner so made is 0.05·tol too far."""
        return float(np.sqrt(0.1 * self.tol))

    @property
    def inner_sag_m(self) -> float:
        """Greatest distance of a chord from a curve inside the buffer: a tenth of the overlap."""
        return 0.1 * self.overlap * self.radius_m


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings in one flat array; ``ring`` names the ring of each point, ascending."""

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
        The ring that the curve is a part of, and its place there.
    lon, lat : float64 array (n,)
        The centre of an arc, the start of an edge, the start of a spoke; the foot of a point.
    azimuth : float64 array (n,)
        At which an arc begins, an edge leaves, a spoke or a point lies, degrees.
    reach_m : float64 array (n,)
        Length of an edge or a spoke; distance of a point from its foot; for an arc nothing.
    angle : float64 array (n,)
        Degrees that an arc turns counterclockwise; +90 for a side on the right of its edge, -90 on the left.
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
        """Return curves of one kind at one place of their rings: lon, lat, azimuth, reach_m, angle."""
        n = len(ring)
        return cls(np.full(n, kind), ring, np.full(n, order), *values)

    @classmethod
    def concatenate(cls, tables: list[Curves]) -> Curves:
        """Return the rows of several tables in one."""
        return cls(*(np.concatenate([getattr(table, f.name) for table in tables]) for f in fields(cls)))


def steepness(lat: Floats, reach_m: Floats | float) -> Floats:
    """Return tan of the largest latitude within reach, where that is below 80°, else tan 80°."""
    top = np.minimum(np.abs(lat) + np.degrees(np.asarray(reach_m) / R_MEAN), _CALM_LAT)
    out: Floats = np.tan(np.radians(top))
    return out


def sample(curves: Curves, spec: Spec) -> Rings:
    """Return the rings that curves make, fine enough for a specification."""
    count, stretch = _plan(curves, spec)
    owner, step = ragged_ranges(count + 1)
    u = step / np.maximum(count[owner], 1)
    u[(step == count[owner]) & (step > 0)] = 1.0
    lon, lat, _ = _at(curves, owner, u, stretch, spec)
    reach = np.where(curves.kind == ARC, spec.radius_m, curves.reach_m + spec.radius_m * (curves.kind == SIDE))
    wild = (np.abs(curves.lat) + np.degrees(reach / R_MEAN) > _CALM_LAT) & (curves.kind != POINT)
    if wild.any():
        mine = wild[owner]
        fine = _halve(curves, (owner[mine], u[mine], lon[mine], lat[mine]), stretch, spec)
        calm = ~mine
        owner, u, lon, lat = (
            np.concatenate([whole[calm], part]) for whole, part in zip((owner, u, lon, lat), fine, strict=True)
        )
    open_ = (curves.kind[owner] == ARC) | (curves.kind[owner] == SPOKE)
    full = (curves.kind[owner] == ARC) & (curves.angle[owner] == 360.0)
    keep = ~open_ | full | ((u > 0) & (u < 1))
    owner, u, lon, lat = owner[keep], u[keep], lon[keep], lat[keep]
    backward = (curves.kind[owner] == SIDE) & (curves.angle[owner] < 0)
    sort = np.lexsort((np.where(backward, -u, u), curves.order[owner], curves.ring[owner]))
    return Rings(quantise(lon[sort]), quantise(lat[sort]), curves.ring[owner[sort]])


def circle(spec: Spec, steep: float) -> tuple[int, float]:
    """Return how many chords a full circle needs, and the radius of its vertices.

    Parameters
    ----------
    spec : Spec
    steep : float
        The greatest ``r·tan(lat)/R`` on it.
    """
    r = spec.radius_m
    kappa, span = _bend(r), 2 * np.pi * R_MEAN * np.sin(r / R_MEAN)
    count = max(4, int(np.ceil(span / _chord(kappa, np.array(SKEW * steep / r), spec.sag_m))))
    return count, float(r + (span / count) ** 2 * kappa / 12)


def _bend(r: float) -> float:
    """Return the geodesic curvature of a circle."""
    return float(abs(np.cos(r / R_MEAN)) / (R_MEAN * np.sin(r / R_MEAN)))


def _chord(kappa: float, skew: Floats, sag: float) -> Floats:
    """Return the longest chord of a circle: the first and the last one start on it and sink by 0.7 of the sagitta."""
    out: Floats = np.minimum(np.sqrt(12 * sag / max(kappa, 1e-12)), np.sqrt(8 * sag / (0.7 * kappa + skew)))
    return out


def _plan(curves: Curves, spec: Spec) -> tuple[Ints, Floats]:
    """Return the number of chords of each curve, and the radius of the inner vertices of arcs.

    These stand a little outside, by two thirds of the sagitta, so that the chords leave as much
    area outside as inside.
    """
    r, sag = spec.radius_m, spec.sag_m
    kind = curves.kind
    arc, side, spoke = kind == ARC, kind == SIDE, kind == SPOKE
    skew = SKEW / R_MEAN * steepness(curves.lat, np.where(arc, r, curves.reach_m + r * side))
    angle = r / R_MEAN
    kappa = _bend(r)
    span = np.radians(np.abs(curves.angle)) * R_MEAN * np.sin(angle)
    chord = _chord(kappa, skew, sag)
    bend = np.tan(min(angle, 1.4)) / R_MEAN
    beside = curves.reach_m * np.sqrt((bend + skew) / (8 * sag))
    inner = curves.reach_m * np.sqrt(skew / (8 * spec.inner_sag_m))
    need = np.select([arc, side, spoke], [span / chord, beside, inner], 0.0)
    count = np.where(kind == POINT, 0, np.maximum(1, np.ceil(need))).astype(np.int64)
    full = arc & (curves.angle == 360.0)
    count[full] = np.maximum(count[full], 4)
    # a single chord has no inner vertex to make good for what it sinks
    count[arc & (count == 1) & (span * np.sqrt(kappa + skew) > np.sqrt(8 * sag))] = 2
    stretch = np.where(arc, r + (span / np.maximum(count, 1)) ** 2 * kappa / 12, r)
    return count, stretch


def _at(curves: Curves, k: Ints, u: Floats, stretch: Floats, spec: Spec) -> tuple[Floats, Floats, Floats]:
    """Return the points at shares ``u`` of curves ``k``, and the azimuth in which one arrives there."""
    kind = curves.kind[k]
    lon, lat, azimuth = curves.lon[k], curves.lat[k], curves.azimuth[k]
    distance = curves.reach_m[k]
    side = np.flatnonzero(kind == SIDE)
    if len(side):
        lon[side], lat[side], arrive = forward(lon[side], lat[side], azimuth[side], distance[side] * u[side])
        head = side[u[side] == 0]
        lon[head], lat[head] = curves.lon[k[head]], curves.lat[k[head]]
        azimuth[side] = np.where(u[side] == 0, azimuth[side], arrive) + curves.angle[k[side]]
        distance[side] = spec.radius_m
    arc = kind == ARC
    full = arc & (curves.angle[k] == 360.0)
    turned = np.where(full, u % 1.0, u)
    azimuth = np.where(arc, azimuth - curves.angle[k] * turned, azimuth)
    inner = full | ((u > 0) & (u < 1))
    distance = np.where(arc, np.where(inner, stretch[k], spec.radius_m), distance)
    spoke = kind == SPOKE
    distance = np.where(spoke, distance * u, distance)
    x, y, arrive = forward(lon, lat, azimuth, distance)
    still = distance == 0
    x[still], y[still] = lon[still], lat[still]
    return x, y, arrive


def _halve(
    curves: Curves, points: tuple[Ints, Floats, Floats, Floats], stretch: Floats, spec: Spec
) -> tuple[Ints, Floats, Floats, Floats]:
    """Halve chords until their points at 1/4, 1/2 and 3/4 are near their curves."""
    true = np.full(len(stretch), spec.radius_m)
    owner, u, lon, lat = points
    fresh = np.ones(len(owner), dtype=bool)
    for _ in range(_MOST_HALVINGS):
        first = np.flatnonzero((owner[1:] == owner[:-1]) & (fresh[1:] | fresh[:-1]))
        worst = np.zeros(len(first))
        k, low, high = owner[first], u[first], u[first + 1]
        east = (lon[first + 1] - lon[first] + 180.0) % 360.0 - 180.0
        north = lat[first + 1] - lat[first]
        spoke = curves.kind[k] == SPOKE
        for share in (0.25, 0.5, 0.75):
            x, y, toward = _at(curves, k, low + (high - low) * share, true, spec)
            away, _, gap = inverse(x, y, lon[first] + east * share, lat[first] + north * share)
            across = np.radians(away - toward)
            worst = np.maximum(worst, gap * np.abs(np.where(spoke, np.sin(across), np.cos(across))))
        limit = np.where(spoke, spec.inner_sag_m, _LIMIT * spec.tol * spec.radius_m)
        split = first[(worst > limit) & (u[first + 1] - u[first] > 1e-12)]
        if not len(split):
            break
        k, middle = owner[split], (u[split] + u[split + 1]) / 2
        x, y, _ = _at(curves, k, middle, stretch, spec)
        fresh = np.insert(np.zeros(len(owner), dtype=bool), split + 1, True)
        fresh_owner, fresh_u = np.insert(owner, split + 1, k), np.insert(u, split + 1, middle)
        owner, u = fresh_owner, fresh_u
        lon, lat = np.insert(lon, split + 1, x), np.insert(lat, split + 1, y)
    return owner, u, lon, lat
