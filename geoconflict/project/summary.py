"""The numbers of a run as Markdown: what was measured, by what, how sure, from which source."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from geoconflict.schema import BORDERS, CROSSINGS, ECHELONS, INCIDENTS, PLACES, SITES, STRIPS, ZONES, Table
from geoconflict.units import format_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from geoconflict.project.load import Project

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_MOST = 60


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


def markdown(project: Project, tables: Mapping[str, gpd.GeoDataFrame], notes: Sequence[str]) -> str:
    """Return the summary of a run as Markdown; every text from data is escaped.

    Parameters
    ----------
    project : Project
    tables : mapping of str to GeoDataFrame
        What the steps made, in order.
    notes : sequence of str
        What a reader must know.

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
            lines += [f"## {text(name)}", "", *_table(kind, table), ""]
    if notes:
        lines += ["## Notes", "", *(f"- {text(note)}" for note in dict.fromkeys(notes)), ""]
    lines += ["## Sources", "", *_sources(tables.values()), ""]
    return "\n".join(lines)


def headlines(tables: Mapping[str, gpd.GeoDataFrame]) -> list[str]:
    """Return a few numbers of a run, one a line, for the terminal."""
    out = []
    for name, table in tables.items():
        kind = kind_of(table)
        if kind is None or not len(table):
            continue
        if kind is BORDERS:
            for (a, b), part in table.groupby(["country_a", "country_b"], sort=False):
                kinds = ", ".join(sorted({str(v) for v in part["kind"]}))
                out.append(
                    f"{name}: {a} – {b} ({kinds}) {part['length_m'].sum() / 1000:,.1f} km on the ellipsoid "
                    f"at full resolution; drawn within {part['resolution_m'].max():g} m"
                )
        elif kind is ECHELONS:
            out += [
                f"{name}: {row.name}, {format_length(row.inner_m)} to {format_length(row.outer_m)}: {row.area_m2 / 1e6:,.0f} km²"
                for row in table.drop(columns="geometry").rename_axis(None).itertuples(index=False)
            ]
        elif kind is ZONES and "n" in table:
            out += [
                f"{name}: {row.name_}: {row.n} points"
                for row in table.rename(columns={"name": "name_"}).itertuples(index=False)
            ]
        elif kind is PLACES and "zone" in table:
            places = ", ".join(f"{name_} ({zone})" for name_, zone in zip(table["name"], table["zone"], strict=True))
            out.append(f"{name}: {len(table)} places inside: {places}")
        elif kind is INCIDENTS:
            out.append(
                f"{name}: {len(table)} incidents, {table['event_date'].min()} to {table['event_date_end'].max()}"
            )
    return out


def text(value: object) -> str:
    r"""Return a value as Markdown that shows it and does nothing else.

    Examples
    --------
    >>> print(text("<b>| [x](y)"))
    \<b\>\| \[x\](y)
    """
    flat = " ".join(str(value).split())
    return _SPECIAL.sub(r"\\\1", flat)


def _table(kind: Table, table: gpd.GeoDataFrame) -> list[str]:
    extra = [
        str(c) for c in table.columns if str(c).startswith("distance_") or c in {"zone", "n", "n_certain", "within"}
    ]
    columns = [name for name in _COLUMNS.get(kind.name, []) if name in table.columns]
    columns += [name for name in extra if name not in columns]
    head = [_HEADS.get(name, name.removesuffix("_m").replace("_", " ")) for name in columns]
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in columns) + "|"]
    rows = table[columns].head(_MOST).astype("object").itertuples(index=False, name=None)
    lines += [
        "| " + " | ".join(_cell(name, value) for name, value in zip(columns, row, strict=True)) + " |" for row in rows
    ]
    if len(table) > _MOST:
        lines.append(f"\n{len(table) - _MOST} more rows are in the layer's file.")
    if kind is BORDERS:
        lines += ["", f"Total: {table['length_m'].sum() / 1000:,.1f} km at full resolution, geodesic length on WGS84."]
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
    "ZONES": ["name", "country", "area_m2", "source"],
}
_HEADS = {
    "area_m2": "area",
    "n": "points",
    "n_certain": "points surely inside",
    "location_uncertainty_m": "uncertainty",
}


def _cell(name: str, value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in {"<NA>", "NaT"}:
        return "–"
    if isinstance(value, float):
        if name == "area_m2":
            return f"{value / 1e6:,.0f} km²"
        if name in {"length_m", "drawn_length_m"}:
            return f"{value / 1000:,.1f} km"
        if name.endswith("_m"):
            return f"{value:,.0f} m" if value < 1000 else format_length(value)
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.3g}"
    return text(value)


def _sources(tables: Iterable[gpd.GeoDataFrame]) -> list[str]:
    found: dict[str, None] = {}
    for table in tables:
        present = [name for name in ("source", "source_url", "licence", "attribution") if name in table.columns]
        if "source" not in present:
            continue
        for row in table[present].drop_duplicates().astype("object").to_dict("records"):
            parts = [
                text(row[name]) for name in present if row[name] is not None and str(row[name]) not in {"nan", "<NA>"}
            ]
            if parts:
                found.setdefault("; ".join(dict.fromkeys(parts)))
    return [f"{number}. {line}" for number, line in enumerate(found, start=1)]
