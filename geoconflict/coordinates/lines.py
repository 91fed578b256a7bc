"""What ``geoconflict coordinates`` does: a line in, a JSON object out."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from geoconflict.coordinates.parse import parse_coordinates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BATCH = 10_000


def coordinate_lines(lines: Iterable[str], *, country: object = None, reference: object = None) -> Iterator[str]:
    r"""Yield one JSON object for each line, in order, as the lines come.

    An object has ``lat``, ``lon``, ``uncertainty_m`` and ``notation`` (and ``note`` where
    something was decided), or ``error`` (and ``readings`` where there are any). Every line
    gets one, the empty one too.

    Parameters
    ----------
    lines : iterable of str
        With or without their line ends.
    country, reference : optional
        As for :func:`parse_coordinates`.

    Yields
    ------
    str
        Without a line end; ASCII only where the texts are.

    Examples
    --------
    >>> print(next(coordinate_lines(["54.6872, 25.2797\n"])))
    {"lat": 54.6872, "lon": 25.2797, "uncertainty_m": 6.4, "notation": "decimal"}
    """
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        found = parse_coordinates([line.rstrip("\r\n") for line in batch], country=country, reference=reference)
        for record in found.records():
            yield json.dumps(record, ensure_ascii=False)
