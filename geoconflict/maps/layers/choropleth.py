"""Areas coloured by classes of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict.errors import Fault, SchemaError
from geoconflict.maps.classes import Classes, PaletteLike, Scheme, classify, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, check, day_faults, floats, number_faults, present, validity
from geoconflict.maps.layers.zones import FIELDS
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style

NO_DATA = Style(stroke="#8d877b", fill="#8d877b", width_px=0.8, fill_opacity=0.75, hatch=True)


@dataclass(frozen=True, eq=False)
class Choropleth(Layer):
    """Areas coloured by classes of a number; areas without a value are hatched.

    Counts grow with the size of an area: to compare areas, use a rate or set ``per_area``.

    Parameters
    ----------
    table : GeoDataFrame
        Areas.
    by : str
        Column with the number.
    scheme : str
        ``quantiles`` (about the same number of areas in each class) or ``equal`` (classes of equal width).
    classes : int
        Number of classes, from 1 to 9.
    breaks : tuple of float, optional
        Limits between the classes, instead of ``scheme`` and ``classes``.
    palette : Palette, str or sequence of str
        ``sequential``, ``diverging``, or colours from the lowest class to the highest; a custom
        palette is diverging if ``midpoint`` is set.
    midpoint : float, optional
        Centre of a diverging palette; 0 by default.
    unit : str
        Unit of the number, for the legend and the popups.
    per_area : bool
        Whether to divide by the column ``area_m2``, the geodesic area; the values are then per km².
    fill_opacity : float

    Raises
    ------
    SchemaError
        If a column is missing or has values that are not numbers.
    InputError
        If the classes, the breaks or the palette are invalid.

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
    palette: PaletteLike = "sequential"
    midpoint: float | None = None
    unit: str = ""
    per_area: bool = False
    fill_opacity: float = 0.8

    accepts: ClassVar[tuple[str, ...]] = AREAS
    title: ClassVar[str] = "Areas by value"

    def __post_init__(self) -> None:
        """Check the table, its numbers, and the classification."""
        super().__post_init__()
        numeric = [str(c) for c in self.table.columns if pd.api.types.is_numeric_dtype(self.table[c].dtype)]
        if not self.by:
            msg = f"set by=… to the column that sets the colour; numeric columns: {', '.join(numeric) or 'none'}"
            raise SchemaError(msg)
        needs = (self.by, "area_m2") if self.per_area else (self.by,)
        check(self.table, accepts=self.accepts, needs=needs, what="the table of Choropleth")
        faults = [fault for column in needs for fault in number_faults(self.table[column])]
        wrong_days = day_faults(self.table)
        if self.per_area:
            small = self.table["area_m2"].astype("float64") <= 0 if not faults else pd.Series(dtype=bool)
            faults += [
                Fault("the area must be greater than 0", row=int(i) + 1, field="area_m2") for i in np.flatnonzero(small)
            ]
        if faults or wrong_days:
            found = ["values that are not numbers"] * bool(faults) + ["invalid dates"] * bool(wrong_days)
            msg = f"the table of Choropleth has {' and '.join(found)}"
            raise SchemaError(msg, [*faults, *wrong_days])
        self._classes(self._values(self.table))

    def describe(self) -> LayerSpec:
        """Return the areas by class, from the lowest; those without a value come last."""
        rows, notes = self.rows()
        values = self._values(rows)
        made = self._classes(values)
        missing = np.isnan(values)
        unit = " ".join(part for part in (self.unit, "per km²" if self.per_area else "") if part)
        names = [f"{label} {unit}".strip() for label in made.labels()]
        styles = [
            Style(stroke="#ffffff", fill=colour, width_px=0.8, stroke_opacity=0.9, fill_opacity=self.fill_opacity)
            for colour in made.colours(palette_of(self.palette), midpoint=self._midpoint())
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
            LayerSpec(
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
                methods=(self._method(made, missing),) if len(rows) else (),
            ),
            notes,
        )

    def _method(self, made: Classes, missing: np.ndarray) -> str:
        what = f"{self.heading}: {self.by}" + (" by the geodesic area" if self.per_area else "")
        gone = f"; {int(missing.sum())} of {len(missing)} areas have no value" if missing.any() else ""
        if missing.all():
            return f"{what}; no area has a value."
        limits = ", lower limits inclusive" if len(made) > 1 else ""
        return f"{what}, in {made.method}{limits}{gone}."

    def _values(self, rows: gpd.GeoDataFrame) -> np.ndarray:
        values = floats(rows[self.by])
        return values / (floats(rows["area_m2"]) / 1e6) if self.per_area else values

    def _classes(self, values: np.ndarray) -> Classes:
        return classify(values, scheme=self.scheme, classes=self.classes, breaks=self.breaks, midpoint=self._midpoint())

    def _midpoint(self) -> float | None:
        return 0.0 if self.palette == "diverging" and self.midpoint is None else self.midpoint
