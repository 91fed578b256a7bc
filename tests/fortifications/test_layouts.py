"""A description and borders become tables that lie where the description says."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from geoconflict import geodesy, schema
from geoconflict.errors import DescriptionError
from geoconflict.fortifications import LayoutOptions, layout, parse_yaml, read_description

DATA = Path(__file__).parents[1] / "data" / "fortifications"
BORDER = LineString([(25, 55), (25.1, 55.5), (25, 56)])
WEST = shapely.Polygon([(23, 55), *BORDER.coords, (23, 56)])
EAST = shapely.Polygon([(27, 55), (27, 56), *list(BORDER.coords)[::-1]])
SOUTH = box(23, 54, 27, 55)

HEAD = """id: demo
name: A line
owner: Westland
status: {value: planned, date: 2025-08-01}
segments:
  - id: border
    reference: {border: {of: Westland, with: Eastland}}
    side: Westland
    facing: Eastland
"""


@pytest.fixture(scope="module")
def countries():
    return gpd.GeoDataFrame(
        {"iso": ["XW", "XE", "XS"], "iso3": ["XWW", "XEE", "XSS"], "name": ["Westland", "Eastland", "Southland"]},
        geometry=[WEST, EAST, SOUTH],
        crs="EPSG:4326",
    )


@pytest.fixture(scope="module")
def borders():
    return gpd.GeoDataFrame(
        {
            "border_id": ["a", "b"],
            "country_a": ["Eastland", "Westland"],
            "country_b": ["Westland", "Southland"],
            "iso_a": ["XE", "XW"],
            "iso_b": ["XW", "XS"],
            "kind": ["land", "sea"],
            "length_m": [geodesy.length(BORDER), 1.0],
            "resolution_m": [0.0, 0.0],
            "attribution": ["Somebody", None],
        },
        geometry=[BORDER, LineString([(23, 55), (25, 55)])],
        crs="EPSG:4326",
    )


@pytest.fixture(scope="module")
def draw(borders, countries):
    def drawn(text, **options: object):
        return layout(parse_yaml(text), borders, countries, options=LayoutOptions(**options))

    return drawn


ECHELONS = """    echelons:
      - {index: 1, depth: 5 km}
      - {index: 2, depth: 15 km}
      - {index: 3, outer_limit: 50 km}
