"""The line that a segment is measured from, the ground that it lies on, and whom it faces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geoconflict import geodesy
from geoconflict.crs import WGS84
from geoconflict.errors import DescriptionError, Fault, InputError, ReadError, did_you_mean
from geoconflict.fortifications.description import Border, Description, DrawnLine, Place, Segment
from geoconflict.fortifications.validation import parties
from geoconflict.io.vector import read_vector
from geoconflict.io.yaml import Loc

LonLat = tuple[float, float]


LAND_KINDS = ("land", "river", "lake")
# A tripoint is looked for among the ends of the line; maps of different make differ by this much.
_TRIPOINT_REACH_M = 5000.0
# "From Narva to Peipus": towns that name the ends of a stretch of border lie near it.
_END_REACH_M = 100_000.0


class Faults:
    """Collects the faults of a layout, with their places in the file where it is known."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.found: list[Fault] = []

    def add(self, message: str, loc: Loc, hint: str | None = None) -> None:
        """Add a fault at the path of a value."""
        self.found.append(self.description.positions.fault(message, loc, hint=hint))

    def check(self) -> None:
        """Raise when there is any.

        Raises
        ------
        DescriptionError
        """
        if self.found:
            msg = f"{self.description.id} cannot be laid out"
            raise DescriptionError(msg, self.found)


