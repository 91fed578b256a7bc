"""The model of a defence line as a description gives it: segments, echelons, strips, sites.

A description records what sources say. ``layout`` turns it into tables.

Terms
    *Depth* of an echelon is its own thickness; its *outer limit* is the distance of its far edge
    from the reference line. *Owner* is who owns the fortifications, *side* is the country in
    which they lie, *facing* is whom they face. None of the three follows from another.
    *Echelon* 1 is nearest the reference line. *Strips* run along the line, listed from the
    enemy's side inwards; *sites* are single fortifications.

Each value may be written short (``depth: 5 km``) or long, with its sources, the words of the
source, and the competing values that were not chosen::

    depth:
      value: about 3 mi
      sources: [british_newspaper]
      others:
        - {value: up to 3 km, account: ukrainian_agency, sources: [agency]}
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, LiteralString, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from geoconflict import vocabulary
from geoconflict.errors import UnitError, did_you_mean
from geoconflict.io.yaml import Positions
from geoconflict.units import Length, parse_length

MAX_TEXT = 2000

_NO_DATE = "'{text}' is not a date; write 2025, 2025-08 or 2025-08-19"
_NO_COUNT = "{value} is not a count; write a whole number or a range such as 100-150"
_NO_WORD = "'{text}' is not a {what}; {hint}"
_WHY = "{why}"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)")
_COUNT_RANGE = re.compile(r"(\d[\d,]*)\s*(?:-|–|—|\bto\b)\s*(\d[\d,]*)")
_ABOUT = re.compile(r"(?:about|around|roughly|some|approximately|nearly|almost|~)\s*")
_AT_LEAST = re.compile(r"(?:more than|at least|over|no fewer than|>=?|≥)\s*(.+)")
_AT_MOST = re.compile(r"(?:up to|at most|fewer than|less than|no more than|<=?|≤)\s*(.+)")


def parse_count(value: float | str) -> tuple[float | None, float | None]:
    """Parse a count, or a range of counts.

    Returns
    -------
    (float or None, float or None)
        Minimum and maximum; None for an open end.

    Raises
    ------
    UnitError
        If it is not a count.

    Examples
    --------
    >>> parse_count("100–150"), parse_count("more than 50"), parse_count(27)
    ((100.0, 150.0), (50.0, None), (27.0, 27.0))
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return float(value), float(value)
    body = " ".join(str(value).casefold().split())
    if match := _ABOUT.match(body):
        body = body[match.end() :]
    if span := _COUNT_RANGE.fullmatch(body):
        low, high = (float(part.replace(",", "")) for part in span.groups())
        if low <= high:
            return low, high
    least, most = _AT_LEAST.fullmatch(body), _AT_MOST.fullmatch(body)
    bound = least or most
    inner = bound[1] if bound else body
    if _COUNT.fullmatch(inner) and not isinstance(value, bool):
        number = float(inner.replace(",", ""))
        return (None if most else number), (None if least else number)
    msg = f"{value!r} is not a count; write a whole number, '100-150', 'more than 50' or 'up to 30'"
    raise UnitError(msg)


class _FaultError(PydanticCustomError):
    """A fault whose message is a template for pydantic."""

    def __new__(cls, message: LiteralString, context: dict[str, Any]) -> Self:
        return super().__new__(cls, "value", message, context)


def _check_date(text: str) -> str:
    match = _DATE.fullmatch(text)
    if match is not None:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            dt.date(year, month, day)
        except ValueError:
            match = None
    if match is None:
        raise _FaultError(_NO_DATE, {"text": text})
    return text


def _date_text(value: object) -> object:
    # YAML reads a bare year as a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_length(text: object) -> object:
    # Report the missing unit of a bare number rather than its type.
    if not isinstance(text, str | int | float) or isinstance(text, bool):
        return text
    try:
        parse_length(text)
    except UnitError as error:
        raise _FaultError(_WHY, {"why": error.message}) from None
    return text


