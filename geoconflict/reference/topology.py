"""What analysts ask of borders: tripoints, parts, chains, exclaves, and where a point lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import Fault, GeometryError, InputError, NoCommonBorderError
from geoconflict.names.countries import CountryName, by_iso, resolve
from geoconflict.reference import worldviews
from geoconflict.reference.borders import border, pair_members
from geoconflict.reference.container import FILE_NAME, SCALE, Container, open_container
from geoconflict.reference.folder import boundaries_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import geopandas as gpd
    from numpy.typing import NDArray

    from geoconflict.reference.worldviews import View

Lines = list["NDArray[np.float64]"]
_FAR_M = 5_000.0
_ON_GROUND = ("land", "river", "lake")


def tripoint(
    a: str, b: str, c: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None
) -> gpd.GeoDataFrame:
    """Return the points at which three countries meet: vertices that the three borders share.

    Parameters
    ----------
    a, b, c : str
        Names in English or ISO 3166 codes.
    worldview : str
        By whose view disputed ground is drawn.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        A table of PLACES, one row a tripoint (some triples have several).

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
    import geopandas as gpd

    from geoconflict.crs import WGS84
    from geoconflict.schema import PLACES, conform

    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    trio = [resolve(name) for name in (a, b, c)]
    pairs = [(trio[0], trio[1]), (trio[0], trio[2]), (trio[1], trio[2])]
    ends = [_ends(container, view, first, second) for first, second in pairs]
    common = sorted(ends[0] & ends[1] & ends[2])
    names = "–".join(sorted(one.name for one in trio))
    if not common:
        lacking = [
            f"{x.name} and {y.name} do not touch" for (x, y), found in zip(pairs, ends, strict=True) if not found
        ]
        why = "; ".join(lacking) or "each two of them touch, but not at one point"
        msg = f"{names} have no common point: {why}"
        raise NoCommonBorderError(msg)
    many = len(common) > 1
    frame = gpd.GeoDataFrame(
        {
            "place_id": [f"tripoint-{'-'.join(sorted(o.iso for o in trio))}-{i + 1}" for i in range(len(common))],
            "name": [f"{names} tripoint{f' {i + 1}' if many else ''}" for i in range(len(common))],
            "kind": "tripoint",
            "location_uncertainty_m": 0.0,
            **{column: container.index[column] for column in ("source", "source_date", "licence", "attribution")},
        },
        geometry=shapely.points(np.array(common) / SCALE),
        crs=WGS84,
    )
    return conform(frame, PLACES, what="the tripoint")


def _ends(container: Container, view: View, a: CountryName, b: CountryName) -> set[tuple[int, int]]:
    members = [name for name, _ in pair_members(container, view, a.iso, b.iso)]
    arcs = container.arcs(members).values()
    return {(int(v[0]), int(v[1])) for one in arcs for line in one.coordinates for v in (line[0], line[-1])}


