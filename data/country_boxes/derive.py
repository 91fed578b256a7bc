"""Derive ``geoconflict/incidents/country_boxes.csv`` from the countries of this package.

Run as ``python data/country_boxes/derive.py``. The box of a country is west, south, east and
north in degrees, rounded outwards to a tenth; west is greater than east if it crosses the
antimeridian. It contains land and territorial sea in both worldviews. Names are those of
``geoconflict/names``. A box is a fact about a country, not a part of the outlines.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import shapely

from geoconflict.names.countries import read_rows
from geoconflict.reference import worldviews
from geoconflict.reference.archive import open_borders, unit_areas

_OUT = Path(__file__).parents[2] / "geoconflict" / "incidents" / "country_boxes.csv"


def box(parts: list[shapely.Polygon]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the box that excludes the widest gap in longitude."""
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
    """Write one row for each country."""
    archive = open_borders()
    units = list(archive.index["units"])
    views = [worldviews.view(name) for name in ("de_facto", "international")]
    with _OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("iso", "iso3", "numeric", "name", "aliases", "west", "south", "east", "north"))
        for row in read_rows("countries.csv"):
            shapes = [
                polygon
                for view in views
                for unit in view.units(row["iso"], units)
                for polygons in unit_areas(archive, unit, resolution_m=0.0)
                for polygon in polygons
            ]
            if shapes:
                edges = box(shapes)
                writer.writerow((row["iso"], row["iso3"], row["numeric"], row["name"], row["aliases"], *edges))
    print(f"wrote {_OUT}")


if __name__ == "__main__":
    main()