"""


def test_the_tables_conform_to_the_schema(draw):
    out = draw(HEAD + ECHELONS + "    strips: [{type: fence, offset: 1 km}]\n    sites: [{type: depot, count: 27}]\n")
    for frame, table in ((out.echelons, schema.ECHELONS), (out.strips, schema.STRIPS), (out.sites, schema.SITES)):
        again = schema.conform(frame, table)
        assert len(again) == len(frame) > 0
        assert list(again.columns[: len(table.names)]) == table.names


def test_echelons_follow_each_other_on_their_side_without_gap_or_overlap(draw):
    table = draw(HEAD + ECHELONS).echelons
    assert table["inner_m"].tolist() == [0, 5000, 20000]
    assert table["outer_m"].tolist() == [5000, 20000, 50000]
    assert table["status_date"].tolist() == ["2025-08-01"] * 3
    whole = shapely.union_all(table.geometry.to_numpy())
    assert geodesy.area(whole) == pytest.approx(table["area_m2"].sum(), rel=1e-9)
    assert shapely.area(shapely.difference(whole, WEST)) < 1e-12
    rng = np.random.default_rng(1)
    for row in table.itertuples():
        west, south, east, north = row.geometry.bounds
        points = shapely.points(rng.uniform(west, east, 300), rng.uniform(south, north, 300))
        distance = geodesy.distance(points, BORDER)
        inside = shapely.contains(row.geometry, points)
        expected = (distance >= row.inner_m) & (distance < row.outer_m) & shapely.contains(WEST, points)
        near_edge = np.minimum(abs(distance - row.inner_m), abs(distance - row.outer_m)) < 20
        assert (inside == expected)[~near_edge].all()
        assert inside.any()


def test_a_layout_keeps_its_description(draw):
    assert draw(HEAD + ECHELONS).description == parse_yaml(HEAD + ECHELONS)


def test_a_strip_lies_at_its_offset_with_the_enemy_on_its_left(draw):
    strip = draw(HEAD + "    strips: [{type: anti_tank_ditch, offset: 2 km}]\n").strips.iloc[0]
    vertices = shapely.points(shapely.get_coordinates(strip.geometry))
    assert geodesy.distance(vertices, BORDER) == pytest.approx(2000, rel=0.02)
    assert shapely.covers(shapely.buffer(WEST, 1e-9), strip.geometry)
    assert geodesy.nearest([Point(25.05, 55.3)], strip.geometry).side.tolist() == [1]
    assert strip["app6_code"] == "290201"
    assert strip["length_m"] == pytest.approx(geodesy.length(strip.geometry))
    assert not strip["illustrative"]


def test_fortifications_that_face_their_own_side_are_turned_round(draw):
    text = HEAD.replace("facing: Eastland", "facing: Westland")
    strip = draw(text + "    strips: [{type: fence, offset: 2 km}]\n").strips.iloc[0]
    assert geodesy.nearest([Point(25.05, 55.3)], strip.geometry).side.tolist() == [-1]
    assert strip["facing"] == "Westland"


def test_the_border_itself_is_a_strip_at_no_offset(draw):
    strip = draw(HEAD + "    strips: [{type: fence, offset: 0 m}]\n").strips.iloc[0]
    assert shapely.equals(strip.geometry, BORDER)
    assert strip.geometry.coords[0] == (25, 56)


def test_rows_spread_over_a_range_or_by_their_spacing(draw):
    text = HEAD + "    strips:\n      - {type: trench, offset: 1-3 km, rows: 3}\n"
    text += "      - {type: strongpoint, offset: 5 km, rows: 2, row_spacing: 500 m}\n"
    table = draw(text).strips
    assert table["offset_m"].tolist() == [1000, 2000, 3000, 5000, 5500]
    assert table["strip_id"].is_unique
    assert table["order"].tolist() == [0, 0, 0, 1, 1]


def test_an_assumed_offset_is_marked_everywhere(draw):
    text = HEAD + "    strips: [{type: fence, offset: {value: 1 km, assumed: true, because: nobody says}}]\n"
    out = draw(text)
    strip = out.strips.iloc[0]
    assert strip["illustrative"]
    assert "assumed" in strip["offset_text"]
    assert "illustration" in strip["method"]
    assert np.isnan(strip["offset_min_m"])
    assert strip["notes"] == "nobody says"
    assert [note.kind for note in out.notes] == ["assumed"]


def test_a_strip_without_an_offset_is_noted_and_not_drawn(draw):
    out = draw(HEAD + "    strips: [{type: trench}]\n")
    assert out.strips.empty
    assert str(out.notes[0]) == "border: no offset for trench; not drawn"


def test_a_count_is_not_made_into_points(draw):
    out = draw(HEAD + ECHELONS + "    sites: [{type: depot, name: engineering parks, count: 27}]\n")
    assert out.sites.geometry.isna().tolist() == [True]
    assert out.sites["count_min"].tolist() == [27]
    assert "27 engineering parks" in str(out.notes[-1])
    assert shapely.contains(out.echelons.geometry.iloc[1], Point(out.notes[-1].anchor))


def test_an_illustration_is_spaced_evenly_inside_and_marked(draw):
    text = HEAD + ECHELONS + "    sites: [{type: depot, count: 27}]\n"
    out = draw(text, illustrate=True)
    points = out.sites[out.sites["illustrative"]]
    assert len(points) == 27
    assert points["name"].str.contains("illustrative").all()
    whole = shapely.union_all(out.echelons.geometry.to_numpy())
    assert shapely.contains(whole, points.geometry.to_numpy()).all()
    near = [geodesy.distance([p], points.geometry[points.geometry != p].to_numpy())[0] for p in points.geometry]
    assert min(near) > 0.3 * max(near)
    again = draw(text, illustrate=True).sites
    assert shapely.equals_exact(points.geometry.to_numpy(), again.geometry[again["illustrative"]].to_numpy()).all()


def test_a_gap_leaves_out_its_width_and_a_far_one_is_noted(draw):
    whole = draw(HEAD + "    strips: [{type: fence, offset: 1 km}]\n").strips["length_m"].iloc[0]
    text = (
        HEAD
        + "    gaps: [{kind: crossing, at: [25.06, 55.3], width: 4 km}, {kind: lake, name: Far, at: [23.5, 55.5], width: 1 km}]\n"
    )
    out = draw(text + "    strips: [{type: fence, offset: 1 km}]\n")
    assert out.strips["length_m"].iloc[0] == pytest.approx(whole - 4000, abs=5)
    assert out.strips.geometry.iloc[0].geom_type == "MultiLineString"
    assert [note.text for note in out.notes] == ["the gap at Far is more than 4 km from the strip; not cut"]


def test_gaps_at_every_crossing_of_a_table(draw):
    crossings = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=[Point(25.06, 55.3), Point(25.05, 55.75)], crs=4326)
    text = HEAD + "    strips: [{type: fence, offset: 100 m, gaps: [{kind: crossing, every: true, width: 1 km}]}]\n"
    assert len(draw(text, crossings=crossings).strips.geometry.iloc[0].geoms) == 3
    assert "none are cut" in str(draw(text).notes[0])


def test_gaps_from_a_file_leave_out_its_areas(borders, countries, tmp_path):
    gpd.GeoDataFrame(geometry=[box(24.5, 55.2, 25.5, 55.4)], crs=4326).to_file(tmp_path / "lakes.geojson")
    path = tmp_path / "line.yaml"
    path.write_text(HEAD + "    gaps: [{kind: lake, file: lakes.geojson}]\n    strips: [{type: fence, offset: 1 km}]\n")
    strip = layout(read_description(path), borders, countries).strips.geometry.iloc[0]
    assert len(strip.geoms) == 2
    assert not shapely.intersects(strip, box(24.5, 55.201, 25.5, 55.399))


def test_a_site_in_words_is_placed_at_its_distance_with_a_radius(draw):
    text = (
        HEAD + "    sites:\n      - type: fort\n        place: {relative: {anchor: Town, relation: distance_bearing, "
    )
    text += "distance: 40 mi, bearing: NW, anchor_at: [24.9, 55.1]}}\n"
    site = draw(text).sites.iloc[0]
    assert geodesy.distance([site.geometry], Point(24.9, 55.1))[0] == pytest.approx(40 * 1609.344, rel=1e-6)
    assert site.geometry.x < 24.9
    assert site.geometry.y > 55.1
    assert site["location_uncertainty_m"] > 0.38 * 40 * 1609


def test_another_account_can_be_drawn_and_all_are_noted(draw):
    text = (DATA / "good" / "competing_accounts.yaml").read_text()
    text = text.replace("Lithuania", "Westland").replace("Belarus", "Eastland")
    chosen = draw(text)
    assert chosen.echelons["outer_m"].tolist() == [5000, 20000, 50000]
    assert chosen.echelons["account"].tolist() == ["First account"] * 3
    assert "Second account: depth 3 mi" in chosen.echelons["notes"].iloc[0]
    assert [note.kind for note in chosen.notes].count("competing") == 3
    other = draw(text, account="b")
    assert other.echelons["outer_m"].tolist() == [pytest.approx(4828.032)]
    told = [note.text for note in other.notes if note.kind == "unplaced"]
    assert len(told) == 2
    with pytest.raises(DescriptionError, match="no account 'c'"):
        draw(text, account="c")


def test_ranges_are_drawn_at_their_middle_and_keep_their_ends(draw):
    row = draw(HEAD + "    echelons: [{index: 1, depth: 3-5 mi}]\n").echelons.iloc[0]
    assert row["outer_m"] == pytest.approx(4 * 1609.344)
    assert (row["outer_min_m"], row["outer_max_m"]) == pytest.approx((3 * 1609.344, 5 * 1609.344))
    assert row["depth_text"] == "depth 3-5 mi"


@pytest.mark.parametrize("code", ["XW", "xww", "westland"])
def test_countries_are_known_by_name_and_code(draw, code):
    text = HEAD.replace("side: Westland", f"side: {code}").replace("owner: Westland", f"owner: {code}")
    out = draw(text + "    strips: [{type: fence, offset: 1 km}]\n")
    assert out.strips["owner"].tolist() == ["Westland"]


def test_a_part_of_the_border_between_a_point_and_a_tripoint(draw):
    part = (
        "{border: {of: Westland, with: Eastland}, from: {tripoint: [Westland, Eastland, Southland]}, to: [25.1, 55.5]}"
    )
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", part)
    area = draw(text + "    echelons: [{index: 1, depth: 5 km}]\n").echelons.geometry.iloc[0]
    assert area.bounds[1] == 55
    assert 55.5 < area.bounds[3] < 55.56


@pytest.mark.parametrize(("side", "west"), [("left", True), ("right", False)])
def test_fortifications_lie_on_the_given_side_of_a_line_through_the_country(draw, side, west):
    line = f"{{line: {{name: front, kind: front, coordinates: [[24, 55.2], [24, 55.8]], fortified_side: {side}}}}}"
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", line)
    text = text.replace("facing: Eastland", "facing: {parties: [JNIM], direction: towards_reference}")
    out = draw(text + "    echelons: [{index: 1, depth: 5 km}]\n    strips: [{type: trench, offset: 1 km}]\n")
    bounds = out.echelons.geometry.iloc[0].bounds
    assert (bounds[2] <= 24 + 1e-9) if west else (bounds[0] >= 24 - 1e-9)
    assert out.strips["facing"].tolist() == ["JNIM"]
    assert geodesy.nearest([Point(24, 55.5)], out.strips.geometry.iloc[0]).side.tolist() == [1]


def test_a_line_may_be_passed_in_code_or_read_from_a_file(countries, tmp_path):
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", "{line: {name: river, kind: river}}")
    text = text.replace("facing: Eastland", "facing: {parties: [Eastland], direction: towards_reference}")
    text += "    strips: [{type: trench, offset: 1 km}]\n"
    given = layout(parse_yaml(text), None, countries, options=LayoutOptions(lines={"river": BORDER}))
    gpd.GeoDataFrame(geometry=[BORDER], crs=4326).to_crs(3346).to_file(tmp_path / "river.gpkg")
    path = tmp_path / "line.yaml"
    path.write_text(text.replace("kind: river}", "kind: river, file: river.gpkg}"))
    read = layout(read_description(path), None, countries)
    assert read.strips["length_m"].iloc[0] == pytest.approx(given.strips["length_m"].iloc[0], rel=1e-6)
    with pytest.raises(DescriptionError, match=r"line 7, column 23.*needs coordinates or a file"):
        layout(parse_yaml(text), None, countries)


def test_a_file_that_is_not_a_vector_file_is_a_fault(countries, tmp_path):
    (tmp_path / "river.csv").write_text("lon,lat\n25,55\n")
    path = tmp_path / "line.yaml"
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", "{line: {name: river, file: river.csv}}")
    path.write_text(text.replace("facing: Eastland", "facing: {parties: [A], direction: towards_reference}"))
    with pytest.raises(DescriptionError, match=r"line 7, column 43.*'river.csv' cannot be read as a vector file"):
        layout(read_description(path), None, countries)


@pytest.mark.parametrize("name", ["../river.gpkg", "/etc/passwd"])
def test_files_outside_the_folder_are_not_read(countries, tmp_path, name):
    path = tmp_path / "line.yaml"
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", f"{{line: {{name: river, file: {name}}}}}")
    path.write_text(text.replace("facing: Eastland", "facing: {parties: [A], direction: towards_reference}"))
    with pytest.raises(DescriptionError, match="lies outside the folder"):
        layout(read_description(path), None, countries)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("depth: 5 km", "depth: 500 km", "500 km deep, wider than Westland"),
        ("depth: 5 km", "inner_limit: 300 km, outer_limit: 400 km", "but no part of Westland is that far away"),
        (
            "side: Westland",
            "side: XS",
            "line 8, column 11, segments[1].side: the side Southland is not one of the countries of the border",
        ),
        ("with: Eastland", "with: Eastlnd", "line 7, column 46"),
        ("with: Eastland", "with: Southland", "no border of the kinds lake, land, river of Westland with Southland"),
        ("side: Westland", "side: XQ", "the country 'XQ' is not in the tables"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_at_its_place(draw, old, new, says):
    text = (HEAD + "    echelons: [{index: 1, depth: 5 km}]\n").replace(old, new, 1)
    if "with:" in new:
        text = text.replace("facing: Eastland", "facing: " + new.removeprefix("with: "))
    with pytest.raises(DescriptionError) as caught:
        draw(text)
    assert says in str(caught.value)


def test_a_description_changed_in_code_is_checked_before_it_is_drawn(borders, countries):
    line = parse_yaml(HEAD + ECHELONS)
    unsound = line.model_copy(update={"segments": [line.segments[0].model_copy(update={"facing": None})]})
    with pytest.raises(DescriptionError, match="facing is missing"):
        layout(unsound, borders, countries)


def test_a_draft_is_not_drawn(draw):
    with pytest.raises(DescriptionError, match="a draft cannot be drawn"):
        draw("draft: true\nid: a\nname: b\n")


def test_the_same_input_gives_the_same_bytes(draw):
    text = HEAD + ECHELONS + "    strips: [{type: fence, offset: 1 km}]\n"
    first, second = (
        json.dumps([json.loads(t.to_json()) for t in (o.echelons, o.strips)]) for o in (draw(text), draw(text))
    )
    assert first == second


def test_a_caller_resolves_other_names(draw):
    text = HEAD.replace("with: Eastland", "with: The East").replace("facing: Eastland", "facing: The East")
    with pytest.raises(DescriptionError, match="the country 'The East' is not in the tables"):
        draw(text + ECHELONS)
    known = {"The East": "Eastland"}
    assert len(draw(text + ECHELONS, resolve=lambda name: known.get(name, name)).echelons) == 3


def test_a_crooked_border_gives_clean_strips(countries):
    rng = np.random.default_rng(3)
    lat = np.linspace(55, 56, 2000)
    jag = LineString(np.column_stack([25 + 0.003 * rng.standard_normal(2000).cumsum() / 20, lat]))
    west = shapely.Polygon([(23, 55), *jag.coords, (23, 56)])
    frame = countries.assign(geometry=[west, EAST, SOUTH])
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", "{line: {name: jag}}")
    text = text.replace("facing: Eastland", "facing: {parties: [Eastland], direction: towards_reference}")
    out = layout(
        parse_yaml(text + "    strips: [{type: fence, offset: 1 km}]\n"),
        None,
        frame,
        options=LayoutOptions(lines={"jag": jag}),
    ).strips
    strip = out.geometry.iloc[0]
    assert strip.is_simple
    assert len(shapely.get_coordinates(strip)) < 1000
    assert all(geodesy.length(part) >= 1000 for part in shapely.get_parts(strip))
    points = shapely.points(shapely.get_coordinates(strip))
    assert geodesy.distance(points, jag) == pytest.approx(1000, rel=0.021)


TWO = """id: demo
name: Two segments
owner: Westland
status: planned
segments:
  - id: south
    reference: {border: {of: Westland, with: Eastland}, to: [25.06, 55.3]}
    side: Westland
    facing: Eastland
    echelons: [{index: 1, depth: 5 km}, {index: 2, depth: 15 km}]
    strips: [{type: minefield, offset: 3 km}]
  - id: north
    reference: {border: {of: Westland, with: Eastland}, from: [25.06, 55.3]}
    side: Westland
    facing: Eastland
    echelons: [{index: 1, depth: 5 km}, {index: 2, depth: 15 km}]
    strips: [{type: trench, offset: 3 km}]
