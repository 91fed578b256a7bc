"""The frames of a raster for the page: one byte a cell, and the colours of the codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict.maps.grids import mercator

if TYPE_CHECKING:
    from geoconflict.maps.scene import Description
    from geoconflict.maps.web.blob import Blob


def raster_frames(layer: Description, blob: Blob, *, lon0: float) -> None:
    """Put the frames of a layer into a blob.

    The head gets ``raster``: for each frame its size, its cells and its box in the world of
    Web Mercator (0 to 1, y downwards), and for each code its colour and what it says.
    """
    import numpy as np

    if layer.frames is None:
        return
    made = []
    for codes, box in zip(layer.frames.codes, layer.frames.boxes, strict=True):
        middle = box.west + box.width_deg / 2
        west = box.west - 360 * round((middle - lon0) / 360)
        top, bottom = mercator(np.array([box.north, box.south])).tolist()
        made.append(
            {
                "h": codes.shape[0],
                "w": codes.shape[1],
                "cells": blob.add(codes.ravel()),
                "box": [west / 360 + 0.5, top, (west + box.width_deg) / 360 + 0.5, bottom],
            }
        )
    blob.head["raster"] = {
        "frames": made,
        "palette": list(layer.frames.palette),
        "texts": list(layer.frames.texts),
        "opacity": layer.frames.opacity,
    }
