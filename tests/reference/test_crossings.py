from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

import geoconflict as gc
from geoconflict import geodesy, reference
from geoconflict.errors import InputError, NameUnknownError, ReadError
from geoconflict.vocabulary import CrossingStatus

if TYPE_CHECKING:
    from pathlib import Path


def test_a_status_holds_from_its_date() -> None:
    def status(day: str) -> str:
        table = gc.crossings("Lithuania", "Belarus", on=day)
        return str(table.set_index("crossing_id").loc["sumskas", "status"])

    assert status("2023-08-17") == CrossingStatus.UNKNOWN
    assert status("2023-08-18") == CrossingStatus.CLOSED
    assert status("2025-08-19") == CrossingStatus.CLOSED


def test_a_crossing_that_opened_again() -> None:
    by_day = {
        day: gc.crossings("Poland", "Belarus", on=day).set_index("crossing_id").loc["kuznica", "status"]
        for day in ("2021-11-08", "2021-11-09", "2025-11-16", "2025-11-17")
    }
    assert list(by_day.values()) == ["unknown", "closed", "closed", "restricted"]


def test_either_country_first_and_all_neighbours_by_default() -> None:
    assert set(gc.crossings("BY", "LT")["crossing_id"]) == set(gc.crossings("Lithuania", "Belarus")["crossing_id"])
    everywhere = gc.crossings("Lithuania")
    assert {"Belarus", "Russia"} <= set(everywhere["country_a"]) | set(everywhere["country_b"])


def test_the_date_may_be_a_date_object() -> None:
    table = gc.crossings("Lithuania", "Belarus", on=dt.date(2025, 8, 19))
    assert table.attrs["crossings"] == {"status_on": "2025-08-19"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Lithuania", "Belarus"),
        ("Lithuania", "Russia"),
        ("Latvia", "Russia"),
        ("Latvia", "Belarus"),
        ("Estonia", "Russia"),
        ("Poland", "Belarus"),
        ("Poland", "Russia"),
        ("Mali", "Senegal"),
        ("Mali", "Mauritania"),
        ("Mali", "Burkina Faso"),
        ("Ukraine", "Poland"),
        ("Ukraine", "Slovakia"),
        ("Ukraine", "Hungary"),
        ("Ukraine", "Romania"),
        ("Ukraine", "Moldova"),
    ],
)
def test_every_crossing_lies_on_its_border_and_has_a_source(a: str, b: str) -> None:
    table = gc.crossings(a, b)
    assert len(table)
    metres = geodesy.distance(table.geometry.to_numpy(), gc.border(a, b).geometry.to_numpy())
    assert metres.max() < 300
    for column in ("source", "source_url", "method", "location_uncertainty_m"):
        assert table[column].notna().all()


def test_no_known_crossing_is_an_empty_table() -> None:
    assert len(gc.crossings("Spain", "France")) == 0


def test_wrong_arguments_are_an_error() -> None:
    with pytest.raises(NameUnknownError, match="Lithuania"):
        gc.crossings("Lithunia")
    with pytest.raises(InputError, match="write it as"):
        gc.crossings("Lithuania", on="soon")
    with pytest.raises(InputError, match="write it as"):
        gc.crossings("Lithuania", on=20250819)  # type: ignore[arg-type]  # the wrong type is the test


def test_every_change_of_status_belongs_to_a_crossing() -> None:
    folder = reference.boundaries_folder()
    ids = {line.split(",")[0] for line in (folder / "crossings.csv").read_text(encoding="utf-8").splitlines()[1:]}
    changes = (folder / "crossings_status.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in changes} <= ids


def test_a_users_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "name,country_a,country_b,kind,status,latitude,longitude\nA,Lithuania,Poland,road,open,54.3,23.1\n",
        encoding="utf-8",
    )
    table = gc.read_crossings(path)
    assert table["crossing_id"].tolist() == ["a"]
    path.write_text(path.read_text(encoding="utf-8").replace("54.3", "154.3"), encoding="utf-8")
    with pytest.raises(ReadError, match=r"row 1, latitude: '154\.3' is not a latitude"):
        gc.read_crossings(path)
