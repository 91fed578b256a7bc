from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geoconflict import schema
from geoconflict.crs import Bounds
from geoconflict.errors import InputError, OutputError
from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.scene import MapOptions
from geoconflict.maps.web.page import inert_json

DATA = Path(__file__).parents[1] / "data" / "outputs"


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


def sample_map(**options):
    drawn = [
        layers.Echelons(table("echelons")),
        layers.Strips(table("strips")),
        layers.Borders(table("borders")),
        layers.Sites(table("sites")),
        layers.Crossings(table("crossings")),
        layers.Incidents(table("incidents")),
        layers.Places(table("places")),
    ]
    return Map(drawn, title="Westmark", as_of="2025-08-19", background=table("countries"), **options)


class Read(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.scripts, self.attributes = [], [], []
        self._script = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag == "script":
            self._script = dict(attrs)
            self.scripts.append((self._script, ""))

    def handle_data(self, data):
        if self._script is not None:
            self.scripts[-1] = (self._script, self.scripts[-1][1] + data)

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None


def config(text):
    return json.loads(re.search(r'id="gc-config">(.*?)</script>', text, re.DOTALL)[1])


def blob(text, i, which="blob"):
    raw = zlib.decompress(base64.b64decode(re.search(rf'id="gc-{which}-{i}">(.*?)</script>', text)[1]))
    length = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + length]), raw[4 + length :]


def array(described, raw):
    count, at = described["n"], described["o"]
    if described["t"] == "u3":
        planes = np.frombuffer(raw, np.uint8, 3 * count, at).reshape(3, count).astype(np.int64)
        values = planes[0] << 16 | planes[1] << 8 | planes[2]
        return np.cumsum(values) & 0xFFFFFF if described.get("d") else values
    if described["t"] == "b1":
        packed = np.frombuffer(raw, np.uint8, -(-count // described["k"]), at).astype(np.int64)
        return (packed[:, None] // described["base"] ** np.arange(described["k"]) % described["base"]).ravel()[:count]
    values = np.frombuffer(raw, "<" + described["t"], count, at)
    return np.cumsum(values) if described.get("d") else values


def codes(column, head, raw):
    """Return the codes of a column, also of one that another decides."""
    if "codes" in column:
        return array(column["codes"], raw)
    of = column["of"]
    if of == "style":
        other = array(head["style"], raw)
    elif of == "start":
        other = array(head["start"], raw).astype(np.int64)
        other = other - other.min()
    else:
        other = codes(head["columns"][of], head, raw)
    return np.array(column["map"])[other]


def latitudes(y):
    return np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))


def places(head, raw):
    """Return longitudes and latitudes as the page has them."""
    p = head["points"]
    x, y = (p["low"][i] + array(p[axis], raw) / p["steps"] * p["span"][i] for i, axis in enumerate("xy"))
    return (x - 0.5) * 360, latitudes(y)


def steps(shapes, axis, raw):
    """Return the differences along the rings, in degrees."""
    read = array(shapes[axis], raw).astype(np.int64)
    if "planes" in shapes:
        planes = read.reshape(shapes["planes"], -1)
        zigzag = sum(plane << 8 * k for k, plane in enumerate(planes))
        read = zigzag >> 1 ^ -(zigzag & 1)
    return read / shapes["scale"]


def test_the_page_allows_only_its_own_scripts():
    text = sample_map().html()
    read = Read(text)
    policy = next(a["content"] for t, a in read.attributes if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "connect-src" not in rules
    run = [code for attributes, code in read.scripts if "type" not in attributes]
    assert len(run) == 1
    packed = next(code for attributes, code in read.scripts if attributes.get("id") == "gc-code")
    run += json.loads(zlib.decompress(base64.b64decode(packed)))["scripts"]
    assert "Leaflet 1.9.4" in run[1]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(c.encode()).digest()).decode()}'" for c in run}
    assert hashes == set(rules["script-src"].split())
    assert len(run) == 3


def test_there_are_no_requests():
    read = Read(sample_map().html())
    asked = [(t, k, v) for t, a in read.attributes for k, v in a.items() if k in {"src", "href", "srcset", "action"}]
    assert asked == []
    assert not {"link", "iframe", "object", "embed", "base"} & set(read.tags)


