"""The reference line, the area and the facing of a segment, resolved against tables of borders and countries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
from geoconflict.fortifications.validation import border_countries
from geoconflict.io.vector import read_vector
from geoconflict.io.yaml import Loc

LonLat = tuple[float, float]

LAND_KINDS = ("land", "river", "lake")
# Data of different sources put a tripoint this far apart at most.
_TRIPOINT_REACH_M = 5000.0
# Towns that name the ends of a stretch of border ("from Narva to Peipus") lie within this distance of it.
_END_REACH_M = 100_000.0
# Data of different sources draw the same border this far apart at most.
_BORDER_TOLERANCE_M = 3000.0
# The longest degree of latitude, at the poles.
_DEGREE_M = 111_694.0


class Faults:
    """Collects the faults of a layout with their positions in the file."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.found: list[Fault] = []

    def add(self, message: str, loc: Loc, hint: str | None = None) -> None:
        """Add a fault at the path of a value."""
        self.found.append(self.description.positions.fault(message, loc, hint=hint))

    def check(self) -> None:
        """Raise if there are faults.

        Raises
        ------
        DescriptionError
        """
        if self.found:
            msg = f"{self.description.id} cannot be drawn"
            raise DescriptionError(msg, self.found)


class CountryNames:
    """The names and codes of the countries in the tables.

    Parameters
    ----------
    borders, countries : GeoDataFrame or None
        Tables of BORDERS and COUNTRIES.
    resolve : callable, optional
        Returns the name used in the tables for a name as people write it.
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
                self._add(frame, columns)

    def _add(self, frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> None:
        present = [column for column in columns if column in frame.columns]
        for row in frame[present].itertuples(index=False):
            name = str(row[0])
            if name not in self.names:
                self.names.append(name)
            for text in row:
                if isinstance(text, str):
                    self._known.setdefault(text.casefold(), name)

    def find(self, text: str) -> str | None:
        """Return the name of a country by its name or code in any case; None if it is in no table."""
        found = self._known.get(text.strip().casefold())
        if found is None and self._resolve is not None:
            try:
                found = self._known.get(self._resolve(text).casefold())
            except InputError:  # not a country; the caller reports it
                return None
        return found

    def hint(self, text: str) -> str:
        """Return the nearest names, or the first names of the tables."""
        return did_you_mean(text, self.names) or "the tables contain " + ", ".join(sorted(self.names)[:12])


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables and lines that a layout uses.

    Attributes
    ----------
    borders, countries : GeoDataFrame
    names : CountryNames
    lines : mapping of str to geometry
        Reference lines passed in code, by their names in the description.
    folder : path or None
        Folder of the files named by the description.
    locate : callable or None
        Returns longitude and latitude of a named place.
    """

    borders: gpd.GeoDataFrame | None
    countries: gpd.GeoDataFrame
    names: CountryNames
    lines: Mapping[str, BaseGeometry]
    folder: Path | None
    locate: Callable[[str], LonLat | None] | None = None


@dataclass(frozen=True, slots=True)
class ResolvedSegment:
    """The geometry and the countries of a segment.

    Attributes
    ----------
    line : LineString or MultiLineString
        The reference line.
    area : Polygon or MultiPolygon
        Where the fortifications may lie.
    side : str
        Name of the country of that area.
    facing : str
        The parties faced, as one text.
    faces_away : bool
        Whether the fortifications face away from the reference line.
    line_name : str
        Name of the reference line for messages and methods.
    cut_ends : tuple of (lon, lat)
        Ends where the reference line was cut out of a longer one.
    attribution, licence : str or None
        Of the data of the line.
    """

    line: BaseGeometry
    area: BaseGeometry
    side: str
    facing: str
    faces_away: bool
    line_name: str
    cut_ends: tuple[LonLat, ...] = ()
    attribution: str | None = None
    licence: str | None = None


