"""Popups, titles and legends of the layers, against the schema of the tables and the vocabularies."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from geoconflict import schema, vocabulary
from geoconflict.crs import Bounds
from geoconflict.maps import layers, words

TABLES = {
    layers.Bands: schema.ZONES,
    layers.Borders: schema.BORDERS,
    layers.Crossings: schema.CROSSINGS,
    layers.Echelons: schema.ECHELONS,
    layers.Incidents: schema.INCIDENTS,
    layers.Places: schema.PLACES,
    layers.Sites: schema.SITES,
    layers.Strips: schema.STRIPS,
    layers.Zones: schema.ZONES,
}
# Columns that a layer computes, and those that others add to a table.
MADE = {"_resolution"}
ADDED = {
    "distance_to_border_m": "length_m",
    # Columns that gc.near and gc.nearest add.
    "distance_m": "length_m",
    "within_m": "number",
    "nearest_name": "text",
    "nearest_id": "text",
    "certainty": "word",
}
# What a reader needs in order to judge a row; in the popup wherever the table has it.
EVIDENCE = {"source", "source_url", "location_uncertainty_m", "status", "status_date", "worldview", "illustrative",
            "valid_from", "valid_to", "disputed", "geo_precision", "time_precision", "notes"}  # fmt: skip


def test_the_registry_has_every_layer_by_its_name():
    assert layers.LAYERS["choropleth"] is layers.Choropleth
    assert set(TABLES) < set(layers.LAYERS.values())
    named = "bands borders choropleth countries crossings echelons graticule incidents places raster sites strips"
    assert sorted(layers.LAYERS) == [*named.split(), "territory", "zones"]


def expected_type(column):
    own = {"source": "sources", "source_url": "link", "location_uncertainty_m": "uncertainty_m", "kind": "word"}
    units = {"m": "length_m", "m²": "area_m2"}
    if column.name in own:
        return own[column.name]
    if column.words is not None:
        return "word"
    if column.dtype == "date":
        return "date"
    if column.dtype in {"float", "int"}:
        return units.get(column.unit, "number")
    return "text"


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_popups_show_columns_of_the_table_in_their_units(kind):
    table = TABLES[kind]
    for field in kind.popup:
        if field.column in MADE:
            continue
        if field.column in ADDED and field.column not in table.names:
            assert field.type == ADDED[field.column]
            continue
        assert field.type == expected_type(table.column(field.column)), field.column


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_popups_show_the_evidence_for_a_row(kind):
    shown = {field.column for field in kind.popup}
    assert EVIDENCE & set(TABLES[kind].names) - shown == set()


@pytest.mark.parametrize("kind", layers.LAYERS.values(), ids=lambda kind: kind.__name__)
def test_labels_and_titles_are_known_terms_and_differ(kind):
    known = set(words.keys())
    labels = [field.label for field in kind.popup]
    columns = [field.column for field in kind.popup]
    assert set(labels) - known == set()
    assert kind.title in known
    assert len(set(labels)) == len(labels)
    assert len(set(columns)) == len(columns)


@pytest.mark.parametrize("kind", layers.LAYERS.values(), ids=lambda kind: kind.__name__)
def test_layers_are_frozen_and_compared_by_identity(kind):
    grid = layers.Grid([[1.0]], Bounds(0, 0, 1, 1))
    options = {"raster": {"grids": grid}, "graticule": {}}.get(kind.key())
    if options is None:
        shape = {"Point": Point(1, 1), "LineString": LineString([(0, 0), (1, 1)])}.get(kind.accepts[0], box(0, 0, 1, 1))
        frame = gpd.GeoDataFrame({"n": [1.0]}, geometry=[shape], crs=4326)
        row = {"depth_echelon": 1, "band_inner_m": 0.0, "band_outer_m": 1.0, "valid_from": "2025-01-01",
               "valid_to": None, "fortification_type": "depot", "event_type": "battle", "event_date": "2025-01-01"}  # fmt: skip
        frame = frame.assign(**{name: row.get(name, "a") for name in kind.needs})
        options = {"table": frame, **{"choropleth": {"by": "n"}, "territory": {"holder": "a"}}.get(kind.key(), {})}
    one, other = kind(**options), kind(**options)
    assert one.describe().style_of.dtype == np.int64
    assert one != other
    assert len({one, other, one}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "b"


def test_looks_are_those_of_words_in_the_vocabularies():
    fortifications = set(vocabulary.FortificationType)
    assert set(layers.strips._LOOK) <= fortifications
    assert set(layers.sites._SHAPE) <= fortifications
    assert set(layers.borders._LOOK) <= set(vocabulary.StretchKind)
    assert set(layers.crossings._STYLES) | {"unknown"} == set(vocabulary.CrossingStatus)
    assert set(layers.incidents.COLOURS) | {"unknown"} == set(vocabulary.EventType)


def points(**columns):
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[Point(i, i) for i in range(n)], crs=4326)


def looks(layer):
    return [(entry.label, entry.count, entry.style.marker, entry.style.fill) for entry in layer.describe().legend]


def test_crossings_by_status():
    told = layers.Crossings(
        points(
            name=["a", "b", "c", "d", "e"],
            status=["closed", "open", "restricted", "unknown", "open"],
            location_uncertainty_m=[10, None, 0, 5, -1],
        )
    )
    assert looks(told) == [
        ("open crossing", 2, "circle", "#ffffff"),
        ("restricted crossing", 1, "diamond", "#bcd3e8"),
        ("closed crossing", 1, "cross", "#1c1c1c"),
        ("crossing, status unknown", 1, "square", "#ffffff"),
    ]
    spec = told.describe()
    assert spec.title_column == "name"
    assert spec.style_of.tolist() == [2, 0, 1, 3, 0]
    assert spec.labels.text == ("a", "b", "c", "d", "e")
    np.testing.assert_array_equal(spec.uncertainty_m, [10, np.nan, np.nan, 5, np.nan])
    assert layers.Crossings(told.table, labels=False).describe().labels is None


def test_places_by_type_and_their_priority():
    told = layers.Places(
        points(
            name=["a", "b", "c", "d", "e", None],
            kind=["village", "capital", "barracks", "gap", "lighthouse", "city"],
            population=[50, None, None, 3, 7, 50_000],
        )
    ).describe()
    assert [(e.label, e.count, e.style.marker) for e in told.legend] == [
        ("capital", 1, "star"),
        ("town", 2, "circle"),
        ("base", 1, "bar"),
        ("gap", 1, "ring"),
        ("place", 1, "circle"),
    ]
    assert told.labels.text == ("a", "b", "c", "d", "e", None)
    rank = dict(zip("abcdef", told.labels.rank, strict=True))
    assert rank["b"] > rank["f"] > rank["a"] > rank["e"]
    assert rank["d"] > rank["f"]
    assert told.title_column == "name"


def test_incidents_by_type():
    kinds = [kind for kind in vocabulary.EventType if kind != "unknown"]
    told = layers.Incidents(
        points(
            event_type=[*kinds, "battle", "unknown"],
            event_date=["2025-01-01"] * 8,
            geo_precision=["exact"] * 8,
            actor1=[None] * 8,
            source=["a"] * 8,
            admin1=["r"] * 8,
            location=[None] * 8,
        ),
        radius_px=7.0,
        palette={"riot": "#010203"},
        display="heat",
    ).describe()
    assert [(e.label, e.count) for e in told.legend] == [
        *[(kind.label, 1 + (kind == "battle")) for kind in kinds],
        ("unknown type", 1),
    ]
    assert {e.style.radius_px for e in told.legend} == {7.0}
    assert next(e.style.fill for e in told.legend if e.label == "riot") == "#010203"
    assert told.filters == ("event_type", "geo_precision", "source")
    assert told.title_column == "admin1"
    assert told.display == "heat"


def test_sites_by_type():
    frame = points(
        fortification_type=["depot", "road_block", "demolition", "watchtower", "sensor", "bunker", "fort", "ring", "x"],
        name=list("abcdefghi"),
        location_uncertainty_m=[100.0] * 9,
    )
    told = layers.Sites(frame, labels=True).describe()
    found = {e.label: e.style.marker for e in told.legend}
    assert found == {
        "depot": "square", "road block": "cross", "demolition": "cross", "watchtower": "triangle", "sensor": "wedge",
        "bunker": "bar", "fort": "hexagon", "ring": "diamond", "other fortifications": "circle",
    }  # fmt: skip
    assert told.labels.text == tuple("abcdefghi")
    assert told.title_column == "name"
    assert told.uncertainty_m.tolist() == [100.0] * 9
    assert layers.Sites(frame).describe().labels is None


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(None, None, "road block"), (None, 5, "road block (up to 5)"), (2, None, "road block (at least 2)"),
     (3, 3, "road block (3)"), (3, 9, "road block (3 to 9)")],
)  # fmt: skip
def test_sites_without_a_location_are_noted_with_their_number(low, high, text):
    frame = points(fortification_type=["road_block"], name=[None], count_min=[low], count_max=[high])
    notes = layers.Sites(frame.set_geometry([None], crs=4326)).describe().notes
    assert notes == (f"Not drawn, because the location is unknown: {text}.",)


def lines(**columns):
    n = len(next(iter(columns.values())))
    shapes = [LineString([(0, i), (1, i)]) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_strip_types_of_one_colour_differ_by_their_lines():
    kinds = [str(kind) for kind in vocabulary.FortificationType]
    told = layers.Strips(lines(fortification_type=kinds)).describe()
    assert sorted(e.label for e in told.legend) == sorted(kind.label for kind in vocabulary.FortificationType)
    running = "fence wire wall berm embankment ditch anti_tank_ditch dragons_teeth hedgehogs rails minefield abatis"
    style = {kind: told.styles[i] for kind, i in zip(kinds, told.style_of, strict=True)}
    seen = {(style[k].stroke, style[k].dash_px) for k in [*running.split(), "trench", "patrol_road", "control_strip"]}
    assert len(seen) == 15
    # Obstacles are green, positions are not.
    assert len({style[k].stroke for k in ("wire", "ditch", "minefield", "abatis", "rails")}) == 1
    assert style["trench"].stroke == style["strongpoint"].stroke != style["wire"].stroke


def test_strips_are_counted_by_type_status_and_whether_illustrative():
    frame = lines(
        fortification_type=["wall", "wall", "wall", "wall", "moat"],
        status=["planned", "complete", None, "reported", "complete"],
        illustrative=[True, False, None, False, False],
        offset_m=[500.0, 2000.0, None, 800.0, 500.0],
    )
    told = layers.Strips(frame).describe()
    found = {(e.label, e.count, e.style.planned) for e in told.legend}
    assert found == {("wall, planned (illustrative)", 1, True), ("wall", 3, False), ("other fortifications", 1, False)}
    assert [note for note in told.notes if "illustrative" in note] == [
        "Fortification lines: 1 of 5 lines are illustrative: no source gives their offsets, so the description assumes them."
    ]
    assert told.spacing_m == 300.0
    plain = layers.Strips(frame.drop(columns=["illustrative", "offset_m"])).describe()
    assert not any("illustrative" in note for note in plain.notes)
    assert plain.spacing_m is None


def test_borders_have_the_pair_and_the_detail_of_the_line():
    frame = lines(
        kind=["sea", "lake", "river"],
        country_a=["Poland"] * 3,
        country_b=["Lithuania"] * 3,
        resolution_m=[0.0, 500.0, np.nan],
        licence=["CC0-1.0"] * 3,
        attribution=["by a"] * 3,
        worldview=["de_facto"] * 3,
    )
    told = layers.Borders(frame).describe()
    assert told.table["_resolution"].fillna("").tolist() == [
        "full resolution of the source",
        "simplified with a tolerance of 500 m",
        "",
    ]
    assert told.table[told.title_column].unique().tolist() == ["Poland – Lithuania"]
    assert [(e.label, e.count) for e in told.legend] == [("on land or a river", 1), ("in a lake", 1), ("at sea", 1)]
    assert told.attributions == ("by a",)
    assert told.worldviews == ("de_facto",)
    assert {"_resolution", "licence"} <= {field.column for field in told.fields}
    bare = layers.Borders(frame[["geometry"]]).describe()
    assert "_resolution" not in bare.table.columns
    assert bare.title_column is None


def test_larger_countries_have_priority_for_labels():
    shapes = [box(10, 0, 12, 30), box(50, 0, 60, 10), box(20, 40, 21, 41)]
    frame = gpd.GeoDataFrame({"name": ["tall", "large", "small"]}, geometry=shapes, crs=4326)
    told = layers.Countries(frame).describe()
    assert told.labels.rank == pytest.approx([shape.area for shape in shapes])
    assert told.labels.text == ("tall", "large", "small")
    assert told.labels.placement == "centre"
    assert told.background
    assert not told.interactive
    assert layers.Countries(frame, labels=False).describe().labels is None


def test_zones_keep_their_names_labels_and_dates():
    shapes = [box(i, 0, i + 1, 1) for i in range(3)]
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b", "a"], "valid_from": ["2025-01-01", None, "2025-03-01"],
         "valid_to": ["2025-01-31", "2025-02-01", None], "kind": ["x", "x", None]},
        geometry=shapes, crs=4326,
    )  # fmt: skip
    told = layers.Zones(frame, labels=True, fill_opacity=0.2).describe()
    epoch = np.datetime64("1970-01-01")
    unknown = np.iinfo(np.int32).min
    day = {
        d: int((np.datetime64(d) - epoch).astype(int)) for d in ("2025-01-01", "2025-01-31", "2025-02-01", "2025-03-01")
    }
    assert told.start.tolist() == [day["2025-01-01"], unknown, day["2025-03-01"]]
    assert told.end.tolist() == [day["2025-01-31"], day["2025-02-01"], unknown]
    assert told.title_column == "name"
    assert told.labels.text == ("a", "b", "a")
    assert told.labels.placement == "centre"
    assert [(e.label, e.count, e.style.fill_opacity) for e in told.legend] == [("a", 2, 0.2), ("b", 1, 0.2)]
    assert [(e.label, e.count, e.style.hatch) for e in layers.Zones(frame, by="kind").describe().legend] == [
        ("x", 2, False),
        ("not named", 1, True),
    ]
    assert layers.Zones(frame).describe().labels is None


def test_bands_have_one_colour_for_each_distance_from_dark_to_light():
    names = ["5–20 km", "0–5 km", "0–5 km", "20–50 km"]
    edges = [(5e3, 2e4), (0.0, 5e3), (0.0, 5e3), (2e4, 5e4)]
    frame = gpd.GeoDataFrame(
        {"name": names, "band_inner_m": [a for a, _ in edges], "band_outer_m": [b for _, b in edges]},
        geometry=[box(i, 0, i + 1, 1) for i in range(4)], crs=4326,
    )  # fmt: skip
    told = layers.Bands(frame, palette=["#000000", "#808080", "#ffffff"], fill_opacity=0.5).describe()
    assert [(e.label, e.count, e.style.fill, e.rows) for e in told.legend] == [
        ("0–5 km", 2, "#000000", 0),
        ("5–20 km", 1, "#808080", 1),
        ("20–50 km", 1, "#ffffff", 2),
    ]
    assert told.style_of.tolist() == [1, 0, 0, 2]
    assert {s.fill_opacity for s in told.styles} == {0.5}
    assert told.title_column == "name"


def test_echelons_are_labelled_with_their_depth():
    frame = gpd.GeoDataFrame(
        {"depth_echelon": [2, 1, 2, 3], "name": ["Second", "First", "Rear", "Third"],
         "inner_m": [5e3, 0.0, 5e3, 2e4], "outer_m": [2e4, 5e3, 2e4, 5e4]},
        geometry=[box(i, 0, i + 1, 1) for i in range(4)], crs=4326,
    )  # fmt: skip
    told = layers.Echelons(frame).describe()
    assert [(e.label, e.count) for e in told.legend] == [
        ("First, 0–5 km", 1),
        ("Echelon 2, 5–20 km", 2),
        ("Third, 20–50 km", 1),
    ]
    assert told.style_of.tolist() == [1, 0, 1, 2]
    assert told.title_column == "name"
    bare = layers.Echelons(frame.drop(columns="inner_m")).describe()
    assert [e.label for e in bare.legend] == ["First", "Echelon 2", "Third"]