class Names:
    """The names and codes of the countries that the tables hold.

    Parameters
    ----------
    borders, countries : GeoDataFrame or None
        Tables of BORDERS and COUNTRIES.
    resolve : callable, optional
        Turns a name as people write it into the one that the tables use.
    """

    def __init__(
        self,
        borders: gpd.GeoDataFrame | None,
        countries: gpd.GeoDataFrame,
        resolve: Callable[[str], str] | None = None,
    ) -> None:
        self._resolve = resolve
        self._known: dict[str, str] = {}
        self.names: list[str] = []
        for frame, columns in (
            (countries, ("name", "iso", "iso3")),
            (borders, ("country_a", "iso_a")),
            (borders, ("country_b", "iso_b")),
        ):
            if frame is not None:
                self._take(frame, columns)

    def _take(self, frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> None:
        present = [column for column in columns if column in frame.columns]
        for row in frame[present].itertuples(index=False):
            name = str(row[0])
            if name not in self.names:
                self.names.append(name)
            for text in row:
                if isinstance(text, str):
                    self._known.setdefault(text.casefold(), name)

    def find(self, text: str) -> str | None:
        """Return the name of a country by its name or code in any case; None if no table has it."""
        found = self._known.get(text.strip().casefold())
        if found is None and self._resolve is not None:
            try:
                found = self._known.get(self._resolve(text).casefold())
            except InputError:  # not a country: the caller says what is wrong with it
                return None
        return found

    def hint(self, text: str) -> str:
        """Return the nearest names, or all of them."""
        return did_you_mean(text, self.names) or "the tables hold " + ", ".join(sorted(self.names)[:12])


@dataclass(frozen=True, slots=True)
class Ground:
    """What a segment is laid out on.

    Attributes
    ----------
    line : LineString or MultiLineString
        What distances are measured from.
    area : Polygon or MultiPolygon
        Where the works may lie.
    side : str
        Name of the country of that ground.
    facing : str
        Whom the works face, as text.
    away : bool
        Whether they face away from the line.
    line_name : str
        What the line is called.
    cut_ends : tuple of (lon, lat)
        Ends where the line was cut out of a longer one.
    resolution_m : float or None
        How far the line may lie from the best one known.
    attribution, licence : str or None
        What the line's data ask for.
    """

    line: BaseGeometry
    area: BaseGeometry
    side: str
    facing: str
    away: bool
    line_name: str
    cut_ends: tuple[tuple[float, float], ...] = ()
    resolution_m: float | None = None
    attribution: str | None = None
    licence: str | None = None


def ground_of(
    segment: Segment,
    loc: Loc,
    tables: Tables,
    faults: Faults,
) -> Ground | None:
    """Return what a segment is laid out on, or None after adding the faults.

    Parameters
    ----------
    segment : Segment
    loc : path of the segment in the description
    tables : Tables
    faults : Faults

    Returns
    -------
    Ground or None
    """
    if segment.reference is None or segment.side is None or segment.facing is None:
        return None  # a description that lacks them is a draft, and was refused
    side = tables.names.find(segment.side.value)
    if side is None:
        faults.add(
            f"no table has the country {segment.side.value!r}", (*loc, "side"), tables.names.hint(segment.side.value)
        )
    known = [tables.names.find(name) for name in parties(segment)]
    if side is not None and known and None not in known and side not in known:
        told = ", ".join(str(name) for name in known)
        faults.add(f"the side {side} is not a party to the border; the parties are {told}", (*loc, "side"))
        side = None
    away = _away(segment, side, known, loc, tables, faults)
    reference = (*loc, "reference")
    found = (
        _border(segment.reference.border, (*reference, "border"), tables, faults)
        if segment.reference.border is not None
        else _drawn(segment.reference.line, (*reference, "line"), tables, faults)
    )
    if side is None or found is None or away is None:
        return None
    line, name, rows = found
    area = _area(side, tables, loc, faults)
    if area is None:
        return None
    whole, area = _beside(line, area, segment.reference.line, (*reference, "line"), faults)
    if whole.is_empty or area.is_empty:
        faults.add(f"no ground of {side} lies on that side of the {name}", reference)
        return None
    part = _part(whole, segment, reference, tables, faults)
    if part is None:
        return None
    facing = ", ".join(tables.names.find(party) or party for party in segment.facing.parties)
    return Ground(part, area, side, facing, away, name, _cut_ends(line, part), **_credit(rows))


def _beside(
    line: BaseGeometry, area: BaseGeometry, drawn: DrawnLine | None, loc: Loc, faults: Faults
) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the line, and the ground on the side of it that the description tells."""
    works_on = drawn.works_on if drawn is not None else None
    if line.geom_type in {"Polygon", "MultiPolygon"}:
        if works_on not in {"inside", "outside"}:
            faults.add("the line is the outline of areas; say works_on: inside or outside", loc)
        return beside_zone(line, area, inside=works_on == "inside")
    if works_on in {"inside", "outside"}:
        faults.add(f"a line has no {works_on}; say works_on: left or right", (*loc, "works_on"))
    if works_on in {"left", "right"}:
        return line, half(area, line, "left" if works_on == "left" else "right")
    return line, area


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables and lines that a layout was given.

    Attributes
    ----------
    borders, countries : GeoDataFrame
    names : Names
    lines : mapping of str to geometry
        Lines handed over in code, by the names that the description gives them.
    folder : path or None
        Where files that the description names lie.
    locate : callable or None
        Returns where a named place is.
    """

    borders: gpd.GeoDataFrame | None
    countries: gpd.GeoDataFrame
    names: Names
    lines: Mapping[str, BaseGeometry]
    folder: Path | None
    locate: Callable[[str], tuple[float, float] | None] | None = None


def _away(
    segment: Segment, side: str | None, known: list[str | None], loc: Loc, tables: Tables, faults: Faults
) -> bool | None:
    """Tell whether the works face away from the line; None after adding a fault."""
    facing = segment.facing
    if facing is None or side is None:
        return None
    if facing.direction is not None:
        return facing.direction == "away_from_reference"
    faced = [tables.names.find(party) for party in facing.parties]
    for party, name in zip(facing.parties, faced, strict=True):
        if None in known:
            return None  # the border itself is at fault, and that was said
        if name is None or name not in known:
            told = ", ".join(str(item) for item in known if item)
            faults.add(
                f"{party!r} is not a party to the border ({told}), so its direction is not known",
                (*loc, "facing"),
                "say direction: towards_reference or away_from_reference",
            )
            return None
    return all(name == side for name in faced)


def _border(
    border: Border, loc: Loc, tables: Tables, faults: Faults
) -> tuple[BaseGeometry, str, gpd.GeoDataFrame] | None:
    if tables.borders is None or tables.borders.empty:
        faults.add("no table of borders was given", loc)
        return None
    home = tables.names.find(border.of)
    if home is None:
        faults.add(f"no table has the country {border.of!r}", (*loc, "of"), tables.names.hint(border.of))
        return None
    kinds = set(border.kinds or LAND_KINDS)
    frame = tables.borders
    mask = frame["kind"].isin(kinds) if "kind" in frame.columns else frame["country_a"].notna()
    chosen = frame["country_a"].isna()
    names = []
    for index, other in enumerate(border.towards):
        name = tables.names.find(other)
        if name is None:
            faults.add(f"no table has the country {other!r}", (*loc, "with", index), tables.names.hint(other))
            continue
        pair = ((frame["country_a"] == home) & (frame["country_b"] == name)) | (
            (frame["country_a"] == name) & (frame["country_b"] == home)
        )
        if not (pair & mask).any():
            what = "of the kinds " + ", ".join(sorted(kinds)) if pair.any() else ""
            faults.add(f"the table of borders has no border {what} of {home} with {name}", (*loc, "with", index))
            continue
        names.append(name)
        chosen |= pair & mask
    if len(names) < len(border.towards):
        return None
    rows: gpd.GeoDataFrame = frame[chosen]
    line = shapely.union_all(rows.geometry.to_numpy())
    if line.geom_type == "MultiLineString":
        line = shapely.line_merge(line)
    return line, f"border of {home} with {' and '.join(names)}", rows


def _drawn(
    drawn: DrawnLine | None, loc: Loc, tables: Tables, faults: Faults
) -> tuple[BaseGeometry, str, gpd.GeoDataFrame | None] | None:
    if drawn is None:
        return None
    if drawn.coordinates:
        return LineString(drawn.coordinates), drawn.name, None
    if drawn.file is not None:
        try:
            return read_line(drawn.file, tables.folder), drawn.name, None
        except ReadError as error:
            faults.add(error.message, (*loc, "file"))
            return None
    line = tables.lines.get(drawn.name)
    if line is None:
        hint = did_you_mean(drawn.name, tables.lines) or "hand it over in the options: lines={name: geometry}"
        faults.add(f"the line {drawn.name!r} has neither coordinates nor a file, and none was handed over", loc, hint)
        return None
    return (shapely.line_merge(line) if line.geom_type == "MultiLineString" else line), drawn.name, None


def _area(side: str, tables: Tables, loc: Loc, faults: Faults) -> BaseGeometry | None:
    rows = tables.countries[tables.countries["name"] == side]
    if rows.empty:
        faults.add(f"the table of countries has no area for {side}", (*loc, "side"))
        return None
    return rows.geometry.iloc[0] if len(rows) == 1 else shapely.union_all(rows.geometry.to_numpy())


def _credit(rows: gpd.GeoDataFrame | None) -> dict[str, Any]:
    if rows is None:
        return {}

    def told(column: str) -> str | None:
        values = [str(v) for v in rows[column].dropna().unique()] if column in rows.columns else []
        return "; ".join(values) or None

    resolution = float(rows["resolution_m"].max()) if "resolution_m" in rows.columns else None
    return {"resolution_m": resolution, "attribution": told("attribution"), "licence": told("licence")}


def _part(line: BaseGeometry, segment: Segment, loc: Loc, tables: Tables, faults: Faults) -> BaseGeometry | None:
    """Return the part of the line between the two ends that the reference names."""
    reference = segment.reference
    if reference is None or (reference.start is None and reference.end is None):
        return line
    ends = []
    for place, key in ((reference.start, "from"), (reference.end, "to")):
        found = _end(place, line, (*loc, key), tables, faults) if place is not None else None
        if place is not None and found is None:
            return None
        ends.append(found)
    try:
        return cut_between(line, ends[0], ends[1])
    except ValueError as error:
        faults.add(str(error), loc)
        return None


def _cut_ends(line: BaseGeometry, part: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """Return the ends of a part of a line that are no ends of the line; all of them for an outline."""

    def ends(geometry: BaseGeometry) -> set[tuple[float, float]]:
        pieces = [piece for piece in shapely.get_parts(geometry) if not piece.is_closed]
        return {(float(x), float(y)) for piece in pieces for x, y, *_ in (piece.coords[0], piece.coords[-1])}

    if line.geom_type in {"Polygon", "MultiPolygon"}:
        return tuple(sorted(ends(part)))
    return () if part is line else tuple(sorted(ends(part) - ends(line)))


def _end(place: Place, line: BaseGeometry, loc: Loc, tables: Tables, faults: Faults) -> tuple[float, float] | None:
    if place.at is not None:
        return _reached(place.at, place.name or f"{place.at[0]}, {place.at[1]}", line, loc, faults)
    if place.tripoint is not None:
        return _tripoint(place.tripoint, line, loc, tables, faults)
    found = tables.locate(place.name) if place.name is not None and tables.locate is not None else None
    if found is not None:
        return _reached(found, str(place.name), line, loc, faults)
    faults.add(f"where {place.name or 'the end'!r} lies is not told; give at: [lon, lat], or a tripoint", loc)
    return None


def _reached(
    at: tuple[float, float], name: str, line: BaseGeometry, loc: Loc, faults: Faults
) -> tuple[float, float] | None:
    """Return a place that can stand for an end of the line, or None after a fault: it lies nowhere near."""
    off = float(geodesy.distance([shapely.Point(at)], line)[0])
    if off <= _END_REACH_M:
        return at
    faults.add(
        f"{name} lies {off / 1000:.0f} km from the line that it is to cut",
        loc,
        "coordinates are longitude first, then latitude",
    )
    return None


def _tripoint(
    names: Iterable[str], line: BaseGeometry, loc: Loc, tables: Tables, faults: Faults
) -> tuple[float, float] | None:
    """Return the end of the line that is nearest to all three countries."""
    areas = []
    for index, text in enumerate(names):
        name = tables.names.find(text)
        rows = tables.countries[tables.countries["name"] == name]
        if name is None or rows.empty:
            faults.add(f"no table has the area of {text!r}", (*loc, "tripoint", index), tables.names.hint(text))
            return None
        areas.append(rows.geometry.iloc[0])
    parts = list(getattr(line, "geoms", [line]))
    ends = [shapely.Point(part.coords[i]) for part in parts for i in (0, -1)]
    reach = np.max([geodesy.distance(ends, area) for area in areas], axis=0)
    best = int(np.argmin(reach))
    if reach[best] > _TRIPOINT_REACH_M:
        faults.add(
            f"no end of the line lies where {', '.join(names)} meet; the nearest is {reach[best] / 1000:.0f} km off",
            loc,
        )
        return None
    return (float(ends[best].x), float(ends[best].y))


# The longest degree of latitude, at the poles, in metres.
_DEGREE_M = 111_694.0


def read_beside(name: str, folder: Path | None) -> gpd.GeoDataFrame:
    """Read a vector file named by a description, in longitude and latitude.

    Parameters
    ----------
    name : str
        Path below the folder of the description.
    folder : path or None

    Returns
    -------
    GeoDataFrame

    Raises
    ------
    ReadError
        If the file lies outside the folder, is missing, is not a vector file, is empty or has no CRS.
    """
    if folder is None:
        msg = f"the file {name!r} lies beside a description, but this one was read from a text"
        raise ReadError(msg)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        msg = f"the file {name!r} lies outside the folder of the description"
        raise ReadError(msg)
    frame = read_vector(path, name=repr(name))
    if frame.empty or frame.crs is None:
        msg = f"{name!r} {'holds nothing' if frame.empty else 'does not tell its coordinate reference system'}"
        raise ReadError(msg)
    return frame.to_crs(WGS84)


def read_line(name: str, folder: Path | None) -> BaseGeometry:
    """Read one line, or areas whose outline is meant, from a vector file.

    Returns
    -------
    LineString, MultiLineString, Polygon or MultiPolygon

    Raises
    ------
    ReadError
        As ``read_beside``, and if the file holds points.
    """
    frame = read_beside(name, folder)
    geometries = frame.geometry.to_numpy()
    kinds = set(frame.geometry.geom_type)
    if kinds <= {"Polygon", "MultiPolygon"}:
        return shapely.union_all(shapely.make_valid(geometries))
    if not kinds <= {"LineString", "MultiLineString"}:
        msg = f"{name!r} holds {', '.join(sorted(kinds))}; expected lines"
        raise ReadError(msg)
    line = shapely.union_all(geometries)
    return shapely.line_merge(line) if line.geom_type == "MultiLineString" else line


def cut_between(line: BaseGeometry, start: LonLat | None, end: LonLat | None) -> BaseGeometry:
    """Return the part of a line between the places nearest to two points.

    An end that is not given is the end of the line. On a closed line the shorter way is taken.

    Raises
    ------
    ValueError
        If the two places lie on parts of the line that are not connected, or are the same.

    Examples
    --------
    >>> from shapely import LineString
    >>> cut_between(LineString([(0, 0), (4, 0)]), (1, 1), (3, 1)).wkt
    'LINESTRING (1 0, 3 0)'
    """
    parts = list(getattr(line, "geoms", [line]))
    places: list[tuple[int, float] | None] = []
    for point in (start, end):
        if point is None:
            places.append(None)
            continue
        here = Point(point)
        part = int(np.argmin([item.distance(here) for item in parts]))
        places.append((part, float(parts[part].project(here))))
    first, last = places
    if first is None and last is None:
        return line
    part = (first or last or (0, 0.0))[0]
    if first is not None and last is not None and first[0] != last[0]:
        msg = "the two ends lie on parts of the line that are not connected"
        raise ValueError(msg)
    chain = parts[part]
    low = 0.0 if first is None else first[1]
    high = chain.length if last is None else last[1]
    if low == high:
        msg = "the two ends fall on the same place of the line"
        raise ValueError(msg)
    if chain.is_closed and abs(high - low) > chain.length / 2:
        rest = [substring(chain, max(low, high), chain.length), substring(chain, 0.0, min(low, high))]

        return shapely.line_merge(shapely.union_all(rest))
    return substring(chain, min(low, high), max(low, high))


def along(line: BaseGeometry, guide: BaseGeometry) -> BaseGeometry:
    """Return a line whose parts run in the direction of another line beside it.

    Examples
    --------
    >>> from shapely import LineString
    >>> along(LineString([(0, 0), (4, 0)]), LineString([(3, 1), (1, 1)])).wkt
    'LINESTRING (4 0, 0 0)'
    """
    guides = list(getattr(guide, "geoms", [guide]))
    out = []
    for part in getattr(line, "geoms", [line]):
        # The longest guide beside this part decides: short ones may turn round a bay.
        near = min(guides, key=lambda item: item.distance(part) - 1e-3 * item.length)
        coords = shapely.get_coordinates(near)
        step = int(np.argmax(np.hypot(*np.diff(coords, axis=0).T)))
        at = [part.project(shapely.Point(coords[k])) for k in (step, step + 1)]
        if at[0] == at[1]:
            at = [part.project(shapely.Point(coords[k])) for k in (0, -1)]
        out.append(part if at[1] >= at[0] else shapely.reverse(part))
    return out[0] if len(out) == 1 else shapely.MultiLineString(out)


def simplified(line: BaseGeometry, reach_m: float) -> BaseGeometry:
    """Return a line with fewer vertices, none of its points moved farther than asked.

    Douglas and Peucker's algorithm in a plane that is scaled for the latitude nearest to the
    equator, where a degree of longitude is longest.

    Parameters
    ----------
    line : LineString or MultiLineString
    reach_m : float
        Metres; 0 keeps the line.

    Returns
    -------
    LineString or MultiLineString

    Examples
    --------
    >>> from shapely import LineString
    >>> simplified(LineString([(0, 50), (1, 50.0001), (2, 50)]), 20).wkt
    'LINESTRING (0 50, 2 50)'
    """
    if reach_m <= 0 or line.is_empty:
        return line
    _, south, _, north = line.bounds
    lowest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    scale = np.array([np.cos(np.radians(lowest)), 1.0])
    wide = shapely.simplify(shapely.transform(line, lambda xy: xy * scale), reach_m / _DEGREE_M)
    out: BaseGeometry = shapely.transform(wide, lambda xy: xy / scale)
    return out


# Two makers of maps draw one border this far apart at the most.
_RIM_M = 3000.0


def half(area: BaseGeometry, line: BaseGeometry, side: Literal["left", "right"]) -> BaseGeometry:
    """Return the part of an area that lies on one side of a line.

    The area is cut along the line, and along straight continuations of its ends where it ends
    inside the area. Each piece goes to the side on which its inner point lies of the nearest
    place of the line, as ``geodesy.nearest`` tells it.

    Parameters
    ----------
    area : Polygon or MultiPolygon
    line : LineString or MultiLineString
        Its direction is the order of its points.
    side : {"left", "right"}

    Returns
    -------
    Polygon or MultiPolygon
        Empty if nothing lies on that side.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> half(box(0, 0, 4, 4), LineString([(2, 1), (2, 3)]), "left").bounds
    (0.0, 0.0, 2.0, 4.0)
    """
    west, south, east, north = area.bounds
    reach = 2 * ((east - west) + (north - south))
    cuts: list[BaseGeometry] = [shapely.boundary(area)]
    for part in getattr(line, "geoms", [line]):
        coords = list(part.coords)
        if not part.is_closed:
            coords = [_beyond(coords[1], coords[0], reach), *coords, _beyond(coords[-2], coords[-1], reach)]
        cuts.append(LineString(coords))
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(shapely.union_all(cuts)))))
    inside = shapely.point_on_surface(faces)
    within = shapely.contains(area, inside)
    faces, inside = faces[within], inside[within]
    sides = geodesy.nearest(inside, line).side
    wanted = 1 if side == "left" else -1
    return shapely.union_all(faces[sides == wanted])


