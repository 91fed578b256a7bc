"""Locate rows that have only place names: a point, a calibrated radius and a reason.

Routes, from the finest to the coarsest; the first that gives a match is used:

1. ``learned``: rows of the table with coordinates that have the same name and division;
2. ``gazetteer``: a place of that name near its division;
3. ``between``: the midpoint of two such places, for "between A and B";
4. ``admin2``, ``admin1``: the centre of the rows with coordinates in that division, or the area
   of that name;
5. ``country``: the same for the country; 6. ``table``: the centre of all rows.

The radius is calibrated on the rows with coordinates (split conformal prediction, five folds; Lei
et al. 2018, doi:10.1080/01621459.2017.1307116): each is located from the rows of the other folds, and
the error is divided by the scale of the match, which is the spread of the group or the size of the
place. The radius of a match is its scale times the quantile of these ratios for its route. With fewer
than 20 ratios, the default radius of the route is used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.names.folding import core, ends, fold
from geoconflict.names.gazetteer import Candidate, Gazetteer

__all__ = ["GeocodeOptions", "geocode"]

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
    """Locate the rows without a point by their place names, each with a radius and a reason.

    Parameters
    ----------
    table : DataFrame or GeoDataFrame
        With columns of names. Rows with a point keep it and are used to locate others.
    gazetteer : Gazetteer, optional
        Wrap it in :class:`~geoconflict.names.cache.CachedGazetteer` to resume a long run.
    areas : GeoDataFrame, optional
        Divisions and countries with a column ``name``, for those without a row with coordinates.
    options : GeocodeOptions, optional
    progress : callable, optional
        Called with the number of places done and their total.

    Returns
    -------
    GeoDataFrame
        A copy with ``location_uncertainty_m``, ``geocode_route`` ("given" for rows that had a
        point, "none" for rows that could not be located), ``geocode_reason`` and
        ``geocode_candidates`` (JSON, the best first).

    Raises
    ------
    InputError
        If the table has no column of names, or the level is not between 0 and 1.

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
    matches: dict[Key, tuple[Match, float] | None] = {}
    for done, key in enumerate(wanted, start=1):
        match = finder.find(key, known)
        matches[key] = None if match is None else (match, _radius_m(match, factors, settings))
        if progress is not None:
            progress(done, len(wanted))
    return _written(frame, keys, given, matches)


def _framed(table: pd.DataFrame, settings: GeocodeOptions) -> gpd.GeoDataFrame:
    names = [settings.location, settings.admin2, settings.admin1, settings.country]
    columns = [str(column) for column in table.columns]
    faults = []
    if not set(names) & set(columns):
        faults = [Fault("this column is missing", field=n, hint=did_you_mean(n, columns) or None) for n in names]
    if not 0 < settings.level < 1:
        faults.append(Fault(f"the level {settings.level} is not between 0 and 1", field="options.level"))
    if faults:
        msg = "the table cannot be geocoded; name its columns with GeocodeOptions(location=…)"
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
    """Return the factor of each route: the quantile of error over scale for rows located from other folds.

    For learned names a fold is a fifth of the rows. For the other routes, which are used for names
    that no row has, it is a fifth of the distinct places, each with one row.
    """
    at = [int(i) for i in np.flatnonzero(~np.isnan(lon))]
    if len(at) < LEAST_CALIBRATION_ROWS:
        return {}
    places: dict[tuple[str, ...], list[int]] = {}
    for i in at:
        places.setdefault(place_of(keys[i], i), []).append(i)
    groups = list(places.values())
    ratios: dict[str, list[float]] = {}

    def collect(row: int, matches: Iterable[Match | None]) -> None:
        for match in matches:
            if match is not None:
                error = distance_m(lon[row : row + 1], lat[row : row + 1], (match.lon, match.lat))[0]
                ratios.setdefault(match.route, []).append(float(error) / _scale_m(match, settings))

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


def _scale_m(match: Match, settings: GeocodeOptions) -> float:
    """Return the scale of a match, at least a tenth of the default of its route, since a group of one row has no spread."""
    return max(match.scale_m, settings.default_radius_m[match.route] / 10)


def _quantile(values: list[float], level: float) -> float:
    """Return the smallest value that at least ``level`` of n + 1 exchangeable values do not exceed."""
    ordered = sorted(values)
    return ordered[min(math.ceil((len(ordered) + 1) * level), len(ordered)) - 1]


