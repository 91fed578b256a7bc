"""The documented tables that pass between the rooms, and ``conform``, which checks one.

Every table is an ordinary ``GeoDataFrame`` in longitude and latitude on WGS84. A column
means here what its ``meaning`` says; further columns may follow and are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict import vocabulary as words
from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, SchemaError, did_you_mean

Dtype = Literal["text", "float", "int", "bool", "date", "datetime"]
Need = Literal["required", "expected", "optional"]


@dataclass(frozen=True, slots=True)
class Column:
    """One documented column.

    Attributes
    ----------
    name : str
    dtype : str
        ``text`` (missing: None), ``float`` (missing: NaN), ``int`` (nullable Int64), ``bool``
        (nullable), ``date`` (a calendar day without time or zone, as ISO text) or
        ``datetime`` (time-zone aware, UTC).
    meaning : str
    unit : str
        Unit of a measure; empty for the rest.
    need : str
        ``required``: never missing. ``expected``: the column is always there, values may be
        missing. ``optional``: the column may be absent.
    words : type of vocabulary.Word, optional
        The vocabulary that the values come from.
    """

    name: str
    dtype: Dtype
    meaning: str
    unit: str = ""
    need: Need = "expected"
    words: type[words.Word] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One documented table.

    Attributes
    ----------
    name : str
    meaning : str
    geometry : tuple of str
        Geometry types that a row may have.
    key : str
        The column that identifies a row; unique.
    columns : tuple of Column
    geometry_may_be_missing : bool
        Whether a row may have no geometry (a count of obstacles at unknown places).
    """

    name: str
    meaning: str
    geometry: tuple[str, ...]
    key: str
    columns: tuple[Column, ...]
    geometry_may_be_missing: bool = False

    @property
    def names(self) -> list[str]:
        """The column names, in order, without the geometry."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises
        ------
        SchemaError
        """
        for column in self.columns:
            if column.name == name:
                return column
        msg = f"{self.name} has no column {name!r}; {did_you_mean(name, self.names) or ', '.join(self.names)}"
        raise SchemaError(msg)


_POINT = ("Point",)
_LINE = ("LineString", "MultiLineString")
_AREA = ("Polygon", "MultiPolygon")

_SOURCE = Column("source", "text", "who says so: a data set, a report, an outlet")
_SOURCE_URL = Column("source_url", "text", "where it can be read", need="optional")
_SOURCE_DATE = Column("source_date", "date", "the day of the source, or of the data's release", need="optional")
_LICENCE = Column("licence", "text", "licence of the data, as an SPDX name where there is one", need="optional")
_ATTRIBUTION = Column("attribution", "text", "words that every map and export must carry", need="optional")
_METHOD = Column("method", "text", "how the geometry or the figure was made")
_NOTES = Column("notes", "text", "free text of the source", need="optional")
_WORLDVIEW = Column("worldview", "text", "according to which view disputed areas are drawn", words=words.Worldview)
_UNCERTAINTY = Column(
    "location_uncertainty_m", "float", "radius around the point within which the true place lies", "m"
)
_COUNTRY = Column("country", "text", "name in English of the country")

