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
    Place,
    Segment,
    Site,
    Stated,
    StatusValue,
    Strip,
    Works,
)
from geoconflict.fortifications.extents import Drawn, written
from geoconflict.fortifications.references import Ground
from geoconflict.schema import ECHELONS, SITES, STRIPS, Table, conform
from geoconflict.vocabulary import Status

# How far off a place in words may be, where the source does not say: one part in ten of the
# distance, and an eighth of a turn for a bearing of eight points.
_BEARINGS = {"N": 0.0, "NE": 45.0, "E": 90.0, "SE": 135.0, "S": 180.0, "SW": 225.0, "W": 270.0, "NW": 315.0}
_BEARING_SHARE = 0.39  # sine of 22.5 degrees, rounded up


@dataclass(frozen=True, slots=True)
class Context:
    """What every row of a segment shares."""

    description: Description
    segment: Segment
    ground: Ground
    locate: Callable[[str], tuple[float, float] | None] | None = None
    owner: str = "not told"

    @property
    def common(self) -> dict[str, Any]:
        """The columns that every row has alike."""
        return {
            "line_id": self.description.id,
            "segment": self.segment.name or self.segment.id,
            "owner": self.owner,
            "facing": self.ground.facing,
        }

    def key(self, *parts: object) -> str:
        """Return an identifier that is stable from run to run."""
        return "-".join(str(part) for part in (self.description.id, self.segment.id, *parts))

    def status(self, *own: StatusValue | None) -> dict[str, Any]:
        """Return the status that is nearest to a work, and its day where the day is known."""
        for value in (*own, self.segment.status, self.description.status):
            if value is not None:
                day = value.date if value.date is not None and len(value.date) == 10 else None
                return {"status": value.value.value, "status_date": day}
        return {"status": Status.REPORTED.value, "status_date": None}

    def sources(self, *parts: Stated | None) -> dict[str, Any]:
        """Return who says so, and where it can be read: the nearest part that names a source."""
        for part in parts:
            keys = part.sources if part is not None else []
            known = [self.description.sources[key] for key in keys if key in self.description.sources]
            if known:
                names = [source.publisher or source.title for source in known]
                urls = [source.url for source in known if source.url]
                return {"source": "; ".join(dict.fromkeys(names)), "source_url": urls[0] if urls else None}
        return {"source": None, "source_url": None}


@dataclass(frozen=True, slots=True)
class Row:
    """One drawn row of a strip: its place in the list, among the rows, and its offset."""

    index: int
    row: int
    rows: int
    offset_m: float


def echelon_row(context: Context, drawn: Drawn, geometry: BaseGeometry) -> dict[str, Any]:
    """Return the row of an echelon."""
    echelon, ground = drawn.echelon, context.ground
    account = context.description.accounts.get(drawn.account) if drawn.account else None
    notes = [echelon.note, getattr(drawn.extent, "note", None)] if drawn.extent is not echelon else [echelon.note]
    notes += [f"Other accounts: {text}" for text in competing(context, drawn)]
    return {
        "echelon_id": context.key(f"e{echelon.index}"),
        **context.common,
        "depth_echelon": echelon.index,
        "name": echelon.name or f"Echelon {echelon.index}",
        "side": ground.side,
        "inner_m": drawn.inner_m,
        "outer_m": drawn.outer_m,
        "outer_min_m": drawn.outer_min_m,
        "outer_max_m": drawn.outer_max_m,
        "depth_text": drawn.text,
        "area_m2": float(geodesy.area(geometry)),
        "contents": echelon.contents or _contents(echelon),
        **context.status(echelon.status),
        "account": account.title if account is not None else None,
        **context.sources(drawn.extent.depth, drawn.extent.outer_limit, drawn.extent, echelon, context.segment),
        "method": f"ground of {ground.side} by its geodesic distance from the {ground.line_name}",
        "licence": ground.licence,
        "attribution": ground.attribution,
        "notes": _join(notes),
        "geometry": geometry,
    }


def _contents(echelon: Echelon) -> str | None:
    works: list[Works] = [*echelon.strips, *echelon.sites]
    return ", ".join(dict.fromkeys(work.name or work.type.label for work in works)) or None


def competing(context: Context, drawn: Drawn) -> Iterator[str]:
    """Yield what other accounts say of an echelon, and why one was chosen."""
    others = [extent for extent in drawn.echelon.accounts if extent is not drawn.extent]
    for extent in others:
        account = context.description.accounts.get(extent.account or "")
        title = account.title if account is not None else str(extent.account)
        told = [
            f"{words} {measure.value}"
            for words, measure in (
                ("from", extent.inner_limit),
                ("depth", extent.depth),
                ("outer limit", extent.outer_limit),
            )
            if measure is not None
        ]
        yield f"{title}: {', '.join(told) or extent.note or 'no figure'}"


