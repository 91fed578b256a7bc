"""Score candidate duplicates by place, date, actors and type. No row is removed.

The score of a pair is from 0 to 1: the weighted mean of the agreement of places (weight 4), dates (3),
actors (2) and types (1), each 1 if equal and 0 at the limit. Two points agree if they are closer than
the sum of their radii of uncertainty. Missing values are left out of the mean. Two rows of the same
data set are candidates only if date, point and notes are identical, since each data set has its own
definition of an event.
"""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict.errors import LimitError
from geoconflict.units import parse_metres
from geoconflict.vocabulary import EventType

_RADIUS_M = 6_371_008.8  # mean radius of the Earth; a sphere is accurate enough for a search (0.5 %)
_MOST_PAIRS = 5_000_000
_WEIGHTS = {"place": 4.0, "day": 3.0, "actors": 2.0, "type": 1.0}
_NOT_WORD = re.compile(r"\W+")
_EMPTY_WORDS = frozenset({"of", "the", "and", "forces", "military", "armed", "group", "unidentified", "government"})


def suspect_duplicates(
    table: gpd.GeoDataFrame,
    other: gpd.GeoDataFrame | None = None,
    *,
    distance: str | float = "10 km",
    days: int = 1,
    score: float = 0.6,
) -> pd.DataFrame:
    r"""Return pairs of rows that may be the same event.

    Parameters
    ----------
    table : GeoDataFrame
        INCIDENTS, of one or several data sets.
    other : GeoDataFrame, optional
        INCIDENTS to compare with; ``table`` itself by default.
    distance : str or float
        Maximum distance of two points, with a unit, or in metres.
    days : int
        Maximum number of days between the end of one event and the start of the other.
    score : float
        Minimum score of a pair.

    Returns
    -------
    DataFrame
        ``a, b`` (index of the rows), ``id_a, id_b, dataset_a, dataset_b, distance_m, days, score``
        and ``why``; the highest score first.

    Raises
    ------
    LimitError
        If more than five million pairs are within the distance.
    UnitError
        If the distance cannot be read.

    Examples
    --------
    >>> import io
    >>> from geoconflict.incidents import read_incidents
    >>> a = read_incidents(io.BytesIO(b"id,date,lat,lon,actor1\na1,2025-07-01,54.69,25.28,Blue Force\n"))
    >>> b = read_incidents(io.BytesIO(b"id,date,lat,lon,actor1\nb1,2025-07-02,54.70,25.29,Blue Force\n"))
    >>> suspect_duplicates(a, b)[["id_a", "id_b", "score"]].to_numpy().tolist()
    [['a1', 'b1', 0.78]]
    """
    limit_m = parse_metres(distance) if isinstance(distance, str) else float(distance)
    first, second = _Rows(table), _Rows(table if other is None else other)
    left, right = _near(first, second, limit_m, same=other is None)
    apart = _apart(first, second, left, right)
    gap = np.maximum(0, np.maximum(first.start[left] - second.end[right], second.start[right] - first.end[left]))
    keep = (apart <= limit_m) & (gap <= days)
    if other is None:
        alike = first.dataset[left] == second.dataset[right]
        noted = (first.notes[left] == second.notes[right]) & (first.notes[left] != None)  # noqa: E711 - elementwise
        keep &= ~alike | ((apart < 1.0) & (gap == 0) & noted)
    left, right, apart, gap = left[keep], right[keep], apart[keep], gap[keep]
    reach = np.nan_to_num(first.radius[left]) + np.nan_to_num(second.radius[right])
    parts = {
        "place": 1.0 - np.clip((apart - reach) / max(limit_m, 1.0), 0.0, 1.0),
        "day": 1.0 - gap / (days + 1.0),
        "actors": _actors(first, second, left, right),
        "type": _types(first, second, left, right),
    }
    known = {name: ~np.isnan(values) for name, values in parts.items()}
    total = sum(_WEIGHTS[name] * known[name] for name in parts)
    scores = sum(_WEIGHTS[name] * np.nan_to_num(values) for name, values in parts.items()) / np.maximum(total, 1.0)
    wanted = np.flatnonzero(scores >= score)
    order = wanted[np.lexsort((right[wanted], left[wanted], -np.round(scores[wanted], 2)))]
    left, right = left[order], right[order]
    return pd.DataFrame(
        {
            "a": first.index[left],
            "b": second.index[right],
            "id_a": first.ids[left],
            "id_b": second.ids[right],
            "dataset_a": first.dataset[left],
            "dataset_b": second.dataset[right],
            "distance_m": apart[order].round(0),
            "days": gap[order].astype("int64"),
            "score": scores[order].round(2),
            "why": [_why(apart[i], gap[i], parts["actors"][i], parts["type"][i]) for i in order],
        }
    )


