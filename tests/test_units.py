from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.errors import UnitError
from geoconflict.units import METRES_PER, Length, format_length, parse_length, parse_metres


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("30 mi", 48280.32, 48280.32),
        ("30mi", 48280.32, 48280.32),
        ("30 miles", 48280.32, 48280.32),
        ("3-5 km", 3000, 5000),
        ("3–5 km", 3000, 5000),
        ("3 km to 5 km", 3000, 5000),
        ("500 m - 2 km", 500, 2000),
        ("12 nmi", 22224, 22224),
        ("12 nautical miles", 22224, 22224),
        ("1,000 km", 1e6, 1e6),
        ("up to 50 km", None, 50000),
        ("at least 2 km", 2000, None),
        (".5 km", 500, 500),
        ("  5   KM ", 5000, 5000),
        ("100 yd", 91.44, 91.44),
        ("10 feet", 3.048, 3.048),
    ],
)
def test_lengths_as_people_write_them(text: str, low: float | None, high: float | None) -> None:
    length = parse_length(text)
    assert length.min_m == pytest.approx(low)
    assert length.max_m == pytest.approx(high)
    assert length.text == text.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30", "has no unit"),
        (30, "has no unit"),
        (None, "has no unit"),
        ("3,5 km", "decimal mark"),
        ("-5 km", "negative"),
        ("5 parsec", "not known"),
        ("5 kilometrs", "kilometres"),
        ("", "not a length"),
        ("five km", "not a length"),
        ("5-3 km", "ends before it starts"),
        ("1e3 km", "not"),
    ],
)
def test_what_is_no_length_is_refused_with_the_cure(text: object, says: str) -> None:
    with pytest.raises(UnitError, match=says):
        parse_length(text)


def test_one_value_refuses_a_range() -> None:
    with pytest.raises(UnitError, match="give one value"):
        parse_metres("3-5 km", what="radius")


def test_the_middle_of_a_range_and_the_known_end() -> None:
    assert parse_length("3-5 km").value_m == 4000
    assert parse_length("up to 50 km").value_m == 50000
    with pytest.raises(UnitError, match="no known end"):
        _ = Length(None, None, "somewhere").value_m


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0.1, 1e6), st.sampled_from(sorted(METRES_PER)))
def test_metres_come_back_through_the_text(value: float, unit: str) -> None:
    assert parse_metres(f"{value:.4f} {unit}") == pytest.approx(round(value, 4) * METRES_PER[unit])


@pytest.mark.parametrize(
    ("metres", "unit", "text"),
    [
        (678900, "km", "679 km"),
        (48280.32, "mi", "30 mi"),
        (5000, "km", "5 km"),
        (350, "km", "0.35 km"),
        (0, "mi", "0 mi"),
        (9_996, "km", "10 km"),
        (10_260, "km", "10.3 km"),
        (99_960, "km", "100 km"),
        (100_400, "km", "100 km"),
        (1_234_567, "km", "1,235 km"),
        (-5_250, "km", "-5.25 km"),
        (-20_340, "km", "-20.3 km"),
        (100, "m", "100 m"),
        (float("inf"), "km", "inf km"),
    ],
)
def test_lengths_are_written_with_about_three_digits(metres: float, unit: str, text: str) -> None:
    assert format_length(metres, unit) == text


# Definitions: the international yard and mile of 1959, the nautical mile of 1929.
INCH = 0.0254
FACTORS = {
    1.0: ["m", "metre", "metres", "meter", "meters", "mtr"],
    1000.0: ["km", "kilometre", "kilometres", "kilometer", "kilometers", "kms"],
    63_360 * INCH: ["mi", "mile", "miles", "statute mile", "statute miles"],
    1852.0: ["nmi", "nautical mile", "nautical miles", "nm", "naut mi"],
    12 * INCH: ["ft", "foot", "feet"],
    36 * INCH: ["yd", "yard", "yards", "yds"],
}


@pytest.mark.parametrize(("unit", "factor"), [(unit, factor) for factor, units in FACTORS.items() for unit in units])
def test_every_spelling_of_a_unit(unit: str, factor: float) -> None:
    assert parse_metres(f"2.5 {unit}") == pytest.approx(2.5 * factor, rel=1e-12)
    assert parse_metres(f"1,250{unit.upper()}") == pytest.approx(1250 * factor, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "low", "high", "about"),
    [
        ("up to 5 mi", None, 5 * 1609.344, False),
        ("less than 5 km", None, 5000, False),
        ("<= 5 km", None, 5000, False),
        ("≤5 km", None, 5000, False),
        ("more than 5 km", 5000, None, False),
        (">5 km", 5000, None, False),
        ("≥ 5 km", 5000, None, False),
        ("about 5 km", 5000, 5000, True),
        ("~5 km", 5000, 5000, True),
        ("approx. 3–5 km", 3000, 5000, True),
        ("about up to 5 km", None, 5000, True),
        ("3..5 km", 3000, 5000, False),
        ("3 mi - 10 km", 3 * 1609.344, 10_000, False),
        ("3 km to 5", 3000, 5000, False),
        ("5-5 km", 5000, 5000, False),
    ],
)
def test_ranges_and_rounded_lengths(text: str, low: float | None, high: float | None, *, about: bool) -> None:
    length = parse_length(text)
    assert (length.min_m, length.max_m, length.about) == (low, high, about)
    assert length.is_range == (low != high)
    assert str(length) == text
    assert parse_length(length) is length


def test_the_known_end_of_an_open_range() -> None:
    assert parse_length("at least 2 km").value_m == 2000
    assert parse_length("up to 3 km").value_m == 3000


@pytest.mark.parametrize(
    ("value", "metres"),
    [("-5 km", -5000), ("−5 km", -5000), (" - 5 km", -5000), (-5, -5), ("5 km", 5000), (0, 0), ("0 km", 0)],
)
def test_negative_lengths_only_where_they_are_allowed(value: object, metres: float) -> None:
    assert parse_metres(value, allow_negative=True) == metres
    if metres < 0:
        with pytest.raises(UnitError, match="negative"):
            parse_metres(value)
    else:
        assert parse_metres(value) == metres


@pytest.mark.parametrize("value", [True, None, float("inf"), float("nan"), "up to 5 km", "3-5 km", "5"])
def test_a_length_in_metres_is_one_finite_value(value: object) -> None:
    with pytest.raises(UnitError):
        parse_metres(value, what="radius", allow_negative=True)


@pytest.mark.parametrize(("text", "unit"), [("499", "km"), ("500", "m"), ("5000", "m"), ("1,500", "m"), ("30", "km")])
def test_the_unit_that_is_offered_is_plausible(text: str, unit: str) -> None:
    with pytest.raises(UnitError, match=f"such as '{text} {unit}'"):
        parse_length(text)


def test_an_unknown_unit_to_write_in() -> None:
    with pytest.raises(UnitError, match="unknown unit 'parsec'; known: m, km, mi, nmi, ft, yd"):
        format_length(5, "parsec")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.floats(-1e7, 1e7), st.sampled_from(sorted(METRES_PER)))
def test_a_written_length_is_near_the_length(metres: float, unit: str) -> None:
    value = float(format_length(metres, unit).removesuffix(f" {unit}").replace(",", ""))
    exact = metres / METRES_PER[unit]
    assert abs(value - exact) <= (0.00501 if abs(exact) < 10 else 0.0501 if abs(exact) < 100 else 0.501)