def _check_count(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _FaultError(_NO_COUNT, {"value": repr(value)})
    try:
        parse_count(value)
    except UnitError as error:
        raise _FaultError(_WHY, {"why": error.message}) from None
    return value


def word(words: type[vocabulary.Word], what: str) -> BeforeValidator:
    """Return a validator for the words of a vocabulary, in any case and with spaces or hyphens.

    The fault for an unknown word gives the nearest ones.
    """

    def read(value: object) -> object:
        if not isinstance(value, str) or isinstance(value, words):
            return value
        key = "_".join(value.casefold().replace("-", " ").replace("_", " ").replace("'", "").replace("’", "").split())
        known = [member.value for member in words]
        if key in known:
            return words.read(key)
        hint = did_you_mean(key, known) or "known: " + ", ".join(known)
        context = {"text": value[:80], "what": what, "hint": hint}
        raise _FaultError(_NO_WORD, context)

    return BeforeValidator(read)


ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
PartialDate = Annotated[
    str,
    BeforeValidator(_date_text),
    AfterValidator(_check_date),
    WithJsonSchema({"type": ["string", "integer"], "description": "a day, month or year: 2025-08-19, 2025-08 or 2025"}),
]
StatusWord = Annotated[vocabulary.Status, word(vocabulary.Status, "status")]
KindWord = Annotated[vocabulary.FortificationType, word(vocabulary.FortificationType, "type of fortification")]
_LengthText = Annotated[ShortText, BeforeValidator(_check_length)]
_CountText = Annotated[
    int | str, PlainValidator(_check_count), WithJsonSchema({"type": ["integer", "string"], "minimum": 0})
]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _one_or_many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


_TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_KEY: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"}
# A list of one item may be written as the item.
Keys = Annotated[list[Key], BeforeValidator(_listed), WithJsonSchema(_one_or_many(_KEY))]
ShortTexts = Annotated[
    list[ShortText], Field(min_length=1), BeforeValidator(_listed), WithJsonSchema(_one_or_many(_TEXT))
]
LON_LAT: dict[str, Any] = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "items": False,
    "minItems": 2,
    "description": "longitude, latitude in degrees on WGS84",
}


