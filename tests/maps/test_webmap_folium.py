from __future__ import annotations

import threading

import folium
import geopandas as gpd
import pytest
from branca.element import Element, Template
from folium.plugins import MarkerCluster
from folium.utilities import JsCode
from shapely import Point

from geoconflict.errors import OutputError
from geoconflict.maps import layers
from geoconflict.maps.web.cleaner import clean_html
from geoconflict.maps.web.foliums import OfflineWarning, render
from geoconflict.maps.web.tokens import Tokens
from geoconflict.maps.web.verbatim import rendering
from geoconflict.maps.webmap import Map

RUKLA = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs=4326)


def new():
    return Map([layers.Places(RUKLA)], title="Rukla")


def test_it_is_a_folium_map_that_keeps_what_is_added():
    drawn = new()
    assert isinstance(drawn.folium, folium.Map)
    assert drawn.folium is drawn.folium
    folium.Marker([55, 24], popup="Hello").add_to(drawn.folium)
    text = drawn.html()
    assert text.count("L.marker(") == 1
    assert "map_geoconflict" in text
    for gone in ("jquery.com", "bootstrap", "cdn.", "awesome-markers.js", "leaflet@1.9.3"):
        assert gone not in text.lower()


def test_the_same_layers_give_the_same_bytes():
    def made():
        drawn = new()
        folium.Marker([55, 24], popup="Hello", icon=folium.Icon(color="red")).add_to(drawn.folium)
        folium.GeoJson(Point(24, 55).__geo_interface__, tooltip="there").add_to(drawn.folium)
        return drawn.html()

    assert made() == made()


def test_saving_twice_gives_the_same_and_leaves_no_trace():
    drawn = new()
    folium.Marker([55, 24], popup="{{ 7*7 }}").add_to(drawn.folium)
    figure = drawn.folium.get_root()
    before = [list(box._children) for box in (figure.header, figure.html, figure.script)]
    assert drawn.html() == drawn.html()
    assert [list(box._children) for box in (figure.header, figure.html, figure.script)] == before


def test_folium_outside_is_not_touched():
    plain = folium.Map()
    folium.Marker([0, 0], popup="x").add_to(plain)
    found = []
    with rendering(new().folium):
        # Another thread renders a folium map of its own meanwhile.
        other = threading.Thread(
            target=lambda: found.append((plain.get_root().render().count("L.popup("), Element("{{ 7*7 }}").render()))
        )
        other.start()
        other.join()
    assert found == [(1, "49")]
    assert Element("{{ 7*7 }}").render() == "49"
    assert Template("{{ a }}").render(a=1) == "1"


def test_an_error_inside_restores_folium():
    with pytest.raises(ZeroDivisionError), rendering(new().folium):
        1 / 0  # noqa: B018 - the error is the point
    assert Element("{{ 7*7 }}").render() == "49"


def test_code_is_code_only_where_folium_says_so():
    drawn = new()
    layer = folium.GeoJson(
        Point(24, 55).__geo_interface__, on_each_feature=JsCode("(f, l) => l.options.title = `${f.id}`")
    )
    layer.add_to(drawn.folium)
    assert "(f, l) => l.options.title = `${f.id}`" in drawn.html()


def test_a_text_where_code_stands_is_refused_and_shown():
    drawn = new()
    marker = folium.Marker([55, 24]).add_to(drawn.folium)
    marker.add_child(folium.elements.ElementAddToElement("x;alert(1)//", "y"))
    with pytest.raises(OutputError, match=r"x;alert\(1\)//.*stands where"):
        drawn.html()


def test_plugins_that_ask_the_network_are_named_or_put_in(tmp_path):
    drawn = new()
    MarkerCluster([[55, 24]]).add_to(drawn.folium)
    with pytest.warns(OfflineWarning, match=r"leaflet\.markercluster\.js"):
        drawn.html()
    names = [url.rsplit("/", 1)[-1] for _, url in (*MarkerCluster.default_js, *MarkerCluster.default_css)]
    for name in names:
        (tmp_path / name).write_text(f"/* {name} </script> </style> */", encoding="utf-8")
    text = drawn.html(assets=tmp_path)
    for name in names:
        assert f"/* {name}" in text
    assert "/* leaflet.markercluster.js </script>" not in text


def test_scripts_in_added_html_do_not_run():
    drawn = new()
    drawn.folium.get_root().html.add_child(folium.Element("<h3 onclick='x()'>Title</h3><script>alert(1)</script>"))
    with pytest.warns(OfflineWarning, match="onclick of <h3>, <script>"):
        text = drawn.html()
    assert "<h3>Title</h3>" in text
    assert "alert(1)" not in text


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("<b>a</b>", "<b>a</b>"),
        ("<b>open", "<b>open</b>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<svg><script>x</script></svg>after", "after"),
        ('<a href="javascript:x">t</a>', '<a rel="noopener noreferrer nofollow" target="_blank">t</a>'),
        (
            '<a href="https://e.org">t</a>',
            '<a href="https://e.org" rel="noopener noreferrer nofollow" target="_blank">t</a>',
        ),
        ('<p style="position:fixed">t</p>', "<p>t</p>"),
        ('<p style="color:red">t</p>', '<p style="color:red">t</p>'),
        ('<img src="https://e.org/x.png">', "<img>"),
        ("</b></i>t", "t"),
    ],
)
def test_html_is_reduced_to_what_is_harmless(given, wanted):
    assert clean_html(given)[0] == wanted


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("f('{}')", "f('\\u0027\\u0060\\u0024\\u007b\\u003c\\u002fscript\\u003e')"),
        ("f(`{}`)", "f(`\\u0027\\u0060\\u0024\\u007b\\u003c\\u002fscript\\u003e`)"),
        ("f(`a${g('{}')}b`)", "f(`a${g('\\u0027\\u0060\\u0024\\u007b\\u003c\\u002fscript\\u003e')}b`)"),
        ("a // {}\nb", "a // \nb"),
        ("a /* {} */ b", "a /*  */ b"),
        ("/[/'\"]{}/.test(x)", "/[/'\"]\\u0027\\u0060\\u0024\\u007b\\u003c\\u002fscript\\u003e/.test(x)"),
    ],
)
def test_texts_come_back_as_their_place_allows(template, wanted):
    tokens = Tokens()
    made = tokens.mark("'`${</script>")
    script, faults = tokens.in_script(template.replace("{}", str(made)), set())
    assert (script, faults) == (wanted, [])


def test_only_json_comes_back_where_code_stands():
    tokens = Tokens()
    good, bad = tokens.mark('{"color": "<x>", "icon": "{{\'icon_1\'}}"}'), tokens.mark("alert(1)")
    script, faults = tokens.in_script(f"return {good}; return {bad}", {"icon_1"})
    assert script == 'return {"color": "\\u003cx\\u003e", "icon": icon_1}; return undefined'
    assert faults == ["alert(1)"]


def test_rendering_takes_the_folder_as_a_path(tmp_path):
    drawn = new()
    folium.Marker([55, 24]).add_to(drawn.folium)
    assert render(drawn.folium, tmp_path).scripts
