"""Measure claims: compare what is claimed with the geometry.

"Vilnius is 20 miles from the Belarusian border" is measured from the centre of the town and from
its edge, to the border line and to the nearest crossing. Every reading that a claim can have is
measured and reported; the claim holds if one of them does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import geopandas as gpd
from shapely import Point, union_all
from shapely.geometry.base import BaseGeometry

from geoconflict.errors import GeoconflictError
from geoconflict.fortifications.description import Claim, Description, Place
from geoconflict.geodesy import azimuth, distance, length
from geoconflict.names.gazetteer import Gazetteer, find_place
from geoconflict.names.mentions import find_countries
from geoconflict.units import Length, format_length, parse_length

# Tolerance for rounding: half a step of the last nonzero digit, at most this share of the figure;
# the larger share if the text says "about".
_ROUNDED: Final = 0.10
_ROUNDED_ABOUT: Final = 0.15
_EXACT: Final = 0.01
_LENGTH_RATIO: Final = 0.10
_BEARINGS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


class FindBorder(Protocol):
    """Return the common border of a country with others as a table of BORDERS."""

    def __call__(self, a: str, b: Sequence[str], /) -> gpd.GeoDataFrame:
        """Return one row per section, with ``resolution_m`` if it is known."""


class FindCrossings(Protocol):
    """Return the border crossings between two countries as a table of CROSSINGS."""

    def __call__(self, a: str, b: str, /) -> gpd.GeoDataFrame:
        """Return one row per crossing."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The data that claims are measured with.

    Attributes
    ----------
    border : FindBorder, optional
        Such as ``geoconflict.reference.border``.
    gazetteer : Gazetteer, optional
        Finds places by name.
    crossings : FindCrossings, optional
        Such as ``geoconflict.reference.crossings``; with it, a distance to the border can also
        mean the distance to the nearest crossing.
    """

    border: FindBorder | None = None
    gazetteer: Gazetteer | None = None
    crossings: FindCrossings | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading of a claim, measured.

    Attributes
    ----------
    reading : str
        What was measured, such as "from the centre of Vilnius to the border line".
    value_m : float
    holds : bool
        Whether the claim holds by this reading.
    resolution_m : float or None
        Of the border that was used.
    """

    reading: str
    value_m: float
    holds: bool
    resolution_m: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of measuring a claim.

    Attributes
    ----------
    id, text : str
        The claim.
    claimed : str
        The value as written.
    claimed_m : float or None
    measured : tuple of Measured
        All readings; those that hold first, then by difference from the claim.
    verdict : str
        ``holds``, ``does_not_hold``, or ``cannot_be_measured``.
    reason : str
        The best reading, or why the claim cannot be measured.
    """

    id: str
    text: str
    claimed: str
    claimed_m: float | None
    measured: tuple[Measured, ...]
    verdict: str
    reason: str

    @property
    def difference_m(self) -> float | None:
        """The nearest measured value less the claimed one."""
        if not self.measured or self.claimed_m is None:
            return None
        return self.measured[0].value_m - self.claimed_m

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "id": self.id,
            "text": self.text,
            "claimed": self.claimed,
            "claimed_m": self.claimed_m,
            "measured": [
                {"reading": m.reading, "value_m": round(m.value_m, 1), "holds": m.holds, "resolution_m": m.resolution_m}
                for m in self.measured
            ],
            "difference_m": None if self.difference_m is None else round(self.difference_m, 1),
            "verdict": self.verdict,
            "reason": self.reason,
        }


class _CannotMeasureError(Exception):
    """Why a claim cannot be measured."""


def check_claims(claims: Description | Iterable[Claim], tools: Tools) -> list[Verdict]:
    """Measure every measurable claim and return whether it holds.

    A distance is measured on the ellipsoid, from the centre of the place and, if its extent is
    known, from its edge, to the border line and to the nearest crossing. The length of a border
    is measured along its line; it grows with the resolution of the data. A bearing is compared
    by eighths of the compass. A figure holds within its rounding: half a step of its last nonzero
    digit, at most 10 % of it (15 % if the text says "about").

    Parameters
    ----------
    claims : Description or iterable of Claim
        From YAML or from prose.
    tools : Tools

    Returns
    -------
    list of Verdict
        One per claim, in order.

    Examples
    --------
    >>> from geoconflict.fortifications.description import Claim
    >>> claim = Claim.model_validate({"id": "a", "text": "A 5 km line.", "kind": "length", "value": "5 km"})
    >>> verdict = check_claims([claim], Tools())[0]
    >>> verdict.verdict, verdict.reason
    ('cannot_be_measured', 'the fortifications are not drawn, so their length cannot be measured')
    """
    listed = claims.claims if isinstance(claims, Description) else claims
    return [_check(claim, tools) for claim in listed]


def _check(claim: Claim, tools: Tools) -> Verdict:
    written = claim.value or ""
    try:
        figure = _figure(claim)
        measured = _measure(claim, figure, tools)
    except _CannotMeasureError as error:
        return Verdict(claim.id, claim.text, written, None, (), "cannot_be_measured", str(error))
    except GeoconflictError as error:
        return Verdict(claim.id, claim.text, written, None, (), "cannot_be_measured", str(error).splitlines()[0])
    claimed = figure.value_m
    ordered = tuple(sorted(measured, key=lambda m: (not m.holds, abs(m.value_m - claimed))))
    held = [m for m in ordered if m.holds]
    best = ordered[0]
    said = _shown(best.value_m, written)
    reason = f"{said} {best.reading}; the claim says {written}"
    return Verdict(claim.id, claim.text, written, claimed, ordered, "holds" if held else "does_not_hold", reason)


def _figure(claim: Claim) -> Length:
    if not claim.value:
        msg = "the claim has no value"
        raise _CannotMeasureError(msg)
    return parse_length(claim.value)


def tolerance_m(figure: Length, *, about: bool = False) -> float:
    """Return the tolerance of a figure for rounding, in metres.

    Half a step of its last nonzero digit, at most 10 % of it (15 % if it is approximate), at least 1 %.

    Parameters
    ----------
    figure : Length
    about : bool
        Whether the text says that the figure is approximate.

    Examples
    --------
    >>> from geoconflict.units import parse_length
    >>> tolerance_m(parse_length("20 km")), tolerance_m(parse_length("764 km")), tolerance_m(parse_length("about 20 km"))
    (2000.0, 7640.0, 3000.0)
    """
    value = figure.value_m
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", figure.text)
    step = value
    if digits:
        number = digits.group().replace(",", "")
        shown = float(number) or 1.0
        decimals = len(number.partition(".")[2])
        zeros = 0 if decimals else len(number) - len(number.rstrip("0"))
        step = value / shown * (10.0**zeros if not decimals else 10.0**-decimals)
    share = _ROUNDED_ABOUT if about or figure.about else _ROUNDED
    return max(min(step / 2, share * value), share * value if about or figure.about else 0.0, _EXACT * value)


def _holds(figure: Length, value_m: float, *, about: bool, near: float = 0.0) -> bool:
    """Whether a measured value agrees with a figure; ``near`` is an additional tolerance in metres."""
    slack = max(tolerance_m(figure, about=about), near)
    low = figure.min_m if figure.min_m is not None else -math.inf
    high = figure.max_m if figure.max_m is not None else math.inf
    return low - slack <= value_m <= high + slack


def _is_about(claim: Claim) -> bool:
    return (
        re.search(
            r"\b(?:about|around|roughly|some|nearly|almost|approximately|just|close to|circa)\b", claim.text.casefold()
        )
        is not None
    )


def _measure(claim: Claim, figure: Length, tools: Tools) -> list[Measured]:
    if claim.kind == "distance":
        return _measure_distance(claim, figure, tools)
    if claim.kind == "border_length":
        return _measure_border(claim, figure, tools)
    what = {
        "length": "the fortifications are not drawn, so their length",
        "depth": "the fortifications are not drawn, so their depth",
    }
    msg = f"{what.get(claim.kind, 'a claim of this kind')} cannot be measured"
    raise _CannotMeasureError(msg)


# Borders.


def _measure_border(claim: Claim, figure: Length, tools: Tools) -> list[Measured]:
    if claim.border is None:
        msg = "the claim does not say which border it is about"
        raise _CannotMeasureError(msg)
    table = _border(tools, claim.border.of, claim.border.towards)

    about = _is_about(claim)
    near = _LENGTH_RATIO * figure.value_m
    values = [float(value) for value in length(table.geometry.to_numpy())]
    resolution = _resolution(table)
    who = f"{claim.border.of} with {', '.join(claim.border.towards)}"
    found = [
        Measured(
            f"along the border of {who}", sum(values), _holds(figure, sum(values), about=about, near=near), resolution
        )
    ]
    if "kind" in table.columns and table["kind"].nunique() > 1:
        land = sum(value for value, kind in zip(values, table["kind"], strict=True) if kind == "land")
        found.append(
            Measured(
                f"along the dry-land part of the border of {who}",
                land,
                _holds(figure, land, about=about, near=near),
                resolution,
            )
        )
    return found


def _border(tools: Tools, of: str, towards: Sequence[str]) -> gpd.GeoDataFrame:
    if tools.border is None:
        msg = "borders are needed to measure the claim"
        raise _CannotMeasureError(msg)
    table = tools.border(of, list(towards))
    if len(table) == 0:
        msg = f"there is no border of {of} with {', '.join(towards)}"
        raise _CannotMeasureError(msg)
    return table


def _resolution(table: gpd.GeoDataFrame) -> float | None:
    if "resolution_m" not in table.columns:
        return None
    known = table["resolution_m"].dropna()
    return None if known.empty else float(known.max())


# Distances.


def _measure_distance(claim: Claim, figure: Length, tools: Tools) -> list[Measured]:
    start = _locate(claim.subject, tools, "the place that the claim is about")
    about = _is_about(claim)
    target = claim.object
    border = _border_of(claim, start)
    if border is not None:
        return _measure_to_border(start, border, figure, tools, about=about)
    end = _locate(target, tools, "the other end of the distance")

    value = float(distance([Point(start.lon, start.lat)], Point(end.lon, end.lat))[0])
    near = start.radius_m + end.radius_m
    holds = _holds(figure, value, about=about)
    found = [Measured(f"from the centre of {start.name} to that of {end.name}", value, holds)]
    if near:
        edge = max(0.0, value - near)
        found.append(
            Measured(f"from the edge of {start.name} to that of {end.name}", edge, _holds(figure, edge, about=about))
        )
    if claim.bearing is None:
        return found
    degrees = float(azimuth(end.lon, end.lat, start.lon, start.lat))
    return [_with_bearing(m, degrees, claim.bearing) for m in found]


def _with_bearing(measured: Measured, degrees: float, bearing: str) -> Measured:
    """Add the bearing to a reading; it holds within 33.75° of the bearing claimed."""
    wanted = 45.0 * _BEARINGS.index(bearing)
    off = abs((degrees - wanted + 180.0) % 360.0 - 180.0)
    point = _BEARINGS[round(degrees / 45.0) % 8]
    reading = f"{measured.reading}, bearing {point} ({degrees % 360.0:.0f}°)"
    return Measured(reading, measured.value_m, measured.holds and off <= 33.75, measured.resolution_m)


@dataclass(frozen=True, slots=True)
class _Spot:
    name: str
    lon: float
    lat: float
    radius_m: float
    country: str


def _locate(place: Place | None, tools: Tools, what: str) -> _Spot:
    if place is None or (place.at is None and not place.name):
        msg = f"{what} has no name"
        raise _CannotMeasureError(msg)
    name = place.name or f"{place.at}"
    if place.at is not None:
        radius = place.uncertainty.length.value_m if place.uncertainty is not None else 0.0
        return _Spot(name, place.at[0], place.at[1], radius, "")
    if tools.gazetteer is None:
        msg = f"a gazetteer is needed to locate {name}"
        raise _CannotMeasureError(msg)

    found = find_place(tools.gazetteer, name)
    if found is None:
        msg = f"{name} is not in the gazetteer or is ambiguous; give its coordinates (at: [lon, lat])"
        raise _CannotMeasureError(msg)
    return _Spot(name, found.lon, found.lat, found.radius_m, found.country)


def _border_of(claim: Claim, start: _Spot) -> tuple[str, list[str]] | None:
    """Return the border that a distance is measured to: given, or named as in "the Belarusian border"."""
    if claim.border is not None:
        return claim.border.of, list(claim.border.towards)
    words = claim.object.name if claim.object is not None and claim.object.name else ""
    if not re.search(r"\b(?:border|frontier)\b", words.casefold()):
        return None

    codes = [mention.code for mention in find_countries(words) if mention.is_state]
    others = [code for code in dict.fromkeys(codes) if code != start.country]
    if not others or not start.country:
        msg = f"it is not clear which border {words!r} is"
        raise _CannotMeasureError(msg)
    return start.country, others


def _measure_to_border(
    start: _Spot, border: tuple[str, list[str]], figure: Length, tools: Tools, *, about: bool
) -> list[Measured]:
    table = _border(tools, *border)
    line: BaseGeometry = union_all(table.geometry.to_numpy())
    point = [Point(start.lon, start.lat)]
    resolution = _resolution(table)
    value = float(distance(point, line)[0])
    near = resolution or 0.0
    found = [
        Measured(
            f"from the centre of {start.name} to the border line",
            value,
            _holds(figure, value, about=about, near=near),
            resolution,
        )
    ]
    if start.radius_m:
        edge = max(0.0, value - start.radius_m)
        holds = _holds(figure, edge, about=about, near=near)
        found.append(Measured(f"from the edge of {start.name} to the border line", edge, holds, resolution))
    crossing = _nearest_crossing(point, border, tools)
    if crossing is not None:
        name, metres = crossing
        found.append(
            Measured(
                f"from the centre of {start.name} to the nearest crossing, {name}",
                metres,
                _holds(figure, metres, about=about),
            )
        )
    return found


def _nearest_crossing(point: list[Any], border: tuple[str, list[str]], tools: Tools) -> tuple[str, float] | None:
    if tools.crossings is None:
        return None

    best: tuple[str, float] | None = None
    for other in border[1]:
        try:
            table = tools.crossings(border[0], other)
        except GeoconflictError:
            # There is no table of crossings for this pair; the distance to the border line remains.
            continue
        names = table["name"] if "name" in table.columns else [""] * len(table)
        for name, geometry in zip(names, table.geometry, strict=True):
            metres = float(distance(point, geometry)[0])
            if best is None or metres < best[1]:
                best = (str(name), metres)
    return best


def _shown(metres: float, written: str) -> str:
    low = written.casefold()
    nautical = re.search(r"nautical|nmi|\bnm\b", low)
    unit = (
        "nmi"
        if nautical
        else "mi"
        if re.search(r"mi\b|mile", low)
        else "m"
        if re.search(r"\d ?m\b|metre|meter", low)
        else "km"
    )
    return format_length(metres, unit)
