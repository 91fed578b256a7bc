"""Candidate duplicates across data sets, and their scores."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from geoconflict.errors import LimitError, UnitError
from geoconflict.incidents import duplicates, suspect_duplicates
from geoconflict.schema import INCIDENTS, conform


def table(*rows):
    """Return INCIDENTS of (id, dataset, day, lon, lat, actor, type, radius, notes)."""
    names = (
        "event_id",
        "dataset",
        "event_date",
        "lon",
        "lat",
        "actor1",
        "event_type",
        "location_uncertainty_m",
        "notes",
    )
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    points = [Point(x, y) for x, y in zip(columns.pop("lon"), columns.pop("lat"), strict=True)]
    data = {name: list(values) for name, values in columns.items()}
    data |= {
        "event_date_end": data["event_date"],
        "time_precision": ["day"] * len(rows),
        "geo_precision": ["exact"] * len(rows),
    }
    return conform(gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4326"), INCIDENTS)


ONE = ("a1", "acled", "2025-07-01", 25.28, 54.69, "Blue Force", "battle", np.nan, "x")


def test_the_same_event_in_two_data_sets():
    found = suspect_duplicates(
        table(ONE), table(("u1", "ucdp_ged", "2025-07-01", 25.28, 54.69, "Blue Force", "battle", np.nan, "y"))
    )
    assert found[["id_a", "id_b", "score", "distance_m", "days"]].to_numpy().tolist() == [["a1", "u1", 1.0, 0.0, 0]]
    assert found["why"].iloc[0] == "0.0 km apart, same day, actors 100% in common, same type"


def test_far_or_long_apart_is_no_suspect():
    far = table(("u1", "ucdp_ged", "2025-07-01", 25.60, 54.69, "Blue Force", "battle", np.nan, "y"))
    late = table(("u1", "ucdp_ged", "2025-07-03", 25.28, 54.69, "Blue Force", "battle", np.nan, "y"))
    assert suspect_duplicates(table(ONE), far).empty
    assert suspect_duplicates(table(ONE), late).empty
    assert len(suspect_duplicates(table(ONE), far, distance="30 km", score=0.0)) == 1
    assert len(suspect_duplicates(table(ONE), late, days=2, score=0.0)) == 1


def test_other_actors_and_types_lower_the_score():
    other = suspect_duplicates(
        table(ONE), table(("u1", "ucdp_ged", "2025-07-01", 25.28, 54.69, "Red Army", "protest", np.nan, "y")), score=0
    )
    assert other["score"].tolist() == [0.7]
    silent = suspect_duplicates(
        table(ONE), table(("u1", "ucdp_ged", "2025-07-01", 25.28, 54.69, None, "unknown", np.nan, "y"))
    )
    assert silent["score"].tolist() == [1.0]


def test_uncertainty_of_the_places_is_allowed_for():
    there = ("u1", "ucdp_ged", "2025-07-01", 25.36, 54.69, "Blue Force", "battle", np.nan, "y")
    vague = ("u1", "ucdp_ged", "2025-07-01", 25.36, 54.69, "Blue Force", "battle", 25_000.0, "y")
    assert suspect_duplicates(table(ONE), table(there))["score"].iloc[0] < 0.85
    assert suspect_duplicates(table(ONE), table(vague))["score"].iloc[0] == 1.0


def test_rows_of_one_data_set_only_when_the_same_to_the_letter():
    twin = ("a2", "acled", "2025-07-01", 25.28, 54.69, "Blue Force", "battle", np.nan, "x")
    other = ("a3", "acled", "2025-07-01", 25.28, 54.69, "Blue Force", "battle", np.nan, "another event")
    found = suspect_duplicates(table(ONE, twin, other))
    assert found[["id_a", "id_b"]].to_numpy().tolist() == [["a1", "a2"]]


def test_across_the_antimeridian():
    left = table(("a1", "acled", "2025-07-01", 179.99, -17.0, None, "battle", np.nan, "x"))
    right = table(("u1", "ucdp_ged", "2025-07-01", -179.99, -17.0, None, "battle", np.nan, "y"))
    assert suspect_duplicates(left, right)["distance_m"].iloc[0] == pytest.approx(2127, rel=0.01)
    assert len(suspect_duplicates(right, left)) == 1


def test_too_many_pairs_are_refused(monkeypatch):
    monkeypatch.setattr(duplicates, "_MOST_PAIRS", 2)
    rows = [(f"a{i}", f"d{i}", "2025-07-01", 25.28, 54.69, None, "battle", np.nan, "x") for i in range(4)]
    with pytest.raises(LimitError, match="pairs of rows"):
        suspect_duplicates(table(*rows))
    with pytest.raises(UnitError):
        suspect_duplicates(table(*rows), distance="far")
