"""WGS84: constants, ECEF coordinates, and the direct and inverse geodesic problems.

A point on the surface is stored as earth-centred, earth-fixed (ECEF) coordinates in metres.
Nothing is projected, so the antimeridian and the poles need no special case.
``docs/geodesy.md`` derives the formulas and their error bounds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

A_M = 6378137.0
"""Equatorial radius (definition of WGS84)."""
F = 1 / 298.257223563
"""Flattening (definition of WGS84)."""
B_M = A_M * (1 - F)
E2 = F * (2 - F)
K = 1 / (1 - E2)
"""a²/b²: the surface is x² + y² + K z² = a², its gradient (x, y, K z)."""
GRADIENT = np.array([1.0, 1.0, K])
"""Factors that turn ECEF coordinates into the gradient of the surface."""
R_MIN_M = B_M * B_M / A_M
"""The smallest radius of curvature, of the meridian at the equator."""
R_MAX_M = A_M * A_M / B_M
"""The largest radius of curvature, at the poles."""
R_MEAN_M = 6_371_008.8
"""Mean radius (2a + b) / 3."""
LONGEST_M = 20_003_931.46
"""Half a meridian, rounded up: no shortest path is longer."""

_GEOD = pyproj.Geod(ellps="WGS84")
_QUANTUM = 2.0**44


def inverse(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the inverse problem with Karney's algorithm (PROJ's, accurate to 15 nm).

    Returns
    -------
    azimuth, arrival, distance : arrays
        Azimuths of the geodesic at its first and at its second point, degrees; metres.
    """
    azimuth, back, metres = _GEOD.inv(lon1, lat1, lon2, lat2)
    return (
        np.asarray(azimuth, dtype=np.float64),
        np.asarray(back, dtype=np.float64) + 180.0,
        np.asarray(metres, dtype=np.float64),
    )


def direct(lon: Floats, lat: Floats, azimuth_deg: Floats, distance_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the direct problem with Karney's algorithm.

    Returns
    -------
    lon, lat, arrival : arrays
        The end of the geodesic and its azimuth there, degrees.
    """
    x, y, back = _GEOD.fwd(lon, lat, azimuth_deg, distance_m)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), np.asarray(back, dtype=np.float64) + 180.0


def ring_area(lon: Floats, lat: Floats) -> float:
    """Return the area of a ring in m² with Karney's algorithm, positive if it is counterclockwise."""
    area, _ = _GEOD.polygon_area_perimeter(lon, lat)
    return float(area)


def quantise(degrees: Floats) -> Floats:
    """Round degrees to multiples of 2**-44 (6 nm), so that adding 360 degrees is exact."""
    out: Floats = np.round(degrees * _QUANTUM) / _QUANTUM
    return out


def row_dot(u: Floats, v: Floats) -> Floats:
    """Return the dot products of the rows of two arrays of shape (n, 3)."""
    out: Floats = np.einsum("ij,ij->i", u, v)
    return out


def row_norm(u: Floats) -> Floats:
    """Return the lengths of the rows of an array of shape (n, 3)."""
    out: Floats = np.sqrt(np.einsum("ij,ij->i", u, u))
    return out


def ecef(lon: Floats, lat: Floats) -> Floats:
    """Convert longitude and latitude on the surface to ECEF coordinates.

    Parameters
    ----------
    lon, lat : array of shape (n,)
        Degrees.

    Returns
    -------
    array of shape (n, 3)
        Metres.
    """
    lam, phi = np.radians(lon), np.radians(lat)
    sin_phi, cos_phi = np.sin(phi), np.cos(phi)
    radius = A_M / np.sqrt(1 - E2 * sin_phi * sin_phi)
    out = np.empty((len(lam), 3))
    out[:, 0] = radius * cos_phi * np.cos(lam)
    out[:, 1] = radius * cos_phi * np.sin(lam)
    out[:, 2] = radius * (1 - E2) * sin_phi
    return out


def lonlat(xyz: Floats) -> tuple[Floats, Floats]:
    """Convert ECEF coordinates of points on the surface to longitude and latitude in degrees."""
    lon = np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0]))
    lat = np.degrees(np.arctan2(K * xyz[:, 2], np.hypot(xyz[:, 0], xyz[:, 1])))
    return lon, lat


def normals(xyz: Floats) -> Floats:
    """Return the outward unit normals of the surface at points on it."""
    gradient = xyz * GRADIENT
    out: Floats = gradient / row_norm(gradient)[:, None]
    return out


def closed_form(p: Floats, q: Floats) -> Floats:
    """Return the geodesic distance between points on the surface in closed form.

    With unit normals n, ``D = q - p``, ``c = |D|``, ``m = (n_q - n_p)·D / 2c``, ``Δ`` the
    difference of the z components of the normals and ``z`` their mean::

        d = c · asin(m)/m · (1 + e²/60 · m² · (Δ² - (2 m z)²))

    The first factor is exact on a sphere; the second is the first term of the change of
    curvature along the geodesic (``docs/geodesy.md``).  The result agrees with Karney's
    algorithm to 1e-8 m up to 100 km and to 5e-6 m up to 500 km.

    Parameters
    ----------
    p, q : array of shape (n, 3)
        ECEF in metres.

    Returns
    -------
    array of shape (n,)
        Metres.
    """
    n_p, n_q = normals(p), normals(q)
    chord = q - p
    c = row_norm(chord)
    safe = np.where(c > 0, c, 1.0)
    m = np.clip(row_dot(n_q - n_p, chord) / (2 * safe), 0.0, 1.0)
    ratio = np.where(m > 1e-8, np.arcsin(m) / np.where(m > 1e-8, m, 1.0), 1.0)
    m2 = m * m
    dz = n_q[:, 2] - n_p[:, 2]
    z = 0.5 * (n_q[:, 2] + n_p[:, 2])
    out: Floats = c * ratio * (1 + E2 / 60 * m2 * (dz * dz - 4 * m2 * z * z))
    return out


def closed_form_error(d: Floats) -> Floats:
    """Return a bound in metres on the error of `closed_form` at distances up to 18,000 km.

    The bound is twice the largest error measured against Karney's algorithm over all latitudes
    and azimuths, fitted by terms of the fifth and seventh power (``docs/geodesy.md``).
    """
    out: Floats = 1e-8 + 2 * (1.5e-34 * d**5 + 1.4e-46 * d**7)
    return out


def max_distance_of_chord(c: Floats) -> Floats:
    """Return the length of the longest geodesic over a chord of ``c`` metres (Schur's theorem)."""
    half = np.minimum(c / (2 * R_MIN_M), 1.0)
    out: Floats = np.where(half < 1.0, 2 * R_MIN_M * np.arcsin(half), LONGEST_M)
    return out


def max_chord_of_distance(d: Floats) -> Floats:
    """Return the longest chord of a geodesic of ``d`` metres."""
    out: Floats = 2 * R_MAX_M * np.sin(np.minimum(d / (2 * R_MAX_M), np.pi / 2))
    return out
