"""Rasters on the printed map: each dot of the paper takes the cell that lies below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoconflict.maps.grids import LIMIT_DEG, NO_DATA, mercator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geoconflict.maps.print.ground import Ground
    from geoconflict.maps.scene import Description

_DOTS_AN_INCH = 300


def cells(axes: Axes, layer: Description, ground: Ground, z: float) -> None:
    """Draw the frames of a raster in the projection of the sheet, without smoothing."""
    if layer.frames is None:
        return
    window = axes.get_window_extent()
    wide, high = (max(1, round(side / axes.figure.dpi * _DOTS_AN_INCH)) for side in (window.width, window.height))
    x = ground.west + (np.arange(wide) + 0.5) / wide * (ground.east - ground.west)
    y = ground.north - (np.arange(high) + 0.5) / high * (ground.north - ground.south)
    lon, lat = ground.back.transform(*np.meshgrid(x, y))
    good = np.isfinite(lon) & np.isfinite(lat) & ground.on_the_globe(*np.meshgrid(x, y))
    north = mercator(np.where(good, lat, 0.0))
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in layer.frames.palette], dtype=np.uint8)
    for codes, box in zip(layer.frames.codes, layer.frames.boxes, strict=True):
        top, bottom = mercator(np.array([box.north, box.south]))
        row = np.floor((north - top) / (bottom - top) * codes.shape[0])
        column = np.floor((np.where(good, lon, 0.0) - box.west) % 360 / box.width_deg * codes.shape[1])
        on = good & (row >= 0) & (row < codes.shape[0]) & (column >= 0) & (column < codes.shape[1])
        on &= np.abs(np.where(good, lat, 0.0)) <= LIMIT_DEG
        code = np.full(on.shape, NO_DATA, dtype=np.uint8)
        code[on] = codes[row[on].astype(np.int64), column[on].astype(np.int64)]
        shown = code != NO_DATA
        image = np.zeros((*on.shape, 4), dtype=np.uint8)
        image[shown, :3] = colours[code[shown]]
        image[shown, 3] = round(255 * layer.frames.opacity)
        limits = axes.get_xlim(), axes.get_ylim()
        extent = (ground.west, ground.east, ground.south, ground.north)
        axes.imshow(image, extent=extent, aspect="auto", interpolation="nearest", zorder=z)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])
