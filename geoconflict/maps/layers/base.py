"""The base classes of the layers, the checks of their tables, and what several kinds share."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields as fields_of, replace
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, GeometryError, InputError, SchemaError, did_you_mean
from geoconflict.maps.classes import palette_of
from geoconflict.maps.spec import UNKNOWN_DAY, LayerSpec, LegendEntry, PopupField, Style

AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
POINTS = ("Point",)


@dataclass(frozen=True, eq=False)
class Drawable(ABC):
    """Anything that can be a layer of a map. Most kinds draw a table, see ``Layer``.

    Parameters
    ----------
    name : str
        Name in the legend.
    visible : bool
        Whether the layer is shown at first.
    fields : tuple of PopupField, optional
        What popups and the table of rows show, instead of the defaults; fields whose column is
        missing or empty are left out.
    """

    _: KW_ONLY
    name: str = ""
    visible: bool = True
    fields: tuple[PopupField, ...] | None = None

    title: ClassVar[str] = "Layer"
    """Default name in the legend."""
    data: ClassVar[str | None] = None
    """The field with the data: ``table`` or ``grids``; None for a layer without data."""
    popup: ClassVar[tuple[PopupField, ...]] = ()
    """Default popup fields."""

    @classmethod
    def key(cls) -> str:
        """Return the name of this kind of layer in project files: the class name in lower case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def options(cls) -> tuple[str, ...]:
        """Return the names of the fields that a project file can set as options."""
        return tuple(f.name for f in fields_of(cls) if f.name not in {cls.data, "name", "visible"})

    def __post_init__(self) -> None:
        """Check the options."""
        faults = self.option_faults()
        if faults:
            msg = f"invalid options of {type(self).__name__}"
            raise InputError(msg, faults)

    def option_faults(self) -> list[Fault]:
        """Return the errors in the options that several kinds of layer have."""
        faults = []
        for name in self.options():
            value = getattr(self, name)
            if name == "palette" and not isinstance(value, Mapping | None):
                try:
                    palette_of(value)
                except InputError as error:
                    faults.append(Fault(error.message, field=name))
                    faults += error.faults
            elif name == "fill_opacity" and not (isinstance(value, int | float) and 0 <= value <= 1):
                faults.append(Fault(f"{value!r} is not from 0 to 1", field=name))
            elif name == "style" and not isinstance(value, Style):
                faults.append(Fault(f"{value!r} is not a Style", field=name, hint="use Style(stroke=…)"))
            elif name == "fields" and not all(isinstance(field, PopupField) for field in value or ()):
                hint = "use PopupField(column, label)"
                faults.append(Fault(f"{value!r} are not all PopupFields", field=name, hint=hint))
        return faults

    @property
    def heading(self) -> str:
        """Name in the legend."""
        return self.name or self.title

    @abstractmethod
    def describe(self) -> LayerSpec:
        """Return what there is to draw, and to say about it."""

    def finish(self, spec: LayerSpec, notes: tuple[str, ...] = ()) -> LayerSpec:
        """Return the spec with popup fields, sources, methods and notes added from its table."""
        rows = spec.table
        return replace(
            spec,
            fields=self._fields(spec),
            sources=texts(rows, "source"),
            attributions=texts(rows, "attribution"),
            methods=tuple(dict.fromkeys((*spec.methods, *texts(rows, "method")))),
            worldviews=texts(rows, "worldview"),
            notes=(*notes, *spec.notes),
            visible=self.visible,
        )

    def _fields(self, spec: LayerSpec) -> tuple[PopupField, ...]:
        if self.fields is not None:
            return present(spec.table, self.fields)
        return spec.fields or present(spec.table, self.popup)


@dataclass(frozen=True, eq=False)
class Layer(Drawable):
    """A table and its look.

    Parameters
    ----------
    table : GeoDataFrame
        In longitude and latitude on WGS84. It is not changed.
    name : str
        Name in the legend.
    visible : bool
        Whether the layer is shown at first.
    fields : tuple of PopupField, optional
        What popups and the table of rows show, instead of the defaults; fields whose column is
        missing or empty are left out.

    Raises
    ------
    CRSError, SchemaError, GeometryError
        If the table cannot be drawn; lists every error.
    """

    table: gpd.GeoDataFrame

    data: ClassVar[str | None] = "table"
    accepts: ClassVar[tuple[str, ...]] = ()
    """Geometry types that can be drawn."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Columns that the table must have."""
    numbers: ClassVar[tuple[str, ...]] = ()
    """Columns that must have a number in every row."""
    measures: ClassVar[tuple[str, ...]] = ()
    """Columns whose values must be numbers, if the table has them; values may be missing."""

    def __post_init__(self) -> None:
        """Check the options and the table."""
        super().__post_init__()
        what = f"the table of {type(self).__name__}"
        check(self.table, accepts=self.accepts, needs=self.needs, what=what)
        there = [column for column in self.measures if column in self.table.columns]
        faults = [fault for column in self.numbers for fault in number_faults(self.table[column], required=True)]
        faults += [fault for column in there for fault in number_faults(self.table[column])]
        if faults:
            msg = f"{what} has values that are not numbers"
            raise SchemaError(msg, faults)

    def rows(self) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
        """Return the rows that have a geometry, and a note with the number of the others."""
        there = ~(self.table.geometry.isna() | self.table.geometry.is_empty)
        gone = int((~there).sum())
        if not gone:
            return self.table, ()
        note = f"{self.heading}: {gone} of {len(there)} rows have no location and are not drawn."
        return self.table[there], (note,)


