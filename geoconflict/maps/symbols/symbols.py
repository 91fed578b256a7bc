"""Obstacle graphics in the manner of APP-6: one definition for the web map and the printed figure.

The definitions are data, in ``symbols.json`` beside this module; ``docs/symbols.md`` explains
them and the steps that lay them along a line. ``place`` does this in Python, in screen units.
On the web map the spacing follows the zoom, so its script places the glyphs; ``page_rules``
gives it their finished shapes.

A screen unit is a CSS pixel at scale 1, and 0.75 pt in print. A line is drawn so that the
enemy lies on its left; the y axis of a glyph points there.
"""

from __future__ import annotations

import copy
import itertools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geoconflict.errors import GeometryError, NameUnknownError, did_you_mean
from geoconflict.vocabulary import FortificationType, Status

Floats = NDArray[np.float64]

FILE = Path(__file__).with_name("symbols.json")
_ARC_DEG = 15.0
# A glyph of a single upright stroke still takes its direction from a piece of line.
_LEAST_FOOT = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One thing to draw, in screen units.

    Attributes
    ----------
    points : array (n, 2)
        Vertices; a closed shape does not repeat its first.
    closed : bool
        Whether it is an area rather than a line.
    fill : bool
        Whether the area is filled with the colour; if not, only its outline is drawn and its
        inside covers what lies below.
    width : float
        Width of the stroke.
    dash : tuple of float
        Strokes and gaps; empty for an unbroken line.
    """

    points: Floats
    closed: bool = False
    fill: bool = False
    width: float = 1.0
    dash: tuple[float, ...] = ()

    def svg(self, ink: str, ground: str = "#ffffff") -> dict[str, str]:
        """Return the attributes of an SVG path that draws it.

        Parameters
        ----------
        ink : str
            Colour of strokes and filled areas.
        ground : str
            Colour inside an area that is not filled.

        Returns
        -------
        dict of str to str

        Examples
        --------
        >>> Shape(np.array([[0.0, 0.0], [8.0, 0.0]])).svg("#000000")["d"]
        'M0.00 0.00L8.00 0.00'
        """
        path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in self.points) + ("Z" if self.closed else "")
        attributes = {
            "d": path,
            "fill": ink if self.fill else ground if self.closed else "none",
            "stroke": ink,
            "stroke-width": f"{self.width:.2f}",
            "stroke-linejoin": "round",
        }
        if self.dash:
            attributes["stroke-dasharray"] = " ".join(f"{step:g}" for step in self.dash)
        return attributes


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which graphics stand for a kind of work at a status.

    Attributes
    ----------
    line : str
        Name among the line patterns.
    area : str or None
        Name among the area patterns.
    planned : bool
        Whether it is drawn as planned: dashed and hollow.
    """

    line: str
    area: str | None
    planned: bool


