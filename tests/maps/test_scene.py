"""The scene of a map: sources, notes, dates, background and worldview."""

from __future__ import annotations

import dataclasses
import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from geoconflict import reference
from geoconflict.crs import Bounds
from geoconflict.errors import InputError
from geoconflict.maps import layers
from geoconflict.maps.scene import DISCLAIMER, MapOptions, at_date, build_scene, translated
from geoconflict.maps.words import Words


def places(n=2, **columns):
    shapes = [Point(24 + i / 100, 54) for i in range(n)]
    return gpd.GeoDataFrame({"name": [f"p{i}" for i in range(n)], **columns}, geometry=shapes, crs=4326)


def areas(n=2, **columns):
    shapes = [box(24 + i, 54, 25 + i, 55) for i in range(n)]
    return gpd.GeoDataFrame({"name": [f"z{i}" for i in range(n)], **columns}, geometry=shapes, crs=4326)


def scene(*made, **options):
    return build_scene(made, title="Title", **options)


def test_sources_are_numbered_in_order_of_appearance_and_listed_once():
    built = scene(
        layers.Zones(areas(source=["a", "b"], attribution=["by a", None], method=["drawn", "drawn"])),
        layers.Places(places(3, source=["b", "c", None], attribution=["by c", "by a", None])),
        background=areas(1),
    )
    facts = built.facts()
    assert facts.sources == ("a", "b", "c")
    assert facts.cited == {"a": 1, "b": 2, "c": 3}
    assert facts.attributions == ("by a", "by c")
    assert facts.methods == ("drawn",)


@pytest.mark.parametrize(("n", "listed"), [(25, 26), (26, 2)])
def test_a_layer_with_more_than_25_sources_lists_their_number(n, listed):
    many = layers.Places(places(n, source=[f"s{i}" for i in range(n)]))
    few = layers.Zones(areas(1, source=["one"]))
    facts = scene(few, many, background=areas(1)).facts()
    assert len(facts.sources) == listed
    assert facts.sources[0] == "one"
    assert facts.cited["one"] == 1
    if listed == 2:
        assert facts.sources[1] == "Places: 26 sources, listed in the popups"
        assert "s0" not in facts.cited


def test_the_disclaimer_names_the_worldviews():
    plain = scene(layers.Zones(areas()), background=areas(1))
    assert plain.facts().disclaimer == DISCLAIMER
    assert plain.worldviews == ()
    both = scene(
        layers.Zones(areas(worldview=["de_facto", "claims"])),
        background=areas(1),
        options=MapOptions(disclaimer="Ours."),
    )
    assert both.worldviews == ("de_facto", "claims")
    assert both.facts().disclaimer == "Ours. Disputed areas: shown according to this worldview: de facto, claims."
    none = scene(layers.Zones(areas()), background=areas(1), options=MapOptions(disclaimer=""))
    assert none.facts().disclaimer == ""


def test_the_summary_counts_the_layers_and_not_the_background():
    built = scene(
        layers.Places(places(3, kind=["city", "base", "city"])),
        layers.Graticule(),
        background=areas(1),
        as_of="2025-08-19",
    )
    assert built.facts().summary == (
        "Title. As of 19 August 2025. Places: 3 on the map (town: 2, base: 1). Graticule: 0 on the map (Graticule: 0)."
    )


def test_a_layer_without_rows_is_in_the_summary():
    assert scene(layers.Zones(areas().iloc[:0]), background=areas(1)).facts().summary == "Title. Zones: 0 on the map."


def test_the_method_of_the_map_comes_first_and_notes_are_kept():
    frame = places(3)
    frame.loc[1, "geometry"] = None
    built = scene(
        layers.Places(frame), background=areas(1, method=["of the background"]), options=MapOptions(method="Own.")
    )
    facts = built.facts()
    assert facts.methods == ("Own.",)
    assert facts.notes == ("Places: 1 of 3 rows have no location and are not drawn.",)


def test_options_have_the_documented_defaults():
    options = MapOptions()
    assert (options.lang, options.theme, options.tiles, options.method) == ("en", "light", "", "")
    assert options.time
    assert options.locator
    assert not options.static
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.lang = "de"
    with pytest.raises(dataclasses.FrozenInstanceError):
        scene(layers.Zones(areas()), background=areas(1)).title = "Other"


def test_wrong_options_are_reported_together():
    with pytest.raises(InputError) as caught:
        MapOptions(lang="english language", theme="dim", words={"no such text": "x"})
    assert [fault.field for fault in caught.value.faults] == ["words", "lang", "theme"]
    for lang in ("en", "fr-CA", "de-1996"):
        assert MapOptions(lang=lang).lang == lang


def test_the_background_is_the_given_one_or_that_of_a_layer_or_the_embedded_one():
    own = areas(1).assign(name="Own")
    given = scene(layers.Zones(areas()), background=own)
    assert [spec.table["name"].tolist() for spec in given.specs if spec.background] == [["Own"]]
    assert [spec.background for spec in given.specs] == [True, False]
    layer = scene(layers.Countries(own), layers.Zones(areas()))
    assert [spec.table["name"].tolist() for spec in layer.specs if spec.background] == [["Own"]]
    named = scene(layers.Zones(areas()), background=layers.Countries(own, labels=False))
    assert named.specs[0].labels is None
    embedded = scene(layers.Zones(areas()))
    assert {"Lithuania", "Belarus", "Latvia"} <= set(embedded.specs[0].table["name"])
    assert "Portugal" not in set(embedded.specs[0].table["name"])


