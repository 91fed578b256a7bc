"""Reading in pieces gives what reading the whole file gives."""

import csv
import io
import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.errors import GeoconflictError, ReadError
from geoconflict.incidents import IncidentsWarning, read_incidents, scan_incidents

VALUES = {
    "id": ["a", "a", "b", "a#2", "12.0", "7.0", "1.2E+14", "", "x1", "x2"],
    "date": ["2025-07-01", "2025-07-02", "13/04/2025", "04/13/2025", "03/04/2025", "", "July 2025", "bad"],
    "date_end": ["", "2025-07-03", "05/06/2025", "2025-01-01"],
    "lat": ["54.5", "54,5", "25.3", "", "91", "abc", "0", "582510", "54°30′N"],
    "lon": ["25.3", "25,3", "54.5", "", "0", "6061948", "25°18′E"],
    "country": ["Lithuania", "Lithuania", "", "Mali"],
    "coordinates": ["", "54.5, 25.3", "54°41′14″N 25°16′47″E", "54.68 N 25.28 O", "nowhere"],
    "event_type": ["battles", "shelling", "odd word", ""],
    "geo_precision": ["exact", "region", "2", ""],
    "fatalities": ["0", "3", "1,250", "-1", "", "some"],
    "score": ["", "1.5", "2", "x"],
    "flag": ["true", "false", ""],
    "notes": ["", "one", "two\nlines", "=1+1", "Žuvis"],
}


@st.composite
def files(draw):
    optional = [name for name in VALUES if name not in {"date", "lat", "lon"}]
    names = ["date", "lat", "lon", *draw(st.lists(st.sampled_from(optional), unique=True))]
    if draw(st.integers(0, 9)) == 0:
        names.remove("lat")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    # most rows are good, so that most files are
    pools = {name: VALUES[name] if draw(st.booleans()) else VALUES[name][:2] for name in names}
    if draw(st.integers(0, 7)) == 0:
        pools["id"] = ["12.0", "7.0", ""]
    for _ in range(draw(st.integers(0, 12))):
        row = [draw(st.sampled_from(pools[name])) for name in names]
        if draw(st.integers(0, 15)) == 0:
            row += ["too", "many"]
        writer.writerow(row)
    data = out.getvalue().encode()
    return data if draw(st.booleans()) else data.replace("Ž".encode(), b"\x8e")


def quietly(call):
    """Return the result of a call or its error, and the warnings about rows set aside."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", IncidentsWarning)
        try:
            result = call()
        except GeoconflictError as error:
            return None, error, []
    return result, None, [str(w.message) for w in caught if issubclass(w.category, IncidentsWarning)]


def totals(reports):
    """Return the counts of some reports together."""
    out = Counter()
    for report in reports:
        out.update({name: report[name] for name in ("rows_read", "rows_used", "rows_repaired", "rows_set_aside")})
        for section in ("repairs", "set_aside", "doubts"):
            for remark in report[section]:
                out[section, remark["kind"], remark["column"]] += remark["count"]
        for name in ("place_precision", "time_precision", "event_types"):
            out.update({(name, word): count for word, count in report[name].items()})
    return {key: count for key, count in out.items() if count}


def plain(values):
    return [None if pd.isna(value) else value for value in np.asarray(values, dtype=object)]


FACTS = ("file", "format", "encoding", "delimiter", "source", "recognised_by", "warnings", "columns", "kept_columns")


@settings(max_examples=120, deadline=None, derandomize=True)
@given(files(), st.integers(1, 7), st.sampled_from(["set_aside", "set_aside", "keep", "raise"]), st.booleans())
def test_the_pieces_are_the_whole(data, rows, on_error, named):
    options = {"on_error": on_error, "country": "Lithuania" if named else None}
    whole, error, told = quietly(lambda: read_incidents(io.BytesIO(data), **options))
    pieces, piece_error, piece_told = quietly(lambda: list(scan_incidents(io.BytesIO(data), rows=rows, **options)))
    if error is not None:
        assert (type(piece_error), str(piece_error)) == (type(error), str(error))
        return
    assert piece_error is None
    assert piece_told == told
    reports = [piece.attrs["report"] for piece in pieces]
    assert totals(reports) == totals([whole.attrs["report"]])
    for report in reports:
        assert [report[name] for name in FACTS] == [whole.attrs["report"][name] for name in FACTS]
    for piece in pieces:
        assert list(piece.columns) == list(whole.columns)
    for name in whole.columns.drop("geometry"):
        assert [v for piece in pieces for v in plain(piece[name])] == plain(whole[name]), name
    points = [point for piece in pieces for point in piece.geometry]
    assert points == list(whole.geometry)


def text(rows, header="id,date,lat,lon\n"):
    return io.BytesIO((header + "".join(rows)).encode())


def test_a_piece_without_a_good_row_does_not_end_the_scan():
    rows = ["a,2025-07-01,54,25\n", "b,2025-07-01,95,25\n", "c,bad,54,25\n", "d,2025-07-01,54,25\n"]
    with pytest.warns(IncidentsWarning, match="2 of 4 rows were set aside"):
        pieces = list(scan_incidents(text(rows), rows=1))
    assert [len(piece) for piece in pieces] == [1, 0, 0, 1]
    assert [piece.attrs["report"]["rows_set_aside"] for piece in pieces] == [0, 1, 1, 0]


def test_a_file_without_a_good_row_is_an_error_with_every_fault():
    rows = ["a,2025-07-01,95,25\n", "b,bad,54,25\n", "c,2025-07-01,54,25,more\n"]
    with pytest.raises(ReadError, match="none of its 3 rows") as caught:
        list(scan_incidents(text(rows), rows=1))
    assert [fault.row for fault in caught.value.faults] == [1, 2, 3]


def test_a_late_row_proves_the_order_of_day_and_month_for_all():
    rows = ["a,03/04/2025,54,25\n", "b,05/06/2025,54,25\n", "c,25/12/2024,54,25\n"]
    pieces = list(scan_incidents(text(rows), rows=1))
    assert [piece["event_date"].iloc[0] for piece in pieces] == ["2025-04-03", "2025-06-05", "2024-12-25"]


def test_identifiers_are_unique_over_all_pieces():
    rows = [f"{name},2025-07-01,54,25\n" for name in ("a", "a", "a#2", "a")]
    found = [name for piece in scan_incidents(text(rows), rows=1) for name in piece["event_id"]]
    assert found == ["a", "a#3", "a#2", "a#4"]


def test_raise_comes_before_the_first_piece():
    rows = ["a,2025-07-01,54,25\n", "b,2025-07-01,95,25\n"]
    with pytest.raises(ReadError, match="1 of 2 rows cannot be used"):
        next(scan_incidents(text(rows), rows=1, on_error="raise"))


def test_projected_coordinates_with_their_crs():
    rows = ["a,2025-07-01,6061948.68,582510.37\n", "b,2025-07-02,6102000,525000\n"]
    whole = read_incidents(text(rows), crs="EPSG:3346")
    pieces = list(scan_incidents(text(rows), rows=1, crs="EPSG:3346"))
    assert [piece.geometry.iloc[0] for piece in pieces] == list(whole.geometry)


def test_a_scan_closed_early_warns_of_the_rows_set_aside_so_far():
    rows = ["a,2025-07-01,95,25\n", "b,2025-07-01,54,25\n", "c,2025-07-01,95,25\n"]
    scan = scan_incidents(text(rows), rows=1)
    next(scan)
    with pytest.warns(IncidentsWarning, match="1 of 1 rows"):
        scan.close()
