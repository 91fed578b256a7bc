"""Layer specs: what there is to draw of a layer, and to say about it, for any renderer.

A layer does not draw. ``Layer.describe`` returns a ``LayerSpec``: the rows and their styles,
the legend, popup fields, labels, uncertainty, dates and sources. The web page and the printed
figure use nothing else, so they show the same.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import shapely

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError
from geoconflict.maps.grids import Frames

Kind = Literal["area", "line", "point", "raster", "graticule"]
FieldType = Literal[
    "text", "word", "number", "length_m", "area_m2", "date", "link", "image", "sources", "uncertainty_m"
]
Display = Literal["auto", "points", "clusters", "hexagons", "heat"]
Marker = Literal["circle", "square", "diamond", "triangle", "wedge", "cross", "star", "ring", "hexagon", "bar"]

MARKERS: tuple[str, ...] = get_args(Marker)
DISPLAYS: tuple[str, ...] = get_args(Display)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
UNKNOWN_DAY = int(np.iinfo(np.int32).min)
"""The day number of a row whose date is unknown."""


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one kind of feature.

    Attributes
    ----------
    stroke, fill : str or None
        Colours as ``#rrggbb``; None draws no line, or no fill.
    width_px : float
        Line width in CSS pixels; 1 px is 0.75 pt in print.
    stroke_opacity, fill_opacity : float
        From 0 to 1.
    dash_px : tuple of float
        Lengths of dashes and gaps; empty for a solid line.
    marker : str
        Shape of a point, one of ``MARKERS``.
    radius_px : float
        Half the size of a point's marker.
    casing : str or None
        Colour of a wider line drawn below the line, for contrast with the background.
    hatch : bool
        Whether the area is hatched, for what is planned, claimed or uncertain.
    symbol : str or None
        Name of a line pattern of ``maps.symbols``, drawn along a line at scales that leave room.
    planned : bool
        Whether that pattern is drawn as planned: dashed and hollow.
    """

    stroke: str | None = "#333333"
    fill: str | None = None
    width_px: float = 1.5
    stroke_opacity: float = 1.0
    fill_opacity: float = 0.35
    dash_px: tuple[float, ...] = ()
    marker: Marker = "circle"
    radius_px: float = 5.0
    casing: str | None = None
    hatch: bool = False
    symbol: str | None = None
    planned: bool = False

    def __post_init__(self) -> None:
        """Raise if a value cannot be drawn; lists every error."""
        faults = [
            Fault(f"{value!r} is not a colour; write it as #rrggbb, such as #e42536", field=name)
            for name, value in (("stroke", self.stroke), ("fill", self.fill), ("casing", self.casing))
            if value is not None and not (isinstance(value, str) and COLOUR.fullmatch(value))
        ]
        faults += [
            Fault(f"{value!r} is not from 0 to 1", field=name)
            for name, value in (("stroke_opacity", self.stroke_opacity), ("fill_opacity", self.fill_opacity))
            if not 0 <= value <= 1
        ]
        faults += [
            Fault(f"{value!r} is not from 0 to 100", field=name)
            for name, value in (("width_px", self.width_px), ("radius_px", self.radius_px))
            if not 0 <= value <= 100
        ]
        if any(not (math.isfinite(step) and 0 < step <= 1000) for step in self.dash_px):
            faults.append(Fault(f"{self.dash_px!r} are not lengths greater than 0, up to 1000", field="dash_px"))
        if self.marker not in MARKERS:
            faults.append(Fault(f"{self.marker!r} is not a marker; use one of {', '.join(MARKERS)}", field="marker"))
        if faults:
            msg = "invalid style"
            raise InputError(msg, faults)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend.

    Attributes
    ----------
    label : str
    style : Style
    count : int
        Number of rows it stands for.
    rows : int or None
        Index in ``LayerSpec.styles``: the entry shows and hides the rows of that style. None
        for an entry that only explains a symbol.
    """

    label: str
    style: Style
    count: int
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class PopupField:
    """One line of a popup.

    Attributes
    ----------
    column : str
        Column of the table.
    label : str
        Label of the value.
    type : str
        How the value is formatted: ``text``; ``word`` (of a vocabulary, shown without
        underscores); ``number``; ``length_m`` (a distance from the row's position: for an
        uncertain position it is rounded to what is known; use ``number`` for other lengths, such
        as a height); ``area_m2``; ``date``; ``link`` (only http, https and mailto become
        links); ``image`` (only PNG, JPEG or WebP as a data URL); ``sources`` (numbers in the
        list of sources); ``uncertainty_m``.
    """

    column: str
    label: str
    type: FieldType = "text"


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels on the map.

    Attributes
    ----------
    text : tuple of (str or None)
        One for each row.
    rank : tuple of float
        Priority: where two labels overlap, the one with the higher rank is drawn.
    size_px : float
    colour : str
    italic, upper : bool
        Whether the text is italic, or in spaced capitals.
    placement : str
        ``beside`` a point, ``centre`` of an area, ``along`` a line.
    min_zoom : float
    """

    text: tuple[str | None, ...]
    rank: tuple[float, ...]
    size_px: float = 12.0
    colour: str = "#222222"
    italic: bool = False
    upper: bool = False
    placement: Literal["beside", "centre", "along"] = "beside"
    min_zoom: float = 0.0


