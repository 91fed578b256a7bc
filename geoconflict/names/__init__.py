"""Names of countries and places: country names and codes, gazetteers, and normalisation of spellings."""

from geoconflict.names.cache import CachedGazetteer
from geoconflict.names.countries import CountryName, resolve, resolve_all
from geoconflict.names.folding import core, ends, fold, phonetic_key
from geoconflict.names.gazetteer import Candidate, Gazetteer, PlaceSource, find_place, read_gazetteer
from geoconflict.names.places import read_places

__all__ = [
    "CachedGazetteer",
    "Candidate",
    "CountryName",
    "Gazetteer",
    "PlaceSource",
    "core",
    "ends",
    "find_place",
    "fold",
    "phonetic_key",
    "read_gazetteer",
    "read_places",
    "resolve",
    "resolve_all",
]