@cache
def _data() -> dict[str, Any]:
    """Return the definition; read once and never changed."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def spec() -> dict[str, Any]:
    """Return the whole definition as plain data, as it goes into a page.

    Returns
    -------
    dict
        A copy: changing it changes nothing here.

    Examples
    --------
    >>> spec()["lines"]["anti_tank_ditch"]["code"]
    '290202'
    """
    return copy.deepcopy(_data())


def page_rules(names: Iterable[str]) -> dict[str, Any]:
    """Return what the page's script needs to lay line patterns along lines.

    Every glyph is given as finished shapes at scale 1, so that the script only repeats them.

    Parameters
    ----------
    names : iterable of str
        Names among the line patterns.

    Returns
    -------
    dict
        Ready for JSON. ``lines`` holds, by name, the colour, the period, the line under the
        glyphs, half the width and the middle height of a glyph, and its ``shapes``, with
        points as x, y, x, y… in screen units and y upwards.

    Raises
    ------
    NameUnknownError

    Examples
    --------
    >>> page_rules(["anti_tank_ditch"])["lines"]["anti_tank_ditch"]["shapes"]
    [{'points': [-5.5, 0.0, 0.0, 7.0, 5.5, 0.0], 'closed': True, 'fill': True, 'width': 1.2}]
    """
    lines = {}
    for name in sorted(names):
        pattern = _pattern(name)
        half, middle = _foot(pattern)
        lines[name] = {
            "colour": colour(name),
            **{key: pattern[key] for key in ("period", "stretch", "line")},
            "clear": pattern.get("clear", 0),
            "ends": pattern.get("at") == "ends",
            "half": half,
            "middle": middle,
            "shapes": [
                {
                    "points": [round(float(value), 3) + 0.0 for value in shape.points.ravel()],
                    "closed": shape.closed,
                    "fill": shape.fill,
                    "width": shape.width,
                }
                for shape in symbol(name)
            ],
        }
    data = _data()
    keep = ("carrier_tolerance", "corner_deg", "least_step", "least_gap", "planned", "levels")
    return {**{key: data[key] for key in keep}, "lines": lines}


def chosen(kind: str, status: str = Status.COMPLETE) -> Chosen:
    """Return the graphics for a kind of work at a status.

    Parameters
    ----------
    kind : str
        A word of ``FortificationType``.
    status : str
        A word of ``Status``.

    Returns
    -------
    Chosen

    Raises
    ------
    NameUnknownError

    Examples
    --------
    >>> chosen("anti_tank_ditch", "planned")
    Chosen(line='anti_tank_ditch_under_construction', area=None, planned=True)
    """
    word, stage = FortificationType.read(kind), Status.read(status)
    data = _data()
    entry = data["types"][word.value]
    line = entry["by_status"].get(stage.value, entry["line"])
    area = line if line in data["areas"] else entry["area"]
    return Chosen(line, area, stage.value in data["planned"]["statuses"])


def colour(name: str, *, black: bool = False) -> str:
    """Return the colour of a pattern as ``#rrggbb``; obstacles are green unless black is asked for.

    Examples
    --------
    >>> colour("minefield"), colour("minefield", black=True)
    ('#1a7a3c', '#000000')
    """
    data = _data()
    entry = data["lines"].get(name) or data["areas"].get(name) or _pattern(name)
    found: str = data["black"] if black else data["colours"][entry["colour"]]
    return found


def scale_at(zoom: float) -> float:
    """Return the scale of glyphs at a zoom level of a web map; 0 where only the line is drawn.

    Examples
    --------
    >>> scale_at(5), scale_at(12)
    (0.0, 1.0)
    """
    levels: list[dict[str, float]] = _data()["levels"]
    return next((level["scale"] for level in levels if zoom < level["below_zoom"]), levels[-1]["scale"])


def place(name: str, xy: ArrayLike, scale: float = 1.0, *, y_down: bool = False, planned: bool = False) -> list[Shape]:
    """Lay a pattern along a line.

    The line is simplified to the tolerance of a glyph's foot, cut at sharp corners, and each
    stretch between corners takes a whole number of periods, stretched or pressed to fit. A
    glyph stands on the chord between the two places of the line where its foot begins and
    ends. A stretch that is too short for one glyph, and a glyph that would run into another
    on the inside of a bend, leave the bare line.

    Parameters
    ----------
    name : str
        Name among the line patterns.
    xy : array (n, 2)
        The line in screen units, the enemy on its left as a reader sees it.
    scale : float
        Size of the glyphs; 0 draws the bare line.
    y_down : bool
        Whether the y axis of ``xy`` points down, as on a screen.
    planned : bool
        Whether to draw it as planned: dashed and hollow.

    Returns
    -------
    list of Shape
        Lines first, then glyphs, each in the order of the line. Empty for a line without length.

    Raises
    ------
    NameUnknownError, GeometryError

    Examples
    --------
    >>> shapes = place("anti_tank_ditch", [(0, 0), (22, 0)])
    >>> [shape.points.tolist() for shape in shapes if shape.closed]
    [[[0.0, 0.0], [5.5, 7.0], [11.0, 0.0]], [[11.0, 0.0], [16.5, 7.0], [22.0, 0.0]]]
    """
    pattern = _pattern(name)
    rules = _data()
    points = _checked(xy)
    if y_down:
        points = points * (1.0, -1.0)
    carrier = _simplify(points, rules["carrier_tolerance"] * max(scale, 0.5))
    if len(carrier) < 2:
        return []
    stands = _stands(carrier, pattern, scale, rules) if scale > 0 else []
    shapes = [*_lines(carrier, stands, pattern, scale, rules if planned else None)]
    shapes += _glyphs(stands, pattern, scale, hollow=planned and rules["planned"]["hollow"])
    return [_flip(shape) for shape in shapes] if y_down else shapes


def symbol(name: str, scale: float = 1.0, *, y_down: bool = False, planned: bool = False) -> list[Shape]:
    """Return one glyph of a pattern round the origin, for a legend or a point.

    Examples
    --------
    >>> symbol("depot")[0].points.tolist()
    [[-5.0, -4.0], [-5.0, 4.0], [5.0, 4.0], [5.0, -4.0]]
    """
    pattern = _pattern(name)
    shapes = _glyphs([_Stand(0.0, (0.0, 0.0), (1.0, 0.0), scale, 0.0)], pattern, scale, hollow=planned)
    return [_flip(shape) for shape in shapes] if y_down else shapes


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where one glyph stands: arc length, foot, direction, scale along the line, half its foot."""

    at: float
    origin: tuple[float, float]
    direction: tuple[float, float]
    x_scale: float
    half: float


