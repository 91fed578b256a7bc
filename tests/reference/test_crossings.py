from __future__ import annotations

import datetime as dt
import shutil
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


@pytest.fixture
def folder(rectangles: Path, tmp_path: Path) -> Path:
    """Three crossings of the rectangles with a history, in a folder of their own."""
    for file in rectangles.iterdir():
        shutil.copy(file, tmp_path)
    (tmp_path / "crossings.csv").write_text(
        "crossing_id,name,country_a,country_b,kind,longitude,latitude\n"
        "north,North,Lithuania,Ukraine,road,30.5,51\n"
        "south,South,Ukraine,Russia,rail,31,50.5\n"
        "lake,Lake,Russia,Lithuania,river,31.5,51\n",
        encoding="utf-8",
    )
    (tmp_path / "crossings_status.csv").write_text(
        "crossing_id,status,from_date,source,source_url,notes\n"
        "south,closed,2022-02-24,A,https://a.example,\n"
        "north,open,2020-01-01,B,https://b.example,\n"
        "north,restricted,2023-05-01,C,https://c.example,\n"
        "north,closed,2021-01-01,,https://d.example,\n",
        encoding="utf-8",
    )
    return tmp_path


def test_the_status_comes_with_its_date_and_source(folder: Path) -> None:
    table = gc.crossings("UA", folder=folder)
    assert table["crossing_id"].tolist() == ["north", "south"]
    assert table.index.tolist() == [0, 1]
    assert table["status"].tolist() == ["restricted", "closed"]
    assert table["status_date"].tolist() == ["2023-05-01", "2022-02-24"]
    assert table["status_source"].tolist() == ["C", "A"]
    assert table["status_source_url"].tolist() == ["https://c.example", "https://a.example"]
    assert table.attrs["crossings"] == {"status_on": "the latest known change"}
    # Not in the order of the file: on the day before the last change the change of 2021 holds.
    earlier = gc.crossings("UA", "LT", on="2023-04-30", folder=folder)
    assert earlier["crossing_id"].tolist() == ["north"]
    assert earlier[["status", "status_date", "status_source_url"]].iloc[0].tolist() == [
        "closed", "2021-01-01", "https://d.example",
    ]  # fmt: skip
    assert earlier["status_source"].tolist() == [None]
    assert earlier.attrs["crossings"] == {"status_on": "2023-04-30"}
    before = gc.crossings("UA", on=dt.date(2019, 12, 31), folder=folder)
    assert before["status"].tolist() == ["unknown", "unknown"]
    assert before["status_date"].tolist() == [None, None]
    assert before["status_source_url"].tolist() == [None, None]
    assert gc.crossings("LT", "RU", folder=folder)["status"].tolist() == ["unknown"]


def test_the_hour_of_a_date_does_not_matter(folder: Path) -> None:
    table = gc.crossings("RU", ["UA", "PL"], on=dt.datetime(2022, 2, 24, 0, 30, tzinfo=dt.UTC), folder=folder)
    assert table[["crossing_id", "status"]].to_numpy().tolist() == [["south", "closed"]]
    assert table.attrs["crossings"] == {"status_on": "2022-02-24"}
    for country, expected in (("RU", ["south", "lake"]), ("LT", ["north", "lake"]), ("PL", [])):
        assert gc.crossings(country, folder=folder)["crossing_id"].tolist() == expected
    assert gc.crossings("RU", ["UA", "LT"], folder=folder)["crossing_id"].tolist() == ["south", "lake"]


def test_a_result_can_be_changed_without_changing_the_next(folder: Path) -> None:
    table = gc.crossings("UA", folder=folder)
    table.loc[0, "name"] = "Changed"
    assert gc.crossings("UA", folder=folder)["name"].tolist() == ["North", "South"]


def test_a_history_with_unknown_words_or_dates_is_an_error(folder: Path) -> None:
    path = folder / "crossings_status.csv"
    text = path.read_text(encoding="utf-8").replace("2020-01-01", "1 May").replace("south,closed", "south,shut")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        gc.crossings("UA", folder=folder)
    assert [fault.row for fault in caught.value.faults] == [1, 2]
    assert "'shut' on '2022-02-24' is not a status on a date" in str(caught.value)
    assert "crossings_status.csv cannot be used" in str(caught.value)
