"""Write development.jsonl: strings in every notation with the point that each means, or a refusal.

The truth does not come from the package: it is chosen here, and written out by formatters of
this file, by ``mgrs``, ``openlocationcode`` and ``pyproj``. A line has ``text``, ``kind`` and
either ``lat, lon, tolerance_m`` or ``refuse: true``; ``country`` (bounds west, south, east,
north) and ``reference`` (lon, lat) are the context where there is one.

Run it from the root of the checkout: ``python tests/data/coordinates/make_development.py``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import mgrs
import pyproj
from openlocationcode import openlocationcode

LITHUANIA = [20.9, 53.8, 26.9, 56.5]
UKRAINE = [22.1, 44.3, 40.3, 52.4]
SPAIN = [-9.4, 35.9, 3.4, 43.8]
PLACES = {
    "vilnius": (54.68716, 25.27965),
    "bakhmut": (48.59441, 38.00068),
    "nairobi": (-1.29207, 36.82195),
    "quito": (-0.18065, -78.46784),
    "madrid": (40.41678, -3.70379),
    "suva": (-18.14161, 178.44190),
}
ROWS: list[dict[str, object]] = []


def add(kind: str, text: str, lat: float, lon: float, tolerance_m: float, **context: object) -> None:
    ROWS.append(
        {"kind": kind, "text": text, "lat": round(lat, 8), "lon": round(lon, 8), "tolerance_m": tolerance_m, **context}
    )


def refuse(kind: str, *texts: str, **context: object) -> None:
    ROWS.extend({"kind": kind, "text": text, "refuse": True, **context} for text in texts)


def dms(value: float, digits: int = 0) -> tuple[int, int, float]:
    total = round(abs(value) * 3600, digits)
    return int(total // 3600), int(total % 3600 // 60), round(total % 60, digits)


def dm(value: float, digits: int = 3) -> tuple[int, float]:
    total = round(abs(value) * 60, digits)
    return int(total // 60), round(total % 60, digits)


def ns(lat: float) -> str:
    return "N" if lat >= 0 else "S"


def ew(lon: float) -> str:
    return "E" if lon >= 0 else "W"


def decimals() -> None:
    forms = (
        "{lat}, {lon}",
        "{lat},{lon}",
        "{lat} {lon}",
        "{lat};{lon}",
        "{lat}; {lon}",
        "{lat}/{lon}",
        "{lat} / {lon}",
        "{lat}|{lon}",
        "{lat}\t{lon}",
        "({lat}, {lon})",
        "  {lat} ,{lon}  ",
        "{lat}° {lon}°",
        "{lat}°, {lon}°",
        "{lat}º, {lon}º",
        '"{lat}, {lon}"',
        "lat: {lat}, lon: {lon}",
        "Lat {lat} Lon {lon}",
        "lat={lat}&lng={lon}",
        "latitude: {lat}; longitude: {lon}",
        "LAT {lat} LONG {lon}",
        "lon: {lon}, lat: {lat}",
        "Longitude {lon}, Latitude {lat}",
        "lng={lon} lat={lat}",
        "lat, lon: {lat}, {lon}",
        "lon, lat: {lon}, {lat}",
        "(lat, lon) = ({lat}, {lon})",
        "{lat}, {lon} (lat, lon)",
        "lat/lon {lat}/{lon}",
        "Широта: {lat} Долгота: {lon}",
        "широта {lat}, довгота {lon}",
        "Latitud: {lat}, Longitud: {lon}",
        "Breite: {lat}, Länge: {lon}",
        "GPS: {lat}, {lon}",
        "Coordinates: {lat}, {lon}",
        "координаты {lat}, {lon}",
        "{lat}, {lon} (WGS84)",
        "WGS 84: {lat} {lon}",
        "[lat: {lat}, lon: {lon}]",
        "x: {lon}, y: {lat}",
        "{lat}\u00a0{lon}",
        "{lat},\u202f{lon}",
        "\ufeff{lat}, {lon}",
        "{lat}\u200b, {lon}",
        "{lat} deg, {lon} deg",
        "{lat} degrees, {lon} degrees",
        "loc: {lat},{lon}",
        "{lat} and {lon}",
    )
    points = list(PLACES.values())
    for i, form in enumerate(forms):
        lat, lon = points[i % len(points)]
        add("decimal", form.format(lat=lat, lon=lon), lat, lon, 2)
    hemispheres = (
        "{lat}{ns} {lon}{ew}",
        "{lat} {ns}, {lon} {ew}",
        "{lat}° {ns}, {lon}° {ew}",
        "{lat}°{ns} {lon}°{ew}",
        "{ns}{lat} {ew}{lon}",
        "{ns} {lat}, {ew} {lon}",
        "{ns}{lat}°, {ew}{lon}°",
        "{ns}: {lat} {ew}: {lon}",
        "{lat}{ns}{lon}{ew}",
        "{ns}{lat}{ew}{lon}",
        "{lon}{ew}, {lat}{ns}",
        "{ew}{lon} {ns}{lat}",
        "{lat} {ns} / {lon} {ew}",
        "{lat}{ns},{lon}{ew}",
        "Lat: {lat} {ns} Lon: {lon} {ew}",
        "Latitude: {ns} {lat}, Longitude: {ew} {lon}",
        "{lat} °{ns}; {lon} °{ew}",
        "{lat} deg {ns}, {lon} deg {ew}",
        "{lat}d{ns} {lon}d{ew}",
        "{lat}, {lon} {ns} {ew}",
    )
    for i, form in enumerate(hemispheres):
        for shift in (0, 3):
            lat, lon = points[(i + shift) % len(points)]
            text = form.format(lat=abs(lat), lon=abs(lon), ns=ns(lat), ew=ew(lon))
            add("decimal", text if shift else text.lower() if i % 5 == 4 else text, lat, lon, 2)
    lat, lon = PLACES["vilnius"]
    comma = f"{lat}".replace(".", ","), f"{lon}".replace(".", ",")
    for form in (
        "{} {}",
        "{}; {}",
        "{}, {}",
        "{},{}",
        "{}° {}°",
        "{}N {}E",
        "{} с.ш. {} в.д.",
        "{}/{}",
        "lat {} lon {}",
        "N {} E {}",
        "{}|{}",
    ):
        add("decimal comma", form.format(*comma), lat, lon, 2)
    words = (
        "{lat} с.ш. {lon} в.д.",
        "{lat}° с. ш., {lon}° в. д.",
        "{lat} С, {lon} В",
        "С {lat} В {lon}",
        "{lat}°С {lon}°В",
        "{lat} пн.ш. {lon} сх.д.",
        "{lat}° пн. ш. {lon}° сх. д.",
        "{lat} северной широты, {lon} восточной долготы",
        "{lat} північної широти, {lon} східної довготи",
        "{lat} Nord, {lon} Ost",
        "{lat} Nord {lon} Est",
        "{lat} Norte, {lon} Este",
        "{lat}° nördlicher Breite, {lon}° östlicher Länge",
        "{lat}° n. Br., {lon}° ö. L.",
        "{lat} north, {lon} east",
        "{lat} degrees North, {lon} degrees East",
        "latitude {lat} north, longitude {lon} east",
        "{lat} degrees north latitude, {lon} degrees east longitude",
        "北纬{lat} 东经{lon}",
        "{lat}° de latitude nord, {lon}° de longitude est",
        "{lat} пн {lon} сх",
        "Š {lat} R {lon}",
        "شمال {lat} شرق {lon}",
        "szerokość {lat}, długość {lon}",
    )
    for form in words:
        add("languages", form.format(lat=lat, lon=lon), lat, lon, 2)
    lat, lon = PLACES["madrid"]
    for form in (
        "{} Norte, {} Oeste",
        "{} Nord, {} Ouest",
        "{} с.ш. {} з.д.",
        "{} С {} З",
        "{}° N, {}° West",
        "{} пн.ш. {} зх.д.",
        "N {} V {}",
    ):
        add("languages", form.format(lat, abs(lon)), lat, lon, 2)
    add("languages", f"{lat} N {abs(lon)} O", lat, lon, 2, country=SPAIN)
    add("languages", "54.68716 N 25.27965 O", 54.68716, 25.27965, 2, country=LITHUANIA)
    add("languages", "1.29207 ю.ш. 36.82195 в.д.", *PLACES["nairobi"], 2)
    add("unicode", "−1.29207, 36.82195", *PLACES["nairobi"], 2)
    add("unicode", "−0.18065, −78.46784", *PLACES["quito"], 2)
    add("unicode", "－1.29207， 36.82195", *PLACES["nairobi"], 2)
    add("unicode", "５４．６８７１６，２５．２７９６５", *PLACES["vilnius"], 2)
    add("unicode", "٥٤٫٦٨٧١٦, ٢٥٫٢٧٩٦٥", *PLACES["vilnius"], 2)
    add("unicode", "५४.६८७१६, २५.२७९६५", *PLACES["vilnius"], 2)
    add("unicode", "54·68716, 25·27965", *PLACES["vilnius"], 2)
    add("unicode", "54.68716Â°N, 25.27965Â°E", *PLACES["vilnius"], 2)
    add("unicode", "54.68716&deg;N 25.27965&deg;E", *PLACES["vilnius"], 2)
    add("unicode", "–1.29207, 36.82195", *PLACES["nairobi"], 2)
    add("order", "178.44190, -18.14161", *PLACES["suva"], 2)
    add("order", "25.27965, 54.68716", *PLACES["vilnius"], 2, country=LITHUANIA)
    add("order", "[25.27965, 54.68716]", *PLACES["vilnius"], 2, country=LITHUANIA)
    add("order", "[54.68716, 25.27965]", *PLACES["vilnius"], 2, country=LITHUANIA)
    add("order", "[178.44190, -18.14161]", *PLACES["suva"], 2)
    add("order", "54.68716, 25.27965", *PLACES["vilnius"], 2, country=LITHUANIA)
    add("order", "38.00068 48.59441", *PLACES["bakhmut"], 2, country=UKRAINE)
    add("order", "38.00068,48.59441,0", *PLACES["bakhmut"], 2, country=UKRAINE)
    add("decimal", "54.7, 25.3", 54.7, 25.3, 10)
    add("decimal", "54.687156789012, 25.279654321098", 54.687156789012, 25.279654321098, 1)
    add("decimal", "54.68716, 25", 54.68716, 25.0, 10)
    add("decimal", "54° N 25° E", 54, 25, 10)
    add("decimal", "54N, 25E", 54, 25, 10)
    add("decimal", "54.68716, 25.27965, 120 m", *PLACES["vilnius"], 2)
    add("decimal", "54.68716 25.27965 alt 120m", *PLACES["vilnius"], 2)
    add("decimal", "54.68716, 25.27965 ±15 m", *PLACES["vilnius"], 2)
    add("decimal", "+54.68716, +25.27965", *PLACES["vilnius"], 2)
    add("decimal", "54.68716, - 3.70379", 54.68716, -3.70379, 2)
    add("decimal", "{{coord|54.68716|25.27965|display=title}}", *PLACES["vilnius"], 2)
    add("decimal", "-.18065, -78.46784", *PLACES["quito"], 2)
    add("decimal", "054.68716N 025.27965E", *PLACES["vilnius"], 2)


def sexagesimal() -> None:
    marked = (
        "{a}°{b:02d}'{c:02.0f}\"{n} {d}°{e:02d}'{f:02.0f}\"{m}",
        "{a}° {b}' {c:.0f}\" {n}, {d}° {e}' {f:.0f}\" {m}",
        "{a}°{b:02d}′{c:02.0f}″{n} {d}°{e:02d}′{f:02.0f}″{m}",
        "{n}{a}°{b:02d}'{c:02.0f}\" {m}{d}°{e:02d}'{f:02.0f}\"",
        "{n} {a}° {b}’ {c:.0f}” {m} {d}° {e}’ {f:.0f}”",
        "{a}º{b}'{c:.0f}''{n} {d}º{e}'{f:.0f}''{m}",
        "{a}:{b:02d}:{c:02.0f}{n} {d}:{e:02d}:{f:02.0f}{m}",
        "{a}-{b:02d}-{c:02.0f}{n} {d:03d}-{e:02d}-{f:02.0f}{m}",
        "{a} {b} {c:.0f} {n} {d} {e} {f:.0f} {m}",
        "{n} {a} {b} {c:.0f} {m} {d} {e} {f:.0f}",
        "{a}d{b}m{c:.0f}s{n} {d}d{e}m{f:.0f}s{m}",
        "{a} deg {b} min {c:.0f} sec {n}, {d} deg {e} min {f:.0f} sec {m}",
        "{a:02d}{b:02d}{c:02.0f}{n}{d:03d}{e:02d}{f:02.0f}{m}",
        "{a:02d}{b:02d}{c:02.0f}{n} {d:03d}{e:02d}{f:02.0f}{m}",
        "{n}{a:02d}{b:02d}{c:02.0f} {m}{d:03d}{e:02d}{f:02.0f}",
        "{a}.{b:02d}.{c:02.0f}{n} {d}.{e:02d}.{f:02.0f}{m}",
        "{a}°{b}'{c:.0f}\"{n}/{d}°{e}'{f:.0f}\"{m}",
        "{d}°{e}'{f:.0f}\"{m} {a}°{b}'{c:.0f}\"{n}",
        "{a}° {b}' {c:.0f}'' {n} {d}° {e}' {f:.0f}'' {m}",
        "{a}&deg;{b}&prime;{c:.0f}&Prime;{n}, {d}&deg;{e}&prime;{f:.0f}&Prime;{m}",
        "{{{{coord|{a}|{b}|{c:.0f}|{n}|{d}|{e}|{f:.0f}|{m}|type:city}}}}",
        "{a}˚{b}`{c:.0f}´´{n} {d}˚{e}`{f:.0f}´´{m}",
        "{a}_{b}_{c:.0f}_{n}_{d}_{e}_{f:.0f}_{m}",
        "Lat: {a}°{b}'{c:.0f}\" {n} Long: {d}°{e}'{f:.0f}\" {m}",
        "{a}*{b}'{c:.0f}\"{n}, {d}*{e}'{f:.0f}\"{m}",
        "{a}o{b}'{c:.0f}\"{n} {d}o{e}'{f:.0f}\"{m}",
    )
    points = list(PLACES.values())
    for i, form in enumerate(marked):
        for shift in (0, 3):
            lat, lon = points[(i + shift) % len(points)]
            a, b, c = dms(lat)
            d, e, f = dms(lon)
            truth_lat, truth_lon = math.copysign(a + b / 60 + c / 3600, lat), math.copysign(d + e / 60 + f / 3600, lon)
            add("dms", form.format(a=a, b=b, c=c, d=d, e=e, f=f, n=ns(lat), m=ew(lon)), truth_lat, truth_lon, 2)
    minutes = (
        "{a}°{b:06.3f}'{n} {d}°{e:06.3f}'{m}",
        "{a}° {b:.3f}' {n}, {d}° {e:.3f}' {m}",
        "{n}{a} {b:.3f} {m}{d} {e:.3f}",
        "{n} {a}° {b:.3f} {m} {d:03d}° {e:.3f}",
        "{a} {b:.3f}{n} {d} {e:.3f}{m}",
        "{a:02d}{b:06.3f}{n} {d:03d}{e:06.3f}{m}",
        "{a:02d}{b:06.3f},{n},{d:03d}{e:06.3f},{m}",
        "{a}:{b:06.3f}{n} {d}:{e:06.3f}{m}",
        "{a}-{b:06.3f}{n} {d:03d}-{e:06.3f}{m}",
        "{a} deg {b:.3f} min {n} {d} deg {e:.3f} min {m}",
        "{n}{a:02d}°{b:06.3f}' {m}{d:03d}°{e:06.3f}'",
        "{a:02d}{b:06.3f}{n}/{d:03d}{e:06.3f}{m}",
    )
    for i, form in enumerate(minutes):
        for shift in (0, 3):
            lat, lon = points[(i + shift) % len(points)]
            a, b = dm(lat)
            d, e = dm(lon)
            add(
                "dm",
                form.format(a=a, b=b, d=d, e=e, n=ns(lat), m=ew(lon)),
                math.copysign(a + b / 60, lat),
                math.copysign(d + e / 60, lon),
                2,
            )
    add("dms", "54°41'14\" 25°16'47\"", 54.687222, 25.279722, 2)
    add("dms", "54° 41' 13.8\", 25° 16' 46.7\"", 54.687167, 25.279639, 2)
    add("dms", "-1°17'31\" 36°49'19\"", -1.291944, 36.821944, 2)
    add("dms", "54 41 14, 25 16 47", 54.687222, 25.279722, 2)
    add("dms", "54 41 14 25 16 47", 54.687222, 25.279722, 2)
    add("dms", "54°41'14,5\"N, 25°16'47,2\"E", 54.687361, 25.279778, 2)
    add("dms", "54°41'13.82\"N 25°16'46.74\"E", 54.687172, 25.279650, 2)
    add("dms", "54° 41' 14\" с.ш., 25° 16' 47\" в.д.", 54.687222, 25.279722, 2)
    add("dms", "54 градуса 41 минута 14 секунд с.ш. 25 градусов 16 минут 47 секунд в.д.", 54.687222, 25.279722, 2)
    add("dms", "54 град. 41 мин. 14 сек. с.ш. 25 град. 16 мин. 47 сек. в.д.", 54.687222, 25.279722, 2)
    add("dms", "54Â°41â€²14â€³N 25Â°16â€²47â€³E", 54.687222, 25.279722, 2)
    add("dms", "N54°41′14″ E25°16′47″", 54.687222, 25.279722, 2)
    add("dms", "54°41'14\"N-25°16'47\"E", 54.687222, 25.279722, 2)
    add("dms", "0°10'50\"S 78°28'04\"W", -0.180556, -78.467778, 2)
    add("dms", "-0°10'50\" -78°28'04\"", -0.180556, -78.467778, 2)
    add("dms", "00°10'50\" Sur, 78°28'04\" Oeste", -0.180556, -78.467778, 2)
    add("dms", "543012N0251530E", 54.503333, 25.258333, 2)
    add("dms", "543012.5N 0251530.5E", 54.503472, 25.258472, 2)
    add("dm", "5430N02515E", 54.5, 25.25, 10)
    add("dm", "5430N 2515E", 54.5, 25.25, 10)
    add("dm", "54°41' 25°16'", 54.683333, 25.266667, 10)
    add("dm", "54°41,234'N 25°16,789'E", 54.687233, 25.279817, 2)
    add("dm", "54 41.234, 25 16.789", 54.687233, 25.279817, 2)
    add("dm", "$GPGLL,5441.234,N,02516.789,E", 54.687233, 25.279817, 2)
    add("dms", "3°42'14\"O 40°25'00\"N", 40.416667, -3.703889, 2, country=SPAIN)
    add("dms", "54d41m14s N 25d16m47s E", 54.687222, 25.279722, 2)


def grids() -> None:
    converter = mgrs.MGRS()
    geod = pyproj.Geod(ellps="WGS84")
    del geod
    forms = {
        5: ("{g}{s}{e}{n}", "{g} {s} {e} {n}", "{g}{s} {e} {n}", "MGRS {g}{s}{e}{n}", "{g}-{s}-{e}-{n}", "{lower}"),
        4: ("{g}{s}{e}{n}", "{g} {s} {e} {n}", "MGRS: {g} {s} {e}{n}", "{lower}"),
        3: ("{g} {s} {e} {n}", "USNG {g}{s}{e}{n}"),
        2: ("{g}{s}{e}{n}", "{g} {s} {e} {n}"),
        1: ("{g}{s}{e}{n}", "{g} {s} {e}{n}"),
        0: ("{g}{s}", "{g} {s}"),
    }
    points = list(PLACES.values())
    for precision, texts in forms.items():
        for i, form in enumerate(texts):
            lat, lon = points[(i + precision) % len(points)]
            code = converter.toMGRS(lat, lon, MGRSPrecision=precision)
            zone, square, digits = (
                code[: -2 * precision - 2] if precision else code[:-2],
                code[-2 * precision - 2 :][:2],
                code[len(code) - 2 * precision :],
            )
            e, n = digits[:precision], digits[precision:]
            size = 10 ** (5 - precision)
            text = form.format(g=zone, s=square, e=e, n=n, lower=code.lower())
            add("mgrs", text, lat, lon, size * 0.72 + 1)
    for i, (lat, lon) in enumerate(points):
        zone = int((lon + 180) // 6) + 1
        epsg = (32600 if lat >= 0 else 32700) + zone
        x, y = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
        band = "CDEFGHJKLMNPQRSTUVWX"[int((lat + 80) // 8)]
        north = "north" if lat >= 0 else "south"
        texts = (
            f"{zone}{band} {x:.0f} {y:.0f}",
            f"{zone} {band} {x:.0f} {y:.0f}",
            f"UTM {zone}{band} {x:.0f}E {y:.0f}N",
            f"zone {zone}{band}, easting {x:.0f}, northing {y:.0f}",
            f"{x:.0f}mE {y:.0f}mN {zone}{band}",
            f"UTM zone {zone} {north}: {x:.2f}, {y:.2f}",
            f"{zone}{band} E {x:.0f} N {y:.0f}",
            f"EPSG:{epsg} {x:.1f} {y:.1f}",
            f"E: {x:.0f} N: {y:.0f} UTM {zone}{band}",
            f"UTM {zone}{band} N {y:.0f} E {x:.0f}",
            f"{zone}{band.lower()} {x:.0f} {y:.0f}",
            f"{x:.0f} m E, {y:.0f} m N, zone {zone}{band}",
        )
        for text in texts[i % 2 :: 2]:
            add("utm", text, lat, lon, 2)
    x, y = pyproj.Transformer.from_crs(4326, 32635, always_xy=True).transform(25.27965, 54.68716)
    add("utm", f"35N {x:.0f} {y:.0f}", 54.68716, 25.27965, 2)
    add("utm", f"35 {x:.0f} {y:.0f}", 54.68716, 25.27965, 2, country=LITHUANIA) if False else None
    add("utm", f"UTM 35 {x:.0f} {y:.0f}", 54.68716, 25.27965, 2, country=LITHUANIA)
    add("utm", f"35U {y:.0f} {x:.0f}", 54.68716, 25.27965, 2)
    for (lat, lon), name in (
        (PLACES["bakhmut"], "bakhmut"),
        (PLACES["vilnius"], "vilnius"),
        ((47.0971, 37.5434), "mariupol"),
    ):
        zone = int(lon // 6) + 1
        x, y = pyproj.Transformer.from_crs(4326, 28400 + zone, always_xy=True).transform(lon, lat)
        forms_sk = (
            f"СК-42 X={y:.0f} Y={x:.0f}",
            f"SK-42: x {y:.0f} y {x:.0f}",
            f"Pulkovo 1942 Gauss-Kruger X {y:.0f}, Y {x:.0f}",
            f"СК-42 Y={x:.0f} X={y:.0f}",
            f"X: {y:.0f} Y: {x:.0f} (СК-42)",
            f"EPSG:{28400 + zone} Y={x:.1f} X={y:.1f}",
            f"СК42 Х={y:.0f} У={x:.0f}",
            f"SK-42 zone {zone} x={y:.0f} y={x - zone * 1e6:.0f}",
        )
        for text in forms_sk:
            add("sk-42", text, lat, lon, 12)
        spaced = (
            f"{y:.0f}"[0] + " " + f"{y:.0f}"[1:4] + " " + f"{y:.0f}"[4:],
            f"{x:.0f}"[0] + " " + f"{x:.0f}"[1:4] + " " + f"{x:.0f}"[4:],
        )
        add("sk-42", f"СК-42 X {spaced[0]} Y {spaced[1]}", lat, lon, 12)
        box = UKRAINE if name != "vilnius" else LITHUANIA
        add("sk-42", f"СК-42 {y:.0f} {x:.0f}", lat, lon, 12, country=box)
        mx, my = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
        add("web mercator", f"EPSG:3857 {mx:.1f} {my:.1f}", lat, lon, 2)
        add("web mercator", f"Web Mercator x={mx:.0f}, y={my:.0f}", lat, lon, 2)


def codes() -> None:
    for i, (lat, lon) in enumerate(PLACES.values()):
        code = openlocationcode.encode(lat, lon)
        long = openlocationcode.encode(lat, lon, 11)
        add("plus code", code, lat, lon, 10.5)
        add("plus code", long if i % 2 else code.lower(), lat, lon, 3 if i % 2 else 10.5)
        add("plus code", code[4:], lat, lon, 10.5, reference=[round(lon + 0.05, 3), round(lat - 0.05, 3)])
    code = openlocationcode.encode(*PLACES["vilnius"])
    add("plus code", code + " Vilnius", *PLACES["vilnius"], 10.5)
    add("plus code", "plus code: " + code, *PLACES["vilnius"], 10.5)
    add("plus code", openlocationcode.encode(*PLACES["vilnius"], 8), *PLACES["vilnius"], 200)
    for text, lat, lon, tolerance in (
        ("u99zpg5xw", 54.6871138, 25.2884912, 20000),
        ("geohash:ezs42", 42.60498, -5.60303, 3000),
        ("geohash ezs42", 42.60498, -5.60303, 3000),
        ("u4pruydqqvj", 57.64911, 10.40744, 2),
        ("Geohash: u4pruyd", 57.64911, 10.40744, 110),
        ("gbsuv7ztqzpt", 48.669, -4.329, 60),
        ("6gkzwgjzn820", -25.382708, -49.265506, 5),
        ("9q8yyk8yt", 37.7749, -122.4194, 60),
    ):
        if text != "u99zpg5xw":
            add("geohash", text, lat, lon, tolerance)
    for text, lat, lon in (
        ("+54.68716+025.27965/", *PLACES["vilnius"]),
        ("-01.29207+036.82195/", *PLACES["nairobi"]),
        ("-00.18065-078.46784/", *PLACES["quito"]),
        ("+54.68716+025.27965+120/", *PLACES["vilnius"]),
        ("+54.68716+025.27965CRSWGS_84/", *PLACES["vilnius"]),
        ("+544114+0251647/", 54.687222, 25.279722),
        ("+5441.2296+02516.779/", *PLACES["vilnius"]),
        ("+544113.8+0251646.7/", 54.687167, 25.279639),
        ("+40.41678-003.70379", *PLACES["madrid"]),
        ("+54.68716+25.27965", *PLACES["vilnius"]),
        ("-18.14161+178.44190/", *PLACES["suva"]),
    ):
        add("iso 6709", text, lat, lon, 3)
    for text, lat, lon in (
        ("geo:54.68716,25.27965", *PLACES["vilnius"]),
        ("geo:54.68716,25.27965;u=35", *PLACES["vilnius"]),
        ("geo:-0.18065,-78.46784,2850", *PLACES["quito"]),
        ("geo:54.68716,25.27965;crs=wgs84;u=10", *PLACES["vilnius"]),
        ("GEO:54.68716,25.27965?z=15", *PLACES["vilnius"]),
        ("geo:0,0?q=54.68716,25.27965(Vilnius)", *PLACES["vilnius"]),
    ):
        add("geo uri", text, lat, lon, 2)


def urls_and_formats() -> None:
    lat, lon = PLACES["bakhmut"]
    texts = (
        f"https://www.google.com/maps/place/48%C2%B035'39.9%22N+38%C2%B000'02.4%22E/@48.60,38.01,14z/data=!3m1!4b1!4m4!3m3!8m2!3d{lat}!4d{lon}",
        f"https://www.google.com/maps/place/Bakhmut/@48.61,38.05,12z/data=!4m5!3m4!1s0x40:0x1!8m2!3d{lat}!4d{lon}",
        f"https://www.google.com/maps?q={lat},{lon}",
        f"https://maps.google.com/?q={lat},{lon}&z=12",
        f"https://www.google.com/maps/search/?api=1&query={lat}%2C{lon}",
        f"https://www.google.com/maps/search/{lat},+{lon}",
        f"https://maps.google.com/maps?ll={lat},{lon}&z=18",
        f"http://maps.google.com/maps?q=loc:{lat},{lon}",
        f"www.google.de/maps/@{lat},{lon},18z",
        f"https://www.google.com/maps/@{lat},{lon},250m/data=!3m1!1e3",
        f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=12/48.6/38.1",
        f"https://www.openstreetmap.org/#map=18/{lat}/{lon}",
        f"https://www.bing.com/maps?cp={lat}~{lon}&lvl=17",
        f"https://www.bing.com/maps/?sp=point.{lat}_{lon}_Bakhmut&cp=48.7~38.2",
        f"https://maps.apple.com/?ll={lat},{lon}&q=Pin",
        f"https://maps.apple.com/?q={lat},{lon}",
        f"https://maps.apple.com/place?coordinate={lat},{lon}&name=x",
        f"https://yandex.ru/maps/?ll={lon}%2C{lat}&z=17",
        f"https://yandex.com/maps/?pt={lon},{lat}&z=12&l=map",
        f"https://yandex.ru/maps/10313/x/?ll=38.2%2C48.7&whatshere%5Bpoint%5D={lon}%2C{lat}&z=12",
        f"https://yandex.ua/maps/?text={lat}%2C{lon}",
        f"https://deepstatemap.live/#14/{lat}/{lon}",
        f"https://deepstatemap.live/en#14/{lat}/{lon}",
        f"https://wikimapia.org/#lang=en&lat={lat}&lon={lon}&z=15&m=w",
        f"https://zoom.earth/#view={lat},{lon},14z",
        f"https://firms.modaps.eosdis.nasa.gov/map/#d:24hrs;@{lon},{lat},13.0z",
        f"https://2gis.ru/geo/{lon},{lat}",
        f"https://2gis.ru/?m={lon}%2C{lat}%2F17",
        f"https://geohack.toolforge.org/geohack.php?params={lat};{lon}",
        "https://geohack.toolforge.org/geohack.php?pagename=B&params=48_35_39.9_N_38_0_2.4_E_type:city(77000)",
        f"https://earth.google.com/web/@{lat},{lon},120a,500d,35y,0h,0t,0r",
        f"https://www.waze.com/ul?ll={lat}%2C{lon}&navigate=yes",
        f"https://apps.sentinel-hub.com/eo-browser/?zoom=14&lat={lat}&lng={lon}&themeId=D",
        f"https://liveuamap.com/?ll={lat},{lon}&zoom=12",
        f"https://www.suncalc.org/#/{lat},{lon},17/2023.01.01/12:00/1/3",
        f"https://example.org/view?lat={lat}&lon={lon}",
        f"https://mapy.cz/zakladni?x={lon}&y={lat}&z=15",
        f"https://www.arcgis.com/home/webmap/viewer.html?center={lon},{lat}&level=12",
        f"https://wego.here.com/?map={lat},{lon},15,normal",
    )
    for text in texts:
        add("url", text, lat, lon, 10)
    for text in (
        f"POINT({lon} {lat})",
        f"POINT ({lon} {lat})",
        f"point({lon} {lat})",
        f"SRID=4326;POINT({lon} {lat})",
        f"POINT Z ({lon} {lat} 120)",
        f"POINTZ({lon} {lat} 120)",
        f"MULTIPOINT(({lon} {lat}))",
        f"<http://www.opengis.net/def/crs/EPSG/0/4326> POINT({lat} {lon})",
        f"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT({lon} {lat})",
    ):
        add("wkt", text, lat, lon, 2)
    x, y = pyproj.Transformer.from_crs(4326, 32637, always_xy=True).transform(lon, lat)
    add("wkt", f"SRID=32637;POINT({x:.2f} {y:.2f})", lat, lon, 2)
    mx, my = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    add("wkt", f"SRID=3857;POINT({mx:.2f} {my:.2f})", lat, lon, 2)
    add("wkt", "0101000020E6100000000000000000394000000000000F4B40", 54.1171875, 25.0, 2)
    for text in (
        f'{{"type": "Point", "coordinates": [{lon}, {lat}]}}',
        f'{{"lat": {lat}, "lng": {lon}}}',
        f'{{"latitude": "{lat}", "longitude": "{lon}"}}',
        f"{{'lat': {lat}, 'lon': {lon}}}",
        f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}',
        f"<coordinates>{lon},{lat},0</coordinates>",
        f'<wpt lat="{lat}" lon="{lon}">',
        f"<Point><coordinates>{lon},{lat}</coordinates></Point>",
    ):
        add("json and xml", text, lat, lon, 2)
    for text in (
        f"A drone fell at {lat}, {lon} near Bakhmut.",
        f"The strike hit a depot ({lat}, {lon}) on 12 May 2023.",
        f"Geolocated: {lat}°N, {lon}°E. Source: Telegram",
        f"On 2023-05-12 at 10:30 a missile hit {lat}, {lon}",
        f"взрыв в {lat}, {lon} сегодня",
        f"Координаты: {lat}, {lon} - склад",
        "Bakhmut (48°35'40\"N 38°00'02\"E) was shelled",
        f"48°35′39.9″N 38°00′02.4″E / {lat}°N {lon}°E",
        f"Location of the impact is latitude {lat} and longitude {lon}, say locals",
        f"see https://www.google.com/maps?q={lat},{lon} for the place",
        f"{lat} {lon} https://t.me/channel/1234",
        f"1. Bakhmut {lat}, {lon}",
        f"POV: {lat}, {lon} (facing NW)",
        f"GeoLocation: {lat}, {lon} via @someone",
        f"Lat {lat} degrees north and a longitude of {lon} degrees east",
        "позиції за координатами 48.59441 пн.ш. 38.00068 сх.д. обстріляно",
        f"Coordonnées : {lat}, {lon}",
        "at grid 37U DQ 26318 83004 in Bakhmut" if False else f"position {lat}N {lon}E was hit twice",
    ):
        add("sentence", text, lat, lon, 40)
    code = mgrs.MGRS().toMGRS(lat, lon)
    add("sentence", f"Artillery position at MGRS {code}, destroyed", lat, lon, 3)
    add("sentence", f"Position {code[:3]} {code[3:5]} {code[5:10]} {code[10:]} was hit", lat, lon, 3)
    plus = openlocationcode.encode(lat, lon)
    add("sentence", f"Meet at {plus} in Bakhmut", lat, lon, 11)


def refusals() -> None:
    refuse(
        "refuse: not a place",
        "",
        "   ",
        "Kyiv",
        "hello world",
        "n/a",
        "unknown",
        "-",
        "54.68716",
        "12.05.2024",
        "2023-05-12",
        "2023-05-12 10:30:15",
        "10:30",
        "192.168.12.25",
        "v1.2.3",
        "155MM",
        "152mm",
        "100km2",
        "S-300PMU2",
        "s300pmu2",
        "T-72B3M",
        "t72b3m",
        "strength",
        "+370 612 34567",
        "nan, nan",
        "NaN",
        "null",
        "12 killed, 30 wounded",
        "costs 12.50, 13.20",
        "///filled.count.soap",
        "deadbeef",
        "c3f9d2e8b7",
        "ISO 9001",
        "A4",
        "UKR12345",
        "FEMA2020",
        "Q42",
        "35U",
        "No. 54, 25 May St",
        "3.5, 4.2 and 5.1 percent",
    )
    refuse(
        "refuse: out of range",
        "91.5, 200.3",
        "95.1234, 95.5678",
        "54.68716, 185.27965",
        "N 91.5 E 25.3",
        "54°61'14\"N 25°16'47\"E",
        "54°41'74\"N 25°16'47\"E",
        "POINT(25.27965 154.68716)",
        "geo:91.2,25.3",
        "36ULA1234",
        "61U LA 1234 5678",
        "35ILA1234",
        "35K 379123 6061234",
        "35U 79123 6061234",
        "lat 154.68716 lon 25.27965",
        "54.68716N 190.27965E",
        "5468N 02528E",
        "+94.68716+025.27965/",
    )
    refuse("refuse: missing", "0, 0", "0.0, 0.0", "0.000000,0.000000", "0°N 0°E" if False else "geo:0,0", "POINT EMPTY")
    refuse(
        "refuse: ambiguous",
        "[25.27965, 54.68716]",
        "[54.68716, 25.27965]",
        "54,30,25,15",
        "54,25",
        "54 25",
        "54, 25",
        "54 41 25 16",
        "54.68716 N 25.27965 O",
        "54,41N,25,16E",
        "54.68716-25.27965",
        "54.68716 – 25.27965",
        "54.68716N 25.27965",
        "35S 379123 4061234",
        "UTM 35 379123 6061234",
        "x=6062345 y=5379123",
        "СК-42 5401234 6378912",
        "5401234 6378912",
        "25.27965,54.68716,0",
        "54.68716, 25.27965, 120",
        "-54.68716 S 25.27965 E",
        "54.68716 N -25.27965 W",
        "54.68716 N 25.27965 N",
        "54.68716 E 25.27965 E",
        "LA 1234 5678",
        "M7QH+VV",
        "M7QH+VV Vilnius",
        "35U LA 123 4567",
        "35ULA123",
        "35ULA12345678901",
        "u99zp",
        "ezs42",
        "10:30:15 12:45:10",
        "54.1 25.1 54.9 25.9",
        "54.68716, 25.27965, 55.1234, 26.2345",
        "54 41 14 25 16.5",
        "48.59441 С 38.00068 З" if False else "50.1 S 14.4 V",
        "K 54.68716 D 25.27965",
        "360 500 6061234",
        "379123 6061234",
        "2814000 7300000",
        "LAT 54.68716 LAT 25.27965",
        "54.68716 54.68716 25.27965",
        "54.6.8 25.2.7",
        "54°41'14\" N",
        "25.27965 E",
        "40,416 3,703 1,2",
        "5.4.1, 2.5.1",
    )
    refuse("refuse: context", "10.5, 20.5", "-54.68716, 25.27965", "54.68716, -25.27965", country=LITHUANIA)
    refuse(
        "refuse: url",
        "https://maps.app.goo.gl/abcdEFGH",
        "https://goo.gl/maps/abc",
        "https://www.google.com/maps/place/Bakhmut",
        "https://www.google.com/maps/dir/48.59,38.0/48.7,38.1",
        "https://t.me/channel/1234",
        "https://example.org/?ll=48.59441,38.00068",
        "https://example.org/#12/48.59441/38.00068",
        "https://yandex.ru/maps/?rtext=48.59,38.0~48.7,38.1",
        "https://example.com/2023/05/12/54.68/25.27",
        "https://ditu.amap.com/?lat=39.9&lng=116.4",
        "https://www.bbc.com/news/world-europe-12345678",
    )
    refuse(
        "refuse: not one point",
        "LINESTRING(25 54, 26 55)",
        "POLYGON((25 54, 26 54, 26 55, 25 54))",
        "MULTIPOINT((25 54),(26 55))",
        '{"type": "LineString", "coordinates": [[25, 54], [26, 55]]}',
        "from 48.59441, 38.00068 to 48.71234, 38.21234",
        "10 km north of 48.59441, 38.00068",
        "about 5 km NE from 48.59441, 38.00068",
        "в 5 км к северу от 48.59441, 38.00068",
        "We saw 54.68°N 25.2°E to 26°E",
        "hit 48.59441, 38.00068 and 48.71234, 38.21234",
        "between 48.59441N 38.00068E and 48.7N 38.1E",
        "48.5-48.6 N, 37.9-38.0 E",
        "<coordinates>25.1,54.1,0 25.2,54.2,0</coordinates>",
        "3 miles east of 48°35'40\"N 38°00'02\"E",
        "geo:0,0?q=Vilnius",
        "SRID=999999;POINT(1 2)",
    )
    refuse(
        "refuse: datum",
        "GCJ-02 39.90816, 116.39745",
        "СК-63 X=5401234 Y=6378912",
        "Gauss-Krüger 5401234 6378912",
        "54.68716, 25.27965 (OSGB36)",
        "geo:54.68716,25.27965;crs=nad27",
    )


def main() -> None:
    decimals()
    sexagesimal()
    grids()
    codes()
    urls_and_formats()
    refusals()
    path = Path(__file__).parent / "development.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    print(len(ROWS), "rows written")  # noqa: T201 - a script that says what it did


if __name__ == "__main__":
    main()
