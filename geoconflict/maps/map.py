"""Maps: layers on one map, written as an offline HTML page, a printed figure or a screenshot."""

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

from geoconflict.errors import Fault, InputError, MissingExtraError, OutputError
from geoconflict.io.atomic import write_bytes, write_text
from geoconflict.maps.layers.base import Drawable
from geoconflict.maps.scene import MapOptions, Scene, build_scene
from geoconflict.maps.view import View, ViewLike, bounds_of_view
from geoconflict.maps.web.folium_layers import new_map, render
from geoconflict.maps.web.page import STILL_DPI, STILL_MM, page_html, still_html
from geoconflict.maps.web.snapshot import Shot, screenshot

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure

_NOTEBOOK_BYTES = 20_000_000
_OTHER_KINDS = frozenset({".pdf", ".png", ".svg", ".jpg", ".jpeg", ".geojson", ".json", ".gpkg", ".csv"})


class Map:
    """Layers on one map: saved as one HTML file, shown in a notebook, or printed.

    Parameters
    ----------
    layers : sequence of Layer
        From bottom to top, also in the legend.
    title : str
    as_of : str or date, optional
        Date of the map, as ``YYYY-MM-DD``.
    background : GeoDataFrame or Layer, optional
        A COUNTRIES table below all layers, clipped to the view. By default the embedded countries
        (Natural Earth, public domain), or none if one of ``layers`` is a background.
    view : Bounds, tuple of float, or GeoDataFrame, optional
        What the map shows at first: bounds, ``(west, south, east, north)`` in degrees, or a table
        to fit. By default all layers.
    options : MapOptions, optional

    Raises
    ------
    InputError
        If the title is missing, ``as_of`` is not a date, or another argument is invalid; lists every error.

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
        view: ViewLike | None = None,
        options: MapOptions | None = None,
    ) -> None:
        _check(layers, title, as_of, background, view, options)
        self.layers: tuple[Drawable, ...] = tuple(layers)
        self.title = title
        self.as_of = _day(as_of)
        self.options = options or MapOptions()
        self._background = background
        self._view = None if view is None else bounds_of_view(view)

    @cached_property
    def scene(self) -> Scene:
        """Layer specs, view, options and credits of the map; built on first use."""
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
        """What the map shows at first, and the extent of its background."""
        return self.scene.view

    @cached_property
    def folium(self) -> folium.Map:
        """A ``folium.Map`` for further layers, which are saved with this map.

        The layers of this map are not in it: they are drawn by the script of the page, below the
        folium layers. Showing it does not change what ``save`` writes.
        """
        return new_map(self.view.bounds, self._picture)

    def html(self, *, assets: str | Path | None = None) -> str:
        """Return the HTML file as text; ``assets`` as for ``save``."""
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
        """Write the map as one HTML file that works offline.

        Parameters
        ----------
        path : str or Path
            Written completely or not at all.
        assets : str or Path, optional
            A folder with the scripts and style sheets that folium plugins load from the network, to
            be embedded in the file. A warning lists missing files.

        Returns
        -------
        Path

        Raises
        ------
        OutputError
            If the file cannot be written, or a folium layer has text where JavaScript is expected.
        """
        if Path(path).suffix.lower() in _OTHER_KINDS:
            msg = f"save() writes HTML, not {Path(path).suffix}; use figure().savefig(…) to print, or snapshot(…) for a picture"
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
        """Write a screenshot of the map as PNG, taken with an installed Chromium.

        Parameters
        ----------
        path : str or Path
        size_px : tuple of int
            Width and height of the window, in CSS pixels.
        scale : float
            Pixels of the picture for each CSS pixel.
        theme : str, optional
            Instead of the theme of the map.
        chromium : str, optional
            Path of the browser; by default found by its usual names. No browser is downloaded.
        assets : str or Path, optional
            As for ``save``.

        Returns
        -------
        Path

        Raises
        ------
        OutputError
            If the page fails, or does not show all rows in view.
        MissingExtraError
            If Playwright is not installed.
        """
        if Path(path).suffix.lower() != ".png":
            msg = f"a snapshot is a PNG file; {Path(path).name!r} does not end in .png"
            raise InputError(msg)
        picture = self._picture(Shot(size_px, scale, chromium), theme=theme, assets=assets)
        return write_bytes(picture, path)

    def _picture(self, shot: Shot, *, theme: str | None = None, assets: str | Path | None = None) -> bytes:
        scene = self.scene
        if theme is not None:
            scene = replace(scene, options=replace(scene.options, theme=theme))
        return screenshot(self._html(scene, assets), scene, shot)

    def figure(
        self, *, size_mm: tuple[float, float] = (183.0, 150.0), graticule: bool = True, legend: bool = True
    ) -> Figure:
        """Draw the map for print, as a matplotlib ``Figure``.

        The projection is azimuthal equal-area (Snyder 1987, chapter 24), centred on the view, or
        Equal Earth (Šavrič, Patterson and Jenny 2018) for views wider than 150 degrees; the
        figure states it. Labels do not overlap; those without room are left out. ``savefig``
        writes PNG, SVG and PDF without dates and random identifiers: the same map gives the same
        bytes. A notebook shows the figure.

        Parameters
        ----------
        size_mm : tuple of float
            Width and height of the figure.
        graticule : bool
            Whether to draw meridians and parallels.
        legend : bool
            Whether to draw the legend.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        InputError
            If the size is not from 60 by 60 mm to 1200 by 1200 mm.
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
            msg = "invalid size of a figure, in millimetres"
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
        """Return HTML that embeds the map in another page.

        The map is in a sandboxed frame: its scripts cannot access the page.

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
        # Notebook servers drop larger messages.
        return (
            f"<p>{escape(self.title)}: the map has {len(frame) / 1e6:.1f} MB; notebooks show up to "
            f"{_NOTEBOOK_BYTES / 1e6:.0f} MB. Use <code>save(path)</code> and open the file.</p>"
        )


def _check(
    layers: object,
    title: object,
    as_of: str | dt.date | None = None,
    background: object = None,
    view: ViewLike | None = None,
    options: object = None,
) -> None:
    """Raise if an argument is invalid; lists every error."""
    each = layers if isinstance(layers, (list, tuple)) else [layers]
    faults = [
        Fault(
            f"{_name(x)} is not a layer; use a class of geoconflict.layers, such as layers.Incidents(table)",
            field="layers",
        )
        for x in each
        if not isinstance(x, Drawable)
    ]
    if not isinstance(title, str) or not title.strip():
        faults.append(Fault("a map needs a title: what, where and when", field="title"))
    if not isinstance(layers, (list, tuple)):
        faults.append(Fault("layers must be a list, from bottom to top: [layer]", field="layers"))
    if not (background is None or isinstance(background, Drawable) or hasattr(background, "geometry")):
        faults.append(Fault(f"{type(background).__name__} is neither a GeoDataFrame nor a layer", field="background"))
    if not (options is None or isinstance(options, MapOptions)):
        faults.append(Fault(f"{type(options).__name__} is not MapOptions; use MapOptions(lang=…)", field="options"))
    for name, parse in (("as_of", lambda: _day(as_of)), ("view", lambda: view is None or bounds_of_view(view))):
        try:
            parse()
        except InputError as error:
            faults += [Fault(error.message, field=name), *error.faults]
    if faults:
        msg = "invalid arguments of a map"
        raise InputError(msg, faults)


def _day(value: str | dt.date | None) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        msg = f"{value!r} is not a date; write it as YYYY-MM-DD"
        raise InputError(msg) from error


def _name(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"


def figure(
    map_: Map | Sequence[Drawable],
    *,
    title: str = "",
    size_mm: tuple[float, float] = (183.0, 150.0),
    graticule: bool = True,
    legend: bool = True,
) -> Figure:
    """Draw a map, or layers, for print; see ``Map.figure``.

    Parameters
    ----------
    map_ : Map or sequence of Layer
    title : str
        Title of a figure of layers; by default their names.
    size_mm, graticule, legend
        As for ``Map.figure``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If ``map_`` is neither a map nor a list of layers, or another argument is invalid.
    """
    if not isinstance(map_, Map):
        _check(map_, title or "untitled")
        map_ = Map(map_, title=title or ", ".join(layer.heading for layer in map_) or "Map")
    elif title:
        msg = "a map has a title of its own; leave out title="
        raise InputError(msg)
    return map_.figure(size_mm=size_mm, graticule=graticule, legend=legend)