def _radius_m(match: Match, factors: Mapping[str, float], settings: GeocodeOptions) -> float:
    if match.route in factors:
        return max(1_000.0, factors[match.route] * _scale_m(match, settings))
    return max(match.scale_m, settings.default_radius_m[match.route])


def _written(
    frame: gpd.GeoDataFrame,
    keys: Sequence[Key],
    given: NDArray[np.bool_],
    matches: Mapping[Key, tuple[Match, float] | None],
) -> gpd.GeoDataFrame:
    points = frame.geometry.to_numpy(copy=True)
    had = frame["location_uncertainty_m"].to_numpy(dtype=float) if "location_uncertainty_m" in frame.columns else None
    radius = np.full(len(frame), np.nan) if had is None else had.copy()
    route, reason, candidates = (
        np.full(len(frame), value, dtype=object) for value in ("given", "the row has a point", "[]")
    )
    for i in np.flatnonzero(~given):
        found = matches[keys[int(i)]]
        if found is None:
            route[i], reason[i], radius[i] = "none", "no name in the row is known", np.nan
            continue
        match, radius_m = found
        points[i] = shapely.Point(match.lon, match.lat)
        route[i], reason[i], radius[i] = match.route, match.reason, radius_m
        candidates[i] = json.dumps(list(match.candidates), ensure_ascii=False)
    out = frame.set_geometry(points, crs=frame.crs)
    for name, values in zip(_OUTPUT, (radius, route, reason, candidates), strict=True):
        out[name] = values
    return out


_PRIOR_PLACES = 5
_SHOWN_CANDIDATES = 5
Points: TypeAlias = "tuple[NDArray[np.float64], NDArray[np.float64]]"


@dataclass(frozen=True, slots=True)
class GeocodeOptions:
    """Column names and the confidence level of the radius.

    Attributes
    ----------
    location, admin2, admin1, country : str
        Column names; a column that is not in the table counts as empty.
    level : float
        Share of rows whose true place is to lie within the radius.
    default_radius_m : mapping of str to float
        Radius of each route if too few rows have coordinates for a calibration.
    """

    location: str = "location"
    admin2: str = "admin2"
    admin1: str = "admin1"
    country: str = "country"
    level: float = 0.9
    default_radius_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "learned": 5_000.0,
            "gazetteer": 25_000.0,
            "between": 30_000.0,
            "admin2": 50_000.0,
            "admin1": 150_000.0,
            "country": 700_000.0,
            "table": 5_000_000.0,
        }
    )


class Key(NamedTuple):
    """The names of one row, as written."""

    location: str
    admin2: str
    admin1: str
    country: str


class Match(NamedTuple):
    """A point, the route that gave it, and its scale: the expected error before calibration."""

    route: str
    lon: float
    lat: float
    scale_m: float
    reason: str
    candidates: tuple[dict[str, Any], ...] = ()


class Group(NamedTuple):
    """The centre of some points and the distance within which 90 % of them lie."""

    lon: float
    lat: float
    spread_m: float
    rows: int


def distance_m(lon: NDArray[np.float64], lat: NDArray[np.float64], to: tuple[float, float]) -> NDArray[np.float64]:
    """Return the geodesic distance of each point to one place, in metres."""
    n = len(lon)
    metres = Geod(ellps="WGS84").inv(lon, lat, np.full(n, to[0]), np.full(n, to[1]))[2]
    return np.asarray(metres, dtype=np.float64)


def _group(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Group:
    """Return the centre of points, as the median of their unit vectors, and their spread."""
    x, y = np.radians(lon), np.radians(lat)
    middle = np.median(np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]), axis=1)
    to = (
        math.degrees(math.atan2(middle[1], middle[0])),
        math.degrees(math.atan2(middle[2], math.hypot(middle[0], middle[1]))),
    )
    return Group(to[0], to[1], float(np.quantile(distance_m(lon, lat, to), 0.9)), len(lon))


