from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import pkgutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, Polygon, box

from geoconflict import schema
from geoconflict.crs import Bounds
from geoconflict.errors import CRSError, GeometryError, InputError, SchemaError
from geoconflict.maps import layers
from geoconflict.maps.layers import Choropleth, Zones
from geoconflict.maps.layers.base import Layer, days
from geoconflict.maps.spec import MARKERS, Style, bounds_of, format_count, iso_date

DATA = Path(__file__).parents[1] / "data" / "outputs"
KINDS = {
    "Bands": ("zones", schema.ZONES),
    "Borders": ("borders", schema.BORDERS),
    "Countries": ("countries", schema.COUNTRIES),
    "Crossings": ("crossings", schema.CROSSINGS),
    "Echelons": ("echelons", schema.ECHELONS),
    "Incidents": ("incidents", schema.INCIDENTS),
    "Places": ("places", schema.PLACES),
    "Sites": ("sites", schema.SITES),
    "Strips": ("strips", schema.STRIPS),
    "Zones": ("zones", schema.ZONES),
    "Choropleth": ("zones", schema.ZONES),
    "Territory": ("zones", schema.ZONES),
}
# What some kinds must be told beside their table.
OPTIONS = {"Choropleth": {"by": "band_outer_m"}, "Territory": {"holder": "Westmark"}}


def table(name, definition):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), definition)


def make(kind, **options):
    return getattr(layers, kind)(table(*KINDS[kind]), **OPTIONS.get(kind, {}), **options)


def test_every_kind_of_layer_has_a_sample():
    found = set()
    for module in pkgutil.iter_modules(layers.__path__):
        loaded = importlib.import_module(f"geoconflict.maps.layers.{module.name}")
        found |= {
            name
            for name, value in vars(loaded).items()
            if isinstance(value, type) and issubclass(value, Layer) and value is not Layer
        }
    assert found == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_spec_is_consistent(kind):
    layer = make(kind)
    before = layer.table.copy()
    told = layer.describe()
    n = len(told.table)
    assert len(told.style_of) == n
    assert told.style_of.max() < len(told.styles)
    assert sum(entry.count for entry in told.legend) == (0 if kind == "Countries" else n)
    for entry in told.legend:
        assert told.styles[entry.rows] == entry.style
        assert entry.count == int((told.style_of == entry.rows).sum())
    assert all(field.column in told.table.columns for field in told.fields)
    assert told.kind == ("point" if "Point" in layer.accepts else "line" if "LineString" in layer.accepts else "area")
    assert told.sources == ("Agency", "Gazette") if kind == "Incidents" else told.sources == ("made up for the tests",)
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(layer.table))
    assert told.name == layer.title


@pytest.mark.parametrize("kind", KINDS)
def test_other_geometry_types_are_reported_with_their_rows(kind):
    frame = table(*KINDS[kind])
    wrong = {"Point": LineString([(0, 0), (1, 1)])}.get(getattr(layers, kind).accepts[0], Point(0, 0))
    frame.loc[frame.index[-1], "geometry"] = wrong
    with pytest.raises(GeometryError, match=rf"{wrong.geom_type} in 1 rows \({len(frame)}\)"):
        getattr(layers, kind)(frame, **OPTIONS.get(kind, {}))


@pytest.mark.parametrize("kind", KINDS)
def test_layers_accept_empty_tables(kind):
    told = getattr(layers, kind)(table(*KINDS[kind]).iloc[:0], **OPTIONS.get(kind, {})).describe()
    assert len(told.table) == 0
    assert told.legend == ()
    assert told.bounds() is None


def test_a_missing_crs_and_missing_columns_are_reported():
    frame = table(*KINDS["Incidents"])
    with pytest.raises(CRSError, match="set_crs"):
        layers.Incidents(frame.set_crs(None, allow_override=True))
    with pytest.raises(SchemaError) as caught:
        layers.Incidents(frame.drop(columns=["event_type", "event_date"]))
    assert {fault.field for fault in caught.value.faults} == {"event_type", "event_date"}


def test_coordinates_out_of_range_are_refused():
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(0, 0), Point(55, 200)], crs=4326)
    with pytest.raises(GeometryError) as caught:
        layers.Places(frame)
    assert [fault.row for fault in caught.value.faults] == [2]
    with pytest.raises(GeometryError):
        layers.Places(gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(float("inf"), 0)], crs=4326))


