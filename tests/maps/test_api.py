"""The public calls: what they accept, and what they say about wrong arguments."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pytest
from folium.plugins import MarkerCluster
from shapely import Point, box

import geoconflict as gc
from geoconflict.crs import Bounds
from geoconflict.errors import InputError
from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.web.folium_layers import OfflineWarning
from geoconflict.maps.web.folium_render import rendering

ROOT = Path(__file__).parents[2]
RUKLA = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs=4326)
AREA = gpd.GeoDataFrame({"name": ["a"]}, geometry=[box(20, 53, 27, 57)], crs=4326)


def new(**options):
    return Map([layers.Places(RUKLA)], title="Rukla", **options)


# A view


@pytest.mark.parametrize(
    "view",
    [(20, 53, 27, 57), [20, 53, 27, 57], AREA.total_bounds, Bounds(20, 53, 27, 57), AREA, AREA.geometry],
    ids=["tuple", "list", "array", "Bounds", "GeoDataFrame", "GeoSeries"],
)
def test_view_takes_a_bbox_or_a_table(view):
    assert new(view=view).view.bounds == Bounds(20, 53, 27, 57)


def test_a_view_of_one_point_has_a_size():
    bounds = new(view=RUKLA).view.bounds
    assert bounds.width_deg > 0.4
    assert bounds.north - bounds.south == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ((1, 2, 3), "use (west, south, east, north)"),
        ("1234", "use (west, south, east, north)"),
        (5, "use (west, south, east, north)"),
        ((0, 50, 10, 40), "south <= north"),
        ((0, 50, np.nan, 60), "longitudes from -180 to 180"),
        (AREA.to_crs(3857), "WGS84"),
        (AREA.iloc[:0], "without geometries"),
    ],
)
def test_a_wrong_view_raises_our_error(view, message):
    with pytest.raises(InputError) as caught:
        new(view=view)
    assert message in str(caught.value)
    assert any(fault.field == "view" for fault in caught.value.faults)


# A figure


def test_figure_takes_a_map_or_a_list_of_layers():
    made = gc.figure([layers.Zones(AREA), layers.Places(RUKLA)], size_mm=(90, 90))
    assert "Zones, Places" in [text.get_text() for text in made.texts]
    titled = gc.figure([layers.Places(RUKLA)], title="Rukla", size_mm=(90, 90))
    assert "Rukla" in [text.get_text() for text in titled.texts]
    assert new().figure(size_mm=(90, 90)).get_size_inches().tolist() == titled.get_size_inches().tolist()


@pytest.mark.parametrize("wrong", [RUKLA, layers.Places(RUKLA), [RUKLA], [layers.Places], None, "map"])
def test_figure_of_anything_else_raises_our_error(wrong):
    with pytest.raises(InputError, match=r"layers must be a list|is not a layer"):
        gc.figure(wrong)


def test_a_notebook_shows_a_map_and_a_figure():
    assert new()._repr_html_().startswith("<iframe")
    assert new().figure(size_mm=(90, 90))._repr_png_().startswith(b"\x89PNG")


# Options of layers


@pytest.mark.parametrize("kind", [layers.Bands, layers.Zones])
def test_a_palette_can_be_a_list_of_colours_or_a_name(kind):
    table = AREA.assign(band_inner_m=0.0, band_outer_m=5e3)
    assert kind(table, palette=["#123456", "#ffffff"]).describe().styles[0].fill == "#123456"
    first = layers.Palette(gc.maps.classes.SEQUENTIAL.colours).colours[0]
    assert kind(table, palette="sequential").describe().styles[0].fill == first


def test_wrong_options_are_reported_together():
    with pytest.raises(InputError) as caught:
        layers.Zones(AREA, palette="sequentail", fill_opacity=2, fields=("name",))
    assert {fault.field for fault in caught.value.faults} == {"palette", "fill_opacity", "fields"}
    assert "did you mean sequential?" in str(caught.value)
    with pytest.raises(InputError, match="is not a Style"):
        layers.Graticule(style="red")


def test_places_without_labels():
    assert layers.Places(RUKLA, labels=False).describe().labels is None


# The registry


def test_the_documentation_has_the_table_of_layers():
    table = layers.table_of_layers()
    message = (
        "replace the table by the output of `python -c 'import geoconflict as gc; print(gc.layers.table_of_layers())'`"
    )
    assert table in (ROOT / "docs" / "maps.md").read_text(encoding="utf-8"), message


def test_the_table_of_layers_lists_the_options_of_each():
    lines = layers.table_of_layers().splitlines()
    (incidents,) = [line for line in lines if line.startswith("| `Incidents`")]
    assert incidents.endswith("| `radius_px`, `palette`, `display` |")
    with pytest.raises(TypeError, match="'by'"):
        layers.Incidents(RUKLA, by="name")


def test_a_new_layer_is_one_new_file(tmp_path):
    """A module beside the others is enough for project files, the page, the figure and the docs table."""
    (tmp_path / "depots.py").write_text(
        textwrap.dedent(
            '''
            from __future__ import annotations
            from dataclasses import dataclass
            from typing import ClassVar
            from geoconflict.maps.layers.base import POINTS, Layer, by_category
            from geoconflict.maps.spec import LayerSpec, Style

            @dataclass(frozen=True, eq=False)
            class FuelDepots(Layer):
                """Fuel depots."""

                size_px: float = 7.0
                accepts: ClassVar[tuple[str, ...]] = POINTS
                needs: ClassVar[tuple[str, ...]] = ("name",)
                title: ClassVar[str] = "Fuel depots"

                def describe(self) -> LayerSpec:
                    rows, notes = self.rows()
                    look = {}
                    styles, style_of, legend = by_category(
                        rows["name"], look, other=("depot", Style(radius_px=self.size_px))
                    )
                    return self.finish(LayerSpec(self.heading, "point", rows, styles, style_of, legend), notes)
            '''
        ),
        encoding="utf-8",
    )
    (tmp_path / "places.csv").write_text("name,latitude,longitude\nA,55.0,24.0\n", encoding="utf-8")
    (tmp_path / "project.yaml").write_text(
        "geoconflict: 1\ntitle: Depots\nas_of: 2025-01-01\ntables: {depots: {places: places.csv}}\n"
        "map: {layers: [{layer: fuel_depots, table: depots, options: {size_px: 9}}]}\nfigure: {formats: [png]}\n",
        encoding="utf-8",
    )
    script = f"""
        import sys
        import geoconflict.maps
        class Finder:  # adds a folder to the package before it is imported
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name == "geoconflict.maps.layers":
                    import importlib.machinery
                    spec = importlib.machinery.PathFinder.find_spec(name, path)
                    spec.submodule_search_locations.append({str(tmp_path)!r})
                    return spec
        for name in [n for n in sys.modules if n.startswith("geoconflict")]:
            del sys.modules[name]
        sys.meta_path.insert(0, Finder)
        import geoconflict as gc
        assert "| `FuelDepots` | points | `name` | Fuel depots. |" in gc.layers.table_of_layers()
        gc.build({str(tmp_path / "project.yaml")!r}, {str(tmp_path / "out")!r})
        page = open({str(tmp_path / "out" / "map.html")!r}, encoding="utf-8").read()
        assert "Fuel depots" in page and '"r":9' in page
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# folium