class _Rows:
    """The columns of a table as arrays."""

    def __init__(self, table: gpd.GeoDataFrame) -> None:
        self.index = table.index.to_numpy()
        self.ids = table["event_id"].to_numpy(dtype=object)
        self.dataset = table["dataset"].to_numpy(dtype=object)
        self.lon = table.geometry.x.to_numpy(dtype="float64")
        self.lat = table.geometry.y.to_numpy(dtype="float64")
        self.radius = table["location_uncertainty_m"].to_numpy(dtype="float64")
        self.start = _day_numbers(table["event_date"])
        self.end = _day_numbers(table["event_date_end"])
        notes = table["notes"] if "notes" in table else pd.Series([None] * len(table), dtype=object)
        self.notes = notes.to_numpy(dtype=object)
        self.type = table["event_type"].to_numpy(dtype=object)
        self.actors = [_words(a, b) for a, b in zip(table["actor1"], table["actor2"], strict=True)]


def _day_numbers(days: pd.Series) -> np.ndarray[Any, np.dtype[np.int64]]:
    return days.to_numpy(dtype="datetime64[D]").astype("int64")


def _words(*names: object) -> frozenset[str]:
    text = " ".join(name for name in names if isinstance(name, str)).casefold()
    return frozenset(word for word in _NOT_WORD.split(text) if len(word) > 1 and word not in _EMPTY_WORDS)


def _near(
    first: _Rows, second: _Rows, limit_m: float, *, same: bool
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the positions of pairs of points within a box of the distance."""
    half = np.degrees(limit_m / _RADIUS_M)
    wide = half / np.maximum(np.cos(np.radians(np.clip(np.abs(first.lat) + half, 0, 89.9))), 1e-3)
    tree = shapely.STRtree(shapely.points(second.lon, second.lat))
    boxes = shapely.box(first.lon - wide, first.lat - half, first.lon + wide, first.lat + half)
    pairs = [tree.query(boxes)]
    for turn in (-360.0, 360.0):  # across the antimeridian
        edge = np.flatnonzero((first.lon - wide < -180) if turn > 0 else (first.lon + wide > 180))
        if len(edge):
            moved = shapely.box(
                first.lon[edge] - wide[edge] + turn,
                first.lat[edge] - half,
                first.lon[edge] + wide[edge] + turn,
                first.lat[edge] + half,
            )
            found = tree.query(moved)
            pairs.append(np.vstack([edge[found[0]], found[1]]))
    left, right = np.hstack(pairs)
    if same:
        keep = left < right
        left, right = left[keep], right[keep]
    if len(left) > _MOST_PAIRS:
        msg = f"{len(left):,} pairs of rows are within the distance; use a shorter one, or compare a month at a time"
        raise LimitError(msg)
    return left, right


def _apart(first: _Rows, second: _Rows, left: Any, right: Any) -> np.ndarray[Any, np.dtype[np.float64]]:  # noqa: ANN401 - arrays of positions
    """Return great-circle distances by the haversine formula."""
    lat1, lat2 = np.radians(first.lat[left]), np.radians(second.lat[right])
    dlon = np.radians(second.lon[right] - first.lon[left])
    h = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(dlon / 2) ** 2
    out: np.ndarray[Any, np.dtype[np.float64]] = 2 * _RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return out


def _actors(first: _Rows, second: _Rows, left: Any, right: Any) -> np.ndarray[Any, np.dtype[np.float64]]:  # noqa: ANN401 - arrays of positions
    """Return the Jaccard index of the words of the actors; NaN if a row names none."""
    out = np.full(len(left), np.nan)
    for i, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        one, two = first.actors[a], second.actors[b]
        if one and two:
            out[i] = len(one & two) / len(one | two)
    return out


def _types(first: _Rows, second: _Rows, left: Any, right: Any) -> np.ndarray[Any, np.dtype[np.float64]]:  # noqa: ANN401 - arrays of positions
    a, b = first.type[left], second.type[right]
    unknown = (a == EventType.UNKNOWN) | (b == EventType.UNKNOWN)
    return np.where(unknown, np.nan, (a == b).astype("float64"))


def _why(apart: float, gap: int, actors: float, kind: float) -> str:
    parts = [f"{apart / 1000:.1f} km apart", "same day" if gap == 0 else f"{gap} day{'s' if gap > 1 else ''} apart"]
    if not np.isnan(actors):
        parts.append(f"actors {actors:.0%} in common")
    if kind == 1:
        parts.append("same type")
    elif kind == 0:
        parts.append("different types")
    return ", ".join(parts)