def test_notes_are_in_the_page():
    text = html.unescape(sample_map(options=MapOptions(method="Drawn by hand.")).html())
    assert "<title>Westmark</title>" in text
    assert "As of 19 August 2025" in text
    assert "Drawn by hand." in text
    assert "Not drawn, because the location is unknown: 27 parks (27)." in text
    assert "Disputed areas: shown by who administers them (de facto)." in text
    assert "Nobody's data" in text
    assert re.search(
        r"Background: simplified with a tolerance of about [\d.]+ k?m; measurements use the full data", text
    )
    assert "Incidents: 40 on the map" in text
    assert text.count('<li id="gc-source-') == 3


def test_the_same_map_gives_the_same_bytes():
    assert sample_map().html() == sample_map().html()


def as_drawn(frame):
    """Return incidents in the order in which they are drawn: by day, within a day from west to east."""
    return frame.assign(x=frame.geometry.x).sort_values(["event_date", "x"], kind="stable")


def test_points_are_decoded_at_their_positions():
    frame = as_drawn(table("incidents"))
    text = sample_map().html()
    at = next(i for i, layer in enumerate(config(text)["layers"]) if layer["name"] == "Incidents")
    lon, lat = places(*blob(text, at))
    np.testing.assert_allclose(lon, frame.geometry.x, atol=1e-8)
    np.testing.assert_allclose(lat, frame.geometry.y, atol=1e-8)


def test_columns_are_decoded_with_their_values():
    frame = as_drawn(table("incidents"))
    text = sample_map().html()
    heads = config(text)["layers"]
    at = next(i for i, layer in enumerate(heads) if layer["name"] == "Incidents")
    head, raw = blob(text, at)
    decided = 0
    for name, column in zip(heads[at]["columns"], head["columns"], strict=True):
        decided += "of" in column
        got = [column["values"][c] for c in codes(column, head, raw)]
        want = [None if pd.isna(v) else v for v in frame[name]]
        assert got == want, name
    assert decided >= 2  # the day by the first day, the type by the style


def many(n):
    rng = np.random.default_rng(0)
    return gpd.GeoDataFrame(
        {
            "event_type": rng.choice(["battle", "riot", "protest"], n),
            "event_date": np.datetime64("2025-01-01") + rng.integers(0, 300, n),
            "fatalities": rng.integers(0, 9, n).astype(float),
            "location_uncertainty_m": rng.choice([100.0, 5000.0, np.nan], n),
            "notes": [f"note {i} of <b> \u2028 \U0001f600" for i in range(n)],
        },
        geometry=gpd.points_from_xy(rng.uniform(20, 30, n), rng.uniform(50, 60, n)),
        crs=4326,
    ).assign(event_date=lambda f: f["event_date"].dt.strftime("%Y-%m-%d"))


@pytest.mark.parametrize("n", [30_000, 101_000])
def test_many_points_are_packed_in_24_bits_and_notes_in_blocks(n):
    frame = as_drawn(many(n))
    text = Map([layers.Incidents(frame)], title="Many", background=table("countries").iloc[:0]).html()
    head, raw = blob(text, 1)
    assert head["points"]["x"]["t"] == "u3"
    lon, lat = places(head, raw)
    # Half a step of 24 bits, at the northern edge of the box.
    assert np.abs(lon - frame.geometry.x).max() < 10 / 2**24
    assert np.abs(lat - frame.geometry.y).max() < 10 / 2**24
    # The columns of a large layer come after it is drawn.
    rest, rest_raw = (head, raw) if n < 100_000 else blob(text, 1, "rest")
    assert ("columns" in head) == (n < 100_000)
    names = config(text)["layers"][1]["columns"]
    deaths = rest["columns"][names.index("fatalities")]
    assert deaths["codes"]["t"] == "b1"
    got = [deaths["values"][c] for c in codes(deaths, rest, rest_raw)]
    assert got == frame["fatalities"].tolist()
    assert rest["radius"]["of"] == names.index("location_uncertainty_m")
    column = rest["columns"][names.index("notes")]
    notes = re.search(r'id="gc-text-1">(.*?)</script>', text)[1]
    block = notes[column["blocks"][3] : column["blocks"][4]]
    assert json.loads(zlib.decompress(base64.b64decode(block)))[5] == frame["notes"].iloc[4 * 4096 + 5]


