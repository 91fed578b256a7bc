"""The web map: layers in, one file out that opens anywhere without a network."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError
from geoconflict.outputs.atomic import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geoconflict.layers.base import Description, Drawable
    from geoconflict.outputs.basemap import Archive, BaseMap
    from geoconflict.outputs.web.detail import Detail
    from geoconflict.outputs.web.pack import Packed
    from geoconflict.outputs.web.words import Words

DISCLAIMER = (
    "Boundaries and names shown do not imply endorsement or acceptance by the authors. "
    "A circle round a point shows how well its place is known."
)
_MANY_SOURCES = 25
_NOTEBOOK_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a map says and offers beside its layers.

    Attributes
    ----------
    lang : str
        Language of the page's own words and texts, as a BCP 47 tag; numbers and dates follow it.
        Shipped are English, Arabic, French, German, Russian, Spanish and Ukrainian; in another
        the words are English, and a ``LanguageWarning`` says so.
    words : mapping of str to str
        English wording → wording, for a language that is not shipped or in place of what is;
        ``geoconflict.outputs.web.words.keys()`` lists all of them.
    method : str
        How the map was made, in a sentence or two; shown under "Sources and method".
    disclaimer : str
        About boundaries and names.
    time : bool
        Whether layers with dates get a slider.
    locator : bool
        Whether a small picture shows where the view lies in the wider region; a map of a
        continent has none.
    tiles : str, Path or Archive
        A local ``.pmtiles`` whose tiles of the view are put into the file (an ``Archive`` sets its
        limits and whom to credit); or the name of online tiles as xyzservices has it, such as
        ``OpenStreetMap.Mapnik``, under which the embedded ground shows without a network; or
        empty. Only online tiles make requests.
    static : bool
        Whether the file holds the printed figure as a picture, for readers without scripts and
        for the case that the page's script fails; needs matplotlib, and takes 50 to 200 KB.
    theme : str
        ``auto`` (as the reader's device), ``light``, ``dark`` or ``contrast``.
    """

    lang: str = "en"
    method: str = ""
    disclaimer: str = DISCLAIMER
    time: bool = True
    theme: str = "light"
    tiles: str | Path | Archive = ""
    static: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    locator: bool = True

    def __post_init__(self) -> None:
        """Refuse what a page cannot take."""
        from geoconflict.outputs.web import words

        faults = words.faults(self.words)
        if not all(part.isalnum() and part.isascii() and len(part) <= 8 for part in self.lang.split("-")):
            faults.append(Fault(f"{self.lang!r} is no BCP 47 tag such as 'en' or 'pt-BR'", field="lang"))
        if self.theme not in {"auto", "light", "dark", "contrast"}:
            faults.append(Fault(f"{self.theme!r} is not auto, light, dark or contrast", field="theme"))
        if faults:
            msg = "the options of the map are wrong"
            raise InputError(msg, faults)
        words.warn_of_english(self.lang, self.words)

    def wording(self) -> Words:
        """Return the page's own words in its language."""
        from geoconflict.outputs.web.words import Words

        return Words.of(self.lang, self.words)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands beside a map, on screen and in print.

    Attributes
    ----------
    sources, methods, attributions, notes : tuple of str
    cited : dict
        The number of each source that is listed.
    disclaimer, summary : str
        ``summary`` tells in words what the map shows.
    """

    sources: tuple[str, ...]
    cited: dict[str, int]
    methods: tuple[str, ...]
    attributions: tuple[str, ...]
    notes: tuple[str, ...]
    disclaimer: str
    summary: str


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that a map opens on, and the ground that it carries.

    Attributes
    ----------
    box : Bounds
        What must be seen.
    ground : Bounds
        How far the background reaches; a reader cannot move beyond it.
    lon0 : float
        The middle: longitudes are written within 180 degrees of it.
    """

    box: Bounds
    ground: Bounds
    lon0: float


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
    >>> from geoconflict.layers import Places
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
        from geoconflict.outputs.basemap import archived, read

        archive = archived(self.options.tiles)
        if archive is None:
            return None
        if self._base is None:
            box = self._view or _box([layer.describe() for layer in self.layers])
            self._base = read(archive, box, _ground(box), lang=self.options.lang)
        return self._base

    @property
    def folium(self) -> Any:  # noqa: ANN401 - folium has no types
        """The ``folium.Map`` of this map; what is added to it is saved with it.

        It is made at the first use. The layers of this map are not folium's: they are drawn
        by this package's own script, below what is added here.
        """
        if self._folium is None:
            from geoconflict.outputs.web.foliums import new_map

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
            from geoconflict.outputs.web.detail import slim

            coarse = _tolerance(self.view)
            self._detailed = tuple(slim(d, coarse_deg=coarse) for d in fitted(self))
        return self._detailed

    @property
    def view(self) -> View:
        """What the map opens on, and how far its ground reaches."""
        if self._seen is None:
            box = self._view or _box([d for d in self.descriptions() if not d.background] or self.descriptions())
            self._seen = View(box, _ground(box), box.center[0])
        return self._seen

    def html(self, *, assets: str | Path | None = None) -> str:
        """Return the file as a text; ``assets`` as for ``save``."""
        from geoconflict.outputs.web.page import Page
        from geoconflict.outputs.web.tiles import Tiles
        from geoconflict.outputs.web.words import right_to_left

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
            from geoconflict.outputs.web.foliums import render

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
        words = words or self.options.wording()
        described = self.descriptions()
        sources, cited = _sources(described, words)
        base = self.basemap()
        credit, told = ((base.attribution,), base.notes) if base is not None else ((), ())
        return Facts(
            sources=sources,
            cited=cited,
            methods=self._methods(described, words),
            attributions=_unique([*(d.attributions for d in described), credit]),
            notes=_unique([*(d.notes for d in described), told]),
            disclaimer=self._disclaimer(described, words),
            summary=self._summary(described, words),
        )

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
        from geoconflict.outputs.snapshot import Shot, snapshot

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
        from geoconflict.layers.base import Drawable
        from geoconflict.layers.countries import Countries

        if isinstance(self._background, Drawable):
            return self._background
        if self._background is not None:
            return Countries(self._background)
        if any(description.background for description in found):
            return None
        from geoconflict import reference

        ground = _ground(self._view or _box(found))
        # Beyond some 40 degrees the finer outlines fall below a pixel.
        below = reference.background(ground, scale="10m" if ground.width_deg < 40 else "50m")
        views = _unique(description.worldviews for description in found)
        if set(views) - {"de_facto"} and len(views) == 1:
            # The coarse background knows one view only; the layers' own view has outlines of its own.
            below = _in_view(below["iso"].tolist(), views[0])
        return Countries(below)

    def _still(self) -> str:
        """Return the figure for readers without scripts, where the options ask for it."""
        if not self.options.static:
            return ""
        from geoconflict.outputs.web.still import still

        return still(self)

    def _config(self, view: View, cited: dict[str, int]) -> dict[str, Any]:
        ground = view.ground
        return {
            "version": 1,
            "title": self.title,
            "lang": self.options.lang,
            "theme": self.options.theme,
            "asOf": self.as_of,
            "time": self.options.time,
            "box": _unwrapped(view.box, view.lon0),
            "ground": _unwrapped(ground, view.lon0),
            "lon0": view.lon0,
            "sources": cited,
            "symbols": _symbols(self.descriptions()),
            "words": self.options.wording().table,
            "locator": self._locator(view),
        }

    def _locator(self, view: View) -> dict[str, Any] | None:
        if not self.options.locator:
            return None
        from geoconflict.outputs.web.locator import locator

        found = locator(view, worldviews=_unique(d.worldviews for d in self.descriptions()))
        return found.config() if found else None

    def _methods(self, described: Sequence[Description], words: Words) -> tuple[str, ...]:
        own = (self.options.method,) if self.options.method else ()
        drawn = tuple(told for told in (d.told(words) for d in self.detailed()) if told)
        return (*own, *_unique(d.methods for d in described if not d.background), *drawn)

    def _disclaimer(self, described: Sequence[Description], words: Words) -> str:
        # A caller's own text is in the caller's own language.
        own = self.options.disclaimer
        parts = [words.say(DISCLAIMER) if own == DISCLAIMER else own]
        views = _unique(d.worldviews for d in described)
        if views:
            named = ", ".join(v.replace("_", " ") for v in views)
            parts.append(words.say("Disputed ground is drawn by this view: {views}.", views=named))
        return " ".join(part for part in parts if part)

    def _summary(self, described: Sequence[Description], words: Words) -> str:
        parts = [self.title + "."]
        if self.as_of:
            parts.append(words.say("As of {day}", day=words.day(self.as_of)).rstrip(".") + ".")
        for d in described:
            if d.background:
                continue
            kinds = ", ".join(f"{words.term(e.label)} {e.count}" for e in d.legend[:8])
            listed = f" ({kinds})" if kinds else ""
            parts.append(
                words.say("{layer}: {n} on the map{kinds}.", layer=words.term(d.name), n=len(d.table), kinds=listed)
            )
        return " ".join(parts)


