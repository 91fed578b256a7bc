from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from geoconflict.errors import InputError
from geoconflict.maps.classes import DIVERGING, SEQUENTIAL, classify

NUMBERS = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 6)), min_size=1, max_size=60)


@given(NUMBERS, st.integers(1, 9), st.sampled_from(["quantiles", "equal"]), st.sampled_from([None, 0.0, 5.0]))
def test_every_number_is_in_one_class_that_holds_it(numbers, count, scheme, middle):
    values = np.array(numbers)
    made = classify(values, scheme=scheme, classes=count, middle=middle)
    which = made.of(values)
    edges = np.array([-np.inf, *made.breaks, np.inf])
    assert (edges[which] <= values).all()
    assert (values < edges[which + 1]).all()
    assert list(made.breaks) == sorted(set(made.breaks))
    assert len(made) <= count + (middle is not None)
    assert len(made.labels()) == len(made) == len(made.colours(DIVERGING, middle=middle))


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60), st.integers(2, 9))
def test_classes_of_whole_numbers_name_their_first_and_last(numbers, count):
    values = np.array(numbers, dtype=float)
    made = classify(values, classes=count)
    for which, label in enumerate(made.labels()):
        inside = values[made.of(values) == which]
        ends = [int(t.replace("−", "-")) for t in label.replace(" to ", "–").split("–")]
        if len(inside):
            assert ends[0] <= inside.min() <= inside.max() <= ends[-1]


def test_quantiles_have_as_many_values_each():
    values = np.random.default_rng(1).normal(size=1000)
    made = classify(values, classes=4)
    assert np.bincount(made.of(values)).tolist() == [250] * 4


def test_breaks_are_round_where_the_gap_allows():
    assert classify(np.array([1.0, 2, 3, 104, 105, 106]), classes=2).breaks == (100.0,)
    assert classify(np.array([0.11, 0.12, 0.18, 0.19]), classes=2).breaks == (0.13,)


def test_equal_classes_round_a_middle_reach_as_far_on_both_sides():
    made = classify(np.array([-1.0, 5, 20, 50, 100]), scheme="equal", classes=5, middle=0.0)
    assert made.labels() == ("−100 to −61", "−60 to −21", "−20 to 19", "20 to 59", "60 to 100")
    assert classify(np.array([2.0, 10]), scheme="equal", classes=2, middle=0.0).labels() == ("−10 to −1", "0 to 10")
    halves = classify(np.array([1.0, 4]), scheme="equal", classes=3, middle=1.5)
    assert halves.labels() == ("−1.00 to 0.67", "0.67 to 2.33", "2.33 to 4.00")


@given(NUMBERS, st.integers(1, 9), st.sampled_from([0.0, 5.0, -1e6]))
def test_equal_classes_round_a_middle_rise_and_hold_every_number(numbers, count, middle):
    made = classify(np.array(numbers), scheme="equal", classes=count, middle=middle)
    edges = [made.low, *made.breaks, made.high]
    assert made.low <= min(numbers)
    assert max(numbers) <= made.high
    assert edges == sorted(edges)


def test_ties_stay_together_and_are_told():
    made = classify(np.array([0.0] * 90 + [1.0] * 5 + [2.0] * 5), classes=5)
    assert len(made) < 5
    assert "5 were asked for, but equal values stay together" in made.told
    assert np.bincount(made.of(np.array([0.0, 0.0, 1.0, 2.0])))[0] == 2
    assert made.labels() == ("0", "1–2")


def test_one_value_is_one_class():
    made = classify(np.full(7, 3.0), classes=5)
    assert made.labels() == ("3",)
    assert made.told == "one class, since all values are the same"
    assert made.colours(SEQUENTIAL) == [SEQUENTIAL.colours[4]]


def test_no_value_is_told():
    assert classify(np.full(3, np.nan)).told == "no value"


def test_a_diverging_ramp_turns_at_its_middle():
    values = np.array([-30.0, -5, -1, 2, 3, 4, 60])
    made = classify(values, classes=4, middle=0.0)
    assert 0.0 in made.breaks
    colours = made.colours(DIVERGING, middle=0.0)
    sides = [DIVERGING.colours.index(c) - 4 for c in colours]
    assert [s < 0 for s in sides] == [high <= 0 for high in (*made.breaks, 60)]
    odd = classify(values, scheme="equal", classes=5, middle=0.0)
    assert odd.colours(DIVERGING, middle=0.0)[2] == DIVERGING.colours[4]
    # All on one side: only colours of that side.
    high = classify(np.array([1.0, 2, 3, 4]), classes=3, middle=0.0)
    assert all(DIVERGING.colours.index(c) > 4 for c in high.colours(DIVERGING, middle=0.0))
    low = classify(np.array([-1.0, -2, -3, -4]), classes=3, middle=0.0)
    assert all(DIVERGING.colours.index(c) < 4 for c in low.colours(DIVERGING, middle=0.0))


def test_very_small_and_very_large_numbers_have_labels_that_differ():
    for values in (np.array([1e-9, 2e-9, 3e-9]), np.array([1e12, 2e12, 3.5e12])):
        assert len(set(classify(values, classes=3).labels())) == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"scheme": "jenks"}, "'quantiles' or 'equal'"),
        ({"classes": 0}, "from 1 to 9"),
        ({"classes": True}, "from 1 to 9"),
        ({"breaks": (3, 2)}, "do not rise"),
        ({"breaks": (1, float("nan"))}, "not finite"),
        ({"breaks": tuple(range(12))}, "at most 9"),
        ({"middle": float("inf")}, "finite"),
    ],
)
def test_what_makes_no_classes_is_refused(options, says):
    with pytest.raises(InputError, match=says):
        classify(np.array([1.0, 2.0]), **options)


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        classify(np.array([1.0]), scheme="x", classes=99, middle=float("nan"))
    assert {fault.field for fault in caught.value.faults} == {"scheme", "classes", "middle"}