INCIDENTS = Table(
    "INCIDENTS",
    "what happened, where and when: one row per event of one source",
    _POINT,
    "event_id",
    (
        Column("event_id", "text", "identifier, unique and stable within the source", need="required"),
        Column("event_date", "date", "first day of the event", need="required"),
        Column("event_date_end", "date", "last day of the event; equal to event_date for one day", need="required"),
        Column("time_precision", "text", "how well the date is known", need="required", words=words.TimePrecision),
        Column("time_precision_source", "text", "the same in the source's own code", need="optional"),
        Column("event_type", "text", "type in our vocabulary", need="required", words=words.EventType),
        Column("sub_event_type", "text", "finer type in the source's words"),
        Column("event_type_source", "text", "type in the source's words", need="optional"),
        Column("actor1", "text", "one party; not necessarily the attacker"),
        Column("actor2", "text", "the other party; not necessarily the defender"),
        Column("fatalities", "float", "deaths, the source's best figure; 0 means none reported", "persons"),
        Column("fatalities_low", "float", "the source's low figure", "persons", need="optional"),
        Column("fatalities_high", "float", "the source's high figure", "persons", need="optional"),
        Column("fatalities_claimant", "text", "who gives the figure", need="optional"),
        _COUNTRY,
        Column("admin1", "text", "first-order division", need="optional"),
        Column("admin2", "text", "second-order division", need="optional"),
        Column("location", "text", "name of the place"),
        Column("geo_precision", "text", "how well the place is known", need="required", words=words.PlacePrecision),
        Column("geo_precision_source", "text", "the same in the source's own code", need="optional"),
        _UNCERTAINTY,
        _SOURCE,
        _SOURCE_URL,
        Column("dataset", "text", "the kind of file that the row was read from", need="required"),
        _METHOD,
        _NOTES,
        Column("source_row", "int", "row of the file, the first data row being 1", need="optional"),
        _LICENCE,
        _ATTRIBUTION,
    ),
)

BORDERS = Table(
    "BORDERS",
    "the common border of two countries: one row per stretch of one kind",
    _LINE,
    "border_id",
    (
        Column("border_id", "text", "identifier, such as BY-LT-land", need="required"),
        Column("country_a", "text", "English name of the country asked for first", need="required"),
        Column("country_b", "text", "name in English of the other", need="required"),
        Column("iso_a", "text", "ISO 3166-1 alpha-2 code of country_a", need="required"),
        Column("iso_b", "text", "ISO 3166-1 alpha-2 code of country_b", need="required"),
        Column("kind", "text", "what the stretch runs through", need="required", words=words.StretchKind),
        Column("length_m", "float", "length on the ellipsoid at full resolution", "m", need="required"),
        Column("drawn_length_m", "float", "length on the ellipsoid of the line as drawn here", "m"),
        Column("resolution_m", "float", "simplification tolerance; 0 means full resolution", "m", need="required"),
        Column(
            "disputed", "bool", "whether the line is disputed by a claimant of the area next to it", need="optional"
        ),
        _WORLDVIEW,
        _SOURCE,
        _SOURCE_DATE,
        _LICENCE,
        _ATTRIBUTION,
        _METHOD,
    ),
)

COUNTRIES = Table(
    "COUNTRIES",
    "countries and territories as areas",
    _AREA,
    "iso",
    (
        Column("iso", "text", "ISO 3166-1 alpha-2 code, or a code of our own that starts with X", need="required"),
        Column("iso3", "text", "ISO 3166-1 alpha-3 code"),
        Column("name", "text", "name in English", need="required"),
        Column("area_m2", "float", "area on the ellipsoid", "m²"),
        Column("resolution_m", "float", "simplification tolerance", "m", need="optional"),
        _WORLDVIEW,
        _SOURCE,
        _SOURCE_DATE,
        _LICENCE,
        _ATTRIBUTION,
        _METHOD,
    ),
)

CROSSINGS = Table(
    "CROSSINGS",
    "border crossings",
    _POINT,
    "crossing_id",
    (
        Column("crossing_id", "text", "identifier", need="required"),
        Column("name", "text", "name of the crossing, as a reader in English meets it", need="required"),
        Column("name_a", "text", "name on the side of country_a", need="optional"),
        Column("name_b", "text", "name on the side of country_b", need="optional"),
        Column("country_a", "text", "country on one side", need="required"),
        Column("country_b", "text", "country on the other", need="required"),
        Column("kind", "text", "what uses it", need="required", words=words.CrossingKind),
        Column("status", "text", "whether it can be used", need="required", words=words.CrossingStatus),
        Column("status_date", "date", "the day since which the status holds", need="optional"),
        Column("distance_to_border_m", "float", "distance to the border line", "m", need="optional"),
        _UNCERTAINTY,
        _SOURCE,
        _SOURCE_URL,
        _SOURCE_DATE,
        _METHOD,
        _NOTES,
    ),
)

