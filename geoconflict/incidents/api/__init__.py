"""Download incidents from ACLED and UCDP, and update earlier downloads.

Rows are stored as JSON Lines in a folder, for ``read_incidents``. Credentials are read from the
environment when a function is called.
"""

from geoconflict.incidents.api.acled import update_acled
from geoconflict.incidents.api.client import RetryPolicy
from geoconflict.incidents.api.store import Update
from geoconflict.incidents.api.ucdp import update_ucdp

__all__ = ["RetryPolicy", "Update", "update_acled", "update_ucdp"]
