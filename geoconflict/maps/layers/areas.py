"""What the layers of areas share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.errors import Fault, SchemaError
from geoconflict.maps.scene import LegendEntry, Style, by_category, days

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

UNKNOWN = np.iinfo(np.int32).min


def validity(rows: pd.DataFrame) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the first and last day of each row, or None where no row has one.

    Of a table that only says until when, the first days are not known.

    Raises
    ------
    SchemaError
        With every day that cannot be read, and every row that ends before it begins.
    """
    check_days(rows, what="the table")
    start, end = (days(rows[name]) if name in rows.columns else None for name in ("valid_from", "valid_to"))
    if all(read is None or (read == UNKNOWN).all() for read in (start, end)):
        return None, None
    if start is None:
        start = np.full(len(rows), UNKNOWN, dtype=np.int32)
    return start, end


def check_days(table: pd.DataFrame, *, what: str) -> None:
    """Refuse a table whose days of validity cannot be read, or run backwards."""
    faults = day_faults(table)
    if faults:
        msg = f"{what} cannot be drawn"
        raise SchemaError(msg, faults)


def day_faults(table: pd.DataFrame, *, begins: bool = False) -> list[Fault]:
    """Return what is wrong with the days of validity; with ``begins`` each row needs a first one.

    Examples
    --------
    >>> import pandas as pd
    >>> print(*day_faults(pd.DataFrame({"valid_from": ["2024/01/01"]})))
    row 1, valid_from: '2024/01/01' is no day such as 2025-08-19
    """
    faults, read = [], {}
    for column in ("valid_from", "valid_to"):
        if column not in table.columns:
            continue
        read[column] = days(table[column])
        there = table[column].notna().to_numpy()
        faults += [
            Fault(f"{table[column].iloc[i]!r} is no day such as 2025-08-19", row=int(i) + 1, field=column)
            for i in np.flatnonzero((read[column] == UNKNOWN) & there)
        ]
        if begins and column == "valid_from":
            faults += [
                Fault("the day is missing", row=int(i) + 1, field=column, hint="say from when the row holds")
                for i in np.flatnonzero(~there)
            ]
    if len(read) == 2:
        start, end = read["valid_from"], read["valid_to"]
        faults += [
            Fault("the row ends before it begins", row=int(i) + 1, field="valid_to")
            for i in np.flatnonzero((start != UNKNOWN) & (end != UNKNOWN) & (end < start))
        ]
    return faults


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
