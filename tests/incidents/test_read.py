"""Reading: formats, options, coordinate reference systems, countries, and the columns of the table."""

import gzip
import io
import json
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from shapely import Point, box

from geoconflict.errors import CRSError, InputError, MissingExtraError, NameUnknownError, ReadError
from geoconflict.incidents import (
    IncidentsWarning,
    PrecisionTable,
    ReadOptions,
    ReadReport,
    read,
    read_incidents,
    scan_incidents,
)
from geoconflict.io.table import unique_names

HEAD = "id,date,lat,lon,notes\n"
ROWS = [("a", "2025-07-01", 54.6872, 25.2797, "one"), ("b", "2025-07-02", 55.05, 24.4, "two")]
TEXT = HEAD + "".join(",".join(map(str, row)) + "\n" for row in ROWS)
SHARED = next(
    (p / "shared" / "data" for p in Path(__file__).resolve().parents if (p / "shared" / "data").is_dir()), None
)


def frame():
    return pd.DataFrame(ROWS, columns=["id", "date", "lat", "lon", "notes"])


def points(crs="EPSG:4326"):
    table = frame()
    found = gpd.GeoDataFrame(
        table[["id", "date", "notes"]],
        geometry=[Point(x, y) for x, y in zip(table.lon, table.lat, strict=True)],
        crs="EPSG:4326",
    )
    return found.to_crs(crs)


def check(table):
    assert table["event_id"].tolist() == ["a", "b"]
    assert table["event_date"].tolist() == ["2025-07-01", "2025-07-02"]
    assert np.allclose(table.geometry.x, [25.2797, 24.4], atol=1e-9)
    assert np.allclose(table.geometry.y, [54.6872, 55.05], atol=1e-9)
    assert table["source_row"].tolist() == [1, 2]


def text(content, **kwargs):
    return read_incidents(io.BytesIO(content.encode()), **kwargs)


# --- formats


def write(path, kind):  # noqa: C901 - one branch per format
    if kind == "csv":
        path.write_text(TEXT, encoding="utf-8")
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(TEXT.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("README.txt", "nothing to read here")
            archive.writestr("__MACOSX/._events.csv", "x")
            archive.writestr("events.csv", TEXT)
    elif kind == "jsonl":
        path.write_text(
            "\n".join(json.dumps(dict(zip(frame().columns, row, strict=True))) for row in ROWS), encoding="utf-8"
        )
    elif kind == "json":
        records = [dict(zip(frame().columns, row, strict=True)) for row in ROWS]
        path.write_text(json.dumps({"status": 200, "data": records}), encoding="utf-8")
    elif kind in {"xlsx", "ods"}:
        frame().to_excel(path, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[kind])
    elif kind == "parquet":
        frame().to_parquet(path)
    elif kind == "geoparquet":
        points().to_parquet(path)
    elif kind == "shp.zip":
        points().to_file(path.with_suffix(".shp"))
        with zipfile.ZipFile(path, "w") as archive:
            for part in path.parent.glob("*"):
                if part.suffix in {".shp", ".shx", ".dbf", ".prj"}:
                    archive.write(part, part.name)
    else:
        points().to_file(path)


KINDS = [
    "csv",
    "csv.gz",
    "zip",
    "jsonl",
    "json",
    "xlsx",
    "ods",
    "parquet",
    "geoparquet",
    "geojson",
    "gpkg",
    "shp",
    "shp.zip",
    "fgb",
]


@pytest.mark.parametrize("kind", KINDS)
def test_format(tmp_path, kind):
    path = tmp_path / f"events.{kind}"
    write(path, kind)
    table = read_incidents(path)
    if kind == "fgb":  # a FlatGeobuf is packed in the order of its index
        table = table.sort_values("event_id")
        assert table["event_id"].tolist() == ["a", "b"]
        return
    check(table)
    assert table.attrs["report"]["file"].startswith("events")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg"])
def test_format_is_detected_without_a_suffix(tmp_path, kind):
    path = tmp_path / f"events.{kind}"
    write(path, kind)
    bare = path.rename(tmp_path / "events")
    check(read_incidents(bare))


def test_kmz(tmp_path):
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>x</name><TimeStamp><when>2025-07-01</when></TimeStamp>'
        "<Point><coordinates>25.2797,54.6872,0</coordinates></Point></Placemark></kml>"
    )
    with zipfile.ZipFile(tmp_path / "map.kmz", "w") as archive:
        archive.writestr("doc.kml", kml)
        archive.writestr("files/icon.png", b"\x89PNG")
    table = read_incidents(tmp_path / "map.kmz")
    assert (table.geometry.iloc[0].x, table["event_date"].iloc[0]) == (25.2797, "2025-07-01")


