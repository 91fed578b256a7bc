"""Colour arithmetic: how far apart colours look, with full and with defective colour vision.

Categories that are told apart by colour need colours that stay apart for every reader. The
distance is CIEDE2000, on which a difference of 1 can just be seen and 14 is told apart at a
glance; a missing kind of cone is simulated after Machado, Oliveira and Fernandes (2009).
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoconflict.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

GOAL = 14.0
# Six colours for categories: petroff6 (arXiv:2107.02270) with its plum made redder, since protanopes
# see that one near the violet. Least CIEDE2000 difference 15.3, least in CAM02-UCS 18.
CATEGORIES = ("#5790fc", "#f89c20", "#e42536", "#964c78", "#9c9ca1", "#7a21dd")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, table 1, severity 1.0; on linear RGB.
_SIMULATE: dict[str, tuple[tuple[float, float, float], ...]] = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
VISIONS = tuple(_SIMULATE)
# sRGB to XYZ and its white point D65 (IEC 61966-2-1).
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


class Nearest(NamedTuple):
    """The two colours of a palette that look most alike, and to whom.

    Attributes
    ----------
    difference : float
        CIEDE2000.
    first, second : str
        The colours.
    vision : str
        One of ``VISIONS``.
    """

    difference: float
    first: str
    second: str
    vision: str


def least_difference(colours: Sequence[str], *, visions: Sequence[str] = VISIONS) -> Nearest:
    """Return the least difference between any two colours, over all kinds of colour vision.

    Parameters
    ----------
    colours : sequence of str
        At least two, as ``#rrggbb``.
    visions : sequence of str
        Which kinds to look at: ``normal``, ``protanopia``, ``deuteranopia``, ``tritanopia``.

    Returns
    -------
    Nearest

    Raises
    ------
    InputError
        If there are fewer than two colours, or one is not ``#rrggbb``, or a vision is not known.

    Examples
    --------
    >>> least_difference(["#e42536", "#5790fc", "#f89c20"]).difference > GOAL
    True
    >>> least_difference(["#d62728", "#2ca02c"]).vision
    'deuteranopia'
    """
    faults = [
        Fault(f"{v!r} is no colour vision", hint=f"one of {', '.join(VISIONS)}") for v in visions if v not in VISIONS
    ]
    if len(colours) < 2:
        faults.append(Fault(f"{len(colours)} colours were given; a difference needs two"))
    if faults:
        msg = "the colours cannot be compared"
        raise InputError(msg, faults)
    found = []
    for vision in visions:
        seen = lab(colours, vision=vision)
        at = list(combinations(range(len(colours)), 2))
        apart = ciede2000(seen[[i for i, _ in at]], seen[[j for _, j in at]])
        k = int(np.argmin(apart))
        found.append(Nearest(float(apart[k]), colours[at[k][0]], colours[at[k][1]], vision))
    return min(found, key=lambda nearest: nearest.difference)


def lab(colours: Sequence[str], *, vision: str = "normal") -> np.ndarray:
    """Return colours in CIELAB (D65), as somebody with that colour vision sees them.

    The matrices work on linear RGB; what leaves the gamut of the screen is cut to it.

    Parameters
    ----------
    colours : sequence of str
        As ``#rrggbb``.
    vision : str
        One of ``VISIONS``.

    Returns
    -------
    float array, shape (n, 3)

    Raises
    ------
    InputError
        With every text that is no colour.

    Examples
    --------
    >>> lab(["#ffffff", "#ff0000"]).round(1).tolist()
    [[100.0, 0.0, 0.0], [53.2, 80.1, 67.2]]
    """
    wrong = [
        Fault(f"{colour!r} is no colour; write #rrggbb", row=i)
        for i, colour in enumerate(colours, 1)
        if not (isinstance(colour, str) and _COLOUR.fullmatch(colour))
    ]
    if wrong:
        msg = "the colours cannot be read"
        raise InputError(msg, wrong)
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(_SIMULATE[vision]).T, 0.0, 1.0)
    matrix = np.array(_XYZ)
    share = seen @ matrix.T / matrix.sum(axis=1)
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.column_stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])])


def ciede2000(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the CIEDE2000 difference of colours in CIELAB.

    The formula of CIE 142-2001 as Sharma, Wu and Dalal wrote it out (Color Research and
    Application 30(1), 2005), with all weights 1.

    Parameters
    ----------
    first, second : float array, shape (n, 3)

    Returns
    -------
    float array, shape (n,)

    Examples
    --------
    >>> ciede2000(np.array([[50.0, 2.6772, -79.7751]]), np.array([[50.0, 0.0, -82.7485]])).round(4).tolist()
    [2.0425]
    """
    l1, a1, b1 = np.asarray(first, dtype=float).T
    l2, a2, b2 = np.asarray(second, dtype=float).T
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    # Exactly opposite hues count as 180 the way that the paper's test data have it.
    turn = np.where(np.isclose(turn, -180) & (h2 - h1 <= 180) & (h2 > h1), 180.0, turn)
    d_l, d_c = l2 - l1, c2 - c1
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180
    mean_h = np.where(grey, h1 + h2, np.where(far, (h1 + h2 + np.where(h1 + h2 < 360, 360, -360)) / 2, (h1 + h2) / 2))
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c = 1 + 0.045 * mean_c
    s_h = 1 + 0.015 * mean_c * t
    r_c = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    r_t = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * r_c
    squares = (d_l / s_l) ** 2 + (d_c / s_c) ** 2 + (d_h / s_h) ** 2 + r_t * (d_c / s_c) * (d_h / s_h)
    out: np.ndarray = np.sqrt(np.maximum(squares, 0.0))
    return out
