"""Gazetteers: the embedded one, a user's own, and names learned from tables, combined as needed.

A lookup returns all candidates, each with a country, a score, a radius and a reason. It never
chooses one silently: "Medininkai" is a village on the border and an alternate name of Varniai,
and "Kayes" is in Mali and in the Republic of the Congo.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Protocol

import geopandas as gpd
import numpy as np
import shapely

from geoconflict import geodesy
from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, NameAmbiguousError, NameUnknownError, SchemaError, did_you_mean
from geoconflict.names.countries import resolve
from geoconflict.names.folding import fold, phonetic_key
from geoconflict.names.place_archive import PlaceArchive, gazetteer_folder, read_archive
from geoconflict.names.places import read_places

ATTRIBUTION = "GeoNames (CC BY 4.0)"
# Assumed population density of a built-up area; see docs/places.md.
_PERSONS_PER_KM2 = 2500.0
_LEAST_RADIUS_M = 1000.0
_MOST_RADIUS_M = 30_000.0
_SAME, _ALTERNATE, _PHONETIC = 1.0, 0.85, 0.55
_ADMIN_BONUS = 0.1
# A lower score means a similar spelling, which is no evidence of a place.
_MIN_SCORE = 0.8
_METRES_PER_DEGREE = 111_000
_SAME_PLACE_M = 2000
# Slightly more than the distance within which two places are the same, so that rounding loses none at a row's edge.
_ROW_DEG = 1.001 * _SAME_PLACE_M / _METRES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean.

    Attributes
    ----------
    name : str
        Its own name.
    lon, lat : float
        Degrees on WGS84.
    country : str
        ISO 3166-1 alpha-2 code; empty if unknown.
    kind : str
    population : int
        0 if unknown.
    score : float
        From 0 to 1: how well name and context match. Not a probability.
    radius_m : float
        Radius around the point that contains the built-up area.
    reason : str
        Why it is a candidate.
    source : str
        Source and licence of the position; empty if unknown.
    """

    name: str
    lon: float
    lat: float
    country: str
    kind: str
    population: int
    score: float
    radius_m: float
    reason: str
    source: str = ""


class PlaceSource(Protocol):
    """One set of places in a gazetteer; implement it to add your own, such as a web service."""

    def find(self, key: str, country: str | None, admin: str | None) -> Sequence[Candidate]:
        """Return the places whose folded name is the key.

        Parameters
        ----------
        key : str
            A name from :func:`~geoconflict.names.folding.fold`.
        country : str or None
            ISO 3166-1 alpha-2 code; leave out places in other countries.
        admin : str or None
            Name of a first-order division; places in it should score higher.
        """


