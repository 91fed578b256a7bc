"""Download incidents from ACLED and UCDP, and keep what was downloaded up to date.

Nothing here runs unless it is called, and credentials are read from the environment at the
call. What comes is stored as JSON Lines in a folder, which ``read_incidents`` reads.
"""

from __future__ import annotations

from geoconflict.incidents.api.acled import update_acled
from geoconflict.incidents.api.client import Patience
from geoconflict.incidents.api.store import Update
from geoconflict.incidents.api.ucdp import update_ucdp

__all__ = ["Patience", "Update", "update_acled", "update_ucdp"]
