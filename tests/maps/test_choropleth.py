from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import MultiPolygon, box

from geoconflict.errors import InputError, SchemaError
from geoconflict.maps.classes import DIVERGING
from geoconflict.maps.layers import Choropleth, Palette, Zones


def areas(values, **more):
    n = len(values)
    shapes = [box(i, 0, i + 1, 1) for i in range(n)]
    return gpd.GeoDataFrame({"name": [f"n{i}" for i in range(n)], "deaths": values, **more}, geometry=shapes, crs=4326)


def test_missing_values_are_hatched_and_counted():
    told = Choropleth(areas([1.0, None, 5.0, np.nan]), by="deaths", classes=2, unit="deaths").describe()
    assert [(e.label, e.count) for e in told.legend] == [("1 deaths", 1), ("2–5 deaths", 1), ("no data", 2)]
    assert told.legend[-1].style.hatch
    assert not told.legend[0].style.hatch
    assert told.style_of.tolist() == [0, 2, 1, 2]
    assert told.methods == (
        (
            "Areas by value: deaths, in 2 classes with about the same number of values each (quantiles), "
            "lower limits inclusive; 2 of 4 areas have no value."
        ),
    )


def test_all_missing_is_only_no_data():
    told = Choropleth(areas([None, None]).astype({"deaths": "float64"}), by="deaths").describe()
    assert [(e.label, e.count) for e in told.legend] == [("no data", 2)]
    assert told.methods == ("Areas by value: deaths; no area has a value.",)


def test_one_row_and_a_constant():
    assert [e.label for e in Choropleth(areas([3]), by="deaths").describe().legend] == ["3"]
    assert [e.count for e in Choropleth(areas([3, 3, 3]), by="deaths").describe().legend] == [3]


def test_empty_classes_of_custom_breaks_are_in_the_legend():
    told = Choropleth(areas([1, 2, 500]), by="deaths", breaks=(10, 100)).describe()
    assert [(e.label, e.count) for e in told.legend] == [("under 10", 2), ("10–99", 0), ("100 or more", 1)]
    assert len(told.styles) == 3


def test_per_area_divides_by_the_geodesic_area():
    frame = areas([10.0, 10.0], area_m2=[1e6, 4e6])
    told = Choropleth(frame, by="deaths", per_area=True, unit="deaths", classes=2).describe()
    assert told.table["_value"].tolist() == [10.0, 2.5]
    assert told.fields[0].label == "deaths (deaths per km²)"
    assert [e.label for e in told.legend] == ["2.5–10.0 deaths per km²", "10.0 deaths per km²"]
    with pytest.raises(SchemaError, match="area_m2"):
        Choropleth(frame.drop(columns="area_m2"), by="deaths", per_area=True)
    with pytest.raises(SchemaError, match="row 2, area_m2: the area must be greater than 0"):
        Choropleth(areas([1.0, 1.0], area_m2=[1e6, 0.0]), by="deaths", per_area=True)


def test_a_diverging_palette_separates_the_sides():
    told = Choropleth(areas([-4.0, -1.0, 2.0, 9.0]), by="deaths", palette="diverging", classes=4).describe()
    fills = [DIVERGING.colours.index(s.fill) for s in told.styles]
    assert fills[0] < fills[1] < 4 < fills[2] < fills[3]
    assert "separately on either side of 0" in told.methods[0]


def test_a_custom_palette():
    told = Choropleth(areas([1, 2]), by="deaths", classes=2, palette=Palette(("#111111", "#eeeeee"))).describe()
    assert [s.fill for s in told.styles] == ["#111111", "#eeeeee"]
    with pytest.raises(InputError, match="'viridis' is not a palette; known palettes: sequential, diverging"):
        Choropleth(areas([1, 2]), by="deaths", palette="viridis")
    with pytest.raises(InputError, match="'red' is not a colour; write it as #rrggbb"):
        Palette(("red",))


def test_values_that_are_not_numbers_are_reported_with_their_rows():
    with pytest.raises(SchemaError) as caught:
        Choropleth(areas(["3", "many", np.inf]), by="deaths")
    assert [(f.row, f.field) for f in caught.value.faults] == [(2, "deaths"), (3, "deaths")]
    with pytest.raises(SchemaError, match="did you mean deaths"):
        Choropleth(areas([1]), by="death")
    with pytest.raises(SchemaError, match=r"numeric columns: deaths"):
        Choropleth(areas([1]))


def test_an_invalid_number_of_classes_is_reported_when_the_layer_is_created():
    with pytest.raises(InputError, match="from 1 to 9"):
        Choropleth(areas([1]), by="deaths", classes=40)


def test_strange_columns_and_shapes():
    evil = "</script>{{ 7*7 }}"
    frame = areas([1.0, 2.0]).rename(columns={"deaths": "__proto__", "name": evil})
    frame.loc[0, "geometry"] = MultiPolygon([box(179, 60, 180, 90), box(-180, 60, -179, 90)])
    told = Choropleth(frame, by="__proto__", name=evil).describe()
    assert told.name == evil
    assert [f.label for f in told.fields] == ["  proto  "]
    assert told.bounds().west > told.bounds().east or told.bounds().width_deg == 360