def test_incidents_are_in_order_of_date():
    told = make("Incidents").describe()
    assert (np.diff(told.start) >= 0).all()
    assert (told.end >= told.start).all()
    first = told.table["event_date"].iloc[0]
    assert told.start[0] == (pd.Timestamp(first) - pd.Timestamp("1970-01-01")).days


def test_unknown_event_types_are_kept_in_the_legend():
    frame = table(*KINDS["Incidents"])
    frame["event_type"] = "something_new"
    told = layers.Incidents(frame).describe()
    assert [entry.label for entry in told.legend] == ["unknown type"]
    assert told.legend[0].count == len(frame)


def test_uncertainty_is_nan_where_it_is_not_known():
    told = make("Places").describe()
    assert told.uncertainty_m.tolist()[2] == 15_000
    assert np.isnan(told.uncertainty_m[:2]).all()


def test_a_count_without_a_location_is_in_the_notes():
    told = make("Sites").describe()
    assert len(told.table) == 1
    assert told.notes == ("Not drawn, because the location is unknown: 27 parks (27).",)


def test_rows_without_geometry_are_counted():
    frame = table(*KINDS["Places"])
    frame.loc[frame.index[0], "geometry"] = None
    assert layers.Places(frame).describe().notes == ("Places: 1 of 3 rows have no location and are not drawn.",)


def test_the_nearest_band_is_first_in_the_legend():
    frame = table("zones", schema.ZONES).iloc[::-1]
    assert [entry.label for entry in layers.Bands(frame).describe().legend] == ["0–20 km", "20–50 km"]


def test_illustrative_strips_are_marked():
    told = make("Strips").describe()
    assert any("illustrative" in note for note in told.notes)
    guessed = int(make("Strips").table["illustrative"].sum())
    assert guessed > 0
    assert sum(entry.count for entry in told.legend if entry.label.endswith("(illustrative)")) == guessed


def test_lines_in_lakes_and_at_sea_have_different_styles():
    frame = table("borders", schema.BORDERS)
    frame = pd.concat([frame.assign(kind=k, border_id=k) for k in ("land", "river", "lake", "sea")], ignore_index=True)
    told = layers.Borders(frame).describe()
    assert [(e.label, e.count) for e in told.legend] == [("on land or a river", 2), ("in a lake", 1), ("at sea", 1)]
    assert len({e.style.dash_px for e in told.legend}) == 3


def test_categories_differ_by_shape_as_well_as_by_colour():
    styles = make("Incidents").describe().styles
    assert len({s.marker for s in styles}) == len(styles)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"stroke": "red;}", "fill": "url(x)"}, {"stroke", "fill"}),
        ({"fill_opacity": 2.0, "width_px": -1.0}, {"fill_opacity", "width_px"}),
        ({"marker": "skull"}, {"marker"}),
        ({"dash_px": (0.0,)}, {"dash_px"}),
    ],
)
def test_invalid_styles_are_refused(options, fields):
    with pytest.raises(InputError) as caught:
        Style(**options)
    assert {fault.field for fault in caught.value.faults} == fields


def test_every_marker_is_a_style():
    assert [Style(marker=m).marker for m in MARKERS] == list(MARKERS)


def test_bounds_take_the_shorter_way_around_the_globe():
    points = gpd.GeoDataFrame(geometry=[Point(x, 0) for x in (178, 179, -179, -170)], crs=4326)
    assert bounds_of(points) == Bounds(178, 0, -170, 0)
    assert bounds_of(points.iloc[:2]) == Bounds(178, 0, 179, 0)
    wide = gpd.GeoDataFrame(geometry=[box(-100, 0, 100, 1)], crs=4326)
    assert bounds_of(wide) == Bounds(-100, 0, 100, 1)
    split = gpd.GeoDataFrame(
        geometry=[Polygon([(170, 0), (180, 0), (180, 1)]), Polygon([(-180, 0), (-175, 0), (-180, 1)])], crs=4326
    )
    assert bounds_of(split) == Bounds(170, 0, -175, 1)


def test_days_do_not_depend_on_a_time_zone():
    values = pd.Series(["1970-01-01", "2025-08-19T23:59:59+14:00", None, "nonsense"])
    assert days(values).tolist() == [0, 20_319, np.iinfo(np.int32).min, np.iinfo(np.int32).min]


def test_layers_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make("Places").name = "other"


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_takes_fields_for_its_popups(kind):
    column = "source" if kind != "Countries" else "name"
    wanted = (layers.PopupField(column, "Told by"), layers.PopupField("not there", "Nothing"))
    told = make(kind, fields=wanted).describe()
    assert told.fields == wanted[:1]
    assert make(kind, fields=()).describe().fields == ()
    assert column in {field.column for field in make(kind).describe().fields} or kind == "Countries"