@dataclass(frozen=True)
class LayerSpec:
    """What there is to draw of a layer, and to say about it.

    Attributes
    ----------
    name : str
    kind : str
        ``area``, ``line`` or ``point``; ``raster``, with one row for each frame; ``graticule``,
        which has no rows.
    table : GeoDataFrame
        The rows with a geometry, in drawing order.
    styles : tuple of Style
    style_of : int array, shape (n,)
        Index of the style of each row.
    legend : tuple of LegendEntry
    title_column : str or None
        Column with the title of a popup.
    fields : tuple of PopupField
        Only of columns that the table has.
    labels : Labels or None
    uncertainty_m : float array, shape (n,), or None
        Radius around each point that contains the true position; NaN if unknown.
    start, end : int array, shape (n,), or None
        First and last day, counted from 1970-01-01; ``UNKNOWN_DAY`` if unknown.
    filters : tuple of str
        Columns that a reader can filter by.
    sources, attributions, methods, worldviews : tuple of str
    notes : tuple of str
        What a reader must know, such as rows that are not drawn.
    frames : Frames or None
        The cells of a raster, already classified.
    in_turn : bool
        Whether the rows are successive states: of a date range only the latest known one is drawn.
    named : bool
        Whether the lines of a graticule are labelled.
    spacing_m : float or None
        Smallest distance between lines that run side by side; symbols along them are drawn only
        at scales that leave room.
    visible, interactive, background : bool
        Whether the layer is shown at first; responds to clicks; is drawn below all others and
        ignored when the view is chosen.
    display : str
        How the page draws points at first: ``auto`` (by their number), ``points``, ``clusters``,
        ``hexagons`` or ``heat``. A reader can change it.
    """

    name: str
    kind: Kind
    table: gpd.GeoDataFrame
    styles: tuple[Style, ...]
    style_of: np.ndarray
    legend: tuple[LegendEntry, ...]
    title_column: str | None = None
    fields: tuple[PopupField, ...] = ()
    labels: Labels | None = None
    uncertainty_m: np.ndarray | None = None
    start: np.ndarray | None = None
    end: np.ndarray | None = None
    filters: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    worldviews: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    frames: Frames | None = None
    in_turn: bool = False
    named: bool = True
    spacing_m: float | None = None
    visible: bool = True
    interactive: bool = True
    background: bool = False
    display: Display = "auto"

    def bounds(self) -> Bounds | None:
        """Return the bounds of the rows, or None if there are none; see ``bounds_of``."""
        return bounds_of(self.table)

    def take(self, keep: np.ndarray) -> LayerSpec:
        """Return the spec with the rows for which the bool array ``keep`` is true."""
        at = np.flatnonzero(keep)
        labels, frames = self.labels, self.frames
        if labels is not None:
            labels = replace(labels, text=tuple(labels.text[i] for i in at), rank=tuple(labels.rank[i] for i in at))
        if frames is not None:
            frames = replace(frames, codes=tuple(frames.codes[i] for i in at), boxes=tuple(frames.boxes[i] for i in at))
        return replace(
            self,
            table=self.table[keep],
            style_of=self.style_of[keep],
            labels=labels,
            frames=frames,
            uncertainty_m=None if self.uncertainty_m is None else self.uncertainty_m[keep],
            start=None if self.start is None else self.start[keep],
            end=None if self.end is None else self.end[keep],
        )


def iso_date(day: int) -> str:
    """Return the date of a day number as ``YYYY-MM-DD``."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


def format_count(count: int) -> str:
    """Return a count with narrow no-break spaces between thousands."""
    return f"{count:,}".replace(",", "\u202f")


def bounds_of(table: gpd.GeoDataFrame) -> Bounds | None:
    """Return the bounds of a table, across the antimeridian if that is narrower; None if it is empty.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> bounds_of(gpd.GeoDataFrame(geometry=[Point(179, -17), Point(-172, -14)], crs="EPSG:4326"))
    Bounds(west=179.0, south=-17.0, east=-172.0, north=-14.0)
    """
    # Part by part: an area that is split at the antimeridian has parts on both sides.
    shapes = shapely.get_parts(np.asarray(table.geometry.array, dtype=object))
    box = shapely.bounds(shapes)
    box = box[np.isfinite(box).all(axis=1)] if len(box) else box
    if not len(box):
        return None
    south, north = float(box[:, 1].min()), float(box[:, 3].max())
    west, east = float(box[:, 0].min()), float(box[:, 2].max())
    if east - west > 180:
        gap_west, gap_east = _widest_gap(box[:, 0], box[:, 2])
        if gap_east - gap_west > 360 - (east - west):
            return Bounds(gap_east, south, gap_west, north)
    return Bounds(west, south, east, north)


def _widest_gap(wests: np.ndarray, easts: np.ndarray) -> tuple[float, float]:
    """Return the widest range of longitude without a geometry."""
    order = np.argsort(wests, kind="stable")
    reach = np.maximum.accumulate(easts[order])[:-1]
    gaps = wests[order][1:] - reach
    if not len(gaps):
        return 0.0, 0.0
    at = int(np.argmax(gaps))
    return float(reach[at]), float(wests[order][1:][at])
