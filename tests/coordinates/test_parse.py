"""The public calls: arrays, records, context, uncertainty, refusals with their candidates."""

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

from geoconflict.coordinates import CountryContext, Notation, coordinate_lines, parse_column, parse_one
from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, InputError

LITHUANIA = CountryContext("Lithuania", Bounds(20.9, 53.8, 26.9, 56.5))
LATITUDES = st.floats(-89.9, 89.9).map(lambda x: round(x, 5))
LONGITUDES = st.floats(-179.9, 179.9).map(lambda x: round(x, 5))
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # of MGRS: no I and no O
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def test_arrays_have_one_element_for_each_text_and_errors_are_in_their_rows():
    found = parse_column(["54.6872, 25.2797", None, 7, "Kyiv", "35U LA 80 61"])
    assert len(found) == 5
    assert found.ok.tolist() == [True, False, False, False, True]
    assert found.notation.tolist() == ["decimal", None, None, None, "mgrs"]
    assert found.error[1] == "the value is missing"
    assert "7 is not a text" in found.error[2]
    assert [fault.row for fault in found.faults()] == [2, 3, 4]
    assert list(found.table().columns)[:2] == ["lat", "lon"]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_reported(missing):
    assert parse_column([missing]).error[0] == "the value is missing"


@pytest.mark.parametrize("text", ["", "  \ufeff"])
def test_an_empty_text_is_reported(text):
    assert parse_column([text]).error[0] == "the text is empty"


@pytest.mark.parametrize("text", ["SK-42", "Pulkovo 1942 ", "± 5 m", "accuracy 3 m", "geo:", "coordinates:"])
def test_a_label_without_numbers_is_refused(text):
    with pytest.raises(CoordinateError, match="no coordinates"):
        parse_one(text)


def test_a_column_of_a_table_keeps_its_rows():
    column = pd.Series(["54.6872, 25.2797", pd.NA, "35U LA 80 61"], index=[7, 8, 9], dtype="string")
    table = parse_column(column).table(index=column.index)
    assert table["lat"].notna().to_dict() == {7: True, 8: False, 9: True}


def test_an_empty_column_gives_empty_arrays():
    found = parse_column([])
    assert len(found) == 0
    assert found.records() == []


def test_the_fast_path_and_the_slow_one_agree():
    texts = ["54.68716, 25.27965", "-1.29207 36.82195", "178.44190, -18.14161", "0.0, 0.0", "54.68716;25.27965"]
    fast = parse_column(texts)
    slow = parse_column([f"({text})" for text in texts])
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
    assert parse_one(text).uncertainty_m == pytest.approx(expected_m, rel=2e-3)


def test_an_ambiguous_text_lists_its_candidates():
    with pytest.raises(CoordinateError, match="differ between languages") as caught:
        parse_one("54.68 N 25.28 O")
    assert len(caught.value.candidates) == 2
    assert caught.value.candidates[0].startswith("54.680000°N 25.280000°E")
    assert parse_one("54.68 N 25.28 O", country=LITHUANIA).lon == 25.28


def test_the_country_decides_the_order_and_the_note_says_so():
    parsed = parse_one("25.2797, 54.6872", country=LITHUANIA)
    assert (parsed.lat, parsed.lon) == (54.6872, 25.2797)
    assert "longitude first" in parsed.note
    many = parse_column(["25.2797, 54.6872", "54.6872, 25.2797"], country=LITHUANIA)
    assert many.lat.tolist() == [54.6872, 54.6872]


def test_a_lost_sign_is_refused_if_the_country_shows_it():
    with pytest.raises(CoordinateError, match="with another sign it would"):
        parse_one("54.6872, -25.2797", country=LITHUANIA)


def test_a_pair_near_the_country_is_accepted_with_a_note():
    parsed = parse_one("54.7, 20.5", country=LITHUANIA)
    assert parsed.note == "outside Lithuania"


def test_a_hemisphere_is_accepted_outside_the_country():
    assert parse_one("48.5 N 37.9 E", country=LITHUANIA).lat == 48.5


def test_the_outline_decides_if_the_bounds_cannot():
    # A triangle: its box holds both orders of the pair, the outline only one.
    triangle = shapely.Polygon([(20, 20), (60, 20), (20, 60)])
    table = gpd.GeoDataFrame({"name": ["Triangle"]}, geometry=[triangle], crs="EPSG:4326")
    context = CountryContext.from_value(table)
    assert context.name == "Triangle"
    assert context.contains(lon=25, lat=25)
    assert not context.contains(lon=55, lat=55)


def test_a_country_by_name_is_refused_with_a_hint():
    with pytest.raises(InputError, match="for a country by name, pass"):
        parse_one("54, 25", country="Lithuania")


@pytest.mark.parametrize("reference", ["Vilnius", (200, 10), (1, 2, 3), ("a", "b"), (float("nan"), 1)])
def test_a_reference_that_is_not_a_point_is_refused(reference):
    with pytest.raises(InputError, match="pair \\(lon, lat\\)"):
        parse_one("M7PH+VV", reference=reference)


