"""Reference data: countries, borders, disputed areas, crossings, groups of countries.

The data are files in the folder that :func:`boundaries_folder` returns; importing this package
reads none of them.
"""

from geoconflict.reference.archive import boundaries_folder
from geoconflict.reference.border_crossings import crossings, read_crossings
from geoconflict.reference.borders import border, neighbours
from geoconflict.reference.boundary_file import read_boundaries
from geoconflict.reference.country_areas import countries, country, locate
from geoconflict.reference.groupings import Group, group, groups
from geoconflict.reference.natural_earth import background, divisions
from geoconflict.reference.topology import chain, exclaves, part_of_border, tripoint
from geoconflict.reference.worldviews import disputed_areas

__all__ = [
    "Group",
    "background",
    "border",
    "boundaries_folder",
    "chain",
    "countries",
    "country",
    "crossings",
    "disputed_areas",
    "divisions",
    "exclaves",
    "group",
    "groups",
    "locate",
    "neighbours",
    "part_of_border",
    "read_boundaries",
    "read_crossings",
    "tripoint",
]