class Gazetteer:
    """Find places by name in one or several sources.

    Parameters
    ----------
    sources : iterable of PlaceSource
        In order of trust, the most trusted first.

    Examples
    --------
    >>> places = Gazetteer.embedded()
    >>> [c.country for c in places.lookup("Kayes")]
    ['ML', 'CG']
    >>> [c.country for c in places.lookup("Kayes", country="Mali")]
    ['ML']
    >>> places.lookup("Farabougou, which is in no source", country="ML")
    []
    """

    def __init__(self, sources: Iterable[PlaceSource]) -> None:
        self.sources = tuple(sources)

    @staticmethod
    def embedded() -> Gazetteer:
        """Return the embedded places: 234,908 from GeoNames with alternate names (CC BY 4.0).

        A few places missing from GeoNames, each with its source, come before them.
        """
        folder = gazetteer_folder()
        compiled = read_places(folder / "scenarios.csv")
        own = _TablePlaces.of(compiled, ("name", "alternate"), learned=False, origin="the compiled table")
        return Gazetteer((own, _ArchivePlaces(read_archive(folder / "places.zip"))))

    @staticmethod
    def from_table(table: gpd.GeoDataFrame, *, names: Sequence[str] = ("name",)) -> Gazetteer:
        """Return a gazetteer of the places in a table.

        Parameters
        ----------
        table : GeoDataFrame
            Points with columns of PLACES: ``name``, and if known ``country``, ``kind``,
            ``population``, ``location_uncertainty_m``, ``source``.
        names : sequence of str
            Columns with names; all but the first are alternate names.

        Raises
        ------
        SchemaError
            If a column of names is missing.
        CRSError
            If the table is not in WGS84.
        """
        return Gazetteer((_TablePlaces.of(table, tuple(names), learned=False),))

    @staticmethod
    def learned(table: gpd.GeoDataFrame, *, name: str = "location") -> Gazetteer:
        """Return a gazetteer of the names in a table with coordinates.

        Rows with the same name, country and ``admin1`` become one place at the median of their
        points. Its radius contains 90 % of them and is at least their own uncertainty.

        Parameters
        ----------
        table : GeoDataFrame
            Points, such as INCIDENTS.
        name : str
            The column of names.

        Raises
        ------
        SchemaError, CRSError
            As for :meth:`from_table`.
        """
        return Gazetteer((_TablePlaces.of(table, (name,), learned=True),))

    def over(self, other: Gazetteer) -> Gazetteer:
        """Return a gazetteer that searches this one before the other."""
        return Gazetteer((*self.sources, *other.sources))

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> list[Candidate]:
        """Return the candidates for a name, the best first; an empty list if there are none.

        Parameters
        ----------
        name : str
        country : str, optional
            Name in English or ISO 3166-1 code; places in other countries are left out.
        admin : str, optional
            A first-order division; places in it score higher.

        Returns
        -------
        list of Candidate
            By score, then by population. Of candidates within 2 km of each other only one is kept:
            that of the most trusted source, and within a source the best.

        Raises
        ------
        NameUnknownError
            If the country is unknown.
        """
        iso = resolve(country).iso if country else None
        key = fold(name)
        if len(key) < 2:
            return []
        kept = _Kept()
        for source in self.sources:
            for candidate in sorted(source.find(key, iso, admin), key=_rank):
                kept.add(candidate)
        return sorted(kept.found, key=_rank)


def _rank(candidate: Candidate) -> tuple[float, int, str, float, float]:
    return -candidate.score, -candidate.population, candidate.name, candidate.lon, candidate.lat


@dataclass(frozen=True)
class _ArchivePlaces:
    archive: PlaceArchive

    def find(self, key: str, country: str | None, admin: str | None) -> list[Candidate]:
        out = [self._candidate(row, key, phonetic=False) for row in self.archive.rows(key)]
        if not out:
            sound = phonetic_key(key)
            if len(sound) >= 3:
                out = [self._candidate(row, key, phonetic=True) for row in self.archive.rows(sound, phonetic=True)]
        out = [c for c in out if country is None or c.country == country]
        return self._with_admin(out, country, admin) if admin else out

    def _candidate(self, row: int, key: str, *, phonetic: bool) -> Candidate:
        archive = self.archive
        own = archive.names[row]
        population = int(archive.population[row])
        if phonetic:
            score, reason = _PHONETIC, f"a name of {own} is spelt much like it"
        elif fold(own) == key:
            score, reason = _SAME, "its name"
        else:
            score, reason = _ALTERNATE, f"an alternate name of {own}"
        return Candidate(
            own,
            float(archive.lon[row]),
            float(archive.lat[row]),
            archive.countries[int(archive.country_code[row])],
            "populated place",
            population,
            score,
            radius_of(population),
            reason,
            ATTRIBUTION,
        )

    def _with_admin(self, found: list[Candidate], country: str | None, admin: str) -> list[Candidate]:
        """Raise the score of candidates in the division of the place that the division is named after."""
        archive = self.archive
        seats = [row for row in archive.rows(fold(admin)) if country in {None, self._country(row)}]
        divisions = {(self._country(row), int(archive.admin1_code[row])) for row in seats}
        out = []
        for candidate in found:
            rows = [r for r in archive.rows(fold(candidate.name)) if math.isclose(float(archive.lon[r]), candidate.lon)]
            if any((self._country(row), int(archive.admin1_code[row])) in divisions for row in rows):
                raised = min(1.0, candidate.score + _ADMIN_BONUS)
                out.append(replace(candidate, score=raised, reason=f"{candidate.reason}; in the division of {admin}"))
            else:
                out.append(replace(candidate, score=round(candidate.score - _ADMIN_BONUS, 3)))
        return out

    def _country(self, row: int) -> str:
        return self.archive.countries[int(self.archive.country_code[row])]