def resolve_segment(segment: Segment, loc: Loc, inputs: Inputs, faults: Faults) -> ResolvedSegment | None:
    """Return the geometry and the countries of a segment, or None after adding the faults.

    Parameters
    ----------
    segment : Segment
    loc : sequence of str or int
        Path of the segment in the description.
    inputs : Inputs
    faults : Faults

    Returns
    -------
    ResolvedSegment or None
    """
    if segment.reference is None or segment.side is None or segment.facing is None:
        return None  # only in drafts, which are not drawn
    names = inputs.names
    side = names.find(segment.side.value)
    if side is None:
        faults.add(_unknown_country(segment.side.value), (*loc, "side"), names.hint(segment.side.value))
    sharing = [names.find(name) for name in border_countries(segment)]
    if side is not None and sharing and None not in sharing and side not in sharing:
        listed = ", ".join(str(name) for name in sharing)
        faults.add(f"the side {side} is not one of the countries of the border ({listed})", (*loc, "side"))
        side = None
    faces_away = _faces_away(segment, side, sharing, loc, names, faults)
    reference = (*loc, "reference")
    found = (
        _border_line(segment.reference.border, (*reference, "border"), inputs, faults)
        if segment.reference.border is not None
        else _drawn_line(segment.reference.line, (*reference, "line"), inputs, faults)
    )
    if side is None or found is None or faces_away is None:
        return None
    line, name, rows = found
    area = _country_area(side, inputs, loc, faults)
    if area is None:
        return None
    whole, area = _fortified_side(line, area, segment.reference.line, (*reference, "line"), faults)
    if whole.is_empty or area.is_empty:
        faults.add(f"{side} has no area on that side of the {name}", reference)
        return None
    part = _part(whole, segment, reference, inputs, faults)
    if part is None:
        return None
    facing = ", ".join(names.find(party) or party for party in segment.facing.parties)
    return ResolvedSegment(part, area, side, facing, faces_away, name, _cut_ends(line, part), **_credit(rows))


def _unknown_country(name: str) -> str:
    return f"the country {name!r} is not in the tables"


def _faces_away(
    segment: Segment, side: str | None, sharing: list[str | None], loc: Loc, names: CountryNames, faults: Faults
) -> bool | None:
    """Whether the fortifications face away from the line; None after adding a fault."""
    facing = segment.facing
    if facing is None or side is None:
        return None
    if facing.direction is not None:
        return facing.direction == "away_from_reference"
    faced = [names.find(party) for party in facing.parties]
    for party, name in zip(facing.parties, faced, strict=True):
        if None in sharing:
            return None  # the border is reported
        if name is None or name not in sharing:
            listed = ", ".join(str(item) for item in sharing if item)
            faults.add(
                f"{party!r} is not one of the countries of the border ({listed}), so the direction of the facing is unknown",
                (*loc, "facing"),
                "add direction: towards_reference or away_from_reference",
            )
            return None
    return all(name == side for name in faced)


def _border_line(
    border: Border, loc: Loc, inputs: Inputs, faults: Faults
) -> tuple[BaseGeometry, str, gpd.GeoDataFrame] | None:
    frame, names = inputs.borders, inputs.names
    if frame is None or frame.empty:
        faults.add("a table of borders is needed", loc)
        return None
    home = names.find(border.of)
    if home is None:
        faults.add(_unknown_country(border.of), (*loc, "of"), names.hint(border.of))
        return None
    kinds = set(border.kinds or LAND_KINDS)
    of_kind = frame["kind"].isin(kinds) if "kind" in frame.columns else frame["country_a"].notna()
    chosen = frame["country_a"].isna()
    found = []
    for index, other in enumerate(border.towards):
        name = names.find(other)
        if name is None:
            faults.add(_unknown_country(other), (*loc, "with", index), names.hint(other))
            continue
        pair = ((frame["country_a"] == home) & (frame["country_b"] == name)) | (
            (frame["country_a"] == name) & (frame["country_b"] == home)
        )
        if not (pair & of_kind).any():
            what = f" of the kinds {', '.join(sorted(kinds))}" if pair.any() else ""
            faults.add(f"the table of borders has no border{what} of {home} with {name}", (*loc, "with", index))
            continue
        found.append(name)
        chosen |= pair & of_kind
    if len(found) < len(border.towards):
        return None
    rows: gpd.GeoDataFrame = frame[chosen]
    line = _merged(shapely.union_all(rows.geometry.to_numpy()))
    return line, f"border of {home} with {' and '.join(found)}", rows