def fitted(drawn: Map) -> tuple[Description, ...]:
    """Return the layers of a map as described, the background cut to the ground of the view."""
    view = drawn.view
    return tuple(_fit(d, view) for d in drawn.descriptions())


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
            tables.append(reference.countries([code], worldview=worldview, resolution_m=500))
        except InputError:
            continue
    joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return joined


def _pack(detailed: Sequence[Detail], view: View) -> tuple[Packed, ...]:
    from geoconflict.outputs.web.pack import pack

    return tuple(pack(d.description, lon0=view.lon0, tolerance_deg=d.tolerance_deg) for d in detailed)


def _symbols(described: Sequence[Description]) -> dict[str, Any] | None:
    """Return the part of the obstacle graphics that the layers use."""
    used = {style.symbol for d in described for style in d.styles if style.symbol}
    if not used:
        return None
    from geoconflict.layers.symbols import colour, spec

    rules = spec()
    keep = ("carrier_tolerance", "corner_deg", "least_step", "least_gap", "planned", "levels")
    lines = {name: {**rules["lines"][name], "colour": colour(name)} for name in sorted(used)}
    return {**{key: rules[key] for key in keep}, "lines": lines}


def _fit(layer: Description, view: View) -> Description:
    """Cut a background to the ground, with each name where the view shows its area."""
    if not (layer.background and layer.kind == "area"):
        return layer
    from geoconflict.outputs.web.shapes import clip

    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    cut = clip(shapes, view.ground, view.lon0)
    keep = np.array([not shape.is_empty for shape in cut], dtype=bool)
    table = layer.table[keep].set_geometry(cut[keep])
    labels = layer.labels
    if labels is not None:
        at = np.flatnonzero(keep)
        labels = replace(labels, text=tuple(labels.text[i] for i in at), rank=tuple(labels.rank[i] for i in at))
    return replace(layer, table=table, style_of=layer.style_of[keep], labels=labels)


