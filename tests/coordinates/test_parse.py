"""The public calls: arrays, records, context, uncertainty, refusals with their readings."""

import json
import math

import geopandas as gpd
import mgrs
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings, strategies as st
from openlocationcode import openlocationcode

from geoconflict.coordinates import CountryContext, Notation, coordinate_lines, parse_coordinate, parse_coordinates
from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, InputError

LITHUANIA = CountryContext("Lithuania", Bounds(20.9, 53.8, 26.9, 56.5), iso="LT")
LATITUDES = st.floats(-89.9, 89.9).map(lambda x: round(x, 5))
LONGITUDES = st.floats(-179.9, 179.9).map(lambda x: round(x, 5))
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def test_arrays_have_one_element_a_text_and_errors_stand_in_their_rows():
    found = parse_coordinates(["54.6872, 25.2797", None, 7, "Kyiv", "35U LA 80 61"])
    assert len(found) == 5
    assert found.ok.tolist() == [True, False, False, False, True]
    assert found.notation.tolist() == ["decimal", None, None, None, "mgrs"]
    assert found.error[1] == "there is no text"
    assert "7 is not a text" in found.error[2]
    assert [fault.row for fault in found.faults()] == [2, 3, 4]
    assert list(found.table().columns)[:2] == ["lat", "lon"]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, "", "  \ufeff"])
def test_what_is_missing_is_said_to_be(missing):
    assert parse_coordinates([missing]).error[0] == "there is no text"


def test_a_column_of_a_table_keeps_its_rows():
    column = pd.Series(["54.6872, 25.2797", pd.NA, "35U LA 80 61"], index=[7, 8, 9], dtype="string")
    table = parse_coordinates(column).table(index=column.index)
    assert table["lat"].notna().to_dict() == {7: True, 8: False, 9: True}


def test_an_empty_column_gives_empty_arrays():
    found = parse_coordinates([])
    assert len(found) == 0
    assert found.records() == []


def test_the_fast_path_and_the_slow_one_agree():
    texts = ["54.68716, 25.27965", "-1.29207 36.82195", "178.44190, -18.14161", "0.0, 0.0", "54.68716;25.27965"]
    fast = parse_coordinates(texts)
    slow = parse_coordinates([f"({text})" for text in texts])
    assert np.array_equal(fast.lat, slow.lat, equal_nan=True)
    assert np.array_equal(fast.lon, slow.lon, equal_nan=True)
    assert np.allclose(fast.uncertainty_m, slow.uncertainty_m, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "expected_m"),
    [
        ("0.0000, 10.0000", 7.845),  # 1e-4 degree is 11.06 m by 11.13 m: half the diagonal
        ("35U LA 8000 6100", 10 / math.sqrt(2)),
        ("35U LA 80000 61000", 1 / math.sqrt(2)),
        ("geo:54.68716,25.27965;u=35", 35.0),
        ("0°00'00\"N 10°00'00\"E", 21.79),
    ],
)
def test_the_uncertainty_is_half_the_diagonal_of_the_cell(text, expected_m):
    assert parse_coordinate(text).uncertainty_m == pytest.approx(expected_m, rel=2e-3)


def test_an_ambiguous_text_lists_its_readings():
    with pytest.raises(CoordinateError, match="differ by language") as caught:
        parse_coordinate("54.68 N 25.28 O")
    assert len(caught.value.readings) == 2
    assert caught.value.readings[0].startswith("54.680000°N 25.280000°E")
    assert parse_coordinate("54.68 N 25.28 O", country=LITHUANIA).lon == 25.28


def test_the_country_proves_the_order_and_says_so():
    reading = parse_coordinate("25.2797, 54.6872", country=LITHUANIA)
    assert (reading.lat, reading.lon) == (54.6872, 25.2797)
    assert "longitude first" in reading.note
    many = parse_coordinates(["25.2797, 54.6872", "54.6872, 25.2797"], country=LITHUANIA)
    assert many.lat.tolist() == [54.6872, 54.6872]


def test_a_lost_sign_is_refused_where_the_country_shows_it():
    with pytest.raises(CoordinateError, match="another sign"):
        parse_coordinate("54.6872, -25.2797", country=LITHUANIA)


def test_a_pair_near_the_country_is_believed_and_noted():
    reading = parse_coordinate("54.7, 20.5", country=LITHUANIA)
    assert reading.note == "outside Lithuania"


def test_a_hemisphere_is_believed_against_the_country():
    assert parse_coordinate("48.5 N 37.9 E", country=LITHUANIA).lat == 48.5


def test_the_outline_decides_where_the_bounds_cannot():
    # A triangle: its box holds both orders of the pair, the outline only one.
    triangle = shapely.Polygon([(20, 20), (60, 20), (20, 60)])
    table = gpd.GeoDataFrame({"name": ["Triangle"]}, geometry=[triangle], crs="EPSG:4326")
    context = CountryContext.of(table)
    assert context.name == "Triangle"
    assert context.holds(lon=25, lat=25)
    assert not context.holds(lon=55, lat=55)


def test_a_country_by_name_is_refused_with_the_cure():
    with pytest.raises(InputError, match="look its outline up first"):
        parse_coordinate("54, 25", country="Lithuania")


