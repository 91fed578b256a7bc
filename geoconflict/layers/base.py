"""The contract of a layer: a table, described so that a screen and a printer can draw it.

A layer never draws. ``Layer.describe`` gives a ``Description``: styles and which row has
which, legend, popup fields, labels, circles of uncertainty, days, sources. The web map and
the printed figure draw from that and from nothing else, so that they agree.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from geoconflict.crs import Bounds, require_wgs84
from geoconflict.errors import Fault, GeometryError, InputError, SchemaError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd

Kind = Literal["area", "line", "point"]
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
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


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
            if value is not None and not (isinstance(value, str) and _COLOUR.fullmatch(value))
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
        The number of the style, in ``Description.styles``, whose rows it switches; None when
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
class Description:
    """What there is to draw of one layer, and to say about it.

    Attributes
    ----------
    name : str
    kind : str
        ``area``, ``line`` or ``point``.
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


@dataclass(frozen=True, eq=False)
class Layer(ABC):
    """A table with a look. Subclasses say what they accept and how it looks.

    Parameters
    ----------
    table : GeoDataFrame
        In longitude and latitude on WGS84. Never changed.
    name : str
        How the legend calls the layer.
    visible : bool
        Whether it is shown at first.
    fields : tuple of PopupField, optional
        What a popup and the table of rows show, in place of the kind's own; fields whose column
        is absent or empty are left out.

    Raises
    ------
    CRSError, SchemaError, GeometryError
        With all that is wrong with the table.
    """

    table: gpd.GeoDataFrame
    _: KW_ONLY
    name: str = ""
    visible: bool = True
    fields: tuple[PopupField, ...] | None = None

    accepts: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[str] = "Layer"

    def __post_init__(self) -> None:
        """Check the table."""
        check(self.table, accepts=self.accepts, needs=self.needs, what=f"the table of {type(self).__name__}")

    @property
    def heading(self) -> str:
        """The name in the legend: the one given, else the kind's own."""
        return self.name or self.title

    @abstractmethod
    def describe(self) -> Description:
        """Return what there is to draw and to say."""

    def rows(self) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
        """Return the rows that have a place, and a note about those that have none."""
        there = ~(self.table.geometry.isna() | self.table.geometry.is_empty)
        gone = int((~there).sum())
        if not gone:
            return self.table, ()
        note = f"{self.heading}: {gone} of {len(there)} rows have no known place and are not drawn."
        return self.table[there], (note,)

    def finish(self, description: Description, notes: tuple[str, ...] = ()) -> Description:
        """Return the description with what the columns that most tables have say about it."""
        rows = description.table
        return replace(
            description,
            fields=description.fields if self.fields is None else present(rows, self.fields),
            sources=texts(rows, "source"),
            attributions=texts(rows, "attribution"),
            methods=texts(rows, "method"),
            worldviews=texts(rows, "worldview"),
            notes=(*notes, *description.notes),
            visible=self.visible,
        )