class Strict(BaseModel):
    """Base of all parts: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    short_key: ClassVar[str | None] = None
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's hook
        """Add the short forms to the schema."""
        reference = handler(core)
        full = handler.resolve_ref_schema(reference)
        if cls.short_key is not None:
            long_form = dict(full)
            description = str(long_form.pop("description", ""))
            short = cls.short_forms or (dict(long_form["properties"][cls.short_key]),)
            full.clear()
            full.update(anyOf=[*short, long_form], description=description)
        return reference

    def plain(self) -> Any:  # noqa: ANN401 - a mapping, or the value alone
        """Return the part as plain data for YAML, in the short form if nothing is lost.

        Values that are not given or equal their default are left out.
        """
        out: dict[str, Any] = {}
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if value is None or value in ([], {}) or (not info.is_required() and value == info.default):
                continue
            out[info.alias or name] = _plain(value)
        return out[self.short_key] if self.short_key is not None and set(out) == {self.short_key} else out


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a model
    if isinstance(value, Strict):
        return value.plain()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, str) else value


class Stated(Strict):
    """Something that a source says.

    Attributes
    ----------
    sources : list of str
        Keys of the description's ``sources``; a single key may be written without a list.
    account : str, optional
        Key of the competing account that it belongs to.
    evidence : str, optional
        The words of the source.
    span : (int, int), optional
        Position of those words in the parsed text, in characters, end exclusive.
    confidence : float, optional
        From 0 to 1; of the extraction by rules, not of the source.
    note : str, optional
    """

    sources: Keys = Field(default_factory=list, description="keys of the sources that say so")
    account: Key | None = Field(None, description="key of the competing account that it belongs to")
    evidence: ShortText | None = Field(None, description="the words of the source")
    span: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = Field(
        None, description="position of those words in the parsed text: start, end (exclusive)"
    )
    confidence: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="of the extraction, from 0 to 1")
    note: ShortText | None = None


class Value(Stated):
    """A stated value that may be written short, as the bare value.

    Attributes
    ----------
    assumed : bool, optional
        True if no source gives it and the author of the description assumes it.
    because : str, optional
        Why this value was chosen or assumed.
    """

    short_key: ClassVar[str | None] = "value"

    assumed: bool | None = Field(None, description="true if no source gives it and the author assumes it")
    because: ShortText | None = Field(None, description="why this value was chosen or assumed")

    @model_validator(mode="before")
    @classmethod
    def _long(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return data if isinstance(data, dict | BaseModel) else {"value": data}


class Text(Value):
    """A name or a text with its sources."""

    value: ShortText = Field(description="the name or text")
    others: list[Text] = Field(default_factory=list, description="competing values that were not chosen")


class Measure(Value):
    """A length with its unit, or a range: "5 km", "3–5 mi", "up to 3 km", "about 30 mi"."""

    value: _LengthText = Field(description="a length or a range with its unit, such as 5 km, 3-5 mi or up to 3 km")
    others: list[Measure] = Field(default_factory=list, description="competing values that were not chosen")

    @property
    def length(self) -> Length:
        """The length, as written and in metres."""
        return parse_length(self.value)


class Count(Value):
    """How many: a whole number, or a range such as "100–150", "more than 50" or "up to 30"."""

    value: _CountText = Field(description="a whole number or a range, such as 27, 100-150 or more than 50")
    others: list[Count] = Field(default_factory=list, description="competing values that were not chosen")

    @property
    def range(self) -> tuple[float | None, float | None]:
        """Minimum and maximum; None for an open end."""
        return parse_count(self.value)


class StatusValue(Value):
    """How far construction has progressed, and when."""

    value: StatusWord = Field(description="how far construction has progressed")
    date: PartialDate | None = Field(None, description="the day, month or year of the status")
    others: list[StatusValue] = Field(default_factory=list, description="competing values that were not chosen")


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
    """A publication."""

    title: ShortText = Field(description="title of the publication, or a description of it")
    publisher: ShortText | None = Field(None, description="who published it")
    author: ShortText | None = None
    date: PartialDate | None = Field(None, description="day, month or year of publication")
    url: Annotated[ShortText, Field(pattern=r"^https?://")] | None = Field(None, description="where it can be read")
    language: ShortText | None = None
    licence: ShortText | None = None
    note: ShortText | None = None


class Account(Strict):
    """One of several accounts that describe the same line differently."""

    title: ShortText = Field(description="name of the account in legends and tables")
    sources: Keys = Field(default_factory=list)
    note: ShortText | None = None


class Chosen(Strict):
    """The account that is drawn, and why."""

    account: Key
    because: ShortText = Field(description="why this account is drawn and not another")


class Relative(Strict):
    """A place given relative to another."""

    anchor: ShortText = Field(description="name of the other place")
    relation: Relation
    distance: Measure | None = None
    bearing: Bearing | None = None
    anchor_at: LonLat | None = Field(None, description="longitude, latitude of the anchor")


class Place(Stated):
    """A named or relative place, with its coordinates if they are known."""

    short_key: ClassVar[str | None] = "name"
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = ({"type": "string", "minLength": 1}, LON_LAT)

    name: ShortText | None = None
    at: LonLat | None = Field(None, description="longitude, latitude")
    uncertainty: Measure | None = Field(None, description="radius around the point that contains the true location")
    relative: Relative | None = None
    tripoint: Annotated[list[ShortText], Field(min_length=3, max_length=3)] | None = Field(
        None, description="the three countries that meet there"
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

    of: ShortText = Field(description="country in English, or its ISO 3166 code")
    towards: ShortTexts = Field(description="the countries on the other side", alias="with")
    kinds: list[Literal["land", "river", "lake", "sea"]] = Field(
        default_factory=list, description="kinds of border sections; all but the sea by default"
    )


class DrawnLine(Strict):
    """A line other than a border: a coast, a river, a front, any line from a file."""

    name: ShortText = Field(description="name of the line; also its key if it is passed in code")
    kind: Literal["coast", "river", "front", "road", "line"] = "line"
    file: ShortText | None = Field(None, description="a vector file in the folder of the description")
    coordinates: list[LonLat] = Field(default_factory=list, description="the line itself, as longitude, latitude")
    fortified_side: Literal["left", "right", "inside", "outside"] | None = Field(
        None,
        description="needed if the line runs through the country: the side with the fortifications, in the order "
        "of the line's points; for a line that is the outline of areas, inside or outside",
    )


class Reference(Strict):
    """The line that offsets and limits are measured from: a border or another line, or a part of it."""

    model_config = ConfigDict(populate_by_name=True)

    border: Border | None = None
    line: DrawnLine | None = None
    start: Place | None = Field(None, alias="from", description="start of the part that is used")
    end: Place | None = Field(None, alias="to", description="end of the part that is used")


class Facing(Stated):
    """Whom the fortifications face; never inferred."""

    short_key: ClassVar[str | None] = "parties"

    parties: ShortTexts = Field(description="countries, or names of non-state parties")
    direction: Literal["towards_reference", "away_from_reference"] | None = Field(
        None,
        description="whether they face the reference line or away from it; needed if a party faced "
        "is not one of the countries of the border",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return {"parties": data} if isinstance(data, str | list) else data


class Gap(Stated):
    """An interruption of strips: a crossing, a road, a lake, a town."""

    kind: Literal["crossing", "road", "rail", "river", "lake", "town", "other"]
    name: ShortText | None = None
    at: LonLat | None = Field(None, description="longitude, latitude of the centre of the gap")
    width: Measure | None = Field(None, description="width of the gap along the strip")
    every: bool | None = Field(None, description="true: at every crossing in the table passed to the layout")
    file: ShortText | None = Field(None, description="a vector file of areas without strips")


class Fortification(Stated):
    """What strips and sites have in common."""

    type: KindWord = Field(description="type of fortification")
    name: ShortText | None = None
    order: Annotated[int, Field(ge=0)] | None = Field(
        None, description="order from the enemy's side inwards, from 0; by default the order of the list"
    )
    count: Count | None = None
    height: Measure | None = None
    status: StatusValue | None = Field(None, description="if it differs from that of the line")


class Strip(Fortification):
    """An obstacle or a row of positions that runs along the line."""

    offset: Measure | None = Field(
        None, description="distance from the reference line; mark it assumed if no source gives it"
    )
    rows: Annotated[int, Field(ge=1, le=50)] = Field(1, description="number of rows")
    row_spacing: Measure | None = Field(None, description="distance between rows")
    width: Measure | None = Field(None, description="thickness of the strip")
    length: Measure | None = Field(None, description="length according to the source")
    per_km: Annotated[float, Field(gt=0)] | None = Field(None, description="density along the line")
    continuous: bool | None = Field(None, description="false if the source says that it is interrupted")
    gaps: list[Gap] = Field(default_factory=list)


class Site(Fortification):
    """A single fortification or depot, or a number of them; locations are not invented for a count."""

    at: LonLat | None = Field(None, description="longitude, latitude if known")
    uncertainty: Measure | None = Field(None, description="radius around the point that contains the true location")
    place: Place | None = Field(None, description="the location in words")


class Extent(Stated):
    """The extent of an echelon according to one account."""

    inner_limit: Measure | None = Field(None, description="distance of its near edge from the reference line")
    depth: Measure | None = Field(None, description="its own thickness")
    outer_limit: Measure | None = Field(None, description="distance of its far edge from the reference line")


class Echelon(Stated):
    """A layer of the defence in depth; 1 is nearest the reference line. Not a unit's size."""

    index: Annotated[int, Field(ge=1, le=20)]
    name: ShortText | None = None
    inner_limit: Measure | None = Field(None, description="where it starts, if not where the previous one ends")
    depth: Measure | None = Field(None, description="its own thickness")
    outer_limit: Measure | None = Field(None, description="distance of its far edge from the reference line")
    accounts: list[Extent] = Field(default_factory=list, description="competing accounts of its extent")
    chosen: Chosen | None = Field(None, description="the account that is drawn, if it is not that of the line")
    contents: ShortText | None = Field(None, description="what the source says it contains")
    status: StatusValue | None = None
    strips: list[Strip] = Field(default_factory=list)
    sites: list[Site] = Field(default_factory=list)


