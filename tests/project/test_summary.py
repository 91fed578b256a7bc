from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geoconflict.fortifications.claims import Measured, Verdict
from geoconflict.project import summary
from geoconflict.project.load import Project
from geoconflict.project.model import ProjectModel
from geoconflict.schema import BORDERS, CROSSINGS, ECHELONS, INCIDENTS, PLACES, SITES, STRIPS, ZONES


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


PROJECT = Project(
    Path("project.yaml"),
    "",
    ProjectModel.model_validate(
        {
            "geoconflict": 1,
            "title": "A <b>title",
            "summary": "What it *says*",
            "as_of": dt.date(2025, 8, 19),
            "worldview": "international",
            "tables": {"x": {}},
            "map": {"layers": [{"layer": "bands", "table": "x"}]},
        }
    ),
    {},
)


def frame(**columns: object) -> gpd.GeoDataFrame:
    rows = max(len(value) if isinstance(value, list) else 1 for value in columns.values())
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(rows)), geometry=[Point(0, 0)] * rows, crs="EPSG:4326")


def rows_of(name: str, table: gpd.GeoDataFrame, *computed: str) -> list[list[str]]:
    """Return the cells of a table in the summary, the head first."""
    lines = summary.markdown(PROJECT, {name: table}, [], computed={name: computed}).splitlines()
    start = lines.index(f"## {name}") + 2
    table_lines = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table_lines.append([cell.strip() for cell in line.strip("|").split(" | ")])
    assert set("".join(table_lines[1])) <= set("-|")
    return [table_lines[0], *table_lines[2:]]


def test_the_summary_starts_with_title_date_and_worldview() -> None:
    lines = summary.markdown(PROJECT, {}, []).splitlines()
    assert lines[0] == r"# A \<b\>title"
    assert lines[2] == r"What it \*says\*"
    assert lines[4].startswith("As of 2025-08-19; borders by the worldview “")
    assert PROJECT.model.worldview.label in lines[4]
    assert lines[6] == "## Sources"


def test_a_table_of_borders() -> None:
    table = borders(("land", 211_318.0), ("lake", 18_066.0))
    table["resolution_m"] = [0.0, 2000.0]
    table["drawn_length_m"] = [211_318.0, None]
    head, first, second = rows_of("b", table)
    assert head == ["country a", "country b", "kind", "length", "drawn length", "resolution", "source"]
    assert first == ["A", "B", "land", "211.3 km", "211.3 km", "full", "S"]
    assert second == ["A", "B", "lake", "18.1 km", "–", "2 km", "S"]
    text = summary.markdown(PROJECT, {"b": table}, [])
    assert "By kind: 229.4 km (land 211.3, lake 18.1; land and rivers only: 211.3 km) on the ellipsoid" in text


def test_a_table_of_zones_shows_every_computed_column() -> None:
    table = frame(
        zone_id="z", name="0–5 km", country="Mali", area_m2=1_234_567_890.0, share_of_country=0.1234, source="OSM",
        n=3, n_certain=2, n_battle=1, sum_fatalities=12.0, n_weighted=0.756, other="not computed",
    )  # fmt: skip
    assert summary.kind_of(table) is ZONES
    head, cells = rows_of("z", table, "n", "n_certain", "n_battle", "sum_fatalities", "n_weighted")
    assert head == [
        "name", "country", "area", "share of country", "source", "points", "points certainly inside", "n battle",
        "sum fatalities", "n weighted",
    ]  # fmt: skip
    assert cells == ["0–5 km", "Mali", "1,235 km²", "12.3%", "OSM", "3", "2", "1", "12", "0.756"]


def test_a_table_of_incidents_with_measures() -> None:
    table = incidents(
        event_type=["riot_or_protest"], location=["A|B"], location_uncertainty_m=[999.0], fatalities=[None],
        to_border_m=[12_340.0], zone=["0–5 km"], certainty=["likely"], within_m=[25_000.0],
    )  # fmt: skip
    table["fatalities"] = table["fatalities"].astype("float64")
    head, cells = rows_of("i", table, "to_border_m", "zone", "within_m", "certainty")
    assert head == [
        "event date", "event type", "location", "geo precision", "uncertainty", "fatalities", "source", "to border",
        "zone", "within", "certainty",
    ]  # fmt: skip
    assert cells == [
        "2025-07-30", "riot or protest", r"A\|B", "exact", "999 m", "–", "S", "12.3 km", "0–5 km", "25 km", "likely",
    ]  # fmt: skip


