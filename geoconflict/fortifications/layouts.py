"""From a description and borders to the tables ECHELONS, STRIPS and SITES.

An echelon is the part of its country whose geodesic distance from the reference line lies
between its inner and its outer limit; successive echelons share their edges. A strip is the
curve at its offset, directed so that the enemy lies on its left. A count without locations
stays a count: points are invented only for an illustration.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from geoconflict import geodesy
from geoconflict.errors import InputError, did_you_mean
from geoconflict.fortifications.description import Description, Echelon, Segment, Site, Strip
from geoconflict.fortifications.extents import EchelonExtent, echelon_extents, format_distance, row_offsets
from geoconflict.fortifications.references import (
    CountryNames,
    Faults,
    Inputs,
    LonLat,
    ResolvedSegment,
    resolve_segment,
)
from geoconflict.fortifications.rows import (
    RowContext,
    StripRow,
    echelon_row,
    illustrate,
    other_accounts,
    rows_table,
    site_row,
    strip_row,
)
from geoconflict.fortifications.strips import StripOptions, cut_gaps, strip_curve
from geoconflict.fortifications.validation import validate
from geoconflict.io.yaml import Loc
from geoconflict.schema import ECHELONS, SITES, STRIPS

# A strip may leave the exact curve by this share of its offset, so that a jagged border gives a smooth line.
SIMPLIFY_SHARE = 0.02
# Maximum number of points in an illustration.
MAX_POINTS = 1000
_WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """Options of ``layout``.

    Attributes
    ----------
    account : str, optional
        Key of the account to draw instead of the chosen one.
    lines : mapping of str to geometry
        Reference lines that are not borders, by their names in the description.
    crossings : GeoDataFrame, optional
        Points of the gaps at every crossing.
    illustrate : bool
        Whether to spread a count without locations evenly over its area, marked illustrative.
    resolve : callable, optional
        Returns the name of a country in the tables for a name as people write it.
    locate : callable, optional
        Returns longitude and latitude of a named place, or None; used for ends of lines and
        for sites without coordinates.
    simplify_share : float
        Maximum deviation of a strip from the exact curve, as a share of its offset.
    tol : float
        Maximum relative error of the limits of echelons.
    """

    account: str | None = None
    lines: Mapping[str, BaseGeometry] = field(default_factory=dict)
    crossings: gpd.GeoDataFrame | None = None
    illustrate: bool = False
    resolve: Callable[[str], str] | None = None
    locate: Callable[[str], LonLat | None] | None = None
    simplify_share: float = SIMPLIFY_SHARE
    tol: float = 1e-4


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the map must know that the geometry does not show.

    Attributes
    ----------
    kind : str
        ``count`` (a number without locations), ``assumed``, ``competing``, ``unplaced``,
        ``gap``, ``fragment`` or ``terrain``.
    text : str
    line_id, segment : str
    depth_echelon : int or None
    at : (float, float) or None
        Longitude and latitude, if the note is about a place.
    anchor : (float, float) or None
        Position for a label, inside the area that the note is about; not a location.
    """

    kind: str
    text: str
    line_id: str
    segment: str
    depth_echelon: int | None = None
    at: LonLat | None = None
    anchor: LonLat | None = None

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Layout:
    """A defence line as tables.

    Attributes
    ----------
    description : Description
        What was laid out.
    echelons, strips, sites : GeoDataFrame
        Tables of ECHELONS, STRIPS and SITES.
    notes : tuple of Note
        Counts without locations, assumptions, other accounts, parts that are not drawn.
    """

    description: Description
    echelons: gpd.GeoDataFrame
    strips: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    notes: tuple[Note, ...]


def layout(
    description: Description,
    borders: gpd.GeoDataFrame | None,
    countries: gpd.GeoDataFrame,
    *,
    options: LayoutOptions | None = None,
) -> Layout:
    """Lay a description out on borders.

    Parameters
    ----------
    description : Description
    borders : GeoDataFrame or None
        Table of BORDERS with the borders that ``description.borders()`` lists.
    countries : GeoDataFrame
        Table of COUNTRIES with the countries that ``description.countries()`` lists, by the
        same worldview and at the same resolution as the borders.
    options : LayoutOptions, optional

    Returns
    -------
    Layout

    Raises
    ------
    DescriptionError
        If the description is a draft or has faults, if a side is not a country of its border,
        an echelon is wider than the country, or a line cannot be found. The error lists all
        faults, with line and column.
    """
    options = options or LayoutOptions()
    faults = Faults(description)
    if description.draft:
        faults.add("a draft cannot be drawn; complete it, then remove draft: true", ("draft",))
    if options.account is not None and options.account not in description.accounts:
        known = list(description.accounts)
        hint = did_you_mean(options.account, known) or f"the accounts are {', '.join(known) or 'none'}"
        faults.add(f"the description has no account {options.account!r}", ("accounts",), hint)
    faults.check()
    validate(description)
    names = CountryNames(borders, countries, options.resolve)
    inputs = Inputs(borders, countries, names, options.lines, description.folder, options.locate)
    segments = [
        _SegmentLayout(description, segment, resolved, ("segments", index), options, faults)
        for index, segment in enumerate(description.segments)
        if (resolved := resolve_segment(segment, ("segments", index), inputs, faults)) is not None
    ]
    faults.check()
    owner = description.owner.value if description.owner is not None else "unknown"
    for segment in segments:
        segment.build([other.resolved for other in segments if other is not segment], names.find(owner) or owner)
    faults.check()
    _remove_overlaps([segment.echelons for segment in segments])
    return Layout(
        description,
        rows_table([row for segment in segments for row in segment.echelons], ECHELONS),
        rows_table([row for segment in segments for row in segment.strips], STRIPS),
        rows_table([row for segment in segments for row in segment.sites], SITES),
        tuple(dict.fromkeys(note for segment in segments for note in segment.notes)),
    )


