"""Vector files are opened in one place, by their first bytes."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point

from geoconflict.errors import ReadError
from geoconflict.io.vector import read_vector

FORMATS = {"a.gpkg": "GPKG", "a.geojson": "GeoJSON", "a.fgb": "FlatGeobuf", "a.shp": "ESRI Shapefile"}


def table() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["Vilnius", "Łódź"]}, geometry=[Point(25.28, 54.69), Point(19.46, 51.76)], crs=4326
    )


@pytest.mark.parametrize("name", [*FORMATS, "a.parquet"])
def test_each_format_comes_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        table().to_parquet(path)
    else:
        table().to_file(path, driver=FORMATS[name])
    found = read_vector(path)
    assert sorted(found["name"]) == ["Vilnius", "Łódź"]
    assert found.crs == 4326


def test_a_layer_is_chosen_by_name_and_a_wrong_name_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    table().to_file(path, layer="first", driver="GPKG")
    table().iloc[:1].to_file(path, layer="second", driver="GPKG")
    found = read_vector(path, layer="second")
    assert len(found) == 1
    assert sorted(found.attrs["layers"]) == ["first", "second"]
    with pytest.raises(ReadError, match="did you mean second"):
        read_vector(path, layer="secnd")


@pytest.mark.parametrize(
    "text",
    [
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/hosts</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "<OGRWFSDataSource><URL>http://127.0.0.1:1/</URL></OGRWFSDataSource>",
        "WFS:http://127.0.0.1:1/",
        "name,lon,lat\nA,1,2\n",
    ],
)
def test_a_document_that_names_another_source_is_not_opened(tmp_path: Path, text: str) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match="cannot be read as a vector file"):
        read_vector(path)


@pytest.mark.parametrize("place", ["/vsicurl/http://127.0.0.1/a.geojson", "https://example.org/a.geojson"])
def test_an_address_is_not_read(place: str) -> None:
    with pytest.raises(ReadError, match="not a local file"):
        read_vector(place)


def test_a_pipe_a_folder_an_empty_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty.gpkg").touch()
    (tmp_path / "areas.gpkg").write_bytes(b"SQLite format 3\x00 and nothing else")
    for name, match in [
        ("pipe", "not a regular file"),
        ("", "is a folder"),
        ("empty.gpkg", "is empty"),
        ("area.gpkg", "did you mean areas.gpkg"),
        ("areas.gpkg", "cannot be read as GeoPackage"),
    ]:
        with pytest.raises(ReadError, match=match):
            read_vector(tmp_path / name)
