"""Archives of tiles: what is read from them, what is put into the page, and what is refused."""

from __future__ import annotations

import gzip
import html
import importlib.util
import json
import re
import sys
import tracemalloc
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from geoconflict.crs import Bounds
from geoconflict.errors import InputError, LimitError, ReadError
from geoconflict.io.pmtiles import Reader, tile_number
from geoconflict.maps import layers
from geoconflict.maps.basemap import Archive, covering, plain, read
from geoconflict.maps.figure import figure
from geoconflict.maps.webmap import Map, MapOptions

_SPEC = importlib.util.spec_from_file_location("archives", Path(__file__).with_name("archives.py"))
archives = importlib.util.module_from_spec(_SPEC)
sys.modules["archives"] = archives
_SPEC.loader.exec_module(archives)

VIEW = Bounds(24, 54.8, 26, 55.8)
GROUND = Bounds(20, 53, 30, 57.5)
CREDIT = {"attribution": '<a href="https://example.org">© Example</a> <script>alert(1)</script>'}
PLACES = gpd.GeoDataFrame({"name": ["Rukla", "Utena"]}, geometry=[Point(24.4, 55.05), Point(25.6, 55.5)], crs=4326)


def put(folder, raw, name="base.pmtiles"):
    path = folder / name
    path.write_bytes(raw)
    return path


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def protomaps():
    tables = {
        "earth": frame([box(18, 52, 32, 58)], kind=["earth"]),
        "landcover": frame([box(24, 54, 25, 55), box(26, 54, 27, 55)], kind=["forest", "farmland"]),
        "water": frame([Point(25, 55.4).buffer(0.4)], kind=["lake"]),
        "roads": frame(
            [LineString([(21, 55), (29, 55.6)]), LineString([(21, 56), (29, 56)]), LineString([(21, 54), (29, 54)])],
            kind=["highway", "major_road", "path"],
        ),
        "boundaries": frame(
            [LineString([(19, 54.5), (31, 54.5)]), LineString([(19, 57), (31, 57)])], kind=["country", "county"]
        ),
        "places": frame(
            [Point(25.3, 54.9), Point(23.9, 55.3)],
            **{"kind": ["locality", "country"], "name": ["Ona", "Lietuva"], "name:en": ["Ona", "Lithuania"]},
        ),
    }
    return archives.vector(tables, range(8))


def test_tiles_are_numbered_along_the_curve_of_the_specification():
    # From the specification's own table, and the fixed points that its libraries test.
    assert [tile_number(1, *at) for at in ((0, 0), (0, 1), (1, 1), (1, 0))] == [1, 2, 3, 4]
    assert tile_number(12, 3423, 1763) == 19078479
    seen = {tile_number(4, x, y) for x in range(16) for y in range(16)}
    assert seen == set(range(85, 85 + 256))


@pytest.mark.parametrize("leaf_size", [0, 7])
@pytest.mark.parametrize("packed", [True, False])
def test_every_tile_is_found_and_no_other(tmp_path, leaf_size, packed):
    tiles = {
        (z, x, y): archives.png(z, x, y) for z in range(4) for x in range(1 << z) for y in range(1 << z) if (x + y) % 3
    }
    path = put(tmp_path, archives.archive(tiles, kind=2, leaf_size=leaf_size, packed=packed, metadata={"name": "x"}))
    with Reader(path) as reader:
        assert (reader.kind, reader.min_zoom, reader.max_zoom) == ("image/png", 1, 3)
        assert reader.metadata() == {"name": "x"}
        for z in range(4):
            for x in range(1 << z):
                for y in range(1 << z):
                    entry = reader.find(z, x, y)
                    if (z, x, y) in tiles:
                        assert reader.tile(entry) == tiles[z, x, y]
                    else:
                        assert entry is None


def test_a_run_of_equal_tiles_is_one_entry(tmp_path):
    raw = archives.png(1, 2, 3)
    made = bytearray(archives.archive({(2, 0, 0): raw}, kind=2, packed=False))
    # The directory holds one entry: count, tile, run, length, offset.
    at = made.index(archives.varint(1) + archives.varint(5) + archives.varint(1), 127)
    made[at + 2] = 4
    with Reader(put(tmp_path, bytes(made))) as reader:
        assert [reader.find(2, *at) is not None for at in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 2))] == [True] * 4 + [
            False
        ]