def test_points_beyond_the_edge_of_the_map_keep_their_latitude():
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(3, 89.5), Point(0, 10)], crs=4326)
    text = Map([layers.Places(frame)], title="Pole", background=table("countries")).html()
    head, raw = blob(text, 1)
    assert head["points"]["beyond"] == [[0, 89.5]]
    np.testing.assert_allclose(places(head, raw)[1], [85.0511287798, 10], atol=1e-8)


def test_lines_are_decoded_within_the_tolerance():
    text = sample_map().html()
    heads = config(text)["layers"]
    at = next(i for i, layer in enumerate(heads) if layer["name"] == "Border")
    head, raw = blob(text, at)
    shapes = head["shapes"]
    assert array(shapes["points"], raw).tolist()[0] > 20
    x, y = np.cumsum(steps(shapes, "x", raw)), np.cumsum(steps(shapes, "y", raw))
    line = table("borders").geometry.iloc[0]
    # So few vertices are all there.
    assert len(x) == len(line.coords)
    assert line.hausdorff_distance(LineString(np.column_stack([x, y]))) < 1e-6


@pytest.mark.parametrize(
    "value", ["</script><script>alert(1)</script>", "<!--", "\u2028\u2029", "\ud800", "&amp;", '"\\']
)
def test_json_is_inert_in_its_script_tag(value):
    text = inert_json({value: [value]})
    assert not set("<>&\u2028\u2029") & set(text)
    assert text.isascii()
    assert json.loads(text) == {value: [value]}


def test_hostile_titles_and_sources_are_text():
    evil = "</title><script>alert(1)</script>{{7*7}}{% x %}{# \ud800 \x00"
    frame = table("places").assign(source=pd.Series([evil] * 3, dtype=object), attribution=evil[:30])
    text = Map([layers.Places(frame, name=evil)], title=evil, options=MapOptions(method=evil)).html()
    assert "<script>alert" not in text
    assert "{{7*7}}" in text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", text)[0]


@pytest.mark.parametrize(
    "frame",
    [
        gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326),
        gpd.GeoDataFrame({"name": ["one"]}, geometry=[Point(10, 50)], crs=4326),
        gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(0, 90), Point(0, -90)], crs=4326),
        gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(180, 1), Point(-180, 2)], crs=4326),
        gpd.GeoDataFrame({"name": ["x"] * 50}, geometry=[Point(5, 5)] * 50, crs=4326),
    ],
    ids=["no rows", "one row", "poles", "antimeridian", "one point"],
)
def test_extreme_tables_give_a_view(frame):
    drawn = Map([layers.Places(frame)], title="Extreme", background=table("countries"))
    found = config(drawn.html())
    west, south, east, north = found["box"]
    assert west < east
    assert south < north
    assert -90 <= south <= north <= 90


def test_a_view_across_the_antimeridian_has_continuous_longitudes():
    frame = gpd.GeoDataFrame({"name": ["Suva", "Apia"]}, geometry=[Point(178.4, -18.1), Point(-171.8, -13.8)], crs=4326)
    land = gpd.GeoDataFrame(
        {"name": ["West", "East"]}, geometry=[box(177, -19, 180, -17), box(-180, -19, -179, -17)], crs=4326
    )
    text = Map([layers.Places(frame)], title="Pacific", background=land).html()
    found = config(text)
    assert found["box"][2] - found["box"][0] < 12
    head, raw = blob(text, 0)
    rings = array(head["shapes"]["points"], raw)
    x = steps(head["shapes"], "x", raw)
    assert len(rings) == 2
    starts = np.concatenate([[0], np.cumsum(rings)[:-1]]).astype(int)
    # The middle of the view is at 176.7 degrees west: what lies west of 180 is written below -180.
    assert ((x[starts] >= -183.001) & (x[starts] <= -178.999)).all()