@pytest.mark.parametrize(("worldview", "names"), [("international", ["Ukraine"]), ("de_facto", [])])
def test_the_background_has_the_worldview_of_the_layers(monkeypatch, worldview, names):
    """The General Assembly counts Crimea to Ukraine (resolution 68/262); Russia administers it."""
    coarse = reference.background(Bounds(20, 40, 45, 60), scale="50m")
    # Without Russia, which takes seconds.
    monkeypatch.setattr(reference, "background", lambda *_, **__: coarse[coarse["iso"] == "UA"])
    crimea = gpd.GeoDataFrame({"name": ["a"], "worldview": [worldview]}, geometry=[box(33, 44, 36, 46)], crs=4326)
    built = scene(layers.Zones(crimea))
    below = built.specs[0]
    at = below.table.geometry.contains(Point(34.2, 45.2))
    assert below.table.loc[at, "name"].tolist() == names
    assert built.worldviews == (worldview,)
    assert worldview.replace("_", " ") in built.facts().disclaimer


def test_a_given_view_is_kept_and_the_default_ignores_the_background():
    view = Bounds(20, 50, 30, 60)
    assert scene(layers.Zones(areas()), background=areas(9), view=view).view.bounds == view
    found = scene(layers.Zones(areas()), background=areas(9)).view
    assert found.bounds == Bounds(24, 54, 26, 55)
    assert found.lon0 == 25.0
    only = scene(layers.Countries(areas(3))).view.bounds
    assert only == Bounds(24, 54, 27, 55)


# The state of one day


def day(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def dated(*spans):
    return layers.Zones(areas(len(spans), valid_from=[a for a, _ in spans], valid_to=[b for _, b in spans])).describe()


SPANS = [
    ("2025-01-01", "2025-01-31"),
    ("2025-02-01", "2025-02-28"),
    ("2025-02-10", None),
    (None, "2025-01-15"),
    (None, None),
]


@pytest.mark.parametrize(
    ("as_of", "shown", "state"),
    [
        ("2025-01-01", "034", "2025-01-01"),
        ("2025-01-15", "034", "2025-01-15"),
        ("2025-01-31", "034", "2025-01-31"),
        ("2025-02-01", "134", "2025-02-01"),
        ("2025-02-10", "1234", "2025-02-10"),
        # Beyond the data the nearest day is shown.
        ("2024-06-01", "034", "2025-01-01"),
        ("2025-12-01", "1234", "2025-02-28"),
        (None, "1234", "2025-02-28"),
    ],
)
def test_areas_are_those_of_the_day(as_of, shown, state):
    (spec,), found = at_date([dated(*SPANS)], as_of)
    assert found == state
    assert spec.table["name"].tolist() == [f"z{i}" for i in shown]


def test_points_and_lines_are_not_changed_by_the_date():
    points = layers.Incidents(
        gpd.GeoDataFrame(
            {"event_type": ["battle"] * 2, "event_date": ["2025-01-01", "2025-06-01"]},
            geometry=[Point(0, 0), Point(1, 1)], crs=4326,
        )
    ).describe()  # fmt: skip
    lines = layers.Strips(
        gpd.GeoDataFrame({"fortification_type": ["wall"]}, geometry=[LineString([(0, 0), (1, 1)])], crs=4326)
    ).describe()
    kept, found = at_date([points, lines], "2025-01-01")
    assert found is None
    assert (kept[0] is points, kept[1] is lines) == (True, True)
    undated = layers.Zones(areas()).describe()
    assert at_date([undated, points], None)[1] is None
    (raster,), found = at_date(
        [layers.Raster([layers.Grid([[float(m)]], Bounds(0, 0, 1, 1), valid_from=f"2025-0{m}-01") for m in (1, 2)]).describe()],
        "2025-01-01",
    )  # fmt: skip
    assert (raster.table["valid_from"].tolist(), found) == (["2025-01-01"], "2025-01-01")


def test_the_state_of_a_scene_is_that_of_its_visible_layers():
    frame = areas(valid_from=["2025-01-01", "2025-02-01"], valid_to=["2025-01-31", "2025-02-28"])
    assert scene(layers.Zones(frame), background=areas(1)).state_date == "2025-02-28"
    assert scene(layers.Zones(frame), background=areas(1), as_of="2025-01-09").state_date == "2025-01-09"
    assert scene(layers.Zones(frame, visible=False), background=areas(1)).state_date is None
    spec = layers.Zones(frame).describe()
    assert spec.start.tolist() == [day("2025-01-01"), day("2025-02-01")]
    assert spec.end.tolist() == [day("2025-01-31"), day("2025-02-28")]


def test_terms_are_translated_and_data_are_not():
    frame = places(status=["open", "closed"], kind=["road", "rail"], source=["open", "a"])
    spec = layers.Crossings(frame, name="Border crossings").describe()
    german = translated(spec, Words.of("de"))
    assert german.name == "Grenzübergänge"
    assert [e.label for e in german.legend] == ["offener Übergang", "geschlossener Übergang"]
    assert [(e.count, e.style, e.rows) for e in german.legend] == [(e.count, e.style, e.rows) for e in spec.legend]
    assert [f.column for f in german.fields] == [f.column for f in spec.fields]
    assert [f.label for f in german.fields] == [Words.of("de").table[f.label] for f in spec.fields]
    assert german.table is spec.table
    assert np.array_equal(german.style_of, spec.style_of)