@dataclass(frozen=True, slots=True)
class Learned:
    """Positions of names and divisions, learned from the rows with coordinates.

    A division is learned from its distinct places, each counted once: it is used for places that no
    row names, which need not be where most events are.
    """

    names: Mapping[tuple[str, ...], Group]
    divisions: Mapping[tuple[str, ...], Group]
    usual_spread_m: Mapping[str, float]

    @classmethod
    def of(cls, keys: Sequence[Key], points: Points, rows: Iterable[int], settings: GeocodeOptions) -> Learned:
        """Learn from some rows of a table."""
        lon, lat = points
        names: dict[tuple[str, ...], list[int]] = {}
        divisions: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for i in rows:
            place = place_of(keys[i], i)
            for group in {place, *_name_groups(keys[i])}:
                names.setdefault(group, []).append(i)
            for _, division in _division_groups(keys[i]):
                divisions.setdefault(division, set()).add(place)
        known = {key: _group(lon[at], lat[at]) for key, at in names.items()}
        wide = {}
        for division, places in divisions.items():
            middles = [known[place] for place in sorted(places)]
            wide[division] = _group(np.array([m.lon for m in middles]), np.array([m.lat for m in middles]))
        usual = {}
        for route in ("admin2", "admin1", "country", "table"):
            spreads = [group.spread_m for key, group in wide.items() if key[0] == route and group.rows > _PRIOR_PLACES]
            usual[route] = float(np.median(spreads)) if spreads else settings.default_radius_m[route]
        return cls(known, wide, usual)

    def division(self, route: str, key: tuple[str, ...]) -> Group | None:
        """Return a division, its spread drawn towards the usual one where it has few places."""
        found = self.divisions.get(key)
        if found is None:
            return None
        usual = self.usual_spread_m[route]
        spread = (found.rows * found.spread_m + _PRIOR_PLACES * usual) / (found.rows + _PRIOR_PLACES)
        return found._replace(spread_m=spread)


def place_of(key: Key, row: int) -> tuple[str, ...]:
    """Return what makes a place one: its name and division; a row without a name is a place of its own."""
    name = core(key.location) or f"row {row}"
    return ("core", name, core(key.admin1), fold(key.country))


def _name_groups(key: Key) -> Iterable[tuple[str, ...]]:
    """Yield the keys of a name: as written with its divisions, then its core with them."""
    if not key.location:
        return
    country, admin1 = fold(key.country), core(key.admin1)
    yield ("written", fold(key.location), admin1, country)
    yield ("core", core(key.location), admin1, country)


def _division_groups(key: Key) -> Iterable[tuple[str, tuple[str, ...]]]:
    country, admin1, admin2 = fold(key.country), core(key.admin1), core(key.admin2)
    if admin2:
        yield "admin2", ("admin2", admin2, admin1, country)
    if admin1:
        yield "admin1", ("admin1", admin1, country)
    if country:
        yield "country", ("country", country)
    yield "table", ("table",)