def part_of_border(line: gpd.GeoDataFrame, start: shapely.Point, end: shapely.Point) -> gpd.GeoDataFrame:
    """Return the part of a border between two points.

    The points are moved to the nearest point of the line. Lengths are those of the part as
    drawn, so the border must be at full resolution.

    Parameters
    ----------
    line : GeoDataFrame
        A table of BORDERS of one pair of countries, as from :func:`border`.
    start, end : Point
        Longitude and latitude; at most 5 km off the line.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS, only the stretches that lie between the points.

    Raises
    ------
    InputError
        If the table holds several pairs or simplified lines, or the points lie on pieces
        that are not connected.
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
    from geoconflict import geodesy
    from geoconflict.schema import BORDERS, conform

    _require_one_pair(line)
    pieces = [(row, part) for row, shape in enumerate(line.geometry) for part in shapely.get_parts(shape)]
    whole = shapely.line_merge(shapely.multilinestrings([part for _, part in pieces]), directed=True)
    strands = [shapely.get_coordinates(part) for part in shapely.get_parts(whole)]
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
    faults = []
    pairs = sorted({f"{a}–{b}" for a, b in zip(line["country_a"], line["country_b"], strict=True)})
    if len(pairs) != 1:
        faults.append(Fault(f"it holds {len(pairs)} pairs of countries: {', '.join(pairs)}", hint="ask for one pair"))
    if (line["resolution_m"] > 0).any():
        faults.append(Fault("it is simplified, so a part of it has no true length", hint="ask for full resolution"))
    if faults:
        msg = "the border cannot be cut"
        raise InputError(msg, faults)


def _xy(point: shapely.Point, what: str) -> NDArray[np.float64]:
    if not isinstance(point, shapely.Point) or point.is_empty:
        msg = f"{what} is a shapely Point of longitude and latitude, found {type(point).__name__}"
        raise GeometryError(msg)
    return np.array([point.x, point.y])


def _between(strands: Lines, points: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return the strand nearest both points, and their places on it as vertex number and share of the edge."""
    from geoconflict import geodesy

    found = []
    for strand in strands:
        line = shapely.linestrings(strand)
        found.append(geodesy.distance(shapely.points(np.array(points)), line))
    offsets = np.array(found)
    best = int(np.argmin(offsets.max(axis=1)))
    if offsets[best].max() > _FAR_M:
        nearest = offsets.min(axis=0)
        for what, metres in zip(("start", "end"), nearest, strict=True):
            if metres > _FAR_M:
                msg = f"{what} is {metres / 1000:.1f} km from the line, more than {_FAR_M / 1000:g} km; check its axes"
                raise GeometryError(msg)
        msg = "start and end lie on pieces of the border that are not connected"
        raise InputError(msg)
    places = sorted(_place(strands[best], point) for point in points)
    return strands[best], (places[0], places[1])


def _place(strand: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Return where on a line a point is nearest: vertex number plus share of the edge."""
    scale = np.array([np.cos(np.radians(point[1])), 1.0])
    a, b, p = strand[:-1] * scale, strand[1:] * scale, point * scale
    way = b - a
    share = np.clip(np.einsum("ij,ij->i", p - a, way) / np.einsum("ij,ij->i", way, way), 0, 1)
    gap = np.hypot(*(a + share[:, None] * way - p).T)
    edge = int(np.argmin(gap))
    return edge + float(share[edge])


def _overlap(strand: NDArray[np.float64], first: float, last: float, part: NDArray[np.float64]) -> Lines:
    """Return what of a part of a strand lies between two places on the strand."""
    here = np.flatnonzero((strand[:-1] == part[0]).all(axis=1) & (strand[1:] == part[1]).all(axis=1))
    if len(here) == 0:
        return []
    low = int(here[0])
    begin, stop = max(float(low), first), min(float(low + len(part) - 1), last)
    if begin >= stop:
        return []
    inner = strand[int(np.floor(begin)) + 1 : int(np.ceil(stop))]
    return [np.concatenate([[_at(strand, begin)], inner, [_at(strand, stop)]])]


def _at(strand: NDArray[np.float64], place: float) -> NDArray[np.float64]:
    edge = min(int(place), len(strand) - 2)
    out: NDArray[np.float64] = strand[edge] + (place - edge) * (strand[edge + 1] - strand[edge])
    return out


def _lines(lines: Lines) -> shapely.LineString | shapely.MultiLineString:
    shapes = [shapely.LineString(line) for line in lines]
    return shapes[0] if len(shapes) == 1 else shapely.MultiLineString(shapes)


def chain(
    pairs: Sequence[tuple[str, str]],
    *,
    worldview: str = "de_facto",
    kinds: Sequence[str] | None = _ON_GROUND,
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the borders of several pairs one after the other, with the gaps between them.

    From Kaliningrad to the mouth of the Narva, say: Lithuania–Russia, Lithuania–Belarus,
    Latvia–Belarus, Latvia–Russia, Estonia–Russia. The first two of these do not meet: the
    border of Lithuania and Poland, the Suwałki gap, lies between them.

    Parameters
    ----------
    pairs : sequence of (str, str)
        In their order along the chain.
    worldview : str
        By whose view disputed ground is drawn.
    kinds : sequence of str, optional
        Kinds of stretch; those on the ground if left out, None for all.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS with two columns more: ``position`` of the pair, from 1, and
        ``gap_before_m``, the straight distance from the pair before it; 0 where they meet.

    Raises
    ------
    NoCommonBorderError
        If a pair does not touch.
    InputError
        If there is no pair.

    Examples
    --------
    >>> line = chain([("LT", "RU"), ("LT", "BY"), ("LV", "BY"), ("LV", "RU"), ("EE", "RU")])
    >>> round(float(line["length_m"].sum()) / 1000)
    1755
    >>> [round(gap / 1000, 1) for gap in line.groupby("position")["gap_before_m"].first()]
    [0.0, 65.4, 0.0, 0.0, 0.0]
    """
    import pandas as pd

    if not pairs:
        msg = "a chain needs at least one pair of countries"
        raise InputError(msg)
    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    named = [(resolve(a), resolve(b)) for a, b in pairs]
    tables = [border(a.iso, b.iso, worldview=worldview, kinds=kinds, folder=folder) for a, b in named]
    ends = [_ends(container, view, a, b) for a, b in named]
    gaps = [0.0, *(_gap(ends[i], ends[i + 1]) for i in range(len(named) - 1))]
    for position, (table, gap) in enumerate(zip(tables, gaps, strict=True), start=1):
        table["position"] = position
        table["gap_before_m"] = gap
    joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return joined


def _gap(ends: set[tuple[int, int]], following: set[tuple[int, int]]) -> float:
    """Return the distance from the nearest end of one border to the next border's nearest; 0 where they meet."""
    from geoconflict import geodesy

    if ends & following:
        return 0.0
    here, there = (np.array(sorted(points)) / SCALE for points in (ends, following))
    return float(geodesy.distance(shapely.points(here), shapely.MultiPoint(there)).min())


def exclaves(name: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None) -> gpd.GeoDataFrame:
    """Return the parts of a country that no land joins to its largest part, and that border on another country.

    Islands without a land border are not counted.

    Parameters
    ----------
    name : str
        Name in English or ISO 3166 code.
    worldview : str
        By whose view disputed ground is drawn.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        ``exclave_id``, ``country``, ``neighbours`` (names, with commas), ``coastal``,
        ``area_m2``, ``worldview``, ``source``, ``licence``, ``attribution``; the largest first.
        ``coastal`` is False for a true exclave, which only foreign land surrounds.

    Examples
    --------
    >>> found = exclaves("Azerbaijan")
    >>> found["neighbours"].iloc[0], round(float(found["area_m2"].iloc[0]) / 1e6)
    ('Armenia, Iran, Turkey', 5318)
    """
    import geopandas as gpd

    from geoconflict import geodesy
    from geoconflict.crs import WGS84
    from geoconflict.reference.country_areas import country

    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    one = resolve(name)
    whole = country(one.iso, worldview=worldview, folder=folder).geometry.iloc[0]
    parts = sorted(shapely.get_parts(whole), key=lambda part: -part.area)
    touching = _touching(container, view, one.iso, parts)
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
            **{column: container.index[column] for column in ("source", "licence", "attribution")},
        },
        geometry=shapes,
        crs=WGS84,
    )


