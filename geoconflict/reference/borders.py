"""Borders of two countries as lines with their lengths, and the neighbours of a country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geoconflict import geodesy
from geoconflict.crs import WGS84
from geoconflict.errors import Fault, InputError, NoCommonBorderError
from geoconflict.names.countries import CountryName, by_iso, resolve, resolve_all
from geoconflict.reference import worldviews
from geoconflict.reference.archive import (
    SCALE,
    BorderArchive,
    join,
    open_borders,
    parse_resolution,
    simplify,
)
from geoconflict.reference.worldviews import View
from geoconflict.schema import BORDERS, conform
from geoconflict.vocabulary import StretchKind

_METHOD = (
    "line shared by the time-zone polygons of both countries (OpenStreetMap); "
    "river and lake stretches from water polygons; not smoothed"
)


def border(
    a: str,
    b: str | Sequence[str],
    *,
    worldview: str = "de_facto",
    resolution: str | float | None = None,
    kinds: str | Iterable[str] | None = None,
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the border of a country with one or more others, one row for each kind of stretch.

    The line is the edge that the zones of both countries share in ``timezonefinder-data``
    (OpenStreetMap). ``length_m`` is the length of the line at full resolution, computed with
    Karney's algorithm on WGS84; ``drawn_length_m`` is the length of the line returned. The
    line is directed so that ``country_a`` is on its left.

    Parameters
    ----------
    a : str
        Name in English or ISO 3166-1 code.
    b : str or sequence of str
        The other country, or several.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    resolution : str or float, optional
        Simplification tolerance, such as ``"100 m"`` or 100.0 (metres); full resolution by
        default.
    kinds : str or iterable of str, optional
        Only stretches of these kinds: ``land``, ``river``, ``lake``, ``sea``. Official land
        border lengths include rivers, and usually lakes.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    NoCommonBorderError
        If two countries do not touch, or have no stretch of those kinds; the message names
        the neighbours of each.
    InputError
        If the resolution is not a length from 0 to 100 km.

    Examples
    --------
    >>> line = border("Lithuania", "Belarus")
    >>> round(line["length_m"].sum() / 1000)
    679
    >>> line["kind"].tolist()
    ['land', 'river', 'lake']
    """
    first, others = resolve(a), resolve_all(b)
    resolution_m = parse_resolution(resolution)
    wanted = _kinds(kinds)
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    members = {other.iso: pair_members(archive, view, first.iso, other.iso) for other in others}
    _require_common(archive, view, first, {other.iso: bool(members[other.iso]) for other in others})
    rows = [row for other in others for row in _rows(archive, first, other, members[other.iso], resolution_m)]
    kept = [row for row in rows if row["kind"] in wanted]
    if not kept:
        found = ", ".join(f"{row['kind']} with {row['country_b']}" for row in rows)
        msg = f"{first.name} has no stretch of {' or '.join(wanted)} on this border; it has {found}"
        raise NoCommonBorderError(msg)
    return _table(kept, archive, view)


def neighbours(
    name: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None
) -> dict[str, float]:
    """Return the neighbours of a country and the length of each border in metres, without the sea.

    The length is 0 if the two countries only share a sea border.

    Parameters
    ----------
    name : str
        Name in English or ISO 3166-1 code.
    worldview, folder
        As for :func:`border`.

    Returns
    -------
    dict of str to float
        English names, sorted.

    Raises
    ------
    NameUnknownError, NameAmbiguousError

    Examples
    --------
    >>> [(name, round(length / 1000)) for name, length in neighbours("Lithuania").items()]
    [('Belarus', 679), ('Latvia', 587), ('Poland', 104), ('Russia', 274)]
    """
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    return _neighbours(archive, view, resolve(name).iso)


def _oriented(coordinates: NDArray[np.int64], *, flip: bool, resolution_m: float) -> NDArray[np.float64]:
    """Return an arc in degrees: simplified in its stored direction, then reversed if ``flip``."""
    line = simplify(coordinates / SCALE, resolution_m)
    return line[::-1] if flip else line


