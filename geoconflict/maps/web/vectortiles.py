"""Vector tiles as layers of a quiet ground: land, woods, water, roads, boundaries, places.

Read are the schemas of Protomaps' basemap (version 4), OpenMapTiles and Shortbread; what they
call each thing is in the tables below. GDAL reads the tiles one by one, out of memory, after
this package has bounded and inflated them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict.errors import ReadError
from geoconflict.maps.layers.countries import LAND
from geoconflict.maps.scene import Description, Labels, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geoconflict.crs import Bounds
    from geoconflict.io.pmtiles import Reader

_WORLD_M = 20_037_508.342789244
_ROAD = "#cfc6b4"


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of thing on the ground, and what each schema calls it.

    Attributes
    ----------
    name : str
    kind : str
        ``area``, ``line`` or ``point``.
    named : dict
        Layer of the archive → values of ``kind`` or ``class`` that belong here; empty for all.
    styles : tuple of Style
    """

    name: str
    kind: str
    named: Mapping[str, frozenset[str]]
    styles: tuple[Style, ...]


def _role(name: str, kind: str, named: dict[str, str], *styles: Style) -> Role:
    return Role(name, kind, {layer: frozenset(words.split()) for layer, words in named.items()}, styles)


# In the order of drawing. The first name is Protomaps', then OpenMapTiles', then Shortbread's.
_ROADS = "highway major_road motorway motorway_link trunk primary"
ROLES = (
    _role("land", "area", {"earth": ""}, Style(stroke=None, fill=LAND.fill, width_px=0, fill_opacity=1.0)),
    _role(
        "woods",
        "area",
        {"landcover": "forest wood", "landuse": "forest wood", "land": "forest"},
        Style(stroke=None, fill="#e6ead8", width_px=0, fill_opacity=1.0),
    ),
    _role(
        "built-up land",
        "area",
        {"landcover": "urban_area", "landuse": "residential urban_area", "land": "residential"},
        Style(stroke=None, fill="#ebe5da", width_px=0, fill_opacity=1.0),
    ),
    _role(
        "water",
        "area",
        {"water": "", "ocean": "", "water_polygons": ""},
        Style(stroke=None, fill="#dbe5ea", width_px=0, fill_opacity=1.0),
    ),
    _role(
        "rivers",
        "line",
        {"water": "river canal", "waterway": "river canal", "water_lines": "river canal"},
        Style(stroke="#c3d4dd", width_px=1.0),
    ),
    _role(
        "roads",
        "line",
        {"roads": _ROADS, "transportation": _ROADS, "streets": _ROADS},
        Style(stroke=_ROAD, width_px=1.0),
        Style(stroke=_ROAD, width_px=2.0),
    ),
    _role(
        "boundaries",
        "line",
        {"boundaries": "", "boundary": ""},
        Style(stroke="#cbc4b6", width_px=0.7, dash_px=(3.0, 3.0)),
        Style(stroke="#a39a88", width_px=1.0),
        Style(stroke="#a39a88", width_px=1.0, dash_px=(5.0, 4.0)),
    ),
    _role(
        "names of countries",
        "point",
        {"places": "country region", "place": "country state"},
        Style(stroke=None, fill=None, width_px=0, radius_px=0),
    ),
    _role(
        "places",
        "point",
        {
            "places": "locality",
            "place": "city town village",
            "place_labels": "capital state_capital city town village",
        },
        Style(stroke="#6d6658", fill="#ffffff", width_px=1.0, radius_px=1.8, fill_opacity=1.0),
    ),
)
_BIG_ROADS = frozenset({"highway", "motorway", "motorway_link", "trunk"})
# The larger, the sooner its name is written; OpenMapTiles ranks the other way round.
_WEIGHT = {"country": 60, "region": 40, "state": 40, "capital": 30, "state_capital": 22, "city": 20, "town": 10}
_COLUMNS = ["kind", "class", "kind_detail", "admin_level", "maritime", "disputed", "name", "name_int"]
_COLUMNS += ["population_rank", "population", "rank", "capital"]