def _glyphs(stands: Sequence[_Stand], pattern: dict[str, Any], scale: float, *, hollow: bool) -> list[Shape]:
    """Return the shapes of every glyph, glyph by glyph."""
    if not stands:
        return []
    origin = np.array([stand.origin for stand in stands])[:, None, :]
    along = np.array([stand.direction for stand in stands])
    across = np.column_stack([-along[:, 1], along[:, 0]])[:, None, :] * scale
    along = along[:, None, :] * np.array([stand.x_scale for stand in stands])[:, None, None]
    columns = []
    for element in pattern["elements"]:
        local, closed = _outline(element)
        points = origin + local[None, :, :1] * along + local[None, :, 1:] * across
        fill = bool(element.get("fill", False)) and not hollow
        width = float(element.get("width", pattern["width"])) * max(scale, 0.6)
        columns.append([Shape(one, closed, fill, width) for one in points])
    return [shape for glyph in zip(*columns, strict=True) for shape in glyph]


def _pattern(name: str) -> dict[str, Any]:
    patterns: dict[str, dict[str, Any]] = _data()["lines"]
    if name not in patterns:
        msg = f"{name!r} is no line pattern; {did_you_mean(name, patterns) or ', '.join(patterns)}"
        raise NameUnknownError(msg, suggestions=list(patterns))
    return patterns[name]


def _checked(xy: ArrayLike) -> Floats:
    points = np.asarray(xy, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        msg = f"a line needs finite points as an array (n, 2), found the shape {points.shape}"
        raise GeometryError(msg)
    keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1)) if len(points) else np.zeros(0, dtype=bool)
    out: Floats = points[keep]
    return out


def _simplify(points: Floats, tolerance: float) -> Floats:
    """Douglas and Peucker: no point of the line lies farther from the result than the tolerance."""
    if len(points) < 3:
        return points
    out: Floats = shapely.get_coordinates(
        shapely.simplify(shapely.LineString(points), tolerance, preserve_topology=False)
    )
    return out


def _outline(element: dict[str, Any]) -> tuple[Floats, bool]:
    """Return the vertices of an element and whether it is closed."""
    if element["type"] in {"circle", "arc"}:
        first, last = (0.0, 360.0 - _ARC_DEG) if element["type"] == "circle" else (element["from"], element["to"])
        count = max(round(abs(last - first) / _ARC_DEG), 2) + 1
        angle = np.radians(np.linspace(first, last, count))
        ring = np.column_stack([np.cos(angle), np.sin(angle)]) * element["radius"]
        return ring + np.asarray(element["center"], dtype=np.float64), element["type"] == "circle"
    return np.asarray(element["points"], dtype=np.float64), element["type"] == "polygon"


def _foot(pattern: dict[str, Any]) -> tuple[float, float]:
    """Return half the width of a glyph and the height of its middle."""
    points = np.vstack([_outline(element)[0] for element in pattern["elements"]])
    return max(float(np.abs(points[:, 0]).max()), _LEAST_FOOT), float((points[:, 1].min() + points[:, 1].max()) / 2)


