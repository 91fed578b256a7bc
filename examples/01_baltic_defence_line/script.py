"""The Baltic defence line in Lithuania, as a script: borders, echelons, bands, map, figure.

Run it with: python script.py [OUT]
"""

from __future__ import annotations

import sys
from pathlib import Path

import geoconflict as gc

here = Path(__file__).parent
out = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "out"
out.mkdir(parents=True, exist_ok=True)

# The border on land, rivers and the lagoon's shore; one row per stretch of one kind.
border = gc.border("Lithuania", ["Belarus", "Russia"], kinds=["land", "river", "lake"])
print(
    f"border: {border['length_m'].sum() / 1000:,.1f} km at full resolution, drawn within {border['resolution_m'].max():g} m"
)

# The description says what the sources say; the layout puts it beside the border.
line = gc.read_fortifications(here / "defence_line.yaml")
for echelon in line.echelons.itertuples():
    print(
        f"{echelon.name}: {echelon.inner_m / 1000:g} to {echelon.outer_m / 1000:g} km, {echelon.area_m2 / 1e6:,.0f} km²"
    )

# "About 30 miles deep", measured.
bands = gc.bands(border, ["0 mi", "3 mi", "15 mi", "30 mi"], side="Lithuania")
share = bands["area_m2"].sum() / gc.country("Lithuania")["area_m2"].sum()
print(f"within 30 miles of the border: {share:.0%} of Lithuania")

places = gc.read_places(here / "places.csv")
places["distance_to_border_m"] = gc.distance(places, border)
for name in ("Vilnius", "Rukla"):
    metres = places.set_index("name").loc[name, "distance_to_border_m"]
    print(f"{name}: {metres / 1000:.1f} km ({metres / 1609.344:.1f} mi) from the border")

incidents = gc.read_incidents(here / "incidents.csv")
incidents["distance_to_border_m"] = gc.distance(incidents, border)
counted = gc.count(incidents, bands)
print("incidents by band:", dict(zip(counted["name"], counted["n"], strict=True)))

m = gc.Map(
    [
        gc.layers.Echelons(line.echelons),
        gc.layers.Borders(border, name="Border with Belarus and Russia"),
        gc.layers.Strips(line.strips),
        gc.layers.Incidents(incidents, name="Drones from Belarus in July 2025"),
        gc.layers.Places(places),
    ],
    title="The Baltic defence line in Lithuania",
    as_of="2025-08-19",
)
m.save(out / "map.html")
gc.write(line.echelons, out / "echelons.gpkg")
gc.figure(m).savefig(out / "figure.png", dpi=160)
print(f"wrote map.html, echelons.gpkg and figure.png to {out}")
