from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from geoconflict.errors import InputError
from geoconflict.maps.classes import DIVERGING, SEQUENTIAL, Classes, Palette, classify, format_number, palette_of

NUMBERS = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 6)), min_size=1, max_size=60)


@given(NUMBERS, st.integers(1, 9), st.sampled_from(["quantiles", "equal"]), st.sampled_from([None, 0.0, 5.0]))
def test_every_number_is_within_the_limits_of_its_class(numbers, count, scheme, middle):
    values = np.array(numbers)
    made = classify(values, scheme=scheme, classes=count, midpoint=middle)
    which = made.of(values)
    edges = np.array([-np.inf, *made.breaks, np.inf])
    assert (edges[which] <= values).all()
    assert (values < edges[which + 1]).all()
    assert list(made.breaks) == sorted(set(made.breaks))
    assert len(made) <= count + (middle is not None)
    assert len(made.labels()) == len(made) == len(made.colours(DIVERGING, midpoint=middle))


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60), st.integers(2, 9))
def test_labels_of_integer_classes_have_their_first_and_last_integer(numbers, count):
    values = np.array(numbers, dtype=float)
    made = classify(values, classes=count)
    for which, label in enumerate(made.labels()):
        inside = values[made.of(values) == which]
        ends = [int(t.replace("−", "-")) for t in label.replace(" to ", "–").split("–")]
        if len(inside):
            assert ends[0] <= inside.min() <= inside.max() <= ends[-1]


def test_quantiles_have_equal_numbers_of_values():
    values = np.random.default_rng(1).normal(size=1000)
    made = classify(values, classes=4)
    assert np.bincount(made.of(values)).tolist() == [250] * 4


def test_breaks_are_round_where_the_gap_allows():
    assert classify(np.array([1.0, 2, 3, 104, 105, 106]), classes=2).breaks == (100.0,)
    assert classify(np.array([0.11, 0.12, 0.18, 0.19]), classes=2).breaks == (0.13,)


def test_equal_classes_with_a_midpoint_are_symmetric():
    made = classify(np.array([-1.0, 5, 20, 50, 100]), scheme="equal", classes=5, midpoint=0.0)
    assert made.labels() == ("−100 to −61", "−60 to −21", "−20 to 19", "20 to 59", "60 to 100")
    assert classify(np.array([2.0, 10]), scheme="equal", classes=2, midpoint=0.0).labels() == ("−10 to −1", "0 to 10")
    halves = classify(np.array([1.0, 4]), scheme="equal", classes=3, midpoint=1.5)
    assert halves.labels() == ("−1.00 to 0.67", "0.67 to 2.33", "2.33 to 4.00")


@given(NUMBERS, st.integers(1, 9), st.sampled_from([0.0, 5.0, -1e6]))
def test_equal_classes_with_a_midpoint_are_ascending_and_contain_every_number(numbers, count, middle):
    made = classify(np.array(numbers), scheme="equal", classes=count, midpoint=middle)
    edges = [made.low, *made.breaks, made.high]
    assert made.low <= min(numbers)
    assert max(numbers) <= made.high
    assert edges == sorted(edges)


def test_ties_stay_in_one_class_and_are_reported():
    made = classify(np.array([0.0] * 90 + [1.0] * 5 + [2.0] * 5), classes=5)
    assert len(made) < 5
    assert "5 were requested, but equal values stay in one class" in made.method
    assert np.bincount(made.of(np.array([0.0, 0.0, 1.0, 2.0])))[0] == 2
    assert made.labels() == ("0", "1–2")


def test_one_value_is_one_class():
    made = classify(np.full(7, 3.0), classes=5)
    assert made.labels() == ("3",)
    assert made.method == "one class, because all values are equal"
    assert made.colours(SEQUENTIAL) == [SEQUENTIAL.colours[4]]


def test_no_values_are_reported():
    assert classify(np.full(3, np.nan)).method == "no classes, because there are no values"


def test_a_diverging_palette_has_its_center_at_the_midpoint():
    values = np.array([-30.0, -5, -1, 2, 3, 4, 60])
    made = classify(values, classes=4, midpoint=0.0)
    assert 0.0 in made.breaks
    colours = made.colours(DIVERGING, midpoint=0.0)
    sides = [DIVERGING.colours.index(c) - 4 for c in colours]
    assert [s < 0 for s in sides] == [high <= 0 for high in (*made.breaks, 60)]
    odd = classify(values, scheme="equal", classes=5, midpoint=0.0)
    assert odd.colours(DIVERGING, midpoint=0.0)[2] == DIVERGING.colours[4]
    # All on one side: only colours of that side.
    high = classify(np.array([1.0, 2, 3, 4]), classes=3, midpoint=0.0)
    assert all(DIVERGING.colours.index(c) > 4 for c in high.colours(DIVERGING, midpoint=0.0))
    low = classify(np.array([-1.0, -2, -3, -4]), classes=3, midpoint=0.0)
    assert all(DIVERGING.colours.index(c) < 4 for c in low.colours(DIVERGING, midpoint=0.0))


