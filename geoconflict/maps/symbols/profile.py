"""A profile of a defence line: its strips in order, enemy above, each with its graphic and its offset.

On a map of a whole border the strips of an echelon lie within the width of a line. The profile
shows what they are and in which order; it is not to scale, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geoconflict.errors import SchemaError
from geoconflict.maps.symbols import symbols
from geoconflict.schema import STRIPS, conform
from geoconflict.units import format_length
from geoconflict.vocabulary import Status

if TYPE_CHECKING:
    import geopandas as gpd

_ROW = 30.0
_HEAD = 26.0
_FONT = 12.0
_LETTER = 0.52  # mean width of a letter, as a share of the size of the font
_INK, _SOFT = "#222222", "#555555"


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One line of a profile, from the enemy's side inwards.

    Attributes
    ----------
    heading : str
        Segment and echelon; rows with the same heading stand together.
    label : str
        Name of the strip.
    offset : str
        Distance from the reference line; "assumed" where no source gives it.
    pattern : str
        Name of the line pattern.
    planned : bool
        Whether it is drawn as planned.
    facing : str
        Whom it faces.
    """

    heading: str
    label: str
    offset: str
    pattern: str
    planned: bool
    facing: str


def profile_rows(strips: gpd.GeoDataFrame) -> list[ProfileRow]:
    """Return the rows of a profile of strips.

    Rows of one strip at several offsets stand apart. The order is that of segment, echelon and
    offset; works that face away from the reference line come out with their order turned.

    Parameters
    ----------
    strips : GeoDataFrame
        Table of STRIPS.

    Returns
    -------
    list of ProfileRow

    Raises
    ------
    SchemaError
        If the table is no table of strips.
    """
    table = conform(strips, STRIPS, what="the table to profile")
    segments = table["segment"] if "segment" in table.columns else table["line_id"]
    keyed = []
    first = {name: place for place, name in reversed(list(enumerate(segments.fillna(table["line_id"]))))}
    for place, row in enumerate(table.to_dict("records")):
        segment = str(segments.iloc[place] or row["line_id"])
        echelon = row.get("depth_echelon")
        number = int(echelon) if echelon is not None and echelon == echelon and str(echelon) != "<NA>" else None  # noqa: PLR0124 - NaN
        order = row.get("order")
        rank = float(order) if order is not None and str(order) not in {"<NA>", "nan"} else float(place)
        chosen = symbols.chosen(row["fortification_type"], row.get("status") or Status.REPORTED.value)
        offset = format_length(row["offset_m"], "m" if row["offset_m"] < 1000 else "km")
        item = ProfileRow(
            heading=segment if number is None else f"{segment}, echelon {number}",
            label=str(row["name"]),
            offset=f"{offset}, assumed" if row["illustrative"] else offset,
            pattern=chosen.line,
            planned=chosen.planned,
            facing=str(row["facing"]),
        )
        keyed.append((first.get(segment, place), number or 0, rank, row["offset_m"], place, item))
    return [item for *_, item in sorted(keyed, key=lambda entry: entry[:-1])]


def profile(strips: gpd.GeoDataFrame, *, width: float = 460.0, black: bool = False) -> str:
    """Return a profile of strips as SVG.

    Parameters
    ----------
    strips : GeoDataFrame
        Table of STRIPS.
    width : float
        Width in CSS pixels, at least 320.
    black : bool
        Whether to draw in black and white.

    Returns
    -------
    str
        One ``svg`` element; texts of the table are escaped. Empty for a table without rows.

    Raises
    ------
    SchemaError
        If the table is no table of strips, or the width is too small.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> strips = gpd.GeoDataFrame({"strip_id": ["a"], "line_id": ["l"], "name": ["Ditch"], "owner": ["A"],
    ...     "fortification_type": ["anti_tank_ditch"], "facing": ["B"], "offset_m": [100.0],
    ...     "illustrative": [True], "status": ["planned"]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    >>> "100 m, assumed" in profile(strips)
    True
    """
    if width < 320:
        msg = f"a profile needs a width of at least 320, found {width}"
        raise SchemaError(msg)
    rows = profile_rows(strips)
    if not rows:
        return ""
    headings = list(dict.fromkeys(row.heading for row in rows))
    height = len(rows) * _ROW + len(headings) * (_HEAD + 22.0) + 24.0
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "viewBox": f"0 0 {width:g} {height:g}",
            "font-family": "sans-serif",
            "role": "img",
        },
    )
    ET.SubElement(root, "title").text = "Strips in their order from the enemy's side; not to scale"
    y = 4.0
    left, right = width * 0.34, width * 0.74
    for heading in headings:
        group = [row for row in rows if row.heading == heading]
        y += _HEAD
        _text(root, (8, y - 8), heading, room=width - 16)
        y += 16
        _text(
            root, ((left + right) / 2, y - 5), f"↑ {group[0].facing}", anchor="middle", colour=_SOFT, room=right - left
        )
        for row in group:
            y += _ROW
            _text(root, (8, y - 8), row.label, room=left - 10)
            _text(root, (width - 8, y - 8), row.offset, anchor="end", colour=_SOFT)
            _graphic(root, row, (left, right, y - 12), black=black)
        y += 6
    _text(root, (width - 8, height - 8), "not to scale", anchor="end", colour=_SOFT)
    return ET.tostring(root, encoding="unicode")


def _text(
    root: ET.Element,
    at: tuple[float, float],
    text: str,
    *,
    anchor: str = "start",
    colour: str = _INK,
    room: float = 0.0,
) -> None:
    attributes = {
        "x": f"{at[0]:.1f}",
        "y": f"{at[1]:.1f}",
        "font-size": f"{_FONT:g}",
        "fill": colour,
        "text-anchor": anchor,
    }
    # What XML cannot hold at all, such as a NUL, is left out.
    whole = "".join(c for c in text if c.isprintable())
    most = int(room / (_FONT * _LETTER)) if room else len(whole)
    element = ET.SubElement(root, "text", attributes)
    element.text = whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"
    if element.text != whole:
        ET.SubElement(element, "title").text = whole


def _graphic(root: ET.Element, row: ProfileRow, at: tuple[float, float, float], *, black: bool) -> None:
    left, right, y = at
    colour = symbols.colour(row.pattern, black=black)
    for shape in symbols.place(row.pattern, [(left, y), (right, y)], y_down=True, planned=row.planned):
        ET.SubElement(root, "path", shape.svg(colour))
