"""Obstacle graphics: the definition is whole, and the rule lays it as it says."""

from __future__ import annotations

import itertools
import json

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


def test_the_definition_is_givenas_a_copy():
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


ROWS = [n for n in LINES if not {"at", "clear"} & set(SPEC["lines"][n]) and SPEC["lines"][n]["line"]["where"] == "all"]


def glyphs_of(name, xy):
    """Return the glyphs of a pattern on a line, each as the shapes of its elements; the whole line comes first."""
    shapes = symbols.place(name, xy)[1:]
    count = len(SPEC["lines"][name]["elements"])
    return [shapes[i : i + count] for i in range(0, len(shapes), count)]


@pytest.mark.parametrize("name", ROWS)
def test_glyphs_stand_one_period_apart_on_a_straight_line(name):
    period = SPEC["lines"][name]["period"]
    glyphs = glyphs_of(name, [(0, 0), (12 * period, 0)])
    assert len(glyphs) == 12
    single = symbols.symbol(name)
    for i, glyph in enumerate(glyphs):
        for shape, one in zip(glyph, single, strict=True):
            assert shape.points == pytest.approx(one.points + np.array([(i + 0.5) * period, 0]))


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("degrees", [37, 180, 270])
def test_a_turned_line_gives_turned_shapes(name, degrees):
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    line = np.array([(0, 0), (43, 0), (60, 47), (150, 51)], dtype=float)
    before, after = symbols.place(name, line), symbols.place(name, line @ turn)
    assert len(before) == len(after) > 0
    for one, other in zip(before, after, strict=True):
        assert other.points == pytest.approx(one.points @ turn, abs=1e-6)


@pytest.mark.parametrize("name", LINES)
def test_twice_the_scale_on_a_line_of_twice_the_size_gives_shapes_of_twice_the_size(name):
    line = np.array(BEND, dtype=float)
    before, after = symbols.place(name, line, 1.0), symbols.place(name, 2 * line, 2.0)
    assert len(before) == len(after) > 0
    for one, other in zip(before, after, strict=True):
        assert other.points == pytest.approx(2 * one.points, abs=1e-6)
        assert other.width == pytest.approx(2 * one.width)


def test_a_step_of_half_a_period_more_takes_another_glyph():
    assert [len(glyphs_of("anti_tank_ditch", [(0, 0), (11 * n, 0)])) for n in (2.4, 2.5, 3.4, 3.5)] == [2, 3, 3, 4]


def test_the_page_is_giventhe_shapes_of_one_glyph():
    rules = symbols.page_rules(LINES)
    assert json.loads(json.dumps(rules)) == rules
    assert sorted(rules["lines"]) == LINES
    for name in LINES:
        given = rules["lines"][name]
        assert given["colour"] == symbols.colour(name)
        drawn = np.vstack([np.reshape(shape["points"], (-1, 2)) for shape in given["shapes"]])
        assert np.abs(drawn[:, 0]).max() <= given["half"] + 1e-3
        assert drawn[:, 1].min() - 1e-3 <= given["middle"] <= drawn[:, 1].max() + 1e-3
    circle = rules["lines"]["minefield"]["shapes"][0]
    radii = np.linalg.norm(np.reshape(circle["points"], (-1, 2)), axis=1)
    assert (circle["closed"], circle["fill"]) == (True, True)
    assert radii == pytest.approx(SPEC["lines"]["minefield"]["elements"][0]["radius"], abs=1e-3)
    with pytest.raises(NameUnknownError, match="did you mean minefield"):
        symbols.page_rules(["minefeld"])