def _drawn_line(
    drawn: DrawnLine | None, loc: Loc, inputs: Inputs, faults: Faults
) -> tuple[BaseGeometry, str, None] | None:
    if drawn is None:
        return None
    if drawn.coordinates:
        return LineString(drawn.coordinates), drawn.name, None
    if drawn.file is not None:
        try:
            return _read_line(drawn.file, inputs.folder), drawn.name, None
        except ReadError as error:
            faults.add(error.message, (*loc, "file"))
            return None
    line = inputs.lines.get(drawn.name)
    if line is None:
        hint = did_you_mean(drawn.name, inputs.lines) or "or pass it in code: LayoutOptions(lines={name: geometry})"
        faults.add(f"the line {drawn.name!r} needs coordinates or a file", loc, hint)
        return None
    return _merged(line), drawn.name, None


def _merged(line: BaseGeometry) -> BaseGeometry:
    return shapely.line_merge(line) if line.geom_type == "MultiLineString" else line


def _country_area(side: str, inputs: Inputs, loc: Loc, faults: Faults) -> BaseGeometry | None:
    rows = inputs.countries[inputs.countries["name"] == side]
    if rows.empty:
        faults.add(f"the table of countries has no area of {side}", (*loc, "side"))
        return None
    return rows.geometry.iloc[0] if len(rows) == 1 else shapely.union_all(rows.geometry.to_numpy())


