"""Download from the ACLED API: token by password grant, paged reads, changes and deletions.

Documented at acleddata.com/api-documentation: ``POST /oauth/token`` returns a token for 24 hours;
``GET /api/acled/read`` returns pages of ``limit`` rows, and the first page with fewer rows is the
last; ``timestamp`` is the time of the last upload of a row; ``GET /api/deleted/read`` lists the ids
deleted since ``deleted_timestamp``. Besides a password, an account needs access to the API.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from geoconflict.errors import InputError, ServiceError
from geoconflict.incidents.api.client import RetryPolicy, Service
from geoconflict.incidents.api.store import Row, Store, Update, merge

ADDRESS = "https://acleddata.com"
EMAIL_VARIABLE, PASSWORD_VARIABLE = "ACLED_EMAIL", "ACLED_PASSWORD"
_RESERVED = frozenset({"page", "limit", "timestamp", "timestamp_where", "_format"})


def update_acled(
    folder: str | Path,
    where: Mapping[str, str],
    *,
    page_rows: int = 5000,
    progress: Callable[[int], None] | None = None,
    retry: RetryPolicy | None = None,
    address: str = ADDRESS,
) -> Update:
    """Download the ACLED events that match a query, or update an earlier download.

    The first run downloads all rows; later runs request the rows uploaded and deleted since the
    newest stored row, and apply both by id. An interrupted run is resumed. The environment
    variables ``ACLED_EMAIL`` and ``ACLED_PASSWORD`` are required.

    Parameters
    ----------
    folder : path
        Contains ``events.jsonl``; use one folder per query.
    where : mapping of str to str
        Filters of the API, such as ``{"country": "Ukraine", "year": "2024"}``.
    page_rows : int
        Rows per page.
    progress : callable, optional
        Called with the number of rows received so far.
    retry : RetryPolicy, optional
    address : str
        Address of the service.

    Returns
    -------
    Update

    Raises
    ------
    InputError
        If an environment variable is missing, or a filter is one that this function sets.
    ServiceError
        With the status: 401 for a wrong password, 403 for an account without access to the API.
    """
    taken = sorted(_RESERVED & {name.lower() for name in where})
    if taken:
        msg = f"the filters {taken} are set by this function; leave them out"
        raise InputError(msg)
    store = Store(folder, "acled", where)
    since = store.state.get("newest")
    with Service("ACLED", address, retry or RetryPolicy()) as service:
        session = _Session(service)
        changes = {"timestamp": str(since), "timestamp_where": ">="} if since is not None else {}
        store.begin({**changes, "page_rows": str(page_rows)})
        fresh = _pages(session, store, "events", "/api/acled/read", {**where, **changes}, page_rows, progress)
        withdrawn: list[Row] = []
        if since is not None:
            asked = {
                "deleted_timestamp": str(store.state.get("newest_deleted", since)),
                "deleted_timestamp_where": ">=",
            }
            withdrawn = _pages(session, store, "deleted", "/api/deleted/read", asked, page_rows, None)
    rows, update = merge(
        store.rows("event_id_cnty"),
        fresh,
        [str(row["event_id_cnty"]) for row in withdrawn],
        key="event_id_cnty",
        version="timestamp",
    )
    newest = _newest([*fresh, *rows.values()], "timestamp", since)
    newest_deleted = _newest(withdrawn, "deleted_timestamp", store.state.get("newest_deleted", newest))
    store.finish(rows, {"newest": newest, "newest_deleted": newest_deleted})
    return replace(update, path=store.path)


class _Session:
    """A service with a token, which is requested when needed and renewed once when it has expired."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._token: str | None = None

    def get(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        fresh = self._token is None
        if self._token is None:
            self._token = self._new_token()
        try:
            return self._read(path, params)
        except ServiceError as error:
            if error.status == 401 and not fresh:
                self._token = self._new_token()
                return self._read(path, params)
            if error.status in {401, 403}:
                msg = (
                    f"ACLED returned {error.status}: the account has no access to the API; "
                    "accept its terms and request access at acleddata.com, or download a file"
                )
                raise ServiceError(msg, status=error.status) from None
            raise

    def _read(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = self._service.json("GET", path, params=params, headers=headers, complete=_is_whole)
        stated = answer.get("status", 200)
        if str(stated) != "200" or answer.get("success") is False:
            msg = f"ACLED returned the status {stated!s:.20} inside its response"
            raise ServiceError(msg, status=int(stated) if str(stated).isdigit() else None)
        return answer

    def _new_token(self) -> str:
        missing = [name for name in (EMAIL_VARIABLE, PASSWORD_VARIABLE) if not os.environ.get(name)]
        if missing:
            msg = (
                f"set the environment variable{'s' * (len(missing) > 1)} {' and '.join(missing)} of the myACLED account"
            )
            raise InputError(msg)
        form = {
            "grant_type": "password",
            "client_id": "acled",
            "username": os.environ[EMAIL_VARIABLE],
            "password": os.environ[PASSWORD_VARIABLE],
        }
        try:
            answer = self._service.json("POST", "/oauth/token", data=form)
        except ServiceError as error:
            if error.status in {400, 401, 403}:
                msg = (
                    f"ACLED refused to issue a token ({error.status}): {EMAIL_VARIABLE} or {PASSWORD_VARIABLE} is wrong, "
                    "or the account is not active"
                )
                raise ServiceError(msg, status=error.status) from None
            raise
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            msg = "ACLED returned a response without a token"
            raise ServiceError(msg)
        return token


def _is_whole(answer: dict[str, Any]) -> bool:
    """Return whether a page has the number of rows that it states."""
    rows, count = answer.get("data"), answer.get("count")
    return isinstance(rows, list) and (count is None or str(count) == str(len(rows)))


def _pages(  # noqa: PLR0913, PLR0917 - private; each is needed
    session: _Session,
    store: Store,
    name: str,
    path: str,
    params: Mapping[str, str],
    page_rows: int,
    progress: Callable[[int], None] | None,
) -> list[Row]:
    rows: list[Row] = []
    seen: set[str] = set()
    number = 1
    while True:
        query = {**params, "limit": str(page_rows), "page": str(number)}

        def fetch(query: Mapping[str, str] = query) -> Row:
            return session.get(path, query)

        page = store.page(f"{name}-{number:06d}", fetch)["data"]
        for row in page:
            if not isinstance(row, dict) or not row.get("event_id_cnty"):
                msg = f"ACLED sent a row without event_id_cnty on page {number}"
                raise ServiceError(msg)
        ids = {str(row["event_id_cnty"]) for row in page}
        if page and ids <= seen:
            msg = f"page {number} from ACLED has only rows of earlier pages"
            raise ServiceError(msg)
        seen |= ids
        rows.extend(page)
        if progress is not None:
            progress(len(rows))
        if len(page) < page_rows:
            return rows
        number += 1


def _newest(rows: list[Row], field: str, before: Any) -> int | None:  # noqa: ANN401 - as stored
    stamps = [int(float(str(row[field]))) for row in rows if str(row.get(field) or "").replace(".", "", 1).isdigit()]
    stamps += [int(before)] if before is not None else []
    return max(stamps, default=None)
