"""YAML is read as plain data with the position of every value, by either parser of PyYAML."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from geoconflict.errors import DescriptionError, LimitError
from geoconflict.io import yaml as reader
from geoconflict.io.yaml import load

# PyYAML's writer folds these line separators into spaces.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=12)
PARSERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def parser(request, monkeypatch):
    monkeypatch.setattr(reader, "_Loader", request.param)


@pytest.mark.usefixtures("parser")
@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
        max_leaves=12,
    )
)
def test_yaml_written_by_pyyaml_is_read_back_and_every_value_has_a_position(data):
    text = yaml.safe_dump({"data": data}, allow_unicode=True)
    read, positions = load(text)
    assert read == {"data": data}
    lines = text.count("\n") + 1
    assert all(1 <= at.line <= lines and at.column >= 1 for at in positions.values.values())


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("word", ["NO", "yes", "on", "2025-08-01", "12:30", "1_000", "0x1F", "~x"])
def test_words_that_yaml_1_1_converts_stay_text(word):
    assert load(f"a: {word}")[0] == {"a": word}


@pytest.mark.usefixtures("parser")
def test_quoted_scalars_stay_text():
    assert load("a: '5'\nb: \"true\"\nc: ''\nd: {'<<': 1}")[0] == {"a": "5", "b": "true", "c": "", "d": {"<<": 1}}


@pytest.mark.usefixtures("parser")
def test_positions_count_characters_from_1():
    _, positions = load("é: {ü: 1, name: Žemaitė}\nlist:\n  - x\n  - [y, z]\n")
    assert [(at.line, at.column) for at in (positions.of(("é", "name")), positions.of(("list", 1, 1)))] == [
        (1, 17),
        (4, 9),
    ]
    assert positions.of(("é", "name"), key=True).column == 11
    assert positions.of(("list", 7, "no")) == positions.of(("list",))


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a:\n\tb: 1", 2, 1, "not with tabs"),
        ("a: b: c", 1, 5, "in quotes"),
        ("a: 1\nb: x\x07y", 2, 5, r"U\+0007 is not allowed"),
        ("a: 1\r\nb: \ud800", 2, 4, r"U\+D800 is not allowed"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document starts here"),
        ("- &a 1\n- &a 2", 2, 3, "duplicate anchor"),
        ("a: 1\nb: {<<: 1}", 2, 5, "merge keys"),
        ("a: {b: 1,\n  b: 2}", 2, 3, "duplicate key 'b', first used in line 1"),
        ("a: 1\n[1]: 2", 2, 1, "a key must be text"),
        ("a: 1\nb: !!python/name:os.system x", 2, 4, "tag .* is not allowed"),
    ],
)
def test_faults_have_their_line_and_column(text, line, column, says):
    with pytest.raises(DescriptionError, match=says) as caught:
        load(text)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(line, column)]


@pytest.mark.usefixtures("parser")
def test_all_faults_are_reported_at_once():
    with pytest.raises(DescriptionError) as caught:
        load("a: 1\na: 2\nb: !x 1\nb: 3\n<<: 4\n")
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4, 5]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["a: " + "[" * 100 + "]" * 100, "a: " + "{b: " * 5000, "[" * 5000])
def test_deep_nesting_is_refused(text):
    with pytest.raises(LimitError, match="nested deeper"):
        load(text)


@pytest.mark.usefixtures("parser")
def test_aliases_cannot_expand_without_limit():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(LimitError, match="once its aliases are expanded"):
        load("\n".join(lines))
    with pytest.raises(LimitError, match="more than 200 aliases"):
        load("a: &a 1\nb: [" + "*a, " * 300 + "*a]")


@pytest.mark.skipif(len(PARSERS) < 2, reason="PyYAML was built without libyaml")
def test_a_long_list_is_refused_within_seconds():
    start = time.perf_counter()
    with pytest.raises(LimitError, match="more than 100,000 values"):
        load("a: [" + "1, " * 266_000 + "1]")
    assert time.perf_counter() - start < 10
