"""Hostile texts in every slot of our layers and of folium's: none is run, none is evaluated."""

from __future__ import annotations

import contextlib
import warnings

import folium
import geopandas as gpd
import jinja2
import pytest
from shapely import LineString, Point, box

from geoconflict.crs import Bounds
from geoconflict.maps import layers
from geoconflict.maps.web.foliums import OfflineWarning
from geoconflict.maps.webmap import Map, MapOptions

pytestmark = pytest.mark.browser

RUN = "window.pwned=1"
PAYLOADS = {
    "script": f"<script>{RUN}</script>",
    "closing": f"</script><script>{RUN}</script>",
    "closing case": f"</ScRiPt ><script>{RUN}</script>",
    "comment": f"<!--<script>{RUN}</script>-->",
    "image": f"<img src=x onerror={RUN}>",
    "svg": f"<svg onload={RUN}><script>{RUN}</script></svg>",
    "math": f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
    "frame": f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "base": "<base href='https://evil.example/'>",
    "form": "<form action='https://evil.example/'><input name=a autofocus onfocus=window.pwned=1><button>x</button></form>",
    "link": f"<a href='javascript:{RUN}' id=bait>click</a>",
    "address": f"javascript:{RUN}",
    "data address": f"data:text/html,<script>{RUN}</script>",
    "style": "</style><style>body{display:none}</style>",
    "css": "red;background:url(https://evil.example/x);position:fixed;inset:0",
    "attribute": f'" onmouseover="{RUN}" x="',
    "single quote": f"';{RUN};'",
    "double quote": f'";{RUN};"',
    "backtick": f"`;{RUN};`",
    "escaped backtick": f"\\`;{RUN};//",
    "template literal": f"${{{RUN}}}",
    "expression": "{{ 7*7777 }}{{ this.__class__.__mro__ }}",
    "statement": "{% for x in [1] %}54439{% endfor %}{% raw %}",
    "jinja comment": "{# never closed",
    "line ends": f"a\n{RUN}\r\u2028{RUN}\u2029*/{RUN}/*",
    "controls": "\x00\x01\x7f\u202e\ufeff",
    "lone surrogate": f"\ud800</script><script>{RUN}</script>\udfff",
    "overrides": f"\u202e\u2066\u2067gnp.exe\u2069\u202c<script>{RUN}</script>",
    "nul inside": f"<scr\x00ipt>{RUN}</scr\x00ipt><img src=x one\x00rror={RUN}>",
    "markup comment end": f"--><script>{RUN}</script><!--",
    "document type": f"]]><!DOCTYPE html><script>{RUN}</script>",
}