class _SegmentLayout:
    """Collects the rows and notes of one segment."""

    def __init__(
        self,
        description: Description,
        segment: Segment,
        resolved: ResolvedSegment,
        loc: Loc,
        options: LayoutOptions,
        faults: Faults,
    ) -> None:
        self.description, self.segment, self.resolved = description, segment, resolved
        self.loc, self.options, self.faults = loc, options, faults
        self.echelons: list[dict[str, Any]] = []
        self.strips: list[dict[str, Any]] = []
        self.sites: list[dict[str, Any]] = []
        self.notes: list[Note] = []
        self.areas: dict[int, BaseGeometry] = {}

    def build(self, others: Sequence[ResolvedSegment], owner: str) -> None:
        self.others = others
        self.context = RowContext(self.description, self.segment, self.resolved, owner, self.options.locate)
        for terrain in self.segment.terrain:
            self._note("terrain", f"{self._name(None)}: {terrain.text}", at=terrain.at)
        extents = echelon_extents(self.description, self.segment, self.options.account)
        self._add_echelons([extent for extent in extents if extent.is_known])
        for extent in extents:
            echelon = extent.echelon
            if not extent.is_known:
                by = f" in account {extent.account}" if extent.account else ""
                self._note("unplaced", f"{self._name(echelon)} is not drawn: no depth or outer limit{by}", echelon)
            self._add_parts(echelon.strips, echelon.sites, echelon, self._loc(echelon))
        self._add_parts(self.segment.strips, self.segment.sites, None, self.loc)

    def _loc(self, echelon: Echelon) -> Loc:
        place = next(i for i, item in enumerate(self.segment.echelons) if item is echelon)
        return (*self.loc, "echelons", place)

    def _note(
        self,
        kind: str,
        text: str,
        echelon: Echelon | None = None,
        *,
        at: LonLat | None = None,
        anchor: LonLat | None = None,
    ) -> None:
        number = echelon.index if echelon is not None else None
        self.notes.append(Note(kind, text, self.description.id, self.segment.id, number, at, anchor))

    def _name(self, echelon: Echelon | None) -> str:
        name = self.segment.name or self.segment.id
        return name if echelon is None else f"{name}, {echelon.name or f'echelon {echelon.index}'}"

    def _add_echelons(self, extents: list[EchelonExtent]) -> None:
        """Cut the area into echelons, with all edges in one call, so that they share them."""
        if not extents:
            return
        limits = [(extent.inner_m or 0.0, extent.outer_m or 0.0) for extent in extents]
        edges = sorted({0.0, *itertools.chain.from_iterable(limits)})
        try:
            bands = geodesy.bands(self.resolved.line, self.resolved.area, edges, tol=self.options.tol)
        except InputError as error:
            self.faults.add(error.message, (*self.loc, "echelons"))
            return
        pieces = dict(zip(itertools.pairwise(edges), bands, strict=True))
        for extent, pair in zip(extents, limits, strict=True):
            echelon, geometry = extent.echelon, pieces[pair]
            if geometry.is_empty:
                self.faults.add(
                    f"echelon {echelon.index} starts {format_distance(pair[0])} from the {self.resolved.line_name}, "
                    f"but no part of {self.resolved.side} is that far away",
                    self._loc(echelon),
                )
                continue
            self.areas[echelon.index] = geometry
            self.echelons.append(echelon_row(self.context, extent, geometry))
            for text in other_accounts(self.context, extent):
                self._note("competing", f"{self._name(echelon)}: {text}", echelon)
        covered = sum(float(geodesy.area(piece)) for piece in pieces.values() if not piece.is_empty)
        if not self.faults.found and covered >= _WHOLE * float(geodesy.area(self.resolved.area)):
            self.faults.add(
                f"the line would be {format_distance(edges[-1])} deep, wider than {self.resolved.side}: no part of it "
                f"is farther than that from the {self.resolved.line_name}",
                self._loc(extents[-1].echelon),
                "check the unit, and that an outer limit is not a depth",
            )

    def _add_parts(self, strips: list[Strip], sites: list[Site], echelon: Echelon | None, loc: Loc) -> None:
        for index, strip in enumerate(strips):
            self._add_strip(strip, index, echelon, (*loc, "strips", index))
        for index, site in enumerate(sites):
            row = site_row(self.context, site, index, echelon)
            self.sites.append(row)
            if row["geometry"] is None:
                number = f"{site.count.value} " if site.count is not None else ""
                text = f"{self._name(echelon)}: {number}{site.name or site.type.label}, locations unknown; not drawn as points"
                self._note("count", text, echelon, anchor=self._anchor(echelon))
                if self.options.illustrate:
                    self._illustrate(row, echelon)

    def _anchor(self, echelon: Echelon | None) -> LonLat | None:
        """Return a point inside the echelon, or inside the middle echelon if none is given."""
        known = [echelon.index] if echelon is not None else sorted(self.areas)
        area = self.areas.get(known[len(known) // 2]) if known else None
        if area is None:
            return None
        point = shapely.point_on_surface(area)
        return (round(float(point.x), 6), round(float(point.y), 6))

    def _illustrate(self, row: dict[str, Any], echelon: Echelon | None) -> None:
        """Spread a count evenly over its echelon, or over all of them."""
        areas = [area for index, area in self.areas.items() if echelon is None or index == echelon.index]
        number = row["count_min"] if row["count_min"] is not None else row["count_max"]
        if areas and number is not None and number > MAX_POINTS:
            self._note("count", f"{row['name']}: more than {MAX_POINTS} are not drawn as illustrative points", echelon)
        elif areas:
            self.sites += illustrate(row, shapely.union_all(areas))

    def _add_strip(self, strip: Strip, index: int, echelon: Echelon | None, loc: Loc) -> None:
        label = strip.name or strip.type.label
        if strip.offset is None:
            self._note("unplaced", f"{self._name(echelon)}: no offset for {label}; not drawn", echelon)
            return
        if strip.offset.assumed:
            why = f": {strip.offset.because}" if strip.offset.because else ""
            text = f"{self._name(echelon)}: the offset of {label} ({strip.offset.value}) is an assumption{why}"
            self._note("assumed", text, echelon)
        spacing = strip.row_spacing.length if strip.row_spacing is not None else None
        offsets = row_offsets(strip.offset.length, strip.rows, spacing)
        for row, offset in enumerate(offsets):
            geometry = self._curve(offset, (*loc, "offset"))
            if geometry is None:
                continue
            geometry = cut_gaps(
                geometry,
                [*self.segment.gaps, *strip.gaps],
                offset,
                crossings=self.options.crossings,
                folder=self.description.folder,
                note=lambda text: self._note("gap", text, echelon),
            )
            at = StripRow(index, row, len(offsets), offset)
            self.strips.append(strip_row(self.context, strip, at, echelon, geometry))

    def _curve(self, offset: float, loc: Loc) -> BaseGeometry | None:
        options = StripOptions(self.options.simplify_share, self.options.tol)
        try:
            line = strip_curve(
                self.resolved,
                offset,
                self.others,
                options,
                lambda text: self._note("fragment", f"{self._name(None)}: {text}"),
            )
        except InputError as error:
            self.faults.add(error.message, loc)
            return None
        if line.is_empty:
            where = f"{format_distance(offset)} from the {self.resolved.line_name}"
            self.faults.add(f"no part of {self.resolved.side} is {where}", loc)
            return None
        return line


def _remove_overlaps(echelons: Sequence[list[dict[str, Any]]]) -> None:
    """Subtract from the echelons of each segment the area that belongs to another segment.

    An area within reach of two segments on the same side belongs to the echelon with the
    smaller number, and of equal echelons to the segment described first. Changes the rows.
    """
    originals = [[row["geometry"] for row in rows] for rows in echelons]
    for here, rows in enumerate(echelons):
        for row in rows:
            before = [
                geometry
                for there, others in enumerate(echelons)
                if there != here
                for other, geometry in zip(others, originals[there], strict=True)
                if other["side"] == row["side"]
                and (other["depth_echelon"], there) < (row["depth_echelon"], here)
                and shapely.intersects(geometry, row["geometry"])
            ]
            if not before:
                continue
            rest = shapely.difference(row["geometry"], shapely.union_all(before))
            parts = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon"]
            if parts and shapely.area(rest) < shapely.area(row["geometry"]):
                row["geometry"] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
                row["area_m2"] = float(geodesy.area(row["geometry"]))
                row["method"] += "; without the area of adjacent segments"
