"""The calls that combine reference data, analysis and fortifications."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from shapely import LineString, Point, box

import geoconflict as gc
from geoconflict import api
from geoconflict.errors import InputError, NameUnknownError
from geoconflict.fortifications import LayoutOptions

GEOD = pyproj.Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def gap() -> gpd.GeoDataFrame:
    return gc.border("Lithuania", "Poland", resolution_m=500)


@pytest.fixture(scope="module")
def both(gap: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gc.bands(gap, ["0 km", "3 km", "9 km"], side="both")


def test_bands_on_both_sides_are_numbered_and_named_by_country(both: gpd.GeoDataFrame) -> None:
    assert both["country"].tolist() == ["Lithuania", "Lithuania", "Poland", "Poland"]
    assert both["zone_id"].tolist() == [
        "band-0-3000-Lithuania",
        "band-3000-9000-Lithuania",
        "band-0-3000-Poland",
        "band-3000-9000-Poland",
    ]
    assert list(both.index) == [0, 1, 2, 3]
    assert both.crs == "EPSG:4326"


def test_the_share_is_of_the_area_of_the_country(gap: gpd.GeoDataFrame, both: gpd.GeoDataFrame) -> None:
    for row in both.itertuples():
        country = gc.country(row.country, resolution_m=500)
        whole = abs(sum(GEOD.geometry_area_perimeter(shape)[0] for shape in country.geometry))
        part = abs(GEOD.geometry_area_perimeter(row.geometry)[0])
        assert row.area_m2 == pytest.approx(part, rel=1e-6)
        assert row.share_of_country == pytest.approx(part / whole, rel=1e-6)
    # A narrow band along a border of length L is about L times its width, on either side.
    length = gap["drawn_length_m"].sum()
    for area in both.loc[both["band_outer_m"] == 3000, "area_m2"]:
        assert area == pytest.approx(length * 3000, rel=0.25)


def test_bands_use_the_resolution_of_the_border(gap: gpd.GeoDataFrame, both: gpd.GeoDataFrame) -> None:
    first = both.geometry.iloc[0]
    xy = gap.get_coordinates().to_numpy()
    on_edge = sum(first.boundary.distance(Point(*point)) < 1e-9 for point in xy)
    assert on_edge > 0.95 * len(xy), "the edge of the band is the border as given"


def test_several_sides_in_the_order_asked_for(gap: gpd.GeoDataFrame) -> None:
    found = gc.bands(gap, ["0 km", "3 km"], side=["Poland", "LT"])
    assert found["country"].tolist() == ["Poland", "Lithuania"]


def test_a_side_that_does_not_share_the_border(gap: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match=r"Latvia does not share this border; Lithuania, Poland do"):
        gc.bands(gap, ["0 km", "3 km"], side="Latvia")
    with pytest.raises(NameUnknownError, match="Lithuania"):
        gc.bands(gap, ["0 km", "3 km"], side="Lithuaina")


@pytest.mark.parametrize(("column", "other"), [("worldview", "international"), ("resolution_m", 0.0)])
def test_a_mixed_border_is_an_error(gap: gpd.GeoDataFrame, column: str, other: object) -> None:
    mixed = pd.concat([gap, gap.iloc[:1].assign(**{column: other})])
    with pytest.raises(InputError, match=f"the border mixes {column.removesuffix('_m')}s"):
        gc.bands(mixed, ["0 km", "3 km"], side="Poland")


def test_the_worldview_of_the_border_decides_the_area() -> None:
    line = gpd.GeoDataFrame(
        {"country_a": ["Ukraine"], "country_b": ["Russia"], "worldview": ["international"], "resolution_m": [2000.0]},
        geometry=[LineString([(33.5, 44.6), (33.5, 45.0)])],
        crs="EPSG:4326",
    )
    found = gc.bands(line, [0, 40_000.0], side="Ukraine")
    assert found["worldview"].tolist() == ["international"]
    assert found.contains(Point(33.7, 44.8)).tolist() == [True], "Crimea is in Ukraine by this worldview"


def test_bands_take_the_tolerance(gap: gpd.GeoDataFrame) -> None:
    assert gc.bands(gap, ["0 km", "3 km"], side="Poland")["tolerance"].tolist() == [1e-4]
    assert gc.bands(gap, ["0 km", "3 km"], side="Poland", tol=1e-2)["tolerance"].tolist() == [1e-2]
    own = gpd.GeoDataFrame(geometry=[LineString([(10, 50), (10, 51)])], crs="EPSG:4326")
    land = gpd.GeoDataFrame({"name": ["L"]}, geometry=[box(10, 50, 12, 51)], crs="EPSG:4326")
    assert gc.bands(own, ["0 km", "3 km"], side=land, tol=1e-2)["tolerance"].tolist() == [1e-2]


FENCE = """\
id: demo
name: A fence
owner: Lithuania
status: complete
segments:
  - id: south
    reference: {border: {of: Lithuania, with: Russia}}
    side: Lithuania
    facing: Russia
    strips: [{type: fence, offset: 100 m}]
