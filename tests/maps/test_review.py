"""The review page: the text reaches it as data only, and what is accepted comes out as YAML."""

import json
import re
from pathlib import Path

import pytest
import yaml

from geoconflict.errors import InputError, OutputError
from geoconflict.maps.web.review import Review

TEXT = "😀 Poland built a wall 5 m high </script><script>window.pwned = 1</script><img src=x onerror='window.pwned=1'>"


def fact(slot, value, words, **more):
    at = TEXT.index(words)
    return {"slot": slot, "value": value, "span": [at, at + len(words)], "echelon": None, "order": None, **more}


FACTS = [
    fact("owner", "PL", "Poland", confidence=0.9),
    fact("system_kind", "wall", "wall"),
    fact("height", {"min_m": 5.0, "max_m": 5.0}, "5 m"),
]
DESCRIPTION = {
    "id": "a",
    "owner": {"value": "Poland", "span": FACTS[0]["span"]},
    "segments": [
        {
            "id": "line",
            "height": {"value": "5 m", "span": FACTS[2]["span"]},
            "strips": [{"type": "wall", "span": FACTS[1]["span"]}],
        }
    ],
}


def test_the_text_is_in_the_data_block_only():
    page = Review(TEXT, FACTS, title="<b>t</b> /*script*/").html()
    assert page.count("<script") == 2
    assert "onerror" not in re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert "<" not in block
    assert json.loads(block)["text"] == TEXT


def test_the_same_review_gives_the_same_page():
    assert Review(TEXT, FACTS).html() == Review(TEXT, FACTS).html()


@pytest.mark.parametrize("span", [None, [0, 10_000], [5, 5], [-1, 3], ["0", 3], [1]])
def test_a_fact_with_an_invalid_span_is_refused(span):
    with pytest.raises(InputError, match="do not match the text"):
        Review(TEXT, [{**FACTS[0], "span": span}]).html()


def test_a_page_is_written_completely_or_not_at_all(tmp_path):
    with pytest.raises(OutputError):
        Review(TEXT, FACTS).save(tmp_path / "none" / "review.html")
    Review(TEXT, FACTS).save(tmp_path / "review.html")
    assert [path.name for path in tmp_path.iterdir()] == ["review.html"]


@pytest.mark.browser
def test_facts_are_accepted_edited_and_rejected_in_a_browser(tmp_path, chromium):
    path = tmp_path / "review.html"
    Review(TEXT, FACTS, DESCRIPTION, title="A wall").save(path)
    page = chromium.new_context(offline=True).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    assert page.locator("#text").inner_text() == TEXT
    assert page.locator("mark").all_inner_texts() == ["Poland", "wall", "5 m"]
    page.get_by_label("Reject system_kind wall").click()
    page.get_by_label("Edit owner PL").click()
    page.get_by_label("New value of owner").fill("Lithuania: [x]")
    page.get_by_label("New value of owner").blur()
    page.get_by_text("Accept all undecided").click()
    assert page.locator("#count").inner_text() == "2 accepted, 1 rejected, 0 undecided"
    with page.expect_download() as download:
        page.get_by_text("Download accepted YAML").click()
    kept = yaml.safe_load(Path(download.value.path()).read_text(encoding="utf-8"))
    assert page.evaluate("window.pwned") is None
    assert errors == []
    page.context.close()
    assert kept["owner"]["value"] == "Lithuania: [x]"
    assert kept["segments"] == [{"id": "line", "height": {"value": "5 m", "span": FACTS[2]["span"]}}]
