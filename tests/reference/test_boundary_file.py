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
