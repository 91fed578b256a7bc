"""Obstacle graphics: the definition is whole, and the rule lays it as it says."""

from __future__ import annotations

import importlib.util
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from geoconflict.errors import GeometryError, NameUnknownError
from geoconflict.fortifications.codes import CODES
from geoconflict.maps.symbols import symbols
from geoconflict.vocabulary import FortificationType, Status

SPEC = symbols.spec()
LINES = sorted(SPEC["lines"])
AREAS = sorted(SPEC["areas"])
BEND = [(0, 0), (40, 5), (80, 0), (80, -60), (85, -60), (140, -50)]


@pytest.mark.parametrize("name", LINES)
def test_a_line_pattern_has_every_key_and_a_known_code(name):
    pattern = SPEC["lines"][name]
    assert set(pattern) - {"clear", "at"} == {
        "label",
        "code",
        "colour",
        "period",
        "width",
        "line",
        "stretch",
        "elements",
    }
    assert pattern["code"] is None or pattern["code"] in CODES
    assert pattern["colour"] in SPEC["colours"]
    assert pattern["line"]["where"] in {"all", "bare"}
    assert pattern["period"] > 0
    assert {element["type"] for element in pattern["elements"]} <= {"polyline", "polygon", "circle", "arc"}


@pytest.mark.parametrize("name", AREAS)
def test_an_area_pattern_has_every_key_and_an_outline_that_exists(name):
    area = SPEC["areas"][name]
    assert set(area) == {"label", "code", "colour", "outline", "tile", "elements", "width"}
    assert area["outline"].get("pattern", LINES[0]) in LINES
    assert bool(area["tile"]) == bool(area["elements"])


@pytest.mark.parametrize("kind", list(FortificationType))
@pytest.mark.parametrize("status", list(Status))
def test_every_kind_of_work_has_a_graphic_at_every_status(kind, status):
    found = symbols.chosen(kind, status)
    assert found.line in LINES
    assert found.area is None or found.area in AREAS
    assert found.planned == (status in (Status.PLANNED, Status.FUNDED))
    assert symbols.place(found.line, BEND, planned=found.planned)


def test_the_definition_is_given_as_a_copy():
    symbols.spec()["lines"].clear()
    assert symbols.spec() == SPEC
    assert json.loads(json.dumps(SPEC)) == SPEC


def test_teeth_stand_towards_the_enemy_whatever_the_direction_and_the_axes():
    def tip(xy, **options: bool):
        teeth = [shape for shape in symbols.place("anti_tank_ditch", xy, **options) if shape.closed]
        assert len(teeth) == 10
        return np.mean([shape.points[1] for shape in teeth], axis=0)

    assert tip([(0, 0), (110, 0)]).tolist() == pytest.approx([55, 7])
    assert tip([(110, 0), (0, 0)]).tolist() == pytest.approx([55, -7])
    assert tip([(0, 0), (110, 0)], y_down=True).tolist() == pytest.approx([55, -7])
    assert tip([(0, 0), (0, 110)]).tolist() == pytest.approx([-7, 55])


def test_a_stretch_takes_a_whole_number_of_periods_that_join():
    teeth = [shape.points for shape in symbols.place("anti_tank_ditch", [(0, 0), (50, 0)]) if shape.closed]
    assert len(teeth) == 5
    for before, after in itertools.pairwise(teeth):
        assert before[-1].tolist() == pytest.approx(after[0].tolist())
    assert teeth[-1][-1].tolist() == pytest.approx([50, 0])


def test_no_glyph_crosses_a_sharp_corner_or_runs_into_another():
    corner = [(0, 0), (60, 0), (10, 20)]
    for name in ("anti_tank_ditch", "dragons_teeth", "minefield"):
        closed = [shape.points for shape in symbols.place(name, corner) if shape.closed]
        rings = [shapely.Polygon(points) for points in closed]
        assert rings
        for i, first in enumerate(rings):
            for second in rings[i + 1 :]:
                assert shapely.intersection(first, second).area < 0.35 * min(first.area, second.area)


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("length", [0.3, 3, 7])
def test_a_line_too_short_for_a_glyph_keeps_its_line(name, length):
    shapes = symbols.place(name, [(5, 5), (5 + length, 5)])
    lines = [shape for shape in shapes if not shape.closed]
    assert lines or any(shape.closed for shape in shapes)
    drawn = np.vstack([shape.points for shape in shapes])
    assert drawn[:, 0].min() >= 5 - 8
    assert drawn[:, 0].max() <= 5 + length + 8


@pytest.mark.parametrize("name", LINES)
def test_the_bare_line_at_scale_nought(name):
    shapes = symbols.place(name, BEND, 0)
    assert len(shapes) == 1
    assert not shapes[0].closed
    assert shapely.hausdorff_distance(shapely.LineString(BEND), shapely.LineString(shapes[0].points)) <= 1


