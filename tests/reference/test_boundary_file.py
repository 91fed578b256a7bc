import geopandas as gpd
import pytest
import shapely

from geoconflict.errors import CRSError, GeometryError, ReadError
from geoconflict.reference import read_boundaries


def _write(path, shapes, crs="EPSG:4326"):
    gpd.GeoDataFrame({"name": [f"row {i + 1}" for i in range(len(shapes))]}, geometry=shapes, crs=crs).to_file(path)
    return path


def test_a_file_in_another_crs_comes_back_in_wgs84(tmp_path):
    square = shapely.box(500_000, 6_000_000, 510_000, 6_010_000)
    found = read_boundaries(_write(tmp_path / "one.gpkg", [square], crs="EPSG:3346"))
    assert found.crs.to_epsg() == 4326
    assert found.total_bounds.tolist() == pytest.approx([24.0, 54.1, 24.2, 54.2], abs=0.1)
    assert found.attrs["report"] == {"rows": 1, "crs": "EPSG:3346", "gaps": 0, "overlaps": []}


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_file_without_a_crs_is_an_error_that_says_what_to_do(tmp_path):
    path = _write(tmp_path / "one.shp", [shapely.box(0, 0, 1, 1)], crs=None)
    with pytest.raises(CRSError, match="set_crs"):
        read_boundaries(path)


def test_one_error_lists_all_invalid_rows(tmp_path):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = [shapely.box(5, 5, 6, 6), bow, None, shapely.Point(3, 3)]
    with pytest.raises(GeometryError) as caught:
        read_boundaries(_write(tmp_path / "one.gpkg", shapes))
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4]
    assert "Self-intersection" in str(caught.value)


def test_gaps_and_overlaps_between_areas_are_reported(tmp_path):
    frame = shapely.box(0, 0, 1, 1) - shapely.box(0.5, 0.5, 0.7, 0.7)
    plug = shapely.box(0.501, 0.5, 0.7, 0.7)
    beside = shapely.box(0.9, 0, 2, 1)
    found = read_boundaries(_write(tmp_path / "one.gpkg", [frame, plug, beside]))
    report = found.attrs["report"]
    assert report["overlaps"] == [(1, 3)]
    assert report["gaps"] == 0  # the gap of 0.001 by 0.2 degree is larger than a square kilometre
    plug = shapely.box(0.5001, 0.5, 0.7, 0.7)
    assert read_boundaries(_write(tmp_path / "two.gpkg", [frame, plug])).attrs["report"]["gaps"] == 1


def test_coordinates_in_metres_labelled_as_degrees_are_an_error(tmp_path):
    path = _write(tmp_path / "one.geojson", [shapely.box(500_000, 6_000_000, 510_000, 6_010_000)])
    with pytest.raises(GeometryError, match="out of range"):
        read_boundaries(path)


def test_missing_and_foreign_files_are_an_error(tmp_path):
    with pytest.raises(ReadError, match="does not exist"):
        read_boundaries(tmp_path / "missing.gpkg")
    (tmp_path / "fake.gpkg").write_text("not a GeoPackage")
    with pytest.raises(ReadError, match="cannot be read"):
        read_boundaries(tmp_path / "fake.gpkg")


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (shapely.LineString([(0, 0), (180.1, 1)]), r"reaches to \[0\.0, 0\.0, 180\.1, 1\.0\]"),
        (shapely.LineString([(-180.1, 0), (0, 1)]), r"reaches to \[-180\.1"),
        (shapely.LineString([(0, 89), (0, 90.1)]), r"90\.1\]"),
        (shapely.LineString([(0, -90.1), (0, 0)]), r"-90\.1"),
    ],
)
def test_each_side_of_the_world_is_checked(tmp_path, shape, says):
    inside = shapely.LineString([(-180, -90), (180, 90)])
    with pytest.raises(GeometryError, match=says) as caught:
        read_boundaries(_write(tmp_path / "one.geojson", [inside, shape]))
    assert [fault.row for fault in caught.value.faults] == [2]
    assert caught.value.faults[0].hint == "check the CRS of the file"


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.box(0, 0, 1, 1),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.LineString([(-180, -90), (180, 90)]),
    ],
)
def test_lines_and_areas_are_read_as_they_are(tmp_path, shape):
    found = read_boundaries(_write(tmp_path / "one.gpkg", [shape]))
    assert found.geometry.tolist() == [shape]
    assert found["name"].tolist() == ["row 1"]
    assert found.attrs["report"] == {"rows": 1, "crs": "EPSG:4326", "gaps": 0, "overlaps": []}


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (shapely.Point(1, 1), "Point is neither a line nor an area"),
        (shapely.MultiPoint([(1, 1), (2, 2)]), "MultiPoint is neither a line nor an area"),
        (shapely.GeometryCollection([shapely.Point(1, 1)]), "GeometryCollection is neither a line nor an area"),
        (shapely.Polygon(), "has no geometry"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "Self-intersection"),
        (shapely.LineString([(0, 0), (float("inf"), 1)]), "has a coordinate that is not a number"),
    ],
)
def test_an_unusable_geometry_says_why(tmp_path, shape, says):
    path = tmp_path / "one.gpkg"
    shapes = [shapely.LineString([(5, 5), (6, 6)]), shape, None]
    gpd.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=shapes, crs="EPSG:4326").to_file(path, geometry_type="Unknown")
    with pytest.raises(GeometryError, match="2 unusable geometries") as caught:
        read_boundaries(path)
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    assert says in str(caught.value)
    assert ("shapely.make_valid" in str(caught.value)) == (says == "Self-intersection")


def test_a_layer_is_chosen_and_an_empty_file_is_an_error(tmp_path):
    path = tmp_path / "two.gpkg"
    for number, name in enumerate(("first", "second"), start=1):
        box = shapely.box(number, 0, number + 1, 1)
        gpd.GeoDataFrame({"name": [name]}, geometry=[box], crs="EPSG:4326").to_file(path, layer=name)
    assert read_boundaries(path, layer="second")["name"].tolist() == ["second"]
    assert set(read_boundaries(path, layer="first").attrs) == {"report"}
    empty = tmp_path / "empty.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(ReadError, match=r"empty\.geojson has no rows"):
        read_boundaries(empty)


def test_areas_that_touch_or_hold_a_lake_are_no_fault(tmp_path):
    lake = shapely.box(0, 0, 1, 1) - shapely.box(0.5, 0.5, 0.505, 0.505)  # a hole of its own, half a square kilometre
    shapes = [lake, shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2), shapely.LineString([(0, 0.5), (3, 0.5)])]
    assert read_boundaries(_write(tmp_path / "one.gpkg", shapes)).attrs["report"] == {
        "rows": 4, "crs": "EPSG:4326", "gaps": 0, "overlaps": [],
    }  # fmt: skip
    line, a, b, c = shapely.LineString([(0, 0), (9, 9)]), *(shapely.box(x, 0, x + 1.2, 1) for x in (2, 1, 0))
    report = read_boundaries(_write(tmp_path / "two.gpkg", [line, a, b, c])).attrs["report"]
    assert report["overlaps"] == [(2, 3), (3, 4)]
    # Two small gaps between three areas, and none between lines.
    slits = [shapely.box(0, 0, 3, 1), shapely.box(0, 1, 3, 2)]
    slits[1] = slits[1].difference(shapely.box(0.5, 0.9, 0.505, 1.005)).difference(shapely.box(2.5, 0.9, 2.505, 1.005))
    assert read_boundaries(_write(tmp_path / "three.gpkg", slits)).attrs["report"]["gaps"] == 2
