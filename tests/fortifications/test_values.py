"""Values keep what was written; parts and sides of lines are where they should be."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString, box

from geoconflict.errors import UnitError
from geoconflict.fortifications.description import Count, Measure, parse_count
from geoconflict.fortifications.references import cut_between, side_of_line, simplify
from geoconflict.fortifications.rows import even_points


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (27, (27, 27)),
        ("1,200", (1200, 1200)),
        ("about 600", (600, 600)),
        ("100 to 150", (100, 150)),
        ("at least 5", (5, None)),
        ("fewer than 9", (None, 9)),
    ],
)
def test_counts(text, expected):
    assert parse_count(text) == expected
    assert Count.model_validate(text).plain() == text


@pytest.mark.parametrize("text", ["a dozen or so", "-3", "3.5", "150-100", "", True, None])
def test_what_is_no_count(text):
    with pytest.raises(UnitError):
        parse_count(text)


def test_a_value_is_written_short_only_when_that_says_all():
    assert Measure.model_validate("5 km").plain() == "5 km"
    full = {"value": "5 km", "sources": ["a"], "others": ["3 mi"]}
    assert Measure.model_validate({**full, "sources": "a"}).plain() == full


def test_a_ring_is_cut_the_shorter_way():
    ring = LineString([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)])
    part = cut_between(ring, (1, 0), (0, 1))
    assert part.length == 2
    assert shapely.covers(part, shapely.Point(0, 0))


def test_ends_on_parts_that_do_not_meet_are_refused():
    line = shapely.MultiLineString([[(0, 0), (1, 0)], [(3, 0), (4, 0)]])
    with pytest.raises(ValueError, match="not connected"):
        cut_between(line, (0, 0), (4, 0))
    with pytest.raises(ValueError, match="same point"):
        cut_between(line, (0.5, 0), (0.5, 1))


def test_simplifying_moves_nothing_farther_than_asked():
    line = LineString([(10 + i / 1000, 60 + (i % 2) / 20000) for i in range(200)])
    out = simplify(line, 10)
    assert len(out.coords) < 20
    assert shapely.hausdorff_distance(line, out) * 111_694 <= 10.001


def test_the_two_sides_of_a_line_make_the_whole_area():
    area, line = box(0, 0, 4, 4), LineString([(2, 1), (2.5, 2), (2, 3)])
    left, right = side_of_line(area, line, "left"), side_of_line(area, line, "right")
    assert left.area + right.area == pytest.approx(16)
    assert shapely.intersection(left, right).area == 0
    assert shapely.contains(left, shapely.Point(1, 2))


@pytest.mark.parametrize("number", [1, 2, 7, 27])
def test_even_points_are_as_many_as_asked_and_lie_inside(number):
    area = shapely.difference(box(20, 54, 26, 55), box(21, 54.2, 25, 54.8))
    points = even_points(area, number)
    assert len(points) == number
    assert shapely.contains(area, points).all()
    assert len({point.wkt for point in points}) == number


def test_no_points_for_nothing():
    assert even_points(box(0, 0, 1, 1), 0) == []
    assert even_points(shapely.Polygon(), 5) == []
