"""Checks on the tables that the functions of this room take, and columns added to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, GeometryError, SchemaError, did_you_mean

Column: TypeAlias = np.ndarray | pd.arrays.IntegerArray
UNCERTAINTY = "location_uncertainty_m"


def require_usable(table: gpd.GeoDataFrame, what: str) -> None:
    """Raise unless a table is in WGS84 and every row has a geometry."""
    require_wgs84(table, what=what)
    missing = (table.geometry.isna() | table.geometry.is_empty).to_numpy()
    if missing.any():
        rows = [int(i) + 1 for i in missing.nonzero()[0][:10]]
        msg = f"{what}: {int(missing.sum())} rows have no geometry (rows {rows}); leave them out or give them one"
        raise GeometryError(msg)


def require_points(table: gpd.GeoDataFrame, what: str) -> None:
    """Raise unless a table is in WGS84 and every row is a point."""
    require_usable(table, what)
    types = table.geometry.geom_type
    if not (types == "Point").all():
        found = ", ".join(sorted(set(types) - {"Point"}))
        cure = "table.set_geometry(table.representative_point())"
        msg = f"points are needed, found {found} in {what}; convert them, for example with {cure}"
        raise GeometryError(msg)


def column(table: pd.DataFrame, name: str, what: str) -> pd.Series:
    """Return a column of a table; raise with the nearest name if there is none."""
    if name not in table.columns:
        known = [str(found) for found in table.columns if found != "geometry"]
        hint = did_you_mean(name, known) or f"known: {', '.join(known) or 'none'}"
        msg = f"no column {name!r} in {what}; {hint}"
        raise SchemaError(msg)
    return table[name]


def numbers(table: pd.DataFrame, name: str, what: str) -> np.ndarray:
    """Return a column as floats, missing values as NaN; raise if it holds anything else."""
    values = pd.to_numeric(column(table, name, what), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    wrong = np.isnan(values) & table[name].notna().to_numpy() | np.isinf(values)
    if wrong.any():
        faults = [
            Fault(f"{table[name].iloc[i]!r} is not a number", row=int(i) + 1, field=name) for i in wrong.nonzero()[0]
        ]
        msg = f"the column {name!r} of {what} holds values that are not numbers"
        raise SchemaError(msg, faults)
    return values


def uncertainty(table: pd.DataFrame, what: str) -> np.ndarray | None:
    """Return the radii of uncertainty in metres, NaN where missing, or None if the table has none."""
    if UNCERTAINTY not in table.columns:
        return None
    values = numbers(table, UNCERTAINTY, what)
    negative = np.flatnonzero(values < 0)
    if len(negative):
        faults = [Fault(f"{values[i]:g} is negative", row=int(i) + 1, field=UNCERTAINTY) for i in negative]
        msg = f"{what} has negative radii of uncertainty"
        raise SchemaError(msg, faults)
    return values


def add_columns(table: gpd.GeoDataFrame, columns: Mapping[str, Column], what: str) -> gpd.GeoDataFrame:
    """Return a copy of a table with more columns; raise if it already has one of them."""
    taken = [name for name in columns if name in table.columns]
    if taken:
        names = ", ".join(repr(name) for name in taken)
        msg = f"{what} already has the column {names}; rename or drop it first, nothing is overwritten"
        raise SchemaError(msg)
    out = table.copy()
    for name, values in columns.items():
        # Texts stay objects, so that a missing one is None, as the schema says.
        out[name] = pd.Series(values, index=out.index, dtype=values.dtype)
    return out
