"""Calls that a type checker must accept."""

import datetime as dt
from pathlib import Path

import geopandas as gpd

import geoconflict as gc

border = gc.border("Lithuania", ["Belarus", "Russia"], worldview="de_facto", kinds=["land", "river"])
bands = gc.bands(border, ["0 mi", 5000.0, "30 mi"], side="both")
country = gc.country("Lithuania")
inside_area = gc.bands(border, ["0 km", "5 km"], side=country)
events = gc.read_incidents(Path("events.csv"), source="acled", options=gc.ReadOptions(date_order="dmy"))
metres = gc.distance(events, border)
total = float(metres.sum())
near = gc.near(events, border, ["5 km", 25_000.0])
nearest = gc.nearest(events, border, k=2, max_distance="50 km")
counted = gc.count(gc.in_zones(events, bands), bands, by="event_type", sum="fatalities")
zones = gc.buffer(events, 5000, dissolve=True)
line = gc.read_fortifications("line.yaml")
echelons: gpd.GeoDataFrame = line.echelons
length: float = gc.parse_length("30 mi").value_m
points = gc.parse_coordinates(["54.68 N 25.28 E"], country="Lithuania").lon
m = gc.Map(
    [gc.layers.Bands(bands), gc.layers.Incidents(events, name="Events")],
    title="A map",
    as_of=dt.date(2025, 8, 19),
    view=gc.Bounds(20.0, 53.0, 27.0, 57.0),
)
page: str = m.html()
m.save("map.html")
gc.write(bands, "bands.gpkg")
text: str = gc.to_geojson(bands)
built = gc.build("project.yaml", "out")
tables = built.tables["border"]
try:
    gc.resolve("Lithunia")
except gc.errors.NameUnknownError as error:
    names: tuple[str, ...] = error.suggestions
