"""The web map: layers in, one file out that opens anywhere without a network."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError, OutputError
from geoconflict.io.atomic import write_text
from geoconflict.maps.print.moment import on_one_day
from geoconflict.maps.web.facts import Facts, facts_of, unique, worded
from geoconflict.maps.web.options import DISCLAIMER, MapOptions
from geoconflict.maps.web.view import View, box_of, fit, ground_of, unwrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geoconflict.maps.basemap import BaseMap
    from geoconflict.maps.scene import Description, Drawable
    from geoconflict.maps.web.detail import Detail
    from geoconflict.maps.web.pack import Packed
    from geoconflict.maps.web.words import Words

__all__ = ["DISCLAIMER", "Facts", "Map", "MapOptions", "View", "fitted"]

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
        self._folium: Any = None
        self._described: tuple[Description, ...] | None = None
        self._detailed: tuple[Detail, ...] | None = None
        self._seen: View | None = None
        self._base: BaseMap | None = None

    def basemap(self) -> BaseMap | None:
        """Return what a local archive of tiles gives for the view, where the options name one."""
        from geoconflict.maps.basemap import archived, read

        archive = archived(self.options.tiles)
        if archive is None:
            return None
        if self._base is None:
            box = self._view or box_of([layer.describe() for layer in self.layers])
            self._base = read(archive, box, ground_of(box), lang=self.options.lang)
        return self._base

    @property
    def folium(self) -> Any:  # noqa: ANN401 - folium has no types
        """The ``folium.Map`` of this map; what is added to it is saved with it.

        It is made at the first use. The layers of this map are not folium's: they are drawn
        by this package's own script, below what is added here.
        """
        if self._folium is None:
            from geoconflict.maps.web.foliums import new_map

            self._folium = new_map(self)
        return self._folium

    def descriptions(self) -> tuple[Description, ...]:
        """Return the layers as described, the background first."""
        if self._described is None:
            found = [layer.describe() for layer in self.layers]
            ground = self._ground_layer(found)
            below = [] if ground is None else [ground.describe()]
            base = self.basemap()
            if base is not None and base.described:
                # The archive's own places and boundaries take the place of ours where it covers them.
                below = [] if base.whole else [replace(d, labels=None) for d in below]
                below += base.described
            found[:0] = below
            self._described = tuple(found)
        return self._described

    def detailed(self) -> tuple[Detail, ...]:
        """Return the layers as the page draws them: cut to the view, lines as fine as they may be."""
        if self._detailed is None:
            from geoconflict.maps.web.detail import slim

            coarse = _tolerance(self.view)
            self._detailed = tuple(slim(d, coarse_deg=coarse) for d in fitted(self))
        return self._detailed

    @property
    def view(self) -> View:
        """What the map opens on, and how far its ground reaches."""
        if self._seen is None:
            box = self._view or box_of([d for d in self.descriptions() if not d.background] or self.descriptions())
            self._seen = View(box, ground_of(box), box.center[0])
        return self._seen

    def html(self, *, assets: str | Path | None = None) -> str:
        """Return the file as a text; ``assets`` as for ``save``."""
        from geoconflict.maps.web.page import Page
        from geoconflict.maps.web.tiles import Tiles
        from geoconflict.maps.web.words import right_to_left

        view = self.view
        words = self.options.wording()
        packed = _pack([replace(d, description=worded(d.description, words)) for d in self.detailed()], view)
        facts = self.facts()
        base = self.basemap()
        named = str(self.options.tiles) if base is None else ""
        tiles = Tiles.named(named) if named else None
        page = Page(
            title=self.title,
            lang=self.options.lang,
            direction="rtl" if right_to_left(self.options.lang) else "ltr",
            as_of=words.say("As of {day}", day=words.day(self.as_of)) if self.as_of else None,
            words=words,
            config={**self._config(view, facts.cited), "tiles": tiles.config() if tiles else None},
            packed=packed,
            sources=facts.sources,
            methods=facts.methods,
            attributions=(*facts.attributions, tiles.attribution) if tiles else facts.attributions,
            notes=facts.notes,
            disclaimer=facts.disclaimer,
            summary=facts.summary,
            image_sources=tiles.hosts() if tiles else (),
            fallback=self._still(),
            pictures=base.pictures if base is not None else None,
        )
        if self._folium is not None:
            from geoconflict.maps.web.foliums import render

            extra = render(self._folium, None if assets is None else Path(assets))
            page = replace(page, extra_scripts=extra.scripts, extra_styles=extra.styles, extra_html=extra.html)
        return page.html()

    def facts(self, words: Words | None = None) -> Facts:
        """Return what stands beside the map: sources, methods, notes, disclaimer, summary.

        Parameters
        ----------
        words : Words, optional
            In which words; those of the page by default.
        """
        return facts_of(self, words or self.options.wording())

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
        from geoconflict.maps.snapshot import Shot, snapshot

        return snapshot(self, path, shot=Shot(size_px, scale, chromium), theme=theme, assets=assets)

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

    def _ground_layer(self, found: Sequence[Description]) -> Drawable | None:
        """Return what lies below: what was given, or the embedded countries round the view."""
        from geoconflict.maps.layers.countries import Countries
        from geoconflict.maps.scene import Drawable

        if isinstance(self._background, Drawable):
            return self._background
        if self._background is not None:
            return Countries(self._background)
        if any(description.background for description in found):
            return None
        from geoconflict import reference

        ground = ground_of(self._view or box_of(found))
        # Beyond some 40 degrees the finer outlines fall below a pixel.
        below = reference.background(ground, scale="10m" if ground.width_deg < 40 else "50m")
        views = unique(description.worldviews for description in found)
        if set(views) - {"de_facto"} and len(views) == 1:
            # The coarse background knows one view only; the layers' own view has outlines of its own.
            below = _in_view(below["iso"].tolist(), views[0])
        return Countries(below)

    def _still(self) -> str:
        """Return the figure for readers without scripts, where the options ask for it."""
        if not self.options.static:
            return ""
        from geoconflict.maps.web.still import still

        return still(self)

    def _config(self, view: View, cited: dict[str, int]) -> dict[str, Any]:
        ground = view.ground
        return {
            "version": 1,
            "title": self.title,
            "lang": self.options.lang,
            "theme": self.options.theme,
            "asOf": self.as_of,
            "opens": on_one_day([d for d in self.descriptions() if d.visible], self.as_of)[1],
            "time": self.options.time,
            "box": unwrapped(view.box, view.lon0),
            "extent": unwrapped(ground, view.lon0),
            "lon0": view.lon0,
            "sources": cited,
            "symbols": _symbols(self.descriptions()),
            "words": self.options.wording().table,
            "locator": self._locator(view),
        }

    def _locator(self, view: View) -> dict[str, Any] | None:
        if not self.options.locator:
            return None
        from geoconflict.maps.web.locator import locator

        found = locator(view, worldviews=unique(d.worldviews for d in self.descriptions()))
        return found.config() if found else None


def _check(layers: object, background: object, view: object, options: object) -> None:
    """Refuse what is no part of a map, all at once."""
    from geoconflict.maps.scene import Drawable

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


def fitted(drawn: Map) -> tuple[Description, ...]:
    """Return the layers of a map as described, the background cut to the ground of the view."""
    view = drawn.view
    return tuple(fit(d, view) for d in drawn.descriptions())


def _tolerance(view: View) -> float:
    """Return how far outlines of the background may be moved, in degrees: a fraction of a pixel at the first view."""
    return view.ground.width_deg / 12_000


def _in_view(codes: Sequence[str], worldview: str) -> gpd.GeoDataFrame:
    """Return countries by a worldview; a territory that this view counts with another has no area of its own."""
    import pandas as pd

    from geoconflict import reference

    tables = []
    for code in codes:
        try:
            tables.append(reference.countries([code], worldview=worldview, resolution=500))
        except InputError:
            continue
    joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return joined


def _pack(detailed: Sequence[Detail], view: View) -> tuple[Packed, ...]:
    from geoconflict.maps.web.pack import pack

    return tuple(pack(d.description, lon0=view.lon0, tolerance_deg=d.tolerance_deg) for d in detailed)


def _symbols(described: Sequence[Description]) -> dict[str, Any] | None:
    """Return the part of the obstacle graphics that the layers use."""
    used = {style.symbol for d in described for style in d.styles if style.symbol}
    if not used:
        return None
    from geoconflict.maps.symbols.symbols import page_rules

    return page_rules(used)


def _day(value: str | dt.date | None) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        msg = f"as_of is {value!r}; write the day as YYYY-MM-DD"
        raise InputError(msg) from error
