# The public names and where each is defined; geoconflict/__init__.py imports them from here on first use.
from . import (
    analysis as analysis,
    coordinates as coordinates,
    crs as crs,
    errors as errors,
    fortifications as fortifications,
    geodesy as geodesy,
    incidents as incidents,
    maps as maps,
    names as names,
    project as project,
    reference as reference,
    schema as schema,
    units as units,
    vocabulary as vocabulary,
)
from ._version import __version__ as __version__
from .analysis import (
    buffer as buffer,
    count as count,
    distance as distance,
    in_zones as in_zones,
    near as near,
    nearest as nearest,
)
from .api import (
    bands as bands,
    lay_out as lay_out,
    parse_coordinate as parse_coordinate,
    parse_coordinates as parse_coordinates,
    read_fortifications as read_fortifications,
)
from .coordinates import CountryContext as CountryContext
from .crs import Bounds as Bounds
from .errors import GeoconflictError as GeoconflictError
from .export.vector import (
    to_geojson as to_geojson,
    write as write,
)
from .fortifications import (
    Description as Description,
    LayoutOptions as LayoutOptions,
)
from .fortifications.claims import check_claims as check_claims
from .fortifications.prose import (
    parse_description as parse_description,
    read_facts as read_facts,
)
from .incidents import (
    ReadOptions as ReadOptions,
    ReadReport as ReadReport,
    read_incidents as read_incidents,
    scan_incidents as scan_incidents,
    suspect_duplicates as suspect_duplicates,
)
from .incidents.api import (
    update_acled as update_acled,
    update_ucdp as update_ucdp,
)
from .incidents.geocode import (
    GeocodeOptions as GeocodeOptions,
    geocode as geocode,
)
from .maps import layers as layers
from .maps.figure import figure as figure
from .maps.web.review import Review as Review
from .maps.webmap import (
    Map as Map,
    MapOptions as MapOptions,
)
from .names.countries import resolve as resolve
from .names.gazetteer import (
    Gazetteer as Gazetteer,
    read_gazetteer as read_gazetteer,
)
from .names.places import read_places as read_places
from .project import (
    build as build,
    read_project as read_project,
)
from .reference import (
    background as background,
    border as border,
    chain as chain,
    countries as countries,
    country as country,
    crossings as crossings,
    disputed_areas as disputed_areas,
    divisions as divisions,
    exclaves as exclaves,
    group as group,
    groups as groups,
    locate as locate,
    neighbours as neighbours,
    part_of_border as part_of_border,
    read_boundaries as read_boundaries,
    read_crossings as read_crossings,
    tripoint as tripoint,
)
from .schema import conform as conform
from .units import (
    Length as Length,
    parse_length as parse_length,
)
