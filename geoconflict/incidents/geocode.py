"""Give a place to rows that have only names: a point, a radius that means something, and why.

Routes, from the finest to the coarsest; the first that answers is taken:

1. ``learned``: rows of the table with coordinates that have the same name and division;
2. ``gazetteer``: a place of that name, if it lies where its division does;
3. ``between``: the middle of two such places, for "between A and B";
4. ``admin2``, ``admin1``: the middle of the rows with coordinates of that division, or the
   area of that name, or the place it is named for;
5. ``country``: the same for the country; 6. ``table``: the middle of all rows.

The radius is calibrated on the rows that have coordinates (split conformal prediction, five
folds; Lei et al. 2018, doi:10.1080/01621459.2017.1307116): each is located as if it had none,
from the rows of the other folds, and the error is divided by the scale of the answer, which
is the spread of the group or the size of the place. A route's radius is its scale times the
quantile of these ratios. Where fewer than 20 rows tell, the stated defaults stand.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.incidents.geocode_routes import (
    Answer,
    Candidate,
    Finder,
    Gazetteer,
    GeocodeOptions,
    Key,
    Learned,
    area_groups,
    distance_m,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Candidate", "Gazetteer", "GeocodeOptions", "geocode"]

FOLDS = 5
LEAST_CALIBRATION_ROWS = 20
MOST_CALIBRATION_ROWS = 5000
_OUTPUT = ("location_uncertainty_m", "geocode_route", "geocode_reason", "geocode_candidates")


def geocode(
    table: pd.DataFrame,
    gazetteer: Gazetteer | None = None,
    *,
    areas: gpd.GeoDataFrame | None = None,
    options: GeocodeOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> gpd.GeoDataFrame:
    """Locate the rows that have no point by their names, each with a radius and a reason.

    Parameters
    ----------
    table : DataFrame or GeoDataFrame
        With columns of names. Rows with a point keep it and are learned from.
    gazetteer : Gazetteer, optional
        Whatever has ``lookup``. To resume a long run and to spare an online service, wrap it
        in :class:`~geoconflict.names.cache.CachedGazetteer`.
    areas : GeoDataFrame, optional
        Divisions and countries as areas with a column ``name``, for those that no row with
        coordinates tells of.
    options : GeocodeOptions, optional
    progress : callable, optional
        Called with how many different places are done, and of how many.

    Returns
    -------
    GeoDataFrame
        A copy, with ``location_uncertainty_m``, ``geocode_route`` ("given" for rows that had
        a point), ``geocode_reason`` and ``geocode_candidates`` (JSON, the best first). A row
        of which nothing at all is known has no point, and says so.

    Raises
    ------
    InputError
        If the table has none of the columns of names, or the level is not between 0 and 1.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> table = gpd.GeoDataFrame(
    ...     {"location": ["Bria town", "Bria", "Nowhere"], "admin1": "Haute-Kotto", "country": "CAR"},
    ...     geometry=[shapely.Point(21.99, 6.54), None, None], crs="EPSG:4326")
    >>> geocode(table)[["geocode_route", "location_uncertainty_m"]].to_dict("list")
    {'geocode_route': ['given', 'learned', 'admin1'], 'location_uncertainty_m': [nan, 5000.0, 150000.0]}
    """
    settings = options or GeocodeOptions()
    frame = _framed(table, settings)
    keys = _keys(frame, settings)
    given = ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy(dtype=bool)
    lon, lat = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    lon[given], lat[given] = frame.geometry[given].x, frame.geometry[given].y
    wanted = sorted({keys[i] for i in np.flatnonzero(~given)})
    finder = Finder(gazetteer, area_groups(areas))
    factors = _calibrated(keys, lon, lat, finder, settings)
    known = Learned.of(keys, (lon, lat), np.flatnonzero(given).tolist(), settings)
    answers: dict[Key, tuple[Answer, float] | None] = {}
    for done, key in enumerate(wanted, start=1):
        answer = finder.find(key, known)
        answers[key] = None if answer is None else (answer, _radius_m(answer, factors, settings))
        if progress is not None:
            progress(done, len(wanted))
    return _written(frame, keys, given, answers)


def _framed(table: pd.DataFrame, settings: GeocodeOptions) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from geoconflict.crs import require_wgs84

    names = [settings.location, settings.admin2, settings.admin1, settings.country]
    columns = [str(column) for column in table.columns]
    faults = []
    if not set(names) & set(columns):
        faults = [Fault("this column is missing", field=n, hint=did_you_mean(n, columns) or None) for n in names]
    if not 0 < settings.level < 1:
        faults.append(Fault(f"the level {settings.level} is not between 0 and 1", field="options.level"))
    if faults:
        msg = "the table cannot be geocoded; say what its columns are called with GeocodeOptions(location=…)"
        raise InputError(msg, faults)
    if isinstance(table, gpd.GeoDataFrame):
        require_wgs84(table)
        return table.copy()
    return gpd.GeoDataFrame(table.copy(), geometry=[None] * len(table), crs="EPSG:4326")


def _keys(frame: gpd.GeoDataFrame, settings: GeocodeOptions) -> list[Key]:
    names = [settings.location, settings.admin2, settings.admin1, settings.country]
    columns = [
        [v if isinstance(v, str) else "" for v in frame[name]] if name in frame.columns else [""] * len(frame)
        for name in names
    ]
    return [Key(*(value.strip() for value in row)) for row in zip(*columns, strict=True)]


def _calibrated(
    keys: Sequence[Key], lon: NDArray[np.float64], lat: NDArray[np.float64], finder: Finder, settings: GeocodeOptions
) -> dict[str, float]:
    """Return the factor of each route: the quantile of error over scale, of rows located from other folds.

    For the learned names a fold is a fifth of the rows. For the others it is a fifth of the
    different places, each with one row, since they are asked for names that no row has.
    """
    at = [int(i) for i in np.flatnonzero(~np.isnan(lon))]
    if len(at) < LEAST_CALIBRATION_ROWS:
        return {}
    places: dict[tuple[str, ...], list[int]] = {}
    for i in at:
        places.setdefault(place_of(keys[i], i), []).append(i)
    groups = list(places.values())
    ratios: dict[str, list[float]] = {}

    def collect(row: int, answers: Iterable[Answer | None]) -> None:
        for answer in answers:
            if answer is not None:
                error = distance_m(lon[row : row + 1], lat[row : row + 1], (answer.lon, answer.lat))[0]
                ratios.setdefault(answer.route, []).append(float(error) / _scale_m(answer, settings))

    every_row, every_group = (max(1, math.ceil(len(n) / MOST_CALIBRATION_ROWS)) for n in (at, groups))
    for number in range(FOLDS):
        known = Learned.of(keys, (lon, lat), [i for n, i in enumerate(at) if n % FOLDS != number], settings)
        for row in at[number :: FOLDS * every_row]:
            collect(row, [finder.learned(keys[row], known)])
        others = [i for n, rows in enumerate(groups) if n % FOLDS != number for i in rows]
        known = Learned.of(keys, (lon, lat), others, settings)
        for rows in groups[number :: FOLDS * every_group]:
            collect(rows[0], finder.everything_but_learned(keys[rows[0]], known))
    return {
        route: _quantile(values, settings.level)
        for route, values in ratios.items()
        if len(values) >= LEAST_CALIBRATION_ROWS
    }


def _scale_m(answer: Answer, settings: GeocodeOptions) -> float:
    """Return the scale of an answer, at least a tenth of the route's default: a group of one row has no spread."""
    return max(answer.scale_m, settings.default_radius_m[answer.route] / 10)