def test_very_small_and_very_large_numbers_have_labels_that_differ():
    for values in (np.array([1e-9, 2e-9, 3e-9]), np.array([1e12, 2e12, 3.5e12])):
        assert len(set(classify(values, classes=3).labels())) == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"scheme": "jenks"}, "'quantiles' or 'equal'"),
        ({"classes": 0}, "from 1 to 9"),
        ({"classes": True}, "from 1 to 9"),
        ({"breaks": (3, 2)}, "not in ascending order"),
        ({"breaks": (1, float("nan"))}, "not all finite"),
        ({"breaks": tuple(range(12))}, "the maximum is 9"),
        ({"midpoint": float("inf")}, "finite"),
    ],
)
def test_invalid_classifications_are_refused(options, says):
    with pytest.raises(InputError, match=says):
        classify(np.array([1.0, 2.0]), **options)


def test_all_errors_are_reported_together():
    with pytest.raises(InputError) as caught:
        classify(np.array([1.0]), scheme="x", classes=99, midpoint=float("nan"))
    assert {fault.field for fault in caught.value.faults} == {"scheme", "classes", "midpoint"}


@given(st.lists(st.integers(-(10**6), 10**6), unique=True, min_size=9, max_size=80), st.integers(1, 9))
def test_quantiles_of_distinct_values_have_the_sizes_of_a_split(numbers, count):
    values = np.array(numbers, dtype=float)
    found = np.bincount(classify(values, classes=count).of(values), minlength=count)
    assert sorted(found) == sorted(len(part) for part in np.array_split(values, count))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 9))
def test_equal_classes_are_those_of_numpy(low, reach, count):
    edges = np.linspace(low, low + reach, count + 1)
    made = classify(np.array([low, low + reach]), scheme="equal", classes=count)
    np.testing.assert_allclose(made.breaks, edges[1:-1], atol=0.006 * (edges[1] - edges[0]))
    assert (made.low, made.high) == (low, low + reach)


@pytest.mark.parametrize(
    ("breaks", "low", "high", "whole", "labels"),
    [
        ((10.0,), 0.0, 20.0, True, ("0–9", "10–20")),
        ((10.0,), -1.0, 20.0, True, ("−1 to 9", "10 to 20")),
        ((), None, None, False, ("all",)),
        ((0.0,), None, None, True, ("under 0", "0 or more")),
        ((5.0,), 0.0, None, True, ("0–4", "5 or more")),
        ((0.25, 0.5), 0.0, 1.0, False, ("0.00–0.25", "0.25–0.50", "0.50–1.00")),
        ((12_345.0,), 10.0, 1e6, True, ("10–12_344", "12_345–1_000_000")),
    ],
)
def test_labels(breaks, low, high, whole, labels):
    found = Classes(breaks, low, high, whole=whole, method="").labels()
    assert tuple(label.replace("\u202f", "_") for label in found) == labels


@given(st.lists(st.integers(-(10**7), 10**7), unique=True, min_size=2, max_size=9), st.integers(0, 6))
def test_labels_of_consecutive_classes_share_their_limit_and_are_exact_to_the_last_digit(numbers, decimals):
    edges = sorted(n / 10**decimals for n in numbers)
    labels = Classes(tuple(edges[1:-1]), edges[0], edges[-1], whole=False, method="").labels()
    ends = [label.replace("\u202f", "").replace("−", "-").replace(" to ", "–").split("–") for label in labels]
    assert all(len(pair) in {1, 2} for pair in ends)
    assert [pair[-1] for pair in ends[:-1]] == [pair[0] for pair in ends[1:]]
    shown = [ends[0][0], *(pair[-1] for pair in ends)]
    last = {len(text.partition(".")[2]) for text in shown}
    assert len(last) == 1
    np.testing.assert_allclose([float(text) for text in shown], edges, atol=0.5 * 10.0 ** -last.pop() + 1e-9)
    if min(b - a for a, b in itertools.pairwise(edges)) > 1e-3 * max(abs(e) for e in edges):
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0, 0, "0"), (9999, 0, "9999"), (10_000, 0, "10_000"), (-10_000.5, 1, "−10_000.5"), (-0.04, 1, "0.0"),
     (-0.06, 1, "−0.1"), (1234567.891, 2, "1_234_567.89")],
)  # fmt: skip
def test_numbers_are_written_with_spaces_from_10_000(value, digits, text):
    assert format_number(value, digits).replace("\u202f", "_") == text


