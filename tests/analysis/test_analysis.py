from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from shapely import LineString, Point, box

from geoconflict import analysis, geodesy
from geoconflict.errors import CRSError, GeometryError, InputError, SchemaError, UnitError

GEOD = pyproj.Geod(ellps="WGS84")


def frame(geometry: list[object], crs: str | None = "EPSG:4326", **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs, index=pd.Index(range(10, 10 + len(geometry))))


def test_distance_keeps_the_index_and_the_input() -> None:
    table = frame([Point(25.28, 54.69), Point(24.38, 55.05)], name=["Vilnius", "Rukla"])
    before = table.copy()
    metres = analysis.distance(table, frame([Point(24.38, 55.05)]))
    assert metres.name == "distance_m"
    assert list(metres.index) == [10, 11]
    assert metres.iloc[0] == pytest.approx(GEOD.inv(25.28, 54.69, 24.38, 55.05)[2], abs=1e-5)
    assert metres.iloc[1] == 0
    pd.testing.assert_frame_equal(table, before)


def test_distance_names_the_rows_without_geometry_and_the_missing_crs() -> None:
    with pytest.raises(GeometryError, match=r"1 rows have no geometry \(rows \[2\]\)"):
        analysis.distance(frame([Point(0, 0), None]), frame([Point(0, 0)]))
    with pytest.raises(CRSError, match="set_crs"):
        analysis.distance(frame([Point(0, 0)], crs=None), frame([Point(0, 0)]))


def test_within_says_what_is_certain_likely_and_possible() -> None:
    one_km = 1000 / 110_574
    table = frame(
        [
            Point(0, 9 * one_km),
            Point(0, 9 * one_km),
            Point(0, 9 * one_km),
            Point(0, 12 * one_km),
            Point(0, 50 * one_km),
        ],
        location_uncertainty_m=[100.0, 5000.0, np.nan, 5000.0, 100.0],
    )
    found = analysis.near(table, frame([Point(0, 0)]), "10 km")
    assert list(found.index) == [10, 11, 12]
    assert found["certainty"].tolist() == ["certain", "likely", "unknown"]
    assert found.attrs["near"] == {"radius_m": 10000.0, "rows": 5, "near": 3, "possible": 1}


def test_a_radius_without_unit_is_refused() -> None:
    with pytest.raises(UnitError, match="no unit"):
        analysis.near(frame([Point(0, 0)]), frame([Point(0, 0)]), "10")


def test_buffers_are_zones_with_a_true_radius() -> None:
    zones = analysis.buffer(frame([Point(25, 55), Point(26, 0)], place=["A", "B"]), "5 km", label="place")
    assert zones["name"].tolist() == ["A", "B"]
    assert list(zones.index) == [10, 11]
    assert zones["area_m2"].to_numpy() == pytest.approx(np.pi * 5000**2, rel=1e-3)
    for shape, (lon, lat) in zip(zones.geometry, [(25, 55), (26, 0)], strict=True):
        xy = np.asarray(shape.exterior.coords)
        _, _, radius = GEOD.inv(np.full(len(xy), lon), np.full(len(xy), lat), xy[:, 0], xy[:, 1])
        assert np.abs(np.asarray(radius) - 5000).max() < 0.51


def test_count_tells_points_that_are_surely_inside() -> None:
    zones = frame([box(0, 0, 1, 1), box(1, 0, 2, 1)], name=["a", "b"])
    points = frame(
        [Point(0.5, 0.5), Point(0.999, 0.5), Point(1.5, 0.5), Point(9, 9)],
        location_uncertainty_m=[1000.0, 1000.0, 1000.0, 1000.0],
        event_type=["battle", "riot", "battle", "riot"],
    )
    counted = analysis.count(points, zones, by="event_type")
    assert counted["n"].tolist() == [2, 1]
    assert counted["n_certain"].tolist() == [1, 1]
    assert counted["n_battle"].tolist() == [1, 1]
    assert counted["n_riot"].tolist() == [1, 0]
    assert counted.attrs["count"] == {"points": 4, "inside": 3, "outside": 1}
    assert "n" not in zones.columns


def test_count_by_a_column_that_is_not_there() -> None:
    with pytest.raises(SchemaError, match="no column 'kind'"):
        analysis.count(frame([Point(0, 0)]), frame([box(0, 0, 1, 1)]), by="kind")


def test_inside_labels_rows_with_their_zone() -> None:
    found = analysis.in_zones(frame([Point(0.5, 0.5), Point(5, 5)]), frame([box(0, 0, 1, 1)], name=["a"]))
    assert list(found.index) == [10]
    assert found["zone"].tolist() == ["a"]


LINE = LineString([(10, 50), (10.1, 50.4), (10, 51)])


def test_bands_tile_and_lie_at_their_distances() -> None:
    zones = analysis.bands_in_area(
        frame([LINE]), ["0 km", "5 km", "20 km"], frame([box(10, 49.5, 12, 51.5)], name=["Eastland"])
    )
    assert zones["name"].tolist() == ["0–5 km", "5–20 km"]
    assert zones["country"].tolist() == ["Eastland", "Eastland"]
    inner, outer = zones.geometry
    assert inner.intersection(outer).area == 0
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(10, 10.6, 300), rng.uniform(49.5, 51.5, 300)
    points = [Point(x, y) for x, y in zip(lon, lat, strict=True)]
    metres = geodesy.distance(points, LINE)
    for point, d in zip(points, metres, strict=True):
        if min(abs(d - 5000), abs(d - 20000)) > 10:
            assert inner.contains(point) == (d < 5000)
            assert outer.contains(point) == (5000 <= d < 20000)


@pytest.mark.parametrize("edges", [["5 km"], ["5 km", "3 km"], []])
def test_edges_must_rise(edges: list[str]) -> None:
    with pytest.raises(UnitError, match="at least two rising edges"):
        analysis.bands_in_area(frame([LINE]), edges, frame([box(10, 49.5, 12, 51.5)]))


def test_a_band_beyond_the_country_is_an_error() -> None:
    with pytest.raises(InputError, match="bands 500–600 km are empty"):
        analysis.bands_in_area(frame([LINE]), ["0 km", "500 km", "600 km"], frame([box(10, 49.5, 12, 51.5)]))


def test_bands_in_miles_are_named_in_miles() -> None:
    zones = analysis.bands_in_area(
        frame([LINE]), ["0 mi", "3 mi", "30 mi"], frame([box(10, 49.5, 12, 51.5)], name=["E"])
    )
    assert zones["name"].tolist() == ["0–3 mi", "3–30 mi"]
    assert zones["band_outer_m"].tolist() == [3 * 1609.344, 30 * 1609.344]