def test_a_computed_column_is_shown_once() -> None:
    table = frame(place_id="p", name="P", country="Mali", population=1500.0, location_uncertainty_m=1000.0, source="S")
    head, cells = rows_of("p", table, "population", "gone")
    assert head == ["name", "country", "population", "uncertainty", "source"]
    assert cells == ["P", "Mali", "1,500", "1 km", "S"]


@pytest.mark.parametrize(
    ("rows", "more"), [(60, None), (61, "1 more rows are in the layer's file."), (75, "15 more rows")]
)
def test_long_tables_are_cut_and_say_so(rows: int, more: str | None) -> None:
    table = frame(place_id=[f"p{i}" for i in range(rows)], name=[f"P{i}" for i in range(rows)])
    text = summary.markdown(PROJECT, {"p": table}, [])
    assert text.count("\n| P") == 60
    assert (more or "\n\n## Sources") in text
    assert ("more rows" in text) == (more is not None)


def test_sources_are_listed_once_with_licence_and_links() -> None:
    one = frame(place_id=["a", "b"], name="P", source="GeoNames", licence="CC-BY-4.0", attribution="GeoNames",
                source_url=["https://x/1", "https://x/2"])  # fmt: skip
    two = frame(place_id="c", name="P", source="OSM", licence=None)
    three = frame(place_id="d", name="P")
    text = summary.markdown(PROJECT, {"one": one, "again": one, "two": two, "three": three}, [])
    listed = text.split("## Sources\n\n")[1].splitlines()
    assert listed == ["1. GeoNames; CC-BY-4.0; https://x/1; https://x/2", "2. OSM"]


@pytest.mark.parametrize(
    ("links", "shown"), [(3, "S; https://x/0; https://x/1; https://x/2"), (4, "S; 4 links, in the layers' files")]
)
def test_many_links_are_counted(links: int, shown: str) -> None:
    table = frame(
        place_id=[str(i) for i in range(links)],
        name="P",
        source="S",
        source_url=[f"https://x/{i}" for i in range(links)],
    )
    assert f"1. {shown}\n" in summary.markdown(PROJECT, {"p": table}, [])


def test_many_sources_are_cut_and_say_so() -> None:
    table = frame(place_id=[str(i) for i in range(63)], name="P", source=[f"S{i}" for i in range(63)])
    text = summary.markdown(PROJECT, {"p": table}, [])
    assert "60. S59" in text
    assert "61. S60" not in text
    assert "3 more sources are named in the layers' files." in text


CLAIM = Verdict(
    id="c",
    text="20 miles | away",
    claimed="20 mi",
    claimed_m=32_186.88,
    measured=tuple(
        Measured(reading=reading, value_m=metres, holds=False, resolution_m=None)
        for reading, metres in (("to the border", 48_280.32), ("to the crossing", 1_234_560.0))
    ),
    verdict="does_not_hold",
    reason="it is farther",
)


def test_claims_have_a_row_and_a_headline() -> None:
    text = summary.markdown(PROJECT, {}, [], verdicts=[CLAIM])
    assert (
        r"| 20 miles \| away | 20 mi | 48.3 km to the border; 1,234.6 km to the crossing | does not hold |"
    ) in text.splitlines()
    assert summary.headlines({}, [CLAIM]) == ["claim: 20 miles | away: does not hold; it is farther"]


def test_notes_are_escaped_and_said_once() -> None:
    text = summary.markdown(PROJECT, {}, ["one", "two <x>", "one"])
    assert "## Notes\n\n- one\n- two \\<x\\>\n" in text
    assert "## Notes" not in summary.markdown(PROJECT, {}, [])


