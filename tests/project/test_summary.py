from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, Point, box

from geoconflict.project import summary
from geoconflict.schema import BORDERS, INCIDENTS, PLACES, ZONES


def borders(*rows: tuple[str, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        [
            {
                "border_id": f"A-B-{kind}",
                "country_a": "A",
                "country_b": "B",
                "iso_a": "AA",
                "iso_b": "BB",
                "kind": kind,
                "length_m": length,
                "resolution_m": 0.0,
                "source": "S",
            }
            for kind, length in rows
        ],
        geometry=[LineString([(0, 0), (1, 1)])] * len(rows),
        crs="EPSG:4326",
    )


def test_lengths_of_different_kinds_are_not_mixed() -> None:
    table = borders(("land", 211_300.0), ("river", 44_500.0), ("lake", 18_100.0))
    (line,) = summary.headlines({"b": table})
    assert line == (
        "b: A – B 273.9 km (land 211.3, river 44.5, lake 18.1; land and rivers only: 255.8 km) "
        "on the ellipsoid at full resolution, line at the full resolution of the source"
    )


def test_one_kind_is_named() -> None:
    (line,) = summary.headlines({"b": borders(("land", 104_300.0))})
    assert "104.3 km (land)" in line


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [("<script>", r"\<script\>"), ("a|b", r"a\|b"), ("[x](javascript:1)", r"\[x\](javascript:1)"), ("a\nb", "a b")],
)
def test_text_in_markdown_is_text(hostile: str, shown: str) -> None:
    assert summary.text(hostile) == shown


def test_tables_are_known_by_what_they_require() -> None:
    zones = gpd.GeoDataFrame({"zone_id": ["z"], "name": ["Z"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    places = gpd.GeoDataFrame({"place_id": ["p"], "name": ["P"]}, geometry=[Point(0, 0)], crs="EPSG:4326")
    assert summary.kind_of(zones) is ZONES
    assert summary.kind_of(places) is PLACES
    assert summary.kind_of(borders(("land", 1.0))) is BORDERS
    assert summary.kind_of(places) is not INCIDENTS


def incidents(**columns: list[object]) -> gpd.GeoDataFrame:
    rows = len(next(iter(columns.values())))
    known = {
        "event_id": [f"e{i}" for i in range(rows)],
        "event_date": ["2025-07-30"] * rows,
        "event_date_end": ["2025-07-30"] * rows,
        "event_type": ["battle"] * rows,
        "dataset": ["plain"] * rows,
        "source_row": list(range(1, rows + 1)),
        "geo_precision": ["exact"] * rows,
        "time_precision": ["day"] * rows,
        "method": ["read"] * rows,
        "source": ["S"] * rows,
    }
    return gpd.GeoDataFrame({**known, **columns}, geometry=[Point(0, 0)] * rows, crs="EPSG:4326")


def test_incidents_last_until_the_last_day_of_the_last_event() -> None:
    table = incidents(event_date=["2025-07-30", "2025-07-29"], event_date_end=["2025-08-03", "2025-07-29"])
    assert summary.kind_of(table) is INCIDENTS
    assert summary.headlines({"rows": table}) == ["rows: 2 incidents, 2025-07-29 to 2025-08-03"]
    assert summary.headlines({"rows": table.iloc[1:]}) == ["rows: 1 incident, 2025-07-29 to 2025-07-29"]
    assert summary.headlines({"rows": table.iloc[:0]}) == ["rows: no rows"]
