"""Meridians and parallels of the printed map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geoconflict.maps.print.ground import Ground
    from geoconflict.maps.scene import Style

_SOFT = "#5c574e"
_PT = 0.75


def graticule(axes: Axes, ground: Ground, style: Style | None, *, named: bool = True) -> None:
    """Draw meridians and parallels at round degrees, named at the left and lower edges.

    ``style`` is that of a layer of the map; without one the lines are as faint as a sheet wants them.
    """
    look: dict[str, Any] = {"color": "#7f8b90", "linewidth": 0.25, "alpha": 0.55}
    if style is not None:
        look = {
            "color": style.stroke,
            "linewidth": style.width_px * _PT * 0.5,
            "alpha": style.stroke_opacity,
        }
    share = np.linspace(0, 1, 61)
    edge_x = np.concatenate([share, share, np.zeros(61), np.ones(61), share])
    edge_y = np.concatenate([np.zeros(61), np.ones(61), share, share, np.full(61, 0.5)])
    lon, lat = ground.back.transform(
        ground.west + edge_x * (ground.east - ground.west), ground.south + edge_y * (ground.north - ground.south)
    )
    good = np.isfinite(lon) & np.isfinite(lat)
    if not good.any():
        return
    lon0 = float(ground.back.transform((ground.west + ground.east) / 2, (ground.south + ground.north) / 2)[0])
    run = lon[good] - 360 * np.round((lon[good] - lon0) / 360)
    west, east, south, north = run.min(), run.max(), lat[good].min(), lat[good].max()
    for horizontal, low, high in ((True, south, north), (False, west, east)):
        step = _round_step((high - low) / 5)
        for value in np.arange(math.ceil(low / step) * step, high, step):
            along = (
                np.linspace(west, east, 181) if horizontal else np.linspace(max(south, -89.9), min(north, 89.9), 181)
            )
            fixed = np.full(181, value)
            x, y = ground.forward.transform(*((along, fixed) if horizontal else (fixed, along)))
            axes.plot(x, y, zorder=15 if style is not None else 5, **look)
            if named:
                _name(axes, ground, (np.asarray(x), np.asarray(y)), float(value), horizontal=horizontal)


def _name(axes: Axes, ground: Ground, line: tuple[np.ndarray, np.ndarray], value: float, *, horizontal: bool) -> None:
    x, y = line
    across, edge = (x, ground.west) if horizontal else (y, ground.south)
    beside = y if horizontal else x
    low, high = (ground.south, ground.north) if horizontal else (ground.west, ground.east)
    cross = np.flatnonzero(np.diff(np.sign(across - edge)) != 0)
    for i in cross:
        at = beside[i] + (beside[i + 1] - beside[i]) * (edge - across[i]) / (across[i + 1] - across[i])
        if not low + 0.02 * (high - low) < at < high - 0.02 * (high - low):
            continue
        wrapped = value if horizontal else (value + 180) % 360 - 180
        letter = ("N" if wrapped > 0 else "S") if horizontal else ("E" if wrapped > 0 else "W")
        words = f"{abs(wrapped):g}°{letter if wrapped else ''}"
        axes.annotate(
            words,
            (edge, at) if horizontal else (at, edge),
            xytext=(-2, 0) if horizontal else (0, -2),
            textcoords="offset points",
            ha="right" if horizontal else "center",
            va="center" if horizontal else "top",
            rotation=90 if horizontal else 0,
            rotation_mode="default",
            fontsize=4.8,
            color=_SOFT,
            annotation_clip=False,
        )
        return


def _round_step(rough: float) -> float:
    steps = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 45)
    return min(steps, key=lambda step: abs(math.log(step / max(rough, 1e-6))))