def _quantile(values: list[float], level: float) -> float:
    """Return the smallest value that at least ``level`` of n + 1 exchangeable values do not exceed."""
    ordered = sorted(values)
    return ordered[min(math.ceil((len(ordered) + 1) * level), len(ordered)) - 1]


def _radius_m(answer: Answer, factors: Mapping[str, float], settings: GeocodeOptions) -> float:
    if answer.route in factors:
        return max(1_000.0, factors[answer.route] * _scale_m(answer, settings))
    return max(answer.scale_m, settings.default_radius_m[answer.route])


def _written(
    frame: gpd.GeoDataFrame,
    keys: Sequence[Key],
    given: NDArray[np.bool_],
    answers: Mapping[Key, tuple[Answer, float] | None],
) -> gpd.GeoDataFrame:
    import shapely

    points = frame.geometry.to_numpy(copy=True)
    had = frame["location_uncertainty_m"].to_numpy(dtype=float) if "location_uncertainty_m" in frame.columns else None
    radius = np.full(len(frame), np.nan) if had is None else had.copy()
    route, reason, candidates = (
        np.full(len(frame), value, dtype=object) for value in ("given", "the row has a point", "[]")
    )
    for i in np.flatnonzero(~given):
        found = answers[keys[int(i)]]
        if found is None:
            route[i], reason[i], radius[i] = "none", "no column of names tells anything that is known", np.nan
            continue
        answer, radius_m = found
        points[i] = shapely.Point(answer.lon, answer.lat)
        route[i], reason[i], radius[i] = answer.route, answer.reason, radius_m
        candidates[i] = json.dumps(list(answer.candidates), ensure_ascii=False)
    out = frame.set_geometry(points, crs=frame.crs)
    for name, values in zip(_OUTPUT, (radius, route, reason, candidates), strict=True):
        out[name] = values
    return out
