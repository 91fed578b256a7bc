"""Derive ``geoconflict/incidents/country_boxes.csv`` from the countries of this package.

Run as ``python data/country_boxes/derive.py``. The box of a country is west, south, east and north
in degrees, rounded outwards to a tenth; west is greater than east where it crosses the
antimeridian. Names are those of the reference tables; land and territorial sea by both worldviews count. Only boxes are derived, and each is a fact
about the country rather than a part of the outlines.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import shapely

from geoconflict.names.countries import read_rows
from geoconflict.reference import worldviews
from geoconflict.reference.arcs import unit_faces
from geoconflict.reference.container import FILE_NAME, open_container
from geoconflict.reference.folder import boundaries_folder

_OUT = Path(__file__).parents[2] / "geoconflict" / "incidents" / "country_boxes.csv"


def box(parts: list[shapely.Polygon]) -> tuple[float, float, float, float]:
    """Return west, south, east and north; the widest gap of longitudes is left out of the box."""
    xy = shapely.get_coordinates(parts)
    spans = sorted((part.bounds[0], part.bounds[2]) for part in parts)
    gaps = []
    reach = spans[0][1]
    for west, east in spans[1:]:
        if west > reach:
            gaps.append((west - reach, reach, west))
        reach = max(reach, east)
    outer = 360 - (reach - spans[0][0])
    widest = max(gaps, default=(0.0, 0.0, 0.0))
    west, east = (spans[0][0], reach) if outer >= widest[0] else (widest[2], widest[1])
    south, north = float(np.min(xy[:, 1])), float(np.max(xy[:, 1]))
    return (
        max(-180.0, math.floor(west * 10) / 10),
        max(-90.0, math.floor(south * 10) / 10),
        min(180.0, math.ceil(east * 10) / 10),
        min(90.0, math.ceil(north * 10) / 10),
    )


def main() -> None:
    """Write one row a country."""
    container = open_container(boundaries_folder() / FILE_NAME)
    units = list(container.index["units"])
    views = [worldviews.view(name) for name in ("de_facto", "international")]
    with _OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("iso", "iso3", "numeric", "name", "aliases", "west", "south", "east", "north"))
        for row in read_rows("countries.csv"):
            shapes = [
                polygon
                for view in views
                for unit in view.units(row["iso"], units)
                for polygon in unit_faces(container, unit, resolution_m=0.0, sea=None)
            ]
            if shapes:
                edges = box(shapes)
                writer.writerow((row["iso"], row["iso3"], row["numeric"], row["name"], row["aliases"], *edges))
    print(f"wrote {_OUT}")


if __name__ == "__main__":
    main()