def test_zip_with_several_tables_needs_a_member(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", TEXT)
        archive.writestr("two.csv", TEXT)
    with pytest.raises(ReadError, match=r"one\.csv, two\.csv"):
        read_incidents(path)
    check(read_incidents(path, options=ReadOptions(member="two.csv")))
    with pytest.raises(ReadError, match=r"did you mean two\.csv"):
        read_incidents(path, options=ReadOptions(member="twoo.csv"))


def test_damaged_archives(tmp_path):
    packed = gzip.compress(TEXT.encode() * 50)
    (tmp_path / "cut.csv.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(ReadError, match="damaged archive"):
        read_incidents(tmp_path / "cut.csv.gz")
    write(tmp_path / "events.xlsx", "xlsx")
    whole = (tmp_path / "events.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError):
        read_incidents(tmp_path / "cut.xlsx")


def test_workbook_with_sheets_tags_and_dates(tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        pd.DataFrame({"nothing": [1]}).to_excel(book, sheet_name="Notes", index=False)
        tagged = pd.DataFrame(
            {
                "Jour": ["#date+occurred", pd.Timestamp("2025-07-01")],
                "Y": ["#geo+lat", 54.6872],
                "X": ["#geo+lon", 25.2797],
            }
        )
        tagged.to_excel(book, sheet_name="Data", index=False)
    with pytest.raises(ReadError, match="did you mean Data"):
        read_incidents(path, options=ReadOptions(sheet="Dat"))
    table = read_incidents(path, options=ReadOptions(sheet="Data"))
    assert (table["event_date"].tolist(), table["dataset"].tolist()) == (["2025-07-01"], ["hxl"])


def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch):
    import importlib.util

    write(tmp_path / "events.xlsx", "xlsx")
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, package=None: None if name == "openpyxl" else real(name, package)
    )
    with pytest.raises(MissingExtraError, match=r"openpyxl: pip install 'geoconflict\[tables\]'"):
        read_incidents(tmp_path / "events.xlsx")


# --- text tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_delimiters_line_ends_and_encodings(delimiter, newline, encoding):
    content = TEXT.replace(",", delimiter).replace("\n", newline).encode(encoding)
    check(read_incidents(io.BytesIO(content)))


def test_a_line_that_names_the_delimiter():
    check(text("sep=;\n" + TEXT.replace(",", ";")))


def test_encoding_that_was_given_wins_and_is_checked():
    content = "id;date;lat;lon;place\na;2025-07-01;54,5;25,5;Łódź\n".encode("cp1250")
    table = read_incidents(io.BytesIO(content), options=ReadOptions(encoding="cp1250"))
    assert table["location"].tolist() == ["Łódź"]
    with pytest.raises(ReadError, match="is not in utf-8"):
        read_incidents(io.BytesIO(content), options=ReadOptions(encoding="utf-8"))
    with pytest.raises(ReadError, match="not an encoding that Python knows"):
        read_incidents(io.BytesIO(content), options=ReadOptions(encoding="klingon"))


def test_codes_keep_leading_zeros():
    table = text("id,date,lat,lon,code\n007,2025-07-01,54,25,0042\n008,2025-07-02,55,24,0043\n")
    assert table["event_id"].tolist() == ["007", "008"]
    assert table["code"].tolist() == ["0042", "0043"]


def test_decimal_numbers_are_exact():
    table = text("id,date,lat,lon\na,2025-07-01,54.687157,25.279652\n")
    assert (table.geometry.iloc[0].y, table.geometry.iloc[0].x) == (54.687157, 25.279652)


def test_repeated_column_names_get_numbers():
    assert unique_names(["a", "a", "a.2", "a"])[0] == ["a", "a.2", "a.2.2", "a.3"]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30),
            st.floats(-90, 90).map(lambda v: round(v, 6)),
            st.floats(-180, 180).map(lambda v: round(v, 6)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_is_read_back_and_no_row_is_lost(rows):
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "date", "lat", "lon", "notes"])
    for number, (note, lat, lon) in enumerate(rows):
        writer.writerow([f"r{number}", "2025-07-01", lat, lon, note])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        reading = read(io.BytesIO(out.getvalue().encode()), on_error="keep")
    assert len(reading.table) == len(rows)
    for found, (note, lat, lon) in zip(reading.table.itertuples(), rows, strict=True):
        assert found.notes == (note if note.strip() else None)
        assert (found.geometry.y, found.geometry.x) == (lat, lon)


