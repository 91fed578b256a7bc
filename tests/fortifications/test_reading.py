"""Descriptions are read with all their faults at line and column, and written back."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoconflict import names
from geoconflict.errors import DescriptionError, LimitError, ReadError
from geoconflict.fortifications import parse_yaml, read_description, to_yaml, validate
from geoconflict.fortifications.description import Description
from geoconflict.io.yaml import load
from geoconflict.vocabulary import FortificationType

DATA = Path(__file__).parents[1] / "data" / "fortifications"
BAD = sorted(DATA.glob("bad/*.yaml"))
GOOD = [*sorted(DATA.glob("good/*.yaml")), *sorted((DATA.parents[2] / "examples").glob("*/*line*.yaml"))]


def test_there_are_samples():
    assert len(BAD) > 25
    assert len(GOOD) >= 5


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_description_is_refused_with_every_fault_at_its_place(path):
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# expect: ").split(" || ")
    with pytest.raises(DescriptionError) as caught:
        read_description(path)
    said = str(caught.value)
    for part in expected:
        place, message = part.split(": ", 1) if part.startswith("line ") else ("", part)
        lines = [line for line in said.splitlines() if message in line and place in line]
        assert lines, f"no fault says {part!r} in\n{said}"
    assert all(fault.line is not None for fault in caught.value.faults)


def test_many_faults_come_in_one_error_and_in_the_order_of_the_text():
    with pytest.raises(DescriptionError) as caught:
        read_description(DATA / "bad" / "many_at_once.yaml")
    places = [(fault.line, fault.column) for fault in caught.value.faults]
    assert len(places) == 6
    assert places == sorted(places)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_description_writes_back_to_an_equal_one(path):
    first = read_description(path)
    text = to_yaml(first)
    second = parse_yaml(text)
    assert second == first
    assert to_yaml(second) == text


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_nothing_that_a_file_says_is_lost(path):
    data, _ = load(path.read_text("utf-8"))
    kept = read_description(path).plain()

    def missing(before, after, where=""):
        if isinstance(before, dict):
            if not isinstance(after, dict):
                after = dict.fromkeys(("value", "parties", "name"), after)
            for key, value in before.items():
                if key == "format" or (key not in after and value in (1, "fortified_zone")):
                    continue
                assert key in after, f"{where}.{key}"
                missing(value, after[key], f"{where}.{key}")
        elif isinstance(before, list) and isinstance(after, list):
            assert len(before) == len(after), where
            for index, value in enumerate(before):
                missing(value, after[index], f"{where}[{index}]")
        else:
            after = after[0] if isinstance(after, list) and len(after) == 1 else after
            assert str(before).split() == str(after).split(), where

    missing(data, kept)


def test_country_codes_and_dates_stay_texts():
    line = parse_yaml(
        "id: a\nname: b\nowner: NO\nstatus: {value: planned, date: 2025-08-01}\ndate: 2025\n"
        "segments: [{id: s, reference: {border: {of: NO, with: RU}}, side: NO, facing: RU}]"
    )
    assert line.owner.value == "NO"
    assert line.status.date == "2025-08-01"
    assert line.date == "2025"
    assert line.borders() == [("NO", ("RU",))]


def test_words_are_read_as_people_write_them():
    line = parse_yaml(
        "id: a\nname: b\nowner: Finland\nstatus: Under construction\n"
        "segments:\n- id: s\n  reference: {border: {of: Finland, with: Russia}}\n  side: Finland\n  facing: Russia\n"
        "  strips: [{type: Dragon's teeth, offset: 5 m}, {type: anti-tank ditch, offset: 9 m}]"
    )
    kinds = [strip.type for strip in line.segments[0].strips]
    assert kinds == [FortificationType.DRAGONS_TEETH, FortificationType.ANTI_TANK_DITCH]


def test_a_description_made_in_code_is_held_to_the_same():
    line = Description.model_validate(
        {
            "id": "a",
            "name": "b",
            "owner": "Finland",
            "status": "planned",
            "segments": [
                {"id": "s", "side": "Finland", "reference": {"border": {"of": "Finland", "with": ["Russia"]}}}
            ],
        }
    )
    with pytest.raises(DescriptionError, match="facing is missing") as caught:
        validate(line)
    assert [fault.field for fault in caught.value.faults] == ["segments[1]"]


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", ReadError, "is empty"),
        (b"\xff\xfe\x00", ReadError, "not UTF-8 text"),
        (b"a: " + b"x" * 5_000_000, LimitError, "the limit is"),
        (b"name: " + b"x" * 1_100_000, LimitError, "the limit is 1,000,000"),
        (b"a: " + b"[" * 100 + b"]" * 100, LimitError, "nested deeper"),
        (b"a: " + b"{b: " * 5000, LimitError, "nested deeper"),
    ],
)
def test_files_that_are_no_descriptions(tmp_path, content, error, says):
    path = tmp_path / "line.yaml"
    path.write_bytes(content)
    with pytest.raises(error, match=says):
        read_description(path)


def test_a_missing_file_is_named():
    with pytest.raises(ReadError, match=r"nowhere\.yaml cannot be read"):
        read_description("nowhere.yaml")


def test_a_text_that_looks_like_markup_stays_a_text():
    line = parse_yaml(
        "id: a\nname: <script>alert(1)</script>\nowner: Finland\nstatus: planned\n"
        "segments: [{id: s, reference: {border: {of: Finland, with: Russia}}, side: Finland, facing: Russia}]"
    )
    assert line.name == "<script>alert(1)</script>"


SPELT = """
id: demo
name: A fence
owner: Lithuania
status: complete
segments:
  - id: south
    reference: {border: {of: %s, with: [Belarus, %s]}}
    side: %s
    facing: %s
    strips: [{type: fence, offset: 10 m}]
