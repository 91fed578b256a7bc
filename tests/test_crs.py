from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point

from geoconflict.crs import Bounds, is_wgs84, require_crs, require_wgs84
from geoconflict.errors import CRSError, GeometryError, InputError


def table(crs: str | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[Point(25, 55)], crs=crs)


def test_a_missing_crs_names_the_cure() -> None:
    with pytest.raises(CRSError, match=r'events has no coordinate reference system.*set_crs\("EPSG:4326"\)'):
        require_crs(table(None), what="events")


def test_a_table_without_geometries_is_an_error() -> None:
    with pytest.raises(InputError, match="events must be a GeoDataFrame or GeoSeries, found list"):
        require_crs([], what="events")  # type: ignore[arg-type]  # the wrong type is the test


def test_another_crs_names_the_cure() -> None:
    with pytest.raises(CRSError, match=r"to_crs"):
        require_wgs84(table("EPSG:3857"))


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84"])
def test_both_names_of_wgs84_are_taken(crs: str) -> None:
    assert is_wgs84(crs)
    require_wgs84(table(crs))


def test_bounds_across_the_antimeridian() -> None:
    box = Bounds(west=177, south=-20, east=-178, north=-12)
    assert box.crosses_antimeridian
    assert box.width_deg == 5
    assert box.center == (179.5, -16.0)
    both = box.union(Bounds(-177, -15, -176, -10))
    assert (both.west, both.east, both.south, both.north) == (177, -176, -20, -10)


def test_bounds_grow_and_stay_on_the_globe() -> None:
    box = Bounds(10, 80, 20, 89).pad(0.5)
    assert (box.west, box.east, box.north) == (5, 25, 90)
    assert Bounds(-180, -10, 180, 10).pad(0.1).width_deg == 360


@pytest.mark.parametrize("box", [(0, 10, 1, 5), (0, -91, 1, 0), (-181, 0, 1, 1)])
def test_impossible_bounds_are_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(GeometryError):
        Bounds(*box)