def check(table: gpd.GeoDataFrame, *, accepts: Sequence[str], needs: Iterable[str], what: str) -> None:
    """Refuse a table that a layer cannot show.

    Raises
    ------
    CRSError
        If the CRS is missing or is not WGS84.
    SchemaError
        If columns that the layer needs are missing.
    GeometryError
        If a geometry is of another type, or a coordinate is not finite or off the globe.
    """
    import shapely

    if not hasattr(table, "geometry") or not hasattr(table, "crs"):
        msg = f"{what} must be a GeoDataFrame, found {type(table).__name__}"
        raise SchemaError(msg)
    require_wgs84(table, what=what)
    columns = [str(column) for column in table.columns]
    missing = [Fault("this column is missing", field=n, hint=did_you_mean(n, columns) or None) for n in needs]
    missing = [fault for fault in missing if fault.field not in columns]
    if missing:
        msg = f"{what} lacks columns that the layer draws from"
        raise SchemaError(msg, missing)
    shapes = table.geometry.array
    empty = np.asarray(shapes.isna() | shapes.is_empty)
    types = np.asarray(table.geometry.geom_type, dtype=object)
    faults = []
    for found in sorted({str(t) for t in types[~empty]} - set(accepts)):
        at = np.flatnonzero(types == found)
        rows = ", ".join(str(i + 1) for i in at[:10]) + (" …" if len(at) > 10 else "")
        faults.append(Fault(f"{found} in {len(at)} rows ({rows})", hint=f"this layer takes {' or '.join(accepts)}"))
    box = shapely.bounds(np.asarray(shapes, dtype=object)) if len(table) else np.empty((0, 4))
    with np.errstate(invalid="ignore"):
        good = (np.abs(box[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(box[:, [1, 3]]) <= 90).all(axis=1)
    faults += [
        Fault(f"coordinates {box[row].tolist()} are not on the globe", row=int(row) + 1)
        for row in np.flatnonzero(~good & ~empty)
    ]
    if faults:
        msg = f"{what} holds geometry that cannot be drawn"
        raise GeometryError(msg, faults)


def bounds_of(table: gpd.GeoDataFrame) -> Bounds | None:
    """Return the box round a table, the shorter way round the world for points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> bounds_of(gpd.GeoDataFrame(geometry=[Point(179, -17), Point(-172, -14)], crs="EPSG:4326"))
    Bounds(west=179.0, south=-17.0, east=-172.0, north=-14.0)
    """
    import shapely

    shapes = np.asarray(table.geometry.array, dtype=object)
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


def texts(table: pd.DataFrame, column: str) -> tuple[str, ...]:
    """Return the different texts of a column, in order of first appearance; none if it is absent."""
    if column not in table.columns:
        return ()
    return tuple(str(value) for value in table[column].dropna().unique())


def present(table: pd.DataFrame, fields: Iterable[PopupField]) -> tuple[PopupField, ...]:
    """Return the fields whose column is there and holds something."""
    return tuple(f for f in fields if f.column in table.columns and bool(table[f.column].notna().any()))


def days(values: pd.Series) -> np.ndarray:
    """Return dates as whole days since 1970-01-01; a missing one as the least int32.

    A date without a time stays a calendar day: no time zone shifts it.
    """
    import pandas as pd

    unknown = np.iinfo(np.int32).min
    # A day comes again and again: each different one is read once.
    codes, found = pd.factorize(values)
    text = pd.Series(found, dtype="string").str.slice(0, 10)
    whole = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").to_numpy(dtype="datetime64[D]")
    read = np.append(np.where(np.isnat(whole), unknown, whole.astype("int64")), unknown)
    return read[codes].astype(np.int32)


def by_category(
    values: pd.Series, styles: dict[str, tuple[str, Style]], *, other: tuple[str, Style]
) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...]]:
    """Give each row the style of its category, with the legend of those that occur.

    Parameters
    ----------
    values : Series
        Category of each row.
    styles : dict
        Category → label and style, in the legend's order.
    other : tuple
        Label and style of categories that are not in ``styles``, and of missing ones.

    Returns
    -------
    styles, style_of, legend
    """
    import pandas as pd

    names = list(styles)
    codes = pd.Index(names, dtype="object").get_indexer(pd.Index(values.astype("object"))).astype(np.int64)
    codes[codes < 0] = len(names)
    table = [*styles.values(), other]
    counts = np.bincount(codes, minlength=len(table))
    used = [i for i in range(len(table)) if counts[i]]
    renumber = np.zeros(len(table), dtype=np.int64)
    renumber[used] = np.arange(len(used))
    legend = tuple(LegendEntry(table[i][0], table[i][1], int(counts[i]), n) for n, i in enumerate(used))
    return tuple(table[i][1] for i in used), renumber[codes], legend


def one_style(rows: gpd.GeoDataFrame, label: str, style: Style) -> tuple[np.ndarray, tuple[LegendEntry, ...]]:
    """Give all rows one style, with the legend's line."""
    legend = (LegendEntry(label, style, len(rows), 0),) if len(rows) else ()
    return np.zeros(len(rows), dtype=np.int64), legend


@dataclass(frozen=True, slots=True)
class Ramp:
    """Colours from the first class to the last, taken evenly.

    Attributes
    ----------
    colours : tuple of str
    """

    colours: tuple[str, ...] = field(default=("#8c2d04", "#cc4c02", "#ec7014", "#fe9929", "#fec44f"))

    def pick(self, count: int) -> list[str]:
        """Return that many colours, spread over the ramp; beyond its length the last repeats.

        Examples
        --------
        >>> Ramp(("#000000", "#808080", "#ffffff")).pick(2)
        ['#000000', '#ffffff']
        """
        last = len(self.colours) - 1
        if count <= 1:
            return [self.colours[0]] * count
        return [self.colours[round(i * last / (count - 1))] for i in range(count)]
