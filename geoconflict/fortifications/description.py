"""The model of a defence line as people describe it: segments, echelons, strips, sites.

A description says what sources say; it draws nothing. ``layout`` turns it into tables.

Words
    *Depth* of an echelon is its own thickness; its *outer limit* is the distance of its far
    edge from the reference line. *Owner* is whose works they are, *side* is the country in
    which they lie, *facing* is whom they face. None of the three follows from another.
    *Echelon* 1 is nearest the reference line. *Strips* run along the line, listed from the
    enemy's side inwards; *sites* are single works.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, PrivateAttr, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from geoconflict.fortifications.values import (
    LON_LAT,
    Count,
    Key,
    Keys,
    KindWord,
    Line,
    Lines,
    Measure,
    PartialDate,
    Stated,
    StatusValue,
    Strict,
    Text,
)
from geoconflict.io.yaml import Positions

FORMAT: Literal["geoconflict-defence-line/1"] = "geoconflict-defence-line/1"

SystemKind = Literal[
    "fortified_zone",
    "fence",
    "wall",
    "barrier",
    "berm",
    "trench_line",
    "bunker_line",
    "dmz",
    "control_strip",
    "obstacle_belt",
    "obstacle_group",
]
Relation = Literal[
    "distance_bearing", "distance", "direction", "near", "across_border", "inside_border", "offshore", "inside_ring"
]
Bearing = Literal["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
LonLat = Annotated[
    tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]], WithJsonSchema(LON_LAT)
]


class Source(Strict):
    """Who said something, and where it can be read."""

    title: Line = Field(description="title of the report, or a description of it")
    publisher: Line | None = Field(None, description="who published it")
    author: Line | None = None
    date: PartialDate | None = Field(None, description="day, month or year of publication")
    url: Annotated[Line, Field(pattern=r"^https?://")] | None = Field(None, description="where it can be read")
    language: Line | None = None
    licence: Line | None = None
    note: Line | None = None


class Account(Strict):
    """One of several competing tellings of the same line."""

    title: Line = Field(description="how legends and tables call the account")
    sources: Keys = Field(default_factory=list)
    note: Line | None = None


class Chosen(Strict):
    """The account that is drawn, and why."""

    account: Key
    because: Line = Field(description="why this account is drawn and not another")


class Relative(Strict):
    """A place told by its relation to another."""

    anchor: Line = Field(description="name of the place that it is told from")
    relation: Relation
    distance: Measure | None = None
    bearing: Bearing | None = None
    anchor_at: LonLat | None = Field(None, description="where the anchor is")


class Place(Stated):
    """A named or relative place, with its coordinates where they are known."""

    short_key: ClassVar[str | None] = "name"
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = ({"type": "string", "minLength": 1}, LON_LAT)

    name: Line | None = None
    at: LonLat | None = Field(None, description="longitude, latitude")
    uncertainty: Measure | None = Field(None, description="radius round the point that holds the true place")
    relative: Relative | None = None
    tripoint: Annotated[list[Line], Field(min_length=3, max_length=3)] | None = Field(
        None, description="three countries that meet there"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if isinstance(data, str):
            return {"name": data}
        return {"at": data} if isinstance(data, list | tuple) else data


class Border(Strict):
    """The common border of a country with one or several others."""

    model_config = ConfigDict(populate_by_name=True)

    of: Line = Field(description="country in English, or its ISO 3166 code")
    towards: Lines = Field(description="the countries on the other side", alias="with")
    kinds: list[Literal["land", "river", "lake", "sea"]] = Field(
        default_factory=list, description="kinds of stretches; all but the sea where not given"
    )


class DrawnLine(Strict):
    """A line that is no border: a coast, a river, a front, any line from a file."""

    name: Line = Field(description="what the line is called; also its key when it is handed over in code")
    kind: Literal["coast", "river", "front", "road", "line"] = "line"
    file: Line | None = Field(None, description="a vector file beside the description")
    coordinates: list[LonLat] = Field(default_factory=list, description="the line itself, as longitude, latitude")
    works_on: Literal["left", "right", "inside", "outside"] | None = Field(
        None,
        description="needed where the line runs through the country itself: on which side of the line, in the order "
        "of its points, the works lie; of a line that is the outline of areas, inside or outside them",
    )


class Reference(Strict):
    """The line that offsets and limits are measured from: a border or a drawn line, or a part of it."""

    model_config = ConfigDict(populate_by_name=True)

    border: Border | None = None
    line: DrawnLine | None = None
    start: Place | None = Field(None, alias="from", description="where the part that is meant starts")
    end: Place | None = Field(None, alias="to", description="where the part that is meant ends")


class Facing(Stated):
    """Whom the works face; never inferred."""

    short_key: ClassVar[str | None] = "parties"

    parties: Lines = Field(description="countries, or names of parties that are no state")
    direction: Literal["towards_reference", "away_from_reference"] | None = Field(
        None,
        description="whether they face the reference line or away from it; needed where a party faced "
        "is not one of the countries of the border",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return {"parties": data} if isinstance(data, str | list) else data

    @property
    def label(self) -> str:
        """The parties as one text."""
        return ", ".join(self.parties)


class Gap(Stated):
    """Where a strip does not run: a crossing, a road, a lake, a town."""

    kind: Literal["crossing", "road", "rail", "river", "lake", "town", "other"]
    name: Line | None = None
    at: LonLat | None = Field(None, description="longitude, latitude of the gap's middle")
    width: Measure | None = Field(None, description="width of the gap along the strip")
    every: bool | None = Field(None, description="true: at every crossing of the table that is handed to the layout")
    file: Line | None = Field(None, description="a vector file of areas that the strips leave out")


class Works(Stated):
    """What strips and sites have in common."""

    type: KindWord = Field(description="what it is")
    name: Line | None = None
    order: Annotated[int, Field(ge=0)] | None = Field(
        None, description="place from the enemy's side inwards, from 0; the place in the list where not given"
    )
    count: Count | None = None
    height: Measure | None = None
    status: StatusValue | None = Field(None, description="where it differs from the line's")


class Strip(Works):
    """An obstacle or a row of positions that runs along the line."""

    offset: Measure | None = Field(
        None, description="distance from the reference line; mark it assumed where no source gives it"
    )
    rows: Annotated[int, Field(ge=1, le=50)] = Field(1, description="how many rows")
    row_spacing: Measure | None = Field(None, description="distance from row to row")
    width: Measure | None = Field(None, description="thickness of the strip")
    length: Measure | None = Field(None, description="length as the source gives it")
    per_km: Annotated[float, Field(gt=0)] | None = Field(None, description="density along the line")
    continuous: bool | None = Field(None, description="false where the source says that it is broken")
    gaps: list[Gap] = Field(default_factory=list)


class Site(Works):
    """A single work or store, or a number of them; places are not invented for a count."""

    at: LonLat | None = Field(None, description="longitude, latitude where known")
    uncertainty: Measure | None = Field(None, description="radius round the point that holds the true place")
    place: Place | None = Field(None, description="a place in words")


class Extent(Stated):
    """How deep an echelon is by one account."""

    inner_limit: Measure | None = Field(None, description="distance of its near edge from the reference line")
    depth: Measure | None = Field(None, description="its own thickness")
    outer_limit: Measure | None = Field(None, description="distance of its far edge from the reference line")


class Echelon(Stated):
    """A layer of the defence in depth; 1 is nearest the reference line. Not a unit's size."""

    index: Annotated[int, Field(ge=1, le=20)]
    name: Line | None = None
    inner_limit: Measure | None = Field(None, description="where it starts, if not where the one before ends")
    depth: Measure | None = Field(None, description="its own thickness")
    outer_limit: Measure | None = Field(None, description="distance of its far edge from the reference line")
    accounts: list[Extent] = Field(default_factory=list, description="competing accounts of its extent")
    chosen: Chosen | None = Field(None, description="the account that is drawn, where it is not the line's")
    contents: Line | None = Field(None, description="what the source says it holds")
    status: StatusValue | None = None
    strips: list[Strip] = Field(default_factory=list)
    sites: list[Site] = Field(default_factory=list)


