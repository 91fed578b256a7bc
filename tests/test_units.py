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
    ],
)
def test_lengths_are_written_with_about_three_digits(metres: float, unit: str, text: str) -> None:
    assert format_length(metres, unit) == text
