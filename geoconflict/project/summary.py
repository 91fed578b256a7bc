"""The summary of a run as Markdown: measures, methods, uncertainty, sources."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd

from geoconflict.fortifications.claims import Verdict
from geoconflict.incidents.report import ReadReport
from geoconflict.project.load import Project
from geoconflict.schema import BORDERS, CROSSINGS, ECHELONS, INCIDENTS, PLACES, SITES, STRIPS, ZONES, Table
from geoconflict.units import format_length

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_MAX_ROWS = 60
_MAX_LINKS = 3


def kind_of(table: gpd.GeoDataFrame) -> Table | None:
    """Return which of our tables a frame is, by its key and required columns.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"place_id": ["a"], "name": ["A"]}, geometry=[Point(0, 0)], crs="EPSG:4326")
    >>> kind_of(frame).name
    'PLACES'
    """
    for kind in (INCIDENTS, BORDERS, CROSSINGS, ECHELONS, STRIPS, SITES, ZONES, PLACES):
        required = {column.name for column in kind.columns if column.need == "required"}
        if required <= set(table.columns):
            return kind
    return None


def markdown(
    project: Project,
    tables: Mapping[str, gpd.GeoDataFrame],
    notes: Sequence[str],
    *,
    computed: Mapping[str, Sequence[str]] = MappingProxyType({}),
    verdicts: Sequence[Verdict] = (),
    reports: Mapping[str, ReadReport] = MappingProxyType({}),
) -> str:
    """Return the summary of a run as Markdown; every text from data is escaped.

    Parameters
    ----------
    project : Project
    tables : mapping of str to GeoDataFrame
        The tables of the steps, in order.
    notes : sequence of str
        Notes for the reader.
    computed : mapping of str to sequence of str
        By the name of the table, the columns that steps added to it; the summary shows them all.
    verdicts : sequence of Verdict
        Results of the claims that were checked.
    reports : mapping of str to ReadReport
        How each file of incidents was read; those with problems are given in full.

    Returns
    -------
    str
    """
    model = project.model
    lines = [f"# {text(model.title)}", ""]
    if model.summary:
        lines += [text(model.summary), ""]
    lines += [
        f"As of {model.as_of.isoformat()}; borders by the worldview “{text(model.worldview.label)}” ({text(model.worldview.meaning)}).",
        "",
    ]
    for name, table in tables.items():
        kind = kind_of(table)
        if kind is not None and len(table):
            lines += [f"## {text(name)}", "", *_table(kind, table, computed.get(name, ())), ""]
    for name, report in reports.items():
        if not report.clean:
            body = report.markdown().replace("\n#", "\n###")
            lines += [f"## How {text(name)} was read", "", body.removeprefix("# ").strip(), ""]
    if verdicts:
        lines += ["## Claims", "", *_claims(verdicts), ""]
    if notes:
        lines += ["## Notes", "", *(f"- {text(note)}" for note in dict.fromkeys(notes)), ""]
    lines += ["## Sources", "", *_sources(tables.values()), ""]
    return "\n".join(lines)


def headlines(tables: Mapping[str, gpd.GeoDataFrame], verdicts: Sequence[Verdict] = ()) -> list[str]:
    """Return a few numbers of a run, one per line, for the terminal."""
    out = []
    for name, table in tables.items():
        kind = kind_of(table)
        if kind is not None:
            out += [f"{name}: {line}" for line in (_headlines_of(kind, table) if len(table) else ["no rows"])]
    return out + [f"claim: {v.text}: {v.verdict.replace('_', ' ')}; {v.reason}" for v in verdicts]


def _headlines_of(kind: Table, table: gpd.GeoDataFrame) -> list[str]:
    rows = table.drop(columns=table.geometry.name).to_dict("records")
    out: list[str] = []
    if kind is BORDERS:
        pairs = table.groupby(["country_a", "country_b"], sort=False)
        out = [
            f"{a} – {b} {_length_by_kind(part)}, {_resolution(float(part['resolution_m'].max()))}"
            for (a, b), part in pairs
        ]
    elif kind is ECHELONS:
        out = [
            f"{row['name']}, {format_length(row['inner_m'])} to {format_length(row['outer_m'])}: {row['area_m2'] / 1e6:,.0f} km²"
            for row in rows
        ]
    elif kind is ZONES and "n" in table:
        several = "country" in table and len(set(table["country"].dropna())) > 1
        out = [f"{_zone(row, several=several)}: {_counted(row['n'], 'point')}{_certainty(row)}" for row in rows]
        if "count" in table.attrs:
            out.append(
                f"{table.attrs['count']['outside']:,} of {_counted(table.attrs['count']['points'], 'point')} outside all zones"
            )
    elif kind is ZONES and "share_of_country" in table:
        out = [
            f"{part['area_m2'].sum() / 1e6:,.0f} km² in all, {part['share_of_country'].sum():.1%} of the land of {country}"
            for country, part in table.groupby("country", sort=False)
        ]
    elif kind is PLACES and "zone" in table:
        inside = ", ".join(f"{row['name']} ({row['zone']})" for row in rows)
        out = [f"{_counted(len(table), 'place')} inside: {inside}"]
    elif kind is INCIDENTS:
        first, last = table["event_date"].min(), table["event_date_end"].max()
        out = [f"{_counted(len(table), 'incident')}, {first} to {last}"]
    return out


def _zone(row: Mapping[Hashable, Any], *, several: bool) -> str:
    return f"{row['name']} ({row['country']})" if several and not _is_missing(row["country"]) else str(row["name"])


def _certainty(row: Mapping[Hashable, Any]) -> str:
    if "n_certain" not in row:
        return ""
    return ", certainty not known" if _is_missing(row["n_certain"]) else f", {row['n_certain']} certainly inside"


def _resolution(metres: float) -> str:
    return "line at the full resolution of the source" if metres == 0 else f"line simplified by at most {metres:g} m"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _length_by_kind(table: gpd.GeoDataFrame) -> str:
    """Write a length kind by kind, since official figures differ in whether they count lakes and the sea."""
    sums = table.groupby("kind", sort=False)["length_m"].sum() / 1000
    total = f"{sums.sum():,.1f} km"
    if len(sums) == 1:
        return f"{total} ({sums.index[0]}) on the ellipsoid at full resolution"
    parts = ", ".join(f"{kind} {length:,.1f}" for kind, length in sums.items())
    on_land = float(sums.reindex(["land", "river"]).sum())
    on_land_text = "" if on_land >= sums.sum() - 0.05 else f"; land and rivers only: {on_land:,.1f} km"
    return f"{total} ({parts}{on_land_text}) on the ellipsoid at full resolution"


def _claims(verdicts: Sequence[Verdict]) -> list[str]:
    lines = ["| claim | claimed | measured | verdict |", "|---|---|---|---|"]
    for verdict in verdicts:
        measured = "; ".join(f"{m.value_m / 1000:,.1f} km {text(m.reading)}" for m in verdict.measured) or "–"
        lines.append(
            f"| {text(verdict.text)} | {text(verdict.claimed)} | {measured} | {text(verdict.verdict.replace('_', ' '))} |"
        )
    return lines


def text(value: object) -> str:
    r"""Return a value as Markdown that shows it and does nothing else.

    Examples
    --------
    >>> print(text("<b>| [x](y)"))
    \<b\>\| \[x\](y)
    """
    flat = " ".join(str(value).split())
    return _SPECIAL.sub(r"\\\1", flat)


def _table(kind: Table, table: gpd.GeoDataFrame, computed: Sequence[str]) -> list[str]:
    columns = [name for name in dict.fromkeys([*_COLUMNS[kind.name], *computed]) if name in table.columns]
    head = [_HEADS.get(name, name.removesuffix("_m").replace("_", " ")) for name in columns]
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in columns) + "|"]
    rows = table[columns].head(_MAX_ROWS).astype("object").itertuples(index=False, name=None)
    lines += [
        "| " + " | ".join(_cell(name, value) for name, value in zip(columns, row, strict=True)) + " |" for row in rows
    ]
    if len(table) > _MAX_ROWS:
        lines.append(f"\n{len(table) - _MAX_ROWS} more rows are in the layer's file.")
    if kind is BORDERS:
        lines += [
            "",
            f"By kind: {_length_by_kind(table)} (geodesic length, WGS84). Rivers that the source draws only as lines count as land.",
        ]
    return lines


_COLUMNS = {
    "BORDERS": ["country_a", "country_b", "kind", "length_m", "drawn_length_m", "resolution_m", "source"],
    "ECHELONS": ["name", "inner_m", "outer_m", "area_m2", "side", "facing", "status", "account", "source"],
    "STRIPS": [
        "name",
        "fortification_type",
        "depth_echelon",
        "offset_m",
        "length_m",
        "illustrative",
        "status",
        "source",
    ],
    "SITES": [
        "name",
        "fortification_type",
        "depth_echelon",
        "count_min",
        "count_max",
        "illustrative",
        "status",
        "source",
    ],
    "INCIDENTS": [
        "event_date",
        "event_type",
        "location",
        "geo_precision",
        "location_uncertainty_m",
        "fatalities",
        "source",
    ],
    "CROSSINGS": ["name", "country_a", "country_b", "kind", "status", "status_date", "source"],
    "PLACES": ["name", "country", "population", "location_uncertainty_m", "source"],
    "ZONES": ["name", "country", "area_m2", "share_of_country", "source"],
}
_WORDS = {"kind", "status", "event_type", "geo_precision", "fortification_type"}
_HEADS = {
    "illustrative": "place assumed",
    "area_m2": "area",
    "n": "points",
    "n_certain": "points certainly inside",
    "location_uncertainty_m": "uncertainty",
}


def _cell(name: str, value: object) -> str:
    if _is_missing(value):
        return "not known" if name == "n_certain" else "–"
    if isinstance(value, float):
        return _number(name, value)
    return text(str(value).replace("_", " ") if name in _WORDS else value)


def _number(name: str, value: float) -> str:
    """Write a number in the unit that its column's name implies."""
    if name == "share_of_country":
        out = f"{value:.1%}"
    elif name == "area_m2":
        out = f"{value / 1e6:,.0f} km²"
    elif name == "resolution_m" and value == 0:
        out = "full"
    elif name in {"length_m", "drawn_length_m"}:
        out = f"{value / 1000:,.1f} km"
    elif name.endswith("_m"):
        out = f"{value:,.0f} m" if value < 1000 else format_length(value)
    else:
        out = f"{value:,.0f}" if value.is_integer() else f"{value:,.3g}"
    return out


def _sources(tables: Iterable[gpd.GeoDataFrame]) -> list[str]:
    """List sources by name with licence and attribution, and their links where there are few."""
    found: dict[str, dict[str, None]] = {}
    for table in tables:
        present = [name for name in ("source", "licence", "attribution") if name in table.columns]
        if "source" not in present:
            continue
        columns = [*present, "source_url"] if "source_url" in table.columns else present
        for row in table[columns].drop_duplicates().astype("object").to_dict("records"):
            credit = "; ".join(dict.fromkeys(text(row[name]) for name in present if not _is_missing(row[name])))
            if credit:
                links = found.setdefault(credit, {})
                if not _is_missing(row.get("source_url")):
                    links.setdefault(text(row["source_url"]))
    lines = [f"{number}. {_with_links(credit, list(links))}" for number, (credit, links) in enumerate(found.items(), 1)]
    if len(lines) > _MAX_ROWS:
        lines = [*lines[:_MAX_ROWS], f"\n{len(lines) - _MAX_ROWS} more sources are named in the layers' files."]
    return lines


def _with_links(credit: str, links: list[str]) -> str:
    if len(links) > _MAX_LINKS:
        return f"{credit}; {len(links)} links, in the layers' files"
    return "; ".join([credit, *links])


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
