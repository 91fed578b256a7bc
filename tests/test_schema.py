from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point

from geoconflict import schema
from geoconflict.errors import CRSError, SchemaError
from geoconflict.schema import INCIDENTS, PLACES, SITES, TABLES, conform


def places(**columns: object) -> gpd.GeoDataFrame:
    data = {"place_id": ["a", "b"], "name": ["A", "B"], **columns}
    return gpd.GeoDataFrame(data, geometry=[Point(25, 55), Point(26, 56)], crs="EPSG:4326", index=[7, 9])


def test_conform_keeps_index_order_extra_columns_and_the_input() -> None:
    frame = places(extra=[1, 2], population=["10", None])
    before = frame.copy()
    out = conform(frame, PLACES)
    assert list(out.index) == [7, 9]
    assert list(out.columns)[:2] == ["place_id", "name"]
    assert out["extra"].tolist() == [1, 2]
    assert out["population"].tolist()[0] == 10.0
    assert out["source"].isna().all()
    pd.testing.assert_frame_equal(frame, before)


def test_conform_says_all_that_is_wrong_at_once() -> None:
    frame = gpd.GeoDataFrame(
        {"place_id": ["a", "a", "c"], "nam": ["A", "B", "C"], "population": ["many", "3", "4"]},
        geometry=[Point(25, 55), LineString([(0, 0), (1, 1)]), None],
        crs="EPSG:4326",
    )
    with pytest.raises(SchemaError) as caught:
        conform(frame, PLACES, what="places.csv")
    text = str(caught.value)
    assert "places.csv is not a table of PLACES" in text
    assert "did you mean nam?" in text
    assert "row 1, population: 'many' is not a number" in text
    assert "'a' occurs in rows [1, 2]" in text
    assert "LineString in rows [2]" in text
    assert "1 rows have no geometry: [3]" in text


def test_conform_refuses_another_crs() -> None:
    with pytest.raises(CRSError):
        conform(places().to_crs("EPSG:3857"), PLACES)


def test_words_come_from_the_vocabulary() -> None:
    frame = gpd.GeoDataFrame(
        {
            "event_id": ["1"],
            "event_date": ["2025-07-01"],
            "event_date_end": ["2025-07-01"],
            "time_precision": ["day"],
            "event_type": ["batle"],
            "geo_precision": ["locality"],
            "dataset": ["table"],
        },
        geometry=[Point(0, 0)],
        crs="EPSG:4326",
    )
    with pytest.raises(SchemaError, match=r"'batle' is no word of EventType.*did you mean battle"):
        conform(frame, INCIDENTS)
    out = conform(frame.assign(event_type="battle"), INCIDENTS)
    assert out["event_type"].tolist() == ["battle"]
    assert out["location_uncertainty_m"].dtype == "float64"


@pytest.mark.parametrize("value", ["2025-13-01", "yesterday", "01/07/2025"])
def test_dates_are_iso_dates(value: str) -> None:
    with pytest.raises(SchemaError, match="is not a date"):
        conform(places(source_date=[value, None]), PLACES)


def test_sites_may_have_no_place() -> None:
    frame = gpd.GeoDataFrame(
        {
            "site_id": ["s"],
            "line_id": ["l"],
            "name": ["parks"],
            "fortification_type": ["depot"],
            "owner": ["LT"],
            "facing": ["BY"],
            "illustrative": [False],
            "status": ["planned"],
        },
        geometry=[None],
        crs="EPSG:4326",
    )
    assert conform(frame, SITES)["illustrative"].tolist() == [False]


def test_an_empty_table_conforms() -> None:
    frame = gpd.GeoDataFrame({"place_id": [], "name": []}, geometry=[], crs="EPSG:4326")
    assert len(conform(frame, PLACES)) == 0


def test_column_names_are_unique_and_measures_name_their_unit() -> None:
    for table in TABLES:
        assert len(set(table.names)) == len(table.names), table.name
        assert table.key in table.names
        for column in table.columns:
            if column.unit == "m":
                assert column.name.endswith("_m"), column.name


def test_the_documents_hold_the_current_table_of_tables() -> None:
    page = (Path(__file__).parents[1] / "docs" / "api" / "schema.md").read_text(encoding="utf-8")
    assert schema.markdown() in page