def _stands(carrier: Floats, pattern: dict[str, Any], scale: float, rules: dict[str, Any]) -> list[_Stand]:
    half, middle = _foot(pattern)
    period = pattern["period"] * scale
    lengths = np.append(0.0, np.cumsum(np.hypot(*np.diff(carrier, axis=0).T)))
    kept = _Kept(rules["least_gap"] * min(period, 2 * half * scale + scale))
    if pattern.get("at") == "ends":
        return _ends(carrier, lengths, half * scale, scale)
    out: list[_Stand] = []
    for first, last in _stretches(carrier, rules["corner_deg"]):
        start, length = lengths[first], lengths[last] - lengths[first]
        count = max(math.floor(length / period + 0.5), 1)
        step = length / count
        if step < rules["least_step"] * period:
            continue
        reach = step / 2 if pattern["stretch"] else half * scale
        at = start + (np.arange(count) + 0.5) * step
        low, high = np.maximum(at - reach, start), np.minimum(at + reach, start + length)
        a, b = _at(carrier, lengths, low), _at(carrier, lengths, high)
        chord = np.hypot(*(b - a).T)
        with np.errstate(invalid="ignore", divide="ignore"):
            direction = (b - a) / chord[:, None]
        origin = (a + b) / 2
        lift = middle * scale * np.column_stack([-direction[:, 1], direction[:, 0]])
        # Where the line doubles back under the foot, no glyph can stand.
        for index in np.flatnonzero(chord >= np.maximum(0.6 * (high - low), 1e-9)).tolist():
            if kept.take(*(origin[index] + lift[index]).tolist()):
                x_scale = float(chord[index]) / pattern["period"] if pattern["stretch"] else scale
                foot = tuple(origin[index].tolist()), tuple(direction[index].tolist())
                out.append(_Stand(float(at[index]), *foot, x_scale, reach))
    return out


def _ends(carrier: Floats, lengths: Floats, reach: float, scale: float) -> list[_Stand]:
    """Return one glyph at each end of the line, for letters that name it."""
    whole = float(lengths[-1])
    if whole < 8 * reach:
        return []
    out = []
    for at in (reach, whole - reach):
        (ax, ay), (bx, by) = _at(carrier, lengths, np.array([at - reach, at + reach])).tolist()
        chord = math.hypot(bx - ax, by - ay)
        if chord >= reach:
            out.append(_Stand(at, ((ax + bx) / 2, (ay + by) / 2), ((bx - ax) / chord, (by - ay) / chord), scale, reach))
    return out


def _stretches(carrier: Floats, corner_deg: float) -> list[tuple[int, int]]:
    """Return the runs of vertices between sharp corners."""
    steps = np.diff(carrier, axis=0)
    heading = np.arctan2(steps[:, 1], steps[:, 0])
    turn = np.abs((np.diff(heading) + math.pi) % (2 * math.pi) - math.pi)
    corners = [0, *(np.nonzero(turn > math.radians(corner_deg))[0] + 1).tolist(), len(carrier) - 1]
    return list(itertools.pairwise(corners))


class _Kept:
    """Remembers where glyphs stand, in cells, so that one does not run into another."""

    def __init__(self, least: float) -> None:
        self.least = least
        self.cells: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def take(self, x: float, y: float) -> bool:
        cell = (math.floor(x / self.least), math.floor(y / self.least))
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for other in self.cells.get((cell[0] + dx, cell[1] + dy), ()):
                    if math.hypot(other[0] - x, other[1] - y) < self.least:
                        return False
        self.cells.setdefault(cell, []).append((x, y))
        return True


def _at(carrier: Floats, lengths: Floats, at: Floats) -> Floats:
    """Return the places of a line at arc lengths."""
    return np.column_stack([np.interp(at, lengths, carrier[:, 0]), np.interp(at, lengths, carrier[:, 1])])