# --- coordinates


def test_projected_coordinates_need_crs(tmp_path):
    table = points("EPSG:3346")
    content = HEAD.replace("lat,lon", "y,x") + "".join(
        f"{i},{d},{g.y},{g.x},{n}\n"
        for i, d, g, n in zip(table.id, table.date, table.geometry, table.notes, strict=True)
    )
    with pytest.raises(CRSError, match="are not degrees"):
        text(content)
    found = text(content, crs="EPSG:3346")
    check(found)
    assert set(found["method"]) == {"transformed from EPSG:3346"}
    points("EPSG:3346").to_file(tmp_path / "events.gpkg")
    with pytest.raises(CRSError, match="pass crs='EPSG:3346'"):
        read_incidents(tmp_path / "events.gpkg")
    check(read_incidents(tmp_path / "events.gpkg", crs="EPSG:3346"))
    with pytest.raises(CRSError, match="one of them is wrong"):
        read_incidents(tmp_path / "events.gpkg", crs="EPSG:3857")


def test_unknown_crs_is_refused():
    with pytest.raises(CRSError, match="not a coordinate reference system"):
        text(TEXT, crs="EPSG:999999")


def test_shapefile_without_prj_is_refused(tmp_path):
    write(tmp_path / "events.shp", "shp")
    (tmp_path / "events.prj").unlink()
    with pytest.raises(CRSError, match=r"\.prj"):
        read_incidents(tmp_path / "events.shp")


def test_country_that_is_given_proves_swapped_axes_and_fills_the_column():
    swapped = TEXT.replace("lat,lon", "lon,lat")
    table = text(swapped, country="Lithuania")
    check(table)
    assert table["country"].tolist() == ["Lithuania"] * 2
    assert table.attrs["report"]["repairs"][0]["examples"][0] == {
        "row": 1,
        "before": "25.2797, 54.6872",
        "after": "54.6872, 25.2797",
    }
    assert set(table["method"]) == {"coordinates repaired: axes exchanged"}
    with pytest.raises(NameUnknownError, match="did you mean Lithuania"):
        text(TEXT, country="Lithunia")


def test_nothing_is_exchanged_where_the_country_proves_nothing():
    # 52.5 and 13.4 exchanged lie outside Germany as well as nowhere near; 48, 48 has no other reading
    content = (
        "id,date,lat,lon,country\na,2025-07-01,10,10,Germany\nb,2025-07-01,60,70,Russia\nc,2025-07-01,40,70,Russia\n"
    )
    table = text(content)
    assert table.geometry.x.tolist() == [10, 70, 70]
    doubts = table.attrs["report"]["doubts"]
    assert [(d["kind"], d["rows"]) for d in doubts] == [
        ("the point lies outside the country that the row names", "1, 3")
    ]


def test_outlines_are_used_where_they_are_given():
    outline = gpd.GeoDataFrame(
        {"iso": ["LT"], "name": ["Lithuania"]}, geometry=[box(25, 54.5, 25.5, 55)], crs="EPSG:4326"
    )
    table = text(TEXT, country="LT", options=ReadOptions(countries=outline))
    assert table.attrs["report"]["doubts"][0]["rows"] == "2"


def test_other_notations_are_read_with_their_uncertainty():
    content = 'id,date,coordinates\na,2025-07-01,"54°41′14″N 25°16′47″E"\nb,2025-07-02,35U LA 80 61\nc,2025-07-03,POINT (25.2797 54.6872)\n'
    table = text(content)
    assert np.allclose(table.geometry.y, [54.68722, 54.68664, 54.6872], atol=1e-4)
    assert table["location_uncertainty_m"].iloc[1] == pytest.approx(707.1, rel=0.01)
    assert table["method"].iloc[1] == "coordinates read as mgrs"


@pytest.mark.parametrize("numbers", [0, 60])
def test_coordinates_as_text_are_used_for_rows_without_latitude_and_longitude(numbers):
    content = "id,date,lat,lon,coordinates\n" + "x,2025-07-01,54,25,\n" * numbers
    content += 'a,2025-07-01,,,"54.5, 25.5"\nb,2025-07-02,,,\n'
    with pytest.warns(IncidentsWarning, match=f"1 of {numbers + 2} rows"):
        table = text(content)
    assert len(table) == numbers + 1
    assert (table.geometry.iloc[-1].x, table.geometry.iloc[-1].y) == (25.5, 54.5)