def test_headlines_of_each_kind() -> None:
    zones = frame(
        zone_id=["a", "b"], name=["A", "B"], country="Mali", area_m2=[4e9, 6e9], share_of_country=[0.004, 0.006]
    )
    counted = zones.assign(n=[1, 3], n_certain=[1, 2])
    counted.attrs["count"] = {"points": 5, "inside": 4, "outside": 1}
    places = frame(place_id=["a", "b"], name=["P", "Q"], zone=["A", "B"])
    assert summary.headlines({"z": zones}) == ["z: 10,000 km² in all, 1.0% of the land of Mali"]
    assert summary.headlines({"z": counted}) == [
        "z: A: 1 point, 1 certainly inside",
        "z: B: 3 points, 2 certainly inside",
        "z: 1 of 5 points outside all zones",
    ]
    assert summary.headlines({"z": counted.drop(columns="n_certain")})[0] == "z: A: 1 point"
    assert summary.headlines({"z": zones.drop(columns="share_of_country")}) == []
    assert summary.headlines({"p": places}) == ["p: 2 places inside: P (A), Q (B)"]
    assert summary.headlines({"p": places.drop(columns="zone"), "unknown": frame(a=[1])}) == []
    other = borders(("land", 1000.0))
    other["country_b"], other["resolution_m"] = "C", 250.0
    two = gpd.GeoDataFrame(pd.concat([borders(("land", 2000.0)), other]), crs=4326)
    first, second = summary.headlines({"b": two})
    assert first.startswith("b: A – B 2.0 km (land)")
    assert second.endswith("A – C 1.0 km (land) on the ellipsoid at full resolution, line simplified by at most 250 m")


def test_an_echelon_has_its_limits_and_area() -> None:
    table = gpd.GeoDataFrame(
        {c.name: ["x"] for c in ECHELONS.columns if c.need == "required"}
        | {"name": ["First"], "inner_m": [0.0], "outer_m": [4828.0], "area_m2": [1.5e9]},
        geometry=[box(0, 0, 1, 1)],
        crs="EPSG:4326",
    )
    assert summary.headlines({"e": table}) == ["e: First, 0 km to 4.83 km: 1,500 km²"]


@pytest.mark.parametrize("kind", [BORDERS, CROSSINGS, ECHELONS, INCIDENTS, PLACES, SITES, STRIPS, ZONES])
def test_every_kind_of_table_is_recognised_and_has_columns(kind: object) -> None:
    required = {column.name: ["x"] for column in kind.columns if column.need == "required"}
    table = gpd.GeoDataFrame(required, geometry=[Point(0, 0)], crs="EPSG:4326")
    assert summary.kind_of(table) is kind
    for name in required:
        assert summary.kind_of(table.drop(columns=name)) is not kind
    assert set(summary._COLUMNS[kind.name]) <= {*kind.names, "share_of_country"}


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_a_dash(value: object) -> None:
    table = frame(place_id=["p", "q"], name="P", source="S")
    table["country"] = pd.Series([value, "Mali"], dtype=object)
    assert [row[1] for row in rows_of("p", table)[1:]] == ["–", "Mali"]
    table["source"] = pd.Series([value, value], dtype=object)
    assert summary.markdown(PROJECT, {"p": table}, []).endswith("## Sources\n\n")


def test_a_sum_that_is_not_whole_has_three_digits() -> None:
    table = frame(zone_id="z", name="Z", sum_a=1234.0, sum_b=12.3456)
    assert rows_of("z", table, "sum_a", "sum_b")[1][1:] == ["1,234", "12.3"]


def test_words_of_the_vocabulary_are_written_with_spaces_and_texts_as_they_are() -> None:
    required = {column.name: ["x"] for column in CROSSINGS.columns if column.need == "required"}
    words = {"name": ["a_b"], "kind": ["road_and_rail"], "status": ["goods_only"]}
    table = gpd.GeoDataFrame(required | words, geometry=[Point(0, 0)], crs="EPSG:4326")
    head, cells = rows_of("c", table)
    assert head == ["name", "country a", "country b", "kind", "status"]
    assert cells == [r"a\_b", "x", "x", "road and rail", "goods only"]


def test_the_blocks_of_the_summary_are_separated_by_empty_lines() -> None:
    text = summary.markdown(PROJECT, {"p": frame(place_id="p", name="P", source="S")}, ["note"], verdicts=[CLAIM])
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("#"):
            assert lines[i + 1] == ""
            assert i == 0 or lines[i - 1] == ""
    assert lines.count("") == 11
    assert "\n\n\n" not in text
