from __future__ import annotations

import dataclasses
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
from geoconflict.maps.layers.base import Layer, days
from geoconflict.maps.spec import MARKERS, Style, bounds_of

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