"""


def test_segments_that_meet_share_no_area_and_their_strips_meet(draw):
    out = draw(TWO)
    whole = draw(HEAD + "    echelons: [{index: 1, depth: 5 km}, {index: 2, depth: 15 km}]\n").echelons
    assert out.echelons["area_m2"].sum() == pytest.approx(whole["area_m2"].sum(), rel=1e-4)
    areas = out.echelons.geometry.to_numpy()
    for i, first in enumerate(areas[:-1]):
        assert shapely.area(shapely.intersection(first, areas[i + 1 :])).max() < 1e-12
    south, north = out.strips.geometry
    assert geodesy.distance([south], north)[0] < 0.1 * 3000
    assert not shapely.crosses(south, north)
    joined = draw(HEAD + "    strips: [{type: trench, offset: 3 km}]\n").strips["length_m"].iloc[0]
    assert out.strips["length_m"].sum() == pytest.approx(joined, rel=0.01)


def test_a_strip_along_a_part_does_not_run_round_its_ends(draw):
    part = "{border: {of: Westland, with: Eastland}, from: [25.06, 55.3], to: [25.06, 55.7]}"
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", part)
    strip = draw(text + "    strips: [{type: fence, offset: 4 km}]\n").strips.iloc[0]
    lats = shapely.get_coordinates(strip.geometry)[:, 1]
    assert (lats.min(), lats.max()) == (pytest.approx(55.3, abs=0.01), pytest.approx(55.7, abs=0.01))
    vertices = shapely.points(shapely.get_coordinates(strip.geometry))
    assert geodesy.distance(vertices, BORDER) == pytest.approx(4000, rel=0.03)


def test_terrain_is_noted_with_its_place(draw):
    out = draw(HEAD + "    terrain: [{kind: marsh, text: Wet in spring., at: [24.5, 55.5]}]\n")
    assert [(note.kind, note.text, note.at) for note in out.notes] == [
        ("terrain", "border: Wet in spring.", (24.5, 55.5))
    ]


def test_counts_and_density_of_a_strip_are_kept(draw):
    text = (
        HEAD
        + "    strips: [{type: bunker, offset: 1 km, count: 100-150, per_km: 1.5, height: 2 m, continuous: false}]\n"
    )
    strip = draw(text).strips.iloc[0]
    assert (strip["count_min"], strip["count_max"], strip["per_km"]) == (100, 150, 1.5)
    assert strip["notes"] == "height 2 m; not continuous"


def test_named_places_are_found_by_the_callers_gazetteer(draw):
    places = {"Town": (25.06, 55.3), "Fort": (24.8, 55.5), "Elsewhere": (10.0, 50.0)}
    part = "{border: {of: Westland, with: Eastland}, from: Town}"
    text = HEAD.replace("{border: {of: Westland, with: Eastland}}", part)
    text += "    sites: [{type: fort, place: Fort}, {type: depot, place: {relative: {anchor: Town, "
    text += "relation: distance_bearing, distance: 10 km, bearing: W}}}]\n    strips: [{type: fence, offset: 1 km}]\n"
    out = draw(text, locate=places.get)
    assert out.sites.geometry.iloc[0] == Point(24.8, 55.5)
    assert geodesy.distance([out.sites.geometry.iloc[1]], Point(25.06, 55.3))[0] == pytest.approx(10_000)
    assert out.strips.geometry.iloc[0].bounds[1] == pytest.approx(55.3, abs=0.01)
    with pytest.raises(DescriptionError, match="the location of 'Town' is unknown"):
        draw(text)
    with pytest.raises(DescriptionError, match=r"Elsewhere is \d+ km from the line.*longitude first"):
        draw(text.replace("from: Town", "from: Elsewhere"), locate=places.get)


def test_numbers_beyond_reason_are_refused_or_noted(draw):
    with pytest.raises(DescriptionError, match="line 10"):
        draw(HEAD + "    echelons: [{index: 1, depth: 900000 km}]\n")
    with pytest.raises(DescriptionError, match="line 10"):
        draw(HEAD + "    strips: [{type: fence, offset: 900000 km}]\n")
    out = draw(HEAD + ECHELONS + "    sites: [{type: depot, count: 1000000000}]\n", illustrate=True)
    assert len(out.sites) == 1
    assert "more than 1000" in str(out.notes[-1])


def _real_data():
    for parent in Path(__file__).resolve().parents:
        folder = parent.parent / "shared" / "data" / "control"
        if folder.is_dir():
            return folder
    return None


FRONT = """id: front
name: Fortifications behind a front
owner: Ukraine
status: reported
segments:
- id: east
  reference: {line: {name: front, kind: front, file: control.geojson, fortified_side: SIDE}}
  side: Westland
  facing: {parties: [Other], direction: towards_reference}
  echelons: [{index: 1, outer_limit: 10 km}]
  strips: [{type: trench, offset: 5 km}]
