"""The common border of two countries, as lines with their lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict.errors import Fault, InputError, NoCommonBorderError
from geoconflict.names.countries import CountryName, by_iso, resolve, resolve_all
from geoconflict.reference import worldviews
from geoconflict.reference.arcs import join, simplify
from geoconflict.reference.container import FILE_NAME, SCALE, Container, open_container
from geoconflict.reference.folder import boundaries_folder
from geoconflict.vocabulary import StretchKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from geoconflict.reference.worldviews import View

_METHOD = "edges that the zones of both countries share; kinds from areas of water; no smoothing"


def border(
    a: str,
    b: str | Sequence[str],
    *,
    worldview: str = "de_facto",
    resolution_m: float | None = None,
    kinds: str | Iterable[str] | None = None,
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the common border of a country with one or more others, one row a stretch of one kind.

    The line is the edge that both countries' zones share in ``timezonefinder-data``
    (OpenStreetMap). ``length_m`` is always the length of the line at full resolution, by
    Karney's algorithm on WGS84; ``drawn_length_m`` that of the line returned. A line runs
    so that ``country_a`` lies on its left.

    Parameters
    ----------
    a : str
        Name in English or ISO 3166 code.
    b : str or sequence of str
        The other country, or several.
    worldview : str
        By whose view disputed ground is drawn: ``de_facto`` or ``international``.
    resolution_m : float, optional
        How far the line may lie from full resolution, in metres; full if left out.
    kinds : str or iterable of str, optional
        Only stretches of these kinds: ``land``, ``river``, ``lake``, ``sea``. Official
        lengths "on land" count rivers, and mostly lakes.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        A table of BORDERS.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    NoCommonBorderError
        If a pair does not touch, or has no stretch of those kinds; names the neighbours of each.
    InputError
        If the resolution is not a number of metres of 0 or more.

    Examples
    --------
    >>> line = border("Lithuania", "Belarus")
    >>> round(line["length_m"].sum() / 1000)
    679
    >>> line["kind"].tolist()
    ['land', 'river', 'lake']
    """
    first, others = resolve(a), resolve_all(b)
    resolution = check_resolution(resolution_m)
    wanted = _kinds(kinds)
    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    members = {other.iso: _members(container, view, first.iso, other.iso) for other in others}
    _require_common(container, view, first, {other.iso: bool(members[other.iso]) for other in others})
    rows = [row for other in others for row in _rows(container, first, other, members[other.iso], resolution)]
    kept = [row for row in rows if row["kind"] in wanted]
    if not kept:
        found = ", ".join(f"{row['kind']} with {row['country_b']}" for row in rows)
        msg = f"{first.name} has no stretch of {' or '.join(wanted)} on this border; it has {found}"
        raise NoCommonBorderError(msg)
    return _table(kept, container, view)


def neighbours(
    name: str, *, worldview: str = "de_facto", folder: str | PathLike[str] | None = None
) -> dict[str, float]:
    """Return the countries that a country borders on, with the length of all stretches but the sea in metres.

    A neighbour across the sea only has a length of 0.

    Examples
    --------
    >>> [(name, round(length / 1000)) for name, length in neighbours("Lithuania").items()]
    [('Belarus', 679), ('Latvia', 587), ('Poland', 104), ('Russia', 274)]
    """
    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    return _neighbours(container, view, resolve(name).iso)


def check_resolution(resolution_m: float | None) -> float:
    """Return the resolution as a number of metres; 0 is full."""
    if resolution_m is None:
        return 0.0
    number = isinstance(resolution_m, int | float) and not isinstance(resolution_m, bool)
    if not number or not 0 <= resolution_m <= 100_000:
        msg = f"resolution_m is a number of metres from 0 (full) to 100000, found {resolution_m!r}"
        raise InputError(msg)
    return float(resolution_m)


def pair_members(container: Container, view: View, a: str, b: str) -> list[tuple[str, bool]]:
    """Return the members between two countries, and whether the first lies on the right of its arcs."""
    return _members(container, view, a, b)