def check(table: gpd.GeoDataFrame, *, accepts: Sequence[str], needs: Iterable[str], what: str) -> None:
    """Raise if a layer cannot draw a table.

    Raises
    ------
    CRSError
        If the CRS is missing or not WGS84.
    SchemaError
        If columns are missing.
    GeometryError
        If a geometry has another type, or a coordinate is not finite or out of range.
    """
    if not hasattr(table, "geometry") or not hasattr(table, "crs"):
        msg = f"{what} must be a GeoDataFrame, found {type(table).__name__}"
        raise SchemaError(msg)
    require_wgs84(table, what=what)
    columns = [str(column) for column in table.columns]
    missing = [
        Fault("this column is missing", field=name, hint=did_you_mean(name, columns) or None)
        for name in needs
        if name not in columns
    ]
    if missing:
        msg = f"{what} lacks columns"
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
        Fault(f"coordinates {box[row].tolist()} are out of range", row=int(row) + 1)
        for row in np.flatnonzero(~good & ~empty)
    ]
    if faults:
        msg = f"{what} has geometries that cannot be drawn"
        raise GeometryError(msg, faults)


def floats(values: pd.Series) -> np.ndarray:
    """Return numbers, also those written as text, as floats; NaN where a value is missing."""
    out: np.ndarray = pd.to_numeric(values).to_numpy(dtype="float64", na_value=np.nan)
    return out


def number_faults(values: pd.Series, *, required: bool = False) -> list[Fault]:
    """Return the rows whose value is not a finite number; with ``required`` also those without a value.

    Examples
    --------
    >>> import pandas as pd
    >>> print(*number_faults(pd.Series(["5", "x"], name="offset_m")))
    row 2, offset_m: 'x' is not a finite number
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    column = str(values.name)
    faults = []
    for i in np.flatnonzero(~np.isfinite(numbers)):
        value = values.iloc[i]
        if not pd.isna(value) and not (isinstance(value, float) and math.isnan(value)):
            faults.append(Fault(f"{value!r} is not a finite number", row=int(i) + 1, field=column))
        elif required:
            faults.append(Fault("the number is missing", row=int(i) + 1, field=column))
    return faults


def texts(table: pd.DataFrame, column: str) -> tuple[str, ...]:
    """Return the distinct texts of a column in order of appearance; none if the column is missing."""
    if column not in table.columns:
        return ()
    return tuple(str(value) for value in table[column].dropna().unique())


def has_values(table: pd.DataFrame, column: str) -> bool:
    """Return whether the table has the column, with at least one value."""
    return column in table.columns and bool(table[column].notna().any())


def present(table: pd.DataFrame, fields: Iterable[PopupField]) -> tuple[PopupField, ...]:
    """Return the fields whose column has at least one value."""
    return tuple(field for field in fields if has_values(table, field.column))


def label_texts(rows: pd.DataFrame, column: str = "name") -> tuple[str | None, ...]:
    """Return the texts of a column, None where it is empty."""
    return tuple(None if missing else str(v) for v, missing in zip(rows[column], rows[column].isna(), strict=True))


def uncertainty(rows: pd.DataFrame) -> np.ndarray | None:
    """Return ``location_uncertainty_m``, NaN where it is unknown; None if the column is missing."""
    if "location_uncertainty_m" not in rows.columns:
        return None
    radii = pd.to_numeric(rows["location_uncertainty_m"], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(radii > 0, radii, np.nan)


def days(values: pd.Series) -> np.ndarray:
    """Return dates as days since 1970-01-01, ``UNKNOWN_DAY`` where a date is missing.

    Only the date part is used: no time zone shifts a date.
    """
    # Dates repeat: parse each distinct one once.
    codes, found = pd.factorize(values)
    text = pd.Series(found, dtype="string").str.slice(0, 10)
    whole = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").to_numpy(dtype="datetime64[D]")
    read = np.append(np.where(np.isnat(whole), UNKNOWN_DAY, whole.astype("int64")), UNKNOWN_DAY)
    return read[codes].astype(np.int32)


def validity(rows: pd.DataFrame) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return ``valid_from`` and ``valid_to`` as day numbers, or None if no row has a date.

    Raises
    ------
    SchemaError
        Lists every date that cannot be parsed, and every row that ends before it starts.
    """
    check_days(rows, what="the table")
    start, end = (days(rows[name]) if name in rows.columns else None for name in ("valid_from", "valid_to"))
    if all(read is None or (read == UNKNOWN_DAY).all() for read in (start, end)):
        return None, None
    if start is None:
        start = np.full(len(rows), UNKNOWN_DAY, dtype=np.int32)
    return start, end


