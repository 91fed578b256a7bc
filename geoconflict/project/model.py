"""The model of a project file: what to read, what to measure, what to draw.

``tables`` names each table and the one step that makes it, from top to bottom: a step may
use the tables above it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from geoconflict.errors import did_you_mean
from geoconflict.maps.layers import LAYERS
from geoconflict.units import parse_length, parse_metres
from geoconflict.vocabulary import StretchKind, Worldview

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
FileName = Annotated[str, Field(min_length=1, max_length=400)]


def _length(value: object) -> str:
    if isinstance(value, list | dict):
        # The type of pydantic's own error, so that a list of lengths is reported item by item.
        error = "string_type"
        raise PydanticCustomError(error, "a length is one text such as '5 km'")
    parse_metres(parse_length(value))  # a text: a bare number in a file has no unit
    return str(value)


# A length with its unit; a number without one is an error.
LengthText = Annotated[str, BeforeValidator(_length)]


class Model(BaseModel):
    """Base of all parts of a project: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Model):
    """Base of the steps: one verb that makes a table.

    Attributes
    ----------
    table_fields, country_fields, file_fields : tuple of str
        The fields that name a table made above, a country, or a file.
    """

    table_fields: ClassVar[tuple[str, ...]] = ()
    country_fields: ClassVar[tuple[str, ...]] = ()
    file_fields: ClassVar[tuple[str, ...]] = ()

    def files(self) -> dict[tuple[str, ...], str]:
        """Return the files that the step reads, by the key that names each."""
        return {(field,): getattr(self, field) for field in self.file_fields}

    def countries(self) -> dict[str, list[str]]:
        """Return the countries that the step names, by key."""
        return {field.rstrip("_"): _listed(getattr(self, field)) for field in self.country_fields}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


class BorderStep(Step):
    """The common border of a country with one or more others."""

    country_fields = ("border", "with_")

    border: Text
    with_: Annotated[Text | list[Text], Field(alias="with")]
    kinds: list[StretchKind] | None = None
    resolution: LengthText | None = None


class CountryStep(Step):
    """One or more countries as areas."""

    country_fields = ("country",)

    country: Text | list[Text]


class IncidentsStep(Step):
    """A file of incidents; the source is recognised unless it is named."""

    file_fields = ("incidents",)

    incidents: FileName
    source: Text | None = None
    country: Text | None = None
    date_order: Literal["dmy", "mdy"] | None = None


class CrossingsStep(Step):
    """Border crossings of the embedded table between two countries, or of a file."""

    crossings: FileName
    with_: Annotated[Text | list[Text] | None, Field(alias="with")] = None

    def files(self) -> dict[tuple[str, ...], str]:
        """Return the file, if this step reads one."""
        return {("crossings",): self.crossings} if self.with_ is None else {}

    def countries(self) -> dict[str, list[str]]:
        """Return the countries, if this step takes the embedded crossings."""
        return {} if self.with_ is None else {"crossings": [self.crossings], "with": _listed(self.with_)}


class PlacesStep(Step):
    """A CSV file of places."""

    file_fields = ("places",)

    places: FileName


class FortificationsStep(Step):
    """A YAML description of a defence line; gives NAME.echelons, NAME.strips and NAME.sites."""

    file_fields = ("fortifications",)

    fortifications: FileName


class BandsStep(Step):
    """Bands by distance from a border, in one country, in several, or on both sides."""

    table_fields = ("bands",)

    bands: Text
    edges: Annotated[list[LengthText], Field(min_length=2)]
    side: Text | list[Text]

    @field_validator("edges")
    @classmethod
    def _check_rising(cls, value: list[str]) -> list[str]:
        metres = [parse_metres(edge) for edge in value]
        if any(outer <= inner for inner, outer in pairwise(metres)):
            msg = "the edges of bands must rise"
            raise ValueError(msg)
        return value

    def countries(self) -> dict[str, list[str]]:
        """Return the countries in which the bands lie."""
        return {} if self.side == "both" else {"side": _listed(self.side)}


class BufferStep(Step):
    """All that lies within a radius of each row of a table."""

    table_fields = ("buffer",)

    buffer: Text
    radius: LengthText
    dissolve: bool = False
    label: Text | None = None


class NearStep(Step):
    """The rows of a table within one or more radii of another."""

    table_fields = ("near", "of")

    near: Text
    of: Text
    radius: LengthText | list[LengthText]


class DistanceStep(Step):
    """A table with the distance to another as a further column."""

    table_fields = ("distance", "to")

    distance: Text
    to: Text
    as_: Annotated[Name, Field(alias="as")] = "distance_m"


