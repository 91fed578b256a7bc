"""Where each echelon of a segment starts and ends, by the account that is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.fortifications.description import Description, Echelon, Extent, Segment
from geoconflict.units import Length, format_length


@dataclass(frozen=True, slots=True)
class Drawn:
    """An echelon's extent in metres from the reference line.

    Attributes
    ----------
    echelon : Echelon
    extent : Extent or Echelon
        What it was taken from.
    account : str or None
        Key of the account.
    inner_m, outer_m : float or None
        None where the account has no figure.
    outer_min_m, outer_max_m : float or None
        What the source's range allows for the outer limit; None for an open end.
    text : str
        Depth or outer limit as written.
    """

    echelon: Echelon
    extent: Extent | Echelon
    account: str | None
    inner_m: float | None
    outer_m: float | None
    outer_min_m: float | None
    outer_max_m: float | None
    text: str

    @property
    def known(self) -> bool:
        """Whether it can be drawn."""
        return self.inner_m is not None and self.outer_m is not None


def written(metres: float) -> str:
    """Write a length as a reader likes it: metres below a kilometre.

    Examples
    --------
    >>> written(350), written(4828)
    ('350 m', '4.83 km')
    """
    return format_length(metres, "m" if 0 < metres < 1000 else "km")


def account_of(description: Description, echelon: Echelon, account: str | None = None) -> str | None:
    """Return the key of the account that is drawn for an echelon.

    The caller's own wish comes first, then the echelon's choice, the line's choice, and the
    only account there is.
    """
    if account is not None:
        return account
    if echelon.chosen is not None:
        return echelon.chosen.account
    if description.chosen is not None:
        return description.chosen.account
    keys = [extent.account for extent in echelon.accounts]
    return keys[0] if len(keys) == 1 else None


def extent_of(description: Description, echelon: Echelon, account: str | None = None) -> Extent | Echelon | None:
    """Return the extent that is drawn; None where the account says nothing of the echelon."""
    if not echelon.accounts:
        return echelon
    key = account_of(description, echelon, account)
    return next((extent for extent in echelon.accounts if extent.account == key), None)


def extents(description: Description, segment: Segment, account: str | None = None) -> list[Drawn]:
    """Return the extent of each echelon of a segment.

    An echelon starts where the one before ends, unless it has an inner limit of its own; the
    first starts at the reference line. A range is drawn at its middle, a range with an open
    end at the end that is known.

    Parameters
    ----------
    description : Description
    segment : Segment
    account : str, optional
        The account to draw instead of the chosen one.

    Returns
    -------
    list of Drawn
        In the order of the echelons.
    """
    out: list[Drawn] = []
    before: float | None = 0.0
    expected = 1
    for echelon in sorted(segment.echelons, key=lambda item: item.index):
        extent = extent_of(description, echelon, account)
        if echelon.index != expected:
            before = None
        drawn = _one(echelon, extent, before, account_of(description, echelon, account))
        out.append(drawn)
        before, expected = drawn.outer_m, echelon.index + 1
    return out


def _one(echelon: Echelon, extent: Extent | Echelon | None, before: float | None, account: str | None) -> Drawn:
    if extent is None:
        return Drawn(echelon, echelon, account, None, None, None, None, "")
    inner = extent.inner_limit.length.value_m if extent.inner_limit is not None else before
    outer = extent.outer_limit.length if extent.outer_limit is not None else None
    depth = extent.depth.length if extent.depth is not None else None
    texts = [
        f"{words} {measure.text}"
        for words, measure in (("outer limit", outer), ("depth", depth))
        if measure is not None
    ]
    if outer is not None:
        least, most, value = outer.min_m, outer.max_m, outer.value_m
    elif depth is not None and inner is not None:
        least, most, value = _plus(inner, depth.min_m), _plus(inner, depth.max_m), inner + depth.value_m
    else:
        return Drawn(echelon, extent, account, inner, None, None, None, "; ".join(texts))
    return Drawn(echelon, extent, account, inner, value, least, most, "; ".join(texts))


def _plus(base: float, more: float | None) -> float | None:
    return None if more is None else base + more


def row_offsets(offset: Length, rows: int, spacing: Length | None) -> list[float]:
    """Return the distance of each row of a strip from the reference line, in metres.

    Rows with a spacing start at the offset; rows without one spread evenly over its range.

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
