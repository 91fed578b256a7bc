from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from shapely import LineString, Point, box

from geoconflict import analysis, geodesy
from geoconflict.errors import CRSError, GeometryError, InputError, SchemaError, UnitError
from geoconflict.export.vector import to_geojson

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


def test_near_says_what_is_certain_likely_and_possible() -> None:
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


def test_count_has_the_points_that_are_certainly_inside() -> None:
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


def test_count_is_missing_where_no_uncertainty_is_known() -> None:
    zones = frame([box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1), box(3, 0, 4, 1)], name=["a", "b", "c", "d"])
    points = frame(
        [Point(0.5, 0.5), Point(0.5, 0.5), Point(1.5, 0.5), Point(2.5, 0.5)],
        location_uncertainty_m=[1000.0, np.nan, np.nan, 200_000.0],
    )
    counted = analysis.count(points, zones)
    assert counted["n"].tolist() == [2, 1, 1, 0]
    assert str(counted["n_certain"].dtype) == "Int64"
    assert counted["n_certain"].isna().tolist() == [False, True, False, False]
    assert counted["n_certain"].dropna().tolist() == [1, 0, 0]
    points["location_uncertainty_m"] = np.nan
    none_known = analysis.count(points, zones)
    assert none_known["n_certain"].isna().tolist() == [True, True, True, False]
    assert none_known["n_certain"].iloc[3] == 0
    written = json.loads(to_geojson(none_known))["features"]
    assert [feature["properties"]["n_certain"] for feature in written] == [None, None, None, 0]


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
    with pytest.raises(UnitError, match="at least two increasing edges"):
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


def brute_force(lon: float, lat: float, targets: list[Point]) -> list[tuple[float, int]]:
    return sorted((GEOD.inv(lon, lat, p.x, p.y)[2], i) for i, p in enumerate(targets))


def test_nearest_agrees_with_every_distance_measured_by_pyproj() -> None:
    rng = np.random.default_rng(11)
    spread = [Point(x, y) for x, y in zip(rng.uniform(-180, 180, 40), rng.uniform(-85, 85, 40), strict=True)]
    targets = frame(spread, place_id=[f"p{i}" for i in range(40)], name=[f"P{i}" for i in range(40)])
    points = frame([Point(x, y) for x, y in zip(rng.uniform(-180, 180, 30), rng.uniform(-85, 85, 30), strict=True)])
    one, three = analysis.nearest(points, targets), analysis.nearest(points, targets, k=3)
    assert list(one.index) == list(points.index)
    assert list(three.index) == [label for label in points.index for _ in range(3)]
    for row, point in enumerate(points.geometry):
        truth = brute_force(point.x, point.y, spread)[:3]
        assert one["nearest_id"].iloc[row] == f"p{truth[0][1]}"
        found = three.iloc[3 * row : 3 * row + 3]
        assert found["nearest_id"].tolist() == [f"p{i}" for _, i in truth]
        assert found["nearest_name"].tolist() == [f"P{i}" for _, i in truth]
        assert found["distance_m"].to_numpy() == pytest.approx([metres for metres, _ in truth], abs=1e-4)
        azimuth = GEOD.inv(point.x, point.y, found["nearest_lon"].iloc[1], found["nearest_lat"].iloc[1])[0] % 360
        assert found["bearing_deg"].iloc[1] == pytest.approx(azimuth, abs=1e-6)


def test_nearest_has_side_and_position_along_a_line() -> None:
    lines = frame([LineString([(0, 0), (10, 0)]), LineString([(0, 40), (10, 40)])], border_id=["south", "north"])
    found = analysis.nearest(frame([Point(5, 1), Point(5, -1), Point(0, 0)]), lines)
    assert found["nearest_id"].tolist() == ["south"] * 3
    assert found["side"].tolist() == ["left", "right", None]
    assert found["position_m"].to_numpy() == pytest.approx([GEOD.inv(0, 0, 5, 0)[2]] * 2 + [0.0], rel=1e-9)
    assert np.isnan(found["bearing_deg"].iloc[2])


def test_nearest_keeps_points_that_have_nothing_near() -> None:
    found = analysis.nearest(frame([Point(0, 0), Point(50, 0)]), frame([Point(0, 1)]), max_distance="200 km")
    assert len(found) == 2
    assert found["distance_m"].iloc[0] == pytest.approx(110_574, abs=1)
    assert found[["nearest_id", "distance_m", "bearing_deg", "nearest_lon"]].iloc[1].isna().all()
    with pytest.raises(InputError, match="k is 0"):
        analysis.nearest(frame([Point(0, 0)]), frame([Point(0, 1)]), k=0)
    with pytest.raises(GeometryError, match="found LineString in the table"):
        analysis.nearest(frame([LINE]), frame([Point(0, 1)]))


