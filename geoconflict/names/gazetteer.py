"""Gazetteers as values: embedded, a user's own, and learned from tables; stacked as wished.

A look-up answers with candidates, each with a country, a score, a radius and a reason, and
never decides in silence: "Medininkai" is a village on the border and an alternate name of
Varniai, and "Kayes" lies in Mali and in the Republic of the Congo.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from geoconflict.errors import Fault, NameAmbiguousError, NameUnknownError, SchemaError, did_you_mean
from geoconflict.names.countries import resolve
from geoconflict.names.folding import fold, rough
from geoconflict.names.place_archive import Archive, gazetteer_folder, read_archive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

ATTRIBUTION = "GeoNames (CC BY 4.0)"
# Built-up ground for each inhabitant, about 2,500 persons a square kilometre; a choice, see docs/reference.md.
_PERSONS_PER_KM2 = 2500.0
_LEAST_RADIUS_M = 1000.0
_MOST_RADIUS_M = 30_000.0
_SAME, _ALTERNATE, _ROUGH = 1.0, 0.85, 0.55
_ADMIN_BONUS = 0.1
_METRES_PER_DEGREE = 111_000
_SAME_PLACE_M = 2000
# A little more than the distance within which two are one, so that rounding loses none at the edge of a row.
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
        ISO 3166-1 alpha-2 code, empty if it is not known.
    kind : str
    population : int
        0 where it is not known.
    score : float
        From 0 to 1: how well the name and the context fit. No probability.
    radius_m : float
        Round the point, the built-up place lies within it.
    reason : str
        Why it is a candidate.
    source : str
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
    source: str


class Layer(Protocol):
    """One set of places of a gazetteer."""

    def find(self, key: str, country: str | None, admin: str | None) -> list[Candidate]:
        """Return the places whose folded name is the key."""


@dataclass(frozen=True)
class Gazetteer:
    """Sets of places, asked in order.

    Parameters
    ----------
    layers : tuple of Layer
        The first is the most trusted.

    Examples
    --------
    >>> places = Gazetteer.embedded()
    >>> [c.country for c in places.lookup("Kayes")]
    ['ML', 'CG']
    >>> [c.country for c in places.lookup("Kayes", country="Mali")]
    ['ML']
    >>> places.lookup("Farabougou, which no set holds", country="ML")
    []
    """

    layers: tuple[Layer, ...]

    @classmethod
    def embedded(cls) -> Gazetteer:
        """Return the embedded places: 234,908 of GeoNames with their alternate names (CC BY 4.0).

        Above them stand a few compiled places that GeoNames lacks, each with its source.
        """
        from geoconflict.reference.points import read_places

        folder = gazetteer_folder()
        compiled = read_places(folder / "scenarios.csv")
        own = _Own.of(compiled, ("name", "alternate"), learned=False, told="the compiled table")
        return cls((own, _Embedded(read_archive(folder / "places.zip"))))

    @classmethod
    def from_table(cls, table: gpd.GeoDataFrame, *, names: Sequence[str] = ("name",)) -> Gazetteer:
        """Return a gazetteer of a table of places.

        Parameters
        ----------
        table : GeoDataFrame
            Points with the columns of PLACES (``name``, and where known ``country``, ``kind``,
            ``population``, ``location_uncertainty_m``, ``source``).
        names : sequence of str
            Columns that hold names; all but the first count as alternate names.

        Raises
        ------
        SchemaError
            If a column of names is missing.
        """
        return cls((_Own.of(table, tuple(names), learned=False),))

    @classmethod
    def learned(cls, table: gpd.GeoDataFrame, *, name: str = "location") -> Gazetteer:
        """Return a gazetteer of the names that a table with coordinates has seen.

        Rows of one name, country and ``admin1`` become one place: the median of their points,
        with a radius that holds nine tenths of them, and at least their own uncertainty.

        Parameters
        ----------
        table : GeoDataFrame
            Points, such as INCIDENTS.
        name : str
            The column of names.

        Raises
        ------
        SchemaError
        """
        return cls((_Own.of(table, (name,), learned=True),))

    def over(self, other: Gazetteer) -> Gazetteer:
        """Return a gazetteer that asks this one first and the other after it."""
        return Gazetteer((*self.layers, *other.layers))

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> list[Candidate]:
        """Return what a name may mean, the best first; an empty list if nothing is known.

        Parameters
        ----------
        name : str
        country : str, optional
            A name in English or an ISO 3166-1 code: places elsewhere are left out.
        admin : str, optional
            A first-order division: places known to lie in it score higher.

        Returns
        -------
        list of Candidate
            By score, then by population. Places of two layers within 2 km are one.

        Raises
        ------
        NameUnknownError
            For a country that is not known.
        """
        iso = resolve(country).iso if country else None
        key = fold(name)
        if len(key) < 2:
            return []
        kept = _Kept()
        for layer in self.layers:
            for candidate in layer.find(key, iso, admin):
                kept.add(candidate)
        return sorted(kept.found, key=lambda c: (-c.score, -c.population, c.name, c.lon, c.lat))


@dataclass(frozen=True)
class _Embedded:
    archive: Archive

    def find(self, key: str, country: str | None, admin: str | None) -> list[Candidate]:
        rows = self.archive.rows(key)
        out = [self._candidate(row, key, rough_only=False) for row in rows]
        if not out:
            coarse = rough(key)
            if len(coarse) >= 3:
                out = [self._candidate(row, key, rough_only=True) for row in self.archive.rows(coarse, rough=True)]
        out = [c for c in out if country is None or c.country == country]
        return self._with_admin(out, country, admin) if admin else out

    def _candidate(self, row: int, key: str, *, rough_only: bool) -> Candidate:
        archive = self.archive
        own = archive.names[row]
        population = int(archive.population[row])
        if rough_only:
            score, reason = _ROUGH, f"a name of {own} is spelt much like it"
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
        """Raise those that share a division with the place the division is named for."""
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
class _Own:
    """Places of a table, by folded name; with the division of each where it is known."""

    places: dict[str, tuple[tuple[Candidate, str], ...]]

    @classmethod
    def of(
        cls, table: gpd.GeoDataFrame, names: tuple[str, ...], *, learned: bool, told: str = "the user's table"
    ) -> _Own:
        columns = [str(column) for column in table.columns]
        faults = [
            Fault("this column of names is missing", field=name, hint=did_you_mean(name, columns) or None)
            for name in names
            if name not in columns
        ]
        if faults:
            msg = "the table cannot be a gazetteer"
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
            made = _learn(groups[group], iso) if learned else [_own(entry, iso, told) for entry in groups[group]]
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
    """Return a radius that holds a place of so many inhabitants, in metres.

    The radius of a disc with 2,500 persons a square kilometre, from 1 to 30 km.

    Examples
    --------
    >>> radius_of(0), round(radius_of(542_366))
    (1000.0, 8310)
    """
    radius = 1000.0 * math.sqrt(max(population, 0) / _PERSONS_PER_KM2 / math.pi)
    return min(max(radius, _LEAST_RADIUS_M), _MOST_RADIUS_M)


def read_gazetteer(path: str | Path) -> Gazetteer:
    """Return a gazetteer of a user's CSV or GeoJSON file of places.

    Parameters
    ----------
    path : str or Path
        Read as by ``read_places``.

    Returns
    -------
    Gazetteer

    Raises
    ------
    ReadError, SchemaError
    """
    from geoconflict.reference.points import read_places

    return Gazetteer.from_table(read_places(path))


class _Kept:
    """Candidates of which no later one lies within 2 km of an earlier one, in rows of latitude sorted by longitude."""

    def __init__(self) -> None:
        self.found: list[Candidate] = []
        self._rows: dict[int, list[tuple[float, int]]] = {}

    def add(self, candidate: Candidate) -> None:
        """Keep a candidate, unless it is near one that is kept."""
        lon, lat = candidate.lon, candidate.lat
        if math.isfinite(lon) and math.isfinite(lat):
            row = math.floor(lat / _ROW_DEG)
            # At a pole the cosine is a rounding error, and the reach the whole row.
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


def _own(entry: dict[str, object], iso: str, told: str) -> Candidate:
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
        f"an alternate name of {own} in {told}" if alternate else f"its name in {told}",
        _text(entry.get("source")) or told,
    )


def _learn(entries: list[dict[str, object]], iso: str) -> list[Candidate]:
    import numpy as np

    from geoconflict import geodesy

    lon = np.array([entry["lon"] for entry in entries], dtype="float64")
    lat = np.array([entry["lat"] for entry in entries], dtype="float64")
    at_lon, at_lat = float(np.median(lon)), float(np.median(lat))
    import shapely

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
        # The place is kept; it is only not tied to a country.
        return ""


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN differs from itself


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # what a cell holds; the next line answers for the rest
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) else 0.0
