"""One web map with most of what a map can show: areas by value, a graticule, incidents in clusters, another language.

The border lengths are measured here; the incidents are invented, for trying. Run it with: python script.py [OUT]
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

import geoconflict as gc

here = Path(__file__).parent
out = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "out"
out.mkdir(parents=True, exist_ok=True)

# How long each neighbour's border with Russia is, on land, rivers and lakes, at full resolution.
neighbours = ["Norway", "Finland", "Estonia", "Latvia", "Lithuania", "Poland", "Belarus", "Ukraine"]
borders = {name: gc.border(name, "Russia", kinds=["land", "river", "lake"]) for name in neighbours}
lands = gc.countries(neighbours, resolution="1 km")
lands["border_km"] = [borders[name]["length_m"].sum() / 1000 for name in lands["name"]]
for row in lands.sort_values("border_km").itertuples():
    print(f"{row.name}: {row.border_km:,.0f} km")

# Three hundred invented incidents along the border of Finland, some of them known to a week only.
rng = np.random.default_rng(7)
line = borders["Finland"].union_all()
at = [line.interpolate(share, normalized=True) for share in rng.random(300)]
first = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 180, 300)), unit="D")
vague = rng.random(300) < 0.2
incidents = gpd.GeoDataFrame(
    {
        "event_type": rng.choice(["protest", "strategic_development", "explosion"], 300, p=[0.5, 0.4, 0.1]),
        "event_date": first.strftime("%Y-%m-%d"),
        "event_date_end": (first + pd.to_timedelta(np.where(vague, 6, 0), unit="D")).strftime("%Y-%m-%d"),
        "time_precision": np.where(vague, "week", "day"),
        "location_uncertainty_m": rng.choice([100.0, 5000.0, 25000.0], 300),
        "source": "Invented for this example",
    },
    geometry=gpd.points_from_xy([p.x for p in at], [p.y for p in at]),
    crs=4326,
)

layers = [
    gc.layers.Choropleth(
        lands, by="border_km", breaks=(250, 500, 1500), unit="km", name="Border with Russia (land, rivers, lakes)"
    ),
    gc.layers.Graticule(),
    gc.layers.Incidents(incidents, name="Invented incidents", display="clusters"),
]
for lang, title, page in (
    ("en", "Neighbours of Russia in Europe by the length of their border", "map.html"),
    ("fr", "Voisins de la Russie en Europe selon la longueur de leur frontière", "carte.html"),
):
    made = gc.Map(
        layers,
        title=title,
        as_of="2025-08-19",
        view=gc.Bounds(4, 44, 42, 72),
        options=gc.MapOptions(lang=lang, theme="auto", static=lang == "en"),
    )
    made.save(out / page)
    print(f"wrote {page}, {(out / page).stat().st_size / 1000:.0f} KB")
gc.figure(made).savefig(out / "figure.png", dpi=160)