def test_one_call_says_within_which_radius_of_which_border() -> None:
    borders = frame([LineString([(0, 0), (10, 0)]), LineString([(0, 1), (10, 1)])], border_id=["a", "b"])
    points = frame([Point(5, 0.02), Point(5, 0.85), Point(5, 3)], location_uncertainty_m=[100.0, 9000.0, 1.0])
    found = analysis.near(points, borders, ["50 km", 5000, "25 km"])
    assert list(found.index) == [10, 11]
    assert found["nearest_id"].tolist() == ["a", "b"]
    assert found["within_m"].tolist() == [5000.0, 25000.0]
    assert found["certainty"].tolist() == ["certain", "likely"]


def test_near_works_on_a_repeated_index_and_overwrites_nothing() -> None:
    points = frame([Point(0, 0), Point(0, 1)])
    points.index = pd.Index([7, 7])
    found = analysis.near(points, frame([Point(0, 0)]), 200_000.0)
    assert found["distance_m"].round(-2).tolist() == [0.0, 110600.0]
    with pytest.raises(SchemaError, match="already has the column 'distance_m'"):
        analysis.near(found, frame([Point(0, 0)]), 200_000.0)
    assert "to_b_m" in analysis.near(found, frame([Point(0, 0)]), 200_000.0, distance_col="to_b_m")


@pytest.mark.parametrize("radius", [-5.0, float("nan"), "-5 km", "5", True, []])
def test_a_radius_that_makes_no_sense_is_an_error(radius: object) -> None:
    with pytest.raises(InputError):
        analysis.near(frame([Point(0, 0)]), frame([Point(0, 0)]), radius)


def test_negative_uncertainty_is_an_error_with_its_row() -> None:
    points = frame([Point(0, 0), Point(0, 0)], location_uncertainty_m=[1.0, -1.0])
    with pytest.raises(SchemaError, match="row 2, location_uncertainty_m: -1 is negative"):
        analysis.near(points, frame([Point(0, 0)]), "1 km")
    with pytest.raises(SchemaError, match="row 2"):
        analysis.count(points, frame([box(-1, -1, 1, 1)]))


def test_count_adds_up_and_weighs_and_counts_what_is_missing() -> None:
    zones = frame([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    points = frame(
        [Point(0.5, 0.5), Point(0.6, 0.5), Point(1.5, 0.5)],
        deaths=[2.0, None, 3.0],
        w=[0.5, 0.25, 1.0],
        kind=["a", None, "a"],
    )
    counted = analysis.count(points, zones, by="kind", sum="deaths", weight="w")
    assert counted["n"].tolist() == [2, 1]
    assert counted["n_a"].tolist() == [1, 1]
    assert counted["n_missing"].tolist() == [1, 0]
    assert counted["sum_deaths"].tolist() == [2.0, 3.0]
    assert counted["n_weighted"].tolist() == [0.75, 1.0]
    assert counted.attrs["count"]["missing_deaths"] == 1


def test_count_overwrites_no_column() -> None:
    zones, points = frame([box(0, 0, 1, 1)], n=[99]), frame([Point(0.5, 0.5)], kind=["certain"])
    with pytest.raises(SchemaError, match="already has the column 'n'"):
        analysis.count(points, zones)
    points["location_uncertainty_m"] = 1.0
    with pytest.raises(InputError, match="'certain'"):
        analysis.count(points, zones.drop(columns="n"), by="kind")
    with pytest.raises(SchemaError, match="not a number"):
        analysis.count(points, zones.drop(columns="n"), sum="kind")


def test_buffer_takes_a_radius_a_row_dissolves_and_shrinks() -> None:
    points = frame([Point(25, 55), Point(25.05, 55)], reach=["5 km", 10_000.0])
    zones = analysis.buffer(points, "reach")
    assert zones["band_outer_m"].tolist() == [5000.0, 10_000.0]
    assert zones["area_m2"].to_numpy() == pytest.approx([np.pi * 5000**2, np.pi * 10_000**2], rel=1e-3)
    one = analysis.buffer(points, 5000, dissolve=True)
    assert len(one) == 1
    assert np.pi * 5000**2 < one["area_m2"].item() < 2 * np.pi * 5000**2
    area = frame([box(10, 50, 12, 52)])
    smaller = analysis.buffer(area, "-10 km")
    assert 0 < smaller["area_m2"].item() < geodesy.area(area.geometry.item())
    with pytest.raises(SchemaError, match="did you mean reach"):
        analysis.buffer(points, 5000, label="raech")
