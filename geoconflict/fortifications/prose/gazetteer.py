"""What this package asks of a gazetteer; the caller holds one and passes it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

# Below this a candidate is only spelt alike, which is no evidence of a place.
_LEAST_SCORE: Final = 0.8


class Candidate(Protocol):
    """One place that a name may mean."""

    @property
    def lon(self) -> float:
        """Longitude in degrees."""

    @property
    def lat(self) -> float:
        """Latitude in degrees."""

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2."""

    @property
    def population(self) -> int:
        """Inhabitants; 0 where not known."""

    @property
    def score(self) -> float:
        """From 0 to 1: how well the name fits."""

    @property
    def radius_m(self) -> float:
        """Round the point, the built-up place lies within it."""


class Gazetteer(Protocol):
    """A value that finds places by name, the likeliest first."""

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> Sequence[Candidate]:
        """Return the candidates for a name, the likeliest first; none when it is unknown."""


class Remembering:
    """A gazetteer that asks another once for each name: texts of one file repeat their places.

    Parameters
    ----------
    gazetteer : Gazetteer
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[tuple[str, str | None, str | None], Sequence[Candidate]] = {}

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> Sequence[Candidate]:
        """Return what the other gazetteer said of the name."""
        key = (name, country, admin)
        if key not in self._known:
            self._known[key] = self._gazetteer.lookup(name, country=country, admin=admin)
        return self._known[key]


def find_place(gazetteer: Gazetteer | None, name: str, countries: Sequence[str] = ()) -> Candidate | None:
    """Return the place that a name means, or None where that is not clear.

    Only places of that very name count, not those spelt alike.
    One in a country that the text names is taken first; else one that has five times the
    inhabitants of every other.

    Parameters
    ----------
    gazetteer : Gazetteer or None
        Without one the answer is None.
    name : str
        As it stands in the text.
    countries : sequence of str
        ISO codes that the text names, in its order.
    """
    if gazetteer is None:
        return None
    found = [candidate for candidate in gazetteer.lookup(name) if candidate.score >= _LEAST_SCORE]
    for country in countries:
        for candidate in found:
            if candidate.country == country:
                return candidate
    by_size = sorted(found, key=lambda candidate: -candidate.population)
    if not by_size:
        return None
    others = max((candidate.population for candidate in by_size[1:]), default=0)
    return by_size[0] if len(by_size) == 1 or by_size[0].population >= 5 * max(others, 1) else None


def position(gazetteer: Gazetteer | None, name: str, countries: Sequence[str] = ()) -> tuple[float, float] | None:
    """Return lon, lat of the place that a name means, or None (see ``find_place``)."""
    place = find_place(gazetteer, name, countries)
    return None if place is None else (place.lon, place.lat)
