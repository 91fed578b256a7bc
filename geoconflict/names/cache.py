"""Look-ups that are remembered, so that a run can be resumed and a service is asked once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.errors import MissingExtraError, NameUnknownError, OutputError, ReadError, ServiceError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geoconflict.incidents.geocode import Candidate, Gazetteer

_FIELDS = ("name", "lon", "lat", "country", "kind", "population", "score", "radius_m", "reason")
_LEAST_RADIUS_M = 1000.0
_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate as a plain value; see :class:`~geoconflict.incidents.geocode.Candidate`.

    Attributes
    ----------
    name, country, kind, reason : str
    lon, lat : float
        Degrees.
    population : int
    score : float
        From 0 to 1.
    radius_m : float
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


class CachedGazetteer:
    """A gazetteer whose answers are kept in a file, one JSON object a line, as they come.

    A line that was cut off, as by a run that was killed, is asked again. Delete the file to
    ask everything again.

    Parameters
    ----------
    gazetteer : Gazetteer
    path : path
        Written at the first new look-up; its folder must exist.

    Raises
    ------
    ReadError
        If the file holds what is no look-up.
    """

    def __init__(self, gazetteer: Gazetteer, path: str | Path) -> None:
        self.gazetteer = gazetteer
        self.path = Path(path)
        self._known = _read(self.path)

    def __len__(self) -> int:
        """Return how many look-ups are kept."""
        return len(self._known)

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> Sequence[Candidate]:
        """Return what the name may mean, from the file where it was asked before."""
        question = (name, country or "", admin or "")
        if question not in self._known:
            found = self.gazetteer.lookup(name, country, admin)
            answer = tuple(Place(*(getattr(candidate, field) for field in _FIELDS)) for candidate in found)
            line = json.dumps(
                {"asked": list(question), "found": [asdict(place) for place in answer]}, ensure_ascii=False
            )
            try:
                with self.path.open("a", encoding="utf-8", newline="\n") as file:
                    file.write(line + "\n")
            except OSError as error:
                msg = f"the look-up could not be kept in {self.path.name}: {error.strerror or error}"
                raise OutputError(msg) from error
            self._known[question] = answer
        return self._known[question]


def _read(path: Path) -> dict[tuple[str, str, str], tuple[Place, ...]]:
    if not path.exists():
        return {}
    known: dict[tuple[str, str, str], tuple[Place, ...]] = {}
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.split("\n")
    if lines[-1]:  # the last line was cut off: end it, so that the next look-up starts a line of its own
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            name, country, admin = entry["asked"]
            known[name, country, admin] = tuple(Place(**place) for place in entry["found"])
        except (ValueError, KeyError, TypeError) as error:
            if line.startswith('{"asked"'):
                continue
            msg = f"line {number} of {path.name} is no look-up; it is not a file of kept look-ups"
            raise ReadError(msg) from error
    return known


class OnlineGazetteer:
    """A geocoding service as a gazetteer, asked no faster than it allows. Never used unless made.

    The names of places leave the machine: mind whose they are.

    Parameters
    ----------
    service : str
        A geocoder by the name that geopy gives it ("nominatim", "photon", "arcgis", …).
    per_second : float
        Requests a second at the most; the public Nominatim allows one.
    geocoder : object, optional
        A geopy geocoder made by the caller, with its keys; then ``service`` only names it.
    **settings : object
        Passed to the geocoder, such as ``user_agent=``, which Nominatim demands.

    Raises
    ------
    MissingExtraError
        If geopy is not installed.
    NameUnknownError
        If geopy has no such geocoder.
    """

    def __init__(
        self,
        service: str,
        *,
        per_second: float = 1.0,
        geocoder: object | None = None,
        **settings: Any,  # noqa: ANN401 - the geocoder's own settings
    ) -> None:
        try:
            from geopy.exc import GeocoderNotFound
            from geopy.extra.rate_limiter import RateLimiter
            from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service
        except ImportError as error:
            msg = "online geocoders"
            raise MissingExtraError(msg, package="geopy", extra="geocode") from error
        if geocoder is None:
            try:
                geocoder = get_geocoder_for_service(service)(**settings)
            except GeocoderNotFound as error:
                hint = did_you_mean(service, SERVICE_TO_GEOCODER)
                msg = f"geopy has no geocoder {service!r}; {hint or 'known: ' + ', '.join(sorted(SERVICE_TO_GEOCODER))}"
                raise NameUnknownError(msg, suggestions=sorted(SERVICE_TO_GEOCODER)) from error
        self.service = service
        ask: Any = geocoder
        self._ask: Callable[..., Any] = RateLimiter(
            ask.geocode, min_delay_seconds=1 / per_second, swallow_exceptions=False
        )

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> list[Place]:
        """Return what the service answers for the name, its division and its country.

        Raises
        ------
        ServiceError
            If it does not answer, after geopy's retries.
        """
        question = ", ".join(part for part in (name, admin, country) if part)
        from geopy.exc import GeopyError

        try:
            found = self._ask(question, exactly_one=False) or []
        except GeopyError as error:
            msg = f"{self.service} did not answer ({type(error).__name__}); what was kept so far is not lost, run again later"
            raise ServiceError(msg) from error
        return [self._place(place, name) for place in found]

    def _place(self, found: Any, name: str) -> Place:  # noqa: ANN401 - geopy's Location
        raw = found.raw if isinstance(found.raw, dict) else {}
        address = raw.get("address") or {}
        return Place(
            str(raw.get("name") or found.address or name),
            float(found.longitude),
            float(found.latitude),
            str(address.get("country_code") or "").upper(),
            str(raw.get("type") or "place"),
            0,
            min(1.0, max(0.0, float(raw.get("importance") or 0.5))),
            _box_radius_m(raw.get("boundingbox")),
            f"{self.service} answers {found.address}",
        )


def _box_radius_m(box: object) -> float:
    """Return half the diagonal of a box given as south, north, west, east (as Nominatim does)."""
    import math

    if not isinstance(box, (list, tuple)) or len(box) != 4:
        return 5_000.0
    south, north, west, east = (float(side) for side in box)
    height = (north - south) * _METRES_A_DEGREE
    width = (east - west) * _METRES_A_DEGREE * math.cos(math.radians((south + north) / 2))
    return max(_LEAST_RADIUS_M, math.hypot(height, width) / 2)
