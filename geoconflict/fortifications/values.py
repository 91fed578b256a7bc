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
from typing import Annotated, Any, ClassVar, LiteralString, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from geoconflict import vocabulary
from geoconflict.errors import UnitError, did_you_mean
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
