"""Names of places and countries: folding, gazetteers, country names, and the geocoder's cache."""

from __future__ import annotations

from geoconflict.names.countries import CountryName, resolve
from geoconflict.names.gazetteer import Gazetteer, read_gazetteer

__all__ = ["CountryName", "Gazetteer", "read_gazetteer", "resolve"]