def beside_zone(zone: BaseGeometry, area: BaseGeometry, *, inside: bool) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the outline of a zone inside a country, and the country's ground on one side of it.

    The outline of territory held by one party follows, for a part, the border and the coast of
    the country itself, drawn by another hand. That part is no front: what lies within three
    kilometres of the country's own outline is left out.

    Parameters
    ----------
    zone : Polygon or MultiPolygon
    area : Polygon or MultiPolygon
        The country.
    inside : bool
        Whether the ground inside the zone is wanted, or that outside of it.

    Returns
    -------
    line, ground : geometries
        Either may be empty.

    Examples
    --------
    >>> from shapely import box
    >>> line, ground = beside_zone(box(2, 0, 4, 4), box(0, 0, 4, 4), inside=False)
    >>> ground.bounds, round(line.length, 1)
    ((0.0, 0.0, 2.0, 4.0), 3.9)
    """
    rim = geodesy.buffer(simplified(shapely.boundary(area), _RIM_M / 20), _RIM_M, tol=0.01)
    line = shapely.difference(shapely.intersection(shapely.boundary(zone), area), rim)
    line = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    ground = shapely.intersection(area, zone) if inside else shapely.difference(area, zone)
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return line, shapely.MultiPolygon(parts) if len(parts) != 1 else parts[0]


def _beyond(before: tuple[float, ...], end: tuple[float, ...], reach: float) -> tuple[float, float]:
    dx, dy = end[0] - before[0], end[1] - before[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    return (end[0] + dx / size * reach, end[1] + dy / size * reach)
