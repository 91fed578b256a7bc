"""Claims against geometry: every reading is measured, and the verdict allows for rounding."""

import geopandas as gpd
import pytest
from shapely import LineString, Point

from geoconflict.fortifications.claims import Tools, check_claims, tolerance_m
from geoconflict.fortifications.description import Claim
from geoconflict.units import parse_length


class Spot:
    def __init__(self, lon, lat, country, radius_m=0.0) -> None:
        self.lon, self.lat, self.country, self.radius_m = lon, lat, country, radius_m
        self.population, self.score = 1000, 1.0


class Names:
    places = {  # noqa: RUF012 - a fixture that no test changes
        "Mid": Spot(25.0, 0.1, "LT", 2000.0),
        "North": Spot(25.0, 1.1, "LT"),
    }

    def lookup(self, name, country=None, admin=None):
        assert country is None
        assert admin is None
        return [self.places[name]] if name in self.places else []


def border(a, b):
    assert (a, list(b)) in [("LT", ["BY"]), ("Lithuania", ["Belarus"])]
    line = LineString([(24.0, 0.0), (26.0, 0.0)])
    return gpd.GeoDataFrame({"kind": ["land"], "resolution_m": [50.0]}, geometry=[line], crs=4326)


def crossings(a, b):
    assert (a, b) == ("LT", "BY")
    return gpd.GeoDataFrame({"name": ["East Gate"]}, geometry=[Point(25.5, 0.0)], crs=4326)


TOOLS = Tools(border=border, gazetteer=Names(), crossings=crossings)


def claim(**fields: object):
    return Claim.model_validate({"id": "a", "text": "A claim.", **fields})


def to_border(value, text="A claim."):
    return claim(kind="distance", value=value, text=text, subject="Mid", object="Belarusian border")


def test_a_distance_to_the_border_is_measured_in_every_sense():
    verdict = check_claims([to_border("11 km")], TOOLS)[0]
    assert verdict.verdict == "holds"
    readings = {m.reading: m.value_m for m in verdict.measured}
    # A tenth of a degree of latitude at the equator is 11,057 m on WGS84.
    assert readings["from the centre of Mid to the border line"] == pytest.approx(11_057.4, abs=1)
    assert readings["from the edge of Mid to the border line"] == pytest.approx(9_057.4, abs=1)
    assert readings["from the centre of Mid to the nearest crossing, East Gate"] == pytest.approx(56_700, rel=0.01)
    assert verdict.difference_m == pytest.approx(57.4, abs=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10 km", "holds"),
        ("9 km", "holds"),
        ("57 km", "holds"),
        ("6.9 mi", "holds"),
        ("15 km", "does_not_hold"),
        ("40 mi", "does_not_hold"),
    ],
)
def test_a_claim_holds_where_one_reading_does(value, expected):
    assert check_claims([to_border(value)], TOOLS)[0].verdict == expected


def test_about_widens_the_claim():
    assert check_claims([to_border("13 km")], TOOLS)[0].verdict == "does_not_hold"
    assert check_claims([to_border("13 km", "Mid is about 13 km away.")], TOOLS)[0].verdict == "holds"


def test_a_bearing_must_hold_too():
    north = claim(kind="distance", value="110 km", bearing="N", subject="North", object="Mid")
    south = claim(kind="distance", value="110 km", bearing="S", subject="North", object="Mid")
    assert [v.verdict for v in check_claims([north, south], TOOLS)] == ["holds", "does_not_hold"]


def test_the_length_of_a_border_is_measured_along_it():
    of = {"of": "Lithuania", "with": ["Belarus"]}
    verdict = check_claims([claim(kind="border_length", value="223 km", border=of)], TOOLS)[0]
    assert verdict.verdict == "holds"
    assert verdict.measured[0].value_m == pytest.approx(222_639, abs=1)
    assert verdict.measured[0].resolution_m == 50.0
    assert check_claims([claim(kind="border_length", value="679 km", border=of)], TOOLS)[0].verdict == "does_not_hold"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "length", "value": "5 km"}, "fortifications are not drawn"),
        ({"kind": "distance", "subject": "Mid", "object": "North"}, "has no value"),
        ({"kind": "distance", "value": "5 km", "object": "North"}, "has no name"),
        ({"kind": "distance", "value": "5 km", "subject": "Nowhere", "object": "North"}, "not in the gazetteer"),
        ({"kind": "distance", "value": "5 km", "subject": "Mid", "object": "the border"}, "not clear which border"),
        ({"kind": "border_length", "value": "5 km"}, "does not say which border"),
        ({"kind": "count", "value": "5 km"}, "of this kind cannot be measured"),
    ],
)
def test_what_cannot_be_measured_says_why(fields, why):
    verdict = check_claims([claim(**fields)], TOOLS)[0]
    assert verdict.verdict == "cannot_be_measured"
    assert why in verdict.reason
    assert verdict.measured == ()


@pytest.mark.parametrize(
    ("text", "metres"), [("20 km", 2000.0), ("1,000 km", 100_000.0), ("764 km", 7640.0), ("2.5 km", 50.0)]
)
def test_tolerance_follows_the_digits(text, metres):
    assert tolerance_m(parse_length(text)) == pytest.approx(metres)


def test_verdicts_are_plain_data():
    import json

    data = check_claims([to_border("11 km")], TOOLS)[0].to_dict()
    assert json.loads(json.dumps(data))["verdict"] == "holds"