def _fortified_side(
    line: BaseGeometry, area: BaseGeometry, drawn: DrawnLine | None, loc: Loc, faults: Faults
) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the line, and the part of the area on the side of it that the description gives."""
    side = drawn.fortified_side if drawn is not None else None
    if line.geom_type in {"Polygon", "MultiPolygon"}:
        if side not in {"inside", "outside"}:
            faults.add("the line is the outline of areas; add fortified_side: inside or outside", loc)
        return outline_and_side(line, area, inside=side == "inside")
    if side in {"inside", "outside"}:
        faults.add(f"a line has no {side}; use fortified_side: left or right", (*loc, "fortified_side"))
    if side in {"left", "right"}:
        return line, side_of_line(area, line, "left" if side == "left" else "right")
    return line, area


def _credit(rows: gpd.GeoDataFrame | None) -> dict[str, str | None]:
    def joined(column: str) -> str | None:
        if rows is None or column not in rows.columns:
            return None
        return "; ".join(str(value) for value in rows[column].dropna().unique()) or None

    return {"attribution": joined("attribution"), "licence": joined("licence")}


# Parts of lines.


def _part(line: BaseGeometry, segment: Segment, loc: Loc, inputs: Inputs, faults: Faults) -> BaseGeometry | None:
    """Return the part of the line between the two ends that the reference names."""
    reference = segment.reference
    if reference is None or (reference.start is None and reference.end is None):
        return line
    ends = []
    for place, key in ((reference.start, "from"), (reference.end, "to")):
        found = _end(place, line, (*loc, key), inputs, faults) if place is not None else None
        if place is not None and found is None:
            return None
        ends.append(found)
    try:
        return cut_between(line, ends[0], ends[1])
    except ValueError as error:
        faults.add(str(error), loc)
        return None


def _cut_ends(line: BaseGeometry, part: BaseGeometry) -> tuple[LonLat, ...]:
    """Return the ends of a part of a line that are not ends of the line; for an outline, all ends."""

    def ends(geometry: BaseGeometry) -> set[LonLat]:
        pieces = [piece for piece in shapely.get_parts(geometry) if not piece.is_closed]
        return {(float(x), float(y)) for piece in pieces for x, y, *_ in (piece.coords[0], piece.coords[-1])}

    if line.geom_type in {"Polygon", "MultiPolygon"}:
        return tuple(sorted(ends(part)))
    return () if part is line else tuple(sorted(ends(part) - ends(line)))


def _end(place: Place, line: BaseGeometry, loc: Loc, inputs: Inputs, faults: Faults) -> LonLat | None:
    if place.tripoint is not None and place.at is None:
        return _tripoint(place.tripoint, line, loc, inputs, faults)
    at, name = place.at, place.name or "the end"
    if at is not None:
        name = place.name or f"{at[0]}, {at[1]}"
    elif place.name is not None and inputs.locate is not None:
        at = inputs.locate(place.name)
    if at is None:
        faults.add(f"the location of {name!r} is unknown; give at: [lon, lat], or a tripoint", loc)
        return None
    off = float(geodesy.distance([Point(at)], line)[0])
    if off > _END_REACH_M:
        hint = "coordinates are longitude first, then latitude"
        faults.add(f"{name} is {off / 1000:.0f} km from the line that ends there", loc, hint)
        return None
    return at


def _tripoint(names: Iterable[str], line: BaseGeometry, loc: Loc, inputs: Inputs, faults: Faults) -> LonLat | None:
    """Return the end of the line that is nearest to all three countries."""
    areas = []
    for index, text in enumerate(names):
        name = inputs.names.find(text)
        rows = inputs.countries[inputs.countries["name"] == name]
        if name is None or rows.empty:
            faults.add(f"the tables have no area of {text!r}", (*loc, "tripoint", index), inputs.names.hint(text))
            return None
        areas.append(rows.geometry.iloc[0])
    ends = [Point(part.coords[i]) for part in shapely.get_parts(line) for i in (0, -1)]
    reach = np.max([geodesy.distance(ends, area) for area in areas], axis=0)
    best = int(np.argmin(reach))
    if reach[best] > _TRIPOINT_REACH_M:
        off = f"{reach[best] / 1000:.0f} km"
        faults.add(f"the line does not end where {', '.join(names)} meet; its nearest end is {off} away", loc)
        return None
    return (float(ends[best].x), float(ends[best].y))


def cut_between(line: BaseGeometry, start: LonLat | None, end: LonLat | None) -> BaseGeometry:
    """Return the part of a line between the points of it that are nearest to two places.

    If a place is None, the part extends to the end of the line. On a closed line the shorter way is taken.

    Raises
    ------
    ValueError
        If the two points lie on parts of the line that are not connected, or are the same.

    Examples
    --------
    >>> cut_between(LineString([(0, 0), (4, 0)]), (1, 1), (3, 1)).wkt
    'LINESTRING (1 0, 3 0)'
    """
    parts = list(shapely.get_parts(line))
    found: list[tuple[int, float] | None] = []
    for place in (start, end):
        if place is None:
            found.append(None)
            continue
        point = Point(place)
        nearest = int(np.argmin([part.distance(point) for part in parts]))
        found.append((nearest, float(parts[nearest].project(point))))
    first, last = found
    if first is None and last is None:
        return line
    if first is not None and last is not None and first[0] != last[0]:
        msg = "the two ends lie on parts of the line that are not connected"
        raise ValueError(msg)
    chain = parts[(first or last or (0, 0.0))[0]]
    low = 0.0 if first is None else first[1]
    high = chain.length if last is None else last[1]
    if low == high:
        msg = "the two ends are the same point of the line"
        raise ValueError(msg)
    if chain.is_closed and abs(high - low) > chain.length / 2:
        rest = [substring(chain, max(low, high), chain.length), substring(chain, 0.0, min(low, high))]
        return shapely.line_merge(shapely.union_all(rest))
    return substring(chain, min(low, high), max(low, high))


# Sides of lines.


def side_of_line(area: BaseGeometry, line: BaseGeometry, side: Literal["left", "right"]) -> BaseGeometry:
    """Return the part of an area on one side of a line.

    The area is cut along the line, and along straight extensions where the line ends inside the
    area. Each piece is assigned to a side by ``geodesy.nearest`` from a point inside it.

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
    >>> from shapely import box
    >>> side_of_line(box(0, 0, 4, 4), LineString([(2, 1), (2, 3)]), "left").bounds
    (0.0, 0.0, 2.0, 4.0)
    """
    west, south, east, north = area.bounds
    reach = 2 * ((east - west) + (north - south))
    cuts: list[BaseGeometry] = [shapely.boundary(area)]
    for part in shapely.get_parts(line):
        coords = list(part.coords)
        if not part.is_closed:
            coords = [_extended(coords[1], coords[0], reach), *coords, _extended(coords[-2], coords[-1], reach)]
        cuts.append(LineString(coords))
    pieces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(shapely.union_all(cuts)))))
    points = shapely.point_on_surface(pieces)
    in_area = shapely.contains(area, points)
    pieces, points = pieces[in_area], points[in_area]
    sides = geodesy.nearest(points, line).side
    return shapely.union_all(pieces[sides == (1 if side == "left" else -1)])


def _extended(before: tuple[float, ...], end: tuple[float, ...], reach: float) -> LonLat:
    dx, dy = end[0] - before[0], end[1] - before[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    return (end[0] + dx / size * reach, end[1] + dy / size * reach)


def outline_and_side(zone: BaseGeometry, area: BaseGeometry, *, inside: bool) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the outline of a zone inside a country, and the country's area on one side of it.

    Where the outline of territory held by one party follows the border or the coast of the
    country, it is not a front: parts within 3 km of the country's own outline are left out.

    Parameters
    ----------
    zone : Polygon or MultiPolygon
    area : Polygon or MultiPolygon
        The country.
    inside : bool
        Return the area inside the zone, or else that outside of it.

    Returns
    -------
    line, area : geometries
        Either may be empty.

    Examples
    --------
    >>> from shapely import box
    >>> line, outside = outline_and_side(box(2, 0, 4, 4), box(0, 0, 4, 4), inside=False)
    >>> outside.bounds, round(line.length, 1)
    ((0.0, 0.0, 2.0, 4.0), 3.9)
    """
    near_border = geodesy.buffer(
        simplify(shapely.boundary(area), _BORDER_TOLERANCE_M / 20), _BORDER_TOLERANCE_M, tol=0.01
    )
    line = _merged(shapely.difference(shapely.intersection(shapely.boundary(zone), area), near_border))
    part = shapely.intersection(area, zone) if inside else shapely.difference(area, zone)
    polygons = [item for item in shapely.get_parts(part) if item.geom_type == "Polygon"]
    return line, shapely.MultiPolygon(polygons) if len(polygons) != 1 else polygons[0]


