"""Projected metres labelled with the EPSG code of their system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geoconflict.coordinates.formats import transformed
from geoconflict.coordinates.project import area_of_use, cell_half_diagonal_m
from geoconflict.coordinates.values import Context, Notation, Reading, refuse, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = re.compile(r"EPSG\s*[:=]*\s*(\d{4,6})\b[\s,;:]*", re.IGNORECASE)
_PAIR = re.compile(r"\(?\s*([+-]?\d{4,8}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{4,8}(?:\.\d+)?)\s*\)?")


def read_epsg(text: str, context: Context) -> Reading | None:
    """Read two metres behind or before an EPSG code, where only one order lies in its area of use.

    Axes have an official order, which many programs exchange; so the order is never taken
    for granted.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> from geoconflict.coordinates.values import NO_CONTEXT
    >>> print(read_epsg("EPSG:3346 582510 6061949", NO_CONTEXT))
    54.687203°N 25.279694°E (projected, from EPSG:3346)
    """
    label = _LABEL.search(text) if text[:4].upper() == "EPSG" or "epsg" in text.lower() else None
    if label is None:
        return None
    pair = _PAIR.fullmatch(text[: label.start()] + text[label.end() :])
    if pair is None:
        return None
    epsg = int(label[1])
    readings = list(_readings(pair[1], pair[2], epsg))
    if not readings:
        refuse(f"{pair[1]} and {pair[2]} lie outside the area of use of EPSG:{epsg} in either order")
    return settle(readings, context, f"both orders lie in the area of use of EPSG:{epsg}")


def _readings(first: str, second: str, epsg: int) -> Iterator[Reading]:
    for x, y in ((first, second), (second, first)):
        try:
            lon, lat = transformed(float(x), float(y), epsg)
        except ValueError:
            continue
        if area_of_use(epsg).holds(lon=lon, lat=lat):
            step = 10.0 ** -max(len(number.partition(".")[2]) for number in (x, y))
            yield Reading(lat, lon, cell_half_diagonal_m(step), Notation.PROJECTED, f"from EPSG:{epsg}")