def test_dates_of_validity_are_kept():
    told = Choropleth(
        areas([1, 2], valid_from=["2025-01-01", None], valid_to=["2025-01-31", None]), by="deaths"
    ).describe()
    assert told.start.tolist() == [20089, np.iinfo(np.int32).min]


@pytest.mark.parametrize("kind", [Zones, Choropleth])
def test_invalid_dates_are_reported_with_their_rows(kind):
    frame = areas(
        [1, 2, 3], valid_from=["2024/01/01", None, "2025-01-02"], valid_to=["2025-01-31", "soon", "2025-01-01"]
    ).assign(name="a")
    options = {"by": "deaths"} if kind is Choropleth else {}
    with pytest.raises(SchemaError, match="'2024/01/01' is not a date") as caught:
        kind(frame, **options)
    assert [(f.row, f.field) for f in caught.value.faults] == [(1, "valid_from"), (2, "valid_to"), (3, "valid_to")]


@pytest.mark.parametrize("more", [{}, {"valid_from": [None, None]}])
def test_end_dates_without_start_are_kept(more):
    told = Choropleth(areas([1, 2], valid_to=["2025-01-01", None], **more), by="deaths").describe()
    unknown = np.iinfo(np.int32).min
    assert told.start.tolist() == [unknown, unknown]
    assert told.end.tolist() == [20089, unknown]
    assert Choropleth(areas([1], valid_to=[None]), by="deaths").describe().start is None


def test_choropleth_popups_have_the_value_and_its_unit():
    frame = areas([10.0, 3.0], area_m2=[2e6, 1e6], country=["a", "b"], source=["s", "s"])
    told = Choropleth(frame, by="deaths", unit="deaths", breaks=(4,)).describe()
    assert [(f.column, f.label, f.type) for f in told.fields] == [
        ("_value", "deaths (deaths)", "number"), ("country", "Country", "text"), ("area_m2", "Area", "area_m2"),
        ("source", "Source", "sources"),
    ]  # fmt: skip
    assert told.title_column == "name"
    rate = Choropleth(frame, by="deaths", per_area=True, breaks=(4,)).describe()
    assert [(f.column, f.label) for f in rate.fields[:2]] == [("_value", "deaths (per km²)"), ("deaths", "deaths")]
    assert rate.table["_value"].tolist() == [5.0, 3.0]
    assert rate.style_of.tolist() == [1, 0]
    assert rate.methods == ("Areas by value: deaths by the geodesic area, in custom classes, lower limits inclusive.",)
    by_area = Choropleth(frame, by="area_m2").describe()
    assert [f.column for f in by_area.fields] == ["_value", "country", "source"]
    assert [e.style.fill_opacity for e in Choropleth(frame, by="deaths", fill_opacity=0.5).describe().legend] == [
        0.5
    ] * 2


def test_choropleth_takes_numbers_as_text_and_reports_the_rest():
    told = Choropleth(areas(["1e1", "3", None]), by="deaths", breaks=(5,)).describe()
    assert told.table["_value"].tolist()[:2] == [10.0, 3.0]
    assert told.style_of.tolist() == [1, 0, 2]
    assert [(e.label, e.count) for e in told.legend] == [("under 5", 1), ("5 or more", 1), ("no data", 1)]
    frame = areas([1.0, 2.0, 3.0], area_m2=[0.0, -1.0, 5.0])
    with pytest.raises(SchemaError) as caught:
        Choropleth(frame, by="deaths", per_area=True)
    assert [(f.row, f.field) for f in caught.value.faults] == [(1, "area_m2"), (2, "area_m2")]
    both = areas([1.0, "x"], area_m2=[1.0, "y"], valid_from=["May", None])
    with pytest.raises(SchemaError, match="values that are not numbers and invalid dates") as caught:
        Choropleth(both, by="deaths", per_area=True)
    assert [(f.row, f.field) for f in caught.value.faults] == [(2, "deaths"), (2, "area_m2"), (1, "valid_from")]


def test_choropleth_with_a_custom_diverging_palette_and_equal_classes():
    five = Palette(("#000000", "#111111", "#222222", "#333333", "#444444"))
    told = Choropleth(areas([-4.0, 1.0, 12.0]), by="deaths", palette=five, midpoint=2.0, breaks=(2,)).describe()
    assert [(e.label, e.count, e.style.fill) for e in told.legend] == [
        ("under 2", 2, "#000000"), ("2 or more", 1, "#444444")
    ]  # fmt: skip
    equal = Choropleth(areas([0.0, 4.0, 10.0]), by="deaths", scheme="equal", classes=2).describe()
    assert [(e.label, e.count) for e in equal.legend] == [("0–4", 2), ("5–10", 1)]