"""


def test_fortifications_leave_out_the_border_at_sea() -> None:
    kinds = gc.border("Lithuania", "Russia")
    sea, land = kinds[kinds["kind"] == "sea"], kinds[kinds["kind"].isin(["land", "river", "lake"])]
    assert len(sea), "the border continues into the Baltic Sea"
    strips = gc.read_fortifications(FENCE).strips
    assert strips["length_m"].sum() == pytest.approx(land["length_m"].sum(), rel=0.2)
    assert strips.total_bounds[0] > sea.total_bounds[0] + 0.1


PART = FENCE.replace("with: Russia}}", "with: Russia}, from: {name: START}, to: {name: Kybartai}}")


def test_the_ends_of_a_line_are_found_by_name() -> None:
    line = gc.read_fortifications(PART.replace("START", "Pagėgiai"))
    west, _, east, _ = line.strips.total_bounds
    # Pagėgiai is north of Sovetsk, at 21.91° E; Kybartai opposite Chernyshevskoye, at 22.76° E.
    assert (west, east) == pytest.approx((21.9, 22.76), abs=0.15)


def test_options_of_the_layout_go_first() -> None:
    known = {"START": (22.30, 55.06), "Kybartai": (22.76, 54.65)}
    line = gc.read_fortifications(PART, options=LayoutOptions(locate=known.get))
    west, _, east, _ = line.strips.total_bounds
    assert west == pytest.approx(22.30, abs=0.05)
    assert 22.6 < east < 22.95
    with pytest.raises(InputError, match="the location of 'Xyzzyplugh' is unknown"):
        gc.read_fortifications(PART.replace("START", "Xyzzyplugh"))


@pytest.mark.parametrize(("name", "lon", "lat"), [("Vilnius", 25.28, 54.69), ("Bamako", -8.0, 12.65)])
def test_a_place_with_one_meaning_is_found(name: str, lon: float, lat: float) -> None:
    assert api._only_place(name) == pytest.approx((lon, lat), abs=0.05)


def test_a_place_with_no_or_several_meanings_is_not_guessed() -> None:
    assert api._only_place("Xyzzyplugh") is None
    assert api._only_place("Springfield") is None


def test_the_country_and_the_reference_settle_coordinates() -> None:
    found = gc.parse_coordinates(["54.68 N 25.28 O", "9G67CCQ9+X2"], country="Lithuania")
    assert found.lon[0] == pytest.approx(25.28)
    assert found.lat[0] == pytest.approx(54.68)
    short = gc.parse_coordinates(["MQPJ+2X"], reference=(25.28, 54.69))
    assert GEOD.inv(short.lon[0], short.lat[0], 25.28, 54.69)[2] < 60_000
    with pytest.raises(NameUnknownError):
        gc.parse_coordinates(["1 2"], country="Lithuaniaa")