"""


@pytest.mark.parametrize("side", ["inside", "outside"])
def test_the_outline_of_held_territory_is_a_front_without_the_border(countries, tmp_path, side):
    held = shapely.Polygon([(24.2, 55.005), (25.01, 55.01), (25.09, 55.5), (24.99, 55.995), (24.5, 55.99)])
    gpd.GeoDataFrame(geometry=[held], crs=4326).to_file(tmp_path / "control.geojson")
    (tmp_path / "line.yaml").write_text(FRONT.replace("SIDE", side))
    out = layout(read_description(tmp_path / "line.yaml"), None, countries)
    area, strip = out.echelons.geometry.iloc[0], out.strips.geometry.iloc[0]
    wanted = held if side == "inside" else shapely.difference(WEST, held)
    assert shapely.area(shapely.difference(area, wanted)) < 1e-9
    assert area.bounds[2] < 24.75
    front = LineString([(24.2, 55.005), (24.5, 55.99)])
    distance = geodesy.distance(shapely.points(shapely.get_coordinates(strip)), front)
    assert distance == pytest.approx(5000, rel=0.03)
    enemy = Point(24.3, 55.5) if side == "inside" else Point(24.4, 55.5)
    assert geodesy.nearest([enemy], strip).side.tolist() == [1]


@pytest.mark.parametrize(("side", "says"), [("left", "inside or outside"), ("", "inside or outside")])
def test_held_territory_needs_its_side(countries, tmp_path, side, says):
    gpd.GeoDataFrame(geometry=[box(24, 55.2, 24.5, 55.8)], crs=4326).to_file(tmp_path / "control.geojson")
    text = FRONT.replace(", fortified_side: SIDE", f", fortified_side: {side}" if side else "")
    (tmp_path / "line.yaml").write_text(text)
    with pytest.raises(DescriptionError, match=says):
        layout(read_description(tmp_path / "line.yaml"), None, countries)


@pytest.mark.real_data
@pytest.mark.skipif(_real_data() is None, reason="the folder of real files is absent")
def test_a_real_front_of_one_day(tmp_path):
    path = _real_data() / "deepstatemap_data_20250804.geojson"
    (tmp_path / "control.geojson").write_bytes(path.read_bytes())
    (tmp_path / "line.yaml").write_text(FRONT.replace("SIDE", "outside"))
    country = gpd.GeoDataFrame({"iso": ["XW"], "name": ["Westland"]}, geometry=[box(30, 44, 40.3, 52.4)], crs=4326)
    out = layout(read_description(tmp_path / "line.yaml"), None, country)
    held = gpd.read_file(path).geometry.iloc[0]
    area = out.echelons.geometry.iloc[0]
    assert shapely.area(shapely.intersection(area, shapely.make_valid(held))) < 1e-6
    assert len(shapely.get_coordinates(out.strips.geometry.iloc[0])) < 5000
