"""Sources: recognition by columns, and the mapping of columns and words."""

import pkgutil
import warnings
from pathlib import Path

import pytest

from geoconflict.errors import NameUnknownError, SchemaError
from geoconflict.incidents import IncidentsWarning, ReadReport, Source, load_sources, read_incidents, sources
from geoconflict.schema import INCIDENTS, conform

DATA = Path(__file__).parents[1] / "data" / "incidents" / "sources"

# sample file → source it must be recognised as, rows used
SAMPLES = {
    "acled.csv": ("acled", 3),
    "acled_old.csv": ("acled_old", 2),
    "atlos.csv": ("atlos", 3),
    "bellingcat.csv": ("bellingcat", 2),
    "gdelt_v1.export.CSV": ("gdelt", 2),
    "gdelt_v1_57.csv": ("gdelt", 2),
    "gdelt_v2.export.CSV": ("gdelt", 3),
    "geoconfirmed.kml": ("osint_map", 2),
    "hdx_hxl.csv": ("hxl", 2),
    "osint.geojson": ("plain", 2),
    "own_table.csv": ("geoconflict", 2),
    "plain.tsv": ("plain", 2),
    "ucdp_candidate.csv": ("ucdp_ged", 1),
    "ucdp_ged.csv": ("ucdp_ged", 2),
    "viina_1pd.csv": ("viina_1pd", 1),
    "viina_v1.csv": ("viina", 3),
    "viina_v2_event_info.csv": ("viina", 1),
    "waypoints.gpx": ("osint_map", 2),
}
# the file of a source → its samples
FILES = {
    "acled": ["acled.csv", "acled_old.csv"],
    "atlos": ["atlos.csv"],
    "bellingcat": ["bellingcat.csv"],
    "gdelt": ["gdelt_v1.export.CSV", "gdelt_v2.export.CSV"],
    "hxl": ["hdx_hxl.csv"],
    "osint": ["geoconfirmed.kml", "waypoints.gpx"],
    "own": ["own_table.csv"],
    "plain": ["plain.tsv", "osint.geojson"],
    "ucdp_ged": ["ucdp_ged.csv", "ucdp_candidate.csv"],
    "viina": ["viina_v1.csv", "viina_v2_event_info.csv", "viina_1pd.csv"],
}