def storable(text):
    """Return a text as a table can hold it: pandas' strings refuse lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def ours(evil):
    """Return the layers of ours with the payload in every slot that takes a text: 45 of them."""
    name, evil = evil, storable(evil)
    point = gpd.GeoDataFrame(
        {
            "event_type": ["battle", evil],
            "event_date": ["2025-01-01", "2025-01-02"],
            "event_date_end": ["2025-01-01", "2025-01-02"],
            "fatalities": [1.0, 2.0],
            "location_uncertainty_m": [100.0, 5000.0],
            **{
                column: [evil, evil + "b"]
                for column in [
                    "sub_event_type",
                    "actor1",
                    "actor2",
                    "location",
                    "admin1",
                    "country",
                    "geo_precision",
                    "time_precision",
                    "source",
                    "source_url",
                    "notes",
                    "title",
                    "attribution",
                    "method",
                    "worldview",
                    "fatalities_claimant",
                ]
            },
            evil: ["column", "name"],
        },
        geometry=[Point(20, 50), Point(20.5, 50.2)],
        crs=4326,
    )
    place = gpd.GeoDataFrame(
        {"name": [evil], "kind": [evil], "picture": [evil]}, geometry=[Point(20.2, 50.1)], crs=4326
    )
    line = gpd.GeoDataFrame(
        {"name": [evil], "fortification_type": [evil], "illustrative": [True], "owner": [evil]},
        geometry=[LineString([(20, 50), (21, 50)])],
        crs=4326,
    )
    area = gpd.GeoDataFrame({"name": [evil], "source": [evil]}, geometry=[box(20, 50, 20.3, 50.3)], crs=4326)
    numbers = area.assign(**{evil: [1.0], "method": [evil], "country": [evil]})
    held = area.drop(columns="name").assign(holder=evil, source_url=evil, notes=evil, method=evil)
    grid = layers.Grid([[1.0, 2.0]], Bounds(20, 50, 20.4, 50.2), valid_from="2025-01-01", source=evil + "r")
    fields = (
        *layers.Incidents(point).fields,
        layers.PopupField(evil, evil),
        layers.PopupField("notes", "picture", "image"),
        layers.PopupField("notes", "address", "link"),
        layers.PopupField("notes", "day", "date"),
        layers.PopupField("notes", "length", "length_m"),
    )
    return [
        layers.Countries(area.rename(columns={"source": "method"})),
        layers.Zones(area, name=name, labels=True),
        layers.Strips(line, name=name + "s"),
        layers.Incidents(point, name=name + "i", fields=fields),
        layers.Places(place, name=name + "p"),
        layers.Choropleth(numbers, by=evil, name=name + "c", unit=name),
        layers.Territory(layers.from_snapshots({"2025-01-01": held}), name=name + "t"),
        layers.Raster(grid, name=name + "r", unit=name),
        layers.Graticule(name=name + "m"),
    ]


def theirs(into, evil):
    """Add folium's layers with the payload in every slot that takes a text: 37 of them."""
    plain = folium.Marker([50, 20], popup=evil, tooltip=evil, icon=folium.Icon(icon=evil, prefix=evil, icon_color=evil))
    plain.add_to(into)
    folium.Marker([50, 20.1], popup=folium.Popup(evil, parse_html=True, class_name=evil), title=evil, alt=evil).add_to(
        into
    )
    folium.Marker(
        [50, 20.2], popup=folium.Popup(folium.Html(evil, script=True)), icon=folium.DivIcon(html=evil, class_name=evil)
    ).add_to(into)
    folium.Marker([50, 20.3], tooltip=folium.Tooltip(evil, style=evil, class_name=evil)).add_to(into)
    group = folium.FeatureGroup(name=evil).add_to(into)
    folium.Circle([50, 20], radius=900, color=evil, fill_color=evil, dash_array=evil, popup=evil, tooltip=evil).add_to(
        group
    )
    folium.CircleMarker([50.1, 20], color=evil, class_name=evil).add_to(group)
    folium.PolyLine([[50, 20], [50.1, 20.1]], color=evil, popup=evil, line_cap=evil, line_join=evil).add_to(group)
    folium.Polygon([[50, 20], [50.1, 20.1], [50, 20.1]], tooltip=evil, fill_rule=evil).add_to(into)
    folium.Rectangle([[50, 20], [50.1, 20.1]], popup=evil).add_to(into)
    feature = {
        "type": "Feature",
        "id": evil,
        "properties": {"name": evil, "k": 1, evil: evil, "__proto__": evil},
        "geometry": {"type": "Polygon", "coordinates": [[[20, 50], [20.4, 50], [20.4, 50.4], [20, 50]]]},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        name=evil + "g",
        style_function=lambda _: {"color": evil, "fillColor": evil, "className": evil},
        highlight_function=lambda _: {"color": evil},
        tooltip=folium.GeoJsonTooltip(["name", evil], aliases=[evil, evil], style=evil, labels=True),
        popup=folium.GeoJsonPopup(["name"], aliases=[evil], style=evil),
    ).add_to(into)
    folium.GeoJson(
        Point(20, 50).__geo_interface__, marker=folium.Marker(icon=folium.DivIcon(html=evil)), name="q"
    ).add_to(into)
    folium.TileLayer(tiles="https://tiles.example/" + evil, attr=evil, name=evil + "t").add_to(into)
    folium.LayerControl().add_to(into)
    # branca refuses some texts when such an element is made, long before it is saved.
    with contextlib.suppress(jinja2.TemplateSyntaxError):
        into.get_root().html.add_child(folium.Element(f"<h3>{evil}</h3>"))
        into.get_root().header.add_child(folium.Element(f"<style>h3 {{ color: {evil} }}</style>"))


OPEN_ALL = """async () => {
  for (const layer of Object.values(geoconflict.map._layers)) {
    for (const act of ["openPopup", "openTooltip"]) { try { layer[act]?.(); } catch (e) { /* off the map */ } }
    layer.eachLayer?.((l) => { try { l.openTooltip?.(); l.openPopup?.(); l.fire("mouseover"); } catch (e) { /* none */ } });
  }
  for (const layer of geoconflict.layers) for (let row = 0; row < Math.min(2, layer.n); row++) if (layer.interactive) geoconflict.showRow(layer, row);
  document.querySelector("[aria-label='Data table']").click();
  await new Promise((done) => setTimeout(done, 80));
  for (const node of document.querySelectorAll("*")) {
    for (const name of ["mouseover", "focus", "mouseenter"]) node.dispatchEvent(new Event(name));
  }
  document.querySelectorAll("a[id=bait], #gc-map a[href]:not([href='#'])").forEach((a) => { if (!/^https?:|^mailto:/.test(a.href)) a.click(); });
  await new Promise((done) => setTimeout(done, 40));
}"""


# Several on one page: opening a page costs more than the texts in it.
GROUPS = [list(PAYLOADS)[i : i + 4] for i in range(0, len(PAYLOADS), 4)]