def test_the_background_is_clipped_to_the_extent():
    wide = gpd.GeoDataFrame({"name": ["World"]}, geometry=[box(-180, -90, 180, 90)], crs=4326)
    drawn = Map([layers.Places(table("places"))], title="Cut", background=wide)
    ground = drawn.view.extent
    text = drawn.html()
    head, raw = blob(text, 0)
    x = np.cumsum(steps(head["shapes"], "x", raw))
    pixel = ground.width_deg / 12_000
    assert x.min() == pytest.approx(ground.west, abs=pixel)
    assert x.max() == pytest.approx(ground.east, abs=pixel)


def test_save_returns_the_path_and_leaves_no_other_file(tmp_path):
    path = sample_map().save(tmp_path / "map.html")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
    with pytest.raises(OutputError, match="nowhere"):
        sample_map().save(tmp_path / "nowhere" / "map.html")


def test_wrong_arguments_are_reported():
    with pytest.raises(InputError, match="title"):
        Map([], title=" ")
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        Map([], title="x", as_of="19/08/2025")
    with pytest.raises(InputError) as caught:
        MapOptions(lang='en"><script>', theme="neon")
    assert {fault.field for fault in caught.value.faults} == {"lang", "theme"}


def test_the_frame_contains_the_page_as_text():
    drawn = sample_map()
    frame = drawn.iframe(height="300px")
    attributes = dict(Read(frame).attributes[0][1])
    assert attributes["srcdoc"] == drawn.html()
    assert "allow-same-origin" not in attributes["sandbox"]
    assert drawn._repr_html_() == drawn.iframe()


def test_a_given_view_is_kept():
    found = config(sample_map(view=Bounds(19, 48, 20, 49)).html())
    assert found["box"] == [19, 48, 20, 49]


def test_a_small_map_is_small():
    # Leaflet and the script with its tools are 240,000 of these.
    assert len(sample_map().html()) < 320_000


def test_a_world_map_centred_on_the_pacific_is_split_elsewhere():
    towns = {"Suva": (178.4, -18.1), "Apia": (-171.8, -13.8), "Nome": (-165.4, 64.5), "Anadyr": (177.5, 64.7)}
    frame = gpd.GeoDataFrame({"name": list(towns)}, geometry=[Point(*at) for at in towns.values()], crs=4326)
    found = config(Map([layers.Places(frame)], title="Pacific", background=table("countries")).html())
    (west, _, east, _), (ground_west, _, ground_east, _) = found["box"], found["extent"]
    assert ground_west < west < east < ground_east
    assert ground_east - ground_west > 350


def test_wrong_arguments_are_reported_together():
    frame = table("places")
    with pytest.raises(InputError) as told:
        Map(frame, title=" ", as_of="soon", view=(1, 2, 3), options={"lang": "fr"})
    for words in (
        "is not a layer",
        "layers must be a list",
        "needs a title",
        "as_of: 'soon' is not a date",
        "view is (1, 2, 3)",
        "use MapOptions",
    ):
        assert words in str(told.value)
    with pytest.raises(OutputError, match="save\\(\\) writes HTML"):
        Map([layers.Places(frame)], title="x").save("map.pdf")


def test_invalid_dates_are_noted():
    frame = table("incidents").iloc[:4].copy()
    frame["event_date"] = ["2025-13-45", None, "2025-07-05", "2025-07-06"]
    frame["event_date_end"] = [None, None, "2025-07-01", "2025-07-06"]
    notes = Map([layers.Incidents(frame)], title="x").scene.facts().notes
    assert "Incidents: 2 of 4 rows have no valid date and are always shown." in notes
    assert "Incidents: 1 of 4 rows end before they start; only their first day is used." in notes
    with pytest.raises(InputError, match="did you mean battle"):
        layers.Incidents(frame, palette={"batle": "#ff0000"})


def test_circles_are_explained_only_where_there_are_any():
    point = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    circles = "Circles around points show location uncertainty."
    for radius, there in ((None, False), (0.0, False), (500.0, True)):
        frame = point if radius is None else point.assign(location_uncertainty_m=radius)
        text = Map([layers.Places(frame)], title="x").html()
        assert (circles in text) == there
