"""Each step of a project on its own, with every key it takes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
from shapely import LineString, Point, box

from geoconflict.errors import InputError, NameUnknownError, SchemaError
from geoconflict.project import model as m, steps
from geoconflict.project.steps import Context

GEOD = pyproj.Geod(ellps="WGS84")
# Simferopol is in Crimea; the isthmus of Perekop connects Crimea with the mainland.
SIMFEROPOL, PEREKOP = Point(34.10, 44.95), Point(33.69, 46.15)
AS_OF = dt.date(2025, 8, 19)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path, "de_facto", AS_OF)


def table(geometry: list[object], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")


def run(context: Context, name: str = "out", **keys: object) -> gpd.GeoDataFrame | None:
    verb = m.find_verb(keys)
    assert verb is not None
    steps.run(m.STEPS[verb].model_validate(keys), name, context)
    return context.tables.get(name)


def km_to(point: Point, lines: gpd.GeoDataFrame) -> float:
    nearest = gpd.tools.sjoin_nearest(table([point]).to_crs(32636), lines.to_crs(32636), distance_col="d")
    return float(nearest["d"].iloc[0]) / 1000


@pytest.mark.parametrize(("worldview", "at_perekop"), [("de_facto", True), ("international", False)])
def test_a_border_is_drawn_by_the_worldview_of_the_project(tmp_path: Path, worldview: str, *, at_perekop: bool) -> None:
    context = Context(tmp_path, worldview, AS_OF)
    border = run(context, border="Ukraine", **{"with": "Russia"})
    assert set(border["worldview"]) == {worldview}
    assert (km_to(PEREKOP, border) < 20) == at_perekop
    country = run(context, country="Ukraine")
    assert set(country["worldview"]) == {worldview}
    assert bool(country.contains(SIMFEROPOL).item()) == (not at_perekop)


def test_a_border_has_only_the_kinds_and_the_resolution_asked_for(context: Context) -> None:
    full = run(context, border="Moldova", **{"with": ["Romania", "Ukraine"]})
    some = run(context, border="Moldova", kinds=["land"], resolution="2 km", **{"with": ["Romania", "Ukraine"]})
    assert set(full["country_b"]) == {"Romania", "Ukraine"}
    assert {"land", "river"} <= set(full["kind"])
    assert set(some["kind"]) == {"land"}
    assert set(some["resolution_m"]) == {2000.0}
    assert some["length_m"].sum() == pytest.approx(full.loc[full["kind"] == "land", "length_m"].sum())
    assert some.get_coordinates().shape[0] < full[full["kind"] == "land"].get_coordinates().shape[0] / 5


def test_several_countries_are_one_row_each(context: Context) -> None:
    assert run(context, country=["Estonia", "Latvia"])["name"].tolist() == ["Estonia", "Latvia"]


def write_incidents(folder: Path, name: str = "events.csv", *, day: str = "03/04/2025", more: str = "") -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"id,date,lat,lon\na,{day},13.5,-7.9\n{more}", encoding="utf-8")


@pytest.mark.parametrize(("order", "day"), [("dmy", "2025-04-03"), ("mdy", "2025-03-04")])
def test_incidents_take_the_order_of_dates_and_the_country(context: Context, order: str, day: str) -> None:
    write_incidents(context.folder)
    found = run(context, incidents="events.csv", date_order=order, country="Mali")
    assert found["event_date"].tolist() == [day]
    assert found["country"].tolist() == ["Mali"]
    assert context.inputs == [context.folder / "events.csv"]


def test_incidents_take_the_source(context: Context) -> None:
    write_incidents(context.folder)
    with pytest.raises(NameUnknownError, match="did you mean acled"):
        run(context, incidents="events.csv", source="aclde")


def test_every_file_of_incidents_keeps_its_report_and_its_rejected_rows(context: Context) -> None:
    for folder in ("north", "south"):
        write_incidents(context.folder, f"{folder}/events.csv", day="2025-08-19", more="b,no day,13,-7\n")
        run(context, folder, incidents=f"{folder}/events.csv")
    assert len(context.reports) == 2
    assert [list(rows["row"]) for rows in context.set_aside.values()] == [[2], [2]]
    assert list(context.set_aside) == ["north", "south"]
    assert sum("layers/south_set_aside.csv" in note for note in context.notes) == 1
    assert not any("lie after" in note for note in context.notes), "an event on the date of the map is not after it"


def test_a_clean_file_has_no_rejected_rows(context: Context) -> None:
    write_incidents(context.folder, day="2025-08-20")
    run(context, incidents="events.csv")
    assert context.set_aside == {}
    assert context.notes[-1] == "events.csv: 1 of its events lie after 2025-08-19, the date of the map"


def test_crossings_have_the_status_of_the_date_of_the_map(tmp_path: Path) -> None:
    # Lithuania closed Šumskas and Tverečius on 18 August 2023, Lavoriškės and Raigardas on 1 March 2024.
    closed = {}
    for day in ("2023-08-01", "2023-09-01", "2024-04-01"):
        found = run(
            Context(tmp_path, "de_facto", dt.date.fromisoformat(day)), crossings="Lithuania", **{"with": "Belarus"}
        )
        closed[day] = int((found["status"] == "closed").sum())
    assert closed == {"2023-08-01": 0, "2023-09-01": 2, "2024-04-01": 4}


def test_crossings_and_places_of_a_file(context: Context) -> None:
    head = "name,country_a,country_b,kind,status,longitude,latitude,source\n"
    (context.folder / "posts.csv").write_text(head + "Post,Mali,Senegal,road,open,-12.2,14.46,S\n", encoding="utf-8")
    (context.folder / "places.csv").write_text(
        "name,kind,country,longitude,latitude,source\nKidira,town,Senegal,-12.21,14.45,S\n", encoding="utf-8"
    )
    assert run(context, crossings="posts.csv")["name"].tolist() == ["Post"]
    assert run(context, places="places.csv")["name"].tolist() == ["Kidira"]
    assert [path.name for path in context.inputs] == ["posts.csv", "places.csv"]


def test_control_lasts_until_the_day_before_the_next_snapshot(context: Context) -> None:
    for day in ("a", "b"):
        table([box(27, 46, 28, 47)]).to_file(context.folder / f"{day}.geojson")
    files = {"2025-08-01": "a.geojson", "2025-08-11": "b.geojson"}
    held = run(context, control=files, holder="Northland", until="2025-09-30")
    assert held["holder"].tolist() == ["Northland"] * 2
    assert held["valid_from"].tolist() == ["2025-08-01", "2025-08-11"]
    assert held["valid_to"].tolist() == ["2025-08-10", "2025-09-30"]
    assert run(context, control=files, holder="N")["valid_to"].iloc[1] == "2025-08-11"


FENCE = """\
id: demo
name: A fence
owner: Ukraine
status: complete
sources: {{report: {{title: A report}}}}
segments:
  - id: north
    reference: {{border: {{of: Ukraine, with: Russia}}}}
    side: Ukraine
    facing: Russia
    strips: [{{type: fence, offset: 100 m}}]