@dataclass(frozen=True, slots=True)
class Finder:
    """The routes in their order.

    Attributes
    ----------
    gazetteer : Gazetteer or None
    areas : mapping of str to Group
        By folded name.
    looked_up : dict
        Results of the gazetteer in this run.
    """

    gazetteer: Gazetteer | None
    areas: Mapping[str, Group]
    looked_up: dict[tuple[str, str, str], tuple[Candidate, ...]] = field(default_factory=dict)

    def find(self, key: Key, known: Learned) -> Match | None:
        """Return the first match of the routes, or None."""
        return self.learned(key, known) or next(filter(None, self.everything_but_learned(key, known)), None)

    def learned(self, key: Key, known: Learned) -> Match | None:
        """Return the centre of the rows with the same name."""
        for group in _name_groups(key):
            if found := known.names.get(group):
                plural = "s" if found.rows > 1 else ""
                reason = f"{found.rows} row{plural} with coordinates of the same name and division"
                return Match("learned", found.lon, found.lat, found.spread_m, reason)
        return None

    def everything_but_learned(self, key: Key, known: Learned) -> Iterator[Match | None]:
        """Yield the matches of the other routes, the finest first."""
        near = self._division(key, known, ("admin2", "admin1", "country"))
        yield self._named(key, near)
        yield self._between(key, known, near)
        for route in ("admin2", "admin1", "country", "table"):
            yield self._division(key, known, (route,))

    def _named(self, key: Key, near: Match | None) -> Match | None:
        candidates = self._fitting(core(key.location), key, near)
        if not candidates:
            return None
        best = candidates[0]
        reason = f"{best.name}: {best.reason}" + (f"; {len(candidates)} places fit" if len(candidates) > 1 else "")
        # With several places of a name, another may be right: the scale reaches to the next one.
        scale = best.radius_m
        if len(candidates) > 1 and candidates[1].score >= best.score:
            scale = max(scale, _apart_m(best, candidates[1]))
        return Match("gazetteer", best.lon, best.lat, scale, reason, tuple(map(_plain, candidates[:_SHOWN_CANDIDATES])))

    def _fitting(self, name: str, key: Key, near: Match | None) -> list[Candidate]:
        """Return the candidates near the division, if its position is known."""
        if self.gazetteer is None or len(name) < 2:
            return []
        question = (name, key.country, core(key.admin1))
        if question not in self.looked_up:
            try:
                found = self.gazetteer.lookup(name, key.country or None, core(key.admin1) or None)
            except InputError:  # a country that the gazetteer does not know
                found = self.gazetteer.lookup(name, None, core(key.admin1) or None)
            self.looked_up[question] = tuple(found)
        candidates = list(self.looked_up[question])
        if near is None or near.route not in {"admin1", "admin2"}:
            return candidates
        reach = 2 * near.scale_m + 20_000
        return [
            c for c in candidates if distance_m(np.array([c.lon]), np.array([c.lat]), (near.lon, near.lat))[0] <= reach
        ]

    def _between(self, key: Key, known: Learned, near: Match | None) -> Match | None:
        pair = ends(key.location)
        if pair is None:
            return None
        places: list[tuple[float, float]] = []
        for name in pair:
            group = known.names.get(("core", core(name), core(key.admin1), fold(key.country)))
            if group is not None:
                places.append((group.lon, group.lat))
            elif candidates := self._fitting(core(name), key, near):
                places.append((candidates[0].lon, candidates[0].lat))
        if len(places) != 2:
            return None

        geod = Geod(ellps="WGS84")
        azimuth, _, apart = geod.inv(*places[0], *places[1])
        lon, lat, _ = geod.fwd(*places[0], azimuth, apart / 2)
        return Match("between", lon, lat, max(apart / 2, 5_000.0), f"the midpoint between {pair[0]} and {pair[1]}")

    def _division(self, key: Key, known: Learned, routes: tuple[str, ...]) -> Match | None:
        written = {"admin2": key.admin2, "admin1": key.admin1, "country": key.country}
        for route, group in _division_groups(key):
            if route not in routes:
                continue
            found = known.division(route, group)
            if found is not None:
                what = f"{route} {written[route]}" if route in written else "the whole table"
                return Match(
                    route,
                    found.lon,
                    found.lat,
                    found.spread_m,
                    f"the centre of {found.rows} places with coordinates in {what}",
                )
            area = self.areas.get(fold(written.get(route, ""))) or self.areas.get(core(written.get(route, "")))
            if area is not None:
                return Match(route, area.lon, area.lat, area.spread_m, f"the area of {route} {written[route]}")
        return None


def _apart_m(one: Candidate, other: Candidate) -> float:
    return float(distance_m(np.array([one.lon]), np.array([one.lat]), (other.lon, other.lat))[0])


def _plain(candidate: Candidate) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "lon": round(candidate.lon, 6),
        "lat": round(candidate.lat, 6),
        "country": candidate.country,
        "score": round(candidate.score, 3),
        "radius_m": round(candidate.radius_m),
        "reason": candidate.reason,
    }


def area_groups(areas: gpd.GeoDataFrame | None) -> dict[str, Group]:
    """Return a point in each area and the distance to the farthest point of its outline."""
    if areas is None:
        return {}

    require_wgs84(areas, what="the areas")
    groups: dict[str, Group] = {}
    for name, shape in zip(areas["name"], areas.geometry, strict=True):
        if shape is None or shape.is_empty:
            continue
        middle = shape.representative_point()
        corners = shapely.get_coordinates(shape)
        far = float(distance_m(corners[:, 0].copy(), corners[:, 1].copy(), (middle.x, middle.y)).max())
        for key in (fold(name), core(name)):
            groups.setdefault(key, Group(middle.x, middle.y, far, 0))
    return groups
