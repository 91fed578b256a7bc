"""Generated pairs in all combinations of forms, and sentences with other numbers: none may be silently wrong."""

import itertools
import random

import mgrs
import pyproj
from openlocationcode import openlocationcode

from geoconflict.coordinates import parse_column

GEOD = pyproj.Geod(ellps="WGS84")


def dms(value, digits=0):
    total = round(abs(value) * 3600, digits)
    return int(total // 3600), int(total % 3600 // 60), round(total % 60, digits)


def dm(value):
    total = round(abs(value) * 60, 3)
    return int(total // 60), round(total % 60, 3)


ANGLES = (
    lambda v: f"{abs(v):.5f}",
    lambda v: f"{abs(v):.5f}°",
    lambda v: f"{abs(v):.4f} °",
    lambda v: f"{abs(v):.5f} deg",
    lambda v: "{}°{:02d}'{:02.0f}\"".format(*dms(v)),
    lambda v: "{}°{:02d}′{:04.1f}″".format(*dms(v, 1)),
    lambda v: "{}°{:02d}'{:02.0f}''".format(*dms(v)),
    lambda v: "{}:{:02d}:{:02.0f}".format(*dms(v)),
    lambda v: "{} {:02d} {:02.0f}".format(*dms(v)),
    lambda v: "{:02d}-{:02d}-{:02.0f}".format(*dms(v)),
    lambda v: "{}d{}m{:.0f}s".format(*dms(v)),
    lambda v: "{}°{:06.3f}'".format(*dm(v)),
    lambda v: "{} {:06.3f}".format(*dm(v)),
    lambda v: "{} degrees {} minutes {:.0f} seconds".format(*dms(v)),
)
HEMISPHERES = ("{s}{a}", "{a}{h}", "{a} {h}", "{h}{a}", "{h} {a}", "{a} {w}", "{w} {a}", "{h}: {a}", "{a} ({h})")
SEPARATORS = (", ", " ", ",", "; ", " / ", "/", " | ", "\t", " - ", " and ", "\n")
SURROUNDINGS = (
    "{}",
    "({})",
    "[{}]",
    "GPS: {}",
    "Coordinates: {}.",
    "The place is at {} today",
    "{} (WGS84)",
    "«{}»",
    '"{}"',
    "📍{}",
)


def pair(lat, lon, forms):
    angle, hemisphere, separator, surroundings = forms
    written = []
    for value, letters, words in ((lat, "NS", ("north", "south")), (lon, "EW", ("east", "west"))):
        low = value < 0
        written.append(hemisphere.format(s="-" if low else "", a=angle(value), h=letters[low], w=words[low]))
    return surroundings.format(separator.join(written))


def outcome(texts, truths, within_m):
    found = parse_column(texts)
    wrong = []
    for i, (lat, lon) in enumerate(truths):
        if found.ok[i] and GEOD.inv(found.lon[i], found.lat[i], lon, lat)[2] > within_m:
            wrong.append((texts[i], found.lat[i], found.lon[i]))
    return wrong, found.ok.mean()


def test_no_combination_of_forms_is_silently_wrong():
    dice = random.Random(8)  # noqa: S311 - the same combinations each time
    combinations = dice.sample(list(itertools.product(ANGLES, HEMISPHERES, SEPARATORS, SURROUNDINGS)), 2500)
    truths = [(dice.uniform(-89, 89), dice.uniform(-179, 179)) for _ in combinations]
    texts = [pair(lat, lon, forms) for (lat, lon), forms in zip(truths, combinations, strict=True)]
    wrong, share = outcome(texts, truths, 40)
    assert wrong == []
    assert share > 0.9


SENTENCES = (
    "A drone fell at {c} near Vilnius.",
    "On {date} at {time} a missile hit {c}, killing 3 people.",
    "BMP-2 destroyed, {c}, source: @user{n}",
    "{n}. {c}",
    "[{date}] {c} | Bakhmut",
    "Потери: 2 БМП, координаты {c}, {date}",
    "Удар в {c} с дрона в {time}",
    "Обстріл {c} о {time}, загинуло 3",
    "Frappe à {c} le {date}",
    "impact {c}\nsource https://t.me/abc/{n}",
    "Coordinates - {c}",
    "elevation 123 m, position {c}",
    "temp 12.5 C, wind 3.4 m/s, pos {c}",
    "EVENT {n}: {time}Z {c}",
    "155mm shell hit {c}",
    "5 vehicles (3 T-80BV, 2 BTR-82A) at {c}",
    "IP 10.1.{n}.3 {c}",
    "ratio 3.25, {c}",
)


def written(lat, lon):
    north, east = "NS"[lat < 0], "EW"[lon < 0]
    a, b = dms(lat), dms(lon)
    return (
        f"{lat:.5f}, {lon:.5f}",
        f"{abs(lat):.4f}{north} {abs(lon):.4f}{east}",
        f"{north}{abs(lat):.4f}, {east}{abs(lon):.4f}",
        f"{a[0]}°{a[1]:02d}'{a[2]:02.0f}\"{north} {b[0]}°{b[1]:02d}'{b[2]:02.0f}\"{east}",
        f"{a[0]:02d}{a[1]:02d}{a[2]:02.0f}{north}{b[0]:03d}{b[1]:02d}{b[2]:02.0f}{east}",
        mgrs.MGRS().toMGRS(lat, lon),
        openlocationcode.encode(lat, lon),
        f"lat {lat:.4f}, lon {lon:.4f}",
        f"geo:{lat:.5f},{lon:.5f}",
        f"https://maps.google.com/?q={lat:.5f},{lon:.5f}",
        f"POINT({lon:.5f} {lat:.5f})",
    )


def test_no_sentence_is_silently_wrong():
    dice = random.Random(9)  # noqa: S311 - the same sentences each time
    texts, truths = [], []
    for _ in range(1500):
        lat, lon = dice.uniform(-70, 70), dice.uniform(-175, 175)
        filled = {
            "c": dice.choice(written(lat, lon)),
            "date": dice.choice(["12.05.2023", "2023-05-12", "12 May 2023", "5/12/2023"]),
            "time": dice.choice(["10:30", "03:15:20", "22.45"]),
            "n": dice.randrange(1, 999),
        }
        texts.append(dice.choice(SENTENCES).format(**filled))
        truths.append((lat, lon))
    wrong, share = outcome(texts, truths, 40)
    assert wrong == []
    assert share > 0.85
