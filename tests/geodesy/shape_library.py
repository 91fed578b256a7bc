"""Read the shapes of tests/data/geodesy by name, and create points around them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely

from geoconflict.geodesy._ellipsoid import direct

FOLDER = Path(__file__).parent.parent / "data" / "geodesy"
NAMES = sorted(path.stem for path in FOLDER.glob("*.geojson"))


def shape(name):
    feature = json.loads((FOLDER / f"{name}.geojson").read_text(encoding="utf-8"))
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def points_around(geom, radius_m, count, seed=7):
    """Return random points within a radius of vertices of a shape, the same every time."""
    rng = np.random.default_rng(seed)
    coords = shapely.get_coordinates(geom)
    start = coords[rng.integers(0, len(coords), count)]
    azimuth, far = rng.uniform(-180, 180, count), radius_m * np.sqrt(rng.uniform(0, 1, count))
    lon, lat, _ = direct(start[:, 0].copy(), start[:, 1].copy(), azimuth, far)
    return np.column_stack([lon, lat])
