"""Bad input: each sample gives the report or error in its expected file."""

import json
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

from geoconflict.errors import LimitError, ReadError
from geoconflict.incidents import IncidentsWarning, Limits, ReadOptions, ReadReport, read, read_incidents

BAD = Path(__file__).parents[1] / "data" / "incidents" / "bad"
SAMPLES = sorted(path.name for path in BAD.iterdir() if not path.name.endswith(".expected.json"))
GOOD = b"id,date,lat,lon\na,2025-07-01,54.6872,25.2797\n"


def test_every_sample_has_an_expected_result():
    assert len(SAMPLES) > 30
    assert [name for name in SAMPLES if not (BAD / f"{name}.expected.json").is_file()] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_gives_the_expected_report_or_error(name):
    expected = json.loads((BAD / f"{name}.expected.json").read_text(encoding="utf-8"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IncidentsWarning)
            found = json.loads(read(BAD / name).report.json())
    except Exception as error:  # noqa: BLE001 - the kind of error is what is compared
        found = {"error": type(error).__name__, "message": str(error).splitlines()}
    assert found == expected


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in SAMPLES
        if not name.startswith("ten_thousand")
        and "error" not in json.loads((BAD / f"{name}.expected.json").read_text())
    ],
)
def test_no_row_is_lost_silently(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        reading = read(BAD / name)
    assert reading.report.rows_read == len(reading.table) + len(reading.set_aside)
    assert len(reading.set_aside) == reading.report.rows_set_aside
    assert all(reading.set_aside["reason"])
    together = sorted([*reading.table["source_row"].tolist(), *reading.set_aside["row"].tolist()])
    assert together == list(range(1, reading.report.rows_read + 1))


def test_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "events.csv").write_bytes(GOOD)
    with pytest.raises(ReadError, match=r"there is no such file; did you mean events\.csv\?"):
        read_incidents(tmp_path / "event.csv")
    with pytest.raises(ReadError, match="there is no such folder"):
        read_incidents(tmp_path / "nowhere" / "event.csv")


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "events.csv").write_bytes(GOOD)
    with pytest.raises(ReadError, match=r"is a folder, not a file; choose a file in it, such as events\.csv"):
        read_incidents(tmp_path)


def test_path_with_a_nul_character():
    with pytest.raises(ReadError):
        read_incidents("a\x00b.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_named_pipe_is_read(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(GOOD))
    writer.start()
    table = read_incidents(pipe)
    writer.join()
    assert table["event_id"].tolist() == ["a"]


def test_standard_input_is_read():
    code = "from geoconflict.incidents import read_incidents; print(len(read_incidents('-')))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=GOOD, capture_output=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == b"1"


def test_input_from_a_pipe_is_limited():
    import io

    with pytest.raises(LimitError, match="larger than the limit of 10 bytes"):
        read_incidents(io.BytesIO(GOOD), options=ReadOptions(limits=Limits(max_bytes=10)))


def test_a_warning_says_how_many_rows_were_set_aside():
    with pytest.warns(IncidentsWarning, match="5 of 6 rows were set aside"):
        read_incidents(BAD / "impossible_points.csv")


def test_raise_lists_every_fault_at_once():
    with pytest.raises(ReadError) as caught:
        read_incidents(BAD / "impossible_points.csv", on_error="raise")
    assert [fault.row for fault in caught.value.faults] == [1, 2, 3, 5, 6]


def test_raise_also_counts_rows_that_could_not_be_cut():
    with pytest.raises(ReadError, match="1 of 4 rows cannot be used") as caught:
        read_incidents(BAD / "ragged.csv", on_error="raise")
    assert [fault.row for fault in caught.value.faults] == [3]


def test_keep_uses_what_is_only_doubtful():
    with pytest.warns(IncidentsWarning):
        table = read_incidents(BAD / "impossible_points.csv", on_error="keep")
    assert table["event_id"].tolist() == ["c", "d"]
    assert table.attrs["report"]["doubts"][0]["kind"] == "the point (0, 0) means that no place is known"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        backwards = read_incidents(BAD / "backwards.csv", on_error="keep")
    assert backwards["event_date_end"].tolist() == ["2025-07-10", "2025-07-10"]


def test_long_note_is_whole_in_the_table_and_short_in_the_report():
    table = read_incidents(BAD / "long_notes.csv.gz")
    assert len(table["notes"].iloc[0]) == 1_000_000
    assert len(ReadReport.from_dict(table.attrs["report"]).html()) < 20_000


def test_entities_are_never_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not show", encoding="utf-8")
    text = (BAD / "entities.kml").read_text().replace("/etc/hostname", str(secret))
    (tmp_path / "map.kml").write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match="declares a document type") as caught:
        read_incidents(tmp_path / "map.kml")
    assert "do not show" not in str(caught.value)
    assert caught.value.faults[0].line == 2


def test_entity_expansion_is_refused(tmp_path):
    lines = "".join(
        f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "lol"}{"&l" + str(i - 1) + ";" if i else ""}">'
        for i in range(30)
    )
    (tmp_path / "map.kml").write_text(
        f"<!DOCTYPE kml [{lines}]><kml><Placemark><name>&l29;</name></Placemark></kml>", encoding="utf-8"
    )
    with pytest.raises(ReadError, match="document type"):
        read_incidents(tmp_path / "map.kml")


def test_deep_nesting_is_refused(tmp_path):
    (tmp_path / "map.kml").write_text("<kml>" + "<Folder>" * 5000, encoding="utf-8")
    with pytest.raises(ReadError, match="nested more than 200 deep"):
        read_incidents(tmp_path / "map.kml")
    (tmp_path / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(ReadError):
        read_incidents(tmp_path / "deep.json")


def test_unknown_encoding_of_xml_is_refused(tmp_path):
    (tmp_path / "map.kml").write_text('<?xml version="1.0" encoding="UTF-9"?><kml><Placemark/></kml>', encoding="utf-8")
    with pytest.raises(ReadError, match="encoding that cannot be read"):
        read_incidents(tmp_path / "map.kml")


def test_damaged_samples_never_break_the_reader():
    import io
    import random

    from geoconflict.errors import GeoconflictError

    chance = random.Random(20250701)  # noqa: S311 - damage, not secrets
    folder = BAD.parent / "sources"
    samples = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".yaml"]
    read_through = 0
    for _ in range(60):
        data = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 12)] = chance.choice(
                [b'"', b",", b"\n", b"\x00", b"\xff", b"NaN", b"{", b"<", b"1e400", b""]
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", IncidentsWarning)
                reading = read(io.BytesIO(bytes(data)))
        except GeoconflictError:
            continue
        read_through += 1
        assert reading.report.rows_read == len(reading.table) + len(reading.set_aside)
    assert read_through > 10
