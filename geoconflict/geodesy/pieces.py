"""Edges cut into pieces of at most 5 km, and the foot of a point on a piece.

A piece runs from ``A`` to ``B`` on the surface.  Between them it is::

    Q(t) = A + t D + t(1 - t) (s G + 4 b E)        0 ≤ t ≤ 1

with ``D = B - A``; ``G`` the gradient of the surface at the middle of the chord, which is
square to ``D``; ``s = (Dx² + Dy² + K Dz²) / 2 G·G``, which lifts the chord to the surface;
``E`` the unit vector along ``D × G`` (to the right of the direction of travel); and ``b`` the
sagitta in metres along it, 0 for a geodesic.  A geodesic of 5 km leaves this curve by at most
1e-7 m (``docs/geodesy.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.ellipsoid import R_MIN_M, K, closed_form, direct, ecef, inverse

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

LONGEST_PIECE_M = 5000.0
_BEND_M = 2e-7
_SHORTEST_SPLIT_M = 0.5
_MOST_ROUNDS = 24


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of edges, and where on its edge each lies.

    Attributes
    ----------
    a, b : array of shape (p, 3)
        Ends, ECEF in metres.
    bend_m : array of shape (p,)
        Sagitta to the right, metres.
    edge : array of shape (p,)
        The edge that the piece is part of.
    start_m, length_m : array of shape (p,)
        Where the piece starts along its edge, and how long it is.
    rank : array of shape (p,)
        Its place in the order of edges, whatever order the pieces stand in.
    """

    a: Floats
    b: Floats
    bend_m: Floats
    edge: Ints
    start_m: Floats
    length_m: Floats

    rank: Ints

    def take(self, order: Ints) -> Pieces:
        """Return the pieces in another order."""
        return Pieces(**{name: getattr(self, name)[order] for name in Pieces.__slots__})

    def boxes(self, frame: Floats) -> tuple[Floats, Floats]:
        """Return the corners of a box round each piece, along given axes from a given middle.

        The box of the chord is widened by the sagittas of the curve above and beside it.
        """
        a, b = self.a @ frame[:3].T - frame[3], self.b @ frame[:3].T - frame[3]
        d2 = np.einsum("ij,ij->i", self.b - self.a, self.b - self.a)
        # The sagitta is L²/8R with R at least b²/a; 1.01 and 1e-6 m cover L against its chord and rounding.
        margin = (1.01 * d2 / (8 * R_MIN_M) + np.abs(self.bend_m) + 1e-6)[:, None]
        return np.minimum(a, b) - margin, np.maximum(a, b) + margin