def test_a_reference_may_be_a_point():
    parsed = parse_one("M7PH+VV Vilnius", reference=shapely.Point(25.3, 54.7))
    assert (round(parsed.lat, 3), round(parsed.lon, 3)) == (54.687, 25.28)


def test_a_country_across_the_antimeridian():
    fiji = CountryContext("Fiji", Bounds(176.5, -21, -178, -12))
    assert fiji.contains(lon=179.9, lat=-17)
    assert fiji.contains(lon=-179.9, lat=-17)
    assert not fiji.contains(lon=0, lat=-17)
    assert parse_column(["-17.5000, 178.5000"], country=fiji).lat[0] == -17.5


def test_every_line_gives_one_json_object():
    lines = [json.loads(line) for line in coordinate_lines(["54.6872, 25.2797\n", "\n", "54.68 N 25.28 O\r\n"])]
    assert lines[0] == {"lat": 54.6872, "lon": 25.2797, "uncertainty_m": 6.4, "notation": "decimal"}
    assert lines[1] == {"error": "the text is empty"}
    assert len(lines[2]["candidates"]) == 2


def test_a_million_characters_are_refused_at_once():
    with pytest.raises(CoordinateError, match="1000000 characters"):
        parse_one("1" * 1_000_000)


@pytest.mark.parametrize(
    "text", ["9" * 19_000, "°'\"" * 6_000, "N 1 " * 4_000, "lat " * 4_000, "((((" * 4_000, "1,2 " * 4_900]
)
def test_hostile_texts_are_refused(text):  # a pattern that backtracks would take minutes
    with pytest.raises(CoordinateError):
        parse_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "geo:1e400,5",
        f"geo:5,1e{'9' * 5000}",
        "POINT(1e400 5)",
        '{"lat": 1e400, "lon": 5}',
        "<wpt lat='1e400' lon='5'>",
        f"SRID={'9' * 5000};POINT(1 2)",
        f"<http://www.opengis.net/def/crs/EPSG/0/{'9' * 5000}> POINT(1 2)",
        "https://google.com/maps/@1e400,2,3z",
        f"https://osm.org/go/{'A' * 5000}",
        "https://[x/?lat=1&lon=2",
        "https://liveuamap.com/@1e999,2,1.2.3d",
        "http://\u2100.com/?lat=1&lon=2",
        "&amp;" * 4000,
        f"&{'amp;' * 4000}",
    ],
)
def test_numbers_and_addresses_that_python_cannot_hold_are_refused(text):
    with pytest.raises(CoordinateError):
        parse_one(text, reference=(25, 54))


@pytest.mark.parametrize("zoom", ["5000", "1e400", "-99999"])
def test_any_zoom_gives_a_finite_uncertainty(zoom):
    parsed = parse_one(f"https://yandex.ru/maps/?ll=25.1,54.1&z={zoom}")
    assert 0 < parsed.uncertainty_m < 2.1e7


@pytest.mark.parametrize("epsg", [4978, 5773])  # geocentric metres, heights
def test_a_reference_system_without_longitude_and_latitude_is_refused(epsg):
    with pytest.raises(CoordinateError, match="neither geographic nor projected"):
        parse_one(f"SRID={epsg};POINT(1 2)")


def test_a_host_that_starts_like_a_short_link_is_not_one():
    assert parse_one("https://t.company.org/?lat=54.1&lon=25.1").lat == 54.1
    with pytest.raises(CoordinateError, match="short link"):
        parse_one("https://t.co/?lat=54.1&lon=25.1")


def test_a_camera_distance_that_is_not_a_number_is_ignored():
    parsed = parse_one("https://earth.google.com/web/@54.1,25.1,100a,1.2.3d")
    assert (parsed.lat, parsed.lon) == (54.1, 25.1)


def test_candidates_have_the_same_order_in_every_process():
    # "s" is south, or north in Czech; the order must not depend on the hash of a text.
    with pytest.raises(CoordinateError) as caught:
        parse_one("S 5.68616, 25.27975")
    assert [parsed.split(" (")[0] for parsed in caught.value.candidates] == [
        "5.686160°S 25.279750°E",
        "5.686160°N 25.279750°E",
        "5.686160°S 25.279750°W",
        "5.686160°N 25.279750°W",
    ]


@QUICK
@given(LATITUDES, LONGITUDES)
def test_decimals_round_trip(lat, lon):
    text = f"{lat:.5f}, {lon:.5f}"
    if (lat, lon) == (0, 0):
        return
    parsed = parse_one(text)
    assert [parsed.lat, parsed.lon] == [float(part) for part in text.split(",")]


