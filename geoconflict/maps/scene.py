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

from geoconflict.errors import Fault, InputError
from geoconflict.maps.checks import bounds_of, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from geoconflict.crs import Bounds
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


@dataclass(frozen=True, eq=False)
class Drawable(ABC):
    """What stands on a map. Most kinds rest on a table, see ``Layer``; a raster and a graticule do not.

    Parameters
    ----------
    name : str
        How the legend calls the layer.
    visible : bool
        Whether it is shown at first.
    fields : tuple of PopupField, optional
        What a popup and the table of rows show, in place of the kind's own; fields whose column
        is absent or empty are left out.
    """

    _: KW_ONLY
    name: str = ""
    visible: bool = True
    fields: tuple[PopupField, ...] | None = None

    title: ClassVar[str] = "Layer"

    @property
    def heading(self) -> str:
        """The name in the legend: the one given, else the kind's own."""
        return self.name or self.title

    @abstractmethod
    def describe(self) -> Description:
        """Return what there is to draw and to say."""

    def finish(self, description: Description, notes: tuple[str, ...] = ()) -> Description:
        """Return the description with what the columns that most tables have say about it."""
        rows = description.table
        return replace(
            description,
            fields=description.fields if self.fields is None else present(rows, self.fields),
            sources=texts(rows, "source"),
            attributions=texts(rows, "attribution"),
            methods=tuple(dict.fromkeys((*description.methods, *texts(rows, "method")))),
            worldviews=texts(rows, "worldview"),
            notes=(*notes, *description.notes),
            visible=self.visible,
        )


@dataclass(frozen=True, eq=False)
class Layer(Drawable):
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

    accepts: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        """Check the table."""
        check(self.table, accepts=self.accepts, needs=self.needs, what=f"the table of {type(self).__name__}")

    def rows(self) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
        """Return the rows that have a place, and a note about those that have none."""
        there = ~(self.table.geometry.isna() | self.table.geometry.is_empty)
        gone = int((~there).sum())
        if not gone:
            return self.table, ()
        note = f"{self.heading}: {gone} of {len(there)} rows have no known place and are not drawn."
        return self.table[there], (note,)


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

    def __post_init__(self) -> None:
        """Refuse a ramp without colours, or with what is none."""
        wrong = [c for c in self.colours if not (isinstance(c, str) and _COLOUR.fullmatch(c))]
        if wrong or not self.colours:
            msg = "a ramp cannot be drawn"
            raise InputError(msg, [Fault(f"{c!r} is no colour; write #rrggbb") for c in wrong] or [Fault("no colour")])

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
