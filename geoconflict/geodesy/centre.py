"""Centres of mass on the authalic sphere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.geodesy.ellipsoid import E2
from geoconflict.geodesy.shapes import LINE, RING, take_apart

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_EDGE_M = 20_000.0
_E = float(np.sqrt(E2))
_Q_POLE = (1 - E2) * (1 / (1 - E2) + np.arctanh(_E) / _E)


def _sin_authalic(lat: Floats) -> Floats:
    # Snyder (1987), eq. 3-11 and 3-12.
    s = np.sin(np.radians(lat))
    out: Floats = (1 - E2) * (s / (1 - E2 * s * s) + np.arctanh(_E * s) / _E) / _Q_POLE
    return np.clip(out, -1.0, 1.0)


def _latitude(sin_authalic: Floats) -> Floats:
    # Newton's method on the equation above; dq/dφ is 2 (1 - e²) cos φ / (1 - e² sin² φ)².
    phi = np.arcsin(np.clip(sin_authalic, -1.0, 1.0))
    for _ in range(6):
        s, c = np.sin(phi), np.cos(phi)
        slope = 2 * (1 - E2) * c / (1 - E2 * s * s) ** 2 / _Q_POLE
        error = _sin_authalic(np.degrees(phi)) - sin_authalic
        phi = np.clip(phi - np.where(c > 1e-9, error / np.where(c > 1e-9, slope, 1.0), 0.0), -np.pi / 2, np.pi / 2)
    out: Floats = np.degrees(phi)
    return out


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    z = _sin_authalic(lat)
    r, lam = np.sqrt(1 - z * z), np.radians(lon)
    out: Floats = np.c_[r * np.cos(lam), r * np.sin(lam), z]
    return out


def centres(geoms: npt.NDArray[Any]) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Return longitude and latitude of the centres, and where there is none.

    The first moment of a region of a sphere is half the sum of ``θ n`` over its edges, with
    ``θ`` the length of a great-circle edge and ``n`` the normal of its plane, to the left.
    """
    from geoconflict.geodesy.measures import densify

    shapes = take_apart(np.asarray(densify(geoms, _EDGE_M), dtype=object))
    start, end = shapes.edges()
    place = _on_sphere(shapes.lon, shapes.lat)
    p, q, line = place[start], place[end], shapes.line[start]
    cross = np.cross(p, q)
    sine = np.sqrt(np.einsum("ij,ij->i", cross, cross))
    angle = np.arctan2(sine, np.einsum("ij,ij->i", p, q))
    kind, row = shapes.kind[line], shapes.row[line]
    highest = np.zeros(len(geoms), dtype=np.int64)
    np.maximum.at(highest, row, kind)

    lines = len(shapes.row)
    flux = 0.5 * cross * (angle / np.where(sine > 0, sine, 1.0))[:, None]
    ring_moment = np.zeros((lines, 3))
    np.add.at(ring_moment, line, flux)
    ring_moment *= _inward(shapes.polygon, shapes.kind, ring_moment, place, shapes.line)[:, None]
    moment = np.zeros((len(geoms), 3))
    np.add.at(moment, shapes.row, np.where((shapes.kind == RING)[:, None], ring_moment, 0.0))
    for least, weight in ((LINE, sine), (0, np.ones(len(line)))):
        use = (highest[row] == least) & (kind == least)
        np.add.at(moment, row[use], (0.5 * (p + q) * weight[:, None])[use])
    size = np.sqrt(np.einsum("ij,ij->i", moment, moment))
    lost = size < 1e-15
    unit = moment / np.where(lost, 1.0, size)[:, None]
    return np.degrees(np.arctan2(unit[:, 1], unit[:, 0])), _latitude(unit[:, 2]), lost


def _inward(
    polygon: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
    moment: Floats,
    place: Floats,
    line: npt.NDArray[np.int64],
) -> Floats:
    # The moment of a region of less than half the globe points to the side where its ring lies.
    middle = np.zeros((len(kind), 3))
    np.add.at(middle, line, place)
    sign = np.where(np.einsum("ij,ij->i", moment, middle) < 0, -1.0, 1.0)
    shell = np.r_[True, polygon[1:] != polygon[:-1]]
    out: Floats = np.where(kind == RING, np.where(shell, sign, -sign), 0.0)
    return out
