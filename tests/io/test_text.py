"""Encodings of text: detected, or repaired line by line."""

import io

import pytest

from geoconflict.errors import ReadError
from geoconflict.io.text import TextStream, decode, detect_encoding, detect_mixed_encoding


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("date,Šiauliai".encode(), "utf-8"),
        ("date,Šiauliai".encode("utf-8-sig"), "utf-8-sig"),
        ("date,Šiauliai".encode("utf-16"), "utf-16"),
        ("date,place and more".encode("utf-16-le"), "utf-16-le"),
        ("date,place and more".encode("utf-16-be"), "utf-16-be"),
        ("date,Šiauliai".encode("utf-32"), "utf-32"),
    ],
)
def test_unicode_encodings_are_detected_by_their_bytes(data, name):
    found = detect_encoding(data)
    assert (found.name, found.strict) == (name, True)
    assert data.decode(found.name).startswith("date,")


def test_start_may_end_inside_a_character():
    assert detect_encoding("Šiauliai Š".encode()[:-1]).name == "utf-8"


@pytest.mark.parametrize(
    ("text", "page"),
    [("Харьков, Київ", "cp1251"), ("Zürich, Málaga, São Paulo", "cp1252"), ("naïve — “text”", "cp1252")],
)
def test_code_page_is_chosen_by_the_runs_of_letters(text, page):
    assert detect_encoding(text.encode(page)) is None
    assert decode(text.encode(page))[0] == text
    assert decode(text.encode(page))[1].shown == page


def test_mixed_lines_keep_their_line_numbers_and_endings():
    data = "a\r\nŠ\r\n".encode() + "ü\r\n".encode("cp1252") + b"\r\n" + "ß".encode("cp1252")
    text, encoding, issues = decode(data)
    assert text == "a\r\nŠ\r\nü\r\n\r\nß"
    assert encoding.shown == "utf-8 and cp1252"
    assert [(issue.row, issue.value, issue.after) for issue in issues] == [(3, "\\xfc", "ü"), (5, "\\xdf", "ß")]


def test_text_that_was_cut_off_in_a_character_loses_only_that():
    text, encoding, issues = decode("one\ntwo š".encode()[:-1])
    assert text == "one\ntwo "
    assert encoding.cut_off
    assert [issue.row for issue in issues] == [2]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_stream_in_small_reads_gives_the_text(size):
    data = b"".join(f"line {n} ".encode() + "ü\n".encode("cp1252") for n in range(4100))
    stream = TextStream(io.BytesIO(data), detect_mixed_encoding(io.BytesIO(data)))
    parts = []
    while part := stream.read(size):
        assert len(part) <= size
        parts.append(part)
    assert "".join(parts) == "".join(f"line {n} ü\n" for n in range(4100))
    assert len(stream.issues) == 4100


def test_an_unknown_encoding_is_refused():
    with pytest.raises(ReadError, match="not an encoding that Python knows"):
        detect_encoding(b"", "klingon")