def areas(values, **more):
    n = len(values)
    shapes = [box(i, 0, i + 1, 1) for i in range(n)]
    return gpd.GeoDataFrame({"name": [f"n{i}" for i in range(n)], "deaths": values, **more}, geometry=shapes, crs=4326)


def day(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def events(**columns):
    n = len(columns["event_date"])
    lon = columns.pop("lon", list(range(n)))
    return gpd.GeoDataFrame({"event_type": ["battle"] * n, **columns}, geometry=[Point(x, 0) for x in lon], crs=4326)


def test_incidents_of_a_day_are_from_west_to_east_and_all_stay_with_their_rows():
    frame = events(
        event_date=["2025-01-02", "2025-01-01", "2025-01-02", "2025-01-01"],
        lon=[5, 20, -3, 10],
        name=list("abcd"),
        location_uncertainty_m=[1.0, 2.0, 3.0, 4.0],
    )
    told = layers.Incidents(frame).describe()
    assert told.table["name"].tolist() == ["d", "b", "c", "a"]
    assert told.start.tolist() == [day("2025-01-01")] * 2 + [day("2025-01-02")] * 2
    assert told.end.tolist() == told.start.tolist()
    assert told.uncertainty_m.tolist() == [4.0, 2.0, 3.0, 1.0]


def test_incidents_last_until_their_end_date():
    frame = events(
        event_date=["2025-01-01", "2025-01-02", "2025-01-03", None, "soon"],
        event_date_end=["2025-01-04", "2025-01-01", None, "2025-01-09", None],
    )
    told = layers.Incidents(frame).describe()
    unknown = np.iinfo(np.int32).min
    start = dict(zip(told.table.index, told.start.tolist(), strict=True))
    end = dict(zip(told.table.index, told.end.tolist(), strict=True))
    assert start == {0: day("2025-01-01"), 1: day("2025-01-02"), 2: day("2025-01-03"), 3: unknown, 4: unknown}
    assert [end[i] for i in (0, 1, 2, 4)] == [day("2025-01-04"), day("2025-01-02"), day("2025-01-03"), unknown]
    assert told.notes == (
        "Incidents: 2 of 5 rows have no valid date and are always shown.",
        "Incidents: 1 of 5 rows end before they start; only their first day is used.",
    )


def test_wrong_options_of_incidents():
    frame = events(event_date=["2025-01-01"])
    with pytest.raises(InputError, match="display is 'heatmap'; use one of auto, points, clusters, hexagons, heat"):
        layers.Incidents(frame, display="heatmap")
    for display in ("auto", "points", "clusters", "hexagons", "heat"):
        assert layers.Incidents(frame, display=display).describe().display == display
    with pytest.raises(InputError, match="event types are battle") as caught:
        layers.Incidents(frame, palette={"batle": "#000000", "riot": "#111111", "x": "#222222"})
    assert [fault.field for fault in caught.value.faults] == ["batle", "x"]
    assert "battle" in caught.value.faults[0].hint


def test_a_table_that_cannot_be_drawn_has_all_its_errors():
    with pytest.raises(SchemaError, match="the table of Places must be a GeoDataFrame, found DataFrame"):
        layers.Places(pd.DataFrame({"name": ["a"]}))
    frame = gpd.GeoDataFrame(
        {"name": ["a"] * 16}, geometry=[LineString([(0, 0), (1, 1)])] * 12 + [Point(0, 0)] * 4, crs=4326
    )
    frame.loc[13, "geometry"] = Point(0, 91)
    frame.loc[14, "geometry"] = None
    frame.loc[15, "geometry"] = box(0, 0, 181, 1)
    with pytest.raises(GeometryError) as caught:
        layers.Places(frame)
    found = [(fault.row, fault.message) for fault in caught.value.faults]
    assert found == [
        (None, "LineString in 12 rows (1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …)"),
        (None, "Polygon in 1 rows (16)"),
        (14, "coordinates [0.0, 91.0, 0.0, 91.0] are out of range"),
        (16, "coordinates [0.0, 0.0, 181.0, 1.0] are out of range"),
    ]
    assert {fault.hint for fault in caught.value.faults[:2]} == {"this layer takes Point"}
    edge = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(180, 90), Point(-180, -90)], crs=4326)
    assert len(layers.Places(edge).describe().table) == 2
    with pytest.raises(SchemaError) as caught:
        layers.Crossings(edge.rename(columns={"name": "nam"}).assign(status="open"))
    (fault,) = caught.value.faults
    assert (fault.field, fault.hint) == ("name", "did you mean nam?")


