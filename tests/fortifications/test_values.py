"""Values keep what was written; parts of lines and halves of ground come out where they should."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings, strategies as st
from shapely import LineString, box

from geoconflict.errors import UnitError
from geoconflict.fortifications.halves import half
from geoconflict.fortifications.lines import cut_between, simplified
from geoconflict.fortifications.spreading import even_points
from geoconflict.fortifications.values import Count, Measure, parse_count
from geoconflict.io.yaml import load


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


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
        max_leaves=12,
    )
)
def test_yaml_that_pyyaml_writes_is_read_back_and_every_value_has_a_place(data):
    import yaml

    text = yaml.safe_dump({"data": data}, allow_unicode=True)
    read, positions = load(text)
    assert read == {"data": data}
    lines = text.count("\n") + 1
    assert all(1 <= place.line <= lines and place.column >= 1 for place in positions.values.values())


@pytest.mark.parametrize("word", ["NO", "yes", "on", "2025-08-01", "12:30", "1_000", "0x1F", "~x"])
def test_words_that_yaml_1_1_would_turn_into_something_else_stay_texts(word):
    assert load(f"a: {word}")[0] == {"a": word}


def test_a_ring_is_cut_the_shorter_way():
    ring = LineString([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)])
    part = cut_between(ring, (1, 0), (0, 1))
    assert part.length == 2
    assert shapely.covers(part, shapely.Point(0, 0))


def test_ends_on_parts_that_do_not_meet_are_refused():
    line = shapely.MultiLineString([[(0, 0), (1, 0)], [(3, 0), (4, 0)]])
    with pytest.raises(ValueError, match="not connected"):
        cut_between(line, (0, 0), (4, 0))
    with pytest.raises(ValueError, match="same place"):
        cut_between(line, (0.5, 0), (0.5, 1))


def test_simplifying_moves_nothing_farther_than_asked():
    line = LineString([(10 + i / 1000, 60 + (i % 2) / 20000) for i in range(200)])
    out = simplified(line, 10)
    assert len(out.coords) < 20
    assert shapely.hausdorff_distance(line, out) * 111_694 <= 10.001


def test_the_two_halves_are_the_whole():
    area, line = box(0, 0, 4, 4), LineString([(2, 1), (2.5, 2), (2, 3)])
    left, right = half(area, line, "left"), half(area, line, "right")
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