@pytest.mark.parametrize("reference", ["Vilnius", (200, 10), (1, 2, 3), ("a", "b"), (float("nan"), 1)])
def test_a_reference_that_is_no_point_is_refused(reference):
    with pytest.raises(InputError, match="pair \\(lon, lat\\)"):
        parse_coordinate("M7PH+VV", reference=reference)


def test_a_reference_may_be_a_point():
    reading = parse_coordinate("M7PH+VV Vilnius", reference=shapely.Point(25.3, 54.7))
    assert (round(reading.lat, 3), round(reading.lon, 3)) == (54.687, 25.28)


def test_a_country_across_the_antimeridian():
    fiji = CountryContext("Fiji", Bounds(176.5, -21, -178, -12))
    assert fiji.holds(lon=179.9, lat=-17)
    assert fiji.holds(lon=-179.9, lat=-17)
    assert not fiji.holds(lon=0, lat=-17)
    assert parse_coordinates(["-17.5000, 178.5000"], country=fiji).lat[0] == -17.5


def test_lines_are_json_one_a_line_and_every_line_gets_one():
    lines = [json.loads(line) for line in coordinate_lines(["54.6872, 25.2797\n", "\n", "54.68 N 25.28 O\r\n"])]
    assert lines[0] == {"lat": 54.6872, "lon": 25.2797, "uncertainty_m": 6.4, "notation": "decimal"}
    assert lines[1] == {"error": "there is no text"}
    assert len(lines[2]["readings"]) == 2


def test_a_million_characters_are_refused_at_once():
    with pytest.raises(CoordinateError, match="1000000 characters"):
        parse_coordinate("1" * 1_000_000)


@pytest.mark.parametrize(
    "text", ["9" * 19_000, "°'\"" * 6_000, "N 1 " * 4_000, "lat " * 4_000, "((((" * 4_000, "1,2 " * 4_900]
)
def test_hostile_texts_are_refused(text):  # a pattern that runs away would need minutes
    with pytest.raises(CoordinateError):
        parse_coordinate(text)


@QUICK
@given(LATITUDES, LONGITUDES)
def test_decimals_come_back(lat, lon):
    text = f"{lat:.5f}, {lon:.5f}"
    if (lat, lon) == (0, 0):
        return
    reading = parse_coordinate(text)
    assert [reading.lat, reading.lon] == [float(part) for part in text.split(",")]


@QUICK
@given(st.floats(-79.9, 83.9), st.floats(-179.9, 179.9), st.integers(0, 5))
def test_mgrs_agrees_with_the_reference_library(lat, lon, precision):
    code = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=precision)
    reading = parse_coordinate(code)
    assert reading.notation is Notation.MGRS
    off_m = pyproj.Geod(ellps="WGS84").inv(lon, lat, reading.lon, reading.lat)[2]
    assert off_m <= reading.uncertainty_m * 1.002 + 0.01  # the scale of UTM, and the library's rounding


@QUICK
@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9), st.sampled_from([8, 10, 11, 12]))
def test_plus_codes_agree_with_the_reference_library(lat, lon, length):
    code = openlocationcode.encode(lat, lon, length)
    area = openlocationcode.decode(code)
    reading = parse_coordinate(code)
    assert reading.lat == pytest.approx(area.latitudeCenter, abs=1e-9)
    assert reading.lon == pytest.approx(area.longitudeCenter, abs=1e-9)


@QUICK
@given(st.floats(-80, 80), st.floats(-170, 170))
def test_short_plus_codes_agree_with_the_reference_library(lat, lon):
    short = openlocationcode.encode(lat, lon)[4:]
    full = openlocationcode.decode(openlocationcode.recoverNearest(short, lat + 0.2, lon - 0.2))
    reading = parse_coordinate(short, reference=(lon - 0.2, lat + 0.2))
    assert reading.lat == pytest.approx(full.latitudeCenter, abs=1e-8)
    assert reading.lon == pytest.approx(full.longitudeCenter, abs=1e-8)


@QUICK
@given(LATITUDES, LONGITUDES, st.sampled_from(["{}°{}'{:.1f}\"{}", "{} {} {:.1f} {}", "{}:{}:{:.1f}{}"]))
def test_degrees_minutes_seconds_come_back(lat, lon, form):
    def written(value, letters):
        tenths = round(abs(value) * 36000)
        letter = letters[0] if value >= 0 else letters[1]
        return form.format(tenths // 36000, tenths % 36000 // 600, tenths % 600 / 10, letter)

    reading = parse_coordinate(f"{written(lat, 'NS')} {written(lon, 'EW')}")
    assert reading.lat == pytest.approx(lat, abs=1.5e-5)
    assert reading.lon == pytest.approx(lon, abs=1.5e-5)


@QUICK
@given(st.text(alphabet="0123456789.,-+°'\" NSEWnsewOо/:;()[]latonх=", max_size=30))
def test_any_text_gives_a_place_on_the_globe_or_a_refusal(text):
    found = parse_coordinates([text])
    if found.ok[0]:
        assert -90 <= found.lat[0] <= 90
        assert -180 <= found.lon[0] <= 180
        assert found.uncertainty_m[0] > 0
    else:
        assert found.error[0]