@pytest.mark.parametrize("names", GROUPS, ids=" + ".join)
def test_no_payload_runs(open_map, names):
    evils = [PAYLOADS[name] for name in names]
    drawn = Map(
        [layer for evil in evils for layer in ours(evil)],
        title=" ".join(evils) + "!",
        options=MapOptions(method=evils[0], disclaimer=evils[-1], static=True),
    )
    for evil in evils:
        theirs(drawn.folium, evil)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OfflineWarning)
        # The printed figure's fonts lack some of the signs.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        text = drawn.html()
    # 7 * 7777 is what an evaluated template would have written; one payload holds it as it is.
    assert "statement" in names or "54439" not in text
    assert "<class" not in text
    opened = open_map(text)
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.gcReady") == "true", opened.errors
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.pwned") is None
    assert opened.dialogs == []
    assert page.url.startswith("file:")
    assert [r for r in opened.requests if not r.startswith(("file:", "data:", "https://tiles.example"))] == []
    assert page.frames == [page.main_frame]
    assert page.locator("body").is_visible()
    assert (
        page.evaluate(
            "document.querySelectorAll('#gc-map script, #gc-map iframe, #gc-map form, #gc-map style, #gc-map meta, #gc-map base').length"
        )
        == 0
    )
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every((e) => [...e.attributes].every((a) => !/^on/i.test(a.name)))"
    )


def archive(evil, folder):
    """Return an archive of tiles whose texts are all the payload."""
    import importlib.util
    from pathlib import Path

    file = Path(__file__).parents[1] / "outputs" / "archives.py"
    spec = importlib.util.spec_from_file_location("archives", file)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    plain = evil.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    tables = {
        "earth": gpd.GeoDataFrame({"kind": ["earth"]}, geometry=[box(10, 45, 30, 55)], crs=4326),
        "places": gpd.GeoDataFrame(
            {"kind": ["locality"], "name": [plain], "name:en": [plain]}, geometry=[Point(20.2, 50.1)], crs=4326
        ),
    }
    metadata = {"attribution": "©" + evil, "name": evil, "description": evil, "vector_layers": [{"id": evil}]}
    path = folder / "base.pmtiles"
    path.write_bytes(made.archive(made.vector(tables, range(8)), kind=1, metadata=metadata))
    return path


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_of_an_archive_of_tiles_runs(open_map, tmp_path, name):
    evil = PAYLOADS[name]
    place = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(20, 50)], crs=4326)
    drawn = Map([layers.Places(place)], title="Tiles", options=MapOptions(tiles=archive(evil, tmp_path)))
    text = drawn.html()
    assert name == "statement" or "54439" not in text
    opened = open_map(text)
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.gcReady") == "true", opened.errors
    assert page.evaluate("geoconflict.drawn['Base map: places']") == 1
    assert page.evaluate("window.pwned") is None
    assert opened.dialogs == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    credit = page.locator(".gc-credit")
    assert credit.evaluate("(node) => node.children.length") == 0
    assert not set("\u202e\u2066\u2067\x00") & set(credit.text_content())


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_leaves_its_frame(chromium, tmp_path, name):
    """The title is an attribute of the frame, and the whole page another."""
    evil = PAYLOADS[name]
    place = gpd.GeoDataFrame({"name": [storable(evil)]}, geometry=[Point(20, 50)], crs=4326)
    drawn = Map([layers.Places(place, name=evil)], title=evil + "!")
    frame = drawn.iframe(width=evil, height=evil)
    path = tmp_path / "outer.html"
    path.write_bytes(f"<!DOCTYPE html><meta charset=utf-8><body>{frame}</body>".encode("utf-8", "replace"))
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.frames[1].wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
    assert page.evaluate("window.pwned") is None
    assert page.frames[1].evaluate("window.pwned") is None
    assert len(page.frames) == 2
    assert page.locator("body > *").count() == 1
    names = page.locator("iframe").evaluate("(node) => [...node.attributes].map((a) => a.name).sort()")
    assert names == ["allow", "height", "loading", "sandbox", "srcdoc", "style", "title", "width"]
    page.close()


@pytest.mark.parametrize("name", PAYLOADS)
def test_files_that_a_reader_saves_have_plain_names_and_whole_texts(open_map, name):
    evil = PAYLOADS[name]
    place = gpd.GeoDataFrame({"name": [storable(evil)], "kind": ["=1+1"]}, geometry=[Point(20, 50)], crs=4326)
    page = open_map(Map([layers.Places(place, name=evil)], title="Files")).page
    page.get_by_role("button", name="Data table").click()
    for kind in ("CSV", "GeoJSON"):
        with page.expect_download() as saved:
            page.locator("dialog[open]").get_by_role("button", name=kind).click()
        file = saved.value.suggested_filename
        assert file.endswith("." + kind.lower())
        assert not set(file) & set("<>/\\\"'`{}$:\x00\u202e\u2028")
    back = gpd.read_file(saved.value.path())
    # GDAL ends a text at NUL.
    assert back["name"].iloc[0] == storable(evil).split("\x00")[0]