def _box(described: Sequence[Description]) -> Bounds:
    boxes = [box for box in (d.bounds() for d in described) if box is not None]
    if not boxes:
        return Bounds(-170.0, -60.0, 190.0 - 20.0, 75.0)
    out = boxes[0]
    for box in boxes[1:]:
        out = out.union(box)
    # A single point has no size: show some 40 km round it.
    least = 0.4
    if out.width_deg < least or out.north - out.south < least:
        x, y = out.center
        half_x = max(out.width_deg / 2, least / 2 / max(0.05, math.cos(math.radians(y))))
        half_y = max((out.north - out.south) / 2, least / 2)
        out = Bounds(_wrap(x - half_x), max(-90.0, y - half_y), _wrap(x + half_x), min(90.0, y + half_y))
    return out


def _ground(box: Bounds) -> Bounds:
    """Return the box widened so that it fills screens from tall to wide, with a margin to move in."""
    south, north = max(box.south, -84.0), min(box.north, 84.0)
    height = max(north - south, 1e-6)
    squeeze = max(0.1, math.cos(math.radians((south + north) / 2)))
    width = max(box.width_deg, height * 2.6 / squeeze)
    height = max(height, box.width_deg * squeeze * 2.0)
    x, y = box.center
    half_x, half_y = width * 0.9, height * 0.9
    if half_x >= 179.9:
        west, east = -180.0, 180.0
    else:
        west, east = _wrap(x - half_x), _wrap(x + half_x)
    return Bounds(west, max(-85.0, y - half_y), east, min(85.0, y + half_y))


def _wrap(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def _unwrapped(box: Bounds, lon0: float) -> list[float]:
    """Return west, south, east, north with the longitudes in one run round ``lon0``."""
    half = box.width_deg / 2
    middle = box.center[0]
    middle += 360 * round((lon0 - middle) / 360)
    return [middle - half, box.south, middle + half, box.north]


def worded(layer: Description, words: Words) -> Description:
    """Return a description with the package's own terms in the page's language; texts of data stay."""
    return replace(
        layer,
        name=words.term(layer.name),
        legend=tuple(replace(entry, label=words.term(entry.label)) for entry in layer.legend),
        fields=tuple(replace(f, label=words.say(f.label)) for f in layer.fields),
    )


def _sources(described: Sequence[Description], words: Words) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the list of sources, and the number of each; a layer with very many is summed up."""
    listed: list[str] = []
    cited: dict[str, int] = {}
    for d in described:
        if len(d.sources) > _MANY_SOURCES:
            count = f"{len(d.sources):,}".replace(",", "\u202f")
            listed.append(
                words.say("{layer}: {n} sources, each named beside its row", layer=words.term(d.name), n=count)
            )
            continue
        for source in d.sources:
            if source not in cited:
                listed.append(source)
                cited[source] = len(listed)
    return tuple(listed), cited


def _unique(groups: Any) -> tuple[str, ...]:  # noqa: ANN401 - an iterable of tuples of texts
    return tuple(dict.fromkeys(text for group in groups for text in group))


def _day(value: str | dt.date | None) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        msg = f"as_of is {value!r}; write the day as YYYY-MM-DD"
        raise InputError(msg) from error
