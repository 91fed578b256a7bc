from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from shapely import Polygon, box

from geoconflict.maps import layers
from geoconflict.maps.web.detail import FINEST_DEG, slim
from geoconflict.maps.web.words import Words
from geoconflict.maps.webmap import Map

ENGLISH = Words.of("en")


def wavy(count, amplitude):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    far = 2 + amplitude * np.random.default_rng(2).normal(size=count)
    return Polygon(np.column_stack([20 + far * np.cos(turn), 50 + far * np.sin(turn)]))


def described(*shapes):
    return layers.Zones(gpd.GeoDataFrame({"name": ["a"] * len(shapes)}, geometry=list(shapes), crs=4326)).describe()


def test_few_vertices_are_all_there():
    layer = described(wavy(5000, 0.01))
    found = slim(layer, coarse_deg=1.0)
    assert found.description is layer
    assert (found.tolerance_deg, found.before, found.after) == (0.0, 5001, 5001)
    assert found.told(ENGLISH) is None


def test_the_finest_tolerance_within_the_budget_is_taken_and_kept():
    layer = described(wavy(60_000, 0.0004))
    fine = slim(layer, coarse_deg=1.0)
    assert fine.tolerance_deg == FINEST_DEG
    # Every vertex that is left out is told, however fine the line stays.
    assert f"({fine.after:,} of 60,001 vertices)".replace(",", "\u202f") in fine.told(ENGLISH)
    coarse = slim(layer, coarse_deg=1.0, budget=5000)
    assert coarse.after <= 5000 < slim(layer, coarse_deg=1.0, budget=10_000).after
    assert f"({coarse.after:,} of 60,001 vertices)".replace(",", "\u202f") in coarse.told(ENGLISH)
    before, after = (d.table.geometry.iloc[0] for d in (layer, coarse.description))
    assert shapely.hausdorff_distance(before, after) <= coarse.tolerance_deg
    assert after.is_valid


def test_small_shapes_stay_what_they_are():
    layer = described(*[box(i / 100, 0, i / 100 + 0.005, 0.005) for i in range(6000)])
    found = slim(layer, coarse_deg=1.0, budget=1000)
    assert (found.before, found.after) == (30_000, 30_000)


def test_points_rasters_and_graticules_are_left_alone():
    told = layers.Graticule().describe()
    assert slim(told, coarse_deg=1.0).description is told


def test_what_was_reached_is_in_the_method_and_the_tables_are_untouched():
    zone = wavy(150_000, 0.01)
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[zone, shapely.affinity.translate(zone, 5)], crs=4326)
    drawn = Map([layers.Zones(frame)], title="Wavy")
    told = [m for m in drawn.facts().methods if m.startswith("Zones: simplified with a tolerance of about")]
    assert len(told) == 1
    assert "of 300\u202f002 vertices" in told[0]
    assert frame.geometry.iloc[0] is zone
    assert drawn.html() == Map([layers.Zones(frame)], title="Wavy").html()


@pytest.mark.parametrize("tolerance", [0.0, 3e-5])
def test_coordinates_come_back_from_planes_and_from_plain_numbers(tolerance):
    import base64
    import json
    import zlib

    from geoconflict.maps.web.pack import pack

    layer = described(wavy(3000, 0.01))
    raw = zlib.decompress(base64.b64decode(pack(layer, lon0=20.0, tolerance_deg=tolerance).blob))
    length = int.from_bytes(raw[:4], "little")
    shapes, body = json.loads(raw[4 : 4 + length])["shapes"], raw[4 + length :]
    scale = shapes["scale"]
    assert scale == (1_000_000 if tolerance == 0 else round(4 / tolerance))
    for axis, wanted in zip("xy", shapely.get_coordinates(layer.table.geometry.to_numpy()).T, strict=True):
        at = shapes[axis]
        read = np.frombuffer(body, "<" + at["t"], at["n"], at["o"]).astype(np.int64)
        assert shapes["planes"] == (4 if tolerance == 0 else 3)
        planes = read.reshape(shapes["planes"], -1)
        zigzag = sum(plane << 8 * k for k, plane in enumerate(planes))
        found = np.cumsum(zigzag >> 1 ^ -(zigzag & 1)) / scale
        np.testing.assert_allclose(found, wanted, atol=0.5 / scale + 1e-12)
