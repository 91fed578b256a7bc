"""The contract of a layer: a table, described so that a screen and a printer can draw it.

A layer never draws. ``Layer.describe`` gives a ``LayerSpec``: styles and which row has
which, legend, popup fields, labels, circles of uncertainty, days, sources. The web map and
the printed figure draw from that and from nothing else, so that they agree.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from dataclasses import fields as fields_of
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, GeometryError, SchemaError, did_you_mean
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style


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
    data: ClassVar[str | None] = None
    """The field that holds what is drawn: ``table``, ``grids``, or None for a layer that draws nothing but a look."""

    @classmethod
    def key(cls) -> str:
        """Return the name of the kind in project files: the class's name in lower case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def options(cls) -> tuple[str, ...]:
        """Return the names of the fields that set the look, for project files."""
        return tuple(f.name for f in fields_of(cls) if f.name not in {cls.data, "name", "visible"})

    @property
    def heading(self) -> str:
        """The name in the legend: the one given, else the kind's own."""
        return self.name or self.title

    @abstractmethod
    def describe(self) -> LayerSpec:
        """Return what there is to draw and to say."""

    def finish(self, description: LayerSpec, notes: tuple[str, ...] = ()) -> LayerSpec:
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

    data: ClassVar[str | None] = "table"
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


def uncertainty(rows: pd.DataFrame) -> np.ndarray | None:
    """Return the radii of uncertainty in metres, NaN where unknown; None if the column is absent."""
    if "location_uncertainty_m" not in rows.columns:
        return None
    radii = pd.to_numeric(rows["location_uncertainty_m"], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(radii > 0, radii, np.nan)


def label_texts(rows: pd.DataFrame, column: str = "name") -> tuple[str | None, ...]:
    """Return the texts of a column, None where there is none."""
    return tuple(None if missing else str(v) for v, missing in zip(rows[column], rows[column].isna(), strict=True))


UNKNOWN = np.iinfo(np.int32).min


def validity(rows: pd.DataFrame) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the first and last day of each row, or None where no row has one.

    Of a table that only says until when, the first days are not known.

    Raises
    ------
    SchemaError
        With every day that cannot be read, and every row that ends before it begins.
    """
    check_days(rows, what="the table")
    start, end = (days(rows[name]) if name in rows.columns else None for name in ("valid_from", "valid_to"))
    if all(read is None or (read == UNKNOWN).all() for read in (start, end)):
        return None, None
    if start is None:
        start = np.full(len(rows), UNKNOWN, dtype=np.int32)
    return start, end


def check_days(table: pd.DataFrame, *, what: str) -> None:
    """Refuse a table whose days of validity cannot be read, or run backwards."""
    faults = day_faults(table)
    if faults:
        msg = f"{what} cannot be drawn"
        raise SchemaError(msg, faults)


def day_faults(table: pd.DataFrame, *, begins: bool = False) -> list[Fault]:
    """Return what is wrong with the days of validity; with ``begins`` each row needs a first one.

    Examples
    --------
    >>> import pandas as pd
    >>> print(*day_faults(pd.DataFrame({"valid_from": ["2024/01/01"]})))
    row 1, valid_from: '2024/01/01' is no day such as 2025-08-19
    """
    faults, read = [], {}
    for column in ("valid_from", "valid_to"):
        if column not in table.columns:
            continue
        read[column] = days(table[column])
        there = table[column].notna().to_numpy()
        faults += [
            Fault(f"{table[column].iloc[i]!r} is no day such as 2025-08-19", row=int(i) + 1, field=column)
            for i in np.flatnonzero((read[column] == UNKNOWN) & there)
        ]
        if begins and column == "valid_from":
            faults += [
                Fault("the day is missing", row=int(i) + 1, field=column, hint="say from when the row holds")
                for i in np.flatnonzero(~there)
            ]
    if len(read) == 2:
        start, end = read["valid_from"], read["valid_to"]
        faults += [
            Fault("the row ends before it begins", row=int(i) + 1, field="valid_to")
            for i in np.flatnonzero((start != UNKNOWN) & (end != UNKNOWN) & (end < start))
        ]
    return faults


def by_name(
    values: pd.Series, colours: Sequence[str], *, fill_opacity: float, other: str
) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...], tuple[str, ...]]:
    """Give each name a colour in order of first appearance, hatched at the second round.

    Parameters
    ----------
    values : Series
        Name of each row; missing ones are grey and hatched.
    colours : sequence of str
    fill_opacity : float
    other : str
        What the legend calls rows without a name.

    Returns
    -------
    styles, style_of, legend, notes
        A note tells when colours repeat.

    Examples
    --------
    >>> import pandas as pd
    >>> _, _, legend, notes = by_name(pd.Series(["a", "b", "a"]), ["#5790fc"], fill_opacity=0.3, other="none")
    >>> [(entry.label, entry.count, entry.style.hatch) for entry in legend]
    [('a', 2, False), ('b', 1, True)]
    """
    names = list(dict.fromkeys(str(value) for value in values.dropna()))
    styles = {}
    for i, name in enumerate(names):
        colour = colours[i % len(colours)]
        plain = Style(stroke=colour, fill=colour, width_px=1.2, fill_opacity=fill_opacity)
        hatched = (i // len(colours)) % 2 == 1
        # Strokes of a hatch cover a fifth of their area: they take more ink for the same weight.
        styles[name] = (
            name,
            replace(plain, hatch=True, fill_opacity=min(1.0, 2.5 * fill_opacity)) if hatched else plain,
        )
    nameless = Style(stroke="#777777", fill="#777777", fill_opacity=min(1.0, 2.5 * fill_opacity), hatch=True)
    text = values.astype("object").where(values.isna(), values.astype(str))
    table, style_of, legend = by_category(text, styles, other=(other, nameless))
    notes: tuple[str, ...] = ()
    if len(names) > 2 * len(colours):
        notes = (f"{len(names)} names share {2 * len(colours)} looks, plain and hatched: read a name in the popup.",)
    return table, style_of, legend, notes
