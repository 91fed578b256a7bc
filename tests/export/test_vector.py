from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, Polygon

from geoconflict.errors import CRSError, GeometryError, OutputError
from geoconflict.export.vector import to_geojson, write
from geoconflict.io.atomic import whole_file

if TYPE_CHECKING:
    from pathlib import Path


def table(geometry: list[object], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")


def test_geojson_follows_rfc_7946() -> None:
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)], [[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)]])
    data = json.loads(to_geojson(table([clockwise, Point(1 / 3, 2 / 3)], name=["a", "b"])))
    assert "crs" not in data
    ring, hole = data["features"][0]["geometry"]["coordinates"]
    assert shapely.is_ccw(shapely.LinearRing(ring))
    assert not shapely.is_ccw(shapely.LinearRing(hole))
    assert data["features"][1]["geometry"]["coordinates"] == [0.3333333, 0.6666667]
    assert [feature["id"] for feature in data["features"]] == [1, 2]


def test_geojson_is_split_at_the_antimeridian() -> None:
    box = Polygon([(179, -1), (-179, -1), (-179, 1), (179, 1)])
    data = json.loads(to_geojson(table([box, LineString([(170, 0), (190, 10)])])))
    for feature in data["features"]:
        assert feature["geometry"]["type"].startswith("Multi")
        shape = shapely.geometry.shape(feature["geometry"])
        west, _, east, _ = shape.bounds
        assert west >= -180
        assert east <= 180
    assert shapely.geometry.shape(data["features"][0]["geometry"]).area == pytest.approx(4)


def test_another_crs_is_transformed_and_none_is_refused() -> None:
    projected = table([Point(25, 55)]).to_crs("EPSG:3346")
    assert json.loads(to_geojson(projected))["features"][0]["geometry"]["coordinates"] == [25, 55]
    with pytest.raises(CRSError):
        to_geojson(gpd.GeoDataFrame(geometry=[Point(25, 55)]))


def test_hostile_text_stays_text_and_missing_values_are_null() -> None:
    data = table(
        [Point(0, 0)],
        a=["</script>\u2028{{ 7*7 }}"],
        b=[float("nan")],
        c=pd.Series(["\ud800"], dtype="object"),
        d=[float("inf")],
        e=[["x", 1]],
    )
    feature = json.loads(to_geojson(data))["features"][0]["properties"]
    assert feature["a"] == "</script>\u2028{{ 7*7 }}"
    assert feature["b"] is None
    assert feature["c"] == "\ud800"
    assert feature["d"] is None
    assert feature["e"] == ["x", 1]
    to_geojson(data).encode("utf-8")


def test_coordinates_out_of_range_are_reported_by_row() -> None:
    with pytest.raises(GeometryError, match="row 2"):
        to_geojson(table([Point(0, 0), Point(0, 91)]))


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".parquet"])
def test_every_format_comes_back_with_the_same_bytes_each_time(tmp_path: Path, suffix: str) -> None:
    frame = table([Point(25.28, 54.69), Point(24.39, 55.05)], name=["Vilnius", "Rukla"], n=[1, 2])
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write(frame, first, layer="places")
    write(frame, second, layer="places")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)}
    assert len(digests) == 1
    back = gpd.read_parquet(first) if suffix == ".parquet" else gpd.read_file(first)
    assert back["name"].tolist() == ["Vilnius", "Rukla"]
    assert back.geometry.x.tolist() == [25.28, 24.39]
    assert back.crs.to_epsg() in {4326, None} or back.crs == "OGC:CRS84"


def test_the_error_for_an_unknown_format_has_similar_ones() -> None:
    with pytest.raises(OutputError, match=r"did you mean \.geojson"):
        write(table([Point(0, 0)]), "a.geojsn")


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail() -> None:
        with whole_file(target) as temporary:
            temporary.write_text("half")
            msg = "the disk is on fire"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="on fire"):
        fail()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the folder .*none does not exist"):
        write(table([Point(0, 0)]), tmp_path / "none" / "a.geojson")


def test_a_shapefile_is_refused_with_the_alternative(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Shapefile is not written.*GeoPackage: a\.gpkg"):
        write(table([Point(0, 0)]), tmp_path / "a.shp")


def test_lines_as_csv_are_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r'table\.drop\(columns="geometry"\)\.to_csv\("a\.csv"'):
        write(table([LineString([(0, 0), (1, 1)])]), tmp_path / "a.csv")


def test_csv_cells_are_not_formulas(tmp_path: Path) -> None:
    frame = table(
        [Point(25.28, 54.69), Point(24.39, 55.05)],
        name=['=HYPERLINK("http://x","y")', "-5.5"],
        notes=["@SUM(1)", "plain"],
    )
    lines = write(frame, tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "name,notes,longitude,latitude"
    assert lines[1] == '"\'=HYPERLINK(""http://x"",""y"")",\'@SUM(1),25.28,54.69'
    assert lines[2] == "-5.5,plain,24.39,55.05"
    with pytest.raises(OutputError, match="points only"):
        write(table([LineString([(0, 0), (1, 1)])]), tmp_path / "b.csv")
