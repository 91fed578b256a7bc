"""A folder of boundary data with a few rectangles, whose lengths and areas are computed with geographiclib.

::

    52  +-----------------+
        |    Lithuania    |
    51  +-----+~~~~~+-----+     ~ a lake
        |     |     | R +-+-+   an exclave of Lithuania inside Russia,
        | UA  | XCR | U | LT|   and one in the corner on the coast
    50  +-----+-----+---+---+
        | sea | sea |
   49.8 +-----+-----+
       30    31    32    33

Crimea's unit XCR is Russia's in the view ``de_facto`` and Ukraine's in ``international``. Its line with
Russia is land in the north and a river in the south. Ukraine also has an island at 29 degrees.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from geoconflict.reference.archive import FILE_NAME, KINDS, SCALE, Arcs, encode, write_archive

Line = list[tuple[float, float]]

ARCS: dict[str, list[tuple[str, Line]]] = {
    "border/LT~RU": [
        ("land", [(32, 51), (32.5, 51), (33, 51)]),
        ("land", [(32.4, 50.4), (32.6, 50.4), (32.6, 50.6), (32.4, 50.6), (32.4, 50.4)]),
        ("land", [(33, 50.1), (32.8, 50.1), (32.8, 50)]),
    ],
    "border/LT~UA": [("land", [(30, 51), (30.5, 51), (31, 51)])],
    "border/LT~XCR": [("lake", [(31, 51), (31.5, 51), (32, 51)])],
    "border/RU~XCR": [("land", [(32, 51), (32, 50.75), (32, 50.5)]), ("river", [(32, 50.5), (32, 50.25), (32, 50)])],
    "border/UA~XCR": [("sea", [(31, 49.8), (31, 49.9), (31, 50)]), ("land", [(31, 50), (31, 50.5), (31, 51)])],
    "coast/LT": [("coast", [(33, 51), (33, 52), (30, 52), (30, 51)]), ("coast", [(32.8, 50), (33, 50), (33, 50.1)])],
    "coast/RU": [("coast", [(32, 50), (32.8, 50)]), ("coast", [(33, 50.1), (33, 51)])],
    "coast/UA": [
        ("coast", [(30, 51), (30, 50)]),
        ("coast", [(30, 50), (31, 50)]),
        ("coast", [(29, 50.2), (29.2, 50.2), (29.2, 50.4), (29, 50.4), (29, 50.2)]),
    ],
    "coast/XCR": [("coast", [(31, 50), (32, 50)])],
    "limit/UA": [("limit", [(30, 50), (30, 49.8), (31, 49.8)])],
    "limit/XCR": [("limit", [(31, 49.8), (32, 49.8), (32, 50)])],
}
# Rings are numbers of the arcs of all members in order; ~n is arc n reversed.
FACES = {
    "LT": {
        "members": ["border/LT~RU", "border/LT~UA", "border/LT~XCR", "coast/LT"],
        "land": [[[3, 4, 0, 5]], [[1]], [[6, 2]]],
        "sea": [],
    },
    "RU": {
        "members": ["border/LT~RU", "border/RU~XCR", "coast/RU"],
        "land": [[[5, ~2, 6, ~0, 3, 4], [1]]],
        "sea": [],
    },
    "UA": {
        "members": ["border/LT~UA", "border/UA~XCR", "coast/UA", "limit/UA"],
        "land": [[[4, 2, ~0, 3]], [[5]]],
        "sea": [[[6, 1, ~4]]],
    },
    "XCR": {
        "members": ["border/LT~XCR", "border/RU~XCR", "border/UA~XCR", "coast/XCR", "limit/XCR"],
        "land": [[[5, ~2, ~1, ~0, ~4]]],
        "sea": [[[6, ~5, ~3]]],
    },
}
UNITS = {"LT": [30, 50, 33, 52], "RU": [32, 50, 33, 51], "UA": [29, 49.8, 31, 51], "XCR": [31, 49.8, 32, 51]}
PROVENANCE = {"source": "rectangles", "source_date": "2020-02-02", "licence": "CC0-1.0", "attribution": "© nobody"}


def geodesic_length(*line: tuple[float, float]) -> float:
    """Return the length of a line of longitudes and latitudes in metres."""
    return sum(Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in itertools.pairwise(line))


def geodesic_area(*ring: tuple[float, float]) -> float:
    """Return the area of a polygon of longitudes and latitudes in square metres."""
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in ring:
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute()[2])


@pytest.fixture(scope="session")
def rectangles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the rectangles."""
    borders: dict[str, dict[str, float]] = {}
    members = []
    for name, arcs in ARCS.items():
        if name.startswith("border/"):
            lengths = borders.setdefault(name.removeprefix("border/"), {})
            for kind, line in arcs:
                lengths[kind] = lengths.get(kind, 0.0) + geodesic_length(*line)
        lines = [np.rint(np.array(line) * SCALE).astype(np.int64) for _, line in arcs]
        members.append((name, encode(Arcs([kind for kind, _ in arcs], lines))))
    assert {kind for arcs in ARCS.values() for kind, _ in arcs} <= set(KINDS)
    index = {"format": 1, "units": UNITS, "borders": borders, **PROVENANCE}
    members = [("index.json", index), *((f"faces/{unit}", face) for unit, face in FACES.items()), *members]
    folder = tmp_path_factory.mktemp("rectangles")
    write_archive(
        folder / FILE_NAME,
        [(name, data if isinstance(data, bytes) else json.dumps(data).encode()) for name, data in members],
    )
    return folder


@pytest.fixture(scope="session")
def wgs84_length():
    """Return the function that computes a length with geographiclib."""
    return geodesic_length


@pytest.fixture(scope="session")
def wgs84_area():
    """Return the function that computes an area with geographiclib."""
    return geodesic_area