def check_days(table: pd.DataFrame, *, what: str) -> None:
    """Raise if dates of validity cannot be parsed, or a row ends before it starts."""
    faults = day_faults(table)
    if faults:
        msg = f"{what} cannot be drawn"
        raise SchemaError(msg, faults)


def day_faults(table: pd.DataFrame, *, start_required: bool = False) -> list[Fault]:
    """Return the errors in ``valid_from`` and ``valid_to``.

    Examples
    --------
    >>> import pandas as pd
    >>> print(*day_faults(pd.DataFrame({"valid_from": ["2024/01/01"]})))
    row 1, valid_from: '2024/01/01' is not a date; write it as 2025-08-19
    """
    faults, read = [], {}
    for column in ("valid_from", "valid_to"):
        if column not in table.columns:
            continue
        read[column] = days(table[column])
        there = table[column].notna().to_numpy()
        faults += [
            Fault(
                f"{table[column].iloc[i]!r} is not a date; write it as 2025-08-19",
                row=int(i) + 1,
                field=column,
            )
            for i in np.flatnonzero((read[column] == UNKNOWN_DAY) & there)
        ]
        if start_required and column == "valid_from":
            faults += [
                Fault("the date is missing", row=int(i) + 1, field=column, hint="set the first day of this row")
                for i in np.flatnonzero(~there)
            ]
    if len(read) == 2:
        start, end = read["valid_from"], read["valid_to"]
        faults += [
            Fault("the row ends before it starts", row=int(i) + 1, field="valid_to")
            for i in np.flatnonzero((start != UNKNOWN_DAY) & (end != UNKNOWN_DAY) & (end < start))
        ]
    return faults


def by_category(
    values: pd.Series, styles: dict[str, tuple[str, Style]], *, other: tuple[str, Style]
) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...]]:
    """Style each row by its category; the legend lists the categories that occur.

    Parameters
    ----------
    values : Series
        Category of each row.
    styles : dict
        Category → label and style, in the order of the legend.
    other : tuple
        Label and style of missing categories and of those that are not in ``styles``.

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


def by_name(
    values: pd.Series, colours: Sequence[str], *, fill_opacity: float, other: str
) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...], tuple[str, ...]]:
    """Style each row by its name; names get colours in order of appearance, hatched when colours repeat.

    Parameters
    ----------
    values : Series
        Name of each row; missing ones are grey and hatched.
    colours : sequence of str
    fill_opacity : float
    other : str
        Label of rows without a name.

    Returns
    -------
    styles, style_of, legend, notes
        There is a note if names have to share a look.

    Examples
    --------
    >>> import pandas as pd
    >>> _, _, legend, notes = by_name(pd.Series(["a", "b", "a"]), ["#5790fc"], fill_opacity=0.3, other="none")
    >>> [(entry.label, entry.count, entry.style.hatch) for entry in legend]
    [('a', 2, False), ('b', 1, True)]
    """
    # Hatching covers about a fifth of the area, so it needs a higher opacity.
    hatch_opacity = min(1.0, 2.5 * fill_opacity)
    names = list(dict.fromkeys(str(value) for value in values.dropna()))
    styles = {}
    for i, name in enumerate(names):
        colour = colours[i % len(colours)]
        hatch = (i // len(colours)) % 2 == 1
        opacity = hatch_opacity if hatch else fill_opacity
        styles[name] = (name, Style(stroke=colour, fill=colour, width_px=1.2, fill_opacity=opacity, hatch=hatch))
    nameless = Style(stroke="#777777", fill="#777777", fill_opacity=hatch_opacity, hatch=True)
    text = values.astype("object").where(values.isna(), values.astype(str))
    table, style_of, legend = by_category(text, styles, other=(other, nameless))
    notes: tuple[str, ...] = ()
    if len(names) > 2 * len(colours):
        notes = (f"{len(names)} names share {2 * len(colours)} looks, plain and hatched; popups show the name.",)
    return table, style_of, legend, notes
