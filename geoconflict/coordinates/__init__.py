"""Parse coordinates in any common notation; refuse a text that could mean two places.

How a text travels through the room:

1. :mod:`parse` takes one text, a column or lines. Plain decimal pairs in a column are parsed at once with NumPy.
2. :mod:`spelling` normalises the characters: degree signs, primes, minus signs, digits of other scripts.
3. :mod:`projected` removes the name of a datum from the text, and shifts the point later.
4. The whole text is tried as a format (:mod:`formats`), an address (:mod:`urls`), a code or metres (:mod:`codes`,
   :mod:`projected`), then as degrees (:mod:`degrees`). If none fits, :mod:`text` looks for one coordinate in a sentence.
5. A module returns a :class:`ParsedCoordinate`, or None if the text is not in its notation. It raises
   :class:`~geoconflict.errors.CoordinateError` with the candidates if the text is wrong or ambiguous.
6. :mod:`parse` compares the point with the country, and fills the arrays of :class:`Coordinates`.

The values that the modules share are in :mod:`values`.
"""

from geoconflict.coordinates.parse import Coordinates, Country, Reference, coordinate_lines, parse_column, parse_one
from geoconflict.coordinates.values import CountryContext, Notation, ParsedCoordinate

__all__ = [
    "Coordinates",
    "Country",
    "CountryContext",
    "Notation",
    "ParsedCoordinate",
    "Reference",
    "coordinate_lines",
    "parse_column",
    "parse_one",
]