def numbered(text):
    """Replace the random ids of folium by numbers."""
    seen = {}
    return re.sub("[0-9a-f]{32}", lambda match: seen.setdefault(match[0], str(len(seen))), text)


def normal():
    made = folium.Map([55, 24])
    folium.Marker([55, 24], popup="{{ 1 + 1 }}").add_to(made)
    return numbered(made.get_root().render())


def with_layers():
    made = new()
    folium.Marker([55, 24], popup="Hello", icon=folium.Icon(color="red")).add_to(made.folium)
    folium.GeoJson(Point(24, 55).__geo_interface__, tooltip="there").add_to(made.folium)
    made.folium.get_root().header.add_child(folium.Element("<style>.a { color: red }</style>"))
    made.folium.get_root().html.add_child(folium.Element("<h3>Title</h3>"))
    return made


def test_showing_the_folium_map_does_not_change_what_is_saved():
    plain = with_layers().html()
    shown = with_layers()
    shown.folium._repr_html_()
    shown.folium.get_root().render()
    assert shown.html() == plain
    assert shown.html() == plain
    # Also when something is added after it was shown.
    later, never = with_layers(), with_layers()
    later.folium._repr_html_()
    for made in (later, never):
        folium.Circle([55, 24], radius=500).add_to(made.folium)
        made.folium.get_root().html.add_child(folium.Element("<p>Later</p>"))
    assert later.html() == never.html()


def test_saving_does_not_change_what_folium_shows():
    saved, never = with_layers(), with_layers()
    saved.html()
    assert numbered(saved.folium._repr_html_()) == numbered(never.folium._repr_html_())


def test_a_plugin_that_was_removed_after_it_was_shown_is_not_saved():
    made = new()
    cluster = MarkerCluster([[55, 24]]).add_to(made.folium)
    made.folium._repr_html_()
    del made.folium._children[cluster.get_name()]
    with pytest.warns(OfflineWarning):
        text = made.html()
    assert "markerClusterGroup" not in re.sub(r"<script type=.*?</script>", "", text, flags=re.DOTALL)


def test_folium_in_other_threads_is_normal_while_maps_are_rendered():
    expected = normal()
    wanted = with_layers().html()
    found, saved, errors, stop = [], [], [], threading.Event()

    def show():
        while not stop.is_set():
            found.append(normal())

    def save():
        try:
            saved.extend(with_layers().html() for _ in range(3))
        except Exception as error:  # noqa: BLE001 - reported below
            errors.append(error)

    other = threading.Thread(target=show)
    savers = [threading.Thread(target=save) for _ in range(2)]
    other.start()
    for thread in savers:
        thread.start()
    for thread in savers:
        thread.join()
    stop.set()
    other.join()
    assert not errors
    assert set(found) == {expected}
    assert set(saved) == {wanted}


def test_rendering_restores_every_method_that_it_replaces():
    import branca.element as branca
    import jinja2
    from folium.features import GeoJsonStyleMapper
    from folium.map import Popup

    def methods():
        owners = (branca.Element, branca.MacroElement, jinja2.Template, Popup, GeoJsonStyleMapper)
        return [dict(vars(owner)) for owner in owners]

    before = methods()
    with rendering(new().folium):
        assert methods() != before
    assert methods() == before
