"""What this package asks of a gazetteer; the caller holds one and passes it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


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


class Gazetteer(Protocol):
    """A value that finds places by name, the likeliest first."""

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> Sequence[Candidate]:
        """Return the candidates for a name, the likeliest first; none when it is unknown."""


def position(gazetteer: Gazetteer | None, name: str, countries: Sequence[str] = ()) -> tuple[float, float] | None:
    """Return lon, lat of the likeliest place of a name, in the countries of the text where it can be.

    Parameters
    ----------
    gazetteer : Gazetteer or None
        Without one the answer is None.
    name : str
        As it stands in the text.
    countries : sequence of str
        ISO codes that the text names, tried in order before the whole world.
    """
    if gazetteer is None:
        return None
    candidates = list(gazetteer.lookup(name))
    for country in countries:
        for candidate in candidates:
            if candidate.country == country:
                return candidate.lon, candidate.lat
    for country in countries:
        inside = gazetteer.lookup(name, country=country)
        if inside:
            return inside[0].lon, inside[0].lat
    return (candidates[0].lon, candidates[0].lat) if candidates else None