@dataclass
class _Gathered:
    """Shapes of one role out of all tiles, in Web Mercator, with which style each has."""

    shapes: list[Any] = field(default_factory=list)
    style: list[int] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def described(
    reader: Reader,
    tiles: Mapping[tuple[int, int], bytes],
    zoom: int,
    ground: Bounds,
    *,
    lang: str = "en",
) -> tuple[Description, ...]:
    """Return the ground that tiles of one zoom hold, cut to the ground of a view.

    Parameters
    ----------
    reader : Reader
    tiles : dict
        Column and row → the bytes of the tile, inflated and bounded.
    zoom : int
    ground : Bounds
    lang : str
        Which names are taken where a place has several.

    Returns
    -------
    tuple of Description
        Those that have rows, the lowest first.

    Raises
    ------
    ReadError
        If a tile cannot be read, or no layer is of a schema that is known.
    """
    gathered = {role.name: _Gathered() for role in ROLES}
    tongue = lang.split("-", maxsplit=1)[0]
    columns = [*_COLUMNS, f"name:{tongue}", f"name_{tongue}"]
    seen: set[str] = set()
    covered = []
    for (x, y), raw in sorted(tiles.items()):
        covered.append(shapely.box(*_tile_box(zoom, x, y)))
        for name, table in _tables(reader, raw, (zoom, x, y), columns, seen):
            _gather(name, table, gathered, tongue)
    if not any(part.shapes for part in gathered.values()):
        known = sorted({name for role in ROLES for name in role.named})
        msg = (
            f"the archive of tiles {reader.path.name} has no layer that is known here: it has "
            f"{', '.join(sorted(seen)) or 'none'}; known are {', '.join(known)}"
        )
        raise ReadError(msg)
    land = gathered["land"]
    if not land.shapes:
        # Some schemas draw water on a ground of land.
        land.shapes, land.style, land.names, land.weights = covered, [0] * len(covered), [], []
    made = [_layer(role, gathered[role.name], ground) for role in ROLES]
    return tuple(layer for layer in made if layer is not None)