def pair_members(archive: BorderArchive, view: View, a: str, b: str) -> list[tuple[str, bool]]:
    """Return the members between two countries, and whether country ``a`` is on the right of their arcs."""
    out = []
    for key in archive.index["borders"]:
        left, right = (view.owner(unit) for unit in key.split("~"))
        if (left, right) in {(a, b), (b, a)} and left != right:
            out.append((f"border/{key}", left != a))
    return sorted(out)


def _kinds(kinds: str | Iterable[str] | None) -> list[str]:
    if kinds is None:
        return [kind.value for kind in StretchKind]
    given = [kinds] if isinstance(kinds, str) else list(kinds)
    chosen = {StretchKind.read(kind) for kind in given}
    if not chosen:
        msg = "kinds is empty: omit it for all stretches, or give land, river, lake or sea"
        raise InputError(msg)
    return [kind.value for kind in StretchKind if kind in chosen]


def _require_common(archive: BorderArchive, view: View, first: CountryName, common: dict[str, bool]) -> None:
    faults = []
    for iso in (iso for iso, found in common.items() if not found):
        other = by_iso(iso)
        if iso == first.iso:
            faults.append(Fault(f"{first.name} has no border with itself"))
            continue
        lists = [
            f"{one.name} borders {', '.join(_neighbours(archive, view, one.iso)) or _why_none(archive, view, one)}"
            for one in (first, other)
        ]
        faults.append(Fault(f"{first.name} and {other.name} do not touch: {'; '.join(lists)}"))
    if faults:
        others = ", ".join(by_iso(iso).name for iso, found in common.items() if not found)
        msg = f"{first.name} has no common border with {others} in the {view.worldview.label} view"
        raise NoCommonBorderError(msg, faults)


def _why_none(archive: BorderArchive, view: View, one: CountryName) -> str:
    if view.units(one.iso, archive.index["units"]):
        return "no country"
    area = next((area for area in worldviews.areas() if one.iso in area.claimants and area.unit is None), None)
    return f"no country, since the data have no line for it ({area.note})" if area else "no country in this view"


def _neighbours(archive: BorderArchive, view: View, iso: str) -> dict[str, float]:
    out: dict[str, float] = {}
    for key, other in view.borders(iso, archive.index["borders"]):
        lengths = archive.index["borders"][key]
        on_land = sum(length for kind, length in lengths.items() if kind != StretchKind.SEA.value)
        out[by_iso(other).name] = out.get(by_iso(other).name, 0.0) + on_land
    return dict(sorted(out.items()))


def _rows(
    archive: BorderArchive, first: CountryName, other: CountryName, members: list[tuple[str, bool]], resolution_m: float
) -> list[dict[str, object]]:
    lines: dict[str, list[NDArray[np.float64]]] = {}
    lengths: dict[str, float] = {}
    arcs = archive.arcs(name for name, _ in members)
    for name, flip in members:
        for kind, coordinates in zip(arcs[name].kinds, arcs[name].coordinates, strict=True):
            lines.setdefault(kind, []).append(_oriented(coordinates, flip=flip, resolution_m=resolution_m))
        for kind, length in archive.index["borders"][name.removeprefix("border/")].items():
            lengths[kind] = lengths.get(kind, 0.0) + length
    low, high = sorted([first.iso, other.iso])
    disputed = tuple(sorted([first.iso, other.iso])) in worldviews.disputed_pairs()
    return [
        {
            "border_id": f"{low}-{high}-{kind.value}",
            "country_a": first.name,
            "country_b": other.name,
            "iso_a": first.iso,
            "iso_b": other.iso,
            "kind": kind.value,
            "length_m": lengths[kind.value],
            "resolution_m": resolution_m,
            "disputed": disputed,
            "geometry": join(lines[kind.value]),
        }
        for kind in StretchKind
        if kind.value in lines
    ]


def _table(rows: list[dict[str, object]], archive: BorderArchive, view: View) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, crs=WGS84)
    frame["drawn_length_m"] = geodesy.length(frame.geometry.to_numpy())
    frame["worldview"] = view.worldview.value
    frame = frame.assign(**archive.provenance)
    frame["method"] = _METHOD
    return conform(frame, BORDERS, what="the border")
