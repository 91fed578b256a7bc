"""The published JSON Schema is that of the model, and editors can trust it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geoconflict.fortifications import schema_json
from geoconflict.fortifications.codes import CODES, app6_code
from geoconflict.io.yaml import load
from geoconflict.vocabulary import FortificationType, Status

DATA = Path(__file__).parents[1] / "data" / "fortifications"


def test_the_published_schema_is_current():
    said = "write it anew with: python -m geoconflict.fortifications.schema_json"
    assert schema_json.FILE.read_text("utf-8") == schema_json.text(), said


def test_the_schema_knows_the_words_the_short_forms_and_what_drawing_needs():
    schema = json.loads(schema_json.FILE.read_text("utf-8"))
    parts = schema["$defs"]
    assert set(parts["FortificationType"]["enum"]) == {kind.value for kind in FortificationType}
    short, full = parts["Measure"]["anyOf"]
    assert short["type"] == "string"
    assert full["required"] == ["value"]
    assert {"side", "facing", "reference"} <= set(parts["Segment"]["required"])
    assert parts["Border"]["properties"].keys() >= {"of", "with"}
    assert all("description" in parts["Strip"]["properties"][name] for name in ("offset", "rows", "type"))


def test_every_reference_of_the_schema_leads_somewhere():
    schema = json.loads(schema_json.FILE.read_text("utf-8"))

    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    found = set(references(schema))
    assert found
    assert all(name.removeprefix("#/$defs/") in schema["$defs"] for name in found)


def test_every_code_that_a_work_can_have_is_in_the_list():
    used = {app6_code(kind, status) for kind in FortificationType for status in Status} - {None}
    assert used <= set(CODES)
    assert all(len(code) == 6 and code.isdigit() for code in CODES)
    assert app6_code(FortificationType.ANTI_TANK_DITCH, Status.UNDER_CONSTRUCTION) == "290201"
    assert app6_code(FortificationType.MINEFIELD, Status.COMPLETE) == "270701"


GOOD = [*sorted(DATA.glob("good/[!d]*.yaml")), *sorted((DATA.parents[2] / "examples").glob("*/*line*.yaml"))]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_editor_accepts_what_the_reader_accepts(path):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema plays the editor")
    validator = jsonschema.Draft202012Validator(json.loads(schema_json.FILE.read_text("utf-8")))
    data, _ = load(path.read_text("utf-8"))
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("name", ["unknown_type", "unknown_key", "facing_missing", "no_unit", "url_that_is_a_script"])
def test_an_editor_refuses_what_it_can(name):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema plays the editor")
    validator = jsonschema.Draft202012Validator(json.loads(schema_json.FILE.read_text("utf-8")))
    data, _ = load((DATA / "bad" / f"{name}.yaml").read_text("utf-8"))
    assert list(validator.iter_errors(data))