def cut_geodesic(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Pieces:
    """Return the pieces of edges that are geodesics, in order.

    An edge of up to 5 km is one piece. A longer one is cut at equal distances along the
    geodesic that Karney's algorithm gives, always walked from the same end, so that the two
    sides of a shared border are cut in the same places to the last bit.
    """
    a, b = ecef(lon1, lat1), ecef(lon2, lat2)
    length = closed_form(a, b)
    long = np.flatnonzero(length > LONGEST_PIECE_M)
    edge = np.arange(len(lon1))
    if len(long) == 0:
        return Pieces(a, b, np.zeros(len(a)), edge, np.zeros(len(a)), length, np.arange(len(a)))
    turned = (lon1 > lon2) | ((lon1 == lon2) & (lat1 > lat2))
    x1, y1 = np.where(turned, lon2, lon1), np.where(turned, lat2, lat1)
    x2, y2 = np.where(turned, lon1, lon2), np.where(turned, lat1, lat2)
    azimuth, _, exact = inverse(x1[long], y1[long], x2[long], y2[long])
    length[long] = exact
    count = np.ones(len(a), dtype=np.int64)
    count[long] = np.ceil(exact / LONGEST_PIECE_M).astype(np.int64)
    edge = np.repeat(edge, count)
    first = np.cumsum(count) - count
    step = np.arange(len(edge)) - first[edge]
    size = length[edge] / count[edge]
    start = step * size
    azimuths = np.zeros(len(length))
    azimuths[long] = azimuth
    inner = np.flatnonzero(step > 0)
    at = edge[inner]
    walked = np.where(turned[at], count[at] - step[inner], step[inner]) * size[inner]
    lon, lat, _ = direct(x1[at], y1[at], azimuths[at], walked)
    mid = ecef(lon, lat)
    heads, tails = a[edge], b[edge]
    heads[inner] = mid
    tails[inner - 1] = mid
    return Pieces(heads, tails, np.zeros(len(edge)), edge, start, size, np.arange(len(edge)))


def cut_lonlat(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Pieces:
    """Return the pieces of edges that are straight in longitude and latitude, in order.

    Each edge is halved until the bent piece follows it to 2e-7 m at a quarter and at three
    quarters, which near a pole takes short pieces.
    """
    count = len(lon1)
    edge = np.arange(count)
    t0, t1 = np.zeros(count), np.ones(count)
    rounds = 0
    done: list[tuple[Ints, Floats, Floats]] = []
    while len(edge):
        good = _follows(lon1[edge], lat1[edge], lon2[edge], lat2[edge], t0, t1) | (rounds >= _MOST_ROUNDS)
        done.append((edge[good], t0[good], t1[good]))
        edge, t0, t1 = edge[~good], t0[~good], t1[~good]
        half = (t0 + t1) / 2
        edge, t0, t1 = np.repeat(edge, 2), np.c_[t0, half].ravel(), np.c_[half, t1].ravel()
        rounds += 1
    edge = np.concatenate([part[0] for part in done])
    t0 = np.concatenate([part[1] for part in done])
    t1 = np.concatenate([part[2] for part in done])
    order = np.lexsort((t0, edge))
    edge, t0, t1 = edge[order], t0[order], t1[order]
    a, b, bend = _bent(lon1[edge], lat1[edge], lon2[edge], lat2[edge], t0, t1)
    d = b - a
    chord = np.sqrt(np.einsum("ij,ij->i", d, d))
    safe = np.where(chord > 0, chord, 1.0)
    # The bend lengthens the curve by 8 b² / 3 c, to the order that matters here.
    length = closed_form(a, b) + 8 * bend * bend / (3 * safe)
    total = np.cumsum(length)
    starts = np.searchsorted(edge, np.arange(count))
    before = total - length
    return Pieces(a, b, bend, edge, before - before[starts][edge], length, np.arange(len(edge)))


def _at(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t: Floats) -> Floats:
    return ecef(lon1 + t * (lon2 - lon1), lat1 + t * (lat2 - lat1))


def _bent(
    lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t0: Floats, t1: Floats
) -> tuple[Floats, Floats, Floats]:
    a = _at(lon1, lat1, lon2, lat2, t0)
    b = _at(lon1, lat1, lon2, lat2, t1)
    middle = _at(lon1, lat1, lon2, lat2, (t0 + t1) / 2)
    return a, b, _aside(a, b, middle, None)


def _aside(a: Floats, b: Floats, q: Floats, bend: Floats | None) -> Floats:
    # The sagitta that takes the piece through q, or how far q lies beside a piece of a given one.
    d = b - a
    g = 0.5 * (a + b) * np.array([1.0, 1.0, K])
    e = np.cross(d, g)
    size = np.sqrt(np.einsum("ij,ij->i", e, e))
    side = np.einsum("ij,ij->i", q - a, e) / np.where(size > 0, size, 1.0)
    d2 = np.einsum("ij,ij->i", d, d)
    t = np.einsum("ij,ij->i", q - a, d) / np.where(d2 > 0, d2, 1.0)
    bow = 4 * t * (1 - t)
    out: Floats = side / np.where(np.abs(bow) > 1e-6, bow, 1.0) if bend is None else side - bow * bend
    return out


def _follows(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t0: Floats, t1: Floats) -> npt.NDArray[np.bool_]:
    a, b, bend = _bent(lon1, lat1, lon2, lat2, t0, t1)
    d2 = np.einsum("ij,ij->i", b - a, b - a)
    worst = np.zeros(len(a))
    for share in (0.25, 0.75):
        q = _at(lon1, lat1, lon2, lat2, t0 + share * (t1 - t0))
        worst = np.maximum(worst, np.abs(_aside(a, b, q, bend)))
    turned = np.maximum(np.abs(lon2 - lon1), np.abs(lat2 - lat1)) * (t1 - t0) > 30
    fine = (worst <= _BEND_M) & (d2 <= LONGEST_PIECE_M**2) & ~turned
    out: npt.NDArray[np.bool_] = fine | ((d2 <= _SHORTEST_SPLIT_M**2) & ~turned)
    return out


def foot(p: Floats, a: Floats, b: Floats, bend: Floats) -> tuple[Floats, Floats]:
    """Return the place on each piece that is nearest to each point, and its share of the piece.

    Solves ``(p - Q(t)) · Q'(t) = 0`` to the first order in the height of the chord below the
    curve, with one correction; beyond a quarter of the globe the nearer end is the foot.

    Parameters
    ----------
    p, a, b : array of shape (n, 3)
        Points and the ends of pieces, ECEF in metres.
    bend : array of shape (n,)
        Sagittas, metres.

    Returns
    -------
    q : array of shape (n, 3)
    t : array of shape (n,)
    """
    d, w = b - a, p - a
    g = 0.5 * (a + b) * np.array([1.0, 1.0, K])
    l2 = np.einsum("ij,ij->i", d, d)
    gg = np.einsum("ij,ij->i", g, g)
    s = (l2 + (K - 1) * d[:, 2] ** 2) / (2 * gg)
    e = np.cross(d, g)
    size = np.sqrt(np.einsum("ij,ij->i", e, e))
    e /= np.where(size > 0, size, 1.0)[:, None]
    u = np.einsum("ij,ij->i", w, d)
    sigma = s * np.einsum("ij,ij->i", w, g) + 4 * bend * np.einsum("ij,ij->i", w, e)
    rho = s * s * gg + 16 * bend * bend
    below = l2 + 2 * sigma
    firm = below > 1e-3 * l2
    safe = np.where(firm, below, 1.0)
    t = np.clip((u + sigma) / safe, 0.0, 1.0)
    t = np.where(firm, t - (1 - 2 * t) * t * (1 - t) * rho / safe, np.where(2 * u > l2, 1.0, 0.0))
    t = np.clip(np.where(l2 > 0, t, 0.0), 0.0, 1.0)
    bow = t * (1 - t)
    q = a + t[:, None] * d + (bow * s)[:, None] * g + (4 * bow * bend)[:, None] * e
    return q, t