FIVE = Palette(("#000000", "#111111", "#222222", "#333333", "#444444"))


@pytest.mark.parametrize(
    ("breaks", "low", "high", "colours"),
    [
        ((0.0,), -10.0, 10.0, "04"),
        ((-5.0, 5.0), -15.0, 15.0, "024"),
        ((-5.0, 0.0, 5.0), -10.0, 10.0, "0134"),
        ((2.0,), 1.0, 3.0, "34"),
        ((-2.0,), -3.0, -1.0, "01"),
        ((-5.0, 0.0), -10.0, 10.0, "013"),
        ((0.0, 5.0), None, None, "134"),
        ((), 3.0, 3.0, "4"),
        ((), -3.0, -3.0, "0"),
        ((), 0.0, 0.0, "2"),
        ((), -1.0, 1.0, "2"),
    ],
)
def test_colours_on_both_sides_of_a_midpoint(breaks, low, high, colours):
    made = Classes(breaks, low, high, whole=False, method="")
    assert made.colours(FIVE, midpoint=0.0) == [FIVE.colours[int(i)] for i in colours]


def test_colours_are_spread_over_the_palette():
    assert [FIVE.pick(n) for n in (0, 1, 2, 3, 5)] == [
        [], ["#000000"], ["#000000", "#444444"], ["#000000", "#222222", "#444444"], list(FIVE.colours),
    ]  # fmt: skip
    assert Classes((1.0, 2.0), None, None, whole=False, method="").colours(FIVE) == FIVE.pick(3)
    assert Classes((), None, None, whole=False, method="").colours(FIVE) == ["#222222"]


def test_palettes_by_name_and_their_errors():
    assert (palette_of("sequential"), palette_of("diverging"), palette_of(FIVE)) == (SEQUENTIAL, DIVERGING, FIVE)
    with pytest.raises(InputError, match="it has no colours"):
        Palette(())
    with pytest.raises(InputError) as caught:
        palette_of(["#000000", "red", "#12345"])
    assert [fault.message for fault in caught.value.faults] == [
        "'red' is not a colour; write it as #rrggbb, such as #e42536",
        "'#12345' is not a colour; write it as #rrggbb, such as #e42536",
    ]
    with pytest.raises(InputError, match="did you mean diverging"):
        palette_of("divergin")
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIVE.colours = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        classify(np.array([1.0])).breaks = (2.0,)


def test_each_error_in_breaks_has_its_field():
    for breaks, faults in (
        ((1, float("inf")), 1),
        ((2, 2), 1),
        ((True, 2), 1),
        (tuple(range(9)), 1),
        ((*range(9), 1), 2),
    ):
        with pytest.raises(InputError) as caught:
            classify(np.array([1.0]), breaks=breaks)
        assert [fault.field for fault in caught.value.faults] == ["breaks"] * faults
    assert len(classify(np.array([1.0]), breaks=tuple(range(8)))) == 9


def test_the_method_is_written_out():
    values = np.array([-4.0, -1, 2, 9])
    assert classify(values, breaks=(0,)).method == "custom classes"
    assert classify(values, scheme="equal", classes=4).method == "4 classes of equal width"
    both = classify(values, scheme="equal", classes=4, midpoint=1.5).method
    assert both == "4 classes of equal width on either side of 1.5"
    split = classify(values, classes=4, midpoint=0.0)
    assert split.method == (
        "4 classes with about the same number of values each (quantiles), separately on either side of 0"
    )
    assert np.bincount(split.of(values)).tolist() == [1, 1, 1, 1]
    assert classify(values, classes=4, midpoint=50.0).method == (
        "4 classes with about the same number of values each (quantiles)"
    )


def test_custom_breaks_are_integers_only_with_integer_values():
    assert classify(np.array([1.0, 20]), breaks=(10,)).labels() == ("under 10", "10 or more")
    assert classify(np.array([1.0, 20]), breaks=(5, 10)).labels() == ("under 5", "5–9", "10 or more")
    assert classify(np.array([1.5, 20]), breaks=(5, 10)).labels() == ("under 5", "5–10", "10 or more")
    assert classify(np.array([1.0, 20]), breaks=(5.5, 10)).labels() == ("under 5.5", "5.5–10.0", "10.0 or more")