def strip_row(
    context: Context, strip: Strip, at: Row, echelon: Echelon | None, geometry: BaseGeometry
) -> dict[str, Any]:
    """Return one drawn row of a strip."""
    ground, offset = context.ground, strip.offset
    if offset is None:
        msg = "a strip without an offset has no row"
        raise ValueError(msg)
    length = offset.length
    status = context.status(strip.status, echelon.status if echelon is not None else None)
    name = strip.name or strip.type.label.capitalize()
    assumed = bool(offset.assumed)
    uncertain = (length.max_m - length.min_m) / 2 if length.min_m is not None and length.max_m is not None else None
    notes = [strip.note, offset.note, offset.because]
    told = (("height", strip.height), ("length as told", strip.length), ("width", strip.width))
    notes += [f"{words} {measure.value}" for words, measure in told if measure is not None]
    if strip.continuous is False:
        notes.append("not continuous")
    if strip.rows > 1:
        notes.append(f"row {at.row + 1} of {at.rows}")
    return {
        "strip_id": context.key(
            *([f"e{echelon.index}"] if echelon else []), f"s{at.index}", *([f"r{at.row}"] if at.rows > 1 else [])
        ),
        **context.common,
        "depth_echelon": echelon.index if echelon is not None else None,
        "order": strip.order if strip.order is not None else at.index,
        "name": f"{name}, row {at.row + 1}" if at.rows > 1 else name,
        "fortification_type": strip.type.value,
        "app6_code": app6_code(strip.type, Status.read(status["status"])),
        "offset_m": at.offset_m,
        "offset_min_m": None if assumed else length.min_m,
        "offset_max_m": None if assumed else length.max_m,
        "offset_text": f"{offset.value} (assumed, no source gives it)" if assumed else offset.value,
        "width_m": strip.width.length.value_m if strip.width is not None else None,
        "count_min": strip.count.range[0] if strip.count is not None else None,
        "count_max": strip.count.range[1] if strip.count is not None else None,
        "per_km": strip.per_km,
        "length_m": float(geodesy.length(geometry)),
        "illustrative": assumed,
        "location_uncertainty_m": uncertain if uncertain and not assumed else None,
        **status,
        "account": _account_title(context, strip.account),
        **context.sources(None if assumed else offset, strip, echelon, context.segment),
        "method": _strip_method(ground, at.offset_m, assumed=assumed),
        "licence": ground.licence,
        "attribution": ground.attribution,
        "notes": _join(notes),
        "geometry": geometry,
    }


def _strip_method(ground: Ground, offset_m: float, *, assumed: bool) -> str:
    text = f"curve at {written(offset_m)} from the {ground.line_name}, inside {ground.side}"
    return f"{text}; the offset is an assumption of the description, for illustration" if assumed else text


def _account_title(context: Context, key: str | None) -> str | None:
    account = context.description.accounts.get(key or "")
    return account.title if account is not None else None


def site_row(context: Context, site: Site, index: int, echelon: Echelon | None) -> dict[str, Any]:
    """Return the row of a site; a count without places has no geometry."""
    status = context.status(site.status, echelon.status if echelon is not None else None)
    geometry, uncertainty, method = _where(site, context)
    least, most = (None, None) if geometry is None else (1.0, 1.0)
    if site.count is not None:
        least, most = site.count.range
    return {
        "site_id": context.key(*([f"e{echelon.index}"] if echelon else []), f"p{index}"),
        **context.common,
        "depth_echelon": echelon.index if echelon is not None else None,
        "name": site.name or site.type.label.capitalize(),
        "fortification_type": site.type.value,
        "app6_code": app6_code(site.type, Status.read(status["status"])),
        "count_min": least,
        "count_max": most,
        "illustrative": False,
        "location_uncertainty_m": uncertainty,
        **status,
        "account": _account_title(context, site.account),
        **context.sources(site.count, site, echelon, context.segment),
        "method": method,
        "notes": _join([site.note, site.count.note if site.count is not None else None]),
        "geometry": geometry,
    }


def _where(site: Site, context: Context) -> tuple[BaseGeometry | None, float | None, str]:
    place = site.place
    given = site.uncertainty or (place.uncertainty if place is not None else None)
    radius = given.length.value_m if given is not None else None
    at = site.at or (place.at if place is not None else None)
    if at is not None:
        return Point(at), radius, "point as the description gives it"
    found = _relative(place, context) if place is not None else None
    if found is not None:
        point, reach, method = found
        return point, radius or reach, method
    named = context.locate(place.name) if place is not None and place.name and context.locate is not None else None
    if named is not None:
        return Point(named), radius, f"point of {place.name if place is not None else ''} in the gazetteer"
    return None, None, "a count without places; no point is drawn"