@dataclass(frozen=True)
class _TablePlaces:
    """Places of a table by folded name, each with its division if known."""

    places: dict[str, tuple[tuple[Candidate, str], ...]]

    @classmethod
    def of(
        cls, table: gpd.GeoDataFrame, names: tuple[str, ...], *, learned: bool, origin: str = "the user's table"
    ) -> _TablePlaces:
        require_wgs84(table, what="the table of places")
        columns = [str(column) for column in table.columns]
        faults = [
            Fault("this column of names is missing", field=name, hint=did_you_mean(name, columns) or None)
            for name in names
            if name not in columns
        ]
        if faults:
            msg = "the table cannot be used as a gazetteer"
            raise SchemaError(msg, faults)
        groups: dict[tuple[str, str, str], list[dict[str, object]]] = {}
        order: dict[tuple[str, str, str], None] = {}
        records = table.drop(columns=table.geometry.name).astype("object").to_dict("records")
        for record, point in zip(records, table.geometry, strict=True):
            if point is None or point.is_empty:
                continue
            iso = _iso(_text(record.get("country")))
            admin = _text(record.get("admin1"))
            for column in names:
                key = fold(_text(record.get(column)))
                if len(key) < 2:
                    continue
                group = (key, iso, fold(admin))
                order.setdefault(group)
                entry = {**record, "lon": point.x, "lat": point.y, "as": column, "first": names[0]}
                groups.setdefault(group, []).append(entry)
        places: dict[str, list[tuple[Candidate, str]]] = {}
        for group in order:
            key, iso, admin = group
            made = (
                _learn(groups[group], iso)
                if learned
                else [_candidate_of(entry, iso, origin) for entry in groups[group]]
            )
            places.setdefault(key, []).extend((candidate, admin) for candidate in made)
        return cls({key: tuple(found) for key, found in places.items()})

    def find(self, key: str, country: str | None, admin: str | None) -> list[Candidate]:
        out = []
        wanted = fold(admin) if admin else ""
        for candidate, division in self.places.get(key, ()):
            if country is not None and candidate.country not in {country, ""}:
                continue
            if wanted and division and division != wanted:
                out.append(replace(candidate, score=round(candidate.score - _ADMIN_BONUS, 3)))
            elif wanted and division == wanted:
                out.append(replace(candidate, reason=f"{candidate.reason}; in {admin}"))
            else:
                out.append(candidate)
        return out


def radius_of(population: int) -> float:
    """Return the radius of a place in metres, estimated from its population.

    The radius of a disc with 2,500 inhabitants per square kilometre, from 1 to 30 km.

    Examples
    --------
    >>> radius_of(0), round(radius_of(542_366))
    (1000.0, 8310)
    """
    radius = 1000.0 * math.sqrt(max(population, 0) / _PERSONS_PER_KM2 / math.pi)
    return min(max(radius, _LEAST_RADIUS_M), _MOST_RADIUS_M)


def read_gazetteer(path: str | PathLike[str]) -> Gazetteer:
    """Read a gazetteer from a CSV or vector file of places.

    Parameters
    ----------
    path : path
        Read with :func:`~geoconflict.names.places.read_places`.

    Returns
    -------
    Gazetteer

    Raises
    ------
    ReadError, SchemaError, CRSError
    """
    return Gazetteer.from_table(read_places(path))