def test_covering_crosses_the_antimeridian():
    assert covering(Bounds(170, -10, -170, 10), 3) == [(7, 3), (7, 4), (0, 3), (0, 4)]
    assert len(covering(Bounds(-180, -85, 180, 85), 3)) == 64


def test_pictures_of_the_view_are_put_into_the_page(tmp_path):
    tiles = archives.pictures(range(10), (10, 45, 40, 65))
    path = put(tmp_path, archives.archive(tiles, kind=2, metadata=CREDIT, bounds=(10, 45, 40, 65)))
    drawn = Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=str(path)))
    text = drawn.html()
    kept = json.loads(re.search(r'id="gc-tiles">(.*?)</script>', text)[1])
    assert kept["type"] == "image/png"
    # Every picture of one zoom is the same here, so each is there once.
    assert len(kept["pictures"]) == kept["max"] - kept["min"] + 1
    ground = drawn.view.ground
    for zoom in range(kept["min"], kept["max"] + 1):
        wanted = {f"{zoom}/{x}/{y}" for x, y in covering(ground, zoom)}
        assert {key for key in kept["at"] if key.startswith(f"{zoom}/")} == wanted
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', text)[1]
    assert "img-src data:;" in policy
    assert drawn.html() == text
    shown = html.unescape(text)
    assert "© Example" in shown
    assert "alert(1)" not in shown
    assert f"zooms {kept['min']} to {kept['max']} are in this file (the archive has 0 to 9)" in shown


def test_the_budget_ends_the_zooms_and_is_told(tmp_path):
    rng = np.random.default_rng(0)
    heavy = {
        at: archives.png(1, 1, 1)[:-12] + rng.bytes(9000) for at in archives.pictures(range(4, 9), (20, 53, 30, 58))
    }
    path = put(tmp_path, archives.archive(heavy, kind=2, metadata=CREDIT))
    small = read(Archive(path, max_bytes=400_000), VIEW, GROUND)
    large = read(Archive(path, max_bytes=10_000_000), VIEW, GROUND)
    assert small.pictures.max_zoom < large.pictures.max_zoom == 8
    assert sum(map(len, small.pictures.tiles.values())) <= 400_000
    with pytest.raises(
        LimitError, match=r"takes more than 10,000 bytes of tiles for this view, and max_bytes is 10,000; raise it"
    ):
        read(Archive(path, max_bytes=10_000), VIEW, GROUND)


def test_vector_tiles_become_a_ground(tmp_path, protomaps):
    path = put(tmp_path, archives.archive(protomaps, kind=1, metadata=CREDIT, bounds=(18, 52, 32, 58)))
    base = read(Archive(path), VIEW, GROUND, lang="en")
    found = {d.name.removeprefix("Base map: "): d for d in base.described}
    assert list(found) == ["land", "woods", "water", "roads", "boundaries", "names of countries", "places"]
    assert all(d.background and not d.interactive for d in base.described)
    # Cut at the edges of tiles and joined again, the lake is the lake; the forest is there, the farmland is not.
    lake = found["water"].table.geometry.iloc[0]
    assert shapely.get_num_geometries(lake) == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(lake)[0]) == 0
    assert lake.area == pytest.approx(Point(25, 55.4).buffer(0.4).area, rel=0.02)
    assert found["woods"].table.geometry.iloc[0].area == pytest.approx(1.0, rel=0.02)
    assert found["land"].table.geometry.iloc[0].equals_exact(box(20, 53, 30, 57.5), 1e-6) or found[
        "land"
    ].table.total_bounds == pytest.approx([20, 53, 30, 57.5], abs=1e-6)
    # The highway and the major road, each with its style; the path and the county are not there.
    assert sorted(found["roads"].style_of.tolist()) == [0, 1]
    assert found["roads"].table.total_bounds == pytest.approx([21, 55, 29, 56], abs=0.02)
    assert found["boundaries"].table.total_bounds[1::2] == pytest.approx([54.5, 54.5], abs=0.01)
    assert found["names of countries"].labels.text == ("Lithuania",)
    assert found["places"].labels.text == ("Ona",)
    assert read(Archive(path), VIEW, GROUND, lang="lt").described[-2].labels.text == ("Lietuva",)
    assert base.attribution == "© Example"
    assert base.notes == ("The base map is that of zoom 7 of an archive of tiles with zooms 0 to 7.",)