PLACES = Table(
    "PLACES",
    "named places: towns, bases, rivers' mouths",
    _POINT,
    "place_id",
    (
        Column("place_id", "text", "identifier", need="required"),
        Column("name", "text", "name", need="required"),
        Column("kind", "text", "what it is: city, town, village, base, gap", need="optional"),
        _COUNTRY,
        Column("population", "float", "inhabitants", "persons", need="optional"),
        _UNCERTAINTY,
        _SOURCE,
        _SOURCE_URL,
        _SOURCE_DATE,
        _LICENCE,
        _ATTRIBUTION,
        _NOTES,
    ),
)

ZONES = Table(
    "ZONES",
    "areas with a meaning: buffers, bands, airspace, maritime zones",
    _AREA,
    "zone_id",
    (
        Column("zone_id", "text", "identifier", need="required"),
        Column("name", "text", "name, such as 0–5 km", need="required"),
        _COUNTRY,
        Column("band_inner_m", "float", "distance at which a band starts", "m", need="optional"),
        Column("band_outer_m", "float", "distance at which a band ends", "m", need="optional"),
        Column("area_m2", "float", "area on the ellipsoid", "m²"),
        Column("tolerance", "float", "worst relative error of the radius, vertices and edges", "1", need="optional"),
        Column("valid_from", "date", "first day on which the zone holds", need="optional"),
        Column("valid_to", "date", "last day on which the zone holds", need="optional"),
        _WORLDVIEW,
        _SOURCE,
        _METHOD,
        _LICENCE,
        _ATTRIBUTION,
    ),
)

_LINE_ID = Column("line_id", "text", "identifier of the defence line", need="required")
_SEGMENT = Column("segment", "text", "name of the segment of the line", need="optional")
_OWNER = Column("owner", "text", "whose fortifications they are", need="required")
_FACING = Column("facing", "text", "the country or side that the fortifications face", need="required")
_STATUS = Column("status", "text", "how far the work has got", need="required", words=words.Status)
_STATUS_DATE = Column("status_date", "date", "the day for which the status was given", need="optional")
_ACCOUNT = Column("account", "text", "the account, among competing ones, that is drawn", need="optional")
_ECHELON = Column("depth_echelon", "int", "place in depth: 1 is nearest the border; not a unit's size")
_TYPE = Column("fortification_type", "text", "what it is", need="required", words=words.FortificationType)
_CODE = Column("app6_code", "text", "entity code in symbol set 25 of APP-6 / MIL-STD-2525D", need="optional")
_ILLUSTRATIVE = Column(
    "illustrative", "bool", "whether the place is drawn for illustration, not known", need="required"
)

ECHELONS = Table(
    "ECHELONS",
    "the depth echelons of a defence line, as areas",
    _AREA,
    "echelon_id",
    (
        Column("echelon_id", "text", "identifier", need="required"),
        _LINE_ID,
        _SEGMENT,
        Column("depth_echelon", "int", "place in depth: 1 is nearest the border; not a unit's size", need="required"),
        Column("name", "text", "name", need="required"),
        _OWNER,
        Column("side", "text", "country in which it lies", need="required"),
        _FACING,
        Column("inner_m", "float", "distance from the reference line at which it starts", "m", need="required"),
        Column("outer_m", "float", "distance from the reference line at which it ends", "m", need="required"),
        Column("outer_min_m", "float", "least outer limit that the source allows", "m", need="optional"),
        Column("outer_max_m", "float", "greatest outer limit that the source allows", "m", need="optional"),
        Column("depth_text", "text", "depth or outer limit as the source writes it", need="optional"),
        Column("area_m2", "float", "area on the ellipsoid", "m²"),
        Column("contents", "text", "what the source says it holds", need="optional"),
        _STATUS,
        _STATUS_DATE,
        _ACCOUNT,
        _SOURCE,
        _SOURCE_URL,
        _METHOD,
        _LICENCE,
        _ATTRIBUTION,
        _NOTES,
    ),
)