def test_ambiguous_notation_is_rejected_with_its_candidates():
    content = "id,date,coordinates\na,2025-07-01,54.68 N 25.28 E\nb,2025-07-02,54.68 N 25.28 O\n"
    with pytest.warns(IncidentsWarning):
        reading = read(io.BytesIO(content.encode()))
    assert reading.table["event_id"].tolist() == ["a"]
    assert "25.280000°W" in reading.report.set_aside[0].hint


@pytest.mark.parametrize("name", ["events.jsonl", "events.NDJSON", "events.jsonl.gz", "events.zip"])
def test_one_line_of_json_is_one_record(tmp_path, name):
    record = dict(zip(frame().columns, ROWS[0], strict=True)) | {"actors": [{"name": "x", "lat": 1.0, "lon": 2.0}]}
    line = json.dumps(record) + "\n"
    path = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("events.jsonl", line)
    else:
        path.write_bytes(gzip.compress(line.encode()) if name.endswith(".gz") else line.encode())
    table = read_incidents(path)
    assert table["event_id"].tolist() == ["a"]
    assert table["source_row"].tolist() == [1]
    assert (table.geometry.x.item(), table.geometry.y.item()) == (25.2797, 54.6872)
    assert table.attrs["report"]["format"] == "JSON, one record per line"


def test_one_line_with_a_collection_is_still_the_collection(tmp_path):
    path = tmp_path / "events.geojsonl"
    path.write_text(points().to_json(), encoding="utf-8")
    check(read_incidents(path))


def test_one_object_without_records_is_refused_where_the_name_promises_no_lines(tmp_path):
    path = tmp_path / "events.json"
    path.write_text(json.dumps(dict(zip(frame().columns, ROWS[0], strict=True))), encoding="utf-8")
    with pytest.raises(ReadError, match="no list of records"):
        read_incidents(path)


def test_geojson_is_longitude_first_and_swapped_points_are_repaired():
    content = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"date": "2025-07-01", "country": "Lithuania"},
                    "geometry": {"type": "Point", "coordinates": [54.6872, 25.2797]},
                }
            ],
        }
    )
    assert text(content).geometry.iloc[0].equals(Point(25.2797, 54.6872))


# --- dates


def test_order_of_day_and_month_by_option():
    content = HEAD + "a,03/04/2025,54,25,x\n"
    assert text(content, options=ReadOptions(date_order="dmy"))["event_date"].tolist() == ["2025-04-03"]
    assert text(content, options=ReadOptions(date_order="mdy"))["event_date"].tolist() == ["2025-03-04"]


def test_a_column_that_proves_both_orders_proves_nothing():
    content = HEAD + "a,13/04/2025,54,25,x\nb,04/13/2025,54,25,x\nc,03/04/2025,54,25,x\n"
    with pytest.warns(IncidentsWarning):
        table = text(content)
    assert table["event_id"].tolist() == ["a", "b"]
    assert (
        table.attrs["report"]["set_aside"][0]["kind"]
        == "the order of day and month is ambiguous: the column proves both orders"
    )


# --- what the table carries


def test_table_report_survives_and_renders():
    table = text(TEXT)
    report = ReadReport.from_dict(json.loads(json.dumps(table.attrs["report"])))
    assert report.clean
    assert report.exit_status == 0
    assert report.bounds == [24.4, 54.6872, 25.2797, 55.05]
    assert table.copy().attrs["report"]["rows_used"] == 2


def test_same_input_gives_the_same_bytes():
    assert read(io.BytesIO(TEXT.encode())).report.json() == read(io.BytesIO(TEXT.encode())).report.json()


def test_made_identifiers_are_stable_when_rows_are_added():
    one = text("date,lat,lon,notes\n2025-07-01,54,25,x\n2025-07-02,55,24,y\n")
    more = text("date,lat,lon,notes\n2025-06-01,53,25,w\n2025-07-01,54,25,x\n2025-07-02,55,24,y\n")
    assert one["event_id"].tolist() == more["event_id"].tolist()[1:]