def test_the_figure_draws_the_same_ground(tmp_path, protomaps):
    path = put(tmp_path, archives.archive(protomaps, kind=1, metadata=CREDIT, bounds=(10, 45, 40, 65)))
    drawn = Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=path))
    names = [d.name for d in drawn.descriptions()]
    assert names[0] == "Base map: land"
    assert "Countries" not in names
    said = " ".join(t.get_text() for t in figure(drawn).texts)
    assert "© Example" in said
    assert drawn.html() == Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=path)).html()


def test_an_archive_of_a_part_leaves_our_own_ground_around_it(tmp_path, protomaps):
    path = put(tmp_path, archives.archive(protomaps, kind=1, metadata=CREDIT, bounds=(24, 54, 26, 56)))
    drawn = Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=path))
    below = drawn.descriptions()[0]
    assert (below.name, below.labels) == ("Countries", None)
    assert "The base map covers only a part of the view." in drawn.facts().notes


OPENMAPTILES = {
    "water": frame([box(25, 55, 26, 56)], **{"class": ["lake"]}),
    "waterway": frame([LineString([(21, 56), (29, 56)])], **{"class": ["river"]}),
    "transportation": frame([LineString([(21, 55), (29, 55)])], **{"class": ["motorway"]}),
    "boundary": frame(
        [LineString([(21, 54), (29, 54)]), LineString([(21, 57), (29, 57)])],
        admin_level=[2, 2],
        maritime=[0, 1],
        disputed=[1, 0],
    ),
    "place": frame([Point(25, 54.5)], **{"class": ["city"], "name": ["Ona"], "rank": [3]}),
}
SHORTBREAD = {
    "ocean": frame([box(25, 55, 26, 56)], x=[1]),
    "water_lines": frame([LineString([(21, 56), (29, 56)])], kind=["river"]),
    "streets": frame([LineString([(21, 55), (29, 55)])], kind=["motorway"]),
    "boundaries": frame([LineString([(21, 54), (29, 54)])], admin_level=[2], disputed=[True]),
    "place_labels": frame([Point(25, 54.5)], kind=["city"], name=["Ona"], population=[10_000]),
}


@pytest.mark.parametrize("tables", [OPENMAPTILES, SHORTBREAD], ids=["OpenMapTiles", "Shortbread"])
def test_other_schemas_are_known(tmp_path, tables):
    path = put(tmp_path, archives.archive(archives.vector(tables, [7]), kind=1, metadata=CREDIT))
    found = {d.name.removeprefix("Base map: "): d for d in read(Archive(path), VIEW, GROUND).described}
    assert list(found) == ["land", "water", "rivers", "roads", "boundaries", "places"]
    # Neither has land of its own: it is what the tiles cover.
    assert found["land"].table.geometry.iloc[0].area > 5
    assert found["boundaries"].style_of.tolist() == [2]
    assert found["boundaries"].table.total_bounds[[1, 3]] == pytest.approx([54, 54], abs=0.01)
    assert found["places"].labels.text == ("Ona",)


def test_an_unknown_schema_names_its_layers(tmp_path):
    path = put(
        tmp_path,
        archives.archive(archives.vector({"rain": frame([box(20, 50, 30, 58)], mm=[3])}, [7]), kind=1, metadata=CREDIT),
    )
    with pytest.raises(ReadError, match="it has rain; known are boundaries"):
        read(Archive(path), VIEW, GROUND)


def test_nobody_credited_is_asked_for(tmp_path):
    path = put(tmp_path, archives.archive(archives.pictures(range(9), (20, 50, 30, 58)), kind=2))
    with pytest.raises(InputError, match=r"attribution='© …'"):
        read(Archive(path), VIEW, GROUND)
    assert read(Archive(path, attribution="© Me"), VIEW, GROUND).attribution == "© Me"


def test_an_archive_of_elsewhere_says_where(tmp_path):
    path = put(
        tmp_path,
        archives.archive(
            archives.pictures(range(9), (-10, 50, 0, 58)), kind=2, metadata=CREDIT, bounds=(-10, 50, 0, 58)
        ),
    )
    with pytest.raises(InputError, match=r"no tiles in the view; it covers -10\.00 to 0\.00"):
        read(Archive(path), VIEW, GROUND)


GOOD = archives.archive({(0, 0, 0): archives.png(1, 2, 3)}, kind=2, packed=False, metadata=CREDIT)


def loop():
    """Return an archive whose directory is its own leaf."""
    raw = archives.directory([(0, 0, 5, 0)])
    head = bytearray(GOOD[:127])
    for place, value in (
        (8, 127),
        (16, len(raw)),
        (24, 0),
        (32, 0),
        (40, 127),
        (48, len(raw)),
        (56, 127),
        (64, len(raw)),
    ):
        head[place : place + 8] = value.to_bytes(8, "little")
    return bytes(head) + raw + b"\x00"