class Terrain(Stated):
    """A note on the terrain: forest, marsh, river, heights."""

    kind: Literal["forest", "marsh", "river", "lake", "height", "built_up", "open", "coast", "other"] = "other"
    text: ShortText
    at: LonLat | None = None


class Segment(Stated):
    """A part of the line with one reference line, one side and one facing."""

    model_config = ConfigDict(json_schema_extra={"required": ["id", "reference", "side", "facing"]})

    id: Key
    name: ShortText | None = None
    reference: Reference | None = None
    side: Text | None = Field(None, description="the country in which the fortifications lie")
    facing: Facing | None = None
    length: Measure | None = Field(None, description="length of the fortifications according to the source")
    border_length: Measure | None = Field(None, description="length of the border according to the source")
    height: Measure | None = None
    echelons: list[Echelon] = Field(default_factory=list)
    strips: list[Strip] = Field(default_factory=list, description="strips without a known echelon")
    sites: list[Site] = Field(default_factory=list, description="sites without a known echelon")
    gaps: list[Gap] = Field(default_factory=list, description="gaps in every strip of the segment")
    terrain: list[Terrain] = Field(default_factory=list)
    status: StatusValue | None = None


class Claim(Stated):
    """A measurable statement, for ``check_claims``."""

    id: Key
    text: ShortText = Field(description="the claim in one sentence")
    kind: Literal["distance", "length", "border_length", "depth", "area", "share", "count", "date", "other"] = "other"
    subject: Place | None = Field(None, description="the place that the claim is about")
    object: Place | None = Field(None, description="the other end of a distance")
    border: Border | None = Field(None, description="the border that the claim is about")
    value: ShortText | None = Field(None, description="the value with its unit, as written")
    bearing: Bearing | None = None
    said_by: ShortText | None = Field(None, description="who makes the claim")
    date: PartialDate | None = None