claims:
  - id: crimea
    text: Perekop is 5 km from the border
    kind: distance
    subject: {{name: Perekop, at: [{lon}, {lat}]}}
    border: {{of: Ukraine, with: [Russia]}}
    value: 5 km
    sources: [report]
"""


@pytest.mark.parametrize(("worldview", "at_perekop"), [("de_facto", True), ("international", False)])
def test_fortifications_and_their_claims_use_the_worldview(tmp_path: Path, worldview: str, *, at_perekop: bool) -> None:
    (tmp_path / "fence.yaml").write_text(FENCE.format(lon=PEREKOP.x, lat=PEREKOP.y), encoding="utf-8")
    context = Context(tmp_path, worldview, AS_OF)
    run(context, "line", fortifications="fence.yaml")
    assert list(context.tables) == ["line.echelons", "line.strips", "line.sites"]
    assert (km_to(PEREKOP, context.tables["line.strips"]) < 20) == at_perekop
    (verdict,) = context.verdicts
    assert (verdict.measured[0].value_m < 20_000) == at_perekop


def test_bands_lie_on_the_side_named(context: Context) -> None:
    run(context, "gap", border="Lithuania", **{"with": "Poland"})
    both = run(context, bands="gap", edges=["0 km", "5 km"], side="both")
    assert both["country"].tolist() == ["Lithuania", "Poland"]
    one = run(context, bands="gap", edges=["0 mi", "3 mi"], side="Poland")
    assert one["country"].tolist() == ["Poland"]
    assert one["name"].tolist() == ["0–3 mi"]


def test_buffers_take_dissolve_and_label(context: Context) -> None:
    context.tables["towns"] = table([Point(25, 55), Point(25.01, 55)], town=["A", "B"])
    assert run(context, buffer="towns", radius="5 km", label="town")["name"].tolist() == ["A", "B"]
    whole = run(context, buffer="towns", radius="5 km", dissolve=True)
    assert len(whole) == 1
    assert whole["band_outer_m"].tolist() == [5000.0]


EQUATOR = [Point(0, 0), Point(0.1, 0), Point(3, 0)]


def test_near_takes_one_or_several_radii(context: Context) -> None:
    context.tables |= {"points": table(EQUATOR), "base": table([Point(0, 0)])}
    assert len(run(context, near="points", of="base", radius="5 km")) == 1
    found = run(context, near="points", of="base", radius=["50 km", "5 km"])
    assert found["within_m"].tolist() == [5000.0, 50_000.0]
    assert context.computed["out"] == ["distance_m", "within_m"]


def test_distances_go_to_the_column_named_and_overwrite_nothing(context: Context) -> None:
    points = table(EQUATOR)
    context.tables |= {"points": points, "base": table([Point(0, 0)])}
    first = run(context, "first", distance="points", to="base", **{"as": "to_base_m"})
    assert first["to_base_m"].to_numpy() == pytest.approx([GEOD.inv(0, 0, p.x, p.y)[2] for p in EQUATOR], abs=1e-6)
    assert list(points.columns) == ["geometry"]
    second = run(context, "second", distance="first", to="base")
    assert (second["distance_m"] == second["to_base_m"]).all()
    assert context.computed["second"] == ["to_base_m", "distance_m"]
    with pytest.raises(SchemaError, match="'second' already has the column 'distance_m'; choose another name"):
        run(context, distance="second", to="base")


def test_count_takes_by_sum_and_weight(context: Context) -> None:
    context.tables["points"] = table(
        [Point(0.5, 0.5), Point(0.4, 0.5)], kind=["a", "b"], dead=[2.0, 3.0], w=[0.5, 0.25]
    )
    context.tables["zones"] = table([box(0, 0, 1, 1)], zone_id=["z"])
    found = run(context, count="points", zones="zones", by="kind", sum="dead", weight="w")
    assert found[["n", "n_a", "n_b", "sum_dead", "n_weighted"]].to_numpy().tolist() == [[2, 1, 1, 5.0, 0.75]]
    assert context.computed["out"] == ["n", "n_a", "n_b", "sum_dead", "n_weighted"]


def test_in_zones_takes_the_label(context: Context) -> None:
    context.tables["points"] = table([Point(0.5, 0.5), Point(5, 5)])
    context.tables["zones"] = table([box(0, 0, 1, 1)], name=["name"], code=["Z1"])
    assert run(context, in_zones="points", zones="zones", label="code")["zone"].tolist() == ["Z1"]
    assert run(context, in_zones="points", zones="zones")["zone"].tolist() == ["name"]


def test_a_file_read_twice_is_one_input(context: Context) -> None:
    write_incidents(context.folder, day="2025-08-01")
    run(context, "a", incidents="events.csv")
    run(context, "b", incidents="events.csv")
    assert context.inputs == [context.folder / "events.csv"]


def test_a_model_without_a_function_is_an_error(context: Context) -> None:
    with pytest.raises(InputError, match="no function runs a GridModel"):
        steps.run(m.GridModel(file="x"), "out", context)
    assert np.all([callable(steps.run.dispatch(kind)) for kind in m.STEPS.values()])
    assert all(steps.run.dispatch(kind) is not steps.run.dispatch(m.Model) for kind in m.STEPS.values())


def test_distance_to_a_line_and_an_area(context: Context) -> None:
    context.tables["points"] = table([Point(1, 1)])
    context.tables["line"] = table([LineString([(0, 0), (2, 0)])])
    context.tables["area"] = table([box(0, 0, 2, 2)])
    to_line = run(context, distance="points", to="line")["distance_m"].item()
    assert to_line == pytest.approx(GEOD.inv(1, 1, 1, 0)[2], rel=1e-6)
    assert run(context, distance="points", to="area")["distance_m"].item() == 0