def bomb():
    """Return an archive whose root inflates to far more than a directory may be."""
    raw = gzip.compress(bytes(40 * 2**20))
    head = bytearray(GOOD[:127])
    for place, value in ((8, 127), (16, len(raw)), (24, 0), (32, 0), (40, 0), (48, 0), (56, 0), (64, 0)):
        head[place : place + 8] = value.to_bytes(8, "little")
    head[97] = 2
    return bytes(head) + raw


def rooted(entries):
    raw = archives.directory(entries)
    head = bytearray(GOOD[:127])
    for place, value in ((8, 127), (16, len(raw)), (24, 0), (32, 0), (40, 0), (48, 0), (56, 127), (64, len(raw))):
        head[place : place + 8] = value.to_bytes(8, "little")
    return bytes(head) + raw


def patched(place, raw):
    return GOOD[:place] + raw + GOOD[place + len(raw) :]


@pytest.mark.parametrize(
    ("raw", "error", "said"),
    [
        (b"", ReadError, "does not begin as a PMTiles"),
        (b"PK\x03\x04" + bytes(200), ReadError, "does not begin as a PMTiles"),
        (patched(7, b"\x02"), ReadError, "version 2, and only version 3"),
        (GOOD[:-300], ReadError, "cut off"),
        (patched(8, b"\xff" * 8), ReadError, "cut off: its root end at byte"),
        (patched(64, b"\xff" * 7), ReadError, "cut off: its tiles end at byte"),
        (patched(99, b"\x05"), ReadError, "AVIF"),
        (patched(99, b"\x63"), ReadError, "unknown kind"),
        (patched(97, b"\x03"), ReadError, "packed by brotli"),
        (patched(97, b"\x02"), ReadError, "no gzip"),
        (patched(101, b"\xff"), ReadError, "zooms are 0 to 255"),
        (patched(102, b"\xff\xff\xff\x7f"), ReadError, "not on the globe"),
        (patched(99, b"\x03"), ReadError, "a tile is no image/jpeg"),
        (loop(), ReadError, "lead on more than 4 deep"),
        (bomb(), LimitError, "more than 33,554,432 bytes when inflated"),
        (rooted([(0, 10**12, 50, 1)]), ReadError, "beyond the tiles' part"),
        (rooted([(0, 0, 10**15, 1)]), ReadError, "beyond the tiles' part"),
        (rooted([(0, 10**12, 50, 0)]), ReadError, "beyond its part"),
        (GOOD[:127] + b"\xff" * (len(GOOD) - 127), ReadError, "damaged|JSON"),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path, raw, error, said):
    path = put(tmp_path, raw)

    def use():
        with Reader(path) as reader:
            reader.metadata()
            reader.tile(reader.find(0, 0, 0))

    with pytest.raises(error, match=said):
        use()


def everywhere(raw, *, kind, zooms=(0, 12)):
    """Return a tiny archive whose one tile, packed, stands in every place of its zooms."""
    stored = raw if kind == 1 else gzip.compress(raw, mtime=0)
    header = {98: b"\x02", 100: bytes(zooms)}
    return archives.archive({(0, 0, 0): stored}, kind=kind, metadata=CREDIT, header=header, run=4**13)


def most_memory(use):
    tracemalloc.start()
    try:
        return use(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_picture_that_stands_everywhere_is_held_once(tmp_path):
    raw = everywhere(archives.png(1, 2, 3) + bytes(300_000), kind=2)
    assert len(raw) < 2_000
    path = put(tmp_path, raw)
    base, peak = most_memory(lambda: read(Archive(path, max_bytes=400_000), VIEW, GROUND))
    tiles = base.pictures.tiles
    assert len(tiles) > 1_000
    assert len({id(tile) for tile in tiles.values()}) == 1
    assert peak < 10_000_000


@pytest.mark.parametrize("extra", [3_000_000, 15_000_000])
def test_pictures_are_inflated_no_further_than_the_budget(tmp_path, extra):
    path = put(tmp_path, everywhere(archives.png(1, 2, 3) + bytes(extra), kind=2))
    # The smaller keeps to the budget while it is packed, the larger does not.
    assert (path.stat().st_size < 10_000) == (extra == 3_000_000)

    def use():
        with pytest.raises(LimitError, match=r"takes more than 10,000 bytes of tiles for this view"):
            read(Archive(path, max_bytes=10_000), VIEW, GROUND)

    _, peak = most_memory(use)
    assert peak < 1_000_000


def test_a_picture_above_the_limit_of_one_is_refused_by_that_name(tmp_path):
    path = put(tmp_path, everywhere(archives.png(1, 2, 3) + bytes(17_000_000), kind=2))
    with pytest.raises(LimitError, match=r"has a tile of more than 16,777,216 bytes when inflated"):
        read(Archive(path, max_bytes=100_000_000), VIEW, GROUND)


def test_a_zoom_that_passes_the_budget_when_inflated_is_left_out(tmp_path):
    rng = np.random.default_rng(0)
    tiles = {
        at: gzip.compress(archives.png(1, 1, 1) + rng.bytes(8) + bytes(20_000), mtime=0)
        for at in archives.pictures(range(4, 9), (20, 53, 30, 58))
    }
    path = put(tmp_path, archives.archive(tiles, kind=2, metadata=CREDIT, header={98: b"\x02"}))
    kept = read(Archive(path, max_bytes=400_000), VIEW, GROUND).pictures
    assert sum(map(len, kept.tiles.values())) <= 400_000
    assert kept.max_zoom < 8


def test_vector_tiles_keep_to_the_budget_when_inflated(tmp_path, protomaps):
    # Field 15 of a tile means nothing, and is skipped.
    filler = b"\x7a" + archives.varint(100_000) + bytes(100_000)
    path = put(tmp_path, everywhere(protomaps[7, 72, 40] + filler, kind=1, zooms=(7, 7)))
    assert path.stat().st_size < 5_000
    with pytest.raises(LimitError, match=r"takes more than 50,000 bytes of tiles for this view"):
        read(Archive(path, max_bytes=50_000), VIEW, GROUND)
    with pytest.raises(LimitError, match=r"so many places that they come to more than 480,000 bytes"):
        read(Archive(path, max_bytes=120_000), VIEW, GROUND)
    assert read(Archive(path), VIEW, GROUND).described


@pytest.mark.parametrize(("limit", "value"), [("_ENTRIES", 30), ("_DIRECTORIES_BYTES", 300)])
def test_all_directories_together_are_limited(tmp_path, monkeypatch, limit, value):
    tiles = {(3, x, y): archives.png(x, y, 0) for x in range(8) for y in range(8)}
    path = put(tmp_path, archives.archive(tiles, kind=2, leaf_size=8))
    monkeypatch.setattr(f"geoconflict.io.pmtiles.{limit}", value)
    with Reader(path) as reader:
        # What was read is not charged again.
        for _ in range(50):
            assert reader.find(3, 0, 0)
        with pytest.raises(LimitError, match=r"the directories of .* make the map's view= smaller"):
            [reader.find(3, x, y) for x in range(8) for y in range(8)]


def test_metadata_that_are_no_object_are_refused(tmp_path):
    made = archives.archive({(0, 0, 0): archives.png(1, 2, 3)}, kind=2, packed=False, metadata=["x"])
    with pytest.raises(ReadError, match="no JSON object"), Reader(put(tmp_path, made)) as reader:
        reader.metadata()


def test_a_tile_that_is_no_vector_tile_is_named(tmp_path):
    tiles = {(7, x, y): b"\xff\xff\xff no tile" for x, y in covering(GROUND, 7)}
    path = put(tmp_path, archives.archive(tiles, kind=1, metadata=CREDIT))
    with pytest.raises(ReadError, match=r"tile 7/\d+/\d+ is no vector tile"):
        read(Archive(path), VIEW, GROUND)


def test_a_missing_archive_is_told(tmp_path):
    with pytest.raises(ReadError, match=r"gone\.pmtiles cannot be read"):
        Map([layers.Places(PLACES)], title="x", options=MapOptions(tiles=tmp_path / "gone.pmtiles")).html()


def test_wrong_budgets_are_told_together():
    with pytest.raises(InputError) as caught:
        Archive("x.pmtiles", max_bytes=1, max_zoom=99)
    assert [fault.field for fault in caught.value.faults] == ["max_bytes", "max_zoom"]


def test_hostile_metadata_are_text():
    assert plain("<img src=x onerror=alert(1)>\x00\u202e©<style>x</style> A &lt;b&gt;") == "© A <b>"
    assert plain({"a": 1}) == ""
    assert len(plain("x" * 5000)) == 300
