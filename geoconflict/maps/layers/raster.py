"""A grid of numbers on the map, or several as frames of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
import shapely

from geoconflict.crs import WGS84, Bounds
from geoconflict.errors import Fault, InputError
from geoconflict.maps.classes import DIVERGING, SEQUENTIAL, Classes, Scheme, classify, written
from geoconflict.maps.grids import LIMIT_DEG, MOST_CELLS, NO_DATA, Frames, Grid, check_grids, warp
from geoconflict.maps.scene import Description, Drawable, LegendEntry, PopupField, Ramp, Style, days, present

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = 250  # shades of a continuous ramp: a code is one byte, and one code is kept for no data
FIELDS = (
    PopupField("valid_from", "Valid from", "date"),
    PopupField("valid_to", "Valid to", "date"),
    PopupField("source", "Source", "sources"),
)


@dataclass(frozen=True, eq=False)
class Raster(Drawable):
    """Cells coloured by their numbers, in classes or in an unbroken ramp.

    A cell travels as the code of its class, not as its number: a click tells the class's
    range. Cells without data are transparent.

    Parameters
    ----------
    grids : Grid or sequence of Grid
        Several are frames of time, each with its days.
    scheme : str
        ``quantiles``, ``equal``, or ``ramp`` for 250 shades from the least to the greatest number.
    classes : int
        How many, from 1 to 9.
    breaks : tuple of float, optional
        The limits between the classes, in place of ``scheme`` and ``classes``.
    ramp : str or Ramp
        ``sequential``, ``diverging``, or colours from the lowest to the highest.
    middle : float, optional
        Where a diverging ramp turns; 0 unless set.
    unit : str
    fill_opacity : float
    most_cells : int
        A frame with more cells is thinned to about so many, and the notes tell it.

    Raises
    ------
    InputError
        If there is no grid, frames have no days, or classes, breaks or ramp cannot be used.

    Examples
    --------
    >>> grid = Grid([[1.0, 20.0], [np.nan, 5.0]], Bounds(10, 50, 12, 51))
    >>> layer = Raster(grid, breaks=(10,), unit="mm").describe()
    >>> [(entry.label, entry.count) for entry in layer.legend]
    [('under 10 mm', 2), ('10 or more mm', 1)]
    """

    grids: Grid | Sequence[Grid]
    scheme: Scheme | Literal["ramp"] = "quantiles"
    classes: int = 5
    breaks: tuple[float, ...] | None = None
    ramp: Literal["sequential", "diverging"] | Ramp = "sequential"
    middle: float | None = None
    unit: str = ""
    fill_opacity: float = 0.75
    most_cells: int = MOST_CELLS

    title: ClassVar[str] = "Raster"

    def __post_init__(self) -> None:
        """Check the grids and how they are to be classed."""
        check_grids(self._frames())
        faults = []
        if not isinstance(self.ramp, Ramp) and self.ramp not in {"sequential", "diverging"}:
            faults.append(Fault(f"{self.ramp!r} is no ramp", field="ramp", hint="'sequential', 'diverging' or a Ramp"))
        if not 0 <= self.fill_opacity <= 1:
            faults.append(Fault(f"{self.fill_opacity!r} is not from 0 to 1", field="fill_opacity"))
        if not 1 <= self.most_cells <= 50_000_000:
            faults.append(Fault(f"{self.most_cells!r} is not from 1 to 50,000,000", field="most_cells"))
        if faults:
            msg = "the raster cannot be drawn"
            raise InputError(msg, faults)
        classify(
            np.empty(0),
            scheme="quantiles" if self.scheme == "ramp" else self.scheme,
            classes=self.classes,
            breaks=self.breaks,
            middle=self._middle(),
        )

    def describe(self) -> Description:
        """Return the frames in order of their days, the classes and the legend."""
        import geopandas as gpd

        grids = self._frames()
        numbers = [grid.numbers() for grid in grids]
        look = self._look(np.concatenate([values.ravel() for values in numbers]))
        frames, boxes, steps = [], [], []
        for grid, values in zip(grids, numbers, strict=True):
            codes = np.where(np.isnan(values), NO_DATA, look.made.of(values)).astype(np.uint8)
            warped, box, step = warp(codes, grid, most=self.most_cells)
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
            Description(
                self.heading,
                "raster",
                table,
                look.styles,
                np.zeros(len(table), dtype=np.int64),
                look.legend,
                fields=present(table, FIELDS),
                start=days(table["valid_from"]) if timed else None,
                end=days(table["valid_to"]) if timed else None,
                frames=Frames(tuple(frames), tuple(boxes), look.palette, look.texts, self.fill_opacity),
                in_turn=timed,
                methods=(f"{self.heading}: {look.told}.",),
                notes=self._losses(grids, numbers, frames, steps),
            )
        )

    def _frames(self) -> tuple[Grid, ...]:
        grids = (self.grids,) if isinstance(self.grids, Grid) else tuple(self.grids)
        return tuple(sorted(grids, key=lambda grid: _iso(getattr(grid, "valid_from", None)) or ""))

    def _look(self, every: np.ndarray) -> _Look:
        """Return the classes of all frames together, so that a colour means the same on each day."""
        ramp = self.ramp if isinstance(self.ramp, Ramp) else DIVERGING if self.ramp == "diverging" else SEQUENTIAL
        good = every[~np.isnan(every)]
        if self.scheme == "ramp" and self.breaks is None and len(good) and good.min() < good.max():
            return self._shades(good, ramp)
        made = classify(
            good,
            scheme="quantiles" if self.scheme == "ramp" else self.scheme,
            classes=self.classes,
            breaks=self.breaks,
            middle=self._middle(),
        )
        texts = tuple(f"{label} {self.unit}".strip() for label in made.labels())
        palette = tuple(made.colours(ramp, middle=self._middle()))
        styles = tuple(self._style(colour) for colour in palette)
        counts = np.bincount(made.of(good), minlength=len(made))
        legend = tuple(
            LegendEntry(text, style, int(count), i)
            for i, (text, style, count) in enumerate(zip(texts, styles, counts, strict=True))
        )
        limits = ", each with its lower limit and without its upper one" if len(made) > 1 else ""
        return _Look(made, styles, palette, texts, legend if len(good) else (), f"cells in {made.told}{limits}")

    def _shades(self, good: np.ndarray, ramp: Ramp) -> _Look:
        low, high = float(good.min()), float(good.max())
        middle = self._middle()
        if middle is not None:
            reach = max(abs(low - middle), abs(high - middle))
            low, high = middle - reach, middle + reach
        edges = np.linspace(low, high, _STEPS + 1)
        made = Classes(tuple(edges[1:-1].tolist()), low, high, whole=False, told="")
        palette = tuple(_blend(ramp, i / (_STEPS - 1)) for i in range(_STEPS))
        texts = tuple(f"{label} {self.unit}".strip() for label in made.labels())
        keys = np.linspace(low, high, 5)
        digits = max(0, 2 - math.floor(math.log10((high - low) / 4)))
        digits = next(
            (d for d in range(digits) if all(abs(k - round(k, d)) < (high - low) * 1e-6 for k in keys)), digits
        )
        legend = tuple(
            LegendEntry(f"{written(float(k), digits)} {self.unit}".strip(), self._style(_blend(ramp, i / 4)), 0, None)
            for i, k in enumerate(keys)
        )
        told = f"cells in {_STEPS} shades between {legend[0].label} and {legend[-1].label}"
        return _Look(made, (legend[0].style,), palette, texts, legend, told)

    def _style(self, colour: str) -> Style:
        return Style(stroke=None, fill=colour, width_px=0.0, fill_opacity=self.fill_opacity)

    def _middle(self) -> float | None:
        return 0.0 if self.ramp == "diverging" and self.middle is None else self.middle

    def _losses(
        self, grids: tuple[Grid, ...], numbers: list[np.ndarray], frames: list[np.ndarray], steps: list[float]
    ) -> tuple[str, ...]:
        """Tell what of the grids a reader does not see."""
        told = []
        gone, size = sum(int(np.isnan(v).sum()) for v in numbers), sum(v.size for v in numbers)
        if gone:
            every = f" of {len(grids)} frames" if len(grids) > 1 else ""
            told.append(
                f"{self.heading}: {_counted(gone)} of {_counted(size)} cells{every} have no data and are clear."
            )
        if max(steps) > 1:
            i = int(np.argmax(steps))
            high, wide = numbers[i].shape
            rows, columns = frames[i].shape
            told.append(
                f"{self.heading}: thinned from {_counted(wide)} by {_counted(high)} cells to {_counted(columns)} by "
                f"{_counted(rows)} of the map; a cell drawn is one of about {max(1.0, wide / columns):.1f} side by side."
            )
        if any(max(grid.bounds.north, -grid.bounds.south) > LIMIT_DEG for grid in grids):
            told.append(f"{self.heading}: cells beyond {LIMIT_DEG:.2f}° north or south lie off the map.")
        return tuple(told)


class _Look(NamedTuple):
    """How the numbers of all frames are coloured, and what the legend says of it."""

    made: Classes
    styles: tuple[Style, ...]
    palette: tuple[str, ...]
    texts: tuple[str, ...]
    legend: tuple[LegendEntry, ...]
    told: str


def _counted(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f") if number >= 10_000 else str(number)


def _iso(day: object) -> str | None:
    return None if day is None else str(day)[:10]


def _blend(ramp: Ramp, share: float) -> str:
    """Return the colour at a share of the way along a ramp, between its own colours.

    Examples
    --------
    >>> _blend(Ramp(("#000000", "#ffffff")), 0.5)
    '#808080'
    """
    at = share * (len(ramp.colours) - 1)
    low = min(int(at), len(ramp.colours) - 2) if len(ramp.colours) > 1 else 0
    pair = [ramp.colours[low], ramp.colours[min(low + 1, len(ramp.colours) - 1)]]
    first, second = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in pair)
    red, green, blue = np.rint(first + (second - first) * (at - low)).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _outline(box: Bounds) -> shapely.Geometry:
    """Return a box as an area, cut in two at the antimeridian."""
    if not box.crosses_antimeridian:
        return shapely.box(box.west, box.south, box.east, box.north)
    return shapely.MultiPolygon(
        [shapely.box(box.west, box.south, 180, box.north), shapely.box(-180, box.south, box.east, box.north)]
    )