def find_place(gazetteer: Gazetteer | None, name: str, countries: Sequence[str] = ()) -> Candidate | None:
    """Return the place of a name, or None if the name is unknown or ambiguous.

    Only candidates with that name count, not similar spellings. A place in one of the countries
    is preferred; otherwise the place must have five times the population of every other.

    Parameters
    ----------
    gazetteer : Gazetteer or None
        Without one the result is None.
    name : str
    countries : sequence of str
        ISO 3166-1 alpha-2 codes in order of preference.
    """
    if gazetteer is None:
        return None
    found = [candidate for candidate in gazetteer.lookup(name) if candidate.score >= _MIN_SCORE]
    for country in countries:
        for candidate in found:
            if candidate.country == country:
                return candidate
    if not found:
        return None
    first, *others = sorted(found, key=lambda candidate: -candidate.population)
    return first if not others or first.population >= 5 * max(others[0].population, 1) else None


class _Kept:
    """Candidates at least 2 km from every earlier one, indexed by rows of latitude sorted by longitude."""

    def __init__(self) -> None:
        self.found: list[Candidate] = []
        self._rows: dict[int, list[tuple[float, int]]] = {}

    def add(self, candidate: Candidate) -> None:
        """Keep a candidate unless it is near one already kept."""
        lon, lat = candidate.lon, candidate.lat
        if math.isfinite(lon) and math.isfinite(lat):
            row = math.floor(lat / _ROW_DEG)
            # At a pole the cosine is a rounding error, so that the whole row is searched.
            reach = _ROW_DEG / max(abs(math.cos(math.radians(lat))), 1e-12)
            for beside in (row - 1, row, row + 1):
                others = self._rows.get(beside, [])
                first = bisect_left(others, (lon - reach, -1))
                last = bisect_right(others, (lon + reach, len(self.found)))
                if any(_near(candidate, self.found[index]) for _, index in others[first:last]):
                    return
            insort(self._rows.setdefault(row, []), (lon, len(self.found)))
        self.found.append(candidate)


def _near(a: Candidate, b: Candidate) -> bool:
    dy = (a.lat - b.lat) * _METRES_PER_DEGREE
    dx = (a.lon - b.lon) * _METRES_PER_DEGREE * math.cos(math.radians(a.lat))
    return math.hypot(dx, dy) < _SAME_PLACE_M


def _candidate_of(entry: dict[str, object], iso: str, origin: str) -> Candidate:
    population = _number(entry.get("population"))
    radius = _number(entry.get("location_uncertainty_m")) or radius_of(int(population))
    alternate = entry["as"] != entry["first"]
    own = _text(entry.get(str(entry["first"])))
    return Candidate(
        own,
        float(entry["lon"]),  # type: ignore[arg-type]  # a point's coordinate
        float(entry["lat"]),  # type: ignore[arg-type]  # as above
        iso,
        _text(entry.get("kind")) or "place",
        int(population),
        _ALTERNATE if alternate else _SAME,
        radius,
        f"an alternate name of {own} in {origin}" if alternate else f"its name in {origin}",
        _text(entry.get("source")) or origin,
    )


def _learn(entries: list[dict[str, object]], iso: str) -> list[Candidate]:
    lon = np.array([entry["lon"] for entry in entries], dtype="float64")
    lat = np.array([entry["lat"] for entry in entries], dtype="float64")
    at_lon, at_lat = float(np.median(lon)), float(np.median(lat))

    spread = geodesy.distance(shapely.points(lon, lat), shapely.Point(at_lon, at_lat))
    own = max((_number(entry.get("location_uncertainty_m")) for entry in entries), default=0.0)
    radius = max(float(np.quantile(spread, 0.9)), own, _LEAST_RADIUS_M)
    name = _text(entries[0].get(str(entries[0]["as"])))
    seen = f"seen {len(entries)} times with coordinates" if len(entries) > 1 else "seen once with coordinates"
    return [Candidate(name, at_lon, at_lat, iso, "place", 0, 0.95, radius, seen, "learned from the user's table")]


def _iso(country: str) -> str:
    if not country:
        return ""
    try:
        return resolve(country).iso
    except (NameUnknownError, NameAmbiguousError):
        return ""  # keep the place without a country


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN differs from itself


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # any cell value; the error is caught
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) else 0.0
