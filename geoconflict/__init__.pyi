# The public names and where each is defined; geoconflict/__init__.py imports them from here on first use.
from . import (
    analysis as analysis,
)
from . import (
    crs as crs,
)
from . import (
    errors as errors,
)
from . import (
    fortifications as fortifications,
)
from . import (
    geodesy as geodesy,
)
from . import (
    incidents as incidents,
)
from . import (
    maps as maps,
)
from . import (
    names as names,
)
from . import (
    project as project,
)
from . import (
    reference as reference,
)
from . import (
    schema as schema,
)
from . import (
    units as units,
)
from . import (
    vocabulary as vocabulary,
)
from ._version import __version__ as __version__
from .analysis import (
    buffer as buffer,
)
from .analysis import (
    count as count,
)
from .analysis import (
    distance as distance,
)
from .analysis import (
    inside as inside,
)
from .analysis import (
    within as within,
)
from .api import (
    bands as bands,
)
from .api import (
    parse_coordinates as parse_coordinates,
)
from .api import (
    read_fortifications as read_fortifications,
)
from .crs import Bounds as Bounds
from .errors import GeoconflictError as GeoconflictError
from .export.vector import (
    to_geojson as to_geojson,
)
from .export.vector import (
    write as write,
)
from .fortifications import (
    Description as Description,
)
from .fortifications import (
    LayoutOptions as LayoutOptions,
)
from .fortifications import (
    layout as layout,
)
from .fortifications.claims import check_claims as check_claims
from .fortifications.prose import (
    parse_description as parse_description,
)
from .fortifications.prose import (
    read_facts as read_facts,
)
from .incidents import (
    CountryContext as CountryContext,
)
from .incidents import (
    ReadOptions as ReadOptions,
)
from .incidents import (
    ReadReport as ReadReport,
)
from .incidents import (
    parse_coordinate as parse_coordinate,
)
from .incidents import (
    read_incidents as read_incidents,
)
from .incidents import (
    scan_incidents as scan_incidents,
)
from .incidents import (
    suspect_duplicates as suspect_duplicates,
)
from .incidents.api import (
    update_acled as update_acled,
)
from .incidents.api import (
    update_ucdp as update_ucdp,
)
from .incidents.geocode import (
    GeocodeOptions as GeocodeOptions,
)
from .incidents.geocode import (
    geocode as geocode,
)
from .maps import layers as layers
from .maps.figure import figure as figure
from .maps.web.review import Review as Review
from .maps.webmap import (
    Map as Map,
)
from .maps.webmap import (
    MapOptions as MapOptions,
)
from .names.countries import resolve as resolve
from .names.gazetteer import (
    Gazetteer as Gazetteer,
)
from .names.gazetteer import (
    read_gazetteer as read_gazetteer,
)
from .names.places import read_places as read_places
from .project import (
    build as build,
)
from .project import (
    read_project as read_project,
)
from .reference import (
    background as background,
)
from .reference import (
    border as border,
)
from .reference import (
    chain as chain,
)
from .reference import (
    countries as countries,
)
from .reference import (
    country as country,
)
from .reference import (
    crossings as crossings,
)
from .reference import (
    disputed_areas as disputed_areas,
)
from .reference import (
    divisions as divisions,
)
from .reference import (
    exclaves as exclaves,
)
from .reference import (
    group as group,
)
from .reference import (
    groups as groups,
)
from .reference import (
    locate as locate,
)
from .reference import (
    neighbours as neighbours,
)
from .reference import (
    part_of_border as part_of_border,
)
from .reference import (
    read_boundaries as read_boundaries,
)
from .reference import (
    read_crossings as read_crossings,
)
from .reference import (
    tripoint as tripoint,
)
from .schema import conform as conform
from .units import (
    Length as Length,
)
from .units import (
    parse_length as parse_length,
)