def test_precision_table_is_configurable():
    content = "id,date,lat,lon,precision\na,2025-07-01,54,25,locality\nb,2025-07-01,54,25,exact\n"
    assert text(content)["location_uncertainty_m"].tolist() == [5000, 100]
    options = ReadOptions(precision=PrecisionTable().replace({"locality": "2 km", ("plain", "exact"): 7}))
    assert text(content, options=options)["location_uncertainty_m"].tolist() == [2000, 7]
    with pytest.raises(InputError, match="did you mean locality"):
        PrecisionTable().replace({"localty": "2 km"})


def test_further_columns_are_kept_and_never_hide_ours():
    table = text("id,date,lat,lon,method,dataset,colour\na,2025-07-01,54,25,mine,own,red\n")
    assert table["colour"].tolist() == ["red"]
    assert table["method_given"].tolist() == ["mine"]
    assert table["method"].tolist() == ["coordinates as given"]


def test_missing_texts_are_none():
    table = text("id,date,lat,lon,notes,colour\na,2025-07-01,54,25,,\nb,2025-07-01,54,25,x,red\n")
    assert table["notes"].iloc[0] is None
    assert table["actor1"].tolist() == [None, None]


def test_two_data_sets_in_one_table_are_compared():
    sample = Path(__file__).parents[1] / "data" / "incidents" / "sources" / "own_table.csv"
    report = read(sample).report
    assert report.duplicates_count == 1
    assert report.duplicates[0]["ids"] == ["a-1", "b-1"]
    assert report.exit_status == 1


# --- chunks


def test_scan_gives_the_rows_of_read_in_pieces(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text(
        HEAD + "".join(f"e{i},2025-07-{1 + i % 28:02d},{50 + i / 100},25,x\n" for i in range(250)), encoding="utf-8"
    )
    pieces = list(scan_incidents(path, rows=100))
    assert [len(piece) for piece in pieces] == [100, 100, 50]
    whole = read_incidents(path)
    together = pd.concat(pieces, ignore_index=True)
    assert together["event_id"].tolist() == whole["event_id"].tolist()
    assert together["source_row"].tolist() == list(range(1, 251))
    with pytest.raises(InputError, match="at least 1"):
        next(scan_incidents(path, rows=0))


def test_scan_reads_other_formats_whole(tmp_path):
    write(tmp_path / "events.geojson", "geojson")
    (piece,) = scan_incidents(tmp_path / "events.geojson", rows=1)
    check(piece)


def test_on_error_is_checked():
    with pytest.raises(InputError, match="set_aside, raise, keep"):
        text(TEXT, on_error="ignore")


# --- real files


@pytest.mark.real_data
@pytest.mark.skipif(SHARED is None, reason="the folder of real files is not here")
def test_real_ucdp():
    table = read_incidents(SHARED / "incidents" / "ucdp_ged231_car.geojson")
    report = ReadReport.from_dict(table.attrs["report"])
    assert (report.source, report.rows_used, report.rows_set_aside) == ("ucdp_ged", 1848, 0)
    assert report.place_precision["locality"] == 1214
    assert (table["event_date"] < table["event_date_end"]).sum() > 200
    assert report.doubts == []


@pytest.mark.real_data
@pytest.mark.skipif(SHARED is None, reason="the folder of real files is not here")
def test_real_bellingcat():
    with pytest.warns(IncidentsWarning, match="4 of 6,650"):
        table = read_incidents(SHARED / "incidents" / "bellingcat_cir_events_ukraine_2022.csv")
    report = ReadReport.from_dict(table.attrs["report"])
    assert (report.source, report.rows_used) == ("bellingcat", 6646)
    outside = [doubt for doubt in report.doubts if doubt.kind.startswith("the point lies outside")]
    assert outside[0].rows == "44, 4196, 5135"


def test_thousands_of_unknown_words_give_a_short_report():
    rows = "".join(f"e{i},2025-07-01,54,25,word {i},place {i}\n" for i in range(3000))
    table = text("id,date,lat,lon,type,coordinates\n" + rows)
    report = ReadReport.from_dict(table.attrs["report"])
    assert len(report.doubts) == 21
    assert sum(doubt.count for doubt in report.doubts) == 3000
    assert len(report.json()) < 20_000


def test_equal_made_identifiers_are_numbered():
    table = text("id,date,lat,lon\n1.1E+14,2025-07-01,54,25\n1.2E+14,2025-07-01,54,25\n")
    assert table["event_id"].is_unique
    assert table["event_id"].iloc[1] == table["event_id"].iloc[0] + "#2"
