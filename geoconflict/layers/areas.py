"""What the layers of areas share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geoconflict.layers.base import LegendEntry, Style, by_category, days

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd


def validity(rows: pd.DataFrame) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the first and last day of each row, or None where no row has one."""
    if "valid_from" not in rows.columns or not bool(rows["valid_from"].notna().any()):
        return None, None
    return days(rows["valid_from"]), days(rows["valid_to"]) if "valid_to" in rows.columns else None


def by_name(
    values: pd.Series, colours: Sequence[str], *, fill_opacity: float, other: str
) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...], tuple[str, ...]]:
    """Give each name a colour in order of first appearance, hatched at the second round.

    Parameters
    ----------
    values : Series
        Name of each row; missing ones are grey and hatched.
    colours : sequence of str
    fill_opacity : float
    other : str
        What the legend calls rows without a name.

    Returns
    -------
    styles, style_of, legend, notes
        A note tells when colours repeat.

    Examples
    --------
    >>> import pandas as pd
    >>> _, _, legend, notes = by_name(pd.Series(["a", "b", "a"]), ["#5790fc"], fill_opacity=0.3, other="none")
    >>> [(entry.label, entry.count, entry.style.hatch) for entry in legend]
    [('a', 2, False), ('b', 1, True)]
    """
    names = list(dict.fromkeys(str(value) for value in values.dropna()))
    styles = {}
    for i, name in enumerate(names):
        colour = colours[i % len(colours)]
        plain = Style(stroke=colour, fill=colour, width_px=1.2, fill_opacity=fill_opacity)
        hatched = (i // len(colours)) % 2 == 1
        # Strokes of a hatch cover a fifth of their area: they take more ink for the same weight.
        styles[name] = (
            name,
            replace(plain, hatch=True, fill_opacity=min(1.0, 2.5 * fill_opacity)) if hatched else plain,
        )
    nameless = Style(stroke="#777777", fill="#777777", fill_opacity=min(1.0, 2.5 * fill_opacity), hatch=True)
    text = values.astype("object").where(values.isna(), values.astype(str))
    table, style_of, legend = by_category(text, styles, other=(other, nameless))
    notes: tuple[str, ...] = ()
    if len(names) > 2 * len(colours):
        notes = (f"{len(names)} names share {2 * len(colours)} looks, plain and hatched: read a name in the popup.",)
    return table, style_of, legend, notes
