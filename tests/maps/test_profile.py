"""A profile shows the strips in their order, and what is assumed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
from shapely import LineString

from geoconflict.errors import SchemaError
from geoconflict.maps.symbols.profile import profile, profile_rows

SVG = "{http://www.w3.org/2000/svg}"


def strips(**columns):
    base = {
        "strip_id": ["c", "a", "b", "d"],
        "line_id": ["l"] * 4,
        "segment": ["South", "South", "South", "North"],
        "depth_echelon": [2, 1, 1, None],
        "order": [0, 0, 1, 0],
        "name": ["Trench", "Ditch", "Mines", "Fence"],
        "owner": ["A"] * 4,
        "facing": ["B"] * 4,
        "fortification_type": ["trench", "anti_tank_ditch", "minefield", "fence"],
        "offset_m": [7000.0, 100.0, 1200.0, 5.0],
        "illustrative": [False, True, False, False],
        "status": ["complete", "planned", "planned", "complete"],
    }
    return gpd.GeoDataFrame({**base, **columns}, geometry=[LineString([(0, 0), (1, 1)])] * 4, crs="EPSG:4326")


def test_rows_come_by_segment_echelon_and_order():
    rows = profile_rows(strips())
    assert [(row.heading, row.label, row.offset) for row in rows] == [
        ("South, echelon 1", "Ditch", "100 m, assumed"),
        ("South, echelon 1", "Mines", "1.2 km"),
        ("South, echelon 2", "Trench", "7 km"),
        ("North", "Fence", "5 m"),
    ]
    assert [row.pattern for row in rows[:2]] == ["anti_tank_ditch_under_construction", "minefield_planned"]


def test_the_drawing_is_sound_svg_with_every_text_and_graphic():
    root = ET.fromstring(profile(strips()))  # noqa: S314 - our own text
    texts = [element.text for element in root.iter(SVG + "text")]
    assert {"Ditch", "100 m, assumed", "↑ B", "not to scale", "North"} <= set(texts)
    assert len(list(root.iter(SVG + "path"))) > 50
    height = float(root.attrib["height"])
    assert all(0 < float(element.attrib["y"]) < height for element in root.iter(SVG + "text"))


def test_texts_of_the_table_stay_texts():
    bad = "<script>alert(1)</script>\x00" + "x" * 500
    drawn = profile(strips(name=[bad, "b", "c", "d"]))
    assert "<script" not in drawn
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    shown = [element.text for element in root.iter(SVG + "text")]
    assert max(len(text) for text in shown) < 60


def test_black_and_nothing():
    assert "#1a7a3c" not in profile(strips(), black=True)
    assert profile(strips().iloc[:0]) == ""


def test_what_is_no_table_of_strips():
    with pytest.raises(SchemaError, match="table to profile"):
        profile(strips().drop(columns="fortification_type"))
    with pytest.raises(SchemaError, match="at least 320"):
        profile(strips(), width=100)
