"""The ways from names to a place: rows of the same name, a gazetteer, a division, a country."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from geoconflict.errors import InputError
from geoconflict.names.folding import core, ends, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

_PRIOR_PLACES = 5
_SHOWN_CANDIDATES = 5
Points: TypeAlias = "tuple[NDArray[np.float64], NDArray[np.float64]]"


class Candidate(Protocol):
    """A place that a name may mean."""

    @property
    def name(self) -> str: ...  # noqa: D102 - the attributes of a candidate are told by Gazetteer
    @property
    def lon(self) -> float: ...  # noqa: D102 - the class says what each is
    @property
    def lat(self) -> float: ...  # noqa: D102 - the class says what each is
    @property
    def country(self) -> str: ...  # noqa: D102 - the class says what each is
    @property
    def kind(self) -> str: ...  # noqa: D102 - the class says what each is
    @property
    def population(self) -> int: ...  # noqa: D102 - the class says what each is
    @property
    def score(self) -> float: ...  # noqa: D102 - the class says what each is
    @property
    def radius_m(self) -> float: ...  # noqa: D102 - the class says what each is
    @property
    def reason(self) -> str: ...  # noqa: D102 - the class says what each is


class Gazetteer(Protocol):
    """Whatever can look a name up; candidates come the best first, an empty list if none is known.

    A candidate has ``name``, ``lon`` and ``lat`` in degrees, ``country`` (ISO 3166-1 alpha-2),
    ``kind``, ``population``, ``score`` from 0 to 1, ``radius_m`` round the point and ``reason``.
    """

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> Sequence[Candidate]:
        """Return what the name may mean."""


@dataclass(frozen=True, slots=True)
class GeocodeOptions:
    """What the columns are called, and how sure the radius shall be.

    Attributes
    ----------
    location, admin2, admin1, country : str
        Names of the columns; one that the table lacks is taken as empty.
    level : float
        Share of the rows whose true place shall lie within the radius.
    default_radius_m : mapping of str to float
        For a route that too few rows with coordinates could calibrate.
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


class Answer(NamedTuple):
    """A point, the route that gave it and its scale: how far the truth may be, before calibration."""

    route: str
    lon: float
    lat: float
    scale_m: float
    reason: str
    candidates: tuple[dict[str, Any], ...] = ()


class Group(NamedTuple):
    """The middle of some points and the distance within which nine tenths of them lie."""

    lon: float
    lat: float
    spread_m: float
    rows: int


def distance_m(lon: NDArray[np.float64], lat: NDArray[np.float64], to: tuple[float, float]) -> NDArray[np.float64]:
    """Return the geodesic distance of each point to one place, in metres."""
    from pyproj import Geod

    n = len(lon)
    metres = Geod(ellps="WGS84").inv(lon, lat, np.full(n, to[0]), np.full(n, to[1]))[2]
    return np.asarray(metres, dtype=np.float64)


def _group(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Group:
    """Return the middle of points, a median of directions from the globe's centre, and their spread."""
    x, y = np.radians(lon), np.radians(lat)
    middle = np.median(np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]), axis=1)
    to = (
        math.degrees(math.atan2(middle[1], middle[0])),
        math.degrees(math.atan2(middle[2], math.hypot(middle[0], middle[1]))),
    )
    return Group(to[0], to[1], float(np.quantile(distance_m(lon, lat, to), 0.9)), len(lon))


@dataclass(frozen=True, slots=True)
class Learned:
    """What the rows with coordinates say of names and divisions.

    A division is learned from its different places, each once: what is asked of it is where a
    place lies that no row has named, and not where most events were.
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
    """Yield what a name may be known by: as written with its divisions, then its core with them."""
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
    """The routes, in their order, with what they ask.

    Attributes
    ----------
    gazetteer : Gazetteer or None
    areas : mapping of str to Group
        By folded name.
    looked_up : dict
        Answers of the gazetteer in this run.
    """

    gazetteer: Gazetteer | None
    areas: Mapping[str, Group]
    looked_up: dict[tuple[str, str, str], tuple[Candidate, ...]] = field(default_factory=dict)

    def find(self, key: Key, known: Learned) -> Answer | None:
        """Return the first answer of the routes, or None where nothing is known."""
        return self.learned(key, known) or next(filter(None, self.everything_but_learned(key, known)), None)

    def learned(self, key: Key, known: Learned) -> Answer | None:
        """Return what rows of the same name say."""
        for group in _name_groups(key):
            if found := known.names.get(group):
                plural = "s" if found.rows > 1 else ""
                reason = f"{found.rows} row{plural} with coordinates of the same name and division"
                return Answer("learned", found.lon, found.lat, found.spread_m, reason)
        return None

    def everything_but_learned(self, key: Key, known: Learned) -> Iterator[Answer | None]:
        """Yield the answers of the other routes, the finest first."""
        near = self._division(key, known, ("admin2", "admin1", "country"))
        yield self._named(key, near)
        yield self._between(key, known, near)
        for route in ("admin2", "admin1", "country", "table"):
            yield self._division(key, known, (route,))

    def _named(self, key: Key, near: Answer | None) -> Answer | None:
        candidates = self._fitting(core(key.location), key, near)
        if not candidates:
            return None
        best = candidates[0]
        reason = f"{best.name}: {best.reason}" + (f"; {len(candidates)} places fit" if len(candidates) > 1 else "")
        # With several places of a name the truth may be another: the scale reaches to the next.
        scale = best.radius_m
        if len(candidates) > 1 and candidates[1].score >= best.score:
            scale = max(scale, _apart_m(best, candidates[1]))
        return Answer(
            "gazetteer", best.lon, best.lat, scale, reason, tuple(map(_plain, candidates[:_SHOWN_CANDIDATES]))
        )

    def _fitting(self, name: str, key: Key, near: Answer | None) -> list[Candidate]:
        """Return the candidates that lie where the division does, if that is known."""
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

    def _between(self, key: Key, known: Learned, near: Answer | None) -> Answer | None:
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
        from pyproj import Geod

        geod = Geod(ellps="WGS84")
        azimuth, _, apart = geod.inv(*places[0], *places[1])
        lon, lat, _ = geod.fwd(*places[0], azimuth, apart / 2)
        return Answer("between", lon, lat, max(apart / 2, 5_000.0), f"the middle between {pair[0]} and {pair[1]}")

    def _division(self, key: Key, known: Learned, routes: tuple[str, ...]) -> Answer | None:
        written = {"admin2": key.admin2, "admin1": key.admin1, "country": key.country}
        for route, group in _division_groups(key):
            if route not in routes:
                continue
            found = known.division(route, group)
            if found is not None:
                what = f"{route} {written[route]}" if route in written else "the whole table"
                return Answer(
                    route,
                    found.lon,
                    found.lat,
                    found.spread_m,
                    f"the middle of {found.rows} places with coordinates of {what}",
                )
            area = self.areas.get(fold(written.get(route, ""))) or self.areas.get(core(written.get(route, "")))
            if area is not None:
                return Answer(route, area.lon, area.lat, area.spread_m, f"the area of {route} {written[route]}")
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
    """Return the middle of each area, and how far its outline reaches from there."""
    if areas is None:
        return {}
    import shapely

    from geoconflict.crs import require_wgs84

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
