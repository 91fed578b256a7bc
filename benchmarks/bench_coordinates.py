"""Measure how many coordinates are parsed per second, and how many correctly, compared with geopy.

Run from the root of the checkout: ``python benchmarks/bench_coordinates.py``. Times are
processor times, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import random
import time
import warnings
from pathlib import Path

import mgrs
from geopy.distance import great_circle
from geopy.point import Point
from openlocationcode import openlocationcode

from geoconflict.coordinates import CountryContext, parse_column
from geoconflict.crs import Bounds

DATA = Path(__file__).parents[1] / "tests" / "data" / "coordinates"
ROWS = 200_000
MIXED = 20_000


FORMS = (
    "{lat:.5f}; {lon:.5f}",
    "({lat:.4f}, {lon:.4f})",
    "lat: {lat:.5f}, lon: {lon:.5f}",
    "{alat:.5f}{ns} {alon:.5f}{ew}",
    "{ns} {alat:.4f}, {ew} {alon:.4f}",
    "{a}°{b:02d}'{c:02d}\"{ns} {d}°{e:02d}'{f:02d}\"{ew}",
    "{ns}{a}°{b:02d}′{c:02d}″ {ew}{d}°{e:02d}′{f:02d}″",
    "{a:02d}{b:02d}{c:02d}{ns}{d:03d}{e:02d}{f:02d}{ew}",
    "{a}° {b}.{c:03d}' {ns}, {d}° {e}.{f:03d}' {ew}",
    "{a} {b} {c} {ns} {d} {e} {f} {ew}",
    "{mgrs}",
    "{zone} {east} {north}",
    "{plus}",
    "geo:{lat:.5f},{lon:.5f}",
    "POINT({lon:.5f} {lat:.5f})",
    "https://www.google.com/maps?q={lat:.5f},{lon:.5f}",
    "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=12/1/1",
    "{lat:+09.5f}{lon:+010.5f}/",
    "A drone fell at {lat:.5f}, {lon:.5f} near the road.",
    "{alat:.5f} {ru_ns} {alon:.5f} {ru_ew}",
)


def every_form(dice: random.Random) -> list[str]:
    """Write one random point in every form."""
    lat, lon = dice.uniform(-79, 79), dice.uniform(-179, 179)
    zone = int((lon + 180) // 6) + 1
    values = {
        "lat": lat,
        "lon": lon,
        "alat": abs(lat),
        "alon": abs(lon),
        "ns": "NS"[lat < 0],
        "ew": "EW"[lon < 0],
        "ru_ns": "с.ш." if lat >= 0 else "ю.ш.",
        "ru_ew": "в.д." if lon >= 0 else "з.д.",
        "a": int(abs(lat)),
        "d": int(abs(lon)),
        **{name: dice.randrange(60) for name in "bcef"},
        "mgrs": mgrs.MGRS().toMGRS(lat, lon),
        "plus": openlocationcode.encode(lat, lon),
        "zone": f"{zone}{'CDEFGHJKLMNPQRSTUVWX'[int((lat + 80) // 8)]}",
        "east": dice.randrange(480_000, 520_000),
        "north": int(lat * 110_600 + (1e7 if lat < 0 else 0)),
    }
    return [form.format(**values) for form in FORMS]


def rate(texts: list[str], **context: object) -> float:
    """Return texts per second, the best of three."""
    parse_column(texts[:1000], **context)
    times = []
    for _ in range(3):
        began = time.process_time()
        parse_column(texts, **context)
        times.append(time.process_time() - began)
    return len(texts) / min(times)


def geopy_rate(texts: list[str]) -> float:
    """Return texts per second of geopy's parser."""
    began = time.process_time()
    for text in texts:
        try:
            Point.from_string(text)
        except ValueError:
            continue
    return len(texts) / (time.process_time() - began)


def geopy_outcomes(rows: list[dict[str, object]]) -> dict[str, int]:
    """Count the outcomes of geopy's parser on the sets."""
    count = {"right": 0, "refused": 0, "silently wrong": 0, "rightly refused": 0}
    for row in rows:
        try:
            point = Point.from_string(str(row["text"]))
        except ValueError:
            count["rightly refused" if row.get("refuse") else "refused"] += 1
            continue
        point = Point(point.latitude, point.longitude)
        here = (row.get("lat"), row.get("lon"))
        near = not row.get("refuse") and great_circle(point, here).meters <= 1.01 * float(str(row["tolerance_m"]))
        count["right" if near else "silently wrong"] += 1
    return count


def main() -> None:
    """Print the measurements."""
    warnings.simplefilter("ignore")  # geopy warns about latitudes beyond 90 degrees
    dice = random.Random(5)  # noqa: S311 - no secret depends on it
    decimals = [f"{dice.uniform(-89, 89):.5f}, {dice.uniform(-179, 179):.5f}" for _ in range(ROWS)]
    box = CountryContext("a box", Bounds(-179, -89, 179, 89))
    rows = [
        json.loads(line)
        for name in ("development.jsonl", "further.jsonl")
        for line in (DATA / name).open(encoding="utf-8")
    ]
    mixed = [text for _ in range(MIXED // len(FORMS)) for text in every_form(dice)]
    ours = rate(decimals)
    peer = geopy_rate(decimals[:20_000])
    print(f"decimal pairs              {ours:>10,.0f} per second; geopy {peer:>9,.0f}; ratio {ours / peer:.1f}")
    print(f"decimal pairs, in a country{rate(decimals, country=box):>10,.0f} per second")
    ours, peer = rate(mixed), geopy_rate(mixed)
    print(
        f"every notation, mixed      {ours:>10,.0f} per second; geopy {peer:>9,.0f}; ratio {ours / peer:.1f} (it parses few of them)"
    )
    hard = [row["text"] for row in rows]
    print(f"the two test sets          {rate(hard):>10,.0f} per second, refusals included")
    print(f"geopy on the {len(rows)} rows of the two sets: {geopy_outcomes(rows)}")


if __name__ == "__main__":
    main()
