"""Write the bad inputs of this folder. All of them are made up; run as ``python tests/data/incidents/make.py``.

Small ones could be edited by hand; they are written here so that their bytes can be reviewed.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import warnings
import zipfile
from pathlib import Path

BAD = Path(__file__).parent / "bad"
HEAD = "id,date,lat,lon,notes\n"
ROWS = "a,2025-07-01,54.6872,25.2797,made up\nb,2025-07-02,55.0500,24.4000,made up\n"


def packed(text: str) -> bytes:
    """Return a gzip file without a time in it, so that its bytes stay."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as stream:
        stream.write(text.encode())
    return out.getvalue()


def bomb() -> bytes:
    """Return an archive of a table of 80 MB that is one letter again and again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        info = zipfile.ZipInfo("events.csv", (2025, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, (HEAD + ROWS).encode() + b"x" * 80_000_000)
    return out.getvalue()


def feature(lon: float, lat: float, crs: str = "") -> str:
    """Return a GeoJSON of one point."""
    return (
        f'{{"type": "FeatureCollection",{crs} "features": [{{"type": "Feature", "properties": {{"date": "2025-07-01"}}, '
        f'"geometry": {{"type": "Point", "coordinates": [{lon}, {lat}]}}}}]}}\n'
    )


FILES: dict[str, bytes | str] = {
    "empty.csv": b"",
    "header_only.csv": HEAD,
    "no_coordinates.csv": "id,date,place,lattitude\na,2025-07-01,Vilnius,\n",
    "no_days.csv": "id,lat,lon\na,54.6872,25.2797\n",
    "swapped_axes.csv": "id,date,lat,lon,country\na,2025-07-01,25.2797,54.6872,Lithuania\nb,2025-07-02,24.4000,55.0500,Lithuania\n",
    "swapped_beyond.csv": "id,date,lat,lon\na,2025-07-01,106.9057,47.8864\nb,2025-07-02,105.9,49.5\n",
    "wrong_crs.geojson": feature(
        2813000, 7302000, ' "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},'
    ),
    "projected.csv": "id,date,x,y\na,2025-07-01,582710,6061500\nb,2025-07-02,525000,6102000\n",
    "json_named.csv": '{"events": [{"id": 1}]}\n',
    "web_page.csv": "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n",
    "picture.geojson": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "cut_off.geojson": feature(25.2797, 54.6872)[:120],
    "truncated_utf8.csv": (HEAD + ROWS + "c,2025-07-03,54.9,23.9,ne toli Šiaulių").encode()[:-1],
    "mixed_encodings.csv": HEAD.encode()
    + "a,2025-07-01,54.6872,25.2797,Šiauliai\n".encode()
    + "b,2025-07-02,47.3769,8.5417,Zürich\n".encode("cp1252"),
    "windows_1251.csv": "id;дата;широта;долгота;место\na;13.07.2025;49,9935;36,2304;Харьков\n".encode("cp1251"),
    "utf16.csv": (HEAD + ROWS).encode("utf-16"),
    "byte_order_mark.csv": (HEAD + ROWS).encode("utf-8-sig"),
    "quotes_never_close.csv": HEAD + 'a,2025-07-01,54.6872,25.2797,"made up\n' + ROWS,
    "ragged.csv": HEAD + ROWS + "c,2025-07-03,54.9,23.9,made up,and,more\nd,2025-07-04,54.9,23.9,made up\n",
    "duplicate_columns.csv": "id,date,lat,lon,notes,notes\na,2025-07-01,54.6872,25.2797,one,two\n",
    "two_latitudes.csv": "id,date,lat,lat,lon\na,2025-07-01,54.6872,55.0500,25.2797\n",
    "no_header.csv": ROWS,
    "comma_in_comma.csv": "id,date,lat,lon\na,2025-07-01,54,6872,25,2797\nb,2025-07-02,55,05,24,4\n",
    "only_areas.geojson": feature(25, 54)
    .replace("Point", "Polygon")
    .replace("[25, 54]", "[[[25, 54], [26, 54], [26, 55], [25, 54]]]"),
    "formulas.csv": HEAD + 'a,2025-07-01,54.6872,25.2797,"=HYPERLINK(""http://example.org"",""click"")"\n'
    "b,2025-07-02,55.0500,24.4000,-3 degrees\nc,2025-07-02,55.0500,24.4000,+cmd|' /C calc'!A0\n",
    "years.csv": HEAD
    + "a,0025-07-01,54.6872,25.2797,x\nb,2205-07-01,54.6872,25.2797,x\nc,2025-07-01,54.6872,25.2797,x\n",
    "impossible_points.csv": HEAD
    + "a,2025-07-01,91,25,x\nb,2025-07-01,NaN,25,x\nc,2025-07-01,0,0,x\nd,2025-07-01,54.6872,25.2797,x\ne,2025-07-01,54,inf,x\nf,2025-07-01,,,x\n",
    "ambiguous_days.csv": HEAD
    + "a,03/04/2025,54.6872,25.2797,x\nb,05/06/2025,54.6872,25.2797,x\nc,07/07/2025,54.6872,25.2797,x\n",
    "lost_ids.csv": "event_id,date,lat,lon\n1.23457E+14,2025-07-01,54.6872,25.2797\n1.23457E+14,2025-07-02,55.05,24.4\n,2025-07-03,55.9,23.3\n",
    "decimal_commas.csv": "\ufeffid;date;lat;lon;deaths\r\na;13.07.2025;54,6872;25,2797;1\r\nb;14.07.2025;−54,6872;25,2797;1,250\r\n".encode(),
    "same_ids.csv": HEAD
    + "a,2025-07-01,54.6872,25.2797,one\na,2025-07-02,55.05,24.4,two\na,2025-07-01,54.6872,25.2797,one\n",
    "outside_country.csv": "id,date,lat,lon,country\na,2025-07-01,54.6872,25.2797,Lithuania\nb,2025-07-01,48.6179,48.6179,Lithuania\n",
    "backwards.csv": "id,date_start,date_end,lat,lon\na,2025-07-10,2025-07-01,54.6872,25.2797\nb,2025-07-01,2025-07-10,54.6872,25.2797\n",
    "entities.kml": '<?xml version="1.0"?>\n<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&x;</name>'
    "<Point><coordinates>25,54</coordinates></Point></Placemark></kml>\n",
    "network_link.kml": '<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    "<NetworkLink><Link><href>http://example.org/more.kml</href></Link></NetworkLink></Document></kml>\n",
    "long_notes.csv.gz": packed(HEAD + f"a,2025-07-01,54.6872,25.2797,{'x' * 1_000_000}\n"),
    "ten_thousand_columns.csv.gz": packed(
        HEAD.strip()
        + ","
        + ",".join(f"c{i}" for i in range(10_000))
        + "\n"
        + "a,2025-07-01,54.6872,25.2797,x"
        + ",1" * 10_000
        + "\n"
    ),
    "zip_bomb.zip": bomb(),
}


def answer(path: Path) -> str:
    """Return the result of reading a file: its report, or the error and its message."""
    from geoconflict.errors import GeoconflictError
    from geoconflict.incidents import IncidentsWarning, read

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IncidentsWarning)
            return read(path).report.json()
    except GeoconflictError as error:
        said = {"error": type(error).__name__, "message": str(error).splitlines()}
        return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every file; with ``--expected`` also the current result of reading it, for review."""
    BAD.mkdir(exist_ok=True)
    for name, content in FILES.items():
        path = BAD / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if "--expected" in sys.argv:
            (BAD / f"{name}.expected.json").write_text(answer(path), encoding="utf-8")


if __name__ == "__main__":
    main()