def test_planned_works_are_hollow_and_dashed():
    shapes = symbols.place("minefield", [(0, 0), (90, 0)], planned=True)
    assert not any(shape.fill for shape in shapes)
    ditch = symbols.place("anti_tank_ditch", [(0, 0), (90, 0)], planned=True)
    assert ditch[0].dash == (5, 3)


def test_letters_stand_at_both_ends_of_a_phase_line():
    shapes = symbols.place("phase_line", [(0, 0), (300, 0)])
    xs = np.concatenate([shape.points[:, 0] for shape in shapes[1:]])
    assert len(shapes) == 5
    assert ((xs < 15) | (xs > 285)).all()
    assert len(symbols.place("phase_line", [(0, 0), (20, 0)])) == 1


def test_a_letter_on_the_line_clears_it():
    shapes = symbols.place("mined_area", [(0, 0), (36, 0)])
    lines = [shape.points[:, 0] for shape in shapes if shape.dash]
    assert [(round(x.min(), 1), round(x.max(), 1)) for x in lines] == [(0, 3.5), (14.5, 21.5), (32.5, 36)]


def test_dashes_and_glyphs_scale_but_strokes_stay_visible():
    small = symbols.place("wire", [(0, 0), (80, 0)], 0.5)
    assert min(shape.width for shape in small) >= 0.6
    assert len(small) == 2 * len(symbols.place("wire", [(0, 0), (80, 0)], 1.0))


@settings(deadline=None, max_examples=80, derandomize=True)
@given(
    st.sampled_from(LINES),
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=0, max_size=25),
    st.sampled_from([0.0, 0.5, 1.0, 2.0]),
)
def test_any_line_gives_finite_shapes_near_it(name, xy, scale):
    shapes = symbols.place(name, np.array(xy).reshape(-1, 2), scale)
    if not shapes:
        assert len(set(xy)) < 2
        return
    line = shapely.LineString(xy)
    for shape in shapes:
        assert np.isfinite(shape.points).all()
        far = shapely.distance(line, shapely.points(shape.points))
        assert far.max() <= 15 * max(scale, 0.5) + 2


def test_a_fill_stays_inside_and_leaves_holes_free():
    ring = [(0, 0), (200, 0), (200, 100), (0, 100)]
    hole = [(50, 30), (50, 70), (120, 70), (120, 30)]
    polygon = shapely.Polygon(ring, [hole])
    dots = [shape for shape in symbols.fill("minefield", [ring, hole]) if shape.closed]
    assert len(dots) > 60
    assert all(shapely.covers(polygon, shapely.Polygon(shape.points)) for shape in dots)
    hatch = [shape for shape in symbols.fill("planned", [ring, hole]) if not shape.dash]
    assert len(hatch) > 20
    assert max(shapely.difference(shapely.LineString(shape.points), polygon).length for shape in hatch) < 1e-6


@pytest.mark.parametrize("backwards", [False, True])
def test_ticks_of_a_strong_point_stand_outwards(backwards):
    ring = [(0, 0), (100, 0), (100, 100), (0, 100)]
    shapes = symbols.fill("strongpoint", [ring[::-1] if backwards else ring])
    ends = [shape.points[1] for shape in shapes if len(shape.points) == 2]
    assert len(ends) > 20
    assert not shapely.contains(shapely.Polygon(ring), shapely.points(ends)).any()


def test_unknown_names_and_bad_lines_are_errors():
    with pytest.raises(NameUnknownError, match="did you mean minefield"):
        symbols.place("minefeld", BEND)
    with pytest.raises(NameUnknownError, match="is no area pattern"):
        symbols.fill("minefeld", [BEND])
    with pytest.raises(GeometryError, match="finite points"):
        symbols.place("minefield", [(0, 0), (float("nan"), 1)])
    with pytest.raises(GeometryError, match="finite points"):
        symbols.place("minefield", [0, 1, 2])


@pytest.mark.parametrize(("zoom", "scale"), [(3, 0), (7, 0.6), (8.9, 0.6), (10, 0.8), (12, 1), (18, 1.25)])
def test_glyphs_grow_with_the_zoom(zoom, scale):
    assert symbols.scale_at(zoom) == scale


def test_black_and_white():
    assert {symbols.colour(name, black=True) for name in [*LINES, *AREAS]} == {"#000000"}
    assert symbols.colour("anti_tank_ditch") == SPEC["colours"]["obstacle"]


def test_the_cases_for_other_implementations_are_current():
    path = Path(__file__).with_name("symbol_cases.py")
    loader = importlib.util.spec_from_file_location("symbol_cases", path)
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    kept = json.loads(module.FILE.read_text("utf-8"))
    assert len(kept) == len(module.CASES)
    for before, now in zip(kept, json.loads(module.text()), strict=True):
        assert before["pattern"] == now["pattern"]
        assert len(before["shapes"]) == len(now["shapes"])
        for one, other in zip(before["shapes"], now["shapes"], strict=True):
            assert np.allclose(one["points"], other["points"], atol=0.002)
            assert {**one, "points": None} == {**other, "points": None}
