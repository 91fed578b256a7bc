"""Where the echelons and the rows of strips of a segment start and end."""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.fortifications.description import Description, Echelon, Extent, Segment
from geoconflict.units import Length, format_length


@dataclass(frozen=True, slots=True)
class EchelonExtent:
    """Extent of an echelon in metres from the reference line.

    Attributes
    ----------
    echelon : Echelon
    source : Extent or Echelon
        The part of the description that gives the extent.
    account : str or None
        Key of the account.
    inner_m, outer_m : float or None
        None if the account gives no value.
    outer_min_m, outer_max_m : float or None
        Range of the outer limit according to the source; None for an open end.
    text : str
        Depth or outer limit as written in the description.
    """

    echelon: Echelon
    source: Extent | Echelon
    account: str | None
    inner_m: float | None
    outer_m: float | None
    outer_min_m: float | None
    outer_max_m: float | None
    text: str

    @property
    def is_known(self) -> bool:
        """Whether both limits are known, so that the echelon can be drawn."""
        return self.inner_m is not None and self.outer_m is not None


def format_distance(metres: float) -> str:
    """Format a distance for messages: in metres below a kilometre.

    Examples
    --------
    >>> format_distance(350), format_distance(4828)
    ('350 m', '4.83 km')
    """
    return format_length(metres, "m" if 0 < metres < 1000 else "km")


def account_of(description: Description, echelon: Echelon, account: str | None = None) -> str | None:
    """Return the key of the account that is drawn for an echelon.

    In order of precedence: the account asked for, the echelon's choice, the line's choice, and
    the only account there is.
    """
    if account is not None:
        return account
    if echelon.chosen is not None:
        return echelon.chosen.account
    if description.chosen is not None:
        return description.chosen.account
    keys = [extent.account for extent in echelon.accounts]
    return keys[0] if len(keys) == 1 else None


def echelon_extents(description: Description, segment: Segment, account: str | None = None) -> list[EchelonExtent]:
    """Return the extent of each echelon of a segment.

    An echelon starts where the previous one ends, unless it has an inner limit; the first
    starts at the reference line. A range is drawn at its middle, an open range at its known end.

    Parameters
    ----------
    description : Description
    segment : Segment
    account : str, optional
        The account to draw instead of the chosen one.

    Returns
    -------
    list of EchelonExtent
        In the order of the echelons.
    """
    out: list[EchelonExtent] = []
    previous: float | None = 0.0
    expected = 1
    for echelon in sorted(segment.echelons, key=lambda item: item.index):
        if echelon.index != expected:
            previous = None
        extent = _extent(echelon, account_of(description, echelon, account), previous)
        out.append(extent)
        previous, expected = extent.outer_m, echelon.index + 1
    return out


def _extent(echelon: Echelon, account: str | None, previous: float | None) -> EchelonExtent:
    source: Extent | Echelon | None = echelon
    if echelon.accounts:
        source = next((extent for extent in echelon.accounts if extent.account == account), None)
    if source is None:
        return EchelonExtent(echelon, echelon, account, None, None, None, None, "")
    inner = source.inner_limit.length.value_m if source.inner_limit is not None else previous
    outer = source.outer_limit.length if source.outer_limit is not None else None
    depth = source.depth.length if source.depth is not None else None
    text = "; ".join(f"{name} {value.text}" for name, value in (("outer limit", outer), ("depth", depth)) if value)
    if outer is not None:
        return EchelonExtent(echelon, source, account, inner, outer.value_m, outer.min_m, outer.max_m, text)
    if depth is None or inner is None:
        return EchelonExtent(echelon, source, account, inner, None, None, None, text)
    least, most = (None if value is None else inner + value for value in (depth.min_m, depth.max_m))
    return EchelonExtent(echelon, source, account, inner, inner + depth.value_m, least, most, text)


def row_offsets(offset: Length, rows: int, spacing: Length | None) -> list[float]:
    """Return the distance of each row of a strip from the reference line, in metres.

    With a spacing, the first row lies at the offset; without one, the rows are spread evenly
    over the range of the offset.

    Examples
    --------
    >>> from geoconflict.units import parse_length
    >>> row_offsets(parse_length("2-4 km"), 3, None)
    [2000.0, 3000.0, 4000.0]
    """
    if rows == 1:
        return [offset.value_m]
    if spacing is not None:
        start = offset.min_m if offset.min_m is not None else offset.value_m
        return [start + spacing.value_m * row for row in range(rows)]
    low = 0.0 if offset.min_m is None else offset.min_m
    high = offset.value_m if offset.max_m is None else offset.max_m
    return [low + (high - low) * row / (rows - 1) for row in range(rows)]
