"""Strips: obstacles and positions along a defence line."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from geoconflict.maps.layers.base import LINES, Layer, by_category, floats
from geoconflict.maps.spec import LayerSpec, PopupField, Style
from geoconflict.maps.symbols.profile import profile
from geoconflict.maps.symbols.symbols import chosen
from geoconflict.vocabulary import FortificationType, Status

FIELDS = (
    PopupField("fortification_type", "Type", "word"),
    PopupField("offset_m", "Offset", "length_m"),
    PopupField("offset_text", "Source wording"),
    PopupField("length_m", "Mapped length", "length_m"),
    PopupField("owner", "Owner"),
    PopupField("facing", "Facing"),
    PopupField("status", "Status", "word"),
    PopupField("status_date", "Status as of", "date"),
    PopupField("account", "Version shown"),
    PopupField("location_uncertainty_m", "Location uncertainty", "uncertainty_m"),
    PopupField("illustrative", "Illustrative"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)

# Obstacles are green as in APP-6, troop positions are dark. Types of one colour differ by their dashes.
_OBSTACLE, _POSITION, _OTHER = "#1a7a3c", "#26384f", "#6b5d4f"
_LOOK: dict[str, tuple[str, tuple[float, ...], float]] = {
    "fence": (_OTHER, (1.0, 3.0), 2.0),
    "wire": (_OBSTACLE, (1.0, 4.0), 2.5),
    "wall": (_OTHER, (), 3.0),
    "berm": (_OTHER, (9.0, 3.0), 2.5),
    "embankment": (_OTHER, (12.0, 3.0), 3.0),
    "ditch": (_OBSTACLE, (14.0, 4.0), 2.0),
    "anti_tank_ditch": (_OBSTACLE, (), 3.0),
    "dragons_teeth": (_OBSTACLE, (3.0, 3.0), 3.5),
    "hedgehogs": (_OBSTACLE, (2.0, 5.0), 3.5),
    "rails": (_OBSTACLE, (1.0, 6.0), 3.5),
    "minefield": (_OBSTACLE, (8.0, 4.0, 2.0, 4.0), 3.0),
    "abatis": (_OBSTACLE, (6.0, 6.0), 2.5),
    "trench": (_POSITION, (5.0, 3.0), 2.0),
    "strongpoint": (_POSITION, (10.0, 5.0), 3.5),
    "patrol_road": (_OTHER, (16.0, 3.0), 1.5),
    "control_strip": (_OTHER, (3.0, 6.0), 1.5),
}


def _style(kind: FortificationType, stage: Status | None) -> tuple[str, Style]:
    """Return the label and style of a type at a status: its symbol, and a dashed line for small scales."""
    colour, dash, width = _LOOK.get(kind.value, (_POSITION, (4.0, 2.0), 2.5))
    found = chosen(kind, stage or Status.REPORTED)
    plain = Style(stroke=colour, dash_px=dash, width_px=width, symbol=found.line, planned=found.planned)
    return (f"{kind.label}, planned" if found.planned else kind.label, plain)


@dataclass(frozen=True, eq=False)
class Strips(Layer):
    """Strips by fortification type; the legend marks the illustrative ones.

    Parameters
    ----------
    table : GeoDataFrame
        A STRIPS table; needs ``fortification_type``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> frame = gpd.GeoDataFrame({"fortification_type": ["anti_tank_ditch"], "illustrative": [True]},
    ...     geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    >>> Strips(frame).describe().legend[0].label
    'anti-tank ditch (illustrative)'
    """

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = LINES
    needs: ClassVar[tuple[str, ...]] = ("fortification_type",)
    measures: ClassVar[tuple[str, ...]] = ("offset_m", "location_uncertainty_m")
    title: ClassVar[str] = "Fortification lines"

    def profile(self, *, width: float = 460.0, black: bool = False) -> str:
        """Return a profile of the strips as SVG: their order, symbols and offsets, not to scale.

        Parameters
        ----------
        width : float
            Width in CSS pixels, at least 320.
        black : bool
            Whether to draw in black and white.

        Returns
        -------
        str
            One ``svg`` element; empty if there are no rows.

        Raises
        ------
        SchemaError
            If the table lacks columns of STRIPS, or the width is too small.
        """
        return profile(self.table, width=width, black=black)

    @staticmethod
    def _illustrative(rows: pd.DataFrame) -> list[bool]:
        """Return for each line whether its position is assumed, because no source gives it."""
        if "illustrative" not in rows.columns:
            return [False] * len(rows)
        return [bool(value) for value in rows["illustrative"].fillna(value=False)]

    def describe(self) -> LayerSpec:
        """Return the strips by type, in the order of the vocabulary."""
        rows, notes = self.rows()
        styles: dict[str, tuple[str, Style]] = {}
        kinds = rows["fortification_type"]
        stages = rows["status"] if "status" in rows.columns else pd.Series(None, index=rows.index, dtype="object")
        illustrative = self._illustrative(rows)
        keys = [
            f"{kind}|{None if pd.isna(stage) else stage}|{guess}"
            for kind, stage, guess in zip(kinds, stages, illustrative, strict=True)
        ]
        for kind in FortificationType:
            for stage in (None, *Status):
                label, style = _style(kind, stage)
                styles[f"{kind.value}|{stage}|False"] = (label, style)
                styles[f"{kind.value}|{stage}|True"] = (f"{label} (illustrative)", style)
        # Statuses with the same look share one legend entry.
        look: dict[tuple[str, Style], str] = {}
        same = {key: look.setdefault(value, key) for key, value in styles.items()}
        table, style_of, legend = by_category(
            pd.Series(keys, index=rows.index, dtype="object").replace(same),
            {key: styles[key] for key in look.values()},
            other=("other fortifications", Style(stroke=_OTHER)),
        )
        remarks: tuple[str, ...] = ("Strips are drawn as plain lines at scales that leave no room for symbols.",)
        if any(illustrative):
            remarks = (
                *remarks,
                f"{self.heading}: {sum(illustrative)} of {len(rows)} lines are illustrative: no source gives their offsets, so the description assumes them.",
            )
        return self.finish(
            LayerSpec(
                self.heading,
                "line",
                rows,
                table,
                style_of,
                legend,
                title_column="name" if "name" in rows.columns else None,
                notes=remarks,
                spacing_m=_spacing(rows),
            ),
            notes,
        )


def _spacing(rows: pd.DataFrame) -> float | None:
    """Return the smallest distance between strips at different offsets."""
    if "offset_m" not in rows.columns:
        return None
    offsets = sorted({round(v) for v in floats(rows["offset_m"].dropna()).tolist()})
    return float(min((b - a for a, b in itertools.pairwise(offsets)), default=0)) or None