def simplify(line: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    """Simplify a line with a tolerance in metres.

    Douglas-Peucker in a plane scaled for the latitude nearest to the equator, where a degree of
    longitude is longest.

    Parameters
    ----------
    line : LineString or MultiLineString
    tolerance_m : float
        0 returns the line as it is.

    Returns
    -------
    LineString or MultiLineString

    Examples
    --------
    >>> simplify(LineString([(0, 50), (1, 50.0001), (2, 50)]), 20).wkt
    'LINESTRING (0 50, 2 50)'
    """
    if tolerance_m <= 0 or line.is_empty:
        return line
    _, south, _, north = line.bounds
    lowest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    scale = np.array([np.cos(np.radians(lowest)), 1.0])
    scaled = shapely.simplify(shapely.transform(line, lambda xy: xy * scale), tolerance_m / _DEGREE_M)
    out: BaseGeometry = shapely.transform(scaled, lambda xy: xy / scale)
    return out


# Files named by a description.


def read_sidecar(name: str, folder: Path | None) -> gpd.GeoDataFrame:
    """Read a vector file named by a description, in longitude and latitude.

    Parameters
    ----------
    name : str
        Path relative to the folder of the description.
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
        msg = f"the file {name!r} is looked for in the folder of the description, but the description was not read from a file"
        raise ReadError(msg)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        msg = f"the file {name!r} lies outside the folder of the description"
        raise ReadError(msg)
    frame = read_vector(path, name=repr(name))
    if frame.empty or frame.crs is None:
        msg = f"{name!r} {'is empty' if frame.empty else 'has no coordinate reference system'}"
        raise ReadError(msg)
    return frame.to_crs(WGS84)


def _read_line(name: str, folder: Path | None) -> BaseGeometry:
    """Read lines, or areas whose outline is the reference line, as one geometry."""
    frame = read_sidecar(name, folder)
    geometries = frame.geometry.to_numpy()
    types = set(frame.geometry.geom_type)
    if types <= {"Polygon", "MultiPolygon"}:
        return shapely.union_all(shapely.make_valid(geometries))
    if not types <= {"LineString", "MultiLineString"}:
        msg = f"{name!r} contains {', '.join(sorted(str(item) for item in types))}; expected lines or areas"
        raise ReadError(msg)
    return _merged(shapely.union_all(geometries))