def test_options_of_all_layers():
    frame = areas([1.0, 2.0])
    told = Zones(frame, name="Mine", visible=False).describe()
    assert (told.name, told.visible) == ("Mine", False)
    assert Zones(frame).describe().visible
    with pytest.raises(InputError) as caught:
        Zones(frame, fill_opacity="x", fields=(layers.PopupField("name", "Name"), "name"), palette=["red"])
    assert sorted(fault.field or "" for fault in caught.value.faults) == ["", "fields", "fill_opacity", "palette"]
    for opacity in (0, 1):
        assert Zones(frame, fill_opacity=opacity).describe().styles[0].fill_opacity == opacity
    with pytest.raises(InputError, match="invalid options of Countries"):
        layers.Countries(frame, style="red")
    assert layers.Zones.options() == ("fields", "palette", "fill_opacity", "by", "labels")
    assert layers.Raster.options()[:2] == ("fields", "scheme")


def test_sources_methods_and_attributions_are_those_of_the_drawn_rows():
    frame = areas([1, 2, 3], source=["b", "a", "b"], method=["m", None, "m"], attribution=[None, "by a", "by b"],
                  worldview=["de_facto"] * 3)  # fmt: skip
    frame.loc[2, "geometry"] = None
    told = Zones(frame).describe()
    assert told.sources == ("b", "a")
    assert told.methods == ("m",)
    assert told.attributions == ("by a",)
    assert told.worldviews == ("de_facto",)
    assert told.notes == ("Zones: 1 of 3 rows have no location and are not drawn.",)
    classed = Choropleth(frame, by="deaths", breaks=(2,)).describe()
    assert classed.methods == ("Areas by value: deaths, in custom classes, lower limits inclusive.", "m")


def test_names_beyond_the_colours_are_hatched_and_then_share_looks():
    palette = ["#000000", "#ffffff"]
    told = Zones(areas([0] * 4), palette=palette, fill_opacity=0.3).describe()
    looks = [(e.style.fill, e.style.hatch, e.style.fill_opacity) for e in told.legend]
    assert looks == [("#000000", False, 0.3), ("#ffffff", False, 0.3), ("#000000", True, 0.75), ("#ffffff", True, 0.75)]
    assert told.notes == ()
    five = Zones(areas([0] * 5), palette=palette).describe()
    assert five.notes == ("Zones: 5 names share 4 looks, plain and hatched; popups show the name.",)
    assert (five.legend[4].style.fill, five.legend[4].style.hatch) == ("#000000", False)


def test_the_default_style_and_its_limits():
    style = Style()
    assert (style.fill, style.casing, style.symbol, style.dash_px) == (None, None, None, ())
    assert not style.hatch
    assert not style.planned
    for name, least, most in (
        ("stroke_opacity", 0, 1),
        ("fill_opacity", 0, 1),
        ("width_px", 0, 100),
        ("radius_px", 0, 100),
    ):
        for good in (least, most):
            assert getattr(Style(**{name: good}), name) == good
        for wrong in (least - 0.01, most + 0.01):
            with pytest.raises(InputError) as caught:
                Style(**{name: wrong})
            assert [fault.field for fault in caught.value.faults] == [name]
    assert Style(dash_px=(1000.0,)).dash_px == (1000.0,)
    for wrong in ((1001.0,), (1.0, 0.0), (float("nan"),)):
        with pytest.raises(InputError):
            Style(dash_px=wrong)
    with pytest.raises(AttributeError):
        style.fill = "#000000"


def test_dates_and_counts_are_written():
    for text in ("1970-01-01", "1969-12-31", "2024-02-29", "2025-08-19"):
        assert iso_date(day(text)) == text
    assert format_count(1_234_567) == "1\u202f234\u202f567"