def _touching(container: Container, view: View, iso: str, parts: list[shapely.Polygon]) -> list[tuple[set[str], bool]]:
    """Return the neighbours of each part, by the edges that it shares with border lines, and whether it has a coast."""
    vertices = [np.rint(shapely.get_coordinates(part) * SCALE).astype(np.int64) for part in parts]
    owner = np.repeat(np.arange(len(parts)), [len(one) for one in vertices])
    part_of = dict(zip(map(tuple, np.concatenate(vertices).tolist()), owner.tolist(), strict=True))
    found: list[tuple[set[str], bool]] = [(set(), False) for _ in parts]
    for key in container.index["borders"]:
        units = key.split("~")
        owners = [view.owner(unit) for unit in units]
        if iso not in owners or owners[0] == owners[1]:
            continue
        other = by_iso(owners[1] if owners[0] == iso else owners[0]).name
        arcs = container.arcs([f"border/{key}"])[f"border/{key}"]
        for kind, line in zip(arcs.kinds, arcs.coordinates, strict=True):
            middle = part_of.get(tuple(line[len(line) // 2].tolist()))
            if middle is not None and kind != "sea":
                found[middle][0].add(other)
    for unit in view.units(iso, container.index["units"]):
        for arcs in container.arcs([f"coast/{unit}"]).values():
            for line in arcs.coordinates:
                middle = part_of.get(tuple(line[len(line) // 2].tolist()))
                if middle is not None:
                    found[middle] = (found[middle][0], True)
    return found
