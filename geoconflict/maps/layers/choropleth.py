"""Areas coloured by a number, in classes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, InputError, SchemaError
from geoconflict.maps.checks import check
from geoconflict.maps.classes import DIVERGING, SEQUENTIAL, Classes, Scheme, classify
from geoconflict.maps.layers.areas import day_faults, validity
from geoconflict.maps.layers.zones import FIELDS
from geoconflict.maps.scene import Description, Layer, LegendEntry, PopupField, Ramp, Style, present

if TYPE_CHECKING:
    import geopandas as gpd

NO_DATA = Style(stroke="#8d877b", fill="#8d877b", width_px=0.8, fill_opacity=0.75, hatch=True)


@dataclass(frozen=True, eq=False)
class Choropleth(Layer):
    """Areas in classes of a number; an area without a number is hatched and counted.

    A count is larger where an area is larger: compare areas by a rate, or set ``per_area``.

    Parameters
    ----------
    table : GeoDataFrame
        Areas.
    by : str
        The column with the number.
    scheme : str
        ``quantiles`` (about as many areas in each class) or ``equal`` (classes of the same width).
    classes : int
        How many, from 1 to 9.
    breaks : tuple of float, optional
        The limits between the classes, in place of ``scheme`` and ``classes``.
    ramp : str or Ramp
        ``sequential``, ``diverging``, or colours from the lowest class to the highest; a ramp
        of colours of one's own is diverging when ``middle`` is set.
    middle : float, optional
        Where a diverging ramp turns; 0 unless set.
    unit : str
        What the number counts, for the legend and the popup.
    per_area : bool
        Divide by ``area_m2``, a column with the geodesic area: the number is then per km².
    fill_opacity : float

    Raises
    ------
    SchemaError
        If the column is missing or holds what is no number, or ``area_m2`` is needed and missing.
    InputError
        If classes, breaks or ramp cannot be used.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame({"name": list("abc"), "deaths": [1.0, 40.0, None]},
    ...     geometry=[box(i, 0, i + 1, 1) for i in range(3)], crs="EPSG:4326")
    >>> layer = Choropleth(frame, by="deaths", breaks=(10,), unit="deaths").describe()
    >>> [(entry.label, entry.count) for entry in layer.legend]
    [('under 10 deaths', 1), ('10 or more deaths', 1), ('no data', 1)]
    """

    by: str = ""
    scheme: Scheme = "quantiles"
    classes: int = 5
    breaks: tuple[float, ...] | None = None
    ramp: Literal["sequential", "diverging"] | Ramp = "sequential"
    middle: float | None = None
    unit: str = ""
    per_area: bool = False
    fill_opacity: float = 0.8

    accepts: ClassVar[tuple[str, ...]] = ("Polygon", "MultiPolygon")
    title: ClassVar[str] = "Areas by value"

    def __post_init__(self) -> None:
        """Check the table, its numbers, and how they are to be classed."""
        super().__post_init__()
        numeric = [str(c) for c in self.table.columns if pd.api.types.is_numeric_dtype(self.table[c].dtype)]
        if not self.by:
            msg = f"say which column decides the colour: by=…; with numbers: {', '.join(numeric) or 'none'}"
            raise SchemaError(msg)
        needs = (self.by, "area_m2") if self.per_area else (self.by,)
        check(self.table, accepts=self.accepts, needs=needs, what="the table of Choropleth")
        faults = [fault for column in needs for fault in _no_numbers(self.table[column])]
        wrong_days = day_faults(self.table)
        if self.per_area:
            small = self.table["area_m2"].astype("float64") <= 0 if not faults else pd.Series(dtype=bool)
            faults += [
                Fault("the area is not greater than 0", row=int(i) + 1, field="area_m2") for i in np.flatnonzero(small)
            ]
        if faults or wrong_days:
            found = ["what is no number"] * bool(faults) + ["days that cannot be used"] * bool(wrong_days)
            msg = f"the table of Choropleth holds {' and '.join(found)}"
            raise SchemaError(msg, [*faults, *wrong_days])
        if not isinstance(self.ramp, Ramp) and self.ramp not in {"sequential", "diverging"}:
            msg = f"{self.ramp!r} is no ramp: 'sequential', 'diverging', or a Ramp of colours"
            raise InputError(msg)
        self._classes(self._values(self.table))

    def describe(self) -> Description:
        """Return the areas by class, from the lowest, those without a number last."""
        rows, notes = self.rows()
        values = self._values(rows)
        made = self._classes(values)
        missing = np.isnan(values)
        unit = " ".join(part for part in (self.unit, "per km²" if self.per_area else "") if part)
        names = [f"{label} {unit}".strip() for label in made.labels()]
        styles = [
            Style(stroke="#ffffff", fill=colour, width_px=0.8, stroke_opacity=0.9, fill_opacity=self.fill_opacity)
            for colour in made.colours(self._ramp(), middle=self._middle())
        ]
        if missing.all():
            names, styles = [], []
        style_of = np.where(missing, len(styles), made.of(values))
        if missing.any():
            names, styles = [*names, "no data"], [*styles, NO_DATA]
        counts = np.bincount(style_of, minlength=len(styles))
        legend = tuple(LegendEntry(n, s, int(counts[i]), i) for i, (n, s) in enumerate(zip(names, styles, strict=True)))
        shown = rows.assign(_value=values)
        start, end = validity(rows)
        label = self.by.replace("_", " ")
        return self.finish(
            Description(
                self.heading,
                "area",
                shown,
                tuple(styles),
                style_of,
                legend,
                title_column="name" if "name" in rows.columns else None,
                fields=present(
                    shown,
                    (
                        PopupField("_value", f"{label} ({unit})" if unit else label, "number"),
                        *((PopupField(self.by, label, "number"),) if self.per_area else ()),
                        *(f for f in FIELDS if f.column != self.by),
                    ),
                ),
                start=start,
                end=end,
                methods=(self._told(made, missing),) if len(rows) else (),
            ),
            notes,
        )

    def _told(self, made: Classes, missing: np.ndarray) -> str:
        what = f"{self.heading}: {self.by}" + (" by the geodesic area" if self.per_area else "")
        gone = f"; {int(missing.sum())} of {len(missing)} areas have no number" if missing.any() else ""
        if missing.all():
            return f"{what}; no area has a number."
        limits = ", each with its lower limit and without its upper one" if len(made) > 1 else ""
        return f"{what}, in {made.told}{limits}{gone}."

    def _values(self, rows: gpd.GeoDataFrame) -> np.ndarray:
        values: np.ndarray = pd.to_numeric(rows[self.by]).to_numpy(dtype="float64", na_value=np.nan)
        if not self.per_area:
            return values
        area: np.ndarray = pd.to_numeric(rows["area_m2"]).to_numpy(dtype="float64", na_value=np.nan)
        return values / (area / 1e6)

    def _classes(self, values: np.ndarray) -> Classes:
        return classify(values, scheme=self.scheme, classes=self.classes, breaks=self.breaks, middle=self._middle())

    def _ramp(self) -> Ramp:
        if isinstance(self.ramp, Ramp):
            return self.ramp
        return DIVERGING if self.ramp == "diverging" else SEQUENTIAL

    def _middle(self) -> float | None:
        return 0.0 if self.ramp == "diverging" and self.middle is None else self.middle


def _no_numbers(values: pd.Series) -> list[Fault]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    bad = (values.notna().to_numpy() & np.isnan(numbers)) | np.isinf(numbers)
    column = str(values.name)
    return [
        Fault(f"{values.iloc[i]!r} is no finite number", row=int(i) + 1, field=column)
        for i in np.flatnonzero(bad)
        if not (isinstance(values.iloc[i], float) and math.isnan(values.iloc[i]))
    ]
