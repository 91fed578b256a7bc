"""Rows of the tables ECHELONS, STRIPS and SITES from the parts of a description."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geoconflict import geodesy
from geoconflict.crs import WGS84
from geoconflict.fortifications.codes import app6_code
from geoconflict.fortifications.description import (
    Description,
    Echelon,
    Fortification,
    Place,
    Segment,
    Site,
    Stated,
    StatusValue,
    Strip,
)
from geoconflict.fortifications.extents import EchelonExtent, format_distance
from geoconflict.fortifications.references import LonLat, ResolvedSegment
from geoconflict.schema import Table, conform
from geoconflict.vocabulary import Status

_BEARINGS = {"N": 0.0, "NE": 45.0, "E": 90.0, "SE": 135.0, "S": 180.0, "SW": 225.0, "W": 270.0, "NW": 315.0}
# Uncertainty of a point given by distance and one of eight bearings, as a share of the distance:
# the sine of 22.5 degrees, rounded up.
_BEARING_SHARE = 0.39
# Cells of the grid for each evenly spaced point.
_CELLS_PER_POINT = 200
_MAX_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class RowContext:
    """What all rows of a segment have in common."""

    description: Description
    segment: Segment
    resolved: ResolvedSegment
    owner: str
    locate: Callable[[str], LonLat | None] | None = None

    def common(self) -> dict[str, Any]:
        """Return the columns that the three tables have in common."""
        return {
            "line_id": self.description.id,
            "segment": self.segment.name or self.segment.id,
            "owner": self.owner,
            "facing": self.resolved.facing,
        }

    def key(self, *parts: object) -> str:
        """Return an identifier that is the same in every run."""
        return "-".join(str(part) for part in (self.description.id, self.segment.id, *parts))

    def status(self, *own: StatusValue | None) -> dict[str, Any]:
        """Return the first status given, else that of the segment or the line, and its day if it is known."""
        for value in (*own, self.segment.status, self.description.status):
            if value is not None:
                day = value.date if value.date is not None and len(value.date) == 10 else None
                return {"status": value.value.value, "status_date": day}
        return {"status": Status.REPORTED.value, "status_date": None}

    def account(self, key: str | None) -> str | None:
        """Return the title of an account."""
        account = self.description.accounts.get(key or "")
        return account.title if account is not None else None

    def sources(self, *parts: Stated | None) -> dict[str, Any]:
        """Return the publishers and the first address of the first part that names a source."""
        for part in parts:
            keys = part.sources if part is not None else []
            known = [self.description.sources[key] for key in keys if key in self.description.sources]
            if known:
                names = [source.publisher or source.title for source in known]
                urls = [source.url for source in known if source.url]
                return {"source": "; ".join(dict.fromkeys(names)), "source_url": urls[0] if urls else None}
        return {"source": None, "source_url": None}


@dataclass(frozen=True, slots=True)
class StripRow:
    """One row of a strip: position of the strip in its list, number of the row, and offset."""

    index: int
    row: int
    rows: int
    offset_m: float


def echelon_row(context: RowContext, extent: EchelonExtent, geometry: BaseGeometry) -> dict[str, Any]:
    """Return the row of an echelon."""
    echelon, source, resolved = extent.echelon, extent.source, context.resolved
    notes = [echelon.note, source.note if source is not echelon else None]
    notes += [f"Other accounts: {text}" for text in other_accounts(context, extent)]
    return {
        "echelon_id": context.key(f"e{echelon.index}"),
        **context.common(),
        "depth_echelon": echelon.index,
        "name": echelon.name or f"Echelon {echelon.index}",
        "side": resolved.side,
        "inner_m": extent.inner_m,
        "outer_m": extent.outer_m,
        "outer_min_m": extent.outer_min_m,
        "outer_max_m": extent.outer_max_m,
        "depth_text": extent.text,
        "area_m2": float(geodesy.area(geometry)),
        "contents": echelon.contents or _contents(echelon),
        **context.status(echelon.status),
        "account": context.account(extent.account),
        **context.sources(source.depth, source.outer_limit, source, echelon, context.segment),
        "method": f"area of {resolved.side} by geodesic distance from the {resolved.line_name}",
        "licence": resolved.licence,
        "attribution": resolved.attribution,
        "notes": _join(notes),
        "geometry": geometry,
    }


def _contents(echelon: Echelon) -> str | None:
    parts: list[Fortification] = [*echelon.strips, *echelon.sites]
    return ", ".join(dict.fromkeys(part.name or part.type.label for part in parts)) or None


def other_accounts(context: RowContext, extent: EchelonExtent) -> Iterator[str]:
    """Yield what the accounts that are not drawn say about an echelon."""
    for other in extent.echelon.accounts:
        if other is extent.source:
            continue
        limits = (("from", other.inner_limit), ("depth", other.depth), ("outer limit", other.outer_limit))
        values = [f"{name} {measure.value}" for name, measure in limits if measure is not None]
        title = context.account(other.account) or str(other.account)
        yield f"{title}: {', '.join(values) or other.note or 'no value'}"


def strip_row(
    context: RowContext, strip: Strip, at: StripRow, echelon: Echelon | None, geometry: BaseGeometry
) -> dict[str, Any]:
    """Return one row of a strip.

    Raises
    ------
    ValueError
        If the strip has no offset.
    """
    resolved, offset = context.resolved, strip.offset
    if offset is None:
        msg = "a strip without an offset has no row"
        raise ValueError(msg)
    length = offset.length
    status = context.status(strip.status, echelon.status if echelon is not None else None)
    name = strip.name or strip.type.label.capitalize()
    assumed = bool(offset.assumed)
    uncertainty = (length.max_m - length.min_m) / 2 if length.min_m is not None and length.max_m is not None else None
    notes = [strip.note, offset.note, offset.because]
    sizes = (("height", strip.height), ("length according to the source", strip.length), ("width", strip.width))
    notes += [f"{label} {measure.value}" for label, measure in sizes if measure is not None]
    if strip.continuous is False:
        notes.append("not continuous")
    if strip.rows > 1:
        notes.append(f"row {at.row + 1} of {at.rows}")
    method = f"curve at {format_distance(at.offset_m)} from the {resolved.line_name}, inside {resolved.side}"
    return {
        "strip_id": context.key(
            *([f"e{echelon.index}"] if echelon else []), f"s{at.index}", *([f"r{at.row}"] if at.rows > 1 else [])
        ),
        **context.common(),
        "depth_echelon": echelon.index if echelon is not None else None,
        "order": strip.order if strip.order is not None else at.index,
        "name": f"{name}, row {at.row + 1}" if at.rows > 1 else name,
        "fortification_type": strip.type.value,
        "app6_code": app6_code(strip.type, Status.read(status["status"])),
        "offset_m": at.offset_m,
        "offset_min_m": None if assumed else length.min_m,
        "offset_max_m": None if assumed else length.max_m,
        "offset_text": f"{offset.value} (assumed, not from a source)" if assumed else offset.value,
        "width_m": strip.width.length.value_m if strip.width is not None else None,
        "count_min": strip.count.range[0] if strip.count is not None else None,
        "count_max": strip.count.range[1] if strip.count is not None else None,
        "per_km": strip.per_km,
        "length_m": float(geodesy.length(geometry)),
        "illustrative": assumed,
        "location_uncertainty_m": uncertainty if uncertainty and not assumed else None,
        **status,
        "account": context.account(strip.account),
        **context.sources(None if assumed else offset, strip, echelon, context.segment),
        "method": f"{method}; the offset is an assumption of the description, for illustration" if assumed else method,
        "licence": resolved.licence,
        "attribution": resolved.attribution,
        "notes": _join(notes),
        "geometry": geometry,
    }


def site_row(context: RowContext, site: Site, index: int, echelon: Echelon | None) -> dict[str, Any]:
    """Return the row of a site; it has no geometry if the location is unknown."""
    status = context.status(site.status, echelon.status if echelon is not None else None)
    geometry, uncertainty, method = _location(site, context)
    least, most = (None, None) if geometry is None else (1.0, 1.0)
    if site.count is not None:
        least, most = site.count.range
    return {
        "site_id": context.key(*([f"e{echelon.index}"] if echelon else []), f"p{index}"),
        **context.common(),
        "depth_echelon": echelon.index if echelon is not None else None,
        "name": site.name or site.type.label.capitalize(),
        "fortification_type": site.type.value,
        "app6_code": app6_code(site.type, Status.read(status["status"])),
        "count_min": least,
        "count_max": most,
        "illustrative": False,
        "location_uncertainty_m": uncertainty,
        **status,
        "account": context.account(site.account),
        **context.sources(site.count, site, echelon, context.segment),
        "method": method,
        "notes": _join([site.note, site.count.note if site.count is not None else None]),
        "geometry": geometry,
    }


def _location(site: Site, context: RowContext) -> tuple[BaseGeometry | None, float | None, str]:
    place = site.place
    given = site.uncertainty or (place.uncertainty if place is not None else None)
    radius = given.length.value_m if given is not None else None
    at = site.at or (place.at if place is not None else None)
    if at is not None:
        return Point(at), radius, "coordinates from the description"
    found = _relative_location(place, context) if place is not None else None
    if found is not None:
        point, reach, method = found
        return point, radius or reach, method
    if place is not None and place.name and context.locate is not None:
        named = context.locate(place.name)
        if named is not None:
            return Point(named), radius, f"coordinates of {place.name} from the gazetteer"
    return None, None, "location unknown; no point is drawn"


def _relative_location(place: Place, context: RowContext) -> tuple[BaseGeometry, float, str] | None:
    """Locate a place by distance and bearing from an anchor, with a radius for the uncertainty of both."""
    relative = place.relative
    if relative is None or relative.distance is None or relative.bearing is None:
        return None
    anchor = relative.anchor_at
    if anchor is None and context.locate is not None:
        anchor = context.locate(relative.anchor)
    if anchor is None:
        return None
    length = relative.distance.length
    lon, lat = geodesy.destination(*anchor, _BEARINGS[relative.bearing], length.value_m)
    spread = (length.max_m or length.value_m) - (length.min_m or length.value_m)
    reach = max(_BEARING_SHARE * length.value_m, spread / 2)
    method = f"point {relative.distance.value} {relative.bearing} of {relative.anchor}; the radius covers the uncertainty of the bearing"
    return Point(float(lon), float(lat)), reach, method


def illustrate(row: dict[str, Any], area: BaseGeometry) -> list[dict[str, Any]]:
    """Return the count of a site as illustrative points, spaced evenly over an area."""
    number = row["count_min"] if row["count_min"] is not None else row["count_max"]
    return [
        {
            **row,
            "site_id": f"{row['site_id']}-i{index + 1}",
            "name": f"{row['name']} (illustrative)",
            "count_min": 1.0,
            "count_max": 1.0,
            "illustrative": True,
            "method": "spaced evenly over the area for illustration; the locations are unknown",
            "geometry": point,
        }
        for index, point in enumerate(even_points(area, int(number or 0)))
    ]


def even_points(area: BaseGeometry, number: int) -> list[Point]:
    """Return points spaced evenly over an area; the same input gives the same points.

    A fine grid of cells of equal area is divided into as many groups of neighbours as points
    are wanted, by Lloyd's algorithm. Each point is the cell nearest to the mean of its group,
    so it lies inside the area.

    Parameters
    ----------
    area : Polygon or MultiPolygon
    number : int

    Returns
    -------
    list of Point
        In the order of the grid, from the south-west. Empty for an empty area.

    Examples
    --------
    >>> from shapely import box
    >>> [(round(p.x, 1), round(p.y, 1)) for p in even_points(box(0, 0, 4, 1), 4)]
    [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)]
    """
    if number <= 0 or area.is_empty:
        return []
    west, south, east, north = area.bounds
    scale = float(np.cos(np.radians((south + north) / 2)))
    share = max(area.area / ((east - west) * (north - south)), 1e-3)
    step = float(np.sqrt((east - west) * scale * (north - south) * share / (number * _CELLS_PER_POINT)))
    xs = np.arange(west + step / scale / 2, east, step / scale)
    ys = np.arange(south + step / 2, north, step)
    grid = np.array([(x, y) for x in xs for y in ys])
    shapely.prepare(area)
    cells = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
    if len(cells) < number:
        cells = np.vstack([cells, [area.representative_point().coords[0]]])
        number = min(number, len(cells))
    flat = cells * (scale, 1.0)
    order = np.lexsort((flat[:, 1], flat[:, 0])) if (east - west) * scale > north - south else np.lexsort(flat.T)
    seeds = flat[[int(group[len(group) // 2]) for group in np.array_split(order, number)]]
    for _ in range(_MAX_ROUNDS):
        nearest = np.argmin(((flat[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2), axis=1)
        moved = np.array([flat[nearest == k].mean(axis=0) if (nearest == k).any() else seeds[k] for k in range(number)])
        if np.allclose(moved, seeds):
            break
        seeds = moved
    return [Point(cells[int(np.argmin(((flat - seed) ** 2).sum(axis=1)))]) for seed in seeds]


def _join(texts: Sequence[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def rows_table(rows: Sequence[dict[str, Any]], table: Table) -> gpd.GeoDataFrame:
    """Return rows as a table of the schema."""
    frame = gpd.GeoDataFrame(
        {name: [row.get(name) for row in rows] for name in table.names if name != "geometry"},
        geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=WGS84),
        crs=WGS84,
    )
    return conform(frame, table, what=f"the layout's table {table.name}")