class Terrain(Stated):
    """A note on the ground: forest, marsh, river, heights."""

    kind: Literal["forest", "marsh", "river", "lake", "height", "built_up", "open", "coast", "other"] = "other"
    text: Line
    at: LonLat | None = None


class Segment(Stated):
    """A part of the line with one reference line, one side and one facing."""

    model_config = ConfigDict(json_schema_extra={"required": ["id", "reference", "side", "facing"]})

    id: Key
    name: Line | None = None
    reference: Reference | None = None
    side: Text | None = Field(None, description="the country inside which the works lie")
    facing: Facing | None = None
    length: Measure | None = Field(None, description="length of the works as the source gives it")
    border_length: Measure | None = Field(None, description="length of the frontier as the source gives it")
    height: Measure | None = None
    echelons: list[Echelon] = Field(default_factory=list)
    strips: list[Strip] = Field(default_factory=list, description="strips whose echelon is not told")
    sites: list[Site] = Field(default_factory=list, description="sites whose echelon is not told")
    gaps: list[Gap] = Field(default_factory=list, description="gaps in every strip of the segment")
    terrain: list[Terrain] = Field(default_factory=list)
    status: StatusValue | None = None


class Claim(Stated):
    """Something measurable that somebody says; it is measured, not assumed."""

    id: Key
    text: Line = Field(description="the claim in one sentence")
    kind: Literal["distance", "length", "border_length", "depth", "area", "share", "count", "date", "other"] = "other"
    subject: Place | None = Field(None, description="what the claim is about")
    object: Place | None = Field(None, description="the other end of a distance")
    border: Border | None = Field(None, description="the border that is meant")
    value: Line | None = Field(None, description="the value with its unit, as written")
    bearing: Bearing | None = None
    said_by: Line | None = Field(None, description="who claims it")
    date: PartialDate | None = None