def load(name, source=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        return read_incidents(DATA / name, source=source)


def test_every_file_of_the_folder_has_a_sample_and_a_test():
    modules = {module.name for module in pkgutil.iter_modules(sources.__path__)}
    assert modules == set(FILES), "a new source needs a sample in tests/data/incidents/sources and a line here"
    for names in FILES.values():
        for name in names:
            assert (DATA / name).is_file()
            assert name in SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_recognised_and_becomes_a_table_of_incidents(name):
    source, rows = SAMPLES[name]
    table = load(name)
    report = ReadReport.from_dict(table.attrs["report"])
    assert report.source == source
    assert report.rows_used == len(table) == rows
    assert report.rows_read == report.rows_used + report.rows_set_aside
    again = conform(table, INCIDENTS)
    assert again.equals(table)
    assert table["event_id"].is_unique


def test_acled():
    table = load("acled.csv").set_index("event_id")
    battle, mine, protest = (table.loc[i] for i in ("MLI90001", "MLI90002", "MLI90003"))
    assert (battle.event_date, battle.event_type, battle.sub_event_type) == ("2025-07-01", "battle", "Armed clash")
    assert (battle.actor1, battle.actor2, battle.fatalities) == ("Fictional Force A", "Military Forces of Mali", 3)
    assert (battle.geometry.x, battle.geometry.y) == (-3.61, 14.35)
    assert (mine.time_precision, mine.geo_precision, mine.location_uncertainty_m) == ("week", "near", 25_000)
    assert (protest.time_precision, protest.geo_precision_source, protest.geo_precision) == ("month", "3", "region")
    assert protest.fatalities != protest.fatalities, "nothing said is not nought"
    assert mine.fatalities == 0
    assert battle.event_type_source == "Battles"
    assert battle.disorder_type == "Political violence"
    assert battle.timestamp == 1752000000


def test_acled_of_before_2023_in_capitals_with_day_first():
    table = load("acled_old.csv")
    assert table["event_date"].tolist() == ["2015-04-03", "2015-04-25"]
    assert table["event_type"].tolist() == ["battle", "explosion"]
    assert "before March 2023" in table.attrs["report"]["source_title"]


def test_ucdp_events_are_intervals_with_three_figures():
    table = load("ucdp_ged.csv").set_index("event_id")
    month = table.loc["900002"]
    assert (month.event_date, month.event_date_end, month.time_precision) == ("2023-06-01", "2023-06-30", "month")
    assert (month.fatalities_low, month.fatalities, month.fatalities_high) == (2, 4, 9)
    assert (month.event_type, month.sub_event_type) == ("violence_against_civilians", "one-sided violence")
    assert month.number_of_sources == -1
    assert (month.geo_precision, month.location_uncertainty_m) == ("region", 100_000)
    assert load("ucdp_candidate.csv").iloc[0].geo_precision == "country"


def test_gdelt_codes_keep_leading_zeros_and_centroids_are_marked():
    table = load("gdelt_v2.export.CSV")
    assert table["event_type_source"].tolist() == ["190", "0841", "145"]
    assert table["event_type"].tolist() == ["battle", "unknown", "riot"]
    assert table["geo_precision"].tolist() == ["locality", "country", "region"]
    assert table["event_id"].tolist()[0] == "900000001"
    assert load("gdelt_v1_57.csv")["event_type_source"].tolist() == ["190", "0841"]
    assert "source_url" not in load("gdelt_v1_57.csv").columns


def test_viina_flags_decide_the_type_in_their_order():
    table = load("viina_v1.csv")
    assert table["event_type"].tolist() == ["explosion", "battle", "unknown"]
    assert table["geo_precision"].tolist() == ["exact", "region", "locality"]
    assert table["location_uncertainty_m"].tolist() == [500, 100_000, 5_000]
    assert table["event_date"].tolist()[0] == "2022-03-01"


def test_bellingcat_dates_are_month_first_and_located_pictures_exact():
    table = load("bellingcat.csv")
    assert table["event_date"].tolist() == ["2022-04-13", "2022-04-03"]
    assert table["geo_precision"].tolist() == ["exact", "unknown"]
    assert table["country"].tolist() == ["Ukraine", "Ukraine"]


def test_atlos_radii_are_those_it_publishes():
    assert load("atlos.csv")["location_uncertainty_m"].tolist() == [10, 100, 1000]


def test_kml_takes_the_day_from_stamp_or_name_and_follows_no_link():
    table = load("geoconfirmed.kml")
    assert table["event_date"].tolist() == ["2022-02-27", "2022-03-01"]
    assert table["sub_event_type"].tolist() == ["Made-up map / Explosions"] * 2
    report = table.attrs["report"]
    assert report["set_aside"][0]["kind"] == "a LineString: not the point of an event"
    assert report["warnings"] == ["network links are not followed: 1 left out"]


def test_hxl_tags_name_the_columns_whatever_the_headers_say():
    table = load("hdx_hxl.csv")
    assert table["admin1"].tolist() == ["Mopti", "Gao"]
    assert table["fatalities"].tolist() == [2, 0]
    assert table["source_row"].tolist() == [1, 2]


def test_source_can_be_selected_by_name():
    table = load("acled.csv", source="plain")
    assert table.attrs["report"]["source"] == "plain"
    with pytest.raises(NameUnknownError, match="did you mean acled"):
        load("acled.csv", source="aclde")


def test_column_map_in_python():
    table = load(
        "own_source.csv", source={"event_date": "Tag", "latitude": "Breite", "longitude": "Länge", "event_id": "Nummer"}
    )
    assert table["event_id"].tolist() == ["7", "8"]
    assert table.geometry.x.tolist() == [25.2797, 24.4]


def test_source_in_yaml():
    table = load("own_source.csv", source=str(DATA / "own_source.yaml"))
    assert table["event_type"].tolist() == ["battle", "explosion"]
    assert table["location_uncertainty_m"].tolist() == [20, 5000]
    assert table["dataset"].tolist() == ["dorfchronik"] * 2


def test_registering_returns_new_sources():
    known = load_sources()
    mine = Source(name="mine", title="Mine", columns={"event_date": ("tag",)}, signature=("tag", "ort"))
    more = known.register(mine)
    assert more.recognise(["Tag", "Ort"]).name == "mine"
    assert known.recognise(["Tag", "Ort"]) is None
    assert len(more.members) == len(known.members) + 1
    assert len(more.register(mine).members) == len(more.members)


def test_source_refuses_a_map_onto_nothing():
    with pytest.raises(SchemaError, match="event_date"):
        Source(name="x", title="x", columns={"event_dat": ("tag",)})


def test_no_two_sources_have_one_signature():
    signatures = [frozenset(source.signature) for source in load_sources() if source.signature]
    assert len(signatures) == len(set(signatures))
