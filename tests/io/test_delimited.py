"""Delimited text: no record is lost, pieces equal the whole, and what cannot be read is refused."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.errors import ReadError
from geoconflict.io.delimited import detect_layout, read_delimited, scan_delimited
from geoconflict.io.open import Limits, open_input


def opened(content):
    data = content if isinstance(content, bytes) else content.encode()
    return open_input(io.BytesIO(data), limits=Limits())


def read(content, **options):
    source = opened(content)
    return read_delimited(source, detect_layout(source, **options))


def pieces(content, rows, **options):
    source = opened(content)
    return list(scan_delimited(source, detect_layout(source, **options), rows)())


def records(text):
    """Return the records that the csv module finds after the header, blank lines left out."""
    found = list(csv.reader(io.StringIO(text, newline="")))
    first = next(i for i, record in enumerate(found) if any(cell.strip() for cell in record))
    return [record for record in found[first + 1 :] if any(cell.strip() for cell in record)]


def cells(raw):
    """Return the rows that hold anything, as text, by their number."""
    return {
        number: [None if pd.isna(cell) else str(cell) for cell in row]
        for number, row in zip(raw.rows.tolist(), raw.frame.to_numpy(dtype=object).tolist(), strict=True)
    }


def outcome(text):
    """Return the table, or the message of the error."""
    try:
        return read(text, delimiter=","), ""
    except ReadError as error:
        return None, str(error)


PARTS = st.sampled_from(
    [
        "a",
        "5",
        "x y",
        '"',
        '""',
        ",",
        ",",
        ";",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "é",
        '5" gun',
        "'",
        "x,y,z,w\n",
        '"a\n\nb"',
        ',"",\n',
        '" "\n',
    ]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_rows_read_and_rows_set_aside_are_the_records_of_the_csv_module(body):
    text = "name,n,note\n" + body
    raw, error = outcome(text)
    if raw is None:
        assert "cannot be split into rows" in error
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return
    expected = records(text)
    found = cells(raw)
    lost = {issue.row: issue.value for issue in raw.lost}
    assert not set(found) & set(lost)
    assert sorted([*found, *lost]) == list(range(1, len(found) + len(lost) + 1))
    together = [lost.get(n) or found[n] for n in sorted([*found, *lost]) if n in lost or any(found[n])]
    together = [row for row in together if isinstance(row, str) or any(cell and cell.strip() for cell in row)]
    assert len(together) == len(expected)
    for row, record in zip(together, expected, strict=True):
        if isinstance(row, str):
            assert row == ",".join(record)
            assert any(cell.strip() for cell in record[3:])
        else:
            padded = [*record[:3], "", "", ""][:3]
            assert row[0] == (padded[0] or None)
            assert row[2] == (padded[2] or None)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=40).map("".join), st.integers(1, 7))
def test_pieces_equal_the_whole(body, rows):
    text = "name,n,note\n" + body
    whole, error = outcome(text)
    if whole is None:
        with pytest.raises(ReadError) as caught:
            pieces(text, rows, delimiter=",")
        assert str(caught.value) == error
        return
    parts = pieces(text, rows, delimiter=",")
    assert all(len(part.frame) <= rows for part in parts)
    assert np.concatenate([part.rows for part in parts]).tolist() == whole.rows.tolist()
    assert tuple(issue for part in parts for issue in part.lost) == whole.lost
    filled = [part.frame for part in parts if len(part.frame)]
    if filled:
        together = pd.concat(filled, ignore_index=True)
        pd.testing.assert_frame_equal(together, whole.frame)


COLUMNS = st.sampled_from(
    [
        ["", "1", "2"],
        ["", "-1", "2.5", "1e3"],
        ["18446744073709551615", "1", "-1", ""],
        ["true", "False", ""],
        ["true", "1", "x", ""],
        ["", "nan", "inf", "3"],
        [""],
        ["x", "", "7"],
    ]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data(), COLUMNS, st.integers(1, 5))
def test_columns_of_pieces_have_the_type_of_the_whole(data, words, rows):
    drawn = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=12))
    text = "name,n\n" + "start,\n" * 60 + "".join(f"e,{word}\n" for word in drawn)
    whole = read(text)
    together = pd.concat([part.frame for part in pieces(text, rows)], ignore_index=True)
    if whole.frame["n"].dtype == object:
        assert together["n"].map(repr).tolist() == whole.frame["n"].map(repr).tolist()
    else:
        pd.testing.assert_frame_equal(together, whole.frame)


def test_a_row_with_too_many_fields_takes_no_other_row_with_it():
    text = 'id,size\n1,5" shell\n2,small\n3,a,b,c\n4,6" shell\n5,large\n'
    raw = read(text)
    assert raw.frame["size"].tolist() == ['5" shell', "small", '6" shell', "large"]
    assert raw.rows.tolist() == [1, 2, 4, 5]
    assert [(issue.row, issue.value) for issue in raw.lost] == [(3, "3,a,b,c")]


def test_blank_lines_inside_a_field_stay_where_a_row_is_set_aside():
    raw = read('id,note\n1,a,b\n2,"one\n\n \ntwo"\n\n3,c\n')
    assert raw.frame["note"].tolist() == ["one\n\n \ntwo", "c"]
    assert raw.rows.tolist() == [2, 3]


def test_a_table_of_one_column_keeps_its_blank_fields_where_a_row_is_set_aside():
    raw = read('note\na,b\n" "\nc\n', delimiter=",")
    assert raw.frame["note"].tolist() == [" ", "c"]


def test_a_row_with_too_many_fields_changes_no_type():
    text = "name,score\na,1.5\nb,2.5,more\nc,3.5\n"
    assert read(text).frame["score"].tolist() == [1.5, 3.5]


def test_a_quotation_mark_that_never_closes_is_refused_with_its_row():
    with pytest.raises(ReadError, match="never closes") as caught:
        read('id,note\n1,a\n2,"b\n3,c\n')
    assert caught.value.faults[0].row == 2
    with pytest.raises(ReadError, match="never closes") as caught:
        read('id,note\n1,a,x\n2,"b\n3,c\n')
    assert caught.value.faults[0].row == 2


def test_a_quotation_mark_that_never_closes_in_a_long_header_is_refused():
    with pytest.raises(ReadError, match="never closes"):
        read('id,"note\n' + "1,a\n" * 500_000)


def test_a_header_may_take_more_lines_than_the_sample():
    raw = read('id,"note' + "\n" * 300 + '"\n1,a\n2,b\n')
    assert raw.frame["id"].tolist() == ["1", "2"]


def test_nul_characters_are_refused_with_their_line():
    text = "id,note\n" + "1,a\n" * 200 + "2,b\0c\n"
    with pytest.raises(ReadError, match="NUL") as caught:
        read(text.encode("utf-16"))
    assert caught.value.faults[0].line == 202
    with pytest.raises(ReadError, match="NUL"):
        read(("id,note\n1,a,b\n" + "1,a\n" * 200 + "2,b\0c\n").encode("utf-16"))


def test_a_field_may_be_longer_than_the_limit_of_the_csv_module_which_stays_as_it_was():
    before = csv.field_size_limit()
    long = "x" * 300_000
    raw = read(f"id,note\n1,{long}\n2,a,b\n")
    assert raw.frame["note"].tolist() == [long]
    assert csv.field_size_limit() == before


def test_lines_of_another_encoding_are_repaired_in_pieces_as_in_the_whole():
    lines = ["name,n", *(f"Šiauliai {i},x" for i in range(40_000)), "Zürich,y", "Kaunas,z"]
    data = b"".join(line.encode("cp1252" if line.startswith("Z") else "utf-8") + b"\n" for line in lines)
    whole = read(data)
    assert whole.encoding == "utf-8 and cp1252"
    assert whole.frame["name"].iloc[-2] == "Zürich"
    assert [issue.row for issue in whole.repaired] == [40_002]
    parts = pieces(data, 15_000)
    assert pd.concat([part.frame for part in parts], ignore_index=True).equals(whole.frame)
    assert tuple(issue for part in parts for issue in part.repaired) == whole.repaired
    assert {part.encoding for part in parts} == {whole.encoding}


def test_text_that_is_not_in_the_encoding_given_is_refused():
    with pytest.raises(ReadError, match="is not in utf-8, the encoding that was given"):
        read("id,name\n1,Zürich\n".encode("cp1252"), encoding="utf-8")


def test_pieces_can_be_read_again():
    source = opened("id,n\n" + "a,1.5\n" * 5)
    again = scan_delimited(source, detect_layout(source), 2)
    assert [len(piece.frame) for piece in again()] == [2, 2, 1]
    assert [len(piece.frame) for piece in again()] == [2, 2, 1]