STRIPS = Table(
    "STRIPS",
    "obstacles and positions that run along a defence line",
    _LINE,
    "strip_id",
    (
        Column("strip_id", "text", "identifier", need="required"),
        _LINE_ID,
        _SEGMENT,
        _ECHELON,
        Column("order", "int", "place from the enemy's side inwards, from 0", need="optional"),
        Column("name", "text", "name", need="required"),
        _TYPE,
        _CODE,
        _OWNER,
        _FACING,
        Column("offset_m", "float", "distance from the reference line at which it is drawn", "m", need="required"),
        Column("offset_min_m", "float", "least distance that the source allows", "m", need="optional"),
        Column("offset_max_m", "float", "greatest distance that the source allows", "m", need="optional"),
        Column("offset_text", "text", "offset as the source writes it", need="optional"),
        Column("width_m", "float", "thickness of the strip", "m", need="optional"),
        Column("count_min", "float", "how many along the line, at least", need="optional"),
        Column("count_max", "float", "how many along the line, at most", need="optional"),
        Column("per_km", "float", "how many a kilometre", "1/km", need="optional"),
        Column("length_m", "float", "length on the ellipsoid as drawn", "m"),
        _ILLUSTRATIVE,
        _UNCERTAINTY,
        _STATUS,
        _STATUS_DATE,
        _ACCOUNT,
        _SOURCE,
        _SOURCE_URL,
        _METHOD,
        _LICENCE,
        _ATTRIBUTION,
        _NOTES,
    ),
)

SITES = Table(
    "SITES",
    "single fortifications and stores of a defence line; a count without places has no geometry",
    _POINT,
    "site_id",
    (
        Column("site_id", "text", "identifier", need="required"),
        _LINE_ID,
        _SEGMENT,
        _ECHELON,
        Column("name", "text", "name", need="required"),
        _TYPE,
        _CODE,
        _OWNER,
        _FACING,
        Column("count_min", "float", "how many, at least", need="optional"),
        Column("count_max", "float", "how many, at most", need="optional"),
        _ILLUSTRATIVE,
        _UNCERTAINTY,
        _STATUS,
        _STATUS_DATE,
        _ACCOUNT,
        _SOURCE,
        _SOURCE_URL,
        _METHOD,
        _NOTES,
    ),
    geometry_may_be_missing=True,
)

TABLES: tuple[Table, ...] = (INCIDENTS, BORDERS, COUNTRIES, CROSSINGS, PLACES, ZONES, ECHELONS, STRIPS, SITES)


def conform(frame: gpd.GeoDataFrame, table: Table, *, what: str = "the table") -> gpd.GeoDataFrame:
    """Return a copy of a frame that keeps the promises of a table, or say all that is wrong.

    Columns come in the table's order, further ones after them; expected columns that are
    absent are added empty; values get the documented dtype. The index is kept.

    Parameters
    ----------
    frame : GeoDataFrame
    table : Table
    what : str
        How the errors call the frame.

    Returns
    -------
    GeoDataFrame

    Raises
    ------
    SchemaError
        With every fault found: missing columns, values, words, repeated keys, geometry types.
    CRSError
        If the frame has no CRS, or another than WGS84.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"place_id": ["a"], "name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> list(conform(frame, PLACES).columns[:4])
    ['place_id', 'name', 'country', 'location_uncertainty_m']
    """
    require_wgs84(frame, what=what)
    faults: list[Fault] = []
    data: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name in frame.columns:
            data[column.name] = _coerce(frame[column.name], column, faults)
        elif column.need == "required":
            hint = did_you_mean(column.name, [str(name) for name in frame.columns])
            faults.append(Fault("this required column is missing", field=column.name, hint=hint or None))
        elif column.need == "expected":
            data[column.name] = _empty(frame.index, column)
    geometry = frame.geometry.name
    _check_key(data, table, faults)
    _check_geometry(frame, table, faults)
    if faults:
        msg = f"{what} is not a table of {table.name}"
        raise SchemaError(msg, faults)

    for name in frame.columns:
        if name not in data and name != geometry:
            data[name] = frame[name].copy()
    data["geometry"] = pd.Series(frame.geometry.array.copy(), index=frame.index)
    out = gpd.GeoDataFrame(data, index=frame.index, copy=False)  # each column is already one of its own
    out.attrs = dict(frame.attrs)
    return out