def _relative(place: Place, context: Context) -> tuple[BaseGeometry, float, str] | None:
    """Place a point by its distance and bearing from an anchor, with a radius that allows for both."""
    told = place.relative
    if told is None or told.distance is None or told.bearing is None:
        return None
    anchor = told.anchor_at
    if anchor is None and context.locate is not None:
        anchor = context.locate(told.anchor)
    if anchor is None:
        return None
    length = told.distance.length
    lon, lat = geodesy.destination(*anchor, _BEARINGS[told.bearing], length.value_m)
    spread = (length.max_m or length.value_m) - (length.min_m or length.value_m)
    reach = max(_BEARING_SHARE * length.value_m, spread / 2)
    method = f"point {told.distance.value} {told.bearing} of {told.anchor}; the radius allows for the bearing"
    return Point(float(lon), float(lat)), reach, method


def count_text(site: Site, where: str) -> str:
    """Return a sentence on a number of works whose places are not known."""
    number = f"{site.count.value} " if site.count is not None else ""
    return f"{where}: {number}{site.name or site.type.label}, places not told; not drawn as points"


def spread(row: dict[str, Any], area: BaseGeometry) -> list[dict[str, Any]]:
    """Return as many illustrative points as a count says, spaced evenly over an area.

    The points are the cells' middles of a regular pattern; nothing in their places is known.
    """
    number = row["count_min"] if row["count_min"] is not None else row["count_max"]
    points = even_points(area, int(number or 0))
    return [
        {
            **row,
            "site_id": f"{row['site_id']}-i{index + 1}",
            "name": f"{row['name']} (illustrative)",
            "count_min": 1.0,
            "count_max": 1.0,
            "illustrative": True,
            "method": "spaced evenly over the area for illustration; the true places are not known",
            "geometry": point,
        }
        for index, point in enumerate(points)
    ]


def _join(texts: Sequence[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def _table(rows: list[dict[str, Any]], table: Table, extra: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
    columns = [*table.names, *extra, "geometry"]
    frame = gpd.GeoDataFrame(
        {name: [row.get(name) for row in rows] for name in columns[:-1]},
        geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=WGS84),
        crs=WGS84,
    )
    return conform(frame, table, what=f"the layout's table {table.name}")


def echelons_table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return the rows as a table of ECHELONS."""
    return _table(rows, ECHELONS)


def strips_table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return the rows as a table of STRIPS."""
    return _table(rows, STRIPS)


def sites_table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return the rows as a table of SITES."""
    return _table(rows, SITES)


_SAMPLES_A_POINT = 200
_ROUNDS = 30


def even_points(area: BaseGeometry, number: int) -> list[Point]:
    """Return points spaced evenly over an area.

    A fine grid of equal cells (equal on the ground: its columns widen with the latitude) is
    cut into as many groups of neighbours as points are wanted, by Lloyd's algorithm from a
    start along the grid's order; each point is the cell nearest to its group's middle, and
    therefore lies inside.

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
    shrink = float(np.cos(np.radians((south + north) / 2)))
    share = max(area.area / ((east - west) * (north - south)), 1e-3)
    step = float(np.sqrt((east - west) * shrink * (north - south) * share / (number * _SAMPLES_A_POINT)))
    xs = np.arange(west + step / shrink / 2, east, step / shrink)
    ys = np.arange(south + step / 2, north, step)
    grid = np.array([(x, y) for x in xs for y in ys])
    shapely.prepare(area)
    cells = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
    if len(cells) < number:
        cells = np.vstack([cells, [area.representative_point().coords[0]]])
        number = min(number, len(cells))
    flat = cells * (shrink, 1.0)
    order = np.lexsort((flat[:, 1], flat[:, 0])) if (east - west) * shrink > north - south else np.lexsort(flat.T)
    seeds = flat[[int(group[len(group) // 2]) for group in np.array_split(order, number)]]
    for _ in range(_ROUNDS):
        nearest = np.argmin(((flat[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2), axis=1)
        moved = np.array([flat[nearest == k].mean(axis=0) if (nearest == k).any() else seeds[k] for k in range(number)])
        if np.allclose(moved, seeds):
            break
        seeds = moved
    chosen = [int(np.argmin(((flat - seed) ** 2).sum(axis=1))) for seed in seeds]
    return [shapely.Point(cells[index]) for index in chosen]
