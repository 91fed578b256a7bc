"""Tripoints, parts of a border, chains of borders, and exclaves."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoconflict import geodesy
from geoconflict.crs import WGS84
from geoconflict.errors import Fault, GeometryError, InputError, NoCommonBorderError
from geoconflict.names.countries import CountryName, by_iso, resolve
from geoconflict.reference import worldviews
from geoconflict.reference.archive import SCALE, BorderArchive, open_borders
from geoconflict.reference.borders import border, pair_members
from geoconflict.reference.country_areas import country
from geoconflict.reference.worldviews import View
from geoconflict.schema import BORDERS, PLACES, conform

Lines: TypeAlias = list[NDArray[np.float64]]
_MAX_OFFSET_M = 5_000.0
_LAND_KINDS = ("land", "river", "lake")


def tripoint(
    a: str, b: str, c: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None
) -> gpd.GeoDataFrame:
    """Return the points where three countries meet: the vertices common to their three borders.

    Parameters
    ----------
    a, b, c : str
        Names in English or ISO 3166-1 codes.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of PLACES, one row for each tripoint; some triples have several.

    Raises
    ------
    NoCommonBorderError
        If the three do not meet.

    Examples
    --------
    >>> point = tripoint("Lithuania", "Poland", "Belarus").geometry.iloc[0]
    >>> round(point.x, 2), round(point.y, 2)
    (23.51, 53.96)
    """
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    trio = [resolve(name) for name in (a, b, c)]
    pairs = [(trio[0], trio[1]), (trio[0], trio[2]), (trio[1], trio[2])]
    ends = [_ends(archive, view, first, second) for first, second in pairs]
    common = sorted(ends[0] & ends[1] & ends[2])
    names = "–".join(sorted(one.name for one in trio))
    if not common:
        separate = [
            f"{x.name} and {y.name} do not touch" for (x, y), found in zip(pairs, ends, strict=True) if not found
        ]
        why = "; ".join(separate) or "each pair touches, but all three do not meet at one point"
        msg = f"{names} have no common point: {why}"
        raise NoCommonBorderError(msg)
    frame = gpd.GeoDataFrame(
        {
            "place_id": [f"tripoint-{'-'.join(sorted(o.iso for o in trio))}-{i + 1}" for i in range(len(common))],
            "name": [f"{names} tripoint{f' {i + 1}' if len(common) > 1 else ''}" for i in range(len(common))],
            "kind": "tripoint",
            "location_uncertainty_m": 0.0,
            **archive.provenance,
        },
        geometry=shapely.points(np.array(common) / SCALE),
        crs=WGS84,
    )
    return conform(frame, PLACES, what="the tripoint")


def _ends(archive: BorderArchive, view: View, a: CountryName, b: CountryName) -> set[tuple[int, int]]:
    members = [name for name, _ in pair_members(archive, view, a.iso, b.iso)]
    arcs = archive.arcs(members).values()
    return {(int(v[0]), int(v[1])) for one in arcs for line in one.coordinates for v in (line[0], line[-1])}


def part_of_border(line: gpd.GeoDataFrame, start: shapely.Point, end: shapely.Point) -> gpd.GeoDataFrame:
    """Return the part of a border between two points.

    The points are snapped to the line. Lengths are computed from the line as given, so the
    border must be at full resolution.

    Parameters
    ----------
    line : GeoDataFrame
        A table of BORDERS of one pair of countries, from :func:`border`.
    start, end : Point
        Longitude and latitude, at most 5 km from the line.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS with the stretches between the points.

    Raises
    ------
    SchemaError
        If the table is not a table of BORDERS.
    InputError
        If the table holds several pairs or simplified lines, or the points are on parts of the
        line that are not connected.
    GeometryError
        If a point is farther than 5 km from the line.

    Examples
    --------
    >>> line = border("Lithuania", "Poland")
    >>> west = tripoint("LT", "PL", "RU").geometry.iloc[0]
    >>> east = tripoint("LT", "PL", "BY").geometry.iloc[0]
    >>> round(float(part_of_border(line, west, east)["length_m"].sum()) / 1000, 1)
    104.3
    """
    line = conform(line, BORDERS, what="the border")
    _require_one_pair(line)
    pieces = [(row, part) for row, shape in enumerate(line.geometry) for part in shapely.get_parts(shape)]
    merged = shapely.line_merge(shapely.multilinestrings([part for _, part in pieces]), directed=True)
    strands = [shapely.get_coordinates(part) for part in shapely.get_parts(merged)]
    strand, (first, last) = _between(strands, [_xy(start, "start"), _xy(end, "end")])
    kept: dict[int, Lines] = {}
    for row, part in pieces:
        for cut in _overlap(strand, first, last, shapely.get_coordinates(part)):
            kept.setdefault(row, []).append(cut)
    out = line.iloc[sorted(kept)].copy()
    out.geometry = [_lines(kept[row]) for row in sorted(kept)]
    out["length_m"] = geodesy.length(out.geometry.to_numpy())
    out["drawn_length_m"] = out["length_m"]
    return conform(out.reset_index(drop=True), BORDERS, what="the part of the border")


def _require_one_pair(line: gpd.GeoDataFrame) -> None:
    faults: list[Fault] = []
    pairs = sorted({f"{a}–{b}" for a, b in zip(line["country_a"], line["country_b"], strict=True)})
    if len(pairs) != 1:
        faults.append(Fault(f"it holds {len(pairs)} pairs of countries: {', '.join(pairs)}", hint="use one pair"))
    if (line["resolution_m"] > 0).any():
        faults.append(Fault("it is simplified, so the length of a part would be wrong", hint="use full resolution"))
    if faults:
        msg = "the border cannot be cut"
        raise InputError(msg, faults)


def _xy(point: shapely.Point, what: str) -> NDArray[np.float64]:
    if not isinstance(point, shapely.Point) or point.is_empty:
        found = "an empty Point" if isinstance(point, shapely.Point) else type(point).__name__
        msg = f"{what} must be a shapely Point of longitude and latitude, found {found}"
        raise GeometryError(msg)
    return np.array([point.x, point.y])


def _between(strands: Lines, points: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return the strand nearest to both points, and their positions on it (see ``_position``), sorted."""
    found = []
    for strand in strands:
        line = shapely.linestrings(strand)
        found.append(geodesy.distance(shapely.points(np.array(points)), line))
    offsets = np.array(found)
    best = int(np.argmin(offsets.max(axis=1)))
    if offsets[best].max() > _MAX_OFFSET_M:
        nearest = offsets.min(axis=0)
        for what, metres in zip(("start", "end"), nearest, strict=True):
            if metres > _MAX_OFFSET_M:
                msg = (
                    f"{what} is {metres / 1000:.1f} km from the line, more than {_MAX_OFFSET_M / 1000:g} km; "
                    "check the order of longitude and latitude"
                )
                raise GeometryError(msg)
        msg = "start and end are on parts of the border that are not connected"
        raise InputError(msg)
    first, last = sorted(_position(strands[best], point) for point in points)
    return strands[best], (first, last)


