"""Values of a description that say who stands behind them.

Each may be written short (``depth: 5 km``) or long, with its sources, its words in the
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
_NO_COUNT = "{value} is not a count"
_NO_WORD = "'{text}' is not a {what}; {hint}"
_WHY = "{why}"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)")
_COUNT_RANGE = re.compile(r"(\d[\d,]*)\s*(?:-|–|—|\bto\b)\s*(\d[\d,]*)")
_ABOUT = re.compile(r"(?:about|around|roughly|some|approximately|nearly|almost|~)\s*")
_AT_LEAST = re.compile(r"(?:more than|at least|over|no fewer than|>=?|≥)\s*(.+)")
_AT_MOST = re.compile(r"(?:up to|at most|fewer than|less than|no more than|<=?|≤)\s*(.+)")


def parse_count(value: float | str) -> tuple[float | None, float | None]:
    """Read a number of things, or a range of numbers.

    Returns
    -------
    (float or None, float or None)
        Least and greatest; None for an open end.

    Raises
    ------
    UnitError
        If it is no count.

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
    """A fault; its message is a template that pydantic fills."""

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
    # A bare year is a number to YAML.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_length(text: object) -> object:
    # A bare number comes here before it is refused as no text: the trouble is its unit.
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
    """Return a validator that reads a word of a vocabulary as people write it.

    A word that is not known is a fault with the nearest ones.
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


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
PartialDate = Annotated[
    str,
    BeforeValidator(_date_text),
    AfterValidator(_check_date),
    WithJsonSchema({"type": ["string", "integer"], "description": "a day, month or year: 2025-08-19, 2025-08 or 2025"}),
]
StatusWord = Annotated[vocabulary.Status, word(vocabulary.Status, "status")]
KindWord = Annotated[vocabulary.FortificationType, word(vocabulary.FortificationType, "type of fortification")]
_LengthText = Annotated[Line, BeforeValidator(_check_length)]
_CountText = Annotated[
    int | str, PlainValidator(_check_count), WithJsonSchema({"type": ["integer", "string"], "minimum": 0})
]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _one_or_many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


_TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_KEY: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"}
# One item of a list may be written without the list.
Keys = Annotated[list[Key], BeforeValidator(_listed), WithJsonSchema(_one_or_many(_KEY))]
Lines = Annotated[list[Line], Field(min_length=1), BeforeValidator(_listed), WithJsonSchema(_one_or_many(_TEXT))]
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
    """Base of every part: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    short_key: ClassVar[str | None] = None
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's hook
        """Tell editors which short forms are allowed."""
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
        """Return the part as plain data in the form that people write: short where that says it all.

        What was not given, and what equals its default, is left out.
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
    """Something that somebody said.

    Attributes
    ----------
    sources : list of str
        Keys of the description's ``sources``; one key may be written without a list.
    account : str, optional
        Key of the account, among competing ones, that it belongs to.
    evidence : str, optional
        The words of the source that it rests on.
    span : (int, int), optional
        Where those words stand in the text that was parsed, in characters, end exclusive.
    confidence : float, optional
        From 0 to 1; of a reading by rules, not of the source.
    note : str, optional
        Anything a reader must know.
    """

    sources: Keys = Field(default_factory=list, description="keys of the sources that say so")
    account: Key | None = Field(None, description="the account, among competing ones, that it belongs to")
    evidence: Line | None = Field(None, description="the words of the source that it rests on")
    span: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = Field(
        None, description="where those words stand in the parsed text: start, end (exclusive)"
    )
    confidence: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="of the reading, from 0 to 1")
    note: Line | None = Field(None, description="anything a reader must know")


class Value(Stated):
    """A stated value that may be written short, as the bare value.

    Attributes
    ----------
    assumed : bool, optional
        True where no source says so and the author of the description assumes it.
    because : str, optional
        Why this value was chosen, or assumed.
    """

    short_key: ClassVar[str | None] = "value"

    assumed: bool | None = Field(None, description="true where no source says so and the author assumes it")
    because: Line | None = Field(None, description="why this value was chosen, or assumed")

    @model_validator(mode="before")
    @classmethod
    def _long(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return data if isinstance(data, dict | BaseModel) else {"value": data}


class Text(Value):
    """A name or a text with its sources."""

    value: Line = Field(description="the name or text")
    others: list[Text] = Field(default_factory=list, description="competing values that were not chosen")


class Measure(Value):
    """A length with its unit, or a range: "5 km", "3–5 mi", "up to 3 km", "about 30 mi"."""

    value: _LengthText = Field(description="a length or a range with its unit, such as 5 km, 3-5 mi or up to 3 km")
    others: list[Measure] = Field(default_factory=list, description="competing values that were not chosen")

    @property
    def length(self) -> Length:
        """The length as written and in metres."""
        return parse_length(self.value)


class Count(Value):
    """How many: a whole number, or a range such as "100–150", "more than 50" or "up to 30"."""

    value: _CountText = Field(description="a whole number or a range, such as 27, 100-150 or more than 50")
    others: list[Count] = Field(default_factory=list, description="competing values that were not chosen")

    @property
    def range(self) -> tuple[float | None, float | None]:
        """The least and the greatest number; None for an open end."""
        return parse_count(self.value)


class StatusValue(Value):
    """How far the work has got, and when that was so."""

    value: StatusWord = Field(description="how far the work has got")
    date: PartialDate | None = Field(None, description="the day, month or year for which it was said")
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

    _positions: Positions = PrivateAttr(default_factory=Positions)
    _folder: Path | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Tell whether two descriptions say the same, wherever they were read from."""
        return isinstance(other, Description) and self.plain() == other.plain()

    def __hash__(self) -> int:
        return hash((self.id, self.name))

    @property
    def positions(self) -> Positions:
        """Positions of the values in the file it was read from; empty if it was made in code."""
        return self._positions

    @property
    def folder(self) -> Path | None:
        """The folder of the file that it was read from; files that it names lie beside it."""
        return self._folder

    def with_origin(self, positions: Positions, folder: Path | None) -> Self:
        """Return a copy that keeps the positions and the folder of the file it was read from."""
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


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a description, for editors that complete and check YAML.

    Examples
    --------
    >>> json_schema()["title"]
    'defence line'
    """
    schema = Description.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