def _empty(index: pd.Index, column: Column) -> pd.Series:
    dtypes = {"float": "float64", "int": "Int64", "bool": "boolean", "datetime": "datetime64[us, UTC]"}
    if column.dtype not in dtypes:
        return pd.Series([None] * len(index), index=index, dtype="object", name=column.name)
    return pd.Series(None, index=index, dtype=dtypes[column.dtype], name=column.name)


def _coerce(values: pd.Series, column: Column, faults: list[Fault]) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype):
        sound = _sound_categories(values, column)
        if sound is not None:
            return sound
    coerce: dict[str, Callable[[pd.Series], pd.Series]] = {
        "float": lambda s: pd.to_numeric(s, errors="coerce").astype("float64"),
        "int": _to_int,
        "bool": _to_bool,
        "date": _to_date,
        "datetime": lambda s: pd.to_datetime(s, errors="coerce", utc=True),
        "text": _to_text,
    }
    out = coerce[column.dtype](values)
    if column.dtype != "text":  # everything can be a text; blanks count as missing
        unread = out.isna() & ~values.isna()
        faults.extend(
            Fault(f"{values.iloc[row]!r} is not {_A_DTYPE[column.dtype]}", row=row + 1, field=column.name)
            for row in _rows(unread)
        )
    if column.need == "required":
        gone = _rows(out.isna() if column.dtype == "text" else values.isna())
        if gone:
            shown = ", ".join(str(row + 1) for row in gone[:10]) + (" …" if len(gone) > 10 else "")
            faults.append(Fault(f"{len(gone)} rows lack this required value: {shown}", field=column.name))
    if column.words is not None:
        known = {member.value for member in column.words}
        for value in sorted({str(v) for v in out.unique() if v is not None} - known):
            hint = did_you_mean(value, known) or "one of " + ", ".join(sorted(known))
            rows = _rows(out == value)
            faults.append(
                Fault(f"{value!r} is no word of {column.words.__name__}", rows[0] + 1, column.name, hint=hint)
            )
    return out


def _sound_categories(values: pd.Series, column: Column) -> pd.Series | None:
    """Return a coded column of texts or days decoded, if every value that it uses keeps the promises."""
    if column.dtype not in {"text", "date"}:
        return None
    codes = values.cat.codes.to_numpy()
    given = values.cat.categories.tolist()
    read = _texts(given) if column.dtype == "text" else _days(given)
    used = np.bincount(codes.astype("int64") + 1, minlength=len(given) + 1)
    words = [word for word, count in zip(read, used[1:].tolist(), strict=True) if count]
    known = {member.value for member in column.words} if column.words is not None else None
    lacking = used[0] > 0 or None in words
    if lacking and (column.need == "required" or (column.dtype == "date" and None in words)):
        return None
    if known is not None and not known.issuperset(word for word in words if word is not None):
        return None
    out = np.array([*read, None], dtype=object)[codes]
    return pd.Series(out, index=values.index, name=values.name, dtype="object")


_A_DTYPE = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date (YYYY-MM-DD)",
    "datetime": "a time",
    "text": "a text",
}


def _rows(mask: pd.Series) -> list[int]:
    return [int(i) for i in mask.to_numpy(dtype=bool, na_value=False).nonzero()[0]]


def _to_int(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    whole = (numbers == numbers.round()).fillna(value=False)
    return numbers.where(whole).astype("Int64")


def _to_bool(values: pd.Series) -> pd.Series:
    if values.dtype.name in {"bool", "boolean"}:
        return values.astype("boolean")
    spoken = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}
    out: pd.Series = values.map(lambda v: spoken.get(str(v).strip().casefold())).astype("boolean")
    return out