class Description(Strict):
    """A defence line: who owns it, where it runs, what it consists of, and the sources.

    Attributes
    ----------
    draft : bool
        True if facing, side or reference may still be missing, as after parsing prose; a draft
        cannot be drawn.

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

    format: Literal["geoconflict-defence-line/1"] = Field(FORMAT, description="format and version of this file")
    id: Key
    name: ShortText
    kind: SystemKind = "fortified_zone"
    draft: bool = Field(default=False, description="true if values needed for drawing may still be missing")
    owner: Text | None = Field(None, description="owner of the fortifications: a country or another party")
    status: StatusValue | None = None
    date: PartialDate | None = Field(None, description="the day, month or year of the description")
    summary: ShortText | None = None
    note: ShortText | None = None
    sources: dict[Key, Source] = Field(default_factory=dict, description="sources by key")
    accounts: dict[Key, Account] = Field(default_factory=dict, description="competing accounts by key")
    chosen: Chosen | None = Field(None, description="the account that is drawn, and why")
    segments: list[Segment] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)

    _positions: Positions = PrivateAttr(default_factory=Positions)
    _folder: Path | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Compare the content, whatever file it was read from."""
        return isinstance(other, Description) and self.plain() == other.plain()

    def __hash__(self) -> int:
        return hash((self.id, self.name))

    @property
    def positions(self) -> Positions:
        """Positions of the values in the file it was read from; empty if it was made in code."""
        return self._positions

    @property
    def folder(self) -> Path | None:
        """Folder of the file it was read from; paths in the description are relative to it."""
        return self._folder

    def with_origin(self, positions: Positions, folder: Path | None) -> Self:
        """Return a copy that keeps the positions and the folder of the file it was read from."""
        out = self.model_copy()
        out._positions, out._folder = positions, folder  # noqa: SLF001 - its own private attributes
        return out

    def borders(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the borders that ``layout`` needs: a country and those on the other side."""
        found = [
            s.reference.border for s in self.segments if s.reference is not None and s.reference.border is not None
        ]
        return list(dict.fromkeys((border.of, tuple(border.towards)) for border in found))

    def countries(self) -> list[str]:
        """Return the countries whose areas ``layout`` needs: the sides, and those that meet at tripoints."""
        found = [segment.side.value for segment in self.segments if segment.side is not None]
        for segment in self.segments:
            ends = (segment.reference.start, segment.reference.end) if segment.reference is not None else ()
            for place in ends:
                found += place.tripoint or [] if place is not None else []
        return list(dict.fromkeys(found))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of descriptions, for editors that complete and check YAML.

    Examples
    --------
    >>> json_schema()["title"]
    'defence line'
    """
    schema = Description.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
