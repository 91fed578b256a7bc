"""The page's own texts: each is translated into every shipped language."""

from __future__ import annotations

import json
import re
import warnings
from importlib import resources
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, box

from geoconflict import vocabulary
from geoconflict.errors import InputError
from geoconflict.maps import layers, words
from geoconflict.maps.map import Map
from geoconflict.maps.scene import DISCLAIMER, MapOptions

ROOT = Path(__file__).parents[2]
FILE = json.loads(resources.files("geoconflict.maps.web").joinpath("words.json").read_text(encoding="utf-8"))
SAID = re.compile(r"""\b(?:say|translate)\(\s*(?:"((?:[^"\\]|\\.)+)"|'([^']+)')""")
RUKLA = gpd.GeoDataFrame({"name": ["Rukla"], "source": ["a"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")


def said():
    """Return every text that the sources translate, and the labels of popup fields."""
    found = {DISCLAIMER}
    for folder, pattern in (("web/src", "*.js"), ("geoconflict/maps", "**/*.py")):
        for path in (ROOT / folder).glob(pattern):
            text = re.sub(r"^\s*>>>.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            found |= {a or b for a, b in SAID.findall(text)}
    for path in (ROOT / "geoconflict/maps/layers").glob("*.py"):
        found |= set(re.findall(r'PopupField\(\s*"[^"]+", "([^"]+)"', path.read_text(encoding="utf-8")))
    return found


@pytest.mark.skipif(not (ROOT / "web").is_dir(), reason="the source of the script is only in a checkout")
def test_every_text_has_a_translation_in_every_language():
    texts = said()
    assert len(texts) > 150
    assert texts - set(words.keys()) == set()
    languages = set(words.languages()) - {"en"}
    assert languages == {"ar", "de", "es", "fr", "ru", "uk"}
    for key, row in {**FILE["words"], **FILE["terms"]}.items():
        assert set(row) == languages, key
        assert all(text.strip() for text in row.values()), key


@pytest.mark.skipif(not (ROOT / "web").is_dir(), reason="the source of the script is only in a checkout")
def test_there_are_no_unused_translations():
    assert set(FILE["words"]) - said() == set()


def test_terms_are_those_of_the_vocabularies_and_of_the_layers():
    enums = [
        vocabulary.EventType,
        vocabulary.PlacePrecision,
        vocabulary.TimePrecision,
        vocabulary.CrossingKind,
        vocabulary.CrossingStatus,
        vocabulary.StretchKind,
        vocabulary.Status,
        vocabulary.FortificationType,
    ]
    # A popup shows the word of the table without its underscores, a legend the label.
    shown = {form for enum in enums for word in enum for form in (word.label, word.value.replace("_", " "))}
    # Layers are imported when they are asked for.
    titles = {getattr(getattr(layers, name), "title", "Layer") for name in layers.__all__}
    assert shown - set(FILE["terms"]) == set()
    assert {t for t in titles if isinstance(t, str)} - {"", "Layer"} - set(FILE["terms"]) == set()


def test_terms_are_translated_and_data_are_not():
    frame = gpd.GeoDataFrame(
        {"event_type": ["battle", "riot"], "event_date": ["2025-01-01"] * 2, "location": ["battle", "Ort"]},
        geometry=[Point(24.4, 55.05)] * 2,
        crs=4326,
    )
    text = Map([layers.Incidents(frame), layers.Places(RUKLA)], title="x", options=MapOptions(lang="de")).html()
    assert '"name":"Ereignisse"' in text
    assert '"label":"Gefecht"' in text
    assert "Ereignisse: 2 auf der Karte (Gefecht: 1, Unruhen: 1)." in text
    named = Map(
        [layers.Zones(gpd.GeoDataFrame({"name": ["Border post"]}, geometry=[box(0, 0, 1, 1)], crs=4326))], title="x"
    )
    assert '"label":"Border post"' in named.html()


@pytest.mark.parametrize("lang", [code for code in words.languages() if code != "en"])
def test_translations_have_the_same_placeholders(lang):
    own = {key: row[lang] for key, row in {**FILE["words"], **FILE["terms"]}.items()}
    assert words.faults(own) == []
    assert len(FILE["dates"][lang]["months"]) == 12


@pytest.mark.parametrize(
    ("lang", "day"),
    [
        ("en-GB", "9 March 2025"),
        ("fr-CA", "9 mars 2025"),
        ("de", "9. März 2025"),
        ("es-419", "9 de marzo de 2025"),
        ("uk", "9 березня 2025 р."),
        ("ru", "9 марта 2025 г."),
        ("ar-SY", "9 مارس 2025"),
    ],
)
def test_dates_are_formatted_in_each_language(lang, day):
    assert words.Words.of(lang).day("2025-03-09") == day


def test_the_page_is_in_its_language():
    text = Map([layers.Places(RUKLA)], title="Rukla", as_of="2025-08-19", options=MapOptions(lang="fr")).html()
    assert "<summary>Sources et méthode</summary>" in text
    assert "Situation au 19 août 2025" in text
    assert "Les frontières et les noms" in text
    assert '"Legend":"L\\u00e9gende"' in text
    assert 'lang="fr" dir="ltr"' in text


def test_an_english_page_has_no_translations():
    assert '"words":{}' in Map([layers.Places(RUKLA)], title="Rukla").html()


@pytest.mark.parametrize("lang", ["ar", "he", "fa-IR", "az-Arab"])
def test_some_languages_are_right_to_left(lang):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", words.LanguageWarning)
        text = Map([layers.Places(RUKLA)], title="Rukla", options=MapOptions(lang=lang)).html()
    assert f'lang="{lang}" dir="rtl"' in text


def test_a_language_without_translations_gives_a_warning():
    with pytest.warns(words.LanguageWarning, match=r"have no translation into 'pl' and stay in English"):
        options = MapOptions(lang="pl")
    assert "<summary>Sources and method</summary>" in Map([layers.Places(RUKLA)], title="x", options=options).html()


def test_complete_translations_of_a_caller_give_no_warning():
    own = {key: f"[{key}]" for key in words.keys()}  # noqa: SIM118 - a function, not a mapping
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = MapOptions(lang="pl", words=own)
    assert "<summary>[Sources and method]</summary>" in Map([layers.Places(RUKLA)], title="x", options=options).html()


def test_a_translation_of_a_caller_replaces_ours():
    options = MapOptions(lang="de", words={"Legend": "Zeichen"})
    assert options.wording().say("Legend") == "Zeichen"
    assert options.wording().say("Close") == "Schließen"


def test_wrong_translations_are_reported_together():
    with pytest.raises(InputError) as caught:
        MapOptions(words={"Legent": "x", "Close": " ", "{n} of {all}": "{n} von {alle}"})
    told = str(caught.value)
    assert "no text 'Legent'" in told
    assert "did you mean Legend" in told
    assert "the translation of 'Close' is ' '" in told
    assert "has the placeholders alle, n; it must have all, n" in told


def test_a_hostile_translation_is_text():
    evil = "</script><img src=x onerror=alert(1)>"
    text = Map([layers.Places(RUKLA)], title="x", options=MapOptions(words={"Sources": evil, "Legend": evil})).html()
    assert "<img src=x" not in text
    assert "&lt;/script&gt;&lt;img" in text