class Description(Strict):
    """A defence line: who owns it, where it runs, what it holds, and who says so.

    Attributes
    ----------
    draft : bool
        True while facing, side or reference may still be missing, as after reading prose;
        a draft cannot be drawn.

    Examples
    --------
    >>> line = Description.model_validate({
    ...     "id": "demo", "name": "A fence", "owner": "Finland", "status": "under_construction",
    ...     "segments": [{
    ...         "id": "south", "side": "Finland", "facing": "Russia",
    ...         "reference": {"border": {"of": "Finland", "with": "Russia"}},
    ...         "strips": [{"type": "fence", "offset": "10 m"}],
    ...     }],
    ... })
    >>> line.segments[0].strips[0].offset.length.value_m
    10.0
    """

    model_config = ConfigDict(
        json_schema_extra={
            "required": ["id", "name", "owner", "status", "segments"],
            "title": "defence line",
        }
    )

    format: Literal["geoconflict-defence-line/1"] = Field(FORMAT, description="form of this file")
    id: Key
    name: Line
    kind: SystemKind = "fortified_zone"
    draft: bool = Field(default=False, description="true while what drawing needs may still be missing")
    owner: Text | None = Field(None, description="whose works they are; a country or another party")
    status: StatusValue | None = None
    date: PartialDate | None = Field(None, description="the day, month or year that it describes")
    summary: Line | None = None
    note: Line | None = None
    sources: dict[Key, Source] = Field(default_factory=dict, description="the sources, by their keys")
    accounts: dict[Key, Account] = Field(default_factory=dict, description="competing accounts, by their keys")
    chosen: Chosen | None = Field(None, description="the account that is drawn, and why")
    segments: list[Segment] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)

    _positions: Positions | None = PrivateAttr(None)
    _folder: Path | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        from geoconflict.fortifications.soundness import problems

        found = problems(self)
        if found:
            why = "; ".join(str(problem) for problem in found)
            kind = "unsound"
            raise PydanticCustomError(kind, "{why}", {"why": why, "problems": found})
        return self

    def __eq__(self, other: object) -> bool:
        """Tell whether two descriptions say the same, wherever they were read from."""
        return isinstance(other, Description) and self.plain() == other.plain()

    def __hash__(self) -> int:
        return hash((self.id, self.name))

    @property
    def positions(self) -> Positions | None:
        """Where the values stand in the file that it was read from."""
        return self._positions

    @property
    def folder(self) -> Path | None:
        """The folder of the file that it was read from; files that it names lie beside it."""
        return self._folder

    def read_from(self, positions: Positions, folder: Path | None) -> Self:
        """Return the same description, remembering where it was read from."""
        out = self.model_copy()
        out._positions, out._folder = positions, folder  # noqa: SLF001 - its own private attributes
        return out

    def borders(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the borders that the layout needs: a country and those on the other side."""
        found = [
            s.reference.border for s in self.segments if s.reference is not None and s.reference.border is not None
        ]
        return list(dict.fromkeys((border.of, tuple(border.towards)) for border in found))

    def countries(self) -> list[str]:
        """Return the countries whose areas the layout needs: the sides, and those that meet at tripoints."""
        found = [segment.side.value for segment in self.segments if segment.side is not None]
        for segment in self.segments:
            ends = (segment.reference.start, segment.reference.end) if segment.reference is not None else ()
            for place in ends:
                found += place.tripoint or [] if place is not None else []
        return list(dict.fromkeys(found))

    def yaml(self) -> str:
        """Return the description as YAML that reads back to an equal one."""
        from geoconflict.fortifications.reading import dump_description

        return dump_description(self)
