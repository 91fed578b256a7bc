"""Point symbols: the plain glyph always, the framed symbol where a package draws it."""

from __future__ import annotations

import sys
import types
from xml.etree import ElementTree as ET

import pytest

from geoconflict.maps.symbols import point_symbols
from geoconflict.vocabulary import FortificationType, Status


@pytest.mark.parametrize("kind", list(FortificationType))
@pytest.mark.parametrize("status", [Status.PLANNED, Status.COMPLETE])
def test_every_kind_has_a_plain_glyph_that_is_sound_svg(kind, status):
    root = ET.fromstring(point_symbols.svg(kind, status))  # noqa: S314 - our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    west, north, width, height = (float(part) for part in root.attrib["viewBox"].split())
    assert 0 < width < 80
    assert 0 < height < 80
    for path in root:
        numbers = path.attrib["d"].replace("M", " ").replace("L", " ").replace("Z", " ").split()
        assert all(west <= float(x) <= west + width for x in numbers[::2])
        assert all(north <= float(y) <= north + height for y in numbers[1::2])


def test_the_code_tells_identity_set_status_and_entity():
    assert point_symbols.sidc("sensor", "complete", "hostile") == "10061500002202000000"
    assert point_symbols.sidc("depot", "funded", "neutral") == "10042010001120000000"
    assert point_symbols.sidc("fence") is None


def test_the_package_draws_where_it_can_and_an_affiliation_is_given(monkeypatch):
    package = types.ModuleType("military_symbol")
    package.get_symbol_svg_string_from_sidc = lambda code: f"<?xml version='1.0'?>\n<svg>{code}</svg>"
    monkeypatch.setitem(sys.modules, "military_symbol", package)
    assert point_symbols.svg("depot", affiliation="friend") == "<svg>10032000001120000000</svg>"
    assert "path" in point_symbols.svg("depot")
    assert "path" in point_symbols.svg("bunker", affiliation="friend")


def test_without_the_package_the_plain_glyph_is_drawn(monkeypatch):
    monkeypatch.setitem(sys.modules, "military_symbol", None)
    assert point_symbols.svg("depot", affiliation="friend") == point_symbols.svg("depot")


def test_black():
    assert "#000000" in point_symbols.svg("minefield", black=True)
    assert "#1a7a3c" in point_symbols.svg("minefield")
