"""Maps: layers in; a page that opens without a network, a printed figure or a picture out."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError, MissingExtraError, OutputError
from geoconflict.io.atomic import whole_file, write_text
from geoconflict.maps.layers.base import Drawable
from geoconflict.maps.scene import MapOptions, Scene, build_scene
from geoconflict.maps.view import View
from geoconflict.maps.web.folium_layers import new_map, render
from geoconflict.maps.web.page import STILL_DPI, STILL_MM, page_html, still_html
from geoconflict.maps.web.snapshot import Shot, screenshot

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure

_NOTEBOOK_BYTES = 20_000_000
_OTHER_KINDS = frozenset({".pdf", ".png", ".svg", ".jpg", ".jpeg", ".geojson", ".json", ".gpkg", ".csv"})


class Map:
    """Layers on one map, to be saved as one file, shown in a notebook, or printed.

    Parameters
    ----------
    layers : sequence of Layer
        Drawn in this order, the first lowest; the legend lists them in this order.
    title : str
    as_of : str or date, optional
        The day for which the map holds, as ``YYYY-MM-DD``.
    background : GeoDataFrame or Layer, optional
        COUNTRIES to draw below everything, cut to the view. By default the embedded ones
        (Natural Earth, public domain), or none where ``layers`` bring their own.
    view : Bounds, optional
        What the map opens on; the box round all layers by default.
    options : MapOptions, optional

    Raises
    ------
    InputError
        If there is no title, or ``as_of`` is no date.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from geoconflict.maps.layers import Places
    >>> rukla = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> m = Map([Places(rukla)], title="Rukla", as_of="2025-08-19")
    >>> "<title>Rukla</title>" in m.html()
    True
    """

    def __init__(
        self,
        layers: Sequence[Drawable],
        *,
        title: str,
        as_of: str | dt.date | None = None,
        background: gpd.GeoDataFrame | Drawable | None = None,
        view: Bounds | None = None,
        options: MapOptions | None = None,
    ) -> None:
        if not isinstance(title, str) or not title.strip():
            msg = "a map needs a title: say what it shows, where and when"
            raise InputError(msg)
        _check(layers, background, view, options)
        self.layers: tuple[Drawable, ...] = tuple(layers)
        self.title = title
        self.as_of = _day(as_of)
        self.options = options or MapOptions()
        self._background = background
        self._view = view

    @cached_property
    def scene(self) -> Scene:
        """All that the map says: layer specs, view, words and credits. Built at the first use."""
        return build_scene(
            self.layers,
            title=self.title,
            as_of=self.as_of,
            background=self._background,
            view=self._view,
            options=self.options,
        )

    @property
    def view(self) -> View:
        """What the map opens on, and how far its background reaches."""
        return self.scene.view

    @cached_property
    def folium(self) -> folium.Map:
        """The ``folium.Map`` of this map; what is added to it is saved with it.

        It is made at the first use. The layers of this map are not folium's: they are drawn
        by this package's own script, below what is added here.
        """
        return new_map(self.view.box, self._picture)

    def html(self, *, assets: str | Path | None = None) -> str:
        """Return the file as a text; ``assets`` as for ``save``."""
        return self._html(self.scene, assets)

    def _html(self, scene: Scene, assets: str | Path | None) -> str:
        still = ""
        if scene.options.static:
            drawn = io.BytesIO()
            self.figure(size_mm=STILL_MM).savefig(drawn, format="png", dpi=STILL_DPI)
            still = still_html(scene, drawn.getvalue())
        extra = None
        if "folium" in vars(self):
            extra = render(self.folium, None if assets is None else Path(assets))
        return page_html(scene, extra=extra, still=still)

    def save(self, path: str | Path, *, assets: str | Path | None = None) -> Path:
        """Write the map as one file that opens without a network.

        Parameters
        ----------
        path : str or Path
            Written whole or not at all.
        assets : str or Path, optional
            A folder with the scripts and styles that folium plugins load from the network; they
            are put into the file. A warning names those that are missing.

        Returns
        -------
        Path

        Raises
        ------
        OutputError
            If it cannot be written, or a folium layer has a text where code stands.
        """
        if Path(path).suffix.lower() in _OTHER_KINDS:
            msg = f"{Path(path).name} would be no such file: save() writes HTML; figure(map).savefig(…) prints, snapshot(…) takes a picture"
            raise OutputError(msg)
        return write_text(self.html(assets=assets), path)

    def snapshot(
        self,
        path: str | Path,
        *,
        size_px: tuple[int, int] = (1280, 800),
        scale: float = 2.0,
        theme: str | None = None,
        chromium: str | None = None,
        assets: str | Path | None = None,
    ) -> Path:
        """Write a picture of the map as a PNG, taken by a Chromium that is on the machine.

        Parameters
        ----------
        path : str or Path
        size_px : tuple of int
            Width and height of the window, in CSS pixels.
        scale : float
            Pixels of the picture a CSS pixel.
        theme : str, optional
            In place of the map's own.
        chromium : str, optional
            Path of the browser; found by its usual names otherwise. None is downloaded.
        assets : str or Path, optional
            As for ``save``.

        Returns
        -------
        Path

        Raises
        ------
        OutputError
            If the page fails or does not show what its layers hold in view.
        MissingExtraError
            If Playwright is not installed.
        """
        if Path(path).suffix.lower() != ".png":
            msg = f"a snapshot is a PNG; {Path(path).name!r} does not end in .png"
            raise InputError(msg)
        picture = self._picture(Shot(size_px, scale, chromium), theme=theme, assets=assets)
        with whole_file(path) as temporary:
            temporary.write_bytes(picture)
        return Path(path)

    def _picture(self, shot: Shot, *, theme: str | None = None, assets: str | Path | None = None) -> bytes:
        scene = self.scene
        if theme is not None:
            scene = replace(scene, options=replace(scene.options, theme=theme))
        return screenshot(self._html(scene, assets), scene, shot)

    def figure(
        self, *, size_mm: tuple[float, float] = (183.0, 150.0), graticule: bool = True, legend: bool = True
    ) -> Figure:
        """Return the same layers as a matplotlib ``Figure``, ready for print.

        The map is drawn in an azimuthal equal-area projection (Snyder 1987, chapter 24) centred
        on the view, and says so; a view wider than 150 degrees takes Equal Earth (Šavrič,
        Patterson and Jenny 2018). Names do not collide; a name that finds no room is left out.
        ``savefig`` writes PNG, SVG and PDF with no date and no random identifiers, so that the
        same map gives the same bytes.

        Parameters
        ----------
        size_mm : tuple of float
            Width and height of the figure.
        graticule : bool
            Whether meridians and parallels are drawn.
        legend : bool
            Whether there is a column with the legend.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        InputError
            If the size is less than 60 by 60 mm or more than 1200.
        MissingExtraError
            If matplotlib is not installed.

        Examples
        --------
        >>> import geopandas as gpd
        >>> from shapely import Point
        >>> from geoconflict.maps.layers import Places
        >>> rukla = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
        >>> Map([Places(rukla)], title="Rukla").figure(size_mm=(90, 90)).get_size_inches().round(2).tolist()
        [3.54, 3.54]
        """
        wrong = [
            Fault(f"{value!r} is not from 60 to 1200", field=name)
            for name, value in zip(("width", "height"), size_mm, strict=True)
            if not 60 <= value <= 1200
        ]
        if wrong:
            msg = "the size of the figure, in millimetres, cannot be drawn"
            raise InputError(msg, wrong)
        try:
            import matplotlib as mpl
        except ImportError as error:
            what = "printed figures"
            raise MissingExtraError(what, package="matplotlib", extra="figure") from error
        del mpl
        from geoconflict.maps.print.sheet import Sheet

        return Sheet(self.scene, size_mm=size_mm, graticule=graticule, legend=legend).draw()

    def iframe(self, *, width: str = "100%", height: str = "600px") -> str:
        """Return HTML that shows the map inside another page, shut off from it.

        The map stands in a sandboxed frame: its scripts run, and reach nothing of the page.

        Parameters
        ----------
        width, height : str
            CSS lengths.

        Returns
        -------
        str
        """
        source = escape(self.html(), quote=True)
        return (
            f'<iframe title="{escape(self.title, quote=True)}" sandbox="allow-scripts allow-popups allow-downloads '
            f'allow-modals" loading="lazy" width="{escape(width, quote=True)}" height="{escape(height, quote=True)}" '
            f'style="border:0;max-width:100%" allow="fullscreen" srcdoc="{source}"></iframe>'
        )

    def _repr_html_(self) -> str:
        frame = self.iframe()
        if len(frame) <= _NOTEBOOK_BYTES:
            return frame
        # A server of notebooks drops a larger message, and shows nothing.
        return (
            f"<p>{escape(self.title)}: the map takes {len(frame) / 1e6:.1f} MB, and a notebook shows up to "
            f"{_NOTEBOOK_BYTES / 1e6:.0f} MB. Write it with <code>save(path)</code> and open the file.</p>"
        )


def _check(layers: object, background: object, view: object, options: object) -> None:
    """Refuse what is no part of a map, all at once."""
    each = layers if isinstance(layers, (list, tuple)) else [layers]
    faults = [
        Fault(f"{type(x).__name__} is no layer; put a table into one, such as layers.Incidents(table)", field="layers")
        for x in each
        if not isinstance(x, Drawable)
    ]
    if not isinstance(layers, (list, tuple)):
        faults.append(Fault("layers are a list, the lowest first: [layer]", field="layers"))
    if not (background is None or isinstance(background, Drawable) or hasattr(background, "geometry")):
        faults.append(Fault(f"{type(background).__name__} is no table of areas and no layer", field="background"))
    if not (view is None or isinstance(view, Bounds)):
        faults.append(Fault(f"{view!r} is no box; write Bounds(west, south, east, north)", field="view"))
    if not (options is None or isinstance(options, MapOptions)):
        faults.append(Fault(f"{type(options).__name__} is no MapOptions; write MapOptions(lang=…)", field="options"))
    if faults:
        msg = "the map cannot be made"
        raise InputError(msg, faults)


def _day(value: str | dt.date | None) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        msg = f"as_of is {value!r}; write the day as YYYY-MM-DD"
        raise InputError(msg) from error


def figure(
    map_: Map, *, size_mm: tuple[float, float] = (183.0, 150.0), graticule: bool = True, legend: bool = True
) -> Figure:
    """Return a map as a matplotlib ``Figure``; see ``Map.figure``."""
    return map_.figure(size_mm=size_mm, graticule=graticule, legend=legend)
