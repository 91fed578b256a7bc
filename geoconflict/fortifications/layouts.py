"""From a description and borders to the tables ECHELONS, STRIPS and SITES.

An echelon is the ground of its side whose geodesic distance from the reference line lies
between its inner and its outer limit; echelons that follow each other tile exactly. A strip
is the curve at its offset, drawn so that the enemy lies on the left of its direction. A count
without places stays a count: no points are invented, unless an illustration is asked for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geoconflict.errors import InputError, did_you_mean
from geoconflict.fortifications import rows as make
from geoconflict.fortifications.extents import Drawn, extents, row_offsets, written
from geoconflict.fortifications.joins import meet, separate, without_caps
from geoconflict.fortifications.lines import along, simplified
from geoconflict.fortifications.references import Faults, Ground, Names, Tables, ground_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from geoconflict.fortifications.description import Description, Echelon, Segment, Site, Strip
    from geoconflict.io.yaml import Loc

    LonLat = tuple[float, float]

# A strip may leave the exact curve by this share of its offset, so that a fractal border gives a clean line.
SIMPLIFY_SHARE = 0.02
# An illustration with more points than this shows nothing.
MOST_POINTS = 1000
_BESIDE_M = 20.0
_WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """How to lay a description out.

    Attributes
    ----------
    account : str, optional
        Key of the account to draw instead of the chosen one.
    lines : mapping of str to geometry
        Reference lines that are no borders, by the names that the description gives them.
    crossings : GeoDataFrame, optional
        Points of gaps that stand at every crossing.
    illustrate : bool
        Whether a count without places is spread evenly over its area, marked illustrative.
    resolve : callable, optional
        Turns a name of a country, as people write it, into the name that the tables use.
    locate : callable, optional
        Returns longitude and latitude of a named place, or None; asked for ends of lines and
        for sites that have a name and no coordinates.
    simplify_share : float
        How far a strip may leave the exact curve, as a share of its offset.
    tol : float
        Worst relative error of the limits of echelons.
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
    """What a reader of the map must know and no geometry shows.

    Attributes
    ----------
    kind : str
        ``count`` (a number without places), ``assumed``, ``competing``, ``unplaced``,
        ``gap``, ``fragment`` or ``terrain``.
    text : str
    line_id, segment : str
    depth_echelon : int or None
    at : (float, float) or None
        Longitude and latitude, where the note is about a place.
    anchor : (float, float) or None
        Where a label of the note may stand on the area that it is about; not the place of anything.
    """

    kind: str
    text: str
    line_id: str
    segment: str
    depth_echelon: int | None = None
    at: tuple[float, float] | None = None
    anchor: tuple[float, float] | None = None

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Layout:
    """A defence line as tables.

    Attributes
    ----------
    echelons, strips, sites : GeoDataFrame
        Tables of ECHELONS, STRIPS and SITES.
    notes : tuple of Note
        Counts without places, assumptions, competing accounts, works that no source places.
    """

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
        Table of BORDERS that holds the borders which the description names
        (``description.borders()`` lists them).
    countries : GeoDataFrame
        Table of COUNTRIES that holds the sides, drawn by the same worldview and at the same
        resolution as the borders.
    options : LayoutOptions, optional

    Returns
    -------
    Layout

    Raises
    ------
    DescriptionError
        If the description is a draft, a side is no party to its border, an echelon is wider
        than the country, or a line cannot be found: all at once, with line and column.
    """
    options = options or LayoutOptions()
    faults = Faults(description)
    if description.draft:
        faults.add("a draft cannot be drawn; complete it, then remove draft: true", ("draft",))
        faults.check()
    if options.account is not None and options.account not in description.accounts:
        known = list(description.accounts)
        hint = did_you_mean(options.account, known) or "the accounts are " + (", ".join(known) or "none")
        faults.add(f"{options.account!r} is no account of this description", ("accounts",), hint)
        faults.check()
    names = Names(borders, countries, options.resolve)
    tables = Tables(borders, countries, names, options.lines, description.folder, options.locate)
    owner = description.owner.value if description.owner is not None else "not told"
    shared = _Shared(options, faults, names.find(owner) or owner)
    found = [
        _Segment(description, segment, ground, ("segments", index), shared)
        for index, segment in enumerate(description.segments)
        if (ground := ground_of(segment, ("segments", index), tables, faults)) is not None
    ]
    faults.check()
    for segment in found:
        segment.build([other.ground for other in found if other is not segment])
    faults.check()
    separate([segment.echelons for segment in found])
    return Layout(
        make.echelons_table([row for segment in found for row in segment.echelons]),
        make.strips_table([row for segment in found for row in segment.strips]),
        make.sites_table([row for segment in found for row in segment.sites]),
        tuple(dict.fromkeys(note for segment in found for note in segment.notes)),
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all segments of a layout share."""

    options: LayoutOptions
    faults: Faults
    owner: str


