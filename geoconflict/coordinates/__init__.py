"""Read coordinates in any common notation; refuse a text that could mean two places.

How a text travels through the room:

1. :mod:`parse` takes one text, a column or lines. A column's plain decimal pairs are read at once with NumPy.
2. :mod:`spelling` normalises the characters: degree signs, primes, minus signs, digits of other scripts.
3. :mod:`projected` takes the name of a datum out of the text, if there is one.
4. The readers try the whole text: :mod:`formats`, :mod:`urls`, :mod:`codes` and :mod:`projected`, then :mod:`degrees`.
   If none of them reads it, :mod:`text` looks for one coordinate inside a sentence.
5. A reader returns a :class:`ParsedCoordinate`, None if the text is not in its notation, or raises
   :class:`~geoconflict.errors.CoordinateError` with the candidates if it is wrong or ambiguous.
6. :mod:`parse` checks the point against the country and fills the arrays of :class:`Coordinates`.

The values that pass between the modules are in :mod:`values`.
"""

from geoconflict.coordinates.parse import Coordinates, coordinate_lines, parse_column, parse_coordinate
from geoconflict.coordinates.values import CountryContext, Notation, ParsedCoordinate

__all__ = [
    "Coordinates",
    "CountryContext",
    "Notation",
    "ParsedCoordinate",
    "coordinate_lines",
    "parse_column",
    "parse_coordinate",
]