def oriented(whole: NDArray[np.int64], *, flip: bool, resolution_m: float) -> NDArray[np.float64]:
    """Return an arc in degrees, simplified as it is stored, then turned if need be."""
    line = simplify(whole / SCALE, resolution_m)
    return line[::-1] if flip else line


def _members(container: Container, view: View, a: str, b: str) -> list[tuple[str, bool]]:
    out = []
    for key in container.index["borders"]:
        left, right = (view.owner(unit) for unit in key.split("~"))
        if (left, right) in {(a, b), (b, a)} and left != right:
            out.append((f"border/{key}", left != a))
    return sorted(out)


def _kinds(kinds: str | Iterable[str] | None) -> list[str]:
    if kinds is None:
        return [kind.value for kind in StretchKind]
    given = [kinds] if isinstance(kinds, str) else list(kinds)
    asked = {StretchKind.read(kind) for kind in given}
    if not asked:
        msg = "kinds is empty: leave it out for every stretch, or name land, river, lake or sea"
        raise InputError(msg)
    return [kind.value for kind in StretchKind if kind in asked]


def _require_common(container: Container, view: View, first: CountryName, common: dict[str, bool]) -> None:
    faults = []
    for iso in (iso for iso, found in common.items() if not found):
        other = by_iso(iso)
        if iso == first.iso:
            faults.append(Fault(f"{first.name} has no border with itself"))
            continue
        lists = [
            f"{one.name} borders on {', '.join(_neighbours(container, view, one.iso)) or _alone(container, view, one)}"
            for one in (first, other)
        ]
        faults.append(Fault(f"{first.name} and {other.name} do not touch: {'; '.join(lists)}"))
    if faults:
        alone = ", ".join(by_iso(iso).name for iso, found in common.items() if not found)
        msg = f"{first.name} has no common border with {alone} in the {view.worldview.label} view"
        raise NoCommonBorderError(msg, faults)


def _alone(container: Container, view: View, one: CountryName) -> str:
    if view.units(one.iso, container.index["units"]):
        return "no one"
    area = next((area for area in worldviews.areas() if one.iso in area.claimants and area.unit is None), None)
    return f"no line of its own in the data ({area.note})" if area else "no line of its own in this view"


def _neighbours(container: Container, view: View, iso: str) -> dict[str, float]:
    out: dict[str, float] = {}
    for key, lengths in container.index["borders"].items():
        left, right = (view.owner(unit) for unit in key.split("~"))
        if left != right and iso in {left, right}:
            name = by_iso(right if left == iso else left).name
            dry = sum(length for kind, length in lengths.items() if kind != StretchKind.SEA.value)
            out[name] = out.get(name, 0.0) + dry
    return dict(sorted(out.items()))


def _rows(
    container: Container, first: CountryName, other: CountryName, members: list[tuple[str, bool]], resolution_m: float
) -> list[dict[str, object]]:
    lines: dict[str, list[NDArray[np.float64]]] = {}
    lengths: dict[str, float] = {}
    arcs = container.arcs(name for name, _ in members)
    for name, flip in members:
        for kind, whole in zip(arcs[name].kinds, arcs[name].coordinates, strict=True):
            lines.setdefault(kind, []).append(oriented(whole, flip=flip, resolution_m=resolution_m))
        for kind, length in container.index["borders"][name.removeprefix("border/")].items():
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


def _table(rows: list[dict[str, object]], container: Container, view: View) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from geoconflict import geodesy
    from geoconflict.crs import WGS84
    from geoconflict.schema import BORDERS, conform

    frame = gpd.GeoDataFrame(rows, crs=WGS84)
    frame["drawn_length_m"] = geodesy.length(frame.geometry.to_numpy())
    frame["worldview"] = view.worldview.value
    for column in ("source", "source_date", "licence", "attribution"):
        frame[column] = container.index[column]
    frame["method"] = _METHOD
    return conform(frame, BORDERS, what="the border")