"""


def _name(text: str) -> str:
    return names.resolve(text).name


@pytest.mark.parametrize(
    ("spelt", "faults"),
    [
        (
            ("Lithuania", "Rusia", "Lithuania", "Russia"),
            ["line 8, column 57, segments[1].reference.border.with[2]: unknown country 'Rusia'; did you mean Russia?"],
        ),
        (
            ("Lituania", "Russia", "Lithuani", "Russia"),
            ["line 8, column 30, segments[1].reference.border.of: unknown country 'Lituania'", "line 9, column 11"],
        ),
        (("LT", "RU", "ltu", "Rusia"), ["line 10, column 13, segments[1].facing: 'Rusia' is not", "mean Russia?"]),
        (("LT", "RU", "Poland", "RUS"), ["the side 'Poland' is not one of", "they are Lithuania, Belarus, Russia"]),
    ],
)
def test_with_a_resolver_the_names_of_countries_are_checked(spelt, faults):
    with pytest.raises(DescriptionError) as caught:
        parse_yaml(SPELT % spelt, resolve=_name)
    for part in faults:
        assert part in str(caught.value)
    assert len(caught.value.faults) == sum(part.startswith(("line ", "the side")) for part in faults)


def test_codes_and_names_are_the_same_country_with_a_resolver():
    assert parse_yaml(SPELT % ("LT", "RUS", "Lithuania", "russia"), resolve=_name).id == "demo"


def test_without_a_resolver_a_misspelt_name_of_the_border_is_not_suggested():
    with pytest.raises(DescriptionError) as caught:
        parse_yaml(SPELT % ("Lithuania", "Rusia", "Russia", "Russia"))
    assert "did you mean" not in str(caught.value)
    assert "they are Lithuania, Belarus, Rusia" in str(caught.value)


def test_a_project_is_not_a_description():
    with pytest.raises(
        DescriptionError, match="is a project, not a description of a defence line; 'geoconflict build'"
    ):
        parse_yaml("geoconflict: 1\ntitle: A map\ntables: {}\nmap: {}\n")
