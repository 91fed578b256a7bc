"""Point symbols of works: the standard's where a package draws it, else the glyph of the line pattern.

``military-symbol`` (MIT) draws the framed symbols of APP-6 / MIL-STD-2525D. It knows units,
equipment and installations, and of the works here only stores and emplaced sensors; the rest
come from ``symbols.json``, so that a point and a line of the same work look alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

from geoconflict.maps.symbols import symbols
from geoconflict.vocabulary import FortificationType as Kind, Status

if TYPE_CHECKING:
    from collections.abc import Callable

Affiliation = Literal["unknown", "friend", "neutral", "hostile"]

_IDENTITY: dict[str, str] = {"unknown": "1", "friend": "3", "neutral": "4", "hostile": "6"}
# Symbol set and entity: 20 is land installations, 15 is land equipment.
_ENTITY: dict[Kind, tuple[str, str]] = {Kind.DEPOT: ("20", "112000"), Kind.SENSOR: ("15", "220200")}
_MARGIN = 1.5


def sidc(kind: str, status: str = Status.COMPLETE, affiliation: Affiliation = "unknown") -> str | None:
    """Return the 20-digit code of a point symbol, or None where the standard frames no such symbol.

    Digits: version 10, context and identity, symbol set, status, no headquarters, no echelon,
    entity, no modifiers (MIL-STD-2525D, appendix A).

    Parameters
    ----------
    kind : str
        A word of ``FortificationType``.
    status : str
        A word of ``Status``; what is planned or funded has the status "planned".
    affiliation : {"unknown", "friend", "neutral", "hostile"}
        As the reader's side sees the owner; never inferred.

    Returns
    -------
    str or None

    Examples
    --------
    >>> sidc("depot", "planned", "friend")
    '10032010001120000000'
    >>> sidc("bunker") is None
    True
    """
    entity = _ENTITY.get(Kind.read(kind))
    if entity is None:
        return None
    planned = "1" if symbols.chosen(kind, status).planned else "0"
    return f"100{_IDENTITY[affiliation]}{entity[0]}{planned}000{entity[1]}0000"


def svg(
    kind: str,
    status: str = Status.COMPLETE,
    *,
    affiliation: Affiliation | None = None,
    black: bool = False,
    scale: float = 1.5,
) -> str:
    """Return a point symbol as SVG.

    Parameters
    ----------
    kind : str
        A word of ``FortificationType``.
    status : str
        A word of ``Status``.
    affiliation : str, optional
        With one, and with ``military-symbol`` installed, the framed symbol of the standard is
        drawn where there is one. Without, always the plain glyph.
    black : bool
        Whether to draw the plain glyph in black.
    scale : float
        Size of the plain glyph.

    Returns
    -------
    str
        One ``svg`` element, without scripts, texts or links.

    Examples
    --------
    >>> svg("depot")[:31]
    '<svg xmlns="http://www.w3.org/2'
    """
    if affiliation is not None:
        code, draw = sidc(kind, status, affiliation), _military_symbol()
        if code is not None and draw is not None:
            return draw(code)
    return _glyph(kind, status, black=black, scale=scale)


def _military_symbol() -> Callable[[str], str] | None:
    """Return the package's drawing function, or None where it cannot be used."""
    try:
        from military_symbol import get_symbol_svg_string_from_sidc
    except (ImportError, SyntaxError):  # versions from 2.0 on need Python 3.12, and do not say so
        return None

    def draw(code: str) -> str:
        text = str(get_symbol_svg_string_from_sidc(code))
        return text[text.index("<svg") :].strip()

    return draw


def _glyph(kind: str, status: str, *, black: bool, scale: float) -> str:
    import numpy as np

    chosen = symbols.chosen(kind, status)
    colour = symbols.colour(chosen.line, black=black)
    shapes = symbols.symbol(chosen.line, scale, y_down=True, planned=chosen.planned)
    points = np.vstack([shape.points for shape in shapes])
    low, high = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    width, height = high - low
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:.2f}",
            "height": f"{height:.2f}",
            "viewBox": f"{low[0]:.2f} {low[1]:.2f} {width:.2f} {height:.2f}",
        },
    )
    for shape in shapes:
        ET.SubElement(root, "path", shape.svg(colour))
    return ET.tostring(root, encoding="unicode")
