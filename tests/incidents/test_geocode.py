"""Geocoding of tables: routes and radii."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from geoconflict.errors import CRSError, InputError
from geoconflict.incidents.geocode import GeocodeOptions, geocode
from geoconflict.names import Candidate
from geoconflict.names.folding import core, ends

GEOD = pyproj.Geod(ellps="WGS84")
BRIA, BAMBARI, BANGUI = (21.99, 6.54), (20.67, 5.77), (18.56, 4.36)


class Book:
    """A gazetteer of a few places that counts how often it is asked."""

    def __init__(self, *places: Candidate) -> None:
        self.places = places
        self.asked = []

    def lookup(self, name, country=None, admin=None):
        self.asked.append((name, country, admin))
        return [place for place in self.places if core(place.name) == name]


def place(name, lon, lat, radius_m=2_000.0, score=1.0):
    return Candidate(name, lon, lat, "CF", "town", 1000, score, radius_m, "its name")


def table(rows):
    frame = pd.DataFrame(rows, columns=["location", "admin2", "admin1", "country", "xy"])
    points = [None if xy is None else shapely.Point(xy) for xy in frame.pop("xy")]
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def test_a_row_with_a_point_keeps_it_and_locates_its_name():
    out = geocode(table([("Bria town", "", "Haute-Kotto", "CAR", BRIA), ("BRIA", "", "Haute-Kotto", "CAR", None)]))
    assert out["geocode_route"].tolist() == ["given", "learned"]
    assert out.geometry.iloc[0].equals(shapely.Point(BRIA))
    assert out.geometry.iloc[1].distance(shapely.Point(BRIA)) < 1e-9
    assert "same name and division" in out["geocode_reason"].iloc[1]


def test_a_name_in_another_division_is_not_the_same_place():
    out = geocode(table([("Bria", "", "Haute-Kotto", "CAR", BRIA), ("Bria", "", "Lobaye", "CAR", None)]))
    assert out["geocode_route"].iloc[1] == "country"


def test_gazetteer_candidates_are_returned():
    book = Book(place("Boda", 17.47, 4.32), place("Boda", 30.0, 10.0, score=0.8))
    out = geocode(table([("Boda town", "", "", "CAR", None)]), book)
    assert out["geocode_route"].iloc[0] == "gazetteer"
    assert (out.geometry.iloc[0].x, out.geometry.iloc[0].y) == (17.47, 4.32)
    shown = json.loads(out["geocode_candidates"].iloc[0])
    assert [candidate["lon"] for candidate in shown] == [17.47, 30.0]
    assert "2 places fit" in out["geocode_reason"].iloc[0]


def test_two_places_of_equal_score_widen_the_radius_to_reach_both():
    book = Book(place("Boda", 17.47, 4.32), place("Boda", 19.0, 5.0))
    out = geocode(table([("Boda", "", "", "CAR", None)]), book)
    apart = GEOD.inv(17.47, 4.32, 19.0, 5.0)[2]
    assert out["location_uncertainty_m"].iloc[0] >= apart


def test_a_candidate_far_from_its_division_is_left_out():
    rows = [(f"Village {i}", "", "Haute-Kotto", "CAR", (22 + i / 10, 6.5)) for i in range(6)]
    book = Book(place("Boda", 17.47, 4.32))
    out = geocode(table([*rows, ("Boda", "", "Haute-Kotto", "CAR", None)]), book)
    assert out["geocode_route"].iloc[-1] == "admin1"


def test_between_two_places_is_their_middle():
    book = Book(place("Bria", *BRIA), place("Bambari", *BAMBARI))
    out = geocode(table([("between Bria and Bambari towns", "", "", "CAR", None)]), book)
    point = out.geometry.iloc[0]
    to_ends = [GEOD.inv(point.x, point.y, *end)[2] for end in (BRIA, BAMBARI)]
    assert out["geocode_route"].iloc[0] == "between"
    assert to_ends[0] == pytest.approx(to_ends[1], rel=1e-6)
    assert out["location_uncertainty_m"].iloc[0] >= to_ends[0]


def test_areas_locate_divisions_without_rows():
    area = shapely.box(16, 3, 18, 5)
    areas = gpd.GeoDataFrame({"name": ["Lobaye"]}, geometry=[area], crs="EPSG:4326")
    out = geocode(table([("Nowhere", "", "Lobaye prefecture", "CAR", None)]), areas=areas)
    assert out["geocode_route"].iloc[0] == "admin1"
    assert area.contains(out.geometry.iloc[0])
    corner = GEOD.inv(out.geometry.iloc[0].x, out.geometry.iloc[0].y, 16, 3)[2]
    assert out["location_uncertainty_m"].iloc[0] >= corner


def test_a_row_of_which_nothing_is_known_says_so():
    out = geocode(table([("Nowhere", "", "", "", None)]))
    assert out["geocode_route"].iloc[0] == "none"
    assert out.geometry.iloc[0] is None
    assert np.isnan(out["location_uncertainty_m"].iloc[0])


def test_the_input_is_not_changed_and_progress_is_reported():
    rows = table([("Bria", "", "", "CAR", BRIA), ("Bria", "", "", "CAR", None), ("Boda", "", "", "CAR", None)])
    before = rows.copy(deep=True)
    told = []
    geocode(rows, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert rows.equals(before)


def test_a_table_without_the_columns_lists_them_all():
    with pytest.raises(InputError) as caught:
        geocode(pd.DataFrame({"place_name": ["Bria"]}))
    assert {fault.field for fault in caught.value.faults} == {"location", "admin2", "admin1", "country"}


def test_a_table_in_metres_is_refused():
    with pytest.raises(CRSError):
        geocode(table([("Bria", "", "", "CAR", BRIA)]).to_crs(3857))


def test_ends_and_cores_of_names():
    assert core("N'Délé town") == "ndele"
    assert core("12 km northeast of Kaga-Bandoro town") == "kaga bandoro"
    assert ends("Bria and Bambari") == ("bria", "bambari")
    assert ends("Saint-Denis") is None


def data_folder():
    for parent in Path(__file__).resolve().parents:
        found = parent.parent / "shared" / "data" / "incidents" / "ucdp_ged231_car.geojson"
        if found.exists():
            return found
    return None


@pytest.mark.real_data
@pytest.mark.parametrize("hidden_share", [0.5, 0.9])
def test_nine_in_ten_true_places_lie_within_the_radius(hidden_share):
    path = data_folder()
    if path is None:
        pytest.skip("the folder of real files is absent")
    truth = gpd.read_file(path)
    hidden = np.random.default_rng(20).random(len(truth)) < hidden_share
    points = truth.geometry.to_numpy(copy=True)
    points[hidden] = None
    options = GeocodeOptions(location="where_coordinates", admin2="adm_2", admin1="adm_1")
    out = geocode(truth.set_geometry(points, crs=truth.crs), options=options)[hidden]
    known = truth[hidden]
    error_m = GEOD.inv(out.geometry.x, out.geometry.y, known.geometry.x, known.geometry.y)[2]
    inside = error_m <= out["location_uncertainty_m"].to_numpy()
    assert out["location_uncertainty_m"].notna().all()
    assert inside.mean() >= 0.88
    assert out["location_uncertainty_m"].median() < 150_000
