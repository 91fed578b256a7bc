"""Seven attacks in Mali on 1 July 2025, as a script: how far is each from which border.

Run it with: python script.py [OUT]
"""

from __future__ import annotations

import sys
from pathlib import Path

import geoconflict as gc

here = Path(__file__).parent
out = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "out"
out.mkdir(parents=True, exist_ok=True)

incidents = gc.read_incidents(here / "incidents.csv")
print(f"{len(incidents)} incidents read from {incidents['dataset'].iloc[0]}")

senegal = gc.border("Mali", "Senegal")
mauritania = gc.border("Mali", "Mauritania")
incidents["distance_to_senegal_m"] = gc.distance(incidents, senegal)
incidents["distance_to_mauritania_m"] = gc.distance(incidents, mauritania)
for row in incidents.sort_values("distance_to_senegal_m").itertuples():
    print(
        f"{row.location:16} {row.distance_to_senegal_m / 1000:7.1f} km from Senegal, "
        f"{row.distance_to_mauritania_m / 1000:7.1f} km from Mauritania, ±{row.location_uncertainty_m / 1000:g} km"
    )

zones = gc.bands(senegal, ["0 km", "5 km", "25 km", "50 km"], side="Mali")
counted = gc.count(incidents, zones)
for zone in counted.itertuples():
    print(f"{zone.name}: {zone.n} incidents, {zone.n_certain} of them surely")
near = gc.near(incidents, senegal, "50 km")
print(f"within 50 km of Senegal: {', '.join(near['location'])}")

m = gc.Map(
    [
        gc.layers.Bands(zones, name="Distance from the border with Senegal"),
        gc.layers.Borders(senegal, name="Border with Senegal"),
        gc.layers.Borders(mauritania, name="Border with Mauritania"),
        gc.layers.Incidents(incidents, name="Attacks of 1 July 2025"),
    ],
    title="Seven attacks in Mali on 1 July 2025",
    as_of="2025-07-02",
)
m.save(out / "map.html")
gc.write(incidents, out / "incidents.geojson")
gc.figure(m).savefig(out / "figure.png", dpi=160)
print(f"wrote map.html, incidents.geojson and figure.png to {out}")
