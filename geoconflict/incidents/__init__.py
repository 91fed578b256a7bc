"""Incidents: read a file of any source into one table, with a report of every repair and rejected row.

Examples
--------
>>> from geoconflict import incidents
>>> sorted(source.name for source in incidents.load_sources())[:2]
['acled', 'acled_old']
"""

from geoconflict.incidents.duplicates import suspect_duplicates
from geoconflict.incidents.options import PRECISION, PrecisionTable, ReadOptions
from geoconflict.incidents.reader import IncidentsWarning, ReadResult, read, read_incidents, scan_incidents
from geoconflict.incidents.report import ReadReport
from geoconflict.incidents.source import Source, Sources, load_sources, read_source
from geoconflict.io.open import Limits

__all__ = [
    "PRECISION",
    "IncidentsWarning",
    "Limits",
    "PrecisionTable",
    "ReadOptions",
    "ReadReport",
    "ReadResult",
    "Source",
    "Sources",
    "load_sources",
    "read",
    "read_incidents",
    "read_source",
    "scan_incidents",
    "suspect_duplicates",
]
