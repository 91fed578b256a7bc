"""Columns, attributes and errors of the tables that analysis returns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geoconflict import analysis
from geoconflict.errors import CRSError, GeometryError, InputError, SchemaError, UnitError

GEOD = pyproj.Geod(ellps="WGS84")
CREDITS = {
    "country": "Mali",
    "source": "OSM",
    "licence": "ODbL",
    "attribution": "© OSM",
    "worldview": "de_facto",
}


def frame(geometry: list[object], crs: str | None = "EPSG:4326", **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs, index=pd.Index(range(10, 10 + len(geometry))))


def area(shape: Polygon | MultiPolygon) -> float:
    return abs(GEOD.geometry_area_perimeter(shape)[0])


# --- buffers


def test_buffers_carry_their_names_numbers_and_credits() -> None:
    zones = analysis.buffer(frame([Point(-8, 12.6), Point(-4, 14)], **CREDITS), "5 km", tol=1e-3)
    assert zones["zone_id"].tolist() == ["buffer-1", "buffer-2"]
    assert zones["name"].tolist() == ["5 km around row 1", "5 km around row 2"]
    assert zones["band_inner_m"].tolist() == [0.0, 0.0]
    assert zones["band_outer_m"].tolist() == [5000.0, 5000.0]
    assert zones["tolerance"].tolist() == [1e-3, 1e-3]
    assert zones["method"].tolist() == ["geodesic buffer of 5 km on WGS84, relative tolerance 0.001"] * 2
    for name, value in CREDITS.items():
        assert zones[name].tolist() == [value, value], name
    assert zones["area_m2"].to_numpy() == pytest.approx([area(shape) for shape in zones.geometry], rel=1e-9)
    assert zones.crs == "EPSG:4326"


def test_a_dissolved_buffer_joins_the_credits() -> None:
    points = frame([Point(-8, 12.6), Point(-8.01, 12.6)], source=["A", "B"], country=["Mali", None])
    zone = analysis.buffer(points, "5 km", dissolve=True)
    assert zone.index.tolist() == [0]
    assert zone["zone_id"].tolist() == ["buffer-1"]
    assert zone["name"].tolist() == ["5 km around 2 rows"]
    assert zone["source"].tolist() == ["A; B"]
    assert zone["country"].tolist() == ["Mali"]
    nothing = analysis.buffer(points.assign(country=None), "5 km", dissolve=True)
    assert nothing["country"].isna().all()


@pytest.mark.parametrize("radii", [["5 km", "5 km"], ["5 km", "9 km"]])
def test_a_dissolved_buffer_covers_each_disc_once(radii: list[str]) -> None:
    points = frame([Point(10, 50), Point(10.2, 50)], reach=radii)
    zone = analysis.buffer(points, "reach", dissolve=True)
    assert len(zone) == 1
    # Two discs that do not touch: the areas add up.
    metres = [float(radius.split()[0]) * 1000 for radius in radii]
    assert GEOD.inv(10, 50, 10.2, 50)[2] > sum(metres)
    assert zone["area_m2"].item() == pytest.approx(sum(np.pi * r**2 for r in metres), rel=1e-3)
    outer = zone["band_outer_m"].item()
    assert outer == 5000.0 if len(set(radii)) == 1 else np.isnan(outer)


@pytest.mark.parametrize("radius", ["2 km", 2000, "reach"])
def test_buffers_of_lines_have_the_area_of_a_stadium(radius: str | float) -> None:
    line = frame([LineString([(10, 50), (10, 50.5)])], reach=["2 km"])
    length = GEOD.inv(10, 50, 10, 50.5)[2]
    zone = analysis.buffer(line, radius)
    assert zone["area_m2"].item() == pytest.approx(2 * 2000 * length + np.pi * 2000**2, rel=1e-3)


def test_a_negative_radius_shrinks_by_that_much() -> None:
    zone = analysis.buffer(frame([box(10, 50, 11, 51)]), "−5 km")
    # The west edge is a meridian: at latitude 50.5 the shortest way to it is almost due west.
    west = zone.geometry.item().intersection(LineString([(9, 50.5), (10.5, 50.5)])).bounds[0]
    assert GEOD.inv(10, 50.5, west, 50.5)[2] == pytest.approx(5000, abs=1)
    assert zone["band_outer_m"].tolist() == [-5000.0]


def test_a_wrong_radius_in_a_column_names_the_column() -> None:
    with pytest.raises(UnitError, match="'5' has no unit"):
        analysis.buffer(frame([Point(0, 0)], reach=["5"]), "reach")
    with pytest.raises(UnitError, match="the radius in the column 'reach' '3-5 km' is a range"):
        analysis.buffer(frame([Point(0, 0)], reach=["3-5 km"]), "reach")


# --- nearest and near


def test_a_point_without_neighbour_has_missing_values_of_the_right_kind() -> None:
    targets = frame([Point(0, 1)], name=["A"])
    found = analysis.nearest(frame([Point(0, 0), Point(50, 0)]), targets, max_distance="200 km")
    assert found["nearest_id"].tolist() == [10, None]
    assert found["nearest_name"].tolist() == ["A", None]
    assert found["side"].tolist() == [None, None]
    for name in ("distance_m", "bearing_deg", "position_m", "nearest_lon", "nearest_lat"):
        assert found[name].dtype == "float64", name
        assert np.isnan(found[name].iloc[1]), name
    assert (found["nearest_lon"].iloc[0], found["nearest_lat"].iloc[0]) == pytest.approx((0, 1))
    assert found["bearing_deg"].iloc[0] == pytest.approx(0)
    assert np.isnan(found["position_m"].iloc[0]), "a point has no position along it"


def test_the_limit_itself_is_within_the_limit() -> None:
    here = frame([Point(3, 4)])
    assert analysis.nearest(here, here, max_distance=0)["distance_m"].tolist() == [0.0]
    assert len(analysis.near(here, here, 0)) == 1


@pytest.mark.parametrize("k", [2, 5])
def test_k_nearest_within_a_limit_keeps_one_row_for_lonely_points(k: int) -> None:
    targets = frame([Point(0, 0.1), Point(0, 0.2), Point(0, 9)], place_id=["a", "b", "c"])
    found = analysis.nearest(frame([Point(0, 0), Point(70, 0)]), targets, k=k, max_distance="100 km")
    assert found.index.tolist() == [10, 10, 11]
    assert found["nearest_id"].tolist() == ["a", "b", None]


def test_k_of_one_target() -> None:
    found = analysis.nearest(frame([Point(0, 0), Point(1, 0)]), frame([Point(0, 1)]), k=3)
    assert found.index.tolist() == [10, 11]
    assert found["distance_m"].to_numpy() == pytest.approx([GEOD.inv(0, 0, 0, 1)[2], GEOD.inv(1, 0, 0, 1)[2]])


def test_k_nearest_of_lines_on_both_sides() -> None:
    lines = frame([LineString([(0, 0), (10, 0)]), LineString([(0, 2), (10, 2)])], border_id=["south", "north"])
    found = analysis.nearest(frame([Point(5, 0.5)]), lines, k=2)
    assert found["nearest_id"].tolist() == ["south", "north"]
    assert found["side"].tolist() == ["left", "right"]
    assert found["position_m"].iloc[0] == pytest.approx(GEOD.inv(0, 0, 5, 0)[2], rel=1e-6)
    assert found["distance_m"].is_monotonic_increasing


def test_a_point_in_a_polygon_is_at_distance_zero() -> None:
    found = analysis.nearest(frame([Point(0.5, 0.5)]), frame([box(0, 0, 1, 1), box(5, 5, 6, 6)], zone_id=["a", "b"]))
    assert found["nearest_id"].tolist() == ["a"]
    assert found["distance_m"].tolist() == [0.0]
    assert found["side"].tolist() == [None]
    assert np.isnan(found["position_m"].item())


def test_near_keeps_the_attributes_and_names_the_nearest_only_of_several() -> None:
    table = frame([Point(0, 0), Point(0, 1)])
    table.attrs = {"report": {"rows": 2}}
    one = analysis.near(table, frame([Point(0, 0)]), "5 km")
    assert one.attrs == {"report": {"rows": 2}, "near": {"radius_m": 5000.0, "rows": 2, "near": 1}}
    assert "nearest_id" not in one
    assert "certainty" not in one
    assert "within_m" not in one
    several = analysis.near(table, frame([Point(0, 0), Point(0, 1)]), ["5 km"])
    assert several["nearest_id"].tolist() == [10, 11]
    assert several["within_m"].tolist() == [5000.0, 5000.0]
    lines = analysis.near(frame([LineString([(0, 0), (1, 0)])]), frame([Point(0, 0), Point(0, 1)]), "5 km")
    assert "nearest_id" not in lines


def test_certainty_counts_the_whole_disc() -> None:
    metres = GEOD.inv(0, 0, 0, 0.05)[2]
    table = frame([Point(0, 0.05)] * 3, location_uncertainty_m=[9000 - metres, 9001 - metres, 0.0])
    found = analysis.near(table, frame([Point(0, 0)]), 9000)
    assert found["certainty"].tolist() == ["certain", "likely", "certain"]
    outside = frame([Point(0, 0.05)] * 2, location_uncertainty_m=[metres - 1000.0, metres - 1001.0])
    assert analysis.near(outside, frame([Point(0, 0)]), 1000).attrs["near"]["possible"] == 1


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(-3, 3), st.floats(-3, 3))
def test_distance_and_bearing_agree_with_geographiclib(lon: float, lat: float, east: float, north: float) -> None:
    other = Point(lon + east, lat + north)
    truth = Geodesic.WGS84.Inverse(lat, lon, other.y, other.x)
    found = analysis.nearest(frame([Point(lon, lat)]), frame([other, Point(lon, -lat + 0.5)], place_id=["x", "y"]), k=2)
    row = found[found["nearest_id"] == "x"].iloc[0]
    assert row["distance_m"] == pytest.approx(truth["s12"], abs=1e-4)
    if truth["s12"] > 1:
        assert (row["bearing_deg"] - truth["azi1"] + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)


# --- zones


def test_a_point_in_several_zones_has_the_first_and_counts_in_each() -> None:
    zones = frame([box(0, 0, 2, 2), box(1, 1, 3, 3)], name=["first", "second"], code=["a", "b"])
    points = frame([Point(2.5, 2.5), Point(1.5, 1.5), Point(9, 9)])
    found = analysis.in_zones(points, zones)
    assert found.index.tolist() == [10, 11]
    assert found["zone"].tolist() == ["second", "first"]
    assert analysis.in_zones(points, zones, label="code")["zone"].tolist() == ["b", "a"]
    counted = analysis.count(points, zones)
    assert counted["n"].tolist() == [1, 2]
    assert counted.attrs["count"] == {"points": 3, "inside": 2, "outside": 1}
    with pytest.raises(SchemaError, match="no column 'cod' in the zones; did you mean code"):
        analysis.in_zones(points, zones, label="cod")
    with pytest.raises(SchemaError, match="the table already has the column 'zone'"):
        analysis.in_zones(found, zones)


def test_a_disc_that_touches_the_boundary_is_still_inside() -> None:
    zone = frame([box(0, 0, 1, 1)])
    metres = GEOD.inv(0.9, 0.0, 1.0, 0.0)[2]
    points = frame([Point(0.9, 0.5)] * 3, location_uncertainty_m=[metres * 0.99, metres * 1.01, np.nan])
    counted = analysis.count(points, zone)
    assert counted["n"].tolist() == [3]
    assert counted["n_certain"].tolist() == [1]


def test_counts_by_value_add_up_with_the_missing() -> None:
    zones = frame([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    zones.attrs = {"made": "here"}
    points = frame([Point(0.5, 0.5)] * 4, kind=["b", None, "a", "b"], w=[1.0, 2.0, None, 4.0])
    counted = analysis.count(points, zones, by="kind", weight="w")
    assert [c for c in counted.columns if c != "geometry"] == ["n", "n_a", "n_b", "n_missing", "n_weighted"]
    assert counted[["n_a", "n_b", "n_missing"]].sum(axis=1).tolist() == counted["n"].tolist() == [4, 0]
    assert counted["n"].dtype == "int64"
    assert counted["n_weighted"].tolist() == [7.0, 0.0]
    assert counted.attrs["made"] == "here"
    assert counted.attrs["count"]["missing_w"] == 1


def test_a_value_called_missing_is_not_mixed_with_missing_values() -> None:
    zones = frame([box(0, 0, 1, 1)])
    named = frame([Point(0.5, 0.5)], kind=["missing"])
    assert analysis.count(named, zones, by="kind")["n_missing"].tolist() == [1]
    with pytest.raises(InputError, match="'missing'"):
        analysis.count(frame([Point(0.5, 0.5)] * 2, kind=["missing", None]), zones, by="kind")


def test_a_column_that_is_no_number_names_every_row() -> None:
    points = frame([Point(0.5, 0.5)] * 4, dead=["1", "two", "3", "many"])
    with pytest.raises(SchemaError) as caught:
        analysis.count(points, frame([box(0, 0, 1, 1)]), sum="dead")
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [(2, "dead"), (4, "dead")]
    assert "'two' is not a number" in str(caught.value)
    with pytest.raises(SchemaError, match="row 1"):
        analysis.count(frame([Point(0, 0)], dead=[np.inf]), frame([box(0, 0, 1, 1)]), sum="dead")


# --- bands


def test_bands_carry_their_numbers_and_credits() -> None:
    line = frame([LineString([(10, 50), (10, 51)])], source="OSM", licence="ODbL", attribution="© OSM")
    land = frame(
        [box(10, 50, 11, 51), box(11, 50, 12, 51)],
        name=["East", "West"],
        worldview="de_facto",
        source="CIA",
        licence="PD",
        attribution="CIA",
    )
    zones = analysis.bands_in_area(line, ["0 km", 5000, "20 km"], land, tol=1e-3)
    assert zones["zone_id"].tolist() == ["band-0-5000", "band-5000-20000"]
    assert zones["name"].tolist() == ["0–5 km", "5–20 km"]
    assert zones["country"].tolist() == ["East, West"] * 2
    assert zones["band_inner_m"].tolist() == [0.0, 5000.0]
    assert zones["band_outer_m"].tolist() == [5000.0, 20_000.0]
    assert zones["worldview"].tolist() == ["de_facto"] * 2
    assert zones["source"].tolist() == ["OSM"] * 2
    assert zones["licence"].tolist() == ["ODbL; PD"] * 2
    assert zones["attribution"].tolist() == ["© OSM; CIA"] * 2
    assert zones["tolerance"].tolist() == [1e-3] * 2
    assert zones["area_m2"].to_numpy() == pytest.approx([area(shape) for shape in zones.geometry], rel=1e-9)
    without = analysis.bands_in_area(line.drop(columns="source"), ["0 km", "5 km"], land)
    assert without["source"].tolist() == ["CIA"]


# --- what is checked first


@pytest.mark.parametrize("crs", [None, "EPSG:3857"])
def test_every_table_must_be_in_wgs84(crs: str | None) -> None:
    good, bad = frame([Point(0.5, 0.5)]), frame([Point(0.5, 0.5)], crs=crs)
    zone, bad_zone = frame([box(0, 0, 1, 1)], name=["z"]), frame([box(0, 0, 1, 1)], crs=crs, name=["z"])
    line, bad_line = frame([LineString([(0, 0), (0, 1)])]), frame([LineString([(0, 0), (0, 1)])], crs=crs)
    for call in (
        lambda: analysis.distance(bad, good),
        lambda: analysis.distance(good, bad),
        lambda: analysis.nearest(bad, good),
        lambda: analysis.nearest(good, bad),
        lambda: analysis.near(bad, good, 1),
        lambda: analysis.near(good, bad, 1),
        lambda: analysis.buffer(bad, 1),
        lambda: analysis.in_zones(bad, zone),
        lambda: analysis.in_zones(good, bad_zone),
        lambda: analysis.count(bad, zone),
        lambda: analysis.count(good, bad_zone),
        lambda: analysis.bands_in_area(bad_line, [0, 1], zone),
        lambda: analysis.bands_in_area(line, [0, 1], bad_zone),
    ):
        with pytest.raises(CRSError):
            call()


def test_at_most_ten_rows_without_geometry_are_named() -> None:
    with pytest.raises(GeometryError, match=r"12 rows have no geometry \(rows \[2, 3, 4, 5, 6, 7, 8, 9, 10, 11\]\)"):
        analysis.distance(frame([Point(0, 0), *[None] * 6, *[Point()] * 6]), frame([Point(0, 0)]))