@QUICK
@given(st.floats(-79.9, 83.9), st.floats(-179.9, 179.9), st.integers(0, 5))
def test_mgrs_agrees_with_the_reference_library(lat, lon, precision):
    code = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=precision)
    parsed = parse_one(code)
    assert parsed.notation is Notation.MGRS
    off_m = pyproj.Geod(ellps="WGS84").inv(lon, lat, parsed.lon, parsed.lat)[2]
    assert off_m <= parsed.uncertainty_m * 1.002 + 0.01  # the scale of UTM, and the library's rounding


@pytest.mark.parametrize("zone", [26, 33])
def test_squares_that_the_reference_library_refuses_are_refused(zone):
    squares = [f"{zone}{b}{c}{r}" for b in LETTERS[2:-2] for c in LETTERS for r in LETTERS[:-4]]
    assert len(squares) == 20 * 24 * 20
    accepted = np.array(squares)[parse_column(squares).ok]
    assert 1200 < len(accepted) < 1500
    for square in accepted:
        mgrs.MGRS().toLatLon(square)  # raises, or warns, for a square that does not exist


def test_every_square_on_the_edge_of_a_band_or_zone_is_read():
    encode = mgrs.MGRS().toMGRS
    lats = [lat + shift for lat in (-72, -8, 0, 8, 56, 64, 72, 84) for shift in (-1e-7, 1e-7) if lat + shift < 84]
    squares = {encode(lat, lon, MGRSPrecision=0) for lat in lats for lon in np.arange(-12, 42, 0.1)}
    squares |= {encode(lat, lon + 1e-7, MGRSPrecision=0) for lat in np.arange(-80, 84, 0.5) for lon in range(0, 48, 3)}
    found = parse_column(sorted(squares))
    assert len(found) > 500
    assert list(found.error[~found.ok]) == []


@pytest.mark.parametrize("text", ["09MTA", "44MRF00"])
def test_a_cell_north_of_the_equator_is_not_in_band_m(text):
    with pytest.raises(CoordinateError, match="north of the equator"):
        parse_one(text)


@QUICK
@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9), st.sampled_from([8, 10, 11, 12]))
def test_plus_codes_agree_with_the_reference_library(lat, lon, length):
    code = openlocationcode.encode(lat, lon, length)
    area = openlocationcode.decode(code)
    parsed = parse_one(code)
    assert parsed.lat == pytest.approx(area.latitudeCenter, abs=1e-9)
    assert parsed.lon == pytest.approx(area.longitudeCenter, abs=1e-9)


@QUICK
@given(st.floats(-80, 80), st.floats(-170, 170))
def test_short_plus_codes_agree_with_the_reference_library(lat, lon):
    short = openlocationcode.encode(lat, lon)[4:]
    full = openlocationcode.decode(openlocationcode.recoverNearest(short, lat + 0.2, lon - 0.2))
    parsed = parse_one(short, reference=(lon - 0.2, lat + 0.2))
    assert parsed.lat == pytest.approx(full.latitudeCenter, abs=1e-8)
    assert parsed.lon == pytest.approx(full.longitudeCenter, abs=1e-8)


@QUICK
@given(LATITUDES, LONGITUDES, st.sampled_from(["{}°{}'{:.1f}\"{}", "{} {} {:.1f} {}", "{}:{}:{:.1f}{}"]))
def test_degrees_minutes_seconds_round_trip(lat, lon, form):
    def written(value, letters):
        tenths = round(abs(value) * 36000)
        letter = letters[0] if value >= 0 else letters[1]
        return form.format(tenths // 36000, tenths % 36000 // 600, tenths % 600 / 10, letter)

    parsed = parse_one(f"{written(lat, 'NS')} {written(lon, 'EW')}")
    assert parsed.lat == pytest.approx(lat, abs=1.5e-5)
    assert parsed.lon == pytest.approx(lon, abs=1.5e-5)


TOKENS = (
    "54.68 25.27 48 0 999 1e400 54°41′14″ N S E W lat lon , ; / : . ( ) [ ] { } < > ' \" - – + = & ? # @ geo: POINT( "
    "SRID= EPSG: 3857 MGRS 35U LA UTM SK-42 ED50 WGS84 http:// https://google.com/maps/ osm.org/go/ {{coord| }} &amp; "
    "zone 379123 6061234 9G67M7PH+VV u99zp x= y= to km ± ♥ \x00"
)


@QUICK
@given(st.lists(st.sampled_from([*TOKENS.split(), " "]), max_size=14).map("".join))
def test_any_parts_of_coordinates_are_parsed_or_refused(text):
    for country in (None, LITHUANIA):
        found = parse_column([text], country=country, reference=(25, 54))  # raises nothing
        assert found.ok[0] or found.error[0]


@QUICK
@given(st.text(alphabet="0123456789.,-+°'\" NSEWnsewOо/:;()[]latonх=", max_size=30))
def test_any_text_gives_a_place_on_the_globe_or_a_refusal(text):
    found = parse_column([text])
    if found.ok[0]:
        assert -90 <= found.lat[0] <= 90
        assert -180 <= found.lon[0] <= 180
        assert found.uncertainty_m[0] > 0
    else:
        assert found.error[0]
