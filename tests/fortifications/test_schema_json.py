"""An editor accepts and refuses by the JSON Schema what the reader accepts and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoconflict.fortifications import json_schema
from geoconflict.io.yaml import load
from geoconflict.vocabulary import FortificationType

DATA = Path(__file__).parents[1] / "data" / "fortifications"


def test_the_schema_knows_the_words_the_short_forms_and_what_drawing_needs():
    schema = json_schema()
    parts = schema["$defs"]
    assert set(parts["FortificationType"]["enum"]) == {kind.value for kind in FortificationType}
    short, full = parts["Measure"]["anyOf"]
    assert short["type"] == "string"
    assert full["required"] == ["value"]
    assert {"side", "facing", "reference"} <= set(parts["Segment"]["required"])
    assert parts["Border"]["properties"].keys() >= {"of", "with"}
    assert all("description" in parts["Strip"]["properties"][name] for name in ("offset", "rows", "type"))


def test_every_reference_of_the_schema_leads_somewhere():
    schema = json_schema()

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


GOOD = [*sorted(DATA.glob("good/[!d]*.yaml")), *sorted((DATA.parents[2] / "examples").glob("*/*line*.yaml"))]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_editor_accepts_what_the_reader_accepts(path):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema plays the editor")
    validator = jsonschema.Draft202012Validator(json_schema())
    data, _ = load(path.read_text("utf-8"))
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("name", ["unknown_type", "unknown_key", "facing_missing", "no_unit", "url_that_is_a_script"])
def test_an_editor_refuses_what_it_can(name):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema plays the editor")
    validator = jsonschema.Draft202012Validator(json_schema())
    data, _ = load((DATA / "bad" / f"{name}.yaml").read_text("utf-8"))
    assert list(validator.iter_errors(data))
