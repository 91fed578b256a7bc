"""Dates: notations, precision, and the order of day and month."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.incidents.dates import proven_orders, read_days


def days(*values, **kwargs):
    return read_days(np.array([*values, None], dtype=object)[:-1], **kwargs)


FORMS = {
    "2025-07-01": "2025-07-01",
    " 2025-07-01 ": "2025-07-01",
    "2025/7/1": "2025-07-01",
    "20250701": "2025-07-01",
    "20250701.0": "2025-07-01",
    "20250701103000": "2025-07-01",
    "2025-07-01T23:59:59+03:00": "2025-07-01",
    "2025-07-01 00:00:00.000": "2025-07-01",
    "01 July 2025": "2025-07-01",
    "1-Jul-2025": "2025-07-01",
    "1st of July 2025": None,
    "1st July, 2025": "2025-07-01",
    "July 1, 2025": "2025-07-01",
    "Jul. 1 2025": "2025-07-01",
    "Tuesday, July 1, 2025": "2025-07-01",
    "1 липня 2025": "2025-07-01",
    "1 июля 2025": "2025-07-01",
    "1 juillet 2025": "2025-07-01",
    "1.7.2025": "2025-07-01",
    "01.07.2025 14:30": "2025-07-01",
    "1751328000000": "2025-07-01",
    "07/07/2025": "2025-07-07",
    "31/02/2025": None,
    "2025-02-30": None,
    "45839": None,
    "yesterday": None,
    "1 Juny 2025": None,
    "01-07-25": None,
    "0025-07-01": None,
    "2205-07-01": None,
}


@pytest.mark.parametrize(("text", "expected"), FORMS.items())
def test_form(text, expected):
    found = days(text)
    assert found.first[0] == found.last[0] == expected
    assert (found.reason[0] is None) == (expected is not None)


def test_values_that_are_no_texts():
    found = days(
        dt.date(2025, 7, 1),
        dt.datetime(2025, 7, 1, 10, tzinfo=dt.UTC),
        pd.Timestamp("2025-07-01"),
        20250701,
        20250701.0,
    )
    assert list(found.first) == ["2025-07-01"] * 5


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("December 2025", "2025-12-01", "2025-12-31", "month"),
        ("2025-07-01", "2025-07-01", "2025-07-01", "day"),
    ],
)
def test_partial_dates_are_intervals(text, first, last, precision):
    found = days(text)
    assert (found.first[0], found.last[0], found.precision[0]) == (first, last, precision)


def test_one_value_proves_the_order_for_its_column():
    assert list(days("25/12/2024", "03/04/2025").first) == ["2024-12-25", "2025-04-03"]
    assert list(days("12/25/2024", "03/04/2025").first) == ["2024-12-25", "2025-03-04"]


def test_the_column_goes_before_the_habit_of_a_source():
    assert days("25/12/2024", "03/04/2025", otherwise="mdy").first[1] == "2025-04-03"
    assert days("03/04/2025", otherwise="mdy").first[0] == "2025-03-04"


def test_an_order_that_is_given_refuses_what_contradicts_it():
    found = days("25/12/2024", order="mdy")
    assert found.first[0] is None
    assert found.reason[0] == "not a date with the month first"


def test_both_orders_prove_nothing():
    found = days("25/12/2024", "12/25/2024", "03/04/2025", otherwise="dmy")
    assert list(found.first) == ["2024-12-25", "2024-12-25", None]
    assert proven_orders(["25/12/2024", "12/25/2024"]) == {"dmy", "mdy"}


def test_short_years_only_where_the_source_writes_them():
    assert days("1 JUL 25", short_years=True).first[0] == "2025-07-01"
    assert days("1 JUL 25").reason[0] == "a year of two digits is ambiguous"


def test_year_0025_suggests_2025():
    assert days("0025-07-01").reason[0] == "the year 0025 is outside 1900–2100; perhaps 2025"


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d", "%d.%m.%Y", "%d-%b-%Y"]),
)
def test_round_trip(day, form):
    assert days(day.strftime(form)).first[0] == day.isoformat()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.text(max_size=25))
def test_any_text_is_a_day_or_a_reason(text):
    found = days(text)
    assert (found.first[0] is None) == (found.reason[0] is not None or not text.strip())
    if found.first[0] is not None:
        assert dt.date.fromisoformat(found.first[0]) <= dt.date.fromisoformat(found.last[0])