def _lines(
    carrier: Floats, stands: Sequence[_Stand], pattern: dict[str, Any], scale: float, planned: dict[str, Any] | None
) -> list[Shape]:
    """Return the line under the glyphs: all of it, or the parts between them."""
    line = pattern["line"]
    size = max(scale, 0.6)
    dash = planned["planned"]["dash"] if planned is not None else line["dash"]
    style = {"width": line["width"] * size, "dash": tuple(float(step) * size for step in dash)}
    clear = pattern.get("clear", 0.0) * scale / 2
    if line["where"] == "all":
        covered = [(stand.at - clear, stand.at + clear) for stand in stands] if clear else []
    else:
        pad = 0.0 if pattern["stretch"] else scale
        covered = [(stand.at - stand.half - pad, stand.at + stand.half + pad) for stand in stands]
    if not covered:
        return [Shape(carrier, **style)]
    lengths = np.append(0.0, np.cumsum(np.hypot(*np.diff(carrier, axis=0).T)))
    out, at = [], 0.0
    for low, high in [*covered, (float(lengths[-1]), math.inf)]:
        if low - at > 0.5 * scale:
            first, last = np.searchsorted(lengths, at, side="right"), np.searchsorted(lengths, low, side="left")
            ends = _at(carrier, lengths, np.array([at, low]))
            out.append(Shape(np.vstack([ends[:1], carrier[first:last], ends[1:]]), **style))
        at = max(at, high)
    return out


def _flip(shape: Shape) -> Shape:
    return Shape(shape.points * (1.0, -1.0), shape.closed, shape.fill, shape.width, shape.dash)


def fill(name: str, rings: Sequence[ArrayLike], scale: float = 1.0, *, planned: bool = False) -> list[Shape]:
    """Fill an area with a pattern, outline included.

    The tile repeats from the origin of the plane, so that neighbours match. Closed elements
    are drawn where they lie wholly inside; strokes are cut at the outline. An outline that is
    a line pattern has its teeth outwards.

    Parameters
    ----------
    name : str
        Name among the area patterns.
    rings : sequence of array (n, 2)
        The outline, then the holes, in screen units with y upwards.
    scale : float
    planned : bool

    Returns
    -------
    list of Shape

    Raises
    ------
    NameUnknownError, GeometryError

    Examples
    --------
    >>> square = [(0, 0), (32, 0), (32, 28), (0, 28)]
    >>> sum(shape.closed and shape.fill for shape in fill("minefield", [square]))
    8
    """
    areas: dict[str, dict[str, Any]] = _data()["areas"]
    if name not in areas:
        msg = f"{name!r} is no area pattern; {did_you_mean(name, areas) or ', '.join(areas)}"
        raise NameUnknownError(msg, suggestions=list(areas))
    area = areas[name]
    polygon = shapely.make_valid(shapely.Polygon(_checked(rings[0]), [_checked(ring) for ring in rings[1:]]))
    out = _tiles(area, polygon, scale, hollow=planned) if area["tile"] and scale > 0 else []
    edges = shapely.get_rings([part for part in shapely.get_parts(polygon) if part.geom_type == "Polygon"])
    for index, edge in enumerate(edges):
        # Teeth stand on the left: outwards from an outline that runs clockwise, into a hole that does not.
        wanted = shapely.is_ccw(edge) == (index > 0 and len(rings) > 1)
        points = shapely.get_coordinates(edge if wanted else shapely.reverse(edge))
        outline = area["outline"]
        if "pattern" in outline:
            out += place(outline["pattern"], points, scale, planned=planned)
        else:
            dash = _data()["planned"]["dash"] if planned else outline["dash"]
            size = max(scale, 0.6)
            out.append(Shape(points, width=outline["width"] * size, dash=tuple(step * size for step in dash)))
    return out


def _tiles(area: dict[str, Any], polygon: Any, scale: float, *, hollow: bool) -> list[Shape]:  # noqa: ANN401 - a shapely geometry

    width, height = (side * scale for side in area["tile"])
    west, south, east, north = polygon.bounds
    columns = np.arange(math.floor(west / width), math.ceil(east / width))
    rows = np.arange(math.floor(south / height), math.ceil(north / height))
    shapely.prepare(polygon)
    out = []
    stroke = area["width"] * max(scale, 0.6)
    for element in area["elements"]:
        local, closed = _outline(element)
        for row in rows:
            for column in columns:
                points = local * scale + (column * width, row * height)
                if closed:
                    if shapely.contains_properly(polygon, shapely.Polygon(points)):
                        out.append(Shape(points, closed=True, fill=bool(element["fill"]) and not hollow, width=stroke))
                    continue
                cut = shapely.intersection(polygon, shapely.LineString(points))
                out += [
                    Shape(shapely.get_coordinates(part), width=stroke)
                    for part in shapely.get_parts(cut)
                    if part.geom_type == "LineString"
                ]
    return out
