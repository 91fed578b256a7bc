"""A raster, or several as frames of a time series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geoconflict.crs import WGS84, Bounds
from geoconflict.errors import Fault, InputError
from geoconflict.maps.classes import Classes, Palette, PaletteLike, Scheme, classify, format_number, palette_of
from geoconflict.maps.grids import LIMIT_DEG, MAX_CELLS, NO_DATA, Frames, Grid, check_grids, warp
from geoconflict.maps.layers.base import Drawable, days
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style

_SHADES = 250  # colours of a continuous raster: a code is one byte, and one code is reserved for no data
FIELDS = (
    PopupField("valid_from", "Valid from", "date"),
    PopupField("valid_to", "Valid to", "date"),
    PopupField("source", "Source", "sources"),
)


@dataclass(frozen=True, eq=False)
class Raster(Drawable):
    """Cells coloured by their values, in classes or continuously.

    The page holds the class of each cell, not its value: a click shows the range of the class.
    Cells without data are transparent.

    Parameters
    ----------
    grids : Grid or sequence of Grid
        Several are frames of a time series, each with its dates.
    scheme : str
        ``quantiles``, ``equal``, or ``continuous`` for 250 colours from the minimum to the maximum.
    classes : int
        Number of classes, from 1 to 9.
    breaks : tuple of float, optional
        Limits between the classes, instead of ``scheme`` and ``classes``.
    palette : Palette, str or sequence of str
        ``sequential``, ``diverging``, or colours from the lowest to the highest.
    midpoint : float, optional
        Centre of a diverging palette; 0 by default.
    unit : str
    fill_opacity : float
    max_cells : int
        Frames with more cells are resampled to about this number, with a note on the map.

    Raises
    ------
    InputError
        If there is no grid, frames have no dates, or classes, breaks or palette are invalid.

    Examples
    --------
    >>> grid = Grid([[1.0, 20.0], [np.nan, 5.0]], Bounds(10, 50, 12, 51))
    >>> layer = Raster(grid, breaks=(10,), unit="mm").describe()
    >>> [(entry.label, entry.count) for entry in layer.legend]
    [('under 10 mm', 2), ('10 or more mm', 1)]
    """

    grids: Grid | Sequence[Grid]
    scheme: Scheme | Literal["continuous"] = "quantiles"
    classes: int = 5
    breaks: tuple[float, ...] | None = None
    palette: PaletteLike = "sequential"
    midpoint: float | None = None
    unit: str = ""
    fill_opacity: float = 0.75
    max_cells: int = MAX_CELLS

    title: ClassVar[str] = "Raster"
    data: ClassVar[str | None] = "grids"
    popup: ClassVar[tuple[PopupField, ...]] = FIELDS

    def __post_init__(self) -> None:
        """Check the grids and the classification."""
        check_grids(self._frames())
        faults = self.option_faults()
        if not 1 <= self.max_cells <= 50_000_000:
            faults.append(Fault(f"{self.max_cells!r} is not from 1 to 50,000,000", field="max_cells"))
        if faults:
            msg = "invalid options of Raster"
            raise InputError(msg, faults)
        classify(
            np.empty(0),
            scheme="quantiles" if self.scheme == "continuous" else self.scheme,
            classes=self.classes,
            breaks=self.breaks,
            midpoint=self._midpoint(),
        )

    def describe(self) -> LayerSpec:
        """Return the frames in order of date, the classes and the legend."""
        grids = self._frames()
        numbers = [grid.numbers() for grid in grids]
        look = self._look(np.concatenate([values.ravel() for values in numbers]))
        frames, boxes, steps = [], [], []
        for grid, values in zip(grids, numbers, strict=True):
            codes = np.where(np.isnan(values), NO_DATA, look.made.of(values)).astype(np.uint8)
            warped, box, step = warp(codes, grid, max_cells=self.max_cells)
            frames.append(warped)
            boxes.append(box)
            steps.append(step)
        first = [_iso(grid.valid_from) for grid in grids]
        last = [_iso(grid.valid_to) or day for grid, day in zip(grids, first, strict=True)]
        table = gpd.GeoDataFrame(
            {"valid_from": first, "valid_to": last, "source": [grid.source or None for grid in grids]},
            geometry=[_outline(box) for box in boxes],
            crs=WGS84,
        )
        timed = first[0] is not None
        return self.finish(
            LayerSpec(
                self.heading,
                "raster",
                table,
                look.styles,
                np.zeros(len(table), dtype=np.int64),
                look.legend,
                start=days(table["valid_from"]) if timed else None,
                end=days(table["valid_to"]) if timed else None,
                frames=Frames(tuple(frames), tuple(boxes), look.palette, look.texts, self.fill_opacity),
                in_turn=timed,
                methods=(f"{self.heading}: {look.method}.",),
                notes=self._losses(grids, numbers, frames, steps),
            )
        )

    def _frames(self) -> tuple[Grid, ...]:
        grids = (self.grids,) if isinstance(self.grids, Grid) else tuple(self.grids)
        return tuple(sorted(grids, key=lambda grid: _iso(getattr(grid, "valid_from", None)) or ""))

    def _look(self, every: np.ndarray) -> _Look:
        """Classify all frames together, so that a colour means the same in each of them."""
        ramp = palette_of(self.palette)
        good = every[~np.isnan(every)]
        if self.scheme == "continuous" and self.breaks is None and len(good) and good.min() < good.max():
            return self._shades(good, ramp)
        made = classify(
            good,
            scheme="quantiles" if self.scheme == "continuous" else self.scheme,
            classes=self.classes,
            breaks=self.breaks,
            midpoint=self._midpoint(),
        )
        texts = tuple(f"{label} {self.unit}".strip() for label in made.labels())
        palette = tuple(made.colours(ramp, midpoint=self._midpoint()))
        styles = tuple(self._style(colour) for colour in palette)
        counts = np.bincount(made.of(good), minlength=len(made))
        legend = tuple(
            LegendEntry(text, style, int(count), i)
            for i, (text, style, count) in enumerate(zip(texts, styles, counts, strict=True))
        )
        limits = ", lower limits inclusive" if len(made) > 1 else ""
        return _Look(made, styles, palette, texts, legend if len(good) else (), f"cells in {made.method}{limits}")

    def _shades(self, good: np.ndarray, ramp: Palette) -> _Look:
        low, high = float(good.min()), float(good.max())
        midpoint = self._midpoint()
        if midpoint is not None:
            reach = max(abs(low - midpoint), abs(high - midpoint))
            low, high = midpoint - reach, midpoint + reach
        edges = np.linspace(low, high, _SHADES + 1)
        made = Classes(tuple(edges[1:-1].tolist()), low, high, whole=False, method="")
        palette = tuple(_blend(ramp, i / (_SHADES - 1)) for i in range(_SHADES))
        texts = tuple(f"{label} {self.unit}".strip() for label in made.labels())
        keys = np.linspace(low, high, 5)
        digits = max(0, 2 - math.floor(math.log10((high - low) / 4)))
        digits = next(
            (d for d in range(digits) if all(abs(k - round(k, d)) < (high - low) * 1e-6 for k in keys)), digits
        )
        legend = tuple(
            LegendEntry(
                f"{format_number(float(k), digits)} {self.unit}".strip(), self._style(_blend(ramp, i / 4)), 0, None
            )
            for i, k in enumerate(keys)
        )
        method = f"cells in {_SHADES} colours from {legend[0].label} to {legend[-1].label}"
        return _Look(made, (legend[0].style,), palette, texts, legend, method)

    def _style(self, colour: str) -> Style:
        return Style(stroke=None, fill=colour, width_px=0.0, fill_opacity=self.fill_opacity)

    def _midpoint(self) -> float | None:
        return 0.0 if self.palette == "diverging" and self.midpoint is None else self.midpoint

    def _losses(
        self, grids: tuple[Grid, ...], numbers: list[np.ndarray], frames: list[np.ndarray], steps: list[float]
    ) -> tuple[str, ...]:
        """Report what the map does not show of the grids."""
        notes = []
        gone, size = sum(int(np.isnan(v).sum()) for v in numbers), sum(v.size for v in numbers)
        if gone:
            every = f" of {len(grids)} frames" if len(grids) > 1 else ""
            notes.append(
                f"{self.heading}: {format_number(gone, 0)} of {format_number(size, 0)} cells{every} have no data and are transparent."
            )
        if max(steps) > 1:
            i = int(np.argmax(steps))
            high, wide = numbers[i].shape
            rows, columns = frames[i].shape
            notes.append(
                f"{self.heading}: resampled from {format_number(wide, 0)} × {format_number(high, 0)} to {format_number(columns, 0)} × "
                f"{format_number(rows, 0)} cells; about 1 of {max(1.0, wide / columns):.1f} columns is shown."
            )
        if any(max(grid.bounds.north, -grid.bounds.south) > LIMIT_DEG for grid in grids):
            notes.append(f"{self.heading}: cells beyond {LIMIT_DEG:.2f}° north or south are not shown.")
        return tuple(notes)


class _Look(NamedTuple):
    """The colours of the values of all frames, and their legend."""

    made: Classes
    styles: tuple[Style, ...]
    palette: tuple[str, ...]
    texts: tuple[str, ...]
    legend: tuple[LegendEntry, ...]
    method: str


def _iso(day: object) -> str | None:
    return None if day is None else str(day)[:10]


def _blend(ramp: Palette, share: float) -> str:
    """Return the colour at a position from 0 to 1 along a palette, interpolated between its colours.

    Examples
    --------
    >>> _blend(Palette(("#000000", "#ffffff")), 0.5)
    '#808080'
    """
    at = share * (len(ramp.colours) - 1)
    low = min(int(at), len(ramp.colours) - 2) if len(ramp.colours) > 1 else 0
    pair = [ramp.colours[low], ramp.colours[min(low + 1, len(ramp.colours) - 1)]]
    first, second = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in pair)
    red, green, blue = np.rint(first + (second - first) * (at - low)).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _outline(box: Bounds) -> shapely.Geometry:
    """Return a box as an area, split at the antimeridian."""
    if not box.crosses_antimeridian:
        return shapely.box(box.west, box.south, box.east, box.north)
    return shapely.MultiPolygon(
        [shapely.box(box.west, box.south, 180, box.north), shapely.box(-180, box.south, box.east, box.north)]
    )