def _position(strand: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Return the position on a line that is nearest to a point: vertex number plus fraction of the edge."""
    scale = np.array([np.cos(np.radians(point[1])), 1.0])
    a, b, p = strand[:-1] * scale, strand[1:] * scale, point * scale
    step = b - a
    fraction = np.clip(np.einsum("ij,ij->i", p - a, step) / np.einsum("ij,ij->i", step, step), 0, 1)
    edge = int(np.argmin(np.hypot(*(a + fraction[:, None] * step - p).T)))
    return edge + float(fraction[edge])


def _overlap(strand: NDArray[np.float64], first: float, last: float, part: NDArray[np.float64]) -> Lines:
    """Return the portion of a part of a strand that lies between two positions on the strand."""
    here = np.flatnonzero((strand[:-1] == part[0]).all(axis=1) & (strand[1:] == part[1]).all(axis=1))
    if len(here) == 0:
        return []
    low = int(here[0])
    begin, stop = max(float(low), first), min(float(low + len(part) - 1), last)
    if begin >= stop:
        return []
    inner = strand[int(np.floor(begin)) + 1 : int(np.ceil(stop))]
    return [np.concatenate([[_at(strand, begin)], inner, [_at(strand, stop)]])]


def _at(strand: NDArray[np.float64], position: float) -> NDArray[np.float64]:
    edge = min(int(position), len(strand) - 2)
    out: NDArray[np.float64] = strand[edge] + (position - edge) * (strand[edge + 1] - strand[edge])
    return out


def _lines(lines: Lines) -> shapely.LineString | shapely.MultiLineString:
    shapes = [shapely.LineString(line) for line in lines]
    return shapes[0] if len(shapes) == 1 else shapely.MultiLineString(shapes)


def chain(
    pairs: Sequence[tuple[str, str]],
    *,
    worldview: str = "de_facto",
    kinds: Sequence[str] | None = _LAND_KINDS,
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the borders of several pairs of countries in sequence, with the gaps between them.

    For example from Kaliningrad to the mouth of the Narva: Lithuania–Russia, Lithuania–Belarus,
    Latvia–Belarus, Latvia–Russia, Estonia–Russia. The first two do not meet: the border of
    Lithuania and Poland, the Suwałki gap, lies between them.

    Parameters
    ----------
    pairs : sequence of (str, str)
        In order along the chain.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    kinds : sequence of str, optional
        Kinds of stretch: land, river and lake by default, None for all.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS with two more columns: ``position`` of the pair, from 1, and
        ``gap_before_m``, the geodesic distance from the previous pair; 0 if they meet.

    Raises
    ------
    NoCommonBorderError
        If a pair does not touch.
    InputError
        If there is no pair, or an item is not a pair of names.

    Examples
    --------
    >>> line = chain([("LT", "RU"), ("LT", "BY"), ("LV", "BY"), ("LV", "RU"), ("EE", "RU")])
    >>> round(float(line["length_m"].sum()) / 1000)
    1755
    >>> [round(gap / 1000, 1) for gap in line.groupby("position")["gap_before_m"].first()]
    [0.0, 65.4, 0.0, 0.0, 0.0]
    """
    if not pairs:
        msg = "a chain needs at least one pair of countries"
        raise InputError(msg)
    faults = [
        Fault(f"{pair!r} is not a pair of names", row=number)
        for number, pair in enumerate(pairs, start=1)
        if isinstance(pair, str) or len(pair) != 2
    ]
    if faults:
        msg = 'a chain is a list of pairs of countries, such as [("Lithuania", "Russia"), ("Lithuania", "Belarus")]'
        raise InputError(msg, faults)
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    named = [(resolve(a), resolve(b)) for a, b in pairs]
    tables = [border(a.iso, b.iso, worldview=worldview, kinds=kinds, folder=folder) for a, b in named]
    ends = [_ends(archive, view, a, b) for a, b in named]
    gaps = [0.0, *(_gap(ends[i], ends[i + 1]) for i in range(len(named) - 1))]
    for position, (table, gap) in enumerate(zip(tables, gaps, strict=True), start=1):
        table["position"] = position
        table["gap_before_m"] = gap
    joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return joined


def _gap(ends: set[tuple[int, int]], following: set[tuple[int, int]]) -> float:
    """Return the distance between the nearest ends of two borders; 0 if they share an end."""
    if ends & following:
        return 0.0
    here, there = (np.array(sorted(points)) / SCALE for points in (ends, following))
    return float(geodesy.distance(shapely.points(here), shapely.MultiPoint(there)).min())


def exclaves(name: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None) -> gpd.GeoDataFrame:
    """Return the parts of a country that are separate from its largest part and border another country.

    Islands without a land border are not counted.

    Parameters
    ----------
    name : str
        Name in English or ISO 3166-1 code.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        ``exclave_id``, ``country``, ``neighbours`` (names, comma-separated), ``coastal``,
        ``area_m2``, ``worldview``, ``source``, ``source_date``, ``licence``, ``attribution``;
        largest first.
        ``coastal`` is False for a true exclave, surrounded by foreign land.

    Examples
    --------
    >>> found = exclaves("Azerbaijan")
    >>> found["neighbours"].iloc[0], round(float(found["area_m2"].iloc[0]) / 1e6)
    ('Armenia, Iran, Turkey', 5318)
    """
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    one = resolve(name)
    area = country(one.iso, worldview=worldview, folder=folder).geometry.iloc[0]
    parts = sorted(shapely.get_parts(area), key=lambda part: -part.area)
    touching = _touching(archive, view, one.iso, parts)
    small = [i for i in range(1, len(parts)) if touching[i][0]]
    shapes = [parts[i] for i in small]
    return gpd.GeoDataFrame(
        {
            "exclave_id": [f"{one.iso}-exclave-{rank}" for rank in range(1, len(small) + 1)],
            "country": one.name,
            "neighbours": [", ".join(sorted(touching[i][0])) for i in small],
            "coastal": [touching[i][1] for i in small],
            "area_m2": np.asarray(geodesy.area(np.array(shapes, dtype=object)), dtype=float) if shapes else [],
            "worldview": view.worldview.value,
            **archive.provenance,
        },
        geometry=shapes,
        crs=WGS84,
    )


def _touching(
    archive: BorderArchive, view: View, iso: str, parts: list[shapely.Polygon]
) -> list[tuple[set[str], bool]]:
    """Return the neighbours of each part, found by the border lines on its outline, and whether it has a coast."""
    vertices = [np.rint(shapely.get_coordinates(part) * SCALE).astype(np.int64) for part in parts]
    owner = np.repeat(np.arange(len(parts)), [len(one) for one in vertices])
    part_of = dict(zip(map(tuple, np.concatenate(vertices).tolist()), owner.tolist(), strict=True))
    found: list[tuple[set[str], bool]] = [(set(), False) for _ in parts]
    for key, other in view.borders(iso, archive.index["borders"]):
        arcs = archive.arcs([f"border/{key}"])[f"border/{key}"]
        for kind, line in zip(arcs.kinds, arcs.coordinates, strict=True):
            middle = part_of.get(tuple(line[len(line) // 2].tolist()))
            if middle is not None and kind != "sea":
                found[middle][0].add(by_iso(other).name)
    for unit in view.units(iso, archive.index["units"]):
        for arcs in archive.arcs([f"coast/{unit}"]).values():
            for line in arcs.coordinates:
                middle = part_of.get(tuple(line[len(line) // 2].tolist()))
                if middle is not None:
                    found[middle] = (found[middle][0], True)
    return found
