"""The three sets of strings with their points: how many are right, refused and silently wrong."""

import json
from collections import Counter
from pathlib import Path

import pyproj
import pytest

from geoconflict.coordinates import CountryContext, parse_one
from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError

DATA = Path(__file__).parents[1] / "data" / "coordinates"
GEOD = pyproj.Geod(ellps="WGS84")


def rows(name):
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def outcome(row):
    country = CountryContext("the country", Bounds(*row["country"])) if "country" in row else None
    try:
        parsed = parse_one(row["text"], country=country, reference=row.get("reference"))
    except CoordinateError:
        return "rightly refused" if row.get("refuse") else "refused"
    if row.get("refuse"):
        return "silently wrong"
    error_m = GEOD.inv(parsed.lon, parsed.lat, row["lon"], row["lat"])[2]
    return "right" if error_m <= row["tolerance_m"] else "silently wrong"


@pytest.mark.parametrize("name", ["development.jsonl", "further.jsonl", "traps.jsonl"])
def test_none_is_silently_wrong_and_nearly_all_are_right(name):
    found = [(outcome(row), row["text"]) for row in rows(name)]
    wrong = [text for what, text in found if what == "silently wrong"]
    assert wrong == []
    count = Counter(what for what, _ in found)
    assert count["right"] / (count["right"] + count["refused"]) >= 0.99
    assert count["rightly refused"] >= 30


def test_the_development_set_has_every_notation_and_enough_rows():
    found = rows("development.jsonl")
    kinds = {row["kind"] for row in found}
    assert len(found) >= 600
    assert {
        "decimal",
        "dms",
        "dm",
        "mgrs",
        "utm",
        "sk-42",
        "plus code",
        "geohash",
        "url",
        "wkt",
    } <= kinds
