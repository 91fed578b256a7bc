"""Which of two unlabelled numbers is the latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geoconflict.coordinates.values import (
    NEIGHBOURHOOD_DEG,
    Context,
    Notation,
    Reading,
    half_diagonal_m,
    refuse,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geoconflict.coordinates.values import CountryContext


class Angle(NamedTuple):
    """One angle as written.

    Attributes
    ----------
    degrees : float
        With its sign.
    step_deg : float
        The worth of the last digit written, in degrees.
    notation : Notation
        DECIMAL, DM or DMS.
    signed : bool
        Whether a sign was written.
    bare : bool
        Whether it is a whole number without any mark.
    """

    degrees: float
    step_deg: float
    notation: Notation
    signed: bool = False
    bare: bool = False


def point(lat: Angle, lon: Angle, note: str = "") -> Reading:
    """Join a latitude and a longitude; what no globe has is refused."""
    if abs(lat.degrees) > 90:
        refuse(f"latitude {lat.degrees:g} is beyond 90")
    if abs(lon.degrees) > 180:
        other = lon.degrees - 360 if 180 < lon.degrees <= 360 else None
        hint = f"; counted eastward it would be {other:g}" if other is not None else ""
        refuse(f"longitude {lon.degrees:g} is beyond 180{hint}")
    finest = min(lat, lon, key=lambda angle: angle.step_deg)
    uncertainty = half_diagonal_m(lat.degrees, lat.step_deg, lon.step_deg)
    return Reading(lat.degrees, lon.degrees, uncertainty, finest.notation, note)


def fits(lat: Angle, lon: Angle) -> bool:
    """Tell whether a globe has such a point."""
    return abs(lat.degrees) <= 90 and abs(lon.degrees) <= 180


def unlabelled(first: Angle, second: Angle, context: Context) -> Reading:
    """Read two angles of which nothing says which is which.

    The order is latitude, longitude: so do people and map sites write. It is longitude,
    latitude where only that fits a globe, or only that lies in the country. A pair that lies
    in the country in neither order is believed within 5 degrees of it, unless another sign
    would bring it inside, and refused beyond.

    Raises
    ------
    CoordinateError
        Where nothing settles it; with the readings.
    """
    if not fits(first, second):
        if not fits(second, first):
            refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
        return point(second, first, f"longitude first, since {first.degrees:g} is beyond 90")
    usual = point(first, second)
    country = context.country
    if country is None:
        return usual
    if country.holds(lon=usual.lon, lat=usual.lat):
        return usual
    swapped = (
        point(second, first, f"longitude first: only so does it lie in {country.name}") if fits(second, first) else None
    )
    if swapped is not None and country.holds(lon=swapped.lon, lat=swapped.lat):
        return swapped
    resigned = [reading for reading in _other_signs(usual) if country.holds(lon=reading.lon, lat=reading.lat)]
    if resigned or country.distance_deg(lon=usual.lon, lat=usual.lat) > NEIGHBOURHOOD_DEG:
        tried = [usual, *([swapped] if swapped else []), *resigned]
        what = "another sign would bring it inside" if resigned else "not even near"
        refuse(f"the pair does not lie in {country.name} as it is written; {what}", tried)
    return usual._replace(note=f"outside {country.name}")


def either_order(first: Angle, second: Angle, context: Context, message: str) -> Reading:
    """Read two angles whose order no convention tells: only the globe or the country can."""
    pairs = [(first, second), (second, first)]
    readings = [point(lat, lon) for lat, lon in pairs if fits(lat, lon)]
    if not readings:
        refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
    return settle(readings, context, message)


def _other_signs(reading: Reading) -> Iterator[Reading]:
    for lat_sign, lon_sign in ((1, -1), (-1, 1), (-1, -1)):
        for lat, lon in ((reading.lat, reading.lon), (reading.lon, reading.lat)):
            if abs(lat) <= 90:
                yield reading._replace(lat=lat_sign * lat, lon=lon_sign * lon, note="with another sign")


def outside(reading: Reading, country: CountryContext | None) -> bool:
    """Tell whether a country is known and the reading does not lie in it."""
    return country is not None and not country.holds(lon=reading.lon, lat=reading.lat)
