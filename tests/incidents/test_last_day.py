"""The last day of an event survives from the file to the map."""

import datetime as dt
import warnings

import numpy as np
import pytest

from geoconflict.incidents import IncidentsWarning, ReadReport, read_incidents
from geoconflict.maps import layers

EVENTS = """\
id,event_date,event_date_end,lat,lon
one,2025-07-01,,54,25
three,2025-07-30,2025-08-01,54,25
same,2025-07-05,2025-07-05,54,25
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        return read_incidents(path)


def test_the_last_day_is_read(table) -> None:
    days = table.set_index("event_id")["event_date_end"].to_dict()
    assert days == {"one": "2025-07-01", "three": "2025-08-01", "same": "2025-07-05"}
    assert table.set_index("event_id")["event_date"]["three"] == "2025-07-30"


def test_a_month_ends_on_its_last_day(tmp_path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("id,date,lat,lon\na,2024-02,54,25\nb,2025-02,54,25\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        table = read_incidents(path)
    assert table["event_date"].tolist() == ["2024-02-01", "2025-02-01"]
    assert table["event_date_end"].tolist() == ["2024-02-29", "2025-02-28"]


def test_the_report_ends_with_the_last_day(table) -> None:
    report = ReadReport.from_dict(table.attrs["report"])
    assert (report.first_day, report.last_day) == ("2025-07-01", "2025-08-01")


def test_the_map_shows_an_event_until_its_last_day(table) -> None:
    shown = layers.Incidents(table).describe()
    epoch = dt.date(1970, 1, 1)
    spans = {(int(start), int(end)) for start, end in zip(shown.start, shown.end, strict=True)}
    days = [("2025-07-01", "2025-07-01"), ("2025-07-30", "2025-08-01"), ("2025-07-05", "2025-07-05")]
    assert spans == {tuple((dt.date.fromisoformat(day) - epoch).days for day in span) for span in days}
    assert np.asarray(shown.end).max() - np.asarray(shown.start).max() == 2