def _tables(
    reader: Reader, raw: bytes, at: tuple[int, int, int], columns: list[str], seen: set[str]
) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Return the layers of a tile that some role wants."""
    import pyogrio

    wanted = {name for role in ROLES for name in role.named}
    if not raw:
        return []
    out = []
    z, x, y = at
    try:
        with warnings.catch_warnings():
            # GDAL tells of geometry it mends, which for a ground of a few pixels' worth is no news.
            warnings.simplefilter("ignore")
            names = [str(name) for name, _ in pyogrio.list_layers(raw)]
            seen.update(name[:60] for name in names)
            for name in sorted(set(names) & wanted):
                table = pyogrio.read_dataframe(raw, layer=name, columns=columns, X=str(x), Y=str(y), Z=str(z))
                out.append((name, table))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        msg = f"the archive of tiles {reader.path.name} cannot be used: tile {z}/{x}/{y} is no vector tile"
        raise ReadError(msg) from error
    return out


def _gather(name: str, table: gpd.GeoDataFrame, gathered: dict[str, _Gathered], tongue: str) -> None:
    """Sort the rows of one layer of one tile into the roles."""
    if not len(table) or "geometry" not in table:
        return
    shapes = np.asarray(table.geometry.array, dtype=object)
    size = shapely.get_dimensions(shapes)
    kinds = _first(table, ["kind", "class"])
    for role in ROLES:
        if name not in role.named:
            continue
        dimension = {"area": 2, "line": 1, "point": 0}[role.kind]
        keep = size == dimension
        words = role.named[name]
        if words:
            keep &= kinds.isin(words).to_numpy()
        keep &= _CHOICE.get(role.name, _all)(table)
        if not keep.any():
            continue
        rows = table[keep]
        into = gathered[role.name]
        into.shapes += shapes[keep].tolist()
        into.style += _STYLE_OF.get(role.name, _plain)(rows, kinds[keep])
        if role.kind == "point":
            into.names += _first(rows, [f"name:{tongue}", f"name_{tongue}", "name", "name_int"]).tolist()
            into.weights += _weights(rows, kinds[keep]).tolist()


def _layer(role: Role, part: _Gathered, ground: Bounds) -> Description | None:
    """Return the layer of a role, its shapes joined over the edges of tiles."""
    if not part.shapes:
        return None
    style = np.array(part.style)
    if role.kind == "point":
        return _places(role, part, ground)
    rows, of = [], []
    box = shapely.box(ground.west, ground.south, ground.west + ground.width_deg, ground.north)
    for which in range(len(role.styles)):
        shapes = np.array(part.shapes, dtype=object)[style == which]
        if not len(shapes):
            continue
        if role.kind == "area":
            joined = shapely.union_all(shapely.make_valid(shapes), grid_size=0.05)
        else:
            joined = shapely.line_merge(shapely.union_all(shapes))
        for turn in (-360.0, 0.0, 360.0):
            cut = shapely.intersection(_degrees(joined, turn), box)
            wanted = 2 if role.kind == "area" else 1
            kept = [p for p in shapely.get_parts(cut) if not p.is_empty and shapely.get_dimensions(p) == wanted]
            if kept:
                whole = shapely.multipolygons(kept) if role.kind == "area" else shapely.multilinestrings(kept)
                rows.append(_degrees_back(whole))
                of.append(which)
    if not rows:
        return None
    return _description(role, gpd.GeoDataFrame(geometry=rows, crs="EPSG:4326"), np.array(of), None)


def _places(role: Role, part: _Gathered, ground: Bounds) -> Description | None:
    shapes = np.array(part.shapes, dtype=object)
    single = shapely.get_num_geometries(shapes) == 1
    xy = _lonlat(shapely.get_coordinates(shapely.point_on_surface(shapes)))
    turned = (xy[:, 0] - ground.west) % 360
    keep = single & (turned <= ground.width_deg) & (xy[:, 1] >= ground.south) & (xy[:, 1] <= ground.north)
    keep &= np.array([bool(name) for name in part.names])
    table = pd.DataFrame(
        {
            "name": [str(name)[:80] if name else "" for name in part.names],
            "weight": part.weights,
            "style": part.style,
            "x": xy[:, 0],
            "y": xy[:, 1],
        }
    )[keep]
    # A place stands in the margin of neighbouring tiles too.
    table = table.assign(at_x=table["x"].round(3), at_y=table["y"].round(3))
    table = table.drop_duplicates(["name", "at_x", "at_y"]).sort_values(["weight", "name"], ascending=[False, True])
    if not len(table):
        return None
    frame = gpd.GeoDataFrame(
        {"name": table["name"].to_list()}, geometry=gpd.points_from_xy(table["x"], table["y"]), crs="EPSG:4326"
    )
    wide = role.name != "places"
    labels = Labels(
        text=tuple(frame["name"]),
        rank=tuple(float(w) for w in table["weight"]),
        size_px=12.0 if wide else 11.0,
        colour="#6d6658",
        upper=wide,
        placement="beside",
    )
    return _description(role, frame, table["style"].to_numpy(), labels)


def _description(role: Role, table: gpd.GeoDataFrame, style_of: np.ndarray, labels: Labels | None) -> Description:
    return Description(
        f"Base map: {role.name}",
        role.kind,  # type: ignore[arg-type] # one of the three, from the table above
        table,
        role.styles,
        style_of.astype(np.int64),
        legend=(),
        labels=labels,
        interactive=False,
        background=True,
    )


def _all(table: gpd.GeoDataFrame) -> np.ndarray:
    return np.ones(len(table), dtype=bool)


def _plain(rows: gpd.GeoDataFrame, kinds: pd.Series) -> list[int]:
    del kinds
    return [0] * len(rows)


def _is_boundary(table: gpd.GeoDataFrame) -> np.ndarray:
    """Keep boundaries of countries and of their first divisions, on land."""
    keep: np.ndarray = np.isin(_level(table), (2, 4)) & ~_flag(table, "maritime")
    return keep


def _level(table: gpd.GeoDataFrame) -> np.ndarray:
    """Return the level of administration: OpenStreetMap's, or Protomaps' words for it."""
    level = pd.to_numeric(_first(table, ["admin_level"]), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    words = _first(table, ["kind"]).map({"country": 2.0, "region": 4.0}).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(level), words, level)


def _flag(table: gpd.GeoDataFrame, column: str) -> np.ndarray:
    if column not in table:
        return np.zeros(len(table), dtype=bool)
    said: np.ndarray = table[column].astype("string").str.lower().isin(["1", "1.0", "true", "yes"]).to_numpy(dtype=bool)
    return said


def _boundary_style(rows: gpd.GeoDataFrame, kinds: pd.Series) -> list[int]:
    del kinds
    country = _level(rows) == 2
    styles: list[int] = np.where(country, np.where(_flag(rows, "disputed"), 2, 1), 0).tolist()
    return styles


def _road_style(rows: gpd.GeoDataFrame, kinds: pd.Series) -> list[int]:
    del rows
    return kinds.isin(_BIG_ROADS).astype(int).tolist()


def _weights(rows: gpd.GeoDataFrame, kinds: pd.Series) -> np.ndarray:
    out = kinds.map(_WEIGHT).fillna(0.0).to_numpy(dtype=float)
    for column, sign in (("population_rank", 1.0), ("rank", -0.5)):
        if column in rows:
            out = out + sign * pd.to_numeric(rows[column], errors="coerce").fillna(0.0).clip(0, 30).to_numpy(
                dtype=float
            )
    if "population" in rows:
        people = pd.to_numeric(rows["population"], errors="coerce").fillna(0.0).clip(0, 1e9).to_numpy(dtype=float)
        out = out + np.log10(people + 1)
    return out


def _first(table: gpd.GeoDataFrame, columns: list[str]) -> pd.Series:
    """Return the first of several columns that has a value, row by row."""
    out = pd.Series([None] * len(table), index=table.index, dtype=object)
    for column in columns:
        if column in table:
            out = out.where(out.notna(), table[column].astype(object))
    return out.where(out.notna(), None)


_CHOICE: dict[str, Callable[[gpd.GeoDataFrame], np.ndarray]] = {"boundaries": _is_boundary}
_STYLE_OF: dict[str, Callable[[gpd.GeoDataFrame, pd.Series], list[int]]] = {
    "roads": _road_style,
    "boundaries": _boundary_style,
}


def _tile_box(zoom: int, x: int, y: int) -> tuple[float, float, float, float]:
    size = 2 * _WORLD_M / (1 << zoom)
    return (x * size - _WORLD_M, _WORLD_M - (y + 1) * size, (x + 1) * size - _WORLD_M, _WORLD_M - y * size)


def _lonlat(xy: np.ndarray) -> np.ndarray:
    """Return Web Mercator's metres as degrees; its sphere gives geodetic latitudes back as they were."""
    lat = np.degrees(2 * np.arctan(np.exp(xy[:, 1] / 6_378_137.0)) - np.pi / 2)
    return np.column_stack([xy[:, 0] / _WORLD_M * 180.0, lat])


def _degrees(shape: shapely.Geometry, turn: float) -> shapely.Geometry:
    return shapely.make_valid(shapely.transform(shape, lambda xy: _lonlat(xy) + np.array([turn, 0.0])))


def _degrees_back(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape within 180 degrees; one that crosses the antimeridian was cut there by the tiles."""
    bounds = shapely.bounds(shape)
    turn = 360.0 if bounds[0] < -180 - 1e-9 else -360.0 if bounds[2] > 180 + 1e-9 else 0.0
    return shapely.transform(shape, lambda xy: np.column_stack([np.clip(xy[:, 0] + turn, -180.0, 180.0), xy[:, 1]]))