class CountStep(Step):
    """Zones with the number of points in each."""

    table_fields = ("count", "zones")

    count: Text
    zones: Text
    by: Text | None = None
    sum: Text | None = None
    weight: Text | None = None


class InZonesStep(Step):
    """The rows of a table of points that lie in zones."""

    table_fields = ("in_zones", "zones")

    in_zones: Text
    zones: Text
    label: Text = "name"


class ControlStep(Step):
    """Control of territory from observations on single days, one file of areas a day."""

    control: Annotated[dict[dt.date, FileName], Field(min_length=1)]
    holder: Text | None = None
    until: dt.date | None = None

    def files(self) -> dict[tuple[str, ...], str]:
        """Return the file of each day."""
        return {("control", str(day)): file for day, file in self.control.items()}


STEPS: dict[str, type[Step]] = {
    "border": BorderStep,
    "country": CountryStep,
    "incidents": IncidentsStep,
    "crossings": CrossingsStep,
    "places": PlacesStep,
    "fortifications": FortificationsStep,
    "bands": BandsStep,
    "buffer": BufferStep,
    "near": NearStep,
    "distance": DistanceStep,
    "count": CountStep,
    "in_zones": InZonesStep,
    "control": ControlStep,
}


def find_verb(keys: Iterable[str]) -> str | None:
    """Return the key that says which step makes a table, or None.

    A verb can also be an option of another step: incidents take a ``country``.

    Examples
    --------
    >>> find_verb(["country", "incidents"]), find_verb(["country"]), find_verb(["nation"])
    ('incidents', 'country', None)
    """
    verbs = [key for key in keys if key in STEPS]
    return next((verb for verb in verbs if STEPS[verb].model_fields.keys() >= set(verbs)), next(iter(verbs), None))


def _layer_kind(value: str) -> str:
    if value not in LAYERS:
        msg = f"there is no layer {value!r}; {did_you_mean(value, LAYERS) or 'known: ' + ', '.join(LAYERS)}"
        raise ValueError(msg)
    return value


LayerKind = Annotated[str, AfterValidator(_layer_kind)]


class GridModel(Model):
    """One file of a raster, with the days for which it holds."""

    file: FileName
    band: Annotated[int, Field(ge=1)] = 1
    from_: Annotated[dt.date | None, Field(alias="from")] = None
    to: dt.date | None = None
    source: Text | None = None


class LayerModel(Model):
    """One layer of the map and the figure: of a table, of grids, or of nothing but a look."""

    layer: LayerKind
    table: Text | None = None
    grids: Annotated[list[GridModel] | None, Field(min_length=1)] = None
    name: Text | None = None
    visible: bool = True
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_what_it_draws(self) -> LayerModel:
        kind = LAYERS[self.layer]
        wanted = kind.data
        for name in ("table", "grids"):
            given = getattr(self, name) is not None
            if given and name != wanted:
                msg = f"a {self.layer} takes no {name}" + (f", but {wanted}" if wanted else "")
                raise ValueError(msg)
            if not given and name == wanted:
                msg = f"a layer {self.layer} needs {name}"
                raise ValueError(msg)
        unknown = [name for name in self.options if name not in kind.options()]
        if unknown:
            message = "; ".join(
                f"the option {name!r} is not known; {did_you_mean(name, kind.options()) or 'known: ' + ', '.join(kind.options())}"
                for name in unknown
            )
            raise ValueError(message)
        return self


class MapModel(Model):
    """What the map shows, from the bottom to the top."""

    layers: Annotated[list[LayerModel], Field(min_length=1)]
    view: Annotated[list[float], Field(min_length=4, max_length=4)] | None = None
    caption: Text | None = None


class FigureModel(Model):
    """How the print version looks."""

    width_mm: Annotated[float, Field(gt=50, le=1200)] = 240
    height_mm: Annotated[float, Field(gt=50, le=1200)] = 170
    dpi: Annotated[int, Field(ge=50, le=600)] = 160
    formats: Annotated[list[Literal["png", "svg", "pdf"]], Field(min_length=1)] = ["png", "svg"]


class ProjectModel(Model):
    """A whole project file."""

    geoconflict: Literal[1]
    title: Text
    summary: Text | None = None
    as_of: dt.date
    worldview: Worldview = Worldview.DE_FACTO
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    tables: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    map: MapModel
    figure: FigureModel = FigureModel()
    files: Annotated[list[Literal["geojson", "gpkg", "fgb", "parquet"]], Field(min_length=1)] = ["geojson"]

    @field_validator("as_of", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                msg = f"{value!r} is not a date; write it as 2025-08-19"
                raise ValueError(msg) from None
        return value
