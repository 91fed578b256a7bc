"""WGS84: its constants, its points in space, and the length of a geodesic from two of them.

A point of the surface is held as its earth-centred, earth-fixed (ECEF) place in metres.  There
is no projection, so there is no seam at the antimeridian and no special case at the poles.
``docs/geodesy.md`` derives the formulas and their bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

A_M = 6378137.0
"""Equatorial radius (definition of WGS84)."""
F = 1 / 298.257223563
"""Flattening (definition of WGS84)."""
B_M = A_M * (1 - F)
E2 = F * (2 - F)
K = 1 / (1 - E2)
"""a²/b²: the surface is x² + y² + K z² = a², its gradient (x, y, K z)."""
R_MIN_M = B_M * B_M / A_M
"""The smallest radius of curvature, of the meridian at the equator."""
R_MAX_M = A_M * A_M / B_M
"""The largest radius of curvature, at the poles."""
LONGEST_M = 20_003_931.46
"""Half a meridian, rounded up: no shortest path is longer."""

GEOD = pyproj.Geod(ellps="WGS84")


def inverse(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the inverse problem by Karney's algorithm (PROJ's, good to 15 nm).

    Returns
    -------
    azimuth, back, distance : arrays
        The direction at the first point and the one back at the second, degrees; metres.
    """
    azimuth, back, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    return (
        np.asarray(azimuth, dtype=np.float64),
        np.asarray(back, dtype=np.float64),
        np.asarray(metres, dtype=np.float64),
    )


def direct(lon: Floats, lat: Floats, azimuth_deg: Floats, distance_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the direct problem by Karney's algorithm.

    Returns
    -------
    lon, lat, azimuth : arrays
        Where the geodesic leads, and its direction there, degrees.
    """
    x, y, back = GEOD.fwd(lon, lat, azimuth_deg, distance_m)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), np.asarray(back, dtype=np.float64) + 180.0


def ring_area(lon: Floats, lat: Floats) -> float:
    """Return the area of a ring in m² by Karney's algorithm, positive if it runs counterclockwise."""
    area, _ = GEOD.polygon_area_perimeter(lon, lat)
    return float(area)


def ecef(lon: Floats, lat: Floats) -> Floats:
    """Return the place in space of points of the surface.

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
    """Return longitude and latitude in degrees of points on the surface, the reverse of `ecef`."""
    lon = np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0]))
    lat = np.degrees(np.arctan2(K * xyz[:, 2], np.hypot(xyz[:, 0], xyz[:, 1])))
    return lon, lat


def normals(xyz: Floats) -> Floats:
    """Return the outward unit normals of the surface at points of it."""
    gradient = xyz * np.array([1.0, 1.0, K])
    out: Floats = gradient / np.sqrt(np.einsum("ij,ij->i", gradient, gradient))[:, None]
    return out


def closed_form(p: Floats, q: Floats) -> Floats:
    """Return the geodesic distance between points of the surface in closed form.

    With unit normals n, ``D = q - p``, ``c = |D|``, ``m = (n_q - n_p)·D / 2c``, ``Δ`` the
    difference of the z of the normals and ``z`` their mean::

        d = c · asin(m)/m · (1 + e²/60 · m² · (Δ² - (2 m z)²))

    The first factor is exact on a sphere; the second is the first term of the curvature's
    change along the geodesic (``docs/geodesy.md``).  Within 1e-8 m to 100 km and 5e-6 m to
    500 km of Karney's algorithm.

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
    c = np.sqrt(np.einsum("ij,ij->i", chord, chord))
    safe = np.where(c > 0, c, 1.0)
    m = np.clip(np.einsum("ij,ij->i", n_q - n_p, chord) / (2 * safe), 0.0, 1.0)
    ratio = np.where(m > 1e-8, np.arcsin(m) / np.where(m > 1e-8, m, 1.0), 1.0)
    m2 = m * m
    dz = n_q[:, 2] - n_p[:, 2]
    z = 0.5 * (n_q[:, 2] + n_p[:, 2])
    out: Floats = c * ratio * (1 + E2 / 60 * m2 * (dz * dz - 4 * m2 * z * z))
    return out


def closed_form_error(d: Floats) -> Floats:
    """Return a bound in metres on the error of `closed_form` at distances up to 18,000 km.

    Twice the largest error that was measured against Karney's algorithm over all latitudes and
    azimuths, which the terms of the fifth and seventh power follow (``docs/geodesy.md``).
    """
    out: Floats = 1e-8 + 2 * (1.5e-34 * d**5 + 1.4e-46 * d**7)
    return out


def longest_of_chord(c: Floats) -> Floats:
    """Return the most that a geodesic with a chord of ``c`` metres can measure (Schur's theorem)."""
    half = np.minimum(c / (2 * R_MIN_M), 1.0)
    out: Floats = np.where(half < 1.0, 2 * R_MIN_M * np.arcsin(half), LONGEST_M)
    return out


def chord_of_longest(d: Floats) -> Floats:
    """Return the chord beyond which no geodesic is as short as ``d`` metres."""
    out: Floats = 2 * R_MAX_M * np.sin(np.minimum(d / (2 * R_MAX_M), np.pi / 2))
    return out