def test_measures_that_are_not_numbers_are_reported_with_their_rows():
    points = gpd.GeoDataFrame({"name": ["a", "b", "c"], "location_uncertainty_m": ["5", "5 km", None]},
                              geometry=[Point(i, 0) for i in range(3)], crs=4326)  # fmt: skip
    with pytest.raises(SchemaError, match="the table of Places has values that are not numbers") as caught:
        layers.Places(points)
    assert [(f.row, f.field) for f in caught.value.faults] == [(2, "location_uncertainty_m")]
    read = points.assign(location_uncertainty_m=["5", None, np.nan])
    np.testing.assert_array_equal(layers.Places(read).describe().uncertainty_m, [5, np.nan, np.nan])
    frame = areas([1, 2, 3], depth_echelon=[1, None, "x"], inner_m=["0", None, "near"], outer_m=[5e3, 1e4, np.inf])
    with pytest.raises(SchemaError) as caught:
        layers.Echelons(frame)
    assert [(f.row, f.field) for f in caught.value.faults] == [
        (2, "depth_echelon"), (3, "depth_echelon"), (3, "inner_m"), (3, "outer_m"),
    ]  # fmt: skip
    with pytest.raises(SchemaError) as caught:
        layers.Bands(areas([1, 2], band_inner_m=[0.0, np.nan], band_outer_m=pd.array([5000, None], dtype="Int64")))
    assert [(f.row, f.field, f.message) for f in caught.value.faults] == [
        (2, "band_inner_m", "the number is missing"), (2, "band_outer_m", "the number is missing"),
    ]  # fmt: skip
    lines = gpd.GeoDataFrame({"fortification_type": ["wall"] * 2, "offset_m": ["600", "far"]},
                             geometry=[LineString([(0, 0), (1, i)]) for i in range(2)], crs=4326)  # fmt: skip
    with pytest.raises(SchemaError, match="row 2, offset_m: 'far' is not a finite number"):
        layers.Strips(lines)


def test_nullable_and_written_numbers_are_read():
    frame = areas([1, 2, 3], depth_echelon=["1", "2", "3"], inner_m=pd.array([0, None, 20_000], dtype="Int64"),
                  outer_m=["5000", None, "50000"])  # fmt: skip
    assert [e.label for e in layers.Echelons(frame).describe().legend] == ["n0, 0–5 km", "n1", "n2, 20–50 km"]
    bands = areas([1, 2], band_inner_m=["5000", "0"], band_outer_m=["20000", "5000"])
    assert [e.label for e in layers.Bands(bands).describe().legend] == ["n1", "n0"]
    border = gpd.GeoDataFrame({"resolution_m": pd.array([500, None], dtype="Int64")},
                              geometry=[LineString([(0, 0), (1, i)]) for i in range(2)], crs=4326)  # fmt: skip
    shown = layers.Borders(border).describe().table["_resolution"].fillna("").tolist()
    assert shown == ["simplified with a tolerance of 500 m", ""]
    store = gpd.GeoDataFrame({"fortification_type": ["depot"], "count_min": ["1500000"], "count_max": ["2e6"]},
                             geometry=[None], crs=4326)  # fmt: skip
    assert layers.Sites(store).describe().notes[0].endswith("depot (1500000 to 2000000).")


def test_a_column_of_zones_that_does_not_exist_is_reported():
    with pytest.raises(SchemaError) as caught:
        Zones(areas([1], country=["a"]), by="contry")
    (fault,) = caught.value.faults
    assert (fault.field, fault.hint) == ("contry", "did you mean country?")


def test_countries_without_an_area_are_noted():
    frame = areas([1, 2])
    frame.loc[1, "geometry"] = None
    assert layers.Countries(frame).describe().notes == ("Countries: 1 of 2 rows have no location and are not drawn.",)


def test_bands_name_the_border_and_their_country():
    frame = gpd.GeoDataFrame(
        {"name": ["0–5 km"] * 2, "band_inner_m": [0.0] * 2, "band_outer_m": [5e3] * 2},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs="EPSG:4326",
    )
    told = layers.Bands(frame).describe()
    assert (told.name, [e.label for e in told.legend]) == ("Distance from the line", ["0–5 km"])
    told = layers.Bands(frame.assign(country=["Latvia", "Latvia"])).describe()
    assert (told.name, [e.label for e in told.legend]) == ("Distance from the border", ["0–5 km"])
    told = layers.Bands(frame.assign(country=["Latvia", "Estonia"])).describe()
    assert [(e.label, e.count) for e in told.legend] == [("Latvia: 0–5 km", 1), ("Estonia: 0–5 km", 1)]
    assert [s.hatch for s in told.styles] == [False, True]
    assert told.style_of.tolist() == [0, 1]


def test_incidents_from_near_show_the_distance_and_what_is_near():
    rows = table("incidents", schema.INCIDENTS)
    plain = {f.column for f in layers.Incidents(rows).describe().fields}
    found = rows.assign(distance_m=1.0, within_m=5e3, nearest_id="BY-LT-land", nearest_name="x", certainty="likely")
    added = {"distance_m", "within_m", "nearest_id", "nearest_name", "certainty"}
    assert not added & plain
    assert added <= {f.column for f in layers.Incidents(found).describe().fields}
