from __future__ import annotations

import numpy as np
import pytest

from geoconflict.errors import InputError
from geoconflict.maps.classes import DIVERGING, SEQUENTIAL
from geoconflict.maps.colour import CATEGORIES, GOAL, VISIONS, ciede2000, lab, least_difference
from geoconflict.maps.layers import crossings, incidents, sites, territory, zones

# Sharma, Wu and Dalal 2005, table 1: pairs of L*, a*, b* and their difference.
PAIRS = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


def test_ciede2000_gives_the_published_differences():
    first, second, wanted = (np.array(part, dtype=float) for part in zip(*PAIRS, strict=True))
    np.testing.assert_allclose(ciede2000(first, second), wanted, atol=5e-5)
    np.testing.assert_allclose(ciede2000(second, first), wanted, atol=5e-5)


@pytest.mark.parametrize("vision", VISIONS)
def test_greys_stay_greys_in_every_vision(vision):
    # Each row of the matrices sums to one, so that white and grey are seen by all alike.
    found = lab(["#ffffff", "#808080", "#000000"], vision=vision)
    assert np.abs(found[:, 1:]).max() < 0.05
    assert found[0, 0] == pytest.approx(100, abs=1e-3)


def test_red_and_green_look_alike_without_one_kind_of_cone():
    seen = {v: least_difference(["#b05a2c", "#6f7a1f"], visions=[v]).difference for v in VISIONS}
    assert seen["normal"] > 30
    assert seen["deuteranopia"] < 12 < seen["tritanopia"]
    blues = {v: least_difference(["#0a7f8f", "#2f7d45"], visions=[v]).difference for v in VISIONS}
    assert blues["tritanopia"] < 0.6 * blues["normal"]


@pytest.mark.parametrize(
    "palette",
    [
        CATEGORIES,
        territory.HOLDERS,
        tuple(colour for colour, _ in incidents.COLOURS.values()),
    ],
    ids=["categories", "territory", "incidents"],
)
def test_default_colours_of_categories_stay_apart_for_every_reader(palette):
    assert len(set(palette)) == 6
    nearest = least_difference(palette)
    assert nearest.difference >= GOAL, nearest


def test_the_palettes_of_layers_are_these():
    import dataclasses

    for kind, colours in ((zones.Zones, CATEGORIES), (territory.Territory, territory.HOLDERS)):
        default = next(f.default for f in dataclasses.fields(kind) if f.name == "ramp")
        assert default.colours == colours


def test_marks_of_one_layer_differ_by_shape_or_by_colours_that_stay_apart():
    looks = [*(style for _, style in crossings._STYLES.values()), crossings._UNKNOWN[1]]
    looks = [(s.marker, s.stroke, s.fill) for s in looks]
    for i, (shape, stroke, fill) in enumerate(looks):
        for other, second, third in looks[:i]:
            if shape != other:
                continue
            apart = max(least_difference([a, b]).difference for a, b in ((stroke, second), (fill, third)) if a != b)
            assert apart >= GOAL
    # Works are told apart by their shape alone.
    assert len(set(sites._SHAPE.values())) >= 6


@pytest.mark.parametrize("vision", VISIONS)
def test_a_sequential_ramp_darkens_step_by_step_for_every_reader(vision):
    light = lab(SEQUENTIAL.colours, vision=vision)[:, 0]
    assert (np.diff(light) < -3).all()


@pytest.mark.parametrize("vision", VISIONS)
def test_the_two_sides_of_a_diverging_ramp_stay_apart(vision):
    colours = DIVERGING.colours
    for i in range(4):
        assert least_difference([colours[i], colours[-1 - i]], visions=[vision]).difference >= GOAL
    light = lab(colours, vision=vision)[:, 0]
    assert (np.diff(light[:5]) > 3).all()
    assert (np.diff(light[4:]) < -3).all()


def test_what_is_no_palette_is_refused():
    with pytest.raises(InputError, match="needs two"):
        least_difference(["#ffffff"])
    with pytest.raises(InputError) as caught:
        lab(["red", "#fffffg", "#123456"])
    assert [fault.row for fault in caught.value.faults] == [1, 2]
    with pytest.raises(InputError, match="no colour vision"):
        least_difference(["#ffffff", "#000000"], visions=["purple"])
    assert least_difference(["#123456", "#123456"]).difference == 0
