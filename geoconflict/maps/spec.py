"""The contract of a layer: a table, described so that a screen and a printer can draw it.

A layer never draws. ``Layer.describe`` gives a ``LayerSpec``: styles and which row has
which, legend, popup fields, labels, circles of uncertainty, days, sources. The web map and
the printed figure draw from that and from nothing else, so that they agree.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

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


MARKERS: tuple[str, ...] = (
    "circle",
    "square",
    "diamond",
    "triangle",
    "wedge",
    "cross",
    "star",
    "ring",
    "hexagon",
    "bar",
)


DISPLAYS: tuple[str, ...] = ("auto", "points", "clusters", "hexagons", "heat")


COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of thing looks.

    Attributes
    ----------
    stroke, fill : str or None
        Colours as ``#rrggbb``; None draws no line, or no area.
    width_px : float
        Width of the line in CSS pixels; a printed figure takes 0.75 pt a pixel.
    stroke_opacity, fill_opacity : float
        From 0 to 1.
    dash_px : tuple of float
        Lengths of strokes and gaps; empty for an unbroken line.
    marker : str
        Shape of a point, one of ``MARKERS``.
    radius_px : float
        Half the size of a point's mark.
    casing : str or None
        Colour of a wider line drawn below, so that the line stands off its ground.
    hatch : bool
        Whether the area is hatched, for what is planned, claimed or not certain.
    symbol : str or None
        Name of a pattern of ``layers.symbols`` that is laid along a line where the scale allows.
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
        """Refuse values that no drawing takes, all at once."""
        faults = [
            Fault(f"{value!r} is no colour; write #rrggbb", field=name)
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
            faults.append(Fault(f"{self.dash_px!r} are no lengths of dashes", field="dash_px"))
        if self.marker not in MARKERS:
            faults.append(Fault(f"{self.marker!r} is no marker; one of {', '.join(MARKERS)}", field="marker"))
        if faults:
            msg = "the style cannot be drawn"
            raise InputError(msg, faults)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend.

    Attributes
    ----------
    label : str
    style : Style
    count : int
        Rows that it stands for.
    rows : int or None
        The number of the style, in ``LayerSpec.styles``, whose rows it switches; None when
        it is only a key.
    """

    label: str
    style: Style
    count: int
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class PopupField:
    """One line of a popup: which column, what it is called, how it is written.

    Attributes
    ----------
    column, label : str
    type : str
        ``text``, ``word`` (of a vocabulary, shown without its underscores), ``number``,
        ``length_m`` (beside a vague place it is taken as a distance from there, and rounded to
        what is known; write another size, such as a height, as a ``number``), ``area_m2``, ``date``, ``link`` (only http, https
        and mailto become links), ``image`` (only data of a PNG, JPEG or WebP is shown),
        ``sources`` (numbers into the list of sources), ``uncertainty_m``.
    """

    column: str
    label: str
    type: FieldType = "text"


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts that stand on the map beside their rows.

    Attributes
    ----------
    text : tuple of (str or None)
        One a row.
    rank : tuple of float
        Which wins where two collide: the higher.
    size_px : float
    colour : str
    italic, upper : bool
        Letterforms; by custom water and areas are italic or spaced capitals.
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
    """What there is to draw of one layer, and to say about it.

    Attributes
    ----------
    name : str
    kind : str
        ``area``, ``line`` or ``point``; ``raster`` for a grid of numbers, one row a frame;
        ``graticule`` for meridians and parallels, which have no rows.
    table : GeoDataFrame
        The rows with a geometry, in drawing order.
    styles : tuple of Style
    style_of : int array, shape (n,)
        Which style each row has.
    legend : tuple of LegendEntry
    title_column : str or None
        The column that heads a popup.
    fields : tuple of PopupField
        Only of columns that are there.
    labels : Labels or None
    uncertainty_m : float array, shape (n,), or None
        Radius round each point that holds the true place; NaN where it is not known.
    start, end : int array, shape (n,), or None
        First and last day, counted from 1970-01-01.
    filters : tuple of str
        Columns by which a reader may filter.
    sources, attributions, methods, worldviews : tuple of str
    notes : tuple of str
        What a reader must know, such as rows that have no place on the map.
    frames : Frames or None
        The cells of a raster, already in classes.
    in_turn : bool
        Whether rows hold one after the other, so that of a window of days only the state of
        its last day that is known is drawn.
    named : bool
        Whether the lines of a graticule carry their degrees.
    spacing_m : float or None
        The least distance between lines that run side by side; signs along them are drawn only
        where the scale leaves room for that.
    visible, interactive, background : bool
        Shown at first; answers to a click; lies below and does not count for the view.
    display : str
        How the page draws points at first: ``auto`` by how many are in view, or always as
        ``points``, ``clusters``, ``hexagons`` or ``heat``. A reader can change it.
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
        """Return the box round the rows, or None when there are none.

        Points take the shorter way round the world: events in Fiji and in Samoa give a box
        that crosses the antimeridian.
        """
        return bounds_of(self.table)

    def take(self, keep: np.ndarray) -> LayerSpec:
        """Return the spec with the rows where ``keep``, a bool array, is true."""
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


def bounds_of(table: gpd.GeoDataFrame) -> Bounds | None:
    """Return the box round a table, the shorter way round the world for points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> bounds_of(gpd.GeoDataFrame(geometry=[Point(179, -17), Point(-172, -14)], crs="EPSG:4326"))
    Bounds(west=179.0, south=-17.0, east=-172.0, north=-14.0)
    """
    # Part by part: an area that is cut at the antimeridian has one on either side.
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
    """Return the widest stretch of longitude that no box covers."""
    order = np.argsort(wests, kind="stable")
    reach = np.maximum.accumulate(easts[order])[:-1]
    gaps = wests[order][1:] - reach
    if not len(gaps):
        return 0.0, 0.0
    at = int(np.argmax(gaps))
    return float(reach[at]), float(wests[order][1:][at])