def _to_date(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        stamped: pd.Series = values.dt.strftime("%Y-%m-%d").astype("object").where(values.notna(), None)
        return stamped
    return _by_value(values, _days)


def _days(values: list[object]) -> list[str | None]:
    text = [v.isoformat() if hasattr(v, "isoformat") else v for v in values]
    day = pd.Series(text, dtype="object").astype("string").str.slice(0, 10)
    good = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce").notna()
    return [str(d) if g else None for d, g in zip(day, good, strict=True)]


def _to_text(values: pd.Series) -> pd.Series:
    return _by_value(values, _texts)


def _texts(values: list[object]) -> list[str | None]:
    return [v if type(v) is str and v and not v.isspace() else _text(v) for v in values]


def _text(value: object) -> str | None:
    text = str(value)
    return text if text.strip() else None


def _by_value(values: pd.Series, read: Callable[[list[object]], list[str | None]]) -> pd.Series:
    """Read the values of a column; where texts come again and again, each distinct one once."""
    if isinstance(values.dtype, pd.StringDtype) and read is _texts:
        spaces = values.str.isspace().fillna(value=False).to_numpy(dtype=bool)
        blank = values.isna().to_numpy(dtype=bool) | spaces | (values == "").fillna(value=False).to_numpy(dtype=bool)
        cells = values.to_numpy(dtype=object, copy=True)
        cells[blank] = None
        return pd.Series(cells, index=values.index, name=values.name, dtype="object")
    cells = values.to_numpy(dtype=object)
    sample = cells[:1000].tolist()
    texts = pd.api.types.infer_dtype(cells, skipna=True) in {"string", "empty"}
    if texts and len(cells) > len(sample) and len(set(sample)) < 0.95 * len(sample):
        codes, uniques = pd.factorize(cells)
        out = np.array([*read(list(uniques)), None], dtype=object)[codes]
    else:
        there = ~np.asarray(values.isna(), dtype=bool)
        out = np.full(len(cells), None, dtype=object)
        out[there] = read(cells[there].tolist())
    return pd.Series(out, index=values.index, name=values.name, dtype="object")


def _check_key(data: dict[str, pd.Series], table: Table, faults: list[Fault]) -> None:
    keys = data.get(table.key)
    if keys is None:
        return
    if keys.is_unique:
        return
    repeated = keys[keys.duplicated(keep=False) & keys.notna()]
    for value in list(dict.fromkeys(repeated))[:10]:
        rows = [row + 1 for row in _rows(keys == value)]
        faults.append(Fault(f"{value!r} occurs in rows {rows[:10]}; it must be unique", field=table.key))


def _check_geometry(frame: gpd.GeoDataFrame, table: Table, faults: list[Fault]) -> None:
    types = frame.geometry.geom_type
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if missing.any() and not table.geometry_may_be_missing:
        rows = [int(i) + 1 for i in missing.nonzero()[0][:10]]
        faults.append(Fault(f"{int(missing.sum())} rows have no geometry: {rows}", field="geometry"))
    wrong = ~types.isin(table.geometry).to_numpy() & ~missing
    for found in sorted(set(types[wrong])):
        rows = [int(i) + 1 for i in (wrong & (types == found).to_numpy()).nonzero()[0][:10]]
        faults.append(Fault(f"{found} in rows {rows}; expected {' or '.join(table.geometry)}", field="geometry"))


def markdown() -> str:
    """Return the table of tables for the README.

    Examples
    --------
    >>> markdown().splitlines()[0]
    '| table | a row is | geometry | key | columns |'
    """
    lines = ["| table | a row is | geometry | key | columns |", "|---|---|---|---|---|"]
    for table in TABLES:
        names = ", ".join(f"**{c.name}**" if c.need == "required" else c.name for c in table.columns)
        geometry = " or ".join(table.geometry) + (", or none" if table.geometry_may_be_missing else "")
        lines.append(f"| `{table.name}` | {table.meaning} | {geometry} | `{table.key}` | {names} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())  # noqa: T201 - this is how the README's table is made