class _Segment:
    """Lays one segment out; holds its rows until all segments are done."""

    def __init__(
        self,
        description: Description,
        segment: Segment,
        ground: Ground,
        loc: Loc,
        shared: _Shared,
    ) -> None:
        options, faults, owner = shared.options, shared.faults, shared.owner
        self.context = make.Context(description, segment, ground, options.locate, owner)
        self.description, self.segment, self.ground = description, segment, ground
        self.loc, self.options, self.faults = loc, options, faults
        self.echelons: list[dict[str, Any]] = []
        self.strips: list[dict[str, Any]] = []
        self.sites: list[dict[str, Any]] = []
        self.notes: list[Note] = []
        self.areas: dict[int, BaseGeometry] = {}
        self.others: list[Ground] = []

    def build(self, others: list[Ground]) -> None:
        self.others = others
        for terrain in self.segment.terrain:
            self.notes.append(
                Note(
                    "terrain",
                    f"{self._name(None)}: {terrain.text}",
                    self.description.id,
                    self.segment.id,
                    at=terrain.at,
                )
            )
        drawn = extents(self.description, self.segment, self.options.account)
        self._bands([item for item in drawn if item.known])
        for item in drawn:
            index = item.echelon.index
            place = next(i for i, echelon in enumerate(self.segment.echelons) if echelon is item.echelon)
            if not item.known:
                why = f"{self._name(item.echelon)} is not drawn: no depth or outer limit is told"
                self._note("unplaced", why + (f" by account {item.account}" if item.account else ""), index)
            self._works(item.echelon.strips, item.echelon.sites, item.echelon, (*self.loc, "echelons", place))
        self._works(self.segment.strips, self.segment.sites, None, self.loc)

    def _note(self, kind: str, text: str, echelon: int | None) -> None:
        self.notes.append(Note(kind, text, self.description.id, self.segment.id, echelon))

    def _name(self, echelon: Echelon | None) -> str:
        name = self.segment.name or self.segment.id
        return name if echelon is None else f"{name}, {echelon.name or f'echelon {echelon.index}'}"

    def _bands(self, drawn: list[Drawn]) -> None:
        """Cut the ground into echelons, all edges in one go, so that they tile."""
        from geoconflict import geodesy

        if not drawn:
            return
        edges = sorted({0.0} | {edge for item in drawn for edge in (item.inner_m, item.outer_m) if edge is not None})
        try:
            bands = geodesy.bands(self.ground.line, self.ground.area, edges, tol=self.options.tol)
        except InputError as error:
            self.faults.add(error.message, (*self.loc, "echelons"))
            return
        pieces = dict(zip(itertools.pairwise(edges), bands, strict=True))
        for item in drawn:
            geometry = pieces[(item.inner_m or 0.0, item.outer_m or 0.0)]
            place = next(i for i, echelon in enumerate(self.segment.echelons) if echelon is item.echelon)
            loc = (*self.loc, "echelons", place)
            if geometry.is_empty:
                self.faults.add(
                    f"echelon {item.echelon.index} starts {written(item.inner_m or 0)} from the "
                    f"{self.ground.line_name}, farther than any ground of {self.ground.side}",
                    loc,
                )
                continue
            self.areas[item.echelon.index] = geometry
            self.echelons.append(make.echelon_row(self.context, item, geometry))
            for text in make.competing(self.context, item):
                self._note("competing", f"{self._name(item.echelon)}: {text}", item.echelon.index)
        self._check_width(drawn, list(pieces.values()), edges)

    def _check_width(self, drawn: list[Drawn], pieces: list[BaseGeometry], edges: list[float]) -> None:
        from geoconflict import geodesy

        covered = sum(float(geodesy.area(piece)) for piece in pieces if not piece.is_empty)
        if not self.faults.found and covered >= _WHOLE * float(geodesy.area(self.ground.area)):
            last = drawn[-1].echelon
            place = next(i for i, echelon in enumerate(self.segment.echelons) if echelon is last)
            self.faults.add(
                f"the line would be {written(edges[-1])} deep, wider than {self.ground.side}: no ground of it "
                f"lies farther than that from the {self.ground.line_name}",
                (*self.loc, "echelons", place),
                "check the unit, and that an outer limit is not a depth",
            )

    def _works(self, strips: list[Strip], sites: list[Site], echelon: Echelon | None, loc: Loc) -> None:
        for index, strip in enumerate(strips):
            self._strip(strip, index, echelon, (*loc, "strips", index))
        for index, site in enumerate(sites):
            row = make.site_row(self.context, site, index, echelon)
            self.sites.append(row)
            if row["geometry"] is None:
                text, number = make.count_text(site, self._name(echelon)), echelon.index if echelon else None
                anchor = self._anchor(echelon)
                self.notes.append(Note("count", text, self.description.id, self.segment.id, number, anchor=anchor))
                if self.options.illustrate:
                    self._illustrate(row, echelon)

    def _anchor(self, echelon: Echelon | None) -> tuple[float, float] | None:
        """Return a point inside the echelon, or inside the one in the middle where none is told."""
        from shapely import point_on_surface

        known = [echelon.index] if echelon is not None else sorted(self.areas)
        area = self.areas.get(known[len(known) // 2]) if known else None
        if area is None:
            return None
        point = point_on_surface(area)
        return (round(float(point.x), 6), round(float(point.y), 6))

    def _illustrate(self, row: dict[str, Any], echelon: Echelon | None) -> None:
        """Spread a count evenly over its echelon, or over all of them, marked illustrative."""
        import shapely

        areas = [area for index, area in self.areas.items() if echelon is None or index == echelon.index]
        number = row["count_min"] if row["count_min"] is not None else row["count_max"]
        if areas and number is not None and number > MOST_POINTS:
            self._note(
                "count", f"{row['name']}: more than {MOST_POINTS} are not spread as points", row["depth_echelon"]
            )
        elif areas:
            self.sites += make.spread(row, shapely.union_all(areas))

    def _strip(self, strip: Strip, index: int, echelon: Echelon | None, loc: Loc) -> None:
        number = echelon.index if echelon is not None else None
        label = strip.name or strip.type.label
        if strip.offset is None:
            self._note("unplaced", f"{self._name(echelon)}: {label} is told without an offset; it is not drawn", number)
            return
        if strip.offset.assumed:
            why = f": {strip.offset.because}" if strip.offset.because else ""
            text = f"{self._name(echelon)}: the offset of {label} ({strip.offset.value}) is an assumption{why}"
            self._note("assumed", text, number)
        spacing = strip.row_spacing.length if strip.row_spacing is not None else None
        offsets = row_offsets(strip.offset.length, strip.rows, spacing)
        for row, offset in enumerate(offsets):
            geometry = self._curve(offset, loc)
            if geometry is not None:
                geometry = self._gaps(geometry, strip, offset, number)
                at = make.Row(index, row, len(offsets), offset)
                self.strips.append(make.strip_row(self.context, strip, at, echelon, geometry))

    def _curve(self, offset: float, loc: Loc) -> BaseGeometry | None:
        """Return the curve at an offset, the enemy on its left."""
        import shapely

        from geoconflict import geodesy

        if offset == 0:
            # The line itself: the curve beside it tells its direction.
            beside = self._curve(_BESIDE_M, loc)
            return None if beside is None else along(self.ground.line, beside)
        try:
            # Most of the allowed deviation is spent on the line: that is what cleans a fractal border.
            # Little is spent on the curve and its arcs, which should look round.
            share = self.options.simplify_share
            line: BaseGeometry = geodesy.offset_line(
                simplified(self.ground.line, 0.7 * share * offset),
                self.ground.area,
                offset,
                simplify_m=0.15 * share * offset,
                tol=max(self.options.tol, 0.15 * share),
            )
        except InputError as error:
            self.faults.add(error.message, (*loc, "offset"))
            return None
        if line.is_empty:
            self.faults.add(
                f"no ground of {self.ground.side} lies {written(offset)} from the {self.ground.line_name}",
                (*loc, "offset"),
            )
            return None
        line = meet(line, self.ground, self.others, offset)
        line = without_caps(line, self.ground.line, self._cut_ends(offset), offset)
        line = self._without_fragments(line, offset)
        out: BaseGeometry = shapely.reverse(line) if self.ground.away else line
        return out

    def _cut_ends(self, offset: float) -> list[tuple[float, float]]:
        """Return the cut ends of the line that no other segment takes up."""
        import shapely

        from geoconflict import geodesy

        lines = [other.line for other in self.others]
        return [
            end
            for end in self.ground.cut_ends
            if not any(float(geodesy.distance([shapely.Point(end)], line)[0]) < offset for line in lines)
        ]

    def _without_fragments(self, line: BaseGeometry, offset: float) -> BaseGeometry:
        """Leave out what is shorter than the offset: loops and ends that a crooked border throws off."""
        import shapely

        from geoconflict import geodesy

        parts = list(shapely.get_parts(line))
        lengths = [float(geodesy.length(part)) for part in parts]
        kept = [part for part, length in zip(parts, lengths, strict=True) if length >= offset]
        if not kept or len(kept) == len(parts):
            return line
        lost = sum(lengths) - sum(float(geodesy.length(part)) for part in kept)
        what = f"{len(parts) - len(kept)} fragments" if len(parts) - len(kept) > 1 else "one fragment"
        text = f"{self._name(None)}: {what} of the strip at {written(offset)}, {lost:.0f} m in all, left out"
        self._note("fragment", text, None)
        return kept[0] if len(kept) == 1 else shapely.MultiLineString(kept)

    def _gaps(self, line: BaseGeometry, strip: Strip, offset: float, echelon: int | None) -> BaseGeometry:
        wanted = [*self.segment.gaps, *strip.gaps]
        if not wanted:
            return line
        from geoconflict.fortifications.gaps import cut_gaps

        def tell(text: str) -> None:
            self._note("gap", text, echelon)

        return cut_gaps(
            line, wanted, offset, crossings=self.options.crossings, folder=self.description.folder, tell=tell
        )
